"""Names of the program as people say them, marked for the catalogs: `words.in_words` says them.

The packages below know nothing of languages; so what of theirs a reader of a report sees stands here once more. Names that an
author gives (segments, members, channels) are said as they are.
"""

from sim.report.language import later

ACTIVITIES = (
    later("listening"), later("weak signals"), later("recruiting"), later("animation"), later("content"), later("publishing"),
    later("validation"), later("dialogue"), later("measurement"), later("switching"), later("idle"), later("onboarding"),
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
    later("liveliness"), later("material"), later("frequency"), later("posting"), later("reviewers"), later("patience"),
    later("records"), later("switching"), later("training"), later("sales"),
)  # fmt: skip
MEANINGS = (
    later("every purchase is asked about in public, and there are ten times the trends and competitors' moves"),
    later("whatever is said in public is found as soon as someone listens"),
    later("what listening finds is understood at once"),
    later("every contact of the market uses every channel"),
    later("nearly all who are invited accept"),
    later("nobody stops following"),
    later("a community once lively stays so"),
    later("there is always material to make a piece of, and always an idea"),
    later("posting often costs no reach"),
    later("putting a piece on its channels takes no time"),
    later("nobody has to approve a draft"),
    later("messages wait as long as it takes"),
    later("everything is recorded rightly without hours"),
    later("changing activity takes no time"),
    later("everybody knows the trade from the first day"),
    later("sales work on every deal at full speed"),
)
SPLITS = (later("as it is"), later("best in the records"))
