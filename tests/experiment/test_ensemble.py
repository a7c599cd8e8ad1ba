"""Ensembles against answers that are known: laws, decision tables, a posterior that can be computed exactly."""

import math

import numpy as np
import pytest
from scipy import stats

import sim
from sim.experiment import ResultsError, Workers
from sim.experiment.designs import HOURS
from sim.experiment.early_signs import DISCOUNTED, OF_SETS
from sim.experiment.ensemble import ADVICE_SEED, AGAIN, NO_EFFECT, Drawn, Ensemble, Member, draw, find
from sim.experiment.evaluation_cache import Evaluations
from sim.experiment.facts import (
    FAR,
    dispersion,
    elasticity_of,
    likelihood,
    likelihood_of_elasticity,
    load_facts,
    nearest,
    parts_of,
)
from sim.experiment.guesses import AS_SAID, ASSUMED, BY_GRADE, Input, pert
from sim.experiment.lived import Lived
from sim.experiment.precision import RETURN
from sim.experiment.sensitivity import inputs_of
from sim.experiment.themes import MINDS
from sim.scenario import ScenarioError, apply, load_tagged
from sim.scenario.evidence import load
from sim.scenario.schema.effects import Effects
from sim.scenario.schema.facts import FACTS, Fact
from tests.places import SCENARIOS
from tests.small import SMALL_YAML, small

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


def test_the_weight_of_the_likely_value_follows_the_grade_of_its_source():
    """An author's own likely value, published ones by grade, assumptions; all of today's scenario."""
    given = load_tagged(SCENARIOS / "today.yaml", ("sales.margin={low: 0.3, likely: 0.4, high: 0.7}",))
    likely = {one.path: one.likely for one in inputs_of(given)}
    assert likely["sales.margin"] == AS_SAID
    assert likely["sales.stalls.lost_share"] == BY_GRADE[load()["no_decision_share"].grade]
    assert likely["effects.year_of_posts"] == ASSUMED
    assert AS_SAID >= BY_GRADE["A"] > BY_GRADE["B"] > BY_GRADE["C"] > ASSUMED


@pytest.mark.parametrize("weight", [1.0, 4.0])
def test_a_weaker_source_ties_a_guess_less_to_its_value(weight):
    found = pert(Input("x", 15.0, 10.0, 40.0, likely=weight), (np.arange(200_000) + 0.5) / 200_000)
    assert found.mean() == pytest.approx((10.0 + weight * 15.0 + 40.0) / (2.0 + weight), abs=1e-3)


def test_effects_rise_together_and_others_do_not():
    """Normal scores correlate by one half; 400 sets, standard error of a correlation 0.05. Each keeps its own law."""
    effects = [Input(f"effects.{name}", 1.4, 1.0, 2.5) for name in ("year_of_posts", "praise")]
    drawn = draw(small(), [*effects, MARGIN], 400, 0.0, seed=1).members
    posts, praise, margin = (np.array([one.values[guess.path] for one in drawn]) for guess in (*effects, MARGIN))
    assert stats.spearmanr(posts, praise).statistic == pytest.approx(6.0 / math.pi * math.asin(0.25), abs=0.12)
    assert abs(stats.spearmanr(posts, margin).statistic) < 0.15
    ends = pert(effects[0], np.arange(401) / 400)
    assert sorted(np.searchsorted(ends, posts, side="right") - 1) == list(range(400))


def test_facts_are_ratios_of_sums_over_worlds():
    columns = {
        "deals": np.array([[10.0, 30.0], [0.0, 0.0]]),
        "deals_begun_on_social": np.array([[1.0, 1.0], [0.0, 0.0]]),
        "no_decision_share": np.array([[0.4, math.nan], [math.nan, math.nan]]),
    }
    years = np.array([2.0, 2.0])
    above, below = parts_of(Fact(outcome="deals_begun_on_social", per="deals", low=0, high=1), columns, years)
    assert (above.tolist(), below.tolist()) == ([[1, 1], [0, 0]], [[10, 30], [0, 0]])
    above, below = parts_of(Fact(outcome="deals", per="year", low=0, high=1), columns, years)
    assert below.tolist() == [[2, 2], [2, 2]]
    above, below = parts_of(Fact(outcome="no_decision_share", low=0, high=1), columns, years)
    assert (above.tolist(), below.tolist()) == ([[0.4, 0], [0, 0]], [[1, 0], [0, 0]]), "a world counts in both or in neither"


@pytest.mark.parametrize("spread", [1.0, 4.0])
def test_the_dispersion_of_counts_is_found(spread):
    """Known answer: gamma-Poisson counts of variance `spread` times their mean; 4,000 pairs, within 8 %."""
    generator = np.random.default_rng(3)
    means = generator.uniform(2.0, 20.0, (4_000, 1))
    rates = generator.gamma(means / (spread - 1.0), spread - 1.0, (4_000, 2)) if spread > 1.0 else np.tile(means, 2)
    found = dispersion(generator.poisson(rates).astype(float), np.ones((4_000, 2)))
    assert found == pytest.approx(spread, rel=0.08)


def alike(members):
    return np.ones(members, bool)


@pytest.mark.parametrize("worlds", [20.0, 60.0])
@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_weights_are_those_of_bayes_on_poisson_counts(worlds, spread):
    """Known answer: a share of 5 % in one kind of sets and of 2 % in the other, lognormal within; the fact says 3 to 8 %.

    The posterior of the kinds, were all long runs known, against that from Poisson counts of one world each. Laws of long runs
    that ignore what others of the kind show would leave it near the prior, 0.31 to 0.39.
    """
    generator = np.random.default_rng(7)
    kinds = np.arange(20_000) % 5 < 3
    fact = Fact(outcome="deals", low=0.03, high=0.08)
    middle, error = math.log(0.03 * 0.08) / 2.0, math.log(8.0 / 3.0) / 2.0 / stats.norm.ppf(0.95)
    long_runs = np.where(kinds, 0.05, 0.02) * np.exp(generator.normal(0.0, spread, 20_000))
    exact = np.exp(-0.5 * ((np.log(long_runs) - middle) / error) ** 2)
    shown = generator.poisson(long_runs * worlds)[:, None].astype(float)
    found = np.exp(likelihood(fact, shown, np.full_like(shown, worlds), 1.0, kinds))
    after, truth = (0.4 * one[~kinds].mean() / (0.6 * one[kinds].mean() + 0.4 * one[~kinds].mean()) for one in (found, exact))
    assert after == pytest.approx(truth, abs=0.06)
    assert truth < 0.2


@pytest.mark.parametrize("width", [1e-4, 1e-6])
def test_a_sharp_measurement_weighs_most_where_it_agrees(width):
    """Known answer: long runs have the density of their gamma law at what was measured, however narrow that is."""
    above = np.arange(1.0, 13.0)[:, None]
    fact = Fact(outcome="deals", low=0.05 - width, high=0.05 + width)
    found = likelihood(fact, above, np.full_like(above, 100.0), 1.0, alike(12))
    ratio = above[:, 0] / 100.0
    prior = ratio.mean() / (ratio.var() - ratio.mean() / 100.0)
    expected = stats.gamma.logpdf(0.05, above[:, 0] + prior * ratio.mean(), scale=1.0 / (100.0 + prior))
    np.testing.assert_allclose(found - found[0], expected - expected[0], atol=0.02)


def test_a_fact_that_is_a_count_weighs_as_its_poisson_law():
    """Known answer: 12 deals were counted in a year; rates of sets that lived long. Posterior by Bayes' rule, nearly."""
    rates = np.linspace(2.0, 40.0, 400)
    low, high = stats.gamma.ppf([0.05, 0.95], 12.5)
    weight = np.exp(
        likelihood(Fact(outcome="deals", low=low, high=high), rates[:, None] * 1e6, np.full((400, 1), 1e6), 1.0, alike(400))
    )
    exact = stats.poisson.pmf(12, rates)
    assert (weight @ rates) / weight.sum() == pytest.approx((exact @ rates) / exact.sum(), rel=0.03)
    assert (weight @ rates**2) / weight.sum() == pytest.approx((exact @ rates**2) / exact.sum(), rel=0.06)


@pytest.mark.parametrize(("least", "most"), [(0.05, 0.35), (0.17, 0.23)])
def test_an_elasticity_weighs_with_the_luck_of_worlds(least, most):
    """Known answer: normal elasticities of 0.2 and spread 0.05, luck 0.1 in every world; the fact is vague, or sharp.

    Given what two worlds show, an elasticity is normal; its density under the measurement is in closed form.
    """
    fact = Fact(outcome="deals", low=least, high=most, hours=10.0, until=40.0)
    generator = np.random.default_rng(5)
    low = generator.uniform(10.0, 50.0, (20_000, 2))
    true = generator.normal(0.2, 0.05, (20_000, 1))
    shown = elasticity_of(fact, low, low * 4.0 ** (true + generator.normal(0.0, 0.1, low.shape)))
    assert shown.mean() == pytest.approx(0.2, abs=0.01)
    found = likelihood_of_elasticity(fact, shown, alike(20_000))
    kept = 0.05**2 / (0.05**2 + 0.1**2 / 2.0)
    error = math.hypot((most - least) / 2.0 / stats.norm.ppf(0.95), math.sqrt(kept * 0.1**2 / 2.0))
    expected = stats.norm.logpdf(0.2 + kept * (shown.mean(axis=1) - 0.2), 0.2, error)
    np.testing.assert_allclose(found - found[0], expected - expected[0], rtol=0.05, atol=0.1)
    nothing = likelihood_of_elasticity(fact, np.vstack([shown, [math.nan, math.nan]]), alike(20_001))
    assert nothing[-1] == pytest.approx(math.log(np.exp(found).mean()))
    assert np.isnan(elasticity_of(fact, np.zeros((1, 1)), np.ones((1, 1)))).all()


def test_many_worlds_leave_the_measurement_alone():
    """In the limit of long runs a set weighs what the measurement's density is at its ratio, and a set that shows none counts
    as others do."""
    ratio = np.array([0.02, 0.04, 0.05, 0.09])
    above, below = ratio[:, None] * 1e6, np.full((4, 1), 1e6)
    found = np.exp(likelihood(Fact(outcome="deals", low=0.03, high=0.08), above, below, 1.0, alike(4)))
    middle, error = math.log(0.03 * 0.08) / 2.0, math.log(8.0 / 3.0) / 2.0 / stats.norm.ppf(0.95)
    np.testing.assert_allclose(found, np.exp(-0.5 * ((np.log(ratio) - middle) / error) ** 2), rtol=0.01)
    more = (np.append(one, [[0.0]], axis=0) for one in (above, below))
    nothing = np.exp(likelihood(Fact(outcome="deals", low=0.03, high=0.08), *more, 1.0, alike(5)))
    assert nothing[-1] == pytest.approx(found.mean())


def test_members_live_a_world_of_their_own_and_some_another(tmp_path):
    members = [Member(number, {"sales.margin": 0.5}, number > 0, small()) for number in range(AGAIN + 1)]
    fact = Fact(outcome=RETURN, low=-1e9, high=1e9, hours=5.0)
    ticks = []
    with Evaluations(tmp_path / "seen.sqlite", Workers(), OF_SETS) as evaluations:
        found = find(Drawn(members, []), {"return": fact}, [5.0, 10.0], {"return": 5.0}, evaluations, seed=1,
                     progress=lambda done, total: ticks.append((done, total)))  # fmt: skip
        alone = evaluations.outcomes([apply(small(), {HOURS: 10.0})], [DISCOUNTED, RETURN], AGAIN + 1, 1 + ADVICE_SEED)[0]
    lived = found.lived
    np.testing.assert_array_equal(lived.returns[:, 1], alone[:, 0])
    np.testing.assert_array_equal(lived.plain[:, 1], alone[:, 1])
    assert np.isfinite(lived.again).all(axis=1).tolist() == [number % AGAIN == 0 for number in range(AGAIN + 1)]
    assert not (lived.again[[0, AGAIN]] == lived.returns[[0, AGAIN]]).any(), "in another world"
    assert found.shown[1, 0] == lived.plain[1, 0], "the fact is read at 5 hours"
    assert found.shown[0, 0] != lived.plain[0, 0], "in both worlds"
    assert ticks[-1] == (2 * (AGAIN + 3), 2 * (AGAIN + 3))
    assert list(lived.has_effect) == [number > 0 for number in range(AGAIN + 1)]
    with Evaluations(tmp_path / "others.sqlite", Workers(2), OF_SETS) as evaluations:
        again = find(Drawn(members, []), {"return": fact}, [5.0, 10.0], {"return": 5.0}, evaluations, seed=1)
    np.testing.assert_array_equal(again.lived.returns, lived.returns)


def test_no_guess_tells_whether_there_is_an_effect_but_that_of_buyers_minds():
    """Without an effect some numbers are settled, one of them of crises: a constant in those sets would give them away."""
    today = load_tagged(SCENARIOS / "today.yaml")
    drawn = draw(today.scenario, inputs_of(today), 20, 0.4, 3)
    moved = np.array([one.has_effect for one in drawn.members])
    nothing = np.zeros((len(moved), 1))
    lived = Lived((10.0,), nothing, nothing, moved, np.ones(len(moved)), {}, nothing, nothing, 0.0)
    found = Ensemble(drawn, lived, {}, ())
    themes = found.themes()
    assert themes.pop(MINDS).shape[1] > 10
    assert "crises" in themes
    for values in [*themes.values(), *(column[:, None] for column in found.guesses().values())]:
        assert (np.ptp(values[~moved], axis=0) > 0.0).all()


def test_the_fact_on_sales_begun_reads_as_the_survey_does():
    """Of one company among many, nearly 60 % of which say up to 5 %: the law that the fact stands for has as many there."""
    fact = FACTS["begun"]
    middle, error = math.log(fact.low * fact.high) / 2.0, math.log(fact.high / fact.low) / 2.0 / stats.norm.ppf(0.95)
    assert stats.norm.cdf((math.log(0.05) - middle) / error) == pytest.approx(0.6, abs=0.02)


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
        ("facts:\n  x: {outcome: dealz, low: 1, high: 2}\n", "facts.yaml:2: facts.x.outcome: 'dealz' is not an outcome"),
        ("facts:\n  x: {outcome: deals, per: month, low: 1, high: 2}\n", "'month' is not an outcome"),
        ("facts:\n  x: {outcome: deals, low: 3, high: 2}\n", "low \\(3\\) must be less than high"),
        ("facts:\n  x: {outcome: deals, low: 3}\n", "facts.yaml:2"),
        ("fact: {}\n", "did you mean facts\\? known here: facts"),
        (
            "facts:\n  x: {outcome: deals, lowe: 0, high: 1}\n",
            "facts.x.low: Field required.*known here: outcome, per, low, high",
        ),
        ("facts:\n  x: {outcome: deals, low: 0, hihg: 1, high: 2}\n", "facts.x.hihg: .*did you mean high\\?"),
        ("facts: [deals]\n", "facts: .*write keys with values below it"),
        ("facts:\n  x: {outcome: deals, low: 0, high: 1, until: 40}\n", "an elasticity \\(until\\) takes `hours` below it"),
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


def test_ends_that_are_the_wrong_way_round_are_said_to_be():
    with pytest.raises(ResultsError, match=r"--fact deals=2:1: low \(2\) must be less than high \(1\)"):
        load_facts(None, ["deals=2:1"])


def test_a_fact_that_no_member_comes_near_is_told_from_one_that_luck_hides():
    """By hand: 4 of 100 deals is 0.8 of a standard error from 6 %; 40 of 1,000 is far from 10 %; none of 3 is no news."""
    measured = Fact(outcome="deals", low=0.055, high=0.065)
    assert nearest(measured, np.array([[4.0]]), np.array([[100.0]]), 1.0) == (0.04, pytest.approx(0.8, abs=0.05))
    sharp = Fact(outcome="deals", low=0.099, high=0.101)
    shown, apart = nearest(sharp, np.array([[40.0], [20.0]]), np.array([[1_000.0], [1_000.0]]), 1.0)
    assert (shown, apart > FAR) == (0.04, True)
    assert nearest(sharp, np.array([[0.0]]), np.array([[3.0]]), 1.0)[1] < FAR
    assert math.isnan(nearest(sharp, np.array([[0.0]]), np.array([[0.0]]), 1.0)[1])
    net = Fact(outcome="net_deals", low=-1.0, high=1.0)
    assert nearest(net, np.array([[30.0]]), np.array([[1.0]]), 1.0)[1] == pytest.approx(
        30.0 / math.sqrt(0.608**2 + 30.0), rel=0.01
    )
    steep = Fact(outcome="reach", low=0.1, high=0.2, hours=5.0, until=10.0)
    assert nearest(steep, np.array([[0.9]]), np.array([[1.0]]), 1.0)[1] > FAR


@pytest.fixture
def guessed(tmp_path, few_resamples):
    file = tmp_path / "guess.yaml"
    file.write_text(SMALL_YAML + "sales: {margin: {low: 0.4, likely: 0.5, high: 0.6}}\n")
    return file


def test_a_fact_of_ones_own_that_no_set_comes_near_is_refused(guessed, tmp_path):
    asked = {"ranges": "yours", "members": 4, "levels": [5], "folder": tmp_path / "out"}
    with pytest.raises(ResultsError, match=r"fact cost: no set .* comes near 1 to 2; the nearest of 4 shows .* at 10 hours"):
        sim.ensemble(guessed, more_facts=["cost=1:2"], **asked)
    assert not (tmp_path / "out" / "report.html").exists()


def test_another_question_does_not_replace_the_answer_to_one(guessed, tmp_path):
    asked = {"ranges": "yours", "members": 4, "levels": [5], "folder": tmp_path / "out"}
    first = sim.ensemble(guessed, **asked).to_dict()
    page = (tmp_path / "out" / "report.html").read_bytes()
    assert sim.ensemble(guessed, **asked).to_dict() == first, "the same question is answered again"
    for other, said in (
        ({"belief": 0.2}, "belief"),
        ({"levels": [5, 20]}, "levels"),
        ({"more_facts": ["reach=1:1e9"]}, "facts"),
    ):
        with pytest.raises(ResultsError, match=rf"another question \(it differs in: {said}\); choose another folder"):
            sim.ensemble(guessed, **{**asked, **other})
    guessed.write_text(guessed.read_text().replace("0.6}", "0.7}"))
    with pytest.raises(ResultsError, match="it differs in: the scenario or its ranges"):
        sim.ensemble(guessed, **asked)
    assert (tmp_path / "out" / "report.html").read_bytes() == page
    (tmp_path / "out" / "report.html").unlink()
    sim.ensemble(guessed, **{**asked, "belief": 0.2})


class Undefined:
    """Worlds of members, in one of which the net return is none."""

    def of_own_worlds(self, scenarios, *_, **__):
        found = np.ones((len(scenarios), 1, len(OF_SETS.names)))
        found[3, 0, OF_SETS.names.index(RETURN)] = math.nan
        return found


def test_a_return_that_is_undefined_is_refused_and_is_not_the_best():
    """The first that is none is where numpy finds the highest."""
    drawn = draw(small(), [MARGIN], 3, 0.0, seed=1)
    with pytest.raises(ResultsError, match="undefined in 1 members, such as 1;"):
        find(drawn, {}, [5.0, 10.0], {}, Undefined(), seed=1)
