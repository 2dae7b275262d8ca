"""Typed cells of workbooks as the texts a person sees. Number cells carry the mark NUMBER, so that damage is seen."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from auditor.intake.text import NUMBER

_HALF_SECOND = dt.timedelta(microseconds=500_000)
_EXACT = 10**15  # whole numbers below are exact, and shown in full


def text(cell: Any) -> str | None:
    """One cell; None where nothing stands. Moments are rounded to the second."""
    return cell or None if type(cell) is str else texts([cell])[0]


def texts(cells: Sequence[Any]) -> pl.Series:
    """A column as texts, null where a cell is empty. A moment at midnight comes as a date: among moments it is one,
    among dates it stays a date."""
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return _filled(pl.Series(cells, dtype=pl.String))
    if dt.date in kinds and dt.datetime in kinds:
        midnight = dt.time()
        cells = [dt.datetime.combine(cell, midnight) if type(cell) is dt.date else cell for cell in cells]
        kinds.remove(dt.date)
    if len(kinds) == 1:
        return _BY_KIND.get(kinds.pop(), _strings)(cells)
    column = pl.Series([cell if type(cell) is str else None for cell in cells], dtype=pl.String)
    for kind in sorted(kinds - {str}, key=str):
        places = [place for place, cell in enumerate(cells) if type(cell) is kind]
        column = column.scatter(places, _BY_KIND.get(kind, _strings)([cells[place] for place in places]))
    return _filled(column)


def _filled(column: pl.Series) -> pl.Series:
    return column.set(column == "", None) if (column == "").any() else column


def _numbers(cells: Sequence[float]) -> pl.Series:
    values = pl.Series(cells, dtype=pl.Float64).alias("v").to_frame()
    whole = (pl.col("v").floor() == pl.col("v")) & (pl.col("v").abs() < _EXACT)
    written = values.select(pl.when(whole).then(pl.col("v").cast(pl.Int64, strict=False)).cast(pl.String)).to_series()
    if written.null_count():
        places = written.is_null().arg_true()
        written = written.scatter(places, [repr(cells[place]) for place in places])
    return NUMBER + written


def _moments(cells: Sequence[dt.datetime]) -> pl.Series:
    return (pl.Series(cells, dtype=pl.Datetime("us")) + _HALF_SECOND).dt.to_string("%Y-%m-%d %H:%M:%S")


def _lengths(cells: Sequence[dt.timedelta]) -> pl.Series:
    return pl.Series([("-" if cell < dt.timedelta(0) else "") + _clock(abs(cell), "") for cell in cells])


def _clocks(cells: Sequence[dt.time]) -> pl.Series:
    start = dt.datetime.min
    return pl.Series([_clock(dt.datetime.combine(start, cell) - start, "02") for cell in cells])


def _clock(length: dt.timedelta, hours: str) -> str:
    seconds = round(length.total_seconds())
    return f"{seconds // 3600:{hours}}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _truths(cells: Sequence[bool]) -> pl.Series:
    return pl.Series(["是" if cell else "否" for cell in cells])


def _strings(cells: Sequence[Any]) -> pl.Series:
    return pl.Series([None if cell is None else str(cell) for cell in cells], dtype=pl.String)


_BY_KIND: dict[type, Callable[[Sequence[Any]], pl.Series]] = {
    str: _strings, bool: _truths, int: _numbers, float: _numbers,
    dt.datetime: _moments, dt.timedelta: _lengths, dt.time: _clocks,
}  # fmt: skip
