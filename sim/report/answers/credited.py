"""Credit of each attribution model to social media, world by world, beside the truth."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.analysis.credit import ALL
from sim.analysis.frames import Frame, sample
from sim.experiment.statistics import mean
from sim.measures.attribution import MODELS
from sim.report.answers.base import Answer, TextTable
from sim.report.text.cells import from_to
from sim.report.text.translation import decimal, later, say
from sim.report.text.vocabulary import CREDIT_MODELS
from sim.report.text.words import confidence, money

AMONG = {
    "touched": later("Markov shares each deal among the sources of its own journey (--share touched)."),
    ALL: later("Markov shares every deal among all sources, also those that it never touched (--share all)."),
}
CREDITED = {"truth": later("truth")} | CREDIT_MODELS


@dataclass(frozen=True)
class Credited(Answer):
    """A row per world: the truth, and what each model credits to social media, in the currency."""

    frame: Frame
    share: str
    label: str
    currency: str

    def sentences(self) -> Iterable[str]:
        """Say what truth and models are, on average."""
        yield say(
            "First-year value of deals that social media truly brought, and what each model credits to it; {label},"
            " {currency}.",
            label=self.label,
            currency=self.currency,
        )
        yield say(AMONG[self.share])

    def tables(self) -> Iterable[TextTable]:
        """Show a row per model: its mean over worlds, and each world."""
        worlds = [say("world {number}", number=decimal(int(world))) for world in self.frame["replication"]]
        rows = [(say("model"), say("mean, {confidence} interval", confidence=confidence()), *worlds)]
        for name in ("truth", *MODELS):
            found = mean(sample(self.frame, name))
            said = f"{money(found.value)} ({from_to(money(found.low), money(found.high))})"
            rows.append((say(CREDITED[name]), said, *(money(value) for value in self.frame[name])))
        yield TextTable(rows)

    def to_dict(self) -> dict[str, Any]:
        """Give a row per world."""
        return {"label": self.label, "share": self.share, "worlds": self.frame.to_dict("records")}
