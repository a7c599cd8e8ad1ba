"""Following one account: how it thinks of the brand, week by week. Reading writes nothing, so no world runs otherwise."""

import math
from collections.abc import Generator, Mapping
from typing import Any

import simpy

from sim.model.accounts import Account
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.channels import Channel
from sim.model.record import Record
from sim.model.sales import Sales

Process = Generator[simpy.Event, Any, None]


class Tracing:
    """Notes of an account at the end of each week, before anything else that happens on a Monday at 00:00."""

    def __init__(
        self, env: simpy.Environment, record: Record, account: Account, sales: Sales, channels: Mapping[str, Channel]
    ) -> None:
        self.env, self.record, self.account, self.sales, self.channels = env, record, account, sales, channels

    def watch(self) -> Process:
        """Watch week after week, from the first moment on."""
        while True:
            self._note()
            yield self.env.timeout(HOURS_PER_WEEK)

    def _note(self) -> None:
        now, account = self.env.now, self.account
        salience = math.exp(account.log_salience(now, self.sales.odds.voices_at_first) - account.log_base)
        exposures = tuple((name, channel.clock.exposure_at(now)) for name, channel in self.channels.items())
        p_shortlists = self.sales.odds.p_shortlists(account, now)
        self.record.states.add((now, account.index, salience, account.trust(now), p_shortlists, account.shaken, exposures))
