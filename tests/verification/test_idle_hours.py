"""No hour idles while work waits (model.md, 3).

Teams whose activities run dry, looked at every minute while a member idles. Known answer: what is brought in by someone
(a message, a find, an approval, a draft to ask about, one sent back) is taken up at once; what time alone brings (material,
liveliness that fades, a dashboard that ages) within a block.
"""

from collections import Counter

import pytest
import simpy

from sim.model import World
from sim.scenario.schema import ACTIVITIES
from tests.worlds import material, reviewed, scenario

BLOCK = 30  # minutes
BY_TIME = frozenset({"content", "animation", "measurement"})


class Watch:
    """Minutes that members have idled, and the longest stretch of them in which each activity had work."""

    def __init__(self, world):
        self.env, self.minutes, self.longest = world.env, 0, Counter()
        for member in world.team:
            member.idle = self.watching(member, member.idle)

    def watching(self, member, idle):
        def idling(left):
            looking = self.env.process(self.look(member))
            seconds = yield from idle(left)
            looking.interrupt()
            return seconds

        return idling

    def look(self, member):
        waited = Counter()
        try:
            while True:
                yield self.env.timeout(1.0 / 60.0)
                self.minutes += 1
                for activity, has_work in ((duty.activity, duty.desk.has_work) for duty in member.duties):
                    waited[activity] = waited[activity] + 1 if has_work() else 0
                    self.longest[activity] = max(self.longest[activity], waited[activity])
        except simpy.Interrupt:
            pass


@pytest.mark.parametrize(
    ("hours", "split", "changes"),
    [
        (20.0, {"content": 0.5, "publishing": 0.5}, {"content": material(20.0, 0.0)}),
        (20.0, {"animation": 0.5, "dialogue": 0.5}, {}),
        (20.0, {"measurement": 0.3, "recruiting": 0.3, "dialogue": 0.4}, {"recruiting": {"minutes": 2.0}}),
        (
            40.0,
            {"content": 0.3, "publishing": 0.3, "validation": 0.4},
            {"content": material(20.0, 1.0), "validation": reviewed(1.0, share_approved=0.5)},
        ),
    ],
)
def test_nobody_idles_while_work_waits(hours, split, changes):
    shares = dict.fromkeys(ACTIVITIES, 0.0) | split
    world = World(
        scenario(team={"hours_per_week": hours, "split": shares}, time={"horizon_weeks": 20, "run_off_weeks": 0}, **changes),
        1,
        0,
    )
    watch = Watch(world)
    world.run()
    assert watch.minutes > 200, "they do idle"
    for activity, minutes in watch.longest.items():
        assert minutes <= (BLOCK if activity in BY_TIME else 0), activity
