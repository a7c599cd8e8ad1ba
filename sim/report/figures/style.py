"""One look for all figures: a colour-blind-safe palette (Okabe and Ito 2008), sizes, saving."""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.dates import ConciseDateFormatter, DateLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, ScalarFormatter

from sim.report.figures.canvas import canvas
from sim.report.figures.phone import Note, figure_of, fit, wrapped
from sim.report.text.translation import decimal, later, months, say
from sim.report.text.words import percent

BLUE, ORANGE, GREEN, RED, SKY, GREY, INK = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#9A9A9A", "#222222",
)  # fmt: skip
YELLOW, PURPLE, VIOLET, NAVY, PALE, BROWN = "#F0E442", "#CC79A7", "#7B4B94", "#1B3A5C", "#E3E3E3", "#8C564B"
KIND_COLOURS = {"raw": GREY, "adapted": SKY, "original": BLUE}
KIND_NAMES = {"raw": later("passed on as it is"), "adapted": later("reworked"), "original": later("made from scratch")}
LINE_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY, NAVY, GREY)
NOTE = "#555555"

LOOK: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "axes.titlesize": 12.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "grid.color": "#E6E6E6",
    "axes.axisbelow": True,
    "text.parse_math": False,  # names are an author's, and no formulas
    "svg.hashsalt": "sim",
    "svg.fonttype": "none",
    "figure.dpi": 110.0,
}
FORMATS = ("png", "svg", "pdf")
DESCRIBED_AS = {"png": "Description", "svg": "Title", "pdf": "Title"}  # what readers of screens take
NAME = 0.92  # of the width, for the name of a row on a phone
MOST_FLAT = 5  # columns of numbers on a phone
ROOMY = 3.0  # times the height of its plots, a figure on a phone has surely room for what is written around them
ROW = 0.6  # inches, of a row of bars on a phone, with its name
BAR, BELOW, ABOVE = 0.31, 0.5, 0.85  # of the distance of rows: half a bar, and what is left free below the rows and above


def drawn(draw: Callable[[Figure], None], width: float = 8.0, height: float = 5.0, plots: float = 2.6) -> Figure:
    """Make a figure in the common look, for the present canvas.

    Save it in the same language, as numbers on axes are written then. Sizes are in inches: of the figure on a wide page, and
    the height of its plots together on a phone.
    """
    place = canvas()
    with mpl.rc_context(LOOK | {"font.size": place.letters}):
        figure = Figure(figsize=(place.width or width, ROOMY * plots if place.is_narrow else height), layout="constrained")
        draw(figure)
        for axes in figure.axes:
            for axis in (axes.xaxis, axes.yaxis):
                if type(axis.get_major_formatter()) is ScalarFormatter:
                    axis.set_major_formatter(_Said())
        if place.is_narrow:
            fit(figure, place, plots)
        return figure


def beside(figure: Figure, panels: int, *, width_ratios: Sequence[float] | None = None, sharey: bool = False) -> list[Axes]:
    """Add panels beside one another, or below one another on a phone."""
    if canvas().is_narrow:
        return list(figure.subplots(panels, 1, sharey=sharey, squeeze=False).flat)
    return list(figure.subplots(1, panels, sharey=sharey, squeeze=False, width_ratios=width_ratios).flat)


def name_rows(
    axes: Axes, places: Sequence[float], names: Sequence[str], *, from_top: bool = False, half: float = BAR, **look: Any
) -> None:
    """Name rows of bars, the first at the bottom or at the top: at the left, or on a phone above bars, which need its width.

    `half` is half the height of a bar, where rows are 1 apart.
    """
    if canvas().is_narrow:
        axes.set_yticks(places, [""] * len(places))
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(min(places) - (ABOVE if from_top else BELOW), max(places) + (BELOW if from_top else ABOVE))
        for place, name in zip(places, names, strict=True):
            said = axes.annotate(name, (0, place + (-half if from_top else half)), (0, 1), xycoords=("axes fraction", "data"),
                                 textcoords="offset points", va="bottom", linespacing=1.0, annotation_clip=False)  # fmt: skip
            said.set_text(wrapped(said, NAME * figure_of(axes).bbox.width))
    else:
        axes.set_yticks(places, names, **look)
    if from_top:
        axes.invert_yaxis()


@dataclass(frozen=True)
class End:
    """The end of a line, and what the line is called there."""

    name: str
    colour: str
    at: float
    value: float
    style: str = "-"
    ink: str = ""  # of the name, where the colour is too pale to be read


def name_lines(axes: Axes, ends: Sequence[End], least: float, gap: float = 8.0, **look: Any) -> None:
    """Name lines at their ends, no closer to one another than `least`; on a phone, in a legend."""
    if canvas().is_narrow:
        axes.legend(handles=[Line2D([], [], color=one.colour, lw=2.0, ls=one.style, label=one_line(one.name)) for one in ends])
        return
    for one, height in zip(ends, apart([one.value for one in ends], least), strict=True):
        axes.annotate(
            one.name, (one.at, height), (gap, 0), textcoords="offset points", color=one.ink or one.colour, va="center", **look
        )


class _Said(ScalarFormatter):
    """Numbers on an axis as matplotlib chooses them, with the decimal mark of the language."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return super().__call__(x, pos).replace(".", decimal(0.5, 1)[1])


class DateLabels(ConciseDateFormatter):
    """Dates on an axis as matplotlib chooses them, with the names of months of the language."""

    def __init__(self, locator: DateLocator) -> None:
        super().__init__(locator)  # type: ignore[no-untyped-call]  # matplotlib has no types here

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Label the ticks."""
        return [months(one) for one in super().format_ticks(values)]  # type: ignore[no-untyped-call]  # nor here

    def get_offset(self) -> str:
        """Return what all labels share, such as the year."""
        return months(str(super().get_offset()))  # type: ignore[no-untyped-call]  # nor here


def in_thousands(amount: float, digits: int = 0) -> str:
    """Format an amount where there is little room: `12k`."""
    return say("{thousands}k", thousands=decimal(amount / 1000, digits))


def gained(amount: float, digits: int = 0) -> str:
    """Format an amount in thousands with its sign: `+12k`."""
    return f"{'-' if amount < 0 else '+'}{in_thousands(abs(amount), digits)}"


def save(figure: Figure, path: Path) -> None:
    """Write a figure in the format of its ending, without the date, so that equal figures are equal files."""
    path.write_bytes(as_bytes(figure, path.suffix[1:]))


def save_described(figure: Figure, path: Path, described: str) -> None:
    """Write a figure in the format of its ending, with a description in it for those who cannot see it."""
    path.write_bytes(as_bytes(figure, path.suffix[1:].lower(), described=described))


def as_bytes(figure: Figure, form: str, outlined: bool = False, described: str = "") -> bytes:
    """Return a figure as the content of a file, with letters as outlines if `outlined`, and a description in its metadata."""
    buffer = io.BytesIO()
    metadata: dict[str, Any] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[form]
    if described:
        metadata |= {DESCRIBED_AS[form]: described}
    with mpl.rc_context(LOOK | ({"svg.fonttype": "path"} if outlined else {})):
        figure.savefig(buffer, format=form, metadata=metadata, dpi=150)
    return buffer.getvalue()


def thousands(axis_of: Axes, which: str = "y") -> None:
    """Label amounts on an axis in thousands."""
    axis = axis_of.yaxis if which == "y" else axis_of.xaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: in_thousands(value) if value else decimal(0)))


def note(axes: Axes, text: str) -> None:
    """Add a note on how to read a panel, in small type between it and its title."""
    axes.set_title(axes.get_title(loc="left"), loc="left", pad=18)
    Note.on(axes, 0, text, fontsize=8, color=NOTE)


def turned(columns: int) -> float:
    """Return how numbers in the cells of a row are turned, in degrees: many do not fit side by side on a phone."""
    return 90.0 if canvas().is_narrow and columns > MOST_FLAT else 0.0


def one_line(text: str) -> str:
    """Join the lines of a text; spaces that do not break stay."""
    return text.replace("\n", " ")


def apart(values: Sequence[float], least: float) -> list[float]:
    """Find places for labels close to their values, but never closer to one another than `least`."""

    def pushed_up(from_: Sequence[float]) -> list[float]:
        places, free = [0.0] * len(from_), -math.inf
        for one in sorted(range(len(from_)), key=lambda number: from_[number]):
            places[one] = max(from_[one], free)
            free = places[one] + least
        return places

    down = pushed_up([-value for value in values])
    return [(up - lower) / 2.0 for up, lower in zip(pushed_up(values), down, strict=True)]


def percents(axis_of: Axes, which: str = "y") -> None:
    """Label shares on an axis in per cent."""
    axis = axis_of.yaxis if which == "y" else axis_of.xaxis
    low, high = axis.get_view_interval()
    digits = next((digits for digits, span in enumerate((0.04, 0.006)) if high - low > span), 2)
    axis.set_major_formatter(FuncFormatter(lambda value, _: percent(float(value), digits)))
