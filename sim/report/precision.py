"""How precise the answer is: one sentence per point, or rows."""

import math
from functools import partial
from typing import Any

from sim.analysis.frames import by_point, sample
from sim.experiment.precision import GROSS
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.report import words


def rows(results: Results) -> list[dict[str, Any]]:
    """Return one row per point: mean, interval and half-width of the outcome whose precision was asked for."""
    outcome = (results.manifest["target"] or {"outcome": GROSS})["outcome"]
    found = []
    for label, frame in zip(results.labels, by_point(results), strict=True):
        estimate = mean(sample(frame, outcome))
        half = estimate.high - estimate.value
        found.append(
            {
                "label": label,
                "outcome": outcome,
                "mean": estimate.value,
                "low": estimate.low,
                "high": estimate.high,
                "half_width": half,
                "half_width_share": half / abs(estimate.value) if estimate.value else float("nan"),
                "replications": int(results.manifest["replications"]),
            }
        )
    return found


def sentences(results: Results) -> list[str]:
    """Return one sentence per point: the half-width reached, in the unit asked for, and whether that is enough."""
    target = results.manifest["target"] or {"share": None, "half_width": None}
    said = []
    for row in rows(results):
        if target["half_width"] is None:
            reached, wanted, written = row["half_width_share"], target["share"], _PERCENT
        else:
            reached, wanted, written = row["half_width"], target["half_width"], _AMOUNT
        missed = wanted is not None and not reached <= wanted
        text = written[0]
        if missed:  # in as many figures as it takes to tell them apart
            text = next((one for one in written if one(reached) != one(wanted)), written[-1])
        end = f"; +-{text(wanted)} was asked for and not reached." if missed else "."
        said.append(
            f"{row['label']}: {row['outcome']} is {amount(row['mean'])} ({words.CONFIDENCE_TEXT} interval"
            f" {amount(row['low'])} to {amount(row['high'])}, +-{text(reached)}) after {row['replications']} replications{end}"
        )
    return said


def amount(value: float, figures: int = 3) -> str:
    """Format a number to some significant figures, with decimals where it is small: it may be deals as well as money."""
    if not value or not math.isfinite(value):
        return words.number(value, 0)
    digits = figures - 1 - math.floor(math.log10(abs(value)))
    return words.number(round(value, digits), max(0, digits))


_PERCENT = [partial(words.percent, digits=digits) for digits in (1, 2, 4, 8)]
_AMOUNT = [partial(amount, figures=figures) for figures in (3, 4, 6, 12)]
