"""Lists of claims that another one holds row by row: the whole list beside those of its classes. Each counts once."""

from pathlib import Path

import polars as pl

from auditor.intake.stage import ROWS

LEAST = 5  # rows: a shorter list may be one of people claimed for twice
_SAME = ["id_number", "amount", "claimed_on"]


def told_again(parts: list[Path]) -> dict[int, int]:
    """source_no → the sheet that holds all its claims, with the same number, amount and day: a longer one, or of two
    that are the same the first."""
    if len(parts) < 2:
        return {}
    rows = pl.concat([pl.read_parquet(part, columns=["row_id", *_SAME]) for part in parts])
    rows = rows.with_columns(source_no=pl.col("row_id") // ROWS)
    whole = rows.group_by("source_no").agg(rows=pl.len(), open=pl.any_horizontal(pl.col(_SAME).is_null()).any())
    each = rows.drop_nulls(_SAME).group_by("source_no", *_SAME).agg(times=pl.len())
    held = (
        each.join(each, on=_SAME, suffix="_other")
        .filter((pl.col("source_no") != pl.col("source_no_other")) & (pl.col("times") <= pl.col("times_other")))
        .group_by("source_no", "source_no_other")
        .agg(rows_held=pl.col("times").sum())
        .join(whole, on="source_no")
        .join(whole, left_on="source_no_other", right_on="source_no", suffix="_other")
        .filter(
            ~pl.col("open")
            & (pl.col("rows") >= LEAST)
            & (pl.col("rows_held") == pl.col("rows"))
            & (
                (pl.col("rows_other") > pl.col("rows"))
                | ((pl.col("rows_other") == pl.col("rows")) & (pl.col("source_no_other") < pl.col("source_no")))
            )
        )
        .sort("source_no", pl.col("rows_other"), "source_no_other", descending=[False, True, False])
        .unique("source_no", keep="first", maintain_order=True)
    )
    return dict(held.select("source_no", "source_no_other").iter_rows())
