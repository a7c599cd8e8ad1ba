"""Discrete-event simulation of social-media investment for B2B marketing teams.

For notebooks: `load` a scenario, `run` it against its twin, `sweep` a parameter, `read` results, `compare` them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.version import __version__

__all__ = ["__version__", "compare", "load", "read", "run", "sweep", "twin"]

if TYPE_CHECKING:
    from sim.api import compare, read, run, sweep, twin
    from sim.scenario import load


def __getattr__(name: str) -> Any:
    """Import on first use, so that the command line answers at once."""
    if name in __all__ and name != "__version__":
        return getattr(import_module("sim.scenario" if name == "load" else "sim.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
