"""One account's way to a deal, or to none: what touched it, what became of the sale, and its twin's, on one axis of time."""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.measures import trace as events
from sim.measures.causal_effects import CAUSED
from sim.measures.trace import BOTH, WITH, WITHOUT, Event, Trace
from sim.model.calendar import HOURS_PER_DAY, HOURS_PER_WEEK, Calendar
from sim.model.dialogue import ANSWERED
from sim.model.needs import NO_DECISION, SHORTLIST, STANDS_STILL
from sim.model.research import PRAISE
from sim.report.answers.trace import WAKES
from sim.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NAVY,
    NOTE,
    ORANGE,
    PALE,
    PURPLE,
    RED,
    SKY,
    DateLabels,
    apart,
    drawn,
    note,
    percents,
)
from sim.report.text.translation import decimal, later, say, say_many
from sim.report.text.vocabulary import BECAME
from sim.report.text.words import in_words, number
from sim.scenario import Scenario

EPOCH = dt.date(1970, 1, 1)  # from which matplotlib counts days
MOST_TICKS, ROUND = 12, [1, 2, 5, 10]
MARGIN_WEEKS = 6.0
BAR = 0.62  # height of a span, lanes being 1 apart
MARK = 7.0  # points
BEHIND: dict[str, Any] = {"fc": "white", "ec": "none", "pad": 0.6, "alpha": 0.85}
LEGEND_AT = -0.85  # in lanes
LABEL_LEAST = 0.06  # shares of the axis: from one label to the next, and what a character of a small label takes
CHARACTER = 0.0066
LEAST_SPAN, ROOM, EDGE = 0.05, 0.22, 0.04  # of the axis of chances: least span, room beyond the values, place of what is beyond
DARKEST = 0.85  # strength of the month in which most posts are seen


@dataclass(frozen=True)
class Lane:
    """Touches of a sort: their colour, and the mark of each event of it."""

    name: str
    colour: str
    marker: Callable[[Event], str]


def _of_message(event: Event) -> str:
    return "o" if event.detail["outcome"] == ANSWERED else "X"


LANES: dict[str, Lane] = {
    "follows": Lane(later("starts to follow (▲), stops (▼)"), BLUE,
                    lambda event: "^" if event.kind == events.FOLLOWS else "v"),
    "engages": Lane(later("reacts, shares, clicks"), SKY, lambda _: "o"),
    "comments": Lane(later("comments"), PURPLE, lambda _: "o"),
    "messages": Lane(later("messages: answered (●), not (✖)"), GREEN, _of_message),
    "peers": Lane(later("peers speak well (♦) or badly (✖) of us"), ORANGE,
                  lambda event: "D" if event.detail["opinion"] > PRAISE else "X"),
    "visits": Lane(later("looks at the web site"), NAVY, lambda _: "s"),
    "crises": Lane(later("crises"), RED, lambda _: "X"),
    "contracts": Lane(later("contract renewed (■) or not (✖)"), GREEN,
                      lambda event: "s" if event.detail["renewed"] else "X"),
}  # fmt: skip
LANE_OF = {
    events.FOLLOWS: "follows", events.LEAVES: "follows", events.ENGAGES: "engages", events.MESSAGE: "messages",
    events.FOUND: "messages", events.PEER: "peers", events.VISIT: "visits", events.CRISIS: "crises",
    events.RENEWAL: "contracts",
}  # fmt: skip


def draw(trace: Trace, scenario: Scenario) -> Figure:
    """Draw touches and the sale in both worlds above, and below the chance of being shortlisted if it were decided then."""
    calendar = Calendar(scenario)

    def place(time: float) -> float:
        return _days(calendar.monday) + time / HOURS_PER_DAY

    def compose(figure: Figure) -> None:
        lanes = [name for name in LANES if any(_lane(event) == name for event in trace.events)]
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=[0.42 * (len(lanes) + 4), 2.6])
        first, last = _span(trace)
        above.set_xlim(place(first), place(last))
        _touches(above, trace, lanes, place)
        _sales(above, trace, place)
        stages = ", ".join(in_words(name) for name in scenario.sales.stages)
        said = say("pale: research; dark: {stages}; bar across: passed; hatched: stalled", stages=stages)
        above.text(above.get_xlim()[0], LEGEND_AT, f"  {said}", fontsize=8, color=NOTE, va="center")
        _chances(below, trace, place)
        locator = AutoDateLocator(maxticks=MOST_TICKS)  # type: ignore[no-untyped-call]  # matplotlib has no types here
        below.xaxis.set_major_locator(locator)
        below.xaxis.set_major_formatter(DateLabels(locator))
        above.tick_params(axis="x", labelbottom=False, length=0)
        figure.suptitle(fill(_title(trace), 100), x=0.01, ha="left", fontweight="bold", fontsize=12)

    return drawn(compose, width=11.0, height=7.4)


def _days(date: dt.date) -> float:
    return float((date - EPOCH).days)


def _lane(event: Event) -> str:
    if event.kind == events.ENGAGES and event.detail["kind"] == "comment":
        return "comments"
    return LANE_OF.get(event.kind, "")


def _span(trace: Trace) -> tuple[float, float]:
    """Return the time from shortly before the first event to shortly after the last; the whole time if there is none."""
    if not trace.events:
        return trace.states["time"][0], trace.states["time"][-1]
    margin = MARGIN_WEEKS * HOURS_PER_WEEK
    times = [event.time for event in trace.events]
    return min(times) - margin, max(times) + margin


def _title(trace: Trace) -> str:
    if not trace.needs:
        return say("Account {account} considers no purchase", account=trace.account)
    if not trace.deals:
        return say_many(
            "Account {account}: {count} purchase considered, won in neither world",
            "Account {account}: {count} purchases considered, won in neither world",
            trace.needs,
            account=trace.account,
        )
    deal = next((one for one in trace.deals if one["label"] == CAUSED), trace.deals[0])
    became = say(BECAME[deal["label"]])
    touched = [event.time for event in trace.events if event.kind in (events.FOLLOWS, events.ENGAGES, events.MESSAGE)]
    closed = (deal["closed_week"] if deal["won"] else deal["twin_closed_week"]) * HOURS_PER_WEEK
    if deal["won"] and touched and min(touched) < closed:
        return say_many(
            "Account {account}: a deal {became}, {count} week after the first touch",
            "Account {account}: a deal {became}, {count} weeks after the first touch",
            round((closed - min(touched)) / HOURS_PER_WEEK),
            account=trace.account,
            became=became,
        )
    return say("Account {account}: a deal {became}", account=trace.account, became=became)


def _touches(axes: Axes, trace: Trace, lanes: list[str], place: Callable[[float], float]) -> None:
    """Draw lanes from the top down: posts seen as a density, then marks by kind; two more are left for the sale."""
    top = len(lanes) + 2
    axes.grid(axis="y", visible=False)
    seen = [event for event in trace.events if event.kind == events.SEES]
    most = max((_posts(event) for event in seen), default=1.0)
    free = min((place(event.time) for event in trace.events if event.kind == events.FOLLOWS), default=-math.inf)
    for event in seen:
        begins, free = max(_days(event.detail["month"]), free), place(event.time)
        axes.broken_barh([(begins, free - begins)], (top - BAR / 2, BAR), facecolor=SKY, lw=0,
                         alpha=DARKEST * _posts(event) / most)  # fmt: skip
    for row, name in enumerate(lanes):
        lane = LANES[name]
        for event in trace.events:
            if _lane(event) == name and event.kind != events.FOUND:
                colour = GREY if event.world == WITHOUT else lane.colour
                axes.plot(place(event.time), top - 1 - row, marker=lane.marker(event), ms=MARK, mew=1.3, ls="none",
                          mec=colour, mfc=colour if event.world == WITH else "white", zorder=3)  # fmt: skip
    posts = say("posts seen (darkest: {most} per month)", most=decimal(most)) if seen else say("posts seen")
    names = [posts, *(say(LANES[name].name) for name in lanes), say("sale, with the hours"), say("sale, zero hours")]
    axes.set_yticks([*range(top, 1, -1), 1, 0], [fill(name, 26) for name in names], fontsize=8)
    axes.axhline(1.5, color=GREY, lw=0.8)
    axes.set_ylim(LEGEND_AT - 0.3, top + 0.6)
    axes.tick_params(axis="y", length=0)
    legend = say("filled: with the hours only; hollow: in both worlds; grey: at zero hours only")
    axes.set_title(legend, fontsize=8, color=NOTE, fontweight="normal")


def _posts(event: Event) -> float:
    return float(sum(event.detail["posts"].values()))


def _sales(axes: Axes, trace: Trace, place: Callable[[float], float]) -> None:
    """Draw the research and the stages of each sale as spans, in both worlds, with the decisions at their ends."""
    for row, world in ((1, WITH), (0, WITHOUT)):
        mine = [event for event in trace.events if event.world in (world, BOTH)]
        for need in dict.fromkeys(event.need for event in mine if event.kind == events.OPENS):
            _sale(axes, [event for event in mine if event.need == need], row, place)


def _sale(axes: Axes, mine: list[Event], row: int, place: Callable[[float], float]) -> None:
    begins, still = next(event.time for event in mine if event.kind == events.OPENS), math.nan
    for event in mine:
        if event.kind == STANDS_STILL:
            still = event.time
        if event.kind != events.DECISION:
            continue
        step, lost_to = event.detail["step"], event.detail["lost_to"]
        here = place(event.time)
        if step.endswith(WAKES):
            _bar(axes, place(begins), place(still), row, SKY, "")
            _bar(axes, place(still), here, row, PALE, say("still"), hatch="////")
        else:
            name = say("research") if step == SHORTLIST else in_words(step)
            _bar(axes, place(begins), here, row, PALE if step == SHORTLIST else SKY, name)
        begins = event.time
        if lost_to or event.detail["won"]:
            axes.plot(here, row, marker="X" if lost_to else "*", ms=MARK + (0 if lost_to else 8), mec="white", mew=0.7,
                      color=RED if lost_to else GREEN, zorder=4)  # fmt: skip
            axes.annotate(_end(step, lost_to), (here, row), (9, 0), textcoords="offset points", va="center", fontsize=8,
                          fontweight="bold", zorder=5, bbox=BEHIND)  # fmt: skip
        else:
            axes.plot([here, here], [row - BAR / 2 - 0.06, row + BAR / 2 + 0.06], color=INK, lw=1.4, zorder=3)


def _end(step: str, lost_to: str) -> str:
    """Describe how a sale ends, in a word or two."""
    if not lost_to:
        return say("won")
    if step == SHORTLIST:
        return say("not shortlisted")
    return say("ends in no decision") if lost_to == NO_DECISION else say("lost to a rival")


def _bar(axes: Axes, begins: float, ends: float, row: int, colour: str, name: str, hatch: str = "") -> None:
    """Draw a span with its name, if it has room for it."""
    axes.broken_barh([(begins, ends - begins)], (row - BAR / 2, BAR), facecolor=colour, lw=0.5,
                     edgecolor=GREY if hatch else "white", hatch=hatch or None)  # fmt: skip
    first, last = axes.get_xlim()
    room = (ends - begins) / (last - first) / CHARACTER
    lines = fill(name, max(1, int(room)), break_long_words=False)
    if name and max(map(len, lines.splitlines())) <= room:
        axes.text((begins + ends) / 2, row, lines, ha="center", va="center", fontsize=7, linespacing=0.9, color=INK,
                  bbox={"fc": "white", "ec": "none", "pad": 0.5} if hatch else None, clip_on=True)  # fmt: skip


def _chances(axes: Axes, trace: Trace, place: Callable[[float], float]) -> None:
    """Draw the chance of being shortlisted in both worlds, and the chances and the draw at each decision."""
    states = trace.states
    weeks = [place(time) for time in states["time"]]
    first, last = axes.get_xlim()
    inside = [row for row, week in enumerate(weeks) if first <= week <= last]
    lines = (
        ("p_shortlist", say("with the hours"), BLUE, "-"),
        ("twin_p_shortlist", say("zero hours"), INK, (0, (4, 2))),
    )
    for name, _, colour, style in lines:
        axes.plot(weeks, states[name], color=colour, lw=1.8, ls=style)
    decisions = [event for event in trace.events if event.kind == events.DECISION]
    listed = {event.need: event for event in reversed(decisions) if event.detail["step"] == SHORTLIST}.values()
    values = [states[name][row] for name, *_ in lines for row in inside if math.isfinite(states[name][row])]
    low, high = min(values), max(values)
    near = max(LEAST_SPAN, high - low)
    drawn_at = [event.u for event in listed if low - near < event.u < high + near]
    low, high = min(low, *drawn_at, high), max(high, *drawn_at, low)
    room = ROOM * max(LEAST_SPAN, high - low)
    axes.set_ylim(max(0.0, low - room), min(1.0, high + room))
    ends = [
        next((states[name][row] for row in reversed(inside) if math.isfinite(states[name][row])), 0.0) for name, *_ in lines
    ]
    bottom, top = axes.get_ylim()
    for (_, label, colour, _), height in zip(lines, apart(ends, LABEL_LEAST * 1.6 * (top - bottom)), strict=True):
        axes.annotate(label, (1.0, height), (5, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
                      fontsize=9, color=colour, fontweight="bold")  # fmt: skip
    for event in listed:
        _decided(axes, place(event.time), event)
    for event in decisions:
        axes.axvline(place(event.time), color=GREY, lw=0.8, ls=(0, (1, 2)), zorder=1)
    _parting(axes, decisions, place)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=MOST_TICKS // 2, steps=ROUND))
    percents(axes)
    axes.set_title(say("Chance of being shortlisted, if it were decided then"), fontsize=10.5)
    note(
        axes,
        say(
            "dots: when it was decided; thick bar: the draw, the same in both worlds: shortlisted where the chance is above it;"
            " dotted: decisions"
        ),
    )


def _decided(axes: Axes, here: float, event: Event) -> None:
    """Draw a shortlist decision: both chances, and the draw that decides in both worlds."""
    axes.plot(here, event.p, marker="o", ms=MARK, color=BLUE, mec="white", zorder=4)
    axes.plot(here, event.twin_p, marker="o", ms=MARK, mfc="white", mec=INK, mew=1.3, zorder=4)
    low, high = axes.get_ylim()
    is_inside = low <= event.u <= high
    message = (
        later("draw {draw}") if is_inside else later("draw {draw} (lower)") if event.u < low else later("draw {draw} (higher)")
    )
    edge = EDGE * (high - low)
    height = min(max(event.u, low + edge), high - edge)
    if is_inside:
        axes.plot(here, event.u, marker="_", ms=16, mew=2.4, color=RED, zorder=5)
    said = say(message, draw=number(event.u, 3))
    axes.annotate(said, (here, height), (11, 0), textcoords="offset points", va="center", fontsize=8, color=INK, bbox=BEHIND,
                  zorder=6)  # fmt: skip


def _parting(axes: Axes, decisions: list[Event], place: Callable[[float], float]) -> None:
    """Mark the first decision that went one way here and the other way in the twin."""
    parting = next((one for one in decisions if (one.u < one.p) != (one.u < one.twin_p)), None)
    if parting is None:
        return
    here, (first, last) = place(parting.time), axes.get_xlim()
    is_late = here > (first + last) / 2.0
    said = say(
        "the worlds part: chance {chance} / {twin_chance}, draw {draw}",
        chance=number(parting.p, 3),
        twin_chance=number(parting.twin_p, 3),
        draw=number(parting.u, 3),
    )
    axes.axvline(here, color=RED, lw=1.0, zorder=1)
    axes.annotate(said, (here, 1.0), (-5 if is_late else 5, -4), xycoords=("data", "axes fraction"), textcoords="offset points",
                  ha="right" if is_late else "left", va="top", fontsize=8, fontweight="bold", color=INK, zorder=6,
                  bbox=BEHIND)  # fmt: skip
