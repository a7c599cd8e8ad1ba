"""The best way through several looks, found from the end backwards over sets of parameters: least-squares Monte Carlo.

At a look, what each way on returns is regressed on what is seen (Longstaff and Schwartz 2001), and a cut is laid where another
way is better from there on. At the looks before it, a way returns what its sets return under the rules found for later. See
docs/model.md, 4.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiment.evaluation_cache import Values

FOLDS, FOLD_SEED = 10, 20120102  # of sets: each is valued under rules that the others taught
DEGREE = 2  # of the regression on what is seen

Way = Any  # whatever names one, and can be a key


@dataclass(frozen=True)
class Look:
    """A moment to look: what is seen, shape (sets, signs), and each option's return, shape (sets,), or the look it leads to.

    The more is seen, the later among the ways is the one to go, as from stopping to many hours.
    """

    seen: Values
    ways: Mapping[Way, "Look | Values"]


@dataclass(frozen=True)
class Rule:
    """Go `above` if the sign of this number is at least `cut`, else `below`; with no sign, go `above` whatever is seen.

    `later` holds the rules for looks that its ways lead to.
    """

    sign: int | None
    cut: float
    above: Way
    below: Way
    later: Mapping[Way, "Rule"] = field(default_factory=dict)


def solve(look: Look, weights: Values) -> tuple[Rule, Values]:
    """Find a rule for a look and those after it, and what each set returns under the rules that other sets taught.

    The sign to go by, or none, is the one by whose cuts sets return most that had no say in them. So chance does not count as
    information, but for that of taking the best of several signs.

    Parameters
    ----------
    look
        The first look; `seen` of no columns for a choice before anything is seen.
    weights
        Of the sets, shape (sets,).

    Returns
    -------
    rule, values
        The rule that all sets teach; returns of shape (sets,), each under the rules of nine tenths of the sets without it.
    """
    later: dict[Way, Rule] = {}
    columns = []
    for way, after in look.ways.items():
        if isinstance(after, Look):
            later[way], values = solve(after, weights)
        else:
            values = after
        columns.append(values)
    returns, names = np.stack(columns, axis=1), list(look.ways)
    fold = np.random.default_rng(FOLD_SEED).permutation(len(weights)) % FOLDS
    signs = (None, *range(look.seen.shape[1]))
    tried = {sign: _valued_by_others(_seen(look, sign), returns, weights, fold) for sign in signs}
    best = max(signs, key=lambda sign: float(weights @ tried[sign]))
    cut, above, below = _cut(_seen(look, best), returns, weights)
    taken = {way: later[way] for way in (names[above], names[below]) if way in later}
    return Rule(best, cut, names[above], names[below], taken), tried[best]


def follow(rule: Rule, look: Look) -> Values:
    """Return what sets return that follow a rule, shape (sets,); they need not be those that taught it."""
    goes_above = np.ones(len(look.seen), dtype=bool) if rule.sign is None else look.seen[:, rule.sign] >= rule.cut

    def of(way: Way) -> Values:
        after = look.ways[way]
        return follow(rule.later[way], after) if isinstance(after, Look) else after

    return np.where(goes_above, of(rule.above), of(rule.below))


def _seen(look: Look, sign: int | None) -> Values:
    return np.zeros(len(look.seen)) if sign is None else look.seen[:, sign]


def _valued_by_others(seen: Values, returns: Values, weights: Values, fold: npt.NDArray[np.int64]) -> Values:
    found = np.empty(len(seen))
    for number in np.unique(fold):
        inside = fold == number
        cut, above, below = _cut(seen[~inside], returns[~inside], weights[~inside])
        found[inside] = np.where(seen[inside] >= cut, returns[inside, above], returns[inside, below])
    return found


def _cut(seen: Values, returns: Values, weights: Values) -> tuple[float, int, int]:
    """Return the cut, and the numbers of the ways above and below it, that return most by the regressions.

    Returns of each way are smoothed over what is seen; at every gap between two values the best way above and the best below
    are taken, of which the one above stands no earlier. Without a gap, or where the same way is best on either side, the cut is
    below everything.
    """
    order = np.argsort(seen, kind="stable")
    x, weighed = seen[order], weights[order, None] * _smooth(seen, returns, weights)[order]
    before = np.concatenate([np.zeros((1, returns.shape[1])), np.cumsum(weighed, axis=0)[:-1]])
    after = before[-1] + weighed[-1] - before
    gaps = np.concatenate([[True], np.diff(x) > 0.0])
    worth = np.where(gaps[:, None], np.maximum.accumulate(before, axis=1) + after, -np.inf)  # by gap and the way above it
    place, above = map(int, np.unravel_index(worth.argmax(), worth.shape))
    if place == 0:
        return -np.inf, above, above
    return float((x[place - 1] + x[place]) / 2.0), above, int(before[place, : above + 1].argmax())


def _smooth(seen: Values, returns: Values, weights: Values) -> Values:
    """Regress returns on what is seen by parabolas, weighted; shape (sets, ways)."""
    spread = float(seen.std())
    x = (seen - seen.mean()) / spread if spread > 0.0 else np.zeros(len(seen))
    basis = np.stack([x**power for power in range(DEGREE + 1)], axis=1)
    root = np.sqrt(weights)[:, None]
    found, *_ = np.linalg.lstsq(basis * root, returns * root, rcond=None)
    smooth: Values = basis @ found
    return smooth
