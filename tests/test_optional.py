"""Rules that a notice does not ask for, and what a reader is told of a plan that does not match."""

import json
from pathlib import Path

import pytest
from harness import honest, merge, run_audit

from auditor import cli, policy, rule
from auditor.fault import Exit, Fault


@pytest.mark.parametrize("name", policy.names())
def test_a_number_switches_a_rule_on(name: str) -> None:
    plain = policy.load(name)
    chosen = policy.override(plain, {"day_cap_units": "8"}, rule.stricter())
    assert set(chosen.rules) - set(plain.rules) == {"day-over-cap"}
    assert chosen.rules["day-over-cap"] == "verify" and chosen.params["day_cap_units"] == 8
    assert not chosen.loosened and not chosen.tightened


@pytest.mark.parametrize("text", ["0", "-1", "x", "8.5", ""])
def test_a_cap_is_a_whole_number(text: str) -> None:
    with pytest.raises(Fault) as raised:
        policy.override(policy.load("taicang-2021"), {"day_cap_units": text}, rule.stricter())
    assert raised.value.code == Exit.USAGE


def test_what_can_be_set_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", "policies", "--json"]) == Exit.CLEAN
    listed = json.loads(capsys.readouterr().out)
    assert all(any("day_cap_units" in one for one in row["optional"]) for row in listed)
    assert cli.main(["list", "rules", "--json"]) == Exit.CLEAN
    rules = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert "review_percent" in rules["review-over-cap"]["wuxi-2023"]
    with pytest.raises(Fault) as raised:
        policy.override(policy.load("taicang-2021"), {"daycap": "8"}, rule.stricter())
    assert "是否指 day_cap_units？" in str(raised.value)
    assert cli.main(["explain", "taicang-2021"]) == Exit.CLEAN
    explained = capsys.readouterr().out
    assert "day_cap_units 启用" in explained and "review_percent 启用" in explained


def test_the_report_says_that_the_number_is_the_auditors(tmp_path: Path) -> None:
    tables = honest(policy.load("taicang-2021"), 2, "甲厂")
    plain = run_audit(tables, "taicang-2021", tmp_path / "plain").report
    capped = run_audit(tables, "taicang-2021", tmp_path / "capped", set={"day_cap_units": "1"}).report
    assert not any(one["id"] == "day-over-cap" for one in plain.rules)
    (found,) = (one for one in capped.rules if one["id"] == "day-over-cap")
    assert found["to_verify"] == found["findings"] == 2 and found["clause"] is None and found["lead_reason"]
    assert capped.run["overrides"] == {"day_cap_units": 1}
    assert any("day_cap_units = 1" in said and "通知没有规定" in said for said in capped.problems)
    assert capped.money["to_verify"] == 2 and plain.money["supported"] == 2


@pytest.mark.parametrize(("course", "said"), [("岗位技能第1讲", False), ("另一种写法", True)])
def test_a_plan_of_other_names_is_told(course: str, said: bool, tmp_path: Path) -> None:
    tables = honest(policy.load("taicang-2021"), 1, "甲厂")
    plan = {"courses": [{"course": course, "class_hours": "1"}, {"course": "职业道德", "class_hours": "1"}]}
    tables["sessions"] = [row | {"course": "岗位技能第1讲"} for row in tables["sessions"]]
    done = run_audit(merge(tables, plan), "taicang-2021", tmp_path)
    assert any("教学计划与学习记录的课程名对不上" in problem for problem in done.report.problems) is said
    assert ("lesson-not-studied" in done.findings["rule"].to_list()) is not said


def test_no_is_an_answer_only_where_it_is_asked(tmp_path: Path) -> None:
    """无 in a list of papers says that there is none; in any other column it is an empty cell."""
    tables = honest(policy.load("taicang-2021"), 2, "甲厂")
    who = {key: tables["claims"][0][key] for key in ("id_number", "name", "employer")}
    tables["registrations"][0]["phone"] = "无"
    ledger = {"ledger": [who | {"sign_in": "无", "travel_card": "有"}]}
    done = run_audit(merge(tables, ledger), "taicang-2021", tmp_path)
    rules = done.findings.select("rule", "measured").rows()
    assert ("ledger-item-missing", 1) in rules and "value-missing" in dict(rules)
    assert "value-unreadable" not in dict(rules)
