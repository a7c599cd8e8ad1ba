"""Text that can be shown: which characters a name may have, and how others are written where they are printed."""

import json
import unicodedata
from typing import Final

from sim.remarks import remark

INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, format (which turns direction), surrogate, end of line
JOINERS: Final = "\u200c\u200d"  # of letters, as some scripts need them
ENDS_OF_LINES: Final = "\n\t"


def is_printable(text: str) -> bool:
    """Return whether every character of a text can be seen for what it is: no control, change of direction or end of a line.

    A joiner between two letters can.
    """
    if text.isascii():
        return text.isprintable()
    return all(_is_seen(text, at) for at in range(len(text)))


def escaped(text: str) -> str:
    r"""Return a text for a terminal: characters that cannot be seen, or that control it, are written as `\u001b`.

    Ends of lines and tabs stay. What is escaped within a string of JSON is still the same string.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one in ENDS_OF_LINES or _is_seen(text, at) else _escape(one) for at, one in enumerate(text))


def _is_seen(text: str, at: int) -> bool:
    one = text[at]
    is_joiner = one in JOINERS and 0 < at < len(text) - 1
    return is_joiner or unicodedata.category(one) not in INVISIBLE


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1].replace("\x7f", "\\u007f")


def listed(names: "list[str] | tuple[str, ...]", most: int = 20) -> str:
    """List names for a message, the first of them if there are many."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else remark("{names} and {more} more", names=shown, more=len(names) - most)
