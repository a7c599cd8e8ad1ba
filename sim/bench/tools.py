"""The tools that the bench runs: adapters, one small script each, that say in their header what they need (PEP 723)."""

import hashlib
import re
import shlex
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.bench.families import patterns
from sim.experiment.errors import ResultsError

ADAPTERS = Path(__file__).with_name("adapters")
HEADER = re.compile(r"^# /// script\n(?P<body>(?:^#(?: .*)?\n)+?)^# ///$", re.MULTILINE)
DATA, OUT = "{data}", "{out}"
OWN = "own"


@dataclass(frozen=True)
class Tool:
    """A tool: its command, what its environment holds, and the patterns of hours that it is made for."""

    name: str
    title: str
    command: tuple[str, ...]  # python, data and out are filled in
    patterns: tuple[str, ...]
    packages: tuple[str, ...] = ()
    digest: str = ""

    @property
    def is_installed_apart(self) -> bool:
        """Whether it needs an environment of its own."""
        return bool(self.packages)


def names() -> list[str]:
    """Return the names of the tools that come with an adapter."""
    return sorted(path.stem for path in ADAPTERS.glob("*.py"))


def tool(name: str) -> Tool:
    """Return a tool that comes with an adapter.

    Raises
    ------
    ResultsError
        If there is none of that name.
    """
    if name not in names():
        raise ResultsError(f"--tool {name}: there is no such tool; there are {', '.join(names())}; yours goes with --command")
    script = ADAPTERS / f"{name}.py"
    text = script.read_text(encoding="utf-8")
    found = HEADER.search(text)
    assert found, f"{script} has no header"
    said = tomllib.loads(re.sub(r"^# ?", "", found["body"], flags=re.MULTILINE))
    own = said["tool"]["sim-bench"]
    digest = hashlib.sha256(text.encode()).hexdigest()
    command = ("{python}", "-P", str(script), DATA, OUT)  # -P: an adapter may be called as its package
    return Tool(name, own["title"], command, tuple(own["patterns"]), tuple(said["dependencies"]), digest)


def tool_of_command(command: str, name: str, chosen: Sequence[str]) -> Tool:
    """Return the tool of someone's own command, which must say where data and answer go.

    Raises
    ------
    ResultsError
        If it does not, or a pattern is unknown.
    """
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise ResultsError(f"--command {command!r:.60}: {error}") from None
    for place in (DATA, OUT):
        if not any(place in word for word in words):
            raise ResultsError(
                f'--command: does not say {place}; such as: --command "{Path(sys.executable).name} mine.py {DATA} {OUT}"'
            )
    if not re.fullmatch(r"[\w-]+", name) or name in names():
        raise ResultsError(f"--name {name!r:.40}: give letters and digits, and none of {', '.join(names())}")
    unknown = [pattern for pattern in chosen if pattern not in patterns()]
    if unknown:
        raise ResultsError(f"--pattern {unknown[0]}: there is no such pattern; there are {', '.join(patterns())}")
    return Tool(name, name, words, tuple(chosen) or patterns(), (), hashlib.sha256(command.encode()).hexdigest())
