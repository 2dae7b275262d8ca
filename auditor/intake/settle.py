"""What only the data can tell of a recognised sheet: the unit of bare numbers in a duration column."""

from dataclasses import replace

import polars as pl

from auditor.intake import times
from auditor.intake.recognise import Recognition
from auditor.intake.sheet import TextBatch
from auditor.intake.text import clean
from auditor.words import Words, phrase

_EVIDENCE = 5_000  # rows that decide a unit


def settle(found: Recognition, batch: TextBatch) -> tuple[Recognition, list[Words]]:
    """What the first batch decides, and what a reader must know of it, in sentences. A column whose unit nobody states
    is left out."""
    fields, units, notes = dict(found.fields), dict(found.units), list[Words]()
    decided: int | None = None
    for name in [name for name in ("duration", "total_time", "minutes") if name in fields and not units.get(name)]:
        figures = times.bare(_first(batch, fields[name]))
        if figures.null_count() == len(figures):
            continue
        if name == "duration" and {"start_at", "end_at"} <= set(fields):
            decided = _unit(figures, batch, fields)
        header = found.shown(fields[name])
        if decided is None:
            del fields[name]
            notes.append(phrase("note.no_unit", header=header))
        else:
            units[name] = decided
            notes.append(phrase("note.unit", header=header, unit=phrase(f"note.{decided}")))
    if found.table.name == "claims" and "amount" not in fields:
        notes.append(phrase("note.no_amount"))
    if (
        found.table.name == "sessions"
        and "end_at" not in fields
        and {"start_at", "duration"} <= set(fields)
        and not (found.shape and not found.shape.form.by_hand)
    ):
        notes.append(phrase("note.no_end"))
    return replace(found, fields=fields, units=units), notes


def _first(batch: TextBatch, place: int) -> pl.Series:
    return clean(batch.column(place).head(_EVIDENCE))


def _unit(figures: pl.Series, batch: TextBatch, fields: dict[str, int]) -> int | None:
    """The unit (seconds) in which most bare numbers agree with end − start, or None."""
    start, end = (times.seconds(_first(batch, fields[name])) for name in ("start_at", "end_at"))
    length = end - start
    known = figures.is_not_null() & length.is_not_null() & (length > 0)
    for unit in (1, 60, 3600):
        near = ((figures * unit - length).abs() <= unit).filter(known)
        if len(near) and near.sum() * 2 > len(near):
            return unit
    return None
