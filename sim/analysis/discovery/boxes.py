"""Boxes in which a condition holds much more often than elsewhere: patient rule induction (Friedman and Fisher 1999).

A box restricts some parameters to a range, or to some of their values. It is peeled: of all thin slices at either end of each
parameter the one whose loss raises the share of cases most is cut off, again and again. From each box on that way, limits are
moved to where they gain most cases beyond what the base rate would give (weighted relative accuracy: Lavrač, Flach and Zupan
1999; Mampaey et al. 2012). Limits that chance may have drawn are lifted (quasi-p-values: Bryant and Lempert 2010), and the box
that gains most is taken. So a box with a share of p inside and q outside is found whatever p and q are.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.stats at first use, as that takes a second

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Columns = Mapping[str, npt.NDArray[Any]]  # by path: numbers, or anything else as objects

PEELED = 0.05  # of the rows in a box, at a time
TINY = 1e-9
LEAST_SUPPORT, LEAST_ROWS = 0.05, 5  # of all rows, in a box
BY_CHANCE = 0.05  # of a search among parameters that do not matter to end with a limit, about
LOW, HIGH, KEPT = "low", "high", "kept"  # what of a restriction is a limit


@dataclass(frozen=True)
class Restriction:
    """A restriction of one parameter: from `low` to `high`, both included, or to the values that are `kept`."""

    path: str
    low: float = -math.inf
    high: float = math.inf
    kept: tuple[object, ...] = ()

    def holds(self, columns: Columns) -> Flags:
        """Return which rows it holds for."""
        column = columns[self.path]
        if not self.limits:
            return np.ones(len(column), dtype=bool)
        if self.kept:
            return np.isin(column, np.array(self.kept, dtype=column.dtype))
        return np.asarray((column >= self.low) & (column <= self.high))

    @property
    def limits(self) -> tuple[str, ...]:
        """Which limits it sets."""
        if self.kept:
            return (KEPT,)
        return tuple(name for name, is_set in ((LOW, self.low > -math.inf), (HIGH, self.high < math.inf)) if is_set)

    def without(self, limit: str) -> "Restriction":
        """Return it with one limit lifted."""
        lifted: dict[str, Restriction] = {
            LOW: replace(self, low=-math.inf), HIGH: replace(self, high=math.inf), KEPT: replace(self, kept=()),
        }  # fmt: skip
        return lifted[limit]


Box = Mapping[str, Restriction]  # by path; empty, if nothing is restricted


def inside(box: Box, columns: Columns, rows: int) -> Flags:
    """Return which of so many rows lie in a box."""
    found = np.ones(rows, dtype=bool)
    for one in box.values():
        found &= one.holds(columns)
    return found


@dataclass(frozen=True)
class Step:
    """A box on the way of peeling: which share of cases it holds, which share of its rows are cases, and its share of rows."""

    box: Box
    coverage: float
    density: float
    support: float


def find(columns: Columns, cases: Flags) -> tuple[Box, list[Step]]:
    """Find a box in which cases are frequent, and the way there; an empty one if there is none. `cases` has shape (rows,)."""
    steps = peel(columns, cases)
    alone = [{path: Restriction(path)} for path in columns]  # a parameter of two values is never peeled: that is no thin slice
    refined = [refine(box, columns, cases) for box in (*(one.box for one in steps), *alone)]
    different = dict.fromkeys(tuple(sorted(one.items())) for one in refined if one)
    sure = [significant(dict(one), columns, cases) for one in different]
    return max(sure, key=lambda one: _gain(one, columns, cases), default={}), steps


def peel(columns: Columns, cases: Flags, least_support: float = LEAST_SUPPORT) -> list[Step]:
    """Peel a box from the whole down, slice by slice, until too few rows are left; return every box on the way."""
    least = max(least_support * len(cases), LEAST_ROWS)
    box: dict[str, Restriction] = {}
    steps = [_step(box, columns, cases)]
    while True:
        within = inside(box, columns, len(cases))
        count, density = int(within.sum()), float(cases[within].mean())
        best, most = None, (0.0, 0)
        for one in _slices(box, columns, within):
            left = within & one.holds(columns)
            rows = int(left.sum())
            if least <= rows < count:
                gain = (float(cases[left].mean()) - density) / (count - rows)  # per row, so that thin slices are no worse
                score = (gain, one.path in box)  # of slices as good, one of a parameter that is restricted already
                if gain > 0.0 and score > most:
                    best, most = one, score
        if best is None:
            return steps
        box = {**box, best.path: best}
        steps.append(_step(box, columns, cases))


def _step(box: Box, columns: Columns, cases: Flags) -> Step:
    within = inside(box, columns, len(cases))
    return Step(box, float(cases[within].sum() / cases.sum()), float(cases[within].mean()), float(within.mean()))


def _gain(box: Box, columns: Columns, cases: Flags) -> float:
    """Return the number of cases in a box beyond what the base rate would give."""
    within = inside(box, columns, len(cases))
    return float(cases[within].sum() - cases.mean() * within.sum())


def _slices(box: Box, columns: Columns, within: Flags) -> Iterator[Restriction]:
    """Yield each restriction that cuts a thin slice off a box."""
    for path, column in columns.items():
        now = box.get(path, Restriction(path))
        here = column[within]
        if not np.issubdtype(column.dtype, np.number):
            values = now.kept or tuple(dict.fromkeys(column.tolist()))
            yield from (
                replace(now, kept=tuple(other for other in values if other != one)) for one in values if len(values) > 1
            )
            continue
        ordered = np.sort(here.astype(float))
        if ordered[0] < ordered[-1]:
            yield replace(now, high=-_edge(-ordered[::-1]))
            yield replace(now, low=_edge(ordered))


def _edge(ordered: Values) -> float:
    """Return a limit between two values that cuts off about a twentieth of the lowest, and more only where they are equal."""
    place = (len(ordered) - 1) * PEELED
    below = ordered[math.floor(place)]
    above = ordered[math.ceil(place)]
    if below == above:
        larger = ordered[ordered > below]
        above = larger[0] if len(larger) else below
    return float((below + above) / 2.0)


def refine(box: Box, columns: Columns, cases: Flags, *, keep_sides: bool = False) -> Box:
    """Put the limits of each parameter in turn where they gain most given the others, until none moves (Mampaey et al. 2012).

    `keep_sides`: a parameter with a limit on one side gets none on the other.
    """
    gain = _gain(box, columns, cases)
    while True:
        for path in box:
            others = {other: one for other, one in box.items() if other != path}
            moved = {**box, path: _best(box[path], others, columns, cases, keep_sides)}
            if _gain(moved, columns, cases) > _gain(box, columns, cases) + TINY:
                box = moved
        before, gain = gain, _gain(box, columns, cases)
        if not gain > before + TINY:
            return {path: one for path, one in box.items() if one.limits}


def _best(one: Restriction, others: Box, columns: Columns, cases: Flags, keep_sides: bool) -> Restriction:
    """Return the restriction of a parameter that gains most, all others unchanged."""
    if keep_sides and not one.limits:
        return one
    within = inside(others, columns, len(cases))
    values, places = np.unique(columns[one.path][within], return_inverse=True)
    gains = np.bincount(places, cases[within] - cases.mean(), len(values))
    if not np.issubdtype(values.dtype, np.number):
        kept = tuple(values[gains > 0.0].tolist())
        return replace(one, kept=kept if 0 < len(kept) < len(values) else ())
    sums = np.concatenate([[0.0], np.cumsum(gains)])  # of all values before each place
    first = np.minimum.accumulate(sums) if not keep_sides or LOW in one.limits else np.full(len(sums), sums[0])
    gained = sums - first
    until = int(gained.argmax()) if not keep_sides or HIGH in one.limits else len(values)
    begin = int(np.flatnonzero(sums[: until + 1] == first[until])[-1]) if not keep_sides or LOW in one.limits else 0
    middles = (values[:-1] + values[1:]) / 2.0
    return replace(
        one,
        low=float(middles[begin - 1]) if 0 < begin < len(values) else -math.inf,
        high=float(middles[until - 1]) if 0 < until < len(values) else math.inf,
    )


@dataclass(frozen=True)
class Limit:
    """A limit of a box, and its quasi-p-value: how likely the cases in the box are, were it of no use."""

    path: str
    limit: str
    quasi_p: float


def limits(box: Box, columns: Columns, cases: Flags) -> list[Limit]:
    """Return each limit with its quasi-p-value: the chance of as many cases in the box, at the rate of the box without it."""
    within = inside(box, columns, len(cases))
    rows, hits = int(within.sum()), int(cases[within].sum())
    found = []
    for path, one in box.items():
        for limit in one.limits:
            wider = inside({**box, path: one.without(limit)}, columns, len(cases))
            rate = float(cases[wider].mean())
            found.append(Limit(path, limit, float(scipy.special.bdtrc(hits - 1, rows, rate))))
    return found


def by_chance(columns: Columns) -> float:
    """Return the quasi-p-value from which on a limit is lifted: the more could have been drawn, the lower (Bonferroni)."""
    return BY_CHANCE / (2 * len(columns))


def significant(box: Box, columns: Columns, cases: Flags) -> Box:
    """Lift limits that chance may have drawn, the likeliest first, until none is left."""
    least = by_chance(columns)
    while box:
        worst = max(limits(box, columns, cases), key=lambda one: one.quasi_p)
        if worst.quasi_p < least:
            return box
        wider = box[worst.path].without(worst.limit)
        lifted = {path: wider if path == worst.path else one for path, one in box.items() if path != worst.path or wider.limits}
        box = refine(lifted, columns, cases, keep_sides=True)
    return box


def cover(columns: Columns, cases: Flags, most: int) -> list[tuple[Box, list[Step]]]:
    """Find boxes one after another, each among the rows that those before it leave."""
    found: list[tuple[Box, list[Step]]] = []
    left = np.ones(len(cases), dtype=bool)
    while len(found) < most and _is_worth(cases[left]):
        here = {path: column[left] for path, column in columns.items()}
        box, steps = find(here, cases[left])
        if not box:
            break
        found.append((box, steps))
        left = left & ~inside(box, columns, len(cases))
    return found


def _is_worth(cases: Flags) -> bool:
    return int(cases.sum()) >= LEAST_ROWS and int((~cases).sum()) >= 1


def without_boxes(found: Sequence[Box], columns: Columns, rows: int) -> Flags:
    """Return which rows lie in none of some boxes."""
    left = np.ones(rows, dtype=bool)
    for one in found:
        left &= ~inside(one, columns, rows)
    return left
