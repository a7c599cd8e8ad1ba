"""The plan of a sweep and its expected duration, before any of it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.experiment.pace import WorldPace
from sim.experiment.plan import Plan
from sim.experiment.precision import FLOOR
from sim.report.answers.base import Answer, TextTable
from sim.report.text.translation import decimal, say, say_many
from sim.report.text.words import short

MOST_SHOWN = 20  # points
MINUTE, HOUR = 60.0, 3600.0


@dataclass(frozen=True)
class DryRun(Answer):
    """A plan that is not run; `budget` is the time that it has, where that decides how many worlds there are."""

    plan: Plan
    pace: WorldPace
    workers: int
    budget: float | None = None

    @property
    def replications(self) -> int:
        """Worlds per point: as asked for; else what there is time for, or the fewest that precision takes."""
        if self.plan.replications:
            return self.plan.replications
        if self.budget is not None:
            return max(1, int(self.budget / self.pace.seconds(len(self.plan.points), 1, self.workers)))
        return FLOOR

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        return self.pace.seconds(len(self.plan.points), self.replications, self.workers)

    def sentences(self) -> Iterable[str]:
        """Say how many worlds, and about how long."""
        points, each = len(self.plan.points), self.replications
        counts = {"points": decimal(points), "each": decimal(each), "worlds": decimal(points * each)}
        if self.plan.replications:
            yield say("{points} points of {each} worlds each: {worlds} worlds, and their twins.", **counts)
        elif self.budget is not None:
            yield say(
                "{points} points; in the time given about {each} worlds each: {worlds} worlds, and their twins.", **counts
            )
        else:
            yield say(
                "{points} points of {each} worlds each or more, until they are as precise as asked: {worlds} worlds at least,"
                " and their twins.",
                **counts,
            )
        yield say_many(
            "About {time} with {count} worker here, as a few worlds took. Nothing was written.",
            "About {time} with {count} workers here, as a few worlds took. Nothing was written.",
            self.workers,
            time=_duration(self.seconds),
        )

    def tables(self) -> Iterable[TextTable]:
        """Show the points, or the first of many."""
        labels = [point.label for point in self.plan.points]
        more = len(labels) - MOST_SHOWN
        notes = [say_many("and {count} more", "and {count} more", more)] if more > 0 else []
        yield TextTable([(say("point"),), *((label,) for label in labels[:MOST_SHOWN])], notes)

    def to_dict(self) -> dict[str, Any]:
        """Give the points, the number of worlds, and the seconds."""
        return {
            "points": [{"label": point.label, "settings": point.settings} for point in self.plan.points],
            "replications": self.replications,
            "worlds": len(self.plan.points) * self.replications,
            "workers": self.workers,
            "seconds": self.seconds,
        }


def _duration(seconds: float) -> str:
    """Say about how long something takes."""
    if seconds < 2 * MINUTE:
        return say("{number} s", number=short(max(1.0, round(seconds)), 2))
    if seconds < 2 * HOUR:
        return say("{number} min", number=short(seconds / MINUTE, 2))
    return say("{number} h", number=short(seconds / HOUR, 2))
