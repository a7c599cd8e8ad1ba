"""The messages to translate: `python -m sim.report.text.extract_messages` brings the catalogs up to date with what is said.

New messages are added without a translation, and those that are gone are left out. A test sees to it that none is missing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po, write_po

from sim.experiment.columns import TABLES
from sim.experiment.outcome_columns import outcomes
from sim.report.text.translation import ENGLISH, LANGUAGES
from sim.scenario import Scenario
from sim.scenario.fields import parameters
from sim.scenario.schema.base import LogNormal, Section
from sim.scenario.shipped import STUDIES, purpose_of, shipped

REPORT = Path(__file__).parent.parent
SIM = REPORT.parent
SPEAKING = (REPORT, *(SIM / name for name in ("page", "cli", "workflows", "calibrate", "intake", "scenario")))
BESIDE = (SIM / "memory.py",)
SPOKEN_BY = {"say": None, "later": None, "say_many": (1, 2), "remark": None, "remark_many": (1, 2)}
SOURCES = [("**.py", "python"), ("**.html", "jinja2")]
WIDTH = 120


def messages() -> Catalog:
    """Collect every message of reports, of the page and of remarks, in notes and errors, without translations."""
    found = Catalog(fuzzy=False)
    for file, line, message in _of_sources():
        found.add(message, locations=[(file, line)])
    for text in sorted({one for one in _of_schema(Scenario) if one}):
        found.add(text, locations=[("schema", 1)])
    for path in (*shipped().values(), *shipped(STUDIES).values()):
        found.add(purpose_of(path), locations=[("scenarios", 1)])
    for column in outcomes():
        found.add(column.title, locations=[("outcomes", 1)])
        found.add(column.meaning, locations=[("outcomes", 1)])
    for one in (column for table in TABLES.values() for column in table):  # for charts and data dictionaries
        for text in (one.meaning, one.unit):
            if text:
                found.add(text, locations=[("outcomes", 1)])
    return found


def _of_sources() -> Iterator[tuple[str, int, Any]]:
    for folder in SPEAKING:
        for file, line, message, _, _ in extract_from_dir(folder, SOURCES, keywords=SPOKEN_BY):
            yield f"{folder.name}/{file}", line, message
    for path in BESIDE:
        for line, message, _, _ in extract_from_file("python", path, keywords=SPOKEN_BY):
            yield path.name, line, message


def _of_schema(section: type[Section]) -> Iterator[str]:
    """Yield meanings and units of parameters, as `sim.scenario.describe` joins them."""
    for field in parameters(section).values():
        yield from (field.unit, field.description)
        if field.section is LogNormal:
            yield from (f"{field.description}: {one.description}" for one in parameters(LogNormal).values())
        elif field.section is not None:
            yield from _of_schema(field.section)
        elif field.entry is not None:
            yield from _of_schema(field.entry)


def path_of(language: str) -> Path:
    """Return the path of a language's catalog."""
    return REPORT / "locale" / f"{language}.po"


def read(language: str) -> Catalog:
    """Read the catalog of a language as it is; an empty one if there is none."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def bring_up_to_date(language: str) -> Catalog:
    """Return the catalog of a language with exactly the present messages, keeping their translations."""
    catalog, found = read(language), Catalog(locale=language, fuzzy=False)
    for message in messages():
        known = catalog.get(message.id) if message.id else None
        if message.id:
            found.add(message.id, known.string if known else None, locations=message.locations)
    return found


def write(catalog: Catalog, path: Path) -> None:
    """Write a catalog without what changes from day to day."""
    with path.open("wb") as file:
        write_po(file, catalog, width=WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)


if __name__ == "__main__":
    for name in LANGUAGES:
        if name != ENGLISH:
            write(bring_up_to_date(name), path_of(name))
