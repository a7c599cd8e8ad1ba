"""The bench from worlds to grades: what tools see, what is kept, what is counted, and the example of the page."""

import shutil
import sys
from collections import Counter
from itertools import combinations

import pandas as pd
import pytest

import sim
from sim.bench import running, tools
from sim.bench.families import families
from sim.bench.worlds import names_of, read_truth
from sim.experiment import ResultsError, read
from tests.places import ROOT

MINE = ROOT / "tests/bench/mine.py"


@pytest.fixture
def place(bench, tmp_path):
    """A copy of the worlds, without answers."""
    shutil.copytree(bench, tmp_path / "bench", ignore=shutil.ignore_patterns("tools"))
    return tmp_path / "bench"


def own(script, tmp_path, patterns=("constant",)):
    """A tool of someone's own from a few lines."""
    path = tmp_path / "own_tool.py"
    path.write_text(script, encoding="utf-8")
    return tools.tool_of_command(f"{sys.executable} {path} {{data}} {{out}}", "mine", patterns)


def test_thirty_families_hold_any_two_levels_alike_often():
    found = [(one.pattern, one.effect, one.records, one.seasons) for one in families()]
    assert len(set(found)) == len(found) == 30
    for first, second in combinations(range(4), 2):
        counts = Counter((one[first], one[second]) for one in found)
        assert len(counts) == len({one[first] for one in found}) * len({one[second] for one in found})
        assert max(counts.values()) - min(counts.values()) <= 2


def test_tools_see_no_truth(bench):
    for path in (bench / "worlds").rglob("*"):
        assert "truth" not in path.name
        if path.suffix == ".csv":
            text = path.read_text(encoding="utf-8")
            assert not [word for word in ("truth", "twin", "as_published", "effect:") if word in text], path


def test_truth_is_that_of_the_results(bench):
    truth = read_truth(bench).set_index(["pattern", "effect", "measure"])
    for name, found in truth.iterrows():
        results = next(read(path) for path in (bench / "runs").iterdir() if path.name.startswith("-".join(name[:2])))
        deals = results.table("deals").query("point == 0")
        outcomes = results.table("outcomes").set_index("point")
        if name[2] == "groups":
            mine = deals[deals["account"] % 2 == 0]
            until = results.manifest["points"][0]["scenario"]["time"]["horizon_weeks"]
            with_hours = mine.loc[mine["won"] & (mine["closed_week"] < until), "value"].sum()
            assert found["truth"] == with_hours - mine.loc[mine["twin_won"] & (mine["twin_closed_week"] < until), "value"].sum()
            assert found["cost"] == pytest.approx(outcomes.loc[0, "cost"] / 2, abs=0.01)
        elif name[2] == "weeks":
            assert found["truth"] == outcomes.loc[0, "net_revenue_by_horizon"]
        assert found["return_double"] == pytest.approx(outcomes.loc[1, "net_return_expected"])


def test_held_out_groups_live_as_in_the_twin(bench):
    truth = read_truth(bench)
    world = truth.loc[truth["measure"] == "groups", "world"].iloc[0]
    groups = pd.read_csv(bench / "worlds" / world / "groups.csv")
    results = next(read(path) for path in (bench / "runs").glob("groups-*"))
    deals = results.table("deals").query("point == 0 and account % 2 == 1 and twin_won and twin_closed_week < 52")
    held_out = groups[groups["is_treated"] == 0]
    assert held_out["sales"].sum() == deals["value"].sum() > 0
    assert held_out.groupby("group")["accounts"].first().sum() == 200
    assert groups.groupby("group").size().eq(4).all()


def test_where_nothing_has_an_effect_the_truth_is_small(bench):
    truth = read_truth(bench).query("pattern == 'constant' and measure == 'weeks'").set_index("effect")["truth"]
    assert abs(truth["none"]) < abs(truth["as_published"]) or truth["none"] == 0.0


def test_own_models_are_those_of_the_results(place):
    graded = sim.run_bench(place, tools.tool("own"))
    assert set(graded.statuses["status"]) == {"done"}
    world = (
        read_truth(place).query("pattern == 'constant' and effect == 'as_published' and measure == 'weeks'")["world"].iloc[0]
    )
    results = next(read(path) for path in (place / "runs").glob("constant-as_published*"))
    credited = results.table("credits").query("point == 0 and source == 'organic_social'").set_index("model")["revenue"]
    said = graded.answers[graded.answers["world"] == world].query("channel == 'organic_social'").set_index("method")["value"]
    for model in ("first_touch", "last_touch", "begun_on_social", "linear", "position_based", "time_decay", "shapley"):
        assert said[model] == pytest.approx(credited[model], rel=1e-6, abs=1e-6)
    assert (place / "report.html").is_file()


def test_the_page_shows_the_example_as_it_is_run():
    page = (ROOT / "docs/other-tools.md").read_text(encoding="utf-8")
    assert MINE.read_text(encoding="utf-8") == page.partition("```python\n")[2].partition("```")[0]


def test_the_example_of_the_page_is_graded(place):
    command = f"{sys.executable} {MINE} {{data}} {{out}}"
    graded = sim.run_bench(place, tools.tool_of_command(command, "mine", ["constant"]))
    assert graded.grades.loc[0, ["tool", "method", "measure", "worlds", "failed"]].tolist() == [
        "mine",
        "any touch",
        "journeys",
        2,
        0,
    ]


def test_what_is_finished_is_kept_and_what_fails_is_counted(place, tmp_path):
    script = f"""
import pathlib, shutil, sys
log = pathlib.Path({str(tmp_path / "log")!r})
world = (pathlib.Path(sys.argv[1]) / "company.csv").read_text().splitlines()[1].split(",")[0]
log.open("a").write(world + " ")
if len(log.read_text().split()) == 1:
    sys.exit("no luck")
pathlib.Path(sys.argv[2]).write_text("world,method,measure,channel,value\\n" + world + ",m,weeks,organic_social,1\\n")
"""
    tool = own(script, tmp_path)
    graded = sim.run_bench(place, tool)
    assert sorted(graded.statuses["status"]) == ["done", "failed"]
    assert "no luck" in set(graded.statuses["said"])
    assert graded.grades.loc[0, ["worlds", "failed"]].tolist() == [2, 1]
    left = sorted((place / "tools/mine").glob("0*.json"))[-1]
    left.unlink()  # as after a kill
    sim.run_bench(place, tool)
    assert len((tmp_path / "log").read_text().split()) == 3


def test_an_answer_against_the_contract_stops_with_one_error(place, tmp_path):
    tool = own("import pathlib, sys; pathlib.Path(sys.argv[2]).write_text('world,value\\n1,2\\n')", tmp_path)
    with pytest.raises(ResultsError, match=r"mine, world \d+: answer.csv: has no column method"):
        sim.run_bench(place, tool)
    assert running.statuses(place, "mine").empty


def test_a_tool_that_takes_too_long_has_failed(place, tmp_path):
    graded = sim.run_bench(place, own("import time; time.sleep(60)", tmp_path), timeout=0.2)
    assert graded.statuses["said"].tolist() == ["took more than 0.2 seconds"] * 2


def test_another_version_of_a_tool_is_not_mixed_in(place, tmp_path):
    sim.run_bench(place, tools.tool_of_command(f"{sys.executable} {MINE} {{data}} {{out}}", "mine", ["constant"]))
    with pytest.raises(ResultsError, match="repeat with --force"):
        sim.run_bench(place, own("", tmp_path))


def test_a_tool_that_is_missing_says_how_to_install_it(place):
    with pytest.raises(ResultsError, match=r"pysyncon: is not installed.*--install.*-m pip install.* pysyncon==1\.7\.0"):
        sim.run_bench(place, tools.tool("pysyncon"))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("python mine.py {data}", r"does not say \{out\}"),
        ("python 'mine.py {data} {out}", "No closing quotation"),
    ],
)
def test_a_command_that_cannot_be_run_is_refused(command, said):
    with pytest.raises(ResultsError, match=said):
        tools.tool_of_command(command, "mine", [])


def test_unknown_tools_and_patterns_are_refused(tmp_path):
    with pytest.raises(ResultsError, match="there are causalpy, channelattribution"):
        tools.tool("causal")
    with pytest.raises(ResultsError, match="--pattern often: there is no such pattern"):
        tools.tool_of_command("x {data} {out}", "mine", ["often"])
    with pytest.raises(ResultsError, match="sim bench make"):
        sim.grade_bench(tmp_path)


def test_every_adapter_names_the_versions_that_it_is_run_with():
    for name in tools.names():
        tool = tools.tool(name)
        assert all("==" in package for package in tool.packages), name
        assert tool.packages or name == "own"


def test_names_of_worlds_are_distinct_and_in_no_order_of_families():
    names = [name for number in range(30) for name in names_of(number, 2, 7)]
    assert sorted(names) == [f"{number:03d}" for number in range(60)]
    assert names != sorted(names)
    assert names_of(4, 2, 7) == names[8:10]
