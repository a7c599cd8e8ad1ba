"""The elements of a chart, whichever library draws it: panels with scales, and marks on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """An axis: what it is called, and the names of its rows (at 0, 1, ...) or of some places, where it has names.

    `is_money` and `is_share` say how numbers on it are written. `from_top` puts the first row at the top.
    """

    label: str = ""
    names: tuple[str, ...] = ()
    ends: tuple[float, float] | None = None
    is_money: bool = False
    is_share: bool = False
    from_top: bool = False


@dataclass(frozen=True)
class Shades:
    """Colours for numbers: what they mean, from where to where, and whether zero is in their middle."""

    label: str
    low: float
    high: float
    is_around_zero: bool = False
    is_money: bool = False


@dataclass(frozen=True)
class Line:
    """A line, perhaps with a band or bars for its interval, and perhaps a paler band for where single worlds lie."""

    x: Numbers
    y: Numbers
    colour: str
    name: str = ""
    low: Numbers | None = None
    high: Numbers | None = None
    wide_low: Numbers | None = None
    wide_high: Numbers | None = None
    has_bars: bool = False
    has_dots: bool = False
    has_line: bool = True
    is_step: bool = False
    is_filled: bool = False
    style: str = "-"
    symbol: str = "o"
    width: float = 1.6


@dataclass(frozen=True)
class Dots:
    """Dots, of one colour or shaded by numbers, perhaps with intervals; `said` is shown where one points at a dot."""

    x: Numbers
    y: Numbers
    colour: str = "#222222"
    name: str = ""
    shade: Numbers | None = None
    across: tuple[Numbers, Numbers] | None = None
    up: tuple[Numbers, Numbers] | None = None
    said: Sequence[str] = ()
    size: float = 26.0
    symbol: str = "o"
    is_hollow: bool = False


@dataclass(frozen=True)
class Bars:
    """Lying bars in rows, with intervals."""

    rows: Numbers
    values: Numbers
    colour: str
    name: str = ""
    low: Numbers | None = None
    high: Numbers | None = None
    height: float = 0.6


@dataclass(frozen=True)
class Boxes:
    """Lying boxes in rows: shape of `quantiles` (rows, 5), from the 5 % quantile to the 95 % one; means with intervals."""

    rows: Numbers
    quantiles: Numbers
    means: Numbers
    low: Numbers
    high: Numbers
    colour: str
    name: str = ""
    height: float = 0.6


@dataclass(frozen=True)
class Field:
    """Colours over an area: of cells in rows and columns, or smooth; shape of `values` (up, across).

    `marked` are cells that are outlined, `best` the one that is outlined more; `said` are texts in cells.
    """

    x: Numbers
    y: Numbers
    values: Numbers
    shades: Shades
    is_smooth: bool = False
    has_lines: bool = False
    said: Sequence[Sequence[str]] = ()
    marked: npt.NDArray[np.bool_] | None = None
    best: tuple[int, int] | None = None


@dataclass(frozen=True)
class Strands:
    """Lines across parallel axes, a row each; `values` has shape (lines, axes), between 0 and 1 from end to end of each axis.

    `raw` holds them as they are, `ends` says the two ends of each axis, `names` are those of the axes. Lines are shaded by one
    of the axes, and those that are `chosen` stand out.
    """

    values: Numbers
    raw: Numbers
    names: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]
    shade: Numbers
    chosen: npt.NDArray[np.bool_]
    shaded_by: int


@dataclass(frozen=True)
class Upright:
    """A line from the bottom to the top, such as at zero, or from side to side."""

    at: float
    is_flat: bool = False


Mark = Line | Dots | Bars | Boxes | Field | Strands | Upright


@dataclass(frozen=True)
class Panel:
    """A panel: what is in it, drawn in this order."""

    title: str
    across: Scale
    up: Scale
    marks: tuple[Mark, ...]
    shades: Shades | None = None
    place: tuple[int, int] | None = None  # in the grid of a matrix


@dataclass(frozen=True)
class Drawing:
    """A chart: panels, how to read them, and in inches how wide it is and how high its plots are together.

    `legend` says what the names of marks are values of. Panels of a matrix have places; others follow one another, so many
    beside each other.
    """

    panels: tuple[Panel, ...]
    note: str
    title: str = ""
    legend: str = ""
    beside: int = 1
    width: float = 8.0
    height: float = 4.6
    is_matrix: bool = False
