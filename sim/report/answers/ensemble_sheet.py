"""The page of an ensemble."""

from collections.abc import Sequence
from functools import partial

from sim.experiment.ensemble import AGAIN, Ensemble
from sim.experiment.ignorance import Decision
from sim.experiment.ways import Weighed
from sim.report.answers import over_time
from sim.report.answers.ensemble import (
    fact_rows,
    guess_rows,
    pilot_rows,
    pilots_note,
    rows,
    sentences,
    theme_rows,
)  # fmt: skip
from sim.report.answers.ensemble_numbers import guesses_frame, levels_frame, members_frame, pilots_frame, themes_frame
from sim.report.figures import ensemble as figure
from sim.report.html.sheet import Part, Sheet, files
from sim.report.text.cells import frame_of
from sim.report.text.translation import ENGLISH, decimal, say, told_in
from sim.report.text.words import money, percent
from sim.scenario import Scenario
from sim.version import __version__

MEMBERS, LEVELS, FACTS, GUESSES = "members.csv", "levels.csv", "facts.csv", "guesses.csv"
PILOTS, THEMES = "pilots.csv", "subjects.csv"
POLICIES = "policies.csv"  # only where some are weighed
FILES = files(MEMBERS, LEVELS, FACTS, GUESSES, PILOTS, THEMES)


def sheet_of(
    found: Ensemble, decision: Decision, scenario: Scenario, kept: Sequence[str], compared: Weighed | None = None
) -> Sheet:
    """Lay out the page of an ensemble; `kept` are guesses that were not drawn, `compared` policies beside levels."""
    currency = scenario.currency
    with told_in(ENGLISH):
        facts = frame_of(fact_rows(found))
    data = {
        MEMBERS: members_frame(found, decision),
        LEVELS: levels_frame(decision),
        FACTS: facts,
        GUESSES: guesses_frame(decision),
        PILOTS: pilots_frame(decision),
        THEMES: themes_frame(decision),
    }
    parts = [
        Part(
            say("What each level returns, over all that may be true"),
            say(
                "Each set of assumptions has one world at every level. No hours are among the choices. In sets without an"
                " effect, social media carries messages and leads, which records show, but moves nobody's mind: what they show"
                " would have come anyway."
            ),
            partial(figure.draw, decision, currency),
            frame_of(rows(decision)),
            LEVELS,
        ),
        Part(
            say("The facts that sets of assumptions are held against"),
            say(
                "A set counts the more, the better its worlds agree with these measurements. Each interval is taken to hold"
                " nine in ten of what the measured figure may be. Give your own facts with --fact or --facts."
            ),
            shown=frame_of(fact_rows(found)),
            table=FACTS,
        ),
    ]
    said = list(sentences(decision, currency))
    if compared is not None:
        said += over_time.sentences(compared, currency)
        data[POLICIES] = over_time.frame(compared)
        shown = frame_of(over_time.rows(compared))
        parts.insert(1, Part(say("Hours over time"), over_time.note(currency), shown=shown, table=POLICIES))
    if decision.pilots:
        parts.append(
            Part(
                say("What measuring is worth before you fund"),
                pilots_note(decision, currency),
                shown=frame_of(pilot_rows(decision)),
                table=PILOTS,
            )
        )
    if decision.themes:
        parts.append(
            Part(
                say("Which subject to look into"),
                say(
                    "The most that it can be worth to learn the true values of all guesses on a subject before deciding."
                    " Subjects are shown if they are worth more than {by_chance}, which even a useless one would seem worth by"
                    " chance. Each set"
                    " is valued by"
                    " what other sets taught, so a subject may come out below its best guess. Brackets: the luck of which sets"
                    " were drawn.",
                    by_chance=money(decision.themes_by_chance, currency),
                ),
                shown=frame_of(theme_rows(decision)),
                table=THEMES,
            )
        )
    if decision.guesses:
        parts.append(
            Part(
                say("What to find out first"),
                say(
                    "The most that it can be worth to learn the true value of a guess before deciding. Guesses are shown if"
                    " they are worth more than {by_chance}, which even a useless one would seem worth by chance. Brackets: the"
                    " luck of which sets were drawn.",
                    by_chance=money(decision.by_chance, currency),
                ),
                shown=frame_of(guess_rows(decision)),
                table=GUESSES,
            )
        )
    method = say(
        "sim {version}, seed {seed}. A Latin hypercube of {sets} possible sets ({impossible} contradicted themselves). They are"
        " weighed by a synthetic likelihood of the facts, so they count as {effective} equal ones. One world per set and level;"
        " one set in {again} has a second one, by which the luck of worlds is taken out (docs/model.md 4.1).",
        version=__version__,
        seed=decision.seed,
        sets=decimal(decision.sets),
        impossible=decimal(len(found.drawn.impossible)),
        effective=decimal(decision.effective_sets),
        again=decimal(AGAIN),
    )
    held = ", ".join(kept)
    fixed = [say("Guesses that were held fixed, as their ends contradict others: {guesses}.", guesses=held)] if kept else []
    return Sheet(
        say("{name}: what to decide while nobody knows", name=scenario.name),
        say(
            "Simulated, not observed. Nobody knows most numbers of such a model. Here they are drawn from their ranges, and"
            " count by how well they agree with what is known. Amounts are in {currency}, over {weeks} weeks and run-off, after"
            " cost, discounted by {rate} per year.",
            currency=currency,
            rate=percent(decision.rate),
            weeks=decimal(scenario.time.horizon_weeks),
        ),
        said,
        parts,
        " ".join([method, *fixed]),
        data,
        is_stop=not decision.best.hours,
    )
