"""Facts that an ensemble must fit: read from a file or the command line, and what worlds show of them."""

import math
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from statistics import NormalDist

import numpy as np
import scipy  # loads scipy.stats at first use
from pydantic import ValidationError

from sim.experiment.designs import low_high
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import OUTCOMES, Flags, Values
from sim.experiment.files import checked, fault_at
from sim.experiment.statistics import CONFIDENCE
from sim.scenario.schema.facts import FACTS, YEAR, Fact, Facts
from sim.scenario.yaml import read

QUANTILES = 32  # of what a member may show in the long run
FAR = 3.0  # standard errors from a fact, beyond which a member does not come near it
LEAST_DISPERSION, TINY = 1e-9, 1e-300
SAME = 1e-6  # least squared coefficient of variation of long runs of a kind


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
                    raise fault_at(path, text, ("facts", name, key), f"{said!r} is not an outcome", _remedy(said))
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
    backwards = low_high(":".join(reversed(interval.split(":"))))
    if backwards is not None:
        raise ResultsError(f"--fact {text}: low ({backwards[1]:g}) must be less than high ({backwards[0]:g}); turn them around")
    if ends is None:
        raise ResultsError(
            f"--fact {text}: write OUTCOME=LOW:HIGH or OUTCOME/PER=LOW:HIGH, such as deals_by_horizon/year=15:25"
        )
    for key, said in (("outcome", outcome), ("per", per)):
        if said not in _known(key):
            raise ResultsError(f"--fact {text}: {said!r} is not an outcome; {_remedy(said)}")
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


def parts_of(fact: Fact, columns: Mapping[str, Values], years: Values) -> tuple[Values, Values]:
    """Return what a fact divides by what, world by world; both of shape (members, worlds), 0 where either is undefined.

    `columns` are outcomes by name, of that shape; `years` of the horizon have shape (members,).
    """
    above = columns[fact.outcome]
    if fact.per == YEAR:
        below = np.broadcast_to(years[:, None], above.shape)
    else:
        below = columns[fact.per] if fact.per else np.ones_like(above)
    counts = np.isfinite(above) & np.isfinite(below)  # a world counts in both sums or in neither
    return np.where(counts, above, 0.0), np.where(counts, below, 0.0)


def elasticity_of(fact: Fact, low: Values, high: Values) -> Values:
    """Return the elasticity of an outcome to hours, world by world; nan where the outcome is not above zero.

    `low` and `high` are the outcome at the hours of the fact and at those `until` which it is meant, shape (members, worlds).
    """
    if fact.until is None or fact.hours is None:
        raise ResultsError("the fact is not an elasticity")  # the schema sees to it
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Values = np.log(high / low) / math.log(fact.until / fact.hours)
    return np.where(np.isfinite(found), found, np.nan)


def likelihood_of_elasticity(fact: Fact, shown: Values, kinds: Flags) -> Values:
    """Return how well each member agrees with an elasticity, as the logarithm of a density up to a constant; shape (members,).

    The measurement is normal. What a member's worlds show is drawn towards the mean of its kind (`kinds`: has an effect) by as
    much as is luck, which members with two worlds give, and what is left unknown of it widens the measurement.
    """
    worlds = np.isfinite(shown).sum(axis=1)
    pairs = shown[worlds > 1]
    luck = float(pairs.var(axis=1, ddof=1).mean()) if len(pairs) else 0.0
    middle, error = (fact.low + fact.high) / 2.0, _error(fact.high - fact.low)
    found = np.full(len(shown), np.nan)
    for kind in (True, False):
        seen = (worlds > 0) & (kinds == kind)
        if seen.any():
            means, left = _drawn_to_the_mean(np.nanmean(shown[seen], axis=1), luck / worlds[seen])
            variance = error**2 + left
            found[seen] = -0.5 * (means - middle) ** 2 / variance + np.log(error / np.sqrt(variance))
    return _as_others(found)


def _drawn_to_the_mean(shown: Values, luck: Values) -> tuple[Values, Values]:
    """Estimate means and variances of long runs (normal, empirical Bayes) from the worlds and the variance of their luck."""
    between = max(float(shown.var() - luck.mean()), 0.0) if len(shown) > 1 else float(luck.mean())
    kept = np.divide(between, between + luck, out=np.ones_like(luck), where=between + luck > 0.0)
    return shown.mean() + kept * (shown - shown.mean()), kept * luck


def _error(width: float) -> float:
    """Return the standard error of a normal measurement whose 90 % interval is so wide."""
    return width / 2.0 / NormalDist().inv_cdf(0.5 + CONFIDENCE / 2.0)


def _as_others(logs: Values) -> Values:
    """Give members that show nothing of a fact what the others have on average."""
    seen = np.isfinite(logs)
    if not seen.any():
        return np.zeros_like(logs)
    highest = logs[seen].max()
    return np.where(seen, logs, highest + math.log(np.exp(logs[seen] - highest).mean()))


def nearest(fact: Fact, above: Values, below: Values, dispersed: float) -> tuple[float, float]:
    """Return what the member nearest to a fact shows, and how far that is in standard errors; nan if no member shows anything.

    The error is that of the measurement and the luck of what the member's worlds show. Of an elasticity `above` are itself.
    """
    total, by = above.sum(axis=1), below.sum(axis=1)
    seen = by > 0.0
    if not seen.any():
        return math.nan, math.nan
    total, by = total[seen], by[seen]
    shown, middle = total / by, (fact.low + fact.high) / 2.0
    if fact.until is not None:
        pairs = (above / np.where(below > 0.0, below, 1.0))[(below > 0.0).sum(axis=1) > 1]
        luck = float(pairs.var(axis=1, ddof=1).mean()) if len(pairs) else 0.0
        apart = np.abs(shown - middle) / np.sqrt(_error(fact.high - fact.low) ** 2 + luck / by)
    elif fact.low > 0.0:  # none counts as one, which is all that none tells
        least = np.maximum(total, dispersed)
        logs = np.log(least / by) - (math.log(fact.low) + math.log(fact.high)) / 2.0
        apart = np.abs(logs) / np.sqrt(_error(math.log(fact.high / fact.low)) ** 2 + dispersed / least)
    else:
        luck_of = dispersed * np.maximum(np.abs(total), dispersed) / by**2
        apart = np.abs(shown - middle) / np.sqrt(_error(fact.high - fact.low) ** 2 + luck_of)
    place = int(apart.argmin())
    return float(shown[place]), float(apart[place])


def dispersion(above: Values, below: Values) -> float:
    """Estimate how much more (or less) a numerator varies from world to world than a Poisson count of its mean.

    From members with two worlds: with the ratio r of a member's sums, the variance of above - r x below is taken to be
    dispersion x above. 1, as of counts, if there are none.
    """
    pairs = (below > 0.0).all(axis=1) & (above.sum(axis=1) != 0.0)
    if not pairs.any():
        return 1.0
    of_pair, by = above[pairs], below[pairs]
    apart = of_pair - of_pair.sum(axis=1, keepdims=True) / by.sum(axis=1, keepdims=True) * by
    worlds = above.shape[1]
    found = float((apart**2).sum() / np.abs(of_pair.sum(axis=1)).sum() * worlds / (worlds - 1)) if worlds > 1 else 1.0
    return max(found, LEAST_DISPERSION)


def likelihood(fact: Fact, above: Values, below: Values, dispersed: float, kinds: Flags) -> Values:
    """Return how well each member agrees with a fact, as the logarithm of a density up to a constant; shape (members,).

    The fact is a measurement whose 90 % interval is low to high: normal on logarithms, or as it is if low is not above zero.
    What a member's worlds show is not its long run either. Long runs of a kind (`kinds`: has an effect) follow a gamma law, of
    which its members give mean and variance; given a count of `above`, quasi-Poisson by `dispersed`, a long run follows a gamma
    law again (a normal one for a difference). Over that law the measurement's density is averaged. A member that shows nothing
    of the fact gets what the others get on average.
    """
    total, by = above.sum(axis=1), below.sum(axis=1)
    found = np.full(len(total), np.nan)
    for kind in (True, False):
        seen = (by > 0.0) & (kinds == kind)
        if not seen.any():
            continue
        if (total >= 0.0).all() and total[seen].sum() > 0.0:
            found[seen] = _of_counts(fact, total[seen], by[seen], dispersed)
        else:  # a difference, such as net deals, or nothing at all
            luck = dispersed * max(float(np.abs(total[seen]).mean()), 1.0) / by[seen] ** 2
            means, left = _drawn_to_the_mean(total[seen] / by[seen], luck)
            steps = (np.arange(QUANTILES) + 0.5) / QUANTILES
            long_runs = means[:, None] + np.sqrt(left)[:, None] * scipy.stats.norm.ppf(steps)
            found[seen] = np.log(np.maximum(np.exp(-0.5 * _apart(fact, long_runs) ** 2).mean(axis=1), TINY))
    return _as_others(found)


def _of_counts(fact: Fact, total: Values, by: Values, dispersed: float) -> Values:
    """Average the density of a measurement over the long runs of members of a kind; logarithms, shape (members,)."""
    mean = float(total.sum() / by.sum())
    between = max(float((total / by).var()) - dispersed * mean / float(by.mean()), SAME * mean**2)
    shape = total / dispersed + mean**2 / between
    rate = by / dispersed + mean / between
    steps = (np.arange(QUANTILES) + 0.5) / QUANTILES
    over_long_runs = np.exp(-0.5 * _apart(fact, scipy.stats.gamma.ppf(steps, shape[:, None]) / rate[:, None]) ** 2).mean(axis=1)
    if not fact.low > 0.0:
        return np.asarray(np.log(np.maximum(over_long_runs, TINY)))
    # a measurement that is sharper than what is known of the long run would fall between these: then over its own law
    error = _error(math.log(fact.high / fact.low))
    measured = np.exp((math.log(fact.low) + math.log(fact.high)) / 2.0 + error * scipy.stats.norm.ppf(steps))
    densities = scipy.stats.gamma.logpdf(measured, shape[:, None], scale=1.0 / rate[:, None]) + np.log(measured)
    over_measured = error * math.sqrt(2.0 * math.pi) * np.exp(densities).mean(axis=1)
    is_sharp = error < 1.0 / np.sqrt(shape)
    return np.asarray(np.log(np.maximum(np.where(is_sharp, over_measured, over_long_runs), TINY)))


def _apart(fact: Fact, values: Values) -> Values:
    """Return how many standard errors values lie from what was measured."""
    if fact.low > 0.0:
        middle, error = (math.log(fact.low) + math.log(fact.high)) / 2.0, _error(math.log(fact.high / fact.low))
        return np.asarray((np.log(np.maximum(values, TINY)) - middle) / error)
    return np.asarray((values - (fact.low + fact.high) / 2.0) / _error(fact.high - fact.low))
