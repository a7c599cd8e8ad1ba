"""The page of an ensemble."""

from collections.abc import Sequence

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
from sim.report.answers.sheet import Part, Sheet, files
from sim.report.cells import frame_of
from sim.report.figures import ensemble as figure
from sim.scenario import Scenario
from sim.version import __version__

MEMBERS, LEVELS, FACTS, GUESSES, EFFECTS = "members.csv", "levels.csv", "facts.csv", "guesses.csv", "effects.csv"
FILES = files(MEMBERS, LEVELS, FACTS, GUESSES, EFFECTS)


def sheet_of(found: Ensemble, scenario: Scenario, kept: Sequence[str], seed: int) -> Sheet:
    """Lay out the page of an ensemble; `kept` are guesses that were not drawn."""
    usual = usual_level(found)
    strongest = guesses(found, usual)
    facts, taught = frame_of(fact_rows(found)), learned(found)
    data = {
        MEMBERS: members_frame(found),
        LEVELS: advice_frame(found),
        FACTS: facts,
        GUESSES: strongest,
        EFFECTS: taught,
    }
    parts = [
        Part(
            "What facts the sets of parameters must fit",
            "Each set lives through worlds of its own at the scenario's hours; it fits if every one of these lies in its"
            " interval. Own facts are given with --fact or --facts.",
            shown=facts,
            table=FACTS,
        )
    ]
    if found.fitted.fits.any():
        parts.insert(
            0,
            Part(
                "Does the advice hold?",
                "Every set of parameters that fits the facts is lived through at every level. A level is best in a set if it"
                " returns most there, no hours among the choices. In sets without an effect social media carries messages and"
                " leads, which records show, and moves nobody's mind: what they show would have come anyway.",
                figure.draw(found, scenario.currency),
                frame_of(rows(found)),
                LEVELS,
            ),
        )
    if len(taught):
        parts.append(
            Part(
                "What the facts teach of effects on minds",
                "The range of nine in ten sets with an effect, before they were held against the facts and after, and how much"
                " of it is left. The last column is what random choices of as many sets leave: within it, records such as these"
                " tell nothing of that effect, and its size is an assumption.",
                shown=frame_of(learned_rows(taught)),
                table=EFFECTS,
            )
        )
    if usual and len(strongest):
        parts.append(
            Part(
                f"Which guesses go with the return of {level(usual)}",
                "Rank correlations over the sets that fit and have an effect, strongest first; of so many guesses, some"
                " correlate by chance. The first are the ones to know better. sim sensitivity changes one at a time instead.",
                shown=frame_of(guess_rows(strongest)),
                table=GUESSES,
            )
        )
    worlds = found.returns.expected.shape[2]
    return Sheet(
        f"{scenario.name}: does the advice hold for all that fits the facts?",
        "Simulated, not observed. Nobody knows most numbers of such a model; here they are drawn from their ranges and kept"
        f" where they fit what is known. Amounts are in {scenario.currency}, over"
        f" {scenario.time.horizon_weeks} weeks and run-off, after cost.",
        list(sentences(found, scenario.currency)),
        parts,
        f"sim {__version__}, seed {seed}; a Latin hypercube of {len(found.drawn.members)} possible sets"
        f" ({len(found.drawn.impossible)} contradicted themselves) from the PERT law of low, likely and high; approximate"
        f" Bayesian computation by rejection, {worlds} worlds a set; chance and ignorance by analysis of variance"
        " (docs/model.md 4.1)."
        + (f" Guesses that stayed as they are, since their ends contradict others: {', '.join(kept)}." if kept else ""),
        data,
        is_stop=not found.fitted.fits.any() or not advice(found.returns).steady,
    )
