"""The columns of the outcomes of a world: what each holds, and in which unit."""

from dataclasses import dataclass
from typing import Literal

from sim.measures.attribution import MODELS
from sim.measures.causal_effects import ANOTHER_NEED, LABELS
from sim.measures.spillover import DIVIDED
from sim.model.ledger import SOURCES

Kind = Literal["int", "float", "bool", "text"]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    kind: Kind
    unit: str
    meaning: str


KEY = (
    Column("point", "int", "", "number of the scenario in the manifest"),
    Column("replication", "int", "", "number of the world; the same number has the same draws at every point"),
)


def number(name: str, unit: str, meaning: str) -> Column:
    """Build a column of numbers."""
    return Column(name, "float", unit, meaning)


def _worlds(what: str, unit: str, meaning: str, *, horizon: bool) -> list[Column]:
    """Build a quantity's columns: with social media, twin and difference; realised and expected; by horizon and run-off."""
    columns = []
    for when, said in (("", "after run-off"), ("_by_horizon", "by the horizon")) if horizon else (("", ""),):
        for estimator, how in (("", "realised"), ("_expected", "expected")):
            note = ", ".join(part for part in (how, said) if part)
            columns += [
                number(f"{what}{when}{estimator}", unit, f"{meaning} ({note})"),
                number(f"twin_{what}{when}{estimator}", unit, f"same in the twin ({note})"),
                number(f"net_{what}{when}{estimator}", unit, f"difference from the twin ({note})"),
            ]
    return columns


def outcomes() -> list[Column]:
    """Build the columns of the table `outcomes`, without its key."""
    money = "currency"
    columns = [
        number("hours", "h", "hours given by the team, with switching and idle time"),
        number("cost", money, "loaded cost of those hours, and expenses"),
        number("expenses", money, "beside those hours: colleagues who pass on posts, sponsored posts, licences and hiring"),
        number("alternative", money, "worth of those hours if they had been used otherwise"),
        *_worlds("deals", "deals", "deals won", horizon=True),
        *_worlds("revenue", money, "first-year value of deals won", horizon=True),
        *_worlds("selling_cost", money, "cost of sellers' hours", horizon=True),
    ]
    for when, said in (("", "after run-off"), ("_by_horizon", "by the horizon")):
        for estimator, how in (("", "realised"), ("_expected", "expected")):
            meaning = f"margin on net revenue, less net selling cost ({how}, {said})"
            columns.append(number(f"net_margin{when}{estimator}", money, meaning))
    columns += [
        *_worlds("renewals", "contracts", "contracts renewed", horizon=False),
        *_worlds("expansions", "contracts", "contracts that grew when they were renewed", horizon=False),
        *_worlds("renewal_margin", money, "margin on contracts renewed, with what they have grown", horizon=False),
        *_worlds("value_ahead", money, "margin on renewals to come of contracts left; not in net return", horizon=False),
        number("renewals_due", "contracts", "anniversaries of contracts held"),
        number("twin_renewals_due", "contracts", "same in the twin"),
        number("renewals_due_expected", "contracts", "same, each contract weighed by its chance to be held by then"),
        number("twin_renewals_due_expected", "contracts", "same in the twin"),
    ]
    for part, said in (
        ("direct", "of the net result, without sales load, word of mouth and crises"),
        ("spillover", "the rest"),
    ):
        for name in DIVIDED:
            columns.append(number(f"{part}_{name}", _unit(name), f"net {name.replace('_', ' ')}, {said}; only if asked for"))
    for estimator, how in (("", "realised"), ("_expected", "expected")):
        columns.append(number(f"net_return_deals{estimator}", money, f"net margin on deals less cost and alternative ({how})"))
        columns.append(number(f"net_return{estimator}", money, f"same with renewals ({how})"))
        columns.append(number(f"gross_return{estimator}", money, f"net return before cost and alternative ({how})"))
    columns.append(
        number("net_return_deals_by_horizon_expected", money, "net margin by the horizon less cost and alternative (expected)")
    )
    columns += [
        number(f"gross_{label}", "deals", f"deals labelled {label}; depends on how worlds are coupled") for label in LABELS
    ]
    columns += [
        number(f"netted_{label}", "deals", f"deals labelled {label}, netted by account") for label in (*LABELS, ANOTHER_NEED)
    ]
    columns += [
        number("followers", "people", "followers from target accounts at the horizon"),
        number("outside_followers", "people", "followers who will never buy, at the horizon"),
        number("reach", "exposures", "posts seen, by all followers and by those to whom they were passed on"),
        number("interactions", "interactions", "reactions, comments, shares and clicks, by all followers"),
        number("visits_social", "visits", "web visits recorded as coming from social media"),
        number("visits_search", "visits", "web visits recorded as coming from search"),
        number("visits_direct", "visits", "web visits recorded as direct, unrecognised social ones among them"),
        number("visits_social_true", "visits", "web visits that came from social media"),
        number("tagged_share", "share", "share of social touches recorded as such, at the horizon"),
        number("asked_share", "share", "share of lead sources written down rightly, at the horizon"),
        number("dashboard_age_weeks", "weeks", "mean age of the dashboard at the ends of weeks"),
    ]
    for source in SOURCES:
        columns.append(number(f"leads_{source}", "leads", f"leads recorded from {source}"))
        columns.append(number(f"qualified_{source}", "leads", f"leads from {source} that passed the first stage"))
    for model in MODELS:
        said = BY_MODEL[model]
        columns.append(number(f"deals_{model}", "deals", f"deals credited to social media by {said}"))
        columns.append(number(f"revenue_{model}", money, f"first-year value credited to social media by {said}"))
        columns.append(number(f"measured_return_{model}", "ratio", f"credited margin over cost, less one, by {said}"))
    columns += [
        number("deals_of_new_leads", "deals", "deals whose lead came since the window began"),
        number("shortlist_share", "share", "mean probability of being shortlisted"),
        number("twin_shortlist_share", "share", "same in the twin"),
        number("win_share", "share", "of needs that shortlist the brand in both worlds: mean probability of being won"),
        number("twin_win_share", "share", "same in the twin"),
        number("retention", "share", "mean probability of renewal of contracts held"),
        number("twin_retention", "share", "same in the twin"),
        number("messages", "messages", "from people who want an answer; answered or missed"),
        number("replied_in_time_share", "share", "share of those answered in time"),
        number("reply_hours_median", "h", "median time to an answer"),
        number("reply_hours_p90", "h", "90th percentile of the time to an answer"),
        number("service_reply_hours_median", "h", "median time to an answer to a customer's question or complaint"),
        number("service_reply_hours_p90", "h", "90th percentile of that time"),
        number("caused_without_touch", "deals", "net caused deals without any recorded social touch"),
        number("caused_without_touch_revenue", money, "their first-year value"),
        *(number(f"found_{kind}", "signals", f"{said} found by listening") for kind, said in SIGNALS.items()),
        number("product_ideas", "ideas", "ideas for the product in signals that were analysed"),
        number("product_ideas_used", "ideas", "of those, how many one may expect to be put into practice"),
    ]
    for prefix, where in (("", ""), ("twin_", " in the twin")):
        columns += [
            number(f"{prefix}crises", "crises", f"storms in public{where}"),
            number(f"{prefix}crises_contained", "crises", f"of those{where}, answered before the outbreak"),
            number(f"{prefix}crises_softened", "crises", f"of those{where}, answered after it, in time"),
            number(f"{prefix}crises_reduced", "crises", f"contained or softened{where}"),
            number(f"{prefix}crisis_trust_loss", "share", f"shares of trust taken by crises{where}, summed"),
        ]
    columns += [
        number("followers_left", "people", "followers from target accounts who left a channel"),
        number("followers_brought", "people", "followers from target accounts who were brought by other followers"),
        number("followers_found", "people", "followers from target accounts who came across the company by themselves"),
        number("people_connected", "people", "contacts who accepted a member's request to connect"),
        number("contributors_share", "share", "of those who follow at the horizon: commented or shared in the last year"),
        number("most_active_share", "share", "share of those comments and shares made by the most active hundredth"),
        number("research_visits", "visits", "visits to the web site by buyers who research; by search or direct"),
        number("twin_research_visits", "visits", "same in the twin"),
        number("recommendations", "answers", "customers' answers to buyers who asked their peers"),
        number("twin_recommendations", "answers", "same in the twin"),
        number("no_decision_share", "share", "of lost leads, those in which the buyer never decided"),
        number("needs_cut", "needs", "needs whose end the run-off did not reach, in either world; they count for nothing"),
        number("run_off_weeks", "weeks", "run-off until the last open deal"),
    ]
    return columns


def _unit(name: str) -> str:
    return "deals" if name.startswith("deals") else "contracts" if name.startswith("renewals") else "currency"


BY_MODEL = {
    "first_touch": "the first recorded touch", "last_touch": "the last recorded touch",
    "begun_on_social": "the lead's recorded source", "linear": "equal parts for recorded touches",
    "position_based": "position: most for the first and the last touch", "time_decay": "time decay: more for later touches",
    "markov": "removal effects of a Markov chain", "shapley": "Shapley values",
}  # fmt: skip


SIGNALS = {
    "buyer_question": "buyers' questions to their peers",
    "mention": "messages that do not name the account",
    "trend": "trends",
    "competitor_move": "competitors' moves",
    "early_sign": "first signs of a crisis",
}
