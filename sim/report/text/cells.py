"""Tables as people read them, and how their cells are written."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.report.text.translation import decimal, say


@dataclass(frozen=True)
class Table:
    """A table that answers a question: part of its file name, what it shows, its data, and the same as text."""

    name: str
    caption: str
    frame: pd.DataFrame
    shown: pd.DataFrame


def frame_of(rows: Iterable[tuple[str, ...]]) -> pd.DataFrame:
    """Turn rows of text under their head into a frame."""
    head, *body = rows
    return pd.DataFrame(body, columns=list(head))


def with_interval(row: "pd.Series[Any]", name: str, said: Callable[[float], str]) -> str:
    """Format a value with its interval in brackets."""
    if pd.isna(row[name]):
        return "–"
    if pd.isna(row[f"{name}_low"]):
        return str(said(row[name]))
    return f"{said(row[name])} [{said(row[f'{name}_low'])}; {said(row[f'{name}_high'])}]"


def dash(value: float, said: Callable[[float], str]) -> str:
    """Format a value, or a dash where there is none."""
    return "–" if pd.isna(value) else said(value)


def waited(hours: float) -> str:
    """Format a time to an answer."""
    return f"{decimal(hours, 1)} h"


def from_to(low: str, high: str) -> str:
    """Write two ends of a range."""
    return say("{low} to {high}", low=low, high=high)


def listed(things: Sequence[str]) -> str:
    """List things in a sentence: `A, B and C`."""
    *others, last = things
    return say("{others} and {last}", others=", ".join(others), last=last) if others else last


def yes_or_no(holds: bool) -> str:
    """Write yes if something holds, else no."""
    return say("yes") if holds else say("no")


def said_hours(hours_: float) -> str:
    """Format a wait in hours or days."""
    if not math.isfinite(hours_):
        return say("never")
    return f"{decimal(hours_)} h" if hours_ < 48 else say("{days} days", days=decimal(hours_ / 24, 1))
