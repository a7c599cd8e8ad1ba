"""The first day: a company that has sold for years has needs, deals and leads under way (docs/model.md, 2.1).

Statistical tests: alpha 0.001, fixed seeds, over the same worlds of 20,000 accounts. Each makes sure that it would find a
pipeline that starts too empty.
"""

import math
from functools import cache

import numpy as np
import pytest
from scipy import stats

from sim.model import World, history, simulate
from sim.model.history import history_of, leads_of_before
from sim.model.market import Market
from sim.model.needs import Need
from sim.model.odds import Odds
from sim.model.stage_durations import course_of, expected_open_deals
from sim.model.streams import Streams
from sim.model.twin import twin_of
from tests.worlds import NO_HEARSAY, SOCIAL_EFFECTS, Only, changed, exact, new, rows, scenario

ALPHA, WORLDS, QUARTER = 0.001, 6, 13
HOURS_PER_WEEK, HOURS_PER_YEAR = 168.0, 8736.0
ACCOUNTS, NEEDS_PER_YEAR = 20_000, 0.2
SHORTLISTED, WON = 0.24, 0.60 * 0.65 * 0.70 * 0.73
VALUE = 30_000.0 * math.exp(0.95**2 / 2.0)
BASE = scenario(
    team={"hours_per_week": 0.0},
    time={"horizon_weeks": 104, "run_off_weeks": 0},
    market={"accounts": ACCOUNTS, "customers": 0, **NO_HEARSAY},
    crises={"per_year": 0.0},
    sales={"capacity_ratio": 3.0},
)
TELLING = changed(
    BASE,
    market={"customers": 6_000, "word_of_mouth": {"peers_asked": 3}},
    customers={"renewal_share": 0.9999999, "trust_slope": 0.0, "questions_per_year": 0.0},
    effects=dict.fromkeys(SOCIAL_EFFECTS, 1.0) | {"recommendation": 2.5, "praise": 1.3},
    sales={"salience_slope": 0.0, "trust_slope": 0.0, "stalls": {"salience_slope": 0.0, "trust_slope": 0.0}},
)


@cache
def lived(telling=False):
    """Some worlds at zero hours."""
    return [simulate(TELLING if telling else BASE, 5, number) for number in range(WORLDS)]


def weekly(name):
    """A figure by world and quarter; shape (worlds, quarters)."""
    found = []
    for record in lived():
        if name in record.weeks.columns:
            amounts = np.array(record.weeks.column(name), dtype=float)
        else:
            amounts = np.sum([kept for key, kept in record.ledger.items() if key.startswith(name)], axis=0)[:104]
        found.append(amounts.reshape(-1, QUARTER).sum(axis=1))
    return np.array(found)


def trend(quarters):
    """p of the null that the figure has no trend: t-test of the slopes of worlds, in means a quarter."""
    numbers = np.arange(quarters.shape[1])
    slopes = [np.polyfit(numbers, one, 1)[0] for one in quarters]
    return float(stats.ttest_1samp(slopes, 0.0).pvalue)


def emptied(quarters):
    """The figure as it would be if half of it were missing in the first quarter, and less in the next ones."""
    return quarters * (1.0 - 0.5 * 0.6 ** np.arange(quarters.shape[1]))


LEADS = ACCOUNTS * NEEDS_PER_YEAR * SHORTLISTED / 4.0  # a quarter
EXPECTED = {"leads/": LEADS, "deals/all": LEADS * WON, "revenue/all": LEADS * WON * VALUE, "qualified/": LEADS * 0.60}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_the_zero_hours_firm_sells_equals_its_closed_form_in_every_quarter(name):
    """Null: the mean of each quarter is needs x shares (x mean value); (compound) Poisson, alpha 0.001 over quarters."""
    found = weekly(name)
    spread = math.exp(0.95**2) if name == "revenue/all" else 1.0  # E value^2 over (E value)^2
    count = EXPECTED[name] / (VALUE if name == "revenue/all" else 1.0) * WORLDS
    errors = (found.mean(axis=0) / EXPECTED[name] - 1.0) / math.sqrt(spread / count)
    assert np.abs(errors).max() < stats.norm.isf(ALPHA / 2.0 / found.shape[1])
    if name == "leads/":
        assert 0.2 * math.sqrt(count) > stats.norm.isf(ALPHA / 2.0 / found.shape[1]) + 3.0, "a fifth less would be found"


@pytest.mark.parametrize("name", [*EXPECTED, "open_deals", "standing_deals"])
def test_nothing_that_is_sold_has_a_trend(name):
    found = weekly(name)
    assert trend(found) > ALPHA
    if name in {"leads/", "open_deals", "standing_deals"}:
        assert trend(emptied(found)) < ALPHA, "a pipeline that starts half empty would show"


def test_an_empty_pipeline_is_found_out(monkeypatch):
    """The same figures of a world without history: what is tested above is not true of just any world."""
    monkeypatch.setattr(history, "_history", lambda *_: history.History((), {}))
    record = simulate(BASE, 5, 0)
    leads = np.sum([kept for key, kept in record.ledger.items() if key.startswith("leads/")], axis=0)[:QUARTER].sum()
    assert leads < 0.05 * LEADS
    assert sum(record.ledger["deals/all"][: 2 * QUARTER]) < 0.1 * LEADS * WON


def test_what_is_under_way_on_the_first_day_is_what_littles_law_says():
    """Null: Poisson counts with the means of Little (1961), at work by `expected_open_deals`. A fifth off would be found."""
    found = [history_of(BASE, 5, number).open for number in range(WORLDS)]
    researching = sum(need.position is None for one in found for need in one)
    at_work = sum(need.position is not None and not need.position.is_standing for one in found for need in one)
    expected = WORLDS * ACCOUNTS * NEEDS_PER_YEAR * QUARTER / 52.0, WORLDS * expected_open_deals(BASE)
    for count, mean in zip((researching, at_work), expected, strict=True):
        assert abs(count - mean) < stats.norm.isf(ALPHA / 2.0) * math.sqrt(mean)
    assert 0.2 * math.sqrt(min(expected)) > stats.norm.isf(ALPHA / 2.0) + 3.0


def test_needs_are_a_renewal_process_across_the_first_day():
    """KS, alpha 0.001: back to the last need as on to the next (it looks alike from either side), intervals by their law."""
    least, rest = 0.4 * HOURS_PER_YEAR / 0.2, 0.6 * HOURS_PER_YEAR / 0.2
    many = changed(BASE, time={"horizon_weeks": 1040})
    market = Market(many, Streams(5, 0))
    back = list(market.ages(1040.0 * HOURS_PER_WEEK))
    on = {(need.account.index, need.number): need.opens_at for need in market.needs()}
    first = np.array([on.get((index, 0), math.nan) for index in range(ACCOUNTS)])
    assert np.isnan(first).mean() < 0.02
    assert stats.ks_2samp(back[0], first[~np.isnan(first)]).pvalue > ALPHA
    assert stats.kstest(back[1] - back[0], stats.expon(least, rest).cdf).pvalue > ALPHA
    both = (back[0] + first)[~np.isnan(first)]
    mean, square = least + rest, rest**2 + (least + rest) ** 2
    assert both.mean() == pytest.approx(square / mean, rel=0.02), "an interval that holds a given day is a long one"
    assert both.min() >= least


def test_decisions_of_before_the_first_day_are_facts_and_the_same_in_both_worlds():
    hours = scenario(team={"hours_per_week": 40.0}, time={"horizon_weeks": 52, "run_off_weeks": 60})
    record, twin = simulate(hours, 2, 0), simulate(twin_of(hours), 2, 0)
    begun = [(a, b) for a, b in zip(rows(record.needs), rows(twin.needs), strict=True) if a["opens_at"] < 0.0]
    assert len(begun) > 100
    differ = 0
    for mine, other in begun:
        past = [number for number, at in enumerate(mine["decided_at"]) if at < 0.0]
        for column in ("steps", "decided_at", "p", "u"):
            assert [mine[column][number] for number in past] == [other[column][number] for number in past]
        assert all(mine["p"][number] == 1.0 for number in past)
        assert mine["weight"] == pytest.approx(math.prod(mine["p"]), rel=1e-12)
        assert mine["lead_at"] == other["lead_at"] or mine["lead_at"] > 0.0
        differ += mine["p"] != other["p"]
    assert differ > 20, "from the first day on, social media moves what is under way"


def test_needs_that_open_later_do_not_depend_on_the_history():
    base = changed(BASE, market={"accounts": 4_000})
    shorter = changed(base, sales={"cycle_weeks": {"median": 4.0, "sigma": 0.1}})  # hardly anything is under way
    columns = ("account", "need", "opens_at", "value", "visits")
    mine, others = (exact(new(simulate(one, 3, 0).needs), *columns) for one in (base, shorter))
    assert mine == others


@pytest.mark.slow
def test_what_buyers_were_told_before_is_there_on_the_first_day():
    """Nearly a third of the market are customers for good: the mean chance of the shortlist is the same in every quarter.

    Null: no slope over quarters, t-test over worlds. Without what was told before, the first quarter would be lower.
    """
    means = []
    for record in lived(telling=True):
        decided = [(row["decided_at"][0], row["p"][0]) for row in rows(record.needs) if row["decided_at"]]
        at, p = np.array([one for one in decided if one[0] >= 0.0]).T
        quarter = (at // (QUARTER * HOURS_PER_WEEK)).astype(int)
        means.append([p[quarter == number].mean() for number in range(8)])
    found = np.array(means)
    assert trend(found) > ALPHA
    assert len(lived(telling=True)[0].recommendations) > 1_000
    untold = 0.24
    assert found[:, 0].mean() > 1.05 * untold, "word of mouth lifts it in the first quarter already"
    assert found[:, 0].mean() == pytest.approx(found[:, 1:].mean(), rel=0.02)


def test_trust_that_starts_off_its_baseline_is_that_of_the_first_day():
    shifted = changed(TELLING, market={"accounts": 400, "customers": 200, "trust": {"start_logit_shift": 0.7}})
    calm = changed(shifted, market={"trust": {"start_logit_shift": 0.0}})
    assert [need.u for need in history_of(shifted, 1, 0).open] == [need.u for need in history_of(calm, 1, 0).open]
    worlds = [World(one, 1, 0) for one in (shifted, calm)]
    told = history_of(calm, 1, 0).told
    assert told
    for index in told:
        above, below = (world.market.account(index) for world in worlds)
        told_logit = math.log(below.trust(0.0) / (1.0 - below.trust(0.0)))
        assert above.trust(0.0) == pytest.approx(1.0 / (1.0 + math.exp(-told_logit - 0.7)), rel=1e-9), "added as log odds"


def test_one_history_serves_a_world_its_twin_and_every_level_of_hours():
    hours = scenario(team={"hours_per_week": 20.0})
    assert history_of(hours, 1, 0) is history_of(twin_of(hours), 1, 0)
    assert history_of(changed(hours, team={"hours_per_week": 5.0}), 1, 0) is history_of(hours, 1, 0)
    before = state_of(history_of(hours, 1, 0))
    short = changed(hours, time={"horizon_weeks": 30})
    record, twin = simulate(short, 1, 0), simulate(twin_of(short), 1, 0)
    simulate(short, 1, 0, twin)
    assert len(record.interactions) > 10
    assert before == state_of(history_of(hours, 1, 0)), "nothing is written"


def state_of(found):
    """All that a history holds, to the bit."""
    slots = [name for name in Need.__slots__ if name != "account"]
    return [repr([need.account.index, *(getattr(need, name) for name in slots)]) for need in found.open] + [repr(found.told)]


def test_a_history_depends_on_what_moves_minds_before_the_first_day():
    """What peers say is worth, what it does to trust, and who is a customer; the cache must tell these apart."""
    base = changed(TELLING, market={"accounts": 2_000, "customers": 600})
    others = (
        changed(base, effects={"praise": 1.0}),
        changed(base, effects={"recommendation": 1.0}),
        changed(base, market={"customers": 0}),
        changed(base, sales={"stages": {"proposal": {"pass_share": 0.5}}}),
    )
    known = {str(state_of(history_of(one, 2, 0))) for one in (base, *others)}
    assert len(known) == 5


def test_leads_of_before_look_like_later_ones():
    """Shares by chi-squared, alpha 0.001: paths, visits. What has passed the first stage did so before the first day."""
    found = [need for number in range(WORLDS) for need in history_of(BASE, 5, number).open]
    later = [row for record in lived() for row in rows(new(record.needs)) if row["recorded_source"]]
    leads = [need for need in found if need.position is not None]
    assert len(leads) > 1_000
    for mine, others in (
        ([need.recorded_source for need in leads], [row["recorded_source"] for row in later]),
        ([bool(need.visits) for need in leads], [bool(row["visits"]) for row in later]),
    ):
        kinds = sorted({*mine, *others})
        table = [[one.count(kind) for kind in kinds] for one in (mine, others)]
        assert stats.chi2_contingency(table).pvalue > ALPHA
        assert len(kinds) > 1
    beyond = [need for need in leads if need.position.stage > 0]
    assert all(need.qualified_at < 0.0 for need in beyond)
    assert all(math.isnan(need.qualified_at) for need in leads if need.position.stage == 0)
    back, may = sum(need.steps_back for need in leads), sum(need.position.stage for need in leads)
    assert back > 0.25 * may, "stages that repeat part of the last take longer, so that more of them are under way"
    standing = [need for need in leads if need.position.is_standing]
    assert all(need.turns[-1][:2] == (need.position.since, "stands_still") for need in standing)
    assert all(need.position.since < 0.0 < need.position.until for need in leads)
    assert all(need.stood_still > 0.0 for need in leads if any(step.endswith("wakes") for step in need.steps))


def test_deals_that_stand_still_are_as_many_as_littles_law_says():
    """Null: leads an hour x share that reaches the stage and stalls there x mean stall. Poisson, alpha 0.001."""
    under_way = [need.position for number in range(WORLDS) for need in history_of(BASE, 5, number).open if need.position]
    standing = sum(position.is_standing for position in under_way)
    course, odds = course_of(BASE), Odds(BASE)
    reaching, expected = ACCOUNTS * NEEDS_PER_YEAR / HOURS_PER_YEAR * SHORTLISTED, 0.0
    for stage, share in zip(odds.stages, (0.60, 0.65, 0.70, 0.73), strict=True):
        expected += reaching * stage.odds.stalled * course.stall.mean
        reaching *= share
    mean = WORLDS * expected
    assert abs(standing - mean) < stats.norm.isf(ALPHA / 2.0) * math.sqrt(mean)
    assert 0.25 * math.sqrt(mean) > stats.norm.isf(ALPHA / 2.0) + 3.0


def test_customers_of_a_rival_are_won_as_seldom_before_the_first_day_as_after_it():
    """All accounts are a rival's, which costs odds at the last stage; with the same draws, but not if they are ours as well."""
    hard = changed(BASE, market={"rivals": {"share_of_accounts": 1.0, "switching_odds": 0.6}})
    ours = changed(hard, market={"customers": ACCOUNTS})
    won = [sum(need.live for need in leads_of_before(one, 5, 0)) for one in (hard, ours)]
    assert won[1] > 1.04 * won[0] > 100, "customers of our own owe no odds to a rival"


@pytest.mark.slow
def test_minds_remember_longer_than_sales_last():
    """Sales of two weeks, trust that fades by half in three years: what was told years ago still counts on the first day.

    Without it, the first half of a year is 5 % lower; the standard error over two worlds is less than 1 %.
    """
    quick = changed(
        TELLING,
        market={
            "accounts": 4_000, "customers": 1_500, "segments": {"all": {"needs_per_year": 1.0}},
            "trust": {"half_life_weeks": 156.0, "baseline": 0.7}, "shortlist": {"research_weeks": 4.0},
        },
        sales={
            "cycle_weeks": {"median": 2.0, "sigma": 0.3},
            "stages": {name: {"pass_share": 0.3} for name in BASE.sales.stages},  # or new customers would tell more and more
        },
        time={"horizon_weeks": 104},
    )  # fmt: skip
    means = []
    for number in range(2):
        decided = [(row["decided_at"][0], row["p"][0]) for row in rows(simulate(quick, 5, number).needs) if row["decided_at"]]
        at, p = np.array([one for one in decided if one[0] >= 0.0]).T
        half = (at // (26.0 * HOURS_PER_WEEK)).astype(int)
        means.append([p[half == number].mean() for number in range(4)])
    first, *_, last = np.mean(means, axis=0)
    assert first == pytest.approx(last, rel=0.03)
    assert history.weeks_remembered(quick) > 5.0 * history.weeks_back(quick)


@pytest.mark.slow
def test_larger_deals_are_followed_back_further():
    """3 % of accounts buy for a million, which takes seven times as long: as many are under way as Little's law says."""
    both = changed(
        BASE,
        market={
            "segments": Only({
                "small": {"share": 0.97, "deal_value": {"median": 10_000.0, "sigma": 0.5}},
                "key": {"share": 0.03, "deal_value": {"median": 1_000_000.0, "sigma": 0.5}},
            })
        },
    )  # fmt: skip
    assert history.weeks_back(both) > 3.0 * history.weeks_back(BASE)
    open_ = [need for number in range(3) for need in history_of(both, 5, number).open if need.position is not None]
    at_work = sum(not need.position.is_standing for need in open_)
    mean = 3 * expected_open_deals(both)
    assert abs(at_work - mean) < stats.norm.isf(ALPHA / 2.0) * math.sqrt(mean)
