"""The answer of an ensemble: levels of hours over all that may be true, and hours over time beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.experiment.ensemble import Ensemble
from sim.experiment.ignorance import Decision
from sim.experiment.ways import Weighed
from sim.report.answers import over_time
from sim.report.answers.base import Answer, TextTable
from sim.report.answers.ensemble import fact_rows, in_short, of_pilots, sentences
from sim.report.answers.ensemble_numbers import content


@dataclass(frozen=True)
class Ensembled(Answer):
    """The answer of `sim ensemble`: the decision while nobody knows which parameters are true."""

    found: Ensemble
    decision: Decision
    currency: str
    compared: Weighed | None = None

    def sentences(self) -> Iterable[str]:
        """Say what returns most on average, what that hangs on, and what knowing more is worth; then of each policy."""
        yield from sentences(self.decision, self.currency)
        if self.compared is not None:
            yield from over_time.sentences(self.compared, self.currency)

    def tables(self) -> Iterable[TextTable]:
        """Show a row per level, and a row per fact."""
        yield in_short(self.decision, self.currency)
        if self.compared is not None:
            yield over_time.in_short(self.compared, self.currency)
        yield from of_pilots(self.decision, self.currency)
        yield TextTable(fact_rows(self.found), left=2)

    def to_dict(self) -> dict[str, Any]:
        """Give everything but the sets themselves."""
        facts = [{"fact": name, "low": one.low, "high": one.high} for name, one in self.found.facts.items()]
        drawn = {"drawn": len(self.found.drawn.members), "impossible": len(self.found.drawn.impossible)}
        policies = {} if self.compared is None else over_time.content(self.compared)
        return {"answer": list(self.sentences()), "members": drawn, "facts": facts, **content(self.decision), **policies}
