"""The directory of an OLE container, in which old workbooks, Word files and workbooks with a password come."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from auditor.intake.readable import Readable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are no sectors
_ENTRY = 128
_SECTORS = 4096  # a directory of more is none
_BEGIN, _WRITE_PROTECTED, _PASSWORD = 0x0809, 0x0086, 0x002F  # records that a workbook begins with


def streams(file: Readable) -> dict[str, bytes]:
    """Streams and storages by name, with the first bytes of each; as many as can be read of a damaged container."""
    found: dict[str, bytes] = {}
    with file.open("rb") as stream, suppress(struct.error, ValueError, OverflowError, IndexError):
        found.update(_streams(stream))
    return found


def _streams(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    header = stream.read(512)
    (shift,) = struct.unpack_from("<H", header, 30)
    (sector,) = struct.unpack_from("<I", header, 48)
    if not header.startswith(MAGIC) or shift not in (9, 12):
        return
    size, table = 1 << shift, struct.unpack_from("<109I", header, 76)  # the sectors of the allocation table
    for _ in range(_SECTORS):
        if sector >= _END:
            return
        entries = _read(stream, sector, size)
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            (length,) = struct.unpack_from("<H", entries, at + 64)
            (first,) = struct.unpack_from("<I", entries, at + 116)
            name = entries[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
            yield name, _read(stream, first, size) if first < _END else b""
        place, offset = divmod(sector, size // 4)
        (sector,) = struct.unpack_from("<I", _read(stream, table[place], size), 4 * offset)


def _read(stream: BinaryIO, sector: int, size: int) -> bytes:
    stream.seek((sector + 1) * size)
    return stream.read(size)


def has_password(workbook: bytes) -> bool:
    """Whether a workbook that begins with these bytes says that what follows is encrypted."""
    at = 0
    while at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        if kind == _PASSWORD:
            return True
        if kind not in (_BEGIN, _WRITE_PROTECTED):
            return False
        at += 4 + length
    return False
