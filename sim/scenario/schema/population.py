"""A population of firms, as a survey meets it: how firms differ, what their executives look at, and how they answer."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.remarks import remark
from sim.scenario.schema.base import Count, LogNormal, Name, Positive, Section, Share, param


class Firms(Section):
    """Differences between firms and the common scenario; in all else they are like it."""

    hours_per_week: LogNormal = param(
        LogNormal(median=7.0, sigma=1.05),
        "hours given to social media, over firms (58 % at 6 or more, 34 % at 11 or more, 15 % above 20, B2B and B2C; in the"
        " study, most under 10: siia_hours)",
        unit="h/week", evidence="hours_sme2011_cumulative",
    )  # fmt: skip
    most_hours_per_week: Positive = param(60.0, "no firm gives more", unit="h/week", low=40, high=200)
    accounts: LogNormal = param(
        LogNormal(median=1000.0, sigma=0.8), "target accounts, over firms", unit="accounts", low=300, high=3000
    )
    most_accounts: Count = param(10_000, "no firm has more", unit="accounts", low=5000, high=20_000)
    customers_share: Share = param(0.05, "customers at the start, as a share of accounts", low=0.02, high=0.15)
    deal_value_sigma: Annotated[float, Field(ge=0, le=3)] = param(
        0.7, "spread over firms of the value of their median deal (log)", low=0.3, high=1.2
    )
    channel_use_sigma: Annotated[float, Field(ge=0, le=3)] = param(
        0.5, "spread over markets of the share of buyers who use a channel (log)", low=0.2, high=1.0
    )
    history_quarters: Annotated[int, Field(ge=0, le=40)] = param(
        2, "quarters before that without social media, which executives remember; counted in no truth", unit="quarters",
        low=2, high=8,
    )  # fmt: skip
    first_quarters: Annotated[int, Field(ge=1, le=40)] = param(
        3, "quarters since the youngest team began", unit="quarters", low=1, high=4
    )
    last_quarters: Annotated[int, Field(ge=1, le=40)] = param(
        12, "quarters since the oldest team began; others lie evenly between", unit="quarters", low=8, high=20
    )

    experience_odds_ratio: Positive = param(
        2.65,
        "odds of more than some hours per week for teams that began more than some quarters ago, over the odds for the others;"
        " the same wherever hours and quarters are divided; 1: independent",
        low=1.0, high=4.0, evidence="hours_sme2011_by_experience",
    )  # fmt: skip

    @model_validator(mode="after")
    def _some_time(self) -> "Firms":
        if self.last_quarters < self.first_quarters:
            raise ValueError(
                remark(
                    "last_quarters ({last_quarters}) lie before first_quarters ({first_quarters})",
                    last_quarters=self.last_quarters,
                    first_quarters=self.first_quarters,
                )
            )
        return self


class Practices(Section):
    """The records that executives look at. Inputs: the study gives the share that does it; nothing in a world explains why."""

    measures_traffic: Share = param(0.59, "share who measure social media by web traffic", evidence="siia_traffic")
    watches_leads: Share = param(
        0.53,
        "share who watch social media as a source of qualified leads; whether they measure traffic or not",
        evidence="siia_leads",
    )
    measurement_share: Share = param(
        0.05, "share of hours that goes to measuring with those who do either; none with the others, whose records stay poor",
        low=0.0, high=0.15,
    )  # fmt: skip


class Answers(Section):
    """The answers of executives: from their own records, in round numbers, and none from those who look at none.

    What they say of their sales is held against siia_sales, where 5 % is read as up to 5 %.
    """

    recall_quarters: Annotated[int, Field(ge=1, le=40)] = param(
        4, "quarters that 'our sales' are thought of", unit="quarters", low=1, high=8
    )
    share_step: Share = param(0.05, "shares of sales are said in steps of so much", low=0.01, high=0.1)
    small_share_step: Share = param(0.01, "but below half such a step in steps of so much", low=0.005, high=0.05)
    hours_step: Positive = param(
        5.0, "hours from ten on are said in steps of so much; below in whole hours", unit="h/week", low=1, high=10
    )

    @model_validator(mode="after")
    def _steps(self) -> "Answers":
        if not 0.0 < self.small_share_step <= self.share_step:
            raise ValueError(remark("small_share_step is more than 0 and at most share_step"))
        return self


class Population(Section):
    """Firms and their executives, of whom a survey asks some."""

    name: Name = param("B2B executives", "of the population", evidence="choice")
    description: str = param("", "what the population is for", evidence="choice")
    scenario: str = param(
        "", "file of the scenario that firms are like but for what differs; none: the defaults", evidence="choice"
    )
    firms: Firms = param(Firms(), "how they differ")
    practices: Practices = param(Practices(), "what their executives look at")
    answers: Answers = param(Answers(), "how they answer")
