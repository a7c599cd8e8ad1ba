"""A company's sales as a whole, and the parameter that follows from them."""

import math
from typing import Annotated

from pydantic import Field

from sim.remarks import remark
from sim.scenario.schema.base import NonNegative, Section, param
from sim.scenario.schema.market import Market
from sim.scenario.schema.sales import Sales

MOST_NEEDS = 5.0  # that an account can have per year
NEARLY_ONE = 1e-9


class Company(Section):
    """The company's sales as a whole, as it knows them. Needs per account follow from them (docs/model.md, 2.11)."""

    deals_per_year: NonNegative = param(
        0.0,
        "deals won per year now; market.segments.*.needs_per_year follow from it. 0: not given, and deals follow from needs",
        unit="1/year",
        evidence="choice",
        most=1e6,
    )
    hours_now: Annotated[float, Field(ge=0, le=1000)] = param(
        0.0, "hours per week that social media gets now, at which these deals are won", unit="h/week", evidence="choice"
    )
    simulated_over_shares: Annotated[float, Field(gt=0, le=1000)] = param(
        1.0,
        "deals that worlds show, over those that the shares of market and sales give; solved by simulation before a run",
        evidence="choice",
    )
    solved_for: Annotated[str, Field(pattern=r"^([0-9a-f]{16})?$")] = param(
        "", "scenario that it was solved for; if the scenario has changed since, it is solved anew", evidence="choice"
    )


def deals_of_shares(market: Market, sales: Sales) -> float:
    """Return the deals per year that the shares of market and sales give by themselves: without word of mouth and social media.

    Needs per year x share shortlisted x share of each stage that continues.
    """
    passing = math.prod(stage.pass_share for stage in sales.stages.values())
    return needs_of(market) * market.shortlist.share_without_social * passing


def needs_of(market: Market) -> float:
    """Return the needs per year of all accounts, on average over draws."""
    return market.accounts * math.fsum(segment.share * segment.needs_per_year for segment in market.segments.values())


def with_needs_for(company: Company, market: Market, sales: Sales) -> Market:
    """Return the market with needs per account from which the company's deals per year follow.

    Segments keep their proportions.

    Raises
    ------
    ValueError
        If no needs that accounts can have are enough.
    """
    wanted = company.deals_per_year / company.simulated_over_shares
    found = deals_of_shares(market, sales)
    if found <= 0.0:
        raise ValueError(
            remark(
                "company.deals_per_year is {deals_per_year}, but market and sales give no deal at all; give "
                "market.accounts and needs_per_year of a segment above 0",
                deals_per_year=format(company.deals_per_year, "g"),
            )
        )
    factor = wanted / found
    if abs(factor - 1.0) < NEARLY_ONE:
        return market
    largest = max(segment.needs_per_year for segment in market.segments.values()) * factor
    if largest > MOST_NEEDS:
        most = company.deals_per_year * MOST_NEEDS / largest
        raise ValueError(
            remark(
                "company.deals_per_year is {deals_per_year}, but {accounts} target accounts (market.accounts) make "
                "at most {most}: none considers more than {most_needs} purchases per year, of which {found} become "
                "deals of the company. Give at least {needed} accounts, fewer deals, or larger shares in "
                "market.shortlist.share_without_social and sales.stages",
                deals_per_year=format(company.deals_per_year, "g"),
                accounts=str(market.accounts),
                most=_rounded(most),
                most_needs=format(MOST_NEEDS, "g"),
                found=format(found / needs_of(market) * company.simulated_over_shares, ".1%"),
                needed=str(math.ceil(market.accounts * largest / MOST_NEEDS)),
            )
        )
    segments = {
        name: segment.model_copy(update={"needs_per_year": segment.needs_per_year * factor})
        for name, segment in market.segments.items()
    }
    return market.model_copy(update={"segments": segments})


def _rounded(deals: float) -> str:
    return f"{deals:.0f}" if deals >= 10.0 else f"{deals:.2g}"
