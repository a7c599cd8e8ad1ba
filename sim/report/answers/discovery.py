"""Conditions and the regions where they hold, in words and tables: boxes and a small tree, judged on fresh worlds."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from sim.analysis.discovery.boxes import HIGH, KEPT, LOW, Box, Restriction, by_chance
from sim.analysis.discovery.cases import HAS_EFFECT, Cases, OfPoints
from sim.analysis.discovery.conditions import Condition, Loses, Suffices
from sim.analysis.discovery.fresh import RARE, Discovery, Judged, Share
from sim.analysis.frames import Frame, spread
from sim.experiment.statistics import Estimate
from sim.report.answers.base import Answer, TextTable
from sim.report.text.cells import from_to, listed, yes_or_no
from sim.report.text.translation import decimal, later, say, shortest
from sim.report.text.words import confidence, hours_a_week, percent, short, trial

LEAST_SHOWN = 0.00001  # of a quasi-p-value
SETS, POINTS = later("sets of assumptions"), later("combinations")
KINDS_OF_EFFECT = {"True": later("touches move buyers' minds"), "False": later("touches move no buyer's mind")}


def what(asked: Condition) -> str:
    """Say a condition."""
    if isinstance(asked, Loses):
        return say("every level loses")
    if isinstance(asked, Suffices):
        return say("{level} returns {share} of the best choice or more",
                   level=hours_a_week(asked.at), share=percent(asked.share))  # fmt: skip
    side = f"{asked.sign} {shortest(asked.number)}"
    if asked.at is None:
        return f"{asked.name} {side}"
    return say("{outcome} at {level} {side}", outcome=asked.name, level=hours_a_week(asked.at), side=side)


def rows_of(cases: Cases) -> str:
    """Say what the rows are."""
    return say(SETS) if cases.has_own_worlds else say(POINTS)


def where(box: Box) -> str:
    """Say a box: the restrictions of all its parameters."""
    return listed([_restricted(one) for one in box.values()])


def kept_said(one: Restriction) -> str:
    """Say a parameter with the values that it is restricted to."""
    if one.path == HAS_EFFECT:
        return say(KINDS_OF_EFFECT[str(one.kept[0])])
    return say("{parameter} is {values}", parameter=one.path, values=", ".join(map(str, one.kept)))


def _restricted(one: Restriction) -> str:
    if one.kept:
        return kept_said(one)
    low, high = (short(end) for end in (one.low, one.high))
    if one.limits == (LOW,):
        return say("{parameter} is {low} or more", parameter=one.path, low=low)
    if one.limits == (HIGH,):
        return say("{parameter} is {high} or less", parameter=one.path, high=high)
    return say("{parameter} is {interval}", parameter=one.path, interval=from_to(low, high))


def with_interval(one: Estimate) -> str:
    """Say a share with its interval."""
    if not math.isfinite(one.value):
        return "–"
    return say("{value} ({interval})", value=percent(one.value), interval=from_to(percent(one.low), percent(one.high)))


def sentences(found: Discovery) -> Iterator[str]:
    """Say where the condition holds; where nothing is beyond chance, that."""
    few = trial(found.cases.results) if isinstance(found.cases, OfPoints) else ""
    if few:
        yield few
    rows, told = rows_of(found.cases), {"condition": what(found.condition), "rows": rows_of(found.cases)}
    if found.verdict == "always":
        yield say("“{condition}” holds in all {count} {rows}, so there is nothing to tell them apart by.",
                  count=decimal(found.overall.rows), **told)  # fmt: skip
        return
    if found.verdict == "never":
        yield say("“{condition}” holds in none of {count} {rows}, so there is nothing to tell them apart by.",
                  count=decimal(found.overall.rows), **told)  # fmt: skip
        return
    yield say("“{condition}” holds in {share} of {count} {rows}.",
              share=with_interval(found.overall.of), count=decimal(found.overall.rows), **told)  # fmt: skip
    if found.verdict == "rare":
        yield say(
            "Too few of them differ to say where: of those searched, or of those kept to judge the result, fewer than {rare}"
            " meet the condition, or fewer than {rare} do not. Take more {option}.",
            rare=decimal(RARE),
            option=found.cases.option,
        )
        return
    yield from map(_box, found.found, range(len(found.found)), [rows] * len(found.found))
    if not found.found:
        yield _no_box(found.tried, rows)
    yield from _tree(found)
    yield from _luck(found)
    yield say("Boxes restrict what cannot be chosen, unless a decision is named by --over. They say where, and not how likely.")
    if found.cases.has_own_worlds:
        yield say("Sets count alike here, whatever facts and your belief say of them.")


def _box(one: Judged, place: int, rows: str) -> str:
    first = later(
        "It does so most where {box}: in {density} of {count} fresh {rows} there, against {base} of all {all} fresh ones. The"
        " box holds {coverage} of the fresh cases."
    )
    further = later(
        "Of what is left, it does so most where {box}: in {density} of {count} fresh {rows} there, against {base} of all {all}"
        " fresh ones left. This box holds {coverage} of the fresh cases left."
    )
    return say(further if place else first, rows=rows, **_figures(one))


def _figures(one: Judged) -> dict[str, str]:
    return {
        "box": where(one.box), "density": with_interval(one.density.of), "count": decimal(one.density.rows),
        "base": with_interval(one.base.of), "all": decimal(one.base.rows), "coverage": with_interval(one.coverage),
    }  # fmt: skip


def _no_box(tried: Judged | None, rows: str) -> str:
    if tried is None:
        return say("No box is beyond chance: the search kept none, as chance could have drawn any limit of it.")
    if not tried.density.rows:
        return say("No box is beyond chance: no fresh {rows} lie in the one that the search found.", rows=rows)
    return say(
        "No box is beyond chance. The search's own held {searched} where it was found, but {density} of {count} fresh {rows},"
        " which cannot be told from {base} of all {all}.",
        searched=percent(tried.searched.density),
        rows=rows,
        **{name: said for name, said in _figures(tried).items() if name not in ("box", "coverage")},
    )


def _tree(found: Discovery) -> Iterator[str]:
    if not found.leaves:
        return
    counted = [one for one in found.leaves if one.density.rows]
    most, least = (end(counted, key=lambda one: one.density.of.value) for end in (max, min))
    yield say(
        "A small tree finds it most where {most}: in {much} of {count} fresh {rows}; and least where {least}: in {little} of"
        " {others}. These intervals hold together.",
        most=where(most.box),
        much=with_interval(most.density.of),
        count=decimal(most.density.rows),
        least=where(least.box),
        little=with_interval(least.density.of),
        others=decimal(least.density.rows),
        rows=rows_of(found.cases),
    )


def _luck(found: Discovery) -> Iterator[str]:
    if found.luck is not None:
        yield say(
            "Luck: in other worlds {share} of {count} {rows} say the same. The rest no box can tell; it is in all shares, and"
            " what else differs is ignorance.",
            share=with_interval(found.luck.of),
            count=decimal(found.luck.rows),
            rows=rows_of(found.cases),
        )


def limit_rows(found: Discovery) -> list[tuple[str, ...]]:
    """Return a row per restriction of a box, with its quasi-p-values."""
    table: list[tuple[str, ...]] = [
        (say("box"), say("parameter"), say("from"), say("to"), say("quasi-p, from"), say("quasi-p, to"))
    ]
    for number, judged in enumerate(shown(found), 1):
        quasi = {(one.path, one.limit): _quasi_p(one.quasi_p) for one in judged.limits}
        for path, one in judged.box.items():
            if one.kept:
                table.append((decimal(number), kept_said(one), "–", "–", quasi[path, KEPT], "–"))
                continue
            ends = tuple(short(end) if math.isfinite(end) else "–" for end in (one.low, one.high))
            table.append((decimal(number), path, *ends, *(quasi.get((path, limit), "–") for limit in (LOW, HIGH))))
    return table


def _quasi_p(value: float) -> str:
    least = decimal(LEAST_SHOWN, 5)
    return f"<{least}" if value < LEAST_SHOWN else _figures_of(value)


def _figures_of(value: float) -> str:
    return decimal(value, max(3, -math.floor(math.log10(value))))


def shown(found: Discovery) -> list[Judged]:
    """Return the boxes that are shown: those found, or else the one that was tried."""
    return list(found.found) or ([found.tried] if found.tried is not None else [])


def share_rows(found: Discovery) -> list[tuple[str, ...]]:
    """Return a row per box: what the search saw of it, and what fresh rows say."""
    table: list[tuple[str, ...]] = [
        (
            say("box"), say("searched: density"), say("coverage"), say("support"), say("fresh: density"), say("of"),
            say("all fresh"), say("coverage"), say("beyond chance"),
        )
    ]  # fmt: skip
    for number, one in enumerate(shown(found), 1):
        seen = (one.searched.density, one.searched.coverage, one.searched.support)
        fresh = (with_interval(one.density.of), decimal(one.density.rows), with_interval(one.base.of))
        table.append((decimal(number), *map(percent, seen), *fresh, with_interval(one.coverage), yes_or_no(one.is_found)))
    return table


def leaf_rows(found: Discovery) -> list[tuple[str, ...]]:
    """Return a row per leaf of the tree."""
    table: list[tuple[str, ...]] = [(say("leaf of the tree"), say("fresh: density"), say("of"))]
    return table + [(where(one.box), with_interval(one.density.of), decimal(one.density.rows)) for one in found.leaves]


def legend(found: Discovery) -> str:
    """Say how to read the tables."""
    return say(
        "Density: share of those in the box that are cases; coverage: share of all cases that it holds; support: share of all"
        " that are in it. {searched} were searched; the {fresh} fresh ones and their worlds had no say in the box. Brackets:"
        " {confidence} intervals. Quasi-p: how likely so many cases are if the limit is of no use; from {by_chance} on it is"
        " lifted.",
        searched=decimal(found.searched),
        fresh=decimal(found.fresh),
        confidence=confidence(),
        by_chance=_figures_of(by_chance(found.cases.columns)),
    )


def frame(found: Discovery) -> Frame:
    """Return a row per limit of a box that is shown, as numbers, with the figures of its box."""
    rows = []
    for number, judged in enumerate(shown(found), 1):
        for limit in judged.limits:
            one = judged.box[limit.path]
            rows.append(
                {
                    "box": number,
                    "is_found": judged.is_found,
                    "parameter": limit.path,
                    "limit": limit.limit,
                    "value": ", ".join(map(str, one.kept)) or {LOW: one.low, HIGH: one.high}[limit.limit],
                    "quasi_p": limit.quasi_p,
                    "searched_density": judged.searched.density,
                    "searched_coverage": judged.searched.coverage,
                    "searched_support": judged.searched.support,
                    "fresh_rows": judged.density.rows,
                    **spread("fresh_density", judged.density.of),
                    **spread("fresh_base", judged.base.of),
                    **spread("fresh_coverage", judged.coverage),
                }
            )
    columns = ["box", "is_found", "parameter", "limit", "value", "quasi_p"]
    return pd.DataFrame(rows, columns=None if rows else columns)


@dataclass(frozen=True)
class Discovered(Answer):
    """The answer of `sim discover`: the regions in which a condition holds.

    Attributes
    ----------
    found
        The boxes and the tree, with all that judges them.
    """

    found: Discovery

    def sentences(self) -> Iterable[str]:
        """Say where the condition holds, and in which share of what had no say in that."""
        return sentences(self.found)

    def tables(self) -> Iterable[TextTable]:
        """Show the limits of boxes, how these are judged, and the leaves of the tree."""
        if shown(self.found):
            yield TextTable(limit_rows(self.found), left=2)
            yield TextTable(share_rows(self.found), (legend(self.found),))
        if self.found.leaves:
            yield TextTable(leaf_rows(self.found))

    def to_dict(self) -> dict[str, Any]:
        """Give everything; a limit that is not set is null."""
        found = self.found
        return {
            "name": found.cases.name,
            "answer": [*self.sentences()],
            "condition": what(found.condition),
            "verdict": found.verdict,
            "overall": _share(found.overall),
            "searched": found.searched,
            "fresh": found.fresh,
            "luck": None if found.luck is None else _share(found.luck),
            "boxes": [_judged(one) for one in found.found],
            "not_beyond_chance": None if found.tried is None else _judged(found.tried),
            "tree": [_judged(one) for one in found.leaves],
        }


def _share(one: Share) -> dict[str, Any]:
    return {**asdict(one.of), "rows": one.rows, "cases": one.cases}


def _judged(one: Judged) -> dict[str, Any]:
    quasi = {(limit.path, limit.limit): limit.quasi_p for limit in one.limits}
    return {
        "restrictions": [
            {
                "parameter": path,
                "low": said.low,
                "high": said.high,
                "kept": list(said.kept) or None,
                "quasi_p": {limit: quasi.get((path, limit)) for limit in said.limits},
            }
            for path, said in one.box.items()
        ],
        "searched": {name: getattr(one.searched, name) for name in ("density", "coverage", "support")},
        "fresh": {"density": _share(one.density), "base": _share(one.base), "coverage": asdict(one.coverage)},
        "is_found": one.is_found,
        "trajectory": [{name: getattr(step, name) for name in ("density", "coverage", "support")} for step in one.steps],
    }
