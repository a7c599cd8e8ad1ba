"""The limits that hold a team up, each of which can be lifted alone: what it means, and what then changes in a scenario.

Every activity has at least one. A limit changes what it names and nothing else, in whatever channels, sources and
reviewers a scenario has. How to read the gain of lifting one: docs/measures.md, "Which limit binds".
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.experiment.errors import ResultsError
from sim.experiment.plan import Point
from sim.model.calendar import HOURS_PER_WEEK
from sim.scenario import Scenario, apply
from sim.scenario.fields import parameters
from sim.scenario.schema.base import WITHOUT_END
from sim.scenario.schema.dialogue import Dialogue
from sim.scenario.schema.signals import WeakSignals

ALL = "all"
LIFT = "lift"  # key of the settings of a point that has a limit lifted
MOST_SIGNALS = parameters(WeakSignals)["trends_per_year"].limits["le"]
ALMOST_ONE = 0.999
MANY_TIMES = 10.0

Changes = dict[str, Any]


@dataclass(frozen=True)
class Limit:
    """A limit of a team: the activity that it holds up, what lifting it means, and the values that then change."""

    activity: str
    meaning: str
    changes: Callable[[Scenario], Changes]


def _material(scenario: Scenario) -> Changes:
    return {f"content.sources.{name}.per_week": WITHOUT_END for name in scenario.content.sources} | {
        f"content.sources.{name}.keeps_weeks": 1.0
        for name, source in scenario.content.sources.items()
        if source.keeps_weeks == 0.0
    }


def _reviewers(scenario: Scenario) -> Changes:
    return {
        f"validation.reviewers.{name}.share_{kind}": 0.0
        for name in scenario.validation.reviewers
        for kind in ("raw", "adapted", "original")
    }


def _frequency(scenario: Scenario) -> Changes:
    return {f"channels.{name}.halving_posts_per_week": WITHOUT_END for name in scenario.channels}


def _pool(scenario: Scenario) -> Changes:
    """Let every contact use every channel; as many follow on the first day as before."""
    changes: Changes = {}
    for name, channel in scenario.channels.items():
        changes[f"channels.{name}.users"] = 1.0
        changes[f"channels.{name}.followers_at_start"] = channel.followers_at_start * channel.users
    return changes


def _leaving(scenario: Scenario) -> Changes:
    too_many = {f"channels.{name}.leaves_per_weekly_post": 0.0 for name in scenario.channels}
    return {"animation.leaves_per_year": 0.0, **too_many}


def _signals(scenario: Scenario) -> Changes:
    return {
        "listening.share_of_needs_asked_about": 1.0,
        "weak_signals.trends_per_year": min(MOST_SIGNALS, MANY_TIMES * scenario.weak_signals.trends_per_year),
        "weak_signals.moves_per_year": min(MOST_SIGNALS, MANY_TIMES * scenario.weak_signals.moves_per_year),
    }


def _patience(scenario: Scenario) -> Changes:
    """Make the least patient kind wait longer than the horizon; more would only cost time."""
    kinds = scenario.dialogue.kinds
    least = min(1.0, *(getattr(kinds, kind).patience for kind in type(kinds).model_fields))
    longest = parameters(Dialogue)["patience_hours"].limits["le"]
    return {"dialogue.patience_hours": min(longest, scenario.time.horizon_weeks * HOURS_PER_WEEK / least)}


def _training(scenario: Scenario) -> Changes:
    people = [*(f"team.members.{name}" for name in scenario.team.members), "team.hire"]
    learned = {"onboarding_hours": 0.0, "starting_speed": 1.0, "starting_quality": 1.0}
    return {f"{person}.{field}": value for person in people for field, value in learned.items()}


LIMITS: dict[str, Limit] = {
    "signals": Limit(
        "listening",
        "every purchase is asked about in public, and there are ten times the trends and competitors' moves",
        _signals,
    ),
    "finding": Limit(
        "listening",
        "whatever is said in public is found as soon as someone listens",
        lambda _: {
            f"{where}_per_hour": WITHOUT_END
            for where in ("listening.finds", "listening.mention_finds", "weak_signals.finds", "crises.finds")
        },
    ),
    "analysis": Limit(
        "weak_signals",
        "what listening finds is understood at once",
        lambda _: {"weak_signals.analysis_minutes.median": 1.0 / 60.0},
    ),
    "pool": Limit("recruiting", "every contact of the market uses every channel", _pool),
    "acceptance": Limit(
        "recruiting",
        "nearly all who are invited accept, and any number may be",
        lambda _: {
            "recruiting.accepts": ALMOST_ONE,
            "recruiting.page_accepts": ALMOST_ONE,
            "recruiting.requests_per_week": WITHOUT_END,
            "recruiting.page_invitations_per_month": WITHOUT_END,
        },
    ),
    "leaving": Limit("animation", "nobody stops following", _leaving),
    "liveliness": Limit("animation", "a community once lively stays so", lambda _: {"animation.half_life_weeks": WITHOUT_END}),
    "colleagues": Limit(
        "advocacy",
        "colleagues who once take part keep doing so",
        lambda _: {"profiles.half_life_weeks": WITHOUT_END},
    ),
    "material": Limit("content", "there is always material to make a piece of, and always an idea", _material),
    "frequency": Limit("publishing", "posting often costs no reach", _frequency),
    "size": Limit(
        "publishing",
        "a post reaches the same share of a large audience as of one of 1,000",
        lambda scenario: {f"channels.{name}.reach_exponent": 1.0 for name in scenario.channels},
    ),
    "posting": Limit(
        "publishing",
        "putting a piece on its channels takes no time",
        lambda _: {f"content.minutes_{what}": 0.0 for what in ("to_publish", "further_channel")},
    ),
    "reviewers": Limit("validation", "nobody has to approve a draft", _reviewers),
    "patience": Limit("dialogue", "messages wait as long as it takes", _patience),
    "records": Limit(
        "measurement",
        "everything is recorded rightly without hours",
        lambda _: {f"measurement.{habit}.without_hours": 1.0 for habit in ("tagging", "asking")},
    ),
    "switching": Limit("switching", "changing activity takes no time", lambda _: {"team.switching_minutes": 0.0}),
    "training": Limit("onboarding", "everybody knows the trade from the first day", _training),
    "sales": Limit("none of the team's", "sales work on every deal at full speed", lambda _: {"sales.load_exponent": 0.0}),
}


def lift(scenario: Scenario, limit: str) -> Scenario:
    """Return the scenario without one of its limits."""
    return apply(scenario, LIMITS[limit].changes(scenario))


def named(limits: Iterable[str]) -> tuple[str, ...]:
    """Return the requested limits, each once, in the order of the list; `all` means all of them.

    Raises
    ------
    ResultsError
        If one is not known.
    """
    asked = set(limits)
    unknown = sorted(asked - LIMITS.keys() - {ALL})
    if unknown:
        near = difflib.get_close_matches(unknown[0], [*LIMITS, ALL], 1)
        remedy = f"did you mean {near[0]}? " if near else ""
        raise ResultsError(f"no limit {unknown[0]!r} to lift; {remedy}there are {', '.join(LIMITS)}, and {ALL}")
    return tuple(limit for limit in LIMITS if limit in asked or ALL in asked)


def with_lifted(points: Sequence[Point], limits: Iterable[str]) -> tuple[Point, ...]:
    """Return the points, followed by each of them without one of the limits at a time."""
    asked = named(limits)
    return (
        *points,
        *(
            Point(f"{point.label}, {limit} lifted", lift(point.scenario, limit), {**point.settings, LIFT: limit})
            for point in points
            for limit in asked
        ),
    )
