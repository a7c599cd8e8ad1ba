"""Event logs of a world say what its tables say: the same dates and outcomes, as many events, and no relation to nothing."""

import csv
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta

import pytest

import sim
from sim.experiment import Plan, ResultsError, execute
from sim.experiment.designs import grid
from sim.model import simulate
from sim.model.calendar import HOURS_PER_WEEK
from sim.scenario import Scenario, apply
from tests.small import SMALL, small
from tests.worlds import rows

MONDAY = datetime.fromisoformat("2012-01-02T00:00:00+00:00")
HORIZON = SMALL["time"]["horizon_weeks"] * HOURS_PER_WEEK
MICROSECOND = 1e-6 / 3600.0
TRANSITIONS = "schedule|start|suspend|resume|complete|ate_abort"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Two worlds at 20 hours, in which drafts are reviewed and sent back, with a channel and reviewers of the user's own."""
    club = Scenario(name="any").channels["network"].model_dump()
    document = {**SMALL, "channels": {"club": club}, "profiles": {"channel": "club"}}
    document["validation"] = {"reviewers": {"brand": {"share_raw": 0.5, "share_adapted": 0.5, "share_original": 1.0}}}
    with_club = Scenario.model_validate(document)
    plan = Plan("events", grid(with_club, ["team.hours_per_week=20"]), 2, seed=7)
    return execute(plan, tmp_path_factory.mktemp("events") / "run")


@pytest.fixture(scope="module")
def folder(results, tmp_path_factory):
    found = tmp_path_factory.mktemp("events") / "out"
    for kind in ("ocel", "xes", "vidigi"):
        sim.export(results, found, to=kind, worlds=2)
    return found


def hours(text):
    return (datetime.fromisoformat(text) - MONDAY) / timedelta(hours=1)


def document(folder, world=0):
    return json.loads((folder / f"ocel_p0_r{world}.json").read_text())


def of(table, world=0):
    return table[table["replication"] == world]


def traces(path):
    """Cases of an XES log: what is known of each, and its events in their order."""

    def told(element):
        return {one.get("key"): one.get("value") for one in element if one.get("key")}

    return [
        (told(trace), [told(event) for event in trace.findall("event")]) for trace in ET.parse(path).getroot().iter("trace")
    ]


def test_the_json_obeys_the_rules_of_the_standard(folder):
    found = document(folder)
    assert set(found) == {"objectTypes", "eventTypes", "objects", "events"}
    types = {
        kind: {one["name"]: {a["name"] for a in one["attributes"]} for one in found[f"{kind}Types"]}
        for kind in ("object", "event")
    }
    ids = {one["id"] for one in found["objects"]}
    assert len(ids) == len(found["objects"])
    assert len({one["id"] for one in found["events"]}) == len(found["events"])
    for kind in ("object", "event"):
        for one in found[f"{kind}s"]:
            assert {a["name"] for a in one["attributes"]} <= types[kind][one["type"]]
            assert all(isinstance(a["value"], str) for a in one["attributes"])  # as its schema wants
            related = [(r["objectId"], r["qualifier"]) for r in one["relationships"]]
            assert len(set(related)) == len(related)
            assert all(key in ids and qualifier for key, qualifier in related)
    times = [one["time"] for one in found["events"]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", time) for time in times)
    assert times == sorted(times)
    assert {r["objectId"] for one in found["events"] for r in one["relationships"]} == ids  # else readers drop objects


def test_the_database_holds_what_the_json_holds(folder):
    found = document(folder)
    with closing(sqlite3.connect(folder / "ocel_p0_r0.sqlite")) as base:
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        for name in ("event", "object"):
            kinds = dict(base.execute(f"SELECT ocel_type, ocel_type_map FROM {name}_map_type"))
            stored = dict(base.execute(f"SELECT ocel_id, ocel_type FROM {name}"))
            assert stored == {one["id"]: one["type"] for one in found[f"{name}s"]}
            for kind, table in kinds.items():
                rows = base.execute(f'SELECT ocel_id, ocel_time FROM "{name}_{table}"').fetchall()
                assert dict(rows).keys() == {one["id"] for one in found[f"{name}s"] if one["type"] == kind}
                if name == "event":
                    assert dict(rows) == {one["id"]: one["time"] for one in found["events"] if one["type"] == kind}
        for table, name in (("event_object", "event"), ("object_object", "object")):
            mine = {(one["id"], r["objectId"], r["qualifier"]) for one in found[f"{name}s"] for r in one["relationships"]}
            assert set(base.execute(f"SELECT * FROM {table}")) == mine


def test_each_deal_ends_when_and_as_the_table_of_deals_says(results, folder):
    deals = of(results.table("deals")).set_index(["account", "need"])
    cases = {case["concept:name"]: (case, events) for case, events in traces(folder / "xes_deals_p0_r0.xes")}
    won = deals[deals["won"]]
    assert {name for name, (case, _) in cases.items() if case["outcome"] == "won"} == {f"{a}:{n}" for a, n in won.index}
    assert len(won) > 5
    for (account, need), deal in won.iterrows():
        case, events = cases[f"{account}:{need}"]
        assert events[-1]["concept:name"] == "deal won"
        assert hours(events[-1]["time:timestamp"]) == pytest.approx(deal["closed_week"] * HOURS_PER_WEEK, abs=2 * MICROSECOND)
        assert (float(case["value"]), case["truth"], case["source"]) == (deal["value"], deal["label"], deal["recorded_source"])


def test_deals_go_through_the_stages_of_the_model_and_no_other_way(folder):
    stages = list(small().sales.stages)
    code = {(stage, what): f"<{stage} {what}>" for stage in stages for what in TRANSITIONS.split("|")}
    way, closed = "<need opens><brand shortlisted><buyer gets in touch>", ""
    for stage in reversed(stages):
        goes_on = code[stage, "complete"] + ("<deal won>" if stage == stages[-1] else f"(?:<earlier stage repeated>)?{closed}")
        given_up = code[stage, "ate_abort"] + "<deal lost>"
        decides = f"(?:{goes_on}|{given_up})"
        closed = code[stage, "start"] + f"(?:{decides}|{code[stage, 'suspend']}(?:{given_up}|{code[stage, 'resume']}{decides}))"
    seen = Counter()
    for case, events in traces(folder / "xes_deals_p0_r0.xes"):
        names = [(event["concept:name"], event["lifecycle:transition"]) for event in events]
        course = "".join(code.get(name, f"<{name[0]}>") for name in names)
        assert re.fullmatch(way + closed, course) or case["outcome"] == "open", course
        assert [e["time:timestamp"] for e in events] == sorted(e["time:timestamp"] for e in events)
        seen[case["outcome"]] += 1
    assert min(seen["won"], seen["lost"]) > 5


def test_events_are_as_many_as_rows_of_the_tables(results, folder):
    for world in range(2):
        events = document(folder, world)["events"]
        count = Counter(one["type"] for one in events if hours(one["time"]) < HORIZON)  # reviewers read on after it, in vain
        pieces, weeks = of(results.table("pieces"), world), of(results.table("weeks"), world)
        messages, stages = of(results.table("replies"), world), of(results.table("stages"), world).set_index("stage")
        outcomes = of(results.table("outcomes"), world).iloc[0]
        assert count["make draft: ends"] == pieces["made"].sum() > 100
        assert count["post goes out"] == pieces["published"].sum()
        assert count["draft dropped"] == pieces["expired"].sum()
        waits = sum(count[f"review by {who}: waits"] for who in ("brand", "expert", "legal"))
        assert waits == stages.loc["waiting for review", "entered"] > 10
        assert count["rework draft: waits"] == stages.loc["sent back", "entered"] > 5
        assert count["message answered"] == messages["answered"].sum() > 5
        assert count["message missed"] == messages["missed"].sum()
        engaged = sum(count[kind] for kind in ("reaction", "comment", "share", "click"))
        assert engaged >= (weeks["interactions"] - weeks["outside_interactions"]).sum() > 10  # profiles engage, too
        ever = Counter(one["type"] for one in events)
        assert ever["deal won"] == ever["contract signed"] == outcomes["deals"]
        assert count["contract renewed"] == outcomes["renewals"]


def test_a_channel_of_the_users_own_is_an_object(folder):
    found = document(folder)
    assert "channel:club" in {one["id"] for one in found["objects"] if one["type"] == "channel"}
    follows = [one["relationships"] for one in found["events"] if one["type"] == "follows"]
    assert any(related["objectId"] == "channel:club" for one in follows for related in one)


def test_xes_has_the_form_that_its_schema_asks_for(folder):
    for name in ("deals", "drafts"):
        root = ET.parse(folder / f"xes_{name}_p0_r0.xes").getroot()
        order = [one.tag for one in root]
        ranks = {"extension": 0, "global": 1, "classifier": 2, "string": 3, "trace": 4}
        assert (root.tag, root.get("xes.version")) == ("log", "1849.2016")
        assert [ranks[tag] for tag in order] == sorted(ranks[tag] for tag in order)
        assert all(re.fullmatch(r"[A-Za-z]+", one.get("name")) for one in root.iter("classifier"))
        for element in root.iter():
            assert element.tag in (*ranks, "log", "event", "date", "float", "boolean")
            if element.tag == "event":
                told = {one.get("key"): one.get("value") for one in element}
                assert re.fullmatch(TRANSITIONS, told["lifecycle:transition"])
                assert told["concept:name"]


def test_no_more_drafts_are_read_at_once_than_there_are_people(results, folder):
    with (folder / "vidigi_approval_p0_r0.csv").open() as file:
        found = list(csv.DictReader(file))
    times = [float(row["time"]) for row in found]
    assert times == sorted(times)
    read = of(results.table("stages")).set_index("stage").loc["in review", "entered"]
    begun = [float(row["time"]) for row in found if row["event_type"] == "resource_use"]
    assert sum(24.0 * day < HORIZON for day in begun) == read > 10
    busy = set()
    for row in found:
        who = (row["resource"], row["resource_id"])
        if row["event_type"] == "resource_use":
            assert who not in busy
            busy.add(who)
        elif row["event_type"] == "resource_use_end":
            busy.remove(who)
    arrived = Counter(row["entity_id"] for row in found if row["event"] == "arrival")
    assert set(arrived.values()) == {1}


def test_the_log_of_a_world_is_the_same_whichever_others_are_written(results, folder, tmp_path):
    for kind in ("ocel", "xes", "vidigi"):
        for path in sim.export(results, tmp_path / "alone", to=kind, point=0, worlds=1):
            if path.suffix != ".sqlite":
                assert path.read_bytes() == (folder / path.name).read_bytes()
    assert (folder / "ocel_p0_r0.json").read_bytes() != (folder / "ocel_p0_r1.json").read_bytes()


@pytest.mark.parametrize(("point", "worlds", "said"), [(1, 1, "points 0 to 0"), (0, 3, "holds 2")])
def test_worlds_that_are_not_there_are_refused(results, tmp_path, point, worlds, said):
    with pytest.raises(ResultsError, match=said):
        sim.export(results, tmp_path / "none", to="ocel", point=point, worlds=worlds)
    assert not (tmp_path / "none").exists()


def test_a_world_that_is_not_the_stored_one_is_refused(results, tmp_path, monkeypatch):
    another = apply(small(), {"team.hours_per_week": 20})
    monkeypatch.setattr("sim.experiment.lived_again.simulate", lambda _, seed, world: simulate(another, seed, world))
    with pytest.raises(ResultsError, match="does not simulate the world that is stored"):
        sim.export(results, tmp_path / "none", to="xes")


def test_slices_of_work_make_up_the_blocks():
    """Who works on which draft or message adds up, block by block, to who works on what."""
    record = simulate(apply(small(), {"team.hours_per_week": 20}), 7, 0)
    blocks, slices = rows(record.blocks), rows(record.slices)
    for activity in ("content", "dialogue", "publishing"):
        mine = [one for one in slices if one["activity"] == activity]
        whole = sum(one["ended"] - one["began"] for one in blocks if one["activity"] == activity)
        assert whole > 1.0
        assert sum(one["ended"] - one["began"] for one in mine) == pytest.approx(whole)
        assert all(one["piece"] >= 0 for one in mine)
    finished = {one["piece"]: one["ended"] for one in slices if one["activity"] == "dialogue" and one["done"]}
    answered = {one["message"]: one["settled_at"] for one in rows(record.conversations) if one["outcome"] == "answered"}
    assert finished == answered
