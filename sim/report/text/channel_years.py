"""A remark on a scenario whose channels are those of another time."""

from sim.report.text.translation import say
from sim.scenario import Loaded
from sim.scenario.channel_years import years_apart


def channels_of_another_time(loaded: Loaded) -> str | None:
    """Say that a scenario's channels are of years far from its start, and what to do; None if they are not."""
    apart = years_apart(loaded)
    if apart is None:
        return None
    start, year = apart
    return say(
        "{name} starts in {start}, but takes numbers of its channels from {year}. Give channels_year: {start}, or your own"
        " reach and engagement_rate for each channel.",
        name=loaded.scenario.name,
        start=start,
        year=year,
    )
