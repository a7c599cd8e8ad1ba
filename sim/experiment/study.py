"""Studies: a question, its levels and cases, the limits to lift, replications and seed, in one file."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.experiment.backends import HERE, Workers
from sim.experiment.company import met
from sim.experiment.designs import CASE, HOURS, Layout, hours_label, label_of
from sim.experiment.errors import ResultsError
from sim.experiment.files import checked, fault_at
from sim.experiment.limits import named, with_lifted
from sim.experiment.plan import Plan, Point
from sim.scenario import Scenario, ScenarioError, apply, load
from sim.scenario.schema.base import Name
from sim.scenario.yaml import KeyPath, Text
from sim.scenario.yaml import read as read_yaml

MOST_REPLICATIONS = 1_000_000
MOST_SETS = 5_000


class Study(BaseModel):
    """The content of a study file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Name
    description: str = ""
    scenarios: Annotated[list[str], Field(min_length=1)]
    vary: list[str] = []
    design: Literal["grid", "lhs", "sobol"] = "grid"
    samples: Annotated[int, Field(ge=1)] | None = None
    cases: dict[Name, dict[str, Any]] = {}
    lift: list[str] = []
    spillover: bool = False
    replications: Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)] = 30
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    sets: Annotated[int, Field(ge=0, le=MOST_SETS)] = 0  # of assumptions to draw, for what to decide while much is unknown

    @model_validator(mode="after")
    def _varies_one(self) -> "Study":
        for what, given in (("vary", self.vary), ("cases", self.cases)):
            if given and len(self.scenarios) > 1:
                raise ValueError(f"{what} goes with one scenario")
        return self


def sets_of(path: Path) -> tuple[int, Path]:
    """Read how many sets of assumptions a study asks for, and the file of its first scenario.

    Raises
    ------
    ScenarioError
        If the file is not a study.
    """
    study = _checked(path, read_yaml(path))
    return study.sets, path.parent / study.scenarios[0]


def load_study(
    path: Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    overrides: tuple[str, ...] = (),
    workers: Workers = HERE,
    check: Callable[[Scenario], None] = lambda _: None,
) -> Plan:
    """Load the plan of a study file; its scenarios are named relative to it, and meet what their companies state.

    `check` sees each of them before that takes any world.

    Raises
    ------
    ScenarioError, ResultsError
        If the file or one of its scenarios cannot be used.
    """
    text = read_yaml(path)
    study = _checked(path, text)
    loaded = [load(path.parent / one, overrides) for one in study.scenarios]
    for scenario in loaded:
        check(scenario)
    scenarios = [met(scenario, workers) for scenario in loaded]
    if study.cases:
        points = _cases(path, text, study, scenarios[0])
    elif study.vary:
        points = _design(scenarios[0], study)
    else:
        points = tuple(point_of(one, scenarios) for one in scenarios)
    return Plan(
        study.name,
        with_lifted(points, study.lift),
        replications or study.replications,
        study.seed if seed is None else seed,
        study.spillover,
        design=study.design if not study.cases else "grid",
    )


def _design(base: Scenario, study: Study) -> tuple[Point, ...]:
    return _layout(study).points(base, study.seed) if study.vary else ()


def _layout(study: Study) -> Layout:
    return Layout(tuple(study.vary), study.design, study.samples)


def _checked(path: Path, text: Text) -> Study:
    """Check that the content of a file is a study, and return it.

    Raises
    ------
    ScenarioError
        If it is not.
    """
    study = checked(Study, path, text)
    try:
        named(study.lift)
    except ResultsError as error:
        raise fault_at(path, text, ("lift",), str(error)) from None
    return study


def _cases(path: Path, text: Text, study: Study, scenario: Scenario) -> tuple[Point, ...]:
    """Build every case of the scenario, crossed with what varies.

    Raises
    ------
    ScenarioError
        If a case is not a possible scenario: at its key in the study.
    """
    points: list[Point] = []
    for name, values in study.cases.items():
        try:
            base = apply(scenario, values)
        except ScenarioError as error:
            raise ScenarioError.of([_in_case(path, text, name, values, one) for one in error.each()]) from None
        for point in _layout(study).points(base, study.seed) if study.vary else (Point("", base, {}),):
            settings = {**point.settings, CASE: name}
            points.append(Point(label_of(settings), point.scenario, settings))
    return tuple(points)


def _in_case(path: Path, text: Text, name: str, values: dict[str, Any], error: ScenarioError) -> ScenarioError:
    """Place a fault of a case at its key in the study."""
    key: KeyPath = ("cases", name)
    if error.key in values:
        key = (*key, error.key)
    fault = error.fault if error.key is None or error.key in values else f"{error.key}: {error.fault}"
    return fault_at(path, text, key, fault, error.remedy)


def point_of(scenario: Scenario, among: list[Scenario]) -> Point:
    """Make a scenario a point, named by its hours if these set it apart from the others, else by its name."""
    hours = scenario.team.hours_per_week
    settings: dict[str, Any] = {HOURS: hours}
    all_hours = [one.team.hours_per_week for one in among]
    if len(among) > 1 and len(set(all_hours)) == len(among):
        return Point(hours_label(hours), scenario, settings)
    names = [one.name for one in among]
    if names.count(scenario.name) > 1:
        raise ResultsError(f"two scenarios are named {scenario.name!r}; give each a name of its own")
    return Point(scenario.name, scenario, settings)
