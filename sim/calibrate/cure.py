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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

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
PRIOR_RECORDED = (1.5, 1.5)  # logit of the share of lost leads that are ever marked as lost: four in five, from one in five on
HOPELESS = 30.0  # behind the best family in the logarithm of evidence, with groups that differ somewhat
LEAST_SLOPE, SLOPE_PER_LEAD = 1e-4, 1e-6  # at which a search ends
STEP = 1e-4  # of finite differences
TINY = 1e-100
OF_WINS = (1, 2)  # local parameters on which what is lost does not depend
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

    A win came on one of the days after first contact from `won_since` to `won_until`, a loss from `lost_since` to `lost_until`;
    these are the same if the day is known. `open_since` and `open_until` are the first and the last day of which a win would be
    on record, `open_lost_since` the first of which a loss would be. Shapes (cells won,), (cells open,) and
    (cells lost,); `source_of`, `month_of` (groups,).
    """

    source_of: Counts
    month_of: Counts
    won_group: Counts
    won_since: Counts
    won_until: Counts
    won_count: Counts
    open_group: Counts
    open_since: Counts
    open_until: Counts
    open_count: Counts
    open_lost_since: Counts = field(default_factory=lambda: np.empty(0, np.int64))
    lost_group: Counts = field(default_factory=lambda: np.empty(0, np.int64))
    lost_since: Counts = field(default_factory=lambda: np.empty(0, np.int64))
    lost_until: Counts = field(default_factory=lambda: np.empty(0, np.int64))
    lost_count: Counts = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def has_losses(self) -> bool:
        """Whether any lead is known to be lost."""
        return bool(self.lost_count.size)

    @property
    def leads(self) -> int:
        """How many there are."""
        return int(self.won_count.sum() + self.lost_count.sum() + self.open_count.sum())

    @property
    def sources(self) -> int:
        """How many there are."""
        return int(self.source_of.max()) + 1

    @property
    def months(self) -> int:
        """How many there are."""
        return int(self.month_of.max()) + 1


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
        log_until, log_since = np.log(until + 1.0), np.log(np.maximum(since, TINY))
        for place, spread, number in zip(self.place, self.spread, self.family.tolist(), strict=True):
            family = FAMILIES[number]
            before, after = (log_since - place[source]) / spread, (log_until - place[source]) / spread
            yield np.where(since > 0, family.between(before, after), family.share(after))


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


class _Posterior:
    """The logarithm of posterior density of one family at one point of the grid, with its slope and curvature.

    Parameters: logit, logits of sources, logits of months, log days, log days of sources, log spread; if losses are known also
    the logit of the share recorded, log days of losses, those of sources, and their log spread. Each group has local ones:
    logit, log days, log spread, and of losses logit, log days, log spread: `designs` of shape (3 or 6, groups, parameters)
    makes these of those.
    """

    def __init__(self, cells: Cells, family: Family, spreads: tuple[float, float, float], lost: Family | None = None) -> None:
        self.cells, self.family, self.lost = cells, family, lost or FAMILIES[0]
        of_share, of_months, of_time = spreads
        groups, sources, months = len(cells.source_of), cells.sources, cells.months
        one, of_source, of_month = np.ones((groups, 1)), np.eye(sources)[cells.source_of], np.eye(months)[cells.month_of]
        same, apart = [PRIOR_LOG_DAYS[1]], np.full(sources, of_time)
        blocks: list[tuple[int, Values, Values, Values]] = [  # local parameter, design, prior means and deviations
            (0, one, np.array([PRIOR_LOGIT[0]]), np.array([PRIOR_LOGIT[1]])),
            (0, of_source, np.zeros(sources), np.full(sources, of_share)),
            (0, of_month, np.zeros(months), np.full(months, of_months)),
            *_times(1, one, of_source, (np.array(same), apart)),
        ]
        if cells.has_losses:
            blocks += [
                (3, one, np.array([PRIOR_RECORDED[0]]), np.array([PRIOR_RECORDED[1]])),
                *_times(4, one, of_source, (np.array(same), apart)),
            ]
        self.mean = np.concatenate([mean for _, _, mean, _ in blocks])
        self.deviation = np.concatenate([deviation for *_, deviation in blocks])
        self.size = len(self.mean)
        self.designs = np.zeros((blocks[-1][0] + 1, groups, self.size))
        first = 0
        for local, design, mean, _ in blocks:
            self.designs[local, :, first : first + len(mean)] = design
            first += len(mean)

    def start(self) -> Values:
        """Return a point from which to start a search."""
        return self.mean.copy()

    def negative(self, at: Values) -> tuple[float, Values]:
        """Return the negative log density, up to a constant, and its slope."""
        value, slopes = self._likelihood(self.designs @ at)
        z = (at - self.mean) / self.deviation
        return 0.5 * float(z @ z) - value, z / self.deviation - np.einsum("kg,kgp->p", slopes, self.designs)

    def curvature(self, at: Values) -> Values:
        """Return the Hessian of `negative`: groups are linked only through the parameters they share."""
        local = self.designs @ at
        found = np.diag(self.deviation**-2.0)
        for number, design in enumerate(self.designs):
            step = np.zeros((len(local), 1))
            step[number] = STEP
            of = self._that_depend_on(number)
            change = (self._likelihood(local + step, of)[1] - self._likelihood(local - step, of)[1]) / (2.0 * STEP)
            for other, by_group in zip(self.designs, change, strict=True):
                found -= other.T @ (by_group[:, None] * design)
        return 0.5 * (found + found.T)

    def _that_depend_on(self, local: int) -> Sequence[Callable[[Values, Values], float]]:
        """Return the parts of the log-likelihood that depend on a local parameter."""
        if not self.cells.has_losses:
            return self._of_won, self._of_open
        if local in OF_WINS:
            return self._of_won, self._of_open
        return (self._of_lost, self._of_open) if local else (self._of_won, self._of_lost, self._of_open)

    def _likelihood(self, local: Values, of: Sequence[Callable[[Values, Values], float]] | None = None) -> tuple[float, Values]:
        """Return the log-likelihood and its slopes by local parameter and group, shape (3 or 6, groups), as `local`."""
        slopes = np.zeros_like(local)
        return sum(part(local, slopes) for part in of or self._that_depend_on(0)), slopes

    def _of_won(self, local: Values, slopes: Values) -> float:
        cells, group = self.cells, self.cells.won_group
        p = special.expit(local[0, group])
        part, *by = _between(self.family, local[1:3, group], cells.won_since, cells.won_until)
        part = np.maximum(part, TINY)
        _add(slopes, group, cells.won_count * np.stack([1.0 - p, *(one / part for one in by)]), first=0)
        return float(cells.won_count @ (np.log(p) + np.log(part)))

    def _of_lost(self, local: Values, slopes: Values) -> float:
        cells, group = self.cells, self.cells.lost_group
        p, recorded = special.expit(local[0, group]), special.expit(local[3, group])
        part, *by = _between(self.lost, local[4:6, group], cells.lost_since, cells.lost_until)
        part = np.maximum(part, TINY)
        _add(slopes, group, -cells.lost_count * p[None], first=0)
        _add(slopes, group, cells.lost_count * np.stack([1.0 - recorded, *(one / part for one in by)]), first=3)
        return float(cells.lost_count @ (special.log_expit(-local[0, group]) + np.log(recorded) + np.log(part)))

    def _of_open(self, local: Values, slopes: Values) -> float:
        cells, group = self.cells, self.cells.open_group
        p = special.expit(local[0, group])
        won, *by = _between(self.family, local[1:3, group], cells.open_since, cells.open_until)
        lost, recorded = np.zeros_like(p), np.zeros_like(p)
        by_lost: list[Values] = []
        if cells.has_losses:
            recorded = special.expit(local[3, group])
            lost, *by_lost = _between(self.lost, local[4:6, group], cells.open_lost_since, cells.open_until)
        seen_neither = np.maximum(1.0 - p * won - (1.0 - p) * recorded * lost, TINY)
        weight = -cells.open_count / seen_neither
        changes = [p * (1.0 - p) * (won - recorded * lost), *(p * one for one in by)]
        _add(slopes, group, weight * np.stack(changes), first=0)
        if by_lost:
            never = (1.0 - p) * recorded
            _add(
                slopes, group, weight * np.stack([never * (1.0 - recorded) * lost, *(never * one for one in by_lost)]), first=3
            )
        return float(cells.open_count @ np.log(seen_neither))


def _times(
    local: int, one: Values, of_source: Values, deviations: tuple[Values, Values]
) -> list[tuple[int, Values, Values, Values]]:
    """Return the blocks of parameters of a time: log days, those of sources, log spread."""
    return [
        (local, one, np.array([PRIOR_LOG_DAYS[0]]), deviations[0]),
        (local, of_source, np.zeros(of_source.shape[1]), deviations[1]),
        (local + 1, one, np.array([PRIOR_LOG_SPREAD[0]]), np.array([PRIOR_LOG_SPREAD[1]])),
    ]


def _add(slopes: Values, group: Counts, weights: Values, first: int) -> None:
    """Add what cells give to the slopes of their groups, from local parameter `first` on; weights (parameters, cells)."""
    for number, row in enumerate(weights, start=first):
        slopes[number] += np.bincount(group, row, slopes.shape[1])


def _between(family: Family, local: Values, since: Counts, until: Counts) -> tuple[Values, Values, Values]:
    """Return the share of events from one morning to another day's evening, and its slopes in log days and log spread.

    `local` has log days and log spread, shape (2, cells).
    """
    place, spread = local[0], np.exp(local[1])
    after = (np.log(until + 1.0) - place) / spread
    before = (np.log(np.maximum(since, TINY)) - place) / spread
    at_after, at_before = family.density(after), np.where(since > 0, family.density(before), 0.0)
    by_place = (at_before - at_after) / spread
    by_spread = np.where(since > 0, at_before * before, 0.0) - at_after * after
    return np.where(since > 0, family.between(before, after), family.share(after)), by_place, by_spread


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
    posterior = _Posterior(cells, FAMILIES[families[0]], spreads, FAMILIES[families[1]])
    with np.errstate(all="ignore"):
        one = _fitted(posterior, families, start) or _fitted(posterior, families, None)
    return [one] if one else []


def _fitted(posterior: _Posterior, families: tuple[int, int], start: Values | None) -> Fitted | None:
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
        curvature = posterior.curvature(result.x)
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
