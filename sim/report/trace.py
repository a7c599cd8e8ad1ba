"""One account's way through both worlds, as data and in the words of the business."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.measures import trace as events
from sim.measures.trace import Event, Trace
from sim.model.books import SEARCH, SOCIAL
from sim.model.calendar import HOURS_PER_WEEK, Calendar
from sim.model.dialogue import ANSWERED, MISSED
from sim.model.needs import NO_DECISION, SHORTLIST, STANDS_STILL, STEPS_BACK
from sim.model.research import PRAISE
from sim.report.answers.base import Answer, TextTable
from sim.report.cells import waited
from sim.report.names import FIRST_CAUSES
from sim.report.words import money, number, percent
from sim.scenario import Scenario

STATES = ("salience", "trust", "p_shortlist")
MOST_NAMED = 3
ENGAGED = {"reaction": "reacts to", "comment": "comments on", "share": "shares", "click": "clicks on"}
HOW = {"start": "from the first day", "invited": "invited by the team", "brought": "brought by another follower"}
WRITTEN = {
    "comment": "its comment", "customer_question": "its question as a customer", "complaint": "its complaint",
    "buyer_question": "its comment, asking as a buyer,", "buyer_message": "the buyer's message",
}  # fmt: skip
PATHS = {
    "social": "by a message on a channel", "web": "by the web site", "offline": "by telephone or at a fair",
    "referral": "introduced by a customer",
}  # fmt: skip
LABELS_SAID = {
    "caused": "won with the hours and lost without them",
    "lost_because": "lost with the hours and won without them",
    "accelerated": "won in both worlds, sooner with the hours",
    "delayed": "won in both worlds, later with the hours",
    "unchanged": "won in both worlds",
    "pending": "open when the worlds ended",
}
WAKES = " wakes"
TEXT_COLUMNS = 5  # of those shown, the first ones hold text
LEGEND = (
    "Of two values, the first is with the hours, the second at zero hours. A decision goes for the brand if the draw, the same"
    " in both worlds,\nis below the chance. Salience (in multiples of the account's base), trust and the chance of being"
    " shortlisted, if it were\ndecided then, are those at the start of the week after."
)


def frame(trace: Trace, scenario: Scenario) -> pd.DataFrame:
    """A row an event, with the state of the account at the start of the week after it, in both worlds."""
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
    """The same as people read it; of two values, the second is that at zero hours."""
    rows = [row for _, row in table.iterrows()]

    def both(name: str, digits: int) -> list[str]:
        return [_pair(row[name], row[f"twin_{name}"], digits) for row in rows]

    return pd.DataFrame(
        {
            "date": table["date"],
            "week": [f"{math.floor(one) + 1}" for one in table["week"]],
            "world": table["world"],
            "what happens": table["event"],
            "records show": [one or "–" for one in table["recorded"]],
            "chance": both("p", 3),
            "draw": [number(one, 3) if math.isfinite(one) else "–" for one in table["u"]],
            "salience": both("salience", 2),
            "trust": both("trust", 2),
            "would shortlist": both("p_shortlist", 3),
        }
    )


def _pair(here: float, there: float, digits: int) -> str:
    if not (math.isfinite(here) or math.isfinite(there)):
        return "–"
    return " / ".join(number(one, digits) if math.isfinite(one) else "–" for one in (here, there))


def sentences(trace: Trace, currency: str) -> list[str]:
    """What became of the account's purchases in both worlds, and what records show of it."""
    begins = f"Account {trace.account}, in the first world"
    if trace.is_customer_at_start:
        begins += ", a customer from the first day"
    if not trace.needs:
        return [f"{begins}: it considers no purchase before the horizon. {others(trace)}"]
    told = [f"{begins}: {trace.needs} purchase{'s' * (trace.needs != 1)} considered."]
    told += [_fate(deal, currency) for deal in trace.deals]
    lost = trace.needs - len(trace.deals)
    if lost:
        which = "It is" if trace.needs == 1 else "None is" if lost == trace.needs else f"{lost} {'is' if lost == 1 else 'are'}"
        told.append(f"{which} won in {'either' if which == 'None is' else 'neither'} world.")
    return told


def _purchase(need: int) -> str:
    """A purchase by its number; those that were under way on the first day have none."""
    return f"Purchase {need + 1}" if need >= 0 else "A purchase that was under way on the first day"


def _fate(deal: dict[str, Any], currency: str) -> str:
    label = deal["label"]
    told = f"{_purchase(deal['need'])}, worth {money(deal['value'], currency)}: {LABELS_SAID[label]}"
    if deal["first_cause"] and label != "pending":
        told += f"; first set apart by {FIRST_CAUSES[deal['first_cause']]}"
    if deal["won"]:
        touches = ("recorded_source", "first_touch", "last_touch")
        names = zip(("lead source", "first touch", "last touch"), (deal[one] for one in touches), strict=True)
        told += f". Records: {', '.join(f'{name} {_plain(source)}' for name, source in names)}"
        told += "" if SOCIAL in {deal[one] for one in touches} else "; nothing of social media"
    return f"{told}."


def others(trace: Trace) -> str:
    """Accounts of the same world that are worth following."""
    if not trace.caused:
        return "No deal of this world was caused by the hours."
    named = ", ".join(map(str, trace.caused[:MOST_NAMED]))
    return f"Accounts of this world whose deals the hours caused, first those without a recorded social touch: {named}."


def recorded(event: Event) -> str:
    """What records show of an event; nothing is an empty text."""
    if not event.recorded:
        return ""
    if event.kind in (events.ENGAGES, events.MESSAGE):
        return "social touch"
    source = _plain(event.recorded)
    if event.kind == events.VISIT:
        return f"visit, {source}"
    if event.kind == events.IN_TOUCH:
        return f"lead source {source}, first touch {_plain(event.detail['first_touch'])}"
    return f"last touch {source}"


def said(event: Event, currency: str) -> str:
    """An event in the words of the business."""
    return _SAID[event.kind](event.detail, currency)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _follows(detail: dict[str, Any], _: str) -> str:
    return f"{_someone(detail)} starts to follow on {_plain(detail['channel'])}, {HOW[detail['how']]}"


def _someone(detail: dict[str, Any]) -> str:
    role = _plain(detail["role"])
    return f"{'an' if role[0] in 'aeio' else 'a'} {role}"


def _sees(detail: dict[str, Any], _: str) -> str:
    posts = ", ".join(f"{number(count)} on {_plain(channel)}" for channel, count in detail["posts"].items())
    return f"posts seen in {detail['month']:%B %Y}: {posts}"


def _found(detail: dict[str, Any], _: str) -> str:
    if detail["kind"] == "buyer_question":
        return "its question among peers is found"
    return "what it says without naming us is found"


def _message(detail: dict[str, Any], _: str) -> str:
    hours = waited(detail["hours"])
    if detail["kind"] == "outreach":
        if detail["outcome"] == ANSWERED:
            return f"its question among peers is answered after {hours}"
        return f"nobody gets round to its question among peers in {hours}"
    what = WRITTEN.get(detail["kind"], _plain(detail["kind"]))
    if detail["outcome"] == ANSWERED:
        return f"{what} is answered after {hours}"
    return f"{what} is left without answer, {hours}" if detail["outcome"] == MISSED else f"{what} is settled off line"


def _decision(detail: dict[str, Any], currency: str) -> str:
    step, lost_to = detail["step"], detail["lost_to"]
    if step == SHORTLIST:
        return "the brand is not shortlisted: lost to a rival" if lost_to else "the brand is shortlisted"
    stage = _plain(step.removesuffix(WAKES))
    if lost_to == NO_DECISION:
        return f"does not wake in “{stage}”: ends in no decision"
    if lost_to:
        return f"lost to a rival at the end of “{stage}”"
    if step.endswith(WAKES):
        return f"wakes in “{stage}”"
    return f"“{stage}” is passed: won, {money(detail['value'], currency)}" if detail["won"] else f"“{stage}” is passed"


def _renewal(detail: dict[str, Any], currency: str) -> str:
    does = "renews" if detail["renewed"] else "does not renew"
    return f"{does} its contract of {money(detail['value'], currency)} (year {detail['anniversary'] + 1})"


_SAID = {
    events.OPENS: lambda detail, currency: f"considers a purchase worth {money(detail['value'], currency)}",
    events.VISIT: lambda detail, _: f"looks at the web site ({'by search' if detail['source'] == SEARCH else 'directly'})",
    events.PEER: lambda detail, _: (
        f"asks peers: a customer (account {detail['peer']}) speaks {'well' if detail['opinion'] > PRAISE else 'badly'} of us"
    ),
    events.FOLLOWS: _follows,
    events.LEAVES: lambda detail, _: f"{_someone(detail)} no longer follows on {_plain(detail['channel'])}",
    events.SEES: _sees,
    events.ENGAGES: lambda detail, _: (
        f"{_someone(detail)} {ENGAGED.get(detail['kind'], detail['kind'])} a post on {_plain(detail['channel'])}"
    ),
    events.FOUND: _found,
    events.MESSAGE: _message,
    events.CRISIS: lambda detail, _: f"a crisis ({detail['outcome']}) takes {percent(detail['loss'])} of its trust",
    events.DECISION: _decision,
    events.IN_TOUCH: lambda detail, _: f"gets in touch {PATHS[detail['path']]}",
    STEPS_BACK: lambda detail, _: f"steps back: repeats part of the stage before “{_plain(detail['stage'])}”",
    STANDS_STILL: lambda detail, _: f"stands still in “{_plain(detail['stage'])}”",
    events.RENEWAL: _renewal,
}  # fmt: skip


def as_json(trace: Trace, scenario: Scenario) -> dict[str, Any]:
    """Everything, as data."""
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
        """A row per event in either world, if there is any."""
        events = shown(frame(self.trace, self.scenario))
        if len(events):
            rows = [tuple(events.columns), *events.itertuples(index=False, name=None)]
            yield TextTable(rows, (LEGEND,), left=TEXT_COLUMNS)

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return as_json(self.trace, self.scenario)

    @property
    def hint(self) -> str:
        """Which other accounts are worth following; nothing where the sentences say it."""
        return others(self.trace) if self.trace.needs else ""
