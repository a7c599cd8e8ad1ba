"""Composition of a chart from its numbers: a function per kind."""

from collections.abc import Callable

from sim.analysis.charts import kinds
from sim.analysis.charts.request import Request
from sim.analysis.frames import Frame
from sim.report.figures.charts import designs, lines, rows, surfaces
from sim.report.figures.charts.marks import Drawing

COMPOSERS: dict[str, Callable[[Request, Frame], Drawing]] = {
    kinds.LINE: lines.means, kinds.HEAT: surfaces.heat, kinds.CONTOUR: surfaces.contour, kinds.SCATTER: surfaces.scatter,
    kinds.BOX: rows.boxes, kinds.HIST: lines.counts, kinds.ECDF: lines.shares, kinds.TIME: lines.over_time,
    kinds.PAIRS: designs.pairs, kinds.PARALLEL: designs.parallel, kinds.TORNADO: rows.tornado, kinds.SOBOL: rows.indices,
    kinds.HISTORY: designs.history, kinds.IMPORTANCE: rows.importance,
}  # fmt: skip


def compose(asked: Request, frame: Frame) -> Drawing:
    """Make a chart of the numbers behind it."""
    return COMPOSERS[asked.kind](asked, frame)
