"""Studies: a question, its levels, replications and seed, in one file."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.experiment.designs import grid
from sim.experiment.errors import ResultsError
from sim.experiment.runner import Plan, Point
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.yaml import read as read_yaml

MOST_REPLICATIONS = 1_000_000


class Study(BaseModel):
    """What a study file says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    description: str = ""
    scenarios: Annotated[list[str], Field(min_length=1)]
    vary: list[str] = []
    replications: Annotated[int, Field(ge=1, le=MOST_REPLICATIONS)] = 30
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1

    @model_validator(mode="after")
    def _varies_one(self) -> "Study":
        if self.vary and len(self.scenarios) > 1:
            raise ValueError("vary goes with one scenario")
        return self


def load_study(
    path: Path, *, replications: int | None = None, seed: int | None = None, overrides: tuple[str, ...] = ()
) -> Plan:
    """The plan of a study file; its scenarios are named relative to it.

    Raises
    ------
    ScenarioError, ResultsError
        If the file or one of its scenarios cannot be used.
    """
    text = read_yaml(path)
    try:
        study = Study.model_validate(text.data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"])
        line = next(
            (text.lines[first["loc"][:n]] for n in range(len(first["loc"]), 0, -1) if first["loc"][:n] in text.lines), 1
        )
        known = f"a study has {', '.join(Study.model_fields)}"
        raise ScenarioError(first["msg"], file=str(path), line=line, key=key or None, remedy=known) from None
    scenarios = [load(path.parent / one, overrides) for one in study.scenarios]
    points = grid(scenarios[0], study.vary) if study.vary else tuple(point_of(one, scenarios) for one in scenarios)
    return Plan(study.name, points, replications or study.replications, study.seed if seed is None else seed)


def point_of(scenario: Scenario, among: list[Scenario]) -> Point:
    """A scenario as a point: named by its hours if they tell it apart from the others, else by its name."""
    hours = scenario.team.hours_per_week
    settings: dict[str, Any] = {"team.hours_per_week": hours}
    all_hours = [one.team.hours_per_week for one in among]
    if len(among) > 1 and len(set(all_hours)) == len(among):
        return Point(f"{hours:g} h/week", scenario, settings)
    names = [one.name for one in among]
    if names.count(scenario.name) > 1:
        raise ResultsError(f"two scenarios are named {scenario.name!r}; give each a name of its own")
    return Point(scenario.name, scenario, settings)
