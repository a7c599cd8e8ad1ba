"""The reference of the Python API, made from docstrings: `python -m sim.workflows.reference` writes it."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sim
from sim.workflows.calibration import Reading
from sim.workflows.options import Counted, Run, Worlds
from sim.workflows.results import AskedQuestion, RunResults

REFERENCE = Path("docs/python.md")
OPENING = """# Python

What a notebook can do after `import sim`: the same functions as those of the command line. A [tour](tour.ipynb) shows them at
work. Where a function takes a scenario or results, it also takes their file or folder. At the end: what functions that make
results return, and the options that several functions share.
"""
SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
CODE = "Examples"  # the section that is code
BREAK = "\n\n"
HELD: tuple[type, ...] = (RunResults, AskedQuestion)
OPTIONS: tuple[type, ...] = (Worlds, Counted, Run, Reading)


def reference_markdown() -> str:
    """Build the reference, as Markdown."""
    functions = [name for name in sim.__all__ if not name.startswith("_")]
    parts = [OPENING, "**Functions**: " + ", ".join(f"[{name}](#sim{name})" for name in functions) + ".\n"]
    for name in functions:
        parts += _part(f"sim.{name}", getattr(sim, name))
    for kind in HELD:
        parts += _part(kind.__name__, kind, with_signature=False)
        parts += ["**Methods and properties**\n", *_members(kind), ""]
    for kind in OPTIONS:
        parts += _part(kind.__name__, kind, with_signature=False)
    return "\n".join(parts).rstrip() + "\n"


def _members(kind: type) -> Iterator[str]:
    for name, member in vars(kind).items():
        if not name.startswith("_") and inspect.getdoc(member) and (inspect.isfunction(member) or isinstance(member, property)):
            yield f"- `{name}{_signature(member)}`: {' '.join((inspect.getdoc(member) or '').split(BREAK)[0].split())}"


def _part(title: str, what: Any, *, with_signature: bool = True) -> Iterator[str]:
    yield f"## {title}\n"
    if with_signature:
        yield f"```python\n{title}{_signature(what)}\n```\n"
    summary, *sections = SECTION.split(inspect.getdoc(what) or "")
    yield summary.strip() + "\n"
    for heading, text in zip(sections[::2], sections[1::2], strict=True):
        yield f"**{heading}**\n"
        yield (f"```python\n{text.strip()}\n```" if heading == CODE else "\n".join(_listed(text.strip("\n")))) + "\n"


def _listed(text: str) -> Iterator[str]:
    """Turn `name`, with its meaning indented below, into items of a list."""
    for entry in re.split(r"\n(?=\S)", text):
        name, _, meaning = entry.partition("\n")
        yield f"- `{name}`: {' '.join(meaning.split())}"


def _signature(what: Any) -> str:
    """Write what it takes, without types: the docstring says what they are."""
    if isinstance(what, property):
        return ""
    signature = inspect.signature(what)
    plain = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values() if one.name != "self"]
    return re.sub(r"<function (\w+) at 0x\w+>", r"\1", str(inspect.Signature(plain)))


if __name__ == "__main__":
    REFERENCE.write_text(reference_markdown(), encoding="utf-8")
