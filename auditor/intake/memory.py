"""What stands in text columns: each distinct text gets a code at once; it is normalised, checked and numbered once."""

import polars as pl

from auditor import mask
from auditor.intake import address, identity, network
from auditor.intake.damage import MARK
from auditor.intake.text import NUMBER, clean, plain
from auditor.schema import Column, check

_EXTRA: dict[str, dict[str, type[pl.DataType]]] = {
    "identity": {"state": pl.String, "why": pl.String, "sex": pl.Int64, "usable": pl.Boolean},
    "address": {"public": pl.Boolean},
}


class Memory:
    """One domain of texts (identity numbers, accounts, courses …). Cells that say the same lead to one `no`, the code
    of the first of them."""

    def __init__(self, kind: str) -> None:
        self._cells = pl.Categories.random()
        self._kept = pl.Series(
            [None], dtype=pl.Categorical(self._cells)
        )  # without a series of theirs they are forgotten
        self._extra = _EXTRA.get(kind, {})
        self._known = pl.DataFrame(schema={"code": pl.Int64, "no": pl.Int64, "shown": pl.String})
        self._texts = pl.DataFrame(schema={"text": pl.String, "no": pl.Int64, **self._extra})

    def codes(self, cells: pl.Series) -> pl.Series:
        """Cells → codes (UInt32), null where nothing stands. Threads may call it at once."""
        return cells.cast(pl.Categorical(self._cells)).to_physical()

    def read(self, table: str, column: Column, codes: pl.Series) -> pl.DataFrame:
        """The distinct codes of a sheet's column → `code`, `no` (null: missing or unreadable), `shown` (what stood in
        an unreadable cell, masked)."""
        wanted = pl.DataFrame({"code": codes.cast(pl.Int64).sort()})
        fresh = wanted.join(self._known, on="code", how="anti", maintain_order="left")["code"]
        if len(fresh):
            cells = self._cells.to_series().gather(fresh)
            self._known = pl.concat([self._known, self._read(table, column, fresh, cells)])
        return wanted.join(self._known, on="code", how="left", maintain_order="left")

    def table(self) -> pl.DataFrame:
        """`no`, `rank` (place in the order of the texts: the same whatever the order of the rows), `text`, extras."""
        ranked = self._texts.sort("text").with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
        return ranked.select("no", "rank", "text", *self._extra)

    def others(self) -> pl.DataFrame:
        """The codes whose `no` is another: `code`, `no` (null: missing or unreadable)."""
        return self._known.filter(pl.col("no").ne_missing(pl.col("code"))).select("code", "no")

    def _read(self, table: str, column: Column, codes: pl.Series, cells: pl.Series) -> pl.DataFrame:
        cleaned = clean(cells)
        known = cleaned.is_not_null()
        values = _values(column.kind, cleaned.filter(known)).with_columns(code=codes.filter(known))
        failures = check(table, column.name, values["text"], False)
        refused = failures.filter(pl.col("check") != "not_nullable")["index"]
        if len(refused):
            values = values.with_columns(text=values["text"].scatter(refused, None))
        unread = values["text"].is_null()
        stood = cleaned.filter(known).filter(unread)
        shown = pl.repeat(None, len(values), dtype=pl.String, eager=True)
        if len(stood):
            hidden = pl.repeat(mask.HIDDEN, len(stood), eager=True)
            shown = shown.scatter(
                unread.arg_true(), hidden if column.private else mask.texts(stood.str.strip_prefix(NUMBER))
            )
        read = values.select("code", no=self._numbered(values), shown=shown)
        return codes.alias("code").to_frame().join(read, on="code", how="left", maintain_order="left")

    def _numbered(self, values: pl.DataFrame) -> pl.Series:
        wanted = values.select("text", "code", *self._extra).filter(pl.col("text").is_not_null())
        fresh = wanted.unique("text", keep="first", maintain_order=True).rename({"code": "no"})
        fresh = fresh.join(self._texts, on="text", how="anti", maintain_order="left")
        self._texts = pl.concat([self._texts, fresh.select(self._texts.columns)])
        numbers = self._texts.select("text", "no")
        return values.select("text").join(numbers, on="text", how="left", maintain_order="left")["no"]


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
        case "networks":
            return network.read(plain(texts))
        case "blocks":
            return network.read(plain(texts), network.ANY)
        case _:
            damaged = texts.str.contains(MARK, literal=True)
            return plain(texts.set(damaged, None) if damaged.any() else texts).alias("text").to_frame()
