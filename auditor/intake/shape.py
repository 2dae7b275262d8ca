"""Batches of a platform's sheet → batches whose columns are the fields of its table."""

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from operator import or_

import polars as pl

from auditor.intake.batch import sift
from auditor.intake.recognise import Recognition, Shape
from auditor.intake.sheet import Aside, TextBatch
from auditor.layout import NOT_ACTIVITY, SERVICE, Cells, Condition
from auditor.schema import normal, tables

PART = 1 << 31  # records of one row: PART * the place of the record in it + the row as Excel shows it

_NOTHING = r"^[\s\-—/0:.]*(?:分钟|分|秒|小时|%)?\s*$"  # of a video that was not watched: -, 0分钟


def shaped(found: Recognition, batches: Iterator[TextBatch], asides: list[Aside]) -> Iterator[TextBatch]:
    """The rows of the sheet that are records of this table; the others are noted in `asides`."""
    assert found.shape
    shape = found.shape
    kept = (_kept(found, shape, batch, asides) for batch in batches)
    if shape.form.long or shape.form.pairs:
        if whole := [batch for batch in kept if len(batch.rows)]:  # such sheets are short
            yield _gathered(shape, whole) if shape.form.long else _paired(found, shape, whole)
        return
    for batch in kept:
        if len(batch.rows):
            yield _unfolded(found, shape, batch) if shape.groups else _picked(found, shape, batch)


def _kept(found: Recognition, shape: Shape, batch: TextBatch, asides: list[Aside]) -> TextBatch:
    """Without rows of other tables, rows that are no data, and rows that are nobody's study."""
    names = [normal(name) for name in shape.names]
    taken = _any([_all(form.only, batch, names) for form in shape.before], batch)
    mine = _all(shape.form.only, batch, names) & ~taken if shape.form.only else ~taken
    if shape.last and (others := ~taken & ~mine).any():
        asides.append(Aside(NOT_ACTIVITY, batch.rows.filter(others).to_list()))
    if not mine.all():
        batch = TextBatch(batch.cells.filter(mine), batch.rows.filter(mine))
    for why in dict.fromkeys(condition.why for condition in shape.form.skip):
        skip = _any([_holds(one, batch, names) for one in shape.form.skip if one.why == why], batch)
        if skip.any():
            who = _who(found, shape, batch.cells.filter(skip)) if why == SERVICE else None
            asides.append(Aside(why, batch.rows.filter(skip).to_list(), who=who))
            batch = TextBatch(batch.cells.filter(~skip), batch.rows.filter(~skip))
    if shape.form.long or not shape.places or not len(batch.rows):
        return batch
    raw = replace(found, names=shape.names, fields={name: places[0] for name, places in shape.places.items()})
    return sift(raw, batch, asides)


def _who(found: Recognition, shape: Shape, cells: pl.DataFrame) -> pl.DataFrame:
    named = [
        _field(found, shape, name).alias(name) if name in found.fields else pl.lit(None, dtype=pl.String).alias(name)
        for name in ("account", "name")
    ]
    return cells.select(named).unique()


def _holds(condition: Condition, batch: TextBatch, names: list[str]) -> pl.Series:
    places = condition.cells.places(names)
    if not places:
        return pl.repeat(False, len(batch.rows), dtype=pl.Boolean, eager=True)
    said = pl.coalesce(pl.col(str(place)) for place in places).str.strip_chars().fill_null("")
    told = said.str.contains(condition.like) if condition.like is not None else said.is_in(list(condition.values))
    return batch.cells.select(told.alias("told")).to_series()


def _all(conditions: tuple[Condition, ...], batch: TextBatch, names: list[str]) -> pl.Series:
    every = pl.repeat(True, len(batch.rows), dtype=pl.Boolean, eager=True)
    for one in conditions:
        every = every & _holds(one, batch, names)
    return every


def _any(each: list[pl.Series], batch: TextBatch) -> pl.Series:
    return reduce(or_, each, pl.repeat(False, len(batch.rows), dtype=pl.Boolean, eager=True))


def _value(places: list[int], cells: Cells | None) -> pl.Expr:
    value = pl.coalesce(pl.col(str(place)) for place in places)
    return value.str.extract(cells.pattern) if cells and cells.pattern else value


def _field(found: Recognition, shape: Shape, name: str) -> pl.Expr:
    if name in shape.places:
        value = _value(shape.places[name], shape.form.columns.get(name))
    else:
        value = pl.lit(shape.constants.get(name), dtype=pl.String)
    return value.alias(str(found.fields[name]))


def _picked(found: Recognition, shape: Shape, batch: TextBatch) -> TextBatch:
    return TextBatch(batch.cells.select(_field(found, shape, name) for name in found.fields), batch.rows)


def _unfolded(found: Recognition, shape: Shape, batch: TextBatch) -> TextBatch:
    """A row → its records, those of which anything is said."""
    wide = shape.form.wide
    assert wide
    cells, rows = [], []
    for number, (title, group) in enumerate(shape.groups):
        columns = [
            pl.lit(title).alias(str(at))
            if name == wide.title
            else _value(group[name], wide.fields[name]).alias(str(at))
            if name in group
            else pl.lit(None, dtype=pl.String).alias(str(at))
            if name in wide.fields
            else _field(found, shape, name)
            for name, at in found.fields.items()
        ]
        said = pl.any_horizontal(
            ~pl.col(str(at)).str.contains(_NOTHING) for places in group.values() for at in places
        ).fill_null(False)
        told = batch.cells.select(said.alias("said")).to_series()
        cells.append(batch.cells.filter(told).select(columns))
        rows.append(batch.rows.filter(told) + number * PART)
    return TextBatch(pl.concat(cells), pl.concat(rows), len(batch.rows))


def _paired(found: Recognition, shape: Shape, several: list[TextBatch]) -> TextBatch:
    """Each coming with the going of the same person that follows it; either alone is a record that lacks the other."""
    pairs = shape.form.pairs
    assert pairs
    names = [normal(name) for name in shape.names]
    action, when = (pl.col(str(names.index(name))).str.strip_chars() for name in (pairs.action, pairs.time))
    fields = [name for name in found.fields if name not in ("start_at", "end_at")]
    who = [_field(found, shape, name) for name in fields]
    frame = pl.concat([batch.cells.with_columns(row=batch.rows) for batch in several])
    frame = frame.select("row", *who, when=when, comes=action.is_in(pairs.opens), goes=action.is_in(pairs.closes))
    person = [str(found.fields[name]) for name in fields]
    paired = frame.with_columns(
        gone=pl.col("when").shift(-1).over(person),
        goes_next=pl.col("goes").shift(-1).over(person).fill_null(False),
        came=pl.col("comes").shift(1).over(person).fill_null(False),
    ).filter(pl.col("comes") | (pl.col("goes") & ~pl.col("came")))
    cells = paired.select(
        *person,
        pl.when("comes").then("when").alias(str(found.fields["start_at"])),
        pl.when("goes").then("when").when("goes_next").then("gone").alias(str(found.fields["end_at"])),
    )
    return TextBatch(cells, paired["row"], len(frame))


def _gathered(shape: Shape, several: list[TextBatch]) -> TextBatch:
    """The rows of each record together, at the place of the first of them."""
    long = shape.form.long
    assert long
    names = [normal(name) for name in shape.names]
    column = {name: str(names.index(name)) for name in (*long.keys, long.element, long.value)}
    frame = pl.concat([batch.cells.with_columns(row=batch.rows) for batch in several])
    element = pl.col(column[long.element]).str.strip_chars().str.to_lowercase().str.replace_all(r"[\s_:\-]", "")
    fields = []
    for at, (_, cells) in enumerate(_long_fields(shape)):
        each = [
            pl.col(column[long.value]).filter(element == name).last() for name in cells.headers if name not in column
        ]
        each += [pl.col(column[name]).first() for name in cells.headers if name in column]
        value = pl.coalesce(each)
        fields.append((value.str.extract(cells.pattern) if cells.pattern else value).alias(str(at)))
    keys = [column[name] for name in long.keys]
    made = frame.group_by([pl.col(key).alias(f"key{key}") for key in keys], maintain_order=True).agg(
        pl.col("row").min(), *fields
    )
    return TextBatch(
        made.select(str(at) for at in range(len(fields))), made["row"], sum(len(batch.rows) for batch in several)
    )


def _long_fields(shape: Shape) -> list[tuple[str, Cells]]:
    return [
        (name, shape.form.columns[name]) for name in tables()[shape.form.table].columns if name in shape.form.columns
    ]
