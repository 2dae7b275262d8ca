"""workpapers.xlsx: complete, in agreement with report.html and report.json, harmless to open, and ready to print."""

import datetime as dt
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from harness import Tables, honest, identity, merge, write_table
from python_calamine import CalamineWorkbook

from auditor import audit, listing, policy
from auditor.intake.files import digest
from auditor.render import FORMATS, to_xlsx
from auditor.render.book import LONGEST, ROWS, Book, Column
from auditor.report import Report
from auditor.words import say

ADDED, TOTALS = ("申领明细", "人员"), ("合计", "各表合计")
BOOK, SPLIT = "workpapers.xlsx", "split.xlsx"
NOTICE = policy.load("taicang-2021")
SAMPLES = Path(__file__).parent.parent / "sample_data"
SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
SHEETS = [
    *(
        "目录",
        "结论",
        "审计概况",
        "数据来源",
        "发现汇总",
        "发现明细",
        "规则执行",
        "条款对照",
        "申领明细",
        "人员",
        "优先核查名单",
    ),
    *("关联人员组", "未执行"),
]
_CELLS = r"\$?[A-Z]+\d*(?::\$?[A-Z]+\d*)?"
_IF = rf"SUMIF\('?[\w ()]+'?!{_CELLS},\"R-\d\d\",'?[\w ()]+'?!{_CELLS}\)"
OURS = re.compile(rf"SUM\({_CELLS}\)|SUBTOTAL\([39],{_CELLS}\)|{_IF}")  # every formula there may be
FORMULA = "=cmd|' /C calc'!A0"
NASTY = [
    "=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://a.b")', "http://a.b/", "{=1}", "320522199001019998", "1E5",
    "<r><t>x</t></r>", "_x0041_", "a\x07b", "\ufffe", " x ", "&amp;<>", "internal:A1", "true", "甲\n乙",
]  # fmt: skip


@dataclass(frozen=True)
class Done:
    """What an audit wrote: the sheets of its workbook as rows of cells, report.json, the text of report.html."""

    out: Path
    book: str = BOOK

    @cached_property
    def sheets(self) -> dict[str, list[list[Any]]]:
        return read(self.out / self.book)

    @cached_property
    def report(self) -> Report:
        return Report(**json.loads((self.out / "report.json").read_text(encoding="utf-8")))

    @cached_property
    def html(self) -> str:
        return (self.out / "report.html").read_text(encoding="utf-8")

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a sheet that is one table, by the words of its heads, without the total."""
        heads = self.sheets[name][2]
        return [dict(zip(heads, row, strict=True)) for row in self.sheets[name][3:] if row[0] != "合计"]

    def frame(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.out / f"{name}.parquet")

    def row(self, sheet: str, *first: object) -> list[Any]:
        """The first row that begins with these cells."""
        return next(row for row in self.sheets[sheet] if row[: len(first)] == list(first))


def empty_book(path: Path, limit: int = ROWS) -> Book:
    return Book(path, "题", "版", dt.date(2021, 2, 28), "{page}/{pages}", lambda text, _: text, limit)


def read(path: Path) -> dict[str, list[list[Any]]]:
    opened = CalamineWorkbook.from_path(path)
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def done(data: Path, out: Path, edition: str = "masked") -> Done:
    audit.run([data], NOTICE, out, edition, papers=[BOOK])
    return Done(out)


def lay(tables: Tables, folder: Path) -> Path:
    folder.mkdir(parents=True)
    for table, rows in tables.items():
        write_table(table, rows, folder)
    return folder


@pytest.fixture(scope="module", params=policy.names())
def made(request: pytest.FixtureRequest, sample: Callable[..., Path]) -> Done:
    return Done(sample(request.param))


@pytest.fixture(scope="module")
def whole(sample: Callable[..., Path]) -> Done:
    return Done(sample(NOTICE.id))


@pytest.fixture(scope="module")
def capped(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """An audit of the sample whose Report lists less than there is, and whose workbook reads several batches. Beside
    it is the same workbook cut into short sheets, with a total that is wrong."""
    out = tmp_path_factory.mktemp("capped")

    def write(report: Report, path: Path) -> None:
        to_xlsx.write(report, path)
        wrong = report.money | {"claimed_fen": report.money["claimed_fen"] + 1}
        to_xlsx.write(replace(report, money=wrong), out / SPLIT, limit=13)

    with pytest.MonkeyPatch.context() as patch:
        for name, most in (("LISTED", 5), ("BATCH", 100), ("SAMPLE", 3)):
            patch.setattr(listing, name, most)
        patch.setitem(FORMATS, BOOK, write)
        audit.run([SAMPLES / NOTICE.id], NOTICE, out / "out", papers=[BOOK, "report.html"])
    return Done(out / "out")


@pytest.fixture(scope="module")
def without_exams(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Of an export without exams, in which a firm and a time are formulas."""
    folder = tmp_path_factory.mktemp("without exams")
    tables = merge(honest(NOTICE, 3, "甲机械厂"), honest(NOTICE, 3, FORMULA, first=3))
    del tables["exams"]
    tables["sessions"][-1]["start_at"] = "=1+1"
    return done(lay(tables, folder / "in"), folder / "out")


def test_sheets_say_what_they_are(made: Done) -> None:
    assert list(made.sheets)[: len(SHEETS)] == SHEETS
    assert all(re.match(r"R-\d\d ", name) for name in list(made.sheets)[len(SHEETS) :])
    for name, rows in made.sheets.items():
        assert rows[0][0] == name and len(rows[1][0]) > 15
        assert len(rows) > 3, name


def test_totals_agree_with_report_json_and_report_html(made: Done) -> None:
    money, persons = made.report.money, made.report.people["verdicts"]
    for name, word in (("supported", "支持"), ("not_supported", "不支持"), ("to_verify", "待核实")):
        row = made.row("结论", word)
        assert row[1:4] == [money[name], persons[name], money[f"{name}_fen"] / 100]
        claims, yuan = f"{money[name]:,}", f"{money[f'{name}_fen'] / 100:,.2f}"
        assert f'{word}</th><td class="n">{claims}</td><td class="n">{yuan}</td>' in made.html
    assert made.row("结论", "合计")[1:4] == [money["claims"], money["persons"], money["claimed_fen"] / 100]
    for employer in made.report.employers:
        counts = [employer[name] for name in ("supported", "not_supported", "to_verify", "claims")]
        sums = [employer[f"{name}_fen"] / 100 for name in ("supported", "not_supported", "to_verify", "claimed")]
        assert made.row("结论", f"{employer['employer']}（{employer['district']}）")[1:] == counts + sums
    total = made.sheets["结论"][-1]
    assert total[0] == "合计" and total[4] == money["claims"] and total[8] == money["claimed_fen"] / 100
    said = "".join(str(row[0]) for row in made.sheets["结论"])
    assert "各单位合计与总表相符" in said and "与名单逐行相加相符" in said and "请勿使用" not in said


def test_a_total_that_does_not_add_up_is_said(capped: Done) -> None:
    wrong = Done(capped.out.parent, SPLIT)
    assert "".join(str(row[0]) for row in wrong.sheets["结论"]).count("请勿使用") == 2


def test_money_by_rule_says_what_may_be_added(made: Done) -> None:
    rows = made.sheets["结论"]
    head = next(place for place, row in enumerate(rows) if row[0] == "规则")
    assert rows[head][3:8] == ["发现", "人数", "人次", "涉及金额（元）", "只计一次（元）"]
    assert rows[head - 1][6] == "金额不可相加" and set(rows[head - 1]) == {"金额不可相加", ""}
    listed = {}
    for row in rows[head + 1 :]:
        if row[0] == "只计一次合计":
            break
        listed[row[0].split()[0]] = row
    once = 0
    for place, rule in enumerate(made.report.rules, 1):
        if rule["findings"]:
            row = listed.pop(f"R-{place:02}")
            assert row[3:6] == [rule["findings"], rule["persons"], rule["claims"]]
            assert row[6:8] == [rule["claims_fen"] / 100, rule["counted_once_fen"] / 100]
            once += rule["counted_once_fen"]
    assert not listed
    assert made.row("结论", "只计一次合计")[7] == once / 100


def check_claims(made: Done) -> None:
    """The sheet of claims is claims.parquet without the supported ones, and begins as the html's lists do."""
    rows = made.rows("申领明细")
    verdict = {"不支持": "not_supported", "待核实": "to_verify"}
    names = ("claimed_fen", "supported_fen", "not_supported_fen", "to_verify_fen")
    heads = ("申领金额（元）", "支持金额（元）", "不支持金额（元）", "待核实金额（元）")
    got = sorted(
        (verdict[row["判定"]], row["人员代号"], row["单位"], *(round(row[head] * 100) for head in heads), row["文件"],
         row["工作表"] or "", row["行号"])
        for row in rows
    )  # fmt: skip
    columns = ["verdict", "person_id", "employer", *names, "source_file", "source_sheet", "source_row"]
    claims = made.frame("claims").filter(pl.col("verdict") != "supported")
    empty = {"employer": "（未记录单位）", "source_sheet": ""}
    claims = claims.with_columns(pl.col(name).fill_null(value) for name, value in empty.items())
    assert got == sorted(claims.select(columns).rows())
    for name in verdict.values():
        assert sum(row[0] == name for row in got) == made.report.money[name] == made.report.claims[name]["total"]
    places = {"N": 0, "V": 0}
    for row in rows:
        letter, number = row["索引号"].split("-")
        places[letter] += 1
        assert int(number) == places[letter] and row["原因"]
    for name, letter in (("not_supported", "N"), ("to_verify", "V")):
        shown = {row["索引号"]: row for row in rows if row["索引号"].startswith(letter)}
        for place, claim in enumerate(made.report.claims[name]["listed"], 1):
            row = shown[f"{letter}-{place:04}"]
            assert [row["人员代号"], row["姓名"]] == [claim["person_id"], claim["name"] or ""]
            assert f'id="{letter}-{place:04}"' in made.html
            for said in claim["said"]:
                assert said["message"] in row["原因"]


def check_findings(made: Done) -> None:
    """The sheet of findings is findings.parquet without the notes of a rule beyond the first thousand, and its index is
    the html's, which goes on counting."""
    rows = made.rows("发现明细")
    frame = made.frame("findings")
    assert len(frame) == sum(rule["findings"] for rule in made.report.rules)
    notes = pl.col("effect") == "note"
    nth = pl.int_range(pl.len()).over("rule", "effect")
    frame = frame.filter(~notes | (nth < listing.BRIEF))
    assert [row["指纹"] for row in rows] == frame["fingerprint"].to_list()
    assert [row["发现"] for row in rows] == frame["message"].to_list()
    shown = pl.when(pl.col("unit") == "fen").then(pl.col("measured") / 100).otherwise("measured")
    assert [row["实测"] for row in rows] == ["" if one is None else one for one in frame.select(shown).to_series()]
    order = {"不支持": 0, "待核实": 1, "提示": 2}
    assert [order[row["作用"]] for row in rows] == sorted(order[row["作用"]] for row in rows)
    index = [row["索引号"] for row in rows]
    assert len(set(index)) == len(index)
    by_index = {row["索引号"]: row["指纹"] for row in rows}
    printed = re.findall(r'<td class="key">(R-\d\d-\d+)<br><small class="print" title="[^"]*">(\w+)<', made.html)
    assert len(printed) > 10 and len(printed) < len(rows)
    assert {by_index[at] for at, _ in printed} == {fingerprint for _, fingerprint in printed}
    assert all(by_index[at] == fingerprint for at, fingerprint in printed)
    for place, rule in enumerate(made.report.rules, 1):
        mine = sorted(int(at.split("-")[2]) for at in index if at.startswith(f"R-{place:02}-"))
        assert mine == list(range(1, len(frame.filter(rule=rule["id"])) + 1))


def test_claims_and_findings_are_complete(made: Done) -> None:
    check_claims(made)
    check_findings(made)


def test_what_the_report_caps_the_workbook_does_not(capped: Done, whole: Done) -> None:
    assert len(capped.report.claims["not_supported"]["listed"]) == 5 < capped.report.claims["not_supported"]["total"]
    check_claims(capped)
    check_findings(capped)
    assert capped.sheets["申领明细"] == whole.sheets["申领明细"]
    assert capped.sheets["人员"] == whole.sheets["人员"]


def test_a_reason_names_the_finding_it_rests_on(made: Done) -> None:
    findings = {row["索引号"]: row for row in made.rows("发现明细")}
    seen = 0
    for row in made.rows("申领明细"):
        for at, said in re.findall(r"^(R-\d\d-\d+) (.*)$", row["原因"], re.MULTILINE):
            found = findings[at]
            assert found["发现"] in said and said.startswith(found["规则"])
            assert found["人员代号"] in ("", row["人员代号"])
            seen += 1
    assert seen > 10


def test_everybody_judged_is_there(made: Done) -> None:
    rows = made.rows("人员")
    people = made.frame("people").filter(pl.col("verdict").is_not_null())
    assert [row["人员代号"] for row in rows] == people["person_id"].to_list()
    assert [row["课时"] for row in rows] == ["" if value is None else value for value in people["class_hours"]]
    assert sum(round(row["支持金额（元）"] * 100) for row in rows) == made.report.money["supported_fen"]
    words = {"支持": "supported", "不支持": "not_supported", "待核实": "to_verify"}
    assert [words[row["判定"]] for row in rows] == people["verdict"].to_list()
    for row, net_s in zip(rows, people["net_s"], strict=True):
        if net_s is not None:
            assert net_s / 3600 - 0.01 < row["净学习小时数（舍去尾数）"] <= net_s / 3600


def test_every_clause_with_its_quote_and_outcome(made: Done) -> None:
    rows = {row["索引号"]: row for row in made.rows("条款对照")}
    words = {"met": "符合", "not_met": "不符合", "not_evaluated": "未执行", "manual": "人工核查", "info": "无需核查"}
    assert len(rows) == len(made.report.clauses)
    for clause in made.report.clauses:
        row = rows[f"T-{clause['id']}"]
        assert row["通知原文"] == clause["quote"] and row["结果"] == words[clause["outcome"]]
        assert all(label in row["平台没有记录的字段"] for label in clause["fields_lacking"])
        assert len(row["规则与结果"].split("\n")) == max(1, len(clause["rules"]))
        assert (clause["manual"] or "") in row["人工核查"]


def test_every_row_of_every_file_is_accounted_for(made: Done) -> None:
    for place, source in enumerate(made.report.completeness, 1):
        row = made.row("数据来源", f"F-{place:02}")
        aside = sum(source["set_aside"].values())
        assert row[5:8] == [source["rows"], source["read"], aside] and row[9] == "相符"
        reasons = [(say(f"aside.{name}", "zh"), count) for name, count in source["set_aside"].items()]
        assert all(f"{reason} {count:,} 行" in row[8] for reason, count in reasons)
    for place, rule in enumerate(made.report.rules, 1):
        if rule["class"] == "data" and rule["findings"]:
            assert made.row("数据来源", f"R-{place:02}")[3] == rule["findings"]


def test_settings_and_manual_clauses(made: Done) -> None:
    rows = made.rows("审计概况")
    said = "\n".join("|".join(map(str, row.values())) for row in rows)
    assert all(entry["sha256"] in said for entry in made.report.inputs)
    assert made.report.run["version"] in said and made.report.policy["id"] in said
    for name in made.report.policy["params"]:
        row = next(row for row in rows if row["名称"].endswith(f" {name}"))
        assert row["数值"] and row["条款"]
    hours = next(row for row in rows if row["名称"].endswith(" min_units"))
    assert hours["条款"] == f"T-{NOTICE.clause_of['class-hours-too-few']}" or made.report.policy["id"] != NOTICE.id
    manual = [row["索引号"] for row in made.rows("未执行") if row["项目"] == "人工核查"]
    assert manual == [f"T-{clause['id']}" for clause in made.report.clauses if clause["manual"]]


def test_a_rule_that_did_not_run_is_said(without_exams: Done) -> None:
    undone = [row for row in without_exams.rows("未执行") if row["项目"] == "未执行的规则"]
    assert {row["内容"].split()[-1] for row in undone} >= {"exam-missing", "exam-failed"}
    assert all(row["原因"] and row["后果"] for row in undone)
    claims = without_exams.rows("申领明细")
    assert len(claims) == 6 and all("规则未执行，不能判为支持" in row["原因"] for row in claims)


def test_without_a_claim_list_people_are_listed_and_no_money(tmp_path: Path) -> None:
    tables = honest(NOTICE, 4, "甲机械厂")
    del tables["claims"]
    tables["exams"] = tables["exams"][1:]
    made = done(lay(tables, tmp_path / "in"), tmp_path / "out")
    [row] = made.rows("申领明细")
    assert row["索引号"] == "N-0001" and "没有考核记录" in row["原因"]
    assert not [head for name in ("申领明细", "人员") for head in made.sheets[name][2] if "元" in head]
    assert len(made.rows("人员")) == 4
    assert made.row("结论", "合计")[1] == 4
    assert made.sheets["结论"][-1][4] == 4


@pytest.mark.parametrize("text", NASTY)
def test_texts_stay_texts(text: str, tmp_path: Path) -> None:
    with empty_book(tmp_path / "a.xlsx") as book:
        book.table("甲", "{name} {part}", "说明", [Column("文", 10), Column("数", 10, "money")], [[text, 1.25]], "无")
        sheet = book.sheet("乙", "说明", (10, 10))
        sheet.line(text)
    sheets = read(tmp_path / "a.xlsx")
    escaped = "_xFFFE_" if text == "\ufffe" else text  # which our reader does not undo, as Excel does
    assert sheets["甲"][3] == [escaped, 1.25]
    assert sheets["乙"][2][0].rstrip() == escaped.rstrip()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        assert "xl/worksheets/_rels/sheet1.xml.rels" not in packed.namelist()
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml") + packed.read("xl/worksheets/sheet2.xml")


def test_formulas_in_an_export_stay_texts(without_exams: Done) -> None:
    assert FORMULA in {row["单位"] for row in without_exams.rows("申领明细")}
    assert any("=1+1" in row["发现"] for row in without_exams.rows("发现明细"))
    with zipfile.ZipFile(without_exams.out / BOOK) as packed:
        for name in packed.namelist():
            xml = packed.read(name).decode()
            assert not [text for text in re.findall("<f>(.*?)</f>", xml) if not OURS.fullmatch(text)], name
            assert not [link for link in re.findall("<hyperlink[^>]*>", xml) if "r:id" in link]
            assert not re.search("_rels/sheet", name)


def test_a_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    with empty_book(tmp_path / "a.xlsx") as book:
        book.cut = lambda text, size: f"{text[:size]}…还有" if len(text) > size else text
        book.table("甲", "", "说明", [Column("文", 10), Column("b", 10)], [["𠮷" * 40_000, None]], "无")
        book.sheet("乙", "说明", (10, 10)).line("𠮷" * 40_000)
    sheets = read(tmp_path / "a.xlsx")
    assert sheets["甲"][3][0] == sheets["乙"][2][0] == "𠮷" * LONGEST + "…还有"
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        heights = re.findall(r' ht="([\d.]+)"', packed.read("xl/worksheets/sheet2.xml").decode())
    assert 408 <= max(map(float, heights)) <= 409


@pytest.mark.parametrize(("rows", "sizes"), [(0, [1]), (7, [7]), (8, [7, 1]), (15, [7, 7, 1])])
def test_a_table_goes_on_at_the_limit(rows: int, sizes: list[int], tmp_path: Path) -> None:
    columns = [Column("文", 10), Column("数", 10, "count")]
    with empty_book(tmp_path / "a.xlsx", limit=10) as book:
        book.table("甲", "{name} {part}", "说明", columns, ([f"第{n}行", n] for n in range(rows)), "没有内容")
    sheets = read(tmp_path / "a.xlsx")
    assert list(sheets) == ["甲", "甲 2", "甲 3"][: len(sizes)]
    assert all(sheet[:3] == [[name, ""], ["说明", ""], ["文", "数"]] for name, sheet in sheets.items())
    assert [len(sheet) - 3 for sheet in sheets.values()] == sizes
    got = [tuple(row) for sheet in sheets.values() for row in sheet[3:]]
    assert got == ([(f"第{n}行", n) for n in range(rows)] or [("没有内容", "")])


def test_all_sheets_split_at_the_limit(capped: Done, whole: Done) -> None:
    split = Done(capped.out.parent, SPLIT)
    for name in ("申领明细", "发现明细", "人员"):
        parts = [sheet for sheet in split.sheets if sheet.split()[0] == name]
        assert parts == [name] + [f"{name} ({part})" for part in range(2, len(parts) + 1)]
        assert len(parts) > 1
        rows = [row for part in parts for row in split.sheets[part][3:]]
        assert [row for row in rows if row[0] not in TOTALS] == whole.sheets[name][3:][: -1 if name in ADDED else None]
        *full, last = (len(split.sheets[part]) for part in parts)
        assert set(full) == {12 if name in ADDED else 13} and last <= 13
        if name in ADDED:
            assert [row[0] for row in rows if row[0] in TOTALS] == ["合计"] * len(parts) + ["各表合计"]
            assert rows[-1][1:] == whole.sheets[name][-1][1:]


LAST = dict(enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1))


def columns_of(xml: str) -> str:
    """A letter for each column that a sheet sets the width of."""
    return "".join(
        "x" * (int(last) - int(first) + 1) for first, last in re.findall(r'<col min="(\d+)" max="(\d+)"', xml)
    )


def test_print_settings(made: Done) -> None:
    with zipfile.ZipFile(made.out / BOOK) as packed:
        book = packed.read("xl/workbook.xml").decode()
        for place, name in enumerate(made.sheets, 1):
            xml = packed.read(f"xl/worksheets/sheet{place}.xml").decode()
            assert re.search(r'<pageSetup paperSize="9"[^>]*orientation="landscape"', xml), name
            assert 'fitToHeight="0"' in xml and "<sheetPr" in xml and "fitToPage" in xml
            assert "&amp;C第 &amp;P 页 共 &amp;N 页" in xml
            assert 'state="frozen"' in xml
            assert re.search(rf'name="_xlnm.Print_Titles" localSheetId="{place - 1}"', book), name
            table = name not in ("结论", "数据来源") and not name.startswith("R-")
            assert ('topLeftCell="B4"' if table else 'topLeftCell="A3"') in xml
            assert "<autoFilter" in xml or made.sheets[name][3][0] == "没有内容。" or name == "目录", name
            assert f'<ignoredError sqref="A1:{LAST[len(columns_of(xml))]}1048576" numberStoredAsText="1"' in xml
            columns = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', xml)
            assert int(columns[-1][1]) == max(map(len, made.sheets[name]))
            assert all(6 <= float(width) <= 112 for *_, width in columns)


def texts(path: Path) -> str:
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def test_the_masked_edition_names_nobody_and_the_full_one_does(tmp_path: Path) -> None:
    tables = honest(NOTICE, 6, "甲机械厂")
    tables["exams"] = tables["exams"][2:]
    data = lay(tables, tmp_path / "in")
    numbers = {identity(number) for number in range(6)}
    names = {row["name"] for row in tables["registrations"]}
    masked = done(data, tmp_path / "masked")
    xml = texts(masked.out / BOOK)
    assert not [secret for secret in numbers | names if secret in xml]
    assert "身份证号" not in masked.sheets["人员"][2]
    assert {row["姓名"] for row in masked.rows("人员")} == {f"{name[0]}＊＊" for name in names}
    full = done(data, tmp_path / "full", "full")
    assert {row["身份证号"] for row in full.rows("人员")} == numbers
    assert {row["姓名"] for row in full.rows("人员")} == names
    assert {row["身份证号"] for row in full.rows("申领明细")} == {identity(0), identity(1)}
    assert (full.out / BOOK).stat().st_mode & 0o777 == 0o600
    assert (masked.out / BOOK).stat().st_mode & 0o777 != 0o600


def test_the_same_audit_gives_the_same_bytes(whole: Done, tmp_path: Path) -> None:
    again = done(SAMPLES / NOTICE.id, tmp_path / "again").out / BOOK
    assert again.read_bytes() == (whole.out / BOOK).read_bytes()
    listed = json.loads((whole.out / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert listed[BOOK] == digest(again)
    assert {path.name for path in whole.out.iterdir()} == {*listed, "manifest.json"}


def test_english_words(sample: Callable[..., Path]) -> None:
    sheets = Done(sample(NOTICE.id, lang="en")).sheets
    assert list(sheets)[: len(SHEETS)] == [
        "Contents", "Conclusion", "Audit details", "Data sources", "Findings by rule", "Findings", "Rules run",
        "Clauses", "Claims", "People", "Check first", "Connected people", "Not evaluated",
    ]  # fmt: skip
    assert all(re.match(r"R-\d\d [A-Z]", name) and len(name) <= 31 for name in list(sheets)[len(SHEETS) :])
    heads = [str(cell) for name in list(sheets)[4:12] for cell in sheets[name][2]]
    assert not [head for head in heads if re.search("[一-鿿]", head)]


def test_a_report_read_back_has_no_rows(whole: Done, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"report\.json"):
        to_xlsx.write(whole.report, tmp_path / "a.xlsx")


def test_what_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(IsADirectoryError), empty_book(tmp_path / "a.xlsx") as book:
        book.sheet("甲", "说明", (10, 10))


def test_a_failure_lets_go_of_what_was_begun(tmp_path: Path) -> None:
    """Windows would not delete an open file, and there may be names in it."""

    def rows() -> Iterator[list[str]]:
        yield ["甲", "乙"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), empty_book(tmp_path / "a.xlsx") as book:
        book.table("甲", "", "说明", [Column("文", 10), Column("b", 10)], rows(), "无")
    assert not (tmp_path / "a.xlsx").exists()
    assert all(sheet.fh.closed for sheet in book._book.worksheets())


def test_the_xml_is_in_order(made: Done) -> None:
    """We write rows ourselves: numbered upwards from cell to cell, each style known, no cell merged twice."""
    with zipfile.ZipFile(made.out / BOOK) as packed:
        styles = ElementTree.fromstring(packed.read("xl/styles.xml"))
        known = len(styles.find("m:cellXfs", SPACE) or [])
        for place in range(1, len(made.sheets) + 1):
            tree = ElementTree.fromstring(packed.read(f"xl/worksheets/sheet{place}.xml"))
            rows = [int(row.get("r", 0)) for row in tree.iterfind(".//m:row", SPACE)]
            assert rows == sorted(set(rows)) and len(rows) > 3
            for row in tree.iterfind(".//m:row", SPACE):
                cells = [re.fullmatch(r"([A-Z])(\d+)", cell.get("r", "")) for cell in row]
                columns = [cell[1] for cell in cells if cell and cell[2] == row.get("r")]
                assert len(columns) == len(row) and columns == sorted(set(columns))
                assert all(0 < int(cell.get("s", 0)) < known for cell in row)
            merged = [cell.get("ref", "") for cell in tree.iterfind(".//m:mergeCell", SPACE)]
            assert len({ref.split(":")[0] for ref in merged}) == len(merged) >= 2
