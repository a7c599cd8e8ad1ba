"""Question 8: what the indirect effects are worth."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.statistics import Sample, mean
from sim.experiment.store import Results
from sim.report import points, tables
from sim.report.figures.style import BLUE, GREY, INK, drawn, percents
from sim.report.words import CONFIDENCE_TEXT

PANELS = (
    ("shortlist_share", "twin_shortlist_share", "Presence: needs that\nshortlist the brand", True),
    ("retention", "twin_retention", "Loyalty: contracts\nrenewed in a year", True),
    ("caused_without_touch", None, "Sales it caused that no\nrecord links to it (deals)", False),
    ("replied_in_time_share", None, "Dialogue: messages\nanswered in time", True),
)


def draw(results: Results, point: int) -> Figure:
    """Small multiples: each effect against the levels that a point is one of, with social media and without."""
    frames = tables.by_point(results)
    order = points.line_of(results, point)
    labels = [results.labels[point] for point in order]
    short = [label.removesuffix(" h/week") for label in labels]

    def compose(figure: Figure) -> None:
        for axes, (ours, theirs, title, is_share) in zip(figure.subplots(1, len(PANELS)), PANELS, strict=True):
            at = np.arange(len(order))
            samples = [tables.sample(frames[point], ours) for point in order]
            if theirs:
                twins = [tables.sample(frames[point], theirs) for point in order]
                without = np.array([one.mean() for one in twins])
                axes.plot(at, without, color=GREY, marker="o", ms=3)
                _name(axes, at, without, INK, "without")
                # worlds differ far more from each other than from their twins: the band is that of the difference
                samples = [middle + (one - twin) for middle, one, twin in zip(without, samples, twins, strict=True)]
            _line(axes, at, samples)
            if theirs:
                _name(axes, at, np.array([mean(one).value for one in samples]), BLUE, "with")
            axes.set_xticks(at, short, rotation=0 if max(map(len, short)) < 4 else 90)
            axes.set_xlabel("hours a week" if short != labels else "")
            if is_share:
                percents(axes)
            axes.set_title(title, fontsize=9.5)
            axes.tick_params(labelsize=8)
        figure.suptitle("What hours change beyond the dashboard", x=0.01, ha="left", fontsize=12, fontweight="bold")
        figure.supxlabel(f"band: {CONFIDENCE_TEXT} interval of the mean, or of the difference where both worlds are shown",
                         fontsize=8, color="#555555")  # fmt: skip

    return drawn(compose, width=11.0, height=4.0)


def _line(axes: Axes, at: np.ndarray, samples: list[Sample]) -> None:
    estimates = [mean(one) for one in samples]
    axes.fill_between(at, [one.low for one in estimates], [one.high for one in estimates], color=BLUE, alpha=0.25, lw=0)
    axes.plot(at, [one.value for one in estimates], color=BLUE, marker="o", ms=3.5)


def _name(axes: Axes, at: np.ndarray, values: np.ndarray, colour: str, name: str) -> None:
    axes.annotate(name, (at[-1], values[-1]), (0, 6), textcoords="offset points", ha="right", fontsize=8, color=colour)
