"""Errors in a scenario, worded so that its author can correct them."""

from collections.abc import Sequence
from typing import Final, Self

from sim.remarks import Remark, RemarkError, joined, remark, remark_of

MOST_LISTED: Final = 20  # faults in one message


NOTHING: Final = joined([])


class ScenarioError(RemarkError, ValueError):
    """A scenario that cannot be used: where, what is wrong, what would be right; then its further faults, each on a line."""

    def __init__(
        self,
        fault: str,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
        remedy: str = NOTHING,
        further: Sequence["ScenarioError"] = (),
    ) -> None:
        self.fault, self.file, self.line, self.key, self.remedy = fault, file, line, key, remedy
        self.further = tuple(further)
        count = remark("(and {count} more)", count=str(len(further))) if further else NOTHING
        self._first = self._told(count)
        lines = [self._first, *(remark_of(one) for one in further[: MOST_LISTED - 1])]
        if len(further) >= MOST_LISTED:
            lines.append(remark("and {count} more", count=str(len(further) - MOST_LISTED + 1)))
        super().__init__(joined(lines, "\n"))

    def _told(self, count: Remark) -> Remark:
        """Say the first fault, with its place, its remedy and how many there are beside it."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        text = joined([part for part in (place, self.key, self.fault) if part], ": ")
        mended = joined([part for part in (self.remedy, count) if part], " ")
        return remark("{fault}; {remedy}", fault=text, remedy=mended) if mended else text

    @classmethod
    def of(cls, faults: Sequence["ScenarioError"]) -> Self:
        """Join faults, one at least, into one error: that of the first, with the others further."""
        first, *further = faults
        return cls(first.fault, file=first.file, line=first.line, key=first.key, remedy=first.remedy, further=further)

    def each(self) -> list["ScenarioError"]:
        """Return every fault as an error of its own."""
        first = ScenarioError(self.fault, file=self.file, line=self.line, key=self.key, remedy=self.remedy)
        return [first, *self.further]

    @property
    def first_line(self) -> Remark:
        """The first fault, for messages that have room for one."""
        return self._first
