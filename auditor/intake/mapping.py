"""mapping.toml → how the auditor says that sheets are to be read, before any layout and instead of all recognition.

Its `[[sheets]]` are forms of a layout whose columns stand at places of one sheet.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from auditor import mask
from auditor.fault import unauditable
from auditor.intake import platform
from auditor.intake.recognise import Recognition, Shape
from auditor.intake.sheet import LEFT_OUT, Sheet
from auditor.layout import BY_HAND, Cells, parse
from auditor.schema import normal, tables, unit_of
from auditor.words import Phrase, phrase

NONE = "none"  # a sheet that is not to be read
UNITS = {"duration": {"seconds": 1, "minutes": 60, "hours": 3600}, "money": {"yuan": 1, "wanyuan": 10_000}}
_PERSONAL = r"\s*(?:[1-9]\d{16}[\dXx]|1[3-9]\d{9})\s*"


@dataclass(frozen=True)
class Entry:
    """One sheet, or all that `file` and `sheet` (patterns; None: any) name. `columns`: field → the headers, letters or
    numbers of its columns, and what else a layout says of cells; `rest`: what a form has beside columns."""

    place: int
    file: str
    sheet: str | None
    header_row: int
    table: str
    columns: dict[str, tuple[list[str | int], dict[str, Any]]] = field(default_factory=dict)
    skip: tuple[dict[str, Any], ...] = ()
    rest: dict[str, Any] = field(default_factory=dict)

    def names(self, file: str, sheet: str) -> bool:
        return self.names_file(file) and (self.sheet is None or _fits(self.sheet, sheet))

    def names_file(self, file: str) -> bool:
        return any(_fits(self.file, name) for name in (file, PurePosixPath(file).name))


@dataclass(frozen=True)
class Mapping:
    """The entries of a file, and the file's SHA-256 and size."""

    path: Path
    entries: tuple[Entry, ...]
    sha256: str
    size: int

    @property
    def digest(self) -> dict[str, tuple[str, int]]:
        """As an input of the audit: called by its option, as no file of the export can be."""
        return {f"--mapping {mask.text(self.path.name, 200)}": (self.sha256, self.size)}

    def not_among(self, labels: list[str], paths: list[Path]) -> list[str]:
        """The labels of files in the folders of `paths` that are not this one."""
        here = self.path.resolve()
        own = {
            mask.text(here.relative_to(given.resolve()).as_posix(), 200)
            for given in paths
            if given.is_dir() and here.is_relative_to(given.resolve())
        }
        return [label for label in labels if label not in own]

    def find(self, sheet: Sheet) -> Entry | None:
        """The entry of a sheet. Raises Fault where two name it."""
        found = [entry for entry in self.entries if entry.names(sheet.file, sheet.name)]
        if len(found) > 1:
            raise unauditable("mapping_twice", path=self.path, where=_where(sheet), places=[one.place for one in found])
        return found[0] if found else None

    def refuse_unused(self, sheets: list[tuple[str, str]]) -> None:
        """Raises Fault where an entry names none of the sheets (file, name)."""
        for entry in self.entries:
            if any(entry.names(*sheet) for sheet in sheets):
                continue
            inside = [name for file, name in sheets if entry.names_file(file)]
            key = "mapping_no_sheet" if inside else "mapping_no_file"
            names = [name for name in inside if name] if inside else list(dict.fromkeys(file for file, _ in sheets))
            where = phrase("where.mapping", path=self.path, place=entry.place)
            said = {"file": mask.text(entry.file, 200), "sheet": mask.text(entry.sheet or "", 200)}
            raise unauditable(key, entry=where, names=names[:10] or ["—"], **said)


def told(sheets: list[Sheet], mapped: Mapping | None) -> list[tuple[Sheet, Recognition | None, str | None]]:
    """`platform.told`, but for the sheets that the mapping names."""
    if mapped is None:
        return platform.told(sheets)
    entries = [(sheet, mapped.find(sheet)) for sheet in sheets]
    others = platform.told([sheet for sheet, entry in entries if entry is None])
    said: list[tuple[Sheet, Recognition | None, str | None]] = []
    for sheet, entry in entries:
        if entry is None:
            said += [one for one in others if one[0] is sheet]
        elif entry.table == NONE:
            said.append((sheet, None, LEFT_OUT))
        else:
            said.append((sheet, fit(entry, sheet, mapped.path), None))
    return said


def fit(entry: Entry, sheet: Sheet, path: Path) -> Recognition:
    """The sheet as its entry has it. Raises Fault where a row or a column is not there."""
    header = entry.header_row - sheet.first_row if entry.header_row else -1
    if not sheet.headed:  # the names of its columns stand in no row
        header = 0
    where = phrase("where.mapping_of", path=path, place=entry.place, where=_where(sheet))
    if entry.header_row and sheet.headed and not 0 <= header < len(sheet.head):
        last = sheet.first_row + len(sheet.head) - 1
        raise unauditable("mapping_row", where=where, row=entry.header_row, first=sheet.first_row, last=last)
    names = named(sheet, header)
    if header >= 0 and any(re.fullmatch(_PERSONAL, name) for name in names):
        raise unauditable("mapping_data", where=where, row=entry.header_row)

    def place(written: str | int) -> int:
        found = places(names, written, header >= 0)
        if len(found) == 1:
            return found[0]
        values = {"where": where, "column": mask.text(str(written)), "row": entry.header_row}
        if found:
            raise unauditable("mapping_columns", **values, letters=[letter(one) for one in found])
        if header < 0 or isinstance(written, int):
            raise unauditable("mapping_place", **values, last=letter(len(names) - 1), width=len(names))
        raise unauditable("mapping_no_column", **values)

    at = {name: [place(one) for one in written] for name, (written, _) in entry.columns.items()}
    columns = {name: {"from": at[name][0] + 1, **more} for name, (_, more) in entry.columns.items()}
    skip = [{**one, "column": place(one["column"]) + 1, "why": LEFT_OUT} for one in entry.skip]
    form = parse(BY_HAND, {
        "id": str(entry.place), "label": {}, "table": entry.table, "columns": columns, "skip": skip,
        "header_rows": int(header >= 0), **entry.rest,
    })  # fmt: skip
    order = [name for name in tables()[entry.table].columns if name in at]
    shown = _told_apart([(name, at[name][0], names[at[name][0]]) for name in order])
    units = {name: form.columns.get(name, Cells()).unit or unit_of(names[at[name][0]]) for name in order}
    places_of = {name: at[name] for name in order}
    fields = {name: number for number, name in enumerate(order)}
    return Recognition(tables()[entry.table], header, shown, fields, units, shape=Shape(form, names, places_of))


def named(sheet: Sheet, header: int) -> list[str]:
    """The columns of a sheet by the row `header` of its head; without one (-1) by their letters."""
    if header >= 0:
        return list(sheet.head[header])
    widths = [len(row) for row in sheet.head if any(cell.strip() for cell in row)]
    width = max(widths, key=lambda one: (widths.count(one), one), default=1)
    return [letter(place) for place in range(width)]


def places(names: list[str], written: str | int, headed: bool) -> list[int]:
    """Where a column stands among `names`, from 0: it is written as its header, as the letter over it, or as its number
    from 1. Empty where there is none; several where several have this header."""
    if isinstance(written, str) and headed:
        exact = [place for place, name in enumerate(names) if " ".join(name.split()) == " ".join(written.split())]
        if found := exact or [place for place, name in enumerate(names) if normal(name) == normal(written)]:
            return found
    if isinstance(written, str) and re.fullmatch(r"[A-Za-z]{1,3}", written.strip()):
        number = 0
        for sign in written.strip().upper():
            number = number * 26 + ord(sign) - 64
    elif re.fullmatch(r"[1-9]\d{0,4}", str(written).strip()):
        number = int(written)
    else:
        return []
    return [number - 1] if number <= len(names) else []


def letter(place: int) -> str:
    """The letter over a column (from 0), as Excel shows it."""
    return (letter(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def _told_apart(columns: Iterable[tuple[str, int, str]]) -> list[str]:
    """Field, place and header of columns → headers of which no two are alike."""
    shown: list[str] = []
    for name, place, header in columns:
        options = (
            header.strip() or letter(place),
            f"{header} ({letter(place)})",
            f"{header} ({letter(place)}, {name})",
        )
        shown.append(next(one for one in options if one not in shown))
    return shown


def _fits(pattern: str, name: str) -> bool:
    """Names of files and sheets come with their long numbers hidden."""
    hidden = mask.text(pattern, 200)
    return hidden == name or fnmatchcase(name, hidden)


def _where(sheet: Sheet) -> Phrase | str:
    return phrase("where.sheet", file=sheet.file, sheet=sheet.name) if sheet.name else sheet.file
