"""Attribution: hand-made journeys with known answers, and the rules that hold in every world."""

import math
from collections import Counter, defaultdict
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.measures import attribution, evaluate
from sim.measures.attribution import MODELS, Lead, by_source, credit_shares, leads, removal_effects
from sim.measures.causal_effects import Window
from sim.model import simulate
from sim.model.dialogue import ANSWERED
from sim.model.ledger import SOURCES
from sim.model.twin import twin_of
from sim.scenario.schema.measurement import Attribution
from tests.worlds import rows, scenario

SOCIAL, SEARCH, DIRECT, OFFLINE = "organic_social", "organic_search", "direct_traffic", "offline_sources"
SPEC = Attribution(ends_share=0.4, half_life_days=7.0)
WEEK = 168.0


def lead(*sources, won=True, value=1.0, source="", weeks=None):
    """A lead whose touches lie a week apart, the last of them the lead itself."""
    times = [WEEK * week for week in (weeks or range(len(sources)))]
    return Lead(0, 0, tuple(zip(times, sources, strict=True)), source or sources[-1], won, value)


def shares(model, *found):
    """The shares of the first of them."""
    return credit_shares(found, SPEC)[model][0]


LONG = lead(SOCIAL, SEARCH, SOCIAL, DIRECT, source=DIRECT)


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("first_touch", {SOCIAL: 1.0}),
        ("last_touch", {DIRECT: 1.0}),
        ("begun_on_social", {DIRECT: 1.0}),
        ("linear", {SOCIAL: 0.5, SEARCH: 0.25, DIRECT: 0.25}),
        ("position_based", {SOCIAL: 0.4 + 0.1, SEARCH: 0.1, DIRECT: 0.4}),
        # a week is a half-life: weights 1/8, 1/4, 1/2, 1
        ("time_decay", {SOCIAL: 5 / 15, SEARCH: 2 / 15, DIRECT: 8 / 15}),
        # from social half the steps lead to search and half to direct: effects 1, 1/2 and 1
        ("markov", {SOCIAL: 0.4, SEARCH: 0.2, DIRECT: 0.4}),
        ("shapley", {SOCIAL: 1 / 3, SEARCH: 1 / 3, DIRECT: 1 / 3}),
    ],
)
def test_each_model_shares_a_journey_out_by_its_rule(model, known):
    found = shares(model, LONG)
    assert {source: share for source, share in found.items() if share} == pytest.approx(known, rel=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_one_touch_has_all_the_credit(model):
    assert shares(model, lead(OFFLINE)) == {OFFLINE: 1.0}


def test_two_touches_share_by_position_alike():
    assert shares("position_based", lead(SOCIAL, OFFLINE)) == {SOCIAL: 0.5, OFFLINE: 0.5}


@pytest.mark.parametrize(("touch", "credit"), [(SOCIAL, 1.0), (OFFLINE, 0.0)])
@pytest.mark.parametrize("model", MODELS)
def test_journeys_of_social_alone_have_all_credit_and_those_without_it_none(model, touch, credit):
    """Whatever other leads of the world went through."""
    alone = lead(touch, touch, touch)
    others = [lead(SOCIAL, SEARCH), lead(SEARCH, won=False)]
    for found in ([alone], [alone, *others]):
        shares_of = credit_shares(found, SPEC)
        deals = {"account": [0], "need": [0]}
        assert shares_of[model][0] == pytest.approx({touch: 1.0}, rel=1e-12)
        assert attribution.to_social(deals, [alone], shares_of)[f"credit_{model}"] == pytest.approx([credit], rel=1e-12)


JOURNEYS = st.lists(
    st.tuples(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=8), st.booleans(), st.floats(1.0, 1e6)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(JOURNEYS, st.floats(0.0, 0.5), st.floats(0.1, 1e3))
def test_every_won_deal_is_shared_out_wholly_whatever_the_journeys(journeys, ends_share, half_life_days):
    found = [lead(*sources, won=won, value=value) for sources, won, value in journeys]
    all_shares = credit_shares(found, Attribution(ends_share=ends_share, half_life_days=half_life_days))
    table = by_source(found, all_shares)
    won = [one for one in found if one.won]
    for model in MODELS:
        assert len(all_shares[model]) == len(won)
        for one, parts in zip(won, all_shares[model], strict=True):
            assert math.fsum(parts.values()) == pytest.approx(1.0, rel=1e-12)
            assert min(parts.values()) >= 0.0
            assert set(parts) <= set(one.sources)
        money = [revenue for name, revenue in zip(table["model"], table["revenue"], strict=True) if name == model]
        assert math.fsum(money) == pytest.approx(math.fsum(one.value for one in won), rel=1e-12)


def test_the_order_of_touches_matters_where_it_should():
    """Linear and Shapley only ask which sources there are; the rules of ends and of age know where social stood."""
    orders = list(permutations([SOCIAL, SEARCH, DIRECT, SOCIAL, OFFLINE]))
    credit = {
        model: {round(shares(model, lead(*order, source=OFFLINE)).get(SOCIAL, 0.0), 12) for order in orders} for model in MODELS
    }
    assert credit["linear"] == {0.4}
    assert credit["shapley"] == {0.25}
    assert credit["begun_on_social"] == {0.0}
    assert credit["first_touch"] == credit["last_touch"] == {0.0, 1.0}
    # at both ends, at one end and between, or twice between, where three share a fifth
    assert credit["position_based"] == {0.8, round(0.4 + 0.2 / 3, 12), round(0.4 / 3, 12)}
    assert len(credit["time_decay"]) == math.comb(5, 2)


def test_touches_at_the_same_moment_decay_alike():
    assert shares("time_decay", lead(SOCIAL, SEARCH, OFFLINE, weeks=[3, 3, 3])) == pytest.approx(
        {SOCIAL: 1 / 3, SEARCH: 1 / 3, OFFLINE: 1 / 3}
    )


def test_removal_effects_are_those_of_the_chain():
    """By hand: start to A 2/3, to B 1/3; A to B 1/2, to null 1/2; B to conversion 1/2, to null 1/2.

    So 2/3 x 1/2 x 1/2 + 1/3 x 1/2 = 1/3 convert. Without A, 1/3 x 1/2 = 1/6 do; without B, none.
    """
    found = [lead("A", "B"), lead("B", won=False), lead("A", won=False)]
    assert removal_effects(found) == pytest.approx({"A": 0.5, "B": 1.0}, rel=1e-12)
    assert credit_shares(found, SPEC)["markov"][0] == pytest.approx({"A": 1 / 3, "B": 2 / 3}, rel=1e-12)


def test_removal_effects_are_those_of_a_published_example():
    """Journeys and steps of Puzyrov (2019), "Markov Chain Attribution - Simple Explanation Of Removal Effect".

    Steps: start to ads 4/5, to mail 1/5; ads to conversion 1/2, to mail 1/4, to null 1/4; mail to conversion 1.
    By hand: 4/5 x (1/2 + 1/4) + 1/5 = 4/5 convert. Without ads, 1/5 do; without mail, 4/5 x 1/2 = 2/5.
    """
    found = [lead("ads"), lead("ads"), lead("mail"), lead("ads", "mail"), lead("ads", won=False)]
    assert removal_effects(found) == pytest.approx({"ads": 3 / 4, "mail": 1 / 2}, rel=1e-12)
    assert credit_shares(found, SPEC)["markov"][3] == pytest.approx({"ads": 3 / 5, "mail": 2 / 5}, rel=1e-12)


def test_a_source_that_returns_to_itself_has_the_effect_of_the_chain():
    """By hand: A to A 1/2, to conversion 1/4, to null 1/4: half converts, and nothing without A."""
    found = [lead("A", "A"), lead("A", "A", won=False)]
    assert removal_effects(found) == pytest.approx({"A": 1.0}, rel=1e-12)


def test_where_nothing_is_won_there_is_no_effect_and_no_credit():
    found = [lead(SOCIAL, SEARCH, won=False)]
    assert removal_effects(found) == {SOCIAL: 0.0, SEARCH: 0.0}
    assert set(map(tuple, credit_shares(found, SPEC).values())) == {()}
    assert sum(by_source(found, credit_shares(found, SPEC))["revenue"]) == 0.0


def test_removal_effects_are_those_of_simulated_walks():
    """A known chain of three sources, walked 40,000 times, gives the effects of the chain within four standard errors."""
    rng = np.random.default_rng(5)
    chain = {
        "(start)": {"A": 0.5, "B": 0.3, "C": 0.2},
        "A": {"B": 0.3, "C": 0.2, "won": 0.1, "lost": 0.4},
        "B": {"A": 0.2, "C": 0.2, "won": 0.2, "lost": 0.4},
        "C": {"A": 0.1, "won": 0.3, "lost": 0.6},
    }

    def converts(removed=""):
        names = [name for name in chain if name != removed]
        steps = np.array([[chain[a].get(b, 0.0) for b in names] for a in names])
        return np.linalg.solve(np.eye(len(names)) - steps, [chain[a].get("won", 0.0) for a in names])[0]

    walks = []
    for _ in range(40_000):
        path, state = [], "(start)"
        while state not in ("won", "lost"):
            state = str(rng.choice(list(chain[state]), p=list(chain[state].values())))
            path.append(state)
        walks.append(lead(*path[:-1], won=path[-1] == "won"))
    known = {source: 1.0 - converts(source) / converts() for source in "ABC"}
    assert removal_effects(walks) == pytest.approx(known, abs=0.02)
    assert max(known.values()) - min(known.values()) > 0.05


def test_equal_parts_are_the_shapley_value():
    """Brute force: the marginal value of each source, averaged over all orders of joining, where a coalition is worth the
    deals whose sources are all in it.
    """
    found = [
        lead(SOCIAL, SEARCH, value=7.0), lead(SEARCH, value=2.0), lead(DIRECT, SOCIAL, SOCIAL, value=5.0),
        lead(OFFLINE, SEARCH, SOCIAL, DIRECT, value=11.0), lead(OFFLINE, won=False, value=100.0),
    ]  # fmt: skip
    players = sorted({source for one in found for source in one.sources})

    def worth(coalition):
        return sum(one.value for one in found if one.won and set(one.sources) <= set(coalition))

    value = dict.fromkeys(players, 0.0)
    orders = list(permutations(players))
    for order in orders:
        for number, player in enumerate(order):
            value[player] += (worth(order[: number + 1]) - worth(order[:number])) / len(orders)
    given = dict.fromkeys(players, 0.0)
    for one, parts in zip([one for one in found if one.won], credit_shares(found, SPEC)["shapley"], strict=True):
        for source, part in parts.items():
            given[source] += part * one.value
    assert given == pytest.approx(value, rel=1e-12)
    assert worth(players) == 25.0
    assert all(worth(some) <= 25.0 for some in combinations(players, 2))


BUSY = scenario(
    team={"hours_per_week": 30.0},
    time={"horizon_weeks": 104},
    market={
        "accounts": 600, "customers": 100, "segments": {"all": {"needs_per_year": 0.8}}, "contact": {"social": 2.0},
    },
)  # fmt: skip
PERFECT = {"tagging": {"without_hours": 1.0}, "asking": {"without_hours": 1.0}}


@pytest.fixture(scope="module")
def evaluated():
    return evaluate(BUSY, simulate(BUSY, 2, 0), simulate(twin_of(BUSY), 2, 0))


def test_credited_money_is_the_money_of_credited_sales(evaluated):
    """Each deal is shared out wholly, by every model, and over sources the money is that of all deals won."""
    given = evaluated["credits"]
    for model in MODELS:
        mine = [number for number, one in enumerate(given["model"]) if one == model]
        for what in ("deals", "revenue"):
            total = math.fsum(given[what][number] for number in mine)
            assert total == pytest.approx(evaluated["outcomes"][what][0], rel=1e-12), (model, what)
        deals = evaluated["deals"]
        money = math.fsum(share * value for share, value in zip(deals[f"credit_{model}"], deals["value"], strict=True))
        assert money == pytest.approx(evaluated["outcomes"][f"revenue_{model}"][0], rel=1e-12)
        assert evaluated["outcomes"][f"revenue_{model}"][0] > 0.0
        assert all(not share or won for share, won in zip(deals[f"credit_{model}"], deals["won"], strict=True))


def test_models_differ(evaluated):
    assert len({evaluated["outcomes"][f"revenue_{model}"][0] for model in MODELS}) == len(MODELS)


def test_journeys_hold_what_records_know_of_a_lead():
    """Exactly, from the record itself: recorded touches of the look-back and of the sale, visits of the research, and the lead.

    Touches are comments, shares and clicks that were recorded, and answers among peers.
    """
    spec = scenario(**(BUSY.document() | {"measurement": {"lookback_weeks": 4.0}}))
    record = simulate(spec, 2, 0)
    touched = defaultdict(list)
    for row in rows(record.interactions):
        if row["recorded"] and row["kind"] != "reaction":
            touched[row["account"]].append(row["time"])
    for row in rows(record.conversations):
        if row["kind"] == "outreach" and row["outcome"] == ANSWERED:
            touched[row["account"]].append(row["settled_at"])
    found = Counter()
    for row in rows(record.needs):
        if not row["recorded_source"]:
            assert row["journey"] == ()
            continue
        times, lead_at, closed_at = touched[row["account"]], row["lead_at"], row["closed_at"]
        before = [(t, SOCIAL) for t in times if lead_at - 4.0 * WEEK <= t <= lead_at]
        after = [(t, SOCIAL) for t in times if lead_at < t <= closed_at]
        lead_itself = (lead_at, row["recorded_source"])
        assert row["journey"] == (*sorted([*before, *row["visits"]]), lead_itself, *sorted(after))
        found["leads"] += 1
        found["touches"] += len(before)
        found["visits"] += len(row["visits"])
        found["after, won" if row["won"] else "after, lost"] += len(after)
        found["too old"] += sum(t < lead_at - 4.0 * WEEK for t in times)
        found["too late"] += sum(t > closed_at for t in times)
    assert found["leads"] > 100
    assert min(found.values()) > 10, found
    assert len(found) == 7


def test_leads_still_open_at_the_end_are_neither_won_nor_lost():
    cut = scenario(**(BUSY.document() | {"time": {"horizon_weeks": 104, "run_off_weeks": 4}}))
    record = simulate(cut, 2, 0)
    of_record = [row for row in rows(record.needs) if row["journey"]]
    open_still = {(row["account"], row["need"]) for row in of_record if row["pending"]}
    found = {(one.account, one.need) for one in leads(record, Window.of(cut))}
    assert len(open_still) > 10
    assert found == {(row["account"], row["need"]) for row in of_record} - open_still


def test_perfect_records_and_last_touch_reproduce_the_path():
    """Exactly: a deal whose account touches nothing after the lead is credited to the path by which it got in touch."""
    perfect = scenario(**(BUSY.document() | {"measurement": PERFECT}))
    record = simulate(perfect, 2, 0)
    found = [one for one in leads(record, Window.of(perfect)) if one.won]
    needs = {(row["account"], row["need"]): row for row in rows(record.needs)}
    said = {"social": {SOCIAL}, "web": {SEARCH, DIRECT}, "offline": {OFFLINE}, "referral": {"referrals"}}
    seen = set()
    for one, (source,) in zip(found, credit_shares(found, SPEC)["last_touch"], strict=True):
        need = needs[one.account, one.need]
        touched_later = one.journey[-1][0] > need["lead_at"]
        assert source in ({SOCIAL} if touched_later else said[need["path"]])
        seen.add("later" if touched_later else need["path"])
    assert seen >= {"later", "social", "web", "offline"}


def test_every_touch_of_a_lead_is_in_the_table(evaluated):
    touches = evaluated["touches"]
    firsts = [number for number, one in enumerate(touches["number"]) if one == 0]
    before = sum(row["recorded_source"] != "" and row["lead_at"] < 0.0 for row in rows(simulate(BUSY, 2, 0).needs))
    assert before > 0
    since = sum(evaluated["outcomes"][f"leads_{source}"][0] for source in attribution.SOURCES)
    assert len(firsts) == before + since, "leads that were under way on the first day among them"
    assert sorted(touches["week"]) != touches["week"], "leads one after the other"
    for begun, ended in zip(firsts, [*firsts[1:], len(touches["week"])], strict=True):
        weeks = touches["week"][begun:ended]
        assert weeks == sorted(weeks)
        assert touches["number"][begun:ended] == list(range(ended - begun))
