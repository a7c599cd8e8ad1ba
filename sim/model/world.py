"""A world: builds the actors, runs the clock to the horizon, lets open deals run off, and hands out the record."""

import gc
import math
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import simpy

from sim.model.account_probe import Tracing
from sim.model.audience import Audience
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.channels import Channel
from sim.model.community import Liveliness
from sim.model.content import ContentDesk
from sim.model.crises import Crises
from sim.model.customers import Customers
from sim.model.dialogue import Dialogue
from sim.model.drafts import STAGES, Draft
from sim.model.history import history_of
from sim.model.management import Management
from sim.model.market import Market
from sim.model.measurement import Measurement
from sim.model.needs import Need, row_of
from sim.model.non_buyers import Outside
from sim.model.odds import Odds
from sim.model.outreach import Outreach
from sim.model.profiles import NOON, Profiles
from sim.model.publishing import PublishingDesk
from sim.model.record import Record
from sim.model.research import LookingAround, Research
from sim.model.sales import Sales
from sim.model.service import Service
from sim.model.setting import Setting
from sim.model.signals import ListeningDesk
from sim.model.sponsoring import MORNING, Sponsoring
from sim.model.team import team_of
from sim.model.validation import Validation
from sim.model.weak_signals import AnalysisDesk
from sim.model.weekly_report import WeeklyReport
from sim.model.work import Desk, Work, Worker
from sim.scenario.schema import Scenario

Process = Generator[simpy.Event, Any, None]


class NoDesk:
    """An activity that has nothing to do."""

    def has_work(self) -> bool:
        """Return False."""
        return False

    def take(self, worker: Worker) -> Work | None:  # noqa: ARG002  # as a desk is asked
        """Return nothing."""
        return None


class World:
    """One world of a scenario, with the draws of one seed and replication."""

    def __init__(
        self, scenario: Scenario, seed: int, replication: int, replayed: Record | None = None, traced: int | None = None
    ) -> None:
        """Take sales load, word of mouth and the harm of crises from a record, if there is one (docs/model.md, 2.9).

        The state of the account `traced` is noted every week, which changes nothing in the world.
        """
        self.setting = setting = Setting.of(scenario, seed, replication)
        self.scenario, self.env, self.record, self.ledger = scenario, setting.env, setting.record, setting.ledger
        self.weeks = scenario.time.horizon_weeks
        is_staffed = scenario.team.hours_per_week > 0.0
        self.management = Management(setting.env, scenario, setting.ledger)
        is_abandoned = scenario.twin_kind() == "abandoned"
        self.present_from = 0.0 if is_abandoned else setting.starts_at if is_staffed else math.inf
        self.market = Market(scenario, setting.streams)
        self.measurement = Measurement(setting.env, scenario)
        self.liveliness = Liveliness(setting.env, scenario)
        self.dialogue = Dialogue(setting)
        self.channels = {
            name: Channel(setting.env, name, spec, self.market.memory.salience_rate) for name, spec in scenario.channels.items()
        }
        self.profiles = Profiles(setting, self.channels, self.market.memory.salience_rate)
        self.sponsoring = Sponsoring(setting, self.market.memory.salience_rate)
        self.publishing = PublishingDesk(setting, self.channels, self.liveliness.boost)
        sent_back: deque[Draft] = deque()
        self.validation = Validation(setting, sent_back, self.publishing)
        self.content = ContentDesk(setting, sent_back, self.validation.submit)
        self.listening = ListeningDesk()
        self.outreach = Outreach(setting, self.market, self.dialogue, self.listening)
        self.analysis = AnalysisDesk(setting, self.listening, self.outreach, self.content)
        self.crises = Crises(setting, self.market, self.dialogue, self.analysis if is_staffed else None, replayed)
        self.audience = (
            Audience(setting, self.market, self.profiles, self.sponsoring, self.dialogue, self.liveliness, self.measurement)
            if is_staffed or is_abandoned
            else None
        )
        self.service = Service(setting, self.dialogue, self.listening if is_staffed else None, self.crises, self.present_from)
        self.customers = Customers(setting, self.market, self.audience, self.service)
        odds = Odds(scenario)
        self.sales = Sales(setting, self.audience, self.dialogue, self.customers, self.measurement, odds, replayed)
        self.research = Research(setting, LookingAround(scenario, setting.streams, self.market, odds), replayed)
        self.under_way = history_of(scenario, seed, replication).needs(self.market)
        self.traced = traced
        self.outside = Outside(setting, self.channels, self.dialogue, self.liveliness)
        self.team = team_of(setting, self.desks(), self.dialogue.has_urgent_work, self.management)
        self.weekly_report = WeeklyReport(
            setting,
            self.channels if self.audience is not None else {},
            self.liveliness,
            self.content,
            self.dialogue,
            self.measurement,
            self.sales,
            self.management,
        )

    def all_channels(self) -> dict[str, Channel]:
        """Return the company's pages, people's own profiles and sponsored posts, by name."""
        paid = {} if self.sponsoring.channel is None else {self.sponsoring.channel.name: self.sponsoring.channel}
        return {**self.channels, **self.profiles.channels, **paid}

    def desks(self) -> dict[str, Desk]:
        """Return where the work of each activity comes from."""
        return {
            "listening": self.listening,
            "weak_signals": self.analysis,
            "recruiting": self.audience.recruiting if self.audience is not None else NoDesk(),
            "animation": self.liveliness,
            "advocacy": self.profiles,
            "content": self.content,
            "publishing": self.publishing,
            "validation": self.validation,
            "dialogue": self.dialogue,
            "measurement": self.measurement,
        }

    def run(self) -> Record:
        """Live through the horizon and the run-off."""
        ahead = self.market.needs()
        needs = self.under_way + ahead
        if self.audience is not None:
            if self.present_from == 0.0:
                self.audience.gather()
                self.env.process(self.outside.write())
            else:
                self.env.process(self.go_public(self.audience))
            if self.team and self.profiles.place is not None:
                self.env.process(self.show_again(NOON, self.profiles.pass_on))
            if self.team and self.sponsoring.place is not None:
                self.env.process(self.show_again(MORNING, self.sponsoring.show))
        if self.team:
            self.outreach.expect(needs)
            self.analysis.expect()
        self.crises.begin()
        self.customers.welcome_the_first()
        self.sales.begin(self.under_way, len(needs))
        if self.traced is not None:
            account = self.market.account(self.traced)
            self.env.process(Tracing(self.env, self.record, account, self.sales, self.all_channels()).watch())
        for need in self.under_way:
            self._carry_on(need)
        self.env.process(self.needs_arise(ahead))
        for member in self.team:
            self.env.process(member.work_life())
        self.env.run(until=self.env.process(self.weeks_pass()))
        self._write_down(needs)
        return self.record

    def go_public(self, audience: Audience) -> Process:
        """Wait until there is a presence; from then on people can follow it and write to it."""
        yield self.env.timeout(self.present_from)
        audience.gather()
        yield from self.outside.write()

    def show_again(self, hour: float, show: Callable[[Draft, float], object]) -> Process:
        """Let what is published be shown again day by day, once there is a presence."""
        yield self.env.timeout(self.present_from)
        yield from self.publishing.show_again(hour, show)

    def dissolve(self) -> None:
        """Let go of what refers to each other, so that nothing is left for the garbage collector to find."""
        self.market.dissolve()
        for channel in self.all_channels().values():
            channel.dissolve()
        if self.audience is not None:
            self.audience.dissolve()
        self.dialogue.dissolve()
        self.listening.dissolve()
        self.analysis.dissolve()
        self.content.dissolve()
        self.setting.env.end()

    def _carry_on(self, need: Need) -> None:
        """Carry on with what was under way on the first day."""
        if need.position is None:
            self.research.expect(need)
            self.env.process(self.sales.pursue(need))
        else:
            self.env.process(self.sales.carry_on(need, need.position))

    def needs_arise(self, needs: list[Need]) -> Process:
        """Let needs arise in the week in which they open; what lies further ahead waits, so that the agenda stays short.

        On a whole hour, what is left until a later moment is exact, as is the moment at which such a wait ends: it does not
        matter to the last bit where it began.
        """
        by_week: list[list[Need]] = [[] for _ in range(self.weeks)]
        for need in needs:
            by_week[int(need.opens_at / HOURS_PER_WEEK)].append(need)
        for opening in by_week:
            for need in opening:
                self.research.expect(need)
                self.env.process(self.sales.pursue(need))
            yield self.env.timeout(HOURS_PER_WEEK)

    def weeks_pass(self) -> Process:
        """Let week after week pass; the presence ends at the horizon, and the run-off when every need is seen to its end."""
        for _ in range(self.weeks):
            yield self.env.timeout(HOURS_PER_WEEK)
            self.sales.update_load()
            if self.audience is not None:
                self.audience.week_ends()
            self.weekly_report.write()
            self.management.week_ends()
        self.dialogue.close()
        yield self.env.timeout(0.0)  # sessions that end at this very moment are booked
        self.market.bring_ghosts_up_to(self.env.now)
        for _ in range(self.scenario.time.run_off_weeks):
            if self.sales.followed == len(self.market.ghosts):  # of those that could be won, none is open any more
                self.market.bring_ghosts_up_to(self.env.now)
            if self.sales.followed == 0:
                break
            yield self.env.timeout(HOURS_PER_WEEK)
            self.sales.update_load()
            self.record.run_off_hours += HOURS_PER_WEEK
        self.market.bring_ghosts_up_to(self.env.now)

    def _write_down(self, needs: list[Need]) -> None:
        self.customers.write_down()
        self.record.needs.rows.extend(map(row_of, needs))
        for draft in self.content.made:
            self.record.drafts.add(
                (draft.number, draft.kind, draft.made_at, draft.rounds, draft.state, draft.settled_at, draft.seconds)
            )
            if draft.state in STAGES:
                self.record.stages.add((draft.number, draft.kind, draft.state, draft.since, None, draft.reviewers))
        self.analysis.write_down()
        self.record.ledger = self.ledger.weekly


def simulate(
    scenario: Scenario, seed: int, replication: int, replayed: Record | None = None, traced: int | None = None
) -> Record:
    """Run one world of a scenario on the draws of a seed and replication.

    With the record of another world of the same draws, sales load, word of mouth and the harm of crises are replayed from it.
    With the number of an account, its state is noted every week (table `states`), and nothing else differs.
    """
    with no_garbage_collection():  # a world's objects live as long as it does; looking for dead ones costs a quarter
        world = World(scenario, seed, replication, replayed, traced)
        record = world.run()
        world.dissolve()
        return record


@contextmanager
def no_garbage_collection() -> Generator[None, None, None]:
    """Stop looking for dead objects: of a world's millions, hardly any dies before it is over."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()  # what lives now counts as old, and is not searched at once
            gc.unfreeze()
            gc.enable()
