"""Followers who will never buy: what they write, and the spam that comes with an audience."""

import math
from collections.abc import Generator
from typing import Any

import simpy

from sim.model.calendar import HOURS_PER_WEEK
from sim.model.channels import Channel
from sim.model.community import Liveliness
from sim.model.dialogue import ANSWERED, MISSED, Dialogue
from sim.model.setting import Setting
from sim.model.streams import SparseStream, Stream, poisson
from sim.scenario.schema import Talk

Process = Generator[simpy.Event, Any, None]
PER = 1000.0  # rates are for so many followers


class Outside:
    """Questions that anyone sees and unwanted messages: week by week a Poisson number, at moments of its own."""

    def __init__(self, setting: Setting, channels: dict[str, Channel], dialogue: Dialogue, liveliness: Liveliness) -> None:
        self.env, self.weeks = setting.env, setting.scenario.time.horizon_weeks
        self.channels, self.dialogue, self.liveliness = channels, dialogue, liveliness
        self.spec, streams = setting.scenario.outside, setting.streams
        self._counts: dict[Talk, Stream] = {kind: streams[f"messages/{kind}"] for kind in ("public_question", "spam")}
        self._details: dict[Talk, SparseStream] = {kind: streams.sparse(f"message/{kind}", 2) for kind in self._counts}

    def write(self) -> Process:
        """Write week after week from now on, until the horizon."""
        for week in range(round(self.env.now / HOURS_PER_WEEK), self.weeks):
            outside = math.fsum(channel.outside_followers for channel in self.channels.values()) / PER
            everyone = outside + sum(channel.followers for channel in self.channels.values()) / PER
            self._send("public_question", week, outside * self.spec.questions_per_week * self.dialogue.volume(self.env.now))
            self._send("spam", week, everyone * self.spec.spam_per_week)
            yield self.env.timeout(HOURS_PER_WEEK)

    def _send(self, kind: Talk, week: int, expected: float) -> None:
        def arrives(message: Any) -> None:
            self.dialogue.open(kind, None, message.value, on_end=self._matter(kind))

        for number in range(poisson(self._counts[kind](week), expected)):
            u_moment, u_minutes = self._details[kind].several(week, number)
            self.env.timeout(u_moment * HOURS_PER_WEEK, u_minutes).callbacks.append(arrives)

    def _matter(self, kind: Talk) -> Any:
        """Return what the answer or the neglect of a message does to the community."""
        value = self.dialogue.value(kind)

        def ends(outcome: str) -> None:
            now = self.env.now
            if outcome == ANSWERED and kind != "spam":
                self.liveliness.add(now, min(1.0, self.spec.liveliness_gained * value))
            elif outcome == MISSED:
                self.liveliness.drain(now, min(1.0, self.spec.liveliness_lost * value))

        return ends
