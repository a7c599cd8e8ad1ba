"""A plan: points by replications, on the draws of one seed."""

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pydantic_core import to_jsonable_python

from sim.experiment.company import solved_in
from sim.experiment.errors import ResultsError
from sim.experiment.manifest import SCHEMA_VERSION
from sim.experiment.precision import Target
from sim.experiment.results import Results
from sim.scenario import Scenario
from sim.version import __version__


@dataclass(frozen=True)
class Point:
    """A scenario to be run, and what sets it apart from the others."""

    label: str
    scenario: Scenario
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The points and replications to run, on the draws of one seed.

    `replications` are 0 where it is not known yet how many are enough for the target, or how many there is time for.
    """

    name: str
    points: tuple[Point, ...]
    replications: int
    seed: int
    spillover: bool = False  # a third world per point, which tells direct effects from those that spill over
    target: Target | None = None
    design: str = "grid"  # or how points are spread over ranges

    def __post_init__(self) -> None:
        if not self.points:
            raise ResultsError("nothing to run: no scenario is left")
        currencies = {point.scenario.currency for point in self.points}
        if len(currencies) > 1:
            raise ResultsError(f"scenarios in different currencies cannot be compared: {', '.join(sorted(currencies))}")

    def of(self, replications: int) -> "Plan":
        """Return the same plan with another number of replications."""
        return replace(self, replications=replications)

    def manifest(self) -> dict[str, Any]:
        """Return the plan as a result folder stores it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "package_version": __version__,
            "name": self.name,
            "seed": self.seed,
            "replications": self.replications,
            "spillover": self.spillover,
            "target": None if self.target is None else asdict(self.target),
            **({} if self.design == "grid" else {"design": self.design}),
            "points": [
                {
                    "label": point.label,
                    "settings": to_jsonable_python(point.settings),  # days are among them
                    "scenario_hash": point.scenario.content_hash(),
                    "solved": solved_in(point.scenario),
                    "twin": point.scenario.twin_kind(),
                    "first_day": point.scenario.time.start.isoformat(),
                    "last_day": (
                        point.scenario.time.start + dt.timedelta(weeks=point.scenario.time.horizon_weeks, days=-1)
                    ).isoformat(),
                    "scenario": point.scenario.document(),
                }
                for point in self.points
            ],
        }

    @classmethod
    def from_results(cls, results: Results) -> "Plan":
        """Rebuild the plan that a result folder was made from.

        Raises
        ------
        ResultsError
            If its manifest no longer makes a plan.
        """
        said = results.manifest
        try:
            points = tuple(
                Point(point["label"], Scenario.model_validate(point["scenario"], strict=False), point["settings"])
                for point in said["points"]
            )
            target = Target.of(said["target"])
            design = said.get("design", "grid")
            return cls(said["name"], points, said["replications"], said["seed"], said["spillover"], target, design)
        except (KeyError, ValueError) as error:
            raise ResultsError(f"{results.folder}: its manifest was written by another version, or changed") from error
