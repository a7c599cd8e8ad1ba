"""Charts of lines: means against a parameter, over time, and how single worlds are distributed."""

import numpy as np

from sim.analysis.charts.quantities import TIMED
from sim.analysis.charts.request import Request
from sim.analysis.frames import Frame
from sim.report.figures.charts import words
from sim.report.figures.charts.marks import Drawing, Line, Mark, Panel, Scale
from sim.report.figures.charts.rows import means_in_rows
from sim.report.figures.charts.shared import (
    MOST_BARS,
    beside,
    hidden,
    legend_of,
    look_of,
    names_of,
    notes,
    numbers,
    of_group,
    of_luck,
    worlds_said,
    zero,
)
from sim.report.text.translation import say
from sim.report.text.words import confidence


def means(asked: Request, frame: Frame) -> Drawing:
    """Compose the mean of outcomes against a parameter: a line per group, or rows where the parameter is a name."""
    if not asked.parameters.is_number(asked.x[0]):
        return means_in_rows(asked, frame)
    look, names = look_of(asked), names_of(asked)
    has_bars = len(asked.groups) <= MOST_BARS
    panels = []
    for one in asked.y:
        marks: list[Mark] = [*zero(one)]
        for group in asked.groups:
            rows = of_group(asked, frame, one.name, group)
            at = numbers(rows, asked.x[0])
            marks.append(
                Line(
                    at,
                    numbers(rows, "value"),
                    name=names[group],
                    low=numbers(rows, "low"),
                    high=numbers(rows, "high"),
                    has_bars=has_bars,
                    has_dots=True,
                    colour=look[group].colour,
                    style=look[group].style,
                    symbol=look[group].symbol,
                )
            )
        across = Scale(words.parameter_label(asked.x[0]))
        panels.append(Panel(words.title_of(one, asked.results), across, words.outcome_scale(one, asked.results), tuple(marks)))
    columns, width, height = beside(len(panels))
    note = notes(asked, *hidden(asked, frame, "value"), of_luck(asked))
    return Drawing(tuple(panels), note, legend=legend_of(asked), beside=columns, width=width, height=height)


def over_time(asked: Request, frame: Frame) -> Drawing:
    """Compose columns of weeks or quarters: means with bands; of a single line, where nine in ten worlds lie, too."""
    look, names = look_of(asked), names_of(asked)
    when = TIMED[asked.y[0].table]
    is_alone = len(asked.groups) == 1
    panels = []
    for one in asked.y:
        marks: list[Mark] = [*zero(one)]
        for group in asked.groups:
            rows = of_group(asked, frame, one.name, group)
            wide = [numbers(rows, end) if is_alone else None for end in ("q05", "q95")]
            marks.append(
                Line(
                    numbers(rows, when),
                    numbers(rows, "value"),
                    name=names[group],
                    low=numbers(rows, "low"),
                    high=numbers(rows, "high"),
                    has_dots=when == "quarter",
                    wide_low=wide[0],
                    wide_high=wide[1],
                    colour=look[group].colour,
                    style=look[group].style,
                    symbol=look[group].symbol,
                )
            )
        across = Scale(say("week, from 0") if when == "week" else say("quarter, from 0"))
        panels.append(Panel(words.title_of(one, asked.results), across, words.outcome_scale(one, asked.results), tuple(marks)))
    columns, width, height = beside(len(panels))
    said = [say("Pale: where nine in ten worlds lie.")] if is_alone else []
    said += hidden(asked, frame, "value")
    return Drawing(
        tuple(panels), notes(asked, *said, of_luck(asked)), legend=legend_of(asked), beside=columns, width=width, height=height
    )


def counts(asked: Request, frame: Frame) -> Drawing:
    """Compose histograms over single worlds, a line per group."""
    look, names = look_of(asked), names_of(asked)
    panels = []
    for one in asked.y:
        marks: list[Mark] = [*zero(one, is_flat=False)]
        for group in asked.groups:
            rows = of_group(asked, frame, one.name, group)
            edges = np.append(numbers(rows, "from"), numbers(rows, "to")[-1:])
            high = np.append(numbers(rows, "worlds"), 0.0)
            marks.append(
                Line(
                    np.append(edges[:1], edges),
                    np.append(0.0, high),
                    name=names[group],
                    is_step=True,
                    is_filled=len(asked.groups) == 1,
                    colour=look[group].colour,
                    style=look[group].style,
                )
            )
        title = words.title_of(one, asked.results)
        panels.append(Panel(title, words.outcome_scale(one, asked.results), Scale(say("worlds")), tuple(marks)))
    columns, width, height = beside(len(panels))
    note = notes(asked, say("Single worlds, counted: their spread is luck that falls on one company."), worlds_said(asked))
    return Drawing(tuple(panels), note, legend=legend_of(asked), beside=columns, width=width, height=height)


def shares(asked: Request, frame: Frame) -> Drawing:
    """Compose the share of worlds at or below each value, a line with its band per group."""
    look, names = look_of(asked), names_of(asked)
    panels = []
    for one in asked.y:
        marks: list[Mark] = [*zero(one, is_flat=False)]
        for group in asked.groups:
            rows = of_group(asked, frame, one.name, group)
            marks.append(
                Line(
                    numbers(rows, "value"),
                    numbers(rows, "share"),
                    name=names[group],
                    low=numbers(rows, "low"),
                    high=numbers(rows, "high"),
                    is_step=True,
                    colour=look[group].colour,
                    style=look[group].style,
                )
            )
        title = words.title_of(one, asked.results)
        up = Scale(say("share of worlds at or below"), ends=(0.0, 1.0), is_share=True)
        panels.append(Panel(title, words.outcome_scale(one, asked.results), up, tuple(marks)))
    columns, width, height = beside(len(panels))
    band = say("Bands: {confidence} interval of the share, by the number of worlds of a point.", confidence=confidence())
    return Drawing(
        tuple(panels),
        notes(asked, band, worlds_said(asked)),
        legend=legend_of(asked),
        beside=columns,
        width=width,
        height=height,
    )
