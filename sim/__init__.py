"""Discrete-event simulation of social-media investment for B2B marketing teams.

Your company: `start` from about ten numbers, see its `baseline` without social media.
Scenarios: `load` one from its file, change it with `apply`, see its zero-hours `twin`.
Runs: `run` a scenario against its twin, `sweep` parameters, follow a `study`, `resume` what was interrupted, `read` results,
`compare` them, `trace` one account.
Searches: `optimise` the split of the hours, or their schedule; `plan` in stages, with a look at the records between;
`sensitivity` of the answer to its inputs.
Checks: `ensemble` of all parameters that fit the facts, `survey` of simulated executives, `backcast` of your own months;
`warnings`: what would flip the advice, and what to look at early on; `discover` where a condition on outcomes holds.
Your own exports:
`calibrate_leads`, `calibrate_deals`, `calibrate_stages`, `calibrate_renewals`, `calibrate_channel`; before them,
`calibrate_look`.
Files: `plot`, `plot_outcome` of any outcome against any parameter, `write_report`, `export`; `query` results in SQL.
Tools that measure marketing: `credit` of attribution models, world by world, beside the truth; `make_bench`, a bench of
worlds, `run_bench` for any tool, `grade_bench`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.version import __version__

__all__ = [
    "__version__",
    "apply",
    "backcast",
    "baseline",
    "calibrate_channel",
    "calibrate_deals",
    "calibrate_leads",
    "calibrate_look",
    "calibrate_renewals",
    "calibrate_stages",
    "compare",
    "credit",
    "discover",
    "ensemble",
    "export",
    "grade_bench",
    "load",
    "make_bench",
    "optimise",
    "plan",
    "plot",
    "plot_outcome",
    "query",
    "read",
    "resume",
    "run",
    "run_bench",
    "sensitivity",
    "start",
    "study",
    "survey",
    "sweep",
    "trace",
    "twin",
    "warnings",
    "write_report",
]

_HOMES = {
    "sim.scenario": ("apply", "load"),
    "sim.workflows.results": ("read",),
    "sim.workflows.runs": ("compare", "resume", "run", "study", "sweep", "trace", "twin"),
    "sim.workflows.searches": ("optimise", "sensitivity"),
    "sim.workflows.discovery": ("discover",),
    "sim.workflows.checks": ("backcast", "ensemble", "survey"),
    "sim.workflows.calibration": (
        "calibrate_channel", "calibrate_deals", "calibrate_leads", "calibrate_look", "calibrate_renewals",
        "calibrate_stages",
    ),
    "sim.workflows.start": ("baseline", "start"),
    "sim.workflows.staging": ("plan",),
    "sim.workflows.warnings": ("warnings",),
    "sim.workflows.files": ("export", "plot", "query", "write_report"),
    "sim.workflows.charts": ("plot_outcome",),
    "sim.workflows.bench": ("credit", "grade_bench", "make_bench", "run_bench"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

if TYPE_CHECKING:
    from sim.scenario import apply, load
    from sim.workflows.bench import credit, grade_bench, make_bench, run_bench
    from sim.workflows.calibration import (
        calibrate_channel,
        calibrate_deals,
        calibrate_leads,
        calibrate_look,
        calibrate_renewals,
        calibrate_stages,
    )
    from sim.workflows.charts import plot_outcome
    from sim.workflows.checks import backcast, ensemble, survey
    from sim.workflows.discovery import discover
    from sim.workflows.files import export, plot, query, write_report
    from sim.workflows.results import read
    from sim.workflows.runs import compare, resume, run, study, sweep, trace, twin
    from sim.workflows.searches import optimise, sensitivity
    from sim.workflows.staging import plan
    from sim.workflows.start import baseline, start
    from sim.workflows.warnings import warnings


def __getattr__(name: str) -> Any:
    """Import on first use, so that the command line answers at once."""
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name what people use."""
    return sorted(__all__)
