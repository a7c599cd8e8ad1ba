"""Scenarios and worlds for tests: the default scenario with a few changes, and rows of records by column name."""

import math
from collections.abc import Callable
from typing import Any

from sim.model.record import Table
from sim.scenario.schema import Scenario


class Only(dict[str, Any]):
    """Entries that replace a collection instead of being merged into it."""


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A document with some of its leaves changed; what is not named stays."""
    result = dict(base)
    for name, change in changes.items():
        known = result.get(name)
        if isinstance(change, dict) and not isinstance(change, Only) and isinstance(known, dict):
            result[name] = merged(known, change)
        else:
            result[name] = dict(change) if isinstance(change, Only) else change
    return result


def scenario(**overrides: Any) -> Scenario:
    """The default scenario with the given sections merged in."""
    return Scenario.model_validate(merged(Scenario(name="test").document(), overrides), strict=False)


def changed(base: Scenario, **overrides: Any) -> Scenario:
    """Another scenario with the given sections merged in."""
    return Scenario.model_validate(merged(base.document(), overrides), strict=False)


def rows(table: Table) -> list[dict[str, Any]]:
    """A table as a dictionary a row."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def new(needs: Table) -> Table:
    """The needs that opened since the first day, without those that were under way then."""
    since = Table(*needs.columns)
    where = needs.columns.index("opens_at")
    since.rows.extend(row for row in needs.rows if row[where] >= 0.0)
    return since


def since_the_first_day(need: dict[str, Any], *columns: str) -> list[tuple[Any, ...]]:
    """What a need's columns say of its decisions since the first day; those of before are facts, of probability 1."""
    decided = zip(need["decided_at"], *(need[column] for column in columns), strict=True)
    return [rest for at, *rest in decided if at >= 0.0]


SOCIAL_EFFECTS = (
    "year_of_posts", "engagement", "good_post", "peer_answer", "good_reply", "no_reply", "unanswered_complaint", "slow_reply",
    "declined_request",
)  # fmt: skip
NO_HEARSAY: dict[str, Any] = {"word_of_mouth": {"peers_asked": 0}}  # of `market`


def effects(**gains: float) -> dict[str, float]:
    """A section `effects` that gives these gains (names of `Gains`) with the default slopes, half-lives and committee."""
    default = Scenario(name="default")
    seats, trusted = len(default.market.roles), default.market.shortlist.trust_slope / 2.0
    rate = math.log(2.0) / default.market.salience.half_life_weeks
    kept = -math.expm1(-rate * 52.0) / (rate * 52.0)
    inverse: dict[str, tuple[str, Callable[[float], float]]] = {
        "exposed": ("year_of_posts", lambda g: 1.0 + g * 20.0 * kept / seats),
        "engaged": ("engagement", lambda g: 1.0 + g / seats),
        "answered_peer": ("peer_answer", lambda g: 1.0 + g / seats),
        "recommended": ("recommendation", lambda g: 1.0 + g),
        "touched": ("good_post", lambda g: math.exp(g * trusted)),
        "declined": ("declined_request", lambda g: math.exp(-g * trusted)),
        "praised": ("praise", lambda g: math.exp(g * trusted)),
        "replied": ("good_reply", lambda g: math.exp(g * default.customers.trust_slope / 2.0)),
        "missed": ("no_reply", lambda g: math.exp(-g * default.customers.trust_slope / 2.0)),
        "complaint_lost": ("unanswered_complaint", lambda g: math.exp(-g)),
        "slow_reply_lost": ("slow_reply", lambda g: math.exp(-g)),
    }
    return {inverse[name][0]: inverse[name][1](gain) for name, gain in gains.items()}


# every effect of social media on what accounts remember, believe and do taken away; the work itself stays
PLACEBO: dict[str, Any] = {
    "effects": dict.fromkeys(SOCIAL_EFFECTS, 1.0),
    "market": {"trust": {"start_logit_shift": 0.7}, "contact": {"social": -100.0}},
    "crises": {"trust_loss": 0.0},
}
# all that channels of today ask for: two steps, people's own profiles, people who come by themselves, too many posts
TWO_STEPS: dict[str, Any] = {
    "channels": {
        "network": {
            "invitations": "to_connect", "found_per_year": 0.3, "leaves_per_weekly_post": 0.02, "reach_exponent": 0.6,
            "frequency_exponent": 0.0,
        },
        "micro_blog": {"invitations": "none", "found_per_year": 2.0, "frequency_exponent": -0.3, "reach_exponent": 0.8},
        "blog": {"found_per_year": 1.0, "leaves_per_weekly_post": 0.01},
    },
    "profiles": {"colleagues": 60},
    "team": {"split": {"advocacy": 0.1, "content": 0.24}},
}  # fmt: skip
NO_REVIEW = {"share_raw": 0.0, "share_adapted": 0.0, "share_original": 0.0}


def material(pieces: float, ideas: float) -> dict[str, Any]:
    """A section `content` with so many pieces of corporate material and ideas a week."""
    feed = {"news": pieces, "documents": 0.0, "ideas": ideas}
    return {"sources": {name: {"per_week": per_week} for name, per_week in feed.items()}}


def reviewed(share: float, **expert: Any) -> dict[str, Any]:
    """A section `validation` in which experts alone must see a share of drafts of any kind."""
    return {"reviewers": {"expert": dict.fromkeys(NO_REVIEW, share) | expert, "legal": NO_REVIEW}}


# one person who never leaves, and does nothing but answer
ALWAYS_ON: dict[str, Any] = {
    "calendar": {"opens_at": 0.0, "closes_at": 24.0, "weekdays": [0, 1, 2, 3, 4, 5, 6], "closed_weeks": [], "holidays": []},
    "team": {
        "hours_per_week": 168.0,
        "members": Only(
            one={
                "share": 1.0,
                "max_hours_per_week": 168.0,
                "longest_session_hours": 24.0,
                "sessions": [f"{day} 00:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")],
            }
        ),
        "split": {
            "listening": 0.0, "weak_signals": 0.0, "recruiting": 0.0, "animation": 0.0, "content": 0.0,
            "publishing": 0.0, "validation": 0.0, "dialogue": 1.0, "measurement": 0.0,
        },
        "start_jitter_minutes": 0.0,
        "switching_minutes": 0.0,
    },
}  # fmt: skip


def exact(table: Table, *columns: str) -> list[str]:
    """Rows written out to the last bit (nan included), sorted: to be compared with those of another world."""
    where = [table.columns.index(column) for column in columns or table.columns]
    return sorted(repr([row[number] for number in where]) for row in table.rows)
