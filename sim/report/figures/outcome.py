"""Any outcome of the worlds against the levels of hours, beside its twin where it has one."""

from itertools import cycle
from textwrap import fill

import numpy as np
from matplotlib.figure import Figure

from sim.analysis import points
from sim.analysis.frames import by_point, sample
from sim.experiment.outcome_columns import outcomes
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.report.figures.style import GREY, INK, LINE_COLOURS, drawn, note
from sim.report.text.translation import say, shortest
from sim.report.text.words import confidence, point_name

TWIN = "twin_"


def draw(results: Results, name: str) -> Figure:
    """Draw the mean of an outcome with its interval at each level, one line per case; dashed is the mean at zero hours."""
    column = next(one for one in outcomes() if one.name == name)
    frames = by_point(results)
    lines = points.lines(results)
    is_of_hours = all(np.isfinite(points.hours_of(results, one)) for line in lines.values() for one in line)

    def compose(figure: Figure) -> None:
        axes = figure.subplots()
        place = 0
        ticks: dict[float, int] = {}
        for (case, line), colour in zip(lines.items(), cycle(LINE_COLOURS)):
            at = [points.hours_of(results, one) if is_of_hours else float(place + order) for order, one in enumerate(line)]
            place += len(line)
            found = [mean(sample(frames[one], name)) for one in line]
            middle = np.array([one.value for one in found])
            reach = np.abs(np.array([[one.low for one in found], [one.high for one in found]]) - middle)
            axes.errorbar(at, middle, yerr=np.nan_to_num(reach), color=colour, marker="o", ms=4, capsize=3, label=case or None)
            if TWIN + name in frames[0]:
                twins = [mean(sample(frames[one], TWIN + name)).value for one in line]
                axes.plot(at, twins, color=GREY, ls=(0, (4, 2)), marker=".")
            ticks |= dict(zip(at, line, strict=True))
        if is_of_hours:
            axes.set_xticks(list(ticks), [shortest(one) for one in ticks])
            axes.set_xlabel(say("hours per week"))
        else:
            axes.set_xticks(list(ticks), [point_name(results, one) for one in ticks.values()], rotation=30, ha="right")
        unit = results.currency if column.unit == "currency" else say(column.unit)
        axes.set_ylabel(unit)
        axes.axhline(0, color=INK, lw=0.6)
        axes.set_title(fill(say(column.title), 70), fontsize=11)
        note(
            axes,
            say("bars: {confidence} interval of the mean; dashed: zero hours, where it has one", confidence=confidence()),
        )
        if len(lines) > 1:
            axes.legend(frameon=False, fontsize=8)

    return drawn(compose, width=8.0, height=4.2)
