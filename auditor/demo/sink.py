"""Files that grow block by block and know the row, as a spreadsheet shows it, of everything put into them."""

from __future__ import annotations

import codecs
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

# column → row of the frame → the value that stands there instead
Instead = Mapping[str, Mapping[int, str | float | None]]
_CREATED = dt.datetime(2021, 1, 1)


class Sink(Protocol):
    """A growing file."""

    name: str  # relative to the folder
    rows: int  # data rows so far

    def add(self, frame: pl.DataFrame, instead: Instead) -> int:
        """Append; returns the number (from 0) of the first appended data row."""
        ...

    def where(self, row: int) -> tuple[str, int]:
        """Sheet and row, counted from 1 with everything above, of a data row."""
        ...

    def close(self) -> None: ...


class CsvSink:
    """One CSV file. `title`: a row above the header, filled up with empty cells as Excel does."""

    def __init__(self, path: Path, encoding: str = "utf-8", *, bom: bool = False, title: str = "") -> None:
        self.name, self.rows = path.name, 0
        self._encoding, self._newline, self._title = encoding, "\r\n" if bom else "\n", title
        self._stream = path.open("wb")
        if bom:
            self._stream.write(codecs.BOM_UTF8)

    def add(self, frame: pl.DataFrame, instead: Instead) -> int:
        for column, changes in instead.items():
            if changes:
                values = [None if value is None else str(value) for value in changes.values()]
                frame = frame.with_columns(frame[column].cast(pl.String).scatter(list(changes), values))
        first = self.rows
        if first == 0 and self._title:
            self._stream.write((self._title + "," * (frame.width - 1) + self._newline).encode(self._encoding))
        if self._encoding == "utf-8":
            frame.write_csv(self._stream, include_header=first == 0, line_terminator=self._newline)
        else:
            text = frame.write_csv(include_header=first == 0, line_terminator=self._newline)
            self._stream.write(text.encode(self._encoding))
        self.rows += len(frame)
        return first

    def where(self, row: int) -> tuple[str, int]:
        return "", row + 2 + bool(self._title)

    def close(self) -> None:
        self._stream.close()


class XlsxSink:
    """One workbook, made in the folder `temporary`. `above`: rows above the header;
    `formats`: number format of a column.

    A sheet takes `capacity` rows, then the next one of `sheets` begins (the last name is numbered on).
    """

    def __init__(
        self,
        path: Path,
        temporary: Path,
        sheets: Sequence[str],
        above: Sequence[str] = (),
        capacity: int = 1_000_000,
        formats: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self.rows = path.name, 0
        self._sheets, self._above, self._capacity = list(sheets), list(above), capacity
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(temporary)})
        self._book.set_properties({"created": _CREATED, "title": "演示数据（虚构，非真实人员）"})
        self._formats = {name: self._book.add_format({"num_format": form}) for name, form in (formats or {}).items()}
        self._sheet: Worksheet | None = None
        self._starts: list[tuple[int, str]] = []  # first data row of a sheet, its name

    def new_sheet(self, columns: Sequence[str]) -> None:
        nth = len(self._starts)
        more = nth - len(self._sheets) + 1
        name = self._sheets[nth] if more <= 0 else f"{self._sheets[-1]}{more + 1}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.set_column(0, len(columns) - 1, 20)
        for row, text in enumerate(self._above):
            if text:
                self._sheet.write_string(row, 0, text)
        for place, column in enumerate(columns):
            self._sheet.write_string(len(self._above), place, column)
        self._starts.append((self.rows, name))

    def add(self, frame: pl.DataFrame, instead: Instead) -> int:
        first = self.rows
        changed = {(row, column): value for column, rows in instead.items() for row, value in rows.items()}
        for row, cells in enumerate(frame.iter_rows()):
            if self._sheet is None or self.rows - self._starts[-1][0] >= self._capacity:
                self.new_sheet(frame.columns)
            self._write(
                frame.columns, [changed.get((row, c), cell) for c, cell in zip(frame.columns, cells, strict=True)]
            )
        return first

    def _write(self, columns: Sequence[str], cells: Sequence[str | float | None]) -> None:
        assert self._sheet is not None
        line = self.where(self.rows)[1] - 1
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            if isinstance(cell, str):
                self._sheet.write_string(line, place, cell)
            elif cell is not None:
                self._sheet.write_number(line, place, cell, self._formats.get(column))
        self.rows += 1

    def where(self, row: int) -> tuple[str, int]:
        start, name = next(pair for pair in reversed(self._starts) if pair[0] <= row)
        return name, row - start + len(self._above) + 2

    def close(self) -> None:
        if not self._starts:
            self._book.add_worksheet(self._sheets[0])
        self._book.close()
