"""Question 6 in words: which split, what people work under it, how sure that is, and what moving an hour gains."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sim.analysis import splits, work
from sim.experiment.optimise import AS_IT_IS, ON_PAPER, Candidate
from sim.experiment.results import Results
from sim.experiment.selection import ALPHA
from sim.model.team import PURPOSES
from sim.report.answers import plan
from sim.report.answers.base import Answer, TextTable
from sim.report.text.cells import from_to
from sim.report.text.translation import decimal, later, say, shortest
from sim.report.text.words import confidence, in_words, is_trial, money, number, percent, point_name, trial
from sim.scenario.schema import ACTIVITIES

MATTERS_SHARE = 0.02  # of the best net return, if nothing is said
MOST_MOVES = 8
LEAST_SHOWN, LEAST_SHARE = 0.05, 0.005  # hours per week, and share, of which anything is left when written down
MOVES_LEGEND = later(
    "One hour per week is asked less of one activity and more of another, the rest stays. Intervals ({confidence}) are of the"
    " mean, paired by world: the luck of the draw, which more worlds narrow."
)
FRONT_LEGEND = later(
    "Splits that no other beats both in the records and in truth, in the few worlds of the search. The best are in part lucky."
)


def matters(table: pd.DataFrame, asked: float | None) -> float:
    """Return the difference in net return from which on it matters which split it is."""
    best = abs(float(table["net_return"].iloc[0]))
    return asked if asked is not None else max(MATTERS_SHARE * best, 1.0)


def sentences(results: Results, table: pd.DataFrame, asked: float | None) -> Iterator[str]:
    """Say the answer, how sure it is, and what records would have chosen."""
    if is_trial(results):
        yield trial(results)
    best, currency = table.iloc[0], results.currency
    hours = ", ".join(f"{in_words(name)} {number(best[f'{name}_hours'])}" for name in _by_hours(best))
    if best["split"] == AS_IT_IS:
        yield say("Keep today's split: none that was found returns more. Hours worked per week: {hours}.", hours=hours)
    else:
        yield say(
            "Best of those tried, in hours worked per week: {hours}. It returns {net_return} beyond cost, {gain} more than"
            " today's split ({confidence} interval {low} to {high}, by the luck of the draw).",
            hours=hours,
            net_return=money(best["net_return"], currency),
            gain=money(best["gain"], currency),
            confidence=confidence(),
            low=money(best["gain_low"], currency),
            high=money(best["gain_high"], currency),
        )
    shares = ", ".join(f"{in_words(name)} {percent(best[f'{name}_share_asked'])}" for name in _by_share(best))
    yield say("The shares asked for, which are weights and not hours: {shares}.", shares=shares)
    yield from plan.differ(work.hours_by_task(results, int(best["point"])))
    if best["net_return_high"] < 0.0:
        yield say("Even this split loses money. It is not a reason to fund these hours.")
    yield _how_sure(results, table, matters(table, asked))
    yield from _alike(results, matters(table, asked))
    on_paper = table[table["split"] == ON_PAPER]
    if len(on_paper):
        lost = float(best["net_return"]) - float(on_paper["net_return"].iloc[0])
        yield say("The split that looks best in the records returns {lost} less in truth.", lost=money(lost, currency))


def _how_sure(results: Results, table: pd.DataFrame, indifference: float) -> str:
    values = {
        "splits": decimal(len(table)),
        "chance": percent(float(table["chance_of_best"].iloc[0])),
        "worlds": decimal(int(results.manifest["replications"])),
    }
    found = splits.selected(results, indifference)
    of_note = money(indifference, results.currency)
    if found is None:
        return say(
            "It is the best of the {splits} with a chance of {chance}, given {worlds} worlds that the search never saw. More"
            " worlds would allow a guarantee.",
            **values,
        )
    if found.best is None:
        return say(
            "It is the best of the {splits} with a chance of {chance}, given {worlds} worlds that the search never saw. It"
            " cannot be guaranteed yet that none is better by {difference}: {contenders} are in the race.",
            **values,
            difference=of_note,
            contenders=decimal(len(found.contenders)),
        )
    return say(
        "It is the best of the {splits} with a chance of {chance}, given {worlds} worlds that the search never saw. With a"
        " probability of {probability} none is better than {split} by {difference} or more (told after {told_after} worlds).",
        **values,
        probability=percent(1.0 - ALPHA),
        split=point_name(results, splits.candidates(results)[found.best]),
        difference=of_note,
        told_after=decimal(found.replications),
    )


def _alike(results: Results, indifference: float) -> Iterator[str]:
    """Say which splits are the same in every world."""
    found = splits.selected(results, indifference)
    names = [point_name(results, point) for point in splits.candidates(results)]
    for those in found.same if found else ():
        yield say("The same results in every world: {splits}.", splits=", ".join(names[one] for one in those))


def rows(results: Results, table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield the splits as a table for a terminal: hours worked by activity, net return, gain, chance."""
    purposes = _worked(table)
    yield (
        say("split"),
        say("hours"),
        *(in_words(name) for name in purposes),
        say("net return"),
        say("gain (interval)"),
        say("chance of best"),
    )
    for _, row in table.iterrows():
        gain = f"{money(row['gain'])} ({from_to(money(row['gain_low']), money(row['gain_high']))})"
        yield (
            point_name(results, row["point"]),
            shortest(row["hours_per_week"]),
            *(number(row[f"{name}_hours"]) for name in purposes),
            money(row["net_return"]),
            "-" if row["split"] == AS_IT_IS else gain,
            percent(row["chance_of_best"]) if math.isfinite(row["chance_of_best"]) else "-",
        )


def asked_rows(results: Results, table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield the shares that each split asks for, which are weights."""
    yield (say("share asked for"), *(in_words(name) for name in ACTIVITIES))
    for _, row in table.iterrows():
        yield (point_name(results, row["point"]), *(percent(row[f"{name}_share_asked"]) for name in ACTIVITIES))


def move_rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield the moves that gain and lose most, of those that can be told from zero."""
    yield (say("an hour less asked of"), say("more of"), say("gain"), say("interval"))
    told = table[table["is_told"]].sort_values("gain", ascending=False)
    shown = pd.concat([told.head(MOST_MOVES), told.tail(MOST_MOVES)]).drop_duplicates()
    for _, row in shown.iterrows():
        interval = from_to(money(row["gain_low"]), money(row["gain_high"]))
        yield (in_words(row["giver"]), in_words(row["taker"]), money(row["gain"]), interval)


def front_rows(front: Sequence[Candidate]) -> Iterator[tuple[str, ...]]:
    """Yield the splits that no other beats both in records and in truth."""
    yield (say("return in the records"), say("net return in truth"), say("largest shares asked for"))
    for one in front:
        shares = sorted(
            ((share, path.rsplit(".", 1)[-1]) for path, share in one.settings.items() if ".split." in path), reverse=True
        )
        largest = ", ".join(f"{in_words(name)} {percent(share)}" for share, name in shares[:3])
        yield (number(one.measured, 2), money(one.true), largest)


def content(results: Results, asked: float | None, front: Sequence[Candidate]) -> dict[str, Any]:
    """Return everything, for programs."""
    table = splits.table(results)
    found = splits.selected(results, matters(table, asked))
    said: dict[str, Any] = {
        "answer": list(sentences(results, table, asked)),
        "trial": is_trial(results),
        "splits": table.to_dict("records"),
        "plan": best_plan(results, table).to_dict("records"),
        "matters": matters(table, asked),
        "selected": None if found is None or found.best is None else results.labels[splits.candidates(results)[found.best]],
    }
    if splits.has_moves(results):
        said["moves"] = splits.moves(results).to_dict("records")
    if front:
        said["front"] = splits.front_frame(front).to_dict("records")
    return said


def best_plan(results: Results, table: pd.DataFrame) -> pd.DataFrame:
    """Return the week's plan of the best split, by person and activity."""
    return work.plan(results, int(table["point"].iloc[0]))


def _worked(table: pd.DataFrame) -> list[str]:
    """Return the activities, and what else of switching, idle time and onboarding took time in any split."""
    return [name for name in PURPOSES if name in ACTIVITIES or table[f"{name}_hours"].max() >= LEAST_SHOWN]


def _by_hours(row: "pd.Series[Any]") -> list[str]:
    """Return what time went to, most first."""
    worked = [name for name in PURPOSES if row[f"{name}_hours"] >= LEAST_SHOWN]
    return sorted(worked, key=lambda name: -float(row[f"{name}_hours"]))


def _by_share(row: "pd.Series[Any]") -> list[str]:
    """Return the activities that were asked for, most first."""
    asked = [name for name in ACTIVITIES if row[f"{name}_share_asked"] >= LEAST_SHARE]
    return sorted(asked, key=lambda name: -float(row[f"{name}_share_asked"]))


@dataclass(frozen=True)
class BestSplit(Answer):
    """The best split of the hours, and what moving an hour gains.

    `matters` is the difference in net return from which on it matters which split it is, in the currency; `front` are the
    splits that no other beats both in records and in truth, if these were looked for.
    """

    results: Results
    matters: float | None = None
    front: Sequence[Candidate] = ()

    @cached_property
    def _splits(self) -> pd.DataFrame:
        return splits.table(self.results)

    def sentences(self) -> Iterable[str]:
        """Say which split is best and how sure that is."""
        return sentences(self.results, self._splits, self.matters)

    def tables(self) -> Iterable[TextTable]:
        """Show the splits in hours worked and in shares asked for, the plan of the best, moves of an hour, and the front."""
        yield TextTable([*rows(self.results, self._splits)])
        yield TextTable([*asked_rows(self.results, self._splits)], (say(plan.LEGEND),))
        name = point_name(self.results, int(self._splits["point"].iloc[0]))
        yield TextTable([*plan.rows(best_plan(self.results, self._splits))], (say("The plan of {split}.", split=name),), left=2)
        if splits.has_moves(self.results):
            yield TextTable([*move_rows(splits.moves(self.results))], (say(MOVES_LEGEND, confidence=confidence()),))
        if self.front:
            yield TextTable([*front_rows(self.front)], (say(FRONT_LEGEND),))

    def to_dict(self) -> dict[str, Any]:
        """Give everything."""
        return content(self.results, self.matters, self.front)
