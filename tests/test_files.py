"""What a file is, told by its content: old workbooks, HTML, SpreadsheetML, archives, and what is none of them."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import made
import polars as pl
import pytest
import xlsxwriter
from test_intake import ANNA, BODO, HEADER, ROW, Loaded, lines

from auditor.fault import Exit, Fault
from auditor.intake import archive, grid
from auditor.intake.cells import text, texts
from auditor.intake.load import load
from auditor.intake.text import NUMBER
from auditor.words import LANGUAGES
from auditor.words import word as in_words

OTHER = [BODO, "李四", "2021-02-03 12:00:00", "2021-02-03 13:00:00"]
TABLE = lines(HEADER, ROW, OTHER).encode()


def read(folder: Path, *paths: Path) -> Loaded:
    (work := folder / ".work").mkdir(exist_ok=True)
    return Loaded(load([*paths] or [folder], work, set(), lambda _: None))


def of(folder: Path, name: str, content: bytes) -> Loaded:
    (folder / name).write_bytes(content)
    return read(folder)


def refused(folder: Path, name: str, content: bytes, *words: str) -> None:
    """Read by name, the file ends the audit with a sentence that holds these words; in both languages it names it."""
    (folder / name).write_bytes(content)
    with pytest.raises(Fault) as caught:
        read(folder, folder / name)
    assert caught.value.code == Exit.UNAUDITABLE
    for lang in LANGUAGES:
        assert name in in_words(caught.value.words, lang)
    for word in words:
        assert word in str(caught.value)


def told(found: Loaded) -> list[tuple[str, str]]:
    """File and sheet of what was read, in order."""
    return [(source.file, source.sheet) for source in found.intake.sources]


# ruff: noqa: E501 (markup reads better in one line)

# --- cells ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", None), ("甲", "甲"), ("0", "0"), (3.0, NUMBER + "3"), (-0.0, NUMBER + "0"), (0.5, NUMBER + "0.5"),
        (3, NUMBER + "3"), (320522198001010013.0, NUMBER + "3.2052219800101e+17"), (1e15, NUMBER + "1000000000000000.0"),
        (999_999_999_999_999.0, NUMBER + "999999999999999"), (0.1 + 0.2, NUMBER + "0.30000000000000004"),
        (float("nan"), NUMBER + "nan"), (float("inf"), NUMBER + "inf"), (True, "是"), (False, "否"),
        (dt.datetime(2021, 2, 3, 7, 59, 59, 971_000), "2021-02-03 08:00:00"), (dt.date(2021, 2, 3), "2021-02-03"),
        (dt.time(7, 59, 59, 971_000), "08:00:00"), (dt.timedelta(hours=25, seconds=1), "25:00:01"),
        (dt.timedelta(seconds=-61), "-0:01:01"),
    ],
)  # fmt: skip
def test_a_typed_cell_says_what_a_person_sees(cell: Any, said: str | None) -> None:
    assert text(cell) == said
    beside = ["甲", cell, "", 7.0, True, cell]
    assert texts(beside).to_list() == ["甲", said, None, NUMBER + "7", "是", said]


def test_among_moments_a_midnight_is_one() -> None:
    midnight, moment = dt.date(2021, 2, 3), dt.datetime(2021, 2, 3, 8)
    assert texts([midnight, moment, ""]).to_list() == ["2021-02-03 00:00:00", "2021-02-03 08:00:00", None]
    assert texts([midnight, ""]).to_list() == ["2021-02-03", None]


# --- workbooks as WPS and platforms write them ---------------------------------------------------------------------


def workbook(path: Path, rows: list[list[Any]], **options: Any) -> None:
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("明细")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)


def replaced(path: Path, *changes: tuple[str, str]) -> None:
    """Texts of the first sheet replaced; each must be there."""

    def change(name: str, body: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            for old, new in changes:
                assert old.encode() in body, old
                body = body.replace(old.encode(), new.encode())
        return body

    made.patched(path, change)


def test_a_wrong_dimension_hides_nothing(tmp_path: Path) -> None:
    workbook(tmp_path / "雨.xlsx", [HEADER, ROW, OTHER])
    replaced(tmp_path / "雨.xlsx", ('<dimension ref="A1:D3"/>', '<dimension ref="A1"/>'))
    assert read(tmp_path).places == [2, 3]


def test_hidden_rows_and_sheets_are_read_and_said(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "隐.xlsx") as book:
        for name in ("甲", "乙", "丙"):
            sheet = book.add_worksheet(name)
            for at, row in enumerate([HEADER, ROW, OTHER]):
                sheet.write_row(at, 0, row)
            if name == "乙":
                sheet.hide()
            if name == "丙":
                sheet.very_hidden()
                sheet.set_row(1, options={"hidden": True})
    found = read(tmp_path)
    assert [source.read for source in found.intake.sources] == [2, 2, 2]
    notes = [[in_words(note, "zh") for note in source.notes] for source in found.intake.sources]
    assert notes[0] == [] and len(notes[1]) == 1 and "隐藏" in notes[1][0]
    assert len(notes[2]) == 2 and "1 行是隐藏的" in notes[2][1]


def test_cells_of_every_kind(tmp_path: Path) -> None:
    """Inline and rich texts, results of formulas, errors, dates as serials of either epoch."""
    header = [*HEADER[:2], "学习日期", *HEADER[2:], "学习时长（分钟）"]
    workbook(
        tmp_path / "格.xlsx", [header, [ANNA, "x", 44230, 0.75, 0.8125, 1.25], [BODO, "y", 44230, 0.75, 0.8125, 2]]
    )
    cell = '<c r="{}"{}><v>{}</v></c>'
    replaced(
        tmp_path / "格.xlsx",
        ('<c r="A2" t="s"><v>6</v></c>', f'<c r="A2" t="inlineStr"><is><t>{ANNA}</t></is></c>'),
        ('<c r="B2" t="s"><v>7</v></c>', '<c r="B2" t="inlineStr"><is><r><t>张</t></r><r><rPr><b/></rPr><t>三</t></r></is></c>'),
        (cell.format("D2", "", 0.75), '<c r="D2" t="str"><f>TEXT(0.75,"h:mm:ss")</f><v>18:00:00</v></c>'),
        (cell.format("E2", "", 0.8125), '<c r="E2" t="str"><f t="shared" ref="E2:E3" si="0">D2</f><v>19:30:00</v></c>'),
        (cell.format("F2", "", 1.25), '<c r="F2" t="d"><v>2021-02-03T01:30:00</v></c>'),
        (cell.format("D3", "", 0.75), '<c r="D3" t="b"><v>1</v></c>'),
        (cell.format("E3", "", 0.8125), '<c r="E3" t="e"><f t="shared" si="0"/><v>#N/A</v></c>'),
    )  # fmt: skip
    found = read(tmp_path)
    first, second = found.rows()
    assert (first["id_number"], first["name"], first["day"]) == (ANNA, "张三", 20210203)
    assert first["start_at"] % 86400 == 18 * 3600 and first["end_at"] - first["start_at"] == 5400
    assert second["id_number"] == BODO and not second.keys() & {"start_at", "end_at"}
    troubled = found.troubles.filter(source_row=3).select("field", "shown").rows()
    assert ("start_at", "是") in troubled
    assert found.notes == ["有 1 个单元格是错误值（如 #N/A），按空格处理。"]


@pytest.mark.parametrize("old_epoch", [True, False])
def test_dates_of_either_epoch(tmp_path: Path, old_epoch: bool) -> None:
    start = dt.datetime(2021, 2, 3, 18, 30)
    rows = [HEADER, [ANNA, "x", start, start + dt.timedelta(hours=1)], [ANNA, "x", start, start]]
    options = {"date_1904": old_epoch, "default_date_format": "yyyy-mm-dd hh:mm"}
    workbook(tmp_path / "日.xlsx", rows, **options)
    first = read(tmp_path).rows()[0]
    assert first["start_at"] == (start - dt.datetime(1970, 1, 1)).total_seconds()
    assert first["end_at"] - first["start_at"] == 3600


@pytest.mark.parametrize("left", [0, 2])
def test_a_merged_cell_counts_for_each_of_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int) -> None:
    monkeypatch.setattr(grid, "_ROWS", 2)  # so that it reaches over batches
    with xlsxwriter.Workbook(tmp_path / "合.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, left, 0, left + 3, "学习记录")
        sheet.write_row(1, left, HEADER)
        sheet.merge_range(2, left, 5, left, ANNA)
        sheet.merge_range(2, left + 1, 5, left + 1, "张三")
        for at in range(2, 7):
            sheet.write_row(at, left + 2, ROW[2:])
        sheet.write_row(6, left, OTHER[:2])
    found = read(tmp_path)
    assert [(row["source_row"], row["id_number"]) for row in found.rows()] == [
        *((number, ANNA) for number in range(3, 7)), (7, BODO),
    ]  # fmt: skip
    assert found.notes == ["有 2 个合并单元格跨多行：在表头以下，其中的值用于所跨的每一行。"]


def test_a_chart_is_no_sheet_and_macros_are_said(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "宏.xlsm") as book:
        sheet = book.add_worksheet("明细")
        for at, row in enumerate([HEADER, ROW]):
            sheet.write_row(at, 0, row)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=明细!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
        (macros := tmp_path / "vbaProject.bin").write_bytes(made.ole({"VBA": b"x"}))
        book.add_vba_project(str(macros))
    found = read(tmp_path)
    assert told(found) == [("宏.xlsm", "明细")]
    assert found.places == [2]
    assert found.notes == ["工作簿带有宏：只读取单元格，不运行宏。"]


def test_a_cell_too_far_away_is_said_before_memory_is_asked_for(tmp_path: Path) -> None:
    workbook(tmp_path / "远.xlsx", [HEADER, ROW])
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    replaced(tmp_path / "远.xlsx", ("</sheetData>", far))
    refused(tmp_path, "远.xlsx", (tmp_path / "远.xlsx").read_bytes(), "工作表“明细”", "16,384", "1,048,576", "删去")


def test_a_stray_column_is_no_danger(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "宽.xlsx") as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([HEADER, ROW, OTHER]):
            sheet.write_row(at, 0, row)
        sheet.write("XFD2", 1)
    assert read(tmp_path).places == [2, 3]


# --- .xls, .ods ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["旧.xls", "旧.et", "旧.xlsx", "旧.csv"])
def test_an_old_workbook(tmp_path: Path, name: str) -> None:
    cells: list[list[made.Cell]] = [
        [*HEADER, "学习时长（分钟）"],
        [ANNA, "张三", ("date", 44230.75), ("date", 44230.8125), ("length", 1 / 24)],
        [320585199003079120.0, True, "#N/A", 7.0, 0.5],
    ]
    found = of(tmp_path, name, made.xls({"明细": cells, "备用": cells[:2]}, hidden=["备用"], macros=True))
    first, second, third = found.rows()
    assert first["id_number"] == third["id_number"] == ANNA
    assert (first["end_at"] - first["start_at"], first["duration"]) == (5400, 3600)
    assert second["id_number"].startswith("\x00damaged")
    assert told(found) == [(name, "明细"), (name, "备用")]
    assert ["宏" in note or "隐藏" in note for note in found.notes].count(True) == 2


def test_merged_cells_of_an_old_workbook(tmp_path: Path) -> None:
    cells: list[list[made.Cell]] = [[*HEADER], [*ROW], [None, *ROW[1:]], [*OTHER]]
    found = of(tmp_path, "旧.xls", made.xls({"明细": cells}, merged=[(1, 2, 0, 0)]))
    assert [row["id_number"] for row in found.rows()] == [ANNA, ANNA, BODO]


def test_an_open_document(tmp_path: Path) -> None:
    found = of(tmp_path, "表.ods", made.ods([HEADER, ROW, [320585199003079120.0, *OTHER[1:]]]))
    assert found.places == [2, 3]
    assert found.rows()[1]["id_number"].startswith("\x00damaged")


# --- text that is called a workbook --------------------------------------------------------------------------------

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{}">
<title>学习记录</title><style>td {{ mso-number-format:"\\@" }}</style>
<!--[if gte mso 9]><xml><x:Name>Sheet1</x:Name></xml><![endif]--></head><body>{}</body></html>"""


def html(rows: list[list[str]], tag: str = "td") -> str:
    return "<table border=1>" + "".join(
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>\n" for row in rows
    ) + "</table>"  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["导出.xls", "导出.xlsx", "导出.csv"])
def test_a_web_page_that_is_called_a_workbook(tmp_path: Path, encoding: str, name: str) -> None:
    page = PAGE.format("UTF-8" if encoding == "utf-8-sig" else encoding, html([HEADER, ROW, OTHER]))
    found = of(tmp_path, name, page.encode(encoding))
    assert [(row["source_row"], row["name"]) for row in found.rows()] == [(2, "张三"), (3, "李四")]
    assert told(found) == [(name, "")]
    assert found.intake.sources[0].rows == 3


def test_a_page_that_lies_about_its_encoding(tmp_path: Path) -> None:
    page = PAGE.format("utf-8", html([HEADER, ROW]))
    assert of(tmp_path, "导出.xls", page.encode("gb18030")).rows()[0]["name"] == "张三"


def test_spans_entities_and_unclosed_tags(tmp_path: Path) -> None:
    start, end = ROW[2:]
    body = (
        f"<h2>某平台</h2><p>导出&nbsp;时间<br>2021-03-01</p><TABLE><caption>明细</caption><tr><td colspan=4>学习记录</td></tr>"
        f"<tr><th>身份证号<th>姓&#21517;<th><b>开始</b>时间<th>结束<span>时间</span></tr>"
        f"<tr><td rowspan='2'>&#9;{ANNA}&nbsp;</td><td>张<font color=red>三</font><td>{start}<td>{end}"
        f"<tr><td>张三</td><td>{start}</td><td>{end}</td></tr>"
        f"<tr><td>{BODO}<td>李四&amp;王五<td>{start}<td>{end}</table><p>页脚</p>"
    )
    found = of(tmp_path, "导出.xls", PAGE.format("utf-8", body).encode())
    rows = [(row["source_row"], row["id_number"], row["name"]) for row in found.rows()]
    assert rows == [(7, ANNA, "张三"), (8, ANNA, "张三"), (9, BODO, "李四&王五")]
    assert found.aside("above") == [1, 2, 3, 4, 5] and found.aside("foot") == [10]
    assert found.intake.sources[0].rows == 10


def test_tables_of_a_page_are_sheets_nested_ones_too(tmp_path: Path) -> None:
    exams = html([["身份证号", "考试名称", "成绩", "考试时间"], [ANNA, "结业考试", "80", "2021-03-20 09:00:00"]], "th")
    body = f"<table><tr><td>{html([HEADER, ROW])}</td><td></td></tr><tr><td>{exams}</td></tr></table>"
    found = of(tmp_path, "导出.xls", PAGE.format("utf-8", body).encode())
    assert [(source.sheet, source.table, source.rows) for source in found.intake.sources] == [
        ("table 1", "sessions", 2), ("table 2", "exams", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_that_is_called_a_workbook(tmp_path: Path, delimiter: str, encoding: str) -> None:
    content = lines(HEADER, ROW, OTHER, delimiter=delimiter).encode(encoding)
    assert of(tmp_path, "导出.xls", content).places == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "GBK"])
def test_a_workbook_as_xml(tmp_path: Path, encoding: str) -> None:
    def cell(kind: str, value: str, more: str = "") -> str:
        return f'<Cell{more}><Data ss:Type="{kind}">{value}</Data></Cell>'

    header = "".join(cell("String", name) for name in [*HEADER, "学习时长"])
    when = [cell("DateTime", f"2021-02-03T{hour}:00:00.000") for hour in (10, 11)]
    body = (
        '<Worksheet ss:Name="明细"><Table ss:ExpandedRowCount="1">'
        f'<Row>{cell("String", "学习记录", " ss:MergeAcross=" + chr(34) + "4" + chr(34))}</Row>'
        f'<Row ss:Index="3">{header}</Row>'
        f'<Row>{cell("String", ANNA)}<Cell><Data ss:Type="String">张<B>三</B></Data><Comment><Data>批注</Data></Comment></Cell>'
        f'{"".join(when)}{cell("DateTime", "1899-12-31T00:30:00.000")}</Row>'
        f'<Row ss:Hidden="1">{cell("Number", "320585199003079120")}{cell("Boolean", "1")}'
        f'{cell("Number", "44230.5", " ss:Index=" + chr(34) + "4" + chr(34))}{cell("DateTime", "1900-01-01T01:30:00")}</Row>'
        f'<Row>{cell("String", BODO)}{cell("Error", "#N/A")}{"".join(when)}</Row>'
        '</Table><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible>'
        '</WorksheetOptions></Worksheet><Worksheet ss:Name="空"><Table/></Worksheet>'
    )  # fmt: skip
    found = of(tmp_path, "导出.xls", made.spreadsheet_xml(body, encoding))
    first, second, third = found.rows()
    assert (first["source_row"], first["name"], first["duration"]) == (4, "张三", 1800)
    assert first["end_at"] - first["start_at"] == 3600
    assert second["id_number"].startswith("\x00damaged") and second["duration"] == 25 * 3600 + 1800
    assert "start_at" not in second and second["end_at"] % 86400 == 12 * 3600
    assert third["source_row"] == 6 and "name" not in third
    assert told(found) == [("导出.xls", "明细")]
    assert found.notes == [
        "这张工作表是隐藏的，照样读取。", "有 1 行是隐藏的，照样读取。", "有 1 个单元格是错误值（如 #N/A），按空格处理。",
    ]  # fmt: skip
    assert found.aside("above") == [1, 2]


# --- archives ------------------------------------------------------------------------------------------------------


def test_an_archive_is_read_in_place(tmp_path: Path) -> None:
    workbook(tmp_path / "b.xlsx", [HEADER, ROW, OTHER])
    pl.DataFrame({name: [cell] for name, cell in zip(HEADER, ROW, strict=True)}).write_parquet(tmp_path / "c.parquet")
    members = {
        "二班/学习记录.csv": TABLE, "二班/b.xlsx": (tmp_path / "b.xlsx").read_bytes(),
        "c.parquet": (tmp_path / "c.parquet").read_bytes(), "旧.xls": made.xls({"明细": [[*HEADER], [*ROW]]}),
        "照片.jpg": b"\xff\xd8", "__MACOSX/二班/._学习记录.csv": b"\0\5", "说明.txt": "请查收".encode(),
        "内.zip": made.packed({"三班.csv": TABLE, "四班.zip": made.packed({"五班.csv": TABLE})}), "空文件夹/": b"",
    }  # fmt: skip
    (data := tmp_path / "数据").mkdir()
    (data / "外.zip").write_bytes(made.packed(members))
    before = sorted(path.name for path in data.iterdir())
    found = read(tmp_path, data)
    assert [source.file for source in found.intake.sources] == [
        "外.zip/c.parquet", "外.zip/二班/b.xlsx", "外.zip/二班/学习记录.csv", "外.zip/内.zip/三班.csv",
        "外.zip/内.zip/四班.zip/五班.csv", "外.zip/旧.xls",
    ]  # fmt: skip
    assert [source.read for source in found.intake.sources] == [1, 2, 2, 2, 2, 1]
    assert found.intake.passed_over == ["外.zip/__MACOSX/二班/._学习记录.csv", "外.zip/照片.jpg", "外.zip/说明.txt"]
    assert list(found.intake.hashes) == ["外.zip"]
    assert found.intake.hashes["外.zip"][1] == (data / "外.zip").stat().st_size
    assert sorted(path.name for path in data.iterdir()) == before


def cp437(members: dict[str, bytes], encoding: str) -> bytes:
    """Names in bytes of another encoding and without the flag that says UTF-8, as Chinese Windows writes them."""
    aliases = {f"member{number:0{max(1, len(name.encode(encoding)) - 6)}}": name for number, name in enumerate(members)}
    whole = made.packed({alias: members[name] for alias, name in aliases.items()})
    for alias, name in aliases.items():
        assert len(alias) == len(name.encode(encoding))
        whole = whole.replace(alias.encode(), name.encode(encoding))
    return whole


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_flag(tmp_path: Path, encoding: str) -> None:
    name = "盐城\\学习记录.csv"
    assert of(tmp_path, "外.zip", cp437({name: TABLE}, encoding)).intake.sources[0].file == "外.zip/盐城/学习记录.csv"


def test_a_large_member_is_read_as_it_is_unpacked(tmp_path: Path) -> None:
    """Rows are those of the plain file, many blocks long."""
    rows = [[ANNA, f"人{number}", *ROW[2:]] for number in range(600_000)]
    content = lines(HEADER, *rows).encode()
    assert len(content) > 1 << 25
    (tmp_path / "大.zip").write_bytes(made.packed({"大.csv": content}))
    (source,) = read(tmp_path).intake.sources
    assert (source.read, source.rows) == (600_000, 600_001)


def test_a_damaged_member(tmp_path: Path) -> None:
    whole = bytearray(made.packed({"大.csv": TABLE}, zipfile.ZIP_STORED))
    whole[60] ^= 1
    refused(tmp_path, "坏.zip", bytes(whole), "坏.zip/大.csv", "已损坏")


def encrypted() -> bytes:
    """The flag that says so, in both headers of the one member."""
    whole = bytearray(made.packed({"甲.csv": TABLE}))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        whole[whole.index(mark) + offset] |= 1
    return bytes(whole)


def method(number: int) -> bytes:
    whole = bytearray(made.packed({"甲.csv": TABLE}))
    for mark, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        whole[whole.index(mark) + offset] = number
    return bytes(whole)


def nested(depth: int) -> bytes:
    content = TABLE
    for level in range(depth):
        content = made.packed({"甲.zip" if level else "甲.csv": content})
    return content


BOMB = made.packed({"甲.csv": bytes(archive.FREE + 1)})
REFUSED: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "password": ("密.zip", encrypted(), ("密.zip/甲.csv", "密码", "解压后")),
    "method": ("法.zip", method(9), ("法.zip/甲.csv", "压缩方式")),
    "upwards": ("上.zip", made.packed({"a/../../甲.csv": TABLE}), ("a/../../甲.csv", "之外")),
    "absolute": ("绝.zip", made.packed({"/etc/甲.csv": TABLE}), ("/etc/甲.csv", "之外")),
    "drive": ("盘.zip", made.packed({"C:\\甲.csv": TABLE}), ("C:/甲.csv", "之外")),
    "bomb": ("弹.zip", BOMB, ("弹.zip", "250 倍")),
    "bomb inside": ("弹.zip", made.packed({"内.zip": BOMB}, zipfile.ZIP_STORED), ("弹.zip/内.zip", "250 倍")),
    "too deep": ("深.zip", nested(archive.DEPTH + 1), ("深.zip", "3 层")),
    "cut": ("断.zip", made.packed({"甲.csv": TABLE})[:-30], ("断.zip", "已损坏")),
    "no archive": ("非.zip", b"abc", ("非.zip", "已损坏")),
    "workbook with a password": ("密.xlsx", made.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), ("取消密码",)),
    "old workbook with a password": ("密.xls", made.xls({"甲": [["a"]]}, password=True), ("取消密码",)),
    "old Word": ("信.doc", made.ole({"WordDocument": b"x"}), ("Word", "不是表格")),
    "Word": ("信.docx", made.packed({"[Content_Types].xml": "", "word/document.xml": ""}), ("Word", "不是表格")),
    "Word of 2003": ("答.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', ("Word",)),
    "PDF": ("信.pdf", b"%PDF-1.7\n\0", ("PDF", "不是表格")),
    "RAR": ("包.rar", b"Rar!\x1a\x07\x01\x00", ("RAR", "先解压")),
    "7z": ("包.7z", b"7z\xbc\xaf\x27\x1c\0\4", ("7z", "先解压")),
    "page without a table": ("页.xls", b"<html><body>404</body></html>", ("HTML", "没有表格")),
    "page in one file": ("页.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<table>", ("MHTML", "不是表格")),
    "other XML": ("配.xml", b'<?xml version="1.0"?><a/>', ("XML", "不是表格")),
    "XML cut off": ("断.xls", made.spreadsheet_xml("<Worksheet>")[:-20], ("断.xls", "已损坏")),
    "XML bomb": ("弹.xls", made.spreadsheet_xml("").replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><Workbook', 1), ("弹.xls",)),
    "far row of XML": ("远.xls", made.spreadsheet_xml('<Worksheet><Table><Row ss:Index="9999999"/></Table></Worksheet>'), ("9,999,999",)),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_says_what_it_is(case: str, tmp_path: Path) -> None:
    name, content, words = REFUSED[case]
    refused(tmp_path, name, content, *words)


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBERS", 2)
    inner = made.packed({"a.csv": TABLE, "b.csv": TABLE})
    assert len(of(tmp_path, "多.zip", inner).intake.sources) == 2
    refused(tmp_path, "多.zip", made.packed({"内.zip": inner}), "2 个")


def test_documents_in_a_folder_are_listed(tmp_path: Path) -> None:
    (tmp_path / "甲.csv").write_bytes(TABLE)
    for name in ("信.doc", "信.pdf", "包.rar", "页.html"):
        (tmp_path / name).write_bytes(b"x")
    assert read(tmp_path).intake.passed_over == ["信.doc", "信.pdf", "包.rar", "页.html"]
