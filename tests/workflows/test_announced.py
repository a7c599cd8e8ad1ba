"""What is large is announced before its first world: the estimate against counted events, and who is stopped by it."""

import random

import pytest

import sim
from sim.experiment import ResultsError
from sim.experiment.size import size_of
from sim.model import simulate
from sim.model.setting import Clock
from sim.scenario import Scenario, ScenarioError, apply, load
from sim.scenario.fields import Parameter, names_at, spot
from sim.workflows.announced import check_world, check_worlds, is_large
from sim.workflows.options import Worlds
from tests.places import ROOT

FACTOR = 3.0  # as the module states

BASE = apply(load(ROOT / "scenarios" / "hours_10.yaml"), {"time.horizon_weeks": 52, "market.accounts": 800})
VARIED = [
    {},
    {"team.hours_per_week": 0.0},
    {"team.hours_per_week": 40.0},
    {"market.accounts": 3000},
    {"market.customers": 500},
    {"market.segments.all.needs_per_year": 2.0},
    {"channels.network.followers_at_start": 0.5},
    {"channels.network.engagement_rate": 0.5},
    {"channels.network.outside_per_follower": 300.0},
    {"outside.spam_per_week": 300.0},
    {"customers.questions_per_year": 40.0},
    {"team.shortest_block_minutes": 1.0},
    {"sponsoring.per_week": 300.0},
    {"time.horizon_weeks": 200},
]


@pytest.fixture
def counted(monkeypatch):
    """Events on the clock of a world."""
    seen = [0]
    step = Clock.step

    def count(clock):
        seen[0] += 1
        step(clock)

    monkeypatch.setattr(Clock, "step", count)

    def of(scenario):
        seen[0] = 0
        simulate(scenario, 1, 0)
        return seen[0]

    return of


def assumed():
    """The numbers of a scenario that have a documented range, by path."""
    found: list[tuple[str, Parameter]] = []
    ahead = [(name,) for name in names_at(())]
    while ahead:
        path = ahead.pop()
        here = spot(path)
        if here is not None and (here.section is not None or here.is_collection):
            ahead += [(*path, step) for step in names_at(path)]
        elif here is not None and here.parameter is not None and here.parameter.is_number and here.parameter.low is not None:
            found.append((".".join(map(str, path)), here.parameter))
    return sorted(found, key=lambda one: one[0])


def drawn(seed: int, changes: int = 25) -> Scenario:
    """A scenario with some of its numbers drawn from their documented ranges; what does not go together is left as it is."""
    chance, found = random.Random(seed), BASE
    for path, parameter in chance.sample(assumed(), changes):
        value = chance.uniform(parameter.low, parameter.high)
        try:
            found = apply(found, {path: round(value) if parameter.annotation is int else value})
        except ScenarioError:
            continue
    return apply(found, {"market.accounts": min(found.market.accounts, 3000)}) if found.market.customers <= 3000 else BASE


@pytest.mark.parametrize("changes", VARIED, ids=str)
def test_events_are_estimated_within_the_stated_factor(counted, changes):
    scenario = apply(BASE, changes)
    ratio = size_of(scenario).events / counted(scenario)
    assert 1.0 / FACTOR < ratio < FACTOR


@pytest.mark.parametrize("seed", range(12))
def test_so_are_those_of_scenarios_drawn_from_documented_ranges(counted, seed):
    scenario = drawn(seed)
    ratio = size_of(scenario).events / counted(scenario)
    assert 1.0 / FACTOR < ratio < FACTOR


def test_what_is_usual_is_not_announced():
    for file in (ROOT / "scenarios").glob("*.yaml"):
        assert is_large(load(file)) == ""


LARGE = {"outside.spam_per_week": 1000.0, "channels.network.outside_per_follower": 10_000.0}


def test_a_large_world_is_refused_before_any_work_unless_it_is_meant(tmp_path, monkeypatch):
    large = apply(BASE, LARGE)
    monkeypatch.setattr("sim.experiment.runner.execute", lambda *_, **__: pytest.fail("a world was run"))
    with pytest.raises(ResultsError, match=r"a world takes about [\d.]+ million events, .* GB; .* --yes"):
        sim.run(large, folder=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_worlds_that_take_long_all_together_are_refused_or_only_remarked():
    said = []
    with pytest.raises(ResultsError, match=r"1,000,000 of them with their twins take about \d+ (hours|days)"):
        check_worlds(BASE, 1_000_000, Worlds())
    check_worlds(BASE, 1_000_000, Worlds(yes=True, remark=said.append))
    assert "1,000,000 of them" in said[0]
    check_worlds(BASE, 10, Worlds())


def test_what_begins_with_one_world_is_announced_too():
    """Such as a trace, and the company that `sim start` reads back."""
    said = []
    with pytest.raises(ResultsError, match=r"a world takes about [\d.]+ million events"):
        check_world(apply(BASE, LARGE), Worlds())
    check_world(apply(BASE, LARGE), Worlds(yes=True, remark=said.append))
    assert "a world takes about" in said[0]
    check_world(BASE, Worlds())
