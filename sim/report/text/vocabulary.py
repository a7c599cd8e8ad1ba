"""Readable forms of the program's names, marked for the catalogs: `words.in_words` translates them.

The packages below know nothing of languages; so what of theirs a reader of a report sees stands here once more. Names that an
author gives (segments, members, channels) stay as they are.
"""

from sim.report.text.translation import later

# by the ids of the frames of sim.analysis
CREDIT_MODELS = {
    "first_touch": later("first touch"), "last_touch": later("last touch"), "begun_on_social": later("lead source"),
    "linear": later("linear"), "position_based": later("position"), "time_decay": later("time decay"),
    "markov": later("Markov"), "shapley": later("Shapley"),
}  # fmt: skip
GIVES_CREDIT_TO = {
    "first_touch": later("the first recorded touch of the account"),
    "last_touch": later("the last recorded touch before the deal"),
    "begun_on_social": later("where the lead came from, as recorded"),
    "linear": later("every recorded touch alike"),
    "position_based": later("most to the first and the last touch"),
    "time_decay": later("the more, the nearer to the deal"),
    "markov": later("by how many deals fewer there would be if a source led nowhere"),
    "shapley": later("every source of the journey alike"),
}
ESTIMATED = {
    "deals": later("deals"), "revenue": later("first-year revenue of deals"), "renewals": later("contracts renewed"),
    "renewal_margin": later("margin on renewals"), "net_return": later("net return"),
}  # fmt: skip
FIRST_CAUSES = {
    "own_touch": later("the team's own touch"),
    "word_of_mouth": later("what customers said to the buyer"),
    "crisis": later("a crisis, or none"),
    "earlier_need": later("an earlier purchase that went another way"),
    "sales_load": later("how busy sales were"),
}
STEPS_OF_REVENUE = {
    "zero_hours": later("zero hours"), "caused": later("caused"), "lost_because": later("lost because of it"),
    "won_at_another_need": later("won at another need"), "still_open": later("still open in one world"),
    "with_social_media": later("with social media"),
}  # fmt: skip
METHODS = {
    "before_and_after": later("before and after"), "against_peers": later("against peers"),
    "hold_out": later("hold-out test"), "attribution": later("attribution"),
}  # fmt: skip
LOOKED_AT = {"leads": later("leads"), "deals": later("deals"), "revenue": later("revenue")}
INDICATORS = {
    "followers": later("followers"), "reach": later("reach"), "interactions": later("interactions"),
    "messages": later("messages"), "visits_social": later("visits from social media"),
    "leads_organic_social": later("leads from social media"),
    "qualified_organic_social": later("qualified leads from social media"), "leads_all": later("leads from any source"),
    "revenue_last_touch": later("revenue credited (last touch)"), "revenue_all": later("revenue from any source"),
}  # fmt: skip
EFFECT_GROUPS = {
    "attachment": later("Attachment"), "presence": later("Presence"), "trust": later("Trust and credibility"),
    "dialogue": later("Dialogue and innovation"), "sales": later("Sales"), "sales_without_link": later("Sales without link"),
    "loyalty": later("Loyalty"),
}  # fmt: skip
EFFECTS = {
    "followers": later("followers from target accounts"),
    "contributors_share": later("of these, commented or shared in a year"),
    "shortlist_share": later("buyers who shortlist the brand"),
    "research_visits": later("visits of buyers who research"),
    "win_share": later("of buyers who shortlist the brand anyway, those who buy"),
    "crisis_trust_loss": later("trust lost in crises"),
    "replied_in_time_share": later("messages answered in time"),
    "product_ideas": later("ideas for the product"),
    "deals_expected": later("deals won"),
    "caused_without_touch": later("deals caused without a recorded touch"),
    "retention": later("contracts renewed in a year"),
    "recommendations": later("customers' answers to buyers who ask them"),
}
EFFECTS_OVER_TIME = {
    "followers": later("Attachment: followers from\ntarget accounts"),
    "shortlist_share": later("Presence: buyers who\nshortlist the brand"),
    "replied_in_time_share": later("Dialogue: messages\nanswered in time"),
    "caused_without_touch": later("Sales it caused that no\nrecord links to it, so far"),
    "retention": later("Loyalty: renewed, of\ncontracts due"),
}
PRICED = {
    "not_priced": later("not priced"), "within_sales": later("within sales"), "within_loyalty": later("within loyalty"),
    "within_both": later("within sales and loyalty"), "margin_on_deals": later("margin on deals"),
    "margin_on_renewals": later("margin on renewals"),
}  # fmt: skip
VISIBLE = {
    "yes": later("yes"), "no": later("no"), "in_part": later("in part"), "as_search_or_direct": later("as search or direct"),
    "as_referrals": later("as referrals"),
}  # fmt: skip
FACTORS = {"records": later("records"), "credit": later("credit"), "window": later("window")}
FACTOR_VALUES = {
    "as_they_are": later("as they are"), "perfect": later("perfect"), "when_deals_close": later("when deals close"),
    "when_leads_come": later("when leads come"), "quarter": later("a quarter"), "year": later("a year"),
}  # fmt: skip
FACTORS_SHOW = {
    "records": later("the measurement trap: what records miss"),
    "credit": later("impatience: money comes months after the hours"),
    "window": later("impatience: few deals in a short time"),
}
CRM_SOURCES = {  # as CRMs name them
    "organic_social": later("Organic Social"), "organic_search": later("Organic Search"),
    "direct_traffic": later("Direct Traffic"), "referrals": later("Referrals"), "offline_sources": later("Offline Sources"),
}  # fmt: skip
SERIES = {  # of a backcast
    "leads": later("leads"), "leads_organic_social": later("leads from social media"),
    "leads_organic_search": later("leads from search"), "leads_direct_traffic": later("leads from direct visits"),
    "leads_referrals": later("leads from referrals"), "leads_offline_sources": later("leads from offline sources"),
    "qualified": later("qualified leads"), "deals": later("deals"),
    "deals_begun_on_social": later("deals begun on social media"),
    "revenue": later("revenue"), "followers": later("followers"), "impressions": later("impressions"),
    "engagements": later("engagements"), "visits_social": later("visits from social media"),
    "visits_search": later("visits from search"), "visits_direct": later("direct visits"), "hours": later("hours"),
    "cycle_days": later("days from lead to win"),
}  # fmt: skip
VERDICTS = {
    "inside": later("inside"), "above": later("above"), "below": later("below"), "not compared": later("not compared"),
}  # fmt: skip
COMPARED = {
    "net_deals_expected": later("net deals, expected"), "net_margin_expected": later("net margin, expected"),
    "net_return_expected": later("net return, expected"), "net_return": later("net return, realised"),
    "shortlist_share": later("share shortlisted"), "retention": later("share renewed"),
    "deals_begun_on_social": later("deals begun on social"),
}  # fmt: skip
SURVEYED = {  # what executives of the study say, by the ids of its figures
    "few_hours": later("spend under 10 hours per week"),
    "traffic": later("measure by web traffic"),
    "leads": later("watch for qualified leads"),
    "exactly": later("say that exactly 5 % of sales began on social media"),
    "up_to": later("say that up to 5 % of sales began on social media"),
    "at_least": later("say that at least 5 % of sales began on social media"),
}
READINGS = {"exactly": later("exactly"), "up_to": later("up to"), "at_least": later("at least")}
WORLDS = {"with": later("with"), "zero hours": later("zero hours"), "both": later("both")}  # of a trace
CRISES = {"contained": later("contained"), "softened": later("softened"), "uncontained": later("uncontained")}
BECAME = {  # of a deal in both worlds
    "caused": later("won with the hours and lost without them"),
    "lost_because": later("lost with the hours and won without them"),
    "accelerated": later("won in both worlds, sooner with the hours"),
    "delayed": later("won in both worlds, later with the hours"),
    "unchanged": later("won in both worlds"),
    "pending": later("open when the worlds ended"),
}
ALL_SEGMENTS = later("all segments")
NONE_BINDS = later("none that can be told from zero")

ACTIVITIES = (
    later("listening"), later("weak signals"), later("recruiting"), later("animation"), later("advocacy"),
    later("content"), later("publishing"), later("validation"), later("dialogue"), later("measurement"),
    later("switching"), later("idle"), later("onboarding"),
)  # fmt: skip
MESSAGES = (
    later("comment"), later("customer question"), later("complaint"), later("buyer question"), later("buyer message"),
    later("outreach"), later("public question"), later("spam"), later("crisis"),
)  # fmt: skip
SOURCES = (
    later("organic social"), later("organic search"), later("direct traffic"), later("referrals"), later("offline sources"),
)  # fmt: skip
CAUSES = (later("own touch"), later("word of mouth"), later("crisis"), later("earlier need"), later("sales load"))
LABELS = (
    later("caused"), later("lost because"), later("accelerated"), later("delayed"), later("unchanged"), later("pending"),
    later("won at another need"),
)  # fmt: skip
DRAFTS = (
    later("waiting for review"), later("in review"), later("sent back"), later("approved"), later("waiting for its day"),
)  # fmt: skip
SALES = (later("marketing qualified"), later("sales qualified"), later("opportunity"), later("proposal"))
DIVIDED = (later("deals"), later("revenue"), later("renewals"), later("renewal margin"))
ESTIMATORS = (later("realised"), later("expected"))
LIMITS = (
    later("signals"), later("finding"), later("analysis"), later("pool"), later("acceptance"), later("leaving"),
    later("liveliness"), later("colleagues"), later("material"), later("frequency"), later("size"), later("posting"),
    later("reviewers"), later("patience"), later("records"), later("switching"), later("training"), later("sales"),
)  # fmt: skip
MEANINGS = (
    later("every purchase is asked about in public, and there are ten times the trends and competitors' moves"),
    later("whatever is said in public is found as soon as someone listens"),
    later("what listening finds is understood at once"),
    later("every contact of the market uses every channel"),
    later("nearly all who are invited accept, and any number may be"),
    later("nobody stops following"),
    later("a community once lively stays so"),
    later("colleagues who once take part keep doing so"),
    later("there is always material to make a piece of, and always an idea"),
    later("posting often costs no reach"),
    later("a post reaches the same share of a large audience as of one of 1,000"),
    later("putting a piece on its channels takes no time"),
    later("nobody has to approve a draft"),
    later("messages wait as long as it takes"),
    later("everything is recorded rightly without hours"),
    later("changing activity takes no time"),
    later("everybody knows the trade from the first day"),
    later("sales work on every deal at full speed"),
)
ROLES = (
    later("decision maker"), later("technical expert"), later("user"), later("purchasing"), later("sponsor"),
)  # fmt: skip
CHANNELS = (
    later("network"), later("micro blog"), later("blog"), later("profiles of team"), later("profiles of colleagues"),
    later("sponsored posts"),
)  # fmt: skip
LEAD_SOURCES = (later("all"), later("unknown"))  # beside those of CRMs
SPLITS = (later("as it is"), later("best in the records"))
EARLY_SIGNS = {  # that a team can see in its own records
    "leads_organic_social": later("recorded leads begun on social media"), "messages": later("messages that want an answer"),
    "reach": later("posts seen"), "followers": later("followers from target accounts"),
}  # fmt: skip
