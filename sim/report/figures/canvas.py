"""Canvases of figures: a wide page, which is printed too, or the screen of a phone.

Like the language, it is a context variable: a figure and its helpers ask for it, and none of them has to hand it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

PIXELS = 390  # width of a phone's screen
MARGIN = 16  # on either side of it, in the pages of reports
POINTS = 72.0  # per inch; a point of a figure that is drawn for a phone is one of its pixels


@dataclass(frozen=True)
class Canvas:
    """A place where figures are shown.

    Attributes
    ----------
    width
        Of every figure, in inches; none where each figure has its own.
    letters
        Size of letters in general, in points.
    least
        Size of the smallest letters; no text is smaller.
    """

    width: float | None = None
    letters: float = 10.0
    least: float = 0.0

    @property
    def is_narrow(self) -> bool:
        """Whether panels stand below one another, and legends below panels."""
        return self.width is not None

    def across(self, panels: int) -> int:
        """Return how many of small panels side by side on a wide page do so here."""
        return max(1, panels // 2) if self.is_narrow else panels


WIDE = Canvas()
PHONE = Canvas(width=(PIXELS - 2 * MARGIN) / POINTS, letters=11.5, least=11.0)

_canvas = ContextVar("canvas", default=WIDE)


@contextmanager
def shown_on(place: Canvas) -> Iterator[None]:
    """Draw all figures within the block for a place, `WIDE` or `PHONE`."""
    before = _canvas.set(place)
    try:
        yield
    finally:
        _canvas.reset(before)


def canvas() -> Canvas:
    """Return what figures are drawn for now."""
    return _canvas.get()
