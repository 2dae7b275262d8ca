"""Workbooks: every sheet, typed cells turned into text, number cells marked so that damage to long numbers is seen."""

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from auditor import mask
from auditor.fault import unauditable
from auditor.intake.sheet import HEAD_ROWS, Aside, Sheet, TextBatch
from auditor.intake.text import NUMBER

_ROWS = 50_000


def sheets(path: Path, label: str) -> list[Sheet]:
    """All sheets that hold anything, hidden ones too. Raises Fault when the file is no workbook."""
    if path.stat().st_size == 0:
        raise unauditable("empty", file=label)
    try:
        book = CalamineWorkbook.from_path(str(path))
        opened = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        return [_sheet(label, name, sheet) for name, sheet in opened if sheet.start]
    except CalamineError as error:
        raise unauditable("broken_workbook", file=label) from error


def _sheet(label: str, name: str, sheet: CalamineSheet) -> Sheet:
    def read(header: int, width: int, asides: list[Aside]) -> Iterator[TextBatch]:
        body = itertools.islice(sheet.iter_rows(), header + 1, None)  # blank rows at the top are among them
        number = header + 2
        while block := list(itertools.islice(body, _ROWS)):
            block = [row if len(row) >= width else row + [""] * (width - len(row)) for row in block]
            cells = list(zip(*block, strict=False))[:width]
            columns = {str(place): pl.Series(_texts(column), dtype=pl.String) for place, column in enumerate(cells)}
            yield TextBatch(
                pl.DataFrame(columns), pl.int_range(number, number + len(block), dtype=pl.Int64, eager=True)
            )
            number += len(block)

    head = [
        [(_text(cell) or "").strip(NUMBER) for cell in row] for row in itertools.islice(sheet.iter_rows(), HEAD_ROWS)
    ]
    return Sheet(label, mask.text(name), head, read)


def _texts(column: tuple[Any, ...]) -> list[str | None]:
    """A column as texts. A moment at midnight comes as a date: among moments it is one, among dates it stays a date."""
    if any(type(cell) is dt.datetime for cell in column):
        midnight = dt.time()
        column = tuple(dt.datetime.combine(cell, midnight) if type(cell) is dt.date else cell for cell in column)
    return [_text(cell) for cell in column]


def _text(cell: Any) -> str | None:
    """A typed cell as the text a person sees; numbers carry the mark NUMBER; None for an empty cell."""
    if type(cell) is str:
        return cell or None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        whole = isinstance(cell, int) or (cell.is_integer() and abs(cell) < 1e15)
        return NUMBER + (str(int(cell)) if whole else repr(cell))
    if isinstance(cell, dt.datetime):
        return (cell + dt.timedelta(microseconds=500_000)).replace(microsecond=0).isoformat(" ")
    if isinstance(cell, dt.timedelta):
        length = round(abs(cell.total_seconds()))
        sign = "-" if cell < dt.timedelta(0) else ""
        return f"{sign}{length // 3600}:{length // 60 % 60:02}:{length % 60:02}"
    return str(cell)
