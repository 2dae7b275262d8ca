"""The papers of filing: working days, which sheet is which table, and audits with and without each of them."""

import datetime as dt
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest
import xlsxwriter
from harness import Result, Row, Tables, honest, merge, run_audit, write_table

from auditor import audit, policy, workday
from auditor.intake.load import load
from auditor.intake.source import Source
from auditor.render import FORMATS
from auditor.schema import references, tables
from auditor.store import Store

WUXI, TAICANG = "wuxi-2023", "taicang-2021"
# 国办发明电〔2020〕27号 and 国办发明电〔2022〕16号: the Spring Festivals of 2021 and 2023, as the schedules print them
REST = {
    *("2021-02-11", "2021-02-12", "2021-02-13", "2021-02-14", "2021-02-15", "2021-02-16", "2021-02-17"),
    *("2023-01-02", "2023-01-21", "2023-01-22", "2023-01-23", "2023-01-24", "2023-01-25", "2023-01-26", "2023-01-27"),
}
MADE_UP = {"2021-02-07", "2021-02-20", "2023-01-28", "2023-01-29"}


def filed(store: Store, *rows: tuple[int | None, int | None]) -> None:
    store.run("CREATE TABLE filings (filed_on BIGINT, opens_on BIGINT)")
    for row in rows:
        store.run(f"INSERT INTO filings VALUES ({', '.join('NULL' if day is None else str(day) for day in row)})")


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = Store(tmp_path / "audit.duckdb", tmp_path, 1)
    yield opened
    opened.close()


@pytest.mark.parametrize(("first", "last"), [("2021-01-04", "2021-03-31"), ("2023-01-01", "2023-03-31")])
def test_working_days_follow_the_published_schedule(store: Store, first: str, last: str) -> None:
    filed(store, (int(first.replace("-", "")), int(last.replace("-", ""))))
    assert workday.find(store, True, (0, 0)) == []
    expected, count, day = [], 0, dt.date.fromisoformat(first)
    while day <= dt.date.fromisoformat(last):
        expected.append((int(f"{day:%Y%m%d}"), count))
        count += str(day) in MADE_UP or (day.weekday() < 5 and str(day) not in REST)
        day += dt.timedelta(days=1)
    assert store.rows("SELECT day, workday_no FROM workdays ORDER BY day") == expected


def test_years_that_the_calendar_does_not_know_are_named(store: Store) -> None:
    filed(store, (20230206, 20230213), (19990104, 20230213), (20930105, None), (None, 20990101))
    assert workday.find(store, True, (20230101, 20230331)) == [1999, 2093]
    assert store.rows("SELECT min(day), max(day) FROM workdays") == [(20230101, 20230331)]


def test_no_calendar_is_asked_without_a_rule_that_counts(store: Store) -> None:
    filed(store, (20930206, 20930213))
    assert workday.find(store, False, (20230101, 20230331)) == []
    assert store.rows("SELECT * FROM workdays") == []


# ── which sheet is which table ───────────────────────────────────────────────────────────────────────────────────────

SHEETS: dict[str, tuple[str, list[list[str]]]] = {
    "filings": (
        "线上培训开班申请",
        [
            ["序号", "企业名称", "班级", "培训平台", "申请日期", "审核通过时间", "开班日期", "结业日期", "人数"],
            ["1", "甲厂", "一班", "甲学习平台", "2023-02-01", "2023/2/3 10:20", "2023年2月13日", "2023-03-10", "30"],
        ],
    ),
    "trainees": (
        "备案培训人员名单",
        [
            ["序号", "姓名", "性别", "身份证号码", "联系电话", "企业名称", "班级"],
            ["1", "赵安安", "男", "320585197505029034", "19900000000", "甲厂", "线上一班"],
        ],
    ),
    "platforms": ("认可的平台名单", [["序号", "平台名称", "网址"], ["1", "甲学习平台", "https://a.example"]]),
}  # fmt: skip


def placed(folder: Path, name: str, rows: list[list[str]], form: str, title: str = "") -> None:
    if form == "csv":
        text = "\n".join(",".join(row) for row in ([[title]] if title else []) + rows)
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
        return
    with xlsxwriter.Workbook(folder / f"{name}.xlsx") as book:
        sheet = book.add_worksheet("Sheet1")
        for place, row in enumerate(([[title]] if title else []) + rows):
            sheet.write_row(place, 0, row)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two honest learners of Wuxi, as files."""
    folder = tmp_path_factory.mktemp("export")
    for table, rows in honest(policy.load(WUXI), 2, "甲厂").items():
        write_table(table, rows, folder)
    return folder


def sheet_beside(export: Path, folder: Path, name: str, rows: list[list[str]], form: str, title: str = "") -> Source:
    """A sheet as it is read beside an honest export."""
    source, work = folder / "in", folder / "work"
    source.mkdir()
    work.mkdir()
    placed(source, name, rows, form, title)
    read = load([export, source], work, set(), lambda _: None).sources
    assert {one.table for one in read} >= {"registrations", "sessions", "exams", "claims"}
    (found,) = [one for one in read if one.file.startswith(name)]
    return found


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("place", ["file", "above"])
@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_known_by_its_title(export: Path, tmp_path: Path, name: str, place: str, form: str) -> None:
    title, rows = SHEETS[name]
    where = (title, rows, form, "") if place == "file" else ("附件", rows, form, title)
    sheet = sheet_beside(export, tmp_path, *where)
    assert (sheet.table, sheet.read) == (name, 1)
    assert set(sheet.columns) == set(tables()[name].columns) - ({"listed"} if name == "platforms" else set())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_of_platforms_may_have_one_column(export: Path, tmp_path: Path, form: str) -> None:
    sheet = sheet_beside(export, tmp_path, "平台名单", [["平台名称"], ["甲平台"], ["乙平台"]], form)
    assert (sheet.table, sheet.read) == ("platforms", 2)


OTHERS: list[tuple[str, list[str], str | None]] = [
    ("学员名单", ["姓名", "身份证号", "手机号", "性别", "单位", "班级"], "registrations"),
    ("培训人员名单", ["姓名", "身份证号", "手机号", "性别", "单位", "班级"], "roster"),
    ("人员", ["姓名", "身份证号", "手机号", "单位", "平台名称"], "registrations"),
    ("花名册", ["姓名", "身份证号", "单位"], "roster"),
    ("备案人员补贴申请名单", ["姓名", "身份证号", "单位", "班级"], "claims"),
    ("备案人员学习记录", ["姓名", "身份证号", "课程", "开始时间", "结束时间"], "sessions"),
    ("备案学员注册表", ["姓名", "身份证号", "手机号", "注册时间"], "registrations"),
    ("补贴申请汇总", ["企业名称", "申请人数", "申请金额", "申请日期"], None),
    ("开班申请补贴汇总", ["企业名称", "培训人数", "申请补贴金额", "申请日期", "开班日期"], None),
    ("企业", ["企业名称", "申请日期", "人数"], None),
    ("企业名单", ["企业名称", "是否重点企业"], "employers"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "header", "expected"), OTHERS, ids=[title for title, _, _ in OTHERS])
def test_what_resembles_them_stays_what_it_was(
    export: Path, tmp_path: Path, title: str, header: list[str], expected: str | None
) -> None:
    cells = {
        "姓名": "赵安安", "身份证号": "320585197505029034", "手机号": "19900000000", "性别": "男",
        "注册时间": "2023-01-01 09:00:00",
        "开始时间": "2023-01-09 09:00:00", "结束时间": "2023-01-09 10:00:00", "申请日期": "2023-04-01",
        "是否重点企业": "是",
        "开班日期": "2023-02-01",
    }  # fmt: skip
    sheet = sheet_beside(export, tmp_path, title, [header, [cells.get(name, "3") for name in header]], "csv")
    assert sheet.table == expected


# ── audits with and without them ─────────────────────────────────────────────────────────────────────────────────────

READERS = {
    "filings": {"filing-after-deadline", "filing-too-late", "employer-not-filed", "study-before-approval"},
    "trainees": {"claim-not-in-filed-list"},
    "platforms": {"platform-not-listed"},
    "employers": {"employer-not-listed", "employer-is-dispatch-company"},
}
GOOD: Tables = {
    "filings": [{"employer": "甲厂", "platform": "甲平台", "filed_on": "2020-12-01", "approved_on": "2020-12-08"}],
    "platforms": [{"platform": "甲平台"}],
    "employers": [{"employer": "甲厂", "listed": "是", "dispatch": "否"}],
}  # fmt: skip


def audited(folder: Path, notice: str, **more: list[Row]) -> Result:
    return run_audit(merge(honest(policy.load(notice), 3, "甲厂"), more), notice, folder)


def good(notice: str) -> Tables:
    people = honest(policy.load(notice), 3, "甲厂")["registrations"]
    return GOOD | {"trainees": [{key: row[key] for key in ("id_number", "name", "employer")} for row in people]}


# No two of the tables are given in the same of these audits.
GIVEN = (("filings", "trainees", "employers"), ("filings", "platforms"), ("trainees", "platforms"))


@pytest.mark.parametrize("notice", [TAICANG, WUXI])
@pytest.mark.parametrize("names", GIVEN, ids="+".join)
def test_each_rule_waits_for_its_own_table(tmp_path: Path, notice: str, names: tuple[str, ...]) -> None:
    """A rule whose table nobody supplied waits, and changes no verdict; one that ran finds nothing at honest people."""
    given = {name: rows for name, rows in good(notice).items() if name in names}
    result = audited(tmp_path, notice, **given)
    rules = {rule["id"]: rule for rule in result.report.rules}
    for name, readers in READERS.items():
        for one in readers & rules.keys() - ({"platform-not-listed"} if "filings" not in names else set()):
            outcome = ("evaluated", False) if name in names else ("not_evaluated", True)
            assert (rules[one]["outcome"], rules[one]["awaited"]) == outcome, one
    assert set(result.claims["verdict"]) == {"supported"}
    assert not set(result.findings["rule"]) & set().union(*READERS.values())
    assert result.report.conclusion["meets"]


def test_a_year_that_the_calendar_does_not_know_is_an_error_of_the_rule_and_what_is_no_date_is_said(
    tmp_path: Path,
) -> None:
    rows = [
        {"employer": "丙厂", "filed_on": "月初"},
        {"employer": "甲厂", "filed_on": "2093-02-07", "opens_on": "2093-02-13"},
        {"employer": "乙厂", "filed_on": "2023-02-07", "opens_on": "2023-02-13"},
    ]
    notice = policy.load(WUXI)
    people = merge(honest(notice, 2, "甲厂"), honest(notice, 1, "乙厂", 2))
    made = run_audit(merge(people, {"filings": rows}), WUXI, tmp_path)
    assert "月初" in "".join(made.findings.filter(pl.col("rule") == "value-unreadable")["message"])
    report = made.report
    rules = {rule["id"]: rule for rule in report.rules}
    assert rules["filing-too-late"]["outcome"] == "error" and "2093" in rules["filing-too-late"]["reason"]
    assert rules["filing-too-late"]["findings"] == 1  # of the year that is known
    assert rules["employer-not-filed"]["outcome"] == "evaluated"
    late = rules["filing-after-deadline"]
    assert late["outcome"] == "evaluated" and late["refused"] == 1
    clauses = {clause["id"]: clause["outcome"] for clause in report.clauses}
    assert clauses["三(一)"] == "not_met" and not report.conclusion["meets"]


def test_an_error_alone_is_no_pass_and_every_paper_says_so(tmp_path: Path) -> None:
    rows = [{"employer": "甲厂", "filed_on": "1999-02-01", "opens_on": "1999-02-13"}]
    source = tmp_path / "in"
    source.mkdir()
    for table, one in merge(honest(policy.load(WUXI), 2, "甲厂"), {"filings": rows}).items():
        write_table(table, one, source)
    report = audit.run([source], policy.load(WUXI), tmp_path / "out").report
    assert report.conclusion["clauses"]["error"] == 1 and not report.conclusion["meets"]
    assert {clause["id"] for clause in report.clauses if clause["outcome"] == "error"} == {"三(一)"}
    assert report.money["supported"] == 2  # it could only have asked for verification
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "出错" in page and "1999 年" in page and "出错 1 条" in page
    assert (tmp_path / "out" / "workpapers.xlsx").exists() and FORMATS


def test_the_new_tables_are_references() -> None:
    assert {"filings", "trainees", "platforms"} <= set(references())


def test_an_employer_that_misses_only_a_stricter_day_is_to_be_verified(tmp_path: Path) -> None:
    people = merge(honest(policy.load(TAICANG), 2, "甲厂"), honest(policy.load(TAICANG), 1, "乙厂", 2))
    rows = [{"employer": "甲厂", "filed_on": "2021-02-22"}, {"employer": "乙厂", "filed_on": "2021-02-24"}]
    report = run_audit(merge(people, {"filings": rows}), TAICANG, tmp_path, set={"filed_by": "20210220"}).report
    (late,) = [one for one in report.rules if one["id"] == "filing-after-deadline"]
    assert (late["findings"], late["refused"], late["to_verify"]) == (2, 1, 1)
    assert (report.money["not_supported"], report.money["to_verify"]) == (1, 2)


@pytest.mark.parametrize(("unread", "effect"), [(False, "refuse"), (True, "verify")])
def test_a_part_of_the_list_that_was_not_read_refuses_nobody(tmp_path: Path, unread: bool, effect: str) -> None:
    tables = merge(honest(policy.load(WUXI), 3, "甲厂"), {"trainees": good(WUXI)["trainees"][:2]})
    (folder := tmp_path / "in").mkdir()
    for table, rows in tables.items():
        write_table(table, rows, folder)
    if unread:
        (folder / "第二批.csv").write_text("编号,何人,姓名\n1,甲,赵平\n2,乙,钱平\n", encoding="utf-8")
    with mock.patch.dict(FORMATS, clear=True):
        audit.run([folder], policy.load(WUXI), tmp_path / "out")
    found = pl.read_parquet(tmp_path / "out" / "findings.parquet").filter(rule="claim-not-in-filed-list")
    assert found["effect"].to_list() == [effect]
