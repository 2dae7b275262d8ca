"""ZIP archives, read in place: nothing is unpacked to disk, and no more than the limits below is unpacked at all."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO, Literal, NamedTuple, cast

from auditor import mask
from auditor.fault import unauditable
from auditor.intake.kind import BAD_ZIP, Kind, told
from auditor.intake.readable import Readable, held, on_disk

MEMBERS = 10_000  # a platform packs a file a class or a day; each is opened
TOTAL = 1 << 36  # bytes of all members, those of archives in the archive too: tens of times the largest export known
RATIO = 250  # tables of text shrink to a tenth, at the very best to a hundredth; a bomb to a thousandth
FREE = 1 << 26  # bytes that do no harm at any ratio
DEPTH = 3  # archives in each other: a year of months of classes
_ENCRYPTED, _UTF8 = 0x1, 0x800  # bits of a member's flags
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_BUFFER = 1 << 20


class _Size(NamedTuple):
    st_size: int


@dataclass(frozen=True)
class Member:
    """A Readable in an archive. `label`: as papers name it, `outer.zip/folder/file.csv`."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    path: PurePosixPath
    label: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def suffix(self) -> str:
        return self.path.suffix

    @property
    def parent(self) -> PurePosixPath:
        return self.path.parent

    def stat(self) -> _Size:
        return _Size(self.info.file_size)

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:
        """Raises Fault, now or while it is read, when the member has a password or is damaged."""
        if self.info.flag_bits & _ENCRYPTED:
            raise unauditable("zip_password", file=self.label)
        if self.info.compress_type not in _METHODS:
            raise unauditable("zip_method", file=self.label)
        return cast(BinaryIO, io.BufferedReader(_Stream(self), _BUFFER))


class _Stream(io.RawIOBase):
    """The bytes of a member; damage is a Fault."""

    def __init__(self, member: Member) -> None:
        self._label = member.label
        try:
            self._stream = member.archive.open(member.info)
        except BAD_ZIP as error:
            raise unauditable("broken_zip", file=self._label) from error

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._stream.seek(offset, whence)
        except BAD_ZIP as error:
            raise unauditable("broken_zip", file=self._label) from error

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        try:
            got = self._stream.read(len(view))
        except BAD_ZIP as error:
            raise unauditable("broken_zip", file=self._label) from error
        view[: len(got)] = got
        return len(got)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


@dataclass
class _Tally:
    """What has been met in one archive and those within it."""

    members: int = 0
    size: int = 0
    labels: dict[str, int] = field(default_factory=dict)


def members(file: Readable, label: str) -> Iterator[Member]:
    """The files in an archive in the order of their names; of an archive in it, the files in that. Raises Fault when it
    is damaged, leads out of itself or is more than the limits allow."""
    yield from _members(file, label, label, 1, _Tally())


def _members(file: Readable, label: str, outer: str, depth: int, tally: _Tally) -> Iterator[Member]:
    if depth > DEPTH:
        raise unauditable("zip_depth", file=outer, depth=DEPTH)
    path = on_disk(file)
    try:
        archive = zipfile.ZipFile(path or io.BytesIO(held(file, label)))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except BAD_ZIP as error:
        raise unauditable("broken_zip", file=label) from error
    size = sum(info.file_size for info in infos)
    tally.members, tally.size = tally.members + len(infos), tally.size + size
    if tally.members > MEMBERS:
        raise unauditable("zip_members", file=outer, limit=MEMBERS)
    if tally.size > TOTAL or (size > FREE and size > RATIO * file.stat().st_size):
        raise unauditable("zip_bomb", file=label, ratio=RATIO, limit=TOTAL >> 30)
    named = sorted(((_name(info), info) for info in infos), key=lambda pair: (pair[0], pair[1].header_offset))
    for name, info in named:
        inner = PurePosixPath(name)
        if inner.is_absolute() or ".." in inner.parts or name[1:2] == ":":
            raise unauditable("zip_name", file=label, name=mask.text(name, 200))
        below = f"{label}/{mask.text(name, 200)}"
        tally.labels[below] = count = tally.labels.get(below, 0) + 1
        member = Member(archive, info, inner, below if count == 1 else f"{below} ({count})")
        if inner.suffix.lower() == ".zip" and not is_hidden(inner) and told(member, member.label) is Kind.ZIP:
            yield from _members(member, member.label, outer, depth + 1, tally)
        else:
            yield member


def is_hidden(path: PurePosixPath) -> bool:
    """What systems and spreadsheet programs leave beside files."""
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in path.parts)


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was written: without the flag for UTF-8 that may be UTF-8 or, on Chinese systems, GB18030."""
    name = info.orig_filename.split("\x00")[0]
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")
