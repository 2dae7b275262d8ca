"""One sheet as papers know it: what it was taken for, what became of its rows, and what is to be said of it."""

from dataclasses import dataclass, field

from auditor.intake.recognise import Recognition
from auditor.intake.sheet import ABOVE, HEADER, SWALLOWED, Aside, Sheet
from auditor.intake.stage import Part
from auditor.layout import Form
from auditor.schema import tables
from auditor.words import Words, phrase


@dataclass
class Source:
    """One sheet: where it is, what it was taken for, and what became of its rows."""

    no: int
    file: str
    sheet: str
    table: str | None
    header_row: int | None
    columns: dict[str, str]  # field → header
    unrecognised: list[str]
    read: int = 0
    made: int = 0  # records: another number than the rows where a row holds several, or several rows one
    form: Form | None = None  # of the platform that wrote it
    aside: dict[str, int] = field(default_factory=dict)  # reason → rows
    places: dict[str, list[int]] = field(default_factory=dict)  # reason → the first of them
    unread: bool = False  # not recognised, although it seems to be about people
    passed: str | None = None  # why none of it is read
    nicknamed: bool = False  # its names are what people call themselves
    notes: list[Words] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.read + sum(self.aside.values())


def head(found: Recognition, sheet: Sheet) -> list[Aside]:
    """The rows above the data. Of several tables in one sheet the last one counts them."""
    if not sheet.headed or (found.shape and not found.shape.last):
        return []
    tall = found.shape.form.header_rows if found.shape else 1
    first, below = sheet.first_row, sheet.first_row + found.header + 1
    return [Aside(ABOVE, list(range(first, below - tall))), Aside(HEADER, list(range(below - tall, below)))]


def told(found: Recognition, form: Form) -> list[Words]:
    """How a platform's sheet is read, and what it does not tell (somebody may have added it)."""
    columns = tables()[form.table].columns
    lacking = [columns[name].label for name in form.lacks if name in columns and name not in found.fields]
    said: list[Words] = [form.note] if form.note else []
    return [*said, *([phrase("note.lacks", fields=lacking)] if lacking else [])]


def afterwards(source: Source, settled: Recognition, parts: list[Part], asides: list[Aside]) -> list[Words]:
    """What a reader must know of a sheet that has been read."""
    said: list[Words] = []
    if source.made != source.read:
        said.append(phrase("note.made", rows=source.read, records=source.made))
    swallowed = [row for aside in asides if aside.reason == SWALLOWED for row in aside.rows]
    if swallowed:
        said.append(phrase("note.swallowed", count=len(swallowed), rows=swallowed[:5]))
    zoned = {name: {told for part in parts for told in part.zoned.get(name, ())} for name in settled.fields}
    both = [settled.shown(settled.fields[name]) for name, told in zoned.items() if len(told) > 1]
    return said + [phrase("note.zones", header=header) for header in both]
