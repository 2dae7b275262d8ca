"""Files of forms that no library here writes, made byte by byte: BIFF8 in OLE, ODS, SpreadsheetML, patched packages."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Cell = str | float | bool | tuple[str, float] | None  # ("date", serial): a number cell in a date format
SECTOR = 512
DATE, CLOCK, LENGTH = 15, 16, 17  # of the formats below


def ole(streams: dict[str, bytes]) -> bytes:
    """A container of version 3 with these streams, each in sectors of its own."""
    padded = {
        name: body + bytes(max(4096, -(-len(body) // SECTOR) * SECTOR) - len(body)) for name, body in streams.items()
    }
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0)]
    table = [0xFFFFFFFD]  # sector 0: the table itself
    directory = 1
    count = -(-(len(streams) + 1) // 4)
    table += [*range(directory + 1, directory + count), 0xFFFFFFFE]
    data = b""
    for name, body in padded.items():
        first, length = len(table), len(body) // SECTOR
        entries.append((name, 2, first, len(body)))
        table += [*range(first + 1, first + length), 0xFFFFFFFE]
        data += body
    assert len(table) <= SECTOR // 4
    table += [0xFFFFFFFF] * (SECTOR // 4 - len(table))
    written = b""
    for place, (name, kind, first, size) in enumerate(entries):
        text = (name + "\0").encode("utf-16-le")
        child = 1 if place == 0 and streams else 0xFFFFFFFF
        right = place + 1 if 0 < place < len(entries) - 1 else 0xFFFFFFFF
        written += text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
        written += bytes(36) + struct.pack("<IQ", first, size)
    written += (b"\0" * 68 + b"\xff" * 12 + bytes(48)) * (count * 4 - len(entries))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + struct.pack("<128I", *table) + written + data


def biff(sheets: dict[str, Sequence[Sequence[Cell]]], hidden: Sequence[str] = (), password: bool = False,
         merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:  # fmt: skip
    """The Workbook stream of an .xls."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def text(value: str, size: str) -> bytes:
        return struct.pack(size, len(value)) + b"\1" + value.encode("utf-16-le")

    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    if password:
        begin += record(0x002F, struct.pack("<HHHH", 0, 1, 0x1234, 0x5678))
    begin += record(0x0042, struct.pack("<H", 1200)) + record(0x0022, struct.pack("<H", 0))
    begin += record(0x041E, struct.pack("<H", 164) + text("yyyy-mm-dd hh:mm:ss", "<H"))
    begin += record(0x041E, struct.pack("<H", 165) + text("[h]:mm:ss", "<H"))
    for style in [0] * 15 + [164, 20, 165]:
        begin += record(0x00E0, struct.pack("<HH", 0, style) + bytes(16))
    bodies = []
    for rows in sheets.values():
        body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                style = 0
                if isinstance(cell, tuple):
                    style, cell = {"date": DATE, "clock": CLOCK, "length": LENGTH}[cell[0]], cell[1]
                where = struct.pack("<HHH", at, place, style)
                if isinstance(cell, bool):
                    body += record(0x0205, where + struct.pack("<BB", cell, 0))
                elif cell == "#N/A":
                    body += record(0x0205, where + struct.pack("<BB", 0x2A, 1))
                elif isinstance(cell, str):
                    body += record(0x0204, where + text(cell, "<H"))
                elif cell is not None:
                    body += record(0x0203, where + struct.pack("<d", cell))
        if merged:
            body += record(
                0x00E5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<HHHH", *one) for one in merged)
            )
        bodies.append(body + record(0x000A))
    size = len(begin) + sum(len(record(0x0085, bytes(6) + text(name, "<B"))) for name in sheets) + 4
    for name, body in zip(sheets, bodies, strict=True):
        begin += record(0x0085, struct.pack("<IBB", size, name in hidden, 0) + text(name, "<B"))
        size += len(body)
    return begin + record(0x000A) + b"".join(bodies)


def xls(sheets: dict[str, Sequence[Sequence[Cell]]], macros: bool = False, **options: object) -> bytes:
    extra = {"_VBA_PROJECT_CUR": b"x"} if macros else {}
    return ole({"Workbook": biff(sheets, **options), **extra})  # type: ignore[arg-type]


def ods(rows: Sequence[Sequence[Cell]], name: str = "S") -> bytes:
    def cell(value: Cell) -> str:
        if isinstance(value, float | int) and not isinstance(value, bool):
            return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
        text = escape(str(value or ""))
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces} office:version="1.2"><office:body>'
        f"<office:spreadsheet><table:table table:name={quoteattr(name)}>{body}</table:table></office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/></manifest:manifest>'
    )
    return packed({"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest})


def packed(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def patched(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """The members of a package changed (None: left out), as other programs would have written them."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    made = {name: change(name, body) for name, body in members.items()}
    path.write_bytes(packed({name: body for name, body in made.items() if body is not None}))


def spreadsheet_xml(body: str, encoding: str = "utf-8") -> bytes:
    """`body`: worksheets; the prefix of attributes is ss."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"{body}</Workbook>"
    )
    return text.encode("utf-8" if encoding == "utf-8" else "gb18030")
