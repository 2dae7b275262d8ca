"""What hides people in anything written: free text, names, identity numbers."""

import re

import polars as pl

_DIGITS = r"[0-9０-９][0-9０-９ \-]{7,}[0-9０-９xXｘＸ]|[0-9.]+[eE]\+[0-9]{2}"
HIDDEN = "＊＊＊"


def text(value: str, limit: int = 60) -> str:
    """Free text that may be quoted in a message: runs of 9 or more digits are hidden, long text is cut."""
    shown = re.sub(_DIGITS, _hide, " ".join(value.split()))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _hide(match: re.Match[str]) -> str:
    run = match.group(0)
    # A date or a time of day is not an identity: 2021-02-31 19:00 stays readable.
    return run if re.fullmatch(r"(19|20)\d{2}-\d{1,2}-\d{1,2}( \d{1,2})?", run) else HIDDEN


def texts(values: pl.Series) -> pl.Series:
    """`text` for a column of distinct values."""
    return values.map_elements(text, return_dtype=pl.String)


def name(column: str) -> pl.Expr:
    """A person's name in the masked edition: its first character and two stars."""
    return pl.col(column).str.slice(0, 1) + "＊＊"
