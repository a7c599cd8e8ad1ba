"""A plan in stages, in words, a table, a figure and a page; also in short, beside other results."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import pandas as pd

from sim.analysis.frames import Frame, spread
from sim.experiment.staging import STAGED, Staged, Stages
from sim.experiment.statistics import Estimate
from sim.experiment.ways import OfWay
from sim.report.answers.base import Answer, TextTable
from sim.report.answers.ensemble import FEW, level
from sim.report.figures import stages as figure
from sim.report.html.sheet import Part, Sheet, files
from sim.report.text.cells import frame_of, from_to
from sim.report.text.translation import decimal, later, say, say_many, shortest
from sim.report.text.words import confidence, money, percent
from sim.scenario import Scenario
from sim.version import __version__

PLAN, WAYS = "plan.yaml", "ways.csv"
FILES = (*files(WAYS), PLAN)
FEWER = {
    "followers": later("If fewer than {value} followers from target accounts are there by then, {less}; else {more}."),
    "leads": later("If fewer than {value} leads are recorded as begun on social media by then, {less}; else {more}."),
    "messages": later("If fewer than {value} messages that want an answer came by then, {less}; else {more}."),
    "reach": later("If posts were seen fewer than {value} times by then, {less}; else {more}."),
}


def said(plan: Stages) -> str:
    """Say a plan."""
    begin = say_many(
        "Begin at {begin} for {count} quarter.",
        "Begin at {begin} for {count} quarters.",
        plan.quarters,
        begin=level(plan.begin),
    )
    if plan.is_blind:
        after = say("Then {way}, whatever is seen: no sign was found worth going by.", way=_way(plan.then_hours, plan.begin))
    else:
        after = say(
            FEWER[plan.looks_at],
            value=shortest(plan.at_least),
            less=_way(plan.else_hours, plan.begin),
            more=_way(plan.then_hours, plan.begin),
        )
    return f"{begin} {after}"


def _way(hours: float, begin: float) -> str:
    if not hours:
        return say("stop for good")
    return say("stay at {level}", level=level(hours)) if hours == begin else say("go to {level}", level=level(hours))


def sentences(found: Staged, currency: str) -> Iterator[str]:
    """Say the plan, what it returns more than the best constant level, and where."""
    yield said(found.plan)
    yield _gain(found, currency)
    of_plan, constant = found.of_plan, found.constant
    yield say(
        "In the sets of assumptions with an effect on buyers, the plan returns {moved} on average; {level} throughout would"
        " return {other}. In the sets without an effect, these are {unmoved} and {other_unmoved}.",
        moved=money(of_plan.moved.value, currency),
        level=level(found.against),
        other=money(constant.moved.value, currency),
        unmoved=money(of_plan.unmoved.value, currency),
        other_unmoved=money(constant.unmoved.value, currency),
    )
    if not found.plan.is_blind:
        reached = found.reached
        yield say(
            "As much is seen in {share} of the sets ({interval}).",
            share=percent(reached.value),
            interval=from_to(percent(reached.low), percent(reached.high)),
        )
    yield say(
        "The plan was looked for in {searched} sets, and tried in {sets} others that count as {effective} equal ones. Intervals"
        " ({confidence}) are the luck of which sets were drawn and of their worlds: more sets narrow them.",
        searched=decimal(found.searched),
        sets=decimal(found.sets),
        effective=decimal(found.effective_sets),
        confidence=confidence(),
    )
    if found.effective_sets < FEW:
        yield say("That is too few for the intervals to show all of that luck: draw more sets.")


def _gain(found: Staged, currency: str) -> str:
    values = {
        "sets": decimal(found.sets),
        "level": level(found.against),
        "gain": money(abs(found.gain.value), currency),
        "low": money(found.gain.low),
        "high": money(found.gain.high, currency),
        "confidence": confidence(),
    }
    if found.gain.says_nothing():
        values["gain"] = money(found.gain.value, currency)
        return say(
            "Over {sets} sets of assumptions that had no say in it, it cannot be told from {level} throughout, the best"
            " constant level: the difference is {gain} ({confidence} interval {low} to {high}).",
            **values,
        )
    if found.gain.value < 0.0:
        return say(
            "Do not follow it: over {sets} sets of assumptions that had no say in it, this returns {gain} less than {level}"
            " throughout, the best constant level ({confidence} interval of the difference {low} to {high}).",
            **values,
        )
    message = (
        later(
            "Over {sets} sets of assumptions that had no say in it, this returns {gain} more than {level} throughout, the best"
            " constant level ({confidence} interval {low} to {high}), and costs {saved} less."
        )
        if found.saved.value > 0.0
        else later(
            "Over {sets} sets of assumptions that had no say in it, this returns {gain} more than {level} throughout, the best"
            " constant level ({confidence} interval {low} to {high}), and costs {saved} more."
        )
    )
    return say(message, **values, saved=money(abs(found.saved.value), currency))


def in_short(found: Staged, currency: str) -> TextTable:
    """Return a row per constant level and one for the plan, with what its columns mean."""
    rows: list[tuple[str, ...]] = [
        (say("hours per week"), say("net return, mean"), say("if buyers are moved"), say("if they are not"), say("spent"))
    ]
    rows += [_row(one) for one in found.ways]
    note = say(
        "Means over sets in {currency}, after run-off, discounted to the first day by the scenario's rate. Brackets:"
        " {confidence} intervals, by the luck of which sets were drawn.",
        currency=currency,
        confidence=confidence(),
    )
    return TextTable(rows, (note,))


def _row(one: OfWay) -> tuple[str, ...]:
    name = say("the plan in stages") if one.hours is None else level(one.hours)
    if one.hours == 0.0:
        return (name, *[money(0.0)] * 4)
    return (name, *map(_amount, (one.mean, one.moved, one.unmoved)), money(one.spent.value))


def _amount(one: Estimate) -> str:
    return say("{value} ({interval})", value=money(one.value), interval=from_to(money(one.low), money(one.high)))


def ways_frame(found: Staged) -> Frame:
    """Return a row per constant level and one for the plan, as numbers."""
    return pd.DataFrame(
        [
            {
                "way": STAGED if one.hours is None else "constant",
                "hours_per_week": one.hours,
                **spread("net_return", one.mean),
                **spread("net_return_if_moved", one.moved),
                **spread("net_return_if_not_moved", one.unmoved),
                **spread("spent", one.spent),
            }
            for one in found.ways
        ]
    )


def content(found: Staged) -> dict[str, Any]:
    """Return everything for programs; each figure as value, low and high."""
    return asdict(found)


@dataclass(frozen=True)
class Planned(Answer):
    """A plan in stages, and what it is worth while nobody knows which parameters are true."""

    found: Staged
    scenario: Scenario

    def sentences(self) -> Iterable[str]:
        """Say the plan and what it is worth."""
        return sentences(self.found, self.scenario.currency)

    def tables(self) -> Iterable[TextTable]:
        """Show constant levels and the plan."""
        yield in_short(self.found, self.scenario.currency)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return {"answer": list(self.sentences()), **content(self.found)}

    def sheet(self) -> Sheet:
        """Lay out the page."""
        found, currency = self.found, self.scenario.currency
        part = Part(
            say("The plan, and constant hours"),
            say(
                "Each set of assumptions has one world at every constant level and one under the plan, on the same draws."
                " None of these sets and worlds had a say in what the plan is."
            ),
            partial(figure.draw, found.plan, self.scenario.time.horizon_weeks),
            frame_of(in_short(found, currency).rows),
            WAYS,
        )
        method = say(
            "sim {version}, seed {seed}. The return of each option was regressed on the signs seen, from the last decision"
            " backwards (least-squares Monte Carlo; docs/model.md 4.1). In the sets that the plan was searched in, each judged"
            " by a plan made without it, it returned {expected}. The plan is {file}, a scenario to run.",
            version=__version__,
            seed=found.seed,
            expected=money(found.expected, currency),
            file=PLAN,
        )
        return Sheet(
            say("{name}: a plan in stages", name=self.scenario.name),
            say(
                "Simulated, not observed. Nobody knows most numbers of such a model, and a plan can wait for what is seen."
                " Amounts are in {currency}, over {weeks} weeks and run-off, after cost, discounted to the first day.",
                currency=currency,
                weeks=decimal(self.scenario.time.horizon_weeks),
            ),
            list(self.sentences()),
            [part],
            method,
            {WAYS: ways_frame(found)},
        )
