"""Each adapter runs in a fresh environment with the versions that it names, and agrees with this program where it must."""

import os

import pytest

import sim
from sim.bench import tools
from sim.experiment import ResultsError

APART = [name for name in tools.names() if tools.tool(name).is_installed_apart]


@pytest.mark.slow
@pytest.mark.parametrize("name", APART)
def test_an_adapter_answers_in_a_fresh_environment(bench, name):
    try:
        graded = sim.run_bench(bench, tools.tool(name), install=True, force=True)
    except ResultsError as error:
        if os.environ.get("CI") or "could not be installed" not in str(error):
            raise
        pytest.skip(str(error))
    mine = graded.statuses[graded.statuses["tool"] == name]
    assert len(mine)
    assert set(mine["status"]) == {"done"}, mine["said"].tolist()


@pytest.mark.slow
def test_other_programs_credit_as_this_one_does(bench):
    """The simple rules to the unit; Markov among all sources as far as ChannelAttribution's simulation leaves it open."""
    try:
        for name in ("own", "channelattribution", "marketing-attribution-models"):
            answers = sim.run_bench(bench, tools.tool(name), install=True).answers
    except ResultsError as error:
        if os.environ.get("CI") or "could not be installed" not in str(error):
            raise
        pytest.skip(str(error))
    said = answers.set_index(["tool", "method", "world", "channel"])["value"].sort_index()
    ours = said["own"]
    for tool, pairs in {
        "channelattribution": {"first touch": "first_touch", "last touch": "last_touch", "linear": "linear"},
        "marketing-attribution-models": {"last click": "last_touch", "linear": "linear"},
    }.items():
        for theirs, mine in pairs.items():
            found = said[tool][theirs]
            assert found.sum() > 0.0
            assert found.to_numpy() == pytest.approx(ours[mine][found.index].to_numpy(), abs=0.5)
    chain = said["channelattribution"]["Markov"]
    worth = chain.groupby("world").transform("sum")
    assert ((chain - ours["markov, all sources"][chain.index]).abs() / worth).max() < 0.02
