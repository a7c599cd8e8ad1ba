"""YAML as a scenario may be written: plain data and the line of every key; whatever could surprise is refused.

Read from the parser's events without recursion, so that a hostile file costs no more than its first fault. Scalars are
those of YAML 1.2 (`yes` and `no` are text), and dates.
"""

import datetime as dt
import difflib
import math
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as parsed
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.remarks import remark
from sim.scenario.errors import ScenarioError

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
MAX_NODES = 100_000
MAX_DIGITS = 30
THOUSAND = 3  # digits of a group

KeyPath = tuple[str | int, ...]

WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
INTEGER = re.compile(r"[-+]?[0-9]+")
DIGITS = re.compile(r"[0-9]+")
OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")


@dataclass(frozen=True)
class Text:
    """The content of a file: plain data, and the line at which each key or list item stands."""

    data: Any
    lines: dict[KeyPath, int]


@dataclass
class _Open:
    """A mapping or list whose end has not been read yet."""

    holder: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None


@dataclass
class _Reader:
    """Builds data from events; knows where it is, so that a fault can be placed."""

    file: str | None
    as_written: bool = False
    lines: dict[KeyPath, int] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    result: Any = None
    nodes: int = 0
    documents: int = 0
    line: int = 1

    def take(self, event: Any) -> None:
        """Read one event."""
        self.line = event.start_mark.line + 1
        if isinstance(event, parsed.DocumentStartEvent):
            self._begin_document(event)
        elif isinstance(event, parsed.AliasEvent):
            raise self._fault(
                remark("an alias (*{anchor}) is not allowed", anchor=short(event.anchor)), remark("write the value out")
            )
        elif isinstance(event, parsed.MappingEndEvent | parsed.SequenceEndEvent):
            self.stack.pop()
        elif isinstance(event, parsed.NodeEvent):
            self._take_node(event)

    def _begin_document(self, event: parsed.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._fault(remark("a second document begins"), remark("a file holds one; remove the line ---"))
        if event.tags or event.version not in (None, (1, 2)):
            raise self._fault(remark("directives are not allowed"), remark("remove the line that begins with %"))

    def _take_node(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._fault(remark("more than {most} values", most=MAX_NODES), remark("a scenario has a few hundred"))
        if event.anchor is not None:
            raise self._fault(
                remark("an anchor (&{anchor}) is not allowed", anchor=short(event.anchor)),
                remark("write the value out where it is used"),
            )
        if event.tag is not None:
            raise self._fault(
                remark("a tag ({tag}) is not allowed", tag=short(str(event.tag), 80)),
                remark("remove it; types follow from the field"),
            )
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.holder, dict) and top.key is None:
            top.key = self._new_key(event, top)
            return
        if isinstance(event, parsed.ScalarEvent):
            self._put(self._scalar(event))
            return
        holder: dict[str, Any] | list[Any] = {} if isinstance(event, parsed.MappingStartEvent) else []
        if len(self.stack) >= MAX_DEPTH:
            raise self._fault(remark("nested more than {most} deep", most=MAX_DEPTH), remark("close some brackets"))
        self.stack.append(_Open(holder, self._put(holder)))

    def _new_key(self, event: Any, top: _Open) -> str:
        """Return the text of a mapping's next key, noting its line."""
        key = self._scalar(event) if isinstance(event, parsed.ScalarEvent) else None
        if not isinstance(key, str):
            what = (
                remark("the key {key} is not text", key=repr(short(event.value)))
                if isinstance(event, parsed.ScalarEvent)
                else remark("a key is not text")
            )
            raise self._fault(what, _cut_number(event, top.holder) or remark("write it in quotes if it is meant"))
        if key in top.holder:
            first = self.lines[(*top.path, key)]
            raise self._fault(
                remark("{key} is given twice", key=repr(short(key))),
                remark("keep one; the first is on line {first}", first=str(first)),
            )
        self.lines[(*top.path, key)] = self.line
        return key

    def _put(self, value: Any) -> KeyPath:
        """Store a value where it belongs, and return where that is."""
        if not self.stack:
            self.result = value
            return ()
        top = self.stack[-1]
        if isinstance(top.holder, list):
            path = (*top.path, len(top.holder))
            self.lines[path] = self.line
            top.holder.append(value)
            return path
        assert top.key is not None
        path = (*top.path, top.key)
        top.holder[top.key] = value
        top.key = None
        return path

    def _scalar(self, event: parsed.ScalarEvent) -> Any:
        text: str = event.value
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self._fault(remark("half of a surrogate pair is not a character"), remark("write \\U and eight digits"))
        if not event.implicit[0]:  # quoted, or a block: text whatever it looks like
            return text
        if self.as_written:
            return None if WORDS.get(text, text) is None else text
        if text in WORDS:
            return WORDS[text]
        if INTEGER.fullmatch(text) or OTHER_BASE.fullmatch(text):
            if len(text) > MAX_DIGITS:
                raise self._fault(
                    remark("a number of {digits} digits", digits=str(len(text))),
                    remark("at most {most} are read", most=MAX_DIGITS),
                )
            return int(text, 0) if OTHER_BASE.fullmatch(text) else int(text)
        if NOT_FINITE.fullmatch(text) or (DECIMAL.fullmatch(text) and not math.isfinite(float(text))):
            raise self._fault(remark("{text} is not a number to compute with", text=short(text)), remark("give a finite one"))
        if DECIMAL.fullmatch(text):
            return float(text) + 0.0  # a negative zero is zero
        return self._date(text) if DATE.fullmatch(text) else text

    def _date(self, text: str) -> dt.date:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise self._fault(
                remark("{text} is not a date", text=text), remark("write year-month-day, as 2012-01-02, or put text in quotes")
            ) from None

    def _fault(self, fault: str, remedy: str) -> ScenarioError:
        """Build an error at the key that was being read."""
        path: KeyPath = ()
        if self.stack:
            top = self.stack[-1]
            step = len(top.holder) if isinstance(top.holder, list) else top.key
            path = top.path if step is None else (*top.path, step)
        key = dotted(path) or None
        return ScenarioError(fault, file=self.file, line=self.line, key=key, remedy=remedy)


def _cut_number(event: Any, entries: Any) -> str:
    """Suggest a number for what looks like one that a comma within braces cut in two, such as `{accounts: 18,000}`."""
    rest = event.value if isinstance(event, parsed.ScalarEvent) else ""
    before = str(list(entries.values())[-1]) if entries else ""
    if not INTEGER.fullmatch(before) or not DIGITS.fullmatch(rest):
        return ""
    whole = int(before) != 0 and len(rest) == THOUSAND
    return remark(
        "a comma begins a new entry here; if you mean one number, write {number}",
        number=f"{before}{'' if whole else '.'}{rest}",
    )


def read_text(text: str, file: str | None = None, *, as_written: bool = False) -> Text:
    """Read plain data from YAML text; `as_written` keeps numbers, dates and truth values as text.

    Raises
    ------
    ScenarioError
        Whenever the text is not one plain document: bad syntax, tags, anchors, aliases, directives, keys given twice
        or not text, numbers that are not finite, impossible dates, more depth or values than a scenario can need.
    """
    reader = _Reader(file, as_written)
    for event in _events(text, reader):
        reader.take(event)
    return Text(reader.result, reader.lines)


def read(path: str | os.PathLike[str], *, as_written: bool = False) -> Text:
    """Read plain data from a YAML file whose top is a mapping, as `read_text` does.

    Raises
    ------
    ScenarioError
        As `read_text`; and if the file cannot be read, is too large or not UTF-8, or has no mapping at its top.
    """
    file = os.fspath(path)
    text = read_text(_characters(file), file, as_written=as_written)
    if text.data is None:
        raise ScenarioError(remark("there is nothing in it"), file=file, remedy=remark("give at least `name: ...`"))
    if not isinstance(text.data, dict):
        raise ScenarioError(
            remark("the top is not a mapping"), file=file, line=1, remedy=remark("write lines of the form `key: value`")
        )
    return text


def _events(text: str, reader: _Reader) -> Iterator[Any]:
    """Yield the events of a text; any syntax error that the parser reports becomes a ScenarioError."""
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except ScenarioError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else reader.line
        raise _syntax(error.problem or remark("it cannot be read"), reader.file, line) from None
    except YAMLError as error:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else reader.line
        raise _syntax(str(getattr(error, "reason", "it cannot be read")), reader.file, line) from None
    except (ValueError, OverflowError, AssertionError) as error:
        # the parser lets these through for escapes past the last character and for versions it does not know
        raise _syntax(str(error), reader.file, reader.line) from None


def _syntax(problem: str, file: str | None, line: int) -> ScenarioError:
    return ScenarioError(
        remark("not YAML: {problem}", problem=problem),
        file=file,
        line=line,
        remedy=remark("look for a missing colon, quote, bracket or indent, here or just above"),
    )


def _characters(file: str) -> str:
    """Read the text of a file of at most MAX_BYTES."""
    try:
        if not stat.S_ISREG(Path(file).stat().st_mode) and not Path(file).is_dir():
            raise ScenarioError(
                remark("this is not a file"), file=file, remedy=remark("a pipe or a device cannot be read; save it as a file")
            )
        with Path(file).open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except ScenarioError:
        raise
    except FileNotFoundError:
        raise ScenarioError(remark("no such file"), file=file, remedy=_similar(file)) from None
    except IsADirectoryError:
        raise ScenarioError(remark("this is a folder"), file=file, remedy=remark("name a YAML file in it")) from None
    except (OSError, ValueError) as error:  # ValueError: a path with a null byte
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(remark("it cannot be read: {reason}", reason=reason), file=file) from None
    if len(content) > MAX_BYTES:
        raise ScenarioError(
            remark("larger than {most} bytes", most=MAX_BYTES),
            file=file,
            remedy=remark("a scenario has a few hundred lines"),
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError(remark("this is not UTF-8 text"), file=file, line=line, remedy=remark("save it as UTF-8")) from None


def _similar(file: str) -> str:
    """Suggest which file was meant by a name that does not exist."""
    path = Path(file)
    try:
        there = [other.name for other in path.parent.iterdir() if other.suffix in (".yaml", ".yml")]
    except OSError:
        return remark("there is no folder {folder} either", folder=repr(str(path.parent)))
    close = difflib.get_close_matches(path.name, there, n=1)
    return remark("did you mean {key}?", key=path.with_name(close[0])) if close else remark("check the name")


def dotted(path: KeyPath) -> str:
    """Write a path as people do: `channels.network.reach`; what cannot be printed is escaped."""
    steps = (str(step) if str(step).isprintable() else repr(step) for step in path)
    return short(".".join(steps), 200)


def short(text: str, most: int = 40) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= most else f"{text[:most]}..."
