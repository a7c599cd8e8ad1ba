"""Tables and paragraphs as HTML, with everything in them escaped, for pages and notebooks."""

import html
from collections.abc import Iterable

import pandas as pd

from sim.report.text.translation import say

FEW = 4  # columns, that a narrow screen can show
MANY = 8  # columns, from which on a table needs small print on paper
NARROW = "&nbsp;%"  # a number and its sign stay on one line


def html_table(frame: pd.DataFrame, name: str) -> str:
    """Return a frame of text as an HTML table that scrolls by keyboard and has a name for those who cannot see it."""
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in frame.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell)).replace(' %', NARROW)}</td>" for cell in row) + "</tr>"
        for row in frame.itertuples(index=False)
    )
    many = ' class="many"' if len(frame.columns) > MANY else ""
    told = html.escape(say("Scroll sideways to see all columns."))
    hint = f' data-hint="{told}"' if len(frame.columns) > FEW else ""
    table = f"<table{many}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide" role="region" tabindex="0" aria-label="{html.escape(name)}"{hint}>{table}</div>'


def heading(text: str) -> str:
    """Set a heading of HTML; nothing for an empty one."""
    return f"<h3>{html.escape(text)}</h3>" if text else ""


def paragraphs(sentences: Iterable[str]) -> str:
    """Set each sentence as a paragraph of HTML."""
    return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)
