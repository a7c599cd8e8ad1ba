"""The virtual survey: executives of a pool of firms, each in a world of its own, answer from their own records.

The study behind this project asked about 100 of very many. So each of its figures is held against what as many executives would
say, drawn from a population without end of which the pool is a sample: had executives like these been asked, would the study
have read as it does?
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy  # loads scipy.stats at first use, as that takes a second

from sim.experiment.company import without_facts
from sim.experiment.errors import ResultsError
from sim.experiment.evaluation_cache import Evaluations, Measure
from sim.experiment.files import checked
from sim.experiment.population import Firm, draw
from sim.experiment.runner import Progress, replicate
from sim.experiment.statistics import edges
from sim.measures.quarters import WEEKS_PER_QUARTER
from sim.scenario import Scenario, load
from sim.scenario.overrides import override, parse_override
from sim.scenario.schema.population import Answers, Population
from sim.scenario.yaml import read

Values = npt.NDArray[np.float64]
Answered = npt.NDArray[np.bool_]

RECALLED, RECALLED_BEGUN, BEGUN = COUNTED = "recalled_deals", "recalled_begun", "begun"
OUTCOMES = ("deals_by_horizon", "net_deals_by_horizon_expected", "cost")
NAMES = (*COUNTED, *OUTCOMES)
CONFIDENCE = 0.95  # of intervals
WHOLE_HOURS_BELOW = 10.0
FEW_HOURS = 10.0  # of the study's "under 10 hours"
FIVE_PER_CENT = 0.05  # of the study's "5 % of their sales"
MOST_FIRMS = 100_000
JEFFREYS = 0.5  # both parameters of the prior
TINY = 1e-9


@dataclass(frozen=True)
class Figure:
    """A figure of the study: what it is in words, its value, and its evidence; `is_least` if it says no more than "most"."""

    name: str
    said: str
    value: float
    evidence: str
    is_least: bool = False


STUDY = (
    Figure("few_hours", "spend under 10 hours per week", 0.50, "siia_hours", is_least=True),
    Figure("traffic", "measure by web traffic", 0.59, "siia_traffic"),
    Figure("leads", "watch for qualified leads", 0.53, "siia_leads"),
    Figure("exactly", "say that exactly 5 % of sales began on social media", 0.60, "siia_sales"),
    Figure("up_to", "say that up to 5 % of sales began on social media", 0.60, "siia_sales"),
    Figure("at_least", "say that at least 5 % of sales began on social media", 0.60, "siia_sales"),
)
READINGS = ("exactly", "up_to", "at_least")  # of the study's figure on sales, which does not say
CALIBRATED = "up_to"  # the reading that the defaults are held to


@dataclass(frozen=True)
class Row:
    """A figure of the study beside the survey's.

    `share` is that of the pool; `share_low` to `share_high` is the 95 % interval of the share in the population, which a larger
    pool narrows. `low` to `high` holds 95 % of what samples of as many executives as the study asked would say, for all that
    the pool tells: it is made of the luck of whom one asks and of the pool's own size.
    """

    figure: Figure
    share: float
    share_low: float
    share_high: float
    low: float
    high: float

    @property
    def fits(self) -> bool:
        """Whether the study reads as such a sample may; of a figure that says "most", whether samples do."""
        return (
            self.low > self.figure.value if self.figure.is_least else self.low - TINY <= self.figure.value <= self.high + TINY
        )


@dataclass(frozen=True)
class Pool:
    """Firms that were asked: each firm, what its world held, shape (firms,) by name, and what its executive said."""

    firms: Sequence[Firm]
    lived: Mapping[str, Values]
    said: Mapping[str, Values]  # hours; share of sales begun on social media, nan where an executive cannot say


def load_population(path: Path | None) -> Population:
    """Load the population of a file, or the default one.

    Raises
    ------
    ScenarioError
        If the file is not a population.
    """
    return Population() if path is None else checked(Population, path, read(path))


def base_of(population: Population, path: Path | None, overrides: tuple[str, ...]) -> Scenario:
    """Load the scenario that a population's firms resemble; its file is named relative to the population's.

    Raises
    ------
    ScenarioError
        If it cannot be used.
    """
    if population.scenario:
        return without_facts(load((path.parent if path else Path()) / population.scenario, overrides))
    plain = Scenario(name="firm")
    return override(plain, {}, {}, [parse_override(text) for text in overrides])[0] if overrides else plain


def measure(recall_quarters: int) -> Measure:
    """Build the measure of a firm's world: recorded sales of the quarters that its executive recalls, and the truth."""
    return Measure(NAMES, functools.partial(_lived, recall_quarters), f"recall_quarters={recall_quarters}")


def _lived(recall_quarters: int, scenarios: tuple[Scenario, ...], seed: int, replication: int) -> Mapping[str, Sequence[float]]:
    tables = replicate(scenarios, seed, replication)
    quarters, outcomes = tables["quarters"], tables["outcomes"]
    rows: dict[str, list[float]] = {name: list(outcomes[name]) for name in OUTCOMES}
    for name in COUNTED:
        rows[name] = [0.0] * len(scenarios)
    for point, quarter, won, begun in zip(
        quarters["point"], quarters["quarter"], quarters["deals_all"], quarters["deals_begun_on_social"], strict=True
    ):
        until = scenarios[point].time.horizon_weeks // WEEKS_PER_QUARTER
        rows[BEGUN][point] += begun
        if until - recall_quarters <= quarter < until:
            rows[RECALLED][point] += won
            rows[RECALLED_BEGUN][point] += begun
    return rows


def firms_of(population: Population, base: Scenario, count: int, seed: int) -> list[Firm]:
    """Draw the first `count` firms of a population.

    Raises
    ------
    ResultsError, ScenarioError
        If there are no firms, or too many; if one is not a possible scenario.
    """
    if not 1 <= count <= MOST_FIRMS:
        raise ResultsError(f"{count} firms: from 1 to {MOST_FIRMS} are possible")
    return [draw(population, base, number, seed) for number in range(count)]


def ask(
    population: Population, firms: Sequence[Firm], seed: int, evaluations: Evaluations, progress: Progress | None = None
) -> Pool:
    """Simulate firms of a population, and let their executives answer."""
    found = evaluations.of_own_worlds([firm.scenario for firm in firms], seed, progress)[:, 0]
    lived = dict(zip(NAMES, found.T, strict=True))
    hours = np.array([firm.scenario.team.hours_per_week for firm in firms])
    said = {
        "hours": hours_said(hours, population.answers),
        "share": share_said(
            lived[RECALLED_BEGUN], lived[RECALLED], np.array([firm.has_records for firm in firms]), population.answers
        ),
    }
    return Pool(firms, lived, said)


def hours_said(hours: Values, answers: Answers) -> Values:
    """Round hours per week as people state them: whole ones below ten, then in steps."""
    whole, stepped = np.round(hours), np.round(hours / answers.hours_step) * answers.hours_step
    said: Values = np.where(hours < WHOLE_HOURS_BELOW, whole, stepped)
    return said


def share_said(begun: Values, won: Values, has_records: Answered, answers: Answers) -> Values:
    """Return the share of sales begun on social media as people state it; nan without records or sales."""
    share = np.divide(begun, won, out=np.full(len(won), math.nan), where=(won > 0.0) & has_records)
    small = np.round(share / answers.small_share_step) * answers.small_share_step
    stepped = np.round(share / answers.share_step) * answers.share_step
    said: Values = np.where(share < answers.share_step / 2.0, small, stepped)
    return said


def answers_of(pool: Pool) -> dict[str, Answered]:
    """Return who of the pool counts for each figure of the study; those who cannot answer do not."""
    share = pool.said["share"]
    return {
        "few_hours": pool.said["hours"] < FEW_HOURS,
        "traffic": np.array([firm.measures_traffic for firm in pool.firms]),
        "leads": np.array([firm.watches_leads for firm in pool.firms]),
        "exactly": np.abs(share - FIVE_PER_CENT) < TINY,
        "up_to": share <= FIVE_PER_CENT + TINY,
        "at_least": share >= FIVE_PER_CENT - TINY,
    }


def table(pool: Pool, size: int) -> list[Row]:
    """Return each figure of the study beside what a sample of `size` executives would say.

    The share in the population has Jeffreys' prior, so after the pool a beta law, and the sample a beta-binomial one (Gelman et
    al. 2013, 2.4): its variance is that of asking so many at a known share, plus that of the share after a pool of this size.
    """
    answers, asked = answers_of(pool), len(pool.firms)
    rows = []
    for figure in STUDY:
        say = int(answers[figure.name].sum())
        shape = say + JEFFREYS, asked - say + JEFFREYS
        share = scipy.stats.beta(*shape).ppf(edges(CONFIDENCE))
        sample = scipy.stats.betabinom(size, *shape).ppf(edges(CONFIDENCE)) / size
        rows.append(Row(figure, say / asked, *map(float, (*share, *sample))))
    return rows


def truth(pool: Pool) -> dict[str, float]:
    """Return what no executive knows: shares of all sales of the pool, and who is wrong.

    `recorded`: begun on social media, by the records; `caused`: that would not have come without (net, expected);
    `said`: mean of what those who can say said; `understate`: of those who say at most 5 %, share whose firm owes it more;
    `cannot_say`: share of executives.
    """
    won, caused = pool.lived["deals_by_horizon"], pool.lived["net_deals_by_horizon_expected"]
    share = pool.said["share"]
    can = ~np.isnan(share)
    low = share <= FIVE_PER_CENT + TINY
    more = caused > FIVE_PER_CENT * won
    return {
        "recorded": _ratio(pool.lived[BEGUN].sum(), won.sum()),
        "caused": _ratio(caused.sum(), won.sum()),
        "said": float(share[can].mean()) if can.any() else math.nan,
        "understate": float(more[low].mean()) if low.any() else math.nan,
        "cannot_say": float(1.0 - can.mean()),
    }


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0.0 else math.nan
