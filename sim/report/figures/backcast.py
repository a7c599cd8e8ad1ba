"""The backcast: each series of the records over the band of simulated companies."""

import math
from collections.abc import Sequence

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.calibrate.backcast import NOT_COMPARED, Actual, Compared
from sim.report.figures.canvas import canvas
from sim.report.figures.style import BLUE, INK, NOTE, ORANGE, RED, DateLabels, drawn, thousands
from sim.report.text.translation import decimal, say
from sim.report.text.vocabulary import SERIES, VERDICTS
from sim.report.text.words import confidence

ACROSS = 3
FROM_THOUSANDS = 10_000


def draw(actual: Actual, found: Sequence[Compared]) -> Figure:
    """Draw one panel per series: records as a line, nine in ten worlds as a band, periods outside of it marked."""

    def compose(figure: Figure) -> None:
        across = min(canvas().across(ACROSS), len(found))
        panels = figure.subplots(math.ceil(len(found) / across), across, sharex=True, squeeze=False).ravel()
        for axes, one in zip(panels, found, strict=False):
            _panel(axes, actual, one)
        for axes in panels[len(found) :]:
            axes.set_visible(False)
        compared = [one for one in found if one.verdict != NOT_COMPARED]
        inside = sum(one.verdict == "inside" for one in compared)
        title = say(
            "{inside} of {compared} series lie within the range of simulated companies",
            inside=decimal(inside),
            compared=decimal(len(compared)),
        )
        figure.suptitle(title, x=0.01, ha="left", weight="bold")
        legend = say(
            "line: records; band: {confidence} of worlds (luck of the draw); dashed: their median; diamond: a period outside",
            confidence=confidence(),
        )
        figure.supxlabel(legend, x=0.01, ha="left", fontsize=8, color=NOTE)

    down = math.ceil(len(found) / ACROSS)
    return drawn(compose, width=9.0, height=1.0 + 2.0 * down, plots=1.3 * len(found))


def _panel(axes: Axes, actual: Actual, one: Compared) -> None:
    days = np.array(actual.days[:-1], dtype="datetime64[D]")
    middle, low, high = one.band
    axes.fill_between(days, low, high, color=BLUE, alpha=0.2, lw=0)
    axes.plot(days, middle, color=BLUE, lw=1.0, ls="--")
    axes.plot(days, one.actual, color=ORANGE, marker="o", ms=3, lw=1.6)
    outside = one.outside
    axes.plot(days[outside], one.actual[outside], ls="none", marker="D", ms=5, mfc=RED, mec=INK)
    axes.set_ylim(bottom=0)
    if axes.get_ylim()[1] >= FROM_THOUSANDS:
        thousands(axes)
    locator = mdates.AutoDateLocator(minticks=2, maxticks=4)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(DateLabels(locator))
    axes.tick_params(labelsize=7)
    name, is_inside = say(SERIES[one.series.name]), one.verdict == "inside"
    title = name if is_inside else say("{series}: {verdict}", series=name, verdict=say(VERDICTS[one.verdict]))
    axes.set_title(title, fontsize=9, color=INK if is_inside else RED)
