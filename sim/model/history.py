"""History: what a company that has sold for years finds under way on its first day. See docs/model.md, "The first day".

Needs that opened before the first day have gone part of their way by then, without social media. They are drawn to where they
stand by the draws and the laws that every other need follows. What was over before is left out, as its end is known; what is
still open starts the world. None of it depends on hours, so a world, its twin and all levels of hours share one history.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.model import rules
from sim.model.accounts import Account
from sim.model.calendar import HOURS_PER_WEEK, WEEKS_PER_YEAR
from sim.model.effects import gains_of
from sim.model.market import LATEST_BEFORE, Market
from sim.model.needs import FIRST_DAY, NO_DECISION, RIVAL, SHORTLIST, STANDS_STILL, STEPS_BACK, Need, Position
from sim.model.odds import Odds
from sim.model.paths import Paths
from sim.model.research import PRAISE, LookingAround
from sim.model.seasons import season_of_decisions, season_of_leads
from sim.model.stage_durations import course_of
from sim.model.streams import Streams, streams_of
from sim.model.timetable import Timetables
from sim.scenario.schema import Scenario

TAIL = 3.72  # standard deviations above the mean, beyond which one value in ten thousand lies
MEAN_CYCLES = 8.0  # and at least so many, where stalls vary more than the cycle does
MOST_WEEKS = 1040.0
HALF_LIVES = 6.0  # after which what was told is forgotten, but for a sixty-fourth
MOST_PEERS = 8  # that a buyer may ask

Opinion = tuple[float, float]  # moment (hours, negative), and a trust between 0 and 1


@dataclass(frozen=True)
class History:
    """Needs that are open on the first day, and what accounts had been told by then."""

    open: tuple[Need, ...]
    told: dict[int, tuple[Opinion, ...]]

    def needs(self, market: Market) -> list[Need]:
        """Return the open needs as those of the accounts of a world, which remember what they were told."""
        for index, opinions in self.told.items():
            account = market.account(index)
            shift = market.spec.trust.start_logit_shift
            account.recall(opinions)
            if shift:
                moved = rules.logistic(rules.logit(account.trust(FIRST_DAY)) + shift)
                account.gap, account.since = moved - account.baseline, FIRST_DAY
        return [need.of(market.account(need.account.index)) for need in self.open]


def history_of(scenario: Scenario, seed: int, replication: int) -> History:
    """Return the history of a scenario for the draws of a seed and replication."""
    return _history(_Basis(scenario), seed, replication)


def leads_of_before(scenario: Scenario, seed: int, replication: int) -> list[Need]:
    """Return the leads that were won or lost before the first day, as far back as a history goes."""
    past = _Past(_Basis(scenario).scenario, streams_of(seed, replication))
    try:
        return [past.filled_in(need) for need in past.needs() if not past.is_open(need) and len(need.steps) > 1]
    finally:
        past.market.dissolve()


def weeks_back(scenario: Scenario) -> float:
    """Return how many weeks before the first day any need must have opened to be over by then, but for one in ten thousand.

    Where a segment has larger deals than is ordinary, they take longer, and its needs are followed back further.
    """
    cycle, course = scenario.sales.cycle_weeks, course_of(scenario)
    longest = max(cycle.median * math.exp(TAIL * cycle.sigma), MEAN_CYCLES * cycle.mean)
    sizes = [course.size(one.deal_value.median) for one in scenario.market.segments.values() if one.needs_per_year > 0.0]
    slow = 0.0 if season_of_decisions(scenario).is_flat else WEEKS_PER_YEAR  # a year runs on by a year, whatever the months
    return min(MOST_WEEKS, scenario.market.shortlist.research_weeks + longest * max([1.0, *sizes]) + slow)


def weeks_remembered(scenario: Scenario) -> float:
    """Return for how many weeks accounts remember what they were told; 0 if that moves nothing."""
    gains, market = gains_of(scenario), scenario.market
    lives = [
        half_life
        for gain, half_life in (
            (gains.recommended, market.salience.half_life_weeks), (gains.praised, market.trust.half_life_weeks),
        )
        if gain != 0.0
    ]  # fmt: skip
    return min(MOST_WEEKS, HALF_LIVES * max([0.0, *lives]))


class _Basis:
    """The parts of a scenario that its history depends on; equal where these are."""

    def __init__(self, scenario: Scenario) -> None:
        trust = scenario.market.trust.model_copy(update={"start_logit_shift": 0.0})  # of the first day
        self.scenario = scenario.model_copy(update={"market": scenario.market.model_copy(update={"trust": trust})})
        seasons = season_of_leads(scenario).key, season_of_decisions(scenario).key
        self._key = repr((scenario.market, scenario.sales, scenario.effects, scenario.customers.trust_slope, seasons))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Basis) and other._key == self._key


@lru_cache(maxsize=2)
def _history(basis: _Basis, seed: int, replication: int) -> History:
    past = _Past(basis.scenario, streams_of(seed, replication))
    try:
        under_way = [past.filled_in(need) for need in past.needs() if past.is_open(need)]
        told = {index: tuple(opinions) for index, opinions in sorted(past.told.items())}
        return History(tuple(sorted(under_way, key=_by_name)), told)
    finally:
        past.market.dissolve()


def forget() -> None:
    """Forget every history, which is then drawn anew."""
    _history.cache_clear()


class _Past:
    """The market before the first day, in which the customers of the first day were customers all along."""

    def __init__(self, scenario: Scenario, streams: Streams) -> None:
        self.market, self.odds, self.streams = Market(scenario, streams), Odds(scenario), streams
        self._shortlist_u, self.season = streams["shortlist before"], season_of_decisions(scenario)
        self.looking = LookingAround(scenario, streams, self.market, self.odds)
        self.paths, self.timetables = Paths(scenario, streams), Timetables(scenario, streams, self.odds.stages)
        self.hours = weeks_back(scenario) * HOURS_PER_WEEK
        self.hours_told = max(self.hours, weeks_remembered(scenario) * HOURS_PER_WEEK)
        self.told: dict[int, list[Opinion]] = defaultdict(list)
        for index in range(self.market.spec.customers):
            self.market.account(index).contracts = 1
        self.ages = list(self.market.ages(self.hours_told))
        self._ask_peers()

    def needs(self) -> Iterator[Need]:
        """Yield the needs that are not over for certain.

        Most were not shortlisted. These are found for all accounts at once; a need is made of the others alone.
        """
        was_told = np.zeros(len(self.market), dtype=bool)
        was_told[list(self.told)] = True
        p = self.odds.p_shortlisted_before(*self.market.minds())
        for back, age in enumerate(self.ages):
            u = self._shortlist_u.column(len(self.market), back)
            may_be_open = (age < self.hours) & ((age < self.looking.hours) | (u < p) | was_told)
            for index in np.flatnonzero(may_be_open).tolist():
                yield self.market.need(index, LATEST_BEFORE - back, -float(age[index]))

    def is_open(self, need: Need) -> bool:
        """Follow a need to its end, or to the first day if that comes first."""
        at, u = need.opens_at + self.looking.hours, self._shortlist_u(need.account.index, LATEST_BEFORE - need.number)
        if at >= FIRST_DAY:
            return True
        passes = u < self.odds.p_shortlists(self._account(need, at), at)
        return need.settle(SHORTLIST, at, u, passes=passes) and self._is_still_sold(need, at)

    def filled_in(self, need: Need) -> Need:
        """Note how the buyer looked around and got in touch, which decides nothing of what came after."""
        at, *draws = self.looking.draws(need.account.index, need.number, need.opens_at)
        if at < FIRST_DAY:
            self._account(need, math.nextafter(at, -math.inf))  # without what is heard on that occasion
            self.looking.visit(need, at, *draws)
            need.recommended = any(when == at and opinion > PRAISE for when, opinion in self._told_by(need, at))
        if need.steps:
            _, u_paths = self.paths.draws(need)
            need.path, _ = self.paths.without_social(need, u_paths)
            need.become_lead(need.decided_at[0], self.paths.source(need.path, self.paths.source_draws(need)[1]), [])
        return need

    def _ask_peers(self) -> None:
        """Let buyers ask peers, in the order of time, since what one buyer hears is passed on to the next."""
        count, customers, asked = len(self.market), self.market.spec.customers, self.looking.peers_asked
        answers = []
        for back, age in enumerate(self.ages if customers and asked else ()):
            draws = [self.streams["peers before"].column(count, back * MOST_PEERS + number) for number in range(asked)]
            peers = (np.array(draws) * count).astype(int)
            for index in np.flatnonzero((age < self.hours_told) & (peers < customers).any(axis=0)).tolist():
                at, *_ = self.looking.draws(index, LATEST_BEFORE - back, -float(age[index]))
                if at < FIRST_DAY:
                    answers += [(at, index, peer) for peer in set(peers[:, index].tolist()) - {index} if peer < customers]
        for at, index, peer in sorted(answers):
            opinion, account = self.market.account(peer).trust(at), self.market.account(index)
            if not self.told[index]:
                account.heard_at = at
            account.hear(at, opinion)
            self.told[index].append((at, opinion))

    def _is_still_sold(self, need: Need, at: float) -> bool:
        timetable = self.timetables.of(need)
        for stage in self.odds.stages:
            if timetable.steps_back(stage):
                need.steps_back += 1
                need.turns += ((at, STEPS_BACK, stage.name),)
            since, at = at, at + self.season.wait(at, timetable.hours(stage))
            if at >= FIRST_DAY:
                need.position = Position(stage.number, is_standing=False, since=since, until=at)
                return True
            if timetable.stands_still(stage):
                hours, u = self.timetables.standing_still(need, stage, timetable.size)
                need.turns += ((at, STANDS_STILL, stage.name),)
                hours = self.season.wait(at, hours)
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

    def _told_by(self, need: Need, at: float) -> list[Opinion]:
        return [one for one in self.told.get(need.account.index, ()) if one[0] <= at]

    def _account(self, need: Need, at: float) -> Account:
        """Return the account of a need as it was at a moment, which may lie before one that was looked at already."""
        if need.account.index in self.told:
            need.account.recall(self._told_by(need, at))
        return need.account


def _by_name(need: Need) -> tuple[int, int]:
    return need.account.index, need.number
