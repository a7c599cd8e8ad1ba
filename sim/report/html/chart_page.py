"""Draw a chart as a page to point at and to zoom: one HTML file with Plotly's script in it, which needs no network."""

import html
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np
from markupsafe import Markup
from matplotlib import colormaps
from matplotlib.colors import to_hex

from sim.experiment.errors import ResultsError
from sim.remarks import remark
from sim.report.figures.charts.marks import (
    Bars,
    Boxes,
    Dots,
    Drawing,
    Field,
    Line,
    Mark,
    Numbers,
    Panel,
    Scale,
    Shades,
    Strands,
    Upright,
)
from sim.report.figures.charts.paint import DIVERGING, SEQUENTIAL
from sim.report.figures.style import GREY, INK
from sim.report.html.markup import write_page
from sim.report.text.translation import decimal, spoken

Trace = dict[str, Any]
DASHES = {"-": "solid", "--": "dash", "-.": "dashdot", ":": "dot"}
SYMBOLS = {"o": "circle", "s": "square", "^": "triangle-up", "D": "diamond", "v": "triangle-down", "P": "cross", "*": "star"}
BELOW = {"orientation": "h", "y": -0.2, "yanchor": "top"}  # a legend, where a scale of colours stands at the right
TITLE_LETTERS = 96  # of a title as wide as a page
STEPS = 16  # of a scale of colours
INCH = 96  # pixels of a screen
BETWEEN = 0.16  # of the height or width, from a panel to the next


def write(drawing: Drawing, path: Path, described: str) -> None:
    """Write a chart as a page, whole or not at all.

    Raises
    ------
    ResultsError
        If Plotly is not installed.
    """
    check_installed()
    from plotly.io import to_html  # noqa: PLC0415  # an extra

    chart = to_html(
        figure_of(drawing),
        full_html=False,
        include_plotlyjs=True,
        validate=False,
        config={"displaylogo": False, "responsive": True, "locale": spoken()},
    )
    title = drawing.title or drawing.panels[0].title
    write_page("chart.html", path, title=title, described=described, chart=Markup(chart), note=drawing.note)


def check_installed() -> None:
    """Check that Plotly can be used.

    Raises
    ------
    ResultsError
        If it is not installed.
    """
    if find_spec("plotly") is None:
        raise ResultsError(remark("--interactive needs Plotly; install it with: pip install 'sim[interactive]'"))


def figure_of(drawing: Drawing) -> Trace:
    """Return a chart as Plotly's schema has it: traces and a layout."""
    traces: list[Trace] = []
    layout: Trace = {
        "font": {"family": "sans-serif", "size": 13, "color": INK},
        "hovermode": "closest",
        "separators": f"{decimal(0.5, 1)[1]}{decimal(1000)[1]}",
        "legend": {"title": {"text": drawing.legend}} | (BELOW if any(one.shades for one in drawing.panels) else {}),
        "margin": {"l": 90, "r": 30, "t": 80, "b": 70},
        "height": _height(drawing),
        "shapes": [],
        "annotations": [],
    }
    if drawing.title:
        layout["title"] = {"text": drawing.title, "x": 0.01}
    for number, (panel, across, up) in enumerate(_placed(drawing), 1):
        own = "" if number == 1 else str(number)
        layout |= _places(panel, across, up, own)
        if drawing.is_matrix:
            _only_outer(layout, panel, drawing, own)
        layout["annotations"] += _head(panel, across, up)
        shaded = "" if drawing.is_matrix else own
        if panel.shades is not None:
            whole = (0.0, 1.0)
            ends = (whole, whole) if drawing.is_matrix else (across, up)
            layout[f"coloraxis{shaded}"] = _colour_axis(panel.shades, *ends)
        for mark in panel.marks:
            traces += [_placed_trace(trace, own, shaded) for trace in MAKERS[type(mark)](mark, panel)]
    return {"data": list(_named_once(traces)), "layout": layout}


def _places(panel: Panel, across: tuple[float, float], up: tuple[float, float], own: str) -> Trace:
    return {
        f"xaxis{own}": _axis(panel.across) | {"domain": across, "anchor": f"y{own}"},
        f"yaxis{own}": _axis(panel.up) | {"domain": up, "anchor": f"x{own}"},
    }


def _head(panel: Panel, across: tuple[float, float], up: tuple[float, float]) -> list[Trace]:
    """Return the title of a panel, if it has one."""
    look = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 14}}
    lines = wrap(panel.title, int(TITLE_LETTERS * (across[1] - across[0])))
    told = "<br>".join(html.escape(one) for one in lines)
    return [{"text": f"<b>{told}</b>", "x": across[0], "y": up[1], "align": "left", **look}] if panel.title else []


def _only_outer(layout: Trace, panel: Panel, drawing: Drawing, own: str) -> None:
    """Keep names and numbers of axes at the left and at the bottom of a matrix."""
    row, column = panel.place or (0, 0)
    last = max(one.place[0] for one in drawing.panels if one.place)
    for axis, is_outer in ((layout[f"xaxis{own}"], row == last), (layout[f"yaxis{own}"], column == 0 and row > 0)):
        axis |= {"showticklabels": is_outer, "nticks": 4, "tickfont": {"size": 10}}
        axis["title"] = {"text": axis["title"]["text"] if is_outer else "", "font": {"size": 10}}


def _placed_trace(trace: Trace, own: str, shaded: str) -> Trace:
    """Put a trace on the axes of its panel, and on its scale of colours if it has one."""
    if trace["type"] == "parcoords":
        return trace
    placed = trace | {"xaxis": f"x{own}", "yaxis": f"y{own}"}
    if "coloraxis" in trace:
        placed["coloraxis"] = f"coloraxis{shaded}"
    if "coloraxis" in trace.get("marker", {}):
        placed["marker"] = trace["marker"] | {"coloraxis": f"coloraxis{shaded}"}
    return placed


def _named_once(traces: list[Trace]) -> Iterator[Trace]:
    """Show each name once in the legend; what is of one name is shown and hidden together."""
    named: set[str] = set()
    for trace in traces:
        name = str(trace.get("name", ""))
        is_new = bool(name) and name not in named
        yield trace if trace["type"] == "parcoords" else trace | {"showlegend": is_new, "legendgroup": name}
        named.add(name)


def _height(drawing: Drawing) -> float:
    rows = 1 if drawing.is_matrix else -(-len(drawing.panels) // drawing.beside)
    return INCH * (rows * drawing.height + 1.6) * (1.0 if drawing.height > 3.0 else 1.2)


def _placed(drawing: Drawing) -> Iterator[tuple[Panel, tuple[float, float], tuple[float, float]]]:
    """Yield panels with their place across and up, as shares of the whole."""
    side = 1 + max((panel.place[0] for panel in drawing.panels if panel.place), default=0)
    beside = side if drawing.is_matrix else drawing.beside
    rows = side if drawing.is_matrix else -(-len(drawing.panels) // beside)
    between = 0.02 if drawing.is_matrix else BETWEEN
    for number, panel in enumerate(drawing.panels):
        row, column = panel.place or divmod(number, beside)
        width, height = (1.0 - between * (beside - 1)) / beside, (1.0 - between * (rows - 1)) / rows
        left, top = column * (width + between), 1.0 - row * (height + between)
        yield panel, _within(left, left + width), _within(top - height, top)


def _within(low: float, high: float) -> tuple[float, float]:
    """Return a stretch between 0 and 1, as Plotly wants it to the last digit."""
    return round(max(0.0, low), 4), round(min(1.0, high), 4)


def _axis(scale: Scale) -> Trace:
    found: Trace = {
        "title": {"text": html.escape(scale.label).replace("\n", "<br>")},
        "automargin": True,
        "zeroline": False,
        "gridcolor": "#E6E6E6",
    }
    if scale.names:
        names = [html.escape(one).replace("\n", "<br>") for one in scale.names]
        found |= {"tickvals": list(range(len(names))), "ticktext": names, "showgrid": False}
    if scale.ends is not None:
        found["range"] = list(scale.ends)
    elif scale.from_top:
        found["autorange"] = "reversed"
    if scale.is_share:
        found["tickformat"] = ".0%"
    return found


def _colour_axis(shades: Shades, across: tuple[float, float], up: tuple[float, float]) -> Trace:
    bar = {
        "title": {"text": html.escape(shades.label), "side": "right"},
        "x": across[1],
        "y": (up[0] + up[1]) / 2.0,
        "len": up[1] - up[0],
        "thickness": 14,
    }
    return _range_of(shades) | {"colorbar": bar}


def _range_of(shades: Shades) -> Trace:
    """Return the colours for numbers, those of the pictures, and their ends."""
    colours = colormaps[DIVERGING if shades.is_around_zero else SEQUENTIAL]
    scale = [[step / STEPS, to_hex(colours(step / STEPS))] for step in range(STEPS + 1)]
    return {"cmin": shades.low, "cmax": shades.high, "colorscale": scale}


def _plain(numbers: Numbers) -> list[float | None]:
    """Return numbers as JSON has them: nothing where undefined, seven digits."""
    return [float(f"{one:.7g}") if np.isfinite(one) else None for one in np.asarray(numbers, dtype=float)]


def _pale(colour: str, alpha: float) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def _reach(middle: Numbers, low: Numbers, high: Numbers, colour: str) -> Trace:
    return {
        "type": "data",
        "symmetric": False,
        "array": _plain(np.nan_to_num(high - middle)),
        "arrayminus": _plain(np.nan_to_num(middle - low)),
        "color": colour,
        "thickness": 1.2,
        "width": 4,
    }


def _line(mark: Line, panel: Panel) -> Iterator[Trace]:  # noqa: ARG001  # as all are called
    shape = "hv" if mark.is_step else "linear"
    for low, high, alpha in ((mark.wide_low, mark.wide_high, 0.1), (mark.low, mark.high, 0.22)):
        if low is not None and high is not None and not (mark.has_bars and alpha > 0.2):
            yield {
                "type": "scatter",
                "mode": "lines",
                "fill": "toself",
                "fillcolor": _pale(mark.colour, alpha),
                "hoverinfo": "skip",
                "x": _plain(np.concatenate([mark.x, mark.x[::-1]])),
                "y": _plain(np.concatenate([high, low[::-1]])),
                "line": {"width": 0, "shape": "linear"},
            }
    mode = "+".join([*(["lines"] if mark.has_line else []), *(["markers"] if mark.has_dots else [])])
    found: Trace = {
        "type": "scatter",
        "mode": mode or "lines",
        "x": _plain(mark.x),
        "y": _plain(mark.y),
        "name": mark.name,
        "line": {"color": mark.colour, "dash": DASHES[mark.style], "shape": shape, "width": mark.width + 0.4},
        "marker": {"symbol": SYMBOLS[mark.symbol], "size": 7},
    }
    if mark.is_filled:
        found |= {"fill": "tozeroy", "fillcolor": _pale(mark.colour, 0.15)}
    if mark.low is not None and mark.high is not None and mark.has_bars:
        found["error_y"] = _reach(mark.y, mark.low, mark.high, mark.colour)
    yield found


def _dots(mark: Dots, panel: Panel) -> Iterator[Trace]:
    look: Trace = {"symbol": SYMBOLS[mark.symbol] + ("-open" if mark.is_hollow else ""), "size": max(5.0, 1.4 * mark.size**0.5)}
    if mark.shade is None or panel.shades is None:
        look["color"] = mark.colour
    else:
        look |= {"color": _plain(mark.shade), "line": {"width": 0.5, "color": INK}}
        # A browser does not come back from plotly.js 4.1.1 (Plotly 7.1.0) where dots share the scale of colours of a contour.
        is_on_field = any(isinstance(one, Field) for one in panel.marks)
        look |= (_range_of(panel.shades) | {"showscale": False}) if is_on_field else {"coloraxis": "coloraxis"}
    found: Trace = {
        "type": "scatter",
        "mode": "markers",
        "x": _plain(mark.x),
        "y": _plain(mark.y),
        "name": mark.name,
        "marker": look,
        "text": [html.escape(one) for one in mark.said],
    }
    bar = mark.colour if mark.shade is None else GREY
    if mark.across is not None:
        found["error_x"] = _reach(mark.x, *mark.across, bar)
    if mark.up is not None:
        found["error_y"] = _reach(mark.y, *mark.up, bar)
    yield found


def _bars(mark: Bars, panel: Panel) -> Iterator[Trace]:  # noqa: ARG001  # as all are called
    found: Trace = {
        "type": "bar",
        "orientation": "h",
        "x": _plain(mark.values),
        "y": _plain(mark.rows),
        "name": mark.name,
        "width": mark.height,
        "offset": -mark.height / 2.0,
        "marker": {"color": mark.colour},
    }
    if mark.low is not None and mark.high is not None:
        found["error_x"] = _reach(mark.values, mark.low, mark.high, INK)
    yield found


def _boxes(mark: Boxes, panel: Panel) -> Iterator[Trace]:  # noqa: ARG001  # as all are called
    least, low, middle, high, most = (_plain(mark.quantiles[:, place]) for place in range(5))
    yield {
        "type": "box",
        "orientation": "h",
        "y": _plain(mark.rows),
        "q1": low,
        "median": middle,
        "q3": high,
        "name": mark.name,
        "lowerfence": least,
        "upperfence": most,
        "width": mark.height,
        "marker": {"color": mark.colour},
    }
    yield {
        "type": "scatter",
        "mode": "markers",
        "x": _plain(mark.means),
        "y": _plain(mark.rows),
        "hoverinfo": "x",
        "marker": {"symbol": "diamond", "size": 6, "color": INK},
        "error_x": _reach(mark.means, mark.low, mark.high, INK),
    }


def _field(mark: Field, panel: Panel) -> Iterator[Trace]:  # noqa: ARG001  # as all are called
    cells = [_plain(row) for row in mark.values]
    whole: Trace = {"x": _plain(mark.x), "y": _plain(mark.y), "z": cells, "coloraxis": "coloraxis"}
    if mark.is_smooth:
        yield {"type": "contour", **whole, "ncontours": 14, "line": {"width": 0.6}}
    else:
        yield {
            "type": "heatmap",
            **whole,
            "xgap": 1,
            "ygap": 1,
            **({"text": [list(row) for row in mark.said], "texttemplate": "%{text}"} if mark.said else {}),
        }
    if mark.marked is None:
        return
    if mark.is_smooth:
        yield {
            "type": "contour",
            "x": whole["x"],
            "y": whole["y"],
            "z": mark.marked.astype(float).tolist(),
            "showscale": False,
            "hoverinfo": "skip",
            "line": {"color": INK, "width": 2, "dash": "dash"},
            "contours": {"type": "constraint", "operation": "=", "value": 0.5},
        }
        return
    for row, column in np.argwhere(mark.marked).tolist():
        left, low = float(mark.x[column]) - 0.46, float(mark.y[row]) - 0.46
        is_best = mark.best == (row, column)
        yield {
            "type": "scatter",
            "mode": "lines",
            "x": [left, left + 0.92, left + 0.92, left, left],
            "y": [low, low, low + 0.92, low + 0.92, low],
            "hoverinfo": "skip",
            "line": {"color": INK, "width": 3.0 if is_best else 1.5, "dash": "solid" if is_best else "dash"},
        }


def _strands(mark: Strands, panel: Panel) -> Iterator[Trace]:
    if panel.shades is None:
        return
    axis = _colour_axis(panel.shades, (0.0, 1.0), (0.0, 1.0))
    dimensions: list[Trace] = [
        {"label": html.escape(name), "values": _plain(mark.raw[:, place])} for place, name in enumerate(mark.names)
    ]
    best = mark.raw[mark.chosen][:, mark.shaded_by]
    dimensions[mark.shaded_by]["constraintrange"] = [float(best.min()), float(best.max())]
    yield {
        "type": "parcoords",
        "dimensions": dimensions,
        "domain": {"x": [0.02, 0.95], "y": [0.0, 0.82]},
        "line": {"color": _plain(mark.shade), "showscale": True, **axis},
    }


def _upright(mark: Upright, panel: Panel) -> Iterator[Trace]:
    """Draw a line that is as long as what is there, as shapes of Plotly know no panels by themselves."""
    values = [part for one in panel.marks for part in _spread(one, is_flat=mark.is_flat)]
    if values:
        ends, at = [min(values), max(values)], [mark.at, mark.at]
        yield {
            "type": "scatter",
            "mode": "lines",
            "hoverinfo": "skip",
            "line": {"color": INK, "width": 1},
            "x": ends if mark.is_flat else at,
            "y": at if mark.is_flat else ends,
        }


def _spread(mark: Mark, *, is_flat: bool) -> list[float]:
    """Return the ends of a mark in one direction."""
    if isinstance(mark, Line | Dots):
        values = mark.x if is_flat else mark.y
    elif isinstance(mark, Bars | Boxes):
        values = mark.rows
        return [] if is_flat else [float(values.min()) - 0.5, float(values.max()) + 0.5]
    else:
        return []
    known = values[np.isfinite(values)]
    return [float(known.min()), float(known.max())] if known.size else []


MAKERS: dict[type[Mark], Callable[[Any, Panel], Iterator[Trace]]] = {
    Line: _line, Dots: _dots, Bars: _bars, Boxes: _boxes, Field: _field, Strands: _strands, Upright: _upright,
}  # fmt: skip
