"""The package an .xlsx is: what its reader does not tell (hidden rows, cells in error), and whether it may be unpacked
at all: a workbook of two kilobytes can ask for more memory than there is."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.etree import ElementTree

from auditor.fault import unauditable
from auditor.intake.archive import FREE, RATIO, TOTAL
from auditor.intake.grid import refuse_far
from auditor.intake.kind import BAD_ZIP

_BLOCK, _OVERLAP = 1 << 20, 1 << 10
_NARROW = 26  # columns of one letter
_PERHAPS_FAR = re.compile(rb'r="(?:[A-Z]{2}|[A-Z]\d{8}|\d{8})')  # begins with a text, which makes it fast
_FAR = re.compile(rb'r="(?:([A-Z]{2,})(\d+)|[A-Z]?(\d{8,}))"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b[^>]*?\bhidden="(?:1|true)"')
_ERROR = re.compile(rb'<(?:\w+:)?c\b[^>]*?\bt="e"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Leaf:
    """What stands in a sheet beside its cells: counts."""

    hidden_rows: int
    errors: int


def leaves(stream: BinaryIO, label: str) -> tuple[dict[str, Leaf], bool]:
    """Sheet name → Leaf, as far as the package tells; whether macros lie in it. Raises Fault for one that is too much
    to unpack."""
    found: dict[str, Leaf] = {}
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = {info.filename.replace("\\", "/").lower(): info for info in archive.infolist()}
            size, packed = (
                sum(getattr(info, key) for info in infos.values()) for key in ("file_size", "compress_size")
            )
            if size > TOTAL or (size > FREE and size > RATIO * packed):
                raise unauditable("zip_bomb", file=label, ratio=RATIO, limit=TOTAL >> 30)
            for name, part in _sheets(archive, infos).items():
                if info := infos.get(part):
                    found[name] = _leaf(archive, info, label, name)
    except BAD_ZIP as error:
        raise unauditable("broken_workbook", file=label) from error
    return found, any(name.endswith("vbaproject.bin") for name in infos)


def _sheets(archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Sheet name → member, lower case."""
    book, links = infos.get("xl/workbook.xml"), infos.get("xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        return {}
    try:
        targets = {link.get("Id"): link.get("Target", "") for link in ElementTree.fromstring(archive.read(links))}
        sheets = [node for node in ElementTree.fromstring(archive.read(book)).iter() if node.tag.endswith("}sheet")]
    except ElementTree.ParseError:
        return {}
    named = {node.get("name", ""): targets.get(node.get(_RELATION), "").replace("\\", "/") for node in sheets}
    return {
        name: (target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)).lower()
        for name, target in named.items()
    }


def _leaf(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, name: str) -> Leaf:
    width, height, hidden, errors = _NARROW, 1, 0, 0
    for block in _blocks(archive, info):
        for match in _FAR.finditer(block) if _PERHAPS_FAR.search(block) else ():
            letters, row = match.group(1) or b"", int(match.group(2) or match.group(3))
            width, height = max(width, _column(letters)), max(height, row)
        last = _ROW.match(block, block.rfind(b"<row")) if b"<row" in block else None
        height = max(height, int(last.group(1))) if last else height
        refuse_far(width, height, width * height if width > _NARROW else 0, label, name)
        hidden += len(_HIDDEN.findall(block)) if b'hidden="' in block else 0
        errors += len(_ERROR.findall(block)) if b't="e"' in block else 0
    return Leaf(hidden, errors)


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The sheet in blocks that end with a whole element."""
    rest = b""
    with archive.open(info) as stream:
        while block := stream.read(_BLOCK):
            block = rest + block
            end = block.rfind(b">") + 1 or len(block)
            rest = block[end:] if len(block) - end < _OVERLAP else b""
            yield block[:end]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:8]:
        number = number * 26 + letter - 64
    return number
