"""Selling, and keeping customers."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.remarks import remark
from sim.scenario.schema.base import LogNormal, NonNegative, OpenShare, Positive, Section, Share, Slope, must_sum_to_one, param


class Stage(Section):
    """A stage of the sale."""

    pass_share: OpenShare = param(0.67, "share of deals that continue, without social media", low=0.3, high=0.9)
    share_of_cycle: Share = param(0.25, "share of the sales cycle spent here", low=0.05, high=0.7)
    seller_hours: Annotated[float, Field(ge=0.0, le=10_000.0)] = param(
        0.0, "sellers' time for each deal at this stage, won or lost; 0: the margin has paid for it", unit="h", low=0, high=20
    )


MOST_STAGES = 8
MOST_STANDING = 0.8  # share of the cycle of won deals
STAGES: dict[str, Stage] = {
    "marketing_qualified": Stage(pass_share=0.60),
    "sales_qualified": Stage(pass_share=0.65),
    "opportunity": Stage(pass_share=0.70),
    "proposal": Stage(pass_share=0.73),
}


class Stalls(Section):
    """Deals that stall (no budget, no time), and wake or end in no decision."""

    lost_share: Annotated[float, Field(ge=0.0, lt=1.0)] = param(
        0.5, "share of lost deals that nobody wins, as the buyer never decides", evidence="no_decision_share", low=0.3, high=0.6
    )
    wakes: OpenShare = param(
        0.5, "share of deals standing still that wake, without social media (see no_decision_share)", low=0.2, high=0.8
    )
    length: LogNormal = param(LogNormal(median=0.3, sigma=0.6), "how long, as a share of the mean cycle", low=0.1, high=1.0)
    salience_slope: Slope = param(0.5, "log odds of waking, for each unit of log salience", low=0.0, high=1.0)
    trust_slope: Slope = param(1.0, "log odds of waking, from no trust to full trust", low=0.0, high=2.0)


class StepsBack(Section):
    """Committees that open again what they had settled (buying_group_gartner: nearly all do, in something)."""

    share: Share = param(0.25, "share of stages, from the second on, that first repeat part of the last", low=0.0, high=0.6)
    repeated: Share = param(0.5, "part of the stage before that is repeated", low=0.2, high=1.0)


class Sales(Section):
    """The way from a lead to a deal: stages in their order, each with a duration and a chance to continue."""

    stages: dict[str, Stage] = param(
        STAGES, "together one in five is won; for whole funnels see marketingsherpa_2009_funnel", evidence="win_rate_b2b"
    )
    cycle_weeks: LogNormal = param(
        LogNormal(median=20.0, sigma=0.6),
        "from lead to won deal, everything included (firms differ more)",
        unit="weeks",
        evidence="marketingsherpa_2009_cycle",
        low=6,
        high=52,
    )
    cycle_elasticity: Annotated[float, Field(ge=0.0, le=1.5)] = param(
        0.46,
        "large deals take longer: the cycle grows with the value of the deal to this power",
        evidence="cycle_and_close_by_deal_size",
        low=0.2,
        high=0.7,
    )
    stalls: Stalls = param(Stalls(), "deals that stall")
    steps_back: StepsBack = param(StepsBack(), "questions that are opened again")
    salience_slope: Slope = param(0.2, "log odds of going on, for each unit of log salience", low=0.0, high=0.6)
    trust_slope: Slope = param(1.0, "log odds of going on, from no trust to full trust", low=0.0, high=2.0)
    slow_reply_lasts: Share = param(
        0.3, "share of a slow reply's effect on one stage that is left at the next", low=0.0, high=1.0
    )
    capacity_ratio: Positive = param(
        1.6, "open deals that sales can work on at full speed, over those expected without social media", low=1.0, high=3.0
    )
    load_exponent: Annotated[float, Field(ge=0.0, le=10.0)] = param(1.0, "how much overload slows deals", low=0.0, high=2.0)
    seller_cost_per_hour: NonNegative = param(60.0, "loaded cost of a seller's hour", unit="currency/h", low=40, high=120)
    margin: Share = param(
        0.5,
        "margin on deals and renewals before the cost of social media and of sellers' hours",
        evidence="choice",
        low=0.2,
        high=0.9,
    )

    @model_validator(mode="after")
    def _stages_are_a_cycle(self) -> "Sales":
        if not 1 <= len(self.stages) <= MOST_STAGES:
            raise ValueError(
                remark(
                    "sales.stages must be 1 to {most_stages} stages, not {stages}",
                    most_stages=MOST_STAGES,
                    stages=len(self.stages),
                )
            )
        must_sum_to_one(
            {name: stage.share_of_cycle for name, stage in self.stages.items()}, "the share_of_cycle of sales.stages"
        )
        self._stalls_leave_time()
        return self

    def _stalls_leave_time(self) -> None:
        standing = 0.0
        for name, stage in self.stages.items():
            stalled = self.stalls.lost_share * (1.0 - stage.pass_share) / (1.0 - self.stalls.wakes)
            if stalled > 1.0:
                raise ValueError(
                    remark(
                        "sales.stalls cannot be had at stage {name}, which loses {pass_share} of its deals: with "
                        "lost_share {lost_share} and wakes {wakes} more than all of them would have to stall; lower "
                        "lost_share or wakes",
                        name=name,
                        pass_share=format(1.0 - stage.pass_share, "g"),
                        lost_share=format(self.stalls.lost_share, "g"),
                        wakes=format(self.stalls.wakes, "g"),
                    )
                )
            woken = stalled * self.stalls.wakes
            standing += woken / (1.0 - stalled + woken) * self.stalls.length.mean
        if standing > MOST_STANDING:
            raise ValueError(
                remark(
                    "sales.stalls would fill {standing} of the cycle of won deals; make sales.stalls.length shorter "
                    "(at most {most_standing} in all)",
                    standing=format(standing, ".0%"),
                    most_standing=format(MOST_STANDING, ".0%"),
                )
            )


class Onboarding(Section):
    """New customers, who have more to ask."""

    weeks: Annotated[float, Field(ge=0.0, le=52.0)] = param(
        13.0, "onboarding, from the start of a contract", unit="weeks", low=4, high=26
    )
    questions: Annotated[float, Field(ge=1.0, le=100.0)] = param(
        2.0, "questions and complaints meanwhile, over those of other customers", low=1.0, high=4.0
    )


class Expansion(Section):
    """Contracts that grow when they are renewed."""

    share_without_social: OpenShare = param(0.1, "share of renewals that grow, without social media", low=0.02, high=0.3)
    growth: NonNegative = param(0.2, "growth of those that do, a share of the value", low=0.05, high=0.5)
    trust_slope: Slope = param(
        1.0, "log odds of growing, from no trust to full trust (order of magnitude: community_gainsight, correlational)",
        unit="logit", low=0.0, high=2.0,
    )  # fmt: skip


class Customers(Section):
    """Yearly renewals, and what customers ask in public."""

    renewal_share: OpenShare = param(
        0.85, "share of contracts renewed each year without social media", evidence="retention_fps_2025", low=0.7, high=0.95
    )
    trust_slope: Slope = param(2.0, "log odds of renewal, from no trust to full trust", low=0.0, high=4.0)
    expansion: Expansion = param(Expansion(), "contracts that grow when they are renewed")
    questions_per_year: NonNegative = param(1.5, "questions and complaints of a customer", unit="1/year", low=0.5, high=6)
    onboarding: Onboarding = param(Onboarding(), "new customers, who have more to ask")
    share_on_social: Share = param(0.2, "share of those asked on social media where there is a presence", low=0.02, high=0.5)
    share_complaints: Share = param(
        0.25, "share of those that are complaints (service questions: 0.37, listening_untagged_2013)", low=0.1, high=0.5
    )
    years_ahead: Annotated[int, Field(ge=0, le=10)] = param(
        3, "years after the horizon for which contracts still held are worth something", unit="years", evidence="choice"
    )
    discount_rate: NonNegative = param(
        0.1, "by which a year later is worth less", unit="1/year", evidence="choice", low=0.0, high=0.2
    )
    share_settled_offline: Share = param(
        0.75, "share of complaints settled where there is no presence to make them on", low=0.4, high=0.95
    )
