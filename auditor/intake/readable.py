"""What a table is read from: a file, or a member of an archive that answers as a pathlib.Path does."""

from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from auditor.fault import because, unauditable

HELD = 1 << 29  # bytes that may lie in memory as a whole: a workbook of a million rows is a fifth of it


class Sized(Protocol):
    @property
    def st_size(self) -> int: ...


class Readable(Protocol):
    """As much of pathlib.Path as reading needs. `open` gives a stream that can seek."""

    @property
    def name(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    def open(self, mode: Literal["rb"]) -> BinaryIO: ...
    def stat(self) -> Sized: ...


def start(file: Readable, label: str, count: int = 1 << 16) -> bytes:
    """The first bytes. Raises Fault when the file cannot be opened."""
    try:
        with file.open("rb") as stream:
            return stream.read(count)
    except OSError as error:
        raise unauditable("unopened", file=label, error=because(error)) from error


def held(file: Readable, label: str) -> bytes:
    """All of a file, for what cannot be read from front to back. Raises Fault when it is more than memory is for."""
    if file.stat().st_size > HELD:
        raise unauditable("too_large", file=label, limit=HELD >> 20)
    with file.open("rb") as stream:
        return stream.read()


def on_disk(file: Readable) -> Path | None:
    return file if isinstance(file, Path) else None
