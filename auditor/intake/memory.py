"""What has been read of a text column: each distinct text is normalised, checked and numbered once."""

from threading import Lock

import polars as pl

from auditor import mask
from auditor.intake import address, identity
from auditor.intake.text import NUMBER, clean, plain
from auditor.schema import Column, check

_EXTRA: dict[str, dict[str, type[pl.DataType]]] = {
    "identity": {"state": pl.String, "why": pl.String, "sex": pl.Int64, "usable": pl.Boolean},
    "address": {"public": pl.Boolean},
}


class Memory:
    """One domain of texts (identity numbers, accounts, courses …). Batches may share it or each have its own."""

    def __init__(self, kind: str) -> None:
        self._lock = Lock()
        self._extra = _EXTRA.get(kind, {})
        self._raw = pl.DataFrame(schema={"raw": pl.String, "no": pl.Int64, "shown": pl.String})
        self._texts = pl.DataFrame(schema={"text": pl.String, "no": pl.Int64, **self._extra})

    def numbers(self, table: str, column: Column, raw: pl.Series) -> pl.DataFrame:
        """Distinct cells → `no` (null: missing or unreadable), `shown` (what stood in an unreadable cell, masked)."""
        wanted = raw.alias("raw").to_frame()
        with self._lock:
            fresh = wanted.join(self._raw, on="raw", how="anti", maintain_order="left")["raw"]
            if len(fresh):
                self._raw = pl.concat([self._raw, self._read(table, column, fresh)])
            known = self._raw
        return wanted.join(known, on="raw", how="left", maintain_order="left").select("no", "shown")

    def table(self) -> pl.DataFrame:
        """`no`, `rank` (place in the order of the texts: the same whatever the order of the rows), `text`, extras."""
        ranked = self._texts.sort("text").with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
        return ranked.select("no", "rank", "text", *self._extra)

    def _read(self, table: str, column: Column, fresh: pl.Series) -> pl.DataFrame:
        cleaned = clean(fresh)
        values = _values(column.kind, cleaned.drop_nulls())
        failures = check(table, column.name, values["text"], False)
        refused = failures.filter(pl.col("check") != "not_nullable")["index"]
        if len(refused):
            values = values.with_columns(text=values["text"].scatter(refused, None))
        numbered = self._number(values)
        unread = values["text"].is_null()
        stood = cleaned.drop_nulls().filter(unread)
        hidden = pl.repeat(mask.HIDDEN, len(stood), eager=True)
        shown = pl.repeat(None, len(values), dtype=pl.String, eager=True)
        if len(stood):
            shown = shown.scatter(
                unread.arg_true(), hidden if column.private else mask.texts(stood.str.strip_prefix(NUMBER))
            )
        read = pl.DataFrame({"place": cleaned.is_not_null().arg_true(), "no": numbered, "shown": shown})
        places = pl.DataFrame({"raw": fresh}).with_row_index("place")
        return places.join(read, on="place", how="left", maintain_order="left").select("raw", "no", "shown")

    def _number(self, values: pl.DataFrame) -> pl.Series:
        wanted = values.select("text", *self._extra)
        fresh = wanted.filter(pl.col("text").is_not_null()).unique("text", keep="first", maintain_order=True)
        fresh = fresh.join(self._texts, on="text", how="anti", maintain_order="left")
        start = len(self._texts)
        numbered = fresh.with_columns(no=pl.int_range(start, start + len(fresh), dtype=pl.Int64))
        self._texts = pl.concat([self._texts, numbered.select(self._texts.columns)])
        return wanted.join(self._texts.select("text", "no"), on="text", how="left", maintain_order="left")["no"]


def _values(kind: str, texts: pl.Series) -> pl.DataFrame:
    """Cleaned texts → `text` (null where unreadable) and the extras of the kind."""
    match kind:
        case "identity":  # a number that names nobody is kept as what it is: damaged, masked …
            read = identity.read(texts)
            return read.with_columns(
                usable=pl.col("value").is_not_null(),
                text=pl.coalesce("value", pl.format("\x00{} {}", "state", pl.col("why").fill_null(""))),
            )
        case "address":
            return address.read(plain(texts)).rename({"value": "text"})
        case _:
            return plain(texts).alias("text").to_frame()
