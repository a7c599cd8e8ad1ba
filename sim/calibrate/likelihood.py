"""The likelihood of leads that are won, lost or open, in the parameters of a mixture cure model: value, slopes, curvature."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import special

from sim.calibrate.families import FAMILIES, TINY, Between, Counts, Family, Spans, Values

PRIOR_LOGIT = (-2.0, 2.0)  # of the share won: mean and standard deviation; one lead in eight, from one in 400 to nine in ten
PRIOR_LOG_DAYS = (3.5, 1.5)  # of the median time: a month, from two days to two years
PRIOR_LOG_SPREAD = (0.0, 0.5)  # of the standard deviation of the logarithm of time
PRIOR_RECORDED = (1.5, 1.5)  # logit of the share of lost leads that are ever marked as lost: four in five, from one in five on
WON, LOST = 1, 4  # the first local parameter of the time to a win, and to a loss
PAIRS = ((0, 0), (0, 1), (1, 1))  # of the two parameters of a time


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


class Posterior:
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
        self.won_spans = Spans.of(cells.won_since, cells.won_until)
        self.open_spans = Spans.of(cells.open_since, cells.open_until)
        if cells.has_losses:
            self.lost_spans = Spans.of(cells.lost_since, cells.lost_until)
            self.open_lost_spans = Spans.of(cells.open_lost_since, cells.open_until)

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
        bends = np.zeros((len(local), *local.shape))
        self._bend_won(local, bends)
        if self.cells.has_losses:
            self._bend_lost(local, bends)
        self._bend_open(local, bends)
        for first in range(len(local)):
            for second in range(first):
                bends[first, second] = bends[second, first]
        by_group = np.einsum("klg,lgp->kgp", bends, self.designs)
        found = np.diag(self.deviation**-2.0) - self.designs.reshape(-1, self.size).T @ by_group.reshape(-1, self.size)
        return np.asarray(0.5 * (found + found.T))

    def _likelihood(self, local: Values) -> tuple[float, Values]:
        """Return the log-likelihood and its slopes by local parameter and group, shape (3 or 6, groups), as `local`."""
        slopes = np.zeros_like(local)
        value = self._of_won(local, slopes) + self._of_open(local, slopes)
        return (value + self._of_lost(local, slopes) if self.cells.has_losses else value), slopes

    def _of_won(self, local: Values, slopes: Values) -> float:
        cells, group = self.cells, self.cells.won_group
        p, time = special.expit(local[0, group]), self._to_win(local, group, self.won_spans)
        part = np.maximum(time.share, TINY)
        _add(slopes, group, cells.won_count * np.stack([1.0 - p, *(time.slopes / part)]), first=0)
        return float(cells.won_count @ (np.log(p) + np.log(part)))

    def _bend_won(self, local: Values, bends: Values) -> None:
        cells, group = self.cells, self.cells.won_group
        p, time = special.expit(local[0, group]), self._to_win(local, group, self.won_spans)
        _bend(bends, group, -cells.won_count * p * (1.0 - p), (0, 0))
        _bend_logarithm(bends, group, cells.won_count, time, WON)

    def _of_lost(self, local: Values, slopes: Values) -> float:
        cells, group = self.cells, self.cells.lost_group
        p, recorded = special.expit(local[0, group]), special.expit(local[3, group])
        time = self._to_loss(local, group, self.lost_spans)
        part = np.maximum(time.share, TINY)
        _add(slopes, group, -cells.lost_count * p[None], first=0)
        _add(slopes, group, cells.lost_count * np.stack([1.0 - recorded, *(time.slopes / part)]), first=3)
        return float(cells.lost_count @ (special.log_expit(-local[0, group]) + np.log(recorded) + np.log(part)))

    def _bend_lost(self, local: Values, bends: Values) -> None:
        cells, group = self.cells, self.cells.lost_group
        p, recorded = special.expit(local[0, group]), special.expit(local[3, group])
        _bend(bends, group, -cells.lost_count * p * (1.0 - p), (0, 0))
        _bend(bends, group, -cells.lost_count * recorded * (1.0 - recorded), (3, 3))
        _bend_logarithm(bends, group, cells.lost_count, self._to_loss(local, group, self.lost_spans), LOST)

    def _of_open(self, local: Values, slopes: Values) -> float:
        cells, neither = self.cells, self._neither(local)
        _add(slopes, cells.open_group, cells.open_count / neither.chance * neither.slopes, first=0)
        return float(cells.open_count @ np.log(neither.chance))

    def _bend_open(self, local: Values, bends: Values) -> None:
        group, neither = self.cells.open_group, self._neither(local)
        weight, by = self.cells.open_count / neither.chance, neither.slopes
        for first, one in enumerate(by):
            for second, other in enumerate(by[first:], start=first):
                _bend(bends, group, -weight * (one / neither.chance) * other, (first, second))
        for pair, bend in neither.bends():
            _bend(bends, group, weight * bend, pair)

    def _neither(self, local: Values) -> "Neither":
        group = self.cells.open_group
        p, won = special.expit(local[0, group]), self._to_win(local, group, self.open_spans)
        if not self.cells.has_losses:
            return Neither(p, won)
        return Neither(p, won, special.expit(local[3, group]), self._to_loss(local, group, self.open_lost_spans))

    def _to_win(self, local: Values, group: Counts, spans: Spans) -> Between:
        return Between(self.family, spans, local[WON, group], np.exp(local[WON + 1, group]))

    def _to_loss(self, local: Values, group: Counts, spans: Spans) -> Between:
        return Between(self.lost, spans, local[LOST, group], np.exp(local[LOST + 1, group]))


@dataclass(frozen=True)
class Neither:
    """The chance that a lead is seen neither won nor lost: 1 - p F - (1 - p) r G, in its local parameters; shapes (cells,)."""

    p: Values
    won: Between
    recorded: Values | None = None
    lost: Between | None = None

    @cached_property
    def chance(self) -> Values:
        """That chance."""
        seen = self.p * self.won.share
        if self.lost is not None and self.recorded is not None:
            seen = seen + (1.0 - self.p) * self.recorded * self.lost.share
        return np.asarray(np.maximum(1.0 - seen, TINY))

    @cached_property
    def slopes(self) -> Values:
        """Its slopes, shape (3 or 6, cells)."""
        p, won = self.p, self.won
        if self.lost is None or self.recorded is None:
            return np.asarray(-p * np.stack([(1.0 - p) * won.share, *won.slopes]))
        r, lost = self.recorded, self.lost
        never = (1.0 - p) * r
        of_p, of_r = -p * (1.0 - p) * (won.share - r * lost.share), -never * (1.0 - r) * lost.share
        return np.stack([of_p, *(-p * won.slopes), of_r, *(-never * lost.slopes)])

    def bends(self) -> Iterator[tuple[tuple[int, int], Values]]:
        """Yield slopes of the slopes, by pairs of local parameters; those of other pairs are nought."""
        p, gone = self.p, self.won.share
        change = p * (1.0 - p)
        if self.lost is not None and self.recorded is not None:
            gone = gone - self.recorded * self.lost.share
            yield from self._bends_of_losses(self.recorded, self.lost)
        yield (0, 0), -change * (1.0 - 2.0 * p) * gone
        for number, slope in enumerate(self.won.slopes, start=WON):
            yield (0, number), -change * slope
        for (first, second), bend in zip(PAIRS, self.won.bends, strict=True):
            yield (WON + first, WON + second), -p * bend

    def _bends_of_losses(self, r: Values, lost: Between) -> Iterator[tuple[tuple[int, int], Values]]:
        never, change, to = 1.0 - self.p, self.p * (1.0 - self.p), r * (1.0 - r)
        yield (0, 3), change * to * lost.share
        yield (3, 3), -never * to * (1.0 - 2.0 * r) * lost.share
        for number, slope in enumerate(lost.slopes, start=LOST):
            yield (0, number), change * r * slope
            yield (3, number), -never * to * slope
        for (first, second), bend in zip(PAIRS, lost.bends, strict=True):
            yield (LOST + first, LOST + second), -never * r * bend


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


def _bend(bends: Values, group: Counts, weights: Values, pair: tuple[int, int]) -> None:
    """Add what cells give to the curvature of their groups in a pair of local parameters."""
    bends[pair] += np.bincount(group, weights, bends.shape[-1])


def _bend_logarithm(bends: Values, group: Counts, count: Counts, time: Between, at: int) -> None:
    """Add the curvature of the logarithm of a share of events, of which `at` is the first local parameter."""
    part = np.maximum(time.share, TINY)
    by = time.slopes / part
    for (first, second), bend in zip(PAIRS, time.bends, strict=True):
        _bend(bends, group, count * (bend / part - by[first] * by[second]), (at + first, at + second))
