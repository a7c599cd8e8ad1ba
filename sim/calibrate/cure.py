"""A mixture cure model of leads: some will never be won, and those that will take their time.

The share that will be won differs between sources and between months of first contact, the time to it between sources; all are
pooled: each group is drawn towards the mean, the more the fewer leads it has. The likelihood of a lead won on day t is
p (F(t + 1) - F(t)). A loss is a competing event: of a lead lost on day t it is (1 - p) r (G(t + 1) - G(t)), as it will not be
won any more; r is the share of those never won whose loss is ever recorded, G the time to it (Larson and Dinse 1985). Of a
lead seen neither won nor lost it is 1 - p (F(until + 1) - F(since)) - (1 - p) r (G(until + 1) - G(since)), where wins and
losses are on record from its day `since` to its day `until` (0 and the day of the export, if records are complete). Without
any loss in the file, r is nought. F and G are lognormal, Weibull or log-logistic.

Uncertainty: a Laplace approximation for each family and each point on a grid of how much groups differ, weighed by their
evidence (as integrated nested Laplace approximations do; Rue, Martino and Chopin 2009). Cure models: Boag 1949, Farewell 1982.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from sim.calibrate.errors import ExportError
from sim.calibrate.families import FAMILIES, TINY, Between, Counts, Spans, Values
from sim.calibrate.likelihood import Cells, Posterior

SPREADS_OF_SHARE = (0.15, 0.3, 0.6, 1.2)  # standard deviations over sources, in logits
SPREADS_OF_MONTHS = (0.05, 0.15, 0.4, 0.9)  # over months of first contact, in logits
SPREADS_OF_TIME = (0.03, 0.15, 0.4)  # over sources, of the logarithm of days
HOPELESS = 30.0  # behind the best family in the logarithm of evidence, with groups that differ somewhat
LEAST_SLOPE, SLOPE_PER_LEAD = 1e-4, 1e-6  # at which a search ends
SEED = 20120102


@dataclass(frozen=True)
class Times:
    """Draws of how long something takes: log of median days by source, shape (draws, sources), spread and family (draws,)."""

    place: Values
    spread: Values
    family: Counts

    def days(self, source: int, share: float) -> Values:
        """Return the days within which this share of a source's events arrive; shape (draws,)."""
        z = np.array([family.quantile(share) for family in FAMILIES])[self.family]
        found: Values = np.exp(self.place[:, source] + self.spread * z)
        return found

    def between(self, source: Counts, since: Counts | Values, until: Counts | Values) -> Iterator[Values]:
        """Yield, for each draw, the share of events from the morning of one day to the evening of another, shape (cells,)."""
        spans = Spans.of(since, until)
        for place, spread, number in zip(self.place, self.spread, self.family.tolist(), strict=True):
            yield Between(FAMILIES[number], spans, place[source], spread).share


@dataclass(frozen=True)
class Draws:
    """Draws from what is known: share won by group, shape (draws, groups), and how long wins take.

    `recorded` is the share of those never won whose loss is ever on record, shape (draws,), and `losses` how long that takes;
    nought and None where the file knows no loss.
    """

    share: Values
    wins: Times
    recorded: Values
    losses: Times | None = None


@dataclass(frozen=True)
class Fitted:
    """One pair of families at one point of the grid: the mode, its covariance, and the logarithm of its evidence."""

    family: int
    mode: Values
    covariance: Values
    evidence: float
    lost_family: int = 0


def fit(cells: Cells) -> list[Fitted]:
    """Fit all families at all points of the grid; of losses the family that goes best with each.

    Raises
    ------
    ExportError
        If nowhere a most likely value is found.
    """
    middle = SPREADS_OF_SHARE[1], SPREADS_OF_MONTHS[1], SPREADS_OF_TIME[1]
    first: list[Fitted] = []
    for family in range(len(FAMILIES)):
        tried: list[Fitted] = []
        for lost in range(len(FAMILIES)) if cells.has_losses else (0,):
            begun = tried or first
            tried += _at(cells, (family, lost), middle, begun[-1].mode if begun else None)
        first += sorted(tried, key=lambda one: one.evidence)[-1:]
    best = max((one.evidence for one in first), default=0.0)
    found: list[Fitted] = []
    for one in first:
        if one.evidence < best - HOPELESS:
            continue
        start = one.mode
        for spreads in itertools.product(SPREADS_OF_SHARE, SPREADS_OF_MONTHS, SPREADS_OF_TIME):
            there = _at(cells, (one.family, one.lost_family), spreads, start)
            found += there
            start = there[0].mode if there else start
    if not found:
        raise ExportError("these leads do not tell how many will be won", remedy="give more of them, over a longer time")
    return found


def _at(cells: Cells, families: tuple[int, int], spreads: tuple[float, float, float], start: Values | None) -> list[Fitted]:
    """Fit a pair of families at one point of the grid; empty if there is no mode."""
    posterior = Posterior(cells, FAMILIES[families[0]], spreads, FAMILIES[families[1]])
    with np.errstate(all="ignore"):
        one = _fitted(posterior, families, start) or _fitted(posterior, families, None)
    return [one] if one else []


def _fitted(posterior: Posterior, families: tuple[int, int], start: Values | None) -> Fitted | None:
    """Find the mode by Newton's method in a trust region; None if there is none."""
    begun = posterior.start() if start is None else start
    try:
        result = optimize.minimize(
            posterior.negative,
            begun,
            jac=True,
            hess=posterior.curvature,
            method="trust-exact",
            options={"gtol": max(LEAST_SLOPE, SLOPE_PER_LEAD * posterior.cells.leads)},
        )
        curvature = result.hess
        sign, log_determinant = np.linalg.slogdet(curvature)
    except (ValueError, np.linalg.LinAlgError):  # a step to where nothing is finite
        return None
    if sign <= 0 or not np.isfinite(result.fun):
        return None
    evidence = -float(result.fun) - 0.5 * float(log_determinant) - float(np.log(posterior.deviation).sum())
    covariance: Values = np.linalg.inv(curvature).astype(float)
    return Fitted(families[0], result.x, covariance, evidence, families[1])


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
            families += [(one.family, one.lost_family)] * many
    order = generator.permutation(count)
    at, family = np.concatenate(values)[order], np.array(families)[order]
    sources = cells.sources
    of_wins, logit = 1 + sources + cells.months, at[:, :1] + at[:, 1 + cells.source_of]
    logit = logit + at[:, 1 + sources + cells.month_of]
    share, wins = special.expit(logit), _drawn(at[:, of_wins:], sources, family[:, 0])
    if not cells.has_losses:
        return Draws(share, wins, np.zeros(count))
    recorded = of_wins + 2 + sources
    losses = _drawn(at[:, recorded + 1 :], sources, family[:, 1])
    return Draws(share, wins, special.expit(at[:, recorded]), losses)


def _drawn(at: Values, sources: int, family: Counts) -> Times:
    """Take the parameters of a time from draws that begin with them."""
    return Times(at[:, :1] + at[:, 1 : 1 + sources], np.exp(at[:, 1 + sources]), family)


@dataclass(frozen=True)
class Waiting:
    """Open leads that are alike, and how many: group, source, the days of which wins and losses would be on record."""

    group: Counts
    source: Counts
    since: Counts
    lost_since: Counts
    until: Counts
    count: Counts


def seen_neither(draws: Draws, cells: Waiting) -> Iterator[Values]:
    """Yield, for each draw, the chance that a lead is seen neither won nor lost within the days on record, shape (cells,)."""
    won = draws.wins.between(cells.source, cells.since, cells.until)
    lost = draws.losses.between(cells.source, cells.lost_since, cells.until) if draws.losses else itertools.repeat(np.zeros(1))
    for share, recorded, seen_won, seen_lost in zip(draws.share, draws.recorded, won, lost, strict=False):
        p = share[cells.group]
        yield np.maximum(1.0 - p * seen_won - (1.0 - p) * recorded * seen_lost, TINY)


def wins_to_come(draws: Draws, cells: Waiting, aheads: Sequence[Counts | Values], sources: int) -> list[Values]:
    """Draw how many open leads are won by each of some days, of shape (cells,): shape (draws, sources) each.

    Never more than there are. A lead seen neither won nor lost so far is won by its day `ahead` with probability
    p (F(ahead + 1) - F(until + 1)) over that chance.
    """
    generators = [np.random.default_rng(SEED) for _ in aheads]
    found = [np.empty((len(draws.share), sources)) for _ in aheads]
    coming = zip(*(draws.wins.between(cells.source, cells.until + 1, ahead) for ahead in aheads), strict=True)
    for number, (futures, so_far) in enumerate(zip(coming, seen_neither(draws, cells), strict=True)):
        p = draws.share[number, cells.group] / so_far
        for one, generator, future in zip(found, generators, futures, strict=True):
            won = generator.binomial(cells.count, np.clip(p * future, 0.0, 1.0))
            one[number] = np.bincount(cells.source, won, sources)
    return found


def share_by(draws: Draws, cells: Cells, sizes: Values, days: Counts) -> Values:
    """Return the mean share of leads won by the evening of each day after first contact; groups weighed by sizes."""
    by_source = np.stack([np.bincount(cells.source_of, one * sizes, cells.sources) for one in draws.share])
    sources, there = np.repeat(np.arange(cells.sources), len(days)), np.tile(days, cells.sources)
    curves = draws.wins.between(sources, np.zeros_like(there), there)
    found = [won @ curve.reshape(cells.sources, len(days)) for won, curve in zip(by_source, curves, strict=True)]
    return np.asarray(np.mean(found, axis=0) / sizes.sum())
