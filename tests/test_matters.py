"""One working paper a matter, the five sheets of a conformance workbook, and formulas that say what they add up to."""

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock
from xml.etree import ElementTree

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_cell_to_rowcol

from auditor import audit, matter, policy
from auditor.render.book import sheet_name
from auditor.report import Report

SAMPLES = Path(__file__).parent.parent / "sample_data"
SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
NOTICE = policy.load("taicang-2021")
ENGAGED = "委托方：某某局\n被审计平台：某某平台\n期间：2021年2月\n编制人：甲\n复核人：乙\n"
Cells = list[list[Any]]


@dataclass(frozen=True)
class Done:
    out: Path
    sheets: dict[str, Cells]
    report: Report

    def frame(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.out / f"{name}.parquet")

    def matter(self, rule: str) -> Cells:
        place = [one["id"] for one in self.report.rules].index(rule) + 1
        return next(rows for name, rows in self.sheets.items() if name.startswith(f"R-{place:02} "))

    def matters(self) -> list[tuple[dict[str, Any], Cells]]:
        found = (one for one in self.report.rules if one["refused"] + one["to_verify"])
        return [(one, self.matter(one["id"])) for one in found]


def read(path: Path) -> dict[str, Cells]:
    opened = CalamineWorkbook.from_path(path)
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def opened(out: Path) -> Done:
    body = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return Done(out, read(out / "workpapers.xlsx"), Report(**body))


@pytest.fixture(scope="module", params=policy.names())
def made(request: pytest.FixtureRequest, sample: Callable[..., Path]) -> Done:
    return opened(sample(request.param))


@pytest.fixture(scope="module")
def full(sample: Callable[..., Path]) -> Done:
    return opened(sample(NOTICE.id, "full"))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """An audit by somebody for somebody, of which a paper lists two findings."""
    folder = tmp_path_factory.mktemp("short")
    (folder / "engaged.txt").write_text(ENGAGED, encoding="utf-8")
    with mock.patch.multiple(matter, MOST=2, BATCH=300):
        audit.run([SAMPLES / NOTICE.id], NOTICE, folder / "out", engaged=folder / "engaged.txt",
                  papers=["workpapers.xlsx"])  # fmt: skip
    return opened(folder / "out")


def at(rows: Cells, text: str) -> int:
    return next(place for place, row in enumerate(rows) if row[0] == text)


def listed(rows: Cells, part: str, ends: str = "") -> list[dict[str, Any]]:
    """The table of a part, by its heads."""
    head = at(rows, part) + 2
    body = rows[head + 1 :]
    last = next((place for place, row in enumerate(body) if row[0] == ends), len(body))
    return [dict(zip(rows[head], row, strict=True)) for row in body[:last]]


def test_every_rule_of_consequence_has_its_paper_and_no_other(made: Done) -> None:
    matters = [
        f"R-{place:02} {rule['title']}"[:31]
        for place, rule in enumerate(made.report.rules, 1)
        if rule["refused"] + rule["to_verify"] or (rule["findings"] and rule["unit"] == "fen")
    ]
    assert [name for name in made.sheets if name.startswith("R-")] == matters and len(matters) > 10


def test_the_head_of_a_paper_says_who_audits_whom(short: Done) -> None:
    for rule, rows in short.matters():
        index = rows[0][0].split()[0]
        form = {cell: next(text for text in row[place + 1 :] if text)
                for row in rows[2:6] for place, cell in enumerate(row) if place in (0, 5)}  # fmt: skip
        assert form == {
            "被审计单位": "某某平台", "索引号": index, "项目名称": short.report.policy["title"], "页次": "见每页页脚",
            "审计事项": rule["title"], "编制人 / 日期": "甲 / ＿＿＿＿＿＿", "审计期间": "2021年2月",
            "复核人 / 日期": "乙 / ＿＿＿＿＿＿",
        }  # fmt: skip


def test_a_paper_says_the_clause_and_the_method(made: Done) -> None:
    for rule, rows in made.matters():
        said = "\n".join(str(row[0]) for row in rows)
        clause = next((one for one in made.report.clauses if one["id"] == rule["clause"]), None)
        if clause:
            assert f"T-{clause['id']}：通知原文：“{clause['quote']}”" in said
        assert rule["why"] in said and rule["false_positives"] in said and rule["fix"] in said
        if rule["population_size"]:
            assert f"共 {rule['population_size']} 人，全部检查，没有抽样" in said
        sql = rows[at(rows, "查询语句（已代入数值）") + 1 : at(rows, "三、审计结论") - 1]
        assert "\n".join(row[0] for row in sql) == rule["sql"]
        assert "骗取" not in said and "套取" not in said


def test_a_paper_says_what_the_report_says(made: Done) -> None:
    for rule, rows in made.matters():
        first = at(rows, "三、审计结论") + 1
        notes = rule["findings"] - rule["refused"] - rule["to_verify"]
        assert {row[0]: row[3] for row in rows[first : first + 8]} == {
            "发现": rule["findings"], "不支持": rule["refused"], "待核实": rule["to_verify"], "提示": notes,
            "人数": rule["persons"], "人次": rule["claims"], "涉及金额（元）": rule["claims_fen"] / 100,
            "只计一次（元）": rule["counted_once_fen"] / 100,
        }  # fmt: skip


def test_the_findings_of_a_paper_and_the_rows_they_rest_on(made: Done) -> None:
    everything = {
        row[0]: dict(zip(made.sheets["发现明细"][2], row, strict=True)) for row in made.sheets["发现明细"][3:]
    }
    evidence = made.frame("evidence").with_columns(pl.col("source_sheet").fill_null(""))
    for rule, rows in made.matters():
        frame = made.frame("findings").filter(pl.col("effect") != "note", rule=rule["id"])
        found = listed(rows, "四、发现", "列出（条）")
        assert [everything[row["索引号"]]["指纹"] for row in found] == frame["fingerprint"].to_list()
        assert [row["发现"] for row in found] == frame["message"].to_list()
        for row in found:
            same = everything[row["索引号"]]
            shared = ("发现", "人员代号", "实测", "界限", "作用", "文件", "工作表", "行号")
            assert [row[name] for name in shared] == [same[name] for name in shared]
        shown, same_mark = listed(rows, "五、证据"), {index: row["指纹"] for index, row in everything.items()}
        for row in found:
            mine = [(one["来源（文件 · 工作表）"], one["行号"]) for one in shown if one["索引号"] == row["索引号"]]
            rests = evidence.filter(fingerprint=same_mark[row["索引号"]]).head(matter.EXHIBITS)
            want = [" · ".join(filter(None, place)) for place in rests.select("source_file", "source_sheet").rows()]
            assert mine == list(zip(want, rests["source_row"], strict=True))
        assert all(row["名称"] and row["内容"] for row in shown if row["索引号"])


def test_an_exhibit_says_what_stands_in_the_row(made: Done) -> None:
    """A sitting: its course, its address, from when to when, as audit.duckdb has it."""
    import duckdb

    with duckdb.connect(str(made.out / "audit.duckdb"), read_only=True) as con:
        sittings = {
            (file, sheet or "", row): rest
            for file, sheet, row, *rest in con.execute(
                """SELECT source_file, source_sheet, source_row, course, address, CAST(start_at AS VARCHAR),
                CAST(end_at AS VARCHAR) FROM session_list"""
            ).fetchall()
        }
    seen = 0
    for _, rows in made.matters():
        for one in listed(rows, "五、证据"):
            if one["名称"] == "学习记录":
                file, _, sheet = one["来源（文件 · 工作表）"].partition(" · ")
                course, address, start, end = sittings[file, sheet, int(one["行号"])]
                assert one["内容"] == "，".join(filter(None, (course, address)))
                assert [one["时间（起）"], one["时间（止）"]] == [start or "", end or ""]
                seen += 1
    assert seen > 20


def test_the_summary_adds_up_to_the_rules(made: Done) -> None:
    heads = made.sheets["发现汇总"][2]
    rows = [dict(zip(heads, row, strict=True)) for row in made.sheets["发现汇总"][3:]]
    total = rows.pop()
    names = {"发现": "findings", "不支持": "refused", "待核实": "to_verify", "人数": "persons", "人次": "claims"}
    money = {"涉及金额（元）": "claims_fen", "只计一次（元）": "counted_once_fen"}
    for place, rule in enumerate(made.report.rules, 1):
        mine = [row for row in rows if row["索引号"] == f"R-{place:02}"]
        assert {name: sum(row[head] for row in mine) for head, name in names.items()} == {
            name: rule[name] for name in names.values()
        }
        for head, name in money.items():
            assert sum(round(row[head] * 100) for row in mine) == rule[name]
        assert len({row["单位"] for row in mine}) == len(mine)
    assert total["索引号"] == "合计" and total["发现"] == len(made.frame("findings"))
    assert round(total["只计一次（元）"] * 100) == sum(rule["counted_once_fen"] for rule in made.report.rules)
    assert total["人数"] == total["人次"] == total["涉及金额（元）"] == ""  # which do not add up


def test_every_rule_says_whether_it_ran(made: Done) -> None:
    heads = made.sheets["规则执行"][2]
    rows = {row[1]: dict(zip(heads, row, strict=True)) for row in made.sheets["规则执行"][3:]}
    assert len(rows) == len(made.report.rules) + 1  # and the total
    for rule in made.report.rules:
        row = rows[rule["id"]]
        waits = "等待资料" if rule["awaited"] else "未执行"
        assert row["执行情况"] == ("已执行" if rule["outcome"] == "evaluated" else waits)
        assert row["原因"] == (rule["reason"] or "")
        found = [rule["findings"], rule["refused"], rule["to_verify"]]
        if rule["outcome"] != "evaluated" and not rule["findings"]:  # not evaluated is no 0
            found = ["", "", ""]
        assert [row["发现"], row["不支持"], row["待核实"]] == found


def test_the_contents_lead_to_every_sheet(made: Done) -> None:
    names = list(made.sheets)
    assert [row[0] for row in made.sheets["目录"][3:]] == names[1:]
    with zipfile.ZipFile(made.out / "workpapers.xlsx") as packed:
        for place, name in enumerate(names, 1):
            xml = packed.read(f"xl/worksheets/sheet{place}.xml").decode()
            links = re.findall(r"<hyperlink ref=\"(\w+)\" location=\"'?([^\"']+)'?!A1\"", xml)
            assert links == ([(f"A{at + 4}", name) for at, name in enumerate(names[1:])] if place == 1
                             else [("A1", "目录")]), name  # fmt: skip


def evaluate(text: str, cells: dict[str, Cells], here: str) -> float:
    """What the few functions we write come to."""

    def area(where: str) -> list[list[Any]]:
        name, _, cell = where.rpartition("!")
        rows = cells[name.strip("'").replace("''", "'") or here]
        first, _, last = cell.replace("$", "").partition(":")
        if first.isalpha():
            return [[row[xl_cell_to_rowcol(f"{first}1")[1]]] for row in rows]
        (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last or first)
        return [row[left : right + 1] for row in rows[top : bottom + 1]]

    value = 0.0
    for part in text.split("+"):
        if found := re.fullmatch(r"SUMIF\((.+),\"(R-\d\d)\",(.+)\)", part):
            keys, values = area(found[1]), area(found[3])
            value += sum(one[0] for key, one in zip(keys, values, strict=True) if key == [found[2]])
        elif found := re.fullmatch(r"(SUM\(|SUBTOTAL\(9,)(.+)\)", part):
            value += sum(cell for row in area(found[2]) for cell in row if cell != "")
        elif found := re.fullmatch(r"SUBTOTAL\(3,(.+)\)", part):
            value += sum(cell != "" for row in area(found[1]) for cell in row)
        else:
            value += area(part)[0][0]
    return value


def test_formulas_come_to_the_values_beside_them(made: Done) -> None:
    seen = 0
    with zipfile.ZipFile(made.out / "workpapers.xlsx") as packed:
        for place, name in enumerate(made.sheets, 1):
            tree = ElementTree.fromstring(packed.read(f"xl/worksheets/sheet{place}.xml"))
            for cell in tree.iterfind(".//m:c[m:f]", SPACE):
                text, value = cell.findtext("m:f", "", SPACE), cell.findtext("m:v", "", SPACE)
                assert abs(evaluate(text, made.sheets, name) - float(value)) < 0.005, (name, cell.get("r"), text)
                seen += 1
    assert seen > 100


def test_a_long_matter_says_where_the_rest_is(short: Done) -> None:
    cut = 0
    for rule, rows in short.matters():
        total = rule["refused"] + rule["to_verify"]
        shown = [row["索引号"] for row in listed(rows, "四、发现", "列出（条）")]
        index = rows[0][0].split()[0]
        assert shown == [f"{index}-{place:03}" for place in range(1, min(2, total) + 1)]
        assert f"共 {total} 条，列出 {len(shown)} 条；全部在“发现明细”" in rows[at(rows, "四、发现") + 1][0]
        assert {row["索引号"] for row in listed(rows, "五、证据")} == set(shown)
        cut += total > 2
    assert cut


def test_the_full_edition_names_people_in_the_same_columns(full: Done) -> None:
    people = {row["person_id"]: row for row in full.frame("people").to_dicts()}
    named = 0
    for _, rows in full.matters():
        for row in listed(rows, "四、发现", "列出（条）"):
            if row["人员代号"]:
                who = people[row["人员代号"]]
                assert [row["身份证号"], row["姓名"]] == [who["id_number"] or "", who["name"] or ""]
                named += bool(row["身份证号"])
        assert all(row["文件"] and row["内容"] for row in listed(rows, "五、证据"))
    assert named > 10


@pytest.mark.parametrize(
    ("text", "name"),
    [("R-01 a/b\\c:d*e?f[g]", "R-01 a b c d e f g"), ("'x'", "x"), ("R-02 " + "长" * 40, "R-02 " + "长" * 26)],
)
def test_names_of_sheets(text: str, name: str) -> None:
    assert sheet_name(text) == name


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_reads_every_cell(full: Done, tmp_path: Path) -> None:
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "lo"),
         str(full.out / "workpapers.xlsx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    again = read(tmp_path / "lo" / "workpapers.xlsx")
    assert list(again) == list(full.sheets)
    for name, rows in full.sheets.items():
        assert len(again[name]) == len(rows), name
        for row, other in zip(rows, again[name], strict=True):
            assert [cell for cell in other[: len(row)] if cell != ""] == [cell for cell in row if cell != ""], name
