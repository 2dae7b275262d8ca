"""The directory of an OLE container, in which old workbooks, Word files and workbooks with a password come."""

import struct
from typing import BinaryIO

from auditor.intake.readable import Readable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are no sectors
_ENTRY = 128
_SECTORS = 4096  # a directory of more is none


def names(file: Readable) -> frozenset[str]:
    """The names of streams and storages; as many as can be read of a damaged one."""
    try:
        with file.open("rb") as stream:
            return frozenset(_names(stream))
    except (struct.error, ValueError, OverflowError, IndexError):
        return frozenset()


def _names(stream: BinaryIO) -> list[str]:
    header = stream.read(512)
    (shift,) = struct.unpack_from("<H", header, 30)
    (sector,) = struct.unpack_from("<I", header, 48)
    if shift not in (9, 12):
        return []
    size, table = 1 << shift, struct.unpack_from("<109I", header, 76)  # the sectors of the allocation table
    found = []
    for _ in range(_SECTORS):
        if sector >= _END:
            break
        stream.seek((sector + 1) * size)
        entries = stream.read(size)
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            (length,) = struct.unpack_from("<H", entries, at + 64)
            found.append(entries[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace"))
        place, offset = divmod(sector, size // 4)
        stream.seek((table[place] + 1) * size + 4 * offset)
        (sector,) = struct.unpack("<I", stream.read(4))
    return found
