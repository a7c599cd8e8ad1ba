"""Pieces of pages: tables, pictures and files within them, with everything in them escaped."""

import base64
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader
from matplotlib.figure import Figure

from sim.report.figures.alt import alt_text
from sim.report.figures.canvas import PHONE, shown_on
from sim.report.figures.style import as_bytes
from sim.report.text.translation import say, spoken

FORMULA = r"=+\-@\t\r"  # what a formula of a spreadsheet begins with, as a class of a regular expression
DIGITS = 7  # of numbers in a file within a page, which would be half as large again in full


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in which a spreadsheet cannot take any text for a formula."""
    risky = re.compile(f"[{FORMULA}]")
    return frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and risky.match(cell) else cell)


def safe_csv(frame: pd.DataFrame, path: Path | None = None, digits: int | None = None) -> str:
    """Write a frame as CSV, guarded against spreadsheets; numbers in full, or to so many digits."""
    form = None if digits is None else f"%.{digits}g"
    text = str(guarded(frame).to_csv(index=False, lineterminator="\n", float_format=form))
    if path is not None:
        path.write_text(text, encoding="utf-8")
    return text


def csv_within(frame: pd.DataFrame) -> str:
    """Embed a frame in a page as CSV: the address of a link."""
    return "data:text/csv;base64," + base64.b64encode(safe_csv(frame, digits=DIGITS).encode()).decode()


@dataclass(frozen=True)
class Picture:
    """A figure in a page: for wide screens and paper, for phones, and in words for those who cannot see it."""

    wide: str
    narrow: str
    alt: str


def picture(draw: Callable[[], Figure]) -> Picture:
    """Draw a figure for either width, to be embedded in a page."""
    figure = draw()
    with shown_on(PHONE):
        return Picture(_address(figure), _address(draw()), alt_text(figure))


def _address(figure: Figure) -> str:
    """Return a figure as the address of an image, with letters as outlines, as its reader may lack the font."""
    return "data:image/svg+xml;base64," + base64.b64encode(_compact(as_bytes(figure, "svg", outlined=True))).decode()


def _compact(svg: bytes) -> bytes:
    """Shorten an SVG: drop comments, metadata, indentation, and decimals beyond a hundredth of a point.

    Numbers below 1 are kept in full, as they may be scales.
    """
    shorter = re.sub(rb"<!--.*?-->|<metadata>.*?</metadata>", b"", svg, flags=re.DOTALL)
    rounded = re.sub(rb"(?<![\d.])[1-9]\d*\.\d{4,}", lambda found: b"%.2f" % float(found[0]), shorter)
    return re.sub(rb"\s+", b" ", rounded).replace(b"> <", b"><")


def html_figure(figure: Figure) -> str:
    """Return a figure as an HTML image, with what it shows in words for those who cannot see it."""
    return f'<img src="{_address(figure)}" alt="{html.escape(alt_text(figure))}" style="max-width: 100%">'


@cache
def _templates() -> Environment:
    found = Environment(loader=PackageLoader("sim.report.html"), autoescape=True)
    found.globals |= {"say": say, "spoken": spoken}
    return found


def write_page(template: str, path: Path, **content: Any) -> None:
    """Write a page whole, or not at all."""
    page = _templates().get_template(template).render(**content)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(page, encoding="utf-8")
    unfinished.replace(path)
