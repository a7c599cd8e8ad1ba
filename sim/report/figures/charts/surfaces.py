"""Charts of two parameters, and of points: heat maps, response surfaces, scatter plots."""

from typing import Any

import numpy as np

from sim.analysis.charts import kinds
from sim.analysis.charts.fit import Surface, fit, least_points
from sim.analysis.charts.numbers import OUTCOME, cubes
from sim.analysis.charts.parameters import LABEL
from sim.analysis.charts.quantities import Cube, Quantity
from sim.analysis.charts.request import Request, is_grid, is_scattered
from sim.analysis.frames import Frame
from sim.report.figures.charts import shared, words
from sim.report.figures.charts.marks import Dots, Drawing, Field, Line, Mark, Numbers, Panel, Scale, Shades
from sim.report.figures.style import BLUE, GREY, INK, LINE_COLOURS
from sim.report.text.translation import say
from sim.report.text.words import confidence, percent

FINE = 60  # places on either axis of a fitted surface
MOST_SAID = 14  # columns of cells with room for a number
MOST_BARS = 60  # dots with an interval
SEEN = 0.9  # of the explained share from which on a fit is not a poor one


def heat(asked: Request, frame: Frame) -> Drawing:
    """Compose a heat map of two parameters, a cell per pair of values, with the cells that may be the best outlined."""
    panels = []
    across, up = asked.columns, asked.groups
    for one in asked.y:
        values, may, best = _table(asked, frame, one, across, up)
        shades = words.shades_of(values, one, asked.results)
        is_share = one.column.unit in words.SHARES
        said = [[words.amount_said(value, is_share=is_share) if np.isfinite(value) else "" for value in row] for row in values]
        is_ordered = asked.parameters.is_number(asked.x[0]) and asked.parameters.is_number(asked.by or "")
        has_lines = is_ordered and min(values.shape) >= kinds.LEAST_CONTOURS and len(across) > MOST_SAID
        field = Field(
            np.arange(len(across), dtype=float),
            np.arange(len(up), dtype=float),
            values,
            shades,
            has_lines=has_lines,
            said=said if len(across) <= MOST_SAID else (),
            marked=may,
            best=best,
        )
        names_across = tuple(words.values_said(asked, asked.x[0], across))
        names_up = tuple(words.values_said(asked, asked.by or "", up))
        panels.append(
            Panel(
                words.title_of(one, asked.results),
                Scale(words.parameter_label(asked.x[0]), names=names_across),
                Scale(words.parameter_label(asked.by or ""), names=names_up),
                (field,),
                shades,
            )
        )
    note = shared.notes(
        asked, _of_best(asked), say("Outlined: the best. Dashed: cannot be told from it."), shared.of_luck(asked)
    )
    columns = min(2, len(panels))
    return Drawing(tuple(panels), note, beside=columns, width=8.0 if columns == 1 else 13.0, height=max(2.2, 0.42 * len(up)))


def _table(
    asked: Request, frame: Frame, what: Quantity, across: list[object], up: list[object]
) -> tuple[Numbers, "np.typing.NDArray[np.bool_]", tuple[int, int] | None]:
    """Return means, what may be best and the best, shape (up, across)."""
    values, may = np.full((len(up), len(across)), np.nan), np.zeros((len(up), len(across)), dtype=bool)
    best = None
    for _, row in frame[frame[OUTCOME] == what.name].iterrows():
        cell = up.index(row[asked.by or ""]), across.index(row[asked.x[0]])
        values[cell], may[cell] = row["value"], row["may_be_best"]
        best = cell if row["is_best"] else best
    return values, may, best


def _of_best(asked: Request) -> str:
    direction = say("lowest") if asked.lowest else say("highest")
    return say(
        "Best: the {direction} mean. With {confidence} confidence the best is among those marked (paired by world, all against"
        " all).",
        direction=direction,
        confidence=confidence(),
    )


def contour(asked: Request, frame: Frame) -> Drawing:
    """Compose a response surface over two numbers: of a grid as it is, of a design over ranges fitted."""
    if not is_grid(asked.parameters, asked.x[0], asked.by or ""):
        return _fitted(asked)
    panels = []
    across, up = asked.columns, asked.groups
    for one in asked.y:
        values, may, best = _table(asked, frame, one, across, up)
        shades = words.shades_of(values, one, asked.results)
        x, y = np.array(across, dtype=float), np.array(up, dtype=float)
        rows, columns = np.nonzero(may)
        every_x, every_y = np.meshgrid(x, y)
        marks: list[Mark] = [
            Field(x, y, values, shades, is_smooth=True, has_lines=True),
            Dots(every_x.ravel(), every_y.ravel(), INK, size=4.0),
            Dots(x[columns], y[rows], INK, say("cannot be told from the best"), size=70.0, is_hollow=True),
        ]
        if best is not None:
            marks.append(Dots(x[[best[1]]], y[[best[0]]], INK, say("best"), size=110.0, symbol="*"))
        panels.append(_over_two(asked, one, marks, shades))
    note = shared.notes(asked, _of_best(asked), say("Between the points it is interpolated."), shared.of_luck(asked))
    columns_ = min(2, len(panels))
    return Drawing(tuple(panels), note, beside=columns_, width=8.6 if columns_ == 1 else 13.0, height=3.8)


def _over_two(asked: Request, what: Quantity, marks: list[Mark], shades: Shades) -> Panel:
    across, up = Scale(words.parameter_label(asked.x[0])), Scale(words.parameter_label(asked.by or ""))
    return Panel(words.title_of(what, asked.results), across, up, tuple(marks), shades)


def _fitted(asked: Request) -> Drawing:
    x, y = (np.array(asked.parameters.values(name), dtype=float) for name in (asked.x[0], asked.by or ""))
    where = np.column_stack([x, y])
    fine = [np.linspace(one.min(), one.max(), FINE) for one in (x, y)]
    everywhere = np.column_stack([part.ravel() for part in np.meshgrid(*fine)])
    panels, said = [], []
    for one, values in zip(asked.y, cubes(asked).values(), strict=True):
        surface = fit(where, values)
        found, _ = surface.at(everywhere)
        may = surface.may_be_best(everywhere, highest=not asked.lowest)
        means = values.mean(axis=1)
        shades = words.shades_of(np.concatenate([found, means]), one, asked.results)
        best = int(np.argmin(found) if asked.lowest else np.argmax(found))
        panels.append(
            _over_two(
                asked,
                one,
                [
                    Field(
                        fine[0],
                        fine[1],
                        found.reshape(FINE, FINE),
                        shades,
                        is_smooth=True,
                        has_lines=True,
                        marked=may.reshape(FINE, FINE),
                    ),
                    Dots(x, y, INK, say("points that were run"), shade=means, said=_labels(asked), size=22.0),
                    Dots(everywhere[[best], 0], everywhere[[best], 1], INK, say("best of the surface"), size=120.0, symbol="*"),
                ],
                shades,
            )
        )
        said.append(_of_fit(surface))
    note = shared.notes(
        asked,
        *dict.fromkeys(said),
        say(
            "Within the dashed line: where the surface cannot be told from its best, by the luck of the worlds and by what it"
            " leaves unexplained ({confidence} interval of each difference).",
            confidence=confidence(),
        ),
        shared.worlds_said(asked),
    )
    others = [name for name in asked.parameters.chosen if name not in (asked.x[0], asked.by)]
    note += " " + say("Vary too, and are not shown: {names}.", names=", ".join(others)) if others else ""
    columns = min(2, len(panels))
    return Drawing(tuple(panels), note, beside=columns, width=8.6 if columns == 1 else 13.0, height=3.8)


def _of_fit(surface: Surface) -> str:
    share = percent(max(0.0, surface.explained)) if np.isfinite(surface.explained) else say("undefined")
    return say("A quadratic fit: it explains {share} of the differences between points.", share=share)


def _labels(asked: Request) -> list[str]:
    return [str(one) for one in asked.parameters.values(LABEL)]


def scatter(asked: Request, frame: Frame) -> Drawing:
    """Compose a dot per point, with its interval, and a fitted curve where the parameter is one of a design."""
    panels, said = [], []
    x = shared.numbers(frame, asked.x[0])
    values = cubes(asked)
    for one in asked.y:
        found, shades = _dots(asked, frame, one)
        marks: list[Mark] = [*shared.zero(one)]
        if not asked.is_of_outcomes and asked.by is None and _can_fit(asked, x):
            marks.append(_curve(x, values[one.name]))
            said.append(_of_fit(fit(x[:, None], values[one.name])))
        marks += found
        across = _outcome_across(asked) if asked.is_of_outcomes else Scale(words.parameter_label(asked.x[0]))
        panels.append(
            Panel(words.title_of(one, asked.results), across, words.outcome_scale(one, asked.results), tuple(marks), shades)
        )
    columns, width, height = shared.beside(len(panels))
    curve = [say("Curve: {fit}", fit=said[0])] if len(said) == 1 else []
    note = shared.notes(asked, say("A dot per point."), *curve, shared.of_luck(asked))
    return Drawing(
        tuple(panels),
        note,
        legend=shared.legend_of(asked) if shades is None else "",
        beside=columns,
        width=width,
        height=height,
    )


def _outcome_across(asked: Request) -> Scale:
    return words.outcome_scale(Quantity(asked.x[0]), asked.results)


def _can_fit(asked: Request, x: Numbers) -> bool:
    return is_scattered(asked.parameters, asked.x[0]) and len(x) >= least_points(1) + 4


def _curve(x: Numbers, values: Cube) -> Line:
    surface = fit(x[:, None], values)
    fine = np.linspace(x.min(), x.max(), FINE)
    middle, reach = surface.at(fine[:, None])
    return Line(fine, middle, GREY, low=middle - reach, high=middle + reach, style="--")


def _dots(asked: Request, frame: Frame, what: Quantity) -> tuple[list[Mark], Shades | None]:
    """Return the dots: of one colour, of a colour per group, or shaded by a number."""
    labels = np.array(_labels(asked), dtype=object)

    def ends(rows: Frame, name: str) -> tuple[Numbers, Numbers] | None:
        is_shown = len(frame) <= MOST_BARS and f"{name}_low" in rows
        return (shared.numbers(rows, f"{name}_low"), shared.numbers(rows, f"{name}_high")) if is_shown else None

    def dots(rows: Frame, **look: Any) -> Dots:
        x, y = asked.x[0], what.name
        said = list(labels[rows.index])
        return Dots(shared.numbers(rows, x), shared.numbers(rows, y), up=ends(rows, y), across=ends(rows, x), said=said, **look)

    if asked.by is None:
        return [dots(frame, colour=BLUE)], None
    groups = sorted(set(frame[asked.by])) if asked.parameters.is_number(asked.by) else list(dict.fromkeys(frame[asked.by]))
    if asked.parameters.is_number(asked.by) and len(groups) > len(shared.FEW):
        shade = shared.numbers(frame, asked.by)
        return [dots(frame, shade=shade)], Shades(words.parameter_label(asked.by), float(shade.min()), float(shade.max()))
    names = words.values_said(asked, asked.by, groups)
    return [
        dots(
            frame[frame[asked.by] == group],
            colour=LINE_COLOURS[number % len(LINE_COLOURS)],
            name=name,
            symbol=shared.SYMBOLS[number % len(shared.SYMBOLS)],
        )
        for number, (group, name) in enumerate(zip(groups, names, strict=True))
    ], None
