"""All tables of results in another format: CSV files, or one DuckDB file.

Outcomes carry the label and the parameters of their point as columns; beside the tables of the results stand `points`, a row
per point with every parameter that sets it apart, and `dictionary`, a row per column of every table.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from sim.analysis import parameters
from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError
from sim.experiment.outcome_columns import KEY
from sim.experiment.results import Results
from sim.remarks import remark
from sim.report.html.markup import FORMULA, safe_csv
from sim.report.text.translation import say

CSV, DUCKDB = "csv", "duckdb"
FORMATS = (CSV, DUCKDB)
OUTCOMES, LONG, POINTS, DICTIONARY = "outcomes", "outcomes_long", "points", "dictionary"


def write(results: Results, form: str, target: Path, *, long: bool = False) -> list[Path]:
    """Write every table; the paths written. `long`: with the outcomes in long form, a row per world and outcome, too.

    Raises
    ------
    ResultsError
        If results are damaged or not finished, or the target is taken.
    """
    return _csv(results, target, long) if form == CSV else [_duckdb(results, target)]


def _csv(results: Results, folder: Path, long: bool) -> list[Path]:
    for name in TABLES:
        results.verified(name)
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        found = parameters.wide(results) if name == OUTCOMES else _sorted(results, name)
        _write_csv(_arrow(found) if isinstance(found, pd.DataFrame) else found, folder / f"{name}.csv")
    if long:
        _write_csv(_arrow(parameters.long(results)), folder / f"{LONG}.csv")
    safe_csv(parameters.table(results), folder / f"{POINTS}.csv")
    safe_csv(dictionary(results), folder / f"{DICTIONARY}.csv")
    names = [*TABLES, *([LONG] if long else []), POINTS, DICTIONARY]
    return [folder / f"{name}.csv" for name in names]


def _sorted(results: Results, name: str) -> pa.Table:
    """Read a table in the order of points and replications, as `Results.table` does, without turning it into a frame."""
    try:
        found = pq.ParquetFile(results.verified(name), page_checksum_verification=True).read()
    except (OSError, ValueError) as error:
        raise ResultsError(
            remark("{folder}.parquet: cannot be read ({name})", folder=results.folder / name, name=type(error).__name__)
        ) from error
    return found.sort_by([("point", "ascending"), ("replication", "ascending")])  # a stable sort


def _arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def _write_csv(table: pa.Table, path: Path) -> None:
    """Write a table as CSV, whatever its size, guarded as `safe_csv` guards: no spreadsheet takes a text for a formula."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = table.column(place)
            risky = pc.match_substring_regex(column, f"^[{FORMULA}]")
            quote, nothing = (pa.scalar(one, field.type) for one in ("'", ""))
            guarded = pc.if_else(risky, pc.binary_join_element_wise(quote, column, nothing), column)
            table = table.set_column(place, field.name, guarded)
        elif pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.string()))
    csv.write_csv(table, path)


def dictionary(results: Results) -> pd.DataFrame:
    """Describe every column of the exported tables, a row each: its table, name, type, unit, title and meaning."""
    rows: list[tuple[str, ...]] = [
        (table, one.name, one.kind, say(one.unit).replace(say("currency"), results.currency), say(one.title), say(one.meaning))
        for table, columns in TABLES.items()
        for one in columns
    ]
    said = say("parameter that sets points apart, by its path in the scenario")
    for table in (OUTCOMES, POINTS):
        rows.append((table, "label", "text", "", "", say("name of the point")))
        rows += [(table, path, "", "", "", said) for path in parameters.paths(results)]
    return pd.DataFrame(rows, columns=["table", "column", "type", "unit", "title", "meaning"])


def _duckdb(results: Results, path: Path) -> Path:
    duckdb = imported("--format duckdb")
    if path.exists():
        raise ResultsError(remark("{path}: exists already; choose another file", path=path))
    for name in TABLES:
        results.table(name, ["point"])  # it is there, sound, and of this version
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect(str(unfinished)) as base:
        for name in TABLES:
            if name != OUTCOMES:
                base.read_parquet(str(results.verified(name))).create(name)
        for name, frame in (
            (OUTCOMES, parameters.wide(results)),
            (POINTS, parameters.table(results)),
            (DICTIONARY, dictionary(results)),
        ):
            base.from_arrow(_arrow(frame)).create(name)
        base.execute(f"CREATE VIEW {LONG} AS {long_form(f'SELECT * FROM {OUTCOMES}', results.currency)}")
        for command in _comments():
            base.execute(command)
    unfinished.replace(path)
    return path


def _comments() -> Iterator[str]:
    """Yield the commands that say what columns hold."""
    for table, columns in TABLES.items():
        for column in columns:
            said = f"{column.title}: {column.meaning}" if column.title else column.meaning
            yield f"COMMENT ON COLUMN {table}.{column.name} IS {text(f'{said} ({column.unit})' if column.unit else said)}"


def long_form(wide: str, currency: str) -> str:
    """Return the query that gives outcomes in long form, from one that gives them in wide form; amounts are in a currency."""
    columns = TABLES[OUTCOMES][len(KEY) :]
    named = ", ".join(one.name for one in columns)
    said = ", ".join(
        f"({text(one.name)}, {text(one.title)}, {text(one.unit.replace('currency', currency))})" for one in columns
    )
    return (
        f"SELECT long.* EXCLUDE (value), said.title, said.unit, long.value"
        f" FROM (FROM ({wide}) UNPIVOT INCLUDE NULLS (value FOR outcome IN ({named}))) AS long"
        f" JOIN (VALUES {said}) AS said (outcome, title, unit) USING (outcome)"
    )


def text(value: str) -> str:
    """Write a text as SQL does."""
    return "'" + value.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """Write a name as SQL does, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def imported(needed_for: str) -> Any:
    """Import DuckDB, an optional extra.

    Raises
    ------
    ResultsError
        If it is not there.
    """
    try:
        import duckdb  # noqa: PLC0415
    except ImportError as error:
        raise ResultsError(remark("{needed_for} needs more: pip install 'sim[sql]'", needed_for=needed_for)) from error
    return duckdb
