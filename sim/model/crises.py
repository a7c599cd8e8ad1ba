"""Crises: storms in public that cost trust at many accounts at once. See docs/model.md, "Crises"."""

import math
from functools import partial

import numpy as np

from sim.model.calendar import HOURS_PER_YEAR
from sim.model.dialogue import ANSWERED, IN_HAND, Conversation, Dialogue
from sim.model.market import Market
from sim.model.record import Record, each
from sim.model.setting import Setting
from sim.model.streams import exponential
from sim.model.weak_signals import EARLY_SIGN, AnalysisDesk, WeakSignal

CONTAINED, SOFTENED, UNCONTAINED = "contained", "softened", "uncontained"


class Crisis:
    """A storm: born when first signs show, breaks out later, has done its harm when the time for an answer is over."""

    __slots__ = ("answer", "answered_at", "born_at", "breaks_out_at", "number", "u_minutes", "u_reducible", "warned_at")

    def __init__(self, number: int, born_at: float, breaks_out_at: float, u_reducible: float, u_minutes: float) -> None:
        self.number, self.born_at, self.breaks_out_at = number, born_at, breaks_out_at
        self.u_reducible, self.u_minutes = u_reducible, u_minutes
        self.warned_at: float | None = None
        self.answered_at: float | None = None
        self.answer: Conversation | None = None


class Crises:
    """A hazard that time and unanswered complaints add to; a crisis is born when it reaches a threshold of its own."""

    def __init__(
        self,
        setting: Setting,
        market: Market,
        dialogue: Dialogue,
        analysis: AnalysisDesk | None,
        replayed: Record | None = None,
    ) -> None:
        """Watch and answer only if there is a desk for analysis. With a record, do the harm that was done in its world."""
        self._replayed = replayed
        self.env, self.record, self.horizon = setting.env, setting.record, setting.horizon
        self.market, self.dialogue, self.analysis = market, dialogue, analysis
        self.spec = setting.scenario.crises
        self.team_starts_at = setting.starts_at
        self.per_hour = self.spec.per_year / HOURS_PER_YEAR
        self._details_u, self._hears_u = setting.streams.sparse("crisis", 6), setting.streams["hears of crisis"]
        self.number = 0
        self.added = 0.0
        self.threshold = 0.0
        self._alarm = 0

    def begin(self) -> None:
        """Begin the first day."""
        self.threshold = exponential(self._details_u(0))
        self._set_alarm()
        if self._replayed is not None:
            for number, settled_at, loss in each(self._replayed.crises, "crisis", "settled_at", "trust_loss"):
                self.env.timeout(settled_at, (number, loss)).callbacks.append(lambda event: self._harm(*event.value))

    def complaint_unanswered(self) -> None:
        """Add to the hazard, since a complaint that everybody could read was left alone."""
        if self.spec.per_unanswered_complaint > 0.0:
            self.added += self.spec.per_unanswered_complaint
            self._set_alarm()

    def _set_alarm(self) -> None:
        """Wake when time alone brings the hazard to the threshold; an alarm set before is out of date."""
        self._alarm += 1
        missing = self.threshold - self.added
        due = missing / self.per_hour if self.per_hour > 0.0 else math.inf if missing > 0.0 else 0.0
        if due < self.horizon:
            alarm = self.env.timeout(max(0.0, due - self.env.now), self._alarm)
            alarm.callbacks.append(lambda event: self._be_born() if event.value == self._alarm else None)

    def _be_born(self) -> None:
        now = self.env.now
        _, u_build_up, u_reducible, u_minutes, u_found, u_analysis = self._details_u.several(self.number)
        crisis = Crisis(self.number, now, now + exponential(u_build_up, self.spec.build_up_hours), u_reducible, u_minutes)
        self.number += 1
        self.threshold += exponential(self._details_u(self.number))
        self._set_alarm()
        if self.analysis is not None:
            warn = partial(self._warn, crisis)
            first_sign = WeakSignal(EARLY_SIGN, crisis.number, now, crisis.breaks_out_at, u_analysis, warn)
            self.analysis.listen_for(first_sign, self.spec.finds_per_hour, u_found)
            self.env.timeout(crisis.breaks_out_at - now).callbacks.append(lambda _: self._break_out(crisis))
        settles = crisis.breaks_out_at + self.spec.reply_hours
        self.env.timeout(settles - now).callbacks.append(lambda _: self._settle(crisis))

    def _warn(self, crisis: Crisis) -> None:
        """Warn of a crisis whose first signs someone has understood, who may answer before the outbreak."""
        crisis.warned_at = self.env.now
        self._call_for_an_answer(crisis)

    def _break_out(self, crisis: Crisis) -> None:
        """Let everybody see it, the team too, if there is one by now."""
        if crisis.warned_at is None and self.env.now >= self.team_starts_at:
            self._call_for_an_answer(crisis)

    def _call_for_an_answer(self, crisis: Crisis) -> None:
        def ends(outcome: str) -> None:
            if outcome == ANSWERED:
                crisis.answered_at = self.env.now

        deadline = crisis.breaks_out_at + self.spec.reply_hours
        crisis.answer = self.dialogue.open("crisis", None, crisis.u_minutes, deadline=deadline, on_end=ends)

    def _settle(self, crisis: Crisis) -> None:
        """End the time for an answer: what is left of the harm is done, if it is before the horizon."""
        now, answered_at = self.env.now, crisis.answered_at
        if now >= self.horizon:
            return
        if answered_at is None and crisis.answer is not None and crisis.answer.state == IN_HAND:
            answered_at = now  # an answer begun in time is in time
        left, outcome = 1.0, UNCONTAINED
        if answered_at is not None and crisis.u_reducible < self.spec.share_containable:
            warned = answered_at <= crisis.breaks_out_at
            left, outcome = (self.spec.left_if_warned, CONTAINED) if warned else (self.spec.left_if_answered, SOFTENED)
        loss = self.spec.trust_loss * left
        self.record.crises.add(
            (crisis.number, crisis.born_at, crisis.warned_at, crisis.breaks_out_at, answered_at, now, outcome, loss)
        )
        if self._replayed is None:
            self._harm(crisis.number, loss)

    def _harm(self, number: int, loss: float) -> None:
        """Take trust from accounts that hear of a crisis."""
        if loss > 0.0:
            hears = self._hears_u.column(len(self.market), number) < self.spec.share_of_accounts
            for index in np.flatnonzero(hears).tolist():
                self.market.account(index).be_shaken(self.env.now, loss)
