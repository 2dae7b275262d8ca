"""What only the data can tell of a recognised sheet: the order of day and month, the unit of bare numbers in a duration
column."""

from dataclasses import replace

import polars as pl

from auditor.intake import order, times
from auditor.intake.order import Again
from auditor.intake.recognise import Recognition
from auditor.intake.sheet import Sheet, TextBatch
from auditor.intake.text import clean
from auditor.words import Words, phrase

_EVIDENCE = 5_000  # rows that decide a unit
_DAY_S = 86_400


def settle(
    found: Recognition, batch: TextBatch, sheet: Sheet, again: Again, dates: str | None = None
) -> tuple[Recognition, list[Words]]:
    """What the first batch decides, and what a reader must know of it, in sentences. A column whose unit nobody states
    is left out. `again`: reads the sheet once more; `dates`: the order of day and month where the data do not tell it.
    Raises Fault where nobody does."""
    orders, notes = order.decide(found, batch, sheet, again, dates)
    found = replace(found, orders=orders)
    fields, units, colons = dict(found.fields), dict(found.units), dict(found.colons)
    length = _length(batch, found)
    unit: int | None = None
    colon: int | None = None
    for name in [name for name in ("duration", "total_time", "minutes") if name in fields]:
        texts, header = _first(batch, fields[name]), found.shown(fields[name])
        figures, pairs = times.bare(texts), times.pairs(texts)
        if not units.get(name) and figures.count():
            if name == "duration":
                unit = _unit(
                    figures,
                    10.0 ** -texts.str.extract(r"\.(\d+)$").str.len_chars().cast(pl.Float64).fill_null(0),
                    length,
                )
            if unit is None and figures.count() < texts.count():
                notes.append(phrase("note.some_no_unit", header=header))
            elif unit is None:
                del fields[name]
                notes.append(phrase("note.no_unit", header=header))
                continue
            else:
                units[name] = unit
                notes.append(phrase("note.unit", header=header, unit=phrase(f"note.{unit}")))
        if pairs.count():
            if name == "duration" and (
                smaller := _unit(pairs, pl.repeat(1.0, len(pairs), eager=True), length, (1, 60))
            ):
                colon = smaller * 60
            if colon is not None:
                colons[name] = colon
                notes.append(phrase("note.colon", header=header, form=phrase(f"note.colon_{colon}")))
            else:
                notes.append(phrase("note.no_colon", header=header))
                if not times.durations(texts, units.get(name)).count():
                    del fields[name]
    if found.table.name == "claims" and "amount" not in fields:
        notes.append(phrase("note.no_amount"))
    if (
        found.table.name == "sessions"
        and "end_at" not in fields
        and {"start_at", "duration"} <= set(fields)
        and not (found.shape and not found.shape.form.by_hand)
    ):
        notes.append(phrase("note.no_end"))
    return replace(found, fields=fields, units=units, colons=colons), notes


def _first(batch: TextBatch, place: int) -> pl.Series:
    return clean(batch.column(place).head(_EVIDENCE))


def _length(batch: TextBatch, found: Recognition) -> pl.Series | None:
    """End − start of the first rows in seconds, where both are exported."""
    if not {"start_at", "end_at"} <= set(found.fields):
        return None
    start, end = (
        times.seconds(_first(batch, found.fields[name]), order=found.orders.get(name))
        for name in ("start_at", "end_at")
    )
    return end - start


def _unit(
    figures: pl.Series, step: pl.Series, length: pl.Series | None, units: tuple[int, ...] = (1, 60, 3600, _DAY_S)
) -> int | None:
    """The unit (seconds) in which most numbers above nought agree with `length` as closely as they are written (`step`:
    0.1 for 1.5), or None. Days are what a spreadsheet counts in: only fractions of one are such."""
    if length is None:
        return None
    known = (figures > 0) & (length > 0)
    for unit in units:
        near = (figures * unit - length).abs() <= pl.select(pl.max_horizontal(step * unit, 1.0)).to_series()
        if unit == _DAY_S:
            near &= figures < 1
        if (near & known).sum() * 2 > known.sum():
            return unit
    return None
