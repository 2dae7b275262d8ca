"""What a cell says once the wrappings of spreadsheets are off it."""

from collections.abc import Collection

import polars as pl

NUMBER = "\ue000"  # put before the text of a number cell: the workbook held a number, not text
_WRAPPED = r'^=?"(.*)"$'
_MISSING = (
    *("", "-", "--", "---", "—", "——", "/", "\\", "无", "空"),
    *("null", "NULL", "Null", "None", "none", "N/A", "n/a", "NA", "nan", "NaN", "#N/A"),
)
_PLAIN = r"^[0-9A-Za-z.:\u4e00-\u9fff]+$"  # nothing to unwrap, nothing that NFKC would change
_INVISIBLE = r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f]"


def clean(values: pl.Series, meant: Collection[str] = ()) -> pl.Series:
    """Distinct cell texts → NFKC, trimmed, unwrapped (`="320…"`, a leading `'`); a word for “nothing” becomes null,
    unless it is `meant`: where a column asks whether a paper is there, it is an answer."""
    tidy = (
        pl.col("v")
        .str.normalize("NFKC")
        .str.replace_all(_INVISIBLE, "")
        .str.strip_chars()
        .str.replace(_WRAPPED, "${1}")
        .str.strip_prefix("'")
        .str.strip_chars()
    )
    frame = values.alias("v").to_frame()
    odd = frame.select(~pl.col("v").str.contains(_PLAIN)).to_series().fill_null(False)
    if odd.any():
        places = odd.arg_true()
        frame = values.clone().scatter(places, frame.filter(odd).select(tidy).to_series()).alias("v").to_frame()
    nothing = [word for word in _MISSING if word not in meant]
    return frame.select(pl.when(~pl.col("v").is_in(nothing)).then("v").alias("v")).to_series()


def plain(values: pl.Series) -> pl.Series:
    """Cleaned texts without the mark of a number cell, inner runs of blanks as one."""
    return values.str.strip_prefix(NUMBER).str.replace_all(r"\s+", " ")
