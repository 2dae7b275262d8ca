"""JSON text → its records side by side, none of them parsed: the lines of a file, the elements of a list, or values
that follow each other."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from auditor.fault import unauditable

BLOCK = 1 << 24
RECORD = 1 << 26  # bytes of the longest record: one that is longer is a quote or a bracket that nobody closed
CUT = b"\x00"  # stands where bytes are no text and where a list is not closed: no JSON holds it, so the record is torn
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_LINE, _QUOTE, _BACKSLASH = b'\n"\\'
_BLANKS = b" \t\r\n"
_OPENS, _CLOSES, _OTHER = 1, -1, 2
_Places: TypeAlias = npt.NDArray[np.int64]

_TOKENS = np.zeros(256, np.int8)
_TOKENS[list(b'",')] = _OTHER
_TOKENS[list(b"[{")] = _OPENS
_TOKENS[list(b"]}")] = _CLOSES
_SAYS = np.ones(256, np.bool_)
_SAYS[list(_BLANKS)] = False


@dataclass(frozen=True)
class Records:
    """`texts`: uncut records, valid UTF-8; `first`: the number of the first of them, from 1."""

    texts: pa.LargeStringArray
    first: int


def blocks(stream: BinaryIO, size: int = BLOCK) -> Iterator[bytes]:
    """The text of a stream in UTF-8, whether it is written so, in GB18030 or in UTF-16; which of them the first bytes
    or the first block with more than ASCII tell."""
    start = stream.read(4)
    mark = next((mark for mark in _MARKS if start.startswith(mark)), b"")
    encoding = _MARKS.get(mark) or _by_zeros(start)
    decoder = codecs.getincrementaldecoder(encoding)(_CUT_OUT) if encoding and encoding != "utf-8" else None
    stream.seek(len(mark))
    while raw := stream.read(size):
        if decoder is None and not raw.isascii():
            encoding = encoding or ("utf-8" if _fits(raw, "utf-8") or not _fits(raw, "gb18030") else "gb18030")
            decoder = codecs.getincrementaldecoder(encoding)(_CUT_OUT)
        yield raw if decoder is None else decoder.decode(raw).encode()
    if decoder and (rest := decoder.decode(b"", final=True)):
        yield rest.encode()


def _by_zeros(start: bytes) -> str | None:
    """UTF-16 without a mark: JSON begins with an ASCII character."""
    if len(start) < 2 or bool(start[0]) == bool(start[1]):
        return None
    return "utf-16-le" if start[0] else "utf-16-be"


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def _cut_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return CUT.decode(), error.end


_CUT_OUT = "auditor.cut"
codecs.register_error(_CUT_OUT, _cut_out)


def lines(texts: Iterable[bytes], label: str) -> Iterator[Records]:
    """Every line is a record, whatever stands in it. Raises Fault when one is longer than `RECORD`."""
    rest, number = b"", 1
    for text in texts:
        rest = rest + text if rest else text
        end = rest.rfind(b"\n") + 1
        if end:
            ends = np.flatnonzero(np.frombuffer(rest, np.uint8, end) == _LINE) + 1
            yield Records(_side_by_side(rest, ends), number)
            rest, number = rest[end:], number + len(ends)
        _refuse_endless(rest, label, number)
    if rest:
        yield Records(_side_by_side(rest, np.array([len(rest)])), number)


def elements(texts: Iterable[bytes], label: str) -> Iterator[Records]:
    """The elements of a list, or of lists that follow each other, counted through."""
    rest, number, depth = b"", 1, 0
    for text in texts:
        rest = rest + text if rest else text
        places, tokens, depths = _outside_quotes(rest, depth)
        depths -= np.minimum.accumulate(np.minimum(depths, 0))
        closing = (tokens == _CLOSES) & (depths == 0)
        between = ((tokens == _OTHER) & (depths == 1)) | closing
        if between.any():
            ends = places[between] + 1
            data = bytearray(rest[: ends[-1]])
            every = np.frombuffer(data, np.uint8)
            frame = places[between | ((tokens == _OPENS) & (depths == 1))]
            every[frame[frame < len(data)]] = ord(" ")
            said = np.logical_or.reduceat(_SAYS[every], np.concatenate([[0], ends[:-1]]))
            kept = ends[said | ~closing[between]]  # nothing stands between a last comma and the bracket
            if len(kept):
                yield Records(_side_by_side(bytes(data), kept), number)
            rest, number, depth = rest[len(data) :], number + len(kept), 0 if closing[between][-1] else 1
        _refuse_endless(rest, label, number)
    if depth or rest.strip(_BLANKS):
        rest += CUT
        yield Records(_side_by_side(rest, np.array([len(rest)])), number)


def values(texts: Iterable[bytes], label: str) -> Iterator[Records]:
    """Objects that follow each other, over any number of lines."""
    rest, number = b"", 1
    for text in texts:
        rest = rest + text if rest else text
        places, tokens, depths = _outside_quotes(rest, 0)
        ground = np.minimum.accumulate(np.minimum(depths, 0))  # a bracket too many is a record of its own
        ends = places[(tokens == _CLOSES) & (depths == ground)] + 1
        if len(ends):
            yield Records(_side_by_side(rest, ends), number)
            rest, number = rest[int(ends[-1]) :], number + len(ends)
        _refuse_endless(rest, label, number)
    if rest.strip(_BLANKS):
        yield Records(_side_by_side(rest, np.array([len(rest)])), number)


def _outside_quotes(data: bytes, depth: int) -> tuple[_Places, npt.NDArray[np.int8], _Places]:
    """Brackets and commas outside of quoted texts: where they stand, what they are, and how many brackets are open
    behind each. The text begins outside of quotes, with `depth` brackets open."""
    every = np.frombuffer(data, np.uint8)
    tokens = _TOKENS[every]
    places = np.flatnonzero(tokens)
    quotes = every[places] == _QUOTE
    if b"\\" in data:
        slashes = np.flatnonzero(every == _BACKSLASH)
        runs = slashes[np.diff(slashes, prepend=-2) != 1]
        marked = np.flatnonzero(quotes & (every[places - 1] == _BACKSLASH) & (places > 0))
        behind = places[marked] - runs[np.searchsorted(runs, places[marked]) - 1]
        kept = np.ones(len(places), np.bool_)
        kept[marked[behind % 2 == 1]] = False
        places, quotes = places[kept], quotes[kept]
    places = places[~quotes & (np.cumsum(quotes) % 2 == 0)]
    found = tokens[places]
    return places, found, depth + np.cumsum(np.where(found == _OTHER, 0, found), dtype=np.int64)


def _side_by_side(data: bytes, ends: _Places) -> pa.LargeStringArray:
    """Texts that end at `ends` and begin where the one before ends."""
    offsets = np.concatenate([np.zeros(1, np.int64), ends.astype(np.int64)])
    return pa.LargeStringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(data))


def _refuse_endless(rest: bytes, label: str, number: int) -> None:
    if len(rest) > RECORD:
        raise unauditable("json_endless", file=label, row=number, megabytes=RECORD >> 20)
