"""The report: one self-contained HTML page that opens offline, and the figures and tables as files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.plan import Plan
from sim.experiment.results import Results
from sim.experiment.tracing import traced
from sim.report import shown, trace
from sim.report.cells import Table
from sim.report.figures import deal, draw, figure_name, questions
from sim.report.figures.style import save
from sim.report.markup import csv_within, html_table, picture, safe_csv, write_page
from sim.report.words import CONFIDENCE_TEXT, answer, money
from sim.scenario import Loaded, Scenario
from sim.scenario.describe import Row, describe
from sim.scenario.merging import Origin
from sim.scenario.screening import assumed

READING = {
    1: (
        "How many hours should we fund, and where does the next hour stop paying?",
        "Each row is a level of hours against the same worlds with zero hours. Net return is the margin that those hours"
        " brought (deals after run-off, and renewals) less what they cost. Headlines use the expected-value estimator, which"
        " weighs every purchase by its chances; the realised count stands beside it. The last column is what the hours added"
        " at that level return for each unit of their cost, beyond that cost: below zero, they do not pay.",
    ),
    2: (
        "Which deals were really caused?",
        "Every simulated deal is known in both worlds. These are deals of the simulation, not rows of your CRM. The net is"
        " the result; how many deals flip in each direction depends on how the two worlds are coupled.",
    ),
    3: (
        "What will our CRM say instead?",
        "Each way of giving credit is held against the truth: seen (credited and caused), credited but not caused, caused but"
        " not credited, rightly ignored. Visibility is credited over true revenue; it is undefined where the true sum cannot"
        " be told from zero. Near 1 does not mean that records are right: what they credit without cause may weigh as much as"
        " what they miss.",
    ),
    4: (
        "When do we see money, and what do we show until then?",
        "What all quarters so far have brought, less what their hours cost: margin on deals by when they close, and on renewals"
        " by when they are due. Of a purchase that the hours turned, money comes months after the touch that turned it. The"
        " mean is the plan's; one company lives one world, and so the chance of having broken even counts single worlds."
        " Until then there is the dashboard: what it shows comes sooner, but much of what it shows would have come anyway.",
    ),
    5: (
        "Could we tell it from luck?",
        "What a team could test with what it has: leads or deals of the last year against those of the year before it began;"
        " their growth against that of 19 companies alike at zero hours; every second account kept from social media. Each"
        " says yes if what it sees would come in one case of twenty by chance. Attribution tests nothing: it says yes if"
        " the margin it credits so far is above the cost. Before-and-after needs a year before (hours_policy.starts_week, as"
        " in the study evidence.yaml), peers need twenty worlds.",
    ),
    6: (
        "At these hours, what split?",
        "A search tried many splits on few worlds; the best of them and the split as it is then met on worlds that the search"
        " never saw, so that none is here for its luck. The chance of being best is among those shown, given these worlds. A"
        " move of one hour is grey where it cannot be told from zero. Activities are links of a chain: hours for one are worth"
        " little where another holds everything up.",
    ),
    7: (
        "Pass content on as it is, or rework it?",
        "A piece passed on as it is takes minutes and moves little; one made from scratch takes hours, may need approval and"
        " moves more. Net return weighs all of it. Mixes are compared at the same hours, world by world; where one stands"
        " out, its level is marked. Engagements are those of people at target accounts.",
    ),
    8: (
        "What are the indirect effects worth?",
        "The same difference between the worlds, in business words. Money stands on two rows only, deals and renewals, so"
        " that nothing is counted twice; presence and dialogue work through them.",
    ),
    9: (
        "How many hours should go to measuring, so that we are not cut wrongly?",
        "Management gives more hours while the return that records show pays for them, and fewer while it does not. What"
        " records miss is one reason to be cut, the measurement trap; that money comes months after the hours, and that a"
        " quarter holds few deals, is another: impatience. The contrasts tell them apart, world by world.",
    ),
    10: (
        "Does it keep our customers?",
        "Contracts renewed with these hours and without, at the same customers on the same draws. Customers who are answered"
        " in time trust more and stay; a complaint left unanswered in public costs more than one that was never made in"
        " public. Of those who are answered, half are within the median time, nine in ten within the 90th percentile."
        " What contracts left at the end may still bring stands apart: it is in no net return.",
    ),
    11: (
        "Where do the hours go, and what holds us up?",
        "Every minute of a session is booked on one activity, on changing between them, on waiting for work, or on learning"
        " the trade; together they are the hours given. Drafts wait where a stage holds many for long. A limit binds where"
        " lifting it alone, with everything else as it is, would gain most; gains do not add up, as behind one limit stands"
        " the next. Run with --lift all to see them.",
    ),
    12: (
        "Which of our guesses change the answer?",
        "Each input at the low and the high end of what it may be, all others as they are, on the same worlds: how net return"
        " at the advised level changes, and which level would be advised then. An input that moves money without changing the"
        " level need not be known better for this decision.",
    ),
}

MOST_ASSUMED = 12
NOT_MODELLED = "paid promotion; employees' own profiles; rivals' reactions; hours of other departments"


@dataclass(frozen=True)
class Shown:
    """A table in the report, and the same as CSV."""

    caption: str
    table: str
    csv: str
    file: str


@dataclass(frozen=True)
class Part:
    """A question in the report."""

    number: int
    question: str
    reading: str
    figure: str
    tables: tuple[Shown, ...]


def write_figures(results: Results, folder: Path, questions: tuple[int, ...], form: str) -> list[Path]:
    """The figures of some questions, and their tables as CSV, in a folder that is made if need be."""
    point = answer(results).point
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for question in questions:
        path = folder / f"{figure_name(question)}.{form}"
        save(draw(results, question, point), path)
        written.append(path)
        for table in shown.TABLES[question](results, point):
            written.append(folder / _csv_name(question, table))
            safe_csv(table.frame, written[-1])
    return written


def write_trace(results: Results, folder: Path, account: int, form: str) -> list[Path]:
    """The way of an account at the advised level, in the first world and its twin, which are simulated anew: figure and CSV.

    Raises
    ------
    ResultsError
        If the market has no such account.
    """
    plan = Plan.from_results(results)
    point = plan.points[answer(results).point]
    followed = traced(point, plan.seed, account)
    folder.mkdir(parents=True, exist_ok=True)
    figure, table = (folder / f"trace_{account}.{ending}" for ending in (form, "csv"))
    save(deal.draw(followed, point.scenario), figure)
    safe_csv(trace.frame(followed, point.scenario), table)
    return [figure, table]


def _csv_name(question: int, table: Table) -> str:
    return f"{figure_name(question)}{'_' if table.name else ''}{table.name}.csv"


def report(results: Results, path: Path) -> None:
    """Write the report."""
    said = answer(results)
    parts = [_part(results, question, said.point) for question in questions(results)]
    rows = _described(results, said.point)
    write_page(
        "report.html",
        path,
        name=results.manifest["name"],
        answer=said,
        level=results.labels[said.point],
        parts=parts,
        assumed=html_table(_assumed(rows)),
        assumptions=html_table(_assumptions(rows)),
        not_modelled=NOT_MODELLED,
        manifest=results.manifest,
        twin=results.manifest["points"][said.point]["twin"],
        alternative=results.manifest["points"][said.point]["scenario"]["presence"]["alternative_use_per_hour"],
        confidence=CONFIDENCE_TEXT,
    )


def _part(results: Results, question: int, point: int) -> Part:
    tables = tuple(
        Shown(
            table.caption,
            html_table(table.shown),
            csv_within(table.frame),
            _csv_name(question, table),
        )
        for table in shown.TABLES[question](results, point)
    )
    return Part(question, *READING[question], picture(draw(results, question, point)), tables)


def _leaves(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(data, dict) and data:
        for name, part in data.items():
            yield from _leaves(part, (*path, name))
    else:
        yield path, data


def _described(results: Results, point: int) -> list[Row]:
    """Every value behind the level shown, with where it comes from; what differs from the defaults is the reader's own."""
    document = results.manifest["points"][point]["scenario"]
    scenario = Scenario.model_validate(document, strict=False)
    usual = dict(_leaves(Scenario(name=scenario.name).document()))
    origins: dict[tuple[str | int, ...], Origin] = {
        path: Origin("the scenario") for path, value in _leaves(document) if usual.get(path) != value
    }
    return describe(Loaded(scenario, origins, {}))


def _assumed(rows: Sequence[Row]) -> pd.DataFrame:
    """What was assumed for the reader, what matters most first."""
    found = [(row, effect) for row, effect in assumed(rows) if effect][:MOST_ASSUMED]
    return pd.DataFrame(
        {
            "assumed for you": [f"{row.path}: {row.description}" for row, _ in found],
            "value": [f"{row.value:,g} {row.unit}".strip() for row, _ in found],
            "may be": [f"{row.low:,g} to {row.high:,g}" for row, _ in found],
            "moves net return by": [money(effect) for _, effect in found],
            "source": [row.source or "none" for row, _ in found],
        }
    )


def _assumptions(rows: Sequence[Row]) -> pd.DataFrame:
    """All of them."""
    return pd.DataFrame(
        {
            "input": [row.path for row in rows],
            "value": [f"{row.value} {row.unit}".strip() for row in rows],
            "tag": [row.tag for row in rows],
            "source": [row.source for row in rows],
            "meaning": [row.description for row in rows],
        }
    )
