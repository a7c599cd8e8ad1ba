"""Charts of rows: points by name, single worlds as boxes, inputs at their ends, indices and importance."""

import numpy as np

from sim.analysis.charts.numbers import OUTCOME, QUANTILES
from sim.analysis.charts.request import Request, has_search
from sim.analysis.frames import Frame
from sim.experiment.sensitivity import HIGH, LOW
from sim.report.figures.charts import shared, words
from sim.report.figures.charts.marks import Bars, Boxes, Dots, Drawing, Mark, Numbers, Panel, Scale, Upright
from sim.report.figures.style import BLUE, ORANGE
from sim.report.text.translation import say, shortest
from sim.report.text.words import confidence

ROW, LEAST = 0.3, 1.6  # inches
APART = 0.8  # of the distance of rows, that groups of a row share


def height_of(rows: int, groups: int = 1) -> float:
    """Return the height of so many rows."""
    return max(LEAST, rows * max(ROW, 0.19 * groups))


def means_in_rows(asked: Request, frame: Frame) -> Drawing:
    """Compose the means of points by name: a row each, dots with intervals."""
    look, names = shared.look_of(asked), shared.names_of(asked)
    columns = asked.columns
    said = tuple(words.values_said(asked, asked.x[0], columns))
    panels = []
    for one in asked.y:
        marks: list[Mark] = [*shared.zero(one, is_flat=False)]
        for number, group in enumerate(asked.groups):
            rows = shared.of_group(asked, frame, one.name, group)
            at = np.array([columns.index(value) for value in rows[asked.x[0]]], dtype=float) + _shift(number, len(asked.groups))
            marks.append(_with_bars(rows, at, names[group], look[group]))
        title = words.title_of(one, asked.results)
        up = Scale(words.parameter_label(asked.x[0]), names=said, from_top=True)
        panels.append(Panel(title, words.outcome_scale(one, asked.results), up, tuple(marks)))
    return Drawing(
        tuple(panels),
        shared.notes(asked, shared.of_luck(asked)),
        legend=shared.legend_of(asked),
        beside=min(2, len(panels)),
        width=8.0 if len(panels) == 1 else 12.0,
        height=height_of(len(columns), len(asked.groups)),
    )


def _shift(number: int, groups: int) -> float:
    """Return how far a group lies from the middle of its row."""
    return APART * ((number + 0.5) / groups - 0.5)


def _with_bars(rows: Frame, at: Numbers, name: str, look: shared.Look) -> Mark:
    values, low, high = (shared.numbers(rows, column) for column in ("value", "low", "high"))
    return Dots(values, at, look.colour, name, across=(low, high), symbol=look.symbol)


def boxes(asked: Request, frame: Frame) -> Drawing:
    """Compose boxes over single worlds, a row per value of a parameter."""
    look, names = shared.look_of(asked), shared.names_of(asked)
    columns = asked.columns
    said = tuple(words.values_said(asked, asked.x[0], columns))
    panels = []
    for one in asked.y:
        marks: list[Mark] = [*shared.zero(one, is_flat=False)]
        for number, group in enumerate(asked.groups):
            rows = shared.of_group(asked, frame, one.name, group)
            at = np.array([columns.index(value) for value in rows[asked.x[0]]], dtype=float) + _shift(number, len(asked.groups))
            middle, low, high = (shared.numbers(rows, column) for column in ("mean", "mean_low", "mean_high"))
            worlds = rows[list(QUANTILES)].to_numpy(dtype=float)
            height = 0.62 / len(asked.groups)
            marks.append(Boxes(at, worlds, middle, low, high, look[group].colour, names[group], height))
        up = Scale(words.parameter_label(asked.x[0]), names=said, from_top=True)
        panels.append(Panel(words.title_of(one, asked.results), words.outcome_scale(one, asked.results), up, tuple(marks)))
    read = say(
        "Single worlds: box from the lower to the upper quarter, line at the middle, ends where nine in ten lie. Diamond: the"
        " mean with its {confidence} interval, which more worlds narrow; the box they do not.",
        confidence=confidence(),
    )
    return Drawing(
        tuple(panels),
        shared.notes(asked, read, shared.worlds_said(asked)),
        legend=shared.legend_of(asked),
        beside=min(2, len(panels)),
        width=8.0 if len(panels) == 1 else 12.0,
        height=height_of(len(columns), len(asked.groups)),
    )


def tornado(asked: Request, frame: Frame) -> Drawing:
    """Compose what changes with each input at either end of its range."""
    panels = []
    for one in asked.y:
        rows = frame[frame[OUTCOME] == one.name].reset_index(drop=True)
        at = np.arange(len(rows), dtype=float)
        marks: list[Mark] = []
        for end, colour, name in ((LOW, ORANGE, say("at the low end")), (HIGH, BLUE, say("at the high end"))):
            low, high = (shared.numbers(rows, f"{end}_change_{side}") for side in ("low", "high"))
            marks.append(Bars(at, shared.numbers(rows, f"{end}_change"), colour, name, low, high))
        names = tuple(
            say(
                "{input}\n{low} to {high}", input=row["input"], low=shortest(row["low_value"]), high=shortest(row["high_value"])
            )
            for _, row in rows.iterrows()
        )
        title = words.capital(words.outcome_title(one.table, one.name))
        scale = words.outcome_scale(one, asked.results)
        across = Scale(say("change of {outcome}", outcome=scale.label), is_money=scale.is_money)
        panels.append(Panel(title, across, Scale("", names=names, from_top=True), (*marks, Upright(0.0))))
    hours = shortest(float(frame["team.hours_per_week"].iloc[0]))
    read = say(
        "At {hours} hours per week, one input at a time, all others at their likely values. Lines: {confidence}"
        " interval, paired by world.",
        hours=hours,
        confidence=confidence(),
    )
    return Drawing(
        tuple(panels),
        read,
        beside=min(2, len(panels)),
        width=9.0 if len(panels) == 1 else 13.0,
        height=max(LEAST, 0.5 * len(frame) / len(panels)),
    )


def indices(asked: Request, frame: Frame) -> Drawing:  # noqa: ARG001  # as all are called
    """Compose Sobol' indices: what each input explains alone, and in all."""
    at = np.arange(len(frame), dtype=float)
    marks = tuple(
        Bars(
            at + shift,
            shared.numbers(frame, name),
            colour,
            said,
            shared.numbers(frame, name) - shared.numbers(frame, f"{name}_half_width"),
            shared.numbers(frame, name) + shared.numbers(frame, f"{name}_half_width"),
            0.36,
        )
        for name, colour, said, shift in (("first", ORANGE, say("alone"), -0.19), ("total", BLUE, say("in all"), 0.19))
    )
    across = Scale(say("share of the variance of net return that it explains"))
    panel = Panel(
        say("Which inputs the net return varies with"),
        across,
        Scale("", names=tuple(frame["path"]), from_top=True),
        (*marks, Upright(0.0)),
    )
    read = say(
        "Sobol' indices. Alone: by itself; in all: with everything that it works together with. Lines: {confidence} interval of"
        " the sample; a larger --samples narrows it.",
        confidence=confidence(),
    )
    return Drawing((panel,), read, width=9.0, height=max(LEAST, 0.45 * len(frame)))


def importance(asked: Request, frame: Frame) -> Drawing:
    """Compose how much each parameter matters for being among the best."""
    bars = Bars(np.arange(len(frame), dtype=float), shared.numbers(frame, "importance"), BLUE)
    is_search = has_search(asked.results)
    of = say("net return in the search") if is_search or not asked.y else words.title_of(asked.y[0], asked.results)
    panel = Panel(
        say("What decides whether a point is among the best tenth: {outcome}", outcome=of),
        Scale(say("share of the importance")),
        Scale("", names=tuple(frame["parameter"]), from_top=True),
        (bars,),
    )
    read = say(
        "PED-ANOVA of Optuna: how far the best tenth differ from all points in each parameter by itself. It has no interval:"
        " read the order, not the digits. Shares of a whole move together, so one can act for another."
    )
    return Drawing((panel,), read, width=9.0, height=max(LEAST, 0.34 * len(frame)))
