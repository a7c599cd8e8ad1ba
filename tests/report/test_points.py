"""Levels, cases and lifted limits in one result, and the tables that tell them apart."""

import math
from pathlib import Path

import numpy as np
import pytest

from sim.analysis import customers, levels, limits, mixes, points, work
from sim.analysis.frames import by_point
from sim.experiment import Plan, Results, execute
from sim.experiment.designs import CASE, HOURS, label_of
from sim.experiment.limits import LIFT, with_lifted
from sim.experiment.plan import Point
from sim.report.figures import timeline
from sim.report.figures.style import apart
from sim.report.questions import q07_mix, q10_customers
from sim.report.text.words import headline
from sim.scenario import apply
from tests.small import small, small_results
from tests.worlds import Only, changed

RAW, ORIGINAL = (0.95, 0.05, 0.0), (0.1, 0.1, 0.8)


def plan_of_mixes(replications):
    base = changed(small(), time={"horizon_weeks": 30, "run_off_weeks": 60})
    found = []
    for case, mix in (("mostly raw", RAW), ("mostly original", ORIGINAL)):
        changes = {
            f"content.formats.{kind}.mix": share for kind, share in zip(("raw", "adapted", "original"), mix, strict=True)
        }
        for hours in (20.0, 5.0):
            settings = {HOURS: hours, CASE: case}
            found.append(Point(label_of(settings), apply(base, changes | {HOURS: hours}), settings))
    return Plan("mixes", with_lifted(found, ["acceptance", "training"]), replications, 3)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return execute(plan_of_mixes(3), tmp_path_factory.mktemp("points") / "run")


def test_a_line_is_one_case_in_the_order_of_hours_without_lifted_points(results):
    assert points.lines(results) == {"mostly raw": [1, 0], "mostly original": [3, 2]}
    assert points.line_of(results, 2) == [3, 2]
    assert points.lifted(results)[0, "training"] == 5
    assert len(points.lifted(results)) == 8


def test_points_that_differ_in_other_things_alone_stand_side_by_side():
    one = [{"label": label, "settings": {CASE: label}} for label in ("a", "b", "c")]
    alone = Results(Path(), {"points": [*one, {"label": "b, pool lifted", "settings": {CASE: "b", LIFT: "pool"}}]})
    assert points.line_of(alone, 1) == [0, 1, 2]
    assert points.lifted(alone) == {(1, "pool"): 3}


def test_scenarios_of_the_same_hours_have_limits_lifted_in_their_order():
    """Their points share all settings, as the hours do not tell them apart."""
    hours, limited = {HOURS: 10.0}, [{HOURS: 10.0, LIFT: limit} for limit in ("pool", "training")]
    said = [("a", hours), ("b", hours), *(("", one) for one in (*limited, *limited)), ("c", {HOURS: 5.0, LIFT: "pool"})]
    shared = Results(Path(), {"points": [{"label": label, "settings": settings} for label, settings in said]})
    assert points.lifted(shared) == {(0, "pool"): 2, (0, "training"): 3, (1, "pool"): 4, (1, "training"): 5}


def test_levels_and_the_answer_know_no_lifted_points_and_step_within_a_case(results):
    table = levels.table(results)
    assert table["point"].tolist() == [1, 0, 3, 2]
    frames = by_point(results)
    gained = frames[2]["net_return_expected"].to_numpy() - frames[3]["net_return_expected"].to_numpy()
    cost = frames[2]["cost"].to_numpy() - frames[3]["cost"].to_numpy()
    assert table["step"].iloc[3] == pytest.approx((gained / cost).mean())
    first = frames[3]["net_return_expected"].to_numpy() / frames[3]["cost"].to_numpy()
    assert table["step"].iloc[2] == pytest.approx(first.mean())
    assert "lifted" not in " ".join(headline(results).sentences)


@pytest.mark.parametrize(
    ("low", "highest", "said"),
    [
        (1.0, 1, "The most hours that were tried return most: more may pay still."),
        (-1.0, 1, "More hours were not tried."),
        (1.0, 0, "More hours were not tried."),
    ],
    ids=["pays", "is not shown to pay", "is not the highest"],
)
def test_the_last_level_of_a_case_has_no_next_hours(results, monkeypatch, low, highest, said):
    table = levels.table(results).assign(net_return_low=low)
    monkeypatch.setattr(levels, "table", lambda results: table)
    monkeypatch.setattr(levels, "choice", lambda results, rows: levels.Choice(1, highest, ()))
    assert headline(results).sentences[1].startswith(said)


def test_the_gain_of_a_limit_is_paired_with_its_own_level(results):
    table = limits.table(results).set_index(["point", "limit"])
    frames = by_point(results)
    for base, limit in ((0, "acceptance"), (3, "training")):
        lifted = points.lifted(results)[base, limit]
        gains = frames[lifted]["net_return_expected"].to_numpy() - frames[base]["net_return_expected"].to_numpy()
        assert table.loc[(base, limit), "net_return_gain"] == pytest.approx(gains.mean())
    assert table.loc[(0, "acceptance"), "net_deals_gain"] > 0


def test_what_binds_gains_most_of_those_that_can_be_told_from_zero(results):
    table = limits.table(results)
    for _, rows in table.groupby("point"):
        sure = rows[rows["net_return_gain_low"] > 0]
        expected = [] if sure.empty else [sure["net_return_gain"].idxmax()]
        assert rows.index[rows["binds"]].tolist() == expected
    assert set(limits.binding(results)) == set(range(4))


def test_nobody_is_new_at_five_hours_so_training_changes_nothing_there(results):
    """The one member is practised, and no one is hired."""
    table = limits.table(results).set_index(["point", "limit"])
    assert table.loc[(1, "training"), ["net_deals_gain", "net_return_gain"]].tolist() == [0.0, 0.0]
    assert not table.loc[(1, "training"), "binds"]


def test_hours_of_all_purposes_are_those_given(results):
    for point in range(4):
        table = work.hours(results, point)
        assert len(table) == 13
        assert table["hours_per_week"].sum() * 30 == pytest.approx(by_point(results)[point]["hours"].mean())
        assert table["share"].sum() == pytest.approx(1.0)


def test_drafts_by_stage_are_means_over_worlds(results):
    table = work.drafts(results, 2).set_index("stage")
    own = results.table("stages")
    own = own[(own["point"] == 2) & (own["stage"] == "in review")]
    assert table.loc["in review", "entered_per_month"] == pytest.approx(own["entered"].mean() * (52 / 12) / 30)
    assert table.loc["in review", "wait_hours"] == pytest.approx(own["wait_hours_mean"].mean())
    assert table.loc["in review", "mean_number"] > 0


def test_the_funnel_narrows(results):
    for point in range(4):
        drafts = work.funnel(results, point).set_index("step")["drafts"]
        assert drafts["made"] >= drafts["approved"] >= drafts["published"] > 0
        assert drafts["made"] >= drafts["reviewed"]


def test_a_typical_week_is_open_and_near_the_median(results):
    week = work.typical_week(results, 0)
    weeks = work.rows_of(results, "weeks", 0)
    weeks = weeks[(weeks["replication"] == 0) & (weeks["week"] == week)]
    assert 15 <= week < 30
    assert weeks.filter(like="hours_").sum(axis=1).item() == pytest.approx(20.0, rel=0.1)
    blocks = work.blocks_of(results, 0, week)
    assert (blocks["ended_hour"] - blocks["began_hour"]).sum() == pytest.approx(20.0, rel=0.1)


def test_places_in_a_week_rise_and_nights_are_narrow():
    scale = timeline.Scale(9.0, 17.0, (0, 1, 2, 3, 4))
    places = [scale.place(hour) for hour in np.arange(0.0, 168.0, 0.25)]
    assert np.all(np.diff(places) > 0)
    assert scale.place(17.0) - scale.place(9.0) > 4 * (scale.place(33.0) - scale.place(17.0))
    assert scale.begins(7) == pytest.approx(5.5)
    around_the_clock = timeline.Scale(0.0, 24.0, (0,))
    assert [around_the_clock.place(hour) for hour in (0.0, 12.0)] == pytest.approx([0.08, 0.5])


def test_segments_add_up_to_all_of_them(tmp_path):
    two = changed(small(), market={"segments": Only(large={"share": 0.3}, small={"share": 0.7})})
    found = execute(Plan("two", (Point("a", two, {HOURS: 10.0}),), 2, 1), tmp_path / "run")
    table = customers.by_segment(found).set_index("segment")
    assert list(table.index) == ["large", "small", customers.ALL]
    for column in ("renewals_due", "net_renewals", "money_kept", "value_ahead", "complaints", "messages"):
        assert table.loc["large", column] + table.loc["small", column] == pytest.approx(table.loc[customers.ALL, column])
    outcomes = by_point(found)[0]
    assert table.loc[customers.ALL, "net_renewals"] == pytest.approx(outcomes["net_renewals_expected"].mean())
    assert table.loc[customers.ALL, "value_ahead"] == pytest.approx(outcomes["net_value_ahead_expected"].mean())
    assert table.loc[customers.ALL, "reply_hours_median"] == pytest.approx(outcomes["service_reply_hours_median"].mean())


def test_messages_by_kind_are_those_of_a_year(results):
    table = customers.replies(results, 0).set_index("kind")
    own = results.table("replies")
    own = own[(own["point"] == 0) & (own["kind"] == "customer_question")]
    assert len(table) == 9
    assert table.loc["customer_question", "messages_per_year"] == pytest.approx(own["messages"].mean() * 52 / 30)
    assert table.loc["customer_question", "in_time_share"] == pytest.approx(own["answered"].sum() / own["messages"].sum())


def test_mixes_are_those_that_were_made(results):
    table = mixes.table(results).set_index("point")
    assert table["mix"].tolist() == ["mostly raw", "mostly raw", "mostly original", "mostly original"]
    made = table[["raw_share_made", "adapted_share_made", "original_share_made"]]
    assert made.sum(axis=1).to_numpy() == pytest.approx(np.ones(4))
    assert table[["raw_share_asked", "original_share_asked"]].to_numpy().tolist() == [[0.95, 0.0]] * 2 + [[0.1, 0.8]] * 2
    assert made.loc[1, "raw_share_made"] > 0.8 > made.loc[3, "raw_share_made"]
    assert table.loc[3, "raw_hours_a_piece"] < table.loc[3, "original_hours_a_piece"]
    assert math.isnan(table.loc[1, "original_hours_a_piece"])
    frame = by_point(results)[3]
    margin = frame["net_margin_expected"] + frame["net_renewal_margin_expected"]
    assert table.loc[3, "net_margin_per_hour"] == pytest.approx((margin / frame["hours"]).mean())


def test_the_best_mix_is_told_where_it_beats_every_other_world_by_world(results, monkeypatch):
    returns = {0: [9.0, 10.0, 11.0], 1: [5.0, 6.0, 7.0], 2: [8.0, 11.0, 10.5], 3: [7.0, 8.1, 9.0]}
    frames = [frame.assign(net_return_expected=returns.get(number, 0.0)) for number, frame in enumerate(by_point(results))]
    monkeypatch.setattr(mixes, "by_point", lambda results: frames)
    best = mixes.best_mixes(results)
    assert [(one.hours, one.mix, one.is_told) for one in best] == [(5.0, "mostly original", True), (20.0, "mostly raw", False)]
    assert q07_mix.title(best) == "Returns most: “mostly original” at 5, “mostly raw” at 20 h/week"


def test_labels_are_as_near_as_can_be_without_touching():
    places = apart([1.0, 5.0, 1.1], 0.5)
    assert places == pytest.approx([0.8, 5.0, 1.3])
    assert apart([3.0], 1.0) == [3.0]


def test_how_fast_is_said_only_of_those_who_are_answered(tmp_path):
    """Half an hour of patience: most customers are never answered, and the title of question 10 says how many are."""
    results = small_results(tmp_path / "run", 6, "team.hours_per_week=20", "dialogue.patience_hours=0.5")
    customers = results.table("service")
    share = customers["answered"].sum() / customers["messages"].sum()
    assert 0.0 < share < 0.5
    title = q10_customers.draw(results, 0).axes[0].get_title(loc="left").replace("\n", " ")
    assert title.startswith(f"{100 * share:.0f} % of customers' messages are answered, nine in ten of these within")
