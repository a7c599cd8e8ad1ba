"""The ensemble in words and tables: does the advice hold, what can the facts not tell, what is chance."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.frames import Frame
from sim.experiment.detection import foretells
from sim.experiment.ensemble import FEWEST, NO_EFFECT, TELLING, Advice, Ensemble, advice, doubt, evidence_ratio
from sim.experiment.statistics import edges
from sim.report.answers.base import Answer, TextTable
from sim.report.text.cells import from_to, listed
from sim.report.text.translation import decimal, later, say
from sim.report.text.words import confidence, hours_a_week, money, number, percent, short

EFFECT = {True: later("some effect"), False: later("no effect")}
BEST_IN = {
    True: later("{share} of the {sets} with an effect on buyers' minds"),
    False: later("{share} of the {sets} without an effect on buyers' minds"),
}
RETURNS = {  # by whether there is an effect, and whether they lose
    (True, False): later("At {level}, sets with an effect return {amount} on average; it pays in {pays} of them."),
    (True, True): later("At {level}, sets with an effect lose {amount} on average; it pays in {pays} of them."),
    (False, False): later("At {level}, sets without an effect return {amount} on average; it pays in {pays} of them."),
    (False, True): later("At {level}, sets without an effect lose {amount} on average; it pays in {pays} of them."),
}
MOST_GUESSES = 10
EFFECTS = "effects."
CHOICES, SEED = 500, 20120102  # random choices of members, for what chance leaves


def level(hours: float) -> str:
    """Name a level in words."""
    return hours_a_week(hours) if hours else say("no hours")


def usual_level(found: Ensemble) -> float:
    """Return the level at which the scenario as it is returns most."""
    means = found.as_it_is.means()[0]
    return float(found.as_it_is.levels[int(means.argmax())])


def sentences(found: Ensemble, currency: str) -> Iterator[str]:
    """Say the answer."""
    fits, has_effect = found.fitted.fits, found.has_effect
    if not fits.any():
        shares = found.fitted.fits_fact.mean(axis=0)
        hardest = list(found.fitted.facts)[int(shares.argmin())]
        yield say(
            "None of {sets} sets of parameters fits all facts. {fact} fits least: {share} of them. Check whether it is right"
            " for this scenario, widen it, or draw more --members.",
            sets=decimal(len(fits)),
            fact=hardest,
            share=percent(shares.min()),
        )
        return
    is_few = int(fits.sum()) < FEWEST
    if is_few:
        yield say(
            "Only {fit} of {sets} sets of parameters fit the facts. Shares of so few say little: draw more --members.",
            fit=decimal(int(fits.sum())),
            sets=decimal(len(fits)),
        )
    yield from _advised(found, currency)
    yield from _effect_or_none(found)
    if has_effect[fits].any() and not is_few:
        whole = advice(found.returns)
        yield say(
            "Over all sets that fit, {level} returns most on average: {amount}. To know which set is true would be worth"
            " {worth}.",
            level=level(whole.steady),
            amount=money(float(whole.mean.max()), currency),
            worth=money(whole.worth_of_knowing, currency),
        )
        yield from _luck(found, whole)


def _advised(found: Ensemble, currency: str) -> Iterator[str]:
    usual = usual_level(found)
    place = found.as_it_is.levels.index(usual)
    told = found.advice_by_kind()
    by_kind = [
        say(BEST_IN[kind], share=percent(float(one.best[place])), sets=decimal(one.members)) for kind, one in told.items()
    ]
    whole = advice(found.returns)
    yield say(
        "The scenario as it is returns most at {level}. That is best in {share} of the {sets} sets of parameters that fit the"
        " facts: in {by_kind}.",
        level=level(usual),
        share=percent(float(whole.best[place])),
        sets=decimal(whole.members),
        by_kind=listed(by_kind),
    )
    for kind, one in told.items() if usual else ():
        mean = float(one.mean[place])
        yield say(
            RETURNS[kind, mean < 0.0],
            level=level(usual),
            amount=money(abs(mean), currency),
            pays=percent(float(one.pays[place])),
        )


def _effect_or_none(found: Ensemble) -> Iterator[str]:
    has_effect, fits = found.has_effect, found.fitted.fits
    drawn = [int((has_effect == kind).sum()) for kind in (True, False)]
    yield say(
        "The facts are fitted by {fit} of {drawn} sets with an effect and by {none_fit} of {none_drawn} without.",
        fit=decimal(int(fits[has_effect].sum())),
        drawn=decimal(drawn[0]),
        none_fit=decimal(int(fits[~has_effect].sum())),
        none_drawn=decimal(drawn[1]),
    )
    if min(drawn) < FEWEST:
        yield say("These are too few of a kind to compare them.")
        return
    ratio, low, high = evidence_ratio(found.fitted, has_effect)
    if low > 1.0 / TELLING and high < TELLING:
        verdict = say("these facts cannot tell whether there is an effect at all")
    elif low > TELLING:
        verdict = say("these facts speak for an effect")
    elif high < 1.0 / TELLING:
        verdict = say("these facts speak against an effect")
    else:
        verdict = say("too few sets to say whether these facts can tell; draw more --members")
    yield say(
        "Those with an effect fit {ratio} times as often ({low} to {high}, by the luck of which sets were drawn): {verdict}.",
        ratio=number(ratio),
        low=number(low),
        high=number(high),
        verdict=verdict,
    )


def _luck(found: Ensemble, whole: Advice) -> Iterator[str]:
    spoken = usual_level(found) or whole.steady
    if not spoken:
        return
    parts = doubt(found.returns, spoken)
    share = parts.ignorance_share
    if math.isfinite(share):
        yield say(
            "The net return of {level} is uncertain for one company. Over all sets that fit, {ignorance} of the variance is"
            " ignorance, which facts could lessen, and {luck} is the luck of the draw, which nothing can.",
            level=level(spoken),
            ignorance=percent(share),
            luck=percent(1.0 - share),
        )


def rows(found: Ensemble) -> list[tuple[str, ...]]:
    """Return a row per level and kind of set."""
    table: list[tuple[str, ...]] = [
        (
            say("hours a week"), say("sets with"), say("best in"), say("pays in"), say("net return, mean"),
            say("nine in ten sets"),
        )
    ]  # fmt: skip
    for kind, told in found.advice_by_kind().items():
        table += [
            (
                level(hours),
                say(EFFECT[kind]),
                percent(float(told.best[place])),
                percent(float(told.pays[place])) if hours else "-",
                money(float(told.mean[place])),
                from_to(money(float(told.low[place])), money(float(told.high[place]))),
            )
            for place, hours in enumerate(told.levels)
        ]
    return table


def fact_rows(found: Ensemble) -> list[tuple[str, ...]]:
    """Return a row per fact."""
    table: list[tuple[str, ...]] = [
        (say("fact"), say("outcome"), say("must lie in"), say("nine in ten sets"), say("fit it"), say("source"))
    ]
    for place, (name, fact) in enumerate(found.fitted.facts.items()):
        shown = found.fitted.shown[:, place]
        low, high = np.nanquantile(shown, edges()) if np.isfinite(shown).any() else (math.nan, math.nan)
        outcome = f"{fact.outcome} / {fact.per}" if fact.per else fact.outcome
        table.append(
            (
                name,
                outcome,
                from_to(short(fact.low), short(fact.high)),
                from_to(short(low), short(high)),
                percent(float(found.fitted.fits_fact[:, place].mean())),
                fact.source,
            )
        )
    return table


def guesses(found: Ensemble, hours: float) -> Frame:
    """Return a row per guess, the strongest first: rank correlation with the return of a level, over sets with an effect."""
    members = [one for one in found.fitting if one.has_effect]
    if len(members) < 2 or not hours:
        return pd.DataFrame(columns=["input", "correlation", "low", "high"])
    returns = found.returns_of(with_effect=True).means()[:, found.returns.levels.index(hours)]
    table = [(path, *foretells(np.array([one.values[path] for one in members]), returns)) for path in members[0].values]
    frame = pd.DataFrame(table, columns=["input", "correlation", "low", "high"]).dropna()
    order = frame["correlation"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def learned(found: Ensemble) -> Frame:
    """Return a row per effect on minds: the range of nine in ten before and after the facts, and what is left of it.

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
    """Return the same as text."""
    table: list[tuple[str, ...]] = [
        (
            say("odds ratio"), say("before the facts"), say("after the facts"), say("of the range is left"),
            say("if they taught nothing"),
        )
    ]  # fmt: skip
    table += [
        (
            str(row["effect"]),
            from_to(number(row["low"], 2), number(row["high"], 2)),
            from_to(number(row["fitted_low"], 2), number(row["fitted_high"], 2)),
            percent(row["range_left"]),
            from_to(percent(row["by_chance"]), percent(row["by_chance_high"])),
        )
        for _, row in frame.iterrows()
    ]
    return table


def guess_rows(frame: Frame) -> list[tuple[str, ...]]:
    """Return the strongest guesses, as text."""
    interval = say("{confidence} interval", confidence=confidence())
    table: list[tuple[str, ...]] = [(say("guess"), say("rank correlation with the return"), interval)]
    table += [
        (str(row["input"]), number(row["correlation"], 2), from_to(number(row["low"], 2), number(row["high"], 2)))
        for _, row in frame.head(MOST_GUESSES).iterrows()
    ]
    return table


def advice_frame(found: Ensemble) -> Frame:
    """Return a row per level and kind of set, as numbers."""
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
    """Return a row per set: what it shows of the facts, whether it fits, its mean returns if it does, and its guesses."""
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
    """Return everything but the sets themselves, for programs."""
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
        """Show a row per fact; if any set fits, a row per level and kind of set."""
        yield TextTable(fact_rows(self.found), left=2)
        if self.found.fitted.fits.any():
            low, high = edges()
            note = say(
                "Amounts in {currency}, after run-off. Nine in ten sets: from {low} to {high} of them. That range is ignorance:"
                " more worlds do not narrow it, more facts may.",
                currency=self.currency,
                low=percent(low),
                high=percent(high),
            )
            yield TextTable(rows(self.found), (note,), left=2)

    def to_dict(self) -> dict[str, Any]:
        """Give everything but the members."""
        return content(self.found, self.currency)
