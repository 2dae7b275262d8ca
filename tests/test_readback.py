"""The workbook that people filled in is read back: whole, by whoever saved it, with one sentence for what is wrong."""

import csv
import datetime as dt
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock
from xml.sax.saxutils import escape

import polars as pl
import pytest
import xlsxwriter
from conftest import EVERY_PAPER
from harness import Result, Tables, honest, identity, learner, merge, person_name, run_audit
from python_calamine import CalamineWorkbook
from test_html import Page
from test_lasting import shuffled

from auditor import audit, judgement_file, policy
from auditor.fault import Exit, Fault
from auditor.render import FORMATS
from auditor.words import word

NOTICE = policy.load("taicang-2021")
SAMPLE = Path(__file__).parent.parent / "sample_data" / NOTICE.id
PAPERS = ["report.html", "workpapers.xlsx"]
HEADS = ["指纹", "长期指纹", "核实结论", "说明", "核实人", "日期"]
SIGNED = ("李审计", "2026-11-20")
FINGERPRINT = "0123456789abcdef"
Json = dict[str, Any]


def table(path: Path, *rows: list[str], heads: list[str] = HEADS, encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([heads, *rows])
    return path


def without_exam(count: int = 6) -> Tables:
    """Honest learners, of whom the first two have no exam."""
    tables = honest(NOTICE, count, "甲机械厂")
    gone = {identity(0), identity(1)}
    return tables | {"exams": [row for row in tables["exams"] if row["id_number"] not in gone]}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return run_audit(without_exam(), NOTICE.id, tmp_path_factory.mktemp("first"))


def of(result: Result, name: str, number: int) -> Json:
    """The finding of a rule about the `number`th person."""
    people = result.people.select("person_id", "id_number")
    found = result.findings.join(people, on="person_id").filter(rule=name, id_number=identity(number))
    return found.row(0, named=True)


def judgement(result: Result) -> Json:
    assert result.report.judgement is not None
    return result.report.judgement


# --- one sentence for what is wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([FINGERPRINT, "", "违规属实", "", *SIGNED], "缺 说明"),
        ([FINGERPRINT, "", "排除", "已核", "", "2026-11-20"], "缺 核实人"),
        ([FINGERPRINT, "", "待核", "", "李审计", ""], "缺 日期"),
        ([FINGERPRINT, "", "", "已核", *SIGNED], "缺 核实结论"),
        ([FINGERPRINT, "", "差不多", "已核", *SIGNED], "差不多"),
        ([FINGERPRINT, "", "违规属实", "已核", "李审计", "下周"], "下周"),
        ([FINGERPRINT, "", "违规属实", "已核", "李审计", "2026-02-30"], "2026-02-30"),
        (["1.23457E+15", "", "违规属实", "已核", *SIGNED], "指纹不完整"),
        (["", "", "违规属实", "已核", *SIGNED], "指纹不完整"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(cells: list[str], said: str, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", ["f" * 16, "", "", "", "", ""], cells)
    with pytest.raises(Fault) as raised:
        judgement_file.load([path])
    assert raised.value.code == Exit.UNAUDITABLE
    assert said in str(raised.value) and str(raised.value).startswith("a.csv 第 3 行")
    assert not re.search("[一-鿿]", word(raised.value.words, "en").replace(said.split()[-1], ""))


def test_two_conclusions_about_one_thing(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", [FINGERPRINT, "", "违规属实", "已核", *SIGNED])
    other = table(tmp_path / "b.csv", [FINGERPRINT, "", "排除", "已核", *SIGNED])
    with pytest.raises(Fault, match=r"a\.csv 第 2 行 与 b\.csv 第 2 行"):
        judgement_file.load([one, other])
    same = judgement_file.load([one, one, table(tmp_path / "c.csv", [FINGERPRINT, "", "违规属实", "又核", *SIGNED])])
    assert same is not None and same.entries["note"].to_list() == ["已核"]
    assert [file["file"] for file in same.files] == ["a.csv", "c.csv"]


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b"a,b\n1,2\n"), ("a.xlsx", b"PK\x03\x04 no workbook"), ("a.csv", b"")]
)
def test_a_file_without_the_heads(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Fault) as raised:
        judgement_file.load([tmp_path / name])
    assert raised.value.code == Exit.UNAUDITABLE and name in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Fault) as raised:
        judgement_file.load([tmp_path / "a.xlsx"])
    assert raised.value.code == Exit.USAGE and "--judgements" in str(raised.value)


def test_a_torn_row_is_not_lost_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(HEADS) + f"\n{FINGERPRINT},,违规属实,已核,多出,李审计,2026-11-20,x\n", encoding="utf-8")
    with pytest.raises(Fault, match="第 2 行"):
        judgement_file.load([path])


def test_a_word_of_the_other_kind(first: Result, tmp_path: Path) -> None:
    tables = without_exam()
    finding, claim = of(first, "exam-missing", 0)["fingerprint"], first.claims["fingerprint"][0]
    for place, (mark, said) in enumerate([(finding, "支持"), (claim, "违规属实")]):
        path = table(tmp_path / f"{place}.csv", [mark, "", said, "已核", *SIGNED])
        with pytest.raises(Fault, match=f"“{said}”不适用于这一行"):
            run_audit(tables, NOTICE.id, tmp_path / f"second{place}", judgements=[path])


def test_the_two_names_of_one_finding_must_agree(first: Result, tmp_path: Path) -> None:
    tables = without_exam()
    found = of(first, "exam-missing", 0)
    path = table(tmp_path / "a.csv", [found["fingerprint"], "", "违规属实", "已核", *SIGNED],
                 [found["fingerprint"], found["lasting"], "排除", "已核", *SIGNED])  # fmt: skip
    with pytest.raises(Fault, match=r"第 2 行 与 a\.csv 第 3 行"):
        run_audit(tables, NOTICE.id, tmp_path / "second", judgements=[path])


@pytest.mark.parametrize("day", ["2026-11-20", "2026/11/20", "2026年11月20日", "20261120", "2026.11.20"])
def test_a_day_as_people_write_it(day: str, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [FINGERPRINT.upper(), "", " 违规属实", "已核", "李审计", day], encoding="gb18030")
    read = judgement_file.load([path])
    assert read is not None and read.entries.select("conclusion", "day").row(0) == ("confirmed", "2026-11-20")
    assert read.entries["fingerprint"].to_list() == [int(FINGERPRINT, 16)]


def test_a_day_typed_into_a_cell(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(3, 2, ["Checked on", "Fingerprint", "x", "Auditor's conclusion", "Checked by", "Explanation"])
        shown = book.add_format({"num_format": "yyyy-mm-dd"})
        for row, plain in ((4, None), (6, 46346)):
            if plain:
                sheet.write_number(row, 2, plain)
            else:
                sheet.write_datetime(row, 2, dt.datetime(2026, 11, 20), shown)
            sheet.write_row(row, 3, [f"{row}" * 16, "", "Dismissed", "Li", "seen, 已核\non site"])
    read = judgement_file.load([tmp_path / "a.xlsx"])
    assert read is not None
    assert read.entries.select("source_row", "conclusion", "day", "note").rows() == [
        (5, "dismissed", "2026-11-20", "seen, 已核\non site"), (7, "dismissed", "2026-11-20", "seen, 已核\non site"),
    ]  # fmt: skip


def test_a_masked_workbook_of_other_data_is_refused(tmp_path: Path) -> None:
    """Codes are ranks: with one person more they mean others. A full edition is known by what lasts."""
    tables, more = without_exam(), merge(without_exam(), learner(NOTICE, 17, "甲厂"))
    first = run_audit(tables, NOTICE.id, tmp_path / "first", edition="masked")
    mark, out = first.report.run["data_mark"], tmp_path / "written"
    audit.run([tmp_path / "first" / "in"], NOTICE, out, papers=["workpapers.xlsx"])
    rows = CalamineWorkbook.from_path(str(out / "workpapers.xlsx")).get_sheet_by_name("发现明细").to_python()
    (said,) = [cell for row in rows[:3] for cell in row if "数据标识" in str(cell)]
    assert f"数据标识：{mark}" in said
    found = first.findings["fingerprint"][0]
    path = table(tmp_path / "a.csv", [found, "", "待核", "", *SIGNED])
    path.write_text(f"{said},,,,,\n" + path.read_text(encoding="utf-8-sig"), encoding="utf-8-sig")
    assert judgement(run_audit(shuffled(tables, 3), NOTICE.id, tmp_path / "same", judgements=[path]))["unmatched"] == 0
    with pytest.raises(Fault, match=f"数据标识 {mark}，现在是") as raised:
        run_audit(more, NOTICE.id, tmp_path / "other", judgements=[path])
    assert raised.value.code == Exit.UNAUDITABLE and "a.csv" in str(raised.value)


# --- what follows ----------------------------------------------------------------------------------------------------


def test_the_machine_stays_as_it_was(first: Result, tmp_path: Path) -> None:
    tables = without_exam()
    marks = [of(first, "exam-missing", number)["fingerprint"] for number in (0, 1)]
    claim = first.claims.filter(verdict="supported")["fingerprint"][0]
    path = table(tmp_path / "a.csv", [marks[0], "", "排除", "有纸质试卷", *SIGNED], [marks[1], "", "待核", "", *SIGNED],
                 [claim, "", "不支持", "本人未参加", *SIGNED], ["e" * 16, "", "违规属实", "已核", *SIGNED])  # fmt: skip
    second = run_audit(tables, NOTICE.id, tmp_path / "second", judgements=[path])
    judged = ["judged", "judged_by", "judged_on", "judged_note"]
    assert second.findings.drop(judged).equals(first.findings.drop(judged))
    assert second.people.equals(first.people)
    changed = [name for name in second.claims.columns if name.startswith("judged")]
    assert second.claims.drop(changed).equals(first.claims.drop(changed))
    assert first.claims.select(changed).null_count().row(0) == (6, 6, 6, 6) and first.report.judgement is None
    assert second.report.money == first.report.money and second.report.rules == first.report.rules

    told = judgement(second)
    counts = ("entries", "confirmed", "dismissed", "pending", "supported", "not_supported", "unmatched")
    assert [told[name] for name in counts] == [4, 1, 1, 1, 0, 1, 1]
    (stray,) = told["unmatched_listed"]
    assert (stray["file"], stray["row"], stray["fingerprint"]) == ("a.csv", 5, "e" * 16)
    assert told["money"] == {
        "supported": 4, "not_supported": 1, "to_verify": 1,
        "supported_fen": 120_000, "not_supported_fen": 30_000, "to_verify_fen": 30_000,
    }  # fmt: skip
    sums = second.claims.select(pl.col("^judged_.*_fen$").sum()).row(0)
    assert sum(sums) == second.report.money["claimed_fen"]
    assert told["changed"]["total"] == 3
    before = {row["id_number"]: row for row in told["changed"]["listed"]}
    row = before[identity(0)]
    assert (row["verdict"], row["judged_verdict"]) == ("not_supported", "supported")
    assert (row["supported_fen"], row["judged_supported_fen"]) == (0, 30_000)
    assert row["said"] == [
        {"fingerprint": marks[0], "rule": "exam-missing", "place": row["said"][0]["place"], "conclusion": "dismissed",
         "note": "有纸质试卷", "by": "李审计", "on": "2026-11-20"}
    ]  # fmt: skip
    assert second.findings.filter(fingerprint=marks[0]).select(judged).row(0) == (
        "dismissed", *SIGNED, "有纸质试卷",
    )  # fmt: skip


REMARK = f"{person_name(0)}本人（{identity(0)}，电话 13912345678）说没考"
Later = dict[str, tuple[Result, Path]]


@pytest.fixture(scope="module")
def later(first: Result, tmp_path_factory: pytest.TempPathFactory) -> Later:
    """edition → an audit of a later export with what was concluded of the first. Other people come and go, rows move,
    and somebody claims twice."""
    folder, claims = tmp_path_factory.mktemp("later"), first.claims.join(first.people, on="person_id")
    found, gone = (of(first, "exam-missing", number) for number in (0, 1))
    claim, other = (claims.filter(id_number=identity(number)).row(0, named=True) for number in (4, 5))
    path = table(
        folder / "a.csv", [found["fingerprint"], found["lasting"], "排除", REMARK, *SIGNED],
        [claim["fingerprint"], claim["lasting"], "不支持", "已核", *SIGNED],
        [gone["fingerprint"], gone["lasting"], "排除", "已核", *SIGNED],
        [other["fingerprint"], other["lasting"], "待核", "", *SIGNED],
    )  # fmt: skip
    rows = {name: [row for row in rows if row["id_number"] != identity(1)] for name, rows in without_exam().items()}
    rows = merge(honest(NOTICE, 40, "乙电子厂", first=100), rows)
    rows["claims"].append(dict(rows["claims"][0]))
    made = {}
    for edition in ("full", "masked"):
        out = folder / edition
        done = run_audit(shuffled(rows, 7), NOTICE.id, out, judgements=[path], edition=edition)
        made[edition] = (done, out / "out")
    return made


@pytest.mark.parametrize("edition", ["full", "masked"])
def test_a_conclusion_outlives_the_export(first: Result, later: Later, edition: str) -> None:
    """By the fingerprint alone it would be somebody else's."""
    second, _ = later[edition]
    found, other = (of(first, "exam-missing", number) for number in (0, 1))
    told = judgement(second)
    assert [told[name] for name in ("dismissed", "not_supported", "pending", "unmatched")] == [2, 1, 1, 1]
    assert {row["judged_verdict"] for row in told["changed"]["listed"]} == {"supported", "not_supported", "to_verify"}
    assert told["unmatched_listed"][0]["fingerprint"] == (other["fingerprint"] if edition == "full" else None)
    if edition == "full":
        numbers = {row["id_number"] for row in told["changed"]["listed"]}
        assert numbers == {identity(number) for number in (0, 4, 5)}
    else:  # no hash of an identity number
        everything = "".join(map(str, (second.findings.rows(), second.claims.rows(), told)))
        assert not any(row["lasting"] in everything for row in (found, other))


def test_remarks_name_nobody_in_the_masked_edition(later: Later) -> None:
    (masked, hidden), (full, shown) = later["masked"], later["full"]
    said = masked.findings.filter(judged="dismissed")["judged_note"].to_list()
    assert said == [f"{person_name(0)[0]}＊＊本人（＊＊＊，电话 ＊＊＊）说没考"]
    content = b"".join(path.read_bytes() for path in hidden.iterdir()).decode("utf-8", "replace")
    assert identity(0) not in content and "13912345678" not in content and person_name(0) not in content
    assert full.findings.filter(judged="dismissed")["judged_note"].to_list() == [REMARK]
    assert REMARK not in (shown / "audit.duckdb").read_bytes().decode("utf-8", "replace")


def test_two_claims_alike_have_two_fingerprints(later: Later) -> None:
    claims = later["full"][0].claims
    for name in ("fingerprint", "lasting"):
        assert claims[name].n_unique() == len(claims) == 46


def test_without_a_claim_list_people_are_judged(tmp_path: Path) -> None:
    tables = without_exam()
    del tables["claims"]
    first = run_audit(tables, NOTICE.id, tmp_path / "first")
    found = of(first, "exam-missing", 0)
    listed = {row["id_number"]: row for row in first.report.claims["not_supported"]["listed"]}
    path = table(tmp_path / "a.csv", [found["fingerprint"], found["lasting"], "排除", "已核", *SIGNED],
                 [listed[identity(1)]["fingerprint"], "", "待核实", "", *SIGNED])  # fmt: skip
    told = judgement(run_audit(tables, NOTICE.id, tmp_path / "second", judgements=[path]))
    assert (told["money"]["supported"], told["money"]["to_verify"], told["money"]["not_supported"]) == (5, 1, 0)
    assert {(row["id_number"], row["judged_verdict"]) for row in told["changed"]["listed"]} == {
        (identity(0), "supported"), (identity(1), "to_verify"),
    }  # fmt: skip


# --- the workbook ----------------------------------------------------------------------------------------------------


def fill(source: Path, target: Path, sheet: str, entries: dict[str, tuple[str, ...]]) -> Path:
    """A copy of the workbook in which the empty cells of the rows with these fingerprints are filled in."""

    def row(found: re.Match[str]) -> str:
        mark = re.search(r">([0-9a-f]{16})<", found[0])
        if not mark or mark[1] not in entries:
            return found[0]
        cells = iter(entries[mark[1]])
        return re.sub(
            r'<c r="([A-Z]+\d+)" s="(\d+)"/>',
            lambda at: f'<c r="{at[1]}" s="{at[2]}" t="inlineStr"><is><t>{escape(next(cells))}</t></is></c>',
            found[0],
        )

    with zipfile.ZipFile(source) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        for name in book.namelist():
            content = book.read(name).decode()
            if name == f"xl/worksheets/sheet{names.index(sheet) + 1}.xml":
                content = re.sub(r"<row .*?</row>", row, content, flags=re.DOTALL)
            copy.writestr(name, content)
    return target


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    cells = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    head = next(place for place, row in enumerate(cells) if "核实结论" in row)
    return [dict(zip(cells[head], row, strict=True)) for row in cells[head + 1 :] if row[0] != "合计"]


NASTY = "=cmd|'/c calc'!A1 <script>alert(1)</script> {{7*7}} 喆玥祎堃䶮𬱖·"


@pytest.fixture(scope="module")
def rounds(sample: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample audited, its workbook filled in, and audited again with it: folders first, second, third."""
    folder = tmp_path_factory.mktemp("rounds")
    (folder / "first").symlink_to(sample(NOTICE.id, "full"))
    findings = pl.read_parquet(folder / "first" / "findings.parquet")
    claims = pl.read_parquet(folder / "first" / "claims.parquet").sort("claim_no")
    marks = {name: findings.filter(rule=name)["fingerprint"][0] for name in ("exam-missing", "session-too-short")}
    found = {
        marks["exam-missing"]: ("排除", NASTY, *SIGNED),
        marks["session-too-short"]: ("违规属实", "核实无误", *SIGNED),
    }
    claimed = {claims.filter(verdict="to_verify")["fingerprint"][0]: ("支持", "社保已查", *SIGNED)}
    fill(folder / "first" / "workpapers.xlsx", folder / "half.xlsx", "发现明细", found)
    fill(folder / "half.xlsx", folder / "filled.xlsx", "申领明细", claimed)
    note = findings.filter(rule="session-too-short")["fingerprint"][-1]  # beyond what the workbook lists
    stray = [note, "", "违规属实", "已核", *SIGNED], ["e" * 16, "", "违规属实", "已核", *SIGNED]
    supported = [claims.filter(verdict="supported")["fingerprint"][0], "", "不支持", "已核", *SIGNED]
    table(folder / "more.csv", *stray, supported)
    given, filled = [folder / "filled.xlsx", folder / "more.csv"], [folder / "second" / "workpapers.xlsx"]
    with mock.patch.dict(FORMATS, EVERY_PAPER):
        audit.run([SAMPLE], NOTICE, folder / "second", "full", judgements=given, papers=[*PAPERS, "report.docx"])
    audit.run([SAMPLE], NOTICE, folder / "third", "full", judgements=filled, lang="en", papers=PAPERS[:1])
    return folder


def report(folder: Path) -> Json:
    body: Json = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return body


def test_a_second_round_goes_on_from_the_first(rounds: Path) -> None:
    second, third = (report(rounds / name)["judgement"] for name in ("second", "third"))
    assert (second["entries"], second["unmatched"], second["changed"]["total"]) == (6, 1, 3)
    for name in ("entries", "confirmed", "dismissed", "pending", "supported", "not_supported", "unmatched", "money"):
        assert second[name] == third[name], name
    assert second["changed"] == third["changed"]
    elsewhere = rows_of(rounds / "second" / "workpapers.xlsx", "其他核实结论")
    assert [row["对应"] for row in elsewhere] == ["发现", "没有对应", "申领"]
    assert elsewhere[1]["指纹"] == "e" * 16


def test_the_columns_are_there_to_be_filled_in(rounds: Path) -> None:
    path = rounds / "first" / "workpapers.xlsx"
    for sheet, last in (("发现明细", "违规属实,排除,待核"), ("申领明细", "支持,不支持,待核实")):
        rows = rows_of(path, sheet)
        assert {row[name] for row in rows for name in HEADS[2:]} == {""}
        assert all(re.fullmatch("[0-9a-f]{16}", row[name]) for row in rows for name in HEADS[:2])
        with zipfile.ZipFile(path) as book:
            names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
            content = book.read(f"xl/worksheets/sheet{names.index(sheet) + 1}.xml").decode()
            styles = book.read("xl/styles.xml").decode()
        (valid,) = re.findall(r"<dataValidation .*?</dataValidation>", content)
        assert f'"{last}"' in valid
        first, end = re.search(r'sqref="[A-Z]+(\d+):[A-Z]+(\d+)"', valid).groups()  # type: ignore[union-attr]
        assert int(end) - int(first) + 1 == len(rows)
        formats = styles.split("<cellXfs")[1].split("</cellXfs>")[0].split("<xf ")[1:]
        below = content[content.index(f'<row r="{first}"') :]
        used = {int(number) for number in re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"/>', below)}
        assert used and all('locked="0"' in formats[number] for number in used)


def test_papers_print_conclusions_and_refuse_them(rounds: Path) -> None:
    """A matter's paper prints what was read back, and sends who types there to the one sheet that is read."""
    place = [rule["id"] for rule in report(rounds / "second")["rules"]].index("exam-missing") + 1
    path = rounds / "second" / "workpapers.xlsx"
    names = CalamineWorkbook.from_path(path).sheet_names
    (paper,) = (at for at, name in enumerate(names) if name.startswith(f"R-{place:02} "))
    printed = [[row[name] for name in HEADS[2:]] for row in rows_of(path, names[paper]) if row["核实结论"]]
    assert printed == [["排除", NASTY, *SIGNED]]
    with zipfile.ZipFile(path) as book:
        content = book.read(f"xl/worksheets/sheet{paper + 1}.xml").decode()
    refused = re.findall(r"<dataValidation [^>]*>.*?</dataValidation>", content)
    assert len(refused) == 4 and all("<formula1>FALSE</formula1>" in one and "发现明细" in one for one in refused)
    read = judgement_file.load([path])
    assert read and set(read.entries["sheet"]) == {"发现明细", "申领明细", "其他核实结论"}


def test_what_was_read_stands_in_the_workbook_and_on_the_page(rounds: Path) -> None:
    path = rounds / "second" / "workpapers.xlsx"
    filled = [row for row in rows_of(path, "发现明细") if row["核实结论"]]
    assert {(row["核实结论"], row["说明"], row["核实人"], row["日期"]) for row in filled} == {
        ("排除", NASTY, *SIGNED), ("违规属实", "核实无误", *SIGNED),
    }  # fmt: skip
    told = report(rounds / "second")
    machine, human = told["money"], told["judgement"]["money"]
    cells = CalamineWorkbook.from_path(path).get_sheet_by_name("核实以后").to_python(skip_empty_area=False)
    for name, said in (("supported", "支持"), ("not_supported", "不支持"), ("to_verify", "待核实")):
        row = next(row for row in cells if row[0] == said)
        sides = [side[f"{name}_fen"] / 100 for side in (machine, human)]
        assert row[1:6] == [machine[name], human[name], *sides, sides[1] - sides[0]]
    with zipfile.ZipFile(rounds / "second" / "report.docx") as packed:
        assert "本项申领：支持；社保已查；李审计" in packed.read("word/document.xml").decode()
    page = (rounds / "second" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and NASTY in Page(page).text
    for name in ("supported", "not_supported", "to_verify"):
        assert f'{human[name]}</td><td class="n">{human[f"{name}_fen"] / 100:,.2f}' in page
    english = Page((rounds / "third" / "report.html").read_text(encoding="utf-8")).text
    assert "After verification" in english and "R-23-001 Dismissed" in english


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice")
def test_as_another_program_saves_it(rounds: Path, tmp_path: Path) -> None:
    ours = judgement_file.load([rounds / "filled.xlsx"])
    assert ours is not None and len(ours.entries) == 3
    for form in ("xlsx", "ods"):
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(tmp_path)]
        subprocess.run([*command, str(rounds / "filled.xlsx")], check=True, capture_output=True, timeout=120)
        theirs = judgement_file.load([tmp_path / f"filled.{form}"])
        assert theirs is not None and theirs.entries.drop("file").equals(ours.entries.drop("file")), form


def test_the_same_twice_is_the_same(rounds: Path, tmp_path: Path) -> None:
    given = [rounds / "filled.xlsx", rounds / "more.csv"]
    audit.run([SAMPLE], NOTICE, tmp_path, "full", judgements=given, threads=1, papers=PAPERS)
    for name in ("report.json", "report.html", "workpapers.xlsx", "claims.parquet"):
        assert (tmp_path / name).read_bytes() == (rounds / "second" / name).read_bytes(), name
