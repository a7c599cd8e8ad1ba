"""A figure on the screen of a phone: what is written in it made to fit, by measuring it.

A figure is drawn by the same function for all widths. Here its letters become large enough, and its titles and notes as wide
as the screen. Names of upright axes lie flat above them, and legends go below. Then the figure becomes so tall that plots
have the height that they ask for, however much is written around them.
"""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, MaxNLocator
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from sim.report.figures.canvas import POINTS, Canvas

TITLE, WHOLE = 12.5, 13.0  # points: titles of panels, and of figures
GAP, CLOSE = 8.0, 2.0  # points: between what is written and the plot, and between notes
EDGE, SPARE = 0.01, 0.97  # of the width: where titles begin, and how much is used, as letters are measured for one resolution
BETWEEN = 5.0  # pixels, at least, from one label of an axis to the next
NUMBER = re.compile(r"[^A-Za-z]*k?")
STEPS = [1, 2, 5, 10]
MOST_COLUMNS = 4  # of a legend
MOST_TICKS = 5
UPRIGHT = 90


class Note(Text):
    """Small print between a plot and its title, on how to read it."""

    @classmethod
    def on(cls, axes: Axes, across: float, text: str, **look: Any) -> "Note":
        """Write a note above a panel; like all text of panels, it may lie outside of them."""
        note = cls(across, 1.01, text, transform=axes.transAxes, va="bottom", clip_on=False, **look)
        axes.add_artist(note)
        return note


def fit(figure: Figure, place: Canvas, plots: float) -> None:
    """Make what is written in a figure fit a phone, with plots that are so many inches high together."""
    panels = [axes for axes in figure.axes if axes.get_visible()]
    _enlarge(figure, place.least)
    _write_around(figure, place)
    for axes in panels:
        _write_above(axes, place)
    for legend in figure.findobj(Legend):
        legend.set_in_layout(False)  # until it has its place
    figure.draw_without_rendering()  # from here on it is known how wide plots are
    for axes in panels:
        _thin(axes.xaxis)
        axes.set_xlabel(wrapped(axes.xaxis.label, axes.bbox.width))
    figure.draw_without_rendering()  # labels that were turned leave more room
    for axes in panels:
        _put_below(axes)
    for legend in list(figure.legends):
        _in_columns(legend, figure.legend, figure.bbox.width, loc="outside lower left")
    figure.draw_without_rendering()  # and how high
    first = [axes.bbox.height for axes in panels if _spec(axes).colspan.start == 0]
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + plots - sum(first) / figure.dpi)


def wrapped(text: Text, width: float) -> str:
    """Break a text, measured in its font, into lines of so many pixels at most; a longer word has a line of its own."""
    probe = Text(0, 0, "", fontproperties=text.get_fontproperties(), parse_math=False)
    probe.set_figure(figure_of(text))
    lines: list[str] = []
    for word in re.split("[ \n]+", text.get_text().strip()):  # never at a space that does not break
        probe.set_text(f"{lines[-1]} {word}" if lines else word)
        if lines and probe.get_window_extent().width <= width:
            lines[-1] = probe.get_text()
        else:
            lines.append(word)
    return "\n".join(lines)


def figure_of(part: Artist) -> Figure:
    """Return the figure that something is a part of."""
    found = part.get_figure(root=True)
    if found is None:
        raise ValueError("it is in no figure")
    return found


def _spec(axes: Axes) -> SubplotSpec:
    found = axes.get_subplotspec()
    if found is None:
        raise ValueError("a panel of a figure for phones is in no grid")
    return found


def _column(axes: Axes) -> tuple[float, float]:
    """Return where the column of a panel begins, as a share of the figure, and its width in pixels."""
    spec = _spec(axes)
    columns = spec.get_gridspec().ncols
    begins, ends = spec.colspan.start / columns, spec.colspan.stop / columns
    return begins + EDGE, SPARE * (ends - begins) * figure_of(axes).bbox.width


def _enlarge(figure: Figure, least: float) -> None:
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            size = axis.get_tick_params().get("labelsize", least)
            axis.set_tick_params(labelsize=max(float(size), least))  # ticks that are still to come, too
    for text in figure.findobj(Text):
        text.set_fontsize(max(text.get_fontsize(), least))


def _write_around(figure: Figure, place: Canvas) -> None:
    """Write the title of a figure above all panels, and the note on all of them below."""
    above = {"fontsize": WHOLE, "fontweight": "bold"}
    below = {"fontsize": place.least, "fontweight": "normal"}
    for write, said, look in (
        (figure.suptitle, figure.get_suptitle(), above),
        (figure.supxlabel, figure.get_supxlabel(), below),
    ):
        if said:
            text = write(said, x=EDGE, ha="left", **look)
            text.set_text(wrapped(text, SPARE * figure.bbox.width))


def _write_above(axes: Axes, place: Canvas) -> None:
    """Write title, notes and name of the upright axis above a panel, from the edge of its column and as wide as that."""
    begins, width = _column(axes)
    title, name = axes.get_title(loc="left"), axes.get_ylabel()
    notes = [one for one in axes.texts if isinstance(one, Note)]
    from_edge = blended_transform_factory(figure_of(axes).transFigure, axes.transAxes)
    axes.set_ylabel("")
    if name and title:
        notes.append(Note.on(axes, 0, name, color=axes.yaxis.label.get_color(), fontsize=place.least))
    above = GAP
    for note in reversed(notes):
        note.set(x=begins, y=1.0, ha="left", transform=from_edge + _moved(axes, 0.0, above), in_layout=False)
        note.set_text(wrapped(note, width))
        above += note.get_window_extent().height / figure_of(axes).dpi * POINTS + CLOSE
    style = {"fontsize": TITLE} if title else {"fontsize": place.least, "fontweight": "normal"}
    head = axes.set_title(title or name, loc="left", pad=above + (CLOSE if notes else 0.0), **style)
    head.set(x=begins, transform=from_edge + axes.titleOffsetTrans)  # type: ignore[attr-defined]
    head.set_text(wrapped(head, width))


def _moved(axes: Axes, across: float, up: float) -> Transform:
    """Move by so many points."""
    return ScaledTranslation(across / POINTS, up / POINTS, figure_of(axes).dpi_scale_trans)


def _thin(axis: Axis) -> None:
    """Leave out numbers where labels would touch, and turn names."""
    _turn(axis, 0)
    places, names = axis.get_majorticklocs(), [one.get_text() for one in axis.get_ticklabels()]
    if not _is_crowded(axis.get_ticklabels()):
        return
    if not all(map(NUMBER.fullmatch, names)):
        _turn(axis, UPRIGHT)
        return
    for fewer in range(2, len(places) + 1):
        if isinstance(axis.get_major_locator(), FixedLocator):
            axis.set_ticks(places[::fewer], names[::fewer])
        else:
            axis.set_major_locator(MaxNLocator(max(1, MOST_TICKS + 2 - fewer), steps=STEPS))
        if not _is_crowded(axis.get_ticklabels()):
            return


def _turn(axis: Axis, degrees: int) -> None:
    axis.set_tick_params(labelrotation=degrees)
    for label in axis.get_ticklabels():
        label.set(rotation=degrees, ha="center")


def _is_crowded(labels: Iterable[Text]) -> bool:
    boxes = sorted((one.get_window_extent() for one in labels if one.get_visible() and one.get_text()), key=lambda box: box.x0)
    return any(one.x1 + BETWEEN > other.x0 for one, other in pairwise(boxes))


def _put_below(axes: Axes) -> None:
    """Put a legend below its panel, in as many columns as there is room for."""
    legend = axes.get_legend()
    if legend is None:
        return
    begins, width = _column(axes)
    box = figure_of(axes).bbox
    left = axes.bbox.x0 - box.width * begins
    written = axes.xaxis.get_tightbbox()
    below = axes.bbox.y0 - written.y0 if written else 0.0
    unit = POINTS / figure_of(axes).dpi
    where = axes.transAxes + _moved(axes, -left * unit, -below * unit - GAP)
    _in_columns(
        legend, axes.legend, width, loc="upper left", bbox_to_anchor=(0.0, 0.0), bbox_transform=where, borderaxespad=0.0
    )


def _in_columns(legend: Legend, put: Callable[..., Legend], width: float, **where: Any) -> None:
    """Put a legend somewhere else, in as many columns as have room in a width."""
    names, size = [one.get_text() for one in legend.get_texts()], legend.get_texts()[0].get_fontsize()
    legend.remove()
    for columns in range(min(MOST_COLUMNS, len(names)), 0, -1):
        again = put(handles=legend.legend_handles, labels=names, ncols=columns, frameon=False, fontsize=size, **where)
        if columns == 1 or again.get_window_extent().width <= width:
            return
        again.remove()
