"""Guesses: numbers of a scenario that may be off, and the law that each follows, the same wherever guesses are drawn."""

import math
from dataclasses import dataclass

import numpy as np
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.experiment.evaluation_cache import Values
from sim.scenario.fields import spot

AS_SAID = 4.0  # times that a likely value counts beside an end of the range, if an author gives it (Malcolm et al. 1959)
BY_GRADE = {"A": 4.0, "B": 3.0, "C": 2.0}  # of a published figure
ASSUMED = 1.0  # of what nobody has published: it ties the guess to its value but a little
ORDER = 10.0  # times the low end: from there on a guess is of how many times, not of how much


@dataclass(frozen=True)
class Input:
    """A number of the scenario that may be off: its path, its value, how far it may be off, and how likely the value is."""

    path: str
    value: float
    low: float
    high: float
    meaning: str = ""
    likely: float = AS_SAID  # how much its value is preferred to the ends of its range: the weight of a PERT law


def pert(guess: Input, uniforms: Values) -> Values:
    """Return quantiles of the PERT distribution of a guess; on logarithms, if its ends differ by orders of magnitude.

    A beta distribution over the range with mean (low + w value + high) / (2 + w) and its mode at the value. The weight w is 4
    where an author says what is likely (Malcolm et al. 1959), less where the source is weaker, and 1 where there is none; at 0
    the law is uniform. Where only whole numbers will do, each stands for what is nearest to it, the ends too.
    """
    is_of_times = guess.low > 0.0 and guess.high > ORDER * guess.low
    whole = is_whole(guess.path)
    low, high = (round(guess.low) - 0.5, round(guess.high) + 0.5) if whole else (guess.low, guess.high)
    low, value, high = (math.log(one) if is_of_times else one for one in (low, min(max(guess.value, low), high), high))
    place = (value - low) / (high - low)
    law = scipy.stats.beta(1.0 + guess.likely * place, 1.0 + guess.likely * (1.0 - place), loc=low, scale=high - low)
    found = np.asarray(law.ppf(uniforms), dtype=float)
    found = np.exp(found) if is_of_times else found
    return np.clip(np.round(found), round(guess.low), round(guess.high)) if whole else found


def is_whole(path: str) -> bool:
    """Return whether only whole numbers will do at a path."""
    here = spot(tuple(path.split(".")))
    return here is not None and here.parameter is not None and here.parameter.annotation is int
