"""Contracts: the share that is renewed each year."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibrate.columns import Column, ColumnMapping, missing_columns
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError, shown
from sim.calibrate.estimates import Findings, share
from sim.calibrate.exports import Export, read_export, too_few
from sim.calibrate.outcomes import meanings_of, refused, words_of
from sim.remarks import Remark, remark

CONTRACT = Column("contract", "key", ("contract id", "account id", "customer id", "customer", "account", "id"), needed=False)
DUE_ON = Column(
    "due_on",
    "day",
    (
        "renewal date",
        "due date",
        "renewal due",
        "end of term",
        "fecha de renovación",
        "date de renouvellement",
        "verlängerungsdatum",
        "data di rinnovo",
        "data de renovação",
        "verlengingsdatum",
    ),
    needed=False,
)
RENEWED = Column(
    "renewed",
    "text",
    (
        "renewal status",
        "status",
        "outcome",
        "renewal",
        "renewal outcome",
        "estado",
        "statut",
        "stato",
        "resultado",
        "ergebnis",
    ),
    needed=False,
)
STARTED_ON = Column(
    "started_on",
    "day",
    ("start date", "contract start date", "customer since", "began", "vertragsbeginn", "date de début", "fecha de inicio"),
    needed=False,
)
ENDED_ON = Column(
    "ended_on",
    "day",
    ("end date", "contract end date", "churn date", "cancelled on", "gekündigt am", "date de fin", "fecha de fin"),
    needed=False,
)
COLUMNS = (CONTRACT, DUE_ON, RENEWED, STARTED_ON, ENDED_ON)
FEWEST = 10
TOO_MANY = 0.9  # of contracts ended, from which on the day is hardly that of leaving
PATH = "customers.renewal_share"
MOST_UNCLEAR = 0.05  # of renewals whose word is not understood; more may change the share


def read_renewals(
    path: Path, as_of: dt.date, *, mapping: ColumnMapping | None = None, day_order: Order | None = None
) -> Findings:
    """Estimate the share of anniversaries at which contracts were renewed, from either of two exports.

    With a row per renewal (due_on, renewed), or per contract (started_on, ended_on or nothing if it still runs): a contract
    that ended within a year after an anniversary was renewed at that one and not at the next.

    Raises
    ------
    ExportError
        If the file cannot be read, is neither, or holds too few renewals.
    """
    names = mapping or ColumnMapping()
    export = read_export(path, COLUMNS, names.columns, day_order)
    remarks = [remark("This share includes the effect of any social media the company had then. The scenario's excludes it.")]
    if {DUE_ON.name, RENEWED.name} <= set(export.found):
        export, renewed, due = _by_renewal(export, pd.Timestamp(as_of), names.outcomes)
    elif {STARTED_ON.name, ENDED_ON.name} <= set(export.found):
        export, renewed, due = _by_contract(export, pd.Timestamp(as_of))
        remarks += _doubts(export)
    else:
        raise _neither(export)
    if due < FEWEST:
        raise too_few(export, f"{due} renewals were due: too few to learn from", f"give at least {FEWEST}")
    estimate = share(PATH, renewed, due, remark("{renewals} renewals due", renewals=due))
    return Findings("renewals", export, [estimate], remarks)


def _neither(export: Export) -> ExportError:
    """Build the refusal of a file of neither kind: of the kind that it has half of, what is missing; else all of both."""
    by_contract = {STARTED_ON.name, ENDED_ON.name} & set(export.found)
    by_renewal = {DUE_ON.name, RENEWED.name} & set(export.found)
    pairs = ((by_contract, (STARTED_ON, ENDED_ON)), (by_renewal, (DUE_ON, RENEWED)))
    wanted = [one for half, pair in pairs if half for one in pair if one.name not in half] or [
        DUE_ON,
        RENEWED,
        STARTED_ON,
        ENDED_ON,
    ]
    found = [f"{name} is {shown(export.found[name])}" for name in sorted(by_contract | by_renewal)]
    error = missing_columns(export.header, wanted, str(export.path), export.found.values())
    need = f"it takes {DUE_ON.name} and {RENEWED.name}, or {STARTED_ON.name} and {ENDED_ON.name}"
    return ExportError("; ".join([error.fault, *found, need]), file=error.file, remedy=error.remedy)


def _by_renewal(export: Export, as_of: pd.Timestamp, said: Mapping[str, Sequence[str]]) -> tuple[Export, int, int]:
    for name in (DUE_ON.name, RENEWED.name):
        export = export.without(export.frame[name].isna(), remark("no {column}", column=name))
    export = export.without(export.frame[DUE_ON.name] > as_of, remark("due after {day}", day=as_of.date()))
    words = words_of(export, said, RENEWED.name, may_answer=True)
    unclear = words.that_mean("unknown", "closed", "open")
    known = words.rows("won", "lost", "no")
    if unclear and (not known or words.rows("unknown", "closed") > max(1.0, MOST_UNCLEAR * len(export.frame))):
        raise refused(export, words, "some words say neither that a contract was renewed nor that it was not", listed=unclear)
    meaning = meanings_of(export, words, RENEWED.name)
    if unclear:
        reason = remark("neither renewed nor not: {words}", words=words.said(unclear))
        export = export.without(meaning.isin(["unknown", "closed", "open"]), reason)
    return export, words.rows("won"), len(export.frame)


def _by_contract(export: Export, as_of: pd.Timestamp) -> tuple[Export, int, int]:
    export = export.without(export.frame[STARTED_ON.name].isna(), remark("no {column}", column=STARTED_ON.name))
    export = export.without(export.frame[STARTED_ON.name] > as_of, remark("started after {day}", day=as_of.date()))
    export = export.without(export.frame[ENDED_ON.name] < export.frame[STARTED_ON.name], remark("ended before it started"))
    started, ended = export.frame[STARTED_ON.name], export.frame[ENDED_ON.name]
    ended = ended.where(ended <= as_of)
    passed = _anniversaries(started, pd.Series(as_of, index=started.index))
    within = _anniversaries(started, ended)
    has_ended = ended.notna().to_numpy()
    renewed = np.where(has_ended, within, passed)
    due = np.where(has_ended, np.minimum(within + 1, passed), passed)
    renewed = np.minimum(renewed, due)
    return export, int(renewed.sum()), int(due.sum())


def _doubts(export: Export) -> list[Remark]:
    """Return the warnings that apply where the end of a contract may be that of its term."""
    if export.frame[ENDED_ON.name].notna().mean() <= TOO_MANY:
        return []
    return [
        remark(
            "Nearly every contract has a date in column '{column}'. If that is the end of its term, not the day on which the"
            " customer left, this share is far too low: give a file with one row per renewal instead (due_on, renewed).",
            column=export.found[ENDED_ON.name],
        )
    ]


def _anniversaries(started: pd.Series, day: pd.Series) -> np.ndarray:
    """Count anniversaries before a day, not counting one on which the contract ends; 0 where there is no day."""
    years = day.dt.year - started.dt.year
    before = (day.dt.month * 100 + day.dt.day) <= (started.dt.month * 100 + started.dt.day)
    found: np.ndarray = np.maximum(0, (years - before.astype(int)).fillna(0)).to_numpy(dtype=int)
    return found
