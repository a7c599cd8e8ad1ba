"""Pieces of the page: a picture with its words, a table that is text, a file to take along."""

import base64
import html
from collections.abc import Callable

import pandas as pd
import streamlit as st

from sim.experiment.runner import Progress
from sim.report.html.markup import safe_csv
from sim.report.html.parts import html_table
from sim.report.text.translation import say

MARKED = frozenset("\\`*_{}[]()<>#+-!|$~:")
TABLE_LOOK = """<style>
.wide { overflow-x: auto; } .wide table { border-collapse: collapse; font-size: .85rem; width: 100%; }
.wide th, .wide td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #ddd; vertical-align: top; }
.wide th { background: #f5f5f5; }
@media (max-width: 40rem) {
.wide[data-hint]::before { content: attr(data-hint); color: #555; font-size: .8rem; position: sticky; left: 0; } }
</style>"""


def plain(text: str) -> str:
    """Escape text so that Markdown leaves it as its author wrote it."""
    return "".join(f"\\{one}" if one in MARKED else one for one in text)


def small(text: str) -> None:
    """Show a remark in small print, dark enough to be read."""
    st.html(f'<p style="color: #555; font-size: .875rem; margin: 0">{html.escape(text)}</p>')


def picture(image: bytes, alt: str) -> None:
    """Show a picture (PNG), with a text for those who cannot see it."""
    address = "data:image/png;base64," + base64.b64encode(image).decode()
    st.html(f'<img src="{address}" alt="{html.escape(alt)}" style="width: 100%; max-width: 60rem; height: auto">')


def table(frame: pd.DataFrame, name: str) -> None:
    """Show a table of text as in the report."""
    st.html(TABLE_LOOK + html_table(frame, name))


def as_csv(frame: pd.DataFrame, file: str) -> None:
    """Offer the data of a table for download."""
    st.download_button(say("{file} as CSV", file=file), safe_csv(frame), file, "text/csv", key=f"csv {file}", on_click="ignore")


def progress_of(show_share: Callable[[float, str], object]) -> Progress:
    """Give a function of how many worlds are done, and how many there are, that shows the share in a bar."""
    text = say("Worlds")

    def progress(done: int, total: int) -> None:
        show_share(done / max(total, 1), f"{text}: {done} / {total}")

    return progress
