"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): every sheet, hidden ones too. Nothing in them is run."""

import io
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from auditor.fault import unauditable
from auditor.intake import grid, ole, package
from auditor.intake.grid import Span
from auditor.intake.package import Leaf
from auditor.intake.readable import Readable, held, on_disk, start
from auditor.intake.sheet import Sheet
from auditor.words import Words, phrase

_PACKAGES = (".xlsx", ".xlsm")


def sheets(file: Readable, label: str) -> list[Sheet]:
    """All sheets that hold anything. Raises Fault when the file is no workbook, is damaged or has a password."""
    packed = start(file, label, 2) == b"PK"
    plain = on_disk(file) if packed and file.suffix.lower() in _PACKAGES else None  # its reader goes by the name
    content = b"" if plain else held(file, label)
    leaves: dict[str, Leaf] = {}
    macros = not ole.streams(file).keys().isdisjoint(("_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"))
    if packed:
        with file.open("rb") if plain else io.BytesIO(content) as stream:
            leaves, macros = package.leaves(stream, label)
    try:
        book = CalamineWorkbook.from_path(str(plain)) if plain else CalamineWorkbook.from_filelike(io.BytesIO(content))
        opened = [(about, book.get_sheet_by_name(about.name)) for about in book.sheets_metadata if _has_cells(about)]
    except PasswordError as error:
        raise unauditable("password", file=label) from error
    except (CalamineError, OSError, ValueError) as error:
        raise unauditable("broken_workbook", file=label) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what its reader raises where it did not expect the damage
            raise
        raise unauditable("broken_workbook", file=label) from error
    macros = macros or any(about.typ in (SheetTypeEnum.Vba, SheetTypeEnum.MacroSheet) for about, _ in opened)
    notes = [phrase("note.macros")] if macros else []
    found = []
    for about, sheet in opened:
        if sheet.start:
            found.append(_sheet(label, sheet, [*notes, *_notes(about, leaves.get(about.name))]))
            notes = []
    return found


def _has_cells(about: Any) -> bool:
    return about.typ not in (SheetTypeEnum.ChartSheet, SheetTypeEnum.DialogSheet, SheetTypeEnum.Vba)


def _sheet(label: str, sheet: CalamineSheet, notes: list[Words]) -> Sheet:
    left = (
        sheet.start[1] if sheet.start else 0
    )  # blank columns on the left are not among the cells, blank rows above are
    merged = sheet.merged_cell_ranges or []
    spans = [Span(first[0], last[0], first[1] - left) for first, last in merged if first[1] >= left]
    return grid.sheet(label, sheet.name, sheet.iter_rows, spans, notes=notes)


def _notes(about: Any, leaf: Leaf | None) -> list[Words]:
    notes: list[Words] = []
    if about.visible is not SheetVisibleEnum.Visible:
        notes.append(phrase("note.hidden_sheet"))
    if leaf and leaf.hidden_rows:
        notes.append(phrase("note.hidden_rows", count=leaf.hidden_rows))
    if leaf and leaf.errors:
        notes.append(phrase("note.errors", count=leaf.errors))
    return notes
