"""The common shape of a CSV file and a sheet of a workbook: the first rows to recognise it by, then batches of text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa

HEAD_ROWS = 40  # how far down a header is looked for


@dataclass(frozen=True)
class TextBatch:
    """Cells as text, one array a column of the header; `rows`: the row of each as Excel shows it (Int64)."""

    columns: list[pa.Array]
    rows: pl.Series


@dataclass
class Aside:
    """Rows that are not read: `rows` as Excel shows them, why, and where it matters the text (never written out)."""

    reason: str
    rows: list[int]
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """One table-shaped thing in a file. `head`: its first rows as texts; `open(header_index, width, asides)` yields
    the batches below the header and notes in `asides` what could not be cut into cells."""

    file: str
    name: str
    head: list[list[str]]
    open: Callable[[int, int, list[Aside]], Iterator[TextBatch]]
