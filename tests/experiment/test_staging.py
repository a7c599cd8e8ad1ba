"""Plans in stages: what is put together from worlds that switch is what the plan lives; what it is worth, on known sets."""

import math

import numpy as np
import pytest

import sim
from sim.experiment import ResultsError, Workers
from sim.experiment.backward_induction import Look, solve
from sim.experiment.early_signs import COST, DISCOUNTED, OF_SETS, sign_name
from sim.experiment.ensemble import Drawn, Ensemble, Member, draw, find
from sim.experiment.evaluation_cache import Evaluations
from sim.experiment.lived import Lived
from sim.experiment.sensitivity import inputs_of
from sim.experiment.staging import SIGN_OF, Stages, best_plan, live, mixed, scenario_of, switches, tree, weigh
from sim.scenario import Loaded, apply, load
from sim.scenario.describe import to_yaml
from sim.scenario.merging import following
from tests.small import short, small

HOURS, LOOKS = (10.0, 30.0), (1, 2)
PLACE = OF_SETS.names.index(DISCOUNTED)


def test_what_is_put_together_is_what_the_plan_lives(tmp_path):
    """Worlds that switch whatever is seen, and signs of constant hours, give to the bit what each set returns under a plan."""
    base = apply(small(), {"time.horizon_weeks": 28, "time.run_off_weeks": 26})
    drawn = mixed(draw(base, inputs_of(Loaded(base, following(base, {}), {})), 8, 0.4, 3))
    ways = switches(HOURS, LOOKS)
    with Evaluations(tmp_path / "worlds.sqlite", Workers(1), OF_SETS) as evaluations:
        lived = live(drawn.members, HOURS, ways, evaluations, 5)
        later = live(drawn.members[4:], HOURS, ways, evaluations, 5, first=4)
        assert np.array_equal(later, lived[4:], equal_nan=True)
        whole = find(drawn, {}, HOURS, {}, evaluations, seed=5)
        assert np.array_equal(whole.lived.returns, lived[:, : len(HOURS), PLACE]), "an ensemble lives in the same worlds"
        look = tree(lived, HOURS, ways)
        for sign in SIGN_OF:
            seen = lived[:, 0, OF_SETS.names.index(sign_name(SIGN_OF[sign], 2))]
            cut = float(np.median(seen)) + 0.5
            assert 0 < (seen >= cut).sum() < len(seen)
            plan = Stages(10.0, 2, sign, cut, 30.0, 0.0)
            own = live(drawn.members, HOURS, [plan], evaluations, 5)[:, -1, PLACE]
            after = look.ways[10.0, 2].ways
            assert own == pytest.approx(np.where(seen >= cut, after[30.0], after[0.0]), rel=1e-12)
            assert look.ways[10.0, 2].seen[:, list(SIGN_OF).index(sign)] == pytest.approx(np.log1p(seen))


def test_the_first_sets_hold_either_kind_in_proportion():
    members = [Member(number, {}, number >= 4, small()) for number in range(10)]
    found = mixed(Drawn(members, ())).members
    assert sorted(one.number for one in found) == list(range(10))
    assert [sum(not one.has_effect for one in found[:many]) for many in (5, 10)] == [2, 4]


def known(sets, seed):
    """Sets of which half are worth 40 hours and half none; followers after a quarter tell which, leads do not."""
    generator = np.random.default_rng(seed)
    good = np.arange(sets) % 2 == 0
    lived = np.zeros((sets, 2 + len(switches(HOURS, (1,))), len(OF_SETS.names)))
    worth = {0.0: np.zeros(sets), 10.0: np.where(good, 10.0, -5.0), 30.0: np.where(good, 60.0, -40.0)}
    for place, begin in enumerate(HOURS):
        lived[:, place, PLACE] = worth[begin]
    for place, way in enumerate(switches(HOURS, (1,)), len(HOURS)):
        lived[:, place, PLACE] = 0.1 * worth[way.begin] + 0.9 * worth[way.then_hours]
    lived[:, :, PLACE] += generator.normal(0.0, 5.0, (sets, 1))
    lived[:, :2, OF_SETS.names.index(sign_name(SIGN_OF["followers"], 1))] = np.where(good, 150.0, 90.0)[:, None]
    lived[:, :2, OF_SETS.names.index(sign_name(SIGN_OF["leads"], 1))] = generator.poisson(3.0, sets)[:, None]
    return lived, good


def test_the_plan_is_the_one_that_known_returns_call_for():
    """Begin at 30 h, as 0.1 x -40 is lost in half of the sets and 0.1 x 60 won: 30 on average, against 28.25 from 10 h."""
    lived, _ = known(60, 1)
    plan, expected = best_plan(tree(lived, HOURS, switches(HOURS, (1,))), np.full(60, 1 / 60))
    assert plan == Stages(30.0, 1, "followers", 120.0, 30.0, 0.0)
    assert expected == pytest.approx(0.5 * 60.0 + 0.5 * 0.1 * -40.0, abs=3.0 * 5.0 / math.sqrt(60))


def ensemble_of(lived, good, hours=HOURS):
    sets = len(lived)
    returns = lived[:, : len(hours), PLACE]
    return Ensemble(
        Drawn([Member(number, {}, True, small()) for number in range(sets)], ()),
        Lived(hours, returns, np.full_like(returns, np.nan), good, np.ones(sets), {}, np.empty((sets, 3)), returns, 0.0),
        {}, (),
    )  # fmt: skip


def test_a_plan_is_weighed_against_the_best_constant_level_with_the_luck_of_the_sets():
    """Against 30 h throughout: 0 in good sets, 36 in others; so with a belief of one half 18, of which none is luck here."""
    lived, good = known(80, 2)
    plan = Stages(30.0, 1, "followers", 120.0, 30.0, 0.0)
    returns = np.where(
        good, lived[:, 1, PLACE], lived[:, 2 + switches(HOURS, (1,)).index(Stages(30.0, 1, "followers", 0.0, 0.0, 0.0)), PLACE]
    )
    own = np.concatenate([lived[:, :2], lived[:, 1:2]], axis=1)
    own[:, 2, PLACE] = returns
    own[:, :, OF_SETS.names.index(COST)] = [7.0, 21.0, 5.0]
    found = weigh(plan, ensemble_of(lived, good), own, 0.5, expected=1.0, searched=60, seed=1)
    assert (found.against, found.sets, found.searched) == (30.0, 80, 60)
    assert found.gain.value == pytest.approx(18.0)
    assert (found.gain.low, found.gain.high) == pytest.approx((18.0, 18.0)), "as many of either kind in every resample"
    assert (found.saved.value, found.reached.value) == pytest.approx((16.0, 0.5))
    assert found.of_plan.hours is None
    assert found.constant.mean.value == pytest.approx(own[:, 1, PLACE].mean())
    assert found.of_plan.mean.low < found.of_plan.mean.value < found.of_plan.mean.high
    fewer = weigh(plan, ensemble_of(lived, good), own, 0.8, expected=1.0, searched=60, seed=1)
    assert fewer.against == 0.0, "with four in five sets without an effect no constant level pays"


def test_more_signs_never_lead_to_fewer_hours():
    """Where those who see more should stop, there is no plan that does so."""
    seen = np.linspace(0.0, 1.0, 50)
    look = Look(seen[:, None], {0.0: np.zeros(50), 10.0: 0.6 - seen})
    rule, _ = solve(look, np.full(50, 0.02))
    assert (rule.sign, rule.above) == (None, 10.0)


@pytest.mark.slow
@pytest.mark.parametrize("members", [16])
def test_a_plan_from_end_to_end(tmp_path, members):
    folder = tmp_path / "plan"
    answer = sim.plan(short(), levels=[10], looks=[1], members=members, seed=4, folder=folder)
    said = answer.to_dict()
    assert (said["searched"], said["sets"]) == (members, 2 * members)
    plan = answer.found.plan
    kept = load(folder / "plan.yaml")
    assert kept == scenario_of(short(), plan)
    assert load_text(to_yaml(kept), tmp_path) == kept
    assert (kept.hours_policy.kind, kept.team.hours_per_week) == ("staged", plan.begin)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert said["answer"][0].split(".")[0] in page
    again = sim.plan(short(), levels=[10], looks=[1], members=members, seed=4, folder=folder)
    assert again.to_dict() == said


def load_text(text, tmp_path):
    path = tmp_path / "again.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


BAD = [
    ({"looks": "1,x"}, "--looks 1,x: write quarters"),
    ({"looks": [3]}, "--looks 3: signs are known after 1, 2, 4 quarters"),
    ({"looks": [4]}, "--looks 4: the horizon ends by then"),
    ({"looks": [1], "members": 3}, "--members 3: take 16 sets at least"),
    ({"looks": [1], "levels": "0"}, "--levels: no hours are always among the levels"),
]


@pytest.mark.parametrize(("asked", "said"), BAD)
def test_what_cannot_be_asked_is_said_before_a_world_is_run(asked, said, tmp_path):
    with pytest.raises(ResultsError, match=said):
        sim.plan(small(), folder=tmp_path / "plan", **asked)
    assert not (tmp_path / "plan").exists()
