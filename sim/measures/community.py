"""The community: who came, who left, and who takes part. See docs/measures.md."""

import math
from collections import Counter

from sim.measures.causal_effects import Window
from sim.model.calendar import HOURS_PER_YEAR
from sim.model.record import Record, each
from sim.scenario.schema.channels import BESIDE_THE_PAGES

CONTRIBUTIONS = ("comment", "share")
MOST_ACTIVE = 0.01
NAN = float("nan")


def turnover(record: Record, window: Window) -> dict[str, float]:
    """Count followers from target accounts who left, who were brought or came by themselves, and people who connected."""
    ways = Counter(how for time, how in each(record.followers, "time", "how") if window.holds(time))
    return {
        "followers_left": float(ways["left"]),
        "followers_brought": float(ways["brought"]),
        "followers_found": float(ways["found"]),
        "people_connected": float(ways["connected"]),
    }


def participation(record: Record, window: Window) -> dict[str, float]:
    """Measure followers at the end: the share who commented or shared in the last year, and how uneven that is.

    The last is the share of all their comments and shares that the most active hundredth made (at least one person).
    """
    follows: Counter[int] = Counter()
    for time, channel, contact, change in each(record.followers, "time", "channel", "contact", "change"):
        if time < window.ends and channel not in BESIDE_THE_PAGES:
            follows[contact] += change
    members = {contact for contact, channels in follows.items() if channels > 0}
    since = max(window.begins, window.ends - HOURS_PER_YEAR)
    made = Counter(
        contact
        for time, channel, contact, kind in each(record.interactions, "time", "channel", "contact", "kind")
        if since <= time < window.ends and channel not in BESIDE_THE_PAGES and kind in CONTRIBUTIONS and contact in members
    )
    few = math.ceil(MOST_ACTIVE * len(members))
    total = made.total()
    return {
        "contributors_share": len(made) / len(members) if members else NAN,
        "most_active_share": sum(count for _, count in made.most_common(few)) / total if total else NAN,
    }
