"""The truth, on small records made by hand: labels, netting, first causes, nets, renewals."""

import math
from collections import Counter

import pytest

from sim.measures import causal_effects, evaluate, indirect
from sim.measures.causal_effects import Window
from sim.model import simulate
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.record import Record
from sim.model.twin import twin_of
from tests.worlds import scenario

EVER = Window(0.0, 100 * HOURS_PER_WEEK)
NAN = math.nan


def need(account=1, number=0, *, won=False, closed=50.0, opens=1.0, value=1000.0, p=(0.5, 0.5), u=(0.4, 0.4), path="web",
         source="", first="", last="", touched=False, shaken=0.0, told=0.0, pending=False, weight=0.25):  # fmt: skip
    """A row of needs; times in weeks."""
    closed_at = NAN if pending else closed * HOURS_PER_WEEK
    return (account, number, "all", opens * HOURS_PER_WEEK, (opens + 13) * HOURS_PER_WEEK, closed_at, closed_at,
            won, value, weight,
            list(p), list(u), path, source, first, last, touched, shaken, told, NAN, pending,
            ["shortlist", "first", "second"][: len(p)], [opens] * len(p), "", 0, 0.0, (), ())  # fmt: skip


def worlds(*pairs):
    """A record and its twin from pairs of rows."""
    record, twin = Record(), Record()
    for mine, other in pairs:
        record.needs.add(mine)
        twin.needs.add(other)
    return record, twin


def deals(*pairs, window=EVER):
    table = causal_effects.paired_deals(*worlds(*pairs), window)
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


@pytest.mark.parametrize(
    ("mine", "other", "label"),
    [
        (need(won=True), need(), "caused"),
        (need(), need(won=True), "lost_because"),
        (need(won=True, closed=50), need(won=True, closed=52), "accelerated"),
        (need(won=True, closed=50), need(won=True, closed=51), "accelerated"),
        (need(won=True, closed=50), need(won=True, closed=50.9), "unchanged"),
        (need(won=True, closed=50), need(won=True, closed=50), "unchanged"),
        (need(won=True, closed=52), need(won=True, closed=50), "delayed"),
        (need(pending=True), need(pending=True), "pending"),
        (need(won=True), need(pending=True), "pending"),
        (need(pending=True), need(), "pending"),
    ],
)
def test_a_pair_has_the_label_of_what_became_of_it(mine, other, label):
    (row,) = deals((mine, other))
    assert row["label"] == row["net_label"] == label


def test_a_need_lost_in_both_worlds_is_no_row():
    assert deals((need(closed=50), need(closed=70))) == []


def test_weeks_gained_are_those_by_which_the_twin_is_later():
    (row,) = deals((need(won=True, closed=50), need(won=True, closed=53.5)))
    assert row["weeks_gained"] == pytest.approx(3.5)
    assert (row["closed_week"], row["twin_closed_week"]) == (50.0, 53.5)


def test_true_money_is_what_one_world_has_more():
    rows = deals(
        (need(1, won=True, value=10.0), need(1, value=10.0)),
        (need(2, value=20.0), need(2, won=True, value=20.0)),
        (need(3, won=True, value=40.0), need(3, won=True, value=40.0)),
    )
    assert [row["true_money"] for row in rows] == [10.0, -20.0, 0.0]


def test_a_deal_caused_and_another_lost_at_one_account_is_one_won_at_another_need():
    rows = deals(
        (need(1, 0, won=True), need(1, 0)),
        (need(1, 1), need(1, 1, won=True)),
        (need(1, 2, won=True), need(1, 2)),
        (need(2, 0, won=True), need(2, 0)),
        (need(3, 0), need(3, 0, won=True)),
    )
    assert [row["label"] for row in rows] == ["caused", "lost_because", "caused", "caused", "lost_because"]
    assert [row["net_label"] for row in rows] == [
        "won_at_another_need", "won_at_another_need", "caused", "caused", "lost_because",
    ]  # fmt: skip


def test_netting_never_changes_how_many_more_deals_there_are():
    rows = deals(*[(need(1, n, won=n % 3 != 0), need(1, n, won=n % 3 == 0)) for n in range(9)])
    for column in ("label", "net_label"):
        labels = [row[column] for row in rows]
        assert labels.count("caused") - labels.count("lost_because") == 3


@pytest.mark.parametrize(
    ("mine", "cause"),
    [
        (need(won=True, p=(0.5, 0.6), touched=True), "own_touch"),
        (need(won=True, path="social", touched=True), "own_touch"),
        (need(won=True, p=(0.5, 0.6), told=1.5), "word_of_mouth"),
        (need(won=True, p=(0.5, 0.6), told=1.5, touched=True), "own_touch"),
        (need(won=True, told=1.5), "sales_load"),
        (need(won=True, p=(0.5, 0.6)), "sales_load"),
        (need(won=True, touched=True), "sales_load"),
    ],
)
def test_first_cause_of_a_deal_caused(mine, cause):
    """Same chances and path: only times can differ. Other chances: the account's own touch, if it had any."""
    (row,) = deals((mine, need(path="web")))
    assert row["first_cause"] == cause


def test_after_a_need_that_ended_otherwise_an_untouched_account_differs_for_that():
    rows = deals(
        (need(1, 0, won=True), need(1, 0)),
        (need(1, 1, won=True, p=(0.5, 0.6)), need(1, 1)),
        (need(2, 0, won=True, p=(0.5, 0.6)), need(2, 0)),
    )
    assert [row["first_cause"] for row in rows] == ["sales_load", "earlier_need", "sales_load"]


def test_an_earlier_need_may_lie_in_the_warm_up():
    rows = deals(
        (need(1, 0, won=True, opens=1), need(1, 0, opens=1)),
        (need(1, 1, won=True, opens=20, p=(0.5, 0.6)), need(1, 1, opens=20)),
        window=Window(10 * HOURS_PER_WEEK, 100 * HOURS_PER_WEEK),
    )
    assert [row["first_cause"] for row in rows] == ["earlier_need"]


def test_unchanged_deals_have_no_cause():
    (row,) = deals((need(won=True, p=(0.5, 0.6), touched=True), need(won=True)))
    assert (row["label"], row["first_cause"]) == ("unchanged", "")


def test_recorded_touches_are_those_of_won_deals():
    recorded = {"source": "organic_social", "first": "organic_social", "last": "organic_search"}
    won, lost = deals((need(1, won=True, **recorded), need(1)), (need(2, **recorded), need(2, won=True)))
    assert (won["recorded_source"], won["first_touch"], won["last_touch"]) == (
        "organic_social",
        "organic_social",
        "organic_search",
    )
    assert (lost["recorded_source"], lost["first_touch"], lost["last_touch"]) == ("", "", "")


def test_needs_of_the_warm_up_do_not_count():
    window = Window(10 * HOURS_PER_WEEK, 100 * HOURS_PER_WEEK)
    pairs = [(need(1, won=True, opens=9.9), need(1)), (need(2, won=True, opens=10.0), need(2, opens=10.0))]
    assert [row["account"] for row in deals(*pairs, window=window)] == [2]
    assert causal_effects.net_deals(*worlds(*pairs), window, 0.5)["net_deals"] == 1.0


def test_net_deals_by_hand():
    """Two won here, one there; closing at week 100 is in time, later is not."""
    record, twin = worlds(
        (need(1, won=True, closed=100, value=10.0, weight=0.5), need(1, closed=100, value=10.0, weight=0.25)),
        (need(2, won=True, closed=101, value=20.0, weight=0.75), need(2, won=True, closed=99, value=20.0, weight=0.5)),
        (need(3, closed=50, value=40.0, weight=0.125), need(3, closed=50, value=40.0, weight=0.0)),
    )
    found = causal_effects.net_deals(record, twin, EVER, 0.5)
    expected = {
        "deals": 2.0, "twin_deals": 1.0, "net_deals": 1.0,
        "revenue": 30.0, "twin_revenue": 20.0, "net_revenue": 10.0, "net_margin": 5.0,
        "deals_by_horizon": 1.0, "twin_deals_by_horizon": 1.0, "net_deals_by_horizon": 0.0,
        "net_revenue_by_horizon": -10.0, "net_margin_by_horizon": -5.0,
        "deals_expected": 1.375, "twin_deals_expected": 0.75, "net_deals_expected": 0.625,
        "net_revenue_expected": 2.5 + 5.0 + 5.0, "net_margin_expected": 6.25,
        "net_deals_by_horizon_expected": 0.625 - 0.75, "net_revenue_by_horizon_expected": 5.0 + 5.0 - 12.5,
    }  # fmt: skip
    for name, value in expected.items():
        assert found[name] == pytest.approx(value), name


def test_pending_needs_are_in_time_for_nothing():
    record, twin = worlds((need(1, pending=True, weight=0.5), need(1, pending=True, weight=0.5)))
    found = causal_effects.net_deals(record, twin, EVER, 0.5)
    assert found["deals"] == found["deals_by_horizon"] == found["deals_by_horizon_expected"] == 0.0


def renewal(account=1, contract=0, anniversary=0, *, renewed=True, held=True, p=0.8, weight=0.8, value=100.0, week=60.0,
            expanded=False, p_expands=0.0, grows=0.0):  # fmt: skip
    """A row of renewals; `grows` is the share by which it grows if it does, from no growth before."""
    return (account, contract, anniversary, "all", week * HOURS_PER_WEEK, p, 0.5, renewed, held, weight, value,
            expanded, p_expands, 0.5, value * (1.0 + grows * expanded), value * (1.0 + grows * p_expands))  # fmt: skip


def test_renewals_by_hand():
    record, twin = Record(), Record()
    for row in (renewal(1), renewal(2, renewed=False), renewal(3, held=False, renewed=False, weight=0.1), renewal(4, week=5.0)):
        record.renewals.add(row)
    for row in (renewal(1, renewed=False, p=0.4, weight=0.4), renewal(2, weight=0.7), renewal(3, renewed=True, weight=0.2)):
        twin.renewals.add(row)
    window = Window(10 * HOURS_PER_WEEK, 100 * HOURS_PER_WEEK)
    found = causal_effects.net_renewals(record, twin, window, 0.5)
    assert (found["renewals_due"], found["twin_renewals_due"]) == (2.0, 3.0)
    due = (found["renewals_due_expected"], found["twin_renewals_due_expected"])
    assert due == pytest.approx((1.0 + 1.0 + 0.1 / 0.8, 1.0 + 0.7 / 0.8 + 0.2 / 0.8)), "weights before the decision"
    assert (found["renewals"], found["twin_renewals"], found["net_renewals"]) == (1.0, 2.0, -1.0)
    assert found["net_renewals_expected"] == pytest.approx(0.8 + 0.8 + 0.1 - 0.4 - 0.7 - 0.2)
    assert found["net_renewal_margin"] == pytest.approx(-50.0)

    table = causal_effects.paired_renewals(record, twin, window)
    labels = dict(zip(table["account"], table["label"], strict=True))
    assert labels == {1: "caused", 2: "lost_because", 3: "lost_because"}
    by_account = {account: index for index, account in enumerate(table["account"])}
    assert math.isnan(table["p"][by_account[3]])
    assert table["twin_p"][by_account[1]] == 0.4
    kept = indirect.loyalty(record, twin, window)
    assert kept == pytest.approx({"retention": 0.8, "twin_retention": (0.4 + 0.8 + 0.8) / 3})


def test_renewals_that_grow_by_hand():
    """Realised, 100 and 120 of two renewed; expected, weights 0.8 and 0.5 of 105 and 110. The twin: one of 100."""
    record, twin = Record(), Record()
    record.renewals.add(renewal(1, p_expands=0.25, grows=0.2))
    record.renewals.add(renewal(2, weight=0.5, expanded=True, p_expands=0.5, grows=0.2))
    twin.renewals.add(renewal(1, weight=0.7))
    found = causal_effects.net_renewals(record, twin, EVER, 0.5)
    assert (found["expansions"], found["twin_expansions"], found["net_expansions"]) == (1.0, 0.0, 1.0)
    assert found["expansions_expected"] == pytest.approx(0.8 * 0.25 + 0.5 * 0.5)
    assert found["renewal_margin"] == pytest.approx(0.5 * (100.0 + 120.0))
    assert found["renewal_margin_expected"] == pytest.approx(0.5 * (0.8 * 105.0 + 0.5 * 110.0))
    assert found["net_renewal_margin_expected"] == pytest.approx(0.5 * (0.8 * 105.0 + 0.5 * 110.0 - 0.7 * 100.0))
    table = causal_effects.paired_renewals(record, twin, EVER)
    assert (table["expanded"], table["twin_expanded"], table["p_expands"]) == ([False, True], [False, False], [0.25, 0.5])
    assert table["value"] == [100.0, 100.0]
    assert table["twin_value"][0] == 100.0
    assert math.isnan(table["twin_value"][1])


AHEAD = {"years_ahead": 3, "discount_rate": 0.25, "renewal_share": 0.8}


def left(**customers):
    """Two worlds with a few contracts at the end: ours 100 and 50 held, 80 lapsed, 40 never held; the twin's 100 and 10."""
    record, twin = Record(), Record()
    record.contracts.rows += [(1, -1, "all", True, 100.0, 60.0), (1, 4, "all", True, 50.0, 30.0),
                              (2, -1, "all", False, 80.0, 20.0), (3, 0, "all", False, 40.0, 0.5)]  # fmt: skip
    twin.contracts.rows += [(1, -1, "all", True, 100.0, 55.0), (2, -1, "all", True, 10.0, 5.0)]
    return causal_effects.value_ahead(record, twin, scenario(sales={"margin": 0.4}, customers=AHEAD | customers))


def test_value_ahead_by_hand():
    """Each year 0.8 renew and are worth 1 / 1.25 of the year before: 0.64 + 0.4096 + 0.262144 = 1.311744."""
    found = left()
    assert found["value_ahead"] == pytest.approx(0.4 * 1.311744 * 150.0)
    assert found["twin_value_ahead"] == pytest.approx(0.4 * 1.311744 * 110.0)
    assert found["net_value_ahead"] == pytest.approx(0.4 * 1.311744 * 40.0)
    assert found["value_ahead_expected"] == pytest.approx(0.4 * 1.311744 * 110.5)
    assert found["net_value_ahead_expected"] == pytest.approx(0.4 * 1.311744 * 50.5)


def test_value_ahead_of_no_years_is_nothing():
    assert set(left(years_ahead=0).values()) == {0.0}


def test_value_ahead_without_discount_is_the_sum_of_shares_kept():
    assert left(years_ahead=2, discount_rate=0.0)["value_ahead"] == pytest.approx(0.4 * 150.0 * (0.8 + 0.64))


def test_decisions_show_both_chances_and_the_common_draw():
    record, twin = worlds(
        (need(1, p=(0.5, 0.7), u=(0.4, 0.65)), need(1, p=(0.5, 0.6), u=(0.4, 0.65))),
        (need(2), need(2)),
    )
    found = causal_effects.decisions(record, twin, {(1, 0)})
    assert found == {
        "account": [1, 1], "need": [0, 0], "step": ["shortlist", "first"], "p": [0.5, 0.7],
        "twin_p": [0.5, 0.6], "u": [0.4, 0.65],
    }  # fmt: skip


def test_presence_is_the_mean_chance_to_be_shortlisted():
    record, twin = worlds(
        (need(1, p=(0.3,)), need(1, p=(0.2,))), (need(2, p=(0.5, 0.1)), need(2, p=(0.4,))), (need(3, p=()), need(3, p=()))
    )
    assert indirect.presence(record, twin, EVER) == pytest.approx({"shortlist_share": 0.4, "twin_shortlist_share": 0.3})


def test_sales_without_a_touch_are_caused_and_bear_no_trace():
    pairs = [
        (need(1, won=True, source="organic_search", first="organic_search", last="organic_search"), need(1)),
        (need(2, won=True, source="organic_search", first="organic_social", last="organic_search"), need(2)),
        (need(3, won=True, source="offline_sources", first="offline_sources", last="offline_sources"), need(3, won=True)),
    ]
    table = causal_effects.paired_deals(*worlds(*pairs), EVER)
    assert indirect.sales_without_touch(table) == {"caused_without_touch": 1.0, "caused_without_touch_revenue": 1000.0}


def test_conversations_by_hand():
    record = Record()
    for kind, opened, settled, outcome in (
        ("comment", 0.0, 2.0, "answered"), ("complaint", 1.0, 5.0, "answered"), ("comment", 2.0, 26.0, "missed"),
        ("outreach", 3.0, 4.0, "answered"), ("spam", 3.0, 4.0, "missed"), ("crisis", 3.0, 4.0, "answered"),
        ("comment", 4.0, 9.0, "offline"),
    ):  # fmt: skip
        record.conversations.add((kind, 1, opened, settled, outcome))
    found = indirect.dialogue(record, EVER)
    assert found["messages"] == 3.0
    assert found["replied_in_time_share"] == pytest.approx(2 / 3)
    assert found["reply_hours_median"] == pytest.approx(3.0)
    assert indirect.dialogue(Record(), EVER)["messages"] == 0.0


def test_the_window_is_the_scenarios():
    window = Window.of(scenario(time={"horizon_weeks": 100, "warm_up_weeks": 20}))
    assert window == Window(20 * HOURS_PER_WEEK, 100 * HOURS_PER_WEEK)


def test_labels_and_estimators_are_the_difference_of_the_worlds():
    """Exactly: what labels say in deals and money, gross and netted by account, is net; none is counted twice."""
    for seed in (1, 2):
        busy = scenario(
            team={"hours_per_week": 40.0}, market={"accounts": 600, "segments": {"all": {"needs_per_year": 0.8}}},
            sales={"capacity_ratio": 1.0}, time={"run_off_weeks": 1040},
        )  # fmt: skip
        tables = evaluate(busy, simulate(busy, seed, 0), simulate(twin_of(busy), seed, 0))
        row = {name: column[0] for name, column in tables["outcomes"].items()}
        deals = tables["deals"]
        assert row["gross_pending"] == 0.0
        assert row["gross_caused"] - row["gross_lost_because"] == row["net_deals"] == row["deals"] - row["twin_deals"]
        assert row["netted_caused"] - row["netted_lost_because"] == row["net_deals"]
        assert sum(deals["true_money"]) == row["net_revenue"] == row["revenue"] - row["twin_revenue"]
        assert row["gross_caused"] > row["netted_caused"] > 0.0 or row["netted_won_at_another_need"] == 0.0
        by_cause = Counter(cause for cause, money in zip(deals["first_cause"], deals["true_money"], strict=True) if money)
        assert set(by_cause) <= set(causal_effects.CAUSES)


def test_credibility_is_of_the_buyers_who_would_shortlist_the_brand_in_both_worlds():
    """By hand: two such needs, 0.4 x 0.5 and 0.6 against 0.3 x 0.5 and 0.2; a third is shortlisted here alone."""
    pairs = (
        (need(1, p=(0.5, 0.4, 0.5), u=(0.2, 0.9, 0.9)), need(1, p=(0.4, 0.3, 0.5), u=(0.2, 0.9, 0.9))),
        (need(2, p=(0.5, 0.6), u=(0.3, 0.1)), need(2, p=(0.4, 0.2), u=(0.3, 0.1))),
        (need(3, p=(0.5, 0.9), u=(0.45, 0.1)), need(3, p=(0.4, 0.9), u=(0.45, 0.1))),
    )
    found = indirect.credibility(*worlds(*pairs), EVER)
    assert found == pytest.approx({"win_share": (0.2 + 0.6) / 2, "twin_win_share": (0.15 + 0.2) / 2}, rel=1e-12)
    assert math.isnan(indirect.credibility(Record(), Record(), EVER)["win_share"])
