"""Errors in a scenario, worded so that its author can correct them."""


class ScenarioError(ValueError):
    """A scenario that cannot be used: where, what is wrong, what would be right."""

    def __init__(
        self, fault: str, *, file: str | None = None, line: int | None = None, key: str | None = None, remedy: str = ""
    ) -> None:
        self.fault, self.file, self.line, self.key, self.remedy = fault, file, line, key, remedy
        place = ":".join(str(part) for part in (file, line) if part is not None)
        where = ": ".join(part for part in (place, key) if part)
        text = f"{where}: {fault}" if where else fault
        super().__init__(f"{text}; {remedy}" if remedy else text)
