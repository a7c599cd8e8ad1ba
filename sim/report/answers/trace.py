"""One account's way through both worlds, as data and in the words of the business."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.measures import trace as events
from sim.measures.trace import Event, Trace
from sim.model.calendar import HOURS_PER_WEEK, Calendar
from sim.model.dialogue import ANSWERED, MISSED
from sim.model.ledger import SEARCH, SOCIAL
from sim.model.needs import NO_DECISION, SHORTLIST, STANDS_STILL, STEPS_BACK
from sim.model.profiles import COLLEAGUES
from sim.model.research import PRAISE
from sim.report.answers.base import Answer, TextTable
from sim.report.text.cells import waited
from sim.report.text.translation import decimal, later, month, say, say_many
from sim.report.text.vocabulary import BECAME, CRISES, FIRST_CAUSES, WORLDS
from sim.report.text.words import in_words, money, number, percent
from sim.scenario import Scenario

STATES = ("salience", "trust", "p_shortlist")
MOST_NAMED = 3
ENGAGED = {
    "reaction": later("{someone} reacts to a post on {channel}"), "comment": later("{someone} comments on a post on {channel}"),
    "share": later("{someone} shares a post on {channel}"), "click": later("{someone} clicks on a post on {channel}"),
}  # fmt: skip
FOLLOWED = {
    "start": later("{someone} follows on {channel}, from the first day"),
    "invited": later("{someone} starts to follow on {channel}, invited by the team"),
    "brought": later("{someone} starts to follow on {channel}, brought by another follower"),
    "found": later("{someone} starts to follow on {channel}, having come across the company"),
    "connected": later("{someone} connects with someone of the team"),
    "known": later("{someone} is known by colleagues"),
}
WRITTEN = {
    "comment": later("its comment"), "customer_question": later("its question as a customer"),
    "complaint": later("its complaint"), "buyer_question": later("its comment, asking as a buyer,"),
    "buyer_message": later("the buyer's message"),
}  # fmt: skip
PATHS = {
    "social": later("gets in touch by a message on a channel"), "web": later("gets in touch through the web site"),
    "offline": later("gets in touch by telephone or at a fair"),
    "referral": later("gets in touch, introduced by a customer"),
}  # fmt: skip
WAKES = " wakes"
TEXT_COLUMNS = 5  # of those shown, the first ones hold text
LEGEND = (
    later("Of two values, the first is with the hours, the second at zero hours."),
    later("A decision goes for the brand if the draw, the same in both worlds, is below the chance."),
    later(
        "Salience (in multiples of the account's base), trust and the chance of being shortlisted, if decided then, are those"
        " at the start of the week after."
    ),
)


def frame(trace: Trace, scenario: Scenario) -> pd.DataFrame:
    """Return a row per event, with the state of the account at the start of the week after it, in both worlds."""
    calendar = Calendar(scenario)
    rows = []
    for event in trace.events:
        state = trace.state_after(event.time)
        rows.append(
            {
                "date": calendar.date(event.time).isoformat(),
                "week": event.time / HOURS_PER_WEEK,
                "world": event.world,
                "kind": event.kind,
                "need": event.need if event.need != events.NO_NEED else None,
                "event": said(event, scenario.currency),
                "recorded": recorded(event),
                "p": event.p,
                "twin_p": event.twin_p,
                "u": event.u,
                **{f"{prefix}{name}": state[f"{prefix}{name}"] for name in STATES for prefix in ("", "twin_")},
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["need"] = pd.Series([row["need"] for row in rows], dtype=object)  # whole numbers, or none
    return table


COLUMNS = [
    "date", "week", "world", "kind", "need", "event", "recorded", "p", "twin_p", "u",
    *(f"{prefix}{name}" for name in STATES for prefix in ("", "twin_")),
]  # fmt: skip


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the same as people read it; of two values, the second is that at zero hours."""
    rows = [row for _, row in table.iterrows()]

    def both(name: str, digits: int) -> list[str]:
        return [_pair(row[name], row[f"twin_{name}"], digits) for row in rows]

    return pd.DataFrame(
        {
            say("date"): table["date"],
            say("week"): [f"{math.floor(one) + 1}" for one in table["week"]],
            say("world"): [say(WORLDS[one]) for one in table["world"]],
            say("what happens"): table["event"],
            say("records show"): [one or "–" for one in table["recorded"]],
            say("chance"): both("p", 3),
            say("draw"): [number(one, 3) if math.isfinite(one) else "–" for one in table["u"]],
            say("salience"): both("salience", 2),
            say("trust"): both("trust", 2),
            say("would shortlist"): both("p_shortlist", 3),
        }
    )


def _pair(here: float, there: float, digits: int) -> str:
    if not (math.isfinite(here) or math.isfinite(there)):
        return "–"
    return " / ".join(number(one, digits) if math.isfinite(one) else "–" for one in (here, there))


def sentences(trace: Trace, currency: str) -> list[str]:
    """Say what became of the account's purchases in both worlds, and what records show of it."""
    message = (
        later("Account {account}, in the first world, a customer from the first day")
        if trace.is_customer_at_start
        else later("Account {account}, in the first world")
    )
    who = say(message, account=trace.account)
    if not trace.needs:
        nothing = say("{account}: it considers no purchase before the horizon.", account=who)
        return [f"{nothing} {others(trace)}"]
    told = [
        say_many(
            "{account}: {count} purchase considered.", "{account}: {count} purchases considered.", trace.needs, account=who
        )
    ]
    told += [_fate(deal, currency) for deal in trace.deals]
    lost = trace.needs - len(trace.deals)
    if lost and trace.needs == 1:
        told.append(say("It is won in neither world."))
    elif lost and lost == trace.needs:
        told.append(say("None is won in either world."))
    elif lost:
        told.append(say_many("{count} is won in neither world.", "{count} are won in neither world.", lost))
    return told


def _purchase(need: int) -> str:
    """Name a purchase by its number; those that were under way on the first day have none."""
    return say("Purchase {number}", number=need + 1) if need >= 0 else say("A purchase that was under way on the first day")


def _fate(deal: dict[str, Any], currency: str) -> str:
    label, cause = deal["label"], deal["first_cause"]
    values = {"purchase": _purchase(deal["need"]), "value": money(deal["value"], currency), "became": say(BECAME[label])}
    if cause and label != "pending":
        told = say("{purchase}, worth {value}: {became}; first set apart by {cause}.", **values, cause=say(FIRST_CAUSES[cause]))
    else:
        told = say("{purchase}, worth {value}: {became}.", **values)
    if not deal["won"]:
        return told
    touches = {name: deal[name] for name in ("recorded_source", "first_touch", "last_touch")}
    records = (
        later("Records: lead source {recorded_source}, first touch {first_touch}, last touch {last_touch}.")
        if SOCIAL in touches.values()
        else later(
            "Records: lead source {recorded_source}, first touch {first_touch}, last touch {last_touch}; nothing of social"
            " media."
        )
    )
    return f"{told} {say(records, **{name: in_words(source) for name, source in touches.items()})}"


def others(trace: Trace) -> str:
    """Name accounts of the same world that are worth following."""
    if not trace.caused:
        return say("No deal of this world was caused by the hours.")
    return say(
        "Accounts of this world whose deals the hours caused, first those without a recorded social touch: {accounts}.",
        accounts=", ".join(map(str, trace.caused[:MOST_NAMED])),
    )


def recorded(event: Event) -> str:
    """Say what records show of an event; nothing is an empty text."""
    if not event.recorded:
        return ""
    if event.kind in (events.ENGAGES, events.MESSAGE):
        return say("social touch")
    source = in_words(event.recorded)
    if event.kind == events.VISIT:
        return say("visit, {source}", source=source)
    if event.kind == events.IN_TOUCH:
        return say("lead source {source}, first touch {touch}", source=source, touch=in_words(event.detail["first_touch"]))
    return say("last touch {source}", source=source)


def said(event: Event, currency: str) -> str:
    """Say an event in the words of the business."""
    return _SAID[event.kind](event.detail, currency)


def _follows(detail: dict[str, Any], _: str) -> str:
    how = "known" if detail["channel"] == COLLEAGUES else detail["how"]
    return say(FOLLOWED[how], someone=_someone(detail), channel=in_words(detail["channel"]))


def _engages(detail: dict[str, Any], _: str) -> str:
    return say(ENGAGED[detail["kind"]], someone=_someone(detail), channel=in_words(detail["channel"]))


def _leaves(detail: dict[str, Any], _: str) -> str:
    return say("{someone} no longer follows on {channel}", someone=_someone(detail), channel=in_words(detail["channel"]))


def _someone(detail: dict[str, Any]) -> str:
    message = later("an {role}") if detail["role"][0] in "aeio" else later("a {role}")
    return say(message, role=in_words(detail["role"]))


def _sees(detail: dict[str, Any], _: str) -> str:
    posts = [say("{count} on {channel}", count=number(many), channel=in_words(one)) for one, many in detail["posts"].items()]
    return say("posts seen in {month}: {posts}", month=month(detail["month"]), posts=", ".join(posts))


def _found(detail: dict[str, Any], _: str) -> str:
    if detail["kind"] == "buyer_question":
        return say("its question among peers is found")
    return say("what it says without naming us is found")


def _visit(detail: dict[str, Any], _: str) -> str:
    return say("looks at the web site (by search)") if detail["source"] == SEARCH else say("looks at the web site (directly)")


def _peer(detail: dict[str, Any], _: str) -> str:
    message = (
        later("asks peers: a customer (account {account}) speaks well of us")
        if detail["opinion"] > PRAISE
        else later("asks peers: a customer (account {account}) speaks badly of us")
    )
    return say(message, account=detail["peer"])


def _message(detail: dict[str, Any], _: str) -> str:
    hours, outcome = waited(detail["hours"]), detail["outcome"]
    if detail["kind"] == "outreach":
        if outcome == ANSWERED:
            return say("its question among peers is answered after {hours}", hours=hours)
        return say("nobody gets round to its question among peers in {hours}", hours=hours)
    written = say(WRITTEN[detail["kind"]]) if detail["kind"] in WRITTEN else in_words(detail["kind"])
    if outcome == ANSWERED:
        return say("{message} is answered after {hours}", message=written, hours=hours)
    if outcome == MISSED:
        return say("{message} is left without an answer for {hours}", message=written, hours=hours)
    return say("{message} is settled offline", message=written)


def _decision(detail: dict[str, Any], currency: str) -> str:
    step, lost_to = detail["step"], detail["lost_to"]
    if step == SHORTLIST:
        return say("the brand is not shortlisted: lost to a rival") if lost_to else say("the brand is shortlisted")
    stage = in_words(step.removesuffix(WAKES))
    if lost_to == NO_DECISION:
        return say("does not wake in “{stage}”: ends in no decision", stage=stage)
    if lost_to:
        return say("lost to a rival at the end of “{stage}”", stage=stage)
    if step.endswith(WAKES):
        return say("resumes in “{stage}”", stage=stage)
    if detail["won"]:
        return say("“{stage}” is passed: won, {value}", stage=stage, value=money(detail["value"], currency))
    return say("“{stage}” is passed", stage=stage)


def _renewal(detail: dict[str, Any], currency: str) -> str:
    message = (
        later("renews its contract of {value} (year {year})")
        if detail["renewed"]
        else later("does not renew its contract of {value} (year {year})")
    )
    return say(message, value=money(detail["value"], currency), year=decimal(detail["anniversary"] + 1))


def _crisis(detail: dict[str, Any], _: str) -> str:
    outcome = say(CRISES[detail["outcome"]])
    return say("a crisis ({outcome}) takes {share} of its trust", outcome=outcome, share=percent(detail["loss"]))


_SAID = {
    events.OPENS: lambda detail, currency: say("considers a purchase worth {value}", value=money(detail["value"], currency)),
    events.VISIT: _visit,
    events.PEER: _peer,
    events.FOLLOWS: _follows,
    events.LEAVES: _leaves,
    events.SEES: _sees,
    events.ENGAGES: _engages,
    events.FOUND: _found,
    events.MESSAGE: _message,
    events.CRISIS: _crisis,
    events.DECISION: _decision,
    events.IN_TOUCH: lambda detail, _: say(PATHS[detail["path"]]),
    STEPS_BACK: lambda detail, _: say(
        "steps back: repeats part of the stage before “{stage}”", stage=in_words(detail["stage"])
    ),
    STANDS_STILL: lambda detail, _: say("stalls in “{stage}”", stage=in_words(detail["stage"])),
    events.RENEWAL: _renewal,
}  # fmt: skip


def as_json(trace: Trace, scenario: Scenario) -> dict[str, Any]:
    """Return everything, as data."""
    return {
        "account": trace.account,
        "answer": sentences(trace, scenario.currency),
        "events": frame(trace, scenario).to_dict("records"),
        "states": trace.states,
    }


@dataclass(frozen=True)
class AccountTraced(Answer):
    """The way of one account through a world and its twin."""

    trace: Trace
    scenario: Scenario

    def sentences(self) -> Iterable[str]:
        """Say what became of its purchases."""
        return sentences(self.trace, self.scenario.currency)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per event in either world, if there is any."""
        events = shown(frame(self.trace, self.scenario))
        if len(events):
            rows = [tuple(events.columns), *events.itertuples(index=False, name=None)]
            yield TextTable(rows, [say(one) for one in LEGEND], left=TEXT_COLUMNS)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return as_json(self.trace, self.scenario)

    @property
    def hint(self) -> str:
        """Which other accounts are worth following; nothing where the sentences say it."""
        return others(self.trace) if self.trace.needs else ""
