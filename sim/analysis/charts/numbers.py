"""The numbers behind charts: a frame per kind, with every interval, as `--table` writes it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis import inputs, points
from sim.analysis.charts import kinds
from sim.analysis.charts.best import may_be_best
from sim.analysis.charts.parameters import LABEL
from sim.analysis.charts.quantities import TIMED, Cube, Quantity, cube, series
from sim.analysis.charts.request import SEARCHED, Cell, Request, has_search
from sim.analysis.frames import Frame, spread
from sim.experiment.designs import HOURS, INPUT
from sim.experiment.errors import ResultsError
from sim.experiment.sensitivity import END, HIGH, LOW
from sim.experiment.statistics import CONFIDENCE, mean

BINS = 30
QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
OUTCOME = "outcome"
PARAMS, TRIAL, NET_RETURN = "params", "trial", "net_return"


def cubes(asked: Request) -> dict[str, Cube]:
    """Return each outcome that is asked for, shape (points that count, replications), by its name."""
    return {one.name: cube(asked.results, one, asked.parameters.points) for one in asked.y}


def _of_cell(asked: Request, cell: Cell) -> dict[str, Any]:
    """Return the columns that say which cell each row is about."""
    found = {asked.x[0]: cell.x} if asked.x and asked.kind != kinds.TIME else {}
    return found | ({asked.by: cell.by} if asked.by else {})


def averages(values: Cube, cell: Cell) -> Cube:
    """Average the points of a cell within each world, shape (replications,)."""
    found: Cube = values[list(cell.places)].mean(axis=0) if len(cell.places) > 1 else values[cell.places[0]]
    return found


def means(asked: Request) -> Frame:
    """Return a row per outcome and cell: the mean over worlds with its interval, and whether the cell may be the best."""
    rows = []
    for name, values in cubes(asked).items():
        cells = np.array([averages(values, cell) for cell in asked.cells])
        estimates = [mean(one) for one in cells]
        direction = -1.0 if asked.lowest else 1.0
        may = may_be_best(direction * cells)
        middles = direction * np.array([one.value for one in estimates])
        best = int(np.nanargmax(middles)) if np.isfinite(middles).any() else -1
        for number, (cell, one) in enumerate(zip(asked.cells, estimates, strict=True)):
            rows.append(
                {
                    OUTCOME: name,
                    **_of_cell(asked, cell),
                    **asdict(one),
                    "points": len(cell.places),
                    "worlds": int(np.isfinite(cells[number]).sum()),
                    "is_best": number == best,
                    "may_be_best": bool(may[number]),
                }
            )
    return pd.DataFrame(rows)


def by_point(asked: Request) -> Frame:
    """Return a row per point: its parameters, and the mean of each outcome with its interval."""
    frame = asked.parameters.frame()
    for name in (*asked.x, asked.by):
        if name and name not in frame and not (asked.is_of_outcomes and name == asked.x[0]):
            frame[name] = asked.parameters.values(name)
    shown = cubes(asked)
    if asked.is_of_outcomes:
        name = asked.x[0]
        shown = {name: cube(asked.results, Quantity(name), asked.parameters.points)} | shown
    for name, values in shown.items():
        found = [mean(one) for one in values]
        for end in ("value", "low", "high"):
            frame[name if end == "value" else f"{name}_{end}"] = [getattr(one, end) for one in found]
    return frame


def across_axes(asked: Request) -> Frame:
    """Return a row per point; or, where a search is shown, a row per trial with its parameters and its net return."""
    if not asked.is_of_search:
        return by_point(asked)
    frame, names = trials(asked)
    return frame[[TRIAL, *names, "value"]].rename(columns={"value": asked.y[0].name})


def pooled(values: Cube, cell: Cell) -> Cube:
    """Return the worlds of all points of a cell, one by one, without those in which an outcome is undefined."""
    found = values[list(cell.places)].ravel()
    return found[np.isfinite(found)]


def quantiles(asked: Request) -> Frame:
    """Return a row per outcome and cell: quantiles over single worlds, and the mean with its interval."""
    rows = []
    for name, values in cubes(asked).items():
        for cell in asked.cells:
            worlds = pooled(values, cell)
            found = np.quantile(worlds, list(QUANTILES.values())) if worlds.size else np.full(len(QUANTILES), np.nan)
            rows.append(
                {
                    OUTCOME: name,
                    **_of_cell(asked, cell),
                    **dict(zip(QUANTILES, found.tolist(), strict=True)),
                    **spread("mean", mean(averages(values, cell))),
                    "worlds": worlds.size,
                }
            )
    return pd.DataFrame(rows)


def counts(asked: Request) -> Frame:
    """Return a row per outcome, cell and bin: how many worlds lie in it; all cells have the same bins."""
    rows = []
    for name, values in cubes(asked).items():
        known = values[np.isfinite(values)]
        edges = (
            np.histogram_bin_edges(known, bins=min(BINS, max(5, int(2.0 * known.size ** (1 / 3))))) if known.size else [0, 1]
        )
        for cell in asked.cells:
            found, _ = np.histogram(pooled(values, cell), bins=edges)
            rows += [
                {OUTCOME: name, **_of_cell(asked, cell), "from": low, "to": high, "worlds": int(count)}
                for low, high, count in zip(edges[:-1], edges[1:], found, strict=True)
            ]
    return pd.DataFrame(rows)


def shares_below(asked: Request) -> Frame:
    """Return a row per outcome, cell and value: the share of worlds at or below it, with its Wilson interval.

    Where a cell holds several points, their worlds share random numbers; the interval is that of one point's worlds, which is
    too wide rather than too narrow.
    """
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415  # heavy

    frames = []
    for name, values in cubes(asked).items():
        for cell in asked.cells:
            worlds = np.sort(pooled(values, cell))
            share = np.arange(1, worlds.size + 1) / max(1, worlds.size)
            trials = worlds.size / len(cell.places)
            low, high = proportion_confint(share * trials, max(trials, 1.0), alpha=1.0 - CONFIDENCE, method="wilson")
            frames.append(
                pd.DataFrame(
                    {OUTCOME: name, **_of_cell(asked, cell), "value": worlds, "share": share, "low": low, "high": high}
                )
            )
    return pd.concat(frames, ignore_index=True)


def over_time(asked: Request) -> Frame:
    """Return a row per column, cell and week or quarter: the mean with its interval, and where nine in ten worlds lie."""
    frames = []
    for one in asked.y:
        values = series(asked.results, one, asked.parameters.points)
        for cell in asked.cells:
            each = values[list(cell.places)].mean(axis=0)  # (replications, times)
            found = [mean(column) for column in each.T]
            worlds = np.full((2, each.shape[1]), np.nan)
            known = np.isfinite(each).any(axis=0)
            worlds[:, known] = np.nanquantile(
                values[list(cell.places)].reshape(-1, each.shape[1])[:, known], [0.05, 0.95], axis=0
            )
            frames.append(
                pd.DataFrame(
                    {
                        OUTCOME: one.name,
                        **_of_cell(asked, cell),
                        TIMED[one.table]: range(each.shape[1]),
                        **{end: [getattr(each_, end) for each_ in found] for end in ("value", "low", "high")},
                        "q05": worlds[0],
                        "q95": worlds[1],
                    }
                )
            )
    return pd.concat(frames, ignore_index=True).dropna(subset=["value"])


def swings(asked: Request) -> Frame:
    """Return a row per outcome and input, largest swing first: the change with the input at either end, paired by world.

    It is that at the level of hours which is advised with all inputs as they are, as in question 12.
    """
    results = asked.results
    usual = float(inputs.table(results)["usual_hours"].iloc[0])
    every = range(len(results.labels))
    said = [points.settings(results, point) for point in every]
    here = [point for point in every if float(said[point].get(HOURS, usual)) == usual]
    base = next(point for point in here if INPUT not in said[point])
    frames = []
    for one in asked.y:
        values = cube(results, one, list(every))
        rows: dict[str, dict[str, Any]] = {}
        for point in here:
            if INPUT in said[point]:
                end = said[point][END]
                row = rows.setdefault(said[point][INPUT], {OUTCOME: one.name, "input": said[point][INPUT], HOURS: usual})
                row[f"{end}_value"] = float(said[point]["value"])
                row |= spread(f"{end}_change", mean(values[point] - values[base]))
        frame = pd.DataFrame(list(rows.values()))
        frame["swing"] = (frame[f"{HIGH}_change"] - frame[f"{LOW}_change"]).abs()
        frames.append(frame.sort_values("swing", ascending=False, kind="stable"))
    return pd.concat(frames, ignore_index=True)


def kept(asked: Request, name: str, columns: Sequence[str]) -> Frame:
    """Read what a search kept beside the tables.

    Raises
    ------
    ResultsError
        If the file cannot be read, or lacks a column.
    """
    path = asked.results.folder / name
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path}: cannot be read ({type(error).__name__}); compute it anew") from error
    missing = [one for one in columns if one not in frame]
    if missing or frame.empty:
        raise ResultsError(f"{path}: {f'lacks the column {missing[0]}' if missing else 'has no rows'}; compute it anew")
    return frame


def indices(asked: Request) -> Frame:
    """Return Sobol' indices, the largest total first."""
    frame = kept(asked, "sobol.csv", ("path", "first", "first_half_width", "total", "total_half_width"))
    return frame.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def history(asked: Request) -> Frame:
    """Return the trials of a search in their order, and the best return so far."""
    frame = kept(asked, SEARCHED, (TRIAL, NET_RETURN)).sort_values(TRIAL, ignore_index=True)
    return frame.assign(best_so_far=frame[NET_RETURN].cummax())


def trials(asked: Request) -> tuple[Frame, list[str]]:
    """Return what importance is told from: a row per trial of the search or point of the design, and the parameters."""
    if has_search(asked.results):
        frame = kept(asked, SEARCHED, (TRIAL, NET_RETURN))
        names = [one for one in map(str, frame.columns) if "." in one and frame[one].nunique() > 1]
        return frame.rename(columns={NET_RETURN: "value"}), names
    name = asked.y[0].name if asked.y else "net_return_expected"
    values = cube(asked.results, asked.y[0] if asked.y else Quantity(name), asked.parameters.points).mean(axis=1)
    return asked.parameters.frame().assign(value=values), list(asked.parameters.numbers)


def importance(asked: Request) -> Frame:
    """Return how much each parameter matters for being among the best tenth, by Optuna's PED-ANOVA; they sum to 1."""
    import optuna  # noqa: PLC0415  # heavy

    frame, names = trials(asked)
    known = frame[np.isfinite(frame["value"])]
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="minimize" if asked.lowest else "maximize")
    ranges = {name: (float(known[name].min()), float(known[name].max())) for name in names}
    laws: dict[str, Any] = {
        name: optuna.distributions.FloatDistribution(*ends) for name, ends in ranges.items() if ends[0] < ends[1]
    }
    study.add_trials(
        [
            optuna.trial.create_trial(
                params={name: float(row[name]) for name in laws}, distributions=laws, value=float(row["value"])
            )
            for row in known.to_dict("records")
        ]
    )
    evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    found = optuna.importance.get_param_importances(study, evaluator=evaluator)
    return pd.DataFrame({"parameter": list(found), "importance": list(found.values())})


FRAMES: dict[str, Callable[[Request], Frame]] = {
    kinds.LINE: means, kinds.HEAT: means, kinds.CONTOUR: means, kinds.SCATTER: by_point, kinds.BOX: quantiles,
    kinds.HIST: counts, kinds.ECDF: shares_below, kinds.TIME: over_time, kinds.PAIRS: by_point, kinds.PARALLEL: across_axes,
    kinds.TORNADO: swings, kinds.SOBOL: indices, kinds.HISTORY: history, kinds.IMPORTANCE: importance,
}  # fmt: skip

__all__ = ["FRAMES", "LABEL", "OUTCOME"]
