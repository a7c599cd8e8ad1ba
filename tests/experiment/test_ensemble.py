"""Ensembles against answers that are known: laws, decision tables, a posterior that can be computed exactly."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.experiment import ResultsError, Workers
from sim.experiment.designs import HOURS
from sim.experiment.ensemble import (
    NO_EFFECT,
    REALISED,
    Drawn,
    Fitted,
    Member,
    Returns,
    Worlds,
    advice,
    doubt,
    draw,
    evidence_ratio,
    find,
    fit,
    live,
    pert,
)
from sim.experiment.evaluation_cache import OUTCOMES, Evaluations
from sim.experiment.facts import load_facts, shown_of
from sim.experiment.precision import RETURN
from sim.experiment.sensitivity import Input
from sim.scenario import ScenarioError, apply
from sim.scenario.schema.effects import Effects
from sim.scenario.schema.facts import Fact
from tests.small import small

ALPHA = 0.001
MARGIN = Input("sales.margin", 0.5, 0.3, 0.7)
POSTS = Input("effects.year_of_posts", 1.4, 1.0, 2.5)


@pytest.mark.parametrize("likely", [0.0, 0.25, 1.0])
def test_guesses_have_the_mean_and_the_mode_of_pert(likely):
    value = 10.0 + 30.0 * likely
    found = pert(Input("x", value, 10.0, 40.0), (np.arange(200_000) + 0.5) / 200_000)
    assert found.mean() == pytest.approx((10.0 + 4.0 * value + 40.0) / 6.0, abs=1e-3)
    assert 10.0 <= found.min() < found.max() <= 40.0
    counts, ends = np.histogram(found, bins=30)
    assert ends[counts.argmax()] - 1.0 <= value <= ends[counts.argmax()] + 2.0


def test_guesses_over_orders_of_magnitude_are_drawn_on_logarithms():
    guess = Input("x", 250.0, 50.0, 5000.0)
    found = np.log(pert(guess, (np.arange(200_000) + 0.5) / 200_000))
    assert found.mean() == pytest.approx((math.log(50.0) + 4.0 * math.log(250.0) + math.log(5000.0)) / 6.0, abs=1e-3)


def test_each_guess_is_spread_over_all_of_its_range():
    """A Latin hypercube has one value in each of as many equally likely parts as there are members."""
    drawn = draw(small(), [MARGIN, POSTS], 40, 0.25, seed=1)
    for guess in (MARGIN,):
        ends = pert(guess, np.arange(41) / 40)
        parts = np.searchsorted(ends, [one.values[guess.path] for one in drawn.members], side="right") - 1
        assert sorted(parts) == list(range(40))
    assert sum(not one.has_effect for one in drawn.members) == 10
    for one in drawn.members:
        assert one.scenario.sales.margin == one.values["sales.margin"]
        assert one.scenario.effects.year_of_posts == one.values["effects.year_of_posts"]


def test_members_without_effect_have_none_of_any_kind():
    """All effects there are, but that of a slow reply, which costs a deal whatever anybody thinks."""
    assert {*NO_EFFECT, "slow_reply"} == set(Effects.model_fields)
    (member,) = draw(small(), [MARGIN], 1, 1.0, seed=1).members
    assert all(getattr(member.scenario.effects, name) == 1.0 for name in NO_EFFECT)
    assert member.scenario.crises.trust_loss == 0.0
    assert member.values["effects.praise"] == 1.0, "what is written down is what is simulated"


def test_members_that_contradict_themselves_are_left_out_and_counted():
    broken = Input("time.horizon_weeks", 40, -40, 120)
    drawn = draw(small(), [broken], 20, 0.0, seed=1)
    assert len(drawn.members) + len(drawn.impossible) == 20
    assert 0 < len(drawn.impossible) < 20
    assert not {one.number for one in drawn.members} & set(drawn.impossible)


def test_nothing_to_draw_is_refused():
    with pytest.raises(ResultsError, match="given as known"):
        draw(small(), [], 10, 0.2, seed=1)


class Toy:
    """Stands for worlds: the deals of a member are Poisson with its own mean."""

    def __init__(self, seed):
        self.generator = np.random.default_rng(seed)

    def of_own_worlds(self, scenarios, seed, progress, *, worlds):  # noqa: ARG002  # as worlds are asked for
        means = np.array([scenario.customers.years_ahead / 10.0 for scenario in scenarios])  # where the test put it
        found = np.zeros((len(scenarios), worlds, len(OUTCOMES.names)))
        found[:, :, OUTCOMES.names.index("deals")] = self.generator.poisson(means[:, None], (len(means), worlds))
        return found


def test_what_fits_has_the_posterior_that_can_be_computed():
    """Known answer: prior uniform on ten means, deals Poisson, three worlds with 4 deals in all. Posterior by Bayes' rule.

    Chi-squared over the means, alpha 0.001; the prior itself is rejected.
    """
    values = np.arange(1, 11)
    base = small()
    by_value = {
        value: base.replace(customers=base.customers.model_copy(update={"years_ahead": int(value)})) for value in values
    }
    members = [Member(number, {}, True, by_value[values[number % 10]]) for number in range(40_000)]
    fact = Fact(outcome="deals", low=1.3, high=1.4)  # the mean of three worlds with four deals is 1.333
    fitted = fit(members, {"deals": fact}, Toy(1), 3, 1)
    kept = np.bincount(np.arange(40_000)[fitted.fits] % 10, minlength=10)
    posterior = stats.poisson.pmf(4, 3 * values / 10.0)
    posterior /= posterior.sum()
    enough = posterior * kept.sum() > 5
    assert stats.chisquare(kept[enough], posterior[enough] / posterior[enough].sum() * kept[enough].sum()).pvalue > ALPHA
    assert stats.chisquare(kept[enough]).pvalue < ALPHA


def test_facts_are_ratios_of_sums_over_worlds():
    columns = {
        "deals": np.array([[10.0, 30.0], [0.0, 0.0]]),
        "deals_begun_on_social": np.array([[1.0, 1.0], [0.0, 0.0]]),
        "no_decision_share": np.array([[0.4, math.nan], [math.nan, math.nan]]),
    }
    years = np.array([2.0, 2.0])
    begun = shown_of(Fact(outcome="deals_begun_on_social", per="deals", low=0, high=1), columns, years)
    assert begun[0] == 0.05
    assert math.isnan(begun[1]), "no deals, no share: fits nothing"
    assert shown_of(Fact(outcome="deals", per="year", low=0, high=1), columns, years).tolist() == [10.0, 0.0]
    shares = shown_of(Fact(outcome="no_decision_share", low=0, high=1), columns, years)
    assert shares[0] == 0.4
    assert math.isnan(shares[1])


def returns_of(*by_member):
    """Returns at 5 and 20 hours that are the same in every world."""
    found = np.repeat(np.array(by_member, dtype=float)[:, :, None], 2, axis=2)
    return Returns((5.0, 20.0), found, found)


def test_advice_is_that_of_the_decision_table():
    """Known answer: none is best in 1 of 4, 5 h in 1, 20 h in 2; the means are 0, 0, 17.5; the best of each has mean 32.5."""
    told = advice(returns_of([-10, -20], [20, 10], [0, 50], [-10, 30]))
    assert told.levels == (0.0, 5.0, 20.0)
    assert told.best.tolist() == [0.25, 0.25, 0.5]
    assert told.pays.tolist() == [0.0, 0.25, 0.75]
    assert told.mean.tolist() == [0.0, 0.0, 17.5]
    assert told.steady == 20.0
    assert told.worth_of_knowing == pytest.approx((0 + 20 + 50 + 30) / 4 - 17.5)


def test_the_luck_of_few_worlds_is_not_counted_as_knowledge():
    """Known answer: members that are all alike have nothing to be told apart by; 40 of them, three worlds, much luck.

    The best of three noisy means, read where it was chosen, would be worth some 7,000.
    """
    generator = np.random.default_rng(2)
    means = np.array([50_000.0, 60_000.0, 55_000.0])[None, :, None]
    noisy = means + generator.normal(0, 40_000, (400, 1, 3)) + generator.normal(0, 25_000, (400, 3, 3))
    told = advice(Returns((5.0, 20.0, 40.0), noisy, noisy))
    assert told.steady == 20.0
    assert told.worth_of_knowing < 1_000.0
    chosen_and_read_there = np.maximum(noisy.mean(axis=2).max(axis=1), 0.0).mean() - noisy.mean(axis=(0, 2)).max()
    assert chosen_and_read_there > 5_000.0


def test_where_nothing_pays_the_advice_is_no_hours_and_knowing_is_worth_nothing():
    told = advice(returns_of([-10, -20], [-1, -30]))
    assert (told.best[0], told.steady, told.worth_of_knowing) == (1.0, 0.0, 0.0)
    with pytest.raises(ResultsError, match="no members"):
        advice(returns_of([0, 0]).of(np.array([False])))


@pytest.mark.parametrize(("luck", "guess"), [(3.0, 4.0), (3.0, 0.0), (0.0, 4.0)])
def test_chance_and_ignorance_add_to_the_whole(luck, guess):
    """Known answer: normal members and normal worlds in them; 4,000 members, standard error of a variance below 3 %."""
    generator = np.random.default_rng(5)
    values = generator.normal(0, guess, (4000, 1, 1)) + generator.normal(0, luck, (4000, 1, 3))
    parts = doubt(Returns((10.0,), values, values), 10.0)
    assert parts.chance == pytest.approx(luck**2, rel=0.08)
    assert parts.ignorance == pytest.approx(guess**2, rel=0.1, abs=0.4)
    assert parts.ignorance_share == pytest.approx(guess**2 / (luck**2 + guess**2), abs=0.03)


def test_one_world_each_tells_no_chance():
    assert math.isnan(doubt(Returns((10.0,), np.ones((3, 1, 1)), np.ones((3, 1, 1))), 10.0).chance)


def fitted_of(with_fit, with_all, none_fit, none_all):
    fits = [number < with_fit for number in range(with_all)] + [number < none_fit for number in range(none_all)]
    return Fitted({}, np.empty((0, 0)), np.array(fits)[:, None]), np.array([True] * with_all + [False] * none_all)


def test_those_that_fit_as_often_tell_nothing_and_the_interval_holds_one():
    ratio, low, high = evidence_ratio(*fitted_of(60, 120, 20, 40))
    assert ratio == pytest.approx(1.0, abs=0.02)
    assert low < 1.0 < high
    ratio, low, _ = evidence_ratio(*fitted_of(80, 100, 4, 100))
    assert ratio == pytest.approx(20.0, rel=0.15)
    assert low > 5.0
    assert all(math.isfinite(one) for one in evidence_ratio(*fitted_of(10, 20, 0, 20)))
    ratio, low, high = evidence_ratio(*fitted_of(10, 10, 10, 10))
    assert ratio == pytest.approx(1.0)
    assert low < 0.95, "ten of ten are not all"
    assert high > 1.05


def test_the_interval_of_the_ratio_holds_the_truth_as_often_as_it_says():
    """1,500 draws of 160 and 40 members with chances of 0.3 and 0.2: at nominal 90 %, binomial, alpha 0.001."""
    generator = np.random.default_rng(8)
    inside = 0
    for with_fit, none_fit in zip(generator.binomial(160, 0.3, 1500), generator.binomial(40, 0.2, 1500), strict=True):
        _, low, high = evidence_ratio(*fitted_of(with_fit, 160, none_fit, 40))
        inside += low <= 1.5 <= high
    assert 0.87 < inside / 1500 < 0.95


def test_members_live_in_worlds_of_their_own_that_levels_share(tmp_path):
    members = [Member(number, {}, True, small()) for number in range(2)]
    with Evaluations(tmp_path / "seen.sqlite", Workers()) as evaluations:
        found = live(members, [5.0, 10.0], evaluations, 2, 1)
        again = live(members, [5.0, 10.0], evaluations, 2, 1)
        alone = evaluations.outcomes([apply(small(), {HOURS: 10.0})], [REALISED], 4, 1)[0, :, 0]
    assert found.realised.shape == (2, 2, 2)
    np.testing.assert_array_equal(found.realised[:, 1].ravel(), alone)  # worlds 0 and 1 of the first, 2 and 3 of the second
    assert len(np.unique(found.expected)) == 8
    np.testing.assert_array_equal(found.expected, again.expected)
    with Evaluations(tmp_path / "others.sqlite", Workers(2)) as evaluations:
        np.testing.assert_array_equal(found.expected, live(members, [5.0, 10.0], evaluations, 2, 1).expected)


def test_facts_and_advice_and_the_scenario_itself_have_other_worlds(tmp_path):
    """What was chosen in some worlds is valued in others, and where it is best was not seen in them either."""
    fact = Fact(outcome=RETURN, low=-1e9, high=1e9)
    one = Drawn([Member(0, {}, True, small())], [])
    with Evaluations(tmp_path / "seen.sqlite", Workers()) as evaluations:
        hours = small().team.hours_per_week
        found = find(small(), one, {"return": fact}, [hours], evaluations, Worlds(2, 2), seed=1)
    means = {float(found.fitted.shown[0, 0]), float(found.returns.expected.mean()), float(found.as_it_is.expected.mean())}
    assert len(means) == 3, "the same scenario throughout"


def test_facts_of_a_file_and_of_the_command_line(tmp_path):
    file = tmp_path / "facts.yaml"
    file.write_text("facts:\n  sales: {outcome: deals_by_horizon, per: year, low: 15, high: 25, source: CRM}\n")
    found = load_facts(file, ["deals_by_horizon/year=10:20", "renewals=5:9"])
    assert [(name, fact.low, fact.high) for name, fact in found.items()] == [
        ("deals_by_horizon/year", 10.0, 20.0),
        ("renewals", 5.0, 9.0),
    ]
    assert len(load_facts(None, ["renewals=5:9"])) == len(load_facts(None, [])) + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("facts:\n  x: {outcome: dealz, low: 1, high: 2}\n", "facts.yaml:2: facts.x.outcome: 'dealz' is no outcome"),
        ("facts:\n  x: {outcome: deals, per: month, low: 1, high: 2}\n", "'month' is no outcome"),
        ("facts:\n  x: {outcome: deals, low: 3, high: 2}\n", "low \\(3\\) must be less than high"),
        ("facts:\n  x: {outcome: deals, low: 3}\n", "facts.yaml:2"),
        ("fact: {}\n", "known here: facts"),
    ],
)
def test_a_file_of_facts_that_is_wrong_is_refused_where_it_is_wrong(tmp_path, text, said):
    file = tmp_path / "facts.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError, match=said):
        load_facts(file, [])


@pytest.mark.parametrize("text", ["deals", "deals=1", "deals=2:1", "dealz=1:2", "deals/month=1:2", "=1:2"])
def test_a_fact_that_is_wrong_is_refused(text):
    with pytest.raises(ResultsError, match="--fact"):
        load_facts(None, [text])


class Undefined:
    """Worlds of members, in one of which the net return is none."""

    def of_own_worlds(self, scenarios, *_, worlds, **__):
        found = np.ones((len(scenarios), worlds, len(OUTCOMES.names)))
        found[3, 0, OUTCOMES.names.index(RETURN)] = math.nan
        return found


def test_a_return_that_is_undefined_is_refused_and_is_not_the_best():
    """The first that is none is where numpy finds the highest."""
    members = draw(small(), [MARGIN], 3, 0.0, seed=1).members
    with pytest.raises(ResultsError, match="undefined in 1 members, such as 1;"):
        live(members, [5.0, 10.0], Undefined(), 2, 1)


def test_a_world_counts_in_both_sums_of_a_fact_or_in_neither():
    columns = {"deals": np.array([[4.0, math.nan]]), "leads": np.array([[8.0, 32.0]])}
    for fact, expected in ((Fact(outcome="deals", per="leads", low=0, high=1), 0.5),
                           (Fact(outcome="leads", per="deals", low=0, high=9), 2.0)):  # fmt: skip
        assert shown_of(fact, columns, np.array([1.0])).tolist() == [expected]
