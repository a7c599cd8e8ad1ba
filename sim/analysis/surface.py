"""A response surface: net return fitted over the points of a design that is spread over ranges, with its error.

A polynomial of the parameters, each scaled to its range, is fitted to the mean net return of each point by least squares
(Box and Wilson 1951; statsmodels). Which terms it has (lines, squares, products) is chosen by the error of predicting each
point from all the others (PRESS, Allen 1974), and that error is said beside it. What is said to be best is so by the fit,
never by a single point. Intervals hold the error of the fit, lack of fit among it, and the luck of the worlds: all points
share these, so their luck shows in no residual. It is seen by fitting each world by itself, on the same terms.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from sim.analysis import points
from sim.analysis.choices import is_decision
from sim.analysis.frames import Frame, by_point, sample
from sim.experiment.designs import GRID
from sim.experiment.precision import RETURN
from sim.experiment.results import Results
from sim.experiment.simplex import whole_of
from sim.experiment.statistics import CONFIDENCE, Estimate

Values = npt.NDArray[np.float64]
LINES, SQUARES, PRODUCTS = TERMS = ("lines", "squares", "products")
SPARE = 2  # points more than terms, at least
FINE, MOST_TRIED = 401, 20_000  # steps along a decision, and combinations of decisions, where the best is looked for
TRUSTED = 0.5  # share of the variance that prediction of left-out points explains, from which the surface is spoken of
ENDS = (-1.0, 0.0, 1.0)  # of what cannot be chosen: low, middle, high


def is_design(results: Results) -> bool:
    """Return whether points are spread over ranges, each with settings of its own, rather than the combinations of a grid."""
    return bool(results.manifest.get("design", GRID) != GRID)


@dataclass(frozen=True)
class Best:
    """The highest point of the surface over the decisions, with all else at some values; both in the units of the parameters.

    `near` are the ends between which each decision can be moved alone without a loss that can be told from none.
    """

    given: dict[str, float]
    decisions: dict[str, float]
    near: dict[str, tuple[float, float]]
    net_return: Estimate


@dataclass(frozen=True)
class Surface:
    """A fitted surface: its parameters with their ranges, its kind of terms, and how well it predicts what it has not seen.

    `scaled` holds the points, shape (points, parameters), each parameter from -1 to 1 over its range; `worlds` their net
    return, shape (points, worlds).
    """

    paths: tuple[str, ...]
    low: Values
    high: Values
    scaled: Values
    worlds: Values
    terms: str
    error: float  # root mean square of predicting each point from the others, in the currency
    explained: float  # share of the variance that these predictions explain; below 0, they are worse than the mean

    @property
    def is_trusted(self) -> bool:
        """Whether it predicts well enough to be spoken of."""
        return self.explained >= TRUSTED

    @cached_property
    def _fit(self) -> Any:
        return _fitted(_terms(self.scaled, self.terms), self.worlds.mean(axis=1))

    @cached_property
    def _by_world(self) -> Values:
        """Fit each world by itself; shape (terms, worlds)."""
        found: Values = np.linalg.pinv(_terms(self.scaled, self.terms)) @ self.worlds
        return found

    def at(self, scaled: Values) -> Estimate:
        """Return the fitted net return at one place, with its interval; `scaled` has shape (parameters,)."""
        row = _terms(scaled[np.newaxis], self.terms)[0]
        return self._estimate(row)

    def mean_at(self, scaled: Values) -> Values:
        """Return the fitted net return at many places, shape (places,); `scaled` has shape (places, parameters)."""
        found: Values = _terms(scaled, self.terms) @ np.asarray(self._fit.params)
        return found

    def change(self, scaled: Values, other: Values) -> Estimate:
        """Return how much higher the surface is at the first place than at the second."""
        rows = _terms(np.stack([scaled, other]), self.terms)
        return self._estimate(rows[0] - rows[1])

    def _estimate(self, contrast: Values) -> Estimate:
        """Estimate a sum of coefficients; its interval is undefined for one world, whose luck nobody knows."""
        middle = float(contrast @ np.asarray(self._fit.params))
        each = contrast @ self._by_world
        if len(each) < 2:
            return Estimate(middle, math.nan, math.nan)
        of_fit = max(0.0, float(contrast @ np.asarray(self._fit.cov_params()) @ contrast))
        of_luck = float(each.var(ddof=1)) / len(each)
        student = float(scipy.special.stdtrit(min(self._fit.df_resid, len(each) - 1), 0.5 + CONFIDENCE / 2.0))
        reach = student * math.sqrt(of_fit + of_luck)
        return Estimate(middle, middle - reach, middle + reach)

    def unscaled(self, place: int, scaled: float) -> float:
        """Convert a place within the range of a parameter to its units."""
        return float(self.low[place] + (scaled + 1.0) / 2.0 * (self.high[place] - self.low[place]))


def fit(results: Results) -> Surface | None:
    """Fit the surface of net return over the numbers that were varied; None if there are too few points, or no numbers."""
    numbers = points.as_they_are(results)
    settings = pd.DataFrame([points.settings(results, number) for number in numbers])
    varied = [path for path in settings if pd.api.types.is_numeric_dtype(settings[path]) and settings[path].nunique() > 1]
    varied = _independent(settings, [path for path in varied if settings[path].dtype != bool])
    if not varied:
        return None
    at = settings[varied].to_numpy(dtype=float)
    frames = by_point(results, [RETURN])
    worlds = np.stack([sample(frames[number], RETURN) for number in numbers])
    values = worlds.mean(axis=1)
    low, high = at.min(axis=0), at.max(axis=0)
    scaled = 2.0 * (at - low) / (high - low) - 1.0
    tried = [(terms, *_left_out(_terms(scaled, terms), values)) for terms in TERMS]
    possible = [one for one in tried if math.isfinite(one[1])]
    if not possible:
        return None
    terms, error, explained = min(possible, key=lambda one: one[1])
    return Surface(tuple(map(str, varied)), low, high, scaled, worlds, terms, error, explained)


def _independent(settings: pd.DataFrame, paths: Sequence[Any]) -> list[Any]:
    """Leave out each parameter that those before it determine, as the last of shares that sum to 1."""
    kept: list[Any] = []
    columns = [np.ones(len(settings))]
    for path in paths:
        tried = [*columns, settings[path].to_numpy(dtype=float)]
        if np.linalg.matrix_rank(np.stack(tried)) == len(tried):
            kept, columns = [*kept, path], tried
    return kept


def _terms(scaled: Values, terms: str) -> Values:
    """Build the columns of the fit, shape (points, terms), from parameters of shape (points, parameters)."""
    columns = [np.ones(len(scaled)), *scaled.T]
    if terms != LINES:
        columns += [one * one for one in scaled.T]
    if terms == PRODUCTS:
        columns += [one * other for one, other in itertools.combinations(scaled.T, 2)]
    return np.stack(columns, axis=1)


def _fitted(columns: Values, values: Values) -> Any:
    from statsmodels.api import OLS  # noqa: PLC0415  # a second to load

    return OLS(values, columns).fit()


def _left_out(columns: Values, values: Values) -> tuple[float, float]:
    """Return the root mean square error of predicting each point from the others, and the share of variance explained so.

    Both are nan where there are too few points for the terms.
    """
    if len(values) < columns.shape[1] + SPARE or np.linalg.matrix_rank(columns) < min(columns.shape[1], len(values)):
        return math.nan, math.nan
    residuals = _fitted(columns, values).get_influence().resid_press
    error = math.sqrt(float(np.mean(residuals**2)))
    # the mean of the others predicts each point with an error that is n / (n - 1) times its distance from the mean of all
    of_mean = float(np.mean(((values - values.mean()) * len(values) / (len(values) - 1)) ** 2))
    return error, 1.0 - error**2 / of_mean if of_mean > 0.0 else math.nan


def effects(surface: Surface) -> Frame:
    """Return a row per parameter, largest first: what the surface gains over its range, all else in the middle."""
    rows = []
    for place, path in enumerate(surface.paths):
        low, high = (np.where(np.arange(len(surface.paths)) == place, end, 0.0) for end in (-1.0, 1.0))
        found = surface.change(high, low)
        rows.append(
            {
                "parameter": path,
                "is_decision": is_decision(path),
                "low": float(surface.low[place]),
                "high": float(surface.high[place]),
                "change": found.value,
                "change_low": found.low,
                "change_high": found.high,
            }
        )
    return pd.DataFrame(rows).sort_values("change", key=abs, ascending=False, ignore_index=True)


def best(surface: Surface) -> list[Best]:
    """Find where the surface is highest over the decisions: with the others at low, middle and high, each in turn.

    Empty if no decision was varied. The others that are not in turn are in the middle of their ranges.
    """
    decisions = [place for place, path in enumerate(surface.paths) if is_decision(path)]
    others = [place for place in range(len(surface.paths)) if place not in decisions]
    if not decisions:
        return []
    return [_best_at(surface, decisions, others, given) for given in _given(others)]


def _given(others: Sequence[int]) -> list[dict[int, float]]:
    middle = dict.fromkeys(others, 0.0)
    if len(others) == 1:
        return [{others[0]: end} for end in ENDS]
    return [middle, *({**middle, place: end} for place in others for end in (ENDS[0], ENDS[-1]))]


def _best_at(surface: Surface, decisions: list[int], others: list[int], given: dict[int, float]) -> Best:
    steps = max(3, min(FINE, int(MOST_TRIED ** (1.0 / len(decisions)))))
    if len(decisions) <= 4:
        combined = np.array(list(itertools.product(np.linspace(-1.0, 1.0, steps), repeat=len(decisions))))
    else:  # as many places as a Sobol' sequence spreads evenly
        combined = 2.0 * scipy.stats.qmc.Sobol(len(decisions), rng=np.random.default_rng(0)).random(2**14) - 1.0
    tried = np.zeros((len(combined), len(surface.paths)))
    tried[:, decisions] = combined
    for place, end in given.items():
        tried[:, place] = end
    tried = tried[_has_room(surface, tried)]
    top = tried[int(np.argmax(surface.mean_at(tried)))]
    return Best(
        {surface.paths[place]: surface.unscaled(place, given[place]) for place in others},
        {surface.paths[place]: surface.unscaled(place, float(top[place])) for place in decisions},
        {surface.paths[place]: _near(surface, top, place) for place in decisions},
        surface.at(top),
    )


def _has_room(surface: Surface, scaled: Values) -> npt.NDArray[np.bool_]:
    """Return which places are possible: shares of a whole sum to 1 at most; shape (places,)."""
    wholes = [whole_of(path) for path in surface.paths]
    units = surface.low + (scaled + 1.0) / 2.0 * (surface.high - surface.low)
    fits = np.ones(len(scaled), dtype=bool)
    for whole in {*wholes} - {None}:
        fits &= units[:, [one == whole for one in wholes]].sum(axis=1) <= 1.0 + 1e-9
    return fits


def _near(surface: Surface, top: Values, place: int) -> tuple[float, float]:
    """Return the ends of where one decision can be moved without a loss that can be told from none."""
    alike = [top[place]]
    for end in np.linspace(-1.0, 1.0, FINE):
        moved = np.where(np.arange(len(top)) == place, end, top)
        if _has_room(surface, moved[np.newaxis])[0] and not surface.change(top, moved).low > 0.0:
            alike.append(end)
    return surface.unscaled(place, float(min(alike))), surface.unscaled(place, float(max(alike)))
