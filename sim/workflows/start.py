"""Begin with a company: from about ten plain numbers to its scenario; and any scenario's company read back."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Unpack

from sim.experiment.company import baseline_of
from sim.experiment.designs import HOURS
from sim.experiment.places import check_file
from sim.experiment.trip_wires import MEMBERS
from sim.intake.answers import Answers
from sim.intake.reading import read_answers, read_file
from sim.intake.scenario_file import scenario_file
from sim.model.twin import twin_of
from sim.report.answers.company import CompanyReadBack
from sim.scenario import Scenario, apply, load_tagged
from sim.workflows.announced import check_world, check_worlds
from sim.workflows.options import Folder, ScenarioLike, WorldOptions, Worlds, given, loaded
from sim.workflows.warnings import LEVELS_TRIED, SETS_DRAWN

KNOWN_TO = 0.01  # standard error of what is read back to those who begin, as a share

AnswersLike = Answers | Mapping[str, Any] | Folder


LEVELS = (5.0, 10.0, 20.0, 30.0, 40.0)  # hours per week that are compared for those who begin
REPLICATIONS = 20
TO_ANSWER = (len(LEVELS) + 1) * REPLICATIONS
# that `sim start` runs until it stops there, about: warnings take sets at three levels, early signs, and both ends of guesses
WORLDS_TO_COME = {"scenario": 0, "answer": TO_ANSWER, "warnings": TO_ANSWER + SETS_DRAWN * LEVELS_TRIED + MEMBERS + 200}


def levels_with(scenario: Scenario) -> list[float]:
    """Return the hours per week to compare for a company: usual ones, and its own."""
    return sorted({*LEVELS, scenario.team.hours_per_week} - {0.0})


def start(
    answers: AnswersLike, file: Folder, *, force: bool = False, worlds_to_come: int = 0, **options: Unpack[WorldOptions]
) -> CompanyReadBack:
    """Write the scenario of a company from about ten answers, and read the company back.

    Parameters
    ----------
    answers
        A mapping, or a YAML file: `name, year, currency, target_accounts, deals_per_year, deal_value, margin, customers,
        renewal_rate, cycle_months, people: [{name, hours, cost_per_hour}], channels: [..], now: {hours, followers, months}`.
        Only the name must be given; `unknown` keeps a range. Numbers may be written as people do: `18,000`, `45 %`.
    file
        The scenario file to write.
    force
        Replace a file that is there.
    worlds_to_come
        Worlds that are to be run of the scenario afterwards, at most hours; if they take long, that is said before any work.
    **options
        `workers`, `remark` and `yes`: see `sim.workflows.options.Worlds`.

    Raises
    ------
    ScenarioError
        With all that is wrong with the answers; nothing is written then.
    ResultsError
        If the file cannot be written, or is there already; or if worlds of that size take long, unless `yes` is given.

    Examples
    --------
    >>> her_firm = {"name": "Her Firm", "target_accounts": 300, "deals_per_year": 12, "customers": 40, "renewal_rate": "86 %"}
    >>> sim.start(her_firm, "her_firm.yaml").to_dict()["baseline"]["deals_per_year"]
    12.0
    """
    how, place = Worlds.of(options), Path(file)
    check_file(place, force, "mine.yaml")
    known = _read(answers)
    with tempfile.TemporaryDirectory(prefix="sim-") as folder:
        draft = Path(folder) / place.name
        draft.write_text(scenario_file(known), encoding="utf-8")
        first = given(draft).scenario
        check_worlds(apply(first, {HOURS: max(levels_with(first))}), worlds_to_come, how)
        scenario = loaded(draft, how).scenario
        draft.write_text(scenario_file(known, scenario.company), encoding="utf-8")
        scenario = load_tagged(draft).scenario
        found = CompanyReadBack(scenario, baseline_of(scenario, how.crew, KNOWN_TO))
        beside = place.with_name(f".{place.name}.{os.getpid()}")
        beside.write_bytes(draft.read_bytes())
    beside.replace(place)
    return found


def _read(answers: AnswersLike) -> Answers:
    """Read answers, wherever they are.

    Raises
    ------
    ScenarioError
        With all that is wrong with them.
    """
    if isinstance(answers, Answers):
        return answers
    return read_answers(answers) if isinstance(answers, Mapping) else read_file(answers)


def baseline(scenario: ScenarioLike, **options: Unpack[WorldOptions]) -> CompanyReadBack:
    """Tell what the company of a scenario is expected to win and keep without social media.

    Parameters
    ----------
    scenario
        A scenario, or its file.
    **options
        `workers`, `remark` and `yes`: see `sim.workflows.options.Worlds`.

    Raises
    ------
    ScenarioError
        If the file is not a scenario.
    ResultsError
        If worlds of that size take long, unless `yes` is given.

    Examples
    --------
    >>> sim.baseline("scenarios/b2b.yaml").to_dict()["name"]
    'B2B'
    """
    how = Worlds.of(options)
    found = given(scenario).scenario
    check_world(twin_of(found), how)
    return CompanyReadBack(found, baseline_of(found, how.crew))
