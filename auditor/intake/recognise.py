"""Which table a sheet is, where its header stands, and which column is which field."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

from auditor import mask
from auditor.fault import unauditable
from auditor.intake.sheet import Sheet
from auditor.layout import Form, headers
from auditor.schema import Table, normal, tables, unit_of
from auditor.words import phrase

_TITLE_ROWS = 6
_MOMENT = r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.{0,6}\d{1,2}:\d{2}"
_PEOPLE = frozenset(("id_number", "account", "name"))


@dataclass(frozen=True)
class Shape:
    """How a platform's sheet becomes a table. `places`: field → columns of the sheet, the first that says something
    counts; `constants`: what stands above the header; `groups`: of a wide sheet, each record's title and columns;
    `before`: forms that take their rows of the sheet first; `last`: whether no other form comes after."""

    form: Form
    names: list[str]
    places: dict[str, list[int]]
    constants: dict[str, str] = field(default_factory=dict)
    groups: tuple[tuple[str, dict[str, list[int]]], ...] = ()
    before: tuple[Form, ...] = ()
    last: bool = True


@dataclass(frozen=True)
class Recognition:
    """`fields`: field → position; `header`: position of the header among the sheet's rows; `orders`: field → how its
    bare dates are to be read (dmy, mdy, ymd); `colons`: field → seconds in the first figure of a length such as 90:30;
    `shape`: how the columns `names` are made from those of the sheet, where a platform's layout says so."""

    table: Table
    header: int
    names: list[str]
    fields: dict[str, int]
    units: dict[str, int | None] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    colons: dict[str, int] = field(default_factory=dict)
    shape: Shape | None = None

    @property
    def width(self) -> int:
        """Columns of the sheet."""
        return len(self.shape.names if self.shape else self.names)

    @property
    def dates(self) -> str | None:
        """The order of day, month and year that a layout or the auditor's mapping of this sheet says."""
        return self.shape.form.dates if self.shape else None

    @property
    def wanted(self) -> set[int]:
        """The columns of the sheet that are looked at."""
        if not self.shape:
            return set(self.fields.values())
        form, names = self.shape.form, [normal(name) for name in self.shape.names]
        conditions = [one for each in (form, *self.shape.before) for one in (*each.only, *each.skip)]
        grouped = (*form.long.keys, form.long.element, form.long.value) if form.long else ()
        paired = (form.pairs.action, form.pairs.time) if form.pairs else ()
        read = [*self.shape.places.values(), *(place for _, group in self.shape.groups for place in group.values())]
        read += [condition.cells.places(names) for condition in conditions]
        return {place for places in read for place in places} | {names.index(name) for name in (*grouped, *paired)}

    @property
    def unrecognised(self) -> list[str]:
        if self.shape:
            read = [*self.shape.places.values(), *(place for _, group in self.shape.groups for place in group.values())]
            taken, names = {place for places in read for place in places}, self.shape.names
            taken |= {place for place, name in enumerate(names) if normal(name) in self.shape.form.spoken_of}
            taken |= {one.cells.place - 1 for one in self.shape.form.skip if one.cells.place}
        else:
            taken, names = set(self.fields.values()), self.names
        return [mask.text(name) for place, name in enumerate(names) if place not in taken and name.strip()]

    def shown(self, place: int) -> str:
        """A header as it may be written: anything may stand in one."""
        return mask.text(self.names[place])


def recognise(sheet: Sheet) -> list[Recognition]:
    """The best fitting table, if any. Two columns that fit one field of it end the audit with both names."""
    if (found := best_fit(sheet)) is None:
        return []
    _refuse_doubles(sheet, found)
    return [found]


def recognised_as(sheets: list[Sheet], table: str) -> list[tuple[Sheet, Recognition | None, str | None]]:
    """Sheets of which it is known that they are this table; one without its headers is nothing. Raises Fault where all
    are."""
    found = [(sheet, best_fit(sheet, tables()[table])) for sheet in sheets]
    if not any(fits for _, fits in found):
        raise unauditable("not_that_table", file=sheets[0].file if sheets else "", table=tables()[table].label)
    for sheet, fits in found:
        if fits:
            _refuse_doubles(sheet, fits)
    return [(sheet, fits, None) for sheet, fits in found]


def best_fit(sheet: Sheet, only: Table | None = None) -> Recognition | None:
    """The same, the first of two columns that fit one field being taken for it. `only`: the one table it may be."""
    best: tuple[int, Recognition] | None = None
    seen: set[tuple[str, ...]] = set()  # a header that comes again stands below data, not below titles
    for header, row in enumerate(sheet.head if sheet.headed else sheet.head[:1]):
        if (names := tuple(normal(cell) for cell in row if cell.strip())) in seen:
            continue
        above = " ".join(
            [
                PurePosixPath(sheet.file).name.lower(),
                sheet.name,
                *(cell for line in sheet.head[:header][:_TITLE_ROWS] for cell in line),
            ]
        )
        for table in (only,) if only else tables().values():
            score = _score(table, row, f"{above} {table.titles[0]}" if only else above)
            if score:
                seen.add(names)
            if score and (best is None or score > best[0]):
                best = (score, _read(table, header, row))
    return best[1] if best else None


@cache
def _headers() -> frozenset[str]:
    return headers().union(*(table.headers for table in tables().values()))


def known_headers(cells: list[str]) -> frozenset[str]:
    """What among the cells is the header of a field of any table, normalised."""
    return _headers().intersection(map(normal, cells))


@cache
def _people() -> frozenset[str]:
    """The headers of columns that name a person."""
    return frozenset(alias for table in tables().values() for alias, name in table.headers.items() if name in _PEOPLE)


def is_about_people(sheet: Sheet) -> bool:
    """Whether a sheet that is no table of ours may still hold rows of people: a header that names them, or an identity
    number. What it holds is unknown, so nobody may be refused for lacking it. A key called name may be anything's."""
    cells = [cell for row in sheet.head for cell in row]
    names = _people() if sheet.headed else _people() - {"name"}
    return any(normal(cell) in names or re.fullmatch(r"\s*[1-9]\d{16}[\dXx]\s*", cell) for cell in cells)


def tells_times(sheet: Sheet) -> bool:
    """Whether moments stand in two rows of a sheet: what happened then may have been somebody's study."""
    return sum(any(re.search(_MOMENT, cell) for cell in row) for row in sheet.head) > 1


def is_answer_key(sheet: Sheet) -> bool:
    """The answers that `auditor demo` writes beside its export."""
    return bool(sheet.head) and {"id_number", "rule", "source_file", "source_row", "why"} <= set(sheet.head[0])


def _score(table: Table, row: list[str], above: str) -> int:
    headers = table.headers
    if not table.columns.keys() & _PEOPLE and not _people().isdisjoint(map(normal, row)):
        return 0  # rows of people are no list of lessons or employers, whatever else they say
    found = {headers[name] for cell in row if (name := normal(cell)) in headers}
    titled = any(word in above for word in table.titles)
    others = {normal(cell) for cell in row} - {*headers, *table.beside, ""}
    if any(word in other for other in others for word in table.unlike):
        return 0
    if table.beside:
        titled = titled and not _titled_otherwise(table, above)
        if others and not titled:
            return 0
    if table.by_title and table.columns.keys() & _PEOPLE:  # a list of claims lost would be worse
        titled = titled and not any(word in above for word in tables()["claims"].titles)
    marked = sum(mark in found for mark in table.marks)
    if titled and not marked and table.yields:
        other = tables()[table.yields]
        marks = {other.headers.get(normal(cell)) for cell in row}.intersection(other.marks)
        titled = len(marks) < 2
    enough = 1 if table.by_title else 2
    if len(found) < enough or not all(found.intersection(group) for group in table.one_of) or not (marked or titled):
        return 0
    return 10 * marked + len(found) + (60 if table.by_title else 30) * titled


def _titled_otherwise(table: Table, above: str) -> bool:
    """Whether a title of another table of people stands there: 补贴人员名单 is a list of claims."""
    others = [other for other in tables().values() if other is not table and other.columns.keys() & _PEOPLE]
    return any(word in above for other in others for word in other.titles)


def _read(table: Table, header: int, row: list[str]) -> Recognition:
    fields: dict[str, int] = {}
    for place, cell in enumerate(row):
        if name := table.headers.get(normal(cell)):
            fields.setdefault(name, place)
    for place, cell in enumerate(row):
        if name := table.fallbacks.get(normal(cell)):
            fields.setdefault(name, place)
    units = {
        name: unit_of(row[place]) for name, place in fields.items() if table.columns[name].kind in ("duration", "money")
    }
    return Recognition(table, header, [str(cell) for cell in row], fields, units)


def _refuse_doubles(sheet: Sheet, found: Recognition) -> None:
    for name, place in found.fields.items():
        for other in range(place + 1, len(found.names)):
            if found.table.headers.get(normal(found.names[other])) == name:
                raise unauditable(
                    "doubles",
                    where=phrase("where.sheet", file=sheet.file, sheet=sheet.name) if sheet.name else sheet.file,
                    row=found.header + 1,
                    one=found.shown(place),
                    other=found.shown(other),
                    label=found.table.columns[name].label,
                )
