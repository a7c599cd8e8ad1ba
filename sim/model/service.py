"""Service: what customers ask and complain about, in public or not, and whether anyone hears it and answers.

Customers speak at moments of their own. Where there is a presence, some name its account, and their message waits there;
others only speak of the company, and listening must find them. What nobody hears is as if said off line.
"""

import math
from collections.abc import Generator
from typing import Any, NamedTuple

import simpy

from sim.model import rules
from sim.model.accounts import Account
from sim.model.calendar import HOURS_PER_WEEK, HOURS_PER_YEAR
from sim.model.crises import Crises
from sim.model.dialogue import MISSED, Dialogue, Outlook
from sim.model.setting import Setting
from sim.model.signals import ListeningDesk
from sim.model.streams import exponential
from sim.scenario.schema import Talk

Process = Generator[simpy.Event, Any, None]

MENTION = "mention"  # a message that does not name the account
COMPLAINT: Talk = "complaint"


class Message(NamedTuple):
    """A message of a customer: its kind, whether it names the account, whether it would be settled off line."""

    number: int
    kind: Talk
    is_tagged: bool
    is_settled: bool
    u_minutes: float
    u_heard: float


class Service:
    """Questions and complaints of customers."""

    def __init__(
        self, setting: Setting, dialogue: Dialogue, listening: ListeningDesk | None, crises: Crises, present_from: float
    ) -> None:
        """Hear those who do not name the account only at a desk for listening; until `present_from`, no account is there."""
        self.env, self.horizon, self.calendar = setting.env, setting.horizon, setting.calendar
        self.record = setting.record
        self.dialogue, self.listening, self.crises, self.present_from = dialogue, listening, crises, present_from
        scenario, streams = setting.scenario, setting.streams
        self.spec, self.heard, self.gains = scenario.customers, scenario.listening, setting.gains
        self.onboarding_hours = self.spec.onboarding.weeks * HOURS_PER_WEEK
        # moments are drawn for new customers of a team that answers everything; of others', some come to nothing
        self.most = 1.0 + dialogue.spec.replies_raise_volume
        if self.onboarding_hours > 0.0:
            self.most *= self.spec.onboarding.questions
        asked_a_year = self.spec.questions_per_year * self.spec.share_on_social * self.most
        self.mean_hours = HOURS_PER_YEAR / asked_a_year if asked_a_year > 0.0 else math.inf
        self._moments_u = streams["customer asks"]
        self._details_u = streams.sparse("customer message", 6)
        self._new_until: dict[int, float] = {}
        self._silent: set[tuple[int, int]] = set()  # moments of customers past onboarding that came to nothing
        self.outlook = Outlook(0.0, 0.0, dialogue.outlook.weight)  # how many of those who do not name it were heard lately

    def begin(self, account: Account, *, is_new: bool) -> None:
        """Let an account ask that has become a customer, or one by another contract too; a new one asks more for a while."""
        if is_new:
            self._new_until[account.index] = self.env.now + self.onboarding_hours
        if not account.asks and self.mean_hours < math.inf:
            account.asks = True
            self.env.process(self.ask(account))

    def ask(self, account: Account) -> Process:
        """Ask at moments of the account's own, which come to nothing when it is not a customer."""
        for number, at in enumerate(self._moments(account)):
            if at > self.env.now:
                yield self.env.timeout(at - self.env.now)
                if account.contracts > 0:
                    account.spoke += (number,)
                    self._ask(account, number)

    def as_a_customer(
        self, account: Account, trust: float, since: float, now: float, new_until: float = 0.0
    ) -> tuple[float, float]:
        """Return how a ghost's messages would have moved trust by now, and the past year's complaints that nobody answered.

        The ghost asks at the account's own moments, and is heard and answered as often as others were lately; each message
        finds the trust that those before it have left, on top of the account's of now. At moments at which the account was a
        customer by another contract, it spoke indeed, and what came of it is known; only if that contract was past onboarding
        and nothing came, this one, up to `new_until` in its own, may add a message.
        """
        trust_rate, answered, found = account.memory.trust_rate, self.dialogue.outlook.share_at(now), self.outlook.share_at(now)
        moved, moved_at, unanswered = 0.0, since, 0.0
        for number, at in enumerate(self._moments(account)):
            if not since < at < now:
                continue
            is_new = at < new_until
            if number in account.spoke and not (is_new and (account.index, number) in self._silent):
                continue
            message = self._message(account, number, at, now, is_new=is_new)
            if message is None:
                continue
            heard = 0.0
            if at >= self.present_from:
                heard = 1.0 if message.is_tagged else found
            if heard > 0.0:
                value = self.dialogue.value(message.kind)
                moved, moved_at = moved * math.exp(-trust_rate * (at - moved_at)), at
                met = trust + moved
                if_answered = rules.after_touch(met, self.dialogue.reply_quality, self.gains.replied * value) - met
                if_missed = rules.after_miss(met, self.gains.missed * value) - met
                moved += heard * (answered * if_answered + (1.0 - answered) * if_missed)
            if message.kind == COMPLAINT and at >= now - HOURS_PER_YEAR:
                unanswered += heard * (1.0 - answered) + (1.0 - heard) * (not message.is_settled)
        return moved * math.exp(-trust_rate * (now - moved_at)), unanswered

    def _moments(self, account: Account) -> tuple[float, ...]:
        """Return when an account would write, if it is a customer then; up to the horizon."""
        if account.moments is None:
            if self.mean_hours == math.inf:
                return ()
            moments, at = [], exponential(self._moments_u(account.index, 0), self.mean_hours)
            while at < self.horizon:
                moments.append(at)
                at += exponential(self._moments_u(account.index, len(moments)), self.mean_hours)
            account.moments = tuple(moments)
        return account.moments

    def _message(self, account: Account, number: int, at: float, now: float, *, is_new: bool) -> Message | None:
        """Return what an account writes at its n-th moment, `at`, as a new customer or not, if anything; as is known `now`.

        How others' messages fared is known to those alone who name the company's account, hence lifts their volume alone.
        """
        u_comes, u_complains, u_tagged, u_settled, u_minutes, u_heard = self._details_u.several(account.index, number)
        is_tagged = u_tagged < self.heard.share_tagged
        volume = self.dialogue.volume(now) if is_tagged and at >= self.present_from else 1.0
        if u_comes * self.most >= volume * (self.spec.onboarding.questions if is_new else 1.0):
            return None
        return Message(
            number,
            COMPLAINT if u_complains < self.spec.share_complaints else "customer_question",
            is_tagged,
            u_settled < self.spec.share_settled_offline,
            u_minutes,
            u_heard,
        )

    def _ask(self, account: Account, number: int) -> None:
        is_new = self.env.now < self._new_until.get(account.index, 0.0)
        message = self._message(account, number, self.env.now, self.env.now, is_new=is_new)
        if message is None:
            if not is_new:
                self._silent.add((account.index, number))
            return
        is_present = self.env.now >= self.present_from
        if is_present and message.is_tagged:
            self._open(account, message)
        elif is_present and self.listening is not None:
            self._listen_for(self.listening, account, message)
        else:
            self._goes_off_line(account, message)

    def _goes_off_line(self, account: Account, message: Message) -> None:
        if message.kind == COMPLAINT and not message.is_settled:
            account.complain(self.env.now)

    def _open(self, account: Account, message: Message, deadline: float | None = None) -> None:
        def ends(outcome: str) -> None:
            if outcome == MISSED:
                account.complain(self.env.now)
                self.crises.complaint_unanswered()

        account.be_touched(self.env.now)
        on_end = ends if message.kind == COMPLAINT else None
        self.dialogue.open(message.kind, account, message.u_minutes, deadline=deadline, on_end=on_end)

    def _listen_for(self, listening: ListeningDesk, account: Account, message: Message) -> None:
        """Let a message be heard while it is worth answering; until someone does, it is as if said off line."""
        now = self.env.now
        self._goes_off_line(account, message)
        dies_at = self.calendar.later(now, self.dialogue.patience(message.kind))
        is_heard = False

        def found(found_at: float) -> None:
            nonlocal is_heard
            self.record.signals.add((MENTION, account.index, message.number, now, found_at, None, False))
            if self.env.now < dies_at:
                is_heard = True
                account.take_back(self.env.now, now)
                self._open(account, message, dies_at)

        def ends(_: simpy.Event) -> None:
            self.outlook.note(self.env.now, is_heard, 0.0)

        listening.expect(now, dies_at, self.heard.mention_finds_per_hour, message.u_heard, found)
        self.env.timeout(dies_at - now).callbacks.append(ends)
