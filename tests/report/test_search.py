"""Questions 6 and 12: what tables say is what worlds say."""

import numpy as np
import pytest

from sim.analysis import inputs, splits
from sim.analysis.frames import by_point, sample
from sim.experiment.sensitivity import Index
from sim.model.team import PURPOSES
from sim.report.answers import optimise, sensitivity
from sim.report.text.translation import told_in
from sim.scenario.schema import ACTIVITIES
from tests.small import small

pytestmark = pytest.mark.xdist_group("report")  # one worker makes the results that they share

WORLDS = 12  # of `split`


def test_splits_are_ranked_with_their_gains_and_chances(split):
    table = splits.table(split)
    assert sorted(table["split"]) == ["as it is", "best in the records", "found 1", "found 2"]
    assert table["net_return"].is_monotonic_decreasing
    assert table["chance_of_best"].sum() == pytest.approx(1.0)
    usual = table.set_index("split").loc["as it is"]
    assert usual["gain"] == 0.0
    assert np.allclose(table["gain"], table["net_return"] - usual["net_return"])
    shares = table[[f"{name}_share_asked" for name in ACTIVITIES]]
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert table.set_index("split").loc["found 1", "recruiting_share_asked"] == pytest.approx(0.3)
    hours = table[[f"{name}_hours" for name in PURPOSES]].sum(axis=1)
    given = [sample(by_point(split)[point], "hours").mean() / small().time.horizon_weeks for point in table["point"]]
    assert np.allclose(hours, given)


def test_hours_of_a_split_are_those_of_the_ledger(split):
    table = splits.table(split).set_index("split")
    for label in ("as it is", "found 1"):
        point = split.labels.index(label)
        ledger = split.table("hours")
        own = ledger[ledger["point"] == point]
        for purpose in PURPOSES:
            worked = own.loc[own["activity"] == purpose, "hours"].sum() / small().time.horizon_weeks / WORLDS
            assert table.loc[label, f"{purpose}_hours"] == pytest.approx(worked, abs=0.01)


def test_moves_are_paired_by_world(split):
    table = splits.moves(split)
    row = table.iloc[3]
    point = split.labels.index(f"{row['giver']} > {row['taker']}")
    frames = by_point(split)
    gain = sample(frames[point], "net_return_expected") - sample(frames[0], "net_return_expected")
    assert row["gain"] == pytest.approx(gain.mean())
    assert (table["is_told"] == ~((table["gain_low"] <= 0) & (table["gain_high"] >= 0))).all()


def test_the_answer_names_the_best_and_what_the_records_would_have_cost(split):
    said = " ".join(optimise.sentences(split, splits.table(split), 1e6))
    assert "Best of those tried, in hours worked per week: content 3.7, switching 1.3" in said
    assert "which are weights and not hours: recruiting 30 %" in said
    assert "recruiting was asked for 2.9 hours per week and took 1.1, content for 2.6 and took 3.7" in said
    assert "The split that looks best in the records returns" in said
    assert "loses money" in said
    assert "95 %" in said


def test_splits_that_are_the_same_in_every_world_are_named(split, monkeypatch):
    usual = splits.returns(split, splits.candidates(split))
    assert "The same results" not in " ".join(optimise.sentences(split, splits.table(split), 1e6))
    usual[1] = usual[0]
    monkeypatch.setattr(splits, "returns", lambda results, which: usual[: len(which)])
    assert [split.labels[point] for point in splits.candidates(split)[:2]] == ["as it is", "found 1"]
    table = splits.table(split)
    assert "The same results in every world: as it is, found 1." in list(optimise.sentences(split, table, 1e6))
    with told_in("fr"):
        assert any("dans tous les mondes" in one for one in optimise.sentences(split, table, 1e6))


def test_a_tornado_holds_leads_by_hand(at_ends):
    table = inputs.table(at_ends).set_index("input")
    assert table["loss"].is_monotonic_decreasing
    usual, other = sorted([5.0, 20.0], key=lambda hours: hours != table["usual_hours"].iloc[0])
    frames = {
        label: sample(frame, "net_return_expected") for label, frame in zip(at_ends.labels, by_point(at_ends), strict=True)
    }
    for name, column in (("", "lead"), ("sales.margin low, ", "low_lead"), ("sales.margin high, ", "high_lead")):
        best = max(0.0, frames[f"{name}{other:g} h/week"].mean())
        assert table.loc["sales.margin", column] == pytest.approx(frames[f"{name}{usual:g} h/week"].mean() - best)
    assert table.loc["sales.margin", "loss"] == pytest.approx(-table.loc["sales.margin", ["low_lead", "high_lead"]].min())
    assert table.loc["sales.margin", "low_lead"] < table.loc["sales.margin", "lead"] < table.loc["sales.margin", "high_lead"]


def test_hours_that_pay_nowhere_are_not_funded(at_ends):
    """In this tiny market no level pays, whatever the inputs: no guess changes that."""
    table = inputs.table(at_ends)
    assert (table["hours"] == 0.0).all()
    assert not table["changes_level"].any()
    assert "None of them is enough to show that the hours pay" in " ".join(sensitivity.sentences(at_ends, []))


def test_indices_that_tell_nothing_are_not_quoted(at_ends):
    wide, narrow = Index("sales.margin", 0.5, 0.6, 0.5, 0.6), Index("sales.margin", 0.5, 0.05, 0.6, 0.05)
    assert "too uncertain" in " ".join(sensitivity.sentences(at_ends, [wide]))
    assert "50 % alone and 60 % with" in " ".join(sensitivity.sentences(at_ends, [narrow]))
