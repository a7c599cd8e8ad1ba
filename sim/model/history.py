"""History: what a company that has sold for years finds under way on its first day. See docs/model.md, "The first day".

Needs that opened before the first day have gone part of their way by then, without social media. They are drawn to where they
stand by the draws and the laws that every other need follows. What was over before is left out, as its end is known; what is
still open starts the world. None of it depends on hours, so a world, its twin and all levels of hours share one history.
"""

import copy
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from sim.model.calendar import HOURS_PER_WEEK
from sim.model.market import Account, Market
from sim.model.needs import FIRST_DAY, NO_DECISION, RIVAL, SHORTLIST, Need, Position
from sim.model.odds import Odds
from sim.model.paths import Paths
from sim.model.research import LookingAround
from sim.model.streams import Streams
from sim.model.timetable import Timetables
from sim.scenario.schema import Scenario

TAIL = 3.72  # standard deviations above the mean, beyond which one value in ten thousand lies
MEAN_CYCLES = 8.0  # and at least so many, where stalls vary more than the cycle does
MOST_WEEKS = 1040.0

Opinion = tuple[float, float]  # moment (hours, negative), and a trust between 0 and 1


@dataclass(frozen=True)
class History:
    """Needs that are open on the first day, leads that were closed before it, and what accounts had been told by then."""

    open: tuple[Need, ...]
    closed: tuple[Need, ...]
    told: dict[int, tuple[Opinion, ...]]

    def needs(self, market: Market) -> list[Need]:
        """Return the open needs as those of the accounts of a world, which remember what they were told."""
        for index, opinions in self.told.items():
            account = market.account(index)
            shift = account.gap
            account.recall(opinions)
            if shift:
                account.gap, account.since = account.trust(FIRST_DAY) - account.baseline + shift, FIRST_DAY
        return [_of(need, market.account(need.account.index)) for need in self.open]


def history_of(scenario: Scenario, seed: int, replication: int) -> History:
    """Return the history of a scenario for the draws of a seed and replication."""
    return _history(_Basis(scenario), seed, replication)


def weeks_back(scenario: Scenario) -> float:
    """Return how many weeks before the first day a need must have opened to be over by then, but for one in ten thousand."""
    cycle = scenario.sales.cycle_weeks
    longest = max(cycle.median * math.exp(TAIL * cycle.sigma), MEAN_CYCLES * cycle.mean)
    return min(MOST_WEEKS, scenario.market.shortlist.research_weeks + longest)


class _Basis:
    """The parts of a scenario that its history depends on; equal where these are."""

    def __init__(self, scenario: Scenario) -> None:
        trust = scenario.market.trust.model_copy(update={"start_logit_shift": 0.0})  # of the first day
        self.scenario = scenario.model_copy(update={"market": scenario.market.model_copy(update={"trust": trust})})
        self._key = repr((scenario.market, scenario.sales, scenario.effects, scenario.customers.trust_slope))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Basis) and other._key == self._key


@lru_cache(maxsize=2)
def _history(basis: _Basis, seed: int, replication: int) -> History:
    past = _Past(basis.scenario, Streams(seed, replication))
    try:
        return past.lived()
    finally:
        past.market.dissolve()


class _Past:
    """The market before the first day, in which the customers of the first day were customers all along."""

    def __init__(self, scenario: Scenario, streams: Streams) -> None:
        self.market, self.odds = Market(scenario, streams), Odds(scenario)
        self.looking = LookingAround(scenario, streams, self.market, self.odds)
        self.paths, self.timetables = Paths(scenario, streams), Timetables(scenario, streams, self.odds.stages)
        self.hours = weeks_back(scenario) * HOURS_PER_WEEK
        self.told: dict[int, list[Opinion]] = defaultdict(list)
        for index in range(self.market.spec.customers):
            self.market.account(index).contracts = 1

    def lived(self) -> History:
        """Follow every need to the first day."""
        needs = self.market.needs_before(self.hours)
        self._look_around(needs)
        under_way, closed = [], []
        for need in needs:
            if self._is_open(need):
                under_way.append(need)
            elif need.recorded_source:
                closed.append(need)
        told = {index: tuple(opinions) for index, opinions in sorted(self.told.items())}
        return History(tuple(sorted(under_way, key=_by_name)), tuple(sorted(closed, key=_by_name)), told)

    def _look_around(self, needs: list[Need]) -> None:
        """Visits and word of mouth, in the order of time, since what one buyer hears is passed on to the next."""
        draws = sorted(((*self.looking.draws(need), number) for number, need in enumerate(needs)))
        for at, u_visits, u_source, number in draws:
            if at >= FIRST_DAY:
                break
            need = needs[number]
            self.looking.visit(need, at, u_visits, u_source)
            for _, opinion in self.looking.answers(need, at):
                if not self.told[need.account.index]:
                    need.account.heard_at = at
                self.looking.hear(need, at, opinion)
                self.told[need.account.index].append((at, opinion))

    def _is_open(self, need: Need) -> bool:
        """Follow a need to its end, or to the first day if that comes first."""
        at = need.opens_at + self.looking.hours
        if at >= FIRST_DAY:
            return True
        u, u_paths = self.paths.draws(need)
        if not need.settle(SHORTLIST, at, u, passes=u < self.odds.p_shortlists(self._account(need, at), at)):
            return False
        need.path, _ = self.paths.without_social(need, u_paths)
        need.become_lead(at, self.paths.source(need.path, self.paths.source_draws(need)[1]), [])
        return self._is_still_sold(need)

    def _is_still_sold(self, need: Need) -> bool:
        at, timetable = need.lead_at, self.timetables.of(need)
        for stage in self.odds.stages:
            need.steps_back += timetable.steps_back(stage)
            since, at = at, at + timetable.hours(stage)
            if at >= FIRST_DAY:
                need.position = Position(stage.number, is_standing=False, since=since, until=at)
                return True
            if timetable.stands_still(stage):
                hours, u = self.timetables.standing_still(need, stage, timetable.size)
                since, at = at, at + hours
                if at >= FIRST_DAY:
                    need.position = Position(stage.number, is_standing=True, since=since, until=at)
                    return True
                need.stood_still += hours
                if not need.settle(stage.wakes, at, u, passes=u < self.odds.p_wakes(self._account(need, at), at, stage)):
                    return self._lost(need, at, NO_DECISION)
            u, p = timetable.u_passes[stage.number], self.odds.p_goes_on(self._account(need, at), at, stage, reply_delay=0.0)
            if not need.settle(stage.name, at, u, passes=u < p):
                return self._lost(need, at, RIVAL)
            if stage.number == 0:
                need.qualified_at = at
        need.closed_at = need.ended_at = at
        return False

    @staticmethod
    def _lost(need: Need, at: float, to: str) -> bool:
        need.closed_at, need.lost_to = at, to
        return False

    def _account(self, need: Need, at: float) -> Account:
        """The account of a need as it was at a moment, which may lie before one that was looked at already."""
        opinions = self.told.get(need.account.index)
        if opinions:
            need.account.recall([one for one in opinions if one[0] <= at])
        return need.account


def _by_name(need: Need) -> tuple[int, int]:
    return need.account.index, need.number


def _of(need: Need, account: Account) -> Need:
    """A need of a world of its own."""
    own = copy.copy(need)
    own.account = account
    own.steps, own.decided_at, own.p, own.u = list(need.steps), list(need.decided_at), list(need.p), list(need.u)
    return own
