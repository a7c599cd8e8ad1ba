"""Little's law, L = lambda W, for drafts in every stage on their way to the channels and for conversations (model.md, 13).

L is what an observer sees who looks in once in every twelve hours, at a moment drawn evenly among them: where each draft
stands, how long the reviewers' queues are, how many messages are open. Lambda and W are of the record's rows alone: stays
begun an hour, and their mean length, cut off at the horizon. So the two have equal expectations over any horizon.

Null, for each stage and for conversations: the mean of L - lambda W over replications is zero. t test, Bonferroni over
them all, alpha 0.05 together, fixed seed; and the interval of the difference is small against L, so that the null can fail.
"""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from sim.model import World
from sim.model.calendar import HOURS_PER_WEEK
from sim.model.drafts import IN_REVIEW, QUEUED, STAGES
from tests.worlds import rows, scenario

LOOKS_EVERY = 12.0
CONVERSATIONS = "conversations"
COLUMN = {"kind": "adapted", "week": 1, "every_weeks": 2, "slot": "Tue 10:00"}  # drafts that wait for their day


def team(weeks):
    return scenario(
        team={"hours_per_week": 20.0},
        time={"horizon_weeks": weeks, "run_off_weeks": 0},
        validation={"reviewers": {"expert": {"people": 1, "hours_per_week": 6.0}, "legal": {"hours_per_week": 3.0}}},
        content={"planned": {"column": COLUMN}},
    )


def seen_at_a_glance(world):
    """How many drafts stand in each stage, and how many conversations are open."""
    counts = Counter(draft.state for draft in world.content.made)
    panels = [panel.people for panel in world.validation.panels]
    assert counts[QUEUED] == sum(len(people.queue) for people in panels)
    assert counts[IN_REVIEW] == sum(people.count for people in panels)
    return [*(counts[stage] for stage in STAGES), world.dialogue.waiting()]


def lambda_w(stays, horizon):
    """Stays begun an hour before the horizon, times their mean length up to it."""
    lengths = [min(horizon if left is None else left, horizon) - entered for entered, left in stays if entered < horizon]
    return len(lengths) / horizon * np.mean(lengths) if lengths else 0.0


def watched(weeks, replication):
    """What an observer sees on average, and what the record says, shape (2, stages and conversations)."""
    horizon, world, looks = weeks * HOURS_PER_WEEK, World(team(weeks), 1, replication), []
    within = np.random.default_rng((1, replication)).uniform(0.0, LOOKS_EVERY, int(horizon / LOOKS_EVERY))

    def look_in():
        for number, moment in enumerate(within.tolist()):
            yield world.env.timeout(number * LOOKS_EVERY + moment - world.env.now)
            looks.append(seen_at_a_glance(world))

    world.env.process(look_in())
    record = world.run()
    stays = {stage: [] for stage in STAGES}
    for row in rows(record.stages):
        stays[row["stage"]].append((row["entered_at"], row["left_at"]))
    talks = [(row["opened_at"], row["settled_at"]) for row in rows(record.conversations)]
    return np.mean(looks, axis=0), [lambda_w(some, horizon) for some in (*stays.values(), talks)]


def check(weeks, replications, within):
    """`within`: the widest that an interval of the difference may be (half of it), as a share of L."""
    found = np.array([watched(weeks, replication) for replication in range(replications)])
    seen = found[:, 0].mean(axis=0)
    assert (seen > 0.0).all(), "every stage occurs"
    for number, name in enumerate((*STAGES, CONVERSATIONS)):
        test = stats.ttest_1samp(found[:, 0, number] - found[:, 1, number], 0.0)
        interval = test.confidence_interval(1.0 - 0.05 / (len(STAGES) + 1))
        assert interval.low < 0.0 < interval.high, (name, interval, seen[number])
        assert interval.high - interval.low < 2.0 * within * seen[number], name


@pytest.mark.slow
def test_stages_and_conversations_obey_littles_law():
    """60 replications of a year, where the difference is known to a few hundredths."""
    check(52, 60, within=0.04)
