"""Every layout reads what its platform writes: one small invented sample a form (tests/layouts), and what must come out
of it (tests/layouts/expected.toml). The catalogue: nothing is unproved, nothing is taken that is another's."""

import csv
import datetime as dt
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import xlsxwriter
from harness import checked

from auditor import audit, demo, policy
from auditor.intake import dialect, files, platform
from auditor.intake.load import ESTIMATED, Intake, load
from auditor.intake.sheet import Sheet
from auditor.layout import NOT_ACTIVITY, NOT_DATA, Form, catalogue, forms
from auditor.schema import tables
from auditor.words import section, word

FOLDER = Path(__file__).parent / "layouts"
SAMPLE_DATA = FOLDER.parent.parent / "sample_data"
BOOKS: dict[str, dict[str, dict[str, list[list[str]]]]] = tomllib.loads(
    (FOLDER / "workbooks.toml").read_text(encoding="utf-8")
)
EXPECTED: list[dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))["sheets"]
TIMES = {"sessions": ("start_at", "end_at"), "exams": ("taken_at",), "events": ("happened_at",), "registrations": ()}


@dataclass(frozen=True)
class Sample:
    layout: str
    file: str

    def put(self, folder: Path) -> Path:
        """The sample as a file: as it is committed, or a workbook as it is described."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.file
        if (committed := FOLDER / self.layout / self.file).exists():
            path.write_bytes(committed.read_bytes())
            return path
        with xlsxwriter.Workbook(str(path)) as book:
            for name, rows in BOOKS[self.layout][self.file].items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return path


SAMPLES = sorted({Sample(one["layout"], one["file"]) for one in EXPECTED}, key=lambda one: (one.layout, one.file))


def named(one: Sample) -> str:
    return f"{one.layout}/{one.file}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("layouts")


@cache
def sheets(path: Path) -> list[Sheet]:
    (file,), _ = files.find([path], None)
    return files.sheets(file)


def times(intake: Intake, table: str, no: int) -> list[str | None]:
    """The first and the last time in the rows of one sheet."""
    parts = [part for name in (table, ESTIMATED) if name in intake.parts for part in intake.parts[name]]
    own = [part for part in parts if part.name.startswith(f"{table}-{no:05}-")]
    said = [
        value
        for part in own
        for column in TIMES[table]
        for value in pl.read_parquet(part)[column].drop_nulls().to_list()
    ]
    ends = [min(said), max(said)] if said else []
    return [str(moment) for moment in pl.from_epoch(pl.Series(ends, dtype=pl.Int64), time_unit="s").to_list()]


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_what_comes_out_of_a_sample(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    intake = load([sample.put(tmp_path / "in")], tmp_path / "work", set(), lambda _: None)
    wanted = [one for one in EXPECTED if (one["layout"], one["file"]) == (sample.layout, sample.file)]
    told = []
    for source in intake.sources:
        form = source.form
        told.append(
            {
                "layout": sample.layout, "file": sample.file, "sheet": source.sheet, "form": form.id if form else "",
                "read": source.read, "made": source.made, "aside": dict(sorted(source.aside.items())),
            }
        )  # fmt: skip
        if form and source.made:
            assert form.layout == sample.layout
            told[-1]["fields"] = sorted(source.columns)
            told[-1]["times"] = times(intake, form.table, source.no)
    assert told == wanted
    unread = intake.troubles.filter(pl.col("kind") == "unreadable")
    assert unread["field"].to_list() == []


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_no_row_of_a_sample_is_lost(sample: Sample, tmp_path: Path) -> None:
    """Read or set aside, all in all as many as the file has."""
    wanted = [one for one in EXPECTED if (one["layout"], one["file"]) == (sample.layout, sample.file)]
    told = sum(one["read"] + sum(one["aside"].values()) for one in wanted)
    path = sample.put(tmp_path)
    match path.suffix:
        case ".xlsx":
            # blank rows at the end of a sheet are none
            assert told == sum(len(rows) for rows in BOOKS[sample.layout][sample.file].values())
        case ".csv":
            read = dialect.read(path, path.name)
            text = path.read_bytes()[read.start :].decode(read.encoding)
            assert told == len(list(csv.reader(io.StringIO(text, newline=""), delimiter=read.delimiter)))
        case ".jsonl" | ".log":
            assert told == len(path.read_text(encoding="utf-8").splitlines())
        case other:
            assert other == ".json"


# ── the catalogue ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_layout_says_what_it_is() -> None:
    known = {name for table in tables().values() for name in table.columns}
    reasons = section("aside", "zh").keys() & section("aside", "en").keys()
    for one in catalogue().values():
        assert set(one.label) == {"zh", "en"} and all(one.label.values()), one.id
        assert one.source.strip(), one.id
        assert len({form.id for form in one.forms}) == len(one.forms) > 0, one.id
        for form in one.forms:
            assert set(form.label) == {"zh", "en"} and all(form.label.values()), form.id
            assert form.note is None or set(form.note) == {"zh", "en"}, form.id
            assert set(form.lacks) <= known and needed(form) <= {*form.fields, *form.columns}, form.id
            assert not set(form.fields) & set(form.lacks), f"{form.id} reads what it says it cannot have"
            assert form.unless is None or form.unless in {other.id for other in one.forms}, form.id
            assert {condition.why for condition in form.skip} <= reasons, form.id
            assert all(condition.values or condition.like is not None for condition in (*form.skip, *form.only))
    assert {NOT_ACTIVITY, NOT_DATA} <= reasons


def test_every_form_has_a_sample() -> None:
    """That some rows of a sample are read, or set aside, as this form."""
    proved = {(one["layout"], one["form"]) for one in EXPECTED if one["made"] or one["form"] == "staff"}
    assert [(form.layout, form.id) for form in forms() if (form.layout, form.id) not in proved] == []
    committed = {Sample(path.parent.name, path.name) for path in FOLDER.glob("*/*")}
    described = {Sample(layout, file) for layout, books in BOOKS.items() for file in books}
    assert committed | described == set(SAMPLES)


def needed(form: Form) -> set[str]:
    return {name for need in form.needs for name in need.split("|")}


def ranks(sheet: Sheet) -> Iterator[tuple[tuple[int, int], Form]]:
    """How well each form fits a sheet, as `platform.find` ranks them."""
    for form in forms():
        for header in range(len(sheet.head) - form.header_rows + 1):
            if found := platform.fit(form, sheet, header):
                marks = set().union(*form.marks) & {
                    platform.normal(cell) for cell in sheet.head[header + form.header_rows - 1]
                }
                yield (len(marks) + len(found.fields), -header), form
                break


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_a_sheet_is_of_one_form(sample: Sample, folder: Path) -> None:
    """The best fitting form is one alone, but for forms that share the rows of a sheet."""
    for sheet in sheets(sample.put(folder / sample.layout)):
        found = list(ranks(sheet))
        if not found:
            continue
        best = max(rank for rank, _ in found)
        first = [form for rank, form in found if rank == best]
        assert len({(form.layout, form.split or form.id) for form in first}) == 1, [form.id for form in first]
        assert first[0].layout == sample.layout


def recognised(sheet: Sheet) -> list[tuple[str, str, set[str]]]:
    found = platform.find(sheet)
    return [(one.shape.form.layout, one.shape.form.id, set(one.fields)) for one in found if one.shape]


def turned(rows: list[list[str]]) -> list[list[str]]:
    """The columns the other way round."""
    width = max(map(len, rows))
    return [(row + [""] * (width - len(row)))[::-1] for row in rows]


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_the_order_of_columns_and_what_stands_beside_or_above_decide_nothing(sample: Sample, folder: Path) -> None:
    for sheet in sheets(sample.put(folder / sample.layout)):
        if not (before := recognised(sheet)):
            continue
        form = next(form for form in forms() if (form.layout, form.id) == before[0][:2])
        wide = [[*row, f"备用{number}", ""] for number, row in enumerate(sheet.head)]
        titles = [["某某市职业技能培训", ""], ["制表：培训处", ""], []]
        assert recognised(replace(sheet, head=wide)) == before
        assert recognised(replace(sheet, head=titles + sheet.head)) == before
        if form.wide is None and not form.above and not form.under:
            assert recognised(replace(sheet, head=turned(sheet.head))) == before


def test_exports_of_no_platform_stay_what_they_are(tmp_path: Path) -> None:
    """The sample data and what `auditor demo` writes are read by our own headers."""
    demo.write(tmp_path / "demo", policy.load("wuxi-2023"), 20, 1)
    folders = [tmp_path / "demo", *(path for path in sorted(SAMPLE_DATA.iterdir()) if path.is_dir())]
    found, _ = files.find(folders, None)
    read = [sheet for file in found for sheet in files.sheets(file)]
    assert len(read) > 10
    assert [sheet.file for sheet in read if platform.find(sheet)] == []


def test_what_somebody_added_to_an_export_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    header = "用户昵称（入会昵称）,身份证号,入会时间,退会时间,参会时长"
    row = "示例甲,320585199001019079,2021-02-05 09:00:00,2021-02-05 10:00:00,1:00:00"
    (tmp_path / "a.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    (source,) = load([tmp_path / "a.csv"], tmp_path / "work", set(), lambda _: None).sources
    assert source.form and (source.form.layout, source.form.id) == ("tencent-meeting", "detail")
    assert source.columns["id_number"] == "身份证号"
    assert not any("身份证号" in word(note, "zh") for note in source.notes)


def test_nobody_named_in_rows_of_a_web_service_is_refused(tmp_path: Path) -> None:
    rows = {"甲": ["web", "web"], "乙": ["web", "ws"]}
    people = {"甲": checked("32058519900101907"), "乙": checked("32058519900101908")}
    log = ["Time,User full name,Event context,Component,Event name,Description,Origin,IP address"]
    for minute, (name, origins) in enumerate(rows.items()):
        for hour, origin in enumerate(origins, 9):
            said = f"The user with id '{minute + 1}' viewed the course with id '3'."
            log.append(
                f'"2021-02-05 {hour:02}:0{minute}:00",{name},Course: A,System,Course viewed,{said},{origin},58.1.1.1'
            )
    (tmp_path / "log.csv").write_text("\n".join(log) + "\n", encoding="utf-8")
    known = [f"{number},{name},{minute + 1}" for minute, (name, number) in enumerate(people.items())]
    (tmp_path / "实名注册.csv").write_text("身份证号,姓名,用户id\n" + "\n".join(known) + "\n", encoding="utf-8")
    claimed = [f"{number},{name},300" for name, number in people.items()]
    (tmp_path / "补贴申请名单.csv").write_text("身份证号,姓名,申请金额\n" + "\n".join(claimed) + "\n", encoding="utf-8")
    done = audit.run([tmp_path], policy.load("taicang-2021"), tmp_path / "out")
    (source,) = [one for one in done.report.completeness if one["table"] == "events"]
    assert (source["read"], source["set_aside"], source["set_aside_rows"]) == (
        3,
        {"header": 1, "service": 1},
        {"service": [5]},
    )
    verdicts = pl.read_parquet(tmp_path / "out" / "findings.parquet").filter(rule="class-hours-too-few")
    assert sorted(verdicts["effect"].to_list()) == ["refuse", "verify"]
    with duckdb.connect(tmp_path / "out" / "audit.duckdb", read_only=True) as con:
        listed = con.sql("SELECT source_row, end_kind, start_at, end_at FROM session_list ORDER BY ALL").fetchall()
    at = dt.datetime(2021, 2, 5, 9)
    assert listed == [
        (2, "end_estimated", at, at + dt.timedelta(hours=1)),
        (4, "end_estimated", at.replace(minute=1), at.replace(minute=1)),
    ]
    assert verdicts.filter(effect="verify")["message"].str.contains("网络服务").all()


def refused(folder: Path, *extra: tuple[str, str]) -> list[str]:
    """The verdicts of two registered and claimed people, of whom the first has studied for an hour in a log of sessions
    and whom the files `extra` (name, content) may speak of."""
    numbers = [checked("32058519900101907"), checked("32058519900101908")]
    files = {
        "实名注册.csv": ["身份证号,姓名,账号", *(f"{number},甲{n},K{n}" for n, number in enumerate(numbers))],
        "补贴申请名单.csv": ["身份证号,姓名,申请金额", *(f"{number},甲{n},300" for n, number in enumerate(numbers))],
        "学习记录.csv": ["账号,开始时间,结束时间", "K0,2021-02-05 09:00:00,2021-02-05 10:00:00"],
        "考试成绩.csv": ["身份证号,成绩,考试时间", *(f"{number},90,2021-02-20 09:00:00" for number in numbers)],
    }
    for name, lines in [*files.items(), *((name, [content]) for name, content in extra)]:
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    audit.run([folder], policy.load("taicang-2021"), folder / "out")
    return pl.read_parquet(folder / "out" / "claims.parquet")["verdict"].to_list()


def test_a_sheet_of_moments_that_nobody_recognises_refuses_nobody(tmp_path: Path) -> None:
    assert refused(tmp_path) == ["not_supported", "not_supported"]
    days = [f"K1,2021-02-0{day} 08:00:00,2021-02-0{day} 20:30:00" for day in (5, 6)]
    other = "\n".join(["Who,Kicked off,Wrapped up", *days])
    assert refused(tmp_path, ("extra.csv", other)) == ["to_verify", "to_verify"]


def test_a_broken_line_of_a_log_refuses_nobody(tmp_path: Path) -> None:
    line = '{"username": "K1", "event_source": "browser", "event_type": "play", "page": "p", "time": "2021-02-05T%s"}'
    log = "\n".join(line % time for time in ("08:00:00+08:00", "08:20:00+08:00"))
    assert refused(tmp_path, ("tracking.log", log)) == ["not_supported", "not_supported"]
    assert refused(tmp_path, ("tracking.log", log + "\n" + line[:60])) == ["to_verify", "to_verify"]


def test_a_broken_statement_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    statement = '{"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/%s"}, %s}'
    lines = [
        statement % ("terminated", '"result": {"duration": "PT1H"}, "timestamp": "2021-02-05T02:00:00Z"'),
        statement
        % ("passed", '"result": {"score": {"raw": 90}}, "object": {"id": "e"}, "timestamp": "2021-02-05T02:00:00Z"'),
        statement % ("experienced", '"object": {"id": "e"}, "timestamp": "2021-02-05T02:00:00Z"'),
        '{"actor": ',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources = load([tmp_path / "a.jsonl"], tmp_path / "work", set(), lambda _: None).sources
    assert sum(source.rows for source in sources) == 4
    assert [source.aside.get("torn", 0) for source in sources] == [0, 0, 1]


def overview(folder: Path, joins: list[str]) -> list[tuple[str, str | None, int]]:
    """An overview with one person beside a detail sheet with these joins: the form, why it is set aside, the rows read
    of each."""
    (folder / "work").mkdir(parents=True)
    person = "甲,2021-02-05 09:00:00,2021-02-05 10:00:00,1,0:50:00,普通参会者"
    said = {
        "成员参会概况": ["用户昵称（入会昵称）,首次入会时间,最后退会时间,入会次数,累计参会时长,身份", person],
        "成员参会明细": ["用户昵称（入会昵称）,入会时间,退会时间,参会时长", *joins],
    }
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        for name, lines in said.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line.split(","))
    sources = load([folder / "a.xlsx"], folder / "work", set(), lambda _: None).sources
    return [(source.form.id, source.passed, source.read) for source in sources if source.form]


def test_an_overview_is_read_where_the_detail_holds_nothing(tmp_path: Path) -> None:
    told = overview(tmp_path / "full", ["甲,2021-02-05 09:00:00,2021-02-05 09:50:00,0:50:00"])
    assert told == [("overview", "retold", 0), ("detail", None, 1)]
    assert overview(tmp_path / "empty", []) == [("overview", None, 1), ("detail", None, 0)]
