"""A request for a chart, checked before any work: parameters, outcomes, the kind of chart and its needs."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sim.analysis.charts import kinds, quantities
from sim.analysis.charts.fit import least_points
from sim.analysis.charts.parameters import LABEL, NEAR, Parameters, said_list
from sim.analysis.charts.quantities import OUTCOMES, TIMED, Quantity
from sim.analysis.inputs import has_ends
from sim.experiment.combined import CombinedResults
from sim.experiment.designs import CASE, HOURS
from sim.experiment.errors import ResultsError
from sim.experiment.precision import RETURN
from sim.experiment.results import Results

SEARCHED = "search.csv"  # the trials of a search


@dataclass(frozen=True)
class Asked:
    """A request for a chart, as it was written.

    Attributes
    ----------
    y
        Outcomes, or columns of weeks or quarters; a panel each. By default the expected net return.
    x
        A parameter, by its path or the end of it; `label` for the points by name, `week` or `quarter` for time; several for a
        scatter matrix and parallel coordinates; or an outcome, for a scatter plot.
    by
        A second parameter: a line or colour for each value, or the upright axis of a heat map.
    kind
        One of `kinds.KINDS`; a sensible one if not given.
    baseline
        Label of the point that others are held against, instead of the twin.
    absolute
        Show outcomes as they are, and not as differences from the twin.
    lowest
        The best is the lowest, and not the highest.
    """

    y: tuple[str, ...] = ()
    x: tuple[str, ...] = ()
    by: str | None = None
    kind: str | None = None
    baseline: str | None = None
    absolute: bool = False
    lowest: bool = False


@dataclass(frozen=True)
class Cell:
    """Points that share a value on the axis and a group; `places` are their places among the points that count."""

    x: Any
    by: Any
    places: tuple[int, ...]


@dataclass(frozen=True)
class Request:
    """A chart that can be drawn: everything in it is there."""

    results: Results
    parameters: Parameters
    kind: str
    x: tuple[str, ...]
    by: str | None
    y: tuple[Quantity, ...]
    lowest: bool = False
    is_of_search: bool = False  # shows the trials of a search, and not points

    @property
    def is_of_outcomes(self) -> bool:
        """Whether another outcome, and no parameter, is on the axis."""
        return self.kind == kinds.SCATTER and not is_parameter(self.parameters, self.x[0])

    @cached_property
    def cells(self) -> list[Cell]:
        """The points in groups of equal values on the axis and of the other parameter; numbers rise."""
        found: dict[tuple[Hashable, Hashable], list[int]] = {}
        across = (
            self.parameters.values(self.x[0]) if self.x and self.kind != kinds.TIME else [None] * len(self.parameters.points)
        )
        groups = self.parameters.values(self.by) if self.by else [None] * len(across)
        for place, key in enumerate(zip(across, groups, strict=True)):
            found.setdefault(key, []).append(place)
        order = {key: number for number, key in enumerate(sorted_values(across))}
        others = {key: number for number, key in enumerate(sorted_values(groups))}
        keys = sorted(found, key=lambda key: (others[key[1]], order[key[0]]))
        return [Cell(x, by, tuple(found[x, by])) for x, by in keys]

    @property
    def groups(self) -> list[Any]:
        """The values of the parameter that sets lines apart; one None if there is none."""
        return list(dict.fromkeys(cell.by for cell in self.cells))

    @property
    def columns(self) -> list[Any]:
        """The values on the axis."""
        return sorted_values([cell.x for cell in self.cells])

    @property
    def averaged(self) -> list[str]:
        """What was varied on purpose and differs within a cell: it is averaged over, or pooled."""
        shown = {*self.x, self.by}
        found = []
        for name in self.parameters.chosen:
            values = self.parameters.values(name)
            if name not in shown and any(len({str(values[place]) for place in cell.places}) > 1 for cell in self.cells):
                found.append(name)
        return found


def sorted_values(values: Sequence[Any]) -> list[Any]:
    """Return the different values of a parameter: numbers in ascending order, others in the order in which they come."""
    found = list(dict.fromkeys(values))
    return sorted(found) if all(isinstance(one, int | float) for one in found) else found


def has_search(results: Results) -> bool:
    """Return whether a search kept its trials beside the tables."""
    return not isinstance(results, CombinedResults) and (results.folder / SEARCHED).is_file()


def is_parameter(parameters: Parameters, name: str) -> bool:
    """Return whether a name is that of a parameter, and not of an outcome."""
    return name == LABEL or name in parameters.names


def request(results: Results, asked: Asked) -> Request:
    """Find everything that a chart is asked to show, and the kind of chart that shows it.

    Raises
    ------
    ResultsError
        If something is not there, or the kind cannot show it.
    """
    if asked.kind is not None and asked.kind not in kinds.KINDS:
        raise ResultsError(f"--kind {asked.kind}: {_near(asked.kind, kinds.KINDS)}there are {', '.join(kinds.KINDS)}")
    if asked.baseline is not None and asked.absolute:
        raise ResultsError("--baseline and --absolute: outcomes are either differences or as they are; give one of the two")
    names = frozenset((*asked.x, *([asked.by] if asked.by else [])))
    parameters = Parameters(results, names)
    every = {one: table for table, one in TIMED.items()}
    is_timed = asked.kind == kinds.TIME or (len(asked.x) == 1 and asked.x[0] in every) or _only_timed(asked)
    if is_timed and asked.kind not in (None, kinds.TIME):
        raise ResultsError(f"--kind {asked.kind}: weeks and quarters are shown by --kind time")
    wanted = asked.y or (() if is_timed or asked.kind in kinds.OF_SEARCHES else (RETURN,))
    if len(set(wanted)) > kinds.MOST_PANELS:
        raise ResultsError(f"--y: {len(set(wanted))} outcomes; at most {kinds.MOST_PANELS} can be read in one picture")
    if is_timed and not wanted:
        raise ResultsError("--kind time needs --y: a column of weeks or quarters, such as followers or deals_all")
    beside = [one for one in asked.x if one not in every]
    if is_timed and beside:
        raise ResultsError(
            f"--x {beside[0]}: {', '.join(wanted)} over time has weeks or quarters on its axis; give --by {beside[0]}"
        )
    table = next((every[one] for one in asked.x if one in every), "") if is_timed else ""
    if is_timed and not table:
        table = _usual_table(wanted, has_twin=not asked.absolute and asked.baseline is None)
    y = tuple(_quantity(results, asked, name, is_timed, table) for name in dict.fromkeys(wanted))
    x = () if is_timed else tuple(_axis(parameters, name, asked) for name in dict.fromkeys(asked.x))
    by = parameters.path_of(asked.by, "--by") if asked.by else None
    if by is not None and by in x:
        raise ResultsError(f"--by {asked.by}: is what --x shows already; give another parameter, or none")
    kind = kinds.TIME if is_timed else asked.kind or _usual(parameters, x, by)
    is_of_search = kind == kinds.PARALLEL and not x and wanted == (RETURN,) and has_search(results)
    if not is_of_search:
        x, by = _completed(parameters, kind, x, by)
    found = Request(results, parameters, kind, x, by, y, asked.lowest, is_of_search)
    _check(found)
    return found


def _only_timed(asked: Asked) -> bool:
    """Return whether all that is asked for is known over time, and some of it not otherwise."""
    timed = {name for table in TIMED for name in quantities.numbers_of(table)}
    is_known = asked.kind is None and bool(asked.y) and all(one in timed for one in asked.y)
    return is_known and any(one not in quantities.numbers_of(OUTCOMES) for one in asked.y)


def _usual_table(names: Sequence[str], *, has_twin: bool) -> str:
    """Return the table over time that holds all quantities, by quarter if only there they have a twin that is asked for.

    Raises
    ------
    ResultsError
        If one is known over time nowhere, or they are known in different tables only.
    """
    for name in names:
        quantities.table_of(name, over_time=True)
    fit = [table for table in TIMED if all(name in quantities.numbers_of(table) for name in names)]
    if not fit:
        raise ResultsError("--y: some of these are known by week only and some by quarter only; draw them apart")
    with_twin = [table for table in fit if has_twin and any(quantities.twin_of(table, name) for name in names)]
    return [*with_twin, *fit][0]


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, NEAR)
    return f"did you mean {' or '.join(near)}? " if near else ""


def _quantity(results: Results, asked: Asked, name: str, is_timed: bool, every: str) -> Quantity:
    table = quantities.table_of(name, over_time=is_timed, every=every)
    if table != OUTCOMES and not is_timed:
        raise ResultsError(f"--y {name}: is known over time only; leave --x and --kind out, or give --kind time")
    if asked.baseline is not None:
        return Quantity(name, table, baseline=_point(results, asked.baseline))
    return Quantity(name, table, "" if asked.absolute else quantities.twin_of(table, name))


def _point(results: Results, label: str) -> int:
    if label not in results.labels:
        known = f"{_near(label, results.labels)}there are {said_list(results.labels, '; ')}"
        raise ResultsError(f"--baseline {label}: no point has this label; {known}")
    return results.labels.index(label)


def _axis(parameters: Parameters, name: str, asked: Asked) -> str:
    if name in quantities.numbers_of(OUTCOMES) and asked.kind in (None, kinds.SCATTER):
        return name
    return parameters.path_of(name, "--x")


def _usual(parameters: Parameters, x: tuple[str, ...], by: str | None) -> str:
    """Choose a kind for what is asked for."""
    if len(parameters.points) == 1:
        return kinds.HIST
    if not x:
        is_design = len(parameters.numbers) > 2 and len(parameters.chosen) > 2
        return kinds.PAIRS if is_design else kinds.LINE
    if len(x) > 1:
        return kinds.PAIRS
    if not is_parameter(parameters, x[0]):
        return kinds.SCATTER
    return _usual_against(parameters, x[0], by) if parameters.is_number(x[0]) else kinds.LINE


def _usual_against(parameters: Parameters, x: str, by: str | None) -> str:
    """Choose a kind for a number on the axis."""
    groups = sorted_values(parameters.values(by)) if by else []
    if len(groups) > kinds.MOST_GROUPS:
        return kinds.HEAT if is_grid(parameters, x, by or "") else kinds.CONTOUR
    return kinds.SCATTER if is_scattered(parameters, x) else kinds.LINE


def is_scattered(parameters: Parameters, x: str) -> bool:
    """Return whether each point has a value of its own while other numbers vary too, as in a Latin hypercube."""
    alone = len(set(parameters.values(x))) == len(parameters.points)
    return alone and len(parameters.points) > 2 and len([one for one in parameters.numbers if one != x]) > 0


def is_grid(parameters: Parameters, x: str, by: str) -> bool:
    """Return whether two parameters were crossed: most of their combinations were run."""
    across, up = parameters.values(x), parameters.values(by)
    return len(set(zip(across, up, strict=True))) > 0.5 * len(set(across)) * len(set(up))


def _completed(parameters: Parameters, kind: str, x: tuple[str, ...], by: str | None) -> tuple[tuple[str, ...], str | None]:
    """Choose what was not said: the axis, and what sets lines apart; of several folders, always the folder."""
    is_beside = isinstance(parameters.results, CombinedResults) and CASE in parameters.chosen and CASE not in x
    if is_beside and kind in (kinds.LINE, kinds.SCATTER, kinds.BOX, kinds.TIME, kinds.HIST, kinds.ECDF):
        by = by or CASE
    order = [*([HOURS] if HOURS in parameters.chosen else []), *(one for one in parameters.chosen if one != HOURS)]
    numbers = [one for one in order if parameters.is_number(one)]
    if kind in kinds.OF_ALL:
        most = kinds.MOST_PAIRS - 1 if kind == kinds.PAIRS else kinds.MOST_AXES - 1
        return (x or tuple(parameters.numbers[:most])), by
    if kind in kinds.OF_TWO:
        free = [one for one in numbers if one not in x and one != by]
        x = x or tuple(free[:1])
        return x, by or next((one for one in free if one not in x), None)
    if kind in (kinds.TIME, kinds.HIST, kinds.ECDF):
        if not by and x:
            return (), x[0]
        fit = [one for one in order if len(set(map(str, parameters.values(one)))) <= kinds.MOST_GROUPS]
        few = len(parameters.points) <= kinds.MOST_GROUPS and len(parameters.points) > 1
        return (), by or (fit[0] if fit else LABEL if few else None)
    if x or kind in (kinds.TORNADO, *kinds.OF_SEARCHES):
        return x, by
    first = next((one for one in numbers if one != by), None) or next((one for one in order if one != by), LABEL)
    rest = [one for one in order if one != first]
    is_small = len(rest) == 1 and len(set(map(str, parameters.values(rest[0])))) <= kinds.MOST_GROUPS
    return (first,), by or (rest[0] if is_small and kind in (kinds.LINE, kinds.SCATTER, kinds.BOX) else None)


def _check(asked: Request) -> None:
    """Check that a kind can show what is asked for, raising ResultsError if not."""
    if asked.kind in kinds.OF_SEARCHES or asked.kind == kinds.TORNADO:
        _check_kept(asked)
        return
    if asked.is_of_search:
        return
    if len(asked.x) > 1 and asked.kind not in kinds.OF_ALL:
        raise ResultsError(f"--kind {asked.kind}: has one axis; give one --x, or --kind pairs or parallel")
    if asked.kind in kinds.OF_ALL:
        _check_all(asked)
    elif asked.kind in kinds.OF_TWO:
        _check_two(asked)
    elif asked.kind == kinds.SCATTER:
        _check_scatter(asked)
    else:
        _check_groups(asked)


def _check_kept(asked: Request) -> None:
    folder = asked.results.folder
    if isinstance(asked.results, CombinedResults):
        raise ResultsError(f"--kind {asked.kind}: shows one folder of results; give one")
    if asked.kind == kinds.TORNADO and not has_ends(asked.results):
        raise ResultsError(f"--kind tornado: no input was put to its ends in {folder}; see sim sensitivity")
    files = {kinds.SOBOL: ("sobol.csv", "sim sensitivity"), kinds.HISTORY: (SEARCHED, "sim optimise")}
    name, command = files.get(asked.kind, ("", ""))
    if name and not (folder / name).is_file():
        raise ResultsError(f"--kind {asked.kind}: there is no {name} in {folder}; {command} SCENARIO -o DIR makes it")
    is_design = len(asked.parameters.numbers) > 1 and len(asked.parameters.points) >= LEAST_FOR_IMPORTANCE
    if asked.kind == kinds.IMPORTANCE and not has_search(asked.results) and not is_design:
        raise ResultsError(
            f"--kind importance: needs the search of sim optimise, or a design of {LEAST_FOR_IMPORTANCE} points or more over"
            f" two or more numbers; {folder} has neither"
        )


LEAST_FOR_IMPORTANCE = 20


def _check_all(asked: Request) -> None:
    bad = [name for name in asked.x if not asked.parameters.is_number(name)]
    if bad:
        raise ResultsError(
            f"--x {bad[0]}: --kind {asked.kind} shows numbers only; choose among {said_list(asked.parameters.numbers)}"
        )
    if not asked.x or len(asked.parameters.points) < 3:
        raise ResultsError(
            f"--kind {asked.kind}: needs a number that varies over three points or more; there are"
            f" {len(asked.parameters.points)} points here"
        )
    most = kinds.MOST_PAIRS if asked.kind == kinds.PAIRS else kinds.MOST_AXES
    if len(asked.x) + len(asked.y) > most:
        raise ResultsError(f"--kind {asked.kind}: at most {most} parameters and outcomes can be read; choose some with --x")


def _check_two(asked: Request) -> None:
    if not asked.x or asked.by is None:
        raise ResultsError(
            f"--kind {asked.kind}: needs two parameters that vary, --x and --by; what varies here:"
            f" {said_list(asked.parameters.names) or 'nothing'}"
        )
    x, by = asked.x[0], asked.by
    if asked.kind == kinds.HEAT:
        across, up = (len(set(map(str, asked.parameters.values(name)))) for name in (x, by))
        if max(across, up) > kinds.MOST_ROWS or not is_grid(asked.parameters, x, by):
            raise ResultsError(
                "--kind heat: needs values that were crossed (a grid); for a design over ranges, give --kind contour"
            )
        return
    bad = [name for name in (x, by) if not asked.parameters.is_number(name)]
    if bad:
        raise ResultsError(f"--kind contour: {bad[0]} is not a number; give --kind heat")
    if is_grid(asked.parameters, x, by):
        if min(len(asked.columns), len(asked.groups)) < kinds.LEAST_CONTOURS:
            raise ResultsError(
                f"--kind contour: needs {kinds.LEAST_CONTOURS} values or more of either parameter; give --kind heat"
            )
    elif len(asked.cells) < least_points(2):
        raise ResultsError(
            f"--kind contour: a fitted surface needs {least_points(2)} points or more; there are {len(asked.cells)}"
        )


def _check_scatter(asked: Request) -> None:
    if not asked.is_of_outcomes and not asked.parameters.is_number(asked.x[0]):
        raise ResultsError(f"--kind scatter: {asked.x[0]} is not a number; give --kind line or box")
    if asked.by and not asked.parameters.is_number(asked.by):
        _check_number_of_groups(asked)


def _check_groups(asked: Request) -> None:
    _check_number_of_groups(asked)
    is_named = bool(asked.x) and (asked.kind == kinds.BOX or not asked.parameters.is_number(asked.x[0]))
    if is_named and len(asked.columns) > kinds.MOST_ROWS:
        raise ResultsError(
            f"--x {asked.x[0]}: has {len(asked.columns)} values; --kind {asked.kind} shows {kinds.MOST_ROWS} at most,"
            " give --kind scatter"
        )
    is_mean = asked.kind == kinds.LINE and bool(asked.x) and asked.parameters.is_number(asked.x[0])
    if is_mean and is_scattered(asked.parameters, asked.x[0]) and len(asked.columns) > kinds.MOST_GROUPS:
        raise ResultsError(
            f"--kind line: each of the {len(asked.columns)} points has its own {asked.x[0]} while other"
            " parameters vary; give --kind scatter"
        )


def _check_number_of_groups(asked: Request) -> None:
    if len(asked.groups) > kinds.MOST_GROUPS:
        instead = "--kind heat or contour" if asked.kind == kinds.LINE else "a parameter of fewer values"
        raise ResultsError(
            f"--by {asked.by}: has {len(asked.groups)} values; at most {kinds.MOST_GROUPS} can be told apart, give {instead}"
        )
