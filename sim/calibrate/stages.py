"""Dates at which deals entered stages: the share that passes each, and how long a won deal takes."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.calibrate.columns import Column
from sim.calibrate.days import Order
from sim.calibrate.errors import ExportError
from sim.calibrate.estimates import RESAMPLES, SEED, Estimate, Findings, parts, share
from sim.calibrate.exports import Export, read_export, too_few, without_duplicates
from sim.calibrate.incidence import LOST, OPEN, PASSED, incidence
from sim.experiment.statistics import edges
from sim.model.calendar import DAYS_PER_WEEK
from sim.remarks import Remark, remark, remark_many
from sim.scenario import Scenario

Values = npt.NDArray[np.float64]

DEAL = Column("deal", "key", ("deal id", "opportunity id", "record id", "lead", "lead id", "id"), needed=False, filled=True)
WON_ON = Column("won_on", "day", ("won date", "closed won date", "date entered closed won", "close date won"))
LOST_ON = Column("lost_on", "day", ("lost date", "closed lost date", "date entered closed lost", "close date lost"))
FEWEST = 20  # deals that entered a stage
NINE_IN_TEN = 0.9
MOST = 0.9  # of deals must have left a stage, or what the others do decides


def default_stages() -> list[str]:
    """Return the stages of the default scenario."""
    return list(Scenario(name="defaults").sales.stages)


def column_of(stage: str) -> str:
    """Return the column for the day on which a stage was entered."""
    return f"{stage}_on"


def columns_of(stages: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns wanted for some stages, in their order."""
    entered = [
        Column(column_of(name), "day", (f"date entered {said}", f"{said} date", f"entered {said}", said))
        for name, said in ((name, name.replace("_", " ")) for name in stages)
    ]
    return (DEAL, *entered, WON_ON, LOST_ON)


def read_stages(
    path: Path,
    as_of: dt.date,
    stages: Sequence[str],
    *,
    columns: Mapping[str, str] | None = None,
    day_order: Order | None = None,
) -> Findings:
    """Estimate the shares that pass each stage, and the cycle of won deals, from an export with one row per deal.

    A deal in a stage may still pass or be lost: competing risks (Aalen and Johansen 1978), with intervals by the
    bootstrap. What happened after `as_of` is taken as not known yet.

    Raises
    ------
    ExportError
        If the file cannot be read, or too few deals entered any stage.
    """
    _check_names(stages)
    export = read_export(path, columns_of(stages), columns, day_order)
    names = [column_of(name) for name in stages]
    every = [*names, WON_ON.name, LOST_ON.name]
    if DEAL.name in export.found:
        export = without_duplicates(export, DEAL.name, dict.fromkeys(every, "min"))
    export = _known_by(export, every, pd.Timestamp(as_of))
    export = _consistent(export, names)
    if export.frame.empty:
        raise too_few(export, "no deal is left that entered a stage", f"give at least {FEWEST}")
    export, frame = _with_skipped(export, names)
    frame = frame.assign(until=pd.Timestamp(as_of))
    estimates = [
        _passed(f"sales.stages.{stage}.pass_share", frame, name, following, path, stage)
        for stage, name, following in zip(stages, names, (*names[1:], WON_ON.name), strict=True)
    ]
    unsettled = list(_unsettled(frame, names))
    remarks = [remark("These shares include the effect of any social media the company had then. The scenario's exclude it.")]
    if unsettled:
        remarks.append(
            remark(
                "Too few deals have left {stages} for a reliable share. It is too high if lost deals are closed later than"
                " others move on.",
                stages=unsettled,
            )
        )
    return Findings("stages", export, [*estimates, *_parts(frame, stages), *_cycle(frame, names[0])], remarks)


def _unsettled(frame: pd.DataFrame, names: Sequence[str]) -> Iterator[Remark]:
    """Yield the stages that fewer than most deals will leave in the observed time, with the share that will."""
    for name, following in zip(names, (*names[1:], WON_ON.name), strict=True):
        left = float(math.fsum(one[-1] for one in incidence(_cells(frame, name, following))))
        if left < MOST:
            yield remark("{stage} ({percent}%)", stage=name.removesuffix("_on"), percent=round(100 * left))


def _check_names(stages: Sequence[str]) -> None:
    taken = {WON_ON.name, LOST_ON.name}
    wrong = [name for name in stages if not name or column_of(name) in taken or stages.count(name) > 1]
    if wrong:
        raise ExportError(
            f"--stages {','.join(stages)}: {wrong[0]!r} is not a stage of its own",
            remedy="name each stage once; won and lost are none",
        )


def _known_by(export: Export, names: Sequence[str], as_of: pd.Timestamp) -> Export:
    after = export.frame[names] > as_of
    if not after.to_numpy().any():
        return export
    frame = export.frame.assign(**{name: export.frame[name].mask(after[name]) for name in names})
    note = remark_many(
        "{count} date after {day} is taken as not known yet",
        "{count} dates after {day} are taken as not known yet",
        int(after.to_numpy().sum()),
        day=as_of.date(),
    )
    return replace(export, frame=frame).noting(note)


def _consistent(export: Export, names: Sequence[str]) -> Export:
    """Leave out deals that contradict themselves."""
    export = export.without(export.frame[names].isna().all(axis=1), remark("in no stage yet"))
    export = export.without(export.frame[[WON_ON.name, LOST_ON.name]].notna().all(axis=1), remark("won and lost"))
    days = export.frame[[*names, WON_ON.name]].astype("int64").where(export.frame[[*names, WON_ON.name]].notna())
    ahead = days.ffill(axis=1).cummax(axis=1).gt(days).any(axis=1)
    lost_early = export.frame[names].max(axis=1) > export.frame[LOST_ON.name]
    reason = remark("a later stage entered before an earlier one, or after the loss")
    return export.without(ahead | lost_early, reason)


def _with_skipped(export: Export, names: Sequence[str]) -> tuple[Export, pd.DataFrame]:
    """Fill in stages that a deal passed without a date: they are entered when the next one is."""
    every = [*names, WON_ON.name]
    filled = export.frame[every].bfill(axis=1)
    first = export.frame[every].notna().to_numpy().argmax(axis=1)
    begun = np.arange(len(every)) >= first[:, None]
    filled = filled.where(begun)
    skipped = int((filled[names].notna() & export.frame[names].isna()).to_numpy().sum())
    if skipped:
        note = remark_many(
            "{count} stage without a day, in a deal that continued, is taken as entered together with the next",
            "{count} stages without a day, in deals that continued, are taken as entered together with the next",
            skipped,
        )
        export = export.noting(note)
    return export, filled.assign(**{LOST_ON.name: export.frame[LOST_ON.name]})


def _cells(frame: pd.DataFrame, entered: str, following: str) -> npt.NDArray[np.int64]:
    """Count deals by what followed an entry and after how many days: shape (3, days)."""
    rows = frame[frame[entered].notna()]
    passed, lost = rows[following].notna(), rows[LOST_ON.name].notna() & rows[following].isna()
    event = np.where(passed, PASSED, np.where(lost, LOST, OPEN))
    ended = rows[following].where(passed, rows[LOST_ON.name].where(lost, rows["until"]))
    days = (ended - rows[entered]).dt.days.to_numpy()
    found = np.zeros((3, int(days.max(initial=0)) + 1), dtype=np.int64)
    np.add.at(found, (event, days), 1)
    return found


def _resampled(cells: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    count = int(cells.sum())
    drawn = np.random.default_rng(SEED).multinomial(count, (cells / count).ravel(), RESAMPLES)
    return np.asarray(drawn.reshape(RESAMPLES, *cells.shape))


def _final(cells: npt.NDArray[np.int64]) -> Values:
    """Return the share that passes in the end, among those whose end was seen; nan where none was."""
    passed, lost = (one[..., -1] for one in incidence(cells))
    ended = passed + lost
    return np.asarray(np.divide(passed, ended, out=np.full(np.shape(ended), np.nan), where=ended > 0.0))


def _passed(path: str, frame: pd.DataFrame, entered: str, following: str, file: Path, stage: str) -> Estimate:
    """Estimate the share that passes; its interval is Jeffreys' with as many deals as make the bootstrap's variance."""
    cells = _cells(frame, entered, following)
    count, resolved = int(cells.sum()), int(cells[PASSED:].sum())
    if count < FEWEST or resolved < FEWEST // 2:
        raise ExportError(
            f"{count} deals entered {stage}, {resolved} continued or were lost: too few to learn from", file=str(file),
            remedy=f"give at least {FEWEST} that entered and {FEWEST // 2} that left, or leave the stage out with --stages",
        )  # fmt: skip
    found = float(_final(cells))
    variance = float(np.nanvar(_final(_resampled(cells))))
    effective = min(float(resolved), found * (1.0 - found) / variance) if variance > 0.0 else float(resolved)
    return share(
        path, found * effective, effective, remark("{deals} deals, {open} still there", deals=count, open=count - resolved)
    )


def _cycle(frame: pd.DataFrame, first: str) -> list[Estimate]:
    """Estimate the median and spread of the time from the first stage to a win, for deals that are won."""
    cells = _cells(frame, first, WON_ON.name)
    won = int(cells[PASSED].sum())
    if won < FEWEST // 2:
        return []
    medians, spreads = _times(_resampled(cells))
    (median,), (spread,) = _times(cells[None])
    weeks = medians / DAYS_PER_WEEK
    of = remark("{deals} won deals", deals=won)
    low, high = np.nanquantile(weeks, edges())
    narrow, wide = np.nanquantile(spreads, edges())
    return [
        Estimate("sales.cycle_weeks.median", median / DAYS_PER_WEEK, float(low), float(high), "weeks", of),
        Estimate("sales.cycle_weeks.sigma", spread, float(narrow), float(wide), "", of),
    ]


def _parts(frame: pd.DataFrame, stages: Sequence[str]) -> list[Estimate]:
    """Estimate the share of the cycle spent in each stage, from the won deals that went through all of them."""
    rows = frame[[*map(column_of, stages), WON_ON.name]].dropna()
    if len(rows) < FEWEST // 2:
        return []
    days = np.diff(rows.astype("int64").to_numpy(), axis=1).astype(float)
    paths = [f"sales.stages.{stage}.share_of_cycle" for stage in stages]
    return parts(paths, days, remark("{deals} won deals", deals=len(rows)))


def _times(cells: npt.NDArray[np.int64]) -> tuple[Values, Values]:
    """Return median days to a win, and the spread that fits the time within which 90 % win; shape (samples,) each."""
    passed, _ = incidence(cells)
    part = passed / np.maximum(passed[:, -1:], 1e-12)
    median, most = (np.maximum((part >= share - 1e-12).argmax(axis=1), 1).astype(float) for share in (0.5, NINE_IN_TEN))
    return median, np.log(most / median) / NormalDist().inv_cdf(NINE_IN_TEN)
