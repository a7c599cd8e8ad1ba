"""Worlds as event logs for process mining and animation, each world in files of its own, with a data dictionary."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sim.experiment.lived_again import LivedWorld, check_worlds, live_again
from sim.experiment.results import Results
from sim.measures.events import courses, queues
from sim.measures.events.world_log import world_log
from sim.report.export import ocel, vidigi, xes
from sim.report.export.moments import Moments
from sim.report.html.markup import safe_csv
from sim.report.text.words import headline

OCEL, XES, VIDIGI = "ocel", "xes", "vidigi"
Truth = Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class EventExport:
    """A kind of event log: what it is for, how a world is written, and the words in it with their meaning."""

    name: str
    about: str
    write: Callable[[LivedWorld, Truth, Path, str], list[Path]]
    words: tuple[tuple[str, str, str], ...]


def spoken_of(results: Results) -> int:
    """Return the point whose worlds are exported if nothing is said: the one that the answer speaks of."""
    return headline(results).point


def write(results: Results, name: str, folder: Path, point: int | None = None, worlds: int = 1) -> list[Path]:
    """Simulate the first worlds of a point again and write each as event logs, and the dictionary; return the paths.

    Raises
    ------
    ResultsError
        If there is no such point, there are fewer worlds, or this version does not simulate the worlds that are stored.
    """
    chosen = point
    if chosen is None:
        check_worlds(results, 0, worlds)
        chosen = spoken_of(results)
    check_worlds(results, chosen, worlds)
    export, deals, paths = EVENT_EXPORTS[name], results.table("deals"), []
    for world in live_again(results, chosen, worlds):
        folder.mkdir(parents=True, exist_ok=True)
        mine = deals[(deals["point"] == world.point) & (deals["replication"] == world.replication)]
        names = zip(mine["account"], mine["need"], strict=True)
        truth = dict(zip(names, mine["label"], strict=True))
        paths += export.write(world, truth, folder, f"p{world.point}_r{world.replication}")
    dictionary = folder / f"{name}_dictionary.csv"
    told = [("", "", export.about), *export.words]
    safe_csv(pd.DataFrame(told, columns=["what", "name", "meaning"]), dictionary)
    return [*paths, dictionary]


def _write_ocel(world: LivedWorld, truth: Truth, folder: Path, which: str) -> list[Path]:
    log, moments = world_log(world.scenario, world.record, truth), Moments(world.scenario)
    paths = [folder / f"ocel_{which}.json", folder / f"ocel_{which}.sqlite"]
    ocel.write_json(log, moments, paths[0])
    ocel.write_sqlite(log, moments, paths[1])
    return paths


def _write_xes(world: LivedWorld, truth: Truth, folder: Path, which: str) -> list[Path]:
    moments, stages = Moments(world.scenario), list(world.scenario.sales.stages)
    paths = [folder / f"xes_deals_{which}.xes", folder / f"xes_drafts_{which}.xes"]
    deals = xes.deal_cases(courses.deals(world.record, stages), truth)
    xes.write(deals, f"deals of {world.scenario.name}, world {world.replication}", moments, paths[0])
    drafts = xes.draft_cases(courses.drafts(world.record))
    xes.write(drafts, f"drafts of {world.scenario.name}, world {world.replication}", moments, paths[1])
    return paths


def _write_vidigi(world: LivedWorld, _: Truth, folder: Path, which: str) -> list[Path]:
    paths = []
    for name, queue in ((queues.APPROVAL, queues.approval), (queues.DIALOGUE, queues.dialogue)):
        log, positions = folder / f"vidigi_{name}_{which}.csv", folder / f"vidigi_{name}_positions_{which}.csv"
        vidigi.write(*queue(world.scenario, world.record), log, positions)
        paths += [log, positions]
    return paths


STAGES_OF_WORK = (
    ("activity", "make draft, rework draft, set up post", "work of the team on a draft"),
    ("activity", "review by NAME", "reading by reviewers of a kind; verdict: approved or sent back"),
    ("activity", "remind reviewers", "the team asks where a draft is"),
    ("activity", "post goes out, draft dropped", "its end: on the channels, or without worth by then"),
)
SALE = (
    ("activity", "need opens", "a purchase begins to be considered; it may lie before the first day"),
    ("activity", "brand shortlisted", "the buyer draws up a list with the company on it"),
    ("activity", "buyer gets in touch", "the lead; source: as recorded, path: by which way"),
    ("activity", "NAME of a stage", "a stage of sales of the scenario"),
    ("activity", "earlier stage repeated", "before a stage, part of the one before it is gone through again"),
    ("activity", "deal won, deal lost", "the end; lost_to: rival or no_decision"),
)
EVENT_EXPORTS = {
    one.name: one
    for one in (
        EventExport(
            OCEL,
            "One company per world: everything that happened, and to what it happened. OCEL 2.0, as JSON and as SQLite. Times"
            " are those of the company's clock, taken as UTC.",
            _write_ocel,
            (
                ("object", "account", "a company that may buy; is_customer_at_start, and segment where it is known"),
                ("object", "contact", "someone at an account whom social media reached; role"),
                ("object", "need", "a purchase that an account considers; value, segment"),
                ("attribute", "truth", "truth: what social media did to a need (as in deals.parquet), which no company knows"),
                ("object", "deal", "a lead, from the day on which its buyer got in touch; value, outcome, source, first_touch"),
                ("object", "contract", "held on the first day (need -1), or signed when a deal was won"),
                ("object", "draft", "a piece on its way to the channels; format, outcome"),
                ("object", "post", "a draft on one channel; quality, reach as a share of followers"),
                ("object", "channel", "a page, people's own profiles, or sponsored posts"),
                ("object", "message", "a conversation; kind, outcome"),
                ("object", "signal", "something said elsewhere that the team found; kind"),
                ("object", "crisis", "a storm in public; outcome, trust_loss"),
                ("object", "person", "a member of the team, hires among them"),
                ("object", "reviewers", "those of one kind who approve drafts"),
                ("relation", "works at, of, with, held by", "contact, need, deal and contract to their account"),
                ("relation", "pursues, signed after", "deal to its need, contract to its deal"),
                ("relation", "shows, on", "post to its draft and its channel"),
                ("relation", "from, by, is about, answers to", "message to its account, its contact, a need, a post"),
                ("event", "is in the log", "what stands there without doing anything, so that no reader drops it"),
                ("event", "NAME: waits, begins, ends", "an activity comes to wait, is begun, is done"),
                ("event", "NAME: stands still, is taken up again, is given up", "a stage of a sale"),
                ("event", "works on NAME", "someone's time from then on; hours"),
                *SALE,
                *STAGES_OF_WORK,
            ),
        ),
        EventExport(
            XES,
            "One company per world: a log of its deals (all leads) and a log of its drafts. XES, IEEE 1849-2016. Times are"
            " those of the company's clock, taken as UTC. Cases that are open when the world ends have no last event.",
            _write_xes,
            (
                ("attribute", "concept:name", "of a case: account:need, or the number of the draft; of an event: its activity"),
                ("attribute", "lifecycle:transition", "schedule, start, suspend, resume, complete or ate_abort"),
                ("attribute", "time:timestamp", "when"),
                ("attribute", "org:resource, org:group", "member of the team; kind of reviewers"),
                ("attribute", "truth", "of a deal; truth: what social media did to it (as in deals.parquet)"),
                *SALE,
                *STAGES_OF_WORK,
            ),
        ),
        EventExport(
            VIDIGI,
            "One company per world: drafts before those who must approve them, and messages before the team, in the order of"
            " time, which vidigi takes for the order of a queue. One world per log, as vidigi takes no more.",
            _write_vidigi,
            (
                ("column", "entity_id", "number of the draft or of the message"),
                ("column", "event_type", "arrival_departure, queue, resource_use or resource_use_end"),
                ("column", "event", "arrival, depart, or the place; messages of kinds with priority are answered out of turn"),
                ("column", "time", "days since Monday 00:00 of the week that holds the first day"),
                ("column", "resource_id", "who, from 1; reviewers of a kind are alike, and the first one who is free reads"),
                ("column", "resource", "kind of reviewers, or member of the team"),
                ("column of positions", "event, x, y, label", "where it is drawn"),
                ("column of positions", "resource, people", "what is in use there, and how many there are"),
            ),
        ),
    )
}
