"""The result of a fit as a file that scenarios extend."""

import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import NormalDist
from typing import Any

from sim.calibrate.estimates import Findings
from sim.calibrate.leads import Leads
from sim.calibrate.wins import NINE_IN_TEN, Answer
from sim.experiment.simplex import whole_of
from sim.experiment.statistics import CONFIDENCE
from sim.model.calendar import DAYS_PER_WEEK
from sim.scenario import Scenario, ScenarioError

FIGURES = 3
DIGITS, SHARE_DIGITS = 6, 4
MOST_PASSED = 1.0 - 1e-6  # no stage passes all


def of_leads(leads: Leads, whole: Answer) -> str:
    """Write YAML with the share of leads that pass each stage, matching the fitted share won, and the length of the cycle.

    A fit of leads gives the share won over all stages, not that of each: each default is raised to the same power. So is either
    end of the 95 % interval, for the ranges.
    """
    stages = Scenario(name="defaults").sales.stages
    usual = math.prod(stage.pass_share for stage in stages.values())
    weeks, spread = _cycle(whole)
    name = "".join(letter if letter.isprintable() else "?" for letter in leads.export.path.name)
    lines = [
        f"# From {name} as of {leads.dates.as_of}: {whole.leads:,} leads, {whole.won:,} won so far.",
        f"# A lead like them is won with {whole.chance.value:.1%} (95 %: {whole.chance.low:.1%} to {whole.chance.high:.1%}).",
        f"# Median days to a win: {whole.median_days.value:.0f} ({whole.median_days.low:.0f} to {whole.median_days.high:.0f}).",
        "# Leads tell the product of the stages alone: each default is taken to the same power.",
        "sales:",
        "  stages:",
    ]
    lines += [f"    {name}: {{pass_share: {_passed(stage.pass_share, usual, whole)}}}" for name, stage in stages.items()]
    lines += [f"  cycle_weeks: {{median: {weeks:.{FIGURES}g}, sigma: {spread:.{FIGURES}g}}}"]
    return "\n".join(lines) + "\n"


def _passed(share: float, usual: float, whole: Answer) -> str:
    """Return the share that passes a stage, raised to the power that makes the overall share the one found."""
    low, likely, high = (
        share ** (math.log(found) / math.log(usual)) for found in (whole.chance.low, whole.chance.value, whole.chance.high)
    )
    low, likely, high = (min(one, MOST_PASSED) for one in (low, likely, high))
    return f"{{low: {low:.{DIGITS}g}, likely: {likely:.{DIGITS}g}, high: {high:.{DIGITS}g}}}"


def _cycle(whole: Answer) -> tuple[float, float]:
    """Return the median in weeks and the sigma of a lognormal that keeps the median and the time within which 90 % win."""
    z = NormalDist().inv_cdf(NINE_IN_TEN)
    return whole.median_days.value / DAYS_PER_WEEK, math.log(whole.most_days / whole.median_days.value) / z


def of_findings(found: Findings, extends: str | None = None) -> str:
    """Write YAML with every estimate as the range of its interval, on top of the file that it extends."""
    name = "".join(letter if letter.isprintable() else "?" for letter in found.export.path.name)
    lines = [f"# From {name}: {found.of}, with their {CONFIDENCE:.0%} intervals."]
    lines += [f"# {remark}" for remark in found.remarks]
    if extends:
        lines.append(f"extends: {json.dumps(extends, ensure_ascii=False)}")
    tree: dict[str, Any] = {}
    likely = _summing_to_one({one.path: one.value for one in found.estimates})
    for one in found.estimates:
        *above, last = one.path.split(".")
        here = tree
        for step in above:
            here = here.setdefault(step, {})
        low, value, high = one.low, likely[one.path], one.high
        here[last] = f"{{low: {min(low, value):.{DIGITS}g}, likely: {value:.{DIGITS}g}, high: {max(high, value):.{DIGITS}g}}}"
    if "channels" in tree:  # a named collection holds no entries but those that are given
        tree["channels"] |= {other: {} for other in Scenario(name="defaults").channels if other not in tree["channels"]}
    return "\n".join([*lines, *_tree(tree, 0)]) + "\n"


def _summing_to_one(values: dict[str, float]) -> dict[str, float]:
    """Round values as they are written; complete sets of shares still sum to 1."""
    written = dict(values)
    for whole in {whole_of(path) for path in values} - {None}:
        parts = {path: round(value, SHARE_DIGITS) for path, value in values.items() if whole_of(path) == whole}
        largest = max(parts, key=lambda path: parts[path])
        parts[largest] = round(1.0 - math.fsum(value for path, value in parts.items() if path != largest), SHARE_DIGITS)
        written |= parts
    return written


def _tree(tree: dict[str, Any], depth: int) -> Iterator[str]:
    for name, below in tree.items():
        if isinstance(below, dict) and below:
            yield f"{'  ' * depth}{name}:"
            yield from _tree(below, depth + 1)
        else:
            yield f"{'  ' * depth}{name}: {below or '{}'}"


def relative(base: Path, overrides: Path) -> str:
    """Return the path of a base as a file of overrides names it: relative to its own folder."""
    return os.path.relpath(base, overrides.parent)


def write(text: str, path: Path) -> None:
    """Write overrides to a file.

    Raises
    ------
    ScenarioError
        If the folder is not there.
    """
    if not path.parent.is_dir():
        raise ScenarioError("there is no such folder", file=str(path.parent), remedy="make it first")
    path.write_text(text, encoding="utf-8")
