"""Word of mouth: who is asked, what an answer does, and that it never creates a need (docs/model.md, 2.5)."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from sim.model import World, rules, simulate
from sim.model.accounts import Account, Memory, Traits
from sim.model.effects import gains_of
from sim.model.twin import twin_of
from tests.worlds import NO_HEARSAY, changed, exact, new, rows, scenario

ALPHA = 0.001
HOURS_PER_WEEK = 168.0


FEW = {"accounts": 600, "customers": 300}  # for what must be equal to the last bit


def asking(peers, **changes):
    """A market without social media in which half are customers for good, and buyers ask so many peers."""
    base = scenario(
        time={"run_off_weeks": 1040},
        market={
            "accounts": 4_000,
            "customers": 2_000,
            "segments": {"all": {"needs_per_year": 0.8}},
            "word_of_mouth": {"peers_asked": peers},
        },
        customers={"renewal_share": 0.9999999, "trust_slope": 0.0},
        effects={"good_reply": 1.0, "no_reply": 1.0},
    )
    return twin_of(changed(base, **changes))


@pytest.fixture(scope="module")
def asked():
    return simulate(asking(1), 1, 0)


def test_a_peer_is_a_customer_as_often_as_accounts_are(asked):
    """Null: binomial with the mean share of customers; alpha 0.001, a share 5 % off is rejected. At uniform moments (KS)."""
    needs = {(row["account"], row["need"]): row["opens_at"] for row in rows(asked.needs)}
    horizon = 156 * HOURS_PER_WEEK
    answers = rows(asked.recommendations)
    late = [row for row in answers if row["account"] >= 2_000]
    of = sum(account >= 2_000 for account, _ in needs)
    won = np.mean([row["won"] for row in rows(asked.needs) if row["need"] == 0])
    low, high = 0.5, 0.5 + 0.5 * won  # other accounts become customers as they buy
    p_low, p_high = (stats.binomtest(len(late), of, share, alternative=side).pvalue
                     for share, side in ((low, "less"), (high, "greater")))  # fmt: skip
    assert min(p_low, p_high) > ALPHA
    assert stats.binomtest(len(late), of, 0.95 * low, alternative="greater").pvalue < ALPHA
    moments = [(row["time"] - needs[row["account"], row["need"]]) / (13 * HOURS_PER_WEEK) for row in answers]
    assert stats.kstest(moments, "uniform").pvalue > ALPHA
    assert max(row["time"] for row in answers) > horizon, "those who still research then ask too"


def test_only_customers_answer_and_never_about_themselves(asked):
    held_until = {}
    for row in rows(asked.needs):
        if row["won"]:
            held_until.setdefault(row["account"], row["ended_at"])
    for row in rows(asked.recommendations):
        assert row["peer"] != row["account"]
        assert row["peer"] < 2_000 or held_until[row["peer"]] <= row["time"]
        assert 0.0 < row["opinion"] < 1.0


def test_it_never_creates_a_need_nor_moves_one():
    hearing = asking(8, market=FEW)
    with_, without = (simulate(one, 2, 0) for one in (hearing, changed(hearing, market=NO_HEARSAY)))
    columns = ("account", "need", "segment", "opens_at", "value")
    mine, others = (exact(new(world.needs), *columns) for world in (with_, without))
    assert mine == others
    assert len(with_.recommendations) > 1000
    assert len(without.recommendations) == 0


def test_answers_without_effect_leave_every_chance_as_it_was():
    """To the bit, paths apart: who is introduced by a customer calls on other ways."""
    mute = changed(asking(8, market=FEW), effects={"recommendation": 1.0, "praise": 1.0}, sales={"load_exponent": 0.0})
    quiet = changed(mute, market=NO_HEARSAY)
    columns = ("account", "need", "lead_at", "ended_at", "won", "weight", "p", "u", "decided_at")
    assert exact(simulate(mute, 2, 0).needs, *columns) == exact(simulate(quiet, 2, 0).needs, *columns)
    loud = changed(mute, effects={"recommendation": 1.0 + 1e-9})
    assert exact(simulate(loud, 2, 0).needs, *columns) != exact(simulate(quiet, 2, 0).needs, *columns)


def test_only_those_of_whom_a_customer_spoke_well_come_by_referral(asked):
    praised = {(row["account"], row["need"]) for row in rows(asked.recommendations) if row["opinion"] > 0.5}
    referred = {(row["account"], row["need"]) for row in rows(new(asked.needs)) if row["path"] == "referral"}
    assert referred <= praised
    assert len(referred) > 50
    sources = {row["recorded_source"] for row in rows(asked.needs) if row["path"] == "referral"}
    assert sources == {"referrals"}


def test_the_path_by_referral_is_chosen_as_the_gumbel_says(asked):
    """Null: the multinomial logit share (McFadden 1974) among leads to whom it was open. Binomial, alpha 0.001."""
    contact = scenario().market.contact
    weights = [math.exp(one) for one in (contact.web, contact.offline, contact.referral)]
    praised = {(row["account"], row["need"]) for row in rows(asked.recommendations) if row["opinion"] > 0.5}
    paths = [row["path"] for row in rows(asked.needs) if row["path"] and (row["account"], row["need"]) in praised]
    share = weights[2] / sum(weights)
    assert stats.binomtest(paths.count("referral"), len(paths), share).pvalue > ALPHA
    assert stats.binomtest(paths.count("referral"), len(paths), 0.75 * share).pvalue < ALPHA


def test_what_is_told_is_remembered_and_fades_as_the_ode_says():
    """Salience and trust after two answers against a numerical solution of dS/dt = -a S, dT/dt = b (baseline - T), to 1e-12."""
    hours = scenario()
    memory, gains = Memory(hours), gains_of(hours)
    account = Account(0, Traits("all", 1.3, 0.42, 0.1, is_with_rival=False), memory)
    told = ((100.0, 0.8), (700.0, 0.3))

    def flow(_, state):
        return [-memory.salience_rate * state[0], memory.trust_rate * (0.42 - state[1])]

    state, since = [0.0, 0.52], 0.0
    for at, opinion in (*told, (2_000.0, None)):
        solved = integrate.solve_ivp(flow, (since, at), state, method="DOP853", rtol=2.3e-14, atol=1e-15)
        state, since = solved.y[:, -1].tolist(), at
        assert account.log_salience(at) == pytest.approx(math.log(1.3 + state[0]), rel=1e-12)
        assert account.trust(at) == pytest.approx(state[1], rel=1e-12)
        if opinion is not None:
            account.hear(at, opinion)
            state = [state[0] + gains.recommended, rules.after_touch(state[1], opinion, gains.praised)]


def test_visits_of_buyers_are_in_the_weeks_traffic():
    """Conservation: with no other visitors, search and direct visits of all weeks are those of buyers who research."""
    record = simulate(changed(asking(0, market=FEW), web={"visits_per_week": 0.0}), 3, 0)
    visits = [visit for row in rows(record.needs) for visit in row["visits"]]
    horizon = 156 * HOURS_PER_WEEK
    for source, column in (("organic_search", "visits_search"), ("direct_traffic", "visits_direct")):
        counted = sum(kind == source and 0.0 <= at < horizon for at, kind in visits)
        assert counted == sum(record.weeks.as_columns()[column]) > 100


def test_late_members_have_no_voice_before_they_join():
    """Purchasing remembers a great deal: nothing at the shortlist, its share at the last stage."""
    hours = scenario(market=NO_HEARSAY)
    world = World(twin_of(hours), 1, 0)
    roles = list(hours.market.roles)
    contact = world.market.contact(3 * len(roles) + roles.index("purchasing"))
    contact.salience = 10.0
    account, odds = contact.account, world.sales.odds
    assert account.log_salience(0.0, odds.voices_at_first) == account.log_base
    assert account.log_salience(0.0, odds.stages[2].voices) == account.log_base
    assert account.log_salience(0.0, odds.stages[3].voices) == pytest.approx(math.log(account.base + 0.10 * 10.0), rel=1e-12)
    for voices in (odds.voices_at_first, *(stage.voices for stage in odds.stages)):
        assert sum(voices) == pytest.approx(1.0, rel=1e-12)
    assert odds.voices_at_first == pytest.approx((0.4, 1 / 3, 0.8 / 3, 0.0, 0.0), rel=1e-12)
