"""Leads of a CRM's export: which of them are won, lost or open, since when, and of which source."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.calibrate.columns import Column, ColumnMapping, missing_columns
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError, shown
from sim.calibrate.exports import Export, How, read_export, too_few, without_duplicates
from sim.calibrate.likelihood import Cells
from sim.calibrate.outcomes import YES, Words, meanings_of, outcome_column, refused, words_of
from sim.remarks import Remark, remark, remark_many

CREATED = (
    "first contact date", "create date", "created date", "created at", "created", "created on", "date created", "lead date",
    "created time", "create time", "creation date", "add time", "deal created", "lead created", "opportunity created",
    "fecha de creación", "fecha creación", "date de création", "créé le", "erstellungsdatum", "erstellt am", "erstellt",
    "anlagedatum", "data di creazione", "data creazione", "creato il", "data de criação", "data criação", "criado em",
    "aanmaakdatum", "aangemaakt op", "datum aangemaakt",
)  # fmt: skip
CLOSED = (
    "close date", "closed date", "closing date", "closed on", "date closed", "deal closed on", "lead closed on",
    "actual close date", "closed at", "close time", "closed time", "fecha de cierre", "fecha cierre", "date de clôture",
    "date de fermeture", "clôturé le", "abschlussdatum", "schlussdatum", "geschlossen am", "abgeschlossen am",
    "data di chiusura", "data chiusura", "chiuso il", "data de fechamento", "data de fecho", "fechado em", "sluitingsdatum",
    "afsluitdatum", "gesloten op", "datum gesloten",
)  # fmt: skip
WINS = (
    "won date", "won time", "date won", "closed won date", "conversion date", "became a customer date", "fecha ganado",
    "fecha de ganado", "date gagné", "gagné le", "gewonnen am", "gewonnen op", "vinto il", "data vinto", "ganho em",
    "data de ganho",
)  # fmt: skip
LOSSES = (
    "lost date", "lost time", "date lost", "closed lost date", "date entered closed lost", "fecha perdido", "perdu le",
    "verloren am", "verloren op", "perso il", "perdido em",
)  # fmt: skip
WON_ON, CLOSED_ON, LOST_ON, IS_CLOSED = "won_on", "closed_on", "lost_on", "is_closed"


def columns_of(said: Mapping[str, Sequence[str]] | None = None) -> tuple[Column, ...]:
    """Return the columns wanted; `said` is what the mapping says of the words of outcomes."""
    ids = ("lead id", "record id", "id", "deal id", "opportunity id", "contact id", "mql id", "email")
    sources = (
        "lead source", "original source", "original traffic source", "origin", "channel", "utm source", "origen", "fuente",
        "origine", "quelle", "leadquelle", "fonte", "origem", "bron", "herkunft",
    )  # fmt: skip
    return (
        Column("lead", "key", ids, needed=False, filled=True),
        Column("first_contact_on", "day", CREATED, filled=True),
        Column("source", "text", sources, needed=False),
        Column(WON_ON, "day", WINS, needed=False),
        Column(CLOSED_ON, "day", CLOSED, needed=False),
        Column(LOST_ON, "day", LOSSES, needed=False),
        Column(IS_CLOSED, "text", ("is closed",), needed=False),
        outcome_column(said),
    )


# of rows of one lead; one that is lost and open again is open
JOINED: Mapping[str, How] = {"first_contact_on": "min", WON_ON: "min", LOST_ON: "max", "is_won": "max", "is_lost": "min"}
UNKNOWN = "unknown"  # the source of leads without one
FEWEST_LEADS, FEWEST_WON = 30, 5
TOO_MANY = 0.8  # of leads won, from which on the day is hardly that of a win
MOSTLY = 0.5  # of the rows with a word, from which on a day of closing in the past says that they are closed


@dataclass(frozen=True)
class Dates:
    """The dates of an export: its day, from when leads are asked about, and from when wins are on record at all."""

    as_of: dt.date
    since: dt.date | None = None
    recorded_since: dt.date | None = None


@dataclass(frozen=True)
class Leads:
    """Leads as they can be used: one row per lead, with its group; `is_asked` of those that answers are about.

    `frame` has columns source, first_contact_on, won_on, is_won, is_lost, day and lost_day (nan if not known), since,
    lost_since and until (days of which a win or a loss would be on record), group, is_asked. `labels` name sources by number.
    """

    export: Export
    frame: pd.DataFrame
    labels: tuple[str, ...]
    cells: Cells
    dates: Dates


def read_leads(
    path: Path,
    dates: Dates,
    *,
    mapping: ColumnMapping | None = None,
    day_order: Order | None = None,
    all_won: bool = False,
) -> Leads:
    """Read the leads of an export; what cannot be used is left out, counted and reported.

    With `all_won` every day of closing is that of a win, whatever the file says of outcomes.

    Raises
    ------
    ExportError
        If the file cannot be read, does not say which leads are won, or holds too few to learn from.
    """
    names = mapping or ColumnMapping()
    columns = columns_of(names.outcomes)
    export = read_export(path, columns[:-1] if all_won else columns, names.columns, day_order)
    export = with_outcomes(export, names.outcomes, pd.Timestamp(dates.as_of), all_won=all_won)
    if "lead" in export.found:
        export = without_duplicates(export, "lead", JOINED, order_by="first_contact_on")
        export = replace(export, frame=export.frame.assign(is_lost=export.frame["is_lost"] & ~export.frame["is_won"]))
    export = _usable(export, dates)
    export, frame = _as_known(export, dates)
    frame["source"] = _labels(export.frame["source"], names.sources)
    as_of = pd.Timestamp(dates.as_of)
    frame["day"] = (frame[WON_ON] - frame["first_contact_on"]).dt.days
    frame["lost_day"] = (frame[LOST_ON] - frame["first_contact_on"]).dt.days
    frame["until"] = (as_of - frame["first_contact_on"]).dt.days
    recorded = pd.Timestamp(dates.recorded_since) if dates.recorded_since else frame["first_contact_on"].min()
    frame["since"] = (recorded - frame["first_contact_on"]).dt.days.clip(lower=0)
    # losses from before wins were on record show that losses were
    frame["lost_since"] = 0 if (frame[LOST_ON] < recorded).any() else frame["since"]
    asked = pd.Timestamp(dates.since) if dates.since else frame["first_contact_on"].min()
    frame["is_asked"] = frame["first_contact_on"] >= asked
    _enough(export, frame)
    labels, cells, group = _cells(frame)
    return Leads(export, frame.assign(group=group), labels, cells, dates)


def with_outcomes(export: Export, said: Mapping[str, Sequence[str]], as_of: pd.Timestamp, *, all_won: bool) -> Export:
    """Settle which leads are won and when, and which are lost: CRMs date the close of open and lost leads as well.

    Raises
    ------
    ExportError
        If no column says which leads are won, or its words are not understood.
    """
    frame, has = export.frame, set(export.found)
    if not has & {WON_ON, CLOSED_ON}:
        wanted = Column(WON_ON, "day", (*CLOSED, *WINS))
        raise missing_columns(export.header, [wanted], str(export.path), export.found.values())
    if "outcome" not in has and not all_won:
        return _without_outcomes(export, has)
    closed = frame[CLOSED_ON].fillna(frame[WON_ON])
    won_on, lost_on = frame[WON_ON].fillna(frame[CLOSED_ON]), frame[LOST_ON].fillna(closed)
    if all_won:
        return _settled(export, won_on, frame[LOST_ON], (won_on.notna(), frame[LOST_ON].notna()))
    words = words_of(export, said)
    meaning = meanings_of(export, words)
    if IS_CLOSED in has:  # as Salesforce has beside IsWon
        is_closed = frame[IS_CLOSED].str.casefold().isin(YES)
        meaning = meaning.mask((meaning == "no") & is_closed, "lost").mask((meaning == "no") & ~is_closed, "open")
    _refuse_unclear(export, words, meaning, said, closed <= as_of)
    is_won, is_lost = (meaning == "won").to_numpy(), (meaning == "lost").to_numpy()
    denied = (meaning == "no").to_numpy()
    has_lost_day = frame[LOST_ON].notna().to_numpy() & ~is_won & ~(meaning == "open").to_numpy()  # an open one is open again
    is_lost = is_lost | (denied & (closed <= as_of).to_numpy()) | has_lost_day
    export = export.telling(words.remarks())
    other = closed.notna().to_numpy() & ~is_won & ~is_lost
    if other.any():
        note = remark_many(
            "{count} date is ignored, as column '{column}' says neither won nor lost of its lead",
            "{count} dates are ignored, as column '{column}' says neither won nor lost of their leads",
            int(other.sum()),
            column=export.found["outcome"],
        )
        export = export.noting(note)
    return _settled(export, won_on.where(is_won), lost_on.where(is_lost), (is_won, is_lost))


def _settled(export: Export, won_on: pd.Series, lost_on: pd.Series, which: tuple[Any, Any]) -> Export:
    is_won, is_lost = (np.asarray(one, dtype=np.bool_) for one in which)
    frame = export.frame.drop(columns=[CLOSED_ON, IS_CLOSED, "outcome"], errors="ignore")
    frame = frame.assign(won_on=won_on, lost_on=lost_on, is_won=is_won, is_lost=is_lost & ~is_won)
    return replace(export, frame=frame)


def _without_outcomes(export: Export, has: set[str]) -> Export:
    """Take the days of wins, and of losses, as they are; refuse days of closing, which may be of either."""
    frame, column = export.frame, export.found.get(WON_ON, export.found.get(CLOSED_ON, ""))
    dated = (frame[WON_ON] if WON_ON in has else frame[CLOSED_ON]).notna()
    percent = round(100 * float(dated.mean()))
    if WON_ON not in has:
        raise ExportError(
            f"no column says which leads are won: '{column}' has a day in {percent}% of rows, and may date others too",
            file=str(export.path),
            remedy="name the column that says it (outcome) with --columns mapping.yaml, or give --all-won if every such day is"
            " that of a win",
        )  # fmt: skip
    if dated.mean() > TOO_MANY:
        note = remark(
            "{percent}% of leads have a date in column '{column}'. If it also dates open and lost leads, name the column that"
            " says which are won (outcome): otherwise every date counts as a win.",
            percent=percent,
            column=column,
        )
        export = export.noting(note)
    return _settled(export, frame[WON_ON], frame[LOST_ON], (frame[WON_ON].notna(), frame[LOST_ON].notna()))


def _refuse_unclear(
    export: Export, words: Words, meaning: pd.Series, said: Mapping[str, Sequence[str]], is_past: pd.Series
) -> None:
    """Refuse words that may hide wins or losses: what they mean is asked, not guessed."""
    otherwise = ", or give --all-won if every day of closing is that of a win"
    unclear = words.that_mean("unknown", "closed")
    if not words.that_mean("won") and (unclear or not words.that_mean("lost", "open", "no")):
        raise refused(export, words, "no word in it is known to mean that a lead was won", otherwise)
    if "lost" in said:  # the user has said which are lost, so that all others are open
        return
    if unclear and not words.that_mean("lost", "no"):
        raise refused(export, words, "no word in it is known to mean that a lead was lost")
    for word in unclear:
        rows = (export.frame["outcome"] == word).to_numpy()
        if words.meanings[word] == "closed" or is_past.to_numpy()[rows].mean() > MOSTLY:
            fault = f"{shown(word)} may mean won, lost or open, and its leads look closed"
            raise refused(export, words, fault, listed=unclear)
    denied = (meaning == "no").to_numpy()
    if denied.any() and not words.that_mean("lost") and is_past.to_numpy()[denied].all():
        every = words.that_mean("no")
        raise ExportError(
            f"{words.said(every)} says that a lead is not won, and all of these have a day of closing: they may be open",
            file=str(export.path), column=words.column,
            remedy=f"say which with --columns mapping.yaml and the line `{words.line(every)}` in it if they are lost,"
            f" or `outcomes: {{open: [\"{every[0]}\"], lost: []}}` if they are open",
        )  # fmt: skip


def _usable(export: Export, dates: Dates) -> Export:
    """Leave out leads that contradict themselves or the given dates."""
    first, won = export.frame["first_contact_on"], export.frame[WON_ON]
    export = export.without(won < first, remark("won before first contact"))
    is_later = export.frame["first_contact_on"] > pd.Timestamp(dates.as_of)
    export = export.without(is_later, remark("first contact after {day}", day=dates.as_of))
    if dates.recorded_since is not None:
        won = export.frame[WON_ON]
        before = remark("won before {day}, when wins were not on record", day=dates.recorded_since)
        export = export.without(won < pd.Timestamp(dates.recorded_since), before)
    elif dates.since is not None:
        early = export.frame["first_contact_on"] < pd.Timestamp(dates.since)
        export = export.without(early, remark("first contact before {day}", day=dates.since))
    return export


def _as_known(export: Export, dates: Dates) -> tuple[Export, pd.DataFrame]:
    """Take what came after the day of the export as open, as it was then, and a loss before first contact as of unknown day."""
    frame = export.frame[["first_contact_on", WON_ON, LOST_ON, "is_won", "is_lost"]]
    as_of = pd.Timestamp(dates.as_of)
    for name, which in ((WON_ON, "is_won"), (LOST_ON, "is_lost")):
        after = (frame[name] > as_of).to_numpy() & frame[which].to_numpy()
        if after.any():
            export = export.noting(_later(name, int(after.sum()), dates.as_of))
            frame.loc[after, which] = False
    odd = (frame[LOST_ON] < frame["first_contact_on"]).to_numpy() & frame["is_lost"].to_numpy()
    if odd.any():
        note = remark_many(
            "{count} lead is lost on a day before its first contact; the day is taken as unknown",
            "{count} leads are lost on a day before their first contact; the day is taken as unknown",
            int(odd.sum()),
        )
        export = export.noting(note)
        frame.loc[odd, LOST_ON] = pd.NaT
    frame[WON_ON], frame[LOST_ON] = frame[WON_ON].where(frame["is_won"]), frame[LOST_ON].where(frame["is_lost"])
    undated = int(((frame["is_won"] | frame["is_lost"]) & frame[WON_ON].isna() & frame[LOST_ON].isna()).sum())
    if undated:
        note = remark_many(
            "{count} lead is won or lost on a day that the file does not give: any day up to the export's is reckoned with",
            "{count} leads are won or lost on days that the file does not give: any day up to the export's is reckoned with",
            undated,
        )
        export = export.noting(note)
    return export, frame


def _later(name: str, count: int, as_of: dt.date) -> Remark:
    if name == WON_ON:
        return remark_many(
            "{count} win after {day} is taken as open, as it was then",
            "{count} wins after {day} are taken as open, as they were then",
            count,
            day=as_of,
        )
    return remark_many(
        "{count} loss after {day} is taken as open, as it was then",
        "{count} losses after {day} are taken as open, as they were then",
        count,
        day=as_of,
    )


def _labels(given: pd.Series, sources: Mapping[str, str]) -> pd.Series:
    """Return sources in one spelling: lower case, words joined by _; as mapped, if they are; unknown, if there is none."""
    mapped = {_spelt(label): meant for label, meant in sources.items()}
    categories = given.astype("category")
    names = {label: mapped.get(_spelt(label), _spelt(label)) for label in categories.cat.categories}
    found: pd.Series = categories.map(names).astype(object).fillna(UNKNOWN)
    return found


def _spelt(label: str) -> str:
    return "_".join(str(label).lower().replace("-", " ").replace("_", " ").split()) or UNKNOWN


def _enough(export: Export, frame: pd.DataFrame) -> None:
    asked = frame.loc[frame["is_asked"], ["is_won", "day"]]
    won = int(asked["is_won"].sum())
    if int(asked["day"].notna().sum()) < min(won, FEWEST_WON):
        raise too_few(
            export, f"{won} leads are won, and hardly any has a day of the win", "export the day on which each was won"
        )
    if len(asked) < FEWEST_LEADS or won < FEWEST_WON:
        raise too_few(
            export,
            f"{len(asked)} leads, {won} of them won: too few to learn from",
            f"give at least {FEWEST_LEADS} leads and {FEWEST_WON} wins; --since may leave too many out",
        )


def _cells(frame: pd.DataFrame) -> tuple[tuple[str, ...], Cells, pd.Series]:
    """Count leads that are alike."""
    labels, source = _numbered(frame["source"])
    _, month = _numbered(frame["first_contact_on"].dt.to_period("M"))
    group, places = pd.factorize(source * (int(month.max()) + 1) + month, sort=True)
    months = int(month.max()) + 1
    frame = frame.assign(group=group)
    won = _ended(frame[frame["is_won"]], "day", "since")
    lost = _ended(frame[frame["is_lost"]], "lost_day", "lost_since")
    still = waiting(frame)
    return (
        tuple(map(str, labels)),
        Cells(
            source_of=np.asarray(places // months),
            month_of=np.asarray(places % months),
            won_group=won["group"].to_numpy(),
            won_since=won["since"].to_numpy(),
            won_until=won["until"].to_numpy(),
            won_count=won["count"].to_numpy(),
            open_group=still["group"].to_numpy(),
            open_since=still["since"].to_numpy(),
            open_until=still["until"].to_numpy(),
            open_count=still["count"].to_numpy(),
            open_lost_since=still["lost_since"].to_numpy(),
            lost_group=lost["group"].to_numpy(),
            lost_since=lost["since"].to_numpy(),
            lost_until=lost["until"].to_numpy(),
            lost_count=lost["count"].to_numpy(),
        ),
        pd.Series(group, index=frame.index),
    )


def _ended(rows: pd.DataFrame, day: str, since: str) -> pd.DataFrame:
    """Count the leads that ended alike: on one day, or on an unknown one of those on record."""
    days = {"since": rows[day].fillna(rows[since]).astype(np.int64), "until": rows[day].fillna(rows["until"]).astype(np.int64)}
    return rows[["group"]].assign(**days).groupby(["group", "since", "until"]).size().reset_index(name="count")


def waiting(frame: pd.DataFrame) -> pd.DataFrame:
    """Count the leads that are open alike."""
    names = ["group", "since", "lost_since", "until"]
    still = frame.loc[~frame["is_won"] & ~frame["is_lost"], names]
    return still.groupby(names).size().reset_index(name="count")


def _numbered(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    numbers, names = pd.factorize(values, sort=True)
    return np.asarray(names), np.asarray(numbers)
