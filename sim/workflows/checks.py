"""Hold the advice, the published study and a company's own records against many worlds."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Unpack

from sim.calibrate import backcast as records
from sim.calibrate import columns as mappings
from sim.experiment import sensitivity as weighing
from sim.experiment import survey as asking
from sim.experiment.early_signs import OF_SETS
from sim.experiment.evaluation_cache import OUTCOMES, Evaluations, Measure, check_free
from sim.experiment.facts import load_facts
from sim.experiment.runner import Progress
from sim.experiment.sealed import write_json
from sim.experiment.ways import compare
from sim.report.answers import backcast as backcasts
from sim.report.answers import ensemble_sheet
from sim.report.answers import survey as surveys
from sim.report.answers.ensembled import Ensembled
from sim.report.html.sheet import write
from sim.report.text.translation import say
from sim.scenario import apply
from sim.workflows import unknown
from sim.workflows.announced import check_world
from sim.workflows.options import (
    WORLDS,
    Counted,
    CountedOptions,
    Folder,
    ScenarioLike,
    WorldOptions,
    Worlds,
    loaded,
)
from sim.workflows.searches import LEVELS, evaluating, levels_text
from sim.workflows.unknown import BELIEF, MEMBERS, Asking

DayOrder = Literal["dmy", "mdy"] | None
DecimalMark = Literal[".", ","] | None
FIRMS, EXECUTIVES = 1500, 100
BAND_REPLICATIONS = 100


def ensemble(  # noqa: PLR0913  # an option each
    scenario: ScenarioLike,
    *,
    facts: Folder | None = None,
    more_facts: Sequence[str] = (),
    ranges: Literal["all", "yours"] = "all",
    members: int = MEMBERS,
    belief: float = BELIEF,
    levels: str | Sequence[float] = LEVELS,
    buyers: int | None = None,
    policies: Sequence[ScenarioLike] = (),
    **options: Unpack[WorldOptions],
) -> Ensembled:
    """Find what to decide on hours while nobody knows which parameters are true.

    Sets of parameters are drawn from their ranges, some without any effect on buyers' minds. They count by how well their
    worlds agree with the facts. What each level returns over all of them, and what knowing more is worth, is the answer.

    Parameters
    ----------
    scenario
        A scenario, or its file.
    facts
        A file of facts that parameters are held against, in place of the published ones.
    more_facts
        Further facts, such as `"deals_by_horizon/year=15:25"`.
    ranges
        Draw all parameters that have a range, or those that the scenario's author gave as low, likely and high.
    members
        Sets of parameters to draw.
    belief
        Chance that social media moves no buyer's mind, before the facts.
    levels
        Hours per week among which one is advised. The scenario's own are added: facts are read there.
    buyers
        Asked per arm of a survey of recall, one of the tests by which a pilot may be judged; by default 200, or half of
        the accounts where these are fewer.
    policies
        Scenarios, or their files, whose hours over time are weighed beside the levels, in the same worlds: the schedule of
        `optimise`, the plan of `plan`, or your own. Nothing else of them counts.
    **options
        `seed`, `workers`, `folder`, `bar` and `remark`: see `sim.workflows.options.Worlds`. The folder gets a page and the
        sets of parameters.

    Raises
    ------
    ScenarioError, ResultsError
        If the file is not a scenario, a fact names no outcome, the folder is taken, or ranges contradict each other.

    Examples
    --------
    >>> answer = sim.ensemble("scenarios/first.yaml", members=4, levels=[5, 10])
    >>> answer.to_dict()["members"]["drawn"]
    4
    """
    how = Worlds.of(options)
    start = loaded(scenario, how)
    hours = weighing.levels_of(start.scenario, levels_text(levels))
    known = load_facts(None if facts is None else Path(facts), more_facts)
    made = (*ensemble_sheet.FILES, ensemble_sheet.POLICIES, unknown.QUESTION)
    _check_folder(how, made)  # members take a while
    over_time = unknown.policies_of(start.scenario, policies, how)
    asked = unknown.ask(start, hours, Asking(known, members, belief, buyers, over_time), ranges, how)
    question = unknown.question(asked, how.seed)
    unknown.check_question(how.path, question)
    with _evaluating(how, made, start.scenario.name, OF_SETS) as (place, evaluations, progress):
        lived = unknown.live_policies(asked, evaluations, how.seed, progress)
        found, decision = unknown.answer(asked, evaluations, how.seed, progress)
        compared = None if lived is None else compare(found, lived, belief, [one.name for one in over_time])
        write_json(place / unknown.QUESTION, question)
        write(ensemble_sheet.sheet_of(found, decision, start.scenario, asked.fixed, compared), place)
    return Ensembled(found, decision, start.scenario.currency, compared)


def survey(
    population: Folder | None = None,
    *,
    overrides: Sequence[str] = (),
    firms: int = FIRMS,
    size: int = EXECUTIVES,
    **options: Unpack[WorldOptions],
) -> surveys.Surveyed:
    """Ask the executives of many simulated firms what the study of 2012 asked.

    Parameters
    ----------
    population
        A file that says how firms differ (docs/scenario-reference.md); without it, as the defaults say.
    overrides
        Changes to the scenario that all firms share, such as `"sales.margin=0.4"`.
    firms
        Firms to simulate; more of them narrow the intervals.
    size
        Executives that the study is taken to have asked.
    **options
        As for `ensemble`.

    Raises
    ------
    ScenarioError, ResultsError
        If the file is not a population, or the folder holds something else.

    Examples
    --------
    >>> answer = sim.survey(overrides=["time.horizon_weeks=30"], firms=4)
    >>> answer.to_dict()["firms"]
    4
    """
    how, file = Worlds.of(options), None if population is None else Path(population)
    whom = asking.load_population(file)
    base = asking.base_of(whom, file, tuple(overrides))
    _check_folder(how, surveys.FILES)  # firms take a while
    check_world(apply(base, {"market.accounts": max(base.market.accounts, whom.firms.most_accounts)}), how)
    drawn = asking.firms_of(whom, base, firms, how.seed)
    measure = asking.measure(whom.answers.recall_quarters)
    with _evaluating(how, surveys.FILES, say("asking"), measure) as (place, evaluations, progress):
        pool = asking.ask(whom, drawn, how.seed, evaluations, progress)
        answer = surveys.Surveyed(pool, asking.table(pool, size), size, how.seed)
        write(answer.sheet(), place)
    return answer


def backcast(
    scenario: ScenarioLike,
    actual: Folder,
    *,
    columns: Folder | None = None,
    day_order: DayOrder = None,
    decimal: DecimalMark = None,
    **options: Unpack[CountedOptions],
) -> backcasts.Backcast:
    """Hold the last months as records show them against the same months as the scenario simulates them.

    Parameters
    ----------
    scenario
        A scenario, or its file; its `time.start` must not lie after the first period of the records.
    actual
        A CSV file with a row per week, month or quarter.
    columns
        A YAML file that says what the columns are called.
    day_order, decimal
        Order of dates such as 03/04/2018, and mark of amounts such as 1,234, where the file leaves it open.
    **options
        As for `ensemble`; `replications` are the worlds that make the band, 100 by default.

    Raises
    ------
    ScenarioError, ExportError, ResultsError
        If a file cannot be used, or the folder holds something else.

    Examples
    --------
    >>> answer = sim.backcast("scenarios/first.yaml", "months.csv", replications=20)
    >>> answer.to_dict()["from"]
    '2012-02-01'
    """
    how = Counted.of(options)
    base = loaded(scenario, how).scenario
    names = {} if columns is None else mappings.read_mapping(Path(columns)).columns
    read = records.read_actual(Path(actual), base, columns=names, day_order=day_order, decimal=decimal)
    replications = how.replications or BAND_REPLICATIONS
    with _evaluating(how, backcasts.FILES, base.name, records.measure(read)) as (place, evaluations, _):
        found = records.compare(read, base, evaluations, replications, how.seed)
        answer = backcasts.Backcast(read, found, base, replications, how.seed)
        write(answer.sheet(), place)
    return answer


def _check_folder(how: Worlds, made: Collection[str]) -> None:
    if how.path is not None:
        check_free(how.path, made)


@contextmanager
def _evaluating(
    how: Worlds, made: Collection[str], title: str, measure: Measure = OUTCOMES
) -> Iterator[tuple[Path, Evaluations, Progress | None]]:
    """Give a folder for worlds and what is made of them, the worlds seen there, and how to say how far it is."""
    _check_folder(how, made)
    with how.place() as place, evaluating(place, how, title, WORLDS, measure) as (evaluations, progress):
        yield place, evaluations, progress
