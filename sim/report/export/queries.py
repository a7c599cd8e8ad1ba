"""SQL over result folders, through DuckDB: their tables as views, of one folder or of many at once."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.analysis import parameters
from sim.experiment.columns import TABLES
from sim.experiment.combined import folder_name
from sim.experiment.errors import ResultsError
from sim.experiment.results import Results
from sim.remarks import remark
from sim.report.export.formats import DICTIONARY, LONG, OUTCOMES, POINTS, dictionary, imported, long_form, quoted, text

TAKEN = {"main", "information_schema", "pg_catalog"}  # names of schemas that DuckDB has itself


def answer(query: str, results: Sequence[Results]) -> pd.DataFrame:
    """Answer one query over the tables of some results.

    Views are named after the tables. `outcomes` also holds the label and the parameters of each point, by their paths, and
    `points` a row per point with these; `outcomes_long` is a row per world and outcome; `dictionary` says what columns hold.
    Those of each folder are in a schema with the folder's name. Of several folders, the plain names hold all of them, with
    the name of the folder in the column `folder`.

    Raises
    ------
    ResultsError
        If DuckDB is not installed, results are not finished or damaged, two folders have one name, or the query is not one that
        reads.
    """
    duckdb = imported("sim results query")
    schemas = _schemas(results)
    read = _read_by(query)
    for one in results:
        for table in read:
            one.verified(table)
    with duckdb.connect() as base:
        base.execute("SET autoinstall_known_extensions = false")
        try:
            statements = base.extract_statements(query)
        except duckdb.Error as error:
            raise _refused(error) from None
        if len(statements) != 1 or statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
            raise ResultsError(remark("the query must be one SELECT: results are read, never changed"))
        for schema, one in schemas.items():
            _make_views(base, schema, one, results, read)
        for name in (*read, LONG, POINTS, DICTIONARY):
            base.execute(f"CREATE VIEW main.{name} AS {_all_of(name, list(schemas))}")
        try:
            found: pd.DataFrame = base.execute(query).df()
        except duckdb.Error as error:
            raise _refused(error) from None
    return found


def _refused(error: Exception) -> ResultsError:
    """Explain in one line what DuckDB has against a query."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    near = next((line for line in lines[1:] if line.startswith(("Did you mean", "Candidate bindings"))), "")
    remedy = f"; {near}" if near else "; views are " + ", ".join((OUTCOMES, POINTS, LONG, "deals", "...", DICTIONARY))
    return ResultsError(remark("the query cannot be answered: {lines}{remedy}", lines=lines[0], remedy=remedy))


def _schemas(results: Sequence[Results]) -> dict[str, Results]:
    names = [folder_name(one) for one in results]
    if len({name.lower() for name in names}) < len(names):
        raise ResultsError(remark("a query over several results needs folders of different names, each given once"))
    return {f"{name}_" if name.lower() in TAKEN else name: one for name, one in zip(names, results, strict=True)}


def _read_by(query: str) -> list[str]:
    """Return the tables that a query may read: those that it names, and outcomes; all, if it names none."""
    words = set(re.findall(r"\w+", query.lower()))
    named = words & {*TABLES, LONG, POINTS, DICTIONARY}
    return [name for name in TABLES if name == OUTCOMES or name in named or not named]


def _make_views(base: Any, schema: str, results: Results, beside: Sequence[Results], read: Sequence[str]) -> None:
    """Create the views of one folder, in a schema of its own: of the tables that are read, and of those made of them."""
    here = quoted(schema)
    base.execute(f"CREATE SCHEMA {here}")
    for name, frame in ((POINTS, parameters.table(results, beside)), (DICTIONARY, dictionary(results))):
        base.register("given", frame)
        base.execute(f"CREATE TABLE {here}.{name} AS SELECT * FROM given")
        base.unregister("given")
    for name in read:
        rows = f"read_parquet({text(str(results.folder / f'{name}.parquet'))})"
        if name == OUTCOMES:
            rows = f"{here}.{POINTS} AS points JOIN {rows} AS worlds USING (point)"
        columns = "points.* EXCLUDE (point), worlds.*" if name == OUTCOMES else "*"
        base.execute(f"CREATE VIEW {here}.{name} AS SELECT {columns} FROM {rows}")
    base.execute(f"CREATE VIEW {here}.{LONG} AS {long_form(f'SELECT * FROM {here}.{OUTCOMES}', results.currency)}")


def _all_of(name: str, schemas: Sequence[str]) -> str:
    """Return the query for a table of all folders."""
    if len(schemas) == 1:
        return f"SELECT * FROM {quoted(schemas[0])}.{name}"
    each = (f"SELECT {text(one)} AS folder, * FROM {quoted(one)}.{name}" for one in schemas)
    return " UNION ALL BY NAME ".join(each)
