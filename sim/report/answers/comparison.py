"""Points held against a baseline; and which of them returns most: a selection with a guarantee, and chances of being best."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.comparison import named_apart, paired_differences, point_names
from sim.analysis.frames import by_point, sample
from sim.experiment.errors import ResultsError
from sim.experiment.precision import RETURN
from sim.experiment.results import Results
from sim.experiment.selection import ALPHA, Selection, chance_of_best, check_replications, select
from sim.remarks import remark
from sim.report.answers.base import Answer, TextTable
from sim.report.html.parts import html_table, paragraphs
from sim.report.text import words
from sim.report.text.cells import frame_of, from_to, listed
from sim.report.text.translation import ENGLISH, decimal, say, say_many, told_in
from sim.report.text.vocabulary import COMPARED
from sim.report.text.words import money, percent


@dataclass(frozen=True)
class Ranking:
    """Points with their mean net return and chance of being best, and what the selection among them came to."""

    labels: list[str]
    means: list[float]
    chances: list[float]
    matters: float
    selection: Selection
    results: Sequence[Results]

    def names(self) -> list[str]:
        """Say the names of the points."""
        return _names(self.results)


def _names(results: Sequence[Results]) -> list[str]:
    """Say the names of all points of some results, with the folder's name if they are ambiguous."""
    return named_apart(results, [words.point_names(one) for one in results])


def ranking(results: Sequence[Results], matters: float) -> Ranking:
    """Rank the points of some results by net return, over the replications that all of them have.

    Raises
    ------
    ResultsError
        If there are too few replications, or a net return is undefined.
    """
    labels = point_names(results)
    samples = [sample(frame, RETURN) for one in results for frame in by_point(one)]
    common = min(map(len, samples))
    check_replications(common)
    values = np.array([one[:common] for one in samples])
    undefined = [label for label, row in zip(labels, values, strict=True) if not np.isfinite(row).all()]
    if undefined:
        raise ResultsError(
            remark("--matters: net return is undefined in a world of {undefined}", undefined=", ".join(undefined))
        )
    return Ranking(
        labels,
        values.mean(axis=1).tolist(),
        chance_of_best(values).tolist(),
        matters,
        select(values, matters),
        results,
    )


def rows(ranked: Ranking) -> list[tuple[str, ...]]:
    """Return a row per point, the best first."""
    order, names = sorted(range(len(ranked.labels)), key=lambda point: -ranked.means[point]), ranked.names()
    body = [(names[one], money(ranked.means[one]), percent(ranked.chances[one]), _fate(ranked, one)) for one in order]
    return [(say("point"), say("net return"), say("chance of best"), say("selection")), *body]


def _p_value(value: float) -> str:
    """Say a p-value to three digits; of a smaller one, that it is smaller."""
    least = 0.001
    if value < least:
        return say("p < {value}", value=words.number(least, 3))
    return say("p {value}", value=words.number(value, 3))


def _fate(ranked: Ranking, point: int) -> str:
    found = ranked.selection
    if found.best is not None and point in found.contenders:
        return say("selected")
    if point in found.contenders:
        return say("still in the race")
    return say_many("out after {count} world", "out after {count} worlds", found.left_after[point])


def sentence(ranked: Ranking, currency: str) -> str:
    """Say what may be relied on, and which points are the same in every world."""
    found = ranked.selection
    amount = money(ranked.matters, currency)
    alike = [say("{points} give the same results in every world.", points=_named(ranked, those)) for those in found.same]
    if any(len(those) == len(ranked.labels) for those in found.same):
        return say(
            "{points} give the same results in every world, so none of them is better.",
            points=_named(ranked, found.same[0]),
        )
    if found.best is None:
        told = say(
            "{worlds} worlds are too few to show which is best by {amount} or more: {points} are in the race.",
            worlds=decimal(found.replications),
            amount=amount,
            points=_named(ranked, found.contenders),
        )
    else:
        told = say(
            "With a probability of {probability} none is better than {points} by {amount} or more.",
            probability=percent(1.0 - ALPHA),
            points=_named(ranked, found.contenders),
            amount=amount,
        )
    return " ".join([told, *alike])


def _named(ranked: Ranking, which: Sequence[int]) -> str:
    names = ranked.names()
    return listed([names[one] for one in which])


def content(ranked: Ranking) -> dict[str, Any]:
    """Return the same for programs, in English whatever language is spoken."""
    found = ranked.selection
    with told_in(ENGLISH):
        fates = [_fate(ranked, number) for number in range(len(ranked.labels))]
    return {
        "points": [
            {"point": label, "net_return": middle, "chance_of_best": chance, "selection": fate}
            for label, middle, chance, fate in zip(ranked.labels, ranked.means, ranked.chances, fates, strict=True)
        ],
        "matters": ranked.matters,
        "selected": None if found.best is None else ranked.labels[found.best],
        "same": [[ranked.labels[one] for one in those] for those in found.same],
    }


@dataclass(frozen=True)
class Comparison(Answer):
    """Paired differences of every point from the baseline; with a ranking, if one was asked for."""

    differences: pd.DataFrame
    results: Sequence[Results]
    ranked: Ranking | None = None

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.results[0].currency

    @classmethod
    def of(cls, results: Sequence[Results], baseline: str | None = None, matters: float | None = None) -> "Comparison":
        """Compare the points of some results, world by world.

        Raises
        ------
        ResultsError
            If they have no worlds in common, there is no such point, or there is nothing to compare with.
        """
        seeds = {one.manifest["seed"] for one in results}
        if len(seeds) > 1:
            raise ResultsError(
                remark(
                    "results of different seeds ({seeds}) have no worlds in common", seeds=", ".join(map(str, sorted(seeds)))
                )
            )
        if len({one.folder.resolve() for one in results}) < len(results):
            raise ResultsError(remark("each folder can be compared once"))
        names = point_names(results)
        if baseline is not None and baseline not in names:
            raise ResultsError(
                remark("no point {baseline}; there are {names}", baseline=repr(baseline), names=", ".join(names))
            )
        if len(names) < 2:
            raise ResultsError(
                remark("{folder}: has one point only; give a second folder to compare with", folder=results[0].folder)
            )
        ranked = None if matters is None else ranking(results, matters)
        return cls(paired_differences(list(results), baseline), list(results), ranked)

    def sentences(self) -> Iterable[str]:
        """Say each difference, point by point."""
        names = dict(zip(point_names(self.results), _names(self.results), strict=True))
        yield say(
            "Differences from {baseline}, world by world, with {confidence} intervals of the mean: the luck of the draw, which"
            " more worlds narrow.",
            baseline=names[self.differences["baseline"].iloc[0]],
            confidence=words.confidence(),
        )
        few = min(int(one.manifest["replications"]) for one in self.results)
        if words.are_few(few):
            yield words.trial_of(few)
        several = self.differences["point"].nunique() > 1
        if several:
            yield say("In square brackets: intervals that hold for all points at once.")
        for label, those in self.differences.groupby("point", sort=False):
            yield f"\n{names[str(label)]}"
            for _, row in those.iterrows():
                digits = 3 if row["unit"] == "share" else 1 if row["unit"] == "deals" else 0
                named = ("difference", "difference_low", "difference_high", "all_low", "all_high")
                middle, low, high, all_low, all_high = (words.number(row[key], digits) for key in named)
                told = f"  {say(COMPARED[row['measure']]):24} {middle:>12}"
                if math.isfinite(row["difference_low"]):
                    at_once = f" [{from_to(all_low, all_high)}]" if several else ""
                    told += f" ({from_to(low, high)}){at_once}, {_p_value(row['p_holm'])}"
                yield told

    def tables(self) -> Iterable[TextTable]:
        """Show a row per point, the best first, if they were ranked."""
        if self.ranked is not None:
            yield TextTable(rows(self.ranked), (sentence(self.ranked, self.currency),))

    def to_dict(self) -> Any:
        """Give the differences; with the ranking, if there is one."""
        differences = self.differences.to_dict("records")
        return differences if self.ranked is None else {"differences": differences, "ranking": content(self.ranked)}

    def _repr_html_(self) -> str:
        """Show the differences as a table."""
        rounded = self.differences.map(lambda cell: f"{cell:,.4g}" if isinstance(cell, float) else cell)
        ranked = "".join(html_table(frame_of(table.rows), "") + paragraphs(table.notes) for table in self.tables())
        return html_table(rounded, "") + ranked
