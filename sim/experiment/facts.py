"""Facts that an ensemble must fit: read from a file or the command line, and what worlds show of them."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from sim.experiment.designs import low_high
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import OUTCOMES, Values
from sim.experiment.files import checked, fault_at
from sim.scenario.schema.facts import FACTS, YEAR, Fact, Facts
from sim.scenario.yaml import read


def load_facts(path: Path | None, more: Sequence[str]) -> dict[str, Fact]:
    """Load the facts of a file, or the published ones, and add more as `OUTCOME=LOW:HIGH` or `OUTCOME/PER=LOW:HIGH`.

    Raises
    ------
    ScenarioError, ResultsError
        If the file holds no facts, or one names no outcome.
    """
    if path is None:
        facts = dict(FACTS)
    else:
        text = read(path)
        facts = dict(checked(Facts, path, text).facts)
        for name, fact in facts.items():
            for key, said in (("outcome", fact.outcome), ("per", fact.per)):
                if said not in _known(key):
                    raise fault_at(path, text, ("facts", name, key), f"{said!r} is no outcome", _remedy(said))
    for one in more:
        name, fact = _fact(one)
        same = [key for key, known in facts.items() if (known.outcome, known.per) == (fact.outcome, fact.per)]
        facts = {key: known for key, known in facts.items() if key not in same} | {name: fact}
    if not facts:
        raise ResultsError(f"{path}: no facts, which any parameters fit; give some, or leave --facts out")
    return facts


def _fact(text: str) -> tuple[str, Fact]:
    name, _, interval = (part.strip() for part in text.partition("="))
    outcome, _, per = (part.strip() for part in name.partition("/"))
    ends = low_high(interval)
    if ends is None:
        raise ResultsError(
            f"--fact {text}: write OUTCOME=LOW:HIGH or OUTCOME/PER=LOW:HIGH, such as deals_by_horizon/year=15:25"
        )
    for key, said in (("outcome", outcome), ("per", per)):
        if said not in _known(key):
            raise ResultsError(f"--fact {text}: {said!r} is no outcome; {_remedy(said)}")
    try:
        return name, Fact(outcome=outcome, per=per, low=ends[0], high=ends[1], source="--fact")
    except ValidationError as error:
        first = error.errors()[0]
        raise ResultsError(f"--fact {text}: {first['loc'][0]}: {first['msg']}") from None


def _known(key: str) -> tuple[str, ...]:
    return OUTCOMES.names if key == "outcome" else ("", YEAR, *OUTCOMES.names)


def _remedy(said: str) -> str:
    near = get_close_matches(said, OUTCOMES.names, 1)
    return (f"did you mean {near[0]}? " if near else "") + "docs/results-schema.md lists the columns of outcomes.parquet"


def shown_of(fact: Fact, columns: Mapping[str, Values], years: Values) -> Values:
    """Return a fact's value for each member: sums over its worlds, divided; nan, which fits nothing, if undefined."""
    above = columns[fact.outcome]
    if fact.per == YEAR:
        a_year: Values = above.mean(axis=1) / years
        return a_year
    below = np.where(np.isnan(above), np.nan, columns[fact.per] if fact.per else 1.0)
    above = np.where(np.isnan(below), np.nan, above)  # a world counts in both sums or in neither
    total = np.nansum(below, axis=1)
    shown: Values = np.divide(np.nansum(above, axis=1), total, out=np.full(len(above), np.nan), where=total > 0.0)
    return shown
