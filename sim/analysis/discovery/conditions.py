"""Conditions on outcomes: every level loses, some hours suffice, or an outcome is on one side of a number."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.discovery.boxes import Flags, Values
from sim.experiment.errors import ResultsError

SUFFICIENT = 0.9  # of what the best choice returns
SIDES: dict[str, Callable[[Values, float], Flags]] = {
    "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt,
}  # fmt: skip
NUMBER = r"[-+]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?"
HOURS_WORD = r"(?:h|hours?)(?:/week| a week| per week)?"
ENOUGH = re.compile(rf"({NUMBER}) ?{HOURS_WORD} suffices?")
SHARE = re.compile(rf"({NUMBER}) ?{HOURS_WORD} returns? ({NUMBER}) ?% of the best")
SIDE = re.compile(rf"(\w+)(?: at ({NUMBER})(?: ?{HOURS_WORD})?)? ?(<=|>=|<|>) ?({NUMBER})")
LOSES_SAID = "every level loses"
FORMS = (
    f'"{LOSES_SAID}", "10 hours suffice", "10 hours return 80% of the best", or an outcome and a number, such as'
    ' "net_return_expected < 0" or "net_return_expected at 10 > 50000"'
)


@dataclass(frozen=True)
class Loses:
    """No level of hours returns more than nothing."""

    @property
    def outcome(self) -> str | None:
        """The outcome that it is about; None for the net return."""
        return None

    def holds(self, values: Values, hours: Sequence[float]) -> Flags:  # noqa: ARG002  # as all are called
        """Return which rows it holds for; values of shape (rows, levels)."""
        return np.asarray((values < 0.0).all(axis=1))


@dataclass(frozen=True)
class Suffices:
    """So many hours pay, and return this share at least of what the best choice does."""

    at: float
    share: float = SUFFICIENT

    @property
    def outcome(self) -> str | None:
        """The outcome that it is about; None for the net return."""
        return None

    def holds(self, values: Values, hours: Sequence[float]) -> Flags:
        """Return which rows it holds for; values of shape (rows, levels)."""
        mine = values[:, list(hours).index(self.at)]
        return np.asarray((mine > 0.0) & (mine >= self.share * values.max(axis=1)))


@dataclass(frozen=True)
class Side:
    """An outcome is on one side of a number, at some hours where there are several."""

    name: str
    sign: str
    number: float
    at: float | None = None

    @property
    def outcome(self) -> str | None:
        """The outcome that it is about."""
        return self.name

    def holds(self, values: Values, hours: Sequence[float]) -> Flags:
        """Return which rows it holds for; values of shape (rows, levels)."""
        place = 0 if self.at is None else list(hours).index(self.at)
        return np.asarray(SIDES[self.sign](values[:, place], self.number))


Condition = Loses | Suffices | Side


def condition(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    ResultsError
        If it is none.
    """
    said = " ".join(text.split())
    if said.lower() == LOSES_SAID:
        return Loses()
    if found := ENOUGH.fullmatch(said):
        return Suffices(_number(found[1]))
    if found := SHARE.fullmatch(said):
        share = _number(found[2]) / 100.0
        if not 0.0 < share <= 1.0:
            raise ResultsError(f"--when {text!r}: a share of the best is above 0 % and at most 100 %")
        return Suffices(_number(found[1]), share)
    if found := SIDE.fullmatch(said):
        return Side(found[1], found[3], _number(found[4]), _number(found[2]) if found[2] else None)
    raise ResultsError(f"--when {text!r}: is not a condition; write {FORMS}")


def check(asked: Condition, hours: Sequence[float]) -> None:
    """Check that a condition can be told from the levels that there are; a level of nan is of no known hours.

    Raises
    ------
    ResultsError
        If not.
    """
    levels = ", ".join(f"{one:g}" for one in hours)
    if isinstance(asked, Suffices | Side) and asked.at is not None and asked.at not in hours:
        raise ResultsError(f"--when: there are no results at {asked.at:g} hours per week; there are {levels}")
    if isinstance(asked, Suffices) and len(hours) < 2:
        raise ResultsError(f"--when: whether {asked.at:g} hours suffice takes other levels beside them; there are none")
    if isinstance(asked, Side) and asked.at is None and len(hours) > 1:
        named = f'"{asked.name} at {hours[0]:g} {asked.sign} {asked.number:g}"'
        raise ResultsError(f"--when: there are results at {levels} hours per week; say at which, such as {named}")


def _number(said: str) -> float:
    return float(said.replace(",", ""))
