"""schemas/layouts/*.toml → how the exports of a platform are written: data, no code of any platform.

An auditor's own mapping of a file is written in the same words.
"""

import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from auditor.content import folder
from auditor.schema import normal, tables

Words = Mapping[str, str]
BY_HAND = "mapping"  # the layout of forms that an auditor wrote down
# why a row is set aside: names of the section `aside` of the words; what a service wrote may have been somebody's study
NOT_DATA, NOT_ACTIVITY, SERVICE = "not_data", "not_activity", "service"


@dataclass(frozen=True)
class Cells:
    """Where the values of a field stand: under the first of `headers` (normalised; one that ends in a point is any that
    begins so) where something does, or in the column `place` (from 1). `pattern`: its first group is the value; `unit`:
    seconds or yuan in a bare number."""

    headers: tuple[str, ...] = ()
    place: int | None = None
    pattern: str | None = None
    unit: int | None = None

    def places(self, names: list[str]) -> list[int]:
        """The columns among the normalised headers `names`, the first wanted first."""
        if self.place is not None:
            return [self.place - 1] if self.place <= len(names) else []
        return [
            place
            for header in self.headers
            for place, name in enumerate(names)
            if name == header or (header.endswith(".") and name.startswith(header))
        ]


@dataclass(frozen=True)
class Condition:
    """Rows whose cell in `cells` is one of `values` (or matches the pattern `like`, or is empty: `values` holds "");
    `why`: the reason for which they are set aside."""

    cells: Cells
    values: frozenset[str] = frozenset()
    like: str | None = None
    why: str = NOT_DATA


@dataclass(frozen=True)
class Wide:
    """Several records beside each other in a row: each run of columns headed by `fields` is a record, and what stands
    over it is its `title` field."""

    fields: Mapping[str, Cells]
    title: str


@dataclass(frozen=True)
class Long:
    """One record over several rows: those of equal `keys`; `element` names a value and `value` holds it."""

    keys: tuple[str, ...]
    element: str
    value: str


@dataclass(frozen=True)
class Pairs:
    """A record over two rows of one person: `action` holds one of `opens` in the first, one of `closes` in the second;
    `time` says when."""

    action: str
    time: str
    opens: frozenset[str]
    closes: frozenset[str]


@dataclass(frozen=True)
class Form:
    """One sheet of an export. It is recognised where a row holds a header of every field in `needs` and of every group
    of `marks`."""

    layout: str
    id: str
    label: Words
    table: str
    columns: Mapping[str, Cells]
    needs: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...] = ()
    ignore: frozenset[str] = frozenset()  # headers that are known and not used
    lacks: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()  # one of them is the sheet's name or stands above the header
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # field → how it is called above the header
    under: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the same, its value standing below the name
    only: tuple[Condition, ...] = ()  # rows of this table; the others are the next form's of the same `split`
    split: str | None = None
    skip: tuple[Condition, ...] = ()
    header_rows: int = 1
    wide: Wide | None = None
    long: Long | None = None
    pairs: Pairs | None = None
    unless: str | None = None  # a form of the same file that tells the same row by row
    estimated: bool = False  # the end follows from the length, breaks left out
    nicknamed: bool = False
    dates: str | None = None  # the order of day, month and year where the data do not tell it: dmy, mdy, ymd
    note: Words | None = None

    def may_be(self, names: Set[str]) -> bool:
        """Whether the headers `names` are enough for what must be there: a quick look before the thorough one."""
        return all(any(names & headers for headers in each) for each in self._must) and all(
            not names.isdisjoint(mark) for mark in self.marks
        )

    @cached_property
    def _must(self) -> list[list[frozenset[str]]]:
        """For every field needed the headers of it, or of one in its place; of `a.` and of places nothing is asked."""
        cells = {**self.columns, **(self.wide.fields if self.wide else {})}
        wanted = () if self.long else self.needs
        each = [[cells[name] for name in need.split("|") if name in cells] for need in wanted]
        return [
            [frozenset(one.headers) for one in several]
            for several in each
            if several and all(one.headers and not any(name.endswith(".") for name in one.headers) for one in several)
        ]

    @property
    def by_hand(self) -> bool:
        """Whether the auditor's own mapping says so, and no layout of a platform."""
        return self.layout == BY_HAND

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """What is read, in the order of the table."""
        wide = (*self.wide.fields, self.wide.title) if self.wide else ()
        read = {*self.columns, *wide, *self.above, *self.under, *(("start_at", "end_at") if self.pairs else ())}
        return tuple(name for name in tables()[self.table].columns if name in read)

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """Headers that are no field and yet known: marks, conditions, what is passed over on purpose."""
        conditions = {header for one in (*self.only, *self.skip) for header in one.cells.headers}
        grouped = (*self.long.keys, self.long.element, self.long.value) if self.long else ()
        return self.ignore.union(
            conditions, *self.marks, grouped, (self.pairs.action, self.pairs.time) if self.pairs else ()
        )


@dataclass(frozen=True)
class Layout:
    """The exports of one platform. `sections`: patterns of the first cell of the lines at which a text file begins
    another table."""

    id: str
    label: Words
    source: str
    forms: tuple[Form, ...]
    sections: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()  # patterns of the names of sheets beside the others that hold neither study nor exams


@cache
def catalogue() -> dict[str, Layout]:
    """Every layout by id."""
    found = {}
    for path in sorted((folder("schemas") / "layouts").glob("*.toml")):
        found[path.stem] = _layout(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    return found


@cache
def forms() -> tuple[Form, ...]:
    """Every form of every layout."""
    return tuple(form for layout in catalogue().values() for form in layout.forms)


@cache
def headers() -> frozenset[str]:
    """Every header that a layout knows, normalised."""
    return frozenset(header for form in forms() for header in _headers(form))


def _headers(form: Form) -> list[str]:
    known = [*form.columns.values(), *(form.wide.fields.values() if form.wide else ())]
    return [header for cells in known for header in cells.headers] + [mark for group in form.marks for mark in group]


def _layout(name: str, data: dict[str, Any]) -> Layout:
    lacks = tuple(data.pop("lacks", ()))
    read = []
    for entry in data.pop("forms"):
        form = parse(name, entry)
        read.append(replace(form, lacks=form.lacks or lacks))
    sections, nothing = tuple(data.pop("sections", ())), tuple(data.pop("nothing", ()))
    return Layout(id=name, forms=tuple(read), sections=sections, nothing=nothing, **data)


def parse(layout: str, entry: Mapping[str, Any]) -> Form:
    """A form as TOML has it. Raises ValueError where a field, a key or a form of writing is unknown."""
    data = dict(entry)
    table = tables()[data["table"]]
    columns = {name: _cells(written) for name, written in data.pop("columns").items()}
    wide = data.pop("wide", None)
    if wide:
        wide = Wide({name: _cells(written) for name, written in wide["fields"].items()}, wide["title"])
    fields = [
        *columns,
        *data.get("above", {}),
        *data.get("under", {}),
        *data.get("lacks", ()),
        *((*wide.fields, wide.title) if wide else ()),
    ]
    if unknown := [name for name in fields if name not in table.columns]:
        raise ValueError(f"{layout}: {table.name} has no {unknown}")
    long, pairs = data.pop("long", None), data.pop("pairs", None)
    if pairs:
        times = normal(pairs["action"]), normal(pairs["time"])
        pairs = Pairs(*times, frozenset(pairs["opens"]), frozenset(pairs["closes"]))
    return Form(
        layout=layout,
        columns=columns,
        wide=wide,
        pairs=pairs,
        long=Long(*(tuple(map(normal, long["keys"])), normal(long["element"]), normal(long["value"])))
        if long
        else None,
        needs=tuple(data.pop("needs", columns)),
        marks=tuple(tuple(normal(one) for one in _several(mark)) for mark in data.pop("marks", ())),
        ignore=frozenset(normal(name) for name in data.pop("ignore", ())),
        lacks=tuple(data.pop("lacks", ())),
        titles=tuple(data.pop("titles", ())),
        above={name: tuple(_several(said)) for name, said in data.pop("above", {}).items()},
        under={name: tuple(_several(said)) for name, said in data.pop("under", {}).items()},
        only=tuple(_condition(one, "") for one in data.pop("only", ())),
        skip=tuple(_condition(one, NOT_DATA) for one in data.pop("skip", ())),
        **data,
    )


def _several(written: str | list[str]) -> list[str]:
    return [written] if isinstance(written, str) else written


def _cells(written: str | int | list[str] | Mapping[str, Any]) -> Cells:
    if isinstance(written, int):
        return Cells(place=written)
    if isinstance(written, Mapping):
        rest = dict(written)
        return replace(_cells(rest.pop("from")), **rest)
    return Cells(headers=tuple(normal(name) for name in _several(written)))


def _condition(entry: Mapping[str, Any], why: str) -> Condition:
    return Condition(_cells(entry["column"]), frozenset(entry.get("is", ())), entry.get("like"), entry.get("why", why))
