"""The indirect outcomes: what no dashboard shows, from the same pair of worlds. See docs/measures.md."""

import math
from collections import Counter

import numpy as np

from sim.measures.causal_effects import CAUSED, Window, array
from sim.measures.work import SERVICE, Replies, settled
from sim.model.crises import CONTAINED, SOFTENED
from sim.model.dialogue import ANSWERED, MISSED, OWN_DOING
from sim.model.ledger import SOCIAL
from sim.model.record import Columns, Record, each
from sim.model.service import MENTION
from sim.model.weak_signals import EARLY_SIGN, MOVE, TREND

NAN = float("nan")


def presence(record: Record, twin: Record, window: Window) -> dict[str, float]:
    """Return the share of needs that would shortlist the brand: their mean probability, with and without social media."""
    results = {}
    for name, world in (("shortlist_share", record), ("twin_shortlist_share", twin)):
        p = [
            chances[0]
            for opens, chances, decided_at in each(world.needs, "opens_at", "p", "decided_at")
            if chances and opens >= window.needs_from and decided_at[0] >= window.begins
        ]
        results[name] = float(np.mean(p)) if p else NAN
    return results


def credibility(record: Record, twin: Record, window: Window) -> dict[str, float]:
    """Return the expected share won of needs that shortlist the brand in both worlds, with and without social media.

    The same buyers in both: so what differs is how they decide, not who gets that far.
    """
    columns = ("opens_at", "p", "u")
    chances: dict[str, list[float]] = {"win_share": [], "twin_win_share": []}
    for (opens, mine, u), (_, others, _) in zip(each(record.needs, *columns), each(twin.needs, *columns), strict=True):
        if window.holds(opens) and mine and others and u[0] < min(mine[0], others[0]):
            for name, p in zip(chances, (mine, others), strict=True):
                chances[name].append(math.prod(p[1:]))
    return {name: float(np.mean(found)) if found else NAN for name, found in chances.items()}


def research(record: Record, twin: Record, window: Window) -> dict[str, float]:
    """Count visits to the web site by buyers who research, which records call search or direct."""
    return {
        f"{name}research_visits": float(
            sum(
                opens_at >= window.needs_from and at >= window.begins
                for opens_at, visits in each(world.needs, "opens_at", "visits")
                for at, _ in visits
            )
        )
        for name, world in (("", record), ("twin_", twin))
    }


def hearsay(record: Record, twin: Record, window: Window) -> dict[str, float]:
    """Count what customers recommended to buyers who asked, in both worlds."""
    return {
        f"{name}recommendations": float(sum(window.holds(at) for (at,) in each(world.recommendations, "time")))
        for name, world in (("", record), ("twin_", twin))
    }


def loyalty(record: Record, twin: Record, window: Window) -> dict[str, float]:
    """Return yearly retention: the mean probability of renewal of contracts held, with and without social media."""
    results = {}
    for name, world in (("retention", record), ("twin_retention", twin)):
        columns = world.renewals.as_columns("time", "held", "p")
        counted = (np.array(columns["time"]) >= window.begins) & np.array(columns["held"], dtype=bool)
        p = np.array(columns["p"], dtype=float)[counted]
        results[name] = float(p.mean()) if p.size else NAN
    return results


def dialogue(record: Record, window: Window) -> dict[str, float]:
    """Measure messages that want an answer: how many, the share answered in time, and the hours answers took."""
    conversations = record.conversations
    kind, outcome = array(conversations, "kind"), array(conversations, "outcome")
    opened, settled = array(conversations, "opened_at"), array(conversations, "settled_at")
    asked = ~np.isin(kind, list(OWN_DOING))
    counted = asked & (opened >= window.begins) if len(conversations) else np.zeros(0, dtype=bool)
    answered, missed = counted & (outcome == ANSWERED), counted & (outcome == MISSED)
    waits = (settled - opened)[answered].astype(float) if len(conversations) else np.zeros(0)
    messages = int(answered.sum() + missed.sum())
    return {
        "messages": float(messages),
        "replied_in_time_share": float(answered.sum()) / messages if messages else NAN,
        "reply_hours_median": float(np.median(waits)) if waits.size else NAN,
        "reply_hours_p90": float(np.quantile(waits, 0.9)) if waits.size else NAN,
    }


def service(record: Record, window: Window) -> dict[str, float]:
    """Return how long customers waited for an answer to a question or a complaint (hours)."""
    found = Replies.of([one[2:] for one in settled(record, window) if one[0] in SERVICE])
    return {"service_reply_hours_median": found.hours_median, "service_reply_hours_p90": found.hours_p90}


def sales_without_touch(deals: Columns) -> dict[str, float]:
    """Count deals that the twin does not have and whose records show no social touch at all."""
    count, money = 0, 0.0
    for label, source, first, last, value in zip(
        *(deals[c] for c in ("net_label", "recorded_source", "first_touch", "last_touch", "value")), strict=True
    ):
        if label == CAUSED and SOCIAL not in (source, first, last):
            count, money = count + 1, money + value
    return {"caused_without_touch": float(count), "caused_without_touch_revenue": money}


FOUND = ("buyer_question", MENTION, TREND, MOVE, EARLY_SIGN)


def signals(record: Record, window: Window, share_of_ideas_used: float) -> dict[str, float]:
    """Count signals that listening found, by kind, the product ideas in them, and how many are expected to be used."""
    found = Counter(kind for kind, found_at in each(record.signals, "kind", "found_at") if window.holds(found_at))
    ideas = sum(1 for at, is_idea in each(record.signals, "analysed_at", "product_idea") if is_idea and window.holds(at))
    return {
        **{f"found_{kind}": float(found[kind]) for kind in FOUND},
        "product_ideas": float(ideas),
        "product_ideas_used": ideas * share_of_ideas_used,
    }


def crises(record: Record, twin: Record, window: Window) -> dict[str, float]:
    """Count crises in both worlds, those contained or softened by an answer, and sum the shares of trust they took."""
    results: dict[str, float] = {}
    for prefix, world in (("", record), ("twin_", twin)):
        counted = [
            (outcome, loss)
            for settled_at, outcome, loss in each(world.crises, "settled_at", "outcome", "trust_loss")
            if window.holds(settled_at)
        ]
        outcomes = Counter(outcome for outcome, _ in counted)
        results[f"{prefix}crises"] = float(len(counted))
        results[f"{prefix}crises_contained"] = float(outcomes[CONTAINED])
        results[f"{prefix}crises_softened"] = float(outcomes[SOFTENED])
        results[f"{prefix}crises_reduced"] = float(outcomes[CONTAINED] + outcomes[SOFTENED])
        results[f"{prefix}crisis_trust_loss"] = math.fsum(loss for _, loss in counted)
    return results
