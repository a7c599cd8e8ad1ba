"""Results of a pilot by each test that a team can make, for each set of assumptions. See docs/model.md, 4.1.

A world and its twin share their luck, which no company shares with its peers or with its own last year. So only what the hours
add is taken from them; the leads that come without hours are drawn anew for everyone who is compared.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.experiment.detection import DISPERSION, PEERS
from sim.experiment.evaluation_cache import Values
from sim.measures.quarters import WEEKS_PER_QUARTER
from sim.scenario import Scenario

AFTER = (1, 2, 4)  # quarters since the team began
RECORDS, BEFORE_AND_AFTER, PEER_GROUP, HOLD_OUT, SURVEY, ATTRIBUTION = TESTS = (
    "records", "before_and_after", "against_peers", "hold_out", "recall_survey", "attribution",
)  # fmt: skip
LEADS, TWIN, USUAL, ARM, TWIN_ARM, CREDITED, SPENT, LISTED, TWIN_LISTED = KEPT = (
    "leads", "twin_leads", "usual_leads", "arm_leads", "twin_arm_leads", "credited", "spent", "listed", "twin_listed",
)  # fmt: skip
COLUMNS = {LEADS: "leads_all", TWIN: "twin_leads_all", ARM: "arm_leads", TWIN_ARM: "twin_arm_leads", SPENT: "spent"}
READ = (
    *COLUMNS.values(), "revenue_last_touch",
    *(f"{world}shortlist_{what}" for world in ("", "twin_") for what in ("chances", "decisions")),
)  # fmt: skip
QUARTERS, YEAR = max(AFTER), 4
BUYERS = 200  # per arm of a survey, by default
SEED = 11_000_027  # added to the seed, that this luck is not that of the worlds
LEAST_MEAN = 1e-12  # of a count


def name_of(kept: str, quarter: int) -> str:
    """Return the name under which something is kept of a quarter since the team began, from 0."""
    return f"{kept}_in_quarter_{quarter}"


NAMES = tuple(name_of(kept, quarter) for kept in KEPT for quarter in range(QUARTERS))


def of_quarters(by_quarter: Mapping[str, Values], scenario: Scenario) -> dict[str, float]:
    """Return what is kept of a world: each thing in each of the first four quarters of work; nan beyond the horizon.

    `by_quarter` are columns of the table `quarters`, shape (quarters since the first day,). `usual_leads` are those of the twin
    in the same months, averaged over the years of the horizon; `listed` is the chance to come to the mind of a buyer who draws
    up a shortlist; `credited` the margin that last touches credit.
    """
    starts = scenario.hours_policy.starts_week // WEEKS_PER_QUARTER
    whole = scenario.time.horizon_weeks // WEEKS_PER_QUARTER
    columns = {kept: by_quarter[column][:whole] for kept, column in COLUMNS.items()}
    columns[CREDITED] = scenario.sales.margin * by_quarter["revenue_last_touch"][:whole]
    for kept, prefix in ((LISTED, ""), (TWIN_LISTED, "twin_")):
        above, below = (by_quarter[f"{prefix}shortlist_{what}"][:whole] for what in ("chances", "decisions"))
        columns[kept] = np.divide(above, below, out=np.full(len(above), math.nan), where=below > 0.0)
    found: dict[str, float] = {}
    for quarter in range(QUARTERS):
        at = starts + quarter
        usual = columns[TWIN][at::YEAR]
        found |= {name_of(kept, quarter): float(column[at]) if at < whole else math.nan for kept, column in columns.items()}
        found[name_of(USUAL, quarter)] = float(usual.mean()) if len(usual) else math.nan
    return found


def seen(kept: Mapping[str, Values], numbers: Sequence[int], seed: int, buyers: int) -> dict[str, Values]:
    """Return what each test shows of a pilot that is read after so many quarters, as two figures; shape (sets, times, 2).

    The difference that the test looks at, and the level from which it differs, on scales on which luck is much the same
    everywhere: roots of counts, arcsines of the roots of shares, logarithms of money. All tests are of the same company, whose
    luck is common to them.

    Parameters
    ----------
    kept
        What was kept of the worlds of sets, quarter by quarter, shape (sets, 4); nan beyond the horizon.
    numbers
        Of the sets: each has luck of its own, whichever others are drawn.
    seed, buyers
        Of that luck; and how many are asked per arm of the survey.
    """
    brought = {ours: np.cumsum(kept[ours] - kept[theirs], axis=1) for ours, theirs in ((LEADS, TWIN), (ARM, TWIN_ARM))}
    listed = [_latest(kept[name]) for name in (LISTED, TWIN_LISTED)]
    shape = (len(numbers), kept[USUAL].shape[1])
    half, other, last_year, peers, asked, asked_there = (np.empty(shape) for _ in range(6))
    for place, number in enumerate(numbers):
        generator, usual = np.random.default_rng([seed, SEED, number]), kept[USUAL][place]
        half[place], other[place], last_year[place] = (_counts(generator, share * usual) for share in (0.5, 0.5, 1.0))
        peers[place] = _counts(generator, PEERS * usual) / PEERS  # the sum of such counts is one again
        asked[place], asked_there[place] = (_answers(generator, shares[place], buyers) for shares in listed)
    own, arm = half + other + brought[LEADS], half + brought[ARM]
    credited, spent = (np.cumsum(kept[name], axis=1) for name in (CREDITED, SPENT))
    found = {
        BEFORE_AND_AFTER: (_root(own) - _root(last_year), _root(last_year)),
        PEER_GROUP: (_root(own) - _root(peers), _root(peers)),
        HOLD_OUT: (_root(arm) - _root(other), _root(other)),
        SURVEY: (_arc(asked) - _arc(asked_there), _arc(asked_there)),
        ATTRIBUTION: (_log(credited), _log(spent)),
    }
    at = np.array(AFTER) - 1
    return {test: np.stack(figures, axis=2)[:, at] for test, figures in found.items()}


def _counts(generator: np.random.Generator, means: Values) -> Values:
    """Draw counts that come without hours, quarter by quarter, and sum them up to each; nan from where a mean is.

    Negative binomial, of these means and a variance of DISPERSION times as much.
    """
    known = np.maximum(np.nan_to_num(means), LEAST_MEAN)
    drawn = generator.negative_binomial(known / (DISPERSION - 1.0), 1.0 / DISPERSION)
    return np.cumsum(np.where(np.isnan(means), math.nan, drawn))


def _answers(generator: np.random.Generator, shares: Values, buyers: int) -> Values:
    """Return the shares of so many buyers who name the brand, asked at the end of each quarter."""
    drawn = generator.binomial(buyers, np.clip(np.nan_to_num(shares), 0.0, 1.0)) / buyers
    return np.where(np.isnan(shares), math.nan, drawn)


def _latest(shares: Values) -> Values:
    """Fill quarters in which nobody drew up a shortlist: by the quarter before, else by what other sets show."""
    found = shares.copy()
    for quarter, shown in enumerate(np.isfinite(shares).T):
        if not shown.any():
            continue  # beyond the horizon
        if quarter:
            found[~shown, quarter] = found[~shown, quarter - 1]
        found[np.isnan(found[:, quarter]), quarter] = float(shares[shown, quarter].mean())
    return found


def _root(counts: Values) -> Values:
    return np.asarray(np.sqrt(np.maximum(counts, 0.0)))


def _arc(shares: Values) -> Values:
    return np.asarray(np.arcsin(np.sqrt(shares)))


def _log(money: Values) -> Values:
    return np.asarray(np.log1p(np.maximum(money, 0.0)))
