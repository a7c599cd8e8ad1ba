"""A small tree that divides the rows by a few questions, so that its leaves differ in how often a condition holds (CART).

Breiman, Friedman, Olshen and Stone (1984), by scikit-learn.
"""

import math
from typing import Any

import numpy as np

from sim.analysis.discovery.boxes import LEAST_ROWS, Box, Columns, Flags, Restriction

DEPTH, LEAST_SHARE = 2, 0.1  # questions one after another, and rows of a leaf as a share of all


def leaves(columns: Columns, cases: Flags) -> list[Box]:
    """Grow a tree, and return its leaves as boxes, from one side to the other."""
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415  # a second to load

    values = {path: tuple(dict.fromkeys(column.tolist())) for path, column in columns.items() if column.dtype == object}
    asked: list[tuple[str, Any]] = []
    numbers = []
    for path, column in columns.items():
        if path in values:
            asked += [(path, value) for value in values[path]]
            numbers += [(column == value).astype(float) for value in values[path]]
        else:
            asked.append((path, None))
            numbers.append(column.astype(float))
    least = max(LEAST_ROWS, math.ceil(LEAST_SHARE * len(cases)))
    grown = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=0)
    grown.fit(np.stack(numbers, axis=1), cases)
    found: list[Box] = []

    def follow(node: int, box: Box) -> None:
        below, above = int(grown.tree_.children_left[node]), int(grown.tree_.children_right[node])
        if below < 0:
            found.append(box)
            return
        path, value = asked[int(grown.tree_.feature[node])]
        now, edge = box.get(path, Restriction(path)), float(grown.tree_.threshold[node])
        if value is None:
            follow(below, {**box, path: Restriction(path, now.low, min(now.high, edge))})
            follow(above, {**box, path: Restriction(path, max(now.low, float(np.nextafter(edge, math.inf))), now.high)})
            return
        kept = now.kept or values[path]
        follow(below, {**box, path: Restriction(path, kept=tuple(one for one in kept if one != value))})
        follow(above, {**box, path: Restriction(path, kept=(value,))})

    follow(0, {})
    return found if len(found) > 1 else []
