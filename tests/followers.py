"""A world in which everyone follows one channel and nothing but posts and engagements happens."""

from collections import defaultdict

from sim.model import World
from tests.worlds import Only, changed, scenario

RATE = 0.02


def world_of_followers(seed=1, accounts=200, **changes):
    """Everyone follows one channel from the first day; nobody works; engaging changes nothing about anyone."""
    base = scenario(
        team={"hours_per_week": 0.0},
        presence={"twin": "abandoned"},
        time={"horizon_weeks": 52},
        market={
            "accounts": accounts,
            "customers": 0,
            "roles": Only(buyer={"weight": 1.0}),
            "segments": {"all": {"needs_per_year": 0.0}},
        },
        effects={"good_post": 1.0, "good_reply": 1.0, "no_reply": 1.0},
        channels=Only(
            network={
                "users": 1.0,
                "followers_at_start": 1.0,
                "reach": 0.2,
                "half_life_hours": 24.0,
                "engagement_rate": RATE,
                "halving_posts_per_week": 1e9,
            }
        ),
        content={"formats": {kind: {"channels": ["network"]} for kind in ("raw", "adapted", "original")}},
        selection={"trust": 0.0, "in_market": 3.0, "customer": 1.0, "activity_sigma": 0.0},
    )
    world = World(changed(base, **changes), seed, 0)
    world.audience.gather()
    channel = world.channels["network"]
    seen = defaultdict(list)
    engage = world.audience.engage

    def watching(follow):
        assert follow.engagements == len(seen[follow.contact.index])
        seen[follow.contact.index].append((world.env.now, channel.clock.exposure_at(world.env.now)))
        engage(follow)

    world.audience.engage = watching
    return world, channel, seen


def post_every(world, channel, hours, quality=0.5):
    def poster():
        while True:
            channel.post("raw", quality, 1.0)
            yield world.env.timeout(hours)

    world.env.process(poster())
