"""Question 6 in words: which split, how sure that is, and what moving an hour gains."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from sim.experiment.optimise import AS_IT_IS, ON_PAPER, Candidate
from sim.experiment.results import Results
from sim.experiment.selection import ALPHA
from sim.report import splits
from sim.report.words import CONFIDENCE_TEXT, money, number, percent
from sim.scenario.schema import ACTIVITIES

MATTERS_SHARE = 0.02  # of the best net return, if nothing is said
MOST_MOVES = 8
MOVES_LEGEND = f"one hour a week moved, the rest as it is; interval {CONFIDENCE_TEXT}, paired by world"

FRONT_LEGEND = (
    "splits that none beats both in the records and in truth, in the few worlds of the search: the best are in part lucky"
)


def matters(table: pd.DataFrame, asked: float | None) -> float:
    """The difference in net return from which on it matters which split it is."""
    best = abs(float(table["net_return"].iloc[0]))
    return asked if asked is not None else max(MATTERS_SHARE * best, 1.0)


def sentences(results: Results, table: pd.DataFrame, asked: float | None) -> Iterator[str]:
    """The answer, how sure it is, and what records would have chosen."""
    best, currency = table.iloc[0], results.currency
    hours = ", ".join(f"{name.replace('_', ' ')} {number(best[f'{name}_hours'])}" for name in _by_hours(best))
    if best["split"] == AS_IT_IS:
        yield f"Keep the split as it is: none that was found returns more ({hours} h a week)."
    else:
        yield (
            f"Best of those tried: {hours} h a week. It returns {money(best['net_return'], currency)} beyond cost,"
            f" {money(best['gain'], currency)} more than the split as it is ({CONFIDENCE_TEXT} interval"
            f" {money(best['gain_low'], currency)} to {money(best['gain_high'], currency)})."
        )
    if best["net_return_high"] < 0.0:
        yield "Even so it is sure to lose: the best split is no reason to fund these hours."
    yield _how_sure(results, table, matters(table, asked))
    on_paper = table[table["split"] == ON_PAPER]
    if len(on_paper):
        lost = float(best["net_return"]) - float(on_paper["net_return"].iloc[0])
        yield f"The split that records show best returns {money(lost, currency)} less in truth."


def _how_sure(results: Results, table: pd.DataFrame, indifference: float) -> str:
    worlds = int(results.manifest["replications"])
    chance = percent(float(table["chance_of_best"].iloc[0]))
    text = f"It is the best of the {len(table)} with a chance of {chance}, given {worlds} worlds that the search never saw"
    found = splits.selected(results, indifference)
    of_note = money(indifference, results.currency)
    if found is None:
        return f"{text}; more worlds would allow a guarantee."
    if found.best is None:
        return f"{text}; that none is better by {of_note} cannot be guaranteed yet: {len(found.contenders)} are in the race."
    name = results.labels[splits.candidates(results)[found.best]]
    return (
        f"{text}. With a probability of {percent(1.0 - ALPHA)} none is better than {name} by {of_note} or more"
        f" (told after {found.replications} worlds)."
    )


def rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """The splits as a table for a terminal: hours of each activity, net return, gain, chance."""
    yield (
        "split",
        "hours",
        *(name.replace("_", " ") for name in ACTIVITIES),
        "net return",
        "gain (interval)",
        "chance of best",
    )
    for _, row in table.iterrows():
        gain = f"{money(row['gain'])} ({money(row['gain_low'])} to {money(row['gain_high'])})"
        yield (
            str(row["split"]),
            f"{row['hours_per_week']:g}",
            *(number(row[f"{name}_hours"]) for name in ACTIVITIES),
            money(row["net_return"]),
            "-" if row["split"] == AS_IT_IS else gain,
            percent(row["chance_of_best"]) if math.isfinite(row["chance_of_best"]) else "-",
        )


def move_rows(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """The moves that gain and lose most, of those that can be told from zero."""
    yield ("an hour from", "to", "gain", "interval")
    told = table[table["is_told"]].sort_values("gain", ascending=False)
    shown = pd.concat([told.head(MOST_MOVES), told.tail(MOST_MOVES)]).drop_duplicates()
    for _, row in shown.iterrows():
        interval = f"{money(row['gain_low'])} to {money(row['gain_high'])}"
        yield (row["giver"].replace("_", " "), row["taker"].replace("_", " "), money(row["gain"]), interval)


def front_rows(front: Sequence[Candidate]) -> Iterator[tuple[str, ...]]:
    """The splits that no other beats both in records and in truth."""
    yield ("return in the records", "net return in truth", "largest shares")
    for one in front:
        shares = sorted(
            ((share, path.rsplit(".", 1)[-1]) for path, share in one.settings.items() if ".split." in path), reverse=True
        )
        largest = ", ".join(f"{name.replace('_', ' ')} {percent(share)}" for share, name in shares[:3])
        yield (number(one.measured, 2), money(one.true), largest)


def content(results: Results, asked: float | None, front: Sequence[Candidate]) -> dict[str, Any]:
    """Everything, for programs."""
    table = splits.splits(results)
    found = splits.selected(results, matters(table, asked))
    said: dict[str, Any] = {
        "answer": list(sentences(results, table, asked)),
        "splits": table.to_dict("records"),
        "matters": matters(table, asked),
        "selected": None if found is None or found.best is None else results.labels[splits.candidates(results)[found.best]],
    }
    if splits.has_moves(results):
        said["moves"] = splits.moves(results).to_dict("records")
    if front:
        said["front"] = splits.front_frame(front).to_dict("records")
    return said


def _by_hours(row: "pd.Series[Any]") -> list[str]:
    return sorted(ACTIVITIES, key=lambda name: -float(row[f"{name}_hours"]))
