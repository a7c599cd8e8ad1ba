"""Tables as Parquet bytes, made by the worker that simulated them: without pandas, which workers need not load.

Arrow loads pandas as soon as it looks at a Python list or a NumPy array, so columns are handed to it as buffers.
"""

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiment.columns import TABLES
from sim.experiment.outcome_columns import Column
from sim.model.record import Columns

Encoded = dict[str, bytes]  # Parquet files by table
WRITTEN_AS = {"compression": "zstd", "write_page_checksum": True}
IN_PARTS = {"compression": "lz4", "use_dictionary": False, "write_statistics": False, "store_schema": False}  # soon rewritten


def schema(name: str) -> pa.Schema:
    """Return names, types, units and meanings of a table's columns."""
    kinds = {"int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "text": pa.string()}
    return pa.schema(
        [pa.field(one.name, kinds[one.kind], metadata={"unit": one.unit, "meaning": one.meaning}) for one in TABLES[name]]
    )


def to_arrow(name: str, columns: Columns) -> pa.Table:
    """Convert a table to the schema's types; undefined values (nan) become null.

    Raises
    ------
    ValueError
        If a column is missing or unknown: the writer and `columns.py` disagree.
    """
    wanted = TABLES[name]
    if set(columns) != {column.name for column in wanted}:
        odd = sorted(set(columns) ^ {column.name for column in wanted})
        raise ValueError(f"table {name}: columns differ from the schema: {', '.join(odd)}")
    return pa.Table.from_arrays([_array(column, columns[column.name]) for column in wanted], schema=schema(name))


def to_parquet(table: pa.Table) -> bytes:
    """Write a table as the bytes of a Parquet file for a part: quick to write, and read once."""
    written = io.BytesIO()
    with pq.ParquetWriter(written, table.schema, **IN_PARTS) as writer:
        writer.write_table(table, row_group_size=max(1, table.num_rows))
    return written.getvalue()


def _array(column: Column, values: list[Any]) -> pa.Array:
    def of(kind: pa.DataType, *buffers: npt.NDArray[Any] | bytes | None) -> pa.Array:
        held = [None if buffer is None else pa.py_buffer(buffer) for buffer in buffers]
        return pa.Array.from_buffers(kind, len(values), held)

    if column.kind == "int":
        return of(pa.int64(), None, np.array(values, dtype=np.int64))
    if column.kind == "bool":
        return of(pa.bool_(), None, _bits(np.array(values, dtype=bool)))
    if column.kind == "text":
        encoded = [value.encode() for value in values]
        ends = np.zeros(len(values) + 1, dtype=np.int32)
        np.cumsum([len(one) for one in encoded], out=ends[1:])
        return of(pa.string(), None, ends, b"".join(encoded))
    numbers = np.array(values, dtype=np.float64)
    undefined = np.isnan(numbers)
    return of(pa.float64(), _bits(~undefined) if undefined.any() else None, numbers)


def _bits(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    return np.packbits(flags, bitorder="little")
