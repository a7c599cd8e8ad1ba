"""Charts of a design or a search as a whole: scatter matrix, parallel coordinates, search history."""

import numpy as np

from sim.analysis.charts.numbers import NET_RETURN, TRIAL
from sim.analysis.charts.parameters import LABEL
from sim.analysis.charts.request import Request
from sim.analysis.frames import Frame
from sim.report.figures.charts import shared, words
from sim.report.figures.charts.marks import Dots, Drawing, Line, Mark, Panel, Scale, Strands
from sim.report.figures.style import BLUE, GREY
from sim.report.text.translation import say, shortest
from sim.report.text.words import percent

SIDE = 1.55  # inches of a panel of a matrix
TOP = 0.1  # of the points that stand out
BINS = 12


def pairs(asked: Request, frame: Frame) -> Drawing:
    """Compose a scatter matrix: parameters and outcomes against each other below the diagonal, and how each is spread on it.

    Dots are shaded by the first outcome.
    """
    first = asked.y[0]
    names = [*asked.x, *(one.name for one in asked.y)]
    scales = [Scale(_broken(words.parameter_label(name))) for name in asked.x]
    scales += [words.outcome_scale(one, asked.results) for one in asked.y]
    shade = shared.numbers(frame, first.name)
    shades = words.shades_of(shade, first, asked.results, may_be_around_zero=False)
    panels = []
    for row, up in enumerate(names):
        for column, across in enumerate(names[: row + 1]):
            x, y = shared.numbers(frame, across), shared.numbers(frame, up)
            mark: Mark = Dots(x, y, shade=shade, said=[str(one) for one in frame[LABEL]], size=14.0)
            vertical = scales[row]
            if row == column:
                known = x[np.isfinite(x)]
                counts, edges = np.histogram(known, bins=BINS)
                mark = Line(
                    np.append(edges[:1], edges), np.append(np.append(0.0, counts), 0.0), GREY, is_step=True, is_filled=True
                )
                vertical = Scale("")
            panels.append(Panel("", scales[column], vertical, (mark,), shades, (row, column)))
    note = shared.notes(
        asked,
        say(
            "A dot per point, its colour {outcome} from {low} (dark) to {high} (bright). On the diagonal: how many points lie"
            " where.",
            outcome=first.name,
            low=words.amount_said(shades.low),
            high=words.amount_said(shades.high),
        ),
        shared.worlds_said(asked),
    )
    side = SIDE * len(names)
    return Drawing(
        tuple(panels),
        note,
        title=say("Parameters and outcomes of {points} points", points=shortest(len(frame))),
        width=max(8.0, side + 1.2),
        height=side,
        is_matrix=True,
    )


def parallel(asked: Request, frame: Frame) -> Drawing:
    """Compose parallel coordinates: a line per point across an axis per parameter and outcome; the best tenth stand out."""
    first = asked.y[0]
    paths = [str(name) for name in frame.columns if "." in str(name)] if asked.is_of_search else list(asked.x)
    names = [*paths, *(one.name for one in asked.y)]
    labels = [words.parameter_label(name) for name in paths] + [
        words.outcome_scale(one, asked.results).label for one in asked.y
    ]
    raw = frame[names].to_numpy(dtype=float)
    raw = raw[np.isfinite(raw).all(axis=1)]
    low, high = raw.min(axis=0), raw.max(axis=0)
    shade = raw[:, len(paths)]
    rank = shade if not asked.lowest else -shade
    chosen = rank >= np.quantile(rank, 1.0 - TOP)
    shades = words.shades_of(shade, first, asked.results, may_be_around_zero=False)
    strands = Strands(
        (raw - low) / np.where(high > low, high - low, 1.0),
        raw,
        tuple(labels),
        tuple((words.amount_said(one), words.amount_said(other)) for one, other in zip(low, high, strict=True)),
        shade,
        chosen,
        len(paths),
    )
    across = Scale(names=tuple(_broken(one) for one in labels))
    title = words.title_of(first, asked.results)
    thick = say(
        "Standing out: the best {share} by {outcome}; some of them are so by luck.", share=percent(TOP), outcome=first.name
    )
    if asked.is_of_search:
        note = say("A line per split that the search tried, its return a mean over the few worlds of the search.") + " " + thick
    else:
        note = shared.notes(asked, say("A line per point."), thick, shared.worlds_said(asked))
    panel = Panel(title, across, Scale(), (strands,), shades)
    return Drawing((panel,), note, width=max(8.0, 1.1 * len(names)), height=3.8)


def _broken(label: str) -> str:
    """Break the path of a parameter at its points, so that names are side by side."""
    return label.replace(".", ".\n").replace(" (", "\n(")


def history(asked: Request, frame: Frame) -> Drawing:
    """Compose the trials of a search in their order, and the best so far."""
    at = shared.numbers(frame, TRIAL)
    money = asked.results.currency
    marks = (
        Dots(at, shared.numbers(frame, NET_RETURN), GREY, say("a split that was tried"), size=16.0),
        Line(at, shared.numbers(frame, "best_so_far"), BLUE, say("best so far"), is_step=True, width=2.0),
    )
    scale = Scale(say("{name} ({unit})", name=say("net return in the search"), unit=money), is_money=True)
    panel = Panel(say("What the search has found"), Scale(say("trial")), scale, marks)
    read = say(
        "Means over the few worlds of the search: the best is in part lucky. What it returns in worlds that the search never"
        " saw is in question 6."
    )
    return Drawing((panel,), read, width=8.0, height=3.4)
