"""The page of an ensemble."""

from collections.abc import Sequence
from functools import partial

from sim.experiment.ensemble import Ensemble, advice
from sim.report.answers.ensemble import (
    advice_frame,
    fact_rows,
    guess_rows,
    guesses,
    learned,
    learned_rows,
    level,
    members_frame,
    rows,
    sentences,
    usual_level,
)  # fmt: skip
from sim.report.figures import ensemble as figure
from sim.report.html.sheet import Part, Sheet, files
from sim.report.text.cells import frame_of
from sim.report.text.translation import ENGLISH, decimal, say, told_in
from sim.scenario import Scenario
from sim.version import __version__

MEMBERS, LEVELS, FACTS, GUESSES, EFFECTS = "members.csv", "levels.csv", "facts.csv", "guesses.csv", "effects.csv"
FILES = files(MEMBERS, LEVELS, FACTS, GUESSES, EFFECTS)


def sheet_of(found: Ensemble, scenario: Scenario, kept: Sequence[str], seed: int) -> Sheet:
    """Lay out the page of an ensemble; `kept` are guesses that were not drawn."""
    usual = usual_level(found)
    strongest = guesses(found, usual)
    taught = learned(found)
    with told_in(ENGLISH):
        facts = frame_of(fact_rows(found))
    data = {
        MEMBERS: members_frame(found),
        LEVELS: advice_frame(found),
        FACTS: facts,
        GUESSES: strongest,
        EFFECTS: taught,
    }
    parts = [
        Part(
            say("The facts that sets of parameters must fit"),
            say(
                "Each set is run in worlds of its own at the scenario's hours. It fits if every one of these outcomes lies in"
                " its interval. Give your own facts with --fact or --facts."
            ),
            shown=frame_of(fact_rows(found)),
            table=FACTS,
        )
    ]
    if found.fitted.fits.any():
        parts.insert(
            0,
            Part(
                say("Does the advice hold?"),
                say(
                    "Every set of parameters that fits the facts is run at every level. A level is best in a set if it returns"
                    " most there; no hours are among the choices. In sets without an effect, social media carries messages and"
                    " leads, which records show, but changes nobody's mind: what they show would have come anyway."
                ),
                partial(figure.draw, found, scenario.currency),
                frame_of(rows(found)),
                LEVELS,
            ),
        )
    if len(taught):
        parts.append(
            Part(
                say("What the facts teach about effects on minds"),
                say(
                    "The range of nine in ten sets with an effect, before and after they were compared with the facts, and how"
                    " much of it is left. The range is ignorance. The last column is what random choices of as many sets would"
                    " leave. If what is left lies within it, records such as these tell nothing about that effect, and its size"
                    " is an assumption."
                ),
                shown=frame_of(learned_rows(taught)),
                table=EFFECTS,
            )
        )
    if usual and len(strongest):
        parts.append(
            Part(
                say("Which guesses go with the return of {level}", level=level(usual)),
                say(
                    "Rank correlations over the sets that fit and have an effect, the strongest first. Their intervals are the"
                    " luck of which sets were drawn. Of so many guesses, some correlate by chance. The first are the ones to"
                    " know better. sim sensitivity changes one at a time instead."
                ),
                shown=frame_of(guess_rows(strongest)),
                table=GUESSES,
            )
        )
    method = say(
        "sim {version}, seed {seed}. A Latin hypercube of {sets} possible sets ({impossible} contradicted themselves) from the"
        " PERT law of low, likely and high; approximate Bayesian computation by rejection, {worlds} worlds per set; luck and"
        " ignorance by analysis of variance (docs/model.md 4.1).",
        version=__version__,
        seed=seed,
        sets=decimal(len(found.drawn.members)),
        impossible=decimal(len(found.drawn.impossible)),
        worlds=decimal(found.returns.expected.shape[2]),
    )
    held = ", ".join(kept)
    fixed = [say("Guesses that were held fixed, as their ends contradict others: {guesses}.", guesses=held)] if kept else []
    return Sheet(
        say("{name}: does the advice hold for all that fits the facts?", name=scenario.name),
        say(
            "Simulated, not observed. Nobody knows most numbers of such a model. Here they are drawn from their ranges and kept"
            " where they fit what is known. Amounts are in {currency}, over {weeks} weeks and run-off, after cost.",
            currency=scenario.currency,
            weeks=decimal(scenario.time.horizon_weeks),
        ),
        list(sentences(found, scenario.currency)),
        parts,
        " ".join([method, *fixed]),
        data,
        is_stop=not found.fitted.fits.any() or not advice(found.returns).steady,
    )
