"""Pieces that charts share: colours of groups, the rows of a group, and how to read what is drawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from sim.analysis.charts import kinds
from sim.analysis.charts.numbers import OUTCOME
from sim.analysis.charts.quantities import Quantity
from sim.analysis.charts.request import Request
from sim.analysis.frames import Frame
from sim.report.figures.charts import words
from sim.report.figures.charts.marks import Mark, Numbers, Upright
from sim.report.figures.style import BLUE, GREEN, LINE_COLOURS, ORANGE, PURPLE, RED, SKY
from sim.report.text.translation import say, say_many
from sim.report.text.words import confidence

FEW = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY)
STYLES = ("-", "--", "-.", ":")
SYMBOLS = ("o", "s", "^", "D", "v", "P")
MOST_BARS = 3  # groups with bars of intervals; more have bands that overlap less


@dataclass(frozen=True)
class Look:
    """The look of a group's marks."""

    colour: str
    style: str
    symbol: str


def look_of(asked: Request) -> dict[Any, Look]:
    """Return a colour, a style and a symbol for each group: a ramp where it is a number of many values."""
    groups = asked.groups
    if len(groups) <= len(FEW):
        colours: list[str] = list(FEW)
    elif asked.by and asked.parameters.is_number(asked.by):
        colours = [to_hex(colormaps["cividis"](0.92 * number / (len(groups) - 1))) for number in range(len(groups))]
    else:
        colours = [LINE_COLOURS[number % len(LINE_COLOURS)] for number in range(len(groups))]
    return {
        group: Look(colours[number], STYLES[number // len(LINE_COLOURS)], SYMBOLS[number % len(SYMBOLS)])
        for number, group in enumerate(groups)
    }


def names_of(asked: Request) -> dict[Any, str]:
    """Say the groups."""
    if asked.by is None:
        return dict.fromkeys(asked.groups, "")
    return dict(zip(asked.groups, words.values_said(asked, asked.by, asked.groups), strict=True))


def legend_of(asked: Request) -> str:
    """Say what the names in the legend are values of."""
    return words.parameter_label(asked.by) if asked.by else ""


def of_group(asked: Request, frame: Frame, name: str, group: Any) -> Frame:
    """Return the rows of an outcome and a group."""
    rows = frame[frame[OUTCOME] == name]
    return rows if asked.by is None else rows[rows[asked.by] == group]


def numbers(frame: Frame, column: str) -> Numbers:
    """Return a column as numbers."""
    return frame[column].to_numpy(dtype=float)


def notes(asked: Request, *said: str) -> str:
    """Join what there is to say on how to read a chart, and what is averaged over."""
    found = list(said)
    if asked.averaged:
        over = ", ".join(asked.averaged)
        pooled = asked.kind in kinds.OF_WORLDS
        found.append(say("Pooled over: {names}.", names=over) if pooled else say("Averaged over: {names}.", names=over))
    return " ".join(found)


def worlds_said(asked: Request) -> str:
    """Say how many worlds of each point there are."""
    count = int(asked.results.manifest["replications"])
    return say_many("{count} world per point.", "{count} worlds per point.", count)


def of_luck(asked: Request) -> str:
    """Say of what the interval of a mean is, and how differences are made."""
    said = say("{confidence} intervals of the mean, of the luck of the draw: more worlds narrow them.", confidence=confidence())
    if any(one.is_difference for one in asked.y):
        said = say("Differences are paired by world, on the same random numbers.") + " " + said
    return f"{said} {worlds_said(asked)}"


def zero(what: Quantity, *, is_flat: bool = True) -> tuple[Mark, ...]:
    """Return a line at zero where an outcome is an amount of money or a difference."""
    of_money = what.column.unit == words.MONEY
    return (Upright(0.0, is_flat=is_flat),) if what.is_difference or of_money else ()


def beside(count: int) -> tuple[int, float, float]:
    """Return how many panels are side by side, and the width and height of the picture."""
    return (1, 8.0, 3.6) if count == 1 else (2, 11.0, 3.1)


def hidden(asked: Request, frame: Frame, column: str) -> list[str]:
    """Say which groups cannot be seen, as they are the same as one drawn after them, in every outcome."""
    names = names_of(asked)
    shown = asked.groups if asked.by else []
    values = {group: frame[frame[asked.by] == group][column].to_numpy(dtype=float) for group in shown}
    drawn = list(values)
    under = [
        (group, other)
        for number, group in enumerate(drawn)
        for other in drawn[number + 1 :][:1]
        if values[group].shape == values[other].shape and np.allclose(values[group], values[other], equal_nan=True)
    ]
    if not under:
        return []
    pairs = ", ".join(f"{names[one]} = {names[other]}" for one, other in under)
    return [say("The same, one line on the other: {pairs}.", pairs=pairs)]
