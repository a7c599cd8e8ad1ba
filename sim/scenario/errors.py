"""Errors in a scenario, worded so that its author can correct them."""

from collections.abc import Sequence
from typing import Final, Self

MOST_LISTED: Final = 20  # faults in one message


class ScenarioError(ValueError):
    """A scenario that cannot be used: where, what is wrong, what would be right; then its further faults, each on a line."""

    def __init__(
        self,
        fault: str,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
        remedy: str = "",
        further: Sequence["ScenarioError"] = (),
    ) -> None:
        self.fault, self.file, self.line, self.key, self.remedy = fault, file, line, key, remedy
        self.further = tuple(further)
        place = ":".join(str(part) for part in (file, line) if part is not None)
        where = ": ".join(part for part in (place, key) if part)
        text = f"{where}: {fault}" if where else fault
        count = f"(and {len(further)} more)" if further else ""
        mended = " ".join(part for part in (remedy, count) if part)
        lines = [f"{text}; {mended}" if mended else text, *map(str, further[: MOST_LISTED - 1])]
        if len(further) >= MOST_LISTED:
            lines.append(f"and {len(further) - MOST_LISTED + 1} more")
        super().__init__("\n".join(lines))

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
    def first_line(self) -> str:
        """The first fault, for messages that have room for one."""
        return str(self).partition("\n")[0]
