"""The answer of a tool: a CSV of its own, read with every fault named. The columns are documented in docs/other-tools.md."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.frames import Frame
from sim.experiment.errors import ResultsError

SOCIAL = "organic_social"
NEEDED = ("world", "method", "measure", "channel", "value")
OPTIONAL = ("low", "high", "finds")
ANSWER = (*NEEDED, *OPTIONAL)


def read_answer(path: Path, world: str, measures: Collection[str]) -> Frame:
    """Read what a tool says of a world: a row per method, measure and channel; `low`, `high` and `finds` are nan if not said.

    Raises
    ------
    ResultsError
        With the first fault: its file, line and column.
    """
    if not path.is_file():
        raise ResultsError(f"{path}: the tool ended well, but wrote no such file; it is to write it where {{out}} says")
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    except (ValueError, pd.errors.ParserError) as error:
        raise ResultsError(f"{path}: is not a CSV file with a header ({error})") from None
    missing = [name for name in NEEDED if name not in frame]
    if missing:
        raise ResultsError(f"{path}: has no column {missing[0]}; needed are {', '.join(NEEDED)}")
    if frame.empty:
        raise ResultsError(f"{path}: has no row; give at least the value of {SOCIAL}")
    frame = frame.reindex(columns=list(ANSWER), fill_value="")
    _check_names(path, frame, world, measures)
    for name in ("value", *OPTIONAL):
        frame[name] = _numbers(path, frame[name], needed=name == "value")
    _check_intervals(path, frame)
    twice = frame.duplicated(["method", "measure", "channel"])
    if twice.any():
        raise _fault(path, twice, "channel", "names a channel of a method twice")
    return frame


def _check_names(path: Path, frame: Frame, world: str, measures: Collection[str]) -> None:
    wrong = frame["world"] != world
    if wrong.any():
        said = frame.loc[wrong, "world"].iloc[0]
        raise _fault(path, wrong, "world", f"is {said!r:.40}, but the data are of world {world}")
    unknown = ~frame["measure"].isin(list(measures))
    if unknown.any():
        said = frame.loc[unknown, "measure"].iloc[0]
        raise _fault(path, unknown, "measure", f"is {said!r:.40}; this world has {', '.join(sorted(measures))}")
    for _, mine in frame.groupby(["method", "measure"]):
        if SOCIAL not in set(mine["channel"]):
            raise ResultsError(f"{path}: method {mine['method'].iloc[0]!r:.40} has no row for the channel {SOCIAL}")


def _numbers(path: Path, said: "pd.Series[str]", *, needed: bool) -> "pd.Series[float]":
    found = pd.to_numeric(said.where(said != "", "nan"), errors="coerce")
    wrong = ~np.isfinite(found) & ((said != "") | needed)
    if wrong.any():
        what = said[wrong].iloc[0]
        raise _fault(path, wrong, str(said.name), f"is {what!r:.40}; give a finite number")
    return found


def _check_intervals(path: Path, frame: Frame) -> None:
    half = frame["low"].isna() != frame["high"].isna()
    if half.any():
        raise _fault(path, half, "high", "and low go together; give both or neither")
    crossed = frame["low"] > frame["high"]
    if crossed.any():
        raise _fault(path, crossed, "low", "is above high")
    neither = frame["finds"].notna() & ~frame["finds"].isin([0.0, 1.0])
    if neither.any():
        raise _fault(path, neither, "finds", "is 1 if the tool finds an effect, 0 if it does not, or empty")


def _fault(path: Path, rows: "pd.Series[bool]", column: str, what: str) -> ResultsError:
    return ResultsError(f"{path}: line {int(np.argmax(rows.to_numpy())) + 2}: {column} {what}")
