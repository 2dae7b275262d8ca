"""The Word papers, read back: complete, equal to the Report, inert, ready to be amended and printed."""

import dataclasses
import itertools
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from harness import honest, identity, write_table
from lxml import etree

from auditor import audit, engagement, policy
from auditor.content import folder
from auditor.render import FORMATS, docx_matters, docx_template, docx_view, to_docx
from auditor.render.papers import DOCX
from auditor.report import Report
from auditor.words import LANGUAGES

ALL_PAPERS = True  # see conftest.py

SAMPLE = Path(__file__).parent.parent / "sample_data" / "taicang-2021"
NOTICE = policy.load("taicang-2021")
CHINESE = re.compile("[\u3400-\u9fff]")
FONTS = {"仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"}
VERDICTS = ("supported", "not_supported", "to_verify")
NASTY = ["<script>alert(1)</script>", "=cmd|'/c calc'!A1", '#eval("x")', "{{7*7}}", "{% raw %}", "{_{x}_}", "&lt;b&gt;",
         "喆玥祎堃䶮𬱖·", "\u202eabc"]  # fmt: skip


@dataclass(frozen=True)
class Papers:
    """The papers of an audit, and its Report."""

    out: Path
    report: Report
    _texts: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def docs(self) -> dict[str, Any]:
        return {name: docx.Document(str(self.out / f"{name}.docx")) for name in DOCX}

    def texts(self, name: str) -> list[str]:
        """Paragraphs and cells in their order."""
        if name not in self._texts:
            self._texts[name] = [paragraph.text for paragraph in paragraphs(self.docs[name])]
        return self._texts[name]

    def text(self, name: str) -> str:
        return "\n".join(self.texts(name))

    def tables(self, name: str, *head: str) -> list[list[list[str]]]:
        """The tables whose head is this, as rows of texts without the head."""
        found = [[[cell.text for cell in row.cells] for row in table.rows] for table in self.docs[name].tables]
        return [rows[1:] for rows in found if tuple(rows[0]) == head]


def paragraphs(document: Any) -> Iterator[Paragraph]:
    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document)


def run_audit(data: Path, out: Path, **options: Any) -> Papers:
    only = {f"{paper}.docx": FORMATS[f"{paper}.docx"] for paper in DOCX}
    with mock.patch.dict(FORMATS, only, clear=True):
        return Papers(out, audit.run([data], NOTICE, out, **options).report)


def rewrite(report: Report, out: Path, **parts: Any) -> Papers:
    """The papers of a Report of which some parts are others."""
    out.mkdir()
    changed = dataclasses.replace(report, **parts)
    for paper in DOCX:
        to_docx.write(paper, changed, out / f"{paper}.docx")
    return Papers(out, changed)


def read(out: Path) -> Papers:
    return Papers(out, Report(**json.loads((out / "report.json").read_text(encoding="utf-8"))))


@pytest.fixture(scope="module", params=policy.names())
def made(request: pytest.FixtureRequest, sample: Callable[..., Path]) -> Papers:
    return read(sample(request.param))


# what has nothing to do with the notice is asked of one
ONE = pytest.mark.parametrize("made", [NOTICE.id], indirect=True, scope="module")


@pytest.fixture(scope="module")
def one(sample: Callable[..., Path]) -> Papers:
    return read(sample(NOTICE.id))


def yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


# --- templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", docx_template.names())
def test_the_templates_are_what_their_definitions_say(name: str, lang: str) -> None:
    """After a change of a definition: python -m auditor.render.docx_template"""
    made, kept = docx_template.build(name, lang), folder("reports") / "docx" / f"{name}.{lang}.docx"
    assert docx_template.build(name, lang) == made
    with zipfile.ZipFile(kept) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == members(made)


def members(content: bytes) -> dict[str, bytes]:
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_there_is_a_template_for_each_paper() -> None:
    assert set(docx_template.names()) == {*DOCX, to_docx.REVIEW}


@ONE
def test_a_template_changed_in_word_is_filled_in(made: Papers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word cuts a paragraph into runs as it likes, and people write sentences of their own."""
    (tmp_path / "docx").mkdir()
    for path in (folder("reports") / "docx").glob("*.docx"):
        shutil.copy(path, tmp_path / "docx")
    path = str(tmp_path / "docx" / "form-undertaking.zh.docx")
    template = docx.Document(path)
    added = template.paragraphs[2].insert_paragraph_before("补充：{{ p.")
    added.add_run("num").bold = True
    added.add_run("ber }} 完")
    template.save(path)
    monkeypatch.setattr(to_docx, "folder", lambda _: tmp_path)
    to_docx._template.cache_clear()
    try:
        done = rewrite(made.report, tmp_path / "out")
    finally:
        to_docx._template.cache_clear()
    number = made.report.policy["number"] or "通知未印文号"
    assert f"补充：{number} 完" in done.texts("form-undertaking")


# --- what the papers say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["report", "report-firm"])
def test_totals_are_those_of_the_report(made: Papers, paper: str) -> None:
    money, persons = made.report.money, made.report.people["verdicts"]
    (totals,) = made.tables(paper, "平台记录", "人次", "人数", "金额")
    words = ("支持", "不支持", "待核实")
    rows = [[word, f"{money[name]:,}", f"{persons[name]:,}", yuan(money[f"{name}_fen"])]
            for word, name in zip(words, VERDICTS, strict=True)]  # fmt: skip
    assert totals == [*rows, ["合计", f"{money['claims']:,}", f"{money['persons']:,}", yuan(money["claimed_fen"])]]
    (lines,) = made.tables(paper, "补贴（条款）", "人次", "申领", "支持", "不支持", "待核实")
    (employers,) = made.tables(paper, "单位", "人次", "申领", "支持", "不支持", "待核实")
    sums = [f"{money['claims']:,}"] + [yuan(money[f"{name}_fen"]) for name in ("claimed", *VERDICTS)]
    assert [line[1:] for line in lines] == [
        [f"{line['claims']:,}"] + [yuan(line[f"{name}_fen"]) for name in ("claimed", *VERDICTS)]
        for line in money["lines"]
    ]
    assert employers[-1] == ["合计", *sums] and len(employers) == len(made.report.employers) + 1
    text = made.text(paper)
    assert f"不支持 {money['not_supported']:,} 人次、{yuan(money['not_supported_fen'])} 元" in text
    assert f"建议核减 {yuan(money['not_supported_fen'])} 元" in text
    assert "与名单逐行相加相符" in text and "各单位合计与总表相符" in text and "请勿使用" not in text
    assert "，相符。" in text and "未抽样" in text


@pytest.mark.parametrize("paper", ["report", "report-firm"])
def test_rules_and_their_money(made: Papers, paper: str) -> None:
    head = ("索引号", "规则", "核查人数", "涉及人数", "人次", "涉及金额", "只计一次")
    (rows,) = made.tables(paper, *head)
    listed = {row[0]: row for row in rows if row[0].startswith("R-")}
    assert len(listed) == len(made.report.rules)
    for at, rule in enumerate(made.report.rules, 1):
        row = listed[f"R-{at:02}"]
        assert row[1] == rule["title"] and row[6] == yuan(rule["counted_once_fen"])
        if rule["findings"]:
            assert row[3:6] == [f"{rule['persons']:,}", f"{rule['claims']:,}", yuan(rule["claims_fen"])]
        if rule["outcome"] != "evaluated":
            assert row[2] == ("等待资料" if rule["awaited"] else "未执行")
    assert rows[-1][6] == yuan(sum(rule["counted_once_fen"] for rule in made.report.rules))
    quotes = [row[0] for row in rows if not row[0].startswith("R-")]
    for clause in made.report.clauses:
        assert not clause["rules"] or any(clause["quote"] in quote and clause["id"] in quote for quote in quotes)


@pytest.mark.parametrize("paper", ["report", "report-firm"])
def test_every_claim_that_is_not_supported_is_listed(made: Papers, paper: str) -> None:
    for name, letter, word in (("not_supported", "N", "不支持"), ("to_verify", "V", "待核实")):
        (rows,) = made.tables(paper, "索引号", "人员", "单位", "申领\n（元）", f"{word}\n（元）", "原因")
        claims = made.report.claims[name]["listed"]
        assert len(rows) == len(claims) + 1 == made.report.claims[name]["total"] + 1 > 3
        for at, (row, claim) in enumerate(zip(rows, claims, strict=False), 1):
            amount = yuan(claim[f"{name}_fen"])
            assert row[:5] == [f"{letter}-{at:04}", f"{claim['person_id']}\n{claim['name']}", claim["employer"],
                               yuan(claim["claimed_fen"]), amount]  # fmt: skip
            assert all(said["message"] in row[5] for said in claim["said"])
        assert rows[-1][4] == yuan(sum(claim[f"{name}_fen"] for claim in claims))
        assert f"共 {len(claims)} 条，全部列出。" in made.text(paper)


def test_a_cap_states_the_total_and_where_the_rest_is(
    made: Papers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docx_view, "LISTED", 2)
    monkeypatch.setattr(docx_matters, "SHOWN", {"breach": 1, "lead": 1, "data": 1})
    more = next(rule for rule in made.report.rules if rule["refused"])
    rules = [rule | {"findings": 1_234} if rule is more else rule for rule in made.report.rules]
    capped = rewrite(made.report, tmp_path / "out", rules=rules)
    for name, word in (("not_supported", "不支持"), ("to_verify", "待核实")):
        (rows,) = capped.tables("report", "索引号", "人员", "单位", "申领\n（元）", f"{word}\n（元）", "原因")
        assert len(rows) == 3
        total = made.report.claims[name]["total"]
        assert f"共 {total} 条，列出前 2 条；全部见 workpapers.xlsx 的“申领明细”。" in capped.text("report")
    for paper in ("form-evidence", "report", "report-firm"):
        assert "共 1,234 条，列出前 1 条；全部见 workpapers.xlsx 的“发现明细”。" in capped.text(paper)
    files = len(made.report.inputs)
    assert f"共 {files} 条，列出前 2 条；全部见 manifest.json。" in capped.text("form-undertaking")
    (employers,) = capped.tables("report", "单位", "人次", "申领", "支持", "不支持", "待核实")
    assert len(employers) == min(len(made.report.employers), 3) + 1
    assert employers[-1][2] == yuan(made.report.money["claimed_fen"])


def test_the_wording_of_a_finding(made: Papers) -> None:
    """Fact, clause with its words, persons and money, what we suggest; a lead is no breach; no word of guilt."""
    title = made.report.policy["title"]
    clauses = {clause["id"]: clause["quote"] for clause in made.report.clauses}
    refused = [rule for rule in made.report.rules if rule["class"] == "breach" and rule["refused"]]
    leads = [rule for rule in made.report.rules if rule["class"] == "lead" and rule["to_verify"] and not rule["clause"]]
    assert refused and leads
    for paper in ("report", "report-firm"):
        text = made.text(paper)
        for rule in refused:
            cited = f"不符合《{title}》{rule['clause']}“{clauses[rule['clause']]}”的规定，涉及 {rule['persons']} 人"
            assert f"{cited}、{rule['claims']} 人次、{yuan(rule['claims_fen'])} 元，建议核减。" in text
        for rule in leads:
            assert f"存在“{rule['title']}”的情形，涉及 {rule['persons']} 人" in text
        assert text.count("建议进一步核实") >= len(leads)
    for paper in DOCX:
        text = made.text(paper)
        for quote in clauses.values():
            text = text.replace(quote, "")
        assert not re.search("骗取|套取|造假|舞弊", text), paper


def test_each_matter_has_its_evidence_sheet_and_its_line_in_the_summary(made: Papers) -> None:
    numbers = {rule["id"]: f"R-{at:02}" for at, rule in enumerate(made.report.rules, 1)}
    rules = [rule for rule in made.report.rules if rule["findings"]]
    wanted = {numbers[rule["id"]] for rule in rules if rule["refused"] or rule["to_verify"] or rule["unit"] == "fen"}
    sheets = re.findall(r"索引号：(R-\d+)　第 (\d+) 份，共 (\d+) 份", made.text("form-evidence"))
    assert {number for number, *_ in sheets} == wanted and {int(total) for *_, total in sheets} == {len(wanted)}
    head = (
        "序号",
        "事项类别（疑点、数据质量未经证实）",
        "分项底稿主要内容",
        "分项目索引号",
        "与审计报告对应关系",
        "处理处罚意见",
    )
    (rows,) = made.tables("form-summary", *head)
    assert {row[3] for row in rows[:-1]} == wanted
    assert rows[-1][5] == yuan(sum(rule["counted_once_fen"] for rule in made.report.rules))
    found = [finding for rule in made.report.rules if numbers[rule["id"]] in wanted for finding in rule["sample"][:10]]
    text = made.text("form-evidence")
    assert len(found) > 8 and all(finding["message"] in text for finding in found)
    for label in ("审计事项摘要", "证据", "附件页数", "编制人", "复核人", "被审计单位意见"):
        assert text.count(label) >= len(wanted), label


def test_the_other_forms_hold_their_fields(made: Papers) -> None:
    inspection = made.text("form-inspection")
    for label in ("批次、编号", "检查对象", "统一社会信用代码", "检查事项", "检查依据", "检查时间", "检查地点",
                  "执法证号", "检查对象意见", "签字盖章", "录像编号", "□不适用"):  # fmt: skip
        assert label in inspection, label
    for clause in made.report.clauses:
        assert not clause["manual"] or (clause["manual"] in inspection and clause["quote"] in inspection)
    notice = made.text("form-rectification")
    for label in (
        "存在的问题及依据",
        "整改要求及期限",
        "应报送的材料",
        "逾期后果",
        "陈述、申辩和救济",
        "联系人",
        "送达回证",
    ):
        assert label in notice, label
    undertaking = made.text("form-undertaking")
    for file in made.report.inputs:
        digest = f"{file['sha256'][:32]}\n{file['sha256'][32:]}"
        assert file["file"] in undertaking and digest in undertaking and f"{file['bytes']:,}" in undertaking
        assert digest in made.text("report") and digest in made.text("report-firm")


@ONE
def test_what_engagement_gives_is_filled_in_and_the_rest_is_a_blank(made: Papers, tmp_path: Path) -> None:
    given = {key: f"给出{at}" for at, key in enumerate(engagement.FIELDS)}
    file = tmp_path / "engagement.txt"
    file.write_text("".join(f"{key}：{value}\n" for key, value in given.items()), encoding="utf-8")
    done = rewrite(made.report, tmp_path / "out", engagement=engagement.load(file))
    everything = "\n".join(done.text(paper) for paper in DOCX)
    assert [key for key, value in given.items() if value not in everything] == []
    plain = rewrite(done.report, tmp_path / "plain", engagement=engagement.load(None))
    assert "受＿＿＿＿＿＿委托" in plain.text("report") and "＿＿＿＿〔＿＿＿＿〕＿＿号" in plain.text(
        "form-rectification"
    )
    assert "None" not in "\n".join(plain.text(paper) for paper in DOCX)


@ONE
def test_human_conclusions_stand_beside_the_machines(made: Papers, tmp_path: Path) -> None:
    claim = made.report.claims["not_supported"]["listed"][0]
    money = {name: made.report.money[name] for name in VERDICTS} | {f"{name}_fen": 100 for name in VERDICTS}
    money |= {"not_supported": 1234, "supported_fen": 987654}
    rule = made.report.rules[0]
    said = {"fingerprint": "f", "rule": rule["id"], "conclusion": "dismissed", "note": "看过{{原件}}", "by": "甲",
            "on": "2024-05-06"}  # fmt: skip
    whole = {"fingerprint": "g", "rule": None, "place": None, "conclusion": "to_verify", "note": None, "by": "乙",
             "on": "2024-05-07"}  # fmt: skip
    changed = {name: claim[name] for name in ("person_id", "name", "id_number", "employer", "claimed_fen")}
    changed |= {"verdict": "not_supported", "judged_verdict": "supported", "file": "a", "sheet": "b", "row": 3}
    changed |= {"supported_fen": 0, "judged_supported_fen": 30000, "said": [said, whole]}
    judgement = {"files": [{"file": "核实.xlsx", "sha256": "0", "bytes": 1}], "entries": 3, "confirmed": 1,
                 "dismissed": 1, "pending": 1, "unmatched": 0, "unmatched_listed": [], "money": money,
                 "changed": {"total": 7, "listed": [changed]}}  # fmt: skip
    done = rewrite(made.report, tmp_path / "out", judgement=judgement)
    for paper in ("report", "report-firm"):
        (rows,) = done.tables(paper, "结论", "程序：人次", "程序：元", "核实后：人次", "核实后：元")
        assert rows[0] == ["支持", f"{made.report.money['supported']:,}", yuan(made.report.money["supported_fen"]),
                           f"{money['supported']:,}", "9,876.54"]  # fmt: skip
        assert rows[1][3] == "1,234"
        (people,) = done.tables(paper, "人员", "单位", "程序", "核实后", "核实结论、说明、核实人、日期")
        assert people[0][2:] == [
            "不支持",
            "支持",
            f"R-01 {rule['title']}：排除；看过{{{{原件}}}}；甲；2024-05-06\n本项申领：待核实；乙；2024-05-07",
        ]
        assert "共 7 条，列出前 1 条" in done.text(paper) and "核实.xlsx" in done.text(paper)
        before = made.tables(paper, "平台记录", "人次", "人数", "金额")
        assert done.tables(paper, "平台记录", "人次", "人数", "金额") == before
        assert "核实结论（与上述程序结论并列" not in made.text(paper)


def test_without_a_claim_list_no_money_is_counted(tmp_path: Path) -> None:
    tables = honest(NOTICE, 3, "甲机械厂")
    del tables["claims"]
    tables["exams"] = tables["exams"][1:]
    lay(tables, tmp_path / "in")
    done = run_audit(tmp_path / "in", tmp_path / "out")
    for paper in ("report", "report-firm"):
        text = done.text(paper)
        assert "没有补贴申请名单，本报告不计金额" in text and "实名注册人员 3 人" in text
        assert not re.search(r"\d\.\d\d 元(?!）)", text.replace("300.00 元（", "")), paper
        (rows,) = done.tables(paper, "索引号", "人员", "单位", "原因")[:1]
        assert len(rows) == done.report.claims["not_supported"]["total"] == 1
        (results,) = done.tables(paper, "索引号", "规则", "核查人数", "涉及人数")
        assert len([row for row in results if row[0].startswith("R-")]) == len(done.report.rules)


def test_nobody_at_all(tmp_path: Path) -> None:
    """A platform's log of which no row names anybody."""
    tables = honest(NOTICE, 1, "甲机械厂")
    for row in tables["sessions"]:
        row |= dict.fromkeys(("id_number", "name", "account"), "")
    lay({"sessions": tables["sessions"]}, tmp_path / "in")
    done = run_audit(tmp_path / "in", tmp_path / "out")
    assert sum(done.report.people["verdicts"].values()) == 0
    for paper in DOCX:
        assert len(done.text(paper)) > 300
    assert "没有这一类人员" in done.text("report") and "实名注册人员 0 人" in done.text("report-firm")


# --- data that mean harm ----------------------------------------------------------------------------------------------


def lay(tables: dict[str, list[dict[str, str]]], place: Path) -> None:
    place.mkdir()
    for table, rows in tables.items():
        write_table(table, rows, place)


def test_hostile_texts_come_out_as_text(tmp_path: Path) -> None:
    tables = honest(NOTICE, len(NASTY) + 1, "甲机械厂")
    tables["exams"] = tables["exams"][-1:]
    for at, text in enumerate(NASTY):
        for rows in tables.values():
            for row in rows:
                if row.get("id_number") == identity(at):
                    row["employer"] = row["employer"] and f"{text}厂"
    for row in tables["sessions"]:
        row["course"] = "课" * 10_000 + "{{7*7}}"
    lay(tables, tmp_path / "in")
    done = run_audit(tmp_path / "in", tmp_path / "out")
    text = done.text("report")
    for said in NASTY:
        assert said.replace("\u202e", "\ufffd") + "厂" in text or said.strip("\u202e") + "厂" in text, said
    for paper in DOCX:
        assert "49" not in re.findall(r"课+(\d+)", done.text(paper))
        assert max(map(len, done.texts(paper))) < 2_000
    inside = members((tmp_path / "out" / "report.docx").read_bytes())["word/document.xml"].decode()
    assert "<script" not in inside and "\u202e" not in inside and "DDE" not in inside


@ONE
def test_control_characters_are_seen(made: Papers, tmp_path: Path) -> None:
    bad = "甲\x00\x07\x0b\x0c\x1b\ud800\ufffe乙\n丙\t丁"
    inputs = [{"file": bad, "sha256": "0" * 64, "bytes": 1}]
    done = rewrite(made.report, tmp_path / "out", inputs=inputs)
    assert "甲␀␇␋␌␛\ufffd\ufffd乙\n丙 丁" in done.texts("report")


@ONE
def test_a_long_text_says_how_long_it_is(made: Papers, tmp_path: Path) -> None:
    done = rewrite(made.report, tmp_path / "out", problems=["问" * 10_000])
    assert any("问问…（共 10,000 字" in text and len(text) < 1_200 for text in done.texts("report"))


# --- privacy, bytes, language -----------------------------------------------------------------------------------------


def test_the_masked_papers_name_nobody_and_the_full_ones_do(one: Papers, sample: Callable[..., Path]) -> None:
    full = read(sample(NOTICE.id, "full"))
    people = full.report.claims["not_supported"]["listed"] + full.report.claims["to_verify"]["listed"]
    numbers = {row["id_number"] for row in people if row["id_number"]}
    names = {row["name"] for row in people if row["name"] and len(row["name"]) > 1}
    assert len(numbers) > 2
    for paper in DOCX:
        hidden = "".join(part.decode() for part in members((one.out / f"{paper}.docx").read_bytes()).values())
        digests = "".join(file["sha256"] for file in one.report.inputs)
        assert [run for run in re.findall(r"\d{17}[\dXx]", hidden) if run not in digests] == []
        assert {secret for secret in numbers | names if secret in hidden} == set()
        assert (full.out / f"{paper}.docx").stat().st_mode & 0o777 == 0o600
    shown = full.text("report")
    assert all(secret in shown for secret in numbers | names)
    assert "完整版" in shown and "脱敏版" in one.text("report")


def test_the_same_audit_gives_the_same_bytes(one: Papers, tmp_path: Path) -> None:
    again = run_audit(SAMPLE, tmp_path / "out", threads=1)
    listed = (again.out / "manifest.json").read_text(encoding="utf-8")
    for paper in DOCX:
        content = (again.out / f"{paper}.docx").read_bytes()
        assert content == (one.out / f"{paper}.docx").read_bytes(), paper
        assert f'"{paper}.docx"' in listed
        with zipfile.ZipFile(again.out / f"{paper}.docx") as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        last = str(one.report.policy["period_to"])
        assert again.docs[paper].core_properties.modified.strftime("%Y%m%d") == last


def test_english_papers(sample: Callable[..., Path]) -> None:
    done = read(sample(NOTICE.id, lang="en"))
    known = [one["quote"] for one in done.report.clauses] + [str(done.report.policy["title_zh"])]
    known += [file["file"] for file in done.report.inputs] + [str(row["employer"]) for row in done.report.employers]
    known += [f"{row['file']} · {row['sheet']}" for row in done.report.completeness] + [done.report.policy["number"]]
    ids = [f"T-{clause['id']}" for clause in done.report.clauses] + [clause["id"] for clause in done.report.clauses]
    for paper in ("form-undertaking", "form-summary", "form-rectification"):
        text = done.text(paper)
        for one in sorted(filter(None, known + ids), key=len, reverse=True):
            text = text.replace(one, "")
        assert CHINESE.findall(text) == [], paper
    heads = [
        p.text for p in done.docs["report"].paragraphs if p.style.style_id.startswith(("Heading", "Annex", "Title"))
    ]
    assert len(heads) > 20 and not [head for head in heads if CHINESE.search(head)]
    assert f"supports {done.report.money['supported']:,} (" in done.text("report")


# --- form -------------------------------------------------------------------------------------------------------------


def east_asian(document: Any, style: str) -> str:
    """The East-Asian font of a style, or of the style it is based on."""
    element = document.styles.element.find(f'.//w:style[@w:styleId="{style}"]', document.styles.element.nsmap)
    fonts = element.find("w:rPr/w:rFonts", element.nsmap)
    if fonts is not None and fonts.get(qn("w:eastAsia")):
        return str(fonts.get(qn("w:eastAsia")))
    base = element.find("w:basedOn", element.nsmap)
    return east_asian(document, base.get(qn("w:val")))


@pytest.mark.parametrize("paper", DOCX)
def test_every_run_has_an_east_asian_font_and_no_formatting_of_its_own(made: Papers, paper: str) -> None:
    document = made.docs[paper]
    fonts = {}
    for element in document.element.body.iter(qn("w:r")):
        text = "".join(part.text or "" for part in element.iter(qn("w:t")))
        if not CHINESE.search(text):
            continue
        paragraph = next(element.iterancestors(qn("w:p")))
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val"))
        fonts.setdefault(style, east_asian(document, style))
        properties = element.find(qn("w:rPr"))
        assert [child.tag for child in properties] == [qn("w:rFonts")]
        assert properties[0].get(qn("w:hint")) == "eastAsia"
    assert fonts and set(fonts.values()) <= FONTS
    table = members((made.out / f"{paper}.docx").read_bytes())["word/fontTable.xml"].decode()
    for font in fonts.values():  # where the font is not there, one that is on every Windows and in WPS
        assert re.search(rf'w:name="{font}"><w:altName w:val="[^"]*(仿宋|楷体|SimHei|SimSun)', table)


@pytest.mark.parametrize("paper", DOCX)
def test_tables_fit_their_heads_repeat_and_rows_stay_whole(made: Papers, paper: str) -> None:
    document = made.docs[paper]
    section = document.sections[0]
    width = (section.page_width - section.left_margin - section.right_margin) / 635
    for table in document.tables:
        columns = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        assert abs(sum(columns) - width) < 3
        for at, row in enumerate(table.rows):
            properties = row._tr.trPr
            assert properties.find(qn("w:cantSplit")) is not None
            styles = {cell.paragraphs[0].style.style_id for cell in row.cells}
            head = at == 0 and styles == {"CellHead"} and len(table.columns) > 2
            assert (properties.find(qn("w:tblHeader")) is not None) == head
    assert any(isinstance(table, Table) for table in document.tables)


def test_the_page_of_the_official_report(made: Papers) -> None:
    """GB/T 9704: A4, 37 mm above, 28 mm at the spine, 156 × 225 mm of 22 lines, 28 characters of 16 points each."""
    document = made.docs["report"]
    section = document.sections[0]
    assert [round(length.mm) for length in (section.page_width, section.page_height, section.top_margin,
                                            section.left_margin)] == [210, 297, 37, 28]  # fmt: skip
    wide = (section.page_width - section.left_margin - section.right_margin) / 36_000
    high = (section.page_height - section.top_margin - section.bottom_margin) / 36_000
    assert (round(wide), round(high)) == (156, 225)
    pitch = int(section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")))
    assert high / 25.4 * 1440 // pitch == 22
    normal = document.styles["Normal"].element
    size = int(normal.find(f"{qn('w:rPr')}/{qn('w:sz')}").get(qn("w:val"))) / 2
    narrowed = int(normal.find(f"{qn('w:rPr')}/{qn('w:spacing')}").get(qn("w:val"))) / 20
    assert size == 16 and int(wide / 25.4 * 72 / (size + narrowed)) == 28
    feet = {name: section.footer.paragraphs[0] if name == "odd" else section.even_page_footer.paragraphs[0]
            for name in ("odd", "even")}  # fmt: skip
    for name, side in (("odd", "right"), ("even", "left")):
        assert feet[name]._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side
        assert feet[name].text == "— 1 —" and "PAGE" in etree.tostring(feet[name]._p).decode()


def test_the_firms_report_has_a_table_of_contents(made: Papers) -> None:
    document = made.docs["report-firm"]
    headings = [p.text for p in document.paragraphs if p.style.style_id == "Heading1"]
    listed = [p.text for p in document.paragraphs if p.style.style_id == "Toc1"]
    assert [line.split("、", 1)[1] for line in listed] == headings and listed[8].startswith("九、")
    assert 'TOC \\o "1-1"' in etree.tostring(document.element.body).decode()


@pytest.mark.parametrize("paper", DOCX)
def test_nothing_of_a_template_is_left(made: Papers, paper: str) -> None:
    for name, content in members((made.out / f"{paper}.docx").read_bytes()).items():
        root = etree.fromstring(content)
        text = "".join(root.itertext())
        assert "{{" not in text and "{%" not in text and "}}" not in text, name
    marks = [element.get(qn("w:id")) for element in made.docs[paper].element.body.iter(qn("w:bookmarkStart"))]
    assert len(marks) == len(set(marks))
    body = list(made.docs[paper].element.body)
    assert not [one for one, other in itertools.pairwise(body) if one.tag == other.tag == qn("w:tbl")]
    assert body[-2].tag == qn("w:p")


def test_libreoffice_opens_them(one: Papers, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("no LibreOffice here")
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    files = [str(one.out / f"{paper}.docx") for paper in ("report", "form-rectification")]
    subprocess.run([soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files],
                   check=False, capture_output=True, timeout=120)  # fmt: skip
    if not list(tmp_path.glob("*.pdf")):
        plain = docx.Document()
        plain.save(str(tmp_path / "plain.docx"))
        subprocess.run([soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path),
                        str(tmp_path / "plain.docx")], check=False, capture_output=True, timeout=120)  # fmt: skip
        if not (tmp_path / "plain.pdf").exists():
            pytest.skip("this LibreOffice has no Writer")
    from pypdf import PdfReader

    reader = PdfReader(tmp_path / "report.pdf")
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    assert len(reader.pages) > 15 and yuan(one.report.money["not_supported_fen"]) in text and "—1—" in text
    assert (tmp_path / "form-rectification.pdf").exists()
