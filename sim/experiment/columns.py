"""Columns of the tables of a result folder: name, type, unit and meaning of each."""

from sim.experiment.outcome_columns import BY_MODEL, KEY, Column, number, outcomes
from sim.measures.attribution import MODELS
from sim.measures.causal_effects import CAUSES
from sim.measures.quarters import RECORDED
from sim.model.team import PURPOSES

DEALS = [
    Column("account", "int", "", "number of the account"),
    Column("need", "int", "", "number of the need within the account; -2, -3, ... opened before the first day"),
    Column("segment", "text", "", "segment of the account"),
    Column("value", "float", "currency", "first-year value"),
    Column("won", "bool", "", "won with social media"),
    Column("twin_won", "bool", "", "won in the twin"),
    Column("closed_week", "float", "weeks", "when it was won or lost"),
    Column("twin_closed_week", "float", "weeks", "when it was won or lost in the twin"),
    Column("label", "text", "", "what social media did to it"),
    Column("net_label", "text", "", "what social media did to it, netted by account"),
    Column("first_cause", "text", "", "what first set the two worlds apart: " + ", ".join(CAUSES)),
    Column("path", "text", "", "how the buyer got in touch"),
    Column("recorded_source", "text", "", "lead source in the records"),
    Column("first_touch", "text", "", "source of the first recorded touch"),
    Column("last_touch", "text", "", "source of the last recorded touch"),
    Column("true_money", "float", "currency", "value if won only with, minus value if won only without"),
    Column("weeks_gained", "float", "weeks", "how much earlier it was won than in the twin"),
    Column("weight", "float", "probability", "product of the probabilities of its decisions"),
    Column("twin_weight", "float", "probability", "product of the probabilities of its decisions in the twin"),
    *(number(f"credit_{model}", "share", f"of the deal, credited to social media by {BY_MODEL[model]}") for model in MODELS),
]
CREDITS = [
    Column("model", "text", "", "attribution model"),
    Column("source", "text", "", "source as the CRM names it"),
    number("deals", "deals", "won deals credited to the source; over sources, all deals won"),
    number("revenue", "currency", "first-year value of won deals credited to the source"),
]
TOUCHES = [
    Column("account", "int", "", "number of the account"),
    Column("need", "int", "", "number of the need within the account; -2, -3, ... opened before the first day"),
    Column("number", "int", "", "of the touch within the lead's journey, from 0"),
    number("week", "weeks", "when, since the first day; the lead itself is a touch too"),
    Column("source", "text", "", "source as recorded"),
    Column("won", "bool", "", "the lead became a deal"),
]
DECISIONS = [
    Column("account", "int", "", "number of the account"),
    Column("need", "int", "", "number of the need within the account; -2, -3, ... opened before the first day"),
    Column("step", "text", "", "shortlist, a stage of the sale, or whether a deal that stood still there wakes"),
    Column("p", "float", "probability", "chance to continue"),
    Column("twin_p", "float", "probability", "chance to continue in the twin"),
    Column("u", "float", "", "the uniform of both worlds; they continue if it is below p"),
]
RENEWALS = [
    Column("account", "int", "", "number of the account"),
    Column("need", "int", "", "need that the contract came from; -1 for one held on the first day"),
    Column("anniversary", "int", "", "number of the anniversary, from 0"),
    Column("segment", "text", "", "segment of the account"),
    Column("week", "float", "weeks", "when it was due"),
    Column("value", "float", "currency", "value of the year before, with what it has grown; empty if not held"),
    Column(
        "twin_value", "float", "currency", "value of the year before in the twin, with what it has grown; empty if not held"
    ),
    Column("renewed", "bool", "", "renewed with social media"),
    Column("twin_renewed", "bool", "", "renewed in the twin"),
    Column("label", "text", "", "caused, lost_because or unchanged"),
    Column("expanded", "bool", "", "renewed and grew with social media"),
    Column("twin_expanded", "bool", "", "renewed and grew in the twin"),
    Column("p", "float", "probability", "chance of renewal; empty if not held"),
    Column("twin_p", "float", "probability", "chance of renewal in the twin; empty if not held"),
    Column("u", "float", "", "the uniform of both worlds"),
    Column("p_expands", "float", "probability", "chance to grow if it is renewed; empty if not held"),
    Column("twin_p_expands", "float", "probability", "chance to grow in the twin if it is renewed; empty if not held"),
    Column("u_expands", "float", "", "the uniform of both worlds for that"),
]
HOURS = [
    Column("member", "text", "", "who"),
    Column("activity", "text", "", "activity, switching, idle or onboarding"),
    Column("hours", "float", "h", "hours booked"),
]
CRM = {
    "leads": "leads recorded from {}",
    "qualified": "leads from {} that passed the first stage",
    "deals": "deals credited to social media by {}",
    "revenue": "first-year value of deals credited to social media by {}",
}


def _crm(name: str) -> Column:
    what, of = name.split("_", 1)
    unit = {"qualified": "leads", "revenue": "currency"}.get(what, what)
    return number(name, unit, CRM[what].format(of.replace("_", " ")))


WEEKS = [
    Column("week", "int", "weeks", "number of the week, from 0"),
    Column("followers", "int", "people", "followers from target accounts"),
    Column("outside_followers", "float", "people", "followers who will never buy"),
    Column("reach", "float", "exposures", "posts seen this week, by followers and by those to whom they were passed on"),
    Column("interactions", "int", "interactions", "this week, by all followers"),
    Column("outside_interactions", "int", "interactions", "this week, by people who will never buy"),
    Column("visits_social_true", "int", "visits", "web visits that came from social media"),
    Column("visits_social", "int", "visits", "web visits recorded as coming from social media"),
    Column("visits_search", "int", "visits", "recorded from search"),
    Column("visits_direct", "int", "visits", "recorded as direct"),
    Column("open_deals", "int", "deals", "at work at the end of the week"),
    Column("standing_deals", "int", "deals", "standing still at the end of the week"),
    Column("slowness", "float", "factor", "by which load lengthens stages"),
    Column("liveliness", "float", "share", "of the community"),
    Column("tagged_share", "float", "share", "of social touches recorded as such"),
    Column("asked_share", "float", "share", "of lead sources written down rightly"),
    Column("dashboard_age_weeks", "float", "weeks", "since the dashboard was brought up to date"),
    Column("drafts_waiting", "int", "drafts", "made and not yet published or dropped, at the end of the week"),
    Column("messages_waiting", "int", "messages", "neither answered nor missed, at the end of the week"),
    *(_crm(name) for name in RECORDED),
    number("deals_all", "deals", "deals won, as the CRM shows them"),
    number("revenue_all", "currency", "first-year value of deals won, as the CRM shows them"),
    Column("granted_hours", "float", "h", "hours per week that management gave for it"),
    *(number(f"hours_{purpose}", "h", f"booked on {purpose.replace('_', ' ')} this week") for purpose in PURPOSES),
]
QUARTERS = [
    Column("quarter", "int", "", "of 13 weeks, from 0; those after the horizon are of the run-off"),
    number("hours", "h", "hours given"),
    number("spent", "currency", "cost of those hours, and their worth if they had been used otherwise"),
    number("followers", "people", "from target accounts, at the end of the quarter; empty in the run-off"),
    number("reach", "exposures", "posts seen"),
    number("interactions", "interactions", "by all followers"),
    number("visits_social", "visits", "recorded as coming from social media"),
    number("visits_search", "visits", "recorded from search"),
    number("visits_direct", "visits", "recorded as direct"),
    *(_crm(name) for name in RECORDED),
    *(
        number(f"{prefix}{name}", unit, f"{meaning}{where}, as the CRM shows it")
        for prefix, where in (("", ""), ("twin_", ", in the twin"))
        for name, unit, meaning in (
            ("leads_all", "leads", "leads from any source"),
            ("deals_all", "deals", "deals won"),
            ("revenue_all", "currency", "first-year value of deals won"),
        )
    ),
    *(
        number(f"{arm}_{what}", what, f"{what} of {said}")
        for arm, said in (
            ("arm", "every second account"),
            ("held_out", "the others if they are kept from social media: as in the twin"),
            ("twin_arm", "every second account, in the twin"),
        )
        for what in ("leads", "deals")
    ),
    number("messages", "messages", "from people who want an answer, answered or missed"),
    number("messages_answered", "messages", "messages from people who want an answer, answered in time"),
    *(
        number(f"{prefix}{name}", unit, f"{meaning}{where}")
        for prefix, where in (("", ""), ("twin_", ", in the twin"))
        for name, unit, meaning in (
            ("deals", "deals", "won (realised)"),
            ("deals_expected", "deals", "won (expected)"),
            ("revenue", "currency", "first-year value of deals won (realised)"),
            ("revenue_expected", "currency", "first-year value of deals won (expected)"),
            ("selling_cost", "currency", "cost of sellers' hours (realised)"),
            ("selling_cost_expected", "currency", "cost of sellers' hours (expected)"),
            ("renewal_margin", "currency", "margin on contracts renewed (realised)"),
            ("renewal_margin_expected", "currency", "margin on contracts renewed (expected)"),
            ("shortlist_decisions", "needs", "shortlists drawn up"),
            ("shortlist_chances", "needs", "chances of the brand to be on them, summed"),
            ("renewal_decisions", "contracts", "anniversaries of contracts held"),
            ("renewal_chances", "contracts", "chances that they are renewed, summed"),
        )
    ),
]
SERVICE = [
    Column("segment", "text", "", "segment of the accounts"),
    *(
        number(f"{prefix}{name}", unit, f"{meaning}{where}")
        for prefix, where in (("", ""), ("twin_", ", in the twin"))
        for name, unit, meaning in (
            ("renewals_due", "contracts", "anniversaries of contracts held"),
            ("renewals", "contracts", "contracts renewed (realised)"),
            ("renewals_expected", "contracts", "contracts renewed (expected)"),
            ("renewal_margin_expected", "currency", "margin on contracts renewed (expected)"),
            ("value_ahead_expected", "currency", "margin on renewals to come of contracts left at the end (expected)"),
        )
    ),
    Column("messages", "int", "messages", "customers' questions and complaints, answered or missed"),
    Column("answered", "int", "messages", "customers' questions and complaints answered in time"),
    Column("complaints", "int", "messages", "complaints, answered or missed"),
    Column("complaints_answered", "int", "messages", "complaints answered in time"),
    number("reply_hours_median", "h", "median time to an answer to a customer"),
    number("reply_hours_p90", "h", "90th percentile of the time to an answer to a customer"),
]
STAGES = [
    Column("stage", "text", "", "stage of drafts on their way to the channels"),
    Column("entered", "int", "drafts", "stays that began; a draft that is sent back comes again"),
    number("wait_hours_mean", "h", "mean length of those that ended by the horizon"),
    number("wait_hours_p90", "h", "90th percentile of their length"),
    Column("waiting_at_end", "int", "drafts", "still in the stage at the horizon"),
    number("mean_number", "drafts", "in the stage, a mean over time"),
]
PIECES = [
    Column("kind", "text", "", "raw, adapted or original"),
    Column("made", "int", "drafts", "drafts made"),
    Column("reviewed", "int", "drafts", "drafts that a reviewer had to see"),
    Column("approved", "int", "drafts", "drafts that became ready for the channels, with or without review"),
    Column("published", "int", "drafts", "drafts published, made earlier or not"),
    Column("expired", "int", "drafts", "drafts dropped, since they had lost their worth"),
    number("hours", "h", "making and reworking of the drafts made"),
    Column("posts", "int", "posts", "on all channels; a draft may be on several"),
    Column("engagements", "int", "interactions", "by followers from target accounts, with posts of that kind"),
    Column("conversations", "int", "messages", "of those, comments that expect an answer"),
    Column("clicks", "int", "visits", "of those, visits to the web site"),
]
REPLIES = [
    Column("kind", "text", "", "kind of conversation; outreach, spam and crisis are not asked of the team"),
    Column("messages", "int", "messages", "answered or missed"),
    Column("answered", "int", "messages", "answered in time"),
    Column("missed", "int", "messages", "not answered in time"),
    number("in_time_share", "share", "share answered in time"),
    number("reply_hours_median", "h", "median time to an answer"),
    number("reply_hours_p90", "h", "90th percentile of the time to an answer"),
]
BLOCKS = [
    Column("week", "int", "weeks", "number of the week, from 0"),
    Column("member", "text", "", "who"),
    Column("activity", "text", "", "activity, switching, idle or onboarding"),
    number("began_hour", "h", "since Monday 00:00 of the week"),
    number("ended_hour", "h", "since Monday 00:00 of the week"),
]
MESSAGES = [
    Column("kind", "text", "", "kind of conversation"),
    Column("account", "int", "", "number of the account; -1 for those who belong to none"),
    Column("week", "int", "weeks", "number of the week in which it came, from 0"),
    number("opened_hour", "h", "when it came, since Monday 00:00 of that week"),
    number("waited_hours", "h", "until it was answered, missed or overtaken by the horizon"),
    Column("outcome", "text", "", "answered, missed or offline"),
]
FIRST_WORLD_ONLY = ("blocks", "messages")

TABLES: dict[str, tuple[Column, ...]] = {
    "outcomes": (*KEY, *outcomes()),
    "deals": (*KEY, *DEALS),
    "credits": (*KEY, *CREDITS),
    "touches": (*KEY, *TOUCHES),
    "decisions": (*KEY, *DECISIONS),
    "renewals": (*KEY, *RENEWALS),
    "service": (*KEY, *SERVICE),
    "hours": (*KEY, *HOURS),
    "weeks": (*KEY, *WEEKS),
    "quarters": (*KEY, *QUARTERS),
    "stages": (*KEY, *STAGES),
    "pieces": (*KEY, *PIECES),
    "replies": (*KEY, *REPLIES),
    "blocks": (*KEY, *BLOCKS),
    "messages": (*KEY, *MESSAGES),
}


def schema_markdown() -> str:
    """Return the text of docs/results-schema.md: the tables of a result folder."""
    lines = [
        "# What a result folder holds",
        "",
        "Generated by `make docs`; do not edit.",
        "",
        "`manifest.json` holds the resolved scenario of every point, the seed, the number of replications and the versions of",
        "package and schema. `timing.json` says when it was computed and on how many workers; nothing else depends on that.",
        "The tables are Parquet files, one row a (point, replication, ...), readable without this package; what is undefined",
        "is null. Rows are in the order of points and replications; where there are more than 512 worlds, in groups of so",
        "many, each a row group with some replications of all points (of some, if there are more points than that).",
        "",
        "`checksums.json` holds the SHA-256 of every table, and each page has a checksum of its own: `sim results verify DIR`",
        "holds files against them, and `sim resume DIR` computes what is damaged anew. `manifest.json`, `timing.json` and",
        "what is kept beside tables hold the SHA-256 of their own content (`sha256`): an edited manifest is refused. While a",
        "run lasts, `parts/` holds what is finished, a folder a block of worlds with its own checksums, and `.lock` keeps a",
        "second writer away.",
        "",
        "Exports (`sim results export`) and queries (`sim results query`) also have `points`: a row per point with its label",
        "and every parameter that was varied, or in which its scenario differs from others, by its path; `dictionary`: a row",
        "per column of every table; and `outcomes_long`: a row per world and outcome. There, `outcomes` starts with the label",
        "and the parameters of its point.",
    ]
    for table, columns in TABLES.items():
        note = ["", "Replication 0 only."] if table in FIRST_WORLD_ONLY else []
        titled = any(one.title for one in columns)  # as people pick and plot them
        head = ["column", "title", "type", "unit", "meaning"] if titled else ["column", "type", "unit", "meaning"]
        lines += ["", f"## {table}.parquet", *note, "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
        for one in columns:
            cells = (
                [one.name, one.title, one.kind, one.unit, one.meaning]
                if titled
                else [one.name, one.kind, one.unit, one.meaning]
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
