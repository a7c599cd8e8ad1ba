"""How precise an answer is, in words: the half-width that was reached."""

from pathlib import Path

import pytest

from sim.experiment import Results
from sim.report.answers import precision

AFTER = " by the luck of the draw) after 40 replications."


def said(monkeypatch, middle, half, **target):
    row = {
        "label": "A",
        "outcome": "deals",
        "mean": middle,
        "low": middle - half,
        "high": middle + half,
        "half_width": half,
        "half_width_share": half / abs(middle) if middle else float("nan"),
        "replications": 40,
    }
    monkeypatch.setattr(precision, "rows", lambda results: [row])
    asked = {"outcome": "deals", "share": None, "half_width": None} | target if target else None
    (sentence,) = precision.sentences(
        Results(Path(), {"target": asked, "replications": 40, "points": [{"label": "A", "settings": {}}]})
    )
    return sentence.removeprefix("A: deals is ")


@pytest.mark.parametrize(
    ("middle", "half", "target", "sentence"),
    [
        (10000.0, 480.0, {"share": 0.05}, "10,000 (90 % interval of the mean 9,520 to 10,500, +-4.8 %"),
        (10000.0, 480.0, {}, "10,000 (90 % interval of the mean 9,520 to 10,500, +-4.8 %"),
        (10000.0, 480.0, {"half_width": 500.0}, "10,000 (90 % interval of the mean 9,520 to 10,500, +-480"),
        (3.4, 0.25, {"half_width": 0.3}, "3.40 (90 % interval of the mean 3.15 to 3.65, +-0.250"),
        (0.0, 0.25, {"half_width": 0.3}, "0 (90 % interval of the mean -0.250 to 0.250, +-0.250"),
    ],
)
def test_the_half_width_is_that_which_was_reached_in_the_unit_asked_for(monkeypatch, middle, half, target, sentence):
    """It was a share whatever was asked for, undefined about a mean of zero, and deals were whole numbers."""
    assert said(monkeypatch, middle, half, **target) == f"{sentence}{AFTER}"


@pytest.mark.parametrize(
    ("half", "target", "reached", "wanted"),
    [
        (600.0, {"share": 0.05}, "+-6.0 %", "+-5.0 %"),
        (504.0, {"share": 0.05}, "+-5.04 %", "+-5.00 %"),
        (500.4, {"half_width": 500.0}, "+-500.4", "+-500.0"),
    ],
)
def test_what_was_missed_by_little_can_be_told_from_what_was_asked_for(monkeypatch, half, target, reached, wanted):
    """5.04 % was said to be 5.0 % where 5.0 % was asked for and not reached."""
    end = f" {reached}{AFTER} {wanted} was asked for and not reached; more replications narrow it."
    assert said(monkeypatch, 10000.0, half, **target).endswith(end)
