"""Question 1: how many hours to fund, and where the next hour stops paying."""

from collections.abc import Sequence
from itertools import cycle
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import choices, levels, surface
from sim.experiment.results import Results
from sim.report.answers import advice, fitted
from sim.report.figures.style import BLUE, GREEN, GREY, INK, LINE_COLOURS, ORANGE, RED, End, drawn, name_lines, note, thousands
from sim.report.questions.base import Question
from sim.report.text.cells import Table, with_interval
from sim.report.text.translation import decimal, later, say, shortest
from sim.report.text.words import confidence, is_trial, money, number, percent, point_name

MOST_TICKS = 12
LEAST_APART = 0.06  # of the height, between labels
TITLE_WIDTH, MOST_PANELS = 70, 4
CASE_WIDTH = 16  # letters of a case's name in a line


def levels_shown(results: Results) -> pd.DataFrame:
    """Return question 1's table in readable form."""
    table = levels.table(results)
    return pd.DataFrame(
        {
            say("level"): [point_name(results, one) for one in table["point"]],
            say("cost"): [money(one) for one in table["cost"]],
            say("net deals, expected"): [with_interval(row, "net_deals", number) for _, row in table.iterrows()],
            say("net deals, realised"): [number(one) for one in table["net_deals_realised"]],
            say("net margin, deals"): [money(one) for one in table["net_margin_deals"]],
            say("net margin, renewals"): [money(one) for one in table["net_margin_renewals"]],
            say("net return, deals alone"): [money(one) for one in table["net_return_deals"]],
            say("net return"): [with_interval(row, "net_return", money) for _, row in table.iterrows()],
            say("worlds in which it pays"): [percent(one) for one in table["pays_share"]],
            say("sales begun on social"): [percent(one, 1) for one in table["begun_on_social_share"]],
            say("return of added hours"): [
                with_interval(row, "step", lambda one: number(one, 2)) for _, row in table.iterrows()
            ],
        }
    )


def tables(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Build the tables of question 1."""
    return [Table("", "", levels.table(results).drop(columns="point"), levels_shown(results))]


def draw(results: Results, point: int) -> Figure:  # noqa: ARG001  # as all are called
    """Draw net return against hours with its band, and below the return of hours added at each step; one line per case."""
    if surface.is_design(results):
        return _surface(results)
    table = levels.table(results)
    hours = table["hours_per_week"]
    cases = table["case"].unique()
    is_lines = bool(np.isfinite(hours).all()) and not table.duplicated(["case", "hours_per_week"]).any()
    is_lines &= len(table) > len(cases) or len(cases) == 1
    has_hours = bool(np.isfinite(hours).all()) and (is_lines or hours.is_unique)

    def compose(figure: Figure) -> None:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        at = hours.to_numpy() if has_hours else np.arange(len(table))
        placed = table.assign(at=at)
        is_cases = len(cases) > 1 and is_lines
        lines = _cases if is_cases else _returns
        lines(above, placed)
        _titles(above, placed, results, is_cases=is_cases)
        _steps(below, placed)
        if has_hours:
            below.set_xlabel(say("hours per week"))
            if placed["at"].nunique() <= MOST_TICKS:
                ticks = sorted(placed["at"].unique())
                below.set_xticks(ticks, [shortest(one) for one in ticks])
        else:
            below.set_xticks(at, [point_name(results, one) for one in table["point"]], rotation=30, ha="right")

    return drawn(compose, height=6.5, plots=5.0)


def _cases(axes: Axes, table: pd.DataFrame) -> None:
    """Draw several cases against their hours: each has its colour, deals alone are dashed."""
    ends = []
    for (case, rows), colour in zip(table.groupby("case", sort=False), cycle(LINE_COLOURS)):
        axes.fill_between(rows["at"], rows["net_return_low"], rows["net_return_high"], color=colour, alpha=0.2, lw=0)
        axes.plot(rows["at"], rows["net_return"], color=colour, marker="o", ms=4)
        axes.plot(rows["at"], rows["net_return_deals"], color=colour, lw=1.2, ls=(0, (4, 2)))
        ends.append(End(fill(str(case), CASE_WIDTH), colour, float(rows["at"].iloc[-1]), float(rows["net_return"].iloc[-1])))
    low, high = axes.get_ylim()
    name_lines(axes, ends, LEAST_APART * (high - low), fontsize=9)


def _returns(axes: Axes, table: pd.DataFrame) -> None:
    """Draw one case: deals and renewals, and deals alone."""
    for _, rows in table.groupby("case", sort=False):
        axes.fill_between(rows["at"], rows["net_return_low"], rows["net_return_high"], color=BLUE, alpha=0.2, lw=0)
        axes.plot(rows["at"], rows["net_return"], color=BLUE, marker="o")
        if len(rows) == 1:  # a band has no width
            axes.vlines(rows["at"], rows["net_return_low"], rows["net_return_high"], color=BLUE, lw=1.5)
        axes.fill_between(
            rows["at"], rows["net_return_deals_low"], rows["net_return_deals_high"], color=ORANGE, alpha=0.25, lw=0
        )
        axes.plot(rows["at"], rows["net_return_deals"], color=ORANGE, marker="s", ms=4)
    last = table.iloc[-1]
    low, high = axes.get_ylim()
    ends = [
        End(say("deals and\nrenewals"), BLUE, last["at"], last["net_return"]),
        End(say("deals alone"), ORANGE, last["at"], last["net_return_deals"], ink="#8A6000"),
    ]
    name_lines(axes, ends, 2 * LEAST_APART * (high - low))


def _titles(axes: Axes, table: pd.DataFrame, results: Results, *, is_cases: bool) -> None:
    given = choices.advice(results)
    axes.axhline(0, color=INK, lw=0.8)
    axes.margins(x=0.16)
    for one in given:
        if len(given) == 1 or (one.is_choice and one.is_sure):
            best = table[table["point"] == one.row["point"]].iloc[0]
            axes.plot(best["at"], best["net_return"], marker="o", ms=13, mfc="none", mec=INK)
    thousands(axes)
    axes.set_ylabel(say("net return, {currency}", currency=results.currency))
    axes.set_title(fill(_title_of(results, given), TITLE_WIDTH))
    said = say("after cost and run-off; band: {confidence} interval of the mean; circle: advised", confidence=confidence())
    if is_cases:
        said += say("; dashed: deals alone")
    note(axes, said)


def _title_of(results: Results, given: Sequence[choices.Advice]) -> str:
    """Say what is advised; where that depends on what cannot be chosen, that it does."""
    title = _advice_in_title(results, given)
    return say("A trial: {title}", title=title) if is_trial(results) else title


def _advice_in_title(results: Results, given: Sequence[choices.Advice]) -> str:
    weeks = decimal(results.manifest["points"][0]["scenario"]["time"]["horizon_weeks"])
    if len(given) == 1:
        (one,) = given
        title = _title(one.row, is_highest=one.choice.advised == one.choice.highest, is_one=not one.is_choice)
        return say(title, level=point_name(results, int(one.row["point"])), weeks=weeks)
    if not any(one.is_choice for one in given):
        return say("Net return over {weeks} weeks, by what is not yours to choose", weeks=weeks)
    if len({advice.advised(results, one) for one in given}) == 1:
        return say("Advised whatever cannot be chosen: {advice}", advice=advice.advised(results, given[0]))
    return say("What to fund depends on what you cannot choose")


def _surface(results: Results) -> Figure:
    """Draw net return against each parameter of a design: its points, and the fitted surface."""
    found = surface.fit(results)

    def compose(figure: Figure) -> None:
        if found is None:
            axes = figure.subplots()
            axes.set_axis_off()
            axes.set_title(fill(" ".join(fitted.sentences(results)), TITLE_WIDTH), fontsize=11)
            return
        order = [found.paths.index(path) for path in surface.effects(found)["parameter"][:MOST_PANELS]]
        panels = np.atleast_1d(figure.subplots(len(order), 1))
        for axes, place in zip(panels, order, strict=True):
            _along(axes, found, place, results.currency)
        title = say("Net return over a design: its points, and the surface fitted to them")
        panels[0].set_title(fill(say("A trial: {title}", title=title) if is_trial(results) else title, TITLE_WIDTH))
        said = say(
            "line: the others in the middle of their ranges; band: its {confidence} interval; a point is predicted from the"
            " others to within {error}",
            confidence=confidence(), error=money(found.error, results.currency),
        )  # fmt: skip
        note(panels[-1], said)

    height = 3.0 if found is None else 1.2 + 2.6 * min(MOST_PANELS, len(found.paths))
    return drawn(compose, height=height, plots=height)


def _along(axes: Axes, found: surface.Surface, place: int, currency: str) -> None:
    """Draw the points and the surface against one parameter."""
    at = found.low[place] + (found.scaled[:, place] + 1.0) / 2.0 * (found.high[place] - found.low[place])
    axes.plot(at, found.worlds.mean(axis=1), "o", color=ORANGE, ms=4)
    steps = np.linspace(-1.0, 1.0, 31)
    line = [found.at(np.where(np.arange(len(found.paths)) == place, one, 0.0)) for one in steps]
    along = [found.unscaled(place, one) for one in steps]
    axes.plot(along, [one.value for one in line], color=BLUE)
    axes.fill_between(along, [one.low for one in line], [one.high for one in line], color=BLUE, alpha=0.2, lw=0)
    axes.axhline(0, color=INK, lw=0.8)
    axes.set_xlabel(found.paths[place])
    axes.set_ylabel(say("net return, {currency}", currency=currency))
    thousands(axes)


def _title(row: "pd.Series[Any]", *, is_highest: bool, is_one: bool) -> str:
    if row["net_return_high"] < 0:
        return later("{level} loses over {weeks} weeks") if is_one else later("{level} loses least over {weeks} weeks")
    if not row["net_return_low"] > 0:
        return later("{level} is not shown to pay over {weeks} weeks")
    if is_one:
        return later("{level} pays over {weeks} weeks")
    if is_highest:
        return later("{level} returns most over {weeks} weeks")
    return later("{level} returns as much as can be told from chance over {weeks} weeks")


def _steps(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the return of added hours; bars of cases at the same hours stand side by side, edged in their colours."""
    cases = table["case"].unique()
    is_shared = bool(table["at"].duplicated().any())
    gaps = np.diff(np.unique(table["at"]))
    whole = 0.6 * float(gaps.min()) if gaps.size else 0.6
    width = whole / len(cases) if is_shared else whole
    for place, (case, colour) in enumerate(zip(cases, cycle(LINE_COLOURS))):
        rows = table[(table["case"] == case) & np.isfinite(table["step"])]
        step, low, high = (rows[name].to_numpy(dtype=float) for name in ("step", "step_low", "step_high"))
        at = rows["at"].to_numpy(dtype=float) + (whole * ((place + 0.5) / len(cases) - 0.5) if is_shared else 0.0)
        colours = np.where(low > 0, GREEN, np.where(high < 0, RED, GREY))
        axes.bar(at, step, width=width, color=colours, edgecolor=colour if is_shared else "none", lw=1.6)
        known = np.isfinite(low)
        axes.errorbar(at[known], step[known], yerr=[step[known] - low[known], high[known] - step[known]],
                      fmt="none", ecolor=INK, elinewidth=1, capsize=3)  # fmt: skip
    axes.axhline(0, color=INK, lw=0.8)
    axes.set_ylabel(say("added return for each\nunit of added cost"))
    axes.set_title(say("What the hours added at each step return: green pays, red does not, grey cannot be told"), fontsize=10)


QUESTION = Question(
    number=1,
    name="hours",
    asked=later("How many hours should we fund, and where does the next hour stop paying?"),
    reading=later(
        "Each row is a level of hours against the same worlds with zero hours. Net return is the margin that"
        " those hours brought (deals after run-off, and renewals) less what they cost. Headlines use the"
        " expected-value estimator, which weighs every purchase by its chances; the realised count is shown"
        " beside it. Both have the same mean over many worlds; in few they differ by the luck of what is won."
        " The last column is what the hours added at that level return for each unit of their cost,"
        " beyond that cost: below zero, they do not pay."
    ),
    tables=tables,
    draw=draw,
    headline=advice.headline,
)
