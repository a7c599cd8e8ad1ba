"""The first scenario, for its author to make their own, in any year."""

import datetime as dt
from importlib import resources
from typing import Final

YEAR: Final = 2012  # of the file in the package, whose channels are those of the defaults
NAMES: Final = {"network": "linkedin", "micro_blog": "x"}  # what channels are called in any other year
CHANNELS: Final = "channels:"


def first_scenario(year: int) -> str:
    """Return the text of a first scenario that starts in a year, with the channels of that year."""
    text = resources.files("sim.scenario").joinpath("first.yaml").read_text(encoding="utf-8")
    if year == YEAR:
        return text
    text = text.replace(str(first_monday(YEAR)), str(first_monday(year)))
    for usual, name in NAMES.items():
        text = text.replace(f"\n  {usual}:", f"\n  {name}:")
    comment = "# year whose channels these are, as far as numbers are not given"
    return text.replace(f"\n{CHANNELS}", f"\n{f'channels_year: {year}':48}{comment}\n{CHANNELS}", 1)


def first_monday(year: int) -> dt.date:
    """Return the first Monday of a year."""
    first = dt.date(year, 1, 1)
    return first + dt.timedelta(days=-first.weekday() % 7)
