"""Which platform wrote a sheet: the layouts whose headers stand in one row of it, and how its columns are read."""

import re
from collections.abc import Set
from dataclasses import replace
from itertools import pairwise, zip_longest

from auditor import mask
from auditor.intake.recognise import Recognition, Shape, recognise
from auditor.intake.sheet import IDLE, RETOLD, Sheet
from auditor.layout import Cells, Form, catalogue, forms
from auditor.schema import normal, tables, unit_of

_ABOVE = r"[:：]\s*(.*?)\s*(?=\s[^\s:：]+[:：]|$)"  # 课程：安全生产 班级：一班


def told(sheets: list[Sheet]) -> list[tuple[Sheet, Recognition | None, str | None]]:
    """The sheets of a file with what each is, one that is several tables once for each, and why one is set aside as a
    whole: another tells the same row by row, or its platform says nothing of study in it."""
    found = [(sheet, find(sheet)) for sheet in sheets]
    known = [one.shape.form for _, several in found for one in several if one.shape]
    rows = [one for sheet, several in found for one in several if one.shape and len(sheet.head) > one.header + 1]
    telling = {(one.shape.form.layout, one.shape.form.id) for one in rows if one.shape}
    idle = [pattern for form in known for pattern in catalogue()[form.layout].nothing]
    said: list[tuple[Sheet, Recognition | None, str | None]] = []
    for sheet, several in found:
        wrapping = not sheet.headed and not sheet.name and len(known) > 0  # what stands around the list of one answer
        if not several and (wrapping or any(re.search(pattern, sheet.name) for pattern in idle)):
            said.append((sheet, None, IDLE))
        else:
            each: list[Recognition | None] = [*(several or recognise(sheet))] or [None]
            said += [(sheet, one, RETOLD if one and _retold(one, telling) else None) for one in each]
    return said


def _retold(found: Recognition, telling: set[tuple[str, str]]) -> bool:
    """Whether a form among `telling` (layout, id: those that have rows) says the same row by row."""
    form = found.shape.form if found.shape else None
    return form is not None and form.unless is not None and (form.layout, form.unless) in telling


def find(sheet: Sheet) -> list[Recognition]:
    """The forms that a sheet is: none, one, or several that share its rows."""
    best: tuple[tuple[int, int], int, Form, Recognition] | None = None
    rows = [{normal(cell) for cell in row} for row in sheet.head]
    for form in forms():
        for header in range(len(sheet.head) - form.header_rows + 1):
            names = rows[header].union(*rows[header + 1 : header + form.header_rows])
            if form.may_be(names) and (found := fit(form, sheet, header)):
                marks = set().union(*form.marks).intersection(map(normal, sheet.head[header + form.header_rows - 1]))
                rank = len(marks) + len(found.fields), -header
                if best is None or rank > best[0]:
                    best = rank, header, form, found
                break
    if best is None:
        return []
    _, header, form, found = best
    if form.split is None:
        return [found]
    together = [one for one in forms() if one.layout == form.layout and one.split == form.split]
    several = [(one, again) for one in together if (again := fit(one, sheet, header))]
    return [
        _among(again, [before for before, _ in several[:number]], number == len(several) - 1)
        for number, (_, again) in enumerate(several)
    ]


def fit(form: Form, sheet: Sheet, top: int) -> Recognition | None:
    """The sheet as this form, its header beginning at row `top` of its head; None where it is not."""
    rows = sheet.head[top : top + form.header_rows]
    groups = _groups(form, rows) if form.wide else ()
    if form.wide and not groups:
        return None
    inside = {place for _, group in groups for places in group.values() for place in places}
    names = [_name(column, place in inside) for place, column in enumerate(zip_longest(*rows, fillvalue=""))]
    short = [normal(name) for name in names]
    places = {
        name: found
        for name, cells in form.columns.items()
        if (found := [place for place in cells.places(short) if place not in inside])
    }
    table = tables()[form.table]
    title = " ".join([sheet.name, *(cell for row in sheet.head[:top] for cell in row)])
    if form.titles and not any(word in title for word in form.titles):
        return None
    if form.long:
        if not {*form.long.keys, form.long.element, form.long.value} <= set(short):
            return None
    elif not _holds(form.needs, places.keys() | (groups[0][1].keys() if groups else set())):
        return None
    if form.pairs and not {form.pairs.action, form.pairs.time} <= set(short):
        return None
    lowest = {normal(cell) for cell in rows[-1]}
    if not all(lowest.intersection(mark) for mark in form.marks):
        return None
    if not form.long:
        taken = inside | {place for found in places.values() for place in found}
        taken |= {place for place, name in enumerate(short) if form.pairs and name == form.pairs.time}
        for place, name in enumerate(short):  # what else our own names know
            if place not in taken and name not in form.ignore and (more := table.headers.get(name)):
                places.setdefault(more, [place])
    above = sheet.head[:top]
    constants = {name: said for name, called in form.above.items() if (said := _above(above, called))}
    constants |= {name: said for name, called in form.under.items() if (said := _under(above, called))}
    return _recognition(form, top + form.header_rows - 1, Shape(form, names, places, constants, groups))


def _holds(needs: tuple[str, ...], fields: Set[str]) -> bool:
    """Whether every field, or of `a|b` one of them, is there."""
    return all(fields & set(need.split("|")) for need in needs)


def _name(column: tuple[str, ...], inside: bool) -> str:
    """The header of a column: of one inside the records of a wide sheet the lowest cell, else the highest."""
    return next((cell for cell in (column[::-1] if inside else column) if cell.strip()), "")


def _recognition(form: Form, header: int, shape: Shape) -> Recognition:
    said: dict[str, str] = {}
    for name in tables()[form.table].columns:
        if name in shape.places:
            said[name] = " / ".join(dict.fromkeys(shape.names[place] for place in shape.places[name]))
        elif form.long and name in form.columns:
            said[name] = " / ".join(form.columns[name].headers)
        elif form.pairs and name in ("start_at", "end_at"):
            said[name] = shape.names[[normal(one) for one in shape.names].index(form.pairs.time)]
        elif shape.groups and name in shape.groups[0][1]:
            said[name] = shape.names[shape.groups[0][1][name][0]]
        elif form.wide and name == form.wide.title:
            said[name] = mask.text(shape.groups[0][0]) + (" …" if len(shape.groups) > 1 else "")
        elif name in shape.constants:
            said[name] = {**form.under, **form.above}[name][0]
    cells = {**form.columns, **(form.wide.fields if form.wide else {})}
    units = {name: cells.get(name, Cells()).unit or unit_of(header) for name, header in said.items()}
    fields = {name: at for at, name in enumerate(said)}
    return Recognition(tables()[form.table], header, list(said.values()), fields, units, shape=shape)


def _among(found: Recognition, before: list[Form], last: bool) -> Recognition:
    assert found.shape
    return replace(found, shape=replace(found.shape, before=tuple(before), last=last))


def _groups(form: Form, rows: list[list[str]]) -> tuple[tuple[str, dict[str, list[int]]], ...]:
    """Each record of a wide sheet: its title, and where its fields stand. A field that comes again begins another."""
    assert form.wide
    heads = [normal(cell) for cell in rows[-1]]
    found: list[tuple[str, dict[str, list[int]]]] = []
    title = ""
    for place, head in enumerate(heads):
        over = [row[place].strip() for row in rows[:-1] if place < len(row) and row[place].strip()]
        title = over[-1] if over else title
        name = next((name for name, cells in form.wide.fields.items() if head in cells.headers), None)
        if name is None:
            continue
        if over or not found or name in found[-1][1]:
            found.append((title, {}))
        found[-1][1][name] = [place]
    return tuple(found)


def _above(rows: list[list[str]], called: tuple[str, ...]) -> str | None:
    """What stands beside, or behind a colon after, one of the names above the header."""
    for name in called:
        for row in rows:
            for place, cell in enumerate(row):
                if normal(cell.rstrip(":： ")) == normal(name):
                    beside = next((one.strip() for one in row[place + 1 :] if one.strip()), None)
                    if beside:
                        return beside
                elif match := re.search(rf"(?:^|\s){re.escape(name)}{_ABOVE}", cell):
                    return match[1] or None
    return None


def _under(rows: list[list[str]], called: tuple[str, ...]) -> str | None:
    """What stands below one of the names."""
    for row, below in pairwise(rows):
        for place, cell in enumerate(row[: len(below)]):
            if normal(cell) in map(normal, called) and below[place].strip():
                return below[place].strip()
    return None
