"""Text tables of any dialect, cut by pyarrow, with the row numbers that Excel shows."""

import csv
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from auditor.fault import unauditable
from auditor.intake import dialect, quotes, sections
from auditor.intake.damage import Mended
from auditor.intake.dialect import Dialect
from auditor.intake.readable import Readable, on_disk
from auditor.intake.sheet import BLANK, FOOT, TORN, Aside, Sheet, TextBatch, is_foot

_BLOCK = 1 << 24
# the allocator that holds on to least of what batches leave behind, where this build of pyarrow has it
_POOL = pa.jemalloc_memory_pool() if "jemalloc" in pa.supported_memory_backends() else None


def sheets(path: Readable, label: str) -> list[Sheet]:
    """The one sheet of a text file, or its sections. Raises Fault when the file is empty or no text."""
    written = dialect.read(path, label)
    if several := sections.sheets(path, label, written):
        return several

    def read(header: int, width: int, asides: list[Aside]) -> Iterator[TextBatch]:
        offset = written.ends[header] if header >= 0 else written.start
        return _batches(path, label, written, offset, header + 1, width, asides)

    return [Sheet(label, "", written.head, read)]


def _batches(
    path: Readable, label: str, written: Dialect, offset: int, above: int, width: int, asides: list[Aside]
) -> Iterator[TextBatch]:
    """Batches below the header. `offset`: bytes to pass over; `above`: records above the first data row."""
    if offset >= path.stat().st_size:
        return
    torn: list[tuple[int, str]] = []
    good = 0
    try:
        for batch in _records(path, written, offset, width, torn):
            if batch.num_rows:
                cells = pl.DataFrame(pl.from_arrow(batch))
                texts = TextBatch(cells, _numbers(good, batch.num_rows, torn, above))
                yield quotes.sift(texts, batch, written.delimiter, asides)
            good += batch.num_rows
    except ValueError as error:  # of pyarrow, or of a codec
        raise unauditable("bad_bytes", file=label, row=above + 1, encoding=written.encoding.upper()) from error
    yield from _mended(torn, written.delimiter, width, above, asides)


def _records(
    path: Readable, written: Dialect, offset: int, width: int, torn: list[tuple[int, str]]
) -> Iterator[pa.RecordBatch]:
    """Records that can be cut; the others go into `torn`. Where bytes turn up that mean nothing in the encoding, the
    file is read again with U+FFFD in their place. Raises ValueError where there are too many of them, or no end."""
    good = 0
    try:
        plain = on_disk(path)
        with pa.OSFile(str(plain)) if plain else pa.PythonFile(path.open("rb")) as stream:
            stream.seek(offset)
            for batch in _cut_up(stream, written.encoding, written.delimiter, width, torn):
                yield batch
                good += batch.num_rows
        return
    except ValueError:
        if written.encoding.startswith("utf-16"):  # half a character: a file that was cut off
            raise
        torn.clear()
    with path.open("rb") as file:
        file.seek(offset)
        stream = pa.PythonFile(io.BufferedReader(Mended(file, written.encoding), _BLOCK))
        for batch in _cut_up(stream, "utf-8", written.delimiter, width, torn):
            if good < batch.num_rows:
                yield batch.slice(good)
            good = max(good - batch.num_rows, 0)


def _cut_up(
    stream: pa.NativeFile, encoding: str, delimiter: str, width: int, torn: list[tuple[int, str]]
) -> Iterator[pa.RecordBatch]:
    names = [str(place) for place in range(width)]

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        torn.append((row.number, row.text))
        return "skip"

    with _quiet():
        yield from arrow_csv.open_csv(
            stream,
            # threads off: only then does pyarrow number the rows it refuses
            read_options=arrow_csv.ReadOptions(
                column_names=names, encoding=encoding, block_size=_BLOCK, use_threads=False
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
            memory_pool=_POOL,
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Where a torn row cannot be decoded, pyarrow ends the reading, but not without printing a traceback."""
    before, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        yield
    finally:
        sys.unraisablehook = before


def _numbers(good: int, count: int, torn: list[tuple[int, str]], above: int) -> pl.Series:
    """Rows as Excel shows them for the `count` good records after the first `good`, with torn ones counted between."""
    rows = pl.int_range(good + above + 1, good + above + 1 + count, dtype=pl.Int64, eager=True)
    for number, (record, _) in enumerate(torn):
        if (before := record - 1 - number) < good + count:  # good records before this torn one
            rows = rows + (pl.int_range(good, good + count, eager=True) >= before).cast(pl.Int64)
    return rows


def _mended(
    torn: list[tuple[int, str]], delimiter: str, width: int, above: int, asides: list[Aside]
) -> Iterator[TextBatch]:
    """Rows that only carry empty cells too many are whole. The others are set aside: torn ones, feet, blank ones."""
    whole: list[tuple[int, list[str]]] = []
    short, feet, blank = Aside(TORN, []), Aside(FOOT, []), Aside(BLANK, [])
    for record, text in torn:
        cells = _cut(text, delimiter)
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            whole.append((record + above, cells[:width]))
        elif not any(cell.strip() for cell in cells):
            blank.rows.append(record + above)
        elif len(cells) < width and is_foot(cells):
            feet.rows.append(record + above)
        else:
            short.rows.append(record + above)
            short.texts.append(text)
    asides += [aside for aside in (short, feet, blank) if aside.rows]
    if whole:
        columns = {str(place): [cells[place] or None for _, cells in whole] for place in range(width)}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        yield TextBatch(frame, pl.Series([row for row, _ in whole], dtype=pl.Int64))


def _cut(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text), delimiter=delimiter), [])
    except csv.Error:  # longer than a cell may be: a quote was opened and swallowed the rows behind it
        return [text]
