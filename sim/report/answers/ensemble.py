"""The ensemble in words and tables: does the advice hold, what can the facts not tell, what is chance."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.frames import Frame
from sim.experiment.ensemble import FEWEST, NO_EFFECT, TELLING, Advice, Ensemble, advice, doubt, evidence_ratio
from sim.experiment.evidence import foretells
from sim.experiment.statistics import edges
from sim.report.answers.base import Answer, TextTable
from sim.report.words import money, number, percent

EFFECT = {True: "some effect", False: "no effect"}
MOST_GUESSES = 10
EFFECTS = "effects."
CHOICES, SEED = 500, 20120102  # random choices of members, for what chance leaves


def level(hours: float) -> str:
    """A level in words."""
    return f"{hours:g} h/week" if hours else "no hours"


def usual_level(found: Ensemble) -> float:
    """Where the scenario as it is returns most."""
    means = found.as_it_is.means()[0]
    return float(found.as_it_is.levels[int(means.argmax())])


def sentences(found: Ensemble, currency: str) -> Iterator[str]:
    """The answer."""
    fits, has_effect = found.fitted.fits, found.has_effect
    if not fits.any():
        shares = found.fitted.fits_fact.mean(axis=0)
        hardest = list(found.fitted.facts)[int(shares.argmin())]
        yield (
            f"None of {len(fits)} sets of parameters fits all facts; {hardest} fits least, {percent(shares.min())} of them."
            " Look whether it is right for this scenario, widen it, or draw more --members."
        )
        return
    is_few = int(fits.sum()) < FEWEST
    if is_few:
        yield (
            f"Only {int(fits.sum())} of {len(fits)} sets of parameters fit the facts: shares of so few say little; draw more"
            " --members."
        )
    yield from _advised(found, currency)
    yield from _effect_or_none(found)
    if has_effect[fits].any() and not is_few:
        whole = advice(found.returns)
        yield (
            f"Over all that fit, {level(whole.steady)} returns most on average, {money(float(whole.mean.max()), currency)};"
            f" to know which of them is true would be worth {money(whole.worth_of_knowing, currency)}."
        )
        yield from _luck(found, whole)


def _advised(found: Ensemble, currency: str) -> Iterator[str]:
    usual = usual_level(found)
    place = found.as_it_is.levels.index(usual)
    told = {EFFECT[kind]: one for kind, one in found.advice_by_kind().items()}
    by_kind = " and ".join(f"{percent(float(one.best[place]))} of the {one.members} with {kind}" for kind, one in told.items())
    whole = advice(found.returns)
    yield (
        f"The scenario as it is returns most at {level(usual)}: that is best in {percent(float(whole.best[place]))} of the"
        f" {whole.members} sets of parameters that fit the facts, {by_kind} on buyers' minds."
    )
    if usual:
        said = []
        for kind, one in told.items():
            mean, pays = float(one.mean[place]), percent(float(one.pays[place]))
            does = "loses" if mean < 0.0 else "returns"
            said.append(f"with {kind} it {does} {money(abs(mean), currency)} on average and pays in {pays}")
        yield f"At {level(usual)}, {'; '.join(said)}."


def _effect_or_none(found: Ensemble) -> Iterator[str]:
    has_effect, fits = found.has_effect, found.fitted.fits
    counts = {kind: (int(fits[has_effect == kind].sum()), int((has_effect == kind).sum())) for kind in (True, False)}
    said = " and ".join(f"{fit} of {drawn} with {EFFECT[kind]}" for kind, (fit, drawn) in counts.items())
    if min(drawn for _, drawn in counts.values()) < FEWEST:
        yield f"The facts are fitted by {said}: too few of a kind to compare them."
        return
    ratio, low, high = evidence_ratio(found.fitted, has_effect)
    if low > 1.0 / TELLING and high < TELLING:
        verdict = "these facts cannot tell whether there is an effect at all"
    elif low > TELLING:
        verdict = "these facts speak for an effect"
    elif high < 1.0 / TELLING:
        verdict = "these facts speak against an effect"
    else:
        verdict = "too few sets to say whether these facts can tell; draw more --members"
    yield (
        f"The facts are fitted by {said}; those with an effect fit {number(ratio)} times as often"
        f" ({number(low)} to {number(high)}): {verdict}."
    )


def _luck(found: Ensemble, whole: Advice) -> Iterator[str]:
    spoken = usual_level(found) or whole.steady
    if not spoken:
        return
    parts = doubt(found.returns, spoken)
    share = parts.ignorance_share
    if math.isfinite(share):
        yield (
            f"Of what makes the net return of {level(spoken)} uncertain for one company, over all sets that fit,"
            f" {percent(share)} of the variance is ignorance, which facts could lessen, and {percent(1.0 - share)} is chance,"
            " which nothing can."
        )


def rows(found: Ensemble) -> list[tuple[str, ...]]:
    """A row a level and kind of member."""
    table: list[tuple[str, ...]] = [
        ("hours a week", "members with", "best in", "pays in", "net return, mean", "nine in ten members")
    ]
    for kind, told in found.advice_by_kind().items():
        table += [
            (
                level(hours),
                EFFECT[kind],
                percent(float(told.best[place])),
                percent(float(told.pays[place])) if hours else "-",
                money(float(told.mean[place])),
                f"{money(float(told.low[place]))} to {money(float(told.high[place]))}",
            )
            for place, hours in enumerate(told.levels)
        ]
    return table


def fact_rows(found: Ensemble) -> list[tuple[str, ...]]:
    """A row a fact."""
    table: list[tuple[str, ...]] = [("fact", "outcome", "must lie in", "nine in ten members", "fit it", "source")]
    for place, (name, fact) in enumerate(found.fitted.facts.items()):
        shown = found.fitted.shown[:, place]
        low, high = np.nanquantile(shown, edges()) if np.isfinite(shown).any() else (math.nan, math.nan)
        outcome = f"{fact.outcome} / {fact.per}" if fact.per else fact.outcome
        table.append(
            (
                name,
                outcome,
                f"{fact.low:.3g} to {fact.high:.3g}",
                f"{low:.3g} to {high:.3g}",
                percent(float(found.fitted.fits_fact[:, place].mean())),
                fact.source,
            )
        )
    return table


def guesses(found: Ensemble, hours: float) -> Frame:
    """A row a guess, the strongest first: rank correlation with a level's net return over fitting members with an effect."""
    members = [one for one in found.fitting if one.has_effect]
    if len(members) < 2 or not hours:
        return pd.DataFrame(columns=["input", "correlation", "low", "high"])
    returns = found.returns_of(with_effect=True).means()[:, found.returns.levels.index(hours)]
    table = [(path, *foretells(np.array([one.values[path] for one in members]), returns)) for path in members[0].values]
    frame = pd.DataFrame(table, columns=["input", "correlation", "low", "high"]).dropna()
    order = frame["correlation"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def learned(found: Ensemble) -> Frame:
    """A row an effect on minds: the range of nine in ten before and after the facts, and what is left of it.

    Of members with an effect, on the scale of logarithms. `by_chance` to `by_chance_high` is what would be left of the
    range if the facts taught nothing: nine in ten random choices of as many members.
    """
    before = [one for one in found.drawn.members if one.has_effect]
    after = [one for one in found.fitting if one.has_effect]
    generator = np.random.default_rng(SEED)
    table = []
    for path in before[0].values if len(after) >= FEWEST else ():
        if path.startswith(EFFECTS) and path.removeprefix(EFFECTS) in NO_EFFECT:
            drawn, fitted = (np.log([one.values[path] for one in some]) for some in (before, after))
            width = np.ptp(np.quantile(drawn, edges()))
            chance = [
                np.ptp(np.quantile(generator.choice(drawn, len(fitted), replace=False), edges())) / width
                for _ in range(CHOICES)
            ]
            ends = [*np.exp(np.quantile(drawn, edges())), *np.exp(np.quantile(fitted, edges()))]
            left = np.ptp(np.quantile(fitted, edges())) / width
            table.append((path, *map(float, (*ends, left, *np.quantile(chance, edges())))))
    columns = ["effect", "low", "high", "fitted_low", "fitted_high", "range_left", "by_chance", "by_chance_high"]
    return pd.DataFrame(table, columns=columns)


def learned_rows(frame: Frame) -> list[tuple[str, ...]]:
    """The same as text."""
    table: list[tuple[str, ...]] = [
        ("odds ratio", "before the facts", "after them", "of the range is left", "if they taught nothing")
    ]
    table += [
        (
            str(row["effect"]),
            f"{row['low']:.2f} to {row['high']:.2f}",
            f"{row['fitted_low']:.2f} to {row['fitted_high']:.2f}",
            percent(row["range_left"]),
            f"{percent(row['by_chance'])} to {percent(row['by_chance_high'])}",
        )
        for _, row in frame.iterrows()
    ]
    return table


def guess_rows(frame: Frame) -> list[tuple[str, ...]]:
    """The strongest guesses, as text."""
    table: list[tuple[str, ...]] = [("guess", "rank correlation with the return", "90 % interval")]
    table += [
        (str(row["input"]), number(row["correlation"], 2), f"{number(row['low'], 2)} to {number(row['high'], 2)}")
        for _, row in frame.head(MOST_GUESSES).iterrows()
    ]
    return table


def advice_frame(found: Ensemble) -> Frame:
    """A row a level and kind of member, as numbers."""
    table = []
    for kind, told in found.advice_by_kind().items():
        for place, hours in enumerate(told.levels):
            table.append(
                {
                    "has_effect": kind,
                    "hours_per_week": hours,
                    "members": told.members,
                    "best_share": told.best[place],
                    "pays_share": told.pays[place],
                    "net_return": told.mean[place],
                    "net_return_low": told.low[place],
                    "net_return_high": told.high[place],
                }
            )
    return pd.DataFrame(table)


def members_frame(found: Ensemble) -> Frame:
    """A row a member: what it shows of the facts, whether it fits, its mean returns if it does, and its guesses."""
    fits = found.fitted.fits
    columns: dict[str, Any] = {
        "member": [one.number for one in found.drawn.members],
        "has_effect": found.has_effect,
        "fits": fits,
    }
    for place, name in enumerate(found.fitted.facts):
        columns[f"fact {name}"] = found.fitted.shown[:, place]
    for place, hours in enumerate(found.returns.hours):
        returns = np.full(len(fits), math.nan)
        returns[fits] = found.returns.expected[:, place].mean(axis=1)
        columns[f"net_return at {hours:g}"] = returns
    guessed = pd.DataFrame([one.values for one in found.drawn.members])
    return pd.concat([pd.DataFrame(columns), guessed], axis=1)


def content(found: Ensemble, currency: str) -> dict[str, Any]:
    """Everything but the members, for programs."""
    said: dict[str, Any] = {
        "answer": list(sentences(found, currency)),
        "advised_as_it_is": usual_level(found),
        "members": {"drawn": len(found.drawn.members), "impossible": len(found.drawn.impossible),
                    "fit": int(found.fitted.fits.sum())},
        "levels": advice_frame(found).to_dict("records"),
        "facts": [
            {"fact": name, "fit_share": float(found.fitted.fits_fact[:, place].mean()), "low": fact.low, "high": fact.high}
            for place, (name, fact) in enumerate(found.fitted.facts.items())
        ],
    }  # fmt: skip
    if len(found.returns.expected):
        whole = advice(found.returns)
        usual = usual_level(found) or whole.steady
        said |= {"steady": whole.steady, "worth_of_knowing": whole.worth_of_knowing}
        if usual:
            parts = doubt(found.returns, usual)
            said |= {"variance_by_chance": parts.chance, "variance_by_ignorance": parts.ignorance}
    return said


@dataclass(frozen=True)
class Ensembled(Answer):
    """Whether the advice on hours holds for all the parameters that fit what is known."""

    found: Ensemble
    currency: str

    def sentences(self) -> Iterable[str]:
        """Say whether the advice holds."""
        return sentences(self.found, self.currency)

    def tables(self) -> Iterable[TextTable]:
        """A row per fact; if any set fits, a row per level and kind of set."""
        yield TextTable(fact_rows(self.found), left=2)
        if self.found.fitted.fits.any():
            note = f"amounts in {self.currency}, after run-off; nine in ten members: 5 to 95 % of them"
            yield TextTable(rows(self.found), (note,), left=2)

    def to_dict(self) -> dict[str, Any]:
        """Give everything but the members."""
        return content(self.found, self.currency)
