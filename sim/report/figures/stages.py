"""Hours per week under a plan in stages: one line until the look, two from then on."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.staging import Stages
from sim.report.answers.ensemble import level
from sim.report.figures.style import BLUE, INK, ORANGE, End, drawn, name_lines
from sim.report.text.translation import say
from sim.scenario.schema.hours_policy import WEEKS_PER_QUARTER

LEAST_APART = 0.09  # of the height, between labels
ROOM, ROOM_AFTER = 1.15, 1.02  # times the highest level, and the horizon


def draw(plan: Stages, weeks: int) -> Figure:
    """Draw hours per week by quarter since the team began, of a plan and a horizon in weeks."""

    def compose(figure: Figure) -> None:
        _lines(figure.subplots(), plan, weeks / WEEKS_PER_QUARTER)

    return drawn(compose, height=3.6, plots=2.6)


def _lines(axes: Axes, plan: Stages, quarters: float) -> None:
    ways = [(plan.then_hours, BLUE, say("{level}, if so much is seen", level=level(plan.then_hours)))]
    if plan.is_blind:
        ways = [(plan.then_hours, BLUE, level(plan.then_hours))]
    else:
        ways.append((plan.else_hours, ORANGE, say("{level}, if less is seen", level=level(plan.else_hours))))
    for hours, colour, _ in ways:
        axes.plot([plan.quarters, plan.quarters, quarters], [plan.begin, hours, hours], color=colour, lw=2.5)
    axes.plot([0, plan.quarters], [plan.begin, plan.begin], color=INK, lw=2.5)
    axes.plot([plan.quarters], [plan.begin], "o", color=INK)
    top = ROOM * max(plan.begin, plan.then_hours, plan.else_hours)
    axes.set_ylim(-0.04 * top, top)
    name_lines(axes, [End(name, colour, quarters, hours) for hours, colour, name in ways], LEAST_APART * top)
    axes.set_xlim(0, quarters * ROOM_AFTER)
    axes.set_xlabel(say("quarters since the team began"))
    axes.set_ylabel(say("hours per week"))
    axes.set_title(say("Begin, look once, then decide"), fontsize=11)
