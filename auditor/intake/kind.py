"""What a file is, told by its content; its name only where the content does not say."""

import lzma
import re
import struct
import zipfile
import zlib
from enum import Enum, auto

from auditor.fault import unauditable
from auditor.intake import ole
from auditor.intake.readable import Readable, start

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods")
BAD_ZIP = (  # what zipfile and what it unpacks with raise at damaged archives
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError),
    *(OverflowError, LookupError),
)
_ARCHIVES = {
    b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz",
}  # fmt: skip
_DOCUMENTS = {b"%PDF-": "PDF", b"{\\rtf": "RTF"}
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_HTML = rb"<(?:!doctype html|html|head|meta|title|style|body|table|thead|tbody|tr|div|p|center|font)\b"
_WORD_XML = rb'progid="word\.document"|<w:worddocument|schemas\.microsoft\.com/office/word/2003'
_SHEET_XML = rb'progid="excel\.sheet"|urn:schemas-microsoft-com:office:spreadsheet'


class Kind(Enum):
    TEXT = auto()
    WORKBOOK = auto()
    HTML = auto()
    SPREADSHEET_XML = auto()
    PARQUET = auto()
    ZIP = auto()


def told(file: Readable, label: str) -> Kind:
    """Raises Fault for what is known to be no table, and for a workbook with a password."""
    first = start(file, label)
    suffix = file.suffix.lower()
    if first.startswith((b"PAR1", b"PARE")):
        return Kind.PARQUET
    if first.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04")):
        return _packed(file, label)
    if first.startswith(ole.MAGIC[:4]):
        return _old(file, label)
    for magics, key in ((_ARCHIVES, "other_archive"), (_DOCUMENTS, "document")):
        for magic, form in magics.items():
            if first.startswith(magic):
                raise unauditable(key, file=label, kind=form)
    text = first.replace(b"\x00", b"").lstrip(_BEFORE_TEXT)[: 1 << 15].lower()  # UTF-16 too, as far as marks go
    if text.startswith((b"mime-version:", b"content-type: multipart")):
        raise unauditable("document", file=label, kind="MHTML")
    if text.startswith(b"<"):
        return _tagged(text, first.replace(b"\x00", b"").lower(), label)
    if suffix in (".xls", ".htm", ".html") and b"<table" in text and b"<td" in text:
        return Kind.HTML
    if suffix == ".zip" and first:
        raise unauditable("broken_zip", file=label)
    if suffix == ".parquet" and first:
        raise unauditable("no_parquet", file=label)
    return Kind.TEXT


def _tagged(text: bytes, whole: bytes, label: str) -> Kind:
    if re.search(_WORD_XML, whole):
        raise unauditable("document", file=label, kind="Word 2003 XML")
    if re.search(_SHEET_XML, text) and b"<html" not in text:
        return Kind.SPREADSHEET_XML
    if re.match(_HTML, text) or (re.match(rb"<(?:!--|\?xml|!doctype|\w+:?\w*\b)", text) and b"<table" in whole):
        return Kind.HTML
    if text.startswith(b"<?xml"):
        raise unauditable("document", file=label, kind="XML")
    return Kind.TEXT


def _packed(file: Readable, label: str) -> Kind:
    """A workbook of today is an archive too: its members tell."""
    suffix = file.suffix.lower()
    try:
        with file.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
            mime = archive.open("mimetype").read(80) if "mimetype" in names else b""
    except BAD_ZIP as error:
        if suffix in WORKBOOKS:
            raise unauditable("broken_workbook", file=label) from error
        raise unauditable("broken_zip", file=label) from error
    if b"opendocument.spreadsheet" in mime or any(name.startswith("xl/workbook.") for name in names):
        return Kind.WORKBOOK
    if b"opendocument" in mime or any(name in names for name in ("word/document.xml", "ppt/presentation.xml")):
        raise unauditable("document", file=label, kind="Word, PowerPoint")
    if suffix in WORKBOOKS:
        raise unauditable("broken_workbook", file=label)
    return Kind.ZIP


def _old(file: Readable, label: str) -> Kind:
    streams = ole.streams(file)
    books = [streams[name] for name in ("Workbook", "Book", "WORKBOOK", "BOOK") if name in streams]
    if "EncryptedPackage" in streams or any(map(ole.has_password, books)):
        raise unauditable("password", file=label)
    if streams.keys() & {"WordDocument", "PowerPoint Document"}:
        raise unauditable("document", file=label, kind="Word, PowerPoint")
    if not books:
        raise unauditable("broken_workbook", file=label)
    return Kind.WORKBOOK
