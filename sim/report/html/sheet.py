"""A page of its own for what is not a result folder: surveys, ensembles, backcasts. One file that opens offline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.report.html.markup import csv_within, picture, safe_csv, write_page
from sim.report.html.parts import html_table

PAGE = "report.html"


@dataclass(frozen=True)
class Part:
    """A heading, and what stands under it: what draws a figure, how to read it, a table as text, the name of its data."""

    heading: str
    reading: str
    draw: Callable[[], Figure] | None = None
    shown: pd.DataFrame | None = None
    table: str = ""


@dataclass(frozen=True)
class Sheet:
    """The content of a page: the answer first, then its parts, then how it was computed; and its data, by file name."""

    title: str
    opening: str
    sentences: Sequence[str]
    parts: Sequence[Part]
    method: str
    data: dict[str, pd.DataFrame]
    is_stop: bool = False


def files(*tables: str) -> tuple[str, ...]:
    """Return what a folder holds that has a page and these tables."""
    return (PAGE, *tables)


def write(sheet: Sheet, folder: Path) -> None:
    """Write the page and its tables, in a folder that is there."""
    for name, data in sheet.data.items():
        safe_csv(data, folder / name)
    write_page("sheet.html", folder / PAGE, name=sheet.title, sheet=sheet, parts=[_shown(one, sheet) for one in sheet.parts])


def _shown(part: Part, sheet: Sheet) -> dict[str, Any]:
    return {
        "heading": part.heading,
        "reading": part.reading,
        "picture": picture(part.draw) if part.draw else None,
        "table": html_table(part.shown, part.heading) if part.shown is not None else "",
        "csv": csv_within(sheet.data[part.table]) if part.table else "",
        "file": part.table,
    }
