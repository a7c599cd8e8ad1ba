"""The package's version, and those of what its numbers depend on."""

import platform
from importlib.metadata import version

__version__ = "0.1.0"
NUMBERS_DEPEND_ON = ("simpy", "numpy", "scipy", "pandas")


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that the numbers depend on, by name."""
    return {"Python": platform.python_version(), **{name: version(name) for name in NUMBERS_DEPEND_ON}}


def versions_line() -> str:
    """The same in one line: `Python 3.11.7, simpy 4.1.2`."""
    return ", ".join(f"{name} {number}" for name, number in versions().items())
