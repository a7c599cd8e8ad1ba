"""A company read back before any hour is spent: what it wins and keeps without social media."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.experiment.company import Baseline
from sim.report.answers.base import Answer, TextTable
from sim.report.text.translation import decimal, say
from sim.report.text.words import money, percent, short
from sim.scenario import Scenario


@dataclass(frozen=True)
class CompanyReadBack(Answer):
    """A company as its scenario has it: what it is expected to win and keep with zero hours."""

    scenario: Scenario
    baseline: Baseline

    def sentences(self) -> Iterator[str]:
        """Say what it wins, what it renews, and what it wins with the hours of now."""
        found = self.baseline
        yield say(
            "Without social media {name} wins {deals} deals per year worth {revenue}, and renews {renewed} of the contracts of"
            " its {customers} customers. Is that your company?",
            name=self.scenario.name,
            deals=short(found.deals_per_year),
            revenue=money(found.revenue_per_year, self.scenario.currency),
            renewed=percent(found.renewal_rate),
            customers=decimal(found.customers),
        )
        if found.error > 0.0:
            error = percent(2.0 * found.error, 1)
            yield say("Deals and revenue are known to ±{error} by the luck of the draw.", error=error)
        if self.scenario.company.hours_now > 0.0:
            yield say(
                "With the {hours} hours per week of now it wins {deals}.",
                hours=short(self.scenario.company.hours_now),
                deals=short(self.scenario.company.deals_per_year),
            )

    def tables(self) -> Iterator[TextTable]:
        """Show nothing more."""
        yield from ()

    def to_dict(self) -> dict[str, Any]:
        """Give the same to programs."""
        found = self.baseline
        return {
            "name": self.scenario.name,
            "baseline": {
                "deals_per_year": found.deals_per_year,
                "revenue_per_year": found.revenue_per_year,
                "standard_error_share": found.error,
                "customers": found.customers,
                "renewal_rate": found.renewal_rate,
            },
        }
