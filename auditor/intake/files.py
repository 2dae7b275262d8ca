"""Which files an audit reads: the ones named, and every table file of the folders named."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from auditor import mask
from auditor.fault import Fault, unauditable
from auditor.intake import archive, csv_file, html_file, json_file, spreadsheet_xml, xlsx_file
from auditor.intake.archive import Member
from auditor.intake.kind import WORKBOOKS, Kind, told
from auditor.intake.readable import Readable, start
from auditor.intake.recognise import known_headers
from auditor.intake.sheet import Sheet

_ARCHIVE = ".zip"
_TABLES = (".csv", ".tsv", *WORKBOOKS, ".parquet", _ARCHIVE)
_PERHAPS = (".txt", ".log", *json_file.SUFFIXES)
_NEVER_TEXT = tuple(set(WORKBOOKS) - {".xls", ".et"})  # unless it speaks of what we know
_BLOCK = 1 << 22


@dataclass(frozen=True)
class InputFile:
    """`label`: how papers name the file (its path below the folder that was given; long numbers hidden). `sure`: its
    name or whoever named it says that it is a table; `table`: which one, where whoever named it said so."""

    path: Path | Member
    label: str
    sure: bool = True
    table: str | None = None


def find(paths: list[Path], skip: Path | None = None) -> tuple[list[InputFile], list[str]]:
    """The table files in a stable order, and the labels of files in the folders that are no tables, or papers of an
    earlier audit. `skip`: a folder whose contents are not input (an output folder inside the data folder)."""
    found: list[InputFile] = []
    passed_over: list[str] = []
    papers = cache(_papers)
    for given in paths:
        if given.is_dir():
            for path in sorted(path for path in given.rglob("*") if path.is_file()):
                below = path.relative_to(given)
                label = below.as_posix()
                if any(part.startswith((".", "~$")) for part in below.parts) or _inside(path, skip, given):
                    continue
                if path.suffix.lower() in (*_TABLES, *_PERHAPS) and path.name not in papers(path.parent):
                    found.append(InputFile(path, mask.text(label, 200), path.suffix.lower() in _TABLES))
                else:
                    passed_over.append(mask.text(label, 200))
        elif given.is_file():
            found.append(InputFile(given, mask.text(given.name, 200)))
        else:
            raise unauditable("no_file", path=mask.text(str(given), 200))
    if not found:
        raise unauditable("no_tables", names=[mask.text(str(path), 200) for path in paths])
    return _told_apart(found), passed_over


def as_table(found: list[InputFile], named: Sequence[Path], table: str) -> list[InputFile]:
    """The same with each of the files `named` once, as that table, though a folder among the input may hold it too."""
    wanted = {path.resolve() for path in named}
    files = {file.path.resolve() if isinstance(file.path, Path) else file.label: file for file in reversed(found)}
    return [replace(file, table=table) if path in wanted else file for path, file in reversed(files.items())]


def _papers(folder: Path) -> frozenset[str]:
    """What the manifest of an audit calls its outputs."""
    try:
        return frozenset(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["outputs"])
    except (OSError, ValueError, LookupError, TypeError):
        return frozenset()


def _inside(path: Path, skip: Path | None, given: Path) -> bool:
    """Whether `path` lies in the output folder, where that is a part of the data folder and not the whole of it."""
    return skip is not None and skip.resolve() != given.resolve() and path.resolve().is_relative_to(skip.resolve())


def _told_apart(found: list[InputFile]) -> list[InputFile]:
    """Two files of one label get their folder's name, then a number."""
    labels: dict[str, int] = {}
    for file in found:
        labels[file.label] = labels.get(file.label, 0) + 1
    apart = [
        file if labels[file.label] == 1 else replace(file, label=f"{mask.text(file.path.parent.name)}/{file.label}")
        for file in found
    ]
    seen: dict[str, int] = {}
    numbered = []
    for file in apart:
        seen[file.label] = count = seen.get(file.label, 0) + 1
        numbered.append(file if count == 1 else replace(file, label=f"{file.label} ({count})"))
    return numbered


def unpacked(given: InputFile, passed_over: list[str]) -> Iterator[InputFile]:
    """The file itself; of an archive, the table files in it. What else is in it is noted in `passed_over`."""
    packed = given.sure and start(given.path, given.label, 2) == b"PK"
    if not packed or told(given.path, given.label) is not Kind.ZIP:
        yield given
        return
    for member in archive.members(given.path, given.label):
        suffix = member.suffix.lower()
        if suffix in (*_TABLES, _PERHAPS) and not archive.is_hidden(member.path):
            yield InputFile(member, member.label, suffix in _TABLES, given.table)
        else:
            passed_over.append(member.label)


def sheets(file: InputFile) -> list[Sheet]:
    """The sheets of one file, told by its content, not by its name. Raises Fault when it is no table."""
    kind = told(file.path, file.label)
    if kind is Kind.WORKBOOK:
        return xlsx_file.sheets(file.path, file.label)
    if kind is Kind.PARQUET:
        from auditor.intake import parquet_file  # half a second that an audit without such a file need not wait

        return parquet_file.sheets(file.path, file.label)
    if kind is Kind.HTML:
        return html_file.sheets(file.path, file.label)
    if kind is Kind.SPREADSHEET_XML:
        return spreadsheet_xml.sheets(file.path, file.label)
    if kind is Kind.ZIP:  # an archive that is called a table
        raise unauditable("zip_named", file=file.label)
    if file.path.suffix.lower() in json_file.SUFFIXES or json_file.holds(file.path):
        return json_file.sheets(file.path, file.label)
    try:
        found = csv_file.sheets(file.path, file.label)
        named = file.path.suffix.lower() in _NEVER_TEXT and not any(map(known_headers, found[0].head))
    except Fault:
        if file.path.suffix.lower() not in _NEVER_TEXT or not file.path.stat().st_size:
            raise
        named = True
    if named:
        raise unauditable("no_workbook", file=file.label)
    return found


def holds_numbers(path: Readable) -> bool:
    """Whether identity numbers stand in the beginning of a file, whatever it is."""
    with path.open("rb") as stream:
        return re.search(rb"(?<!\d)[1-9]\d{16}[\dXx](?!\d)", stream.read(_BLOCK).replace(b"\x00", b"")) is not None


def digest(path: Readable) -> str:
    """SHA-256 of a file, as hex."""
    sha = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            sha.update(block)
    return sha.hexdigest()
