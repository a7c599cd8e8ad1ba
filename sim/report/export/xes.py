"""Deals and drafts of a world as event logs of one case each: XES, IEEE 1849-2016."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import IO
from xml.sax.saxutils import quoteattr

from sim.measures.causal_effects import UNCHANGED
from sim.measures.events.courses import DealCourse, DraftCourse, Step
from sim.report.export.moments import Moments

EXTENSIONS = ("Concept", "Lifecycle", "Organizational", "Time")
PREFIXES = {"Concept": "concept", "Lifecycle": "lifecycle", "Organizational": "org", "Time": "time"}
UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
Case = tuple[str, dict[str, str | float | bool], Sequence[Step]]


def deal_cases(courses: Iterable[DealCourse], truth: Mapping[tuple[int, int], str]) -> Iterator[Case]:
    """Yield each deal: its name, what is known of it and what social media truly did to it, and its steps."""
    for course in courses:
        need = course.need
        outcome = "won" if need["won"] else "lost" if need["lost_to"] else "open"
        known = {"account": str(need["account"]), "segment": need["segment"], "value": float(need["value"])}
        known |= {"source": need["recorded_source"], "outcome": outcome, "lost_to": need["lost_to"]}
        known["truth"] = truth.get((need["account"], need["need"]), UNCHANGED)
        yield f"{need['account']}:{need['need']}", known, course.steps


def draft_cases(courses: Iterable[DraftCourse]) -> Iterator[Case]:
    """Yield each draft: its number, what is known of it, and its steps."""
    for course in courses:
        yield str(course.number), {"format": course.kind, "outcome": course.outcome}, course.steps


def write(cases: Iterable[Case], name: str, moments: Moments, path: Path) -> None:
    """Write a log of cases. An activity's name alone, or with its transition, tells events apart: two classifiers."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016" xes.features="">\n')
        for one in EXTENSIONS:
            prefix = PREFIXES[one]
            file.write(f'<extension name="{one}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n')
        file.write('<global scope="trace"><string key="concept:name" value=""/></global>\n')
        file.write(
            '<global scope="event"><string key="concept:name" value=""/><string key="lifecycle:transition" value="complete"/>'
            '<date key="time:timestamp" value="1970-01-01T00:00:00.000000Z"/></global>\n'
        )
        file.write('<classifier name="Activity" scope="event" keys="concept:name"/>\n')
        file.write('<classifier name="Event" scope="event" keys="concept:name lifecycle:transition"/>\n')
        file.write(_attribute("concept:name", name) + _attribute("lifecycle:model", "standard") + "\n")
        for case, known, steps in cases:
            _write_case(file, case, known, steps, moments)
        file.write("</log>\n")


def _write_case(
    file: TextIOWrapper | IO[str], case: str, known: dict[str, str | float | bool], steps: Sequence[Step], moments: Moments
) -> None:
    told = "".join(_attribute(key, value) for key, value in known.items() if value != "")
    file.write(f"<trace>{_attribute('concept:name', case)}{told}\n")
    for step in steps:
        who = _attribute("org:resource", step.by) if step.by else _attribute("org:group", step.group) if step.group else ""
        when = f'<date key="time:timestamp" value="{moments.utc(step.time)}"/>'
        what = _attribute("concept:name", step.activity) + _attribute("lifecycle:transition", step.transition)
        detail = "".join(_attribute(key, value) for key, value in step.detail.items() if value != "")
        file.write(f"<event>{what}{when}{who}{detail}</event>\n")
    file.write("</trace>\n")


def _attribute(key: str, value: str | float | bool) -> str:
    if isinstance(value, bool):
        return f'<boolean key="{key}" value="{str(value).lower()}"/>'
    if isinstance(value, float | int):
        return f'<float key="{key}" value="{value!r}"/>'
    return f'<string key="{key}" value={quoteattr(UNPRINTABLE.sub("", value))}/>'
