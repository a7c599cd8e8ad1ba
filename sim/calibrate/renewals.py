"""Contracts: the share that is renewed each year."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibrate.columns import OTHER_NAMES, Column
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError, shown
from sim.calibrate.estimates import Findings, share
from sim.calibrate.exports import Export, read_export
from sim.calibrate.remarks import Remark, remark

CONTRACT = Column("contract", "key", ("contract id", "account id", "customer id", "customer", "account", "id"), needed=False)
DUE_ON = Column("due_on", "day", ("renewal date", "due date", "renewal due", "end of term"), needed=False)
RENEWED = Column("renewed", "text", ("renewal status", "status", "outcome", "renewal"), needed=False)
STARTED_ON = Column("started_on", "day", ("start date", "contract start date", "customer since", "began"), needed=False)
ENDED_ON = Column("ended_on", "day", ("end date", "contract end date", "churn date", "cancelled on"), needed=False)
COLUMNS = (CONTRACT, DUE_ON, RENEWED, STARTED_ON, ENDED_ON)
YES = frozenset({"yes", "true", "1", "y", "renewed", "won", "closed won", "oui", "renouvelé", "ja"})
NO = frozenset({"no", "false", "0", "n", "churned", "lost", "closed lost", "cancelled", "not renewed", "non", "nein"})
FEWEST = 10
TOO_MANY = 0.9  # of contracts ended, from which on the day is hardly that of leaving
PATH = "customers.renewal_share"
MOST_NAMED = 5


def read_renewals(
    path: Path, as_of: dt.date, *, columns: Mapping[str, str] | None = None, day_order: Order | None = None
) -> Findings:
    """Estimate the share of anniversaries at which contracts were renewed, from either of two exports.

    With a row per renewal (due_on, renewed), or per contract (started_on, ended_on or nothing if it still runs): a contract
    that ended within a year after an anniversary was renewed at that one and not at the next.

    Raises
    ------
    ExportError
        If the file cannot be read, is neither, or holds too few renewals.
    """
    export = read_export(path, COLUMNS, columns, day_order)
    remarks = [remark("This share includes the effect of any social media the company had then. The scenario's excludes it.")]
    if {DUE_ON.name, RENEWED.name} <= set(export.found):
        export, renewed, due = _by_renewal(export, pd.Timestamp(as_of))
    elif {STARTED_ON.name, ENDED_ON.name} <= set(export.found):
        export, renewed, due = _by_contract(export, pd.Timestamp(as_of))
        remarks += _doubts(export)
    else:
        raise ExportError(
            f"no columns for {DUE_ON.name} and {RENEWED.name}, nor for {STARTED_ON.name} and {ENDED_ON.name}", file=str(path),
            remedy=OTHER_NAMES,
        )  # fmt: skip
    if due < FEWEST:
        raise ExportError(f"{due} renewals were due: too few to learn from", file=str(path), remedy=f"give at least {FEWEST}")
    estimate = share(PATH, renewed, due, remark("{renewals} renewals due", renewals=due))
    return Findings("renewals", export, [estimate], remarks)


def _by_renewal(export: Export, as_of: pd.Timestamp) -> tuple[Export, int, int]:
    for name in (DUE_ON.name, RENEWED.name):
        export = export.without(export.frame[name].isna(), remark("no {column}", column=name))
    export = export.without(export.frame[DUE_ON.name] > as_of, remark("due after {day}", day=as_of.date()))
    said = export.frame[RENEWED.name].str.casefold()
    unknown = ~said.isin(YES | NO)
    if unknown.any():
        words = [shown(word) for word in said[unknown].unique()[:MOST_NAMED]]
        export = export.without(unknown, remark("neither yes nor no: {words}", words=words))
    renewed = export.frame[RENEWED.name].str.casefold().isin(YES)
    return export, int(renewed.sum()), len(renewed)


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
