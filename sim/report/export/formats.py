"""All tables of results in another format: CSV files, or one DuckDB file."""

from pathlib import Path

from sim.experiment.columns import TABLES
from sim.experiment.errors import ResultsError
from sim.experiment.results import Results
from sim.report.html.markup import safe_csv

CSV, DUCKDB = "csv", "duckdb"
FORMATS = (CSV, DUCKDB)


def write(results: Results, form: str, target: Path) -> list[Path]:
    """Write every table; the paths written.

    Raises
    ------
    ResultsError
        If results are damaged or not finished, or the target is taken.
    """
    return _csv(results, target) if form == CSV else [_duckdb(results, target)]


def _csv(results: Results, folder: Path) -> list[Path]:
    for name in TABLES:
        results.verified(name)
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        safe_csv(results.table(name), folder / f"{name}.csv")
    return [folder / f"{name}.csv" for name in TABLES]


def _duckdb(results: Results, path: Path) -> Path:
    try:
        import duckdb  # noqa: PLC0415
    except ImportError as error:
        raise ResultsError("--format duckdb needs more: pip install 'sim[sql]'") from error
    if path.exists():
        raise ResultsError(f"{path}: exists already; choose another file")
    for name in TABLES:
        results.table(name, ["point"])  # it is there, sound, and of this version
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with duckdb.connect(str(unfinished)) as base:
        for name, columns in TABLES.items():
            source = base.read_parquet(str(results.verified(name)))
            source.create(name)
            for column in columns:
                said = f"{column.meaning} ({column.unit})" if column.unit else column.meaning
                base.execute(f"COMMENT ON COLUMN {name}.{column.name} IS '{said.replace(chr(39), chr(39) * 2)}'")
    unfinished.replace(path)
    return path
