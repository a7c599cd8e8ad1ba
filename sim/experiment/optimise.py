"""The best split of the hours, and the best hours: a search by Optuna, and a final stage on worlds that the search never saw.

A split is shares asked for: weights by which people choose what to do next. What they work under it is in the results.

The search looks at few worlds of many splits, always the same ones (common random numbers), so what it finds best is in part
lucky on them. The finalists are therefore run anew, beside today's split, on the worlds of a seed of their own; only
those say which is best, by how much, and how likely.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.designs import CANDIDATE, HOURS, MOVE, low_high
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import SEEDS, Evaluations, Values
from sim.experiment.plan import Point
from sim.experiment.precision import RETURN
from sim.experiment.simplex import SPLIT, from_uniforms
from sim.scenario import Scenario, apply
from sim.scenario.schema import ACTIVITIES

if TYPE_CHECKING:
    import optuna

MEASURED = "measured_return_begun_on_social"
AS_IT_IS, FOUND, ON_PAPER = "as it is", "found", "best in the records"
MOVED = " > "  # between the activity of which an hour less is asked and the one of which an hour more is
BATCH = 8  # candidates asked for at a time, whatever the workers, so that the search does not depend on them
SEARCH_SEED = 1_000_003  # added to the seed: the worlds of the search are not those of the final stage
SAMPLER_SEEDS = 2**32  # so many it knows
DIGITS = 3  # of a share: a thousandth of the hours is below what anybody can follow
HIGHEST = 0.999  # of the uniforms that shares are drawn by
STEP = 0.5  # hours per week between two that are tried
NOTHING_CREDITED = -1.0  # a measured return; what the search is told where it is undefined
LEAST_DISTANCE = 0.05  # half the sum of differences of shares from which on two splits are worth telling apart


@dataclass(frozen=True)
class Search:
    """The extent of a search: candidates, worlds of each, and how many reach the final stage."""

    trials: int = 160
    replications: int = 6
    finalists: int = 6
    hours: tuple[float, float] | None = None  # a range, if hours are to be found too
    front: bool = False  # look for what records show as well


@dataclass(frozen=True)
class Candidate:
    """A split (and hours) that was tried: its settings, mean true return and mean measured return in the search.

    The measured return is nan where nothing was spent in any world. `trial` numbers candidates as they were tried, from 1.
    """

    settings: dict[str, Any]
    true: float
    measured: float
    trial: int = 0


@dataclass(frozen=True)
class Space:
    """The space of a search: where it begins, as parameters of the sampler, and the settings that a trial asks for."""

    starts: Sequence[dict[str, Any]]
    settings: Callable[["optuna.Trial"], dict[str, Any]]


def splits_of(base: Scenario, hours: tuple[float, float] | None) -> Space:
    """Return the space of all splits, and of hours if there is a range."""
    activities = with_use(base)
    even: dict[str, float] = dict.fromkeys(activities, 1.0 / len(activities))
    steps = {} if hours is None else {"hours": nearest(base.team.hours_per_week, hours)}
    return Space(
        [_uniforms(start) | steps for start in (_shares(base), even)], lambda trial: _settings(trial, hours, activities)
    )


def search(
    base: Scenario, how: Search, evaluations: Evaluations, seed: int, progress: Callable[[int, int], None],
    space: Space | None = None,
) -> list[Candidate]:  # fmt: skip
    """Search for the best of a space, of all splits by default; return every candidate tried, best first.

    It is the same for any number of workers.

    Shares are drawn uniformly from all ways to split the hours, and then where it seems to pay (a tree-structured Parzen
    estimator over all of them together); today's split and an even one are tried first, with hours as near to those of
    the scenario as the range allows.

    Raises
    ------
    ResultsError
        If the net return of a candidate is undefined.
    """
    import optuna  # noqa: PLC0415  # heavy

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(
        seed=seed % SAMPLER_SEEDS, multivariate=True, constant_liar=True, n_startup_trials=4 * BATCH
    )
    study = optuna.create_study(directions=["maximize"] * (2 if how.front else 1), sampler=sampler)
    tries = splits_of(base, how.hours) if space is None else space
    for start in tries.starts:
        # Optuna 5.0.0 hands out an enqueued value even where it lies outside the range that is asked for.
        study.enqueue_trial(start)
    found: list[Candidate] = []
    while len(found) < how.trials:
        asked = [study.ask() for _ in range(min(BATCH, how.trials - len(found)))]
        settings = [tries.settings(trial) for trial in asked]
        outcomes = evaluations.outcomes(
            [apply(base, one) for one in settings], [RETURN, MEASURED], how.replications, (seed + SEARCH_SEED) % SEEDS
        )
        for trial, one, values in zip(asked, settings, outcomes, strict=True):
            true, measured = float(values[:, 0].mean()), _mean(values[:, 1])
            if not math.isfinite(true):
                tried = ", ".join(f"{path} {value}" for path, value in one.items())
                raise ResultsError(f"net return is undefined with {tried}")
            seen = measured if math.isfinite(measured) else NOTHING_CREDITED  # Optuna 5.0.0 takes nan for a trial that failed
            study.tell(trial, [true, seen] if how.front else true)
            found.append(Candidate(one, true, measured, len(found) + 1))
        progress(len(found), how.trials)
    return sorted(found, key=lambda one: -one.true)


def hours_range(base: Scenario, text: str) -> tuple[float, float]:
    """Return `LOW:HIGH` as hours per week.

    Raises
    ------
    ResultsError, ScenarioError
        If it is not a range, or the team cannot work that many hours.
    """
    ends = low_high(text)
    if ends is None or ends[0] <= 0.0 or ends[1] == math.inf:
        raise ResultsError(f"--hours {text}: write LOW:HIGH, such as 5:40")
    for hours in ends:
        apply(base, {HOURS: hours})
    return ends


def check_hours(base: Scenario, within: tuple[float, float] | None) -> None:
    """Check that there are hours to split, those of the scenario or a range to find them in.

    Raises
    ------
    ResultsError
        If not.
    """
    if within is None and base.team.hours_per_week == 0.0:
        raise ResultsError(f"{HOURS} is 0: no hours to split; raise it, or find hours too, with --hours LOW:HIGH")


def front(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that no other beats in both true and measured return, by measured return."""
    ranked = sorted((one for one in found if math.isfinite(one.measured)), key=lambda one: (-one.true, -one.measured))
    kept: list[Candidate] = []
    for one in ranked:
        if not kept or one.measured > kept[-1].measured:
            kept.append(one)
    return sorted(kept, key=lambda one: one.measured)


def finalists(base: Scenario, found: Sequence[Candidate], how: Search) -> list[Point]:
    """Return today's split and the best candidates, where these differ enough to be worth telling apart.

    Where hours are to be found too and those of the scenario lie outside the range, today's split has the nearest ones.
    """
    usual: dict[str, Any] = {f"{SPLIT}.{name}": share for name, share in _shares(base).items()}
    moved: dict[str, Any] = {}
    if how.hours is not None:
        low, high = how.hours
        usual[HOURS] = base.team.hours_per_week
        if not low <= base.team.hours_per_week <= high:
            usual[HOURS] = low + STEP * nearest(base.team.hours_per_week, how.hours)
            moved = {HOURS: usual[HOURS]}
    chosen: list[dict[str, Any]] = []

    def is_new(settings: dict[str, Any]) -> bool:
        return all(_distance(settings, other) >= LEAST_DISTANCE for other in (usual, *chosen))

    for one in found:
        if len(chosen) < how.finalists and is_new(one.settings):
            chosen.append(one.settings)
    points = [_point(base, AS_IT_IS, moved)]
    points += [_point(base, found_name(number), settings) for number, settings in enumerate(chosen, 1)]
    on_paper = front(found)[-1].settings if how.front and front(found) else None
    if on_paper is not None and is_new(on_paper):
        points.append(_point(base, ON_PAPER, on_paper))
    return points


def found_name(number: int) -> str:
    """Return the name of a split that the search found, from 1, the best there."""
    return f"{FOUND} {number}"


def giver_and_taker(move: str) -> tuple[str, str]:
    """Return the two activities of a move, as the settings of its point have it."""
    giver, taker = move.split(MOVED)
    return giver, taker


def moves(base: Scenario, hours: float = 1.0) -> list[Point]:
    """Return every move of an hour per week asked for, from an activity of which as much is asked to another.

    Raises
    ------
    ResultsError
        If no activity has an hour to give.
    """
    shares, moved = _shares(base), hours / base.team.hours_per_week if base.team.hours_per_week else math.inf
    points = []
    for giver, share in shares.items():
        if share < moved - 1e-9:
            continue
        for taker in shares:
            if taker != giver:
                changed = {giver: max(0.0, share - moved), taker: shares[taker] + moved}
                settings = {f"{SPLIT}.{name}": value for name, value in (shares | changed).items()}
                label = f"{giver}{MOVED}{taker}"
                points.append(Point(label, apply(base, settings), {MOVE: label}))
    if not points:
        raise ResultsError(f"no activity has {hours:g} h per week to give; raise team.hours_per_week")
    return points


def _point(base: Scenario, label: str, settings: dict[str, Any]) -> Point:
    return Point(label, apply(base, settings), {CANDIDATE: label, **{k: v for k, v in settings.items() if k == HOURS}})


def with_use(base: Scenario) -> tuple[str, ...]:
    """Return the activities that hours can be of use for: advocacy is one only if there are colleagues to feed and thank."""
    is_shared = base.profiles.colleagues > 0 or base.team.split.advocacy > 0.0
    return tuple(name for name in ACTIVITIES if name != "advocacy" or is_shared)


def _shares(base: Scenario) -> dict[str, float]:
    return {name: float(getattr(base.team.split, name)) for name in with_use(base)}


def _uniforms(shares: dict[str, float]) -> dict[str, float]:
    """Return uniforms that lead to these shares, as exponential spacings; their mean is 1 where the largest then fits."""
    times = min(len(shares), -math.log1p(-HIGHEST) / max(shares.values()))
    return {name: min(HIGHEST, -math.expm1(-share * times)) for name, share in shares.items()}


def most_steps(hours: tuple[float, float]) -> int:
    """Count the steps above the low end of a range that still lie in it."""
    low, high = hours
    return math.floor((high - low) / STEP + 1e-9)


def nearest(hours: float, within: tuple[float, float]) -> int:
    """Return the number of steps above the low end of a range that comes nearest to some hours."""
    return min(max(0, round((hours - within[0]) / STEP)), most_steps(within))


def _settings(
    trial: "optuna.Trial", hours: tuple[float, float] | None, activities: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    drawn = from_uniforms({name: trial.suggest_float(name, 0.0, HIGHEST) for name in activities})
    shares = {name: round(share, DIGITS) for name, share in drawn.items()}
    largest = max(shares, key=lambda name: shares[name])
    shares[largest] = round(shares[largest] + 1.0 - math.fsum(shares.values()), DIGITS)
    settings: dict[str, Any] = {f"{SPLIT}.{name}": share for name, share in shares.items()}
    if hours is not None:
        # Whole steps, as Optuna 5.0.0 warns of a range of floats that its step does not divide.
        low, high = hours
        settings[HOURS] = min(high, low + STEP * trial.suggest_int("hours", 0, most_steps(hours)))
    return settings


def _distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return half the sum of differences of shares; hours that differ by a fifth count as much as shares do."""
    shares = math.fsum(abs(one[key] - other[key]) for key in one if key != HOURS) / 2.0
    hours, others = one.get(HOURS, 1.0), other.get(HOURS, 1.0)
    return shares + (abs(math.log(hours / others)) if hours > 0.0 and others > 0.0 else math.inf)


def _mean(values: Values) -> float:
    """Average over the worlds in which there is a value; nan if there are none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan
