"""Facts that sets of parameters are held against: what published figures, or a company's own books, say of the outcome."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.remarks import remark
from sim.scenario.schema.base import Name, Section, param, required

YEAR = "year"
Bound = Annotated[float, Field(ge=-1e12, le=1e12)]


class Fact(Section):
    """An outcome, summed over worlds and divided by another or by their years, and what was measured of it."""

    outcome: Name = required("a column of outcomes.parquet (docs/results-schema.md)")
    per: str = param("", "what it is divided by: a column too, or year (of the horizon); nothing: the mean over worlds",
                     evidence="choice")  # fmt: skip
    low: Bound = required("low end of the interval that holds nine in ten of what it may be")
    high: Bound = required("high end of that interval")
    hours: Annotated[float, Field(gt=0.0, le=1_000.0)] | None = param(
        None, "hours per week at which it was measured; nothing: those of the scenario", unit="h/week", evidence="choice"
    )
    until: Annotated[float, Field(gt=0.0, le=1_000.0)] | None = param(
        None,
        "higher hours per week; then low to high are of the outcome's elasticity to hours, between `hours` and these",
        unit="h/week",
        evidence="choice",
    )
    source: str = param("", "where it is from: an id of the evidence, or what the author says", evidence="choice")

    @model_validator(mode="after")
    def _in_order(self) -> "Fact":
        if not self.low < self.high:
            raise ValueError(
                remark("low ({low}) must be less than high ({high})", low=format(self.low, "g"), high=format(self.high, "g"))
            )
        if self.until is not None and (self.hours is None or not self.hours < self.until or self.per):
            raise ValueError(remark("an elasticity (until) takes `hours` below it, and an outcome that is not divided (per)"))
        return self


FACTS = {
    # one company among those of the survey, of which nearly 60 % say up to 5 %: the law has 60 % there; its spread is assumed
    "begun": Fact(
        outcome="deals_begun_on_social", per="deals_of_new_leads", low=0.01, high=0.16, hours=10.0, source="siia_sales"
    ),
    "no decision": Fact(outcome="no_decision_share", low=0.4, high=0.6, hours=10.0, source="no_decision_share"),
    "participants": Fact(outcome="contributors_share", low=0.05, high=0.15, hours=10.0, source="participation_90_9_1"),
}


class Facts(Section):
    """Everything that an ensemble is held against; facts of a file replace the published ones."""

    facts: dict[str, Fact] = param(FACTS, "by name", evidence="choice")
