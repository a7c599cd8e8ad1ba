"""The package's version, and those of what its numbers depend on."""

import platform
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import version
from pathlib import Path

__version__ = "0.1.0"
NUMBERS_DEPEND_ON = ("simpy", "numpy", "scipy", "pandas")


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that the numbers depend on, by name."""
    return {"Python": platform.python_version(), **{name: version(name) for name in NUMBERS_DEPEND_ON}}


def build() -> str:
    """Return whether the model is run as `pure Python` or `compiled`, and if its sources have changed since then, that too."""
    model = Path(__file__).parent / "model"
    compiled = [path for suffix in EXTENSION_SUFFIXES for path in model.glob(f"*{suffix}")]
    if not compiled:
        return "pure Python"
    is_stale = min(path.stat().st_mtime for path in compiled) < max(path.stat().st_mtime for path in model.glob("*.py"))
    return "compiled before its sources were changed; run: make compiled" if is_stale else "compiled"


def versions_line() -> str:
    """Return the versions in one line: `Python 3.11.7, simpy 4.1.2`."""
    return ", ".join(f"{name} {number}" for name, number in versions().items())
