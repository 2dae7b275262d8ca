"""One batch of text → typed columns, and what was missing or could not be read. Depends on nothing global, so that a
loop on one machine and a map over many can both call it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from auditor import mask
from auditor.intake import times
from auditor.intake.memory import Memory
from auditor.intake.recognise import Recognition
from auditor.intake.sheet import BLANK, FOOT, REMARKS, REPEATED, SIGNED, TOTALS, Aside, TextBatch
from auditor.intake.text import NUMBER, clean, plain
from auditor.schema import Column, check, demands, tables

_DAY_S = 86_400
_LOCAL = frozenset([False])
TEXT_KINDS = ("text", "identity", "phone", "address", "networks", "blocks")
MISSING, UNREADABLE = "missing", "unreadable"


@dataclass(frozen=True)
class Batch:
    """`rows`: source_row, then the fields: Int64 a typed value, UInt32 a code of the field's `Memory`. `troubles`: row
    (position), field, kind (missing | unreadable), shown (what stood there, masked); what is wrong with a text is known
    when its sheet has been read. `zoned`: field of times → whether a time zone stood beside them (both, in a column of
    two minds)."""

    rows: pl.DataFrame
    troubles: pl.DataFrame
    zoned: dict[str, frozenset[bool]]


TROUBLES = {"row": pl.Int64, "field": pl.String, "kind": pl.String, "shown": pl.String}


def sift(found: Recognition, batch: TextBatch, asides: list[Aside]) -> TextBatch:
    """The batch without the rows that are no data: blank ones, repeated headers, totals and remarks."""
    frame = batch.cells
    first = str(min(found.fields.values()))
    blank = frame[first].is_null() | (frame[first].str.strip_chars() == "")
    if blank.any():  # only then are the other cells looked at
        blank &= frame.select(pl.all_horizontal(pl.all().str.strip_chars().fill_null("") == "")).to_series()
    names = {str(place): found.names[place].strip() for place in found.fields.values()}
    led = frame[frame.columns[0]]
    total = frame.select(pl.any_horizontal(pl.col(frame.columns[:2]).is_in(TOTALS))).to_series().fill_null(False)
    few, lone = _thin(frame, list(names))
    total |= _signed(frame, found)
    suspects = total | (frame[first] == names[first]).fill_null(False)
    if (thin := few | lone).any():
        said = led.set(~thin, None)
        title = frame.select(pl.all_horizontal(pl.col(frame.columns[1:]).is_null(), ~blank)).to_series()
        title &= said.str.contains("|".join(found.table.titles)).fill_null(False)  # one that stands on every page
        suspects = suspects | title | said.str.contains(REMARKS).fill_null(False)
    reasons = {BLANK: blank}
    if suspects.any():
        repeated = frame.select(pl.all_horizontal(pl.col(place) == name for place, name in names.items())).to_series()
        reasons[REPEATED] = suspects & repeated.fill_null(False)
        keys = [str(found.fields[name]) for name in ("id_number", "account") if name in found.fields]
        anonymous = frame.select(
            pl.all_horizontal(
                [~pl.col(key).str.contains(r"[0-9A-Za-z]{5}").fill_null(False) for key in keys] or [pl.lit(True)]
            )
        ).to_series()
        if len(anonymous) != len(frame):
            anonymous = pl.repeat(True, len(frame), eager=True)
        reasons[FOOT] = suspects & ~repeated.fill_null(False) & (anonymous & (total | few) | lone)
    dropped = pl.repeat(False, len(frame), eager=True)
    for reason, which in reasons.items():
        if which.any():
            asides.append(Aside(reason, batch.rows.filter(which).to_list()))
            dropped = dropped | which
    if not dropped.any():
        return batch
    return TextBatch(frame.filter(~dropped), batch.rows.filter(~dropped))


def _thin(frame: pl.DataFrame, names: list[str]) -> tuple[pl.Series, pl.Series]:
    """Which rows fill at most half of the columns `names` (a firm may be called 打印…), and which at most one."""
    if len(names) > 1 and not any(frame[name].null_count() for name in names):
        none = pl.repeat(False, len(frame), eager=True)
        return none, none
    cells = frame.select(pl.sum_horizontal(pl.col(name).is_not_null() for name in names)).to_series()
    return cells * 2 <= len(names), cells <= 1


def convert(found: Recognition, batch: TextBatch, demanded: Collection[str], memories: Mapping[str, Memory]) -> Batch:
    """Typed rows. `demanded`: fields that a clause wants filled in every row; `memories`: field → what is known."""
    table = found.table
    columns: dict[str, pl.Series] = {}
    reads: dict[str, tuple[pl.DataFrame, pl.Series, pl.Series | None]] = {}
    in_words: pl.Series | None = None
    troubles: list[pl.DataFrame] = []
    zoned: dict[str, frozenset[bool]] = {}
    for name, place in found.fields.items():
        column, cells = table.columns[name], batch.column(place)
        if column.kind == "time":
            columns[name], texts, zoned[name] = _times(cells, columns.get("day"), found.orders.get(name))
            if name == "end_at" and "day" in columns and "start_at" in columns:
                columns[name] = _next_day(columns["start_at"], columns[name], texts)
            reads[name] = pl.DataFrame({"value": columns[name]}), texts, None
        elif column.kind in TEXT_KINDS:
            columns[name] = memories[name].codes(cells)
        else:
            codes, texts = _encoded(cells, column.words)
            read = _typed(column, texts, found)
            if column.kind == "score":  # 成绩 that says 合格 or 缺考
                in_words = read["result"].gather(codes)
                texts = pl.select(pl.when(read["result"].is_null()).then(texts)).to_series()
            if column.kind == "moment":
                zoned[name] = frozenset(times.has_zone(texts))
            columns[name] = read["value"].gather(codes)
            reads[name] = read, texts, codes
    for name, values in columns.items():  # what pandera refuses, last: it may still be on its way
        column, wanted = table.columns[name], name in demanded
        if name in reads:
            columns[name] = _checked(table.name, column, reads[name], wanted, values, troubles)
        elif column.kind != "identity" and values.null_count():  # a missing number is said by rules of its own
            _note_missing(troubles, table.name, column, wanted, values.is_null())
    if in_words is not None and in_words.null_count() < len(in_words):
        columns["result"] = columns["result"].fill_null(in_words) if "result" in columns else in_words
    types = {name: pl.UInt32 if table.columns[name].kind in TEXT_KINDS else pl.Int64 for name in columns}
    rows = pl.DataFrame({"source_row": batch.rows, **{name: columns[name].cast(kind) for name, kind in types.items()}})
    return Batch(rows, pl.concat(troubles) if troubles else pl.DataFrame(schema=TROUBLES), zoned)


def _times(raw: pl.Series, day: pl.Series | None, order: str | None) -> tuple[pl.Series, pl.Series, frozenset[bool]]:
    """A time column → seconds, texts by row, and whether they carry a time zone. Only what no machine wrote is cleaned,
    once for each distinct text."""
    typed = times.common(raw)
    if typed.null_count() == raw.null_count():
        return typed, raw, _LOCAL
    zoned = frozenset(times.has_zone(raw.filter(typed.is_null()).drop_nulls()))
    zoned |= _LOCAL if typed.count() else frozenset()
    typed = times.others(raw, typed, order)
    if typed.null_count() == raw.null_count():
        return typed, raw, zoned
    left = raw.filter(typed.is_null()).drop_nulls().unique()
    texts = clean(left)
    tidy = pl.DataFrame({"raw": left, "text": texts, "value": times.seconds(texts, order=order)})
    joined = raw.alias("raw").to_frame().join(tidy, on="raw", how="left", maintain_order="left")
    texts = joined.select(pl.when(typed.is_null()).then("text").otherwise("raw").alias("text")).to_series()
    typed = typed.fill_null(joined["value"])
    return typed if day is None else typed.fill_null(times.clocks(day, texts)), texts, zoned


def _next_day(start: pl.Series, end: pl.Series, texts: pl.Series) -> pl.Series:
    """With the day in a column of its own, an end that is a mere time of day before its start is one of the next day,
    if that makes no more than half a day."""
    late = (end < start) & (end + _DAY_S - start <= _DAY_S // 2) & texts.str.contains(r"^\d{1,2}[:时]")
    return (end + _DAY_S).zip_with(late.fill_null(False), end)


def _encoded(cells: pl.Series, meant: Collection[str]) -> tuple[pl.Series, pl.Series]:
    """Position of each row's text among the distinct cleaned texts (null: missing), and those texts."""
    distinct = pl.Categories.random()
    encoded = cells.cast(pl.Categorical(distinct))
    cleaned = clean(distinct.to_series(), meant)
    texts = cleaned.drop_nulls().unique(maintain_order=True)
    places = pl.DataFrame({"text": texts, "code": pl.int_range(len(texts), dtype=pl.Int64, eager=True)})
    code_of = cleaned.alias("text").to_frame().join(places, on="text", how="left", maintain_order="left")["code"]
    return code_of.gather(encoded.to_physical()), texts


def _signed(frame: pl.DataFrame, found: Recognition) -> pl.Series:
    """Rows of signatures, which fill many cells (制表人：…, 审核：…, a day) but name nobody."""
    keys = [str(found.fields[name]) for name in ("id_number", "account") if name in found.fields]
    nobody = pl.all_horizontal([pl.col(key).is_null() for key in keys] or [pl.lit(False)])
    if not frame.select(nobody.any()).item():
        return pl.repeat(False, len(frame), dtype=pl.Boolean, eager=True)
    return frame.select(nobody & pl.col(frame.columns[0]).str.contains(SIGNED).fill_null(False)).to_series()


def _typed(column: Column, texts: pl.Series, found: Recognition) -> pl.DataFrame:
    """Distinct cleaned texts → `value`, with what else the kind knows."""
    unit, order = found.units.get(column.name), found.orders.get(column.name)
    match column.kind:
        case "moment":
            return pl.DataFrame({"value": times.seconds(texts, clock=False, order=order)})
        case "date":
            return pl.DataFrame({"value": times.days(texts, order)})
        case "term":
            return pl.DataFrame({"value": times.terms(texts, order)})
        case "month":
            return pl.DataFrame({"value": times.months(texts, order)})
        case "duration":
            return pl.DataFrame({"value": times.durations(texts, unit, found.colons.get(column.name))})
        case "money" | "number" | "score":
            figures = (
                plain(texts)
                .str.replace_all(r"[,，¥￥]|^人民币|整$", "")
                .str.strip_suffix("元")
                .str.strip_suffix("分")
                .str.strip_suffix("课时")
            )
            hundredths = 100 * (unit or 1)
            exact = figures.str.strip_chars().cast(pl.Float64, strict=False) * hundredths
            value = exact.round().cast(pl.Int64, strict=False)
            said = _said(tables()["exams"].columns["result"], texts)
            return pl.DataFrame({"value": value, "result": said.set(value.is_not_null(), None)})
        case "count":
            figure = (
                plain(texts).str.strip_prefix("第").str.strip_suffix("次").replace({"一": "1", "二": "2", "三": "3"})
            )
            return pl.DataFrame({"value": figure.cast(pl.Int64, strict=False)})
        case "serial":  # what is written in letters too is no number, and nothing is wrong with it
            return pl.DataFrame({"value": plain(texts).cast(pl.Int64, strict=False)})
        case "sex" | "result" | "yes":
            return pl.DataFrame({"value": _said(column, texts)})
    raise ValueError(column.kind)


def _said(column: Column, texts: pl.Series) -> pl.Series:
    """Words → the number the schema gives them, whatever their case."""
    return plain(texts).str.to_lowercase().replace_strict(dict(column.words), default=None, return_dtype=pl.Int64)


def _checked(
    table: str, column: Column, read: tuple[pl.DataFrame, pl.Series, pl.Series | None], demanded: bool,
    values: pl.Series, troubles: list[pl.DataFrame],
) -> pl.Series:  # fmt: skip
    """The `values` of all rows, null where pandera refuses them; troubles noted by row. `read`: values (of the rows, or
    with codes the distinct ones, each of which pandera then sees once), their texts, and the codes of the rows."""
    frame, texts, codes = read
    empty = texts.is_null() if codes is None else codes.is_null()
    typed = frame["value"]
    failures = check(table, column.name, typed, demanded)
    refused = failures.filter(pl.col("check") != "not_nullable")["index"]
    if len(refused):
        typed = typed.scatter(refused, None)
        values = typed if codes is None else typed.gather(codes)
    if typed.null_count() > texts.null_count() and column.kind != "serial":
        unread = pl.DataFrame({"code": pl.int_range(len(texts), dtype=pl.Int64, eager=True), "shown": texts}).filter(
            typed.is_null() & texts.is_not_null()
        )
        _note_unread(troubles, column, unread.rename({"code": "row"}) if codes is None else _rows_of(codes, unread))
    if empty.any():
        _note_missing(troubles, table, column, demanded, empty)
    return values


def _note_missing(troubles: list[pl.DataFrame], table: str, column: Column, demanded: bool, empty: pl.Series) -> None:
    if demands(table, column.name, demanded):
        rows = empty.arg_true()
        troubles.append(trouble(rows, column.name, MISSING, pl.repeat(None, len(rows), dtype=pl.String, eager=True)))


def _rows_of(codes: pl.Series, unread: pl.DataFrame) -> pl.DataFrame:
    rows = codes.alias("code").to_frame().with_row_index("row").filter(pl.col("code").is_in(unread["code"].to_list()))
    return rows.join(unread.with_columns(pl.col("code").cast(pl.Int64)), on="code", maintain_order="left").select(
        "row", "shown"
    )


def _note_unread(troubles: list[pl.DataFrame], column: Column, unread: pl.DataFrame) -> None:
    distinct = unread["shown"].unique()
    hidden = pl.repeat(mask.HIDDEN, len(distinct), eager=True)
    shown = hidden if column.private else mask.texts(distinct.str.strip_prefix(NUMBER))
    masked = unread["shown"].replace_strict(distinct, shown, return_dtype=pl.String)
    troubles.append(trouble(unread["row"], column.name, UNREADABLE, masked))


def trouble(rows: pl.Series, field: str, kind: str, shown: pl.Series) -> pl.DataFrame:
    constant = {"field": pl.lit(field), "kind": pl.lit(kind)}
    found = pl.DataFrame({"row": rows.cast(pl.Int64), "shown": shown.cast(pl.String)}).with_columns(**constant)
    return found.select(*TROUBLES)
