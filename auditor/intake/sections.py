"""Text files that hold several tables below each other, each under a title that a layout knows."""

import csv
import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import polars as pl

from auditor import mask
from auditor.intake.dialect import Dialect
from auditor.intake.readable import Readable
from auditor.intake.sheet import HEAD_ROWS, TORN, Aside, Sheet, TextBatch
from auditor.layout import catalogue

_BYTES = 1 << 26  # such a report tells of one meeting: a larger file is another thing


def sheets(path: Readable, label: str, written: Dialect) -> list[Sheet]:
    """A sheet for each table of the file, its rows numbered as in the whole; none where no title says so."""
    if not any(_is_title(row) for row in written.head) or path.stat().st_size > _BYTES:
        return []
    with path.open("rb") as stream:
        stream.seek(written.start)
        text = stream.read().decode(written.encoding, errors="replace")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=written.delimiter))
    starts = [0, *(place for place, row in enumerate(rows) if place and _is_title(row)), len(rows)]
    cut = [(start, rows[start:end]) for start, end in pairwise(starts)]
    return [_sheet(label, start, below) for start, below in cut]


def _is_title(row: list[str]) -> bool:
    said = [cell.strip() for cell in row if cell.strip()]
    return len(said) == 1 and _titles().search(said[0]) is not None


@cache
def _titles() -> re.Pattern[str]:
    return re.compile("|".join(pattern for one in catalogue().values() for pattern in one.sections))


def _sheet(label: str, start: int, rows: list[list[str]]) -> Sheet:
    def read(header: int, width: int, asides: list[Aside]) -> Iterator[TextBatch]:
        below = list(enumerate(rows))[header + 1 :]
        torn = [place for place, row in below if any(cell.strip() for cell in row[width:])]
        asides += [Aside(TORN, [start + place + 1 for place in torn], ["\t".join(rows[place]) for place in torn])]
        kept = [(place, row) for place, row in below if place not in set(torn)]
        columns = {
            str(at): pl.Series([row[at] or None if at < len(row) else None for _, row in kept], dtype=pl.String)
            for at in range(width)
        }
        if kept:
            yield TextBatch(pl.DataFrame(columns), pl.Series([start + place + 1 for place, _ in kept], dtype=pl.Int64))

    title = next((cell.strip() for cell in rows[0] if cell.strip()), "") if start or _is_title(rows[0]) else ""
    return Sheet(label, mask.text(title), rows[:HEAD_ROWS], read, first_row=start + 1)
