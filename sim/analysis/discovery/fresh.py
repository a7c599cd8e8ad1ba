"""Discovery: boxes and a tree are found on some rows and worlds, and judged on rows and worlds that had no say in them.

A search fits its luck: in pure noise the share of cases in the best box is well above that of all. So half of the rows, in half
of the worlds, are searched. The other half, in the other worlds, say what the share is. What is not above the share of all of
these beyond its interval is not shown as found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from sim.analysis.discovery import boxes, tree
from sim.analysis.discovery.boxes import Box, Columns, Flags, Limit, Step, Values
from sim.analysis.discovery.cases import Cases
from sim.analysis.discovery.conditions import Condition, Loses, Side, check
from sim.experiment.errors import ResultsError
from sim.experiment.statistics import CONFIDENCE, Estimate, edges, share

FEWEST_ROWS, FEWEST_WORLDS = 40, 4
RARE = 5  # cases, or rows that are none, on either side; fewer say nothing of where they lie
MOST_BOXES = 3
SPLIT_SEED, LUCK_SEED, RESAMPLES = 20260105, 20260106, 200
Verdict = Literal["always", "never", "rare", "found", "nothing"]


@dataclass(frozen=True)
class Share:
    """A share of rows, how many these are, and how many of them are cases."""

    of: Estimate
    rows: int
    cases: int


@dataclass(frozen=True)
class Judged:
    """A box, or a leaf of a tree: what the search saw of it, and what fresh rows say.

    Attributes
    ----------
    box
        Its restrictions.
    limits
        Each limit with its quasi-p-value; none for a leaf.
    steps
        The boxes on the way of peeling; none for a leaf.
    searched
        The box among the rows that were searched.
    density, base
        The share of cases among the fresh rows in it, and among all fresh rows that are in no box before it.
    coverage
        The share of those fresh cases that it holds.
    is_found
        Whether the density is above the base beyond its interval.
    """

    box: Box
    limits: tuple[Limit, ...]
    steps: tuple[Step, ...]
    searched: Step
    density: Share
    base: Share
    coverage: Estimate
    is_found: bool


@dataclass(frozen=True)
class Discovery:
    """The regions in which a condition holds.

    Attributes
    ----------
    condition, cases
        What was asked, and of what.
    overall
        The share of all rows for which it holds, by all their worlds.
    searched, fresh
        How many rows were searched, and how many judge.
    found
        The boxes that are beyond chance, one after another.
    tried
        The next box, which is not; None, if the search had none.
    leaves
        The leaves of a tree, if one of them is beyond chance.
    luck
        The share of rows that say the same in other worlds.
    """

    condition: Condition
    cases: Cases
    verdict: Verdict
    overall: Share
    searched: int
    fresh: int
    found: tuple[Judged, ...] = ()
    tried: Judged | None = None
    leaves: tuple[Judged, ...] = ()
    luck: Share | None = None


def usual(cases: Cases) -> Condition:
    """Return the condition that is asked of rows if nothing is said: every level loses, or whatever level each row has."""
    return Side(cases.usual, "<", 0.0) if np.isnan(cases.hours).any() else Loses()


def check_enough(cases: Cases) -> None:
    """Check that there are rows and worlds enough for a search, before anything is read.

    Raises
    ------
    ResultsError
        If not, with what would be enough.
    """
    if cases.count < FEWEST_ROWS:
        raise ResultsError(
            f"{cases.folder}: {cases.count} combinations of what cannot be chosen are too few to say where a condition holds:"
            f" half are searched, and half judge what is found; take {FEWEST_ROWS} at least, better 200 ({cases.option})"
        )
    if not cases.has_own_worlds and cases.worlds < FEWEST_WORLDS:
        raise ResultsError(
            f"{cases.folder}: all points share {cases.worlds} worlds, too few to tell what holds in others: half are searched,"
            f" and half judge; add some with: sim resume {cases.folder} --replications {2 * FEWEST_WORLDS}"
        )


def can_discover(cases: Cases) -> bool:
    """Return whether there are rows, worlds and parameters enough for a search; nothing is read for it."""
    try:
        check_enough(cases)
        return bool(cases.columns) and bool(cases.hours)
    except ResultsError:
        return False


def discover(cases: Cases, condition: Condition | None = None) -> Discovery:
    """Find where a condition holds.

    Raises
    ------
    ResultsError
        If there are too few rows or worlds, or the condition cannot be told from them.
    """
    check_enough(cases)
    asked = condition or usual(cases)
    check(asked, cases.hours)
    if isinstance(asked, Loses) and np.isnan(cases.hours).any():
        raise ResultsError(
            "--when: hours differ from combination to combination, so no level can be held against others; ask for an outcome,"
            f' such as "{cases.usual} < 0", or cross the combinations with levels'
        )
    columns, values = cases.columns, cases.values(asked.outcome)
    holds = partial(asked.holds, hours=cases.hours)
    every = holds(values.mean(axis=2))
    order = np.random.default_rng(SPLIT_SEED).permutation(len(every))
    first, second = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
    judge = _Judge.of(holds, values, second)
    overall = Share(_overall(holds, values, every), len(every), int(every.sum()))
    of_search = _searched(holds, values[first])
    found = Discovery(asked, cases, _verdict(every, of_search, judge.cases), overall, len(first), len(second))
    if found.verdict != "nothing":
        return found
    mine, others = _rows(columns, first), _rows(columns, second)
    luck = _luck(cases, asked, holds, values, every)
    judged = _judged_boxes(boxes.cover(mine, of_search, MOST_BOXES), mine, of_search, others, judge)
    shown = tuple(one for one in judged if one.is_found)
    leaves = _judged_leaves(tree.leaves(mine, of_search), mine, of_search, others, judge)
    return Discovery(
        asked, cases, "found" if shown or leaves else "nothing", overall, len(first), len(second),
        shown, next((one for one in judged if not one.is_found), None), leaves, luck,
    )  # fmt: skip


def _rows(columns: Columns, which: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Columns:
    return {path: column[which] for path, column in columns.items()}


def _verdict(every: Flags, searched: Flags, judged: Flags) -> Verdict:
    """Return what can be said before any search; "nothing" if there is something to search for."""
    if every.all():
        return "always"
    if not every.any():
        return "never"
    fewest = min(min(int(one.sum()), int((~one).sum())) for one in (searched, judged))
    return "rare" if fewest < RARE else "nothing"


def _searched(holds: partial[Flags], values: Values) -> Flags:
    """Return the cases of a search, each row by its own half of the first half of the worlds, so that luck differs by row."""
    worlds = values.shape[2]
    if worlds == 1:
        return holds(values[:, :, 0])
    generator = np.random.default_rng(LUCK_SEED)
    half = worlds // 2
    order = generator.random((len(values), half)).argsort(axis=1)[:, : max(1, half // 2)]
    taken = np.take_along_axis(values[:, :, :half], order[:, np.newaxis, :], axis=2)
    return holds(taken.mean(axis=2))


@dataclass(frozen=True)
class _Judge:
    """Fresh rows: which are cases by worlds that had no say, and by these drawn anew (draws, rows); none for own worlds."""

    cases: Flags
    drawn: Flags | None

    @classmethod
    def of(cls, holds: partial[Flags], values: Values, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "_Judge":
        worlds = values.shape[2]
        mine = values[rows] if worlds == 1 else values[rows][:, :, worlds // 2 :]
        return cls(holds(mine.mean(axis=2)), _drawn(holds, mine))

    def share(self, of: Flags, confidence: float = CONFIDENCE) -> Share:
        """Return the share of cases among some rows."""
        return Share(_share(self.cases, self.drawn, of, confidence), int(of.sum()), int(self.cases[of].sum()))

    def coverage(self, of: Flags, among: Flags) -> Estimate:
        """Return which share of the cases among some rows those of them hold that are given."""
        wilson = share(int(self.cases[of & among].sum()), int(self.cases[among].sum()))
        if self.drawn is None:
            return wilson
        again = (self.drawn & of & among).sum(axis=1) / np.maximum(1, (self.drawn & among).sum(axis=1))
        low, high = np.quantile(again, edges()).tolist()
        return Estimate(wilson.value, min(wilson.low, low), max(wilson.high, high))


def _drawn(holds: partial[Flags], values: Values) -> Flags | None:
    """Return which rows are cases by worlds that are drawn anew, the same for all rows; shape (draws, rows)."""
    worlds = values.shape[2]
    if worlds == 1:
        return None
    generator = np.random.default_rng(LUCK_SEED)
    return np.array([holds(values[:, :, generator.integers(0, worlds, worlds)].mean(axis=2)) for _ in range(RESAMPLES)])


def _share(cases: Flags, drawn: Flags | None, of: Flags, confidence: float) -> Estimate:
    """Estimate a share with Wilson's interval, the luck of which rows were drawn, and with that of shared worlds."""
    wilson = share(int(cases[of].sum()), int(of.sum()), confidence)
    if drawn is None or not of.any():
        return wilson
    places = np.flatnonzero(of)
    picked = np.random.default_rng(LUCK_SEED).integers(0, len(places), (len(drawn), len(places)))
    again = np.take_along_axis(drawn[:, places], picked, axis=1).mean(axis=1)
    low, high = np.quantile(again, edges(confidence)).tolist()
    return Estimate(wilson.value, min(wilson.low, low), max(wilson.high, high))


def _overall(holds: partial[Flags], values: Values, every: Flags) -> Estimate:
    return _share(every, _drawn(holds, values), np.ones(len(every), dtype=bool), CONFIDENCE)


def _luck(cases: Cases, asked: Condition, holds: partial[Flags], values: Values, every: Flags) -> Share | None:
    """Return the share of rows that say the same in other worlds; None where no row has another one."""
    again = cases.again(asked.outcome)
    worlds = values.shape[2]
    if again is not None:
        twice = np.isfinite(again).all(axis=1)
        if not twice.any():
            return None
        same = holds(again[twice]) == every[twice]
    elif worlds > 1:
        half = worlds // 2
        same = holds(values[:, :, :half].mean(axis=2)) == holds(values[:, :, half:].mean(axis=2))
    else:
        return None
    return Share(share(int(same.sum()), len(same)), len(same), int(same.sum()))


def _judged_boxes(
    searched: Sequence[tuple[Box, list[Step]]], columns: Columns, cases: Flags, others: Columns, judge: _Judge
) -> list[Judged]:
    """Judge boxes in their order, each among the rows that those before it leave, until one is not beyond chance.

    So none but the first is ever asked about by chance, and the share of false ones is that of a single question.
    """
    found: list[Judged] = []
    before: list[Box] = []
    for box, steps in searched:
        left = boxes.without_boxes(before, columns, len(cases))
        fresh = boxes.without_boxes(before, others, len(judge.cases))
        mine = {path: column[left] for path, column in columns.items()}
        limits = tuple(boxes.limits(box, mine, cases[left]))
        found.append(_judged(box, limits, tuple(steps), (columns, cases, left), (others, fresh), judge))
        if not found[-1].is_found:
            break
        before.append(box)
    return found


def _judged_leaves(
    searched: Sequence[Box], columns: Columns, cases: Flags, others: Columns, judge: _Judge
) -> tuple[Judged, ...]:
    """Judge the leaves of a tree at once, by intervals that hold together (Bonferroni). None, if no leaf is beyond chance."""
    every, fresh = np.ones(len(cases), dtype=bool), np.ones(len(judge.cases), dtype=bool)
    confidence = 1.0 - (1.0 - CONFIDENCE) / max(1, len(searched))
    found = tuple(
        _judged(box, (), (), (columns, cases, every), (others, fresh), judge, confidence) for box in searched
    )  # fmt: skip
    return found if any(one.is_found for one in found) else ()


def _judged(
    box: Box, limits: tuple[Limit, ...], steps: tuple[Step, ...], searched: tuple[Columns, Flags, Flags],
    fresh: tuple[Columns, Flags], judge: _Judge, confidence: float = CONFIDENCE,
) -> Judged:  # fmt: skip
    columns, cases, left = searched
    others, among = fresh
    within = boxes.inside(box, columns, len(cases)) & left
    there = boxes.inside(box, others, len(among)) & among
    step = Step(
        box,
        float(cases[within].sum() / max(1, cases[left].sum())),
        float(cases[within].mean()),
        float(within.sum() / left.sum()),
    )
    density, base = judge.share(there, confidence), judge.share(among)
    return Judged(
        box, limits, steps, step, density, base, judge.coverage(there, among), bool(density.of.low > base.of.value)
    )  # fmt: skip
