"""The parameters of points: what sets them apart, and any other number of their scenarios that is not the same everywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import pandas as pd

from sim.analysis import points
from sim.experiment.designs import CANDIDATE, CASE, INPUT, MOVE
from sim.experiment.errors import ResultsError
from sim.experiment.limits import LIFT
from sim.experiment.results import Results
from sim.scenario.fields import spot

LABEL = "label"
APART = (LIFT, MOVE, INPUT)  # settings of points that are shown only where they are asked for
NEAR, MOST_SAID = 3, 12  # names that an error proposes, and lists
DERIVED = ("name", "description")


@dataclass(frozen=True)
class Parameters:
    """The parameters that vary among the points of some results.

    Attributes
    ----------
    results
        Whose points they are.
    asked
        Names that are asked for; points with a limit lifted, an hour moved or an input at its end count only where one of
        these is about that.
    """

    results: Results
    asked: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def points(self) -> list[int]:
        """The points that count, in their order."""
        if self.asked & set(APART):
            return list(range(len(self.results.labels)))
        return points.as_they_are(self.results)

    @cached_property
    def chosen(self) -> list[str]:
        """What was varied on purpose, by path: the settings that set points apart, where they differ."""
        settings = [points.settings(self.results, point) for point in self.points]
        names = dict.fromkeys(name for one in settings for name in one)
        return [name for name in names if len({_key(one.get(name)) for one in settings}) > 1]

    @cached_property
    def implied(self) -> list[str]:
        """Other numbers and names of the scenarios that differ: shares that made room, what a case or a split consists of."""
        scenarios = [self.results.manifest["points"][point]["scenario"] for point in self.points]
        found = [".".join(path) for path in differing(scenarios)]
        return [path for path in found if path not in self.chosen and path not in DERIVED]

    @property
    def names(self) -> list[str]:
        """All that vary, those on purpose first."""
        return [*self.chosen, *self.implied]

    def values(self, name: str) -> list[Any]:
        """Return the values of a parameter, one per point that counts."""
        if name == LABEL:
            return [self.results.labels[point] for point in self.points]
        found = []
        for point in self.points:
            settings = points.settings(self.results, point)
            scenario = self.results.manifest["points"][point]["scenario"]
            found.append(settings[name] if name in settings else at(scenario, name))
        return found

    def is_number(self, name: str) -> bool:
        """Return whether all values of a parameter are numbers."""
        return all(isinstance(one, int | float) and not isinstance(one, bool) for one in self.values(name))

    @property
    def numbers(self) -> list[str]:
        """The parameters on purpose that are numbers; if there are none, the others that are."""
        return [name for name in self.chosen if self.is_number(name)] or [one for one in self.implied if self.is_number(one)]

    def frame(self) -> pd.DataFrame:
        """Return a row per point that counts: its number, its label, and all parameters on purpose by their paths."""
        columns = {"point": self.points, LABEL: self.values(LABEL)} | {name: self.values(name) for name in self.chosen}
        return pd.DataFrame(columns)

    def path_of(self, name: str, option: str) -> str:
        """Return the parameter that a name stands for: a path, or the end of a single one.

        Raises
        ------
        ResultsError
            If there is none, or it is the same everywhere.
        """
        if name == LABEL or name in self.names:
            return name
        ends = [one for one in self.names if one.endswith(f".{name}")]
        if len(ends) == 1:
            return ends[0]
        if len(ends) > 1:
            raise ResultsError(f"{option} {name}: could be {' or '.join(ends)}; give one of them in full")
        raise ResultsError(f"{option} {name}: {self._lacks(name)}")

    def _lacks(self, name: str) -> str:
        first = self.results.manifest["points"][self.points[0]]["scenario"]
        varies = f"what varies here: {said_list(self.names)}" if self.names else "nothing varies here"
        same = at(first, name)
        if same is not None and not isinstance(same, dict | list):
            return f"is {same} at every point; {varies} (sim sweep --vary {name}=... varies it)"
        known = dict.fromkeys([*self.names, *map(".".join, leaves(first))])
        near = get_close_matches(name, known, NEAR)
        return f"no such parameter; {'did you mean ' + ' or '.join(near) + '? ' if near else ''}{varies}"


def unit_of(name: str) -> str:
    """Return the unit of a parameter by the schema; empty if it has none."""
    found = spot(tuple(name.split(".")))
    return found.parameter.unit if found is not None and found.parameter is not None else ""


def said_list(names: Sequence[str], between: str = ", ") -> str:
    """List names, the first dozen of them."""
    return between.join(names[:MOST_SAID]) + (f" and {len(names) - MOST_SAID} more" if len(names) > MOST_SAID else "")


def at(scenario: Any, path: str) -> Any:
    """Return the value at a path of a scenario as the manifest holds it; None if nothing does."""
    here = scenario
    for step in path.split("."):
        if isinstance(here, dict) and step in here:
            here = here[step]
        elif isinstance(here, list) and step.isdigit() and int(step) < len(here):
            here = here[int(step)]
        else:
            return None
    return here


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the paths of all numbers, texts and flags of a tree."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from leaves(value, (*path, str(name)))
    elif not isinstance(tree, list):
        yield path


def differing(trees: Sequence[Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the paths of numbers, texts and flags that are not the same in all trees; lists count as they are written."""
    first = trees[0]
    if all(one == first for one in trees):
        return
    if all(isinstance(one, dict) for one in trees):
        for name in dict.fromkeys(name for one in trees for name in one):
            yield from differing([one.get(name) for one in trees], (*path, str(name)))
    elif not any(isinstance(one, dict | list) for one in trees):
        yield path


def _key(value: Any) -> Any:
    return str(value) if isinstance(value, dict | list) else value


__all__ = ["APART", "CANDIDATE", "CASE", "LABEL", "Parameters", "at", "differing", "leaves", "said_list", "unit_of"]
