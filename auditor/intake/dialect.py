"""How a text table is written: its encoding, and what stands between its cells. Told by content, never by name."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.fault import unauditable
from auditor.intake.readable import Readable
from auditor.intake.recognise import known_headers
from auditor.intake.sheet import HEAD_ROWS

_WESTERN = "cp1252"  # of spreadsheets in western Europe
_SAMPLE = 1 << 20
_DELIMITERS = (",", "\t", ";", "|")  # of equal evidence the first
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BINARY = r"[\x00-\x08\x0e-\x1f]"
_DAMAGE = 50  # of so many characters at most one may be no character of the encoding
_BAD = "[\udc80-\udcff]"  # how bytes that mean nothing are carried


@dataclass(frozen=True)
class Dialect:
    """`start`: bytes before the text (a byte order mark); `head`: the first records; `ends`: the byte of the file at
    which each of them ends."""

    encoding: str
    start: int
    delimiter: str
    head: list[list[str]]
    ends: list[int]


def read(path: Readable, label: str) -> Dialect:
    """Raises Fault when the file is empty or no text."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    mark = next((mark for mark in _MARKS if sample.startswith(mark)), b"")
    encoding = _MARKS.get(mark) or _unmarked_utf16(sample) or _eight_bit(path, sample, label)
    try:
        text = _decoded(sample[len(mark) :], encoding, "strict" if encoding.startswith("utf-16") else "surrogateescape")
    except UnicodeDecodeError as error:
        raise unauditable("undecoded", file=label, encoding=encoding.upper()) from error
    if not sound(len(re.findall(_BAD, text)), len(text)):
        raise unauditable("undecoded", file=label, encoding=encoding.upper())
    if "\x00" in text:
        raise unauditable("binary", file=label)
    if not text.strip():
        raise unauditable("empty", file=label)
    cuts = [_Cut(text, encoding, delimiter) for delimiter in _DELIMITERS if delimiter in text or delimiter == ","]
    best = max(cuts, key=lambda cut: cut.evidence)
    if best.error:
        raise unauditable("no_csv", file=label, row=len(best.head) + 1, error=best.error) from best.error
    return Dialect(encoding, len(mark), best.delimiter, best.head, [len(mark) + end for end in best.ends])


def sound(bad: int, characters: int) -> bool:
    """Whether a text of so many characters, some of them bad, is one of its encoding, if a damaged one."""
    return bad * _DAMAGE <= characters


def _decoded(sample: bytes, encoding: str, errors: str = "strict") -> str:
    """A sample may end within a character."""
    return codecs.getincrementaldecoder(encoding)(errors).decode(sample, final=False)


def _unmarked_utf16(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark, where that is clear: figures, delimiters and line ends have their NUL on one
    side, few characters (一, 开) have it on the other, and what is decoded is text."""
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    for encoding, nul, other in (("utf-16-le", second, first), ("utf-16-be", first, second)):
        if nul * 20 >= len(sample) and nul > 4 * other:
            try:
                return None if re.search(_BINARY, _decoded(sample, encoding)) else encoding
            except UnicodeDecodeError:
                return None
    return None


def _eight_bit(path: Readable, sample: bytes, label: str) -> str:
    if b"\x00" in sample:
        raise unauditable("binary", file=label)
    if sample.isascii():  # the sample says nothing: look for the first byte that does
        with path.open("rb") as stream:
            while (sample := stream.read(_SAMPLE)) and sample.isascii():
                pass
    texts = {encoding: _decoded(sample, encoding, "surrogateescape") for encoding in ("utf-8", "gb18030")}
    bad = {encoding: len(re.findall(_BAD, text)) for encoding, text in texts.items()}
    if not bad["utf-8"]:
        return "utf-8"
    western = sample.decode(_WESTERN, "replace")
    if _familiar(western) > max(map(_familiar, texts.values())):
        return _WESTERN
    strange = sum(sign > "\x7f" for sign in texts["utf-8"]) - bad["utf-8"]
    if strange < 2 * bad["utf-8"] and _is_chinese(texts["gb18030"]) and sound(bad["gb18030"], len(texts["gb18030"])):
        return "gb18030"
    if sound(bad["utf-8"], len(texts["utf-8"])):
        return "utf-8"
    raise unauditable("encoding", file=label)


def _familiar(text: str) -> int:
    """How many headers that we know stand beside each other in the first lines."""
    lines = (re.split(r"[,;\t|]", line.replace('"', "")) for line in text[: 1 << 16].splitlines()[:HEAD_ROWS])
    return max((len(known_headers(cells)) for cells in lines), default=0)


def _is_chinese(text: str) -> bool:
    """Whether common characters are among the text: a stray byte and the letter behind it make only rare ones."""
    return any(sign.encode("gb2312", "ignore") for sign in set(text) if sign > "\x7f")


class _Cut:
    """The first records as one delimiter cuts them, and where they end in bytes of the text."""

    def __init__(self, text: str, encoding: str, delimiter: str) -> None:
        self.delimiter = delimiter
        self.error: csv.Error | None = None
        self.head: list[list[str]] = []
        self.ends: list[int] = []
        position = 0

        def lines() -> Iterator[str]:
            nonlocal position
            for line in io.StringIO(text, newline=""):
                position += len(line.encode(encoding, "surrogateescape"))
                yield line

        try:
            for record in csv.reader(lines(), delimiter=delimiter):
                self.head.append([re.sub(_BAD, "\ufffd", cell) for cell in record])
                self.ends.append(position)
                if len(self.head) == HEAD_ROWS:
                    break
        except csv.Error as error:
            self.error = error

    @property
    def evidence(self) -> tuple[int, int]:
        """The most headers known to us beside each other; then how many records have the commonest number of cells."""
        rows = [row for row in self.head if len(row) > 1]
        if self.error or not rows:
            return 0, 0
        return max(len(known_headers(row)) for row in rows), max(Counter(map(len, rows)).values())
