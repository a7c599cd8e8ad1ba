"""How precise the answer is: in a sentence a point, or as rows."""

from typing import Any

from sim.experiment.precision import GROSS
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.report import tables, words


def rows(results: Results) -> list[dict[str, Any]]:
    """Mean, interval and half-width of the outcome that precision was asked of, a row a point."""
    outcome = (results.manifest["target"] or {"outcome": GROSS})["outcome"]
    found = []
    for label, frame in zip(results.labels, tables.by_point(results), strict=True):
        estimate = mean(tables.sample(frame, outcome))
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
    """One a point, and whether that is as precise as was asked for."""
    target = results.manifest["target"]
    said = []
    for row in rows(results):
        near = words.percent(row["half_width_share"], 1)
        text = (
            f"{row['label']}: {row['outcome']} is {words.money(row['mean'])} ({words.CONFIDENCE_TEXT} interval"
            f" {words.money(row['low'])} to {words.money(row['high'])}, +-{near}) after {row['replications']} replications"
        )
        if target is not None:
            share = target["share"]
            enough = row["half_width_share"] <= share if share is not None else row["half_width"] <= target["half_width"]
            wanted = words.percent(share, 1) if share is not None else words.money(target["half_width"])
            text += "." if enough else f"; +-{wanted} was asked for and not reached."
        else:
            text += "."
        said.append(text)
    return said
