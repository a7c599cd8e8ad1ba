"""Event logs as pm4py and vidigi read them, each with the version that docs/other-tools.md names."""

import json
import os
import re
import subprocess
import sys

import pytest

import sim
from tests.places import ROOT
from tests.small import small, small_results

pytestmark = pytest.mark.slow
READ = """
import json, warnings
import pm4py
found = {}
log = pm4py.read_xes("xes_deals_p0_r0.xes")
log["what"] = log["concept:name"] + "+" + log["lifecycle:transition"]
found["cases"] = int(log["case:concept:name"].nunique())
found["times"] = [str(time) for time in log["time:timestamp"]]
closed = log[log["case:outcome"] != "open"]
net = pm4py.discover_petri_net_inductive(closed, activity_key="what")
replayed = pm4py.fitness_token_based_replay(closed, *net, activity_key="what")
found["fits"] = replayed["log_fitness"], replayed["perc_fit_traces"]
edges, starts, ends = pm4py.discover_dfg(closed, activity_key="what")
found["edges"], found["starts"], found["ends"] = sorted(edges), sorted(starts), sorted(ends)
for kind, read in (("json", pm4py.read_ocel2_json), ("sqlite", pm4py.read_ocel2_sqlite)):
    one = read(f"ocel_p0_r0.{kind}")
    related = zip(one.relations["ocel:eid"], one.relations["ocel:oid"], one.relations["ocel:qualifier"])
    found[kind] = {
        "events": {key: str(time.isoformat()) for key, time in zip(one.events["ocel:eid"], one.events["ocel:timestamp"])},
        "objects": sorted(one.objects["ocel:oid"]),
        "relations": sorted(related),
        "o2o": sorted(zip(one.o2o["ocel:oid"], one.o2o["ocel:oid_2"], one.o2o["ocel:qualifier"])),
    }
print()
print(json.dumps(found))
"""
DRAW = """
import json, warnings
warnings.simplefilter("error")
import pandas as pd
from vidigi.animation import animate_activity_log
frames = []
for queue in ("approval", "dialogue"):
    log, places = pd.read_csv(f"vidigi_{queue}_p0_r0.csv"), pd.read_csv(f"vidigi_{queue}_positions_p0_r0.csv")
    people = {one.resource: int(one.people) for one in places.dropna(subset="resource").itertuples()}
    drawn = animate_activity_log(
        log, places, scenario=people, simulation_time_unit="days", every_x_time_units=1, limit_duration=60
    )
    frames.append(len(drawn.frames))
print()
print(json.dumps(frames))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A world as all event logs."""
    results = small_results(tmp_path_factory.mktemp("tools") / "run", 1, "team.hours_per_week=20")
    for kind in ("ocel", "xes", "vidigi"):
        sim.export(results, results.folder / "export", to=kind)
    return results.folder / "export"


def printed(code, package, data, folder):
    """What some code prints as JSON, in an environment with the version of a package that the page names."""
    version = re.search(rf"{package} ([\d.]+\d)", (ROOT / "docs/other-tools.md").read_text(encoding="utf-8"))[1]
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    inside = folder / "venv" / "bin" / "python"
    words = [str(inside), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{package}=={version}"]
    installed = subprocess.run(words, capture_output=True, text=True, check=False)
    if installed.returncode != 0 and not os.environ.get("CI"):
        pytest.skip(f"could not be installed: {installed.stderr.strip().splitlines()[-1]}")
    assert installed.returncode == 0, installed.stderr
    (folder / "code.py").write_text(code, encoding="utf-8")
    alone = {**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": ""}
    done = subprocess.run(
        [str(inside), str(folder / "code.py")], cwd=data, env=alone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def allowed_edges(stages):
    """Pairs of events of which docs/model.md lets one follow the other, in a deal that is won or lost."""
    found = {
        ("need opens+complete", "brand shortlisted+complete"),
        ("brand shortlisted+complete", "buyer gets in touch+complete"),
    }
    found.add(("buyer gets in touch+complete", f"{stages[0]}+start"))
    for number, stage in enumerate(stages):
        start, suspend, resume, complete, abort = (
            f"{stage}+{what}" for what in ("start", "suspend", "resume", "complete", "ate_abort")
        )
        found |= {(start, suspend), (start, complete), (start, abort), (suspend, resume), (suspend, abort)}
        found |= {(resume, complete), (resume, abort), (abort, "deal lost+complete")}
        if stage == stages[-1]:
            found.add((complete, "deal won+complete"))
        else:
            then, again = f"{stages[number + 1]}+start", "earlier stage repeated+complete"
            found |= {(complete, then), (complete, again), (again, then)}
    return found


def test_pm4py_reads_what_was_written_and_finds_the_stages_of_the_model(data, tmp_path):
    found = printed(READ, "pm4py", data, tmp_path)
    written = json.loads((data / "ocel_p0_r0.json").read_text())
    times = {one["id"]: one["time"].replace("Z", "+00:00") for one in written["events"]}
    for kind in ("json", "sqlite"):
        mine = {key: time if "." in time else time.replace("+", ".000000+") for key, time in found[kind]["events"].items()}
        assert mine == times
        assert found[kind]["objects"] == sorted(one["id"] for one in written["objects"])
        for name, of in (("relations", "events"), ("o2o", "objects")):
            pairs = [[one["id"], r["objectId"], r["qualifier"]] for one in written[of] for r in one["relationships"]]
            assert found[kind][name] == sorted(pairs)
    text = (data / "xes_deals_p0_r0.xes").read_text()
    assert found["cases"] == text.count("<trace>") > 10
    assert len(found["times"]) == text.count("<event>")
    assert found["fits"] == [1.0, 100.0]
    assert {tuple(edge) for edge in found["edges"]} <= allowed_edges(list(small().sales.stages))
    assert found["starts"] == ["need opens+complete"]
    assert found["ends"] == ["deal lost+complete", "deal won+complete"]


def test_vidigi_animates_both_queues_without_a_warning(data, tmp_path):
    assert min(printed(DRAW, "vidigi", data, tmp_path)) > 50
