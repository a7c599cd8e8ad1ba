"""The report: one self-contained HTML page that opens offline, and the figures and tables as files."""

import base64
import html
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment

from sim.experiment.store import Results
from sim.report import tables
from sim.report.figures import FIGURES, draw, figure_name
from sim.report.figures.style import as_bytes, save
from sim.report.words import CONFIDENCE_TEXT, Answer, answer, money, number, percent
from sim.scenario import Loaded, Scenario
from sim.scenario.describe import describe
from sim.scenario.merging import Origin

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
        " be told from zero.",
    ),
    8: (
        "What are the indirect effects worth?",
        "The same difference between the worlds, in business words. Money stands on two rows only, deals and renewals, so"
        " that nothing is counted twice; presence and dialogue work through them.",
    ),
}

NOT_MODELLED = (
    "paid promotion; employees' own profiles; rivals' reactions; word of mouth and referrals; crises; competitors' and weak"
    " signals; followers who leave; posts passed on beyond the followers; hours of other departments (reviewing, material)"
)


@dataclass(frozen=True)
class Part:
    """A question in the report."""

    number: int
    question: str
    reading: str
    figure: str
    table: str
    csv: str
    file: str


def frames(results: Results, point: int) -> dict[int, pd.DataFrame]:
    """The table of each question."""
    return {
        1: tables.levels(results).drop(columns="point"),
        2: tables.deals(results, point),
        3: tables.table_of_four(results, point),
        8: tables.indirect(results, point),
    }


def write_figures(results: Results, folder: Path, questions: tuple[int, ...], form: str) -> list[Path]:
    """The figures of some questions, and their tables as CSV, in a folder that is made if need be."""
    point = answer(results).point
    folder.mkdir(parents=True, exist_ok=True)
    of_question = frames(results, point)
    written = []
    for question in questions:
        path = folder / f"{figure_name(question)}.{form}"
        save(draw(results, question, point), path)
        safe_csv(of_question[question], path.with_suffix(".csv"))
        written += [path, path.with_suffix(".csv")]
    return written


def safe_csv(frame: pd.DataFrame, path: Path | None = None) -> str:
    """A frame as CSV in which no text can be taken for a formula by a spreadsheet."""
    guarded = frame.map(
        lambda cell: f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
    )
    text = str(guarded.to_csv(index=False, lineterminator="\n"))
    if path is not None:
        path.write_text(text, encoding="utf-8")
    return text


def report(results: Results, path: Path) -> None:
    """Write the report."""
    said = answer(results)
    of_question = frames(results, said.point)
    shown = _shown(results, said)
    parts = [
        Part(
            question,
            READING[question][0],
            READING[question][1],
            _picture(results, question, said.point),
            shown[question],
            "data:text/csv;base64," + base64.b64encode(safe_csv(of_question[question]).encode()).decode(),
            f"{figure_name(question)}.csv",
        )
        for question in FIGURES
    ]
    template = Environment(autoescape=True).from_string(
        resources.files("sim.report").joinpath("templates/report.html").read_text(encoding="utf-8")
    )
    page = template.render(
        name=results.manifest["name"],
        answer=said,
        level=results.labels[said.point],
        parts=parts,
        hours=_html(_hours(results, said.point)),
        assumptions=_html(_assumptions(results, said.point)),
        not_modelled=NOT_MODELLED,
        manifest=results.manifest,
        twin=results.manifest["points"][said.point]["twin"],
        alternative=results.manifest["points"][said.point]["scenario"]["presence"]["alternative_use_per_hour"],
        confidence=CONFIDENCE_TEXT,
    )
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(page, encoding="utf-8")
    unfinished.replace(path)


def _picture(results: Results, question: int, point: int) -> str:
    svg = as_bytes(draw(results, question, point), "svg").decode()
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _html(frame: pd.DataFrame) -> str:
    """A frame of text as an HTML table, everything in it escaped."""
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in frame.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _shown(results: Results, said: Answer) -> dict[int, str]:
    return {
        1: _html(levels_shown(results)),
        2: _html(_deals_shown(results, said.point)),
        3: _html(four_shown(results, said.point)),
        8: _html(indirect_shown(results, said.point)),
    }


def levels_shown(results: Results) -> pd.DataFrame:
    """Question 1's table as people read it."""
    table = tables.levels(results)
    return pd.DataFrame(
        {
            "level": table["label"],
            "cost": [money(one) for one in table["cost"]],
            "net deals": [_with_interval(row, "net_deals", number) for _, row in table.iterrows()],
            "(realised)": [number(one) for one in table["net_deals_realised"]],
            "net margin, deals": [money(one) for one in table["net_margin_deals"]],
            "net margin, renewals": [money(one) for one in table["net_margin_renewals"]],
            "net return, deals alone": [money(one) for one in table["net_return_deals"]],
            "net return": [_with_interval(row, "net_return", money) for _, row in table.iterrows()],
            "worlds in which it pays": [percent(one) for one in table["pays_share"]],
            "sales begun on social": [percent(one, 1) for one in table["begun_on_social_share"]],
            "return of added hours": [_with_interval(row, "step", lambda one: number(one, 2)) for _, row in table.iterrows()],
        }
    )


def _with_interval(row: "pd.Series[Any]", name: str, said: Any) -> str:
    if pd.isna(row[name]):
        return "–"
    if pd.isna(row[f"{name}_low"]):
        return str(said(row[name]))
    return f"{said(row[name])} [{said(row[f'{name}_low'])}; {said(row[f'{name}_high'])}]"


MOST_DEALS_SHOWN = 25


def _deals_shown(results: Results, point: int) -> pd.DataFrame:
    """The deals of the first world that differ from its twin's; all are in the CSV."""
    frame = tables.deals(results, point)
    differing = frame[(frame["label"] != "unchanged") & (frame["replication"] == 0)].head(MOST_DEALS_SHOWN)
    return pd.DataFrame(
        {
            "account": differing["account"],
            "segment": differing["segment"],
            "value": [money(one) for one in differing["value"]],
            "close week": [number(one, 0) for one in differing["closed_week"]],
            "won": ["yes" if one else "no" for one in differing["won"]],
            "won at zero hours": ["yes" if one else "no" for one in differing["twin_won"]],
            "label": differing["net_label"].str.replace("_", " "),
            "first cause": differing["first_cause"].str.replace("_", " "),
            "recorded source": differing["recorded_source"].str.replace("_", " "),
            "true money": [money(one) for one in differing["true_money"]],
            "weeks gained": [number(one, 0) for one in differing["weeks_gained"]],
        }
    )


def four_shown(results: Results, point: int) -> pd.DataFrame:
    """Question 3's table as people read it."""
    table = tables.table_of_four(results, point)
    said = {"seen": "seen", "over_credited": "credited, not caused", "missed": "caused, not credited"}
    shown = pd.DataFrame({"credit by": table["model"]})
    for cell, name in said.items():
        shown[name] = [
            f"{number(deals, 2)} deals, {money(revenue)}"
            for deals, revenue in zip(table[f"{cell}_deals"], table[f"{cell}_revenue"], strict=True)
        ]
    shown["rightly ignored"] = [f"{number(one)} deals" for one in table["rightly_ignored_deals"]]
    shown["visibility ratio"] = [
        _with_interval(row, "visibility", lambda one: number(one, 2)) if pd.notna(row["visibility"]) else "undefined"
        for _, row in table.iterrows()
    ]
    return shown


def indirect_shown(results: Results, point: int) -> pd.DataFrame:
    """Question 8's table as people read it."""
    table = tables.indirect(results, point)

    def in_unit(value: float, unit: str) -> str:
        if pd.isna(value):
            return "–"
        return percent(value, 1) if unit == "share" else number(value)

    def difference(row: "pd.Series[Any]") -> str:
        unit = row["unit"]
        low, high = in_unit(row["difference_low"], unit), in_unit(row["difference_high"], unit)
        return f"{in_unit(row['difference'], unit)} [{low}; {high}]"

    return pd.DataFrame(
        {
            "effect": table["effect"],
            "with": [in_unit(row["with"], row["unit"]) for _, row in table.iterrows()],
            "without": [in_unit(row["without"], row["unit"]) for _, row in table.iterrows()],
            "difference": [difference(row) for _, row in table.iterrows()],
            "money": [money(one) if pd.notna(one) else "–" for one in table["money"]],
            "priced": table["priced"],
            "visible in records": table["visible_in_records"],
        }
    )


def _leaves(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(data, dict) and data:
        for name, part in data.items():
            yield from _leaves(part, (*path, name))
    else:
        yield path, data


def _hours(results: Results, point: int) -> pd.DataFrame:
    table = tables.hours(results, point)
    return pd.DataFrame(
        {
            "activity": table["activity"].str.replace("_", " "),
            "hours a week": [number(one, 2) for one in table["hours_per_week"]],
            "share": [percent(one) for one in table["share"]],
        }
    )


def _assumptions(results: Results, point: int) -> pd.DataFrame:
    """Every value behind the level shown, with where it comes from; what differs from the defaults is the reader's own."""
    document = results.manifest["points"][point]["scenario"]
    scenario = Scenario.model_validate(document, strict=False)
    usual = dict(_leaves(Scenario(name=scenario.name).document()))
    origins: dict[tuple[str | int, ...], Origin] = {
        path: Origin("the scenario") for path, value in _leaves(document) if usual.get(path) != value
    }
    rows = describe(Loaded(scenario, origins, {}))
    return pd.DataFrame(
        {
            "input": [row.path for row in rows],
            "value": [f"{row.value} {row.unit}".strip() for row in rows],
            "tag": [row.tag for row in rows],
            "source": [row.source for row in rows],
            "meaning": [row.description for row in rows],
        }
    )
