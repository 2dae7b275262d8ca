"""CSV files in UTF-8 (with or without BOM) and GB18030, cut by pyarrow, with the row numbers that Excel shows."""

import codecs
import csv
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from auditor.fault import unauditable
from auditor.intake.sheet import BLANK, FOOT, HEAD_ROWS, TORN, Aside, Sheet, TextBatch, is_foot

_SAMPLE = 1 << 20
_BLOCK = 1 << 24


def sheets(path: Path, label: str) -> list[Sheet]:
    """The one sheet of a CSV file. Raises Fault when the file is empty or no text."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    if not sample.strip():
        raise unauditable("empty", file=label)
    encoding = _encoding(path, sample, label)
    start = len(codecs.BOM_UTF8) if sample.startswith(codecs.BOM_UTF8) else 0
    text = codecs.getincrementaldecoder(encoding)().decode(sample[start:], final=False)
    head, ends = _head(text, label)

    def read(header: int, width: int, asides: list[Aside]) -> Iterator[TextBatch]:
        offset = start + (len(text[: ends[header]].encode(encoding)) if header >= 0 else 0)
        return _batches(path, label, encoding, offset, header + 1, width, asides)

    return [Sheet(label, "", head, read)]


def _encoding(path: Path, sample: bytes, label: str) -> str:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise unauditable("utf16", file=label)
    if b"\x00" in sample:
        raise unauditable("binary", file=label)
    if sample.isascii():  # the sample says nothing: look for the first byte that does
        with path.open("rb") as stream:
            while (sample := stream.read(_SAMPLE)) and sample.isascii():
                pass
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample, final=False)
        except UnicodeDecodeError:
            continue
        return encoding
    raise unauditable("encoding", file=label)


def _head(text: str, label: str) -> tuple[list[list[str]], list[int]]:
    """The first records, and for each the position in `text` where it ends."""
    position = 0

    def lines() -> Iterator[str]:
        nonlocal position
        for line in io.StringIO(text, newline=""):
            position += len(line)
            yield line

    head: list[list[str]] = []
    ends: list[int] = []
    try:
        for record in csv.reader(lines()):
            head.append(record)
            ends.append(position)
            if len(head) == HEAD_ROWS:
                break
    except csv.Error as error:
        raise unauditable("no_csv", file=label, row=len(head) + 1, error=error) from error
    return head, ends


def _batches(
    path: Path, label: str, encoding: str, offset: int, above: int, width: int, asides: list[Aside]
) -> Iterator[TextBatch]:
    """Batches below the header. `offset`: bytes to pass over; `above`: records above the first data row."""
    names = [str(place) for place in range(width)]
    torn: list[tuple[int, str]] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        torn.append((row.number, row.text))
        return "skip"

    with path.open("rb") as stream, _quiet():
        stream.seek(offset)
        if not stream.read(1):
            return
        stream.seek(offset)
        try:
            reader = arrow_csv.open_csv(
                stream,
                # threads off: only then does pyarrow number the rows it refuses
                read_options=arrow_csv.ReadOptions(
                    column_names=names, encoding=encoding, block_size=_BLOCK, use_threads=False
                ),
                parse_options=arrow_csv.ParseOptions(
                    newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=set_aside
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            good = 0
            for batch in reader:
                if batch.num_rows:
                    cells = pl.DataFrame(pl.from_arrow(batch))
                    yield TextBatch(cells, _numbers(good, batch.num_rows, torn, above))
                good += batch.num_rows
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            raise unauditable("bad_bytes", file=label, row=above + 1, encoding=encoding.upper()) from error
    yield from _mended(torn, width, above, asides)


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


def _mended(torn: list[tuple[int, str]], width: int, above: int, asides: list[Aside]) -> Iterator[TextBatch]:
    """Rows that only carry empty cells too many are whole. The others are set aside: torn ones, feet, blank ones."""
    whole: list[tuple[int, list[str]]] = []
    short, feet, blank = Aside(TORN, []), Aside(FOOT, []), Aside(BLANK, [])
    for record, text in torn:
        cells = _cut(text)
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


def _cut(text: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text)), [])
    except csv.Error:  # longer than a cell may be: a quote was opened and swallowed the rows behind it
        return [text]
