"""A check that a scenario's channels are those of the time in which it plays."""

from typing import Final

from sim.scenario.loading import Loaded
from sim.scenario.schema.scenario import channel_start

USUAL_YEAR: Final = 2012  # of the defaults
MOST_YEARS: Final = 3  # from the start of a scenario to the year of its channels
TELLING: Final = ("reach", "engagement_rate")  # what changed most; a scenario with its own has channels of its own


def years_apart(loaded: Loaded) -> tuple[int, int] | None:
    """Return the year in which a scenario starts and that of its channels, if they lie far apart; None if they do not.

    Nor do they if every channel has a reach and an engagement rate of its own.
    """
    scenario = loaded.scenario
    start = scenario.time.start.year
    year = USUAL_YEAR if scenario.channels_year is None else scenario.channels_year
    is_near = abs(start - year) <= MOST_YEARS
    return None if is_near or all(_is_own(loaded, name) for name in scenario.channels) else (start, year)


def _is_own(loaded: Loaded, name: str) -> bool:
    """Return whether the most telling numbers of a channel was given, or differs from what it starts from."""
    channel, usual = loaded.scenario.channels[name], channel_start(name, loaded.scenario.channels_year)
    return all(("channels", name, field) in loaded.origins or getattr(channel, field) != usual[field] for field in TELLING)
