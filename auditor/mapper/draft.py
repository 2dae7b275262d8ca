"""What a sheet is taken for, column by column, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath

from auditor import mask
from auditor.intake import guess, mapping, platform
from auditor.intake.guess import Column
from auditor.intake.mapping import NONE, named
from auditor.intake.recognise import Recognition, best_fit, is_about_people, is_answer_key
from auditor.intake.sheet import Sheet
from auditor.schema import Table, normal, tables, unit_of

HEADER, CONTENT, TOLD, OPEN = "by_header", "by_content", "by_you", "unsure"  # how sure: names of the section `map`
WHO = ("id_number", "account", "name", "phone")
# what a table cannot do without, beside its `one_of`: any of these fields; what follows is a name of the section `gap`
_GAPS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "sessions": ((WHO, "who"), (("start_at",), "start"), (("end_at", "duration"), "length")),
    "exams": ((WHO, "who"), (("score", "result"), "result")),
    "registrations": ((("id_number", "account"), "who_registered"),),
    "claims": ((("id_number", "name"), "who"), (("amount",), "amount")),
    "events": ((WHO, "who"), (("happened_at",), "start")),
    "courses": ((("course",), "course"),),
}
_TELLING = frozenset(("address", "time", "date", "duration", "number", "sex", "result"))  # kinds that name nobody


@dataclass(frozen=True)
class Draft:
    """`table`: None where nothing tells it. `header`: its place in the head, -1 for none. `columns`: field → column;
    `how`: field → how it is known. `units`: field of bare numbers → the word of their unit, None where nothing tells
    it. `order`: of day and month where the year comes last, "" where nothing proves it. `layout`: what a platform's
    layout reads by itself."""

    sheet: Sheet
    about_people: bool
    table: str | None
    table_how: str
    header: int
    header_known: bool
    looks: list[Column]
    columns: dict[str, int] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    units: dict[str, str | None] = field(default_factory=dict)
    order: str | None = None
    layout: Recognition | None = None

    @property
    def names(self) -> list[str]:
        """The headers; letters where there are none."""
        return named(self.sheet, self.header)

    @property
    def header_row(self) -> int:
        """As Excel shows it; 0 for none."""
        return self.header + self.sheet.first_row if self.header >= 0 else 0

    @property
    def schema(self) -> Table:
        return tables()[self.table or ""]

    @property
    def is_read(self) -> bool:
        return self.table not in (None, NONE)

    def gaps(self) -> list[tuple[tuple[str, ...], str]]:
        """The fields of which the table lacks any one, and what follows."""
        if not self.is_read:
            return []
        known = [gap for gap in _GAPS.get(self.table or "", ()) if set(gap[0]) & self.schema.columns.keys()]
        groups = [group for group, _ in known]
        known += [(group, "needed") for group in self.schema.one_of if group not in groups]
        return [gap for gap in known if self.columns.keys().isdisjoint(gap[0])]

    def samples(self, place: int) -> list[str]:
        """Three values, hidden as far as they may tell of a person."""
        if place >= len(self.looks):
            return []
        name = next((name for name, at in self.columns.items() if at == place), None)
        column = self.schema.columns[name] if self.is_read and name else None
        look = self.looks[place]
        texts = guess.shown(look.texts)
        if look.kind in ("identity", "phone") or (column and column.kind in ("identity", "phone")):
            return [mask.HIDDEN for _ in texts]
        if look.kind in ("employer", "course", "exam") or look.kind in _TELLING:
            told = look.kind in _TELLING or _speaking(texts)
        else:
            told = bool(column) and self.how.get(name or "") == HEADER
        return [mask.text(text, 24) if told and not (column and column.private) else _first(text) for text in texts]

    def doubles(self) -> dict[str, list[int]]:
        """Fields for which several headers speak, until the auditor has chosen one → the columns."""
        said = [self.schema.headers.get(normal(name)) for name in self.names]
        open_ones = [name for name, how in self.how.items() if how == OPEN]
        return {field: [place for place, name in enumerate(said) if name == field] for field in open_ones}

    def shown(self, place: int) -> str:
        """A header as it may be printed: what may be a value of somebody is not."""
        if self.header < 0 or place >= len(self.names) or not self._is_header:
            return ""
        name = self.names[place]
        personal = not self.header_known and self.looks[place].kind == "name" and guess.is_name(name)
        return "" if personal else mask.text(name)

    @cached_property
    def _is_header(self) -> bool:
        """Whether the row of the header holds headers, and no values."""
        return self.header_known or not guess.are_values([name for name in self.names if name.strip()])


def _speaking(texts: list[str]) -> bool:
    """Whether they are names of firms or lessons, and of nobody."""
    return all(guess.names_a_thing(text) for text in texts)


def _first(text: str) -> str:
    return f"{text[:1]}＊＊" if not text[:1].isdigit() else mask.HIDDEN


def drafts(sheets: list[Sheet]) -> list[Draft]:
    """What each sheet of a file is taken for. Raises Fault."""
    return [draft(sheet) for sheet in sheets]


def draft(sheet: Sheet, header: int | None = None, table: str | None = None) -> Draft:
    """`header`, `table`: where the auditor has said them; a table NONE is not read. Raises Fault."""
    if header is None and table is None and (found := platform.find(sheet)):
        return _by_layout(sheet, found)
    about = is_about_people(sheet)
    place, known = guess.header_of(sheet)
    if header is not None:
        place, known = header, known and header == place
    looks = guess.read(sheet, place, len(named(sheet, place)))
    empty = Draft(sheet, about, table, TOLD if table else OPEN, place, known, looks)
    if table == NONE:
        return empty
    if table is None and is_answer_key(sheet):
        return replace(empty, about_people=False)
    recognised = best_fit(sheet) if known else None
    if table is None and recognised:
        made = replace(empty, table=recognised.table.name, table_how=HEADER)
    elif table is None:
        above = " ".join([PurePosixPath(sheet.file).name.lower(), sheet.name,
                          *(cell for row in sheet.head[: max(place, 0)] for cell in row)])  # fmt: skip
        told = guess.table_of(looks, above)
        about = about or any(look.kind in ("identity", "phone", "name") for look in looks)
        made = replace(
            empty, about_people=about, table=told.table if told else None, table_how=CONTENT if told else OPEN
        )
    else:
        made = empty
    return _filled(made) if made.is_read else made


def _by_layout(sheet: Sheet, found: list[Recognition]) -> Draft:
    one = found[0]
    assert one.shape
    looks = guess.read(sheet, one.header, one.width)
    places = {name: at[0] for name, at in one.shape.places.items()}
    places |= {name: at[0] for _, group in one.shape.groups[:1] for name, at in group.items()}
    return Draft(sheet, True, one.table.name, HEADER, one.header, True, looks, places,
                 dict.fromkeys(places, HEADER), layout=one)  # fmt: skip


def _filled(made: Draft) -> Draft:
    """With its columns: those whose header is known, then those that look like a field."""
    columns: dict[str, int] = {}
    how: dict[str, str] = {}
    for place, name in enumerate(made.names if made.header >= 0 else ()):
        if known := made.schema.headers.get(normal(name)):
            how[known] = OPEN if known in columns else HEADER  # two columns of one field
            columns.setdefault(known, place)
    told = guess.fields_of(made.schema.name, made.looks, columns)
    taken = set(columns.values())
    for name, place in told.fields.items():
        if place not in taken and _may_be(made, name, place):
            columns[name], how[name] = place, CONTENT
    return settled(replace(made, columns=columns, how=how), told.units)


def _may_be(made: Draft, name: str, place: int) -> bool:
    """A header that says another field of any table speaks against what its column looks like."""
    said = normal(made.names[place]) if made.header >= 0 else ""
    others = {field for table in tables().values() if (field := table.headers.get(said))}
    return not others or name in others


def settled(made: Draft, units: dict[str, int | None]) -> Draft:
    """With the units of bare numbers and the order of day and month."""
    words = {place: word for word, place in mapping.UNITS["duration"].items()}
    said: dict[str, str | None] = {}
    for name, place in made.columns.items():
        if place >= len(made.looks) or made.schema.columns[name].kind != "duration" or not made.looks[place].bare:
            continue
        if made.header >= 0 and unit_of(made.names[place]):
            continue
        unit = units.get(name) or _agreed(made, place)
        said[name] = words[unit] if unit else made.units.get(name)
    kinds = ("time", "moment", "date")
    fields = [name for name, column in made.schema.columns.items() if column.kind in kinds]
    looked = [
        made.looks[made.columns[name]] for name in fields if made.columns.get(name, len(made.looks)) < len(made.looks)
    ]
    orders = [one.order for one in looked if one.order is not None]
    proved = next((one for one in orders if one), "")
    return replace(made, units=said, order=made.order or proved if orders else None)


def _agreed(made: Draft, place: int) -> int | None:
    """The unit in which a column agrees with end − start."""
    if not {"start_at", "end_at"} <= made.columns.keys():
        return None
    start, end = (made.looks[made.columns[name]].seconds() for name in ("start_at", "end_at"))
    return guess.unit_by(guess.figures(made.looks[place]), end - start)


def with_column(made: Draft, name: str, place: int | None) -> Draft:
    """As the auditor says: the field stands in that column, or in none."""
    columns = {field: at for field, at in made.columns.items() if field != name}
    how = {field: said for field, said in made.how.items() if field != name}
    if place is not None:
        columns[name], how[name] = place, TOLD
    return settled(replace(made, columns=columns, how=how), {})


def unused(made: Draft) -> Sequence[int]:
    """The columns that stand for no field and hold something."""
    taken = set(made.columns.values())
    return [place for place, look in enumerate(made.looks) if place not in taken and look.texts.count()]
