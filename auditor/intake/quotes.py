"""Quotes that were opened and never closed: up to the next quote they swallow the rows behind them into one cell."""

import numpy as np
import polars as pl
import pyarrow as pa

from auditor.intake.sheet import SWALLOWED, Aside, TextBatch

_BREAK = r"\r\n|\n|\r"


def sift(texts: TextBatch, batch: pa.RecordBatch, delimiter: str, asides: list[Aside]) -> TextBatch:
    """The batch without records that have swallowed others. Such a cell holds, for each line break in it, as many
    delimiters as a row has; a narrow table, where prose may do so too, is left as it is."""
    width = len(texts.cells.columns)
    broken = [place for place, array in enumerate(batch.columns) if _may_break(array)] if width > 2 else []
    if not broken:
        return texts
    cells = [pl.col(str(place)) for place in broken]
    breaks = [cell.str.count_matches(_BREAK) for cell in cells]
    cuts = [cell.str.count_matches(delimiter, literal=True) for cell in cells]
    tests = [(lines > 0) & (cut >= lines * (width - 1)) for lines, cut in zip(breaks, cuts, strict=True)]
    swallowed = texts.cells.select(pl.any_horizontal(test.fill_null(False) for test in tests)).to_series()
    if not swallowed.any():
        return texts
    whole = texts.cells.filter(swallowed).select(pl.concat_str(pl.all(), separator=delimiter, ignore_nulls=True))
    asides.append(Aside(SWALLOWED, texts.rows.filter(swallowed).to_list(), whole.to_series().to_list()))
    return TextBatch(texts.cells.filter(~swallowed), texts.rows.filter(~swallowed))


def _may_break(array: pa.Array) -> bool:
    """Whether a line break is anywhere in the memory of a column of texts: a look at the bytes, not at the cells."""
    buffer = array.buffers()[2]
    if buffer is None:
        return False
    octets = np.frombuffer(buffer, dtype=np.uint8)
    return bool((octets == 10).any() or (octets == 13).any())
