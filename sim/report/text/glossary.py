"""The words of reports, figures and the page: one term per thing, each explained in a sentence, in English and in French.

`python -m sim.report.text.glossary` writes docs/glossary.md. The page explains its words with the same entries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.report.text.translation import LANGUAGES, later, say, told_in

DOCUMENT = Path("docs/glossary.md")
TITLE = later("Glossary")
OPENING = later(
    "One term per thing, as reports, figures and the page use it. In brackets: the name that researchers give to it."
)
SOURCE = later("This page is made from {file}, which the page in the browser uses too.")
FILE = "[sim/report/text/glossary.py](../sim/report/text/glossary.py)"
HEAD = "| English | Français |\n|---|---|"


@dataclass(frozen=True)
class Term:
    """A word, what it means in a sentence or two, and the name that the field gives to the same thing."""

    name: str
    meaning: str
    also: str = ""

    @property
    def label(self) -> str:
        """The word in the current language, with the field's name in brackets where it has another."""
        return f"{say(self.name)} ({say(self.also)})" if self.also else say(self.name)


COMPARED = {
    "scenario": Term(
        later("scenario"),
        later("The description of a company, its market, its team and its time horizon: every number the simulation needs."),
    ),
    "world": Term(
        later("world"),
        later("One possible course of events for the company over the period that is simulated."),
        later("replication"),
    ),
    "twin": Term(
        later("twin"),
        later("The same world with zero hours and the same random numbers. It shows what would have happened anyway."),
        later("counterfactual"),
    ),
    "incremental": Term(
        later("incremental"),
        later(
            "What exists with social media and not in the twin: the sales that social media caused, less those that it cost."
        ),
        later("causal effect"),
    ),
    "baseline": Term(
        later("baseline"),
        later("What the others are compared with: the company without social media, or the level that you choose."),
    ),
    "level": Term(later("level of hours"), later("A number of hours per week that the whole team gives to social media.")),
    "split": Term(
        later("split of the hours"),
        later("How the team shares its hours among tasks. You ask for it as weights; the hours worked can differ."),
    ),
    "horizon": Term(
        later("horizon"),
        later("The last day on which hours are worked and purchases begin; three years after the start by default."),
    ),
    "run_off": Term(
        later("run-off"),
        later("The time after the horizon, without any hours, in which open deals still come to their end and are counted."),
    ),
}
MONEY = {
    "net_return": Term(
        later("net return"),
        later("Margin on incremental deals and renewals, less what the hours cost. Above zero, the hours pay."),
    ),
    "margin": Term(later("margin"), later("The part of a sale that is left after the cost of delivering it.")),
    "cost": Term(
        later("cost of the hours"),
        later("Hours worked times what an hour costs, with the other uses of that time, licences, hires and sponsored posts."),
    ),
    "pays": Term(
        later("worlds in which it pays"),
        later("The share of worlds that end with a net return above zero: the chance that one company comes out ahead."),
    ),
    "break_even": Term(
        later("break-even"),
        later("The first quarter from which everything earned so far exceeds everything spent so far, and stays above."),
        later("payback"),
    ),
    "response_curve": Term(
        later("response curve"),
        later("Net return against hours per week. It falls where more hours add less than they cost."),
        later("saturation curve"),
    ),
    "discounted": Term(
        later("discounted"),
        later("Counted for less the later it comes, because money today is worth more than money in three years."),
    ),
}
COUNTED = {
    "expected": Term(
        later("expected"),
        later("Each purchase is weighed by its probability of being won. Same mean as the count, with less luck in it."),
    ),
    "realised": Term(
        later("realised"),
        later("Deals are counted as they were won or lost in each world, as your books would."),
        later("counted"),
    ),
    "caused": Term(later("caused"), later("A deal that is won with the hours and lost in the twin.")),
    "accelerated": Term(
        later("accelerated"), later("A deal that is won in both worlds, and at least one week sooner with the hours.")
    ),
    "pending": Term(later("pending"), later("A deal that is still open when the run-off ends; it counts for nothing.")),
}
RECORDS = {
    "records": Term(
        later("records"),
        later("What a dashboard, web statistics or a CRM shows. They see a part of what happens, and credit what they see."),
    ),
    "touch": Term(
        later("touch"), later("A contact of a buyer with the brand, such as a post seen, a comment, a click or an answer.")
    ),
    "attribution": Term(
        later("attribution"),
        later("A rule that credits a deal to the touches on record, such as the first, the last or all of them."),
    ),
    "visibility": Term(
        later("visibility"),
        later("Revenue that records credit to social media, as a share of the revenue that social media caused."),
    ),
    "shortlisted": Term(
        later("shortlisted"),
        later("On the list of suppliers that a buyer compares. A supplier that is not on it cannot win the deal."),
    ),
    "hold_out": Term(
        later("hold-out test"),
        later("Some accounts are kept from social media on purpose and compared with the others."),
        later("controlled experiment"),
    ),
    "measurement_trap": Term(
        later("measurement trap"),
        later("Hours are cut because records miss what they earn, so the company loses more than it saves."),
    ),
}
KNOWN = {
    "luck": Term(
        later("luck of the draw"),
        later("How far a result depends on which worlds were drawn. More worlds narrow it."),
        later("Monte Carlo error"),
    ),
    "interval": Term(
        later("90 % interval"),
        later("The range that holds the true mean in nine cases of ten, as far as the luck of the draw goes."),
    ),
    "half_width": Term(
        later("half-width"), later("Half the length of an interval: the figure is known to plus or minus that much.")
    ),
    "ignorance": Term(
        later("ignorance"),
        later("What nobody knows, such as how much a post moves a buyer. More worlds do not narrow it; facts do."),
        later("parameter uncertainty"),
    ),
    "set": Term(
        later("set of assumptions"),
        later("One possible value for each number that nobody knows, all drawn together from their ranges."),
        later("parameter draw"),
    ),
    "guess": Term(later("guess"), later("A number that no source gives with certainty: it has a likely value and a range.")),
    "fact": Term(
        later("fact"),
        later("A measured figure, published or your own. Sets of assumptions whose worlds agree with it count for more."),
        later("calibration target"),
    ),
    "belief": Term(
        later("belief"),
        later("The chance that you give to social media moving no buyer's mind at all."),
        later("prior probability"),
    ),
    "break_even_belief": Term(
        later("break-even belief"),
        later(
            "The belief (chance that no buyer is moved) at which the hours stop paying on average. They pay below"
            " it, not above."
        ),
    ),
    "regret": Term(
        later("regret"),
        later("What a choice returns less than the best choice would have, on average over the sets of assumptions."),
    ),
    "evpi": Term(
        later("value of knowing everything"),
        later("The most that it can be worth to know every true number before you decide."),
        later("EVPI"),
    ),
    "evppi": Term(
        later("value of knowing a guess"),
        later("The most that it can be worth to know one number, or one subject, before you decide."),
        later("EVPPI"),
    ),
    "evsi": Term(
        later("value of a pilot"),
        later("The most that it can be worth to run a test first, and to decide after reading it."),
        later("EVSI"),
    ),
    "flip": Term(
        later("flip"), later("The value of an assumption at which the advice changes to another level of hours, or to none.")
    ),
    "trip_wire": Term(
        later("trip-wire"),
        later("An early sign in your own records, with a threshold below which the hours will probably not pay."),
    ),
    "limit": Term(
        later("limit that binds"),
        later("The obstacle whose removal would earn the most, with everything else unchanged."),
        later("bottleneck"),
    ),
    "effect": Term(
        later("effect"),
        later("How much a touch multiplies a buyer's odds: 1 changes nothing, 2 turns one chance in five into one in three."),
        later("odds ratio"),
    ),
}
GROUPS = {
    later("What is compared"): COMPARED,
    later("Money"): MONEY,
    later("How deals are counted"): COUNTED,
    later("What records show"): RECORDS,
    later("What is known, and what is not"): KNOWN,
}
TERMS = {key: term for group in GROUPS.values() for key, term in group.items()}


def explained(key: str) -> str:
    """Return what a term means, in the current language."""
    return say(TERMS[key].meaning)


def glossary_markdown() -> str:
    """Return docs/glossary.md: every term, in all languages side by side."""
    return "\n".join(["# " + " · ".join(_in_each_language(TITLE)), "", *_opening(), *_lines()])


def _opening() -> Iterator[str]:
    for language in LANGUAGES:
        with told_in(language):
            yield f"{say(OPENING)} {say(SOURCE, file=FILE)}\n"


def _lines() -> Iterator[str]:
    for heading, group in GROUPS.items():
        titles = " · ".join(_in_each_language(heading))
        yield f"## {titles}\n\n{HEAD}"
        for term in group.values():
            yield f"| {' | '.join(_entries(term))} |"
        yield ""


def _in_each_language(message: str) -> Iterator[str]:
    for language in LANGUAGES:
        with told_in(language):
            yield say(message)


def _entries(term: Term) -> Iterator[str]:
    for language in LANGUAGES:
        with told_in(language):
            yield f"**{term.label}.** {say(term.meaning)}"


if __name__ == "__main__":
    DOCUMENT.write_text(glossary_markdown(), encoding="utf-8")
