"""Whom to look at first: what report.json, report.html, the workbook and people.parquet say of scores and groups, and
of rules that wait for material."""

import datetime as dt
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import linked
import polars as pl
import pytest
import rulebook
from harness import Tables, honest, run_audit, write_table
from python_calamine import CalamineWorkbook
from test_html import Page

from auditor import audit, cli, policy, priority, rule
from auditor.fault import Exit
from auditor.report import Report
from auditor.waiver import Waiver

SAMPLES = Path(__file__).parent.parent / "sample_data"
NOTICE = policy.load("taicang-2021")
TIE = "sessions-overlap"
GROUPED = {"address-shared-across-employers", "address-shared-across-districts", "phone-shared", "phones-in-sequence"}
OPTIONAL = {one.rule for one in NOTICE.optional.values()}
Json = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """An audit of a sample whose people with overlaps are tied together by hand."""

    out: Path
    report: Report
    page: Page
    book: dict[str, list[list[Any]]]

    @property
    def people(self) -> list[Json]:
        return pl.read_parquet(self.out / "people.parquet").to_dicts()

    def sheet(self, name: str) -> list[Json]:
        heads = self.book[name][2]
        return [dict(zip(heads, row, strict=True)) for row in self.book[name][3:]]


def done(data: Path, name: str, out: Path, **options: Any) -> Done:
    with linked.by(TIE):
        report = audit.run([data], policy.load(name), out, **options).report
    opened = CalamineWorkbook.from_path(out / "workpapers.xlsx")
    book = {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}
    return Done(out, report, Page((out / "report.html").read_text(encoding="utf-8")), book)


@pytest.fixture(scope="module", params=policy.names())
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Done:
    return done(SAMPLES / request.param, request.param, tmp_path_factory.mktemp(request.param))


ONE = pytest.mark.parametrize("made", ["wuxi-2023"], indirect=True, scope="module")


def concerned(made: Done) -> dict[str, set[str]]:
    """person_id → the leads about them, as findings.parquet and evidence.parquet tell where a person is named."""
    found: dict[str, set[str]] = {}
    for row in pl.read_parquet(made.out / "findings.parquet").filter(pl.col("person_id").is_not_null()).to_dicts():
        found.setdefault(row["person_id"], set()).add(row["rule"])
    return found


def test_people_carry_the_sum_of_their_leads(made: Done) -> None:
    notice = policy.load(made.report.policy["id"])
    about, scored = concerned(made), 0
    for person in made.people:
        leads = dict(lead.split(" ") for lead in person["leads"].split(",") if lead)
        assert person["score"] == sum(map(int, leads.values()))
        assert all(int(weight) == notice.leads[name].weight for name, weight in leads.items())
        named = {
            name
            for name in about.get(person["person_id"], ())
            if name in notice.leads and notice.leads[name].weight and rule.catalogue()[name].cls != "breach"
        }
        assert named <= set(leads) and set(leads) - named <= GROUPED
        scored += bool(leads)
    assert 0 < scored == made.report.priority["total"] < len(made.people) / 2  # honest people are not listed


def test_the_report_lists_them_highest_first(made: Done) -> None:
    listed, people = made.report.priority["listed"], {row["person_id"]: row for row in made.people}
    order = [(-row["score"], -row["claimed_fen"], row["person_id"]) for row in listed]
    assert order == sorted(order) and len(listed) == min(priority.PEOPLE, made.report.priority["total"])
    for row in listed:
        assert row["score"] == sum(lead["weight"] for lead in row["leads"]) == people[row["person_id"]]["score"]
        assert row["verdict"] == people[row["person_id"]]["verdict"]
        assert all(lead["findings"] > 0 for lead in row["leads"])


def test_the_page_prints_the_sum_as_a_sum_with_its_findings(made: Done) -> None:
    sums = 0
    for place, row in enumerate(made.report.priority["listed"], 1):
        cells = made.page.row(f"S-{place:03}")
        weights = [str(lead["weight"]) for lead in row["leads"]]
        total = str(row["score"])
        assert cells[-2] == (f"{' + '.join(weights)} = {total}" if len(weights) > 1 else total)
        assert row["person_id"] in cells[1]
        sums += len(weights) > 1
        for lead in row["leads"]:
            title = next(one["title"] for one in made.report.rules if one["id"] == lead["rule"])
            assert re.search(rf"R-\d\d(-\d+)? {title}（{lead['findings']} 处） {lead['weight']}", cells[-3])
    assert sums > 0
    for words in ("不是判定，也不是概率", "单凭共用地址的分值", "同一种疑点无论有几处，只加一次"):
        assert words in made.page.text
    at = [made.page.ids.index(name) for name in ("conclusion", "priority", "clauses")]
    assert at == sorted(at)


def test_groups_are_shown_as_groups(made: Done) -> None:
    tied = {row["person_id"] for row in made.people if f"{TIE} " in row["leads"]}
    assert len(tied) > 1
    (group,) = made.report.groups["listed"]
    assert (made.report.groups["total"], made.report.groups["persons"]) == (1, len(tied))
    assert {member["person_id"] for member in group["members"]} == tied
    assert group["ties"] == [{"rule": TIE, "pairs": len(tied) - 1, "times": 7 * (len(tied) - 1)}]
    scores = {row["person_id"]: row["score"] for row in made.people}
    assert group["score"] == sum(scores[name] for name in tied)
    employers = {row["employer"] for row in made.people if row["person_id"] in tied}
    assert {row["employer"] for row in group["employers"]["listed"]} == employers
    assert "G-001" in made.page.ids and all(name in made.page.text for name in tied)
    parts = " + ".join(str(member["score"]) for member in group["members"])
    assert f"{parts} = {group['score']}" in made.page.text
    assert f"{len(tied) - 1} 对人员，共 {7 * (len(tied) - 1)} 次" in made.page.text


def test_the_workbook_lists_everybody(made: Done) -> None:
    rows, people = made.sheet("优先核查名单"), {row["person_id"]: row for row in made.people}
    assert [row["人员代号"] for row in rows][: priority.PEOPLE] == [
        row["person_id"] for row in made.report.priority["listed"]
    ]
    assert {row["人员代号"]: row["得分"] for row in rows} == {
        name: row["score"] for name, row in people.items() if row["score"]
    }
    for place, row in enumerate(rows, 1):
        assert row["索引号"] == f"S-{place:03}"
        assert sum(int(line.split(" ")[-1]) for line in row["疑点（处数）"].split("\n")) == row["得分"]
    members = made.sheet("关联人员组")
    assert {row["人员代号"] for row in members} == {
        one["person_id"] for one in made.report.groups["listed"][0]["members"]
    }
    assert sum(row["直接相连的人数"] for row in members) == 2 * (len(members) - 1)
    assert all(re.search(r"P\d+ R-\d\d .* 7 次", row["与谁相连（规则、次数）"]) for row in members)


@ONE
def test_caps_state_the_exact_totals(made: Done, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in (("PEOPLE", 2), ("MEMBERS", 1), ("NAMED", 0), ("PARTNERS", 1), ("BATCH", 30)):
        monkeypatch.setattr(priority, name, most)
    name = made.report.policy["id"]
    capped = done(SAMPLES / name, name, tmp_path / "out")
    total = made.report.priority["total"]
    assert len(capped.report.priority["listed"]) == 2 and capped.report.priority["total"] == total
    assert f"有得分的共 {total} 人，列出 2 人" in capped.page.text
    (group,), (whole,) = capped.report.groups["listed"], made.report.groups["listed"]
    assert (group["persons"], group["score"], len(group["members"])) == (whole["persons"], whole["score"], 1)
    assert group["employers"] == {"total": whole["employers"]["total"], "listed": []}
    first = group["members"][0]["score"]
    others, rest = group["persons"] - 1, group["score"] - first
    assert f"{first} + 其余 {others} 人合计 {rest} = {group['score']}" in capped.page.text
    assert capped.book["优先核查名单"] == made.book["优先核查名单"]
    assert len(capped.book["关联人员组"]) == len(made.book["关联人员组"])


def test_without_scores_it_says_so(tmp_path: Path) -> None:
    report = run_audit(honest(NOTICE, 3, "甲厂"), NOTICE.id, tmp_path).report
    assert report.priority == {"total": 0, "listed": []}
    assert report.groups == {"total": 0, "persons": 0, "listed": []}


def tangled() -> Tables:
    """Honest people, some of whom studied twice at a time, and some from one address."""
    tables = honest(NOTICE, 12, "甲厂")
    for number in (2, 3, 7):
        mine = [row for row in tables["sessions"] if row["id_number"] == tables["claims"][number]["id_number"]]
        tables["sessions"] += [row | {"course": "另一门课"} for row in mine[: number - 1]]
    return tables


def test_order_of_rows_and_threads_change_nothing(tmp_path: Path) -> None:
    results = []
    for place, threads in enumerate((1, 4)):
        tables = tangled()
        for rows in tables.values():
            random.Random(place).shuffle(rows)
        with linked.by(TIE):
            made = run_audit(tables, NOTICE.id, tmp_path / str(place), threads=threads)
        people = made.people.sort("id_number").select("id_number", "person_id", "score", "leads").rows()
        results.append((people, made.report.priority, made.report.groups))
    assert results[0] == results[1]
    assert [row["score"] for row in results[0][1]["listed"]] == [5, 5, 5]  # the platform's total no longer fits
    assert results[0][2]["persons"] == 3


@ONE
def test_a_waived_finding_adds_nothing(made: Done, tmp_path: Path) -> None:
    name, lead = made.report.policy["id"], "sessions-overlap-other-address"
    found = pl.read_parquet(made.out / "findings.parquet").filter(rule=lead)
    waivers = [Waiver(lead, one, "r", "a", dt.date(2026, 1, 1)) for one in found["fingerprint"]]
    audit.run([SAMPLES / name], policy.load(name), tmp_path, waivers=waivers, as_of=dt.date(2026, 1, 1), papers=())
    after = {row["person_id"]: row["score"] for row in pl.read_parquet(tmp_path / "people.parquet").to_dicts()}
    lost = {row["person_id"]: row["score"] - after[row["person_id"]] for row in made.people}
    waived = set(found["person_id"])
    assert waived and lost == {who: (5 if who in waived else 0) for who in lost}


# --- rules that wait, and the book on the screen ---------------------------------------------------------------------


def test_rules_that_wait_are_summed_up_by_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data := tmp_path / "in").mkdir()
    for table, rows in honest(NOTICE, 2, "甲厂").items():
        if table != "exams":
            write_table(table, rows, data)
    assert cli.main(["audit", str(data), "--policy", NOTICE.id, "--out", str(tmp_path / "out")]) == Exit.CLEAN
    lines = capsys.readouterr().out.splitlines()
    (failed,) = (line for line in lines if line.startswith("  未执行："))
    (waiting,) = (line for line in lines if line.startswith("  另有 "))
    assert "没有考核记录" in failed and "社保" not in failed
    body = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    awaited = [one for one in body["rules"] if one["awaited"]]
    assert waiting.startswith(f"  另有 {len(awaited)} 条规则等待：") and waiting.count("社保缴纳") == 1
    assert all(one["lacking"] == list(dict.fromkeys(one["lacking"])) for one in awaited)
    page = Page((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    number = {one["id"]: f"R-{place:02}" for place, one in enumerate(body["rules"], 1)}
    assert page.row(number["insurance-month-missing"])[-1] == "社保缴纳"
    failed_at, waiting_at = (page.text.rindex(words) for words in ("未执行的规则", "等待资料的规则"))
    assert failed_at < page.text.rindex("exam-missing") < waiting_at < page.text.rindex("insurance-month-missing")
    opened = CalamineWorkbook.from_path(tmp_path / "out" / "workpapers.xlsx")
    undone = {row[1]: row for row in opened.get_sheet_by_name("未执行").to_python() if str(row[1]).startswith("R-")}
    assert undone[number["insurance-month-missing"]][0] == "等待资料的规则"
    assert undone[number["insurance-month-missing"]][4] == "等待：社保缴纳"
    assert undone[number["exam-missing"]][0] == "未执行的规则"


@pytest.fixture(params=policy.names())
def notice(request: pytest.FixtureRequest) -> Iterator[policy.Policy]:
    yield policy.load(request.param)


def test_list_rules_has_every_weight(notice: policy.Policy, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", "rules", "--json"]) == Exit.CLEAN
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == set(rule.catalogue())
    for name, row in rows.items():
        lead = notice.leads.get(name)
        expected = (lead.weight if lead else 0) if name in notice.rules else None
        assert row[f"{notice.id} weight"] == expected, name
        assert row[notice.id].split(" ")[0] == notice.rules.get(name, "–" if name not in OPTIONAL else "--set")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_explain_says_weight_reason_and_second_leads(
    lang: str, notice: policy.Policy, capsys: pytest.CaptureFixture[str]
) -> None:
    for lead in notice.leads.values():
        cli.main(["explain", lead.rule, "--policy", notice.id, "--lang", lang])
        said = capsys.readouterr().out
        assert lead.reason[lang] in said, lead.rule
        if rule.catalogue()[lead.rule].cls != "breach":
            assert {"zh": f"分值：{lead.weight}", "en": f"Weight: {lead.weight}"}[lang] in said
        assert all(name in said for name in lead.corroborates)
        seconded = [other.rule for other in notice.leads.values() if lead.rule in other.corroborates]
        assert all(name in said for name in seconded)


def test_explain_tells_what_a_rule_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["explain", "insurance-month-missing"])
    said = capsys.readouterr().out
    assert "等待的资料" in said and "insurance.id_number" in said.split("等待的资料")[1].splitlines()[0]


@pytest.mark.parametrize("language", rulebook.PAGES)
def test_the_rule_book_begins_with_the_whole_book(language: str) -> None:
    page = rulebook.page(language)
    tables = [line for line in page.splitlines() if line.startswith("| ")]
    names = [match[1] for line in tables if (match := re.search(r"`([a-z-]+)`", line))]
    assert sorted(names) == sorted(rule.catalogue())
    row = next(line for line in tables if "`sessions-overlap`" in line)
    assert row.count("+3") == len(policy.names())
    assert page.index("`total-mismatch` |") < page.index("\n## ", page.index("| "))


def test_the_sample_has_the_columns(made: Done) -> None:
    frame = pl.read_parquet(made.out / "people.parquet")
    assert frame.columns[-2:] == ["score", "leads"]
    assert frame.schema["score"] == pl.Int64 and frame["leads"].null_count() == 0
