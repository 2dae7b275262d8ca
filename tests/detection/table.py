"""One table of an export as a CSV file with our own headers."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from auditor.schema import tables


def write_table(folder: Path, name: str, frame: pl.DataFrame) -> None:
    """Of the fields, those that the schema has; nothing where no schema has the table."""
    if name in tables():
        columns = tables()[name].columns
        kept = [field for field in frame.columns if field in columns]
        path = folder / f"{tables()[name].label['zh']}.csv"
        frame.select(kept).rename({field: columns[field].label["zh"] for field in kept}).write_csv(path)
