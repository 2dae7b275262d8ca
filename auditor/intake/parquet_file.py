"""Parquet files: typed columns turned into the texts a sheet would show, a batch of rows at a time.

The header counts as row 1, as if the file had been a sheet: the first record is row 2.

A whole-number column holds the 18 digits of an identity number exactly, so what stands there is read as it stands, and
its check digit speaks. What such a column cannot hold is the X: whoever's number ends in one has no number there, or
another one, and the rules on missing and invalid numbers say so. Digits are lost where a number has been a float: in a
float column, and in a whole-number column most of whose long numbers are ones that a float can hold (of true numbers
one in 16 or fewer are). Such numbers carry the mark NUMBER, which makes them damaged; nothing is repaired.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import pyarrow as pa
from pyarrow import compute, parquet
from pyarrow import types as arrow

from auditor.fault import unauditable
from auditor.intake.readable import Readable, held, on_disk
from auditor.intake.recognise import known_headers
from auditor.intake.sheet import HEAD_ROWS, Aside, Sheet, TextBatch
from auditor.intake.text import NUMBER

_ROWS = 100_000
_SHANGHAI_S = 8 * 3600
_TICKS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_EXACT = {"halffloat": 2**11, "float": 2**24, "double": 10**15}  # whole numbers below are exact, and shown in full
_LONG = 10**17
_YEARS_1_TO_9999 = (-62_135_596_800, 253_402_300_799)
_UNZONED = "(INT96)"


def sheets(path: Readable, label: str) -> list[Sheet]:
    """The one sheet of a Parquet file. Raises Fault when the file is damaged."""
    with _opened(path, label) as file:
        names = [str(name) for name in file.schema_arrow.names]
        first = next(file.iter_batches(HEAD_ROWS - 1), None)
        top = _texts(first, _old_times(file), frozenset()) if first is not None else pl.DataFrame()
    head = [[(cell or "").strip(NUMBER) for cell in row] for row in top.rows()]

    def read(header: int, width: int, asides: list[Aside]) -> Iterator[TextBatch]:
        with _opened(path, label) as file:
            if header < 0:
                yield TextBatch(_row(names), pl.Series([1], dtype=pl.Int64))
            elif header == 0:
                _refuse_odd(file.schema_arrow, label)
            old_times, rounded = _old_times(file), _rounded(file)
            above, number = max(header, 0), 2
            for batch in file.iter_batches(_ROWS):
                passed = min(above, len(batch))
                above, start, number = above - passed, number + passed, number + len(batch)
                if start < number:
                    cells = _texts(batch.slice(passed), old_times, rounded)
                    yield TextBatch(cells, pl.int_range(start, number, dtype=pl.Int64, eager=True))

    return [Sheet(label, "", [names, *head], read)]


@contextmanager
def _opened(path: Readable, label: str) -> Iterator[parquet.ParquetFile]:
    try:
        with parquet.ParquetFile(on_disk(path) or pa.BufferReader(held(path, label))) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise unauditable("broken_parquet", file=label) from error


def _row(cells: list[str]) -> pl.DataFrame:
    return pl.DataFrame({str(place): [cell or None] for place, cell in enumerate(cells)})


def _refuse_odd(schema: pa.Schema, label: str) -> None:
    """A field of ours in a column that is no column of cells ends the audit."""
    for name, kind in zip(schema.names, schema.types, strict=True):
        if known_headers([name]) and _is_odd(kind):
            raise unauditable("nested", file=label, name=name, kind=kind)


def _is_odd(kind: pa.DataType) -> bool:
    return bool(arrow.is_nested(kind) or arrow.is_interval(kind))


def _old_times(file: parquet.ParquetFile) -> frozenset[str]:
    """Columns of INT96 times, of which nobody says whether they are UTC or local."""
    columns = [file.schema.column(place) for place in range(len(file.schema))]
    return frozenset(column.path for column in columns if column.physical_type == "INT96")


def _rounded(file: parquet.ParquetFile) -> frozenset[str]:
    """Whole-number columns whose long numbers have been floats, judged by the distinct ones of the whole file."""
    schema = file.schema_arrow
    whole = [name for name, kind in zip(schema.names, schema.types, strict=True) if _is_whole(kind)]
    found: dict[str, pl.Series] = {}
    for batch in file.iter_batches(_ROWS, columns=whole) if whole else ():
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            digits = pl.Series(pl.from_arrow(_plain(array).cast(pa.string()))).str.replace(r"\.0*$", "")
            numbers = digits.cast(pl.Int64, strict=False)
            long = numbers.filter(numbers >= _LONG).unique()
            found[name] = pl.concat([found[name], long]).unique() if name in found else long
    held = {name: (long.cast(pl.Float64).cast(pl.Int64, strict=False) == long).sum() for name, long in found.items()}
    return frozenset(name for name, long in found.items() if 2 * held[name] > len(long))


def _is_whole(kind: pa.DataType) -> bool:
    kind = kind.value_type if arrow.is_dictionary(kind) else kind
    return bool(arrow.is_int64(kind) or arrow.is_uint64(kind) or arrow.is_decimal(kind))


def _plain(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if arrow.is_dictionary(array.type) else array


def _texts(batch: pa.RecordBatch, old_times: frozenset[str], rounded: frozenset[str]) -> pl.DataFrame:
    """Columns "0", "1" …; null where nothing stands."""
    batch.validate(full=True)  # what calls itself UTF-8 may be none
    cells = {
        str(place): _column(_plain(array), name, name in old_times, name in rounded)
        for place, (name, array) in enumerate(zip(batch.schema.names, batch.columns, strict=True))
    }
    return pl.DataFrame(cells)


def _column(array: pa.Array, name: str, old_time: bool, rounded: bool) -> pl.Series:
    kind = array.type
    text: pl.Expr
    if arrow.is_boolean(kind):
        text = pl.when("v").then(pl.lit("是")).when(~pl.col("v")).then(pl.lit("否"))
    elif arrow.is_integer(kind) or arrow.is_decimal(kind):
        array, text = array.cast(pa.string()), _whole(rounded)
    elif arrow.is_floating(kind):
        array, text = array.cast(pa.float32()) if arrow.is_float16(kind) else array, _figure(_EXACT[str(kind)])
    elif arrow.is_timestamp(kind):
        text = _moment("%Y-%m-%d %H:%M:%S", _TICKS[kind.unit], _SHANGHAI_S if kind.tz else 0)
        array, text = array.cast(pa.int64()), text + _UNZONED if old_time else text
    elif arrow.is_date32(kind):
        array, text = array.cast(pa.int32()), _moment("%Y-%m-%d", 1, 0, 86_400)
    elif arrow.is_date64(kind):
        array, text = array.cast(pa.int64()), _moment("%Y-%m-%d", 1_000)
    elif arrow.is_time(kind):
        text = _moment("%H:%M:%S", _TICKS[kind.unit])
        array = array.cast(pa.int64() if arrow.is_time64(kind) else pa.int32())
    elif arrow.is_duration(kind):
        array, text = array.cast(pa.int64()), _length(_TICKS[kind.unit])
    else:
        array, text = _strings(array, name), pl.col("v")
    values = pl.DataFrame({"v": pl.from_arrow(array)})
    return values.select(pl.when(text.str.len_bytes() > 0).then(text).alias("v")).to_series()


def _strings(array: pa.Array, name: str) -> pa.Array:
    """Texts, in old files called bytes. Of pictures and the like only that something stands there."""
    if not _is_odd(array.type):
        try:
            return array.cast(pa.large_string())
        except pa.ArrowInvalid:
            if known_headers([name]):
                raise
    return compute.if_else(array.is_valid(), f"({array.type})", None)


def _whole(rounded: bool) -> pl.Expr:
    digits = pl.col("v").str.replace(r"(\.\d*?)0+$", "${1}").str.strip_suffix(".")
    return pl.when((digits.str.len_chars() <= 15) | rounded).then(NUMBER + digits).otherwise(digits)


def _figure(exact: int) -> pl.Expr:
    """In full where every digit is known, else with an exponent, which is neither a number of anybody nor a time."""
    value = pl.col("v").fill_nan(None)
    text, whole = value.cast(pl.String), (value == value.floor()) & value.is_finite()
    lost = whole & (value.abs() >= exact) & ~text.str.contains("e")
    full = value.cast(pl.Int64, strict=False).cast(pl.String)
    return NUMBER + pl.when(lost).then(text + "e+0").when(whole & (value.abs() < exact)).then(full).otherwise(text)


def _moment(form: str, ticks: int, shift_s: int = 0, unit_s: int = 1) -> pl.Expr:
    """Counts since 1970 in `form`. Fractions of a second are cut off, as they are from texts."""
    second = pl.col("v").cast(pl.Int64) // ticks * unit_s + shift_s
    real = second.is_between(*_YEARS_1_TO_9999)
    written = pl.from_epoch(pl.when(real).then(second), time_unit="s").dt.to_string(form)
    return pl.when(real).then(written).otherwise(pl.format("{}(NaT)", "v"))


def _length(ticks: int) -> pl.Expr:
    second = pl.col("v").abs() // ticks
    sign = pl.when(pl.col("v") < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    parts = [(second // 60 % 60).cast(pl.String).str.zfill(2), (second % 60).cast(pl.String).str.zfill(2)]
    return pl.when(pl.col("v").is_not_null()).then(pl.format("{}{}:{}:{}", sign, second // 3600, *parts))
