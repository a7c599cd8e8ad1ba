"""Needs: purchases that accounts consider, whatever the team does."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from sim.model.accounts import Account
from sim.model.record import Record
from sim.model.streams import Floats

SHORTLIST = "shortlist"
NO_DECISION, RIVAL = "no_decision", "rival"
STANDS_STILL, STEPS_BACK = "stands_still", "steps_back"
FIRST_DAY = 0.0


@dataclass(frozen=True, slots=True)
class Position:
    """The position of a sale on the first day: its stage, at work or pausing, since when and until when (hours)."""

    stage: int
    is_standing: bool
    since: float
    until: float


class Need:
    """A purchase that an account considers. Followed to the end even when lost: then as a ghost with a weight."""

    __slots__ = (
        "account", "closed_at", "decided_at", "ended_at", "first_touch", "journey", "last_touch", "lead_at", "live",
        "lost_to", "number", "opens_at", "p", "path", "position", "qualified_at", "recommended", "recorded_source",
        "reply_delay", "shaken", "steps", "steps_back", "stood_still", "told", "touched", "turns", "u", "value", "visits",
        "weight",
    )  # fmt: skip

    def __init__(self, account: Account, number: int, opens_at: float, value: float) -> None:
        self.account, self.number, self.opens_at, self.value = account, number, opens_at, value
        self.steps: list[str] = []
        self.decided_at: list[float] = []
        self.p: list[float] = []
        self.u: list[float] = []
        self.weight = 1.0
        self.live = True
        self.touched, self.shaken, self.told = False, 0.0, 0.0
        self.recommended = False
        self.steps_back, self.stood_still = 0, 0.0
        self.visits: tuple[tuple[float, str], ...] = ()
        self.journey: tuple[tuple[float, str], ...] = ()
        self.lead_at = self.closed_at = self.ended_at = self.qualified_at = math.nan
        self.reply_delay = 0.0
        self.position: Position | None = None
        self.turns: tuple[tuple[float, str, str], ...] = ()  # of before the first day: when, what and in which stage
        self.path = self.recorded_source = self.first_touch = self.last_touch = self.lost_to = ""

    def of(self, account: Account) -> "Need":
        """Return the same need of the account of another world, with a course of its own from here on."""
        own = Need(account, self.number, self.opens_at, self.value)
        own.steps, own.decided_at, own.p, own.u = list(self.steps), list(self.decided_at), list(self.p), list(self.u)
        own.weight, own.live, own.recommended = self.weight, self.live, self.recommended
        own.touched, own.shaken, own.told = self.touched, self.shaken, self.told
        own.steps_back, own.stood_still, own.reply_delay = self.steps_back, self.stood_still, self.reply_delay
        own.visits, own.journey, own.turns, own.position = self.visits, self.journey, self.turns, self.position
        own.lead_at, own.closed_at, own.ended_at = self.lead_at, self.closed_at, self.ended_at
        own.qualified_at, own.path, own.lost_to = self.qualified_at, self.path, self.lost_to
        own.recorded_source, own.first_touch, own.last_touch = self.recorded_source, self.first_touch, self.last_touch
        return own

    @property
    def won(self) -> bool:
        """Whether the need became a deal."""
        return self.live and not math.isnan(self.ended_at)

    @property
    def pending(self) -> bool:
        """Whether it could still be won."""
        return self.live and math.isnan(self.ended_at)

    def decide(self, step: str, now: float, p: float, u: float) -> bool:
        """Decide with probability p whether the need lives on. A ghost only gains a factor."""
        self.steps.append(step)
        self.decided_at.append(now)
        self.p.append(p)
        self.u.append(u)
        self.weight *= p
        if u >= p:
            self.live = False
        return self.live

    def settle(self, step: str, at: float, u: float, *, passes: bool) -> bool:
        """Note a decision of before the first day, a fact by now: it has a probability of 1 where the need lives on."""
        self.steps.append(step)
        self.decided_at.append(at)
        self.p.append(float(passes))
        self.u.append(u)
        self.live = passes
        return passes

    def become_lead(self, now: float, source: str, touches: list[tuple[float, str]]) -> None:
        """Note that the buyer got in touch, by which recorded source, and after which recorded touches of the account."""
        self.lead_at, self.recorded_source = now, source
        self.journey = (*sorted([*touches, *self.visits]), (now, source))
        self.first_touch = self.journey[0][1]

    def see_account(self) -> None:
        """Note what has happened to the account so far, to tell later what set two worlds apart."""
        account = self.account
        self.touched, self.shaken, self.told = account.touched, account.shaken, account.told_of


CALLED_OTHERWISE = {"account": "account.index", "need": "number", "segment": "account.segment"}  # columns of the record
row_of: Callable[[Need], tuple[Any, ...]] = attrgetter(*(CALLED_OTHERWISE.get(one, one) for one in Record().needs.columns))


def first_opening(u: Floats, mean: Floats, least: Floats) -> Floats:
    """Return when the first need opens, for a clock that has run for ever: the forward recurrence time (Cox 1962)."""
    rest = mean - least
    return np.where(u * mean < least, u * mean, least - rest * np.log1p(-(u * mean - least) / rest))


def time_since_opening(first: Floats, u: Floats, mean: Floats, least: Floats) -> Floats:
    """Return how long ago the last need opened, for a clock that has run for ever whose next one opens in `first` hours.

    The interval that holds the first day is one of those that are longer than `first` (Cox 1962).
    """
    return np.maximum(least - first, 0.0) - (mean - least) * np.log1p(-u)


def next_opening(u: Floats, mean: Floats, least: Floats) -> Floats:
    """Return how long after a need the next one opens: a least time, and then an exponential one; `mean` in all."""
    return least - (mean - least) * np.log1p(-u)
