"""Question 10: whether it keeps the customers."""

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis import points
from sim.analysis.frames import by_point, ratio, sample, spread
from sim.experiment.results import Results
from sim.experiment.statistics import mean
from sim.report.figures.style import BLUE, GREEN, INK, ORANGE, drawn, note
from sim.report.language import say
from sim.report.words import HOURS_A_WEEK, confidence, level, number, percent

COLUMNS = {
    "net_renewals": "net_renewals_expected",
    "median": "service_reply_hours_median",
    "p90": "service_reply_hours_p90",
}


def draw(results: Results, point: int) -> Figure:
    """Contracts kept, and how long customers wait for an answer, against the levels that a point is one of."""
    numbers = points.line_of(results, point)
    frames = by_point(results)
    table = pd.DataFrame([_estimates(frames[one]) for one in numbers])
    labels = [results.labels[one] for one in numbers]
    short = [label.removesuffix(HOURS_A_WEEK) for label in labels]
    hours = np.array([points.hours_of(results, one) for one in numbers])
    rises = bool(np.all(np.isfinite(hours)) and np.all(np.diff(hours) > 0))
    at = hours if rises else np.arange(len(numbers), dtype=float)

    def compose(figure: Figure) -> None:
        replies, kept = figure.subplots(1, 2)
        _band(replies, at, table, "p90", ORANGE, say("nine in ten\nwithin"), "#8A6000")
        _band(replies, at, table, "median", BLUE, say("half within"), BLUE)
        replies.set_ylabel(say("hours to an answer, of those answered"))
        replies.set_title(fill(_said_of_replies(results, numbers, table), 42), fontsize=10.5)
        _band(kept, at, table, "net_renewals", GREEN, "", GREEN)
        kept.axhline(0, color=INK, lw=0.8)
        kept.set_ylabel(say("contracts renewed that zero hours would lose"))
        kept.set_title(fill(_said_of_renewals(table, labels), 42), fontsize=10.5)
        replies.set_ylim(bottom=0)
        for axes in (replies, kept):
            axes.set_xticks(at, short, rotation=0 if max(map(len, short)) < 6 else 30, ha="center")
            axes.set_xlabel(say("hours a week") if short != labels else "")
            axes.margins(x=0.2 if axes is replies else 0.06)
        note(replies, say("customers' questions and complaints, at {level}", level=level(labels[-1])))
        note(kept, say("over the horizon; bands: {confidence} interval of the mean", confidence=confidence()))

    return drawn(compose, width=9.5, height=4.4)


def _estimates(frame: pd.DataFrame) -> dict[str, float]:
    row: dict[str, float] = {}
    for name, column in COLUMNS.items():
        row |= spread(name, mean(sample(frame, column)))
    return row


def _band(axes: Axes, at: np.ndarray, table: pd.DataFrame, name: str, colour: str, said: str, ink: str) -> None:
    low, high = table[f"{name}_low"].to_numpy(dtype=float), table[f"{name}_high"].to_numpy(dtype=float)
    middle = table[name].to_numpy(dtype=float)
    axes.fill_between(at, low, high, color=colour, alpha=0.2, lw=0)
    axes.plot(at, middle, color=colour, marker="o", ms=4)
    if len(at) == 1 and np.isfinite(low[0]):
        axes.errorbar(at, middle, yerr=[middle - low, high - middle], fmt="none", ecolor=colour, capsize=4)
    known = np.flatnonzero(np.isfinite(middle))
    if said and known.size:
        last = known[-1]
        axes.annotate(said, (at[last], middle[last]), (8, 0), textcoords="offset points", color=ink, va="center", fontsize=9)


def _said_of_replies(results: Results, numbers: list[int], table: pd.DataFrame) -> str:
    known = table["p90"].dropna()
    if known.empty:
        return say("Nobody is answered")
    service = results.table("service")
    shown = service[service["point"] == numbers[int(known.index[-1])]]
    share = percent(ratio(shown["answered"].sum(), shown["messages"].sum()))
    hours = number(known.iloc[-1], 0)
    return say("{share} of customers' messages are answered, nine in ten of these within {hours} h", share=share, hours=hours)


def _said_of_renewals(table: pd.DataFrame, labels: list[str]) -> str:
    best = int(table["net_renewals"].to_numpy().argmax())
    row, at = table.iloc[best], level(labels[best])
    if row["net_renewals_high"] < 0:
        contracts = number(-row["net_renewals"])
        return say("Every level loses customers: {contracts} contracts at {level}", contracts=contracts, level=at)
    if not row["net_renewals_low"] > 0:
        return say("No level is sure to keep more customers")
    return say("{contracts} contracts more are kept at {level}", contracts=number(row["net_renewals"]), level=at)
