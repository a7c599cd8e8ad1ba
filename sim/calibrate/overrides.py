"""What a fit says of a scenario, as a file that scenarios extend."""

import math
from pathlib import Path
from statistics import NormalDist

from sim.calibrate.leads import NINE_IN_TEN, Answer, Leads
from sim.scenario import Scenario, ScenarioError

DAYS_PER_WEEK = 7.0
FIGURES = 3


def of_leads(leads: Leads, whole: Answer) -> str:
    """A YAML file: the share of leads that pass each stage, so that as many are won as the fit says, and the time that takes.

    A fit of leads tells the share won over all stages, not that of each: each default is taken to the same power. So is either
    end of the 95 % interval, for the ranges.
    """
    stages = Scenario(name="defaults").sales.stages
    usual = math.prod(stage.pass_share for stage in stages.values())
    weeks, spread = _cycle(whole)
    name = "".join(letter if letter.isprintable() else "?" for letter in leads.export.path.name)
    lines = [
        f"# From {name} as of {leads.dates.as_of}: {whole.leads:,} leads, {whole.won:,} won so far.",
        f"# Of them {whole.share.value:.1%} will be won (95 %: {whole.share.low:.1%} to {whole.share.high:.1%}).",
        f"# Median days to a win: {whole.median_days.value:.0f} ({whole.median_days.low:.0f} to {whole.median_days.high:.0f}).",
        "# Leads tell the product of the stages alone: each default is taken to the same power.",
        "sales:",
        "  stages:",
    ]
    lines += [f"    {name}: {{pass_share: {_passed(stage.pass_share, usual, whole)}}}" for name, stage in stages.items()]
    lines += [f"  cycle_weeks: {{median: {weeks:.{FIGURES}g}, sigma: {spread:.{FIGURES}g}}}"]
    return "\n".join(lines) + "\n"


def _passed(share: float, usual: float, whole: Answer) -> str:
    """The share that passes a stage, to the power that makes the whole as it was found."""
    low, likely, high = (
        share ** (math.log(found) / math.log(usual)) for found in (whole.share.low, whole.share.value, whole.share.high)
    )
    return f"{{low: {low:.{FIGURES}g}, likely: {likely:.{FIGURES}g}, high: {high:.{FIGURES}g}}}"


def _cycle(whole: Answer) -> tuple[float, float]:
    """Median in weeks, and the standard deviation of its logarithm by which nine in ten take at most as long as was found."""
    z = NormalDist().inv_cdf(NINE_IN_TEN)
    return whole.median_days.value / DAYS_PER_WEEK, math.log(whole.most_days / whole.median_days.value) / z


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
