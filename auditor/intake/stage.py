"""One batch → a staged Parquet part, and what is to be remembered of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from auditor.intake.batch import MISSING, TEXT_KINDS, UNREADABLE, convert, sift, trouble
from auditor.intake.memory import Memory
from auditor.intake.recognise import Recognition
from auditor.intake.sheet import Aside, TextBatch
from auditor.schema import Table, demands

SHEETS = 1 << 14  # sheets that an audit may have
ROWS = 1 << 44  # row_id = source_no * ROWS + PART * the place of the record in its row + the row as Excel shows it


@dataclass(frozen=True)
class Part:
    """A staged batch. `rows`: its records; `of`: the rows of the sheet they were made from; `filled`: fields with a
    value; `codes`: of its text fields, the distinct codes; `zoned`: of its times, whether a time zone stands beside
    them."""

    path: Path
    rows: int
    of: int
    troubles: pl.DataFrame
    asides: list[Aside]
    filled: set[str]
    codes: dict[str, pl.Series]
    zoned: dict[str, frozenset[bool]]


def stage(
    found: Recognition, texts: TextBatch, source_no: int, path: Path, demanded: Collection[str],
    memories: Mapping[str, Memory],
) -> Part:  # fmt: skip
    """Convert a batch and write it to `path`. Threads may call it at once."""
    table, asides = found.table, list[Aside]()
    sifted = texts if found.shape else sift(found, texts, asides)
    batch = convert(found, sifted, demanded, memories)
    row_id = batch.rows.select(row_id=pl.col("source_row") + source_no * ROWS)
    rows = row_id.hstack(_completed(table, batch.rows))
    rows.write_parquet(path, compression="snappy", statistics=False)
    troubles = batch.troubles.select(
        "field", "kind", "shown", row_id=rows["row_id"].gather(batch.troubles["row"]), table_name=pl.lit(table.name)
    )
    filled = {name for name in batch.rows.columns[1:] if rows[name].null_count() < len(rows)}
    codes = {name: rows[name].unique().drop_nulls() for name in filled if table.columns[name].kind in TEXT_KINDS}
    of = len(rows) if sifted.of is None else sifted.of
    return Part(path, len(rows), of, troubles, asides, filled - codes.keys(), codes, batch.zoned)


def _completed(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Every field of the table, null where the sheet has none; of sessions the day of the start, and their end where it
    only follows from the length."""
    absent = [name for name in table.columns if name not in rows.columns]
    text = {name for name, column in table.columns.items() if column.kind in TEXT_KINDS}
    rows = rows.with_columns(pl.lit(None, pl.UInt32 if name in text else pl.Int64).alias(name) for name in absent)
    if table.name != "sessions":
        return rows.select(*table.columns)
    if "end_at" in absent:
        rows = rows.with_columns(end_at=pl.col("start_at") + pl.col("duration"))
    elif "start_at" in absent:
        rows = rows.with_columns(start_at=pl.col("end_at") - pl.col("duration"))
    return rows.select(_days(rows["start_at"]).alias("start_day"), *table.columns)


def _days(times: pl.Series) -> pl.Series:
    """Seconds → yyyymmdd. A column has far fewer days than rows: each day between the first and the last is written
    once."""
    if times.null_count() == len(times):
        return pl.repeat(None, len(times), dtype=pl.Int64, eager=True)
    days = (times // 86_400).alias("day").to_frame()
    every = pl.int_range(pl.col("day").min(), pl.col("day").max() + 1).cast(pl.Int32).cast(pl.Date).dt
    written = days.select(every.year().cast(pl.Int64) * 10_000 + every.month().cast(pl.Int64) * 100 + every.day())
    return written.to_series().gather(days.select(pl.col("day") - pl.col("day").min()).to_series())


def bad_texts(part: Path, table: Table, name: str, read: pl.DataFrame, wanted: bool) -> pl.DataFrame:
    """Troubles of the rows of a part whose text is missing or unreadable."""
    bad = read.filter(pl.col("no").is_null()).select(pl.col("code").cast(pl.UInt32), "shown")
    rows = pl.read_parquet(part, columns=["row_id", name]).join(bad, left_on=name, right_on="code")
    unread = rows.filter(pl.col("shown").is_not_null())
    found = [trouble(unread["row_id"], name, UNREADABLE, unread["shown"])]
    empty = rows.filter(pl.col("shown").is_null())
    if len(empty) and demands(table.name, name, wanted):
        found.append(trouble(empty["row_id"], name, MISSING, empty["shown"]))
    return pl.concat(found).select("field", "kind", "shown", row_id="row", table_name=pl.lit(table.name))
