"""A mixture cure model of leads: some will never be won, and those that will take their time.

The share that will be won differs between sources and between months of first contact, the time to it between sources; all are
pooled: each group is drawn towards the mean, the more the fewer leads it has. The likelihood of a lead won on day t is
p (F(t + 1) - F(t)); of one not seen to be won, 1 - p (F(until + 1) - F(since)), where wins are on record from its day `since`
to its day `until` (0 and the day of the export, if records are complete). F is lognormal, Weibull or log-logistic.

Uncertainty: a Laplace approximation for each family and each point on a grid of how much groups differ, weighed by their
evidence (as integrated nested Laplace approximations do; Rue, Martino and Chopin 2009). Cure models: Boag 1949, Farewell 1982.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from sim.calibrate.errors import ExportError

Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

SPREADS_OF_SHARE = (0.15, 0.3, 0.6, 1.2)  # standard deviations over sources, in logits
SPREADS_OF_MONTHS = (0.05, 0.15, 0.4, 0.9)  # over months of first contact, in logits
SPREADS_OF_TIME = (0.03, 0.15, 0.4)  # over sources, of the logarithm of days
PRIOR_LOGIT = (-2.0, 2.0)  # of the share won: mean and standard deviation; one lead in eight, from one in 400 to nine in ten
PRIOR_LOG_DAYS = (3.5, 1.5)  # of the median time: a month, from two days to two years
PRIOR_LOG_SPREAD = (0.0, 0.5)  # of the standard deviation of the logarithm of time
HOPELESS = 30.0  # behind the best family in the logarithm of evidence, with groups that differ somewhat
LEAST_SLOPE, SLOPE_PER_LEAD = 1e-4, 1e-6  # at which a search ends
STEP = 1e-4  # of finite differences
TINY = 1e-100
LARGE = 50.0  # a z from which on all is won
SEED = 20120102


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


@dataclass(frozen=True)
class Family:
    """A distribution of the logarithm of days: cumulative share, what is left, and density at z; the z of a share."""

    name: str
    share: Callable[[Values], Values]
    rest: Callable[[Values], Values]
    density: Callable[[Values], Values]
    quantile: Callable[[float], float]

    def between(self, before: Values, after: Values) -> Values:
        """Return the share from one z to another, by the tails where these are small, as a difference from 1 would lose it."""
        late = self.rest(before) - self.rest(after)
        found: Values = np.where(before > 0.0, late, self.share(after) - self.share(before))
        return found


FAMILIES = (
    Family("lognormal", _lognormal, lambda z: _lognormal(-z), _lognormal_density, lambda share: float(special.ndtri(share))),
    Family("Weibull", _weibull, _weibull_rest, _weibull_density, lambda share: float(np.log(-np.log1p(-share)))),
    Family(
        "log-logistic",
        _log_logistic,
        lambda z: _log_logistic(-z),
        _log_logistic_density,
        lambda share: float(special.logit(share)),
    ),
)


@dataclass(frozen=True)
class Cells:
    """Leads that are alike, and how many: by group (source and month of first contact), and by day.

    `won_day` is the day of the win after first contact, in whole days; `open_since` and `open_until` the first and the last
    day of which a win would be on record. Shapes (cells won,) and (cells open,); `source_of`, `month_of` (groups,).
    """

    source_of: Counts
    month_of: Counts
    won_group: Counts
    won_day: Counts
    won_count: Counts
    open_group: Counts
    open_since: Counts
    open_until: Counts
    open_count: Counts

    @property
    def sources(self) -> int:
        """How many there are."""
        return int(self.source_of.max()) + 1

    @property
    def months(self) -> int:
        """How many there are."""
        return int(self.month_of.max()) + 1


@dataclass(frozen=True)
class Draws:
    """Draws from what is known: share won by group and log of median days by source, shape (draws, groups | sources)."""

    share: Values
    place: Values
    spread: Values
    family: Counts

    def days(self, source: int, share: float) -> Values:
        """Return the days within which this share of a source's wins arrive; shape (draws,)."""
        z = np.array([family.quantile(share) for family in FAMILIES])[self.family]
        found: Values = np.exp(self.place[:, source] + self.spread * z)
        return found


class _Posterior:
    """The logarithm of posterior density of one family at one point of the grid, with its slope and curvature.

    Parameters: logit, logits of sources, logits of months, log days, log days of sources, log spread.
    """

    def __init__(self, cells: Cells, family: Family, spreads: tuple[float, float, float]) -> None:
        self.cells, self.family = cells, family
        sources, months, groups = cells.sources, cells.months, len(cells.source_of)
        self.size = 3 + 2 * sources + months
        of_source, of_month = np.eye(sources)[cells.source_of], np.eye(months)[cells.month_of]
        nothing = np.zeros((groups, 1))
        logit = np.hstack([nothing + 1.0, of_source, of_month, nothing, 0.0 * of_source, nothing])
        place = np.hstack([nothing, 0.0 * of_source, 0.0 * of_month, nothing + 1.0, of_source, nothing])
        self.logit_of, self.place_of = logit, place
        of_share, of_months, of_time = spreads
        self.mean = np.concatenate(
            [[PRIOR_LOGIT[0]], np.zeros(sources + months), [PRIOR_LOG_DAYS[0]], np.zeros(sources), [PRIOR_LOG_SPREAD[0]]]
        )
        self.deviation = np.concatenate(
            [
                [PRIOR_LOGIT[1]],
                np.full(sources, of_share),
                np.full(months, of_months),
                [PRIOR_LOG_DAYS[1]],
                np.full(sources, of_time),
                [PRIOR_LOG_SPREAD[1]],
            ]
        )

    def start(self) -> Values:
        """Return a point from which to start a search."""
        return self.mean.copy()

    def negative(self, at: Values) -> tuple[float, Values]:
        """Return the negative log density, up to a constant, and its slope."""
        value, slopes = self._likelihood(self.logit_of @ at, self.place_of @ at, at[-1])
        logit, place, spread = slopes
        z = (at - self.mean) / self.deviation
        slope = logit @ self.logit_of + place @ self.place_of
        slope[-1] += spread.sum()
        return 0.5 * float(z @ z) - value, z / self.deviation - slope

    def curvature(self, at: Values) -> Values:
        """Return the Hessian of `negative`: groups are linked only through the parameters they share."""
        logit, place, spread = self.logit_of @ at, self.place_of @ at, float(at[-1])
        by_logit = self._change(lambda step: (logit + step, place, spread))
        by_place = self._change(lambda step: (logit, place + step, spread))
        by_spread = self._change(lambda step: (logit, place, spread + step))
        mixed = self.logit_of.T @ (by_logit[1][:, None] * self.place_of)
        found = self.logit_of.T @ (by_logit[0][:, None] * self.logit_of) + mixed + mixed.T
        found += self.place_of.T @ (by_place[1][:, None] * self.place_of)
        edge = by_spread[0] @ self.logit_of + by_spread[1] @ self.place_of
        found[-1, :] += edge
        found[:, -1] += edge
        found[-1, -1] += by_spread[2].sum()
        return np.diag(self.deviation**-2.0) - found

    def _change(self, moved: Callable[[float], tuple[Values, Values, float]]) -> tuple[Values, Values, Values]:
        """Return how the slopes of groups change with logit, place or spread, shifted for all groups at once."""
        above, below = (self._likelihood(*moved(step))[1] for step in (STEP, -STEP))
        logit, place, spread = ((one - other) / (2.0 * STEP) for one, other in zip(above, below, strict=True))
        return logit, place, spread

    def _likelihood(self, logit: Values, place: Values, log_spread: float) -> tuple[float, tuple[Values, Values, Values]]:
        """Return the log-likelihood and its slopes by group in logit, place and log spread."""
        cells, groups = self.cells, len(logit)
        share, spread = special.expit(logit), float(np.exp(log_spread))
        group = cells.won_group
        part, by_place, by_spread = self._between(place[group], spread, cells.won_day, cells.won_day)
        part = np.maximum(part, TINY)
        value = float(cells.won_count @ (np.log(share[group]) + np.log(part)))

        def total(of: Counts, weights: Values) -> Values:
            return np.bincount(of, weights, groups).astype(float)

        slopes = [
            total(group, cells.won_count * (1.0 - share[group])),
            total(group, cells.won_count * by_place / part),
            total(group, cells.won_count * by_spread / part),
        ]
        group = cells.open_group
        seen, by_place, by_spread = self._between(place[group], spread, cells.open_since, cells.open_until)
        p = share[group]
        not_seen = np.maximum(1.0 - p * seen, TINY)
        value += float(cells.open_count @ np.log(not_seen))
        weight = cells.open_count / not_seen
        slopes[0] -= total(group, weight * p * (1.0 - p) * seen)
        slopes[1] -= total(group, weight * p * by_place)
        slopes[2] -= total(group, weight * p * by_spread)
        return value, (slopes[0], slopes[1], slopes[2])

    def _between(self, place: Values, spread: float, since: Counts, until: Counts) -> tuple[Values, Values, Values]:
        """Return the share of wins from one morning to another day's evening, and its slopes in place and log spread."""
        after = (np.log(until + 1.0) - place) / spread
        before = (np.log(np.maximum(since, TINY)) - place) / spread
        at_after, at_before = self.family.density(after), np.where(since > 0, self.family.density(before), 0.0)
        by_place = (at_before - at_after) / spread
        by_spread = np.where(since > 0, at_before * before, 0.0) - at_after * after
        return np.where(since > 0, self.family.between(before, after), self.family.share(after)), by_place, by_spread


@dataclass(frozen=True)
class Fitted:
    """One family at one point of the grid: the mode, its covariance, and the logarithm of its evidence."""

    family: int
    mode: Values
    covariance: Values
    evidence: float


def fit(cells: Cells) -> list[Fitted]:
    """Fit all families at all points of the grid.

    Raises
    ------
    ExportError
        If nowhere a most likely value is found.
    """
    middle = SPREADS_OF_SHARE[1], SPREADS_OF_MONTHS[1], SPREADS_OF_TIME[1]
    first: list[Fitted] = []
    for family in range(len(FAMILIES)):
        first += _at(cells, family, middle, first[-1].mode if first else None)
    best = max((one.evidence for one in first), default=0.0)
    found: list[Fitted] = []
    for one in first:
        if one.evidence < best - HOPELESS:
            continue
        start = one.mode
        for spreads in itertools.product(SPREADS_OF_SHARE, SPREADS_OF_MONTHS, SPREADS_OF_TIME):
            there = _at(cells, one.family, spreads, start)
            found += there
            start = there[0].mode if there else start
    if not found:
        raise ExportError("these leads do not tell how many will be won", remedy="give more of them, over a longer time")
    return found


def _at(cells: Cells, family: int, spreads: tuple[float, float, float], start: Values | None) -> list[Fitted]:
    """Fit a family at one point of the grid; empty if there is no mode."""
    posterior = _Posterior(cells, FAMILIES[family], spreads)
    with np.errstate(all="ignore"):
        one = _fitted(posterior, family, start) or _fitted(posterior, family, None)
    return [one] if one else []


def _fitted(posterior: _Posterior, family: int, start: Values | None) -> Fitted | None:
    """Find the mode by Newton's method in a trust region; None if there is none."""
    begun = posterior.start() if start is None else start
    leads = posterior.cells.won_count.sum() + posterior.cells.open_count.sum()
    try:
        result = optimize.minimize(
            posterior.negative,
            begun,
            jac=True,
            hess=posterior.curvature,
            method="trust-exact",
            options={"gtol": max(LEAST_SLOPE, SLOPE_PER_LEAD * leads)},
        )
        curvature = posterior.curvature(result.x)
        sign, log_determinant = np.linalg.slogdet(curvature)
    except (ValueError, np.linalg.LinAlgError):  # a step to where nothing is finite
        return None
    if sign <= 0 or not np.isfinite(result.fun):
        return None
    evidence = -float(result.fun) - 0.5 * float(log_determinant) - float(np.log(posterior.deviation).sum())
    covariance: Values = np.linalg.inv(curvature).astype(float)
    return Fitted(family, result.x, covariance, evidence)


def weights(fitted: list[Fitted]) -> Values:
    """Weight each fit by its evidence; weights sum to 1."""
    found: Values = special.softmax(np.array([one.evidence for one in fitted]))
    return found


def draw(cells: Cells, fitted: list[Fitted], count: int) -> Draws:
    """Draw from the mixture of all fits."""
    generator = np.random.default_rng(SEED)
    times = generator.multinomial(count, weights(fitted))
    values, families = [], []
    for one, many in zip(fitted, times.tolist(), strict=True):
        if many:
            values.append(generator.multivariate_normal(one.mode, one.covariance, many, method="cholesky"))
            families += [one.family] * many
    at = np.concatenate(values)
    order = generator.permutation(count)
    at, family = at[order], np.array(families)[order]
    sources, months = cells.sources, cells.months
    logit = at[:, :1] + at[:, 1 + cells.source_of] + at[:, 1 + sources + cells.month_of]
    first = 1 + sources + months
    place = at[:, first : first + 1] + at[:, first + 1 : first + 1 + sources]
    return Draws(special.expit(logit), place, np.exp(at[:, -1]), family)


def shares_between(draws: Draws, source: Counts, since: Counts, until: Counts) -> Iterator[Values]:
    """Yield, for each draw, the share of wins from the morning of one day to the evening of another, shape (cells,)."""
    log_until, log_since = np.log(until + 1.0), np.log(np.maximum(since, TINY))
    for place, spread, number in zip(draws.place, draws.spread, draws.family.tolist(), strict=True):
        family = FAMILIES[number]
        before, after = (log_since - place[source]) / spread, (log_until - place[source]) / spread
        yield np.where(since > 0, family.between(before, after), family.share(after))
