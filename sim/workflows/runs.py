"""Run scenarios against their zero-hours twins, sweep parameters, follow a study, continue what was interrupted, compare."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Unpack

from sim.experiment import extension, runner
from sim.experiment.backends import Workers
from sim.experiment.designs import GRID, Axis, Layout
from sim.experiment.limits import with_lifted
from sim.experiment.pace import pace_of
from sim.experiment.plan import Plan
from sim.experiment.study import load_study, point_of, sets_of
from sim.experiment.trace_run import traced
from sim.model.twin import twin_of
from sim.report.answers import one_page
from sim.report.answers.comparison import Comparison
from sim.report.answers.dry_run import DryRun
from sim.report.answers.trace import AccountTraced
from sim.report.export import figures
from sim.report.html import report
from sim.report.questions import answerable
from sim.report.text.channel_years import channels_of_another_time
from sim.scenario import Loaded, Scenario, load_tagged
from sim.scenario.schema.facts import FACTS
from sim.scenario.shipped import STUDIES, found
from sim.workflows.announced import check_plan, check_world
from sim.workflows.options import SEED, WORLDS, Bar, Folder, Run, RunOptions, ScenarioLike, Worlds, loaded, no_bar
from sim.workflows.results import ResultsLike, RunResults, kept, resumable, stored_in
from sim.workflows.unknown import Asking
from sim.workflows.warnings import decide_beside

Vary = str | Mapping[str, Any]


def run(
    scenario: ScenarioLike, *, lift: Sequence[str] = (), spillover: bool = False, **options: Unpack[RunOptions]
) -> RunResults:
    """Run a scenario and its zero-hours twin on the same random numbers.

    Parameters
    ----------
    scenario
        A scenario, or its file.
    lift
        Also run without these limits, each alone, to see what it costs; `all` stands for every limit.
    spillover
        Also tell direct effects from those by sales load, word of mouth and crises; slower.
    **options
        `replications`, `precision`, `half_width`, `outcome`, `seconds`, `seed`, `workers`, `folder`, `force`, `bar` and
        `remark`: see `sim.workflows.options.Run`.

    Raises
    ------
    ScenarioError
        If the file is not a scenario.
    ResultsError
        If the folder is taken, or options do not go together.
    RunError
        If time is up or the disk is full before a replication is finished; finished work is kept in the folder.

    Examples
    --------
    >>> results = sim.run("scenarios/first.yaml", replications=2)
    >>> len(results.outcomes())
    2
    """
    how = Run.of(options)
    given = loaded(scenario, how)
    base = given.scenario
    _remark_on_channels(how, [given])
    return _executed(how.plan(base.name, with_lifted([point_of(base, [base])], lift), spillover), how)


def sweep(
    scenario: ScenarioLike | Sequence[ScenarioLike],
    *vary: Vary,
    design: str = GRID,
    samples: int | None = None,
    zipped: bool = False,
    points: Folder | None = None,
    lift: Sequence[str] = (),
    spillover: bool = False,
    **options: Unpack[RunOptions],
) -> RunResults:
    """Run a scenario at every combination of the values to vary, or at points spread over ranges; or several scenarios.

    Parameters
    ----------
    scenario
        A scenario, or its file; or several, each of which is a case, crossed with what varies.
    *vary
        What to vary: a mapping from paths to values, such as `{"team.hours_per_week": range(5, 45, 5)}`, or texts as on the
        command line, such as `"team.hours_per_week=5:40:5"` or `"effects.good_post=1:4:log5"`.
    design
        `grid`; or `lhs` or `sobol`, for which a mapping gives ranges as `(low, high)`. A surface is fitted to these.
    samples
        Points of a Latin hypercube or a Sobol' design.
    zipped
        Take the first values together, then the second, and so on, instead of every combination.
    points
        A CSV file with a row per point and a column per path, instead of values to vary.
    lift, spillover, **options
        As for `run`.

    Raises
    ------
    ScenarioError, ResultsError, RunError
        As `run` does; also if a path is unknown or a combination is not a possible scenario.

    Examples
    --------
    >>> results = sim.sweep("scenarios/first.yaml", {"team.hours_per_week": [5, 10]}, replications=2)
    >>> results.labels
    ['5 h/week', '10 h/week']
    """
    layout = Layout(tuple(_axes(vary)), design, samples, zipped, None if points is None else Path(points))
    how = Run.of(options)
    return _executed(planned(scenario, layout, how, lift=lift, spillover=spillover), how)


def planned(
    scenario: ScenarioLike | Sequence[ScenarioLike],
    layout: Layout,
    how: Run,
    *,
    lift: Sequence[str] = (),
    spillover: bool = False,
) -> Plan:
    """Plan a sweep, without running a world of it.

    Raises
    ------
    ScenarioError, ResultsError
        As `sweep` does.
    """
    every = [scenario] if isinstance(scenario, Scenario | Loaded | str | PathLike) else list(scenario)
    given = [loaded(one, how) for one in every]
    _remark_on_channels(how, given)
    points = layout.of_all([one.scenario for one in given], how.seed)
    name = ", ".join(one.scenario.name for one in given)
    return replace(how.plan(name, with_lifted(points, lift), spillover), design=layout.design)


def dry_sweep(
    scenario: ScenarioLike | Sequence[ScenarioLike],
    layout: Layout,
    *,
    lift: Sequence[str] = (),
    spillover: bool = False,
    **options: Unpack[RunOptions],
) -> DryRun:
    """Say how many worlds a sweep would run and about how long that would take, from a few of them; nothing is written.

    Raises
    ------
    ScenarioError, ResultsError
        As `sweep` does.
    """
    how = Run.of(options)
    plan = planned(scenario, layout, how, lift=lift, spillover=spillover)
    return DryRun(plan, pace_of(plan), how.crew.count, how.seconds if how.is_open else None)


def _axes(vary: Sequence[Vary]) -> Iterable[Axis]:
    for one in vary:
        if isinstance(one, str):
            yield one
        else:
            yield from (f"{path}={values}" if isinstance(values, str) else (path, [*values]) for path, values in one.items())


def study(file: Folder, *, overrides: Sequence[str] = (), sets: int | None = None, **options: Unpack[RunOptions]) -> RunResults:
    """Run the study of a file: all its levels, then figures and the report, in one folder.

    Parameters
    ----------
    file
        A study file, or the name of one that is shipped, such as `hours`.
    overrides
        Changes to its scenarios, such as `"sales.margin=0.4"`.
    sets
        Sets of assumptions to draw, for what to decide while much is unknown; by default as the study says.
    **options
        As for `run`; `replications` and `seed` override those of the file.

    Raises
    ------
    ScenarioError, ResultsError, RunError
        As `run` does.

    Examples
    --------
    >>> results = sim.study("scenarios/studies/measurement_hours.yaml", overrides=["time.horizon_weeks=30"], replications=2)
    >>> (results.folder / "report.html").exists()
    True
    """
    how, file = Run.of(options), found(Path(file), STUDIES)
    plan = load_study(
        file,
        replications=how.replications,
        seed=options.get("seed"),
        overrides=tuple(overrides),
        workers=how.crew,
        check=lambda scenario: check_world(scenario, how),
    )
    if how.is_open:
        plan = replace(plan, replications=0, target=how.target)
    _remark_on_channels(how, [loaded(point.scenario) for point in plan.points])
    results = _executed(plan, how)
    asked, given = sets_of(file)
    drawn = asked if sets is None else sets
    if drawn and one_page.is_of_levels(results):
        worlds = Worlds(seed=plan.seed, workers=how.workers, bar=how.bar, remark=how.remark, yes=how.yes)
        decide_beside(results, Asking(FACTS, drawn), worlds, load_tagged(given, tuple(overrides)))
    figures.write_figures(results, results.folder / "figures", answerable(results), "png")
    report.write([results], results.folder / "report.html")
    return results


def resume(
    folder: Folder,
    *vary: Vary,
    replications: int | None = None,
    points: Folder | None = None,
    workers: int | Workers = 1,
    seconds: float | None = None,
    bar: Bar = no_bar,
) -> RunResults:
    """Finish a run that was interrupted, or add worlds or points to one; the tables are those of a run asked for at once.

    Parameters
    ----------
    folder
        The result folder; it says what is to be run.
    *vary
        Points to add, as for `sweep`: those that are not there yet. They set the parameters that the others set.
    replications
        Worlds per point that there are to be in all, more than there are now.
    points
        Or a CSV file with the points to add.
    workers, seconds, bar
        As for `run`.

    Raises
    ------
    ResultsError
        If there is no run to resume, or nothing would be added.
    RunError
        As `run` does; finished work is kept.

    Examples
    --------
    >>> sim.resume("results/reference").labels
    ['10 hours']
    """
    how = Run(workers=workers, seconds=seconds)
    if vary or points is not None or replications is not None:
        added = Layout(tuple(_axes(vary)), rows=None if points is None else Path(points))
        extension.extend(Path(folder), replications, added if vary or points is not None else None)
    with bar(str(folder), WORLDS) as progress, resumable(Path(folder)):
        return RunResults.of(runner.resume(Path(folder), workers=how.crew, seconds=seconds, progress=progress))


def twin(scenario: ScenarioLike) -> Scenario:
    """Return the zero-hours twin of a scenario: what it is held against, world by world.

    Examples
    --------
    >>> sim.twin("scenarios/first.yaml").team.hours_per_week
    0.0
    """
    return twin_of(loaded(scenario).scenario)


def trace(scenario: ScenarioLike, account: int, *, seed: int | None = None, yes: bool = False) -> AccountTraced:
    """Follow one account through the first world of a scenario and through its twin.

    Parameters
    ----------
    scenario
        A scenario, or its file.
    account
        Number of the account, from 0.
    seed
        Of all draws; by default that of `run`.
    yes
        Trace in a large world, too.

    Raises
    ------
    ResultsError
        If the market has no such account, or its worlds are large.

    Examples
    --------
    >>> sim.trace("scenarios/first.yaml", account=7).trace.account
    7
    """
    base = loaded(scenario, Worlds(yes=yes)).scenario
    return AccountTraced(traced(point_of(base, [base]), SEED if seed is None else seed, account), base)


def compare(*results: ResultsLike, baseline: str | None = None, matters: float | None = None) -> Comparison:
    """Compare every point with a baseline, world by world on the same draws.

    Parameters
    ----------
    *results
        Results, or their folders; of the same seed.
    baseline
        The point to compare with; by default the first.
    matters
        Also select the point of highest net return: with a probability of 95 % none is better by so much or more.

    Returns
    -------
    Comparison
        Its `differences` are a frame: a row per point and outcome, with intervals and p-values adjusted by Holm's method.

    Raises
    ------
    ResultsError
        If the results have no worlds in common, there is no such point, or there is nothing to compare with.

    Examples
    --------
    >>> results = sim.sweep("scenarios/first.yaml", {"team.hours_per_week": [5, 10]}, replications=2)
    >>> sim.compare(results, baseline="10 h/week").differences["point"].unique().tolist()
    ['5 h/week']
    """
    return Comparison.of([stored_in(one) for one in results], baseline, matters)


def _remark_on_channels(how: Run, scenarios: Iterable[Loaded]) -> None:
    """Remark once on channels that are not of the time in which scenarios play."""
    remark = next((one for one in map(channels_of_another_time, scenarios) if one is not None), None)
    if remark is not None:
        how.remark(remark)


def _executed(plan: Plan, how: Run) -> RunResults:
    check_plan(plan, how)
    with how.bar(plan.name, WORLDS) as progress, resumable(how.path):
        return kept(
            how.path,
            lambda folder: runner.execute(
                plan, folder, workers=how.crew, force=how.force, seconds=how.seconds, progress=progress
            ),
        )
