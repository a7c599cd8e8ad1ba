"""The indirect outcomes: what no dashboard shows, from the same pair of worlds. See docs/measures.md."""

import numpy as np

from sim.measures.truth import CAUSED, Window, array
from sim.model.books import SOCIAL
from sim.model.dialogue import ANSWERED, MISSED
from sim.model.record import Columns, Record

NAN = float("nan")


def presence(record: Record, twin: Record, window: Window) -> dict[str, float]:
    """Share of needs that would shortlist the brand: the mean of their probabilities, with and without social media."""
    results = {}
    for name, world in (("shortlist_share", record), ("twin_shortlist_share", twin)):
        columns = world.needs.as_columns()
        p = [
            chances[0]
            for chances, opens in zip(columns["p"], columns["opens_at"], strict=True)
            if chances and opens >= window.begins
        ]
        results[name] = float(np.mean(p)) if p else NAN
    return results


def loyalty(record: Record, twin: Record, window: Window) -> dict[str, float]:
    """Yearly retention: the mean probability of renewal of contracts held, with and without social media."""
    results = {}
    for name, world in (("retention", record), ("twin_retention", twin)):
        columns = world.renewals.as_columns()
        counted = (np.array(columns["time"]) >= window.begins) & np.array(columns["held"], dtype=bool)
        p = np.array(columns["p"], dtype=float)[counted]
        results[name] = float(p.mean()) if p.size else NAN
    return results


def dialogue(record: Record, window: Window) -> dict[str, float]:
    """Messages from outside: how many, the share answered in time, and how long answers took (hours)."""
    conversations = record.conversations
    kind, outcome = array(conversations, "kind"), array(conversations, "outcome")
    opened, settled = array(conversations, "opened_at"), array(conversations, "settled_at")
    counted = (kind != "outreach") & (opened >= window.begins) if len(conversations) else np.zeros(0, dtype=bool)
    answered, missed = counted & (outcome == ANSWERED), counted & (outcome == MISSED)
    waits = (settled - opened)[answered].astype(float) if len(conversations) else np.zeros(0)
    messages = int(answered.sum() + missed.sum())
    return {
        "messages": float(messages),
        "replied_in_time_share": float(answered.sum()) / messages if messages else NAN,
        "reply_hours_median": float(np.median(waits)) if waits.size else NAN,
        "reply_hours_p90": float(np.quantile(waits, 0.9)) if waits.size else NAN,
    }


def sales_without_touch(deals: Columns) -> dict[str, float]:
    """Deals that the twin does not have and for which records show no social touch at all."""
    count, money = 0, 0.0
    for label, source, first, last, value in zip(
        *(deals[c] for c in ("net_label", "recorded_source", "first_touch", "last_touch", "value")), strict=True
    ):
        if label == CAUSED and SOCIAL not in (source, first, last):
            count, money = count + 1, money + value
    return {"caused_without_touch": float(count), "caused_without_touch_revenue": money}
