"""`auditor map` and `audit --mapping`: what is shown, asked, written, read, and refused."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import honest, identity, person_name, write_table
from test_cli import ROOT, sentence
from test_english import own
from test_intake import Loaded, book

from auditor import cli, mapper, policy, render
from auditor.fault import Exit, Fault
from auditor.intake import files, guess, mapping, mapping_file
from auditor.intake.load import load
from auditor.intake.mapping import letter
from auditor.schema import tables
from auditor.words import LANGUAGES

NOTICE = policy.load("taicang-2021")
FIRM = "甲机械厂"
SESSIONS, CLAIMS, EXAMS, PEOPLE = (
    tables()[name].label["zh"] for name in ("sessions", "claims", "exams", "registrations")
)
PARTS = ("claims", "people", "findings", "evidence")
Rows = list[list[str]]


@pytest.fixture(autouse=True)
def no_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "FORMATS", {"report.json": render.FORMATS["report.json"]})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An export of three honest learners under headers of ours."""
    (folder := tmp_path / "data").mkdir()
    for table, rows in honest(NOTICE, 3, FIRM).items():
        write_table(table, rows, folder)
    return folder


def rewritten(data: Path, change: Callable[[Rows], Rows], encoding: str = "utf-8") -> Path:
    """The same files with other rows, in a folder beside."""
    (folder := data.parent / "foreign").mkdir()
    for path in data.iterdir():
        stream = io.StringIO()
        csv.writer(stream).writerows(change(list(csv.reader(path.open(encoding="utf-8", newline="")))))
        (folder / path.name).write_bytes(stream.getvalue().encode(encoding))
    return folder


def foreign(rows: Rows) -> Rows:
    return [[f"fld_{letter(place)}" for place in range(len(rows[0]))], *rows[1:]]


def headless(rows: Rows) -> Rows:
    return rows[1:]


def mapped(data: Path, *options: str) -> Path:
    out = data.parent / "mapping.toml"
    assert cli.main(["map", str(data), "--out", str(out), *options]) == Exit.CLEAN
    return out


def audited(data: Path, out: Path, *options: str) -> dict[str, Any]:
    command = ["audit", str(data), "--policy", "taicang-2021", "--edition", "full", "--out", str(out), *options]
    assert cli.main(command) == Exit.CLEAN
    body: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return body


def taken(data: Path, work: Path, path: Path | None = None) -> Loaded:
    """What is read of an export, with a mapping or without."""
    work.mkdir()
    told = mapping_file.load(path) if path else None
    return Loaded(load([data], work, set(), lambda _: None, mapped=told))


def entries(path: Path) -> dict[str, dict[str, Any]]:
    return {entry["file"]: entry for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sheets"]}


def typed(*answers: str) -> Callable[[str], str]:
    """Somebody who gives these answers, then only Enter."""
    given = iter(answers)
    return lambda prompt: next(given, "")


# what is written is what recognised headers give


def test_a_mapping_of_known_headers_changes_no_verdict(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "known"
    known = audited(data, out)
    body = audited(data, tmp_path / "out", "--mapping", str(mapped(data)))
    for part in PARTS:
        assert (out / f"{part}.parquet").read_bytes() == (tmp_path / "out" / f"{part}.parquet").read_bytes()
    assert known["money"] == body["money"] and body["money"]["supported"] == 3
    for one, other in zip(known["completeness"], body["completeness"], strict=True):
        assert {**one, "label": "", "layout": "", "columns": sorted(map(str, one["columns"]))} == {
            **other, "label": "", "layout": "", "columns": sorted(map(str, other["columns"]))
        }  # fmt: skip


@pytest.mark.parametrize(("change", "encoding"), [(foreign, "gb18030"), (foreign, "utf-16"), (headless, "gb18030")])
def test_headers_that_nobody_knows_are_guessed_by_content(
    change: Callable[[Rows], Rows], encoding: str, data: Path, tmp_path: Path
) -> None:
    other = rewritten(data, change, encoding)
    path = mapped(other)
    written = entries(path)
    columns = written[f"{SESSIONS}.csv"]["columns"]
    head = "" if change is headless else "fld_"
    assert columns == {
        "id_number": f"{head}A", "name": f"{head}B", "employer": f"{head}C", "course": f"{head}D",
        "address": f"{head}E", "start_at": f"{head}F", "end_at": f"{head}G", "total_time": f"{head}H",
    }  # fmt: skip
    assert written[f"{SESSIONS}.csv"]["header_row"] == (0 if change is headless else 1)
    assert {name: entry["table"] for name, entry in written.items()} == {
        f"{SESSIONS}.csv": "sessions", f"{CLAIMS}.csv": "claims", f"{EXAMS}.csv": "exams",
        f"{PEOPLE}.csv": "registrations",
    }  # fmt: skip
    known, guessed = taken(data, tmp_path / "known"), taken(other, tmp_path / "guessed", path)
    source = next(one for one in guessed.intake.sources if one.file == f"{SESSIONS}.csv")
    assert source.rows == source.read + sum(source.aside.values())
    assert source.aside == ({} if change is headless else {"header": 1})
    shift = 1 if change is headless else 0  # without a header row 1 is data
    for table in ("sessions", "claims", "exams", "registrations"):
        ours = [row | {"source_row": row["source_row"] - shift} for row in known.rows(table)]
        theirs = guessed.rows(table)
        assert len(ours) == len(theirs) and {"id_number", "name", "employer"} < theirs[0].keys(), table
        assert [one | other for one, other in zip(ours, theirs, strict=True)] == ours, table


def test_rows_without_a_header_keep_their_numbers_in_a_workbook(tmp_path: Path) -> None:
    rows = [[identity(n * 100), person_name(n), f"2021-02-0{n} 19:00:00", 31] for n in range(1, 5)]
    (folder := tmp_path / "in").mkdir()
    book(记录=[*rows, ["合计", "", "", 124]])(folder / "a.xlsx")
    path = tmp_path / "m.toml"
    path.write_text(
        '[[sheets]]\nfile = "*.xlsx"\nsheet = "记录"\nheader_row = 0\ntable = "sessions"\n'
        'units = { duration = "minutes" }\n[sheets.columns]\nid_number = 1\nname = "b"\n'
        'start_at = "C"\nduration = "4"\n',
        encoding="utf-8",
    )
    source = audited(folder, tmp_path / "out", "--mapping", str(path))["completeness"][0]
    assert (source["rows"], source["read"], source["set_aside"], source["header_row"]) == (5, 4, {"foot": 1}, 0)
    assert [column["header"] for column in source["columns"]] == ["A", "B", "C", "D"]
    people = pl.read_parquet(tmp_path / "out" / "people.parquet")
    assert sorted(people["id_number"]) == sorted(row[0] for row in rows)
    assert people["raw_s"].to_list() == [31 * 60] * 4


# what the file may say


def sessions(folder: Path, rows: Rows, name: str = "a.csv") -> Path:
    folder.mkdir(exist_ok=True)
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    (folder / name).write_text(stream.getvalue(), encoding="utf-8")
    return folder


HEAD = ["pid", "t0", "t1", "len", "state", "note"]
DATA = [
    [identity(100), "2021-02-03 19:00:00", "2021-02-03 20:00:00", "60", "ok", "IP: 58.211.16.8"],
    [identity(100), "2021-02-04 19:00:00", "2021-02-04 20:00:00", "60", "void", "IP: 58.211.16.8"],
    [identity(200), "2021-02-05 19:00:00", "", "45", "ok", "IP: 58.211.16.9"],
]
ENTRY = """[[sheets]]
file = "a.csv"
header_row = 1
table = "sessions"
{more}
[sheets.columns]
id_number = "pid"
start_at = "t0"
{columns}
"""


def entry(folder: Path, columns: str = 'end_at = "t1"', more: str = "", **changed: str) -> Path:
    text = ENTRY.format(columns=columns, more=more)
    for key, value in changed.items():
        text = re.sub(rf"^{key} = .*\n", f"{key} = {value}\n" if value else "", text, flags=re.M)
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_patterns_units_and_rows_left_out(tmp_path: Path) -> None:
    folder = sessions(tmp_path / "in", [HEAD, *DATA])
    columns = 'duration = "len"\naddress = { from = "note", pattern = "IP: (.*)" }'
    more = 'units = { duration = "minutes" }\nskip = [{ column = "state", is = ["void"] }]'
    body = audited(folder, tmp_path / "out", "--mapping", str(entry(tmp_path, columns, more)))
    source = body["completeness"][0]
    assert (source["rows"], source["read"], source["set_aside"]) == (4, 2, {"header": 1, "left_out": 1})
    assert pl.read_parquet(tmp_path / "out" / "people.parquet")["raw_s"].to_list() == [3600, 45 * 60]
    assert source["unrecognised"] == ["t1"]
    evidence = pl.read_parquet(tmp_path / "out" / "evidence.parquet")
    assert set(evidence.filter(pl.col("source_file") == "a.csv")["source_row"]) <= {2, 4}


def test_one_column_may_hold_two_fields_and_one_field_two_columns(tmp_path: Path) -> None:
    rows = [["who", "who2", "when"], [identity(100), "", "2021-02-03 19:00:00/2021-02-03 20:00:00"],
            ["", identity(200), "2021-02-04 19:00:00/2021-02-04 21:00:00"]]  # fmt: skip
    columns = 'end_at = { from = "when", pattern = "/(.*)" }'
    changed = {"id_number": '["who", "B"]', "start_at": '{ from = "when", pattern = "^(.*)/" }'}
    path = entry(tmp_path, columns, **changed)
    body = audited(sessions(tmp_path / "in", rows), tmp_path / "out", "--mapping", str(path))
    assert pl.read_parquet(tmp_path / "out" / "people.parquet")["raw_s"].to_list() == [3600, 7200]
    assert [column["header"] for column in body["completeness"][0]["columns"]] == ["who", "when", "when (C)"]


def test_a_sheet_may_be_left_out(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(f'[[sheets]]\nfile = "{EXAMS}.csv"\ntable = "none"\n', encoding="utf-8")
    body = audited(data, tmp_path / "out", "--mapping", str(path))
    source = next(one for one in body["completeness"] if one["file"] == f"{EXAMS}.csv")
    assert (source["table"], source["rows"], source["read"], source["set_aside"]) == (None, 4, 0, {"left_out": 4})
    assert any(f"{EXAMS}.csv：审计人员用映射文件指明不读，4 行" in problem for problem in body["problems"])


def test_two_columns_of_one_field_are_told_apart_by_a_mapping(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["身份证号", "姓名", "学员姓名", "开始时间", "结束时间"], [identity(100), "赵一", "钱二", *DATA[0][1:3]]]
    folder = sessions(tmp_path / "in", rows)
    assert (
        cli.main(["audit", str(folder), "--policy", "taicang-2021", "--out", str(tmp_path / "o")]) == Exit.UNAUDITABLE
    )
    draft = mapped(folder).read_text(encoding="utf-8")
    assert 'name = "姓名"  # 姓名（没有把握）' in draft
    assert "还需填写：a.csv：姓名 name 可能是 B、C 中的任何一列" in capsys.readouterr().out
    asked = typed("学员姓名")
    mapper.run([folder], tmp_path / "asked.toml", "zh", asked)
    assert entries(tmp_path / "asked.toml")["a.csv"]["columns"]["name"] == "学员姓名"
    columns = 'name = "学员姓名"\nend_at = "E"'
    path = entry(tmp_path, columns, id_number='"身份证号"', start_at='"D"')
    audited(folder, tmp_path / "out", "--mapping", str(path))
    assert pl.read_parquet(tmp_path / "out" / "people.parquet")["name"].to_list() == ["钱二"]


def test_the_report_and_the_manifest_name_the_mapping(data: Path, tmp_path: Path) -> None:
    path = mapped(data)
    inside = data / "mapping.toml"  # kept beside the export it is no file that was passed over
    inside.write_bytes(path.read_bytes())
    reports = []
    for threads in ("1", "2"):
        body = audited(data, tmp_path / threads, "--mapping", str(inside), "--threads", threads)
        reports.append((tmp_path / threads / "report.json").read_bytes())
    assert reports[0] == reports[1]
    listed = {one["file"]: one["sha256"] for one in body["inputs"]}
    manifest = json.loads((tmp_path / "1" / "manifest.json").read_text(encoding="utf-8"))
    assert listed["--mapping mapping.toml"] == files.digest(path) == manifest["inputs"]["--mapping mapping.toml"]
    assert sum("审计人员用映射文件指明为" in problem for problem in body["problems"]) == 4
    assert not any("mapping.toml" in problem for problem in body["problems"])
    assert all(one["layout"].startswith("mapping/") for one in body["completeness"])


def test_the_order_of_dates_reaches_the_recognition(tmp_path: Path) -> None:
    [sheet] = files.sheets(files.InputFile(sessions(tmp_path / "in", [HEAD, *DATA]) / "a.csv", "a.csv"))
    for more, order in (('dates = "dmy"', "dmy"), ("", None)):
        found = mapping.told([sheet], mapping_file.load(entry(tmp_path, more=more)))[0][1]
        assert found and found.dates == order


def test_letters_are_those_of_a_spreadsheet() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    names = [str(place) for place in range(800)]
    assert all(mapping.places(names, letter(place), False) == [place] for place in range(800))


# wrong mappings end in a sentence

WRONG: dict[str, tuple[dict[str, str], Exit, tuple[str, ...]]] = {
    "no TOML": ({"file": '"a.csv'}, Exit.USAGE, ("第 2 行", "TOML")),
    "another key": ({"more": "colour = 1"}, Exit.USAGE, ("第 1 条", "colour", "header_row")),
    "no file": ({"file": ""}, Exit.USAGE, ("第 1 条", "file")),
    "a sheet that is no text": ({"more": "sheet = 1"}, Exit.USAGE, ("第 1 条", "sheet")),
    "table not filled in": ({"table": '""'}, Exit.USAGE, ("第 1 条", "还没有写明 table", "sessions")),
    "no such table": ({"table": '"session"'}, Exit.USAGE, ("第 1 条", "session", "registrations")),
    "header_row": ({"header_row": '"1"'}, Exit.USAGE, ("第 1 条", "header_row")),
    "no such field": ({"columns": 'end_time = "t1"'}, Exit.USAGE, ("end_time", "是否指 end_at")),
    "no column": ({"columns": "end_at = 0"}, Exit.USAGE, ("end_at", "列字母")),
    "empty column": ({"columns": 'end_at = ""'}, Exit.USAGE, ("end_at", "列字母")),
    "no pattern": ({"columns": 'end_at = { from = "t1", pattern = "(" }'}, Exit.USAGE, ("end_at", "正则")),
    "no group": ({"columns": 'end_at = { from = "t1", pattern = "a" }'}, Exit.USAGE, ("end_at", "正则")),
    "skip": ({"more": 'skip = [{ column = "state" }]'}, Exit.USAGE, ("skip", "like")),
    "unit of nothing": ({"more": 'units = { duration = "minutes" }'}, Exit.USAGE, ("units", "duration")),
    "no unit": ({"columns": 'duration = "len"', "more": 'units = { duration = "days" }'}, Exit.USAGE, ("minutes",)),
    "dates": ({"more": 'dates = "dym"'}, Exit.USAGE, ("dmy", "mdy", "ymd")),
    "flag": ({"more": "nicknamed = 1"}, Exit.USAGE, ("nicknamed", "true")),
    "without a start": ({"start_at": ""}, Exit.USAGE, ("start_at", "学习开始时间", "none")),
    "no such file": ({"file": '"b.csv"'}, Exit.UNAUDITABLE, ("第 1 条", "b.csv", "a.csv")),
    "no such sheet": ({"more": 'sheet = "明细"'}, Exit.UNAUDITABLE, ("a.csv", "明细")),
    "no such row": ({"header_row": "9"}, Exit.UNAUDITABLE, ("a.csv", "header_row = 9", "第 1 至 4 行")),
    "data as header": ({"header_row": "2"}, Exit.UNAUDITABLE, ("a.csv", "第 2 行", "header_row", "写 0")),
    "no such header": ({"columns": 'end_at = "t1 time"'}, Exit.UNAUDITABLE, ("a.csv", "第 1 行", "t1 time", "列字母")),
    "no such place": ({"columns": "end_at = 9"}, Exit.UNAUDITABLE, ("a.csv", "“9”", "A 至 F")),
    "no such letter": ({"columns": 'end_at = "J"'}, Exit.UNAUDITABLE, ("a.csv", "“J”", "列字母")),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_mapping_ends_in_one_sentence(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed, code, words = WRONG[case]
    path = entry(tmp_path, **changed)
    folder = sessions(tmp_path / "in", [HEAD, *DATA])
    command = ["audit", str(folder), "--policy", "taicang-2021", "--out", str(tmp_path / "out"), "--mapping", str(path)]
    assert cli.main(command) == code
    said = sentence(capsys)
    assert str(path) in said and all(word in said for word in words), said
    assert cli.main([*command, "--lang", "en"]) == code
    said = sentence(capsys)
    assert str(path) in said and own(said, "明细") == []
    assert not any(row[0] in said for row in DATA)
    assert not (tmp_path / "out").exists()


def test_further_wrong_mappings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sessions(tmp_path / "in", [["pid", "t0", "t1", "T1"], DATA[0][:4]])
    path = tmp_path / "mapping.toml"
    for content, code, said in (
        (b"\xff\xfe", Exit.USAGE, "UTF-8"),
        (b"sheet = 1\n", Exit.USAGE, "[[sheets]]"),
        (b"sheets = [1]\n", Exit.USAGE, "[[sheets]]"),
        (entry(tmp_path).read_bytes(), Exit.CLEAN, ""),  # an exact header wins
        (entry(tmp_path, 'end_at = "t 1"').read_bytes(), Exit.UNAUDITABLE, "C、D"),
        (entry(tmp_path).read_bytes() * 2, Exit.UNAUDITABLE, "第 1、2 条"),
    ):
        path.write_bytes(content)
        command = ["audit", str(folder), "--policy", "taicang-2021", "--out", str(tmp_path / "out")]
        assert cli.main([*command, "--mapping", str(path)]) == code
        assert said in capsys.readouterr().err
    assert cli.main([*command, "--mapping", str(tmp_path / "none.toml")]) == Exit.USAGE


def test_every_mapping_that_map_writes_can_be_read_or_says_what_is_missing(tmp_path: Path) -> None:
    folder = sessions(tmp_path / "in", [["who", "thing"], *[[identity(n * 100), "x y"] for n in range(3)]])
    text = mapped(folder).read_text(encoding="utf-8")
    assert 'table = ""' in text and "这是哪张表" in text
    with pytest.raises(Fault) as caught:
        mapping_file.load(tmp_path / "mapping.toml")
    assert caught.value.code == Exit.USAGE and "还没有写明 table" in str(caught.value)


def test_an_existing_file_is_left_as_it_is(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out := data.parent / "mapping.toml").write_text("# mine\n", encoding="utf-8")
    assert cli.main(["map", str(data), "--out", str(out)]) == Exit.USAGE
    assert "已有这个文件" in sentence(capsys) and out.read_text(encoding="utf-8") == "# mine\n"
    assert cli.main(["map", str(data), "--out", str(data.parent / "no" / "where.toml")]) == Exit.ENVIRONMENT


# what is shown


def secrets() -> Iterator[str]:
    for number in range(3):
        yield from (identity(number), person_name(number), f"1990000{number:04}")


@pytest.mark.parametrize("change", [lambda rows: rows, foreign, headless], ids=["known", "foreign", "headless"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_is_shown(
    change: Callable[[Rows], Rows], lang: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mapped(rewritten(data, change), "--lang", lang)
    said = capsys.readouterr().out + path.read_text(encoding="utf-8")
    assert "id_number" in said and "start_at" in said
    assert [secret for secret in secrets() if secret in said] == []


def test_a_row_of_data_taken_for_the_header_is_not_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [["编号", "谁", "部门"], *[[f"K{n}", person_name(n), "一部"] for n in range(8)]]
    folder = sessions(tmp_path / "in", rows)
    mapper.run([folder], tmp_path / "m.toml", "zh", typed("registrations", "2", "A", "A", "-"))
    said = capsys.readouterr().out + (tmp_path / "m.toml").read_text(encoding="utf-8")
    assert [name for name in map(person_name, range(8)) if name in said] == []
    assert entries(tmp_path / "m.toml")["a.csv"]["header_row"] == 2


def test_confidence_and_gaps_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [["身份证号", "开始时间", "xyz"], *[[identity(n * 100), f"2021-02-0{n} 19:00:00", "?"] for n in range(1, 4)]]
    folder = sessions(tmp_path / "in", rows, "学习记录.csv")
    mapped(folder)
    said = capsys.readouterr().out
    assert "身份证号 id_number（表头一致）" in said and "？（没有把握）" in said
    assert "缺少 学习结束时间 end_at 或 本次学习时长 duration：没有结束时间也没有时长，学习时间不能计算" in said
    assert "还需填写：学习记录.csv" in said
    assert '# end_at = ""' in (tmp_path / "mapping.toml").read_text(encoding="utf-8")


def test_what_a_layout_reads_needs_no_mapping(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ["用户昵称（入会昵称）", "入会时间", "退会时间", "参会时长"],
        ["甲", "2021-02-03 19:00:00", "2021-02-03 20:00:00", "01:00:00"],
    ]
    folder = sessions(tmp_path / "in", rows)
    text = mapped(folder).read_text(encoding="utf-8")
    assert "腾讯会议" in capsys.readouterr().out and "腾讯会议" in text
    assert tomllib.loads(text) == {"sheets": []}
    assert mapping_file.load(tmp_path / "mapping.toml").entries == ()


def test_map_in_english(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = rewritten(data, foreign)
    path = mapped(folder, "--lang", "en")
    said = capsys.readouterr().out + path.read_text(encoding="utf-8")
    known = "".join(file.name + file.read_text(encoding="utf-8") for file in folder.iterdir())
    assert own(said, known) == []
    assert "guessed by content" in said and "Study sessions" in said


# guesses


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([identity(n) for n in range(9)], "identity"),
        ([identity(n)[:14] + "****" for n in range(9)], "identity"),
        ([f"{n:018}" for n in range(10**17, 10**17 + 9)], "number"),  # an order is nobody
        ([f"138-0000-000{n}" for n in range(9)], "phone"),
        ([f"1990000000{n}" for n in range(9)], "phone"),
        ([f"10.0.0.{n}" for n in range(9)], "address"),
        ([f"2021-02-0{n} 19:00:0{n}" for n in range(1, 9)], "time"),
        ([f"13/0{n}/21, 19:00" for n in range(1, 9)], "time"),
        ([f"2021年2月{n}日" for n in range(1, 9)], "date"),
        ([f"0:{n}1:30" for n in range(5)], "duration"),
        ([f"{n}分钟" for n in range(9)], "duration"),
        ([person_name(n) for n in range(9)], "name"),
        (["甲机械有限公司", "乙厂", "丙（太仓）集团"], "employer"),
        (["结业考试", "补考"], "exam"),
        (["男", "女", "男"], "sex"),
        (["合格", "不合格"], "result"),
        (["tc0001", "tc0002"], "account"),
        (["讨论区一", "讨论区二"], None),
    ],
)
def test_what_a_column_looks_like(values: list[str], kind: str | None, tmp_path: Path) -> None:
    folder = sessions(tmp_path / "in", [["x", "y"], *[[value, "1"] for value in values]])
    [sheet] = files.sheets(files.InputFile(folder / "a.csv", "a.csv"))
    assert guess.read(sheet, 0, 2)[0].kind == kind


@pytest.mark.parametrize(
    ("first", "order"), [("13/02/2021 19:00", "dmy"), ("02/13/2021 19:00", "mdy"), ("02/03/2021 19:00", "")]
)
def test_the_order_of_day_and_month_needs_proof(first: str, order: str, tmp_path: Path) -> None:
    rows = [["pid", "t0", "t1"], *[[identity(n), first, first.replace("19:", "20:")] for n in range(5)]]
    text = mapped(sessions(tmp_path / "in", rows)).read_text(encoding="utf-8")
    said = tomllib.loads(text)["sheets"][0]
    assert (said.get("dates", ""), said["table"]) == (order, "sessions")
    assert ("# dates" in text) == (order == "")


def test_start_and_end_are_the_nearest_two_times(tmp_path: Path) -> None:
    """The end first, and a third column of times long before both."""
    rows = [
        ["a", "b", "c", "d"],
        *[
            [f"2021-02-0{n} 20:00:00", "2021-01-01 09:00:00", identity(n), f"2021-02-0{n} 19:00:00"]
            for n in range(1, 9)
        ],
    ]
    columns = entries(mapped(sessions(tmp_path / "in", rows)))["a.csv"]["columns"]
    assert columns == {"id_number": "c", "start_at": "d", "end_at": "a"}


# at the terminal


def test_answers_are_taken_and_wrong_ones_asked_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        ["导出"],
        ["号", "起", "止", "长", "址"],
        *[[f"K-{n}", f"0{n}/02/2021 19:00", f"0{n}/02/2021 20:00", "60", "?"] for n in range(1, 9)],
    ]
    folder = sessions(tmp_path / "in", rows)
    asked: list[str] = []
    given = ["nine", "2", "77", "2", "", "", "", "", "nothing=B", "address=Z", "address＝E", "", "days", "minutes"]
    answers = iter([*given, "dym", "dmy"])

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    mapper.run([folder], tmp_path / "m.toml", "zh", answer)
    said = capsys.readouterr().out
    assert next(answers, None) is None and len(asked) == len(given) + 2
    assert [said.count(text) for text in (f"请填 0–{len(tables())} 之一", "请填 1 至 10 的行号", "请写成 字段=列")] == [
        1,
        1,
        2,
    ]
    assert "请填 seconds、minutes、hours 之一" in said and "请填 dmy、mdy、ymd 之一" in said
    written = entries(tmp_path / "m.toml")["a.csv"]
    assert written == {
        "file": "a.csv", "header_row": 2, "table": "sessions", "units": {"duration": "minutes"}, "dates": "dmy",
        "columns": {"account": "号", "start_at": "起", "end_at": "止", "duration": "长", "address": "址"},
    }  # fmt: skip
    assert "还需填写" not in said


def test_enter_accepts_every_guess(data: Path, tmp_path: Path) -> None:
    folder = rewritten(data, foreign)
    mapper.run([folder], tmp_path / "asked.toml", "zh", typed())
    assert tomllib.loads((tmp_path / "asked.toml").read_text(encoding="utf-8")) == tomllib.loads(
        mapped(folder).read_text(encoding="utf-8")
    )


def test_a_session_at_a_terminal(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    rows = [[f"K-{n}", f"2021-02-0{n} 19:00:00", "60", "?"] for n in range(1, 9)]
    folder = sessions(tmp_path / "in", rows)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "auditor", "map", str(folder), "--out", str(tmp_path / "m.toml")]
    os.write(ours, b"2\n0\n\n\n\nC\n\nminutes\n")
    run = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True)
    os.close(theirs)
    said = b""
    try:
        while block := os.read(ours, 1 << 16):
            said += block
    except OSError:  # the other side is gone
        pass
    os.close(ours)
    assert run.wait() == Exit.CLEAN, said.decode()
    assert "这是哪张表" in said.decode()
    assert entries(tmp_path / "m.toml")["a.csv"] == {
        "file": "a.csv", "header_row": 0, "table": "sessions", "units": {"duration": "minutes"},
        "columns": {"account": "A", "start_at": "B", "duration": "C"},
    }  # fmt: skip
    audited(folder, tmp_path / "out", "--mapping", str(tmp_path / "m.toml"))
    assert pl.read_parquet(tmp_path / "out" / "people.parquet")["raw_s"].to_list() == [3600] * 8
