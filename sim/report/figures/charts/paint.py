"""Draw a chart as a picture, for a page or for a phone."""

from collections.abc import Callable
from textwrap import fill
from typing import Any, Literal

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.figures.canvas import canvas
from sim.report.figures.charts.marks import (
    Bars,
    Boxes,
    Dots,
    Drawing,
    Field,
    Line,
    Mark,
    Panel,
    Shades,
    Strands,
    Upright,
)
from sim.report.figures.charts.words import amount_said
from sim.report.figures.style import GREY, INK, NOTE, ROW, drawn, in_thousands, name_rows, note, percents, turned
from sim.report.text.translation import decimal, say

SEQUENTIAL, DIVERGING = "cividis", "PuOr_r"
LETTERS = 15.5  # of a note, in an inch
TITLE_LETTERS = 9.5  # of a title, in an inch
HALF = 0.31  # of the distance of rows, half a bar
SHORT = 6  # letters of a name that stands beside a row even on a phone
MATRIX_ON_PHONE = 1.9  # inches, of a panel of a matrix
ASIDE = 1.7  # inches, that a legend or a scale of colours takes
AROUND = 1.5  # inches above and below the plots, for what is written there
PALE = 0.22
FEW_BANDS = 3  # that are not yet paler
DARK = 0.42  # luminance below which letters on a colour are white


def paint(drawing: Drawing) -> Figure:
    """Draw a chart for the present canvas."""

    def compose(figure: Figure) -> None:
        panels = _panels(figure, drawing)
        for axes, panel in panels:
            _panel(axes, panel, drawing)
        _legend(figure, drawing, panels)
        if drawing.title:
            figure.suptitle(
                fill(drawing.title, int(TITLE_LETTERS * drawing.width)), fontsize=11, fontweight="bold", x=0.01, ha="left"
            )
        if canvas().is_narrow:
            note(panels[0][0], _note(drawing))
        else:
            figure.supxlabel(fill(_note(drawing), int(LETTERS * drawing.width)), fontsize=8, color=NOTE, x=0.01, ha="left")

    rows = -(-len(drawing.panels) // drawing.beside)
    height = drawing.height + AROUND if drawing.is_matrix else rows * drawing.height + AROUND
    return drawn(compose, width=drawing.width, height=height, plots=_on_phone(drawing))


def _on_phone(drawing: Drawing) -> float:
    """Return the height of all plots together on a phone, where panels stand below one another."""
    shown = _shown(drawing)
    if drawing.is_matrix:
        return MATRIX_ON_PHONE * len(shown)
    rows = sum(len(panel.up.names) for panel in shown if _has_long_names(panel))
    return 1.1 * ROW * rows if rows else 0.8 * drawing.height * len(shown)


def _has_long_names(panel: Panel) -> bool:
    """Return whether names of rows are so long that on a phone they are above the rows."""
    is_field = any(isinstance(mark, Field) for mark in panel.marks)
    return not is_field and max(map(len, panel.up.names), default=0) > SHORT


def _shown(drawing: Drawing) -> tuple[Panel, ...]:
    """Leave out, on a phone, all of a matrix but its last row: outcomes against parameters."""
    if drawing.is_matrix and canvas().is_narrow:
        last = max(panel.place[0] for panel in drawing.panels if panel.place)
        return tuple(one for one in drawing.panels if one.place and one.place[0] == last and one.place[1] != last)
    return drawing.panels


def _panels(figure: Figure, drawing: Drawing) -> list[tuple[Axes, Panel]]:
    shown = _shown(drawing)
    if canvas().is_narrow:
        return list(zip(figure.subplots(len(shown), 1, squeeze=False).flat, shown, strict=True))
    if drawing.is_matrix:
        side = 1 + max(panel.place[0] for panel in shown if panel.place)
        grid = figure.add_gridspec(side, side)
        return [(figure.add_subplot(grid[panel.place]), panel) for panel in shown if panel.place]
    rows = -(-len(shown) // drawing.beside)
    axes = list(figure.subplots(rows, drawing.beside, squeeze=False).flat)
    for spare in axes[len(shown) :]:
        spare.remove()
    return list(zip(axes, shown, strict=False))


def _note(drawing: Drawing) -> str:
    shades = [panel.shades for panel in _shown(drawing) if panel.shades is not None]
    if canvas().is_narrow and shades:
        one = shades[0]
        told = say(
            "Colours: {label}, from {low} to {high}.", label=one.label, low=amount_said(one.low), high=amount_said(one.high)
        )
        return f"{drawing.note} {told}"
    return drawing.note


def _panel(axes: Axes, panel: Panel, drawing: Drawing) -> None:
    for mark in panel.marks:
        PAINTERS[type(mark)](axes, mark, panel)
    if not any(isinstance(mark, Field) for mark in panel.marks):
        axes.margins(x=0.03, y=0.06)
    _scale(axes, panel, "x")
    _scale(axes, panel, "y")
    if panel.title:
        aside = ASIDE if panel.shades is not None or axes.get_legend_handles_labels()[1] else 0.4
        width = (drawing.width - aside) / drawing.beside
        axes.set_title(fill(panel.title, int(TITLE_LETTERS * width)), fontsize=10.5)
    if drawing.is_matrix and not canvas().is_narrow:
        _only_outer(axes, panel, drawing)
    if panel.shades is not None and not canvas().is_narrow and not drawing.is_matrix:
        _bar(axes, panel.shades)


def _only_outer(axes: Axes, panel: Panel, drawing: Drawing) -> None:
    """Keep names and numbers of axes at the left and at the bottom of a matrix."""
    row, column = panel.place or (0, 0)
    last = max(one.place[0] for one in drawing.panels if one.place)
    axes.tick_params(labelsize=7, labelbottom=row == last, labelleft=column == 0)
    axes.xaxis.label.set_fontsize(8)
    axes.yaxis.label.set_fontsize(8)
    if row != last:
        axes.set_xlabel("")
    if column != 0:
        axes.set_ylabel("")
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    if (row, column) == (0, 0):
        axes.set_yticks([])  # counts, which only their heights tell


def _scale(axes: Axes, panel: Panel, which: str) -> None:
    scale = panel.across if which == "x" else panel.up
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_label_text(scale.label)
    if scale.ends is not None:
        (axes.set_xlim if which == "x" else axes.set_ylim)(*scale.ends)
    if scale.names and which == "y" and not _has_long_names(panel):
        axes.set_yticks(range(len(scale.names)), scale.names, fontsize=8 if len(scale.names) > 12 else 9)
        axes.grid(visible=False, axis="y")
        if scale.from_top:
            axes.set_ylim(len(scale.names) - 0.4, -0.6)
    elif scale.names and which == "y":
        name_rows(
            axes,
            list(range(len(scale.names))),
            scale.names,
            from_top=scale.from_top,
            half=HALF,
            fontsize=8 if len(scale.names) > 12 else 9,
        )
        axes.grid(visible=False, axis="y")
    elif scale.names:
        turned = len(scale.names) > 6 and max(map(len, scale.names)) > 3
        axes.set_xticks(range(len(scale.names)), scale.names, rotation=90 if turned else 0, fontsize=8)
    elif scale.is_share:
        percents(axes, which)
    elif scale.is_money:
        axis.set_major_formatter(_money(axis.get_view_interval()))
    if which == "x" and not scale.names:
        axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))


def _money(ends: object) -> FuncFormatter:
    low, high = (float(one) for one in np.asarray(ends))
    most = max(abs(low), abs(high))
    if most < 5e3:
        return FuncFormatter(lambda value, _: decimal(value, 0 if most > 20 else 1))
    digits = 0 if high - low > 4e3 else 1
    return FuncFormatter(lambda value, _: in_thousands(value, digits) if value else decimal(0))


def _colours(shades: Shades) -> tuple[Colormap, Normalize]:
    return colormaps[DIVERGING if shades.is_around_zero else SEQUENTIAL], Normalize(shades.low, shades.high)


def _bar(axes: Axes, shades: Shades) -> None:
    colours, norm = _colours(shades)
    form = _money((shades.low, shades.high)) if shades.is_money else None
    bar = axes.figure.colorbar(ScalarMappable(norm, colours), ax=axes, format=form, pad=0.02, aspect=28)
    bar.set_label(shades.label, fontsize=8)
    bar.ax.tick_params(labelsize=8)
    bar.outline.set_visible(False)


def _legend(figure: Figure, drawing: Drawing, panels: list[tuple[Axes, Panel]]) -> None:
    """Put a legend beside all panels, each name once."""
    found: dict[str, Artist] = {}
    for axes, _ in panels:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(name, handle)
    if len(found) < (1 if drawing.legend else 2):
        return
    if canvas().is_narrow:
        panels[-1][0].legend(list(found.values()), list(found), frameon=False, fontsize=8)
        return
    legend = figure.legend(
        list(found.values()),
        list(found),
        loc="outside right upper",
        frameon=False,
        fontsize=8,
        title=fill(drawing.legend, 22) if drawing.legend else None,
        title_fontsize=8,
    )
    legend.set_alignment("left")


def _line(axes: Axes, mark: Line, panel: Panel) -> None:
    step: Literal["post"] | None = "post" if mark.is_step else None
    if mark.wide_low is not None and mark.wide_high is not None:
        axes.fill_between(mark.x, mark.wide_low, mark.wide_high, color=mark.colour, alpha=0.10, lw=0)
    if mark.low is not None and mark.high is not None and not mark.has_bars:
        many = sum(isinstance(one, Line) for one in panel.marks) > FEW_BANDS
        axes.fill_between(mark.x, mark.low, mark.high, color=mark.colour, alpha=PALE / 2 if many else PALE, lw=0, step=step)
    if mark.is_filled:
        axes.fill_between(mark.x, mark.y, color=mark.colour, alpha=0.15, lw=0, step=step)
    if mark.low is not None and mark.high is not None and mark.has_bars:
        reach = np.nan_to_num(np.array([mark.y - mark.low, mark.high - mark.y]))
        axes.errorbar(mark.x, mark.y, yerr=np.maximum(reach, 0.0), fmt="none", ecolor=mark.colour, elinewidth=1.0, capsize=2.5)
    axes.plot(
        mark.x,
        mark.y,
        color=mark.colour,
        lw=mark.width if mark.has_line else 0.0,
        ls=mark.style,
        marker=mark.symbol if mark.has_dots else None,
        ms=4.5,
        label=mark.name or None,
        drawstyle="steps-post" if mark.is_step else "default",
    )


def _dots(axes: Axes, mark: Dots, panel: Panel) -> None:
    for ends, is_up in ((mark.across, False), (mark.up, True)):
        if ends is not None:
            middle = mark.y if is_up else mark.x
            reach = np.nan_to_num(np.maximum(np.array([middle - ends[0], ends[1] - middle]), 0.0))
            axes.errorbar(
                mark.x,
                mark.y,
                fmt="none",
                ecolor=mark.colour if mark.shade is None else GREY,
                elinewidth=0.9,
                capsize=0,
                zorder=1.5,
                **{"yerr" if is_up else "xerr": reach},
            )
    if mark.shade is not None and panel.shades is not None:
        colours, norm = _colours(panel.shades)
        axes.scatter(
            mark.x,
            mark.y,
            c=mark.shade,
            cmap=colours,
            norm=norm,
            s=mark.size,
            edgecolors=INK,
            linewidths=0.4,
            marker=mark.symbol,
            label=mark.name or None,
            zorder=2.5,
        )
    else:
        axes.scatter(
            mark.x,
            mark.y,
            s=mark.size,
            marker=mark.symbol,
            label=mark.name or None,
            zorder=2.5,
            clip_on=not any(isinstance(one, Field) for one in panel.marks),
            facecolors="none" if mark.is_hollow else mark.colour,
            edgecolors=mark.colour,
            linewidths=1.3 if mark.is_hollow else 0.4,
        )


def _bars(axes: Axes, mark: Bars, panel: Panel) -> None:  # noqa: ARG001  # as all are called
    reach = None
    if mark.low is not None and mark.high is not None:
        reach = np.nan_to_num(np.maximum(np.array([mark.values - mark.low, mark.high - mark.values]), 0.0))
    axes.barh(
        mark.rows,
        mark.values,
        height=mark.height,
        color=mark.colour,
        label=mark.name or None,
        xerr=reach,
        error_kw={"ecolor": INK, "elinewidth": 0.9, "capsize": 2},
    )


def _boxes(axes: Axes, mark: Boxes, panel: Panel) -> None:  # noqa: ARG001  # as all are called
    for row, (least, low, middle, high, most) in zip(mark.rows, mark.quantiles, strict=True):
        axes.plot([least, most], [row, row], color=mark.colour, lw=1.0)
        axes.add_patch(
            Rectangle((low, row - mark.height / 2), high - low, mark.height, fc=mark.colour, ec=mark.colour, alpha=0.35)
        )
        axes.plot([middle, middle], [row - mark.height / 2, row + mark.height / 2], color=mark.colour, lw=2.0)
    reach = np.nan_to_num(np.maximum(np.array([mark.means - mark.low, mark.high - mark.means]), 0.0))
    axes.errorbar(mark.means, mark.rows, xerr=reach, fmt="D", color=INK, ms=3.5, elinewidth=1.2, capsize=2, lw=0)
    if mark.name:
        axes.barh([np.nan], [np.nan], color=mark.colour, alpha=0.6, label=mark.name)


def _field(axes: Axes, mark: Field, panel: Panel) -> None:  # noqa: ARG001  # as all are called
    colours, norm = _colours(mark.shades)
    axes.grid(visible=False)
    shown = np.ma.masked_invalid(mark.values)
    if mark.is_smooth:
        axes.contourf(mark.x, mark.y, shown, levels=24, cmap=colours, norm=norm)
    else:
        axes.pcolormesh(mark.x, mark.y, shown, cmap=colours, norm=norm, shading="nearest", edgecolors="white", linewidth=0.8)
    if mark.has_lines and np.ptp(shown.compressed() if shown.count() else [0.0]) > 0.0:
        axes.contour(mark.x, mark.y, shown, levels=6, colors=INK, linewidths=0.6, alpha=0.55)
    if mark.marked is not None:
        _outlined(axes, mark)
    for row, texts in zip(mark.y, mark.said, strict=False):
        for column, text in zip(mark.x, texts, strict=False):
            at = mark.values[list(mark.y).index(row), list(mark.x).index(column)]
            red, green, blue, _ = colours(norm(at))
            is_dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < DARK
            axes.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                fontsize=8,
                color="white" if is_dark else INK,
                rotation=turned(len(mark.x)),
            )


def _outlined(axes: Axes, mark: Field) -> None:
    """Outline what may be best: an area, or cells; and the best of all."""
    if mark.marked is None:
        return
    if mark.is_smooth:
        if mark.marked.any() and not mark.marked.all():
            axes.contourf(mark.x, mark.y, mark.marked.astype(float), levels=[0.5, 1.5], colors="none", hatches=["////"])
            axes.contour(mark.x, mark.y, mark.marked.astype(float), levels=[0.5], colors=INK, linewidths=1.4, linestyles="--")
        return
    for row, column in np.argwhere(mark.marked).tolist():
        is_best = mark.best == (row, column)
        corner, width, dashes = (mark.x[column] - 0.46, mark.y[row] - 0.46), 2.4 if is_best else 1.4, (0, (3, 2))
        halo = Rectangle(corner, 0.92, 0.92, fill=False, ec="white", lw=width + 1.6, zorder=3)  # on dark cells
        axes.add_patch(halo)
        line = Rectangle(corner, 0.92, 0.92, fill=False, ec=INK, lw=width, ls="-" if is_best else dashes, zorder=3.1)
        axes.add_patch(line)


def _strands(axes: Axes, mark: Strands, panel: Panel) -> None:
    if panel.shades is None:
        return
    colours, norm = _colours(panel.shades)
    across = np.arange(mark.values.shape[1])
    for which, alpha, width in ((~mark.chosen, 0.35, 0.8), (mark.chosen, 1.0, 2.0)):
        strands = [np.column_stack([across, row]) for row in mark.values[which]]
        axes.add_collection(LineCollection(strands, array=mark.shade[which], cmap=colours, norm=norm, alpha=alpha, lw=width))
    axes.set(xlim=(-0.3, across[-1] + 0.3), ylim=(-0.10, 1.10))
    axes.set_yticks([])
    axes.grid(visible=False)
    for place, (low, high) in enumerate(mark.ends):
        axes.axvline(place, color=GREY, lw=0.8, zorder=1)
        axes.text(place, -0.02, low, ha="center", va="top", fontsize=8)
        axes.text(place, 1.02, high, ha="center", va="bottom", fontsize=8)


def _upright(axes: Axes, mark: Upright, panel: Panel) -> None:  # noqa: ARG001  # as all are called
    (axes.axhline if mark.is_flat else axes.axvline)(mark.at, color=INK, lw=0.7, zorder=1.2)


PAINTERS: dict[type[Mark], Callable[[Axes, Any, Panel], None]] = {
    Line: _line, Dots: _dots, Bars: _bars, Boxes: _boxes, Field: _field, Strands: _strands, Upright: _upright,
}  # fmt: skip
