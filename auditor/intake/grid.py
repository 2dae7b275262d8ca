"""Rows of typed cells, from a workbook or whatever calls itself one, as a Sheet."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

from auditor import mask
from auditor.fault import unauditable
from auditor.intake import cells
from auditor.intake.sheet import FOOT, HEAD_ROWS, Aside, Sheet, TextBatch
from auditor.intake.text import NUMBER
from auditor.words import Words, phrase

ROWS, COLUMNS = 1 << 20, 1 << 14  # of the largest sheet
CELLS = 1 << 26  # of one sheet, empty ones between others too: each takes 8 to 32 bytes
_ROWS = 50_000
_BLOCK = 250  # rows turned into columns at once: few enough that their cells are still at hand
Row = Sequence[Any]


def refuse_far(columns: int, rows: int, cells: int, label: str, name: str = "") -> None:
    """Raises Fault for a sheet that is more than a sheet can be, or than memory is for."""
    if columns > COLUMNS or rows > ROWS or cells > CELLS:
        where = phrase("where.sheet", file=label, sheet=mask.text(name)) if name else label
        raise unauditable("far_cell", where=where, columns=columns, rows=rows)


class Span(NamedTuple):
    """A merged cell: positions of its first and last row, and of its first column."""

    first: int
    last: int
    column: int


def sheet(
    label: str, name: str, rows: Callable[[], Iterator[Row]], spans: Sequence[Span] = (), feet: Sequence[int] = (),
    notes: Sequence[Words] = (),
) -> Sheet:  # fmt: skip
    """`rows`: the rows from the first of the sheet on, a shorter one ends with empty cells. `spans`: what a merged cell
    says counts for each of its rows. `feet`: rows, as Excel shows them, of text behind the table."""
    head = [[(cells.text(cell) or "").strip(NUMBER) for cell in row] for row in itertools.islice(rows(), HEAD_ROWS)]
    tall = sorted(span for span in spans if span.last > span.first)

    def read(header: int, width: int, asides: list[Aside]) -> Iterator[TextBatch]:
        if feet:
            asides.append(Aside(FOOT, list(feet)))
        below = [span for span in tall if span.first > header >= 0 and span.column < width]
        yield from _batches(rows(), header + 1, width, below)

    merged = [phrase("note.merged", count=len(tall))] if tall else []
    return Sheet(label, mask.text(name), head, read, (*notes, *merged))


def _batches(rows: Iterator[Row], above: int, width: int, spans: list[Span]) -> Iterator[TextBatch]:
    body = itertools.islice(rows, above, None)
    said: dict[Span, Any] = {}
    while True:
        columns: list[list[Any]] = [[] for _ in range(width)]
        start = above
        while above - start < _ROWS and (block := list(itertools.islice(body, min(_ROWS, _BLOCK)))):
            block = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in block]
            if spans:
                block = _filled(block, above, spans, said)
            for column, part in zip(columns, zip(*block, strict=False), strict=False):
                column += part
            above += len(block)
        if above == start:
            return
        frame = pl.DataFrame({str(place): cells.texts(column) for place, column in enumerate(columns)})
        yield TextBatch(frame, pl.int_range(start + 1, above + 1, dtype=pl.Int64, eager=True))


def _filled(rows: list[Row], start: int, spans: list[Span], said: dict[Span, Any]) -> list[Row]:
    """Empty cells under a merged one say what it says; `said` holds what stood in blocks before this one."""
    block = [list(row) for row in rows]
    end = start + len(block)
    for span in spans:
        if span.first >= end or span.last < start:
            continue
        if span.first >= start:
            said[span] = block[span.first - start][span.column]
        for row in range(max(span.first + 1, start), min(span.last + 1, end)):
            if block[row - start][span.column] == "":
                block[row - start][span.column] = said[span]
    return list(block)
