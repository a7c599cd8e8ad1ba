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
    """A column of a table: its name, what it holds and in which unit; of an outcome also a short title, for people."""

    name: str
    kind: Kind
    unit: str
    meaning: str
    title: str = ""


KEY = (
    Column("point", "int", "", "number of the scenario in the manifest"),
    Column("replication", "int", "", "number of the world; the same number has the same draws at every point"),
)
TWIN = "in the twin, which has zero hours"


def number(name: str, unit: str, meaning: str, title: str = "") -> Column:
    """Build a column of numbers."""
    return Column(name, "float", unit, meaning, title)


def _worlds(what: str, unit: str, title: str, meaning: str, *, horizon: bool) -> list[Column]:
    """Build a quantity's columns: with social media, twin and difference; realised and expected; by horizon and run-off."""
    columns = []
    for when, at, said in (
        (("", "", "after run-off"), ("_by_horizon", " by the horizon", "by the horizon")) if horizon else (("", "", ""),)
    ):
        for estimator, how in (("", "realised"), ("_expected", "expected")):
            note = ", ".join(part for part in (how, said) if part)
            name = f"{what}{when}{estimator}"
            columns += [
                number(name, unit, f"{meaning}, with social media ({note})", f"{title}{at} ({how})"),
                number(f"twin_{name}", unit, f"{meaning}, {TWIN} ({note})", f"{title}{at} in the twin ({how})"),
                number(
                    f"net_{name}",
                    unit,
                    f"{meaning}, with social media less in the twin ({note})",
                    f"{title}{at}: change by social media ({how})",
                ),
            ]
    return columns


def outcomes() -> list[Column]:
    """Build the columns of the table `outcomes`, without its key."""
    return [
        *_of_money(),
        *_of_labels(),
        *_of_records(),
        *_of_chances(),
        *_of_work(),
        *_of_crises(),
        *_of_people(),
    ]


def _of_money() -> list[Column]:
    money = "currency"
    columns = [
        number("hours", "h", "hours given by the team, with switching and idle time", "Hours given"),
        number("cost", money, "loaded cost of the hours given, and expenses", "Cost of social media"),
        number(
            "expenses",
            money,
            "expenses beside the hours given: colleagues who pass on posts, sponsored posts, licences and hiring",
            "Expenses beside hours",
        ),
        number("alternative", money, "worth of the hours given if they had been used otherwise", "Other use of the hours"),
        *_worlds("deals", "deals", "Deals won", "deals won", horizon=True),
        *_worlds("revenue", money, "Deal value", "first-year value of deals won", horizon=True),
        *_worlds("selling_cost", money, "Selling cost", "cost of sellers' hours", horizon=True),
    ]
    for when, at, said in (("", "", "after run-off"), ("_by_horizon", " by the horizon", "by the horizon")):
        for estimator, how in (("", "realised"), ("_expected", "expected")):
            meaning = f"margin on the deals that social media added, less the selling cost that it added ({how}, {said})"
            columns.append(number(f"net_margin{when}{estimator}", money, meaning, f"Added margin on deals{at} ({how})"))
    columns += [
        *_worlds("renewals", "contracts", "Contracts renewed", "contracts renewed", horizon=False),
        *_worlds("expansions", "contracts", "Contracts that grew", "contracts that grew when they were renewed", horizon=False),
        *_worlds(
            "renewal_margin",
            money,
            "Margin on renewals",
            "margin on contracts renewed and on what they have grown by",
            horizon=False,
        ),
        *_worlds(
            "value_ahead",
            money,
            "Margin on renewals to come",
            "margin on renewals to come of contracts left, which is not in net return",
            horizon=False,
        ),
    ]
    due = "anniversaries of contracts held"
    for estimator, how in (("", "realised"), ("_expected", "expected")):
        weighed = "" if not estimator else ", each contract weighed by its chance to be held by then"
        columns += [
            number(f"renewals_due{estimator}", "contracts", f"{due}{weighed}", f"Renewals due ({how})"),
            number(
                f"twin_renewals_due{estimator}", "contracts", f"{due}{weighed}, {TWIN}", f"Renewals due in the twin ({how})"
            ),
        ]
    return [*columns, *_of_spillover(), *_of_return()]


def _of_spillover() -> list[Column]:
    columns = []
    for part, named, said in (
        ("direct", "direct effect", "without sales load, word of mouth and crises"),
        ("spillover", "by way of others", "by sales load, word of mouth and crises"),
    ):
        for name in DIVIDED:
            what = name.removesuffix("_expected")
            how = "realised" if what == name else "expected"
            meaning = f"{CHANGES[what][1]} {said} ({how}); with --spillover only"
            columns.append(number(f"{part}_{name}", _unit(name), meaning, f"{CHANGES[what][0]}, {named} ({how})"))
    return columns


def _of_return() -> list[Column]:
    money, columns = "currency", []
    for estimator, how in (("", "realised"), ("_expected", "expected")):
        columns += [
            number(
                f"net_return_deals{estimator}",
                money,
                f"margin that social media added on deals, less the cost of its hours and their other use ({how})",
                f"Net return, deals alone ({how})",
            ),
            number(
                f"net_return{estimator}",
                money,
                f"margin that social media added on deals and renewals, less the cost of its hours and their other use ({how})",
                f"Net return ({how})",
            ),
            number(
                f"gross_return{estimator}",
                money,
                f"margin that social media added on deals and renewals, before the cost of its hours ({how})",
                f"Gross return ({how})",
            ),
        ]
    return [
        *columns,
        number(
            "net_return_deals_by_horizon_expected",
            money,
            "margin that social media added on deals by the horizon, less the cost of its hours and their other use (expected)",
            "Net return by the horizon, deals alone (expected)",
        ),
    ]


def _of_labels() -> list[Column]:
    return [
        *(
            number(
                f"gross_{label}",
                "deals",
                f"{LABELLED[label][1]}; depends on how worlds are coupled",
                f"{LABELLED[label][0]} (before netting)",
            )
            for label in LABELS
        ),
        *(
            number(f"netted_{label}", "deals", f"{LABELLED[label][1]}, netted by account", f"{LABELLED[label][0]} (netted)")
            for label in (*LABELS, ANOTHER_NEED)
        ),
    ]


def _of_records() -> list[Column]:
    money = "currency"
    columns = [
        number("followers", "people", "followers from target accounts at the horizon", "Followers from target accounts"),
        number("outside_followers", "people", "followers who will never buy, at the horizon", "Followers who never buy"),
        number("reach", "exposures", "posts seen, by all followers and by those to whom they were passed on", "Posts seen"),
        number("interactions", "interactions", "reactions, comments, shares and clicks, by all followers", "Interactions"),
        number("visits_social", "visits", "web visits recorded as coming from social media", "Web visits, recorded as social"),
        number("visits_search", "visits", "web visits recorded as coming from search", "Web visits, recorded as search"),
        number(
            "visits_direct",
            "visits",
            "web visits recorded as direct, unrecognised social ones among them",
            "Web visits, recorded as direct",
        ),
        number("visits_social_true", "visits", "web visits that came from social media", "Web visits from social media"),
        number("tagged_share", "share", "share of social touches recorded as such, at the horizon", "Social touches tagged"),
        number("asked_share", "share", "share of lead sources written down rightly, at the horizon", "Lead sources right"),
        number("dashboard_age_weeks", "weeks", "mean age of the dashboard at the ends of weeks", "Age of the dashboard"),
    ]
    for source in SOURCES:
        said = source.replace("_", " ")
        columns += [
            number(f"leads_{source}", "leads", f"leads recorded from {said}", f"Leads from {said}"),
            number(
                f"qualified_{source}",
                "leads",
                f"leads recorded from {said} that passed the first stage",
                f"Qualified leads from {said}",
            ),
        ]
    for model in MODELS:
        said, short = BY_MODEL[model], MODEL_NAMES[model]
        columns += [
            number(
                f"deals_{model}", "deals", f"deals credited to social media by {said}", f"Deals credited to social ({short})"
            ),
            number(
                f"revenue_{model}",
                money,
                f"first-year value of deals credited to social media by {said}",
                f"Deal value credited to social ({short})",
            ),
            number(
                f"measured_return_{model}",
                "ratio",
                f"margin credited to social media over its cost, less one, by {said}",
                f"Measured return ({short})",
            ),
        ]
    return columns


def _of_chances() -> list[Column]:
    columns = [
        number("deals_of_new_leads", "deals", "deals won whose lead came since the window began", "Deals won from new leads")
    ]
    for name, title, meaning in (
        ("shortlist_share", "Chance of being shortlisted", "mean probability of being shortlisted"),
        (
            "win_share",
            "Chance of winning once shortlisted",
            "mean probability of being won, of needs that shortlist the brand in both worlds",
        ),
        ("retention", "Chance of renewal", "mean probability of renewal of contracts held"),
    ):
        columns += [
            number(name, "share", f"{meaning}, with social media", title),
            number(f"twin_{name}", "share", f"{meaning}, {TWIN}", f"{title} in the twin"),
        ]
    return columns


def _of_work() -> list[Column]:
    money = "currency"
    return [
        number("messages", "messages", "messages from people who want an answer, answered or missed", "Messages"),
        number(
            "replied_in_time_share",
            "share",
            "share of messages from people who want an answer that were answered in time",
            "Messages answered in time",
        ),
        number("reply_hours_median", "h", "median time to an answer", "Time to an answer (median)"),
        number("reply_hours_p90", "h", "90th percentile of the time to an answer", "Time to an answer (90th percentile)"),
        number(
            "service_reply_hours_median",
            "h",
            "median time to an answer to a customer's question or complaint",
            "Time to answer a customer (median)",
        ),
        number(
            "service_reply_hours_p90",
            "h",
            "90th percentile of the time to an answer to a customer's question or complaint",
            "Time to answer a customer (90th percentile)",
        ),
        number(
            "caused_without_touch",
            "deals",
            "net caused deals without any recorded social touch",
            "Caused deals without a recorded touch",
        ),
        number(
            "caused_without_touch_revenue",
            money,
            "first-year value of net caused deals without any recorded social touch",
            "Value of caused deals without a recorded touch",
        ),
        *(
            number(f"found_{kind}", "signals", f"{said} found by listening", f"{said[0].upper()}{said[1:]}, found")
            for kind, said in SIGNALS.items()
        ),
        number("product_ideas", "ideas", "ideas for the product in signals that were analysed", "Product ideas"),
        number(
            "product_ideas_used",
            "ideas",
            "ideas for the product in signals that were analysed: how many one may expect to be put into practice",
            "Product ideas put into practice",
        ),
    ]


def _of_crises() -> list[Column]:
    columns = []
    for prefix, where, said in (("", "with social media", ""), ("twin_", TWIN, " in the twin")):
        columns += [
            number(f"{prefix}crises", "crises", f"storms in public, {where}", f"Crises{said}"),
            number(
                f"{prefix}crises_contained",
                "crises",
                f"storms in public answered before the outbreak, {where}",
                f"Crises contained{said}",
            ),
            number(
                f"{prefix}crises_softened",
                "crises",
                f"storms in public answered in time after the outbreak, {where}",
                f"Crises softened{said}",
            ),
            number(
                f"{prefix}crises_reduced",
                "crises",
                f"storms in public contained or softened, {where}",
                f"Crises contained or softened{said}",
            ),
            number(
                f"{prefix}crisis_trust_loss",
                "share",
                f"shares of trust taken by crises, summed, {where}",
                f"Trust lost in crises{said}",
            ),
        ]
    return columns


def _of_people() -> list[Column]:
    return [
        number("followers_left", "people", "followers from target accounts who left a channel", "Followers who left"),
        number(
            "followers_brought",
            "people",
            "followers from target accounts who were brought by other followers",
            "Followers brought by others",
        ),
        number(
            "followers_found",
            "people",
            "followers from target accounts who came across the company by themselves",
            "Followers who came by themselves",
        ),
        number("people_connected", "people", "contacts who accepted a member's request to connect", "Contacts who connected"),
        number(
            "contributors_share",
            "share",
            "share of those who follow at the horizon who commented or shared in the last year",
            "Followers who take part",
        ),
        number(
            "most_active_share",
            "share",
            "share of followers' comments and shares of the last year that the most active hundredth of them made",
            "Contributions by the most active 1 %",
        ),
        number(
            "research_visits",
            "visits",
            "visits to the web site by buyers who research, by search or direct, with social media",
            "Visits by buyers who research",
        ),
        number(
            "twin_research_visits",
            "visits",
            f"visits to the web site by buyers who research, by search or direct, {TWIN}",
            "Visits by buyers who research in the twin",
        ),
        number(
            "recommendations",
            "answers",
            "customers' answers to buyers who asked their peers, with social media",
            "Recommendations by customers",
        ),
        number(
            "twin_recommendations",
            "answers",
            f"customers' answers to buyers who asked their peers, {TWIN}",
            "Recommendations by customers in the twin",
        ),
        number(
            "no_decision_share",
            "share",
            "share of lost leads in which the buyer never decided",
            "Lost leads without a decision",
        ),
        number(
            "needs_cut",
            "needs",
            "needs whose end the run-off did not reach, in either world; they count for nothing",
            "Needs cut off by the end",
        ),
        number("run_off_weeks", "weeks", "run-off until the last open deal", "Length of the run-off"),
    ]


def _unit(name: str) -> str:
    return "deals" if name.startswith("deals") else "contracts" if name.startswith("renewals") else "currency"


CHANGES = {  # by social media: in the title, and as described
    "deals": ("Deals added", "deals that social media added"),
    "revenue": ("Deal value added", "first-year value of deals that social media added"),
    "renewals": ("Renewals added", "renewals that social media added"),
    "renewal_margin": ("Margin on renewals added", "margin on renewals that social media added"),
}
LABELLED = {
    "caused": ("Deals caused", "deals won only with social media (caused)"),
    "lost_because": ("Deals lost because of it", "deals won only without social media (lost_because)"),
    "accelerated": ("Deals accelerated", "deals won a week or more earlier with social media (accelerated)"),
    "delayed": ("Deals delayed", "deals won a week or more later with social media (delayed)"),
    "unchanged": ("Deals unchanged", "deals that social media did not change (unchanged)"),
    "pending": ("Deals pending", "deals whose end was not reached (pending)"),
    ANOTHER_NEED: (
        "Deals won at another need",
        "deals won at another need of the account with social media than without (won_at_another_need)",
    ),
}
MODEL_NAMES = {
    "first_touch": "first touch", "last_touch": "last touch", "begun_on_social": "lead source", "linear": "linear",
    "position_based": "position", "time_decay": "time decay", "markov": "Markov", "shapley": "Shapley",
}  # fmt: skip
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
