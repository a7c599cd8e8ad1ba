"""The report: one self-contained HTML page that opens offline; the answer first, then the twelve questions in order."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sim.analysis import ignorance
from sim.analysis import stages as kept_stages
from sim.experiment.results import Results
from sim.report.answers import one_page
from sim.report.answers.base import Part as AnswerPart
from sim.report.figures import ensemble, stages
from sim.report.html import assumptions
from sim.report.html.markup import Picture, csv_within, picture, write_page
from sim.report.html.parts import html_table
from sim.report.questions import QUESTIONS, Question, answerable, headline
from sim.report.text.cells import Table, frame_of
from sim.report.text.translation import day, later, say
from sim.report.text.words import confidence, money, point_name

NOT_MODELLED = (
    later("Paid promotion other than sponsored posts: no clicks and no search ads are bought."),
    later("Rivals' reactions: they do not answer what the team does."),
    later("Hours of other departments, such as sales answering on social media, beyond the reviewers' own."),
    later("What the same hours would earn elsewhere, beyond the worth of an hour that is set above."),
)


@dataclass(frozen=True)
class Shown:
    """A table in the report, and the same as CSV."""

    caption: str
    table: str
    csv: str
    file: str


@dataclass(frozen=True)
class Part:
    """A question in the report, with its answer as far as the results hold one."""

    number: int
    question: str
    reading: str
    command: str
    notes: tuple[str, ...] = ()
    picture: Picture | None = None
    tables: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Source:
    """Results, the point that is reported where not all are shown, and the questions that they answer."""

    results: Results
    point: int
    questions: tuple[Question, ...]


def write(results: Sequence[Results], path: Path) -> None:
    """Write the report of results, in the current language.

    The answer is that of the first of them; a question that they cannot answer is answered by the first that can.
    """
    main, *others = results
    said = headline(main)
    sources = [Source(main, said.point, answerable(main))]
    sources += [Source(one, headline(one).point, answerable(one)) for one in others]
    document = main.manifest["points"][said.point]
    rows = assumptions.rows(main, said.point)
    advice, *others_parts = one_page.parts(main, said)
    decision = ignorance.stored(main)
    staged, weeks = kept_stages.stored(main), document["scenario"]["time"]["horizon_weeks"]
    first, last = (day(dt.date.fromisoformat(document[end])) for end in ("first_day", "last_day"))
    write_page(
        "report.html",
        path,
        name=main.manifest["name"],
        answer=advice.sentences,
        is_stop=one_page.is_stop(main, said),
        answer_tables=_shown(advice)[2],
        deciding=None if decision is None else picture(partial(ensemble.draw, decision, main.currency)),
        stages=None if staged is None else picture(partial(stages.draw, staged.plan, weeks)),
        first_page=[_shown(part) for part in others_parts],
        level=point_name(main, said.point),
        parts=[_part(sources, question) for question in QUESTIONS.values()],
        counted=assumptions.counted(rows),
        telling=html_table(assumptions.most_telling(rows, main.currency), say("What was assumed for you, and matters most")),
        by_tag={said: html_table(table, said) for said, table in assumptions.by_tag(rows, main.currency).items()},
        not_modelled=[say(one) for one in NOT_MODELLED],
        worlds=main.manifest["replications"],
        sources=[_how(one) for one in results],
        first=first,
        last=last,
        twin=document["twin"],
        alternative=money(document["scenario"]["presence"]["alternative_use_per_hour"]),
        currency=main.currency,
        confidence=confidence(),
    )


def _shown(part: AnswerPart) -> tuple[str, list[str], list[str]]:
    """Give a part of the first page to a template: heading, sentences, and tables as HTML."""
    return part.heading, list(part.sentences), [html_table(frame_of(table.rows), part.heading) for table in part.tables]


def _how(results: Results) -> dict[str, Any]:
    """Describe how results were computed, for a template."""
    manifest, versions = results.manifest, results.timing.get("versions", {})
    return {
        "name": manifest["name"],
        "folder": str(results.folder),
        "version": manifest["package_version"],
        "seed": manifest["seed"],
        "replications": manifest["replications"],
        "points": len(manifest["points"]),
        "versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }


def _part(sources: Sequence[Source], question: Question) -> Part:
    said = (question.number, say(question.asked), say(question.reading), question.command)
    source = next((one for one in sources if question in one.questions), None)
    if source is None:
        return Part(*said, notes=(say(question.besides),) if question.besides else ())
    drawn = picture(partial(question.draw, source.results, source.point))
    tables = tuple(_table(one, question, said[1]) for one in question.tables(source.results, source.point))
    return Part(*said, _notes(source, question, is_main=source is sources[0]), drawn, tables)


def _table(table: Table, question: Question, asked: str) -> Shown:
    return Shown(
        table.caption, html_table(table.shown, table.caption or asked), csv_within(table.frame), question.csv_name(table)
    )


def _notes(source: Source, question: Question, *, is_main: bool) -> tuple[str, ...]:
    """Return notes on what a part covers, where it does not cover everything."""
    notes = []
    if question.is_of_one_level:
        notes.append(say("At {level}.", level=point_name(source.results, source.point)))
    notes += question.notes(source.results, source.point)
    if not is_main:
        notes.append(say("From the results “{name}”.", name=source.results.manifest["name"]))
    return tuple(notes)
