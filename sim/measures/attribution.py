"""Attribution: how the credit for a deal is shared among the touches that records show. See docs/measures.md.

A journey is what records know of a lead, in the order of time: recorded touches and visits, the lead itself, recorded touches
until the deal closed. Every model shares each won deal out among the sources of its journey, and the shares sum to 1.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.measures.causal_effects import Window
from sim.model.calendar import HOURS_PER_DAY, HOURS_PER_WEEK
from sim.model.ledger import FIRST_TOUCH, LAST_TOUCH, LEAD_SOURCE, SOCIAL, SOURCES
from sim.model.record import Columns, Record, each
from sim.scenario.schema.measurement import Attribution

MODELS = (FIRST_TOUCH, LAST_TOUCH, LEAD_SOURCE, "linear", "position_based", "time_decay", "markov", "shapley")
CREDITS = ("model", "source", "deals", "revenue")  # columns
START, CONVERSION, NULL = "(start)", "(conversion)", "(null)"

Shares = dict[str, float]


@dataclass(frozen=True)
class Lead:
    """A lead as records know it: its touches (hours, source), where it came from, and whether it became a deal."""

    account: int
    need: int
    journey: tuple[tuple[float, str], ...]
    source: str
    won: bool
    value: float
    is_new: bool = True  # it came since the window began; of those that came before, only what was open then is known

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of its touches, in the order of time."""
        return tuple(source for _, source in self.journey)


def leads(record: Record, window: Window) -> list[Lead]:
    """Return the leads of counted needs, without those still open at the end of the run-off."""
    columns = ("opens_at", "pending", "lead_at", "account", "need", "journey", "recorded_source", "won", "value")
    return [
        Lead(account, need, journey, source, won, value, lead_at >= window.begins)
        for opens_at, pending, lead_at, account, need, journey, source, won, value in each(record.needs, *columns)
        if opens_at >= window.needs_from and source and not pending
    ]


def credit_shares(found: Sequence[Lead], spec: Attribution) -> dict[str, list[Shares]]:
    """Return, for each model, the shares of each won deal by source, in the order of the won leads."""
    effects = removal_effects([lead for lead in found if lead.is_new])
    rules: dict[str, Callable[[Lead], Shares]] = {
        FIRST_TOUCH: lambda lead: {lead.sources[0]: 1.0},
        LAST_TOUCH: lambda lead: {lead.sources[-1]: 1.0},
        LEAD_SOURCE: lambda lead: {lead.source: 1.0},
        "linear": lambda lead: _shared(lead.sources, [1.0] * len(lead.journey)),
        "position_based": lambda lead: position_based(lead.sources, spec.ends_share),
        "time_decay": lambda lead: time_decay(lead, spec.half_life_days),
        "markov": lambda lead: markov(lead.sources, effects),
        "shapley": lambda lead: shapley(lead.sources),
    }
    won = [lead for lead in found if lead.won]
    return {model: [rules[model](lead) for lead in won] for model in MODELS}


def position_based(sources: Sequence[str], ends_share: float) -> Shares:
    """Give `ends_share` each to the first and last touch, and share the rest between the others; half each if none."""
    between = len(sources) - 2
    if between <= 0:
        return _shared(sources, [1.0] * len(sources))
    return _shared(sources, [ends_share, *[(1.0 - 2.0 * ends_share) / between] * between, ends_share])


def time_decay(lead: Lead, half_life_days: float) -> Shares:
    """Weight touches by age: each is worth half as much for every half-life that it lies before the close."""
    ages = [(lead.journey[-1][0] - time) / HOURS_PER_DAY / half_life_days for time, _ in lead.journey]  # the newest has 1
    return _shared(lead.sources, [0.5**age for age in ages])


def shapley(sources: Sequence[str]) -> Shares:
    """Give equal parts to the distinct sources of a journey.

    That is the Shapley value of the game in which a coalition of sources is worth the deals whose journeys it covers
    (Zhao, Mahboobi and Bagheri 2018).
    """
    distinct = list(dict.fromkeys(sources))
    return {source: 1.0 / len(distinct) for source in distinct}


def markov(sources: Sequence[str], effects: Mapping[str, float]) -> Shares:
    """Weight the distinct sources of a journey by their removal effects; equal parts where none has any."""
    distinct = list(dict.fromkeys(sources))
    weights = [effects.get(source, 0.0) for source in distinct]
    return _shared(distinct, weights if any(weights) else [1.0] * len(distinct))


def markov_among_all(effects: Mapping[str, float]) -> Shares:
    """Share every deal by removal effects among all sources, touched or not; nothing, if none has an effect."""
    return _shared(list(effects), list(effects.values())) if any(effects.values()) else {}


def _shared(sources: Sequence[str], weights: Sequence[float]) -> Shares:
    """Turn weights of touches into shares by source, which sum to 1."""
    total, shares = math.fsum(weights), dict.fromkeys(sources, 0.0)
    for source, weight in zip(sources, weights, strict=True):
        shares[source] += weight / total
    return shares


def removal_effects(found: Sequence[Lead], *, of_value: bool = False) -> dict[str, float]:
    """Return the share of conversions, or of their value, that is lost if a source leads nowhere (Anderl et al. 2016).

    A first-order Markov chain from one touch to the next, estimated from all leads, those that were lost among them. With
    `of_value` a conversion is worth the mean value of those from the same last touch, as in ChannelAttribution.
    """
    counts: Counter[tuple[str, str]] = Counter()
    gained: dict[str, float] = {}
    for lead in found:
        counts.update(pairwise((START, *lead.sources, CONVERSION if lead.won else NULL)))
        if lead.won:
            last = (START, *lead.sources)[-1]
            gained[last] = gained.get(last, 0.0) + (lead.value if of_value else 1.0)
    sources = sorted({state for pair in counts for state in pair} - {START, CONVERSION, NULL})
    if not any(gained.values()):
        return dict.fromkeys(sources, 0.0)
    whole = _worth(counts, gained, sources)
    return {
        removed: 1.0 - _worth(counts, gained, [source for source in sources if source != removed]) / whole
        for removed in sources
    }


def _worth(counts: Mapping[tuple[str, str], int], gained: Mapping[str, float], sources: Sequence[str]) -> float:
    """Return what a journey is expected to gain; what leads to a source not given gains nothing."""
    states = (START, *sources)
    steps = np.zeros((len(states), len(states)))
    gains = np.zeros(len(states))
    for row, state in enumerate(states):
        out = {after: count for (before, after), count in counts.items() if before == state}
        total = sum(out.values())
        gains[row] = gained.get(state, 0.0) / total
        for column, after in enumerate(states):
            steps[row, column] = out.get(after, 0) / total
    return float(np.linalg.solve(np.eye(len(states)) - steps, gains)[0])


def by_source(found: Sequence[Lead], shares: Mapping[str, Sequence[Shares]]) -> Columns:
    """Return one row per model and source: deals and their first-year value credited to it."""
    columns: Columns = {name: [] for name in CREDITS}
    won = [lead for lead in found if lead.won]
    for model in MODELS:
        for source in SOURCES:
            parts = [one.get(source, 0.0) for one in shares[model]]
            row = (model, source, math.fsum(parts), math.fsum(part * lead.value for part, lead in zip(parts, won, strict=True)))
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return columns


def to_social(deals: Columns, found: Sequence[Lead], shares: Mapping[str, Sequence[Shares]]) -> Columns:
    """Return a column per model: the share of each deal that it credits to social media, 0 for deals not won."""
    row_of = {(lead.account, lead.need): number for number, lead in enumerate(lead for lead in found if lead.won)}
    rows = [row_of.get(key) for key in zip(deals["account"], deals["need"], strict=True)]
    return {
        f"credit_{model}": [0.0 if row is None else shares[model][row].get(SOCIAL, 0.0) for row in rows] for model in MODELS
    }


def touches(found: Sequence[Lead]) -> Columns:
    """Return one row per touch of a lead, in the order of time."""
    columns: Columns = {name: [] for name in ("account", "need", "number", "week", "source", "won")}
    for lead in found:
        for number, (time, source) in enumerate(lead.journey):
            row = (lead.account, lead.need, number, time / HOURS_PER_WEEK, source, lead.won)
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return columns
