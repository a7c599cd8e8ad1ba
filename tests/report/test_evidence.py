import math

import numpy as np
import pytest

from sim.analysis import cash_flow, detection
from sim.analysis.frames import by_point
from sim.experiment import Plan, Workers, execute
from sim.experiment.designs import grid
from sim.experiment.detection import ALPHA, PEERS, before_and_after
from sim.scenario import apply
from tests.small import small
from tests.worlds import scenario

WORLDS = PEERS + 5
LATER = {"time.horizon_weeks": 104, "time.warm_up_weeks": 52, "hours_policy.starts_week": 52}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A company of whose two years the team works one; with hours and without."""
    points = grid(apply(small(), LATER), ["team.hours_per_week=0,20"])
    return execute(Plan("evidence", points, WORLDS, 3), tmp_path_factory.mktemp("evidence") / "run")


def test_each_chance_is_the_share_of_worlds_in_which_the_method_says_so(results):
    """Before and after, recomputed: leads of so many quarters of work against the same ones of the year before, by the CRM."""
    table = detection.verdicts(results, 1).set_index(["method", "measure", "quarter"])
    frame = results.table("quarters")
    for world, side in (("", "right"), ("twin_", "wrong")):
        wide = frame[frame["point"] == 1].pivot_table(index="replication", columns="quarter", values=f"{world}leads_all")
        own = frame[frame["point"] == 1].pivot_table(index="replication", columns="quarter", values="leads_all")
        for quarter in (1, 2, 4):
            before = own[list(range(quarter))].sum(axis=1).to_numpy(dtype=float)
            after = wide[list(range(4, 4 + quarter))].sum(axis=1).to_numpy(dtype=float)
            says = before_and_after(before, after) <= ALPHA
            assert table[side].loc[detection.BEFORE_AND_AFTER, "leads", quarter] == says.mean()
    assert table.loc[detection.HOLD_OUT, "deals", 4]["right_low"] <= table.loc[detection.HOLD_OUT, "deals", 4]["right"]


def test_at_zero_hours_right_and_wrong_are_the_same(results):
    table = detection.verdicts(results, 0)
    tests = table[table["method"] != detection.ATTRIBUTION]
    assert tests["right"].tolist() == tests["wrong"].tolist()
    assert tests["right"].notna().all()


def test_without_a_year_before_or_enough_peers_the_method_is_not_defined(tmp_path):
    alone = execute(Plan("few", grid(small(), ["team.hours_per_week=20"]), 3, 1), tmp_path / "run")
    table = detection.verdicts(alone, 0).set_index("method")
    assert table.loc[[detection.BEFORE_AND_AFTER, detection.PEER_GROUP], "right"].isna().all()
    assert table.loc[detection.HOLD_OUT, "right"].notna().all()


def test_a_team_that_begins_with_the_last_weeks_still_has_a_quarter_of_work(tmp_path):
    late = apply(small(), {"time.horizon_weeks": 41, "hours_policy.starts_week": 40})
    found = execute(Plan("late", grid(late, ["team.hours_per_week=20"]), 2, 1), tmp_path / "run")
    assert set(detection.verdicts(found, 0)["quarter"]) == {1}


def test_attribution_says_yes_where_what_it_credits_is_above_cost(results):
    found = cash_flow.Quarters.of(results, 1)
    pays = by_point(results)[1]["net_return_expected"].to_numpy() > 0
    credited = found.margin * found["revenue_last_touch"][:, :8].sum(axis=1) - found["spent"][:, :8].sum(axis=1) > 0
    last = detection.verdicts(results, 1).set_index(["method", "quarter"]).loc[detection.ATTRIBUTION, 4]
    assert last["right"] == np.mean(credited == pays)
    assert last["right"] + last["wrong"] == pytest.approx(1.0)


def test_the_first_quarter_is_the_one_from_which_the_chance_stays(results):
    table = detection.verdicts(results, 1)
    for chances, first in (([0.9, 0.7, 0.8, 0.9], 3), ([0.9] * 4, 1), ([0.9, 0.9, 0.9, 0.7], math.nan)):
        mine = table[(table["method"] == detection.HOLD_OUT) & (table["measure"] == "leads")].assign(right=chances)
        assert detection.first_quarters(mine)["first_quarter"].iloc[0] == pytest.approx(first, nan_ok=True)


@pytest.mark.slow
def test_false_verdicts_stay_at_their_nominal_rate_over_two_hundred_worlds(tmp_path):
    """Null: at zero hours each test says yes in at most 5 % of worlds, in each quarter of three years. Binomial, alpha 0.001.

    Two years before, so that sales have filled their pipeline; the effect itself is exactly zero in every world.
    """
    hours = scenario(
        time={"horizon_weeks": 260, "warm_up_weeks": 104, "run_off_weeks": 13}, hours_policy={"starts_week": 104},
        team={"hours_per_week": 0.0}, market={"accounts": 500},
    )  # fmt: skip
    worlds = 200
    found = execute(Plan("null", grid(hours, ["team.hours_per_week=0"]), worlds, 11), tmp_path / "run", workers=Workers(2))
    outcomes = by_point(found)[0]
    for column in ("net_deals_expected", "net_margin_expected", "net_renewal_margin_expected", "net_return"):
        assert (outcomes[column] == 0.0).all()
    table = detection.verdicts(found, 0)
    tests = table[table["method"] != detection.ATTRIBUTION]
    assert len(tests) == 3 * 2 * 12
    from scipy import stats  # noqa: PLC0415

    for _, row in tests.iterrows():
        count = round(row["wrong"] * worlds)
        assert stats.binom.sf(count - 1, worlds, ALPHA) > 0.001, row.to_dict()
    assert tests["wrong"].max() > 0.01, "they do say yes now and then"


@pytest.mark.parametrize("dispersion", [1.25, 1.5])
def test_a_season_is_no_effect(dispersion):
    """Null: counts with a season, at its height when the team begins, are called an effect in at most 5 %.

    Their variance is a quarter to a half above their mean, as that of real leads. Nor are they by a hold-out test, of whose
    arms each has the season. 4,000 worlds, alpha 0.001; 0.3 % more, as the mean is estimated.
    """
    rng, worlds = np.random.default_rng(1), 4_000
    rates = 12.0 * np.array([1.5, 1.0, 0.5, 1.0] * 2)

    def drawn(means, shape):
        return rng.negative_binomial(means / (dispersion - 1.0), 1.0 / dispersion, shape).astype(float)

    counts = drawn(rates, (worlds, 8))
    arm, held_out = (drawn(rates[4:] / 2.0, (worlds, 4)) for _ in range(2))
    lived = detection.Lived(counts[:, 4:], counts[:, 4:], counts[:, :4], arm, arm, held_out)
    for says in (detection._before_and_after, detection._hold_out):
        for quarter in range(4):
            wrong = detection._chances(lived, quarter, says)["wrong"]
            assert 0.01 < wrong < ALPHA + 0.003 + 3.1 * math.sqrt(ALPHA * (1.0 - ALPHA) / worlds)
