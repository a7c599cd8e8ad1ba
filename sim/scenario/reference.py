"""The reference of what a scenario may contain, made from the schema: `python -m sim.scenario.reference` writes it."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.scenario import evidence
from sim.scenario.fields import Parameter, number, parameters, within
from sim.scenario.presets import YEARS, channel_preset, presets
from sim.scenario.schema.base import ASSUMPTION, LogNormal, Section
from sim.scenario.schema.facts import Facts
from sim.scenario.schema.population import Population
from sim.scenario.schema.scenario import Scenario

REFERENCE = Path("docs/scenario-reference.md")
OPENING = """# What a scenario may say

A scenario is one YAML file. Only `name` must be given; everything else has a default. Sections and fields are written
as `section.field` here and in `--set section.field=value`, and as nested keys in a file. Any number may be given as
`{low: .., likely: .., high: ..}`. A named collection (marked *name*) holds the entries that are given and no others; an
entry with the name of a default starts from that default. `extends: other.yaml` inherits another file; `null` then
removes an inherited entry.

*Plausible* is the range of a kind; an entry with another default has it in proportion (shares by their odds). *Evidence* is a
record listed at the end with its grade, `assumption` (the plausible range says how far off it may be) or
`choice` (decided rather than measured).
"""
POPULATION = """# What a population may say

`sim survey FILE` asks executives of firms that differ as the file says; `sim survey` alone takes these defaults. All else about
a firm is as in the common scenario.
"""
FACTS = """# What facts may say

`sim ensemble SCENARIO --facts FILE` weighs sets of assumptions by how well their worlds agree; without a file, by these
published facts. `scenarios/facts/elasticity.yaml` adds what meta-analyses say of the effect itself.
"""
CHANNELS = """## Channels by year

With `channels_year` a channel of one of these names, in upper or lower case, starts from its numbers of that year. What is
given of it stands on top, and what is not listed here is the same in all years. Between two years `reach` and
`engagement_rate` change by the same factor per year, other numbers by the same amount; before the first year and after the
last they are constant.
"""
HEADER = "| field | default | unit | bounds | plausible | evidence | meaning |\n|---|---|---|---|---|---|---|"


def reference_markdown() -> str:
    """Return the reference as Markdown."""
    scenario = [*_section("scenario", "", Scenario), *_channels(), *_lognormal()]
    return "\n".join([OPENING, *scenario, *_population(), *_facts(), *_records()]) + "\n"


def _section(title: str, path: str, section: type[Section]) -> Iterator[str]:
    """Yield a section's table, the defaults of its named collections, and the sections within."""
    yield f"## {title}\n\n{(section.__doc__ or '').strip().replace(chr(10) + '    ', chr(10))}\n"
    yield from (HEADER, *(_table_row(field) for field in parameters(section).values()), "")
    for field in parameters(section).values():
        below = f"{path}{field.name}"
        if field.entry is not None:
            yield from _entries(below, field)
            yield from _section(f"{below}.*name*", f"{below}.*name*.", field.entry)
        elif field.section is not None and field.section is not LogNormal:
            yield from _section(below, f"{below}.", field.section)


def _table_row(field: Parameter) -> str:
    limits = "" if "max_length" in field.limits else within(field.limits).strip()
    plausible = "" if field.low is None or field.high is None else f"{number(field.low)} to {number(field.high)}"
    is_group = field.entry is not None or (field.section is not None and field.section is not LogNormal)
    said = "" if is_group and field.evidence == ASSUMPTION else field.evidence
    cells = [f"`{field.name}`", _default(field), field.unit, limits, plausible, said, field.description]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(field: Parameter) -> str:
    if field.required:
        return "must be given"
    if field.entry is not None:
        return ", ".join(field.default) or "none"
    if field.section is not None and field.section is not LogNormal:
        return "see below"
    return _value(field.default)


def _entries(path: str, field: Parameter) -> Iterator[str]:
    """Yield a table of the default entries of a named collection, without their inner sections."""
    if not field.default or field.entry is None:
        return
    columns = [p.name for p in parameters(field.entry).values() if p.entry is None and (p.section in (None, LogNormal))]
    yield f"Default entries of `{path}`:\n"
    yield f"| name | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}"
    for name, entry in field.default.items():
        yield f"| {name} | {' | '.join(_value(getattr(entry, column)) for column in columns)} |"
    yield ""


def _value(value: Any) -> str:
    if isinstance(value, LogNormal):
        return f"median {number(value.median)}, sigma {number(value.sigma)}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value) or "none"
    return "none" if value is None else str(value)


def _lognormal() -> Iterator[str]:
    yield f"## Lognormal quantities\n\n{inspect.getdoc(LogNormal)} Written as `30000` or `{{median: 30000, mean: 47000}}`.\n"
    yield "| field | bounds | meaning |\n|---|---|---|"
    for field in parameters(LogNormal).values():
        yield f"| `{field.name}` | {within(field.limits).strip()} | {field.description} |"
    yield ""


def _channels() -> Iterator[str]:
    """Yield the table of channels by year, each number with its evidence and the reason for it."""
    yield CHANNELS
    yield f"| channel | field | {' | '.join(map(str, YEARS))} | evidence and why |\n|---|---|{'---|' * len(YEARS)}---|"
    for preset in presets().values():
        name = f"{preset.name} (also {', '.join(preset.also)})" if preset.also else preset.name
        for field, known in preset.fields.items():
            given = [channel_preset(preset.name, year)[field] for year in YEARS]
            values = [value if isinstance(value, str) else number(value) for value in given]
            whys = [f"{f'{one.year}: ' if len(known) > 1 else ''}{one.evidence}: {one.why}" for one in known]
            yield f"| {name} | `{field}` | {' | '.join(values)} | {'; '.join(whys)} |"
            name = ""
    yield ""


def _population() -> Iterator[str]:
    yield POPULATION
    yield from _section("population", "", Population)


def _facts() -> Iterator[str]:
    yield FACTS
    yield from _section("facts", "", Facts)


def _records() -> Iterator[str]:
    yield "## Evidence\n"
    yield "| id | quantity | source | grade | note |\n|---|---|---|---|---|"
    for record in evidence.load().values():
        link = f"[{record.title}]({record.url})" if record.url else record.title
        year = f", {record.year}" if record.year is not None else ""
        cells = [record.id, record.quantity, f"{link}, {record.publisher}{year}", record.grade, record.note]
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    REFERENCE.write_text(reference_markdown(), encoding="utf-8")
