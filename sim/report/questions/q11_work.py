"""Question 11: where the hours go, and what holds the team up."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import limits, points, work
from sim.analysis.frames import ratio
from sim.experiment.limits import LIMITS
from sim.experiment.results import Results
from sim.model.team import IDLE, ONBOARDING, SWITCHING
from sim.report.answers import plan
from sim.report.figures import timeline
from sim.report.figures.canvas import canvas
from sim.report.figures.style import (
    BLUE,
    GREY,
    INK,
    KIND_COLOURS,
    KIND_NAMES,
    NOTE,
    ORANGE,
    PALE,
    drawn,
    gained,
    note,
    thousands,
    turned,
)
from sim.report.questions.base import Question
from sim.report.text import vocabulary
from sim.report.text.cells import Table, dash, frame_of, said_hours, with_interval
from sim.report.text.translation import decimal, later, say
from sim.report.text.words import confidence, in_words, money, name_on_hours, number, percent, point_name
from sim.scenario.schema import KINDS

STEPS = {
    "made": later("made"), "reviewed": later("seen by reviewers"), "approved": later("ready to publish"),
    "published": later("published"), "expired": later("dropped, too old"),
}  # fmt: skip
MEANING = later("what lifting it means")


def drafts_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return where drafts wait, in readable form."""
    return pd.DataFrame(
        {
            say("stage"): [in_words(one) for one in table["stage"]],
            say("entered per month"): [number(one) for one in table["entered_per_month"]],
            say("mean wait"): [dash(one, said_hours) for one in table["wait_hours"]],
            say("nine in ten within"): [dash(one, said_hours) for one in table["wait_hours_p90"]],
            say("drafts in it, on average"): [with_interval(row, "mean_number", number) for _, row in table.iterrows()],
            say("still in it at the end"): [number(one) for one in table["waiting_at_end"]],
        }
    )


def limits_shown(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """Return the gain from lifting each limit alone, in readable form."""
    rows = [row for _, row in table.iterrows()]
    return pd.DataFrame(
        {
            say("level"): [point_name(results, one) for one in table["point"]],
            say("limit lifted"): [in_words(one) for one in table["limit"]],
            say("net deals gained"): [with_interval(row, "net_deals_gain", lambda one: number(one, 2)) for row in rows],
            say("net return gained"): [with_interval(row, "net_return_gain", money) for row in rows],
            "": [say("binds") if row["binds"] else "" for row in rows],
            say(MEANING): [say(LIMITS[one].meaning) if one in LIMITS else "" for one in table["limit"]],
        }
    )


def tables(results: Results, point: int) -> list[Table]:
    """Build the tables of question 11."""
    hours, drafts, by_person = work.hours_by_task(results, point), work.drafts(results, point), work.plan(results, point)
    caption = " ".join([say("Hours of a mean week, closed weeks included."), *plan.differ(hours)])
    found = [
        Table("", caption, hours, frame_of(plan.rows_by_task(hours))),
        Table("plan", say("The same by person."), by_person, frame_of(plan.rows(by_person))),
        Table("drafts", say("Drafts on their way to the channels."), drafts, drafts_shown(drafts)),
    ]
    if limits.has_lifted(results):
        table = limits.table(results)
        caption = say(
            "What lifting one limit alone gains at {level}; every level is in the CSV.", level=point_name(results, point)
        )
        found.append(
            Table("limits", caption, table.drop(columns="point"), limits_shown(results, table[table["point"] == point]))
        )
    return found


def draw(results: Results, point: int) -> Figure:
    """Draw a week of the team, the funnel of drafts, and which limit binds; or the hours by activity if none was lifted."""
    lifted = limits.has_lifted(results)
    rows = limits.table(results)["limit"].nunique() if lifted else len(work.hours_by_task(results, point))
    heights = (2.2, 2.4, 0.32 * max(rows, 4))  # on a phone, in inches

    def compose(figure: Figure) -> None:
        if canvas().is_narrow:
            grid = figure.add_gridspec(3, 1, height_ratios=heights)
            week, drafts, last = grid[0, 0], grid[1, 0], grid[2, 0]
        else:
            grid = figure.add_gridspec(2, 2, height_ratios=[1.0, 1.5 if lifted else 1.1])
            week, drafts, last = grid[0, :], grid[1, 0], grid[1, 1]
        timeline.draw(figure.add_subplot(week), results, point)
        _funnel(figure.add_subplot(drafts), results, point)
        (_limits if lifted else _hours)(figure.add_subplot(last), results, point)

    return drawn(compose, width=11.0, height=8.6 if lifted else 7.6, plots=sum(heights))


def _funnel(axes: Axes, results: Results, point: int) -> None:
    table = work.funnel(results, point)
    axes.grid(axis="y", visible=False)
    places = np.arange(len(table))[::-1]
    left = np.zeros(len(table))
    for kind in KINDS:
        axes.barh(places, table[kind], left=left, height=0.62, color=KIND_COLOURS[kind], label=say(KIND_NAMES[kind]))
        left = left + table[kind].to_numpy(dtype=float)
    _whiskers(axes, table, "drafts", places)
    for place, (_, row) in zip(places, table.iterrows(), strict=True):
        reach = row["drafts_high"] if np.isfinite(row["drafts_high"]) else row["drafts"]
        axes.annotate(number(row["drafts"]), (reach, place), (5, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [say(STEPS[step]) for step in table["step"]])
    axes.margins(x=0.14)
    axes.set_xlim(left=0)
    axes.set_xlabel(say("drafts per month"))
    by_step = table.set_index("step")["drafts"]
    made = float(by_step.loc["made"])
    published = float(by_step.loc["published"])
    title = say("{share} of drafts are published", share=percent(published / made)) if made else say("No drafts")
    axes.set_title(title, fontsize=10.5)
    note(axes, _slowest(results, point))
    axes.legend(loc="lower right", frameon=False, fontsize=8)


def _slowest(results: Results, point: int) -> str:
    """Name the stage in which drafts spend most time, all together."""
    table = work.drafts(results, point)
    if not table["mean_number"].max() > 0:
        return say("none waits; bars: {confidence} interval", confidence=confidence())
    row = table.iloc[int(table["mean_number"].to_numpy().argmax())]
    return say(
        "most wait in “{stage}”: {drafts} on average, {wait} each; bars: {confidence} interval",
        stage=say(row["stage"]), drafts=number(row["mean_number"]), wait=said_hours(row["wait_hours"]),
        confidence=confidence(),
    )  # fmt: skip


def _hours(axes: Axes, results: Results, point: int) -> None:
    """Draw hours worked as bars, and a tick where the hours asked for end."""
    table = work.hours_by_task(results, point).sort_values("hours_per_week", ascending=False, kind="stable")
    places = np.arange(len(table))[::-1]
    axes.barh(places, table["hours_per_week"], height=0.62, color=[timeline.COLOURS[one] for one in table["activity"]],
              edgecolor=GREY, lw=0.4)  # fmt: skip
    _whiskers(axes, table, "hours_per_week", places)
    asked = table["hours_asked"].to_numpy(dtype=float)
    known = np.isfinite(asked)
    axes.scatter(asked[known], places[known], marker="|", s=210, color=INK, lw=2.0, zorder=3)
    highest = table["hours_per_week_high"].fillna(table["hours_per_week"]).to_numpy(dtype=float)
    room = 0.13 * np.nanmax([highest.max(), *asked])
    in_the_way = (asked > highest - 0.1 * room) & (asked < highest + room)
    for place, value, reach in zip(places, table["hours_per_week"], np.where(in_the_way, asked, highest), strict=True):
        axes.annotate(number(value), (reach, place), (6, 0), textcoords="offset points", va="center")
    axes.grid(axis="y", visible=False)
    axes.set_yticks(places, [in_words(one) for one in table["activity"]])
    axes.margins(x=0.12)
    axes.set_xlim(left=0)
    axes.set_xlabel(say("hours worked in a mean week, closed weeks included"))
    given = float(table["hours_per_week"].sum())
    lost = float(table.loc[table["activity"].isin([SWITCHING, IDLE, ONBOARDING]), "hours_per_week"].sum())
    axes.set_title(say("{share} is switching, idle and onboarding", share=percent(ratio(lost, given))), fontsize=10.5)
    note(axes, say("bars: worked, with {confidence} interval of the mean; ticks: asked for", confidence=confidence()))


def _whiskers(axes: Axes, table: pd.DataFrame, name: str, places: np.ndarray) -> None:
    middle, low, high = (table[column].to_numpy(dtype=float) for column in (name, f"{name}_low", f"{name}_high"))
    known = np.isfinite(low)
    axes.errorbar(middle[known], places[known], xerr=[middle[known] - low[known], high[known] - middle[known]], fmt="none",
                  ecolor=INK, elinewidth=0.9, capsize=2.5)  # fmt: skip


def _limits(axes: Axes, results: Results, point: int) -> None:
    """Draw the gain from lifting each limit: one level as points with intervals, several as a grid of numbers."""
    table = limits.table(results)
    line = [one for one in points.line_of(results, point) if one in set(table["point"])] or list(dict.fromkeys(table["point"]))
    table = table[table["point"].isin(line)]
    axes.set_title(_said(results, table, line), fontsize=10.5)
    if len(line) == 1:
        _one_level(axes, table.sort_values("net_return_gain"), results.currency)
    else:
        _field(axes, table, line, results)


def _said(results: Results, table: pd.DataFrame, line: list[int]) -> str:
    binding = table[table["binds"]].set_index("point")["limit"]
    if binding.empty:
        return say("What binds: {limit}", limit=say(vocabulary.NONE_BINDS))
    if binding.nunique() > 1:
        return say("Which limit binds depends on the level")
    if len(line) == 1:
        message = later("“{limit}” binds")
    elif len(binding) == len(line):
        message = later("“{limit}” binds at every level")
    elif len(binding) == 1:
        message = later("“{limit}” binds at {level}")
    else:
        message = later("“{limit}” binds where one can be told")
    return say(message, limit=say(binding.iloc[0]), level=point_name(results, binding.index[0]))


def _one_level(axes: Axes, table: pd.DataFrame, currency: str) -> None:
    places = np.arange(len(table))
    told = ~((table["net_return_gain_low"] <= 0) & (table["net_return_gain_high"] >= 0)).to_numpy()
    told &= np.isfinite(table["net_return_gain_low"].to_numpy(dtype=float))
    colours = np.where(~told, GREY, np.where(table["net_return_gain"] > 0, BLUE, ORANGE))
    _whiskers(axes, table, "net_return_gain", places)
    axes.scatter(table["net_return_gain"], places, c=colours, zorder=3, s=28)
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks(places, [say(one) for one in table["limit"]])
    for label, binds in zip(axes.get_yticklabels(), table["binds"], strict=True):
        label.set_fontweight("bold" if binds else "normal")
    thousands(axes, "x")
    axes.set_xlabel(say("net return gained by lifting it alone, {currency}", currency=currency))
    note(axes, say("bars: {confidence} interval; grey: cannot be told from zero; bold: binds", confidence=confidence()))


def _field(axes: Axes, table: pd.DataFrame, line: list[int], results: Results) -> None:
    limits = list(dict.fromkeys(table["limit"]))
    most = float(table["net_return_gain"].abs().max()) or 1.0
    for _, row in table.iterrows():
        x, y = line.index(row["point"]), len(limits) - 1 - limits.index(row["limit"])
        gain = row["net_return_gain"]
        told = row["net_return_gain_low"] > 0 or row["net_return_gain_high"] < 0
        strength = 0.12 + 0.6 * abs(gain) / most
        axes.barh(y, 0.94, left=x - 0.47, height=0.9, color=(BLUE if gain > 0 else ORANGE) if told else PALE,
                  alpha=strength if told else 0.5, lw=0)  # fmt: skip
        axes.text(x, y, gained(gain) if abs(gain) >= 500 else decimal(0), ha="center", va="center", rotation=turned(len(line)),
                  fontsize=8, color=INK if told else NOTE, fontweight="bold" if row["binds"] else "normal")  # fmt: skip
        if row["binds"]:
            axes.barh(y, 0.94, left=x - 0.47, height=0.9, fill=False, edgecolor=INK, lw=1.6)
    axes.grid(visible=False)
    axes.set_yticks(range(len(limits)), [say(one) for one in reversed(limits)])
    ticks = [name_on_hours(results, one) for one in line]
    axes.set_xticks(range(len(line)), ticks, rotation=0 if max(map(len, ticks)) < 8 else 30)
    if ticks != [point_name(results, one) for one in line]:
        axes.set_xlabel(say("hours per week"))
    axes.set_xlim(-0.5, len(line) - 0.5)
    axes.tick_params(length=0)
    note(axes, say("net return gained, {currency}; grey: {confidence} interval holds zero; frame: binds",
                   currency=results.currency, confidence=confidence()))  # fmt: skip


QUESTION = Question(
    number=11,
    name="work",
    asked=later("Where do the hours go, and what holds us up?"),
    reading=later(
        "Every minute of a session is booked on one activity, on changing between them, on waiting for work,"
        " or on learning the trade; together they are the hours given. Shares asked for are weights and not hours worked: an"
        " activity with nothing to do leaves its time to the others. Drafts wait where a stage holds many"
        " for long. A limit binds where lifting it alone, with everything else unchanged, would gain most;"
        " gains do not add up, as behind one limit there is the next. Run with --lift all to see them."
    ),
    tables=tables,
    draw=draw,
    is_of_one_level=True,
)
