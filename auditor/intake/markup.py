"""The text of a file in HTML or XML: what it says of its encoding itself counts first."""

import codecs
import re

from auditor.fault import unauditable
from auditor.intake.readable import Readable, held

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SAID = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_CHINESE = ("gb2312", "gbk", "cp936", "x-gbk", "hz-gb-2312")
_WIDE = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}


def read(file: Readable, label: str) -> str:
    """Raises Fault when no encoding fits."""
    content = held(file, label)
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _decoded(content[len(mark) :], (encoding,), label)
    if wide := _WIDE.get(content.lstrip()[:2]):
        return _decoded(content, (wide,), label)
    said = _SAID.search(content[:4096])
    names = [said.group(1).decode("ascii", "replace").lower()] if said else []
    return _decoded(content, (*names, "utf-8", "gb18030"), label)


def _decoded(content: bytes, encodings: tuple[str, ...], label: str) -> str:
    for name in encodings:
        try:
            encoding = codecs.lookup("gb18030" if name in _CHINESE else name)
            if encoding.name.startswith("utf-16") and len(encodings) > 1:
                continue  # it could not have been read to here
            return content.decode(encoding.name)
        except (LookupError, UnicodeError, ValueError):
            continue
    if len(encodings) == 1:
        raise unauditable("undecoded", file=label, encoding=encodings[0].upper())
    raise unauditable("encoding", file=label)
