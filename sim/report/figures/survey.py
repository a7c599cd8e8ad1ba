"""The survey: each figure of the study beside what samples of simulated executives say."""

from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.survey import CALIBRATED, CONFIDENCE, FIVE_PER_CENT, READINGS, Row
from sim.report.figures.style import BLUE, GREY, INK, NOTE, ORANGE, ROW, drawn, name_rows, percents
from sim.report.text.translation import decimal, say
from sim.report.text.vocabulary import SURVEYED
from sim.report.text.words import percent


def draw(rows: list[Row], size: int) -> Figure:
    """Draw a row per figure of the study: the intervals of a sample and of the share itself, and what the study found."""
    counted = [row for row in rows if row.figure.name == CALIBRATED or row.figure.name not in READINGS]

    def compose(figure: Figure) -> None:
        _rows(figure.subplots(), rows)
        title = say(
            "{fitting} of {figures} figures of the study lie where such answers do",
            fitting=decimal(sum(row.fits for row in counted)),
            figures=decimal(len(counted)),
        )
        figure.suptitle(title, x=0.01, ha="left", weight="bold")
        legend = say(
            "bar: {confidence} of samples of {size}, dark: of the share itself; diamond: the study (arrow: at least so many);"
            " grey: other readings of its {five} of sales",
            confidence=percent(CONFIDENCE),
            size=decimal(size),
            five=percent(FIVE_PER_CENT),
        )
        figure.supxlabel(legend, x=0.01, ha="left", fontsize=8, color=NOTE)

    return drawn(compose, height=1.6 + 0.55 * len(rows), plots=1.25 * ROW * len(rows))


def _rows(axes: Axes, rows: list[Row]) -> None:
    for place, row in enumerate(rows):
        other = row.figure.name in READINGS and row.figure.name != CALIBRATED
        colour = GREY if other else BLUE
        axes.plot([row.low, row.high], [place, place], color=colour, lw=7, alpha=0.45, solid_capstyle="butt")
        axes.plot([row.share_low, row.share_high], [place, place], color=colour, lw=7, solid_capstyle="butt")
        axes.plot(row.share, place, marker="|", ms=14, mew=2, color=INK)
        mark = ">" if row.figure.is_least else "D"
        axes.plot(row.figure.value, place, marker=mark, ms=7, color=ORANGE, mec=INK, ls="none")
    name_rows(
        axes, range(len(rows)), [fill(say(SURVEYED[row.figure.name]), 34) for row in rows], from_top=True, half=0.16, fontsize=9
    )
    axes.set_xlim(0, 1)
    percents(axes, "x")
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(say("share of executives"))
