"""What an auditor may set: numbers and readings, waivers, and who audits whom."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from auditor import audit, cli, engagement, policy, rule, waiver
from auditor.fault import Exit, Fault

SAMPLE = Path(__file__).parent.parent / "sample_data" / "taicang-2021"
Json = dict[str, Any]


def report(out: Path, *options: str, code: int = Exit.CLEAN) -> Json:
    assert cli.main(["audit", str(SAMPLE), "--policy", "taicang-2021", "--out", str(out), *options]) == code
    body: Json = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return body


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Json:
    return report(tmp_path_factory.mktemp("plain"))


def clause(body: Json, wanted: str) -> Json:
    return next(one for one in body["clauses"] if one["id"] == wanted)


def of_rule(body: Json, wanted: str) -> Json:
    return next(one for one in body["rules"] if one["id"] == wanted)


def test_a_looser_number_leaves_the_clause_unevaluated_and_blames_the_option(tmp_path: Path, plain: Json) -> None:
    body = report(tmp_path, "--set", "pass_mark=50")
    assert body["run"]["overrides"] == {"pass_mark": 50}
    assert "放宽" in clause(body, "五.4")["reason"] and "50" in clause(body, "五.4")["reason"]
    assert body["conclusion"]["meets"] is False
    assert "exam-failed" in body["conclusion"]["blocked"]
    assert body["money"]["supported"] == 0 and body["money"]["to_verify"] > plain["money"]["to_verify"]
    assert any("pass_mark = 50" in problem and "放宽" not in problem for problem in body["problems"])


def test_who_only_fails_a_stricter_number_is_to_be_verified(tmp_path: Path, plain: Json) -> None:
    """The clause does not ask for it; who fails the clause's own number is refused as before."""
    body = report(tmp_path, "--set", "min_units=30")
    few, exams = of_rule(body, "class-hours-too-few"), of_rule(body, "exam-failed")
    assert clause(body, "五.3")["reason"] is None
    assert few["findings"] > of_rule(plain, "class-hours-too-few")["findings"]
    assert few["refused"] == of_rule(plain, "class-hours-too-few")["refused"] > 0
    assert few["refused"] + few["to_verify"] == few["findings"]
    assert exams["refused"] == of_rule(plain, "exam-failed")["refused"] > 0
    assert body["money"]["not_supported"] == plain["money"]["not_supported"]
    assert body["money"]["to_verify"] > plain["money"]["to_verify"]
    assert any("min_units = 30" in problem and "比条款严" in problem for problem in body["problems"])


def test_what_is_printed_tells_refused_and_to_verify_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = of_rule(report(tmp_path, "--set", "min_units=30"), "class-hours-too-few")
    assert (
        f"课时不足 {few['findings']} 条（{few['persons']} 人）［其中待核实 {few['to_verify']} 条］"
        in capsys.readouterr().out
    )


def test_who_only_fails_a_stricter_mark_is_to_be_verified(tmp_path: Path, plain: Json) -> None:
    body, before = of_rule(report(tmp_path, "--set", "pass_mark=90"), "exam-failed"), of_rule(plain, "exam-failed")
    assert body["findings"] > before["findings"]
    assert body["refused"] == before["refused"] > 0 and body["to_verify"] == body["findings"] - body["refused"]


@pytest.mark.parametrize("reading", ["per_session", "per_lesson"])
def test_a_fixed_reading_decides(reading: str, tmp_path: Path, plain: Json) -> None:
    body = report(tmp_path, "--set", f"reading={reading}")
    (deciding,) = (row for row in body["readings"] if row["deciding"])
    assert deciding["reading"] == body["run"]["reading"] == reading
    failing = deciding["of"] - deciding["passing"]
    assert of_rule(body, "class-hours-too-few")["findings"] == failing > 0
    assert of_rule(body, "class-hours-disputed")["findings"] == 0  # nothing is open any more
    assert body["readings"][0]["passing"] == plain["readings"][0]["passing"]


def test_a_reading_that_the_plan_cannot_carry_asks_for_verification(tmp_path: Path) -> None:
    data = tmp_path / "in"
    data.mkdir()
    for path in SAMPLE.iterdir():
        if not path.name.startswith("课程"):
            (data / path.name).write_bytes(path.read_bytes())
    chosen = policy.override(policy.load("taicang-2021"), {"reading": "per_lesson"}, rule.stricter())
    done = audit.run([data], chosen, tmp_path / "out").report
    assert done.money["supported"] == 0 and done.readings[2]["applicable"] is False
    assert of_rule(done.json(), "class-hours-too-few")["refused"] == 0


def test_disputed_hours_may_be_verified(tmp_path: Path, plain: Json) -> None:
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


def test_a_waived_finding_is_listed_and_decides_nothing(tmp_path: Path, plain: Json) -> None:
    lead = of_rule(plain, "sessions-overlap-other-address")["sample"][0]
    file = tmp_path / "waivers.toml"
    file.write_text(waivers_for(lead), encoding="utf-8")
    body = report(tmp_path / "a", "--waivers", str(file), "--as-of", "2026-12-31")
    assert (body["waivers"][0]["state"], body["waivers"][0]["as_of"]) == ("active", "2026-12-31")
    assert body["money"]["to_verify"] == plain["money"]["to_verify"] - 1
    assert body["money"]["supported"] == plain["money"]["supported"] + 1
    found = pl.read_parquet(tmp_path / "a" / "findings.parquet").filter(fingerprint=lead["fingerprint"])
    assert found["waived_by"].to_list() == ["审计组长"] and found["effect"].to_list() == ["note"]
    assert "已当面核实" in (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    late = report(tmp_path / "b", "--waivers", str(file), "--as-of", "2027-01-01")
    assert late["waivers"][0]["state"] == "expired" and late["money"] == plain["money"]
    assert any("到期" in problem for problem in late["problems"])
    file.write_text(waivers_for({"fingerprint": "0" * 16}), encoding="utf-8")
    other = report(tmp_path / "c", "--waivers", str(file), "--as-of", "2026-12-31")
    assert other["waivers"][0]["state"] == "unmatched" and other["money"] == plain["money"]


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


def test_who_audits_whom_is_printed_and_blanks_stay_blank(tmp_path: Path, plain: Json) -> None:
    file = tmp_path / "委托.txt"
    file.write_text('# 本次审计\n委托方：某某市人社局\nplatform = "某某平台"\n复核人：\n', encoding="utf-8")
    body = report(tmp_path / "out", "--engagement", str(file))
    assert body["engagement"] == dict.fromkeys(engagement.FIELDS.values()) | {
        "client": "某某市人社局",
        "platform": "某某平台",
    }
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "某某市人社局" in page and page.count("＿＿＿＿＿＿") == 3
    assert set(plain["engagement"].values()) == {None}
    for wrong in ("编制人员：甲\n", "编制人：甲\n编制人：乙\n", "某某市人社局\n"):
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
