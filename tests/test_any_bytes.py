"""Any bytes at all end in rows or in one Fault; and whatever can be cut into rows, every row of it is accounted for."""

import datetime as dt
import io
import tempfile
import zipfile
from html import escape
from pathlib import Path
from typing import Any

import made
import polars as pl
import xlsxwriter
from harness import checked, examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_intake import HEADER, ROW, lines

from auditor.fault import Exit, Fault
from auditor.intake.load import Intake, load
from auditor.words import LANGUAGES, word

QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))
SUFFIXES = (
    *(".csv", ".tsv", ".txt", ".xls", ".xlsx", ".xlsm", ".xlsb", ".et", ".ods", ".parquet", ".zip", ".html", ".xml"),
    *(".doc", ".pdf", ""),
)
NUMBERS = [checked(f"3205851990{month:02}0791{month}") for month in range(1, 10)]


def tables() -> list[bytes]:
    """A small table in every form."""
    rows = [HEADER, ROW, [NUMBERS[1], "李四", *ROW[2:]]]
    stream, columns = io.BytesIO(), zip(*rows, strict=True)
    pl.DataFrame({str(name): cells for name, *cells in columns}).write_parquet(stream)
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    data = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in rows
    )
    text = lines(*rows).encode()
    forms = [
        text, lines(*rows, delimiter="\t").encode("utf-16"), lines(*rows).encode("gb18030"), stream.getvalue(),
        f'<html><meta charset="gbk"><table border="1">{cells}</table></html>'.encode("gb18030"),
        made.spreadsheet_xml(f'<Worksheet ss:Name="明细"><Table>{data}</Table></Worksheet>'),
        made.xls({"明细": rows}, merged=[(1, 2, 1, 1)]), made.ods(rows), workbook(rows),
        made.packed({"内.csv": text, "内.xlsx": workbook(rows), "内.zip": made.packed({"a.csv": text})}),
        made.packed({"内.csv": text}, 0),
        made.ole({"WordDocument": b"x"}), made.ole({"EncryptedPackage": b"x"}),
    ]  # fmt: skip
    return forms


def workbook(rows: list[list[Any]]) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell is not None and cell != "":
                        sheet.write(at, place, cell)
        return path.read_bytes()


WHOLE = tables()


@st.composite
def bytes_of_any_kind(draw: st.DrawFn) -> bytes:
    """Noise; or a table with bytes turned over, cut out and put in."""
    whole = bytearray(
        draw(st.sampled_from([b"", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table>", *WHOLE * 3]))
    )
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(whole)))
        match draw(st.sampled_from(["flip", "cut", "insert", "end"])):
            case "flip" if at < len(whole):
                whole[at] ^= draw(st.integers(1, 255))
            case "cut":
                del whole[at : at + draw(st.integers(1, 64))]
            case "end":
                del whole[at:]
            case _:
                whole[at:at] = draw(st.binary(max_size=24))
    return bytes(whole)


@st.composite
def packages_changed_within(draw: st.DrawFn) -> bytes:
    """A workbook or an archive whose members are changed, with checksums that hold."""
    whole = draw(st.sampled_from([one for one in WHOLE if one.startswith(b"PK")]))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(members)))
    body, at = bytearray(members[name]), draw(st.integers(0, len(members[name])))
    body[at : at + draw(st.integers(0, 12))] = draw(
        st.binary(max_size=12) | st.sampled_from([b"9999", b'"', b"<", b">"])
    )
    return made.packed(members | {name: bytes(body)})


def check(content: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"导出{suffix}"
        path.write_bytes(content)
        try:
            found = load([path], Path(name), set(), lambda _: None)
        except Fault as fault:
            assert fault.code == Exit.UNAUDITABLE
            assert all(path.stem in word(fault.words, lang) for lang in LANGUAGES)
        else:
            parts = [pl.read_parquet(part) for paths in found.parts.values() for part in paths]
            assert sum(map(len, parts)) == sum(source.read for source in found.sources)


@settings(QUICK, max_examples=examples(90))
@given(bytes_of_any_kind(), st.sampled_from(SUFFIXES))
def test_any_bytes_end_in_rows_or_in_a_fault(content: bytes, suffix: str) -> None:
    check(content, suffix)


@settings(QUICK, max_examples=examples(45))
@given(packages_changed_within(), st.sampled_from([".xlsx", ".xls", ".zip"]))
def test_a_package_damaged_within_ends_in_rows_or_in_a_fault(content: bytes, suffix: str) -> None:
    check(content, suffix)


@settings(QUICK, max_examples=examples(30))
@given(st.binary(max_size=400), st.sampled_from(SUFFIXES))
def test_noise_ends_in_rows_or_in_a_fault(content: bytes, suffix: str) -> None:
    check(content, suffix)


# --- every row is accounted for ------------------------------------------------------------------------------------

DIRT = st.text("9８a甲\u3000\u200b￥𠮷 -:/", max_size=6) | st.sampled_from(
    ["合计", "备注：无", "第 1 页", "2021-02-30 10:00", "3.20522E+17", "#N/A", "无", "-", "0:00:00", *NUMBERS]
)
LINE = st.lists(DIRT, max_size=6) | st.sampled_from([[], [""] * 4, HEADER, ["合计", "2"], ["学习记录"], ROW])
GRID = st.lists(LINE, max_size=12).map(lambda rows: [["某平台 学习记录"], HEADER, *rows, ROW])


def loaded(path: Path) -> Intake:
    (work := path.parent / "work").mkdir()
    return load([path], work, set(), lambda _: None)


def account(path: Path, rows: int) -> None:
    found = loaded(path)
    (source,) = found.sources
    assert source.table == "sessions"
    assert source.read + sum(source.aside.values()) == rows
    places = found.asides["source_row"].unique().to_list()  # a torn row is listed for each person in it
    read = [row for part in found.parts["sessions"] for row in (pl.read_parquet(part)["row_id"] % (1 << 40)).to_list()]
    assert sorted(places + read) == list(range(1, rows + 1))


@settings(QUICK, max_examples=examples(12))
@given(
    GRID,
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    st.sampled_from([",", "\t"]),
    st.sampled_from([".csv", ".xls"]),
)
def test_every_row_of_a_text(rows: list[list[str]], encoding: str, delimiter: str, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        content = lines(*rows, delimiter=delimiter).encode(encoding)
        (path := Path(name) / f"某平台{suffix}").write_bytes(content)
        account(path, len(rows))


TYPED = DIRT | st.floats(-1e18, 1e18) | st.booleans() | st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2050, 1, 1))


@settings(QUICK, max_examples=examples(12))
@given(st.lists(st.lists(TYPED, max_size=5), max_size=10), st.booleans())
def test_every_row_of_a_workbook(rows: list[list[Any]], zipped: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        content = workbook([["学习记录"], HEADER, *rows, ROW])
        (path := Path(name) / ("a.zip" if zipped else "a.xlsx")).write_bytes(
            made.packed({"甲.xlsx": content}) if zipped else content
        )
        account(path, len(rows) + 3)


@settings(QUICK, max_examples=examples(12))
@given(GRID, st.booleans())
def test_every_row_of_a_page(rows: list[list[str]], xml: bool) -> None:
    """Cells that hold nothing at the end of a row are not written in XML; rows are, whatever they hold."""
    with tempfile.TemporaryDirectory() as name:
        cell = '<Cell><Data ss:Type="String">{}</Data></Cell>' if xml else "<td>{}</td>"
        row = "<Row>{}</Row>" if xml else "<tr>{}</tr>"
        body = "".join(row.format("".join(cell.format(escape(text)) for text in line)) for line in rows)
        page = f"<html><body><table>{body}</table></body></html>".encode("gb18030")
        (path := Path(name) / "导出.xls").write_bytes(
            made.spreadsheet_xml(f'<Worksheet ss:Name="a"><Table>{body}</Table></Worksheet>') if xml else page
        )
        account(path, len(rows))
