"""Question 2: which deals were really caused."""

from textwrap import fill

from matplotlib.figure import Figure

from sim.analysis import deals
from sim.experiment.results import Results
from sim.report import names
from sim.report.figures.style import BLUE, GREEN, GREY, INK, NOTE, RED, drawn, in_thousands, thousands
from sim.report.language import decimal, later, say
from sim.report.words import confidence, level

ON_TWO_LINES = {"lost_because": later("lost\nbecause of it"), "won_at_another_need": later("won\nat another need")}
LINE = 23  # characters


def draw(results: Results, point: int) -> Figure:
    """Waterfall from the twin's revenue to the actual, by label."""
    table, count = deals.waterfall(results, point), results.manifest["replications"]

    def compose(figure: Figure) -> None:
        axes = figure.subplots()
        height = 0.0
        values = table["revenue"].tolist()
        last = len(table) - 1
        for number, (_, row) in enumerate(table.iterrows()):
            whole = number in (0, last)
            base = 0.0 if whole else height
            colour = GREY if number == 0 else BLUE if number == last else GREEN if row["revenue"] >= 0 else RED
            axes.bar(number, row["revenue"], bottom=base, color=colour, width=0.6)
            top = base + row["revenue"]
            axes.errorbar(number, top, yerr=[[row["revenue"] - row["revenue_low"]], [row["revenue_high"] - row["revenue"]]],
                          fmt="none", ecolor=INK, capsize=4)  # fmt: skip
            sign = "" if whole or not row["revenue"] else "+" if row["revenue"] > 0 else "-"
            said = f"{sign}{in_thousands(abs(row['revenue']))}"
            reach = max(top, base) + max(0.0, row["revenue_high"] - row["revenue"])
            axes.annotate(said, (number, reach), (0, 4), textcoords="offset points", ha="center")
            height = top
        axes.set_xticks(range(len(table)), [_named(step) for step in table["step"]])
        axes.grid(axis="x", visible=False)
        thousands(axes)
        axes.set_ylabel(say("first-year revenue of deals, {currency}", currency=results.currency))
        gain = values[-1] - values[0]
        axes.set_title(fill(_title(results.labels[point], gain), 72), pad=20)
        axes.text(0, 1.01, say("mean of {worlds} worlds, netted by account; bars: {confidence} interval",
                               worlds=decimal(count), confidence=confidence()),
                  transform=axes.transAxes, fontsize=8, color=NOTE)  # fmt: skip

    return drawn(compose)


def _named(step: str) -> str:
    return say(ON_TWO_LINES[step]) if step in ON_TWO_LINES else fill(say(names.STEPS_OF_REVENUE[step]), LINE)


def _title(label: str, gain: float) -> str:
    if gain >= 0:
        message = later("At {level}, social media adds {amount} of deals")
    else:
        message = later("At {level}, social media costs {amount} of deals")
    return say(message, level=level(label), amount=in_thousands(abs(gain)))
