"""Distributions of the logarithm of a time: lognormal, Weibull and log-logistic, with what a search needs of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import special

Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

TINY = 1e-100
LARGE = 50.0  # a z from which on all is won


def _lognormal(z: Values) -> Values:
    found: Values = special.ndtr(z)
    return found


def _weibull(z: Values) -> Values:
    found: Values = -np.expm1(-np.exp(np.minimum(z, LARGE)))
    return found


def _weibull_rest(z: Values) -> Values:
    found: Values = np.exp(-np.exp(np.minimum(z, LARGE)))
    return found


def _log_logistic(z: Values) -> Values:
    found: Values = special.expit(z)
    return found


def _lognormal_density(z: Values) -> Values:
    found: Values = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    return found


def _weibull_density(z: Values) -> Values:
    bounded = np.minimum(z, LARGE)
    found: Values = np.exp(bounded - np.exp(bounded))
    return found


def _log_logistic_density(z: Values) -> Values:
    found: Values = special.expit(z) * special.expit(-z)
    return found


def _lognormal_bend(z: Values) -> Values:
    return -z * _lognormal_density(z)


def _weibull_bend(z: Values) -> Values:
    return _weibull_density(z) * -np.expm1(np.minimum(z, LARGE))


def _log_logistic_bend(z: Values) -> Values:
    return _log_logistic_density(z) * -np.tanh(0.5 * z)


@dataclass(frozen=True)
class Family:
    """A distribution of the logarithm of days: at z the cumulative share, what is left, density, its slope; z of a share."""

    name: str
    share: Callable[[Values], Values]
    rest: Callable[[Values], Values]
    density: Callable[[Values], Values]
    bend: Callable[[Values], Values]
    quantile: Callable[[float], float]

    def between(self, before: Values, after: Values) -> Values:
        """Return the share from one z to another, by the tails where these are small, as a difference from 1 would lose it."""
        late = self.rest(before) - self.rest(after)
        found: Values = np.where(before > 0.0, late, self.share(after) - self.share(before))
        return found


FAMILIES = (
    Family(
        "lognormal",
        _lognormal,
        lambda z: _lognormal(-z),
        _lognormal_density,
        _lognormal_bend,
        lambda share: float(special.ndtri(share)),
    ),
    Family(
        "Weibull",
        _weibull,
        _weibull_rest,
        _weibull_density,
        _weibull_bend,
        lambda share: float(np.log(-np.log1p(-share))),
    ),
    Family(
        "log-logistic",
        _log_logistic,
        lambda z: _log_logistic(-z),
        _log_logistic_density,
        _log_logistic_bend,
        lambda share: float(special.logit(share)),
    ),
)


@dataclass(frozen=True)
class Spans:
    """Spans from the morning of one day to the evening of another, log days, shape (cells,); `is_late` if not from 0."""

    since: Values
    until: Values
    is_late: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, since: Counts | Values, until: Counts | Values) -> "Spans":
        """Return the spans between days after first contact."""
        return cls(np.log(np.maximum(since, 1)), np.log(until + 1.0), since > 0)


@dataclass(frozen=True)
class Between:
    """Events of a family within spans; `place` and `spread` are those of the logarithm of days, shape (cells,) or numbers."""

    family: Family
    spans: Spans
    place: Values
    spread: Values

    @cached_property
    def share(self) -> Values:
        """The share of events within each span, shape (cells,)."""
        before, after = self._ends
        return np.where(self.spans.is_late, self.family.between(before, after), self.family.share(after))

    @cached_property
    def slopes(self) -> Values:
        """Slopes of the share in the place and in the logarithm of the spread, shape (2, cells)."""
        (before, after), (at_before, at_after) = self._ends, self._densities
        return np.stack([(at_before - at_after) / self.spread, at_before * before - at_after * after])

    @property
    def bends(self) -> Values:
        """Slopes of the slopes: in the place twice, in each, in the logarithm of the spread twice; shape (3, cells)."""
        before, after = self._ends
        bend_before, bend_after = np.where(self.spans.is_late, self.family.bend(before), 0.0), self.family.bend(after)
        by_before, by_after = (
            bend * end + density
            for bend, end, density in zip((bend_before, bend_after), self._ends, self._densities, strict=True)
        )
        return np.stack([
            (bend_after - bend_before) / self.spread**2,
            (by_after - by_before) / self.spread,
            by_after * after - by_before * before,
        ])  # fmt: skip

    @cached_property
    def _ends(self) -> tuple[Values, Values]:
        return (self.spans.since - self.place) / self.spread, (self.spans.until - self.place) / self.spread

    @cached_property
    def _densities(self) -> tuple[Values, Values]:
        before, after = self._ends
        return np.where(self.spans.is_late, self.family.density(before), 0.0), self.family.density(after)
