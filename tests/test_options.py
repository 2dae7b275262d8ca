"""What an auditor may set: numbers and readings, waivers, and who audits whom."""

import datetime as dt
import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest
from harness import Row, Tables, learner, merge, study, total_time, write_table

from auditor import audit, cli, engagement, policy, rule, waiver
from auditor.fault import Exit, Fault
from auditor.render import FORMATS
from auditor.report import Report as Body

SAMPLE = Path(__file__).parent.parent / "sample_data" / "taicang-2021"
NOTICE = policy.load("taicang-2021")
VERDICTS = ("supported", "not_supported", "to_verify")
Json = dict[str, Any]
Report = Callable[..., Json]


def person(number: int, sittings: list[Row], **exam: str) -> Tables:
    """A learner of these sittings."""
    tables = learner(NOTICE, number, "甲厂")
    who = {key: cell for key, cell in tables["sessions"][0].items() if key not in sittings[0] and key != "total_time"}
    total = {"total_time": total_time(sittings)}
    tables["sessions"] = [who | row | total for row in sittings]
    tables["registrations"][0] |= total
    tables["exams"][0] |= exam
    return tables


def invented() -> Tables:
    """Two honest people; hours enough only for the clause, too few for it, and disputed; a mark too low; at two places
    at once; an exam before the study; and the plan of lessons, each of two class hours."""
    whole, unit = study(NOTICE), NOTICE.params["unit_s"]
    short = [row | {"end_at": str(ends(row) - dt.timedelta(seconds=unit // 10))} for row in whole]
    elsewhere = whole[0] | {"address": "61.155.9.9", "course": "岗位技能第2讲"}
    people = [person(1, whole), person(2, whole), person(3, whole[:13]), person(4, whole[:5]), person(5, short)]
    people += [person(6, whole, score="55", result="不合格"), person(7, [*whole, elsewhere])]
    people.append(person(8, whole, taken_at=whole[0]["start_at"]))
    plan = [{"course": row["course"], "class_hours": "2"} for row in whole]
    return merge(*people, {"courses": plan})


def ends(row: Row) -> dt.datetime:
    return dt.datetime.fromisoformat(row["end_at"])


def written(tables: Tables, folder: Path) -> Path:
    for table, rows in tables.items():
        write_table(table, rows, folder)
    return folder


PAPERS = {name: FORMATS[name] for name in ("report.json", "report.html")}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of an audit of the invented export into a folder, with these options."""
    source = written(invented(), tmp_path_factory.mktemp("export"))

    def made(out: Path, *options: str) -> Json:
        with mock.patch.dict(FORMATS, PAPERS, clear=True):
            assert cli.main(["audit", str(source), "--policy", NOTICE.id, "--out", str(out), *options]) == Exit.CLEAN
        body: Json = json.loads((out / "report.json").read_text(encoding="utf-8"))
        return body

    return made


@pytest.fixture(scope="module")
def plain(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Json:
    return report(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def stricter(report: Report, tmp_path_factory: pytest.TempPathFactory) -> tuple[Json, str]:
    """More class hours than the clause asks for; and what was printed."""
    with redirect_stdout(io.StringIO()) as printed:
        body = report(tmp_path_factory.mktemp("stricter"), "--set", "min_units=30")
    return body, printed.getvalue()


def clause(body: Json, wanted: str) -> Json:
    return next(one for one in body["clauses"] if one["id"] == wanted)


def of_rule(body: Json, wanted: str) -> Json:
    return next(one for one in body["rules"] if one["id"] == wanted)


def test_a_looser_number_leaves_the_clause_unevaluated_and_blames_the_option(
    report: Report, tmp_path: Path, plain: Json
) -> None:
    body = report(tmp_path, "--set", "pass_mark=50")
    assert body["run"]["overrides"] == {"pass_mark": 50}
    assert "放宽" in clause(body, "五.4")["reason"] and "50" in clause(body, "五.4")["reason"]
    assert body["conclusion"]["meets"] is False
    assert "exam-failed" in body["conclusion"]["blocked"]
    assert "exam-failed" in [one["id"] for one in Body(**body).undone]  # the list that the conclusion sends to
    assert body["money"]["supported"] == 0 and body["money"]["to_verify"] > plain["money"]["to_verify"]
    assert any("pass_mark = 50" in problem and "放宽" not in problem for problem in body["problems"])


def test_who_only_fails_a_stricter_number_is_to_be_verified(stricter: tuple[Json, str], plain: Json) -> None:
    """The clause does not ask for it; who fails the clause's own number is refused as before."""
    body, _ = stricter
    few, exams = of_rule(body, "class-hours-too-few"), of_rule(body, "exam-failed")
    assert clause(body, "五.3")["reason"] is None
    assert few["findings"] > of_rule(plain, "class-hours-too-few")["findings"]
    assert few["refused"] == of_rule(plain, "class-hours-too-few")["refused"] > 0
    assert few["refused"] + few["to_verify"] == few["findings"]
    assert exams["refused"] == of_rule(plain, "exam-failed")["refused"] > 0
    assert body["money"]["not_supported"] == plain["money"]["not_supported"]
    assert body["money"]["to_verify"] > plain["money"]["to_verify"]
    assert any("min_units = 30" in problem and "比条款严" in problem for problem in body["problems"])


def test_what_is_printed_tells_refused_and_to_verify_apart(stricter: tuple[Json, str]) -> None:
    body, printed = stricter
    few = of_rule(body, "class-hours-too-few")
    assert f"课时不足 {few['findings']} 条（{few['persons']} 人）［其中待核实 {few['to_verify']} 条］" in printed


def test_who_only_fails_a_stricter_mark_is_to_be_verified(report: Report, tmp_path: Path, plain: Json) -> None:
    body, before = of_rule(report(tmp_path, "--set", "pass_mark=90"), "exam-failed"), of_rule(plain, "exam-failed")
    assert body["findings"] > before["findings"]
    assert body["refused"] == before["refused"] > 0 and body["to_verify"] == body["findings"] - body["refused"]


def test_a_stricter_mark_counts_no_attempt_anew(tmp_path: Path) -> None:
    """Who passed by the notice's mark passed at that attempt, too late or not, whatever mark is set."""
    late, early = ([*(["40"] * most), "65"] for most in (NOTICE.params["max_attempts"], 1))
    tables = merge(*(sat(number, marks) for number, marks in enumerate((late, early, ["65"]), 1)))
    (tmp_path / "in").mkdir()
    source = written(tables, tmp_path / "in")
    for name, chosen in (("own", NOTICE), ("set", policy.override(NOTICE, {"pass_mark": "90"}, rule.stricter()))):
        with mock.patch.dict(FORMATS, clear=True):
            report = audit.run([source], chosen, tmp_path / name).report.json()
        assert [report["money"][key] for key in VERDICTS] == ([2, 1, 0] if name == "own" else [0, 1, 2])
        assert of_rule(report, "exam-too-many-attempts")["refused"] == 1


def sat(number: int, marks: list[str]) -> Tables:
    """A learner with these marks, an attempt a day."""
    tables = learner(NOTICE, number, "甲厂")
    (exam,) = tables["exams"]
    day = dt.datetime.fromisoformat(exam["taken_at"]) - dt.timedelta(days=len(marks))
    tables["exams"] = [
        exam | {"score": mark, "attempt": str(at), "taken_at": str(day + dt.timedelta(days=at))}
        for at, mark in enumerate(marks, 1)
    ]
    return tables


@pytest.mark.parametrize("reading", ["per_session", "per_lesson"])
def test_a_fixed_reading_decides(report: Report, reading: str, tmp_path: Path, plain: Json) -> None:
    body = report(tmp_path, "--set", f"reading={reading}")
    (deciding,) = (row for row in body["readings"] if row["deciding"])
    assert deciding["reading"] == body["run"]["reading"] == reading
    failing = deciding["of"] - deciding["passing"]
    assert of_rule(body, "class-hours-too-few")["findings"] == failing > 0
    assert of_rule(body, "class-hours-disputed")["findings"] == 0  # nothing is open any more
    assert body["readings"][0]["passing"] == plain["readings"][0]["passing"]


def test_a_reading_that_the_plan_cannot_carry_asks_for_verification(tmp_path: Path) -> None:
    (source := tmp_path / "in").mkdir()
    written({table: rows for table, rows in invented().items() if table != "courses"}, source)
    chosen = policy.override(policy.load("taicang-2021"), {"reading": "per_lesson"}, rule.stricter())
    with mock.patch.dict(FORMATS, clear=True):
        done = audit.run([source], chosen, tmp_path / "out").report
    assert done.money["supported"] == 0 and done.readings[2]["applicable"] is False
    assert of_rule(done.json(), "class-hours-too-few")["refused"] == 0


def test_disputed_hours_may_be_verified(report: Report, tmp_path: Path, plain: Json) -> None:
    body = report(tmp_path, "--set", "disputed=verify")
    disputed = of_rule(body, "class-hours-disputed")
    assert disputed["effect"] == "verify" and disputed["to_verify"] == disputed["findings"] > 0
    assert body["money"]["to_verify"] > plain["money"]["to_verify"]


@pytest.mark.parametrize(
    "given", ["nothing=1", "min_units=x", "min_units=-1", "unit_s=1850", "reading=both", "disputed=refuse", "min_units"]
)
def test_a_wrong_setting_is_one_sentence(given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["audit", str(SAMPLE), "--policy", "taicang-2021", "--out", str(tmp_path), "--set", given]
    assert cli.main(options) == Exit.USAGE
    said = capsys.readouterr().err
    assert given.split("=")[0] in said and "Traceback" not in said
    assert not (tmp_path / "report.json").exists()


def waivers_for(found: Json, **changed: str) -> str:
    fields = {
        "rule": "sessions-overlap-other-address", "fingerprint": found["fingerprint"], "reason": "已当面核实，换网络",
        "approver": "审计组长", "expires": "2026-12-31",
    } | changed  # fmt: skip
    body = "\n".join(f'{key} = "{value}"' if key != "expires" else f"{key} = {value}" for key, value in fields.items())
    return f"[[waivers]]\n{body}\n"


@dataclass(frozen=True)
class Given:
    """An audit on 2026-12-31 with an engagement, and three waivers: of a lead that ends this day, of another that ended
    the day before, and of a finding that nobody knows."""

    body: Json
    page: str
    findings: pl.DataFrame
    leads: list[Json]


@pytest.fixture(scope="module")
def given(report: Report, plain: Json, tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("given")
    leads = [
        of_rule(plain, rule)["sample"][0] for rule in ("sessions-overlap-other-address", "exam-before-study-ended")
    ]
    ended = waivers_for(leads[1], rule="exam-before-study-ended", expires="2026-12-30")
    unknown = waivers_for({"fingerprint": "0" * 16})
    file, engaged = folder / "waivers.toml", folder / "委托.txt"
    file.write_text(waivers_for(leads[0]) + ended + unknown, encoding="utf-8")
    engaged.write_text('# 本次审计\n委托方：某某市人社局\nplatform = "某某平台"\n复核人：\n', encoding="utf-8")
    out = folder / "out"
    body = report(out, "--waivers", str(file), "--as-of", "2026-12-31", "--engagement", str(engaged))
    page = (out / "report.html").read_text(encoding="utf-8")
    return Given(body, page, pl.read_parquet(out / "findings.parquet"), leads)


def test_a_waived_finding_is_listed_and_decides_nothing(given: Given, plain: Json) -> None:
    found = given.findings.filter(fingerprint=given.leads[0]["fingerprint"])
    assert found["waived_by"].to_list() == ["审计组长"] and found["effect"].to_list() == ["note"]
    assert "已当面核实" in given.page
    assert given.body["money"]["to_verify"] == plain["money"]["to_verify"] - 1
    assert given.body["money"]["supported"] == plain["money"]["supported"] + 1


def test_a_waiver_that_ended_or_meets_nothing_changes_nothing(given: Given) -> None:
    states = [(one["state"], one["as_of"]) for one in given.body["waivers"]]
    assert states == [(state, "2026-12-31") for state in ("active", "expired", "unmatched")]
    ended = given.findings.filter(fingerprint=given.leads[1]["fingerprint"])
    assert ended.select("waived_by", "effect").rows() == [(None, "verify")]
    assert any("到期" in problem for problem in given.body["problems"])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[waivers]]\nrule = 1\n", "缺少"),
        (waivers_for({"fingerprint": "1"}, rule="no-such-rule"), "no-such-rule"),
        (waivers_for({"fingerprint": "1"}, approver=" "), "不能是空的"),
        (waivers_for({"fingerprint": "1"}, expires='"soon"'), "日期"),
        (waivers_for({"fingerprint": "1"}, extra="x"), "extra"),
        (waivers_for({"fingerprint": "1"}) * 2, "两次"),
        ("[[waivers", "TOML"),
        ("", "waivers"),
        ("waivers = 1\n", "waivers"),
        ("waivers = [1]\n", "waivers"),
        (waivers_for({"fingerprint": "1"}).replace("[[waivers]]", "[[waiver]]"), "waivers"),
    ],
)
def test_a_waiver_must_be_whole(text: str, word: str, tmp_path: Path) -> None:
    file = tmp_path / "waivers.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Fault, match=word) as caught:
        waiver.load(file)
    assert caught.value.code == Exit.USAGE


def test_a_missing_waiver_file_is_an_error(tmp_path: Path) -> None:
    assert cli.main(
        ["audit", str(SAMPLE), "--policy", "taicang-2021", "--out", str(tmp_path), "--waivers", "没有.toml"]
    )


def test_who_audits_whom_is_printed_and_blanks_stay_blank(given: Given, plain: Json) -> None:
    assert given.body["engagement"] == dict.fromkeys(engagement.FIELDS.values()) | {
        "client": "某某市人社局",
        "platform": "某某平台",
    }
    assert "某某市人社局" in given.page and given.page.count("＿＿＿＿＿＿") == 3
    assert set(plain["engagement"].values()) == {None}


@pytest.mark.parametrize("wrong", ["编制人员：甲\n", "编制人：甲\n编制人：乙\n", "某某市人社局\n"])
def test_a_wrong_line_of_an_engagement_is_named(wrong: str, tmp_path: Path) -> None:
    file = tmp_path / "委托.txt"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(Fault, match=f"第 {wrong.count(chr(10))} 行"):
        engagement.load(file)


def test_a_day_in_another_form_is_refused_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--policy", "taicang-2021", "--out", str(tmp_path / "out"), "--as-of", "31.12.2026"]
    assert cli.main(["audit", str(SAMPLE), *options]) == Exit.USAGE
    assert "--as-of 31.12.2026：应写成 2026-12-31" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--judgements", "--engagement", "--history", "--mapping", "--waivers", "--fonts"])
def test_a_file_that_is_not_there_is_one_sentence(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path(__file__).parent.parent / "sample_data" / "taicang-2021"
    given = [str(data), "--policy", "taicang-2021", "--out", str(tmp_path / "out"), option, "/nowhere/文件"]
    assert cli.main(["audit", *given]) == Exit.USAGE
    said = capsys.readouterr().err
    assert "/nowhere/文件" in said and len(said.splitlines()) == 1
