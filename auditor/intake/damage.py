"""A damaged text: bytes that mean nothing in its encoding."""

import codecs
import io
from typing import BinaryIO

from auditor.intake.dialect import sound

_BLOCK = 1 << 20
MARK = "\ufffd"  # stands where such a byte stood, here and wherever else texts were repaired


class Mended(io.RawIOBase):
    """A file as UTF-8, with MARK in the place of what is none of its encoding. Raises ValueError once there is so much
    of it that the file is something else."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file, self._decoder = file, codecs.getincrementaldecoder(encoding)("replace")
        self._left = memoryview(b"")
        self._bad = self._characters = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # of Buffer, which has no len
        while not self._left:
            block = self._file.read(_BLOCK)
            text = self._decoder.decode(block, final=not block)
            self._bad += text.count(MARK)
            self._characters += len(text)
            if not sound(self._bad, self._characters):
                raise ValueError
            self._left = memoryview(text.encode())
            if not block:
                break
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
