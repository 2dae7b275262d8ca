"""What people concluded, read back from the workbook they filled in (or a table with the same heads)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from auditor import mask
from auditor.fault import Exit, Fault, because, unauditable
from auditor.intake import times
from auditor.intake.files import InputFile, digest, sheets
from auditor.intake.sheet import SWALLOWED, TORN, Aside, Sheet
from auditor.intake.text import NUMBER, clean
from auditor.words import Words, phrase, table

FINDING = ("confirmed", "dismissed", "pending")
CLAIM = ("supported", "not_supported", "to_verify")
FILLED = ("conclusion", "note", "author", "day")
PLACE = ("file", "sheet", "source_row")
_MARK = r"(?:{})\s*[:\uff1a]\s*([0-9a-f]{{12}})"  # says for which data a masked workbook was written
_KEYS = ("fingerprint", "lasting")
SCHEMA = {
    "file": pl.String, "sheet": pl.String, "source_row": pl.Int64, **dict.fromkeys(_KEYS, pl.UInt64),
    **dict.fromkeys(FILLED, pl.String), "mark": pl.String,
}  # fmt: skip
_NOTE = 4_000  # characters of a remark
Json = dict[str, Any]


@dataclass(frozen=True)
class Judgements:
    """`files`: file, sha256, bytes. `entries`: one row a conclusion: file, sheet, source_row, fingerprint and
    lasting (of which one may be null), conclusion, note, author, day (yyyy-mm-dd), mark (of the data that a masked
    workbook was written for, where it says so)."""

    files: list[Json]
    entries: pl.DataFrame

    @property
    def last(self) -> bool:
        """Whether any entry is known by a fingerprint that outlives its export."""
        return bool(self.entries["lasting"].count())


def load(paths: Sequence[Path]) -> Judgements | None:
    """The filled rows of every sheet with a fingerprint and a conclusion; None without files. Raises Fault."""
    if not paths:
        return None
    files, read = [], []
    paths = list(dict.fromkeys(paths))
    names = [path.name for path in paths]
    for path in paths:
        label = mask.text(path.name if names.count(path.name) == 1 else str(path), 200)
        try:
            size = path.stat().st_size
            files.append({"file": label, "sha256": digest(path), "bytes": size})
        except OSError as error:
            raise Fault(
                Exit.USAGE, "option_unopened", option="--judgements", path=path, error=because(error)
            ) from error
        found = [frame for sheet in sheets(InputFile(path, label)) if (frame := _sheet(sheet)) is not None]
        if not found:
            heads = [_heads()["fingerprint"], _heads()["conclusion"]]
            raise unauditable("judgement_heads", file=label, heads=heads)
        read += found
    return Judgements(files, _once(pl.concat([pl.DataFrame(schema=SCHEMA), *read])))


def _heads() -> dict[str, Mapping[str, str]]:
    said = table()["judgement"]
    return {"fingerprint": table()["book"]["fingerprint"]} | {name: said[name] for name in (*FILLED, "lasting")}


@cache
def _words() -> dict[str, str]:
    """What may stand in the cell → its name."""
    parts = dict.fromkeys(FINDING, "judgement") | dict.fromkeys(CLAIM, "verdict")
    return {
        said.lower(): name
        for name, part in parts.items()
        for said in (*table()[part][name].values(), name, name.replace("_", " "))
    }


def _sheet(sheet: Sheet) -> pl.DataFrame | None:
    """The filled rows of a sheet; None where it has not these heads."""
    names = {said: name for name, by_language in _heads().items() for said in by_language.values()}
    rows = [{names.get(cell.strip(), ""): place for place, cell in enumerate(cells)} for cells in sheet.head]
    at = next((at for at, places in enumerate(rows) if {"fingerprint", "conclusion"} <= places.keys()), None)
    if at is None:
        return None
    places = rows[at]
    asides: list[Aside] = []
    frames = [pl.DataFrame(schema=SCHEMA)]
    for batch in sheet.open(at, len(sheet.head[at]), asides):
        columns = [batch.column(places[name]).alias(name) if name in places else pl.lit(None, pl.String).alias(name)
                   for name in (*_KEYS, *FILLED)]  # fmt: skip
        texts = pl.DataFrame({"source_row": batch.rows}).with_columns(columns)
        tidy = pl.col(*_KEYS, *FILLED).str.strip_prefix(NUMBER).str.strip_chars()
        # a date typed into a workbook is a number, and its mark says so
        texts = texts.with_columns(tidy.replace("", None), pl.col("day").alias("typed"))
        known = ~pl.col("fingerprint").is_in(list(table()["page"]["dash"].values())).fill_null(False)
        filled = texts.filter(known & pl.any_horizontal(pl.col(*FILLED).is_not_null()))
        if len(filled):
            frames.append(_checked(filled, sheet).with_columns(mark=pl.lit(_mark(sheet.head[:at]), pl.String)))
    for aside in asides:
        if aside.reason in (TORN, SWALLOWED) and aside.rows:
            raise unauditable("judgement_torn", where=_where(sheet.file, sheet.name, aside.rows[0]))
    return pl.concat(frames)


def _mark(above: Sequence[Sequence[str]]) -> str | None:
    label = _MARK.format("|".join(map(re.escape, table()["judgement"]["mark"].values())))
    found = (re.search(label, cell) for cells in above for cell in cells)
    return next((one[1] for one in found if one), None)


def _checked(filled: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """Entries of which every cell can be read. Raises Fault at the first that cannot."""
    said = filled["conclusion"].str.normalize("NFKC").str.to_lowercase()
    day = times.days(clean(filled["typed"])).cast(pl.String)
    written = day.str.slice(0, 4) + "-" + day.str.slice(4, 2) + "-" + day.str.slice(6, 2)
    hex_ = [filled[name].str.to_lowercase().str.strip_prefix("'") for name in _KEYS]
    keys = [text.set(~text.str.contains("^[0-9a-f]{16}$"), None).str.to_integer(base=16, dtype=pl.UInt64)
            for text in hex_]  # fmt: skip
    read = filled.select(
        pl.lit(sheet.file).alias("file"), pl.lit(sheet.name).alias("sheet"), "source_row", *keys,
        said.replace_strict(_words(), default=None, return_dtype=pl.String).alias("conclusion"),
        pl.col("note").str.slice(0, _NOTE), "author", written.alias("day"),
    )  # fmt: skip
    needed = pl.col("conclusion").is_in(["pending", "to_verify"]).not_() & pl.col("note").is_null()
    lacking = {name: filled[name].is_null() for name in ("conclusion", "author", "day")}
    lacking["note"] = read.select(needed.fill_null(False)).to_series()
    for at in filled.select(pl.any_horizontal(*lacking.values()).arg_true()).to_series()[:1]:
        names: list[Words] = [_heads()[name] for name in FILLED if lacking[name][at]]
        raise unauditable("judgement_half", where=_place(read, at), lacking=names)
    choices = [*(table()["judgement"][name] for name in FINDING), *(table()["verdict"][name] for name in CLAIM)]
    wrong = {
        "judgement_word": (read["conclusion"].is_null(), "conclusion", {"choices": choices}),
        "judgement_day": (read["day"].is_null(), "day", {}),
        "judgement_key": (read["fingerprint"].is_null() & read["lasting"].is_null()
                          | (filled["lasting"].is_not_null() & read["lasting"].is_null()), "fingerprint", {}),
    }  # fmt: skip
    for key, (bad, name, more) in wrong.items():
        for at in bad.arg_true()[:1]:
            raise unauditable(key, where=_place(read, at), said=mask.text(filled[name][at] or ""), **more)
    return read


def _once(entries: pl.DataFrame) -> pl.DataFrame:
    """The first entry of each conclusion. Raises Fault where two of one fingerprint differ."""
    key = pl.coalesce(pl.col("lasting").cast(pl.String) + "L", pl.col("fingerprint").cast(pl.String))
    keyed = entries.with_columns(key=key)
    first = keyed.unique("key", keep="first", maintain_order=True)
    said = first.select("key", said="conclusion", **{f"its_{name}": name for name in PLACE})
    other = keyed.join(said, on="key", maintain_order="left").filter(pl.col("said") != pl.col("conclusion"))
    for two in other.head(1).to_dicts():
        raise differ(two, {name: two[f"its_{name}"] for name in PLACE})
    return first.drop("key")


def differ(one: Json, other: Json) -> Fault:
    """That two entries about one thing conclude differently."""
    first, second = (where(at) for at in (other, one))
    return unauditable("judgement_two", first=first, second=second)


def _place(read: pl.DataFrame, at: int) -> Words:
    file, sheet, row = (read[name][at] for name in PLACE)
    return _where(file, sheet, row)


def where(entry: Json) -> Words:
    """The place of an entry, for a sentence."""
    return _where(*(entry[name] for name in PLACE))


def _where(file: str, sheet: str, row: int) -> Words:
    source: Words | str = phrase("where.sheet", file=file, sheet=sheet) if sheet else file
    return phrase("where.row", file=source, row=row)
