"""Question 6: what split of these hours."""

from collections.abc import Iterable
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis import next_money, splits
from sim.experiment.optimise import AS_IT_IS
from sim.experiment.results import Results
from sim.model.team import PURPOSES
from sim.report.answers import next_money as money_in_words
from sim.report.answers import optimise, plan
from sim.report.figures import timeline
from sim.report.figures.canvas import canvas
from sim.report.figures.style import BLUE, INK, NOTE, ORANGE, PALE, ROW, drawn, gained, in_thousands, name_rows, note, turned
from sim.report.questions.base import OPTIMISE, Question
from sim.report.text.cells import Table, frame_of
from sim.report.text.translation import decimal, later, say
from sim.report.text.words import Headline, confidence, in_words, is_trial, money, number, percent, point_name
from sim.scenario.schema import ACTIVITIES

MOST_BARS = 4  # the three best, and the split as it is
THICK, THIN, BELOW = 0.5, 0.12, 0.34  # heights of bars of worked and asked hours, and how far below these lie
APART = 0.12  # of the distance of rows, that hours and ads lie from its middle
LABELLED, LABELLED_ON_PHONES = 0.045, 0.1  # the least share of hours that has room for its number


def tables(results: Results, point: int) -> list[Table]:  # noqa: ARG001  # as all are called
    """Build the tables of question 6."""
    found = []
    if splits.has_splits(results):
        table = splits.table(results)
        caption = " ".join(optimise.sentences(results, table, None))
        found.append(Table("", caption, table.drop(columns="point"), frame_of(optimise.rows(results, table))))
        shares = table[["split", *(f"{name}_share_asked" for name in ACTIVITIES)]]
        found.append(Table("asked", say(plan.LEGEND), shares, frame_of(optimise.asked_rows(results, table))))
        best, name = optimise.best_plan(results, table), point_name(results, int(table["point"].iloc[0]))
        caption = say("The plan of a mean week for {split}, by person and activity.", split=name)
        found.append(Table("plan", caption, best, frame_of(plan.rows(best))))
    if splits.has_moves(results):
        table = splits.moves(results)
        caption = say(
            "What it gains to ask for one hour per week less of one activity and more of another, the rest unchanged; interval"
            " {confidence}, paired by world, gains most and least; all moves are in the CSV.",
            confidence=confidence(),
        )
        found.append(Table("moves", caption, table, frame_of(optimise.move_rows(table))))
    if next_money.has_steps(results):
        table = next_money.table(results)
        said = " ".join(money_in_words.sentences(results, table))
        shown = frame_of(money_in_words.rows(results, table))
        found.append(Table("next_money", f"{money_in_words.heading(results)} {said}", table, shown))
    return found


def draw(results: Results, point: int) -> Figure:  # noqa: ARG001  # as all are called
    """Draw hours worked under the best splits, and what moving an hour asked for gains; else what further money gains."""
    has_splits, has_moves = splits.has_splits(results), splits.has_moves(results)
    if not (has_splits or has_moves):
        return _next_money(results)

    givers = splits.moves(results)["giver"].nunique() if has_moves else 0

    def panels(figure: Figure) -> None:
        if has_splits and has_moves:
            above, below = figure.subplots(2, 1, height_ratios=(3.0, ROW * givers) if canvas().is_narrow else (1.0, 1.9))
            _bars(above, results)
            _moves(figure, below, results)
        elif has_splits:
            _bars(figure.subplots(), results)
        else:
            _moves(figure, figure.subplots(), results)

    return drawn(panels, width=9.0, height=3.8 * has_splits + 5.6 * has_moves,
                 plots=3.0 * has_splits + (ROW * givers if has_moves else 0.0))  # fmt: skip


def _bars(axes: Axes, results: Results) -> None:
    table = splits.table(results)
    best, usual = table.head(MOST_BARS - 1), table[table["split"] == AS_IT_IS]
    rows = pd.concat([best, usual]).drop_duplicates("split").iloc[::-1].reset_index(drop=True)
    places, purposes = rows.index.to_numpy(dtype=float), _shown(rows)
    left = np.zeros(len(rows))
    for name in purposes:
        hours = rows[f"{name}_hours"].to_numpy(dtype=float)
        axes.barh(places, hours, left=left, height=THICK, color=timeline.COLOURS[name], edgecolor="white", lw=0.6)
        left += hours
    asked = np.zeros(len(rows))
    for name in ACTIVITIES:
        hours = rows[f"{name}_share_asked"].to_numpy(dtype=float) * left
        axes.barh(places - BELOW, hours, left=asked, height=THIN, color=timeline.COLOURS[name], edgecolor="white", lw=0.4)
        asked += hours
    _labels(axes, rows, purposes)
    name_rows(axes, list(rows.index), [point_name(results, one) for one in rows["point"]], half=THICK / 2)
    axes.set_xlim(0, 1.34 * left.max())
    axes.set_xticks([tick for tick in MaxNLocator(6).tick_values(0, left.max()) if 0 <= tick <= left.max()])
    axes.set_xlabel(say("hours of a mean week; thick bar: worked, thin bar: share asked for"))
    axes.grid(visible=False, axis="y")
    for place, row in rows.iterrows():
        said = say("{net_return}\nbest: {chance}", net_return=money(row["net_return"]), chance=percent(row["chance_of_best"]))
        axes.text(1.01 * left.max(), float(str(place)), said, va="center", fontsize=9, color=INK)
    title = _title(results, table)
    axes.set_title(fill(say("A trial: {title}", title=title) if is_trial(results) else title, 78), fontsize=11)
    note(axes, _reading(results.currency, table))


def _shown(rows: pd.DataFrame) -> list[str]:
    """Return the activities, and what else took time."""
    return [name for name in PURPOSES if name in ACTIVITIES or rows[f"{name}_hours"].max() > 0.0]


def _labels(axes: Axes, rows: pd.DataFrame, purposes: list[str]) -> None:
    """Label hours worked where there is room, and add a legend of activities."""
    whole = float(rows["hours_per_week"].max())
    for place, row in rows.iterrows():
        begun = 0.0
        for name in purposes:
            hours = float(row[f"{name}_hours"])
            if hours > (LABELLED_ON_PHONES if canvas().is_narrow else LABELLED) * whole:
                dark = timeline.COLOURS[name] in timeline.ON_DARK
                axes.text(begun + hours / 2, float(str(place)), number(hours), ha="center", va="center", fontsize=8,
                          color="white" if dark else INK)  # fmt: skip
            begun += hours
    handles = [Patch(color=timeline.COLOURS[name], label=in_words(name)) for name in purposes]
    axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.42, -0.2), ncols=5, frameon=False, fontsize=8)


def _title(results: Results, table: pd.DataFrame) -> str:
    best = table.iloc[0]
    if best["split"] == AS_IT_IS:
        return say("No split that was tried returns more than the one there is")
    gain = money(best["gain"], results.currency)
    return say("The best split found returns {gain} more than the one there is", gain=gain)


def _reading(currency: str, table: pd.DataFrame) -> str:
    best = table.iloc[0]
    if best["split"] == AS_IT_IS:
        return say("at the right: net return in {currency}, chance of being the best of these", currency=currency)
    return say(
        "at the right: net return in {currency}, chance of being the best of these; {confidence} interval of the gain {low} to"
        " {high}",
        currency=currency, confidence=confidence(), low=money(best["gain_low"]), high=money(best["gain_high"]),
    )  # fmt: skip


def _moves(figure: Figure, axes: Axes, results: Results) -> None:
    table = splits.moves(results)
    givers = [name for name in ACTIVITIES if name in set(table["giver"])]
    shape = (len(givers), len(ACTIVITIES))
    gains, told = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    for _, row in table.iterrows():
        cell = givers.index(row["giver"]), ACTIVITIES.index(row["taker"])
        gains[cell], told[cell] = row["gain"], row["is_told"]
    most = float(np.nanmax(np.abs(gains))) or 1.0
    axes.set_facecolor(PALE)
    image = axes.imshow(np.where(told, gains, np.nan), cmap="PuOr_r", vmin=-most, vmax=most, aspect="auto")
    for at, to in np.argwhere(~np.isnan(gains)).tolist():
        gain, is_told = gains[at, to], told[at, to]
        colour = ("white" if abs(gain) > 0.6 * most else INK) if is_told else NOTE
        said = gained(gain, 1)
        axes.text(to, at, said, ha="center", va="center", fontsize=8, color=colour, rotation=turned(len(ACTIVITIES)))
    axes.set_xticks(range(len(ACTIVITIES)), [in_words(name) for name in ACTIVITIES], rotation=30, ha="right")
    axes.set_yticks(range(len(givers)), [in_words(name) for name in givers])
    axes.set_xlabel(say("share asked for moved to"))
    axes.set_ylabel(say("share asked for moved from (one hour per week)"))
    axes.grid(visible=False)
    of_colours = say("gain, {currency}", currency=results.currency)
    if not canvas().is_narrow:
        scale = FuncFormatter(lambda value, _: in_thousands(value))
        figure.colorbar(image, ax=axes, label=of_colours, format=scale)
    axes.set_title(fill(_title_of_moves(results, table), 60), fontsize=11)
    note(axes, say("grey where it cannot be told from zero ({confidence} interval, paired by world)",
                   confidence=confidence()))  # fmt: skip
    if canvas().is_narrow:
        note(axes, of_colours)


def _title_of_moves(results: Results, table: pd.DataFrame) -> str:
    best = table.sort_values("gain").iloc[-1]
    if not best["is_told"] or best["gain"] <= 0:
        return say("No move of a single hour asked for can be told to gain anything")
    return say(
        "The best move of an hour asked for, from {giver} to {taker}, gains {gain}",
        giver=in_words(best["giver"]), taker=in_words(best["taker"]), gain=money(best["gain"], results.currency),
    )  # fmt: skip


def _next_money(results: Results) -> Figure:
    """Draw what further money gains on hours and on ads, a row per sum."""
    table = next_money.table(results)

    def compose(figure: Figure) -> None:
        axes = figure.subplots()
        places = table.index.to_numpy(dtype=float)
        for shift, name, colour, label in ((-APART, "hours", BLUE, say("hours")), (APART, "ads", ORANGE, say("ads"))):
            middle, low, high = (table[f"gain_by_{name}{end}"].to_numpy(dtype=float) for end in ("", "_low", "_high"))
            axes.plot(middle, places + shift, "o", color=colour, label=label)
            axes.hlines(places + shift, low, high, color=colour, lw=2.0)
        names = [
            say("{level}, {budget} more per week", level=point_name(results, row["point"]),
                budget=money(row["ads_per_week"], results.currency))
            for _, row in table.iterrows()
        ]  # fmt: skip
        name_rows(axes, list(places), names, from_top=True, half=2 * APART)
        axes.axvline(0.0, color=INK, lw=0.8)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: decimal(value)))
        amount = money(next_money.SUM, results.currency)
        axes.set_xlabel(say("net return gained for each further {amount} spent, beyond it", amount=amount))
        axes.set_title(fill(money_in_words.heading(results), 60), fontsize=11)
        note(axes, say("lines: {confidence} interval of the mean, by the luck of the draw", confidence=confidence()))

    return drawn(compose, height=2.0 + 0.5 * len(table), plots=ROW * (len(table) + 2))


def _headline(results: Results) -> Headline:
    table = splits.table(results)
    sentences = tuple(optimise.sentences(results, table, None))
    return Headline(sentences, int(table["point"].iloc[0]), bool(table["net_return_high"].iloc[0] < 0.0))


def _has_any(results: Results) -> bool:
    return splits.has_splits(results) or splits.has_moves(results) or next_money.has_steps(results)


def _notes(results: Results, point: int) -> Iterable[str]:  # noqa: ARG001  # as all are called
    if not next_money.has_steps(results):
        yield say(money_in_words.HOW)


QUESTION = Question(
    number=6,
    name="split",
    asked=later("At these hours, what split?"),
    reading=later(
        "A search tried many splits on few worlds; the best of them and today's split then met on worlds"
        " that the search never saw, so that none is here for its luck. Thick bars and the table are hours that people"
        " worked, with switching and idle time. Thin bars are the shares asked for, which are weights: an activity with"
        " nothing to do leaves its time to the others. The chance of being best is among"
        " those shown, given these worlds. A move of one hour asked for is grey where it cannot be told from zero."
        " Activities are links of a chain: hours for one are worth little where another holds everything up."
    ),
    tables=tables,
    draw=draw,
    command=OPTIMISE,
    can_answer=_has_any,
    is_asked_first=splits.has_splits,
    headline=_headline,
    lacks="no splits were compared in {folder}, nor hours with ads; see sim optimise, and sim sweep with sponsoring.per_week",
    besides=money_in_words.HOW,
    notes=_notes,
)
