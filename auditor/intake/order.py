"""In which order a column writes day, month and year, where all three are bare figures: what the whole column proves.

An order is ruled out by a value whose figures are out of its ranges (a month is at most 12, a day at most 31, a year
has two or four figures); whether the date exists is not asked, so that one impossible date decides nothing. Nothing is
guessed: where two orders are left that read a value differently, the columns of the sheet written alike are asked, then
the auditor (`--dates`), and else the audit ends.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from auditor.fault import Fault, unauditable
from auditor.intake.recognise import Recognition
from auditor.intake.sheet import Sheet, TextBatch
from auditor.intake.text import clean
from auditor.words import Words, phrase

Again = Callable[[], Iterator[TextBatch]]
ORDERS = ("dmy", "mdy", "ymd")
KINDS = ("time", "moment", "date", "term")
_BARE = r"\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{1,2})"
_PERHAPS = r"^\D{0,16}\d{1,2}[-/.－／．]\d{1,2}[-/.－／．]\d"
_DAY = rf"^(?:\D{{1,16}} )?({_BARE})(?:$|[ ,])"
_TIME = rf"^(?:\D{{1,16}} )?({_BARE})[ ,].*(?:\d[:时点]|\d{{6}})"  # a date alone is no time
_SPREAD, _STILL = 15, 3  # different years: no training has the one; the other is a season and its neighbours
_YEAR_FIRST = r"^\d{4}-"
_SEEN = {"text": pl.String, "row": pl.Int64}


@dataclass(frozen=True)
class _Column:
    """`seen`: the distinct dates with their first row, and by order the day (yyyymmdd) it makes of each, null where it
    makes none; `left`: orders that nothing rules out."""

    seen: pl.DataFrame
    left: tuple[str, ...]
    spread: bool  # whether only the years say so

    @property
    def writing(self) -> frozenset[tuple[str, bool]]:
        """The separators, and whether years are written in full."""
        return frozenset(self.seen.select("sign", "full").unique().rows())

    @property
    def disputed(self) -> pl.DataFrame:
        """The dates that the orders left read differently."""
        return self.seen.filter(pl.any_horizontal(pl.col(self.left[0]) != pl.col(order) for order in self.left[1:]))

    @property
    def settled(self) -> bool:
        return len(self.left) == 1 or (len(self.left) > 1 and self.disputed.is_empty())

    def against(self, order: str) -> tuple[int, str]:
        """The first row that rules an order out, and what stands there."""
        first = self.seen.filter(pl.col(order).is_null()).row(0, named=True)
        return first["row"], first["text"]


def decide(
    found: Recognition, first: TextBatch, sheet: Sheet, again: Again, dates: str | None
) -> tuple[dict[str, str], list[Words]]:
    """field → order, for the columns that need one, and what a reader must know of it. Only where the batch `first`
    holds such dates the sheet is read for them: `again`. `dates`: what the auditor says, where the data do not."""
    fields = {
        name: place
        for name, place in found.fields.items()
        if found.table.columns[name].kind in KINDS and first.column(place).str.contains(_PERHAPS).any()
    }
    seen, mixed = _scan(found, again, fields) if fields else ({}, set())
    columns = {name: column for name, one in seen.items() if len((column := _weigh(one)).seen)}
    orders, notes = dict[str, str](), list[Words]()
    for name, column in columns.items():
        header = found.shown(fields[name])
        if name in mixed:
            notes.append(phrase("note.order_mixed", header=header))
        if column.settled:
            orders[name] = column.left[0]
            notes += [_proof(header, column)] if len(column.left) == 1 else []
            continue
        alike = {other: one for other, one in columns.items() if other != name and one.writing == column.writing}
        common = set(column.left).intersection(*(one.left for one in alike.values() if one.left))
        if len(common) == 1:
            orders[name] = common.pop()
            others = [found.shown(fields[other]) for other in alike]
            notes.append(phrase("note.order_alike", header=header, order=_said(orders[name]), others=others))
        elif dates and dates in (column.left or ORDERS):
            orders[name] = dates
            notes.append(phrase("note.order_option", header=header, order=_said(dates)))
        else:
            raise _refusal(sheet, header, column)
    return orders, notes


def _scan(found: Recognition, again: Again, fields: Mapping[str, int]) -> tuple[dict[str, pl.DataFrame], set[str]]:
    """The distinct bare dates of each field, with their first row; and the fields that also hold dates year first."""
    seen = {name: pl.DataFrame(schema=_SEEN) for name in fields}
    mixed: set[str] = set()
    for batch in again():
        for name, place in fields.items():
            form = _TIME if found.table.columns[name].kind == "time" else _DAY
            raw = batch.column(place)
            texts = raw.str.extract(form)
            if name not in mixed and raw.str.contains(_YEAR_FIRST).any():
                mixed.add(name)
            odd = (texts.is_null() & raw.str.contains(_PERHAPS).fill_null(False)).arg_true()
            if len(odd):
                texts = texts.scatter(odd, clean(raw.gather(odd)).str.replace_all(r"\s+", " ").str.extract(form))
            fresh = pl.DataFrame({"text": texts, "row": batch.rows}).filter(pl.col("text").is_not_null())
            seen[name] = pl.concat([seen[name], fresh]).group_by("text").agg(pl.col("row").min())
    return seen, mixed


def _weigh(seen: pl.DataFrame) -> _Column:
    groups = pl.col("text").str.extract_groups(r"^(?<p>\d+)(?<sign>[-/.])(?<q>\d+)[-/.](?<r>\d+)$").alias("g")
    parts = seen.sort("row").with_columns(groups).unnest("g").with_columns(full=pl.col("r").str.len_chars() == 4)
    parts = parts.with_columns(
        _reading("dmy", "rqp", pl.col("r").str.len_chars().is_in([2, 4])),
        _reading("mdy", "rpq", pl.col("r").str.len_chars().is_in([2, 4])),
        _reading("ymd", "pqr", (pl.col("p").str.len_chars() == 2) & ~pl.col("full")),
    )
    parts = parts.filter(pl.any_horizontal(pl.col(order).is_not_null() for order in ORDERS))
    left = tuple(order for order in ORDERS if not parts[order].null_count())
    return _Column(parts, *_by_years(parts, left))


def _reading(order: str, places: str, fits: pl.Expr) -> pl.Expr:
    year, month, day = (pl.col(place).cast(pl.Int64) for place in places)
    real = fits & month.is_between(1, 12) & day.is_between(1, 31)
    return pl.when(real).then(year * 10_000 + month * 100 + day).alias(order)


def _by_years(parts: pl.DataFrame, left: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Where a short year may stand first or last: the place whose figures hardly change, if the other's would spread
    over many years."""
    if "ymd" not in left or len(left) == 1 or parts.is_empty():
        return left, False
    front, back = (len(parts[name].cast(pl.Int64).unique()) for name in "pr")
    if front >= _SPREAD and back <= _STILL:
        return tuple(order for order in left if order != "ymd"), True
    if back >= _SPREAD and front <= _STILL:
        return ("ymd",), True
    return left, False


def _said(order: str) -> Words:
    return phrase(f"note.{order}")


def _proof(header: str, column: _Column) -> Words:
    order = column.left[0]
    said = {"header": header, "order": _said(order)}
    others = [other for other in ORDERS if other != order]
    only = column.seen.filter(pl.all_horizontal(pl.col(other).is_null() for other in others))
    if column.spread and only.is_empty():
        return phrase("note.order_years", **said)
    proofs = [column.against(other) for other in others] if only.is_empty() else only.select("row", "text").rows()[:1]
    return phrase("note.order", **said, proofs=[phrase("note.proof", row=row, text=text) for row, text in proofs])


def _refusal(sheet: Sheet, header: str, column: _Column) -> Fault:
    where = phrase("where.sheet", file=sheet.file, sheet=sheet.name) if sheet.name else sheet.file
    if not column.left:
        one, other = _contradiction(column)
        return unauditable(
            "order_both", where=where, header=header, row=one[0], text=one[1], other_row=other[0], other=other[1]
        )
    example = column.disputed.row(0, named=True)
    readings = [phrase("note.reading", day=_day(example[order]), order=order) for order in column.left]
    return unauditable("order", where=where, header=header, row=example["row"], text=example["text"], readings=readings)


def _contradiction(column: _Column) -> tuple[tuple[int, str], tuple[int, str]]:
    """Two dates that no order reads, else two that leave none to a third."""
    ways: dict[frozenset[str], tuple[int, str]] = {}
    for row in column.seen.iter_rows(named=True):
        ways.setdefault(frozenset(order for order in ORDERS if row[order] is not None), (row["row"], row["text"]))
    pairs = list(combinations(ways.items(), 2))
    pair = next((pair for pair in pairs if not pair[0][0] & pair[1][0]), pairs[0])
    return pair[0][1], pair[1][1]


def _day(number: int) -> str:
    year = number // 10_000
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    return f"{year}-{number // 100 % 100:02}-{number % 100:02}"
