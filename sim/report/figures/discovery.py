"""A box: what each parameter is restricted to, and in which share the condition holds there, where it was found and afresh."""

from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.discovery.boxes import Columns, Restriction
from sim.analysis.discovery.fresh import Discovery, Judged
from sim.experiment.statistics import Estimate
from sim.report.answers.discovery import kept_said, rows_of, shown, what
from sim.report.figures.canvas import canvas
from sim.report.figures.style import BLUE, GREY, INK, NOTE, ORANGE, PALE, ROW, drawn, name_rows, note, percents
from sim.report.text.translation import decimal, say
from sim.report.text.words import confidence, percent, short

WIDTH, LINE, FRAME = 9.0, 0.36, 1.0  # inches: of the figure, of a row, and around the rows of a panel
BETWEEN = 0.03  # of the width of a range, between its end and a number


def draw(found: Discovery) -> Figure:
    """Draw the boxes, and below them the shares with their intervals; the shares alone where there is no box."""
    boxes = shown(found)
    limits = [(number, one, restricted) for number, one in enumerate(boxes, 1) for restricted in one.box.values()]
    shares = 1 + 2 * len(boxes)

    def compose(figure: Figure) -> None:
        figure.suptitle(fill(_title(found), 38 if canvas().is_narrow else 80), x=0.01, ha="left", weight="bold")
        if limits:
            above, below = figure.subplots(2, 1, height_ratios=[len(limits) + 1.2, shares + 1.2])
            _limits(above, limits, found.cases.columns, is_several=len(boxes) > 1)
        else:
            below = figure.subplots()
        _shares(below, found, boxes)

    rows = len(limits) + shares
    return drawn(compose, WIDTH, FRAME * (2 if limits else 1) + 0.7 + LINE * rows, 1.5 * ROW * rows)


def _title(found: Discovery) -> str:
    condition = what(found.condition)
    if found.found:
        return say("Where most often: {condition}", condition=condition)
    if found.verdict in ("always", "never", "rare"):
        return say("How often: {condition}", condition=condition)
    return say("Nothing was found beyond chance: {condition}", condition=condition)


def _limits(axes: Axes, limits: list[tuple[int, Judged, Restriction]], columns: Columns, *, is_several: bool) -> None:
    """Draw each range as a pale bar, and what it is restricted to on it."""
    names = []
    for place, (number, judged, one) in enumerate(limits):
        colour = BLUE if judged.is_found else GREY
        named = kept_said(one) if one.kept else one.path
        names.append(say("box {number}: {parameter}", number=number, parameter=named) if is_several else named)
        axes.barh(place, 1.0, height=0.5, color=PALE)
        for low, high in _parts(one, columns):
            axes.barh(place, high - low, left=low, height=0.5, color=colour)
        for at, said, side in _ends(one, columns):
            axes.text(at + BETWEEN * (1 if side == "left" else -1), place, said, va="center", ha=side, fontsize=8, color=INK)
    name_rows(axes, range(len(limits)), names, from_top=True, half=0.25, fontsize=9)
    axes.set_xlim(-0.16, 1.16)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_title(say("Restrictions"), fontsize=10)
    note(axes, say("pale: the whole range that was tried, its ends outside; dark: the box, with its limits"))


def _parts(one: Restriction, columns: Columns) -> list[tuple[float, float]]:
    """Return the stretches of a parameter's range, from 0 to 1, that lie in the box."""
    if one.kept:
        values = sorted({*columns[one.path].tolist()})
        return [(place / len(values), (place + 1) / len(values)) for place, value in enumerate(values) if value in one.kept]
    return [(max(0.0, _placed(one.low, one, columns)), min(1.0, _placed(one.high, one, columns)))]


def _placed(value: float, one: Restriction, columns: Columns) -> float:
    numbers = columns[one.path].astype(float)
    low, high = float(numbers.min()), float(numbers.max())
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def _ends(one: Restriction, columns: Columns) -> list[tuple[float, str, str]]:
    """Return what is written beside a range, and where: its own ends outside, the limits within it where they are."""
    if one.kept:
        return []
    numbers = columns[one.path].astype(float)
    found = [(0.0, short(float(numbers.min())), "right"), (1.0, short(float(numbers.max())), "left")]
    low, high = (_placed(end, one, columns) for end in (one.low, one.high))
    if "low" in one.limits:
        found.append((low, short(one.low), "right" if low > 0.12 else "left"))
    if "high" in one.limits:
        found.append((high, short(one.high), "left" if high < 0.88 else "right"))
    return found


def _shares(axes: Axes, found: Discovery, boxes: list[Judged]) -> None:
    """Draw shares of cases with their intervals: of all, of each box afresh, and of each box where it was found."""
    names = [say("all {count} {rows}", count=decimal(found.overall.rows), rows=rows_of(found.cases))]
    _share(axes, 0, found.overall.of, INK)
    for number, one in enumerate(boxes, 1):
        place = 2 * number - 1
        named = say("box {number}", number=number) if len(boxes) > 1 else say("the box")
        names += [
            say("{box}: {count} fresh ones", box=named, count=decimal(one.density.rows)),
            say("{box}, where it was found", box=named),
        ]
        if one.density.rows:
            _share(axes, place, one.density.of, BLUE if one.is_found else GREY)
        axes.plot(one.base.of.value, place, marker="|", ms=13, mew=2, color=INK, ls="none")
        axes.plot(one.searched.density, place + 1, marker="o", mfc="white", mec=ORANGE, ms=7, ls="none")
        axes.text(one.searched.density + 0.02, place + 1, percent(one.searched.density), va="center", fontsize=8, color=NOTE)
    name_rows(axes, range(len(names)), names, from_top=True, half=0.2, fontsize=9)
    if not canvas().is_narrow:
        axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(-0.02, 1.12)
    axes.set_xticks(np.linspace(0.0, 1.0, 5))
    percents(axes, "x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(say("share in which it holds"))
    axes.set_title(say("How often it holds"), fontsize=10)
    note(axes, say("line: {confidence} interval; stroke: all fresh ones of no box before; hollow: as the search saw it",
                   confidence=confidence()))  # fmt: skip


def _share(axes: Axes, place: int, one: Estimate, colour: str) -> None:
    axes.plot([one.low, one.high], [place, place], color=colour, lw=4, alpha=0.45, solid_capstyle="butt")
    axes.plot(one.value, place, marker="o", ms=7, color=colour, ls="none")
    axes.text(one.high + 0.02, place, percent(one.value), va="center", fontsize=8, color=INK)
