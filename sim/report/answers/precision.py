"""The precision of the answer: in a sentence per point, or as rows."""

import math
from functools import partial
from typing import Any

from sim.analysis.frames import by_point, sample
from sim.experiment.precision import FLOOR, GROSS
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.report.text import words
from sim.report.text.translation import decimal, say, say_many


def rows(results: Results) -> list[dict[str, Any]]:
    """Return mean, interval and half-width of the outcome that precision was asked of, a row per point."""
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
    """Say for each point which half-width was reached, in the unit it was asked for in, and whether that is as asked."""
    target = results.manifest["target"] or {"share": None, "half_width": None}
    said = []
    for name, row in zip(words.point_names(results), rows(results), strict=True):
        if target["half_width"] is None:
            reached, wanted, written = row["half_width_share"], target["share"], _PERCENT
        else:
            reached, wanted, written = row["half_width"], target["half_width"], _AMOUNT
        missed = wanted is not None and not reached <= wanted
        text = written[0]
        if missed:  # in as many figures as it takes to tell them apart
            text = next((one for one in written if one(reached) != one(wanted)), written[-1])
        told = say_many(
            "{level}: {outcome} is {mean} ({confidence} interval of the mean {low} to {high}, +-{reached} by the luck of the"
            " draw) after {count} replication.",
            "{level}: {outcome} is {mean} ({confidence} interval of the mean {low} to {high}, +-{reached} by the luck of the"
            " draw) after {count} replications.",
            row["replications"],
            level=name,
            outcome=row["outcome"],
            mean=amount(row["mean"]),
            confidence=words.confidence(),
            low=amount(row["low"]),
            high=amount(row["high"]),
            reached=text(reached),
        )
        if missed:
            told += " " + say("+-{wanted} was asked for and not reached; more replications narrow it.", wanted=text(wanted))
        said.append(told)
    if results.manifest["target"] and int(results.manifest["replications"]) == FLOOR:
        said.append(
            say(
                "{floor} worlds per point are the fewest that --precision and --half-width run: from fewer nobody can tell"
                " whether the interval stays so narrow. For fewer, give --replications.",
                floor=decimal(FLOOR),
            )
        )
    return said


def amount(value: float, figures: int = 3) -> str:
    """Write a number to so many figures, with decimals where it is small: deals are as likely as money."""
    if not value or not math.isfinite(value):
        return words.number(value, 0)
    digits = figures - 1 - math.floor(math.log10(abs(value)))
    return words.number(round(value, digits), max(0, digits))


_PERCENT = [partial(words.percent, digits=digits) for digits in (1, 2, 4, 8)]
_AMOUNT = [partial(amount, figures=figures) for figures in (3, 4, 6, 12)]
