"""Pieces of pages: tables, pictures and files within them, with everything in them escaped."""

import base64
import html
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader
from matplotlib.figure import Figure

from sim.report.figures.alt import alt_text
from sim.report.figures.style import as_bytes
from sim.report.text.translation import say, spoken

DIGITS = 7  # of numbers in a file within a page, which would be half as large again in full


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in which a spreadsheet cannot take any text for a formula."""
    return frame.map(
        lambda cell: f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
    )


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


def picture(figure: Figure) -> str:
    """Embed a figure in a page: the address of an image, with letters as outlines, as its reader may lack the font."""
    return "data:image/svg+xml;base64," + base64.b64encode(as_bytes(figure, "svg", outlined=True)).decode()


def html_figure(figure: Figure) -> str:
    """Return a figure as an HTML image, with what it shows in words for those who cannot see it."""
    return f'<img src="{picture(figure)}" alt="{html.escape(alt_text(figure))}" style="max-width: 100%">'


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
