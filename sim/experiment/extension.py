"""Finished results as the beginning of larger ones: more replications, or more points, on the same draws.

The worlds that are there become parts of the larger run, as an interrupted run has them. Until all of them are, the folder
stays what it was; then its manifest is replaced by that of the larger run, which waits beside it. A kill at any moment loses
nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.experiment.arrow import to_parquet
from sim.experiment.blocks import Block, group_size, groups
from sim.experiment.checksums import damaged_files, finished_sums
from sim.experiment.columns import TABLES
from sim.experiment.designs import Layout
from sim.experiment.errors import ResultsError
from sim.experiment.integrity import NEXT
from sim.experiment.plan import Plan, Point
from sim.experiment.results import Results, read
from sim.experiment.store import Store


def more_replications(plan: Plan, replications: int) -> Plan:
    """Return the plan with more replications; how precise it was to be is no longer asked.

    Raises
    ------
    ResultsError
        If it has as many already.
    """
    if replications <= plan.replications:
        raise ResultsError(f"--replications {replications}: there are {plan.replications} already; give more of them")
    return replace(plan, replications=replications, target=None)


def more_points(plan: Plan, added: tuple[Point, ...]) -> Plan:
    """Return the plan with points added that it does not have yet, after those that it has.

    Raises
    ------
    ResultsError
        If all are there already, another has the label of one, or they set other parameters than those that are there.
    """
    settings = [point.settings for point in plan.points]
    new = [point for point in added if point.settings not in settings]
    if not new:
        raise ResultsError("every point is there already; give others")
    wanted, given = {*settings[0]}, {*new[0].settings}
    if wanted != given:
        said = ", ".join(sorted(wanted ^ given))
        raise ResultsError(f"points to add must set what the others set: {', '.join(sorted(wanted))} (not so: {said})")
    labels = {point.label for point in plan.points}
    taken = next((point.label for point in new if point.label in labels), None)
    if taken is not None:
        raise ResultsError(f"a point {taken!r} is there already, with other settings; give it another label")
    return replace(plan, points=(*plan.points, *new))


def extend(folder: Path, replications: int | None = None, layout: Layout | None = None) -> None:
    """Make results the beginning of a larger run, which `runner.resume` then finishes: more replications, points, or both.

    Results that are not finished can be given more replications, too; asked for what they are to have, they stay as they are.
    Points are those of the first one's scenario with the
    values that a layout sets.

    Raises
    ------
    ResultsError, ScenarioError
        If results are damaged, the larger run is impossible or no larger, or another run is writing there.
    RunError
        If the disk is full; the results stay what they are.
    """
    recover(folder)
    results = read(folder)
    plan = Plan.from_results(results)
    if not results.is_finished and _holds(plan, replications, layout):
        return  # the same was asked for before, and interrupted
    larger = plan if replications is None else more_replications(plan, replications)
    if layout is not None:
        larger = more_points(larger, layout.points(plan.points[0].scenario, plan.seed))
    if results.is_finished:
        damaged = damaged_files(folder, finished_sums(folder))
        if damaged:
            raise ResultsError(f"{folder / damaged[0]}: is not what was written; mend it first: sim resume {folder}")
        with Store.open(folder, results.manifest) as store:
            store.grow(larger.manifest(), _parts(results, len(larger.points)))
        return
    if layout is not None:
        raise ResultsError(f"{folder}: not finished; finish it first with: sim resume {folder}")
    with Store.open(folder, plan.manifest()) as store:
        store.manifest["target"] = None
        store.resize(larger.replications)


def _holds(plan: Plan, replications: int | None, layout: Layout | None) -> bool:
    """Return whether a plan has so many replications and the points of a layout."""
    added = () if layout is None else layout.points(plan.points[0].scenario, plan.seed)
    settings = [point.settings for point in plan.points]
    return replications in {None, plan.replications} and all(point.settings in settings for point in added)


def _parts(results: Results, points: int) -> Iterator[tuple[Block, dict[str, bytes]]]:
    """Yield the worlds of finished results as blocks that cross no group of a run of so many points."""
    before = groups(len(results.labels), int(results.manifest["replications"]))
    files = {name: pq.ParquetFile(results.folder / f"{name}.parquet", page_checksum_verification=True) for name in TABLES}
    for number, group in enumerate(before):
        tables = {name: file.read_row_group(number) for name, file in files.items()}
        for block in _cut(group, points):
            yield block, {name: to_parquet(_of(table, block)) for name, table in tables.items()}


def _cut(group: Block, points: int) -> Iterator[Block]:
    """Cut a group where groups of a run of more points begin; these hold fewer replications each."""
    size, first = group_size(points), group.replication
    while first < group.until_replication:
        until = min((first // size + 1) * size, group.until_replication)
        yield replace(group, replication=first, until_replication=until)
        first = until


def _of(table: pa.Table, block: Block) -> pa.Table:
    number = table["replication"]
    within = pc.and_(pc.greater_equal(number, block.replication), pc.less(number, block.until_replication))
    return table.filter(within).combine_chunks()


def recover(folder: Path) -> None:
    """Finish, or undo, an extension that was interrupted before the larger run began.

    Raises
    ------
    ResultsError
        If another run is writing there.
    """
    if (folder / NEXT).is_file():
        found: dict[str, Any] = read(folder).manifest
        with Store.open(folder, found):
            pass  # a store that is opened sees to it
