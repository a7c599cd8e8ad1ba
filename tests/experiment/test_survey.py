import math

import numpy as np
import pytest
from scipy import stats

from sim.experiment import ResultsError, Workers, survey
from sim.experiment.evaluation_cache import OUTCOMES, Evaluations
from sim.experiment.population import Firm, associated, draw, truncated
from sim.experiment.runner import replicate
from sim.scenario import Scenario, ScenarioError, apply, evidence
from sim.scenario.schema import LogNormal, Population
from sim.scenario.schema.population import Answers

ALPHA = 0.001
SMALL = Population.model_validate(
    {
        "firms": {"accounts": {"median": 400.0, "sigma": 0.5}, "first_quarters": 2, "last_quarters": 4},
        "answers": {"recall_quarters": 2},
    }
)
BASE = Scenario(name="firm")


@pytest.fixture(scope="module")
def firms():
    return [draw(Population(), BASE, number, 1) for number in range(600)]


def test_hours_are_spread_as_the_population_says(firms):
    """Null: lognormal, cut at the most. Kolmogorov-Smirnov, alpha 0.001; a spread of 0.8 instead of 1.05 is rejected."""
    said = Population().firms
    hours = [firm.scenario.team.hours_per_week for firm in firms]
    assert max(hours) <= said.most_hours_per_week

    def distribution(sigma):
        whole = stats.lognorm(sigma, scale=said.hours_per_week.median)
        return lambda value: whole.cdf(value) / whole.cdf(said.most_hours_per_week)

    assert stats.kstest(hours, distribution(said.hours_per_week.sigma)).pvalue > ALPHA
    assert stats.kstest(hours, distribution(0.8)).pvalue < ALPHA


@pytest.mark.parametrize(("practice", "share"), [("measures_traffic", 0.59), ("watches_leads", 0.53)])
def test_practices_have_the_shares_of_the_study(firms, practice, share):
    """Null: that share. Binomial, alpha 0.001."""
    count = sum(getattr(firm, practice) for firm in firms)
    assert stats.binomtest(count, len(firms), share).pvalue > ALPHA


def test_those_who_look_at_nothing_give_no_hours_to_measuring(firms):
    for firm in firms:
        measuring = firm.scenario.team.split.measurement
        assert measuring == (Population().practices.measurement_share if firm.has_records else 0.0)
    assert 0.1 < np.mean([not firm.has_records for firm in firms]) < 0.3


def test_sizes_and_practices_are_independent(firms):
    """Null: no rank correlation between any two, but for hours and quarters. alpha 0.001 for each of nine."""
    columns = [
        [
            firm.scenario.team.hours_per_week,
            firm.scenario.market.accounts,
            firm.scenario.channels["network"].users,
            firm.scenario.market.segments["all"].deal_value.median,
            firm.scenario.time.horizon_weeks,
        ]
        for firm in firms
    ]
    correlations = stats.spearmanr(np.array(columns)).pvalue
    correlations[0, 4] = 1.0
    assert correlations[np.triu_indices(5, 1)].min() > ALPHA


def plackett(u, v, odds_ratio):
    """Closed form of Plackett's copula: the chance that one rank is at most u and the other at most v."""
    more = odds_ratio - 1.0
    if more == 0.0:
        return u * v
    total = 1.0 + more * (u + v)
    return (total - math.sqrt(total**2 - 4.0 * u * v * odds_ratio * more)) / (2.0 * more)


@pytest.mark.parametrize("odds_ratio", [0.3, 1.0, 2.65, 40.0])
def test_ranks_have_the_odds_ratio_at_every_cut_and_stay_uniform(odds_ratio):
    """Known answer: shares of a fine grid below a cut, against the closed form, whose odds ratio is the same at every cut."""
    grid = (np.arange(120) + 0.5) / 120.0
    ranks = np.array([[associated(own, given, odds_ratio) for own in grid] for given in grid])
    for u, v in ((0.1, 0.65), (0.5, 0.5), (0.9, 0.65), (0.9, 0.2)):
        both = plackett(u, v, odds_ratio)
        assert both * (1.0 - u - v + both) / ((u - both) * (v - both)) == pytest.approx(odds_ratio)
        assert np.mean(ranks[grid < u] < v) * u == pytest.approx(both, abs=0.004)
        assert np.mean(ranks < v) == pytest.approx(v, abs=0.004)
    assert associated(0.0, 0.9, odds_ratio) >= 0.0
    assert associated(1.0 - 2.0**-53, 0.9, odds_ratio) < 1.0


def test_teams_of_three_years_give_more_hours_by_the_odds_of_the_source():
    """Exact: of teams of three years (12 quarters) and of one to three (4 to 11), the odds of over 10 hours: 2.45 times."""
    said = Population().firms
    whole = stats.lognorm(said.hours_per_week.sigma, scale=said.hours_per_week.median)
    few = whole.cdf(10.0) / whole.cdf(said.most_hours_per_week)
    teams = said.last_quarters - said.first_quarters + 1
    edge = {quarters: (quarters - said.first_quarters) / teams for quarters in (4, 12)}
    below = {quarters: plackett(u, few, said.experience_odds_ratio) for quarters, u in edge.items()}
    few_of_young = (below[12] - below[4]) / (edge[12] - edge[4])
    few_of_old = (few - below[12]) / (1.0 - edge[12])
    source = evidence.load()["hours_sme2011_by_experience"].value
    odds = [share / (1.0 - share) for share in (source["3y_plus"], source["1_to_3y"])]
    assert (1.0 / few_of_old - 1.0) / (1.0 / few_of_young - 1.0) == pytest.approx(odds[0] / odds[1], rel=0.01)


def test_firms_that_began_longer_ago_give_more_hours(firms):
    """Null: the odds ratio of the population, at the middle of the quarters and at 10 hours. Normal log, alpha 0.001.

    That hours and quarters are independent is rejected.
    """
    many = np.array([firm.scenario.team.hours_per_week > 10.0 for firm in firms])
    middle = np.median([firm.scenario.time.horizon_weeks for firm in firms])
    old = np.array([firm.scenario.time.horizon_weeks > middle for firm in firms])
    cells = np.array([(old & many).sum(), (~old & ~many).sum(), (old & ~many).sum(), (~old & many).sum()])
    log_ratio, error = np.log(cells) @ [1, 1, -1, -1], math.sqrt((1.0 / cells).sum())
    widest = stats.norm.isf(ALPHA / 2.0) * error
    assert abs(log_ratio - math.log(Population().firms.experience_odds_ratio)) < widest
    assert log_ratio > widest


def test_what_a_team_learned_and_built_stays():
    """Exact: until a younger firm is asked, an older one with the same draws lived the same weeks; it goes on from there.

    So followers, and the speed that newcomers have learned, are those of all quarters since it began.
    """
    newcomer = {"starting_speed": 0.6, "starting_quality": 0.9, "onboarding_hours": 20.0}
    learns = {f"team.members.community_manager.{name}": value for name, value in newcomer.items()}
    young, old = (
        replicate((apply(draw(SMALL, BASE, 2, 1).scenario, learns | {"time.horizon_weeks": weeks}),), 3, 0)["weeks"]
        for weeks in (52, 65)
    )
    assert all(list(old[name])[:52] == list(values) for name, values in young.items())
    assert old["followers"][64] > old["followers"][51] > 0


def test_a_firm_is_the_same_however_many_are_drawn_and_another_by_another_seed(firms):
    assert draw(Population(), BASE, 5, 1) == firms[5]
    assert draw(Population(), BASE, 5, 2) != firms[5]


def test_a_truncated_quantity_has_the_quantiles_of_what_is_left():
    quantity, most = LogNormal(median=7.0, sigma=1.05), 12.0
    whole = stats.lognorm(1.05, scale=7.0)
    for uniform in (0.01, 0.5, 0.99):
        assert truncated(quantity, most, uniform) == pytest.approx(whole.ppf(uniform * whole.cdf(most)), rel=1e-9)
    assert truncated(LogNormal(median=7.0), most, 0.3) == 7.0
    assert truncated(quantity, most, 0.0) > 0.0


def test_people_answer_in_round_numbers():
    answers = Answers()
    hours = survey.hours_said(np.array([0.4, 6.6, 9.4, 9.6, 11.0, 13.0, 38.0]), answers)
    assert hours.tolist() == [0.0, 7.0, 9.0, 10.0, 10.0, 15.0, 40.0]
    begun, won = np.array([0.0, 1.0, 1.0, 1.0, 3.0, 1.0]), np.array([9.0, 60.0, 30.0, 19.0, 38.0, 8.0])
    share = survey.share_said(begun, won, np.ones(6, dtype=bool), answers)
    assert share.tolist() == pytest.approx([0.0, 0.02, 0.05, 0.05, 0.10, 0.10])


def test_who_has_no_records_or_no_sales_cannot_say():
    share = survey.share_said(np.array([1.0, 0.0, 1.0]), np.array([20.0, 0.0, 20.0]), np.array([True, True, False]), Answers())
    assert [math.isnan(one) for one in share] == [False, True, True]


def pool_of(shares, hours=None, traffic=0):
    """A pool of executives who say these shares."""
    firms = [Firm(BASE, number < traffic, False) for number in range(len(shares))]
    said = {"share": np.array(shares), "hours": np.full(len(shares), 5.0) if hours is None else np.array(hours)}
    return survey.Pool(firms, {}, said)


def test_each_reading_counts_who_says_it_and_nobody_who_cannot_say():
    answers = survey.answers_of(pool_of([0.0, 0.02, 0.05, 0.10, math.nan]))
    assert answers["exactly"].tolist() == [False, False, True, False, False]
    assert answers["up_to"].tolist() == [True, True, True, False, False]
    assert answers["at_least"].tolist() == [False, False, True, True, False]


@pytest.mark.parametrize("firms", [120, *(pytest.param(firms, marks=pytest.mark.slow) for firms in (300, 1500))])
def test_nineteen_of_twenty_samples_lie_in_the_interval_whatever_the_pool(firms):
    """Known truth: 69 % of all executives say so. A pool and a sample of 100 are drawn anew 4,000 times.

    Coverage is 95 % on average over shares; at one share that of a discrete law may lie a little off it, never below 93 %. An
    interval of samples without replacement from the pool covers far less where the pool is small.
    """
    truth, generator = 0.69, np.random.default_rng(1)
    counts, cells = generator.multinomial(firms, [truth, 1.0 - truth], 4000)[:, 0], {}
    inside = without = of_share = 0
    for count, sample in zip(counts.tolist(), generator.binomial(100, truth, 4000) / 100.0, strict=True):
        if count not in cells:
            rows = survey.table(pool_of([0.0] * count + [0.5] * (firms - count)), 100)
            cells[count] = next(row for row in rows if row.figure.name == "up_to"), stats.hypergeom(firms, count, 100)
        row, whole = cells[count]
        inside += row.low <= sample <= row.high
        of_share += row.share_low <= truth <= row.share_high
        without += whole.ppf(0.025) / 100.0 <= sample <= whole.ppf(0.975) / 100.0
    assert 0.93 < inside / 4000 < 0.98
    assert 0.93 < of_share / 4000 < 0.97
    assert without < inside
    if firms == 120:
        assert without / 4000 < 0.70


def test_the_interval_is_that_of_so_many_asked_of_very_many_and_of_the_pool():
    """By hand: 104 of 150 firms say so, 69 %. 100 executives of an endless population: 60 to 78 %; the pool adds to it."""
    (row,) = [one for one in survey.table(pool_of([0.0] * 104 + [0.5] * 46), 100) if one.figure.name == "up_to"]
    assert row.share == pytest.approx(104 / 150)
    assert (row.share_low, row.share_high) == pytest.approx((0.616, 0.763), abs=0.002)
    spread = math.sqrt(0.69 * 0.31 * (1.0 / 100.0 + 1.0 / 150.0))
    assert row.low == pytest.approx(0.69 - 1.96 * spread, abs=0.015)
    assert row.high == pytest.approx(0.69 + 1.96 * spread, abs=0.015)
    (large,) = [one for one in survey.table(pool_of([0.0] * 69_000 + [0.5] * 31_000), 100) if one.figure.name == "up_to"]
    assert (large.low, large.high) == pytest.approx((0.60, 0.78), abs=0.011)
    assert not row.fits or row.low <= 0.60


def test_most_means_that_most_samples_say_so():
    few, many = ([5.0] * part + [20.0] * (400 - part) for part in (215, 290))
    assert not survey.table(pool_of([0.0] * 400, few), 100)[0].fits
    assert survey.table(pool_of([0.0] * 400, many), 100)[0].fits


def test_a_pool_smaller_than_the_sample_tells_less_and_says_so():
    (row,) = [one for one in survey.table(pool_of([0.0] * 6 + [0.5] * 4), 100) if one.figure.name == "up_to"]
    assert row.high - row.low > 0.5
    assert row.share_high - row.share_low > 0.5


def test_each_firm_lives_through_a_world_of_its_own(tmp_path):
    same = [draw(SMALL, BASE, 0, 1).scenario] * 3
    with Evaluations(tmp_path / "seen.sqlite", Workers()) as evaluations:
        own = evaluations.of_own_worlds(same, 4)[:, 0]
        assert len({row[OUTCOMES.names.index("reach")] for row in own}) == 3
        all_worlds = evaluations.outcomes(same[:1], OUTCOMES.names, 3, 4)[0]
    np.testing.assert_array_equal(own, all_worlds)


def test_sales_that_are_thought_of_are_those_that_the_crm_shows_in_time(tmp_path):
    """Counted anew from the weekly table: the last two quarters before the horizon."""
    with Evaluations(tmp_path / "seen.sqlite", Workers(2), survey.measure(2)) as evaluations:
        pool = survey.ask(SMALL, survey.firms_of(SMALL, BASE, 8, 3), 3, evaluations)
    for number, firm in enumerate(pool.firms):
        weeks = replicate((firm.scenario,), 3, number)["weeks"]
        last = range(firm.scenario.time.horizon_weeks - 26, firm.scenario.time.horizon_weeks)
        for name, column in (("recalled_deals", "deals_all"), ("recalled_begun", "deals_begun_on_social")):
            counted = [deals for week, deals in zip(weeks["week"], weeks[column], strict=True) if week in last]
            assert pool.lived[name][number] == sum(counted)
    assert pool.lived["recalled_deals"].sum() > 5


def test_firms_that_were_asked_are_not_asked_again_and_other_questions_need_another_folder(tmp_path, monkeypatch):
    measure = survey.measure(2)
    with Evaluations(tmp_path / "seen.sqlite", Workers(), measure) as evaluations:
        first = survey.ask(SMALL, survey.firms_of(SMALL, BASE, 3, 3), 3, evaluations)
    monkeypatch.setattr("sim.experiment.survey.replicate", None)
    with Evaluations(tmp_path / "seen.sqlite", Workers(), measure) as evaluations:
        again = survey.ask(SMALL, survey.firms_of(SMALL, BASE, 3, 3), 3, evaluations)
    np.testing.assert_array_equal(first.said["share"], again.said["share"])
    with pytest.raises(ResultsError, match="another purpose"):
        Evaluations(tmp_path / "seen.sqlite", Workers(), survey.measure(4))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("firms: {hours: 5}", r"population\.yaml:1: firms\.hours: .*known here: hours_per_week"),
        ("name: x\nfirms: {first_quarters: 9, last_quarters: 3}", r"population\.yaml:2: firms: last_quarters \(3\) lie before"),
        ("answers: {share_step: 2}", r"population\.yaml:1: answers\.share_step"),
    ],
)
def test_a_population_that_is_wrong_is_refused_at_its_line(tmp_path, text, said):
    path = tmp_path / "population.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=said):
        survey.load_population(path)


def test_firms_are_like_the_scenario_that_a_population_names(tmp_path):
    (tmp_path / "mine.yaml").write_text("name: mine\nsales: {margin: 0.3}")
    population = Population(scenario="mine.yaml")
    assert survey.base_of(population, tmp_path / "population.yaml", ("customers.renewal_share=0.7",)).sales.margin == 0.3
    assert survey.base_of(Population(), None, ("sales.margin=0.4",)).sales.margin == 0.4


@pytest.mark.slow
def test_the_study_reads_as_executives_of_the_default_population_answer(tmp_path):
    """80 firms. Null: 60 % say up to 5 %. Binomial, alpha 0.001; that 60 % say exactly or at least 5 % is rejected."""
    with Evaluations(tmp_path / "seen.sqlite", Workers(2), survey.measure(Answers().recall_quarters)) as evaluations:
        pool = survey.ask(Population(), survey.firms_of(Population(), BASE, 80, 1), 1, evaluations)
    said = {name: int(who.sum()) for name, who in survey.answers_of(pool).items()}

    def p_sixty(name: str) -> float:
        return stats.binomtest(said[name], 80, 0.6).pvalue

    assert p_sixty(survey.CALIBRATED) > ALPHA
    assert max(p_sixty("exactly"), p_sixty("at_least")) < ALPHA
    assert stats.binomtest(said["few_hours"], 80, 0.5, alternative="less").pvalue > ALPHA
    found = survey.truth(pool)
    assert 0.02 < found["recorded"] < 0.10
