"""Question 2: which deals were really caused."""

from textwrap import fill

from matplotlib.figure import Figure

from sim.experiment.results import Results
from sim.report import tables
from sim.report.figures.style import BLUE, GREEN, GREY, INK, RED, drawn, thousands
from sim.report.words import CONFIDENCE_TEXT


def draw(results: Results, point: int) -> Figure:
    """Waterfall from the twin's revenue to the actual, by label."""
    table, count = tables.waterfall(results, point), results.manifest["replications"]

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
            said = f"{sign}{abs(row['revenue']) / 1000:,.0f}k"
            reach = max(top, base) + max(0.0, row["revenue_high"] - row["revenue"])
            axes.annotate(said, (number, reach), (0, 4), textcoords="offset points", ha="center")
            height = top
        axes.set_xticks(range(len(table)), [step.replace(" because", "\nbecause").replace(" at another", "\nat another")
                                            for step in table["step"]])  # fmt: skip
        axes.grid(axis="x", visible=False)
        thousands(axes)
        axes.set_ylabel(f"first-year revenue of deals, {results.currency}")
        gain = values[-1] - values[0]
        does = f"{'adds' if gain >= 0 else 'costs'} {abs(gain) / 1000:,.0f}k of deals"
        axes.set_title(fill(f"At {results.labels[point]}, social media {does}", 72), pad=20)
        axes.text(0, 1.01, f"mean of {count} worlds, netted by account; bars: {CONFIDENCE_TEXT} interval",
                  transform=axes.transAxes, fontsize=8, color="#555555")  # fmt: skip

    return drawn(compose)
