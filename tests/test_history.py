"""The register of benefits that audits hand on: what is refused because of it, what is not, and how it is written."""

import csv
import stat
from pathlib import Path

import polars as pl
import pytest
from harness import Result, Row, Tables, honest, run_audit

from auditor import audit, cli, history, policy
from auditor.fault import Exit, Fault
from auditor.schema import tables as schemas

WUXI, TAICANG = "wuxi-2023", "taicang-2021"
LABELS = [column.label["zh"] for column in schemas()["benefits"].columns.values()]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def batch(name: str, **claim: str) -> Tables:
    """Three honest learners; `claim`: what their claims differ in."""
    made = honest(policy.load(name), 3, "甲厂")
    made["claims"] = [row | claim for row in made["claims"]]
    return made


def of_rule(done: Result) -> list[tuple[str, str]]:
    return done.findings.filter(pl.col("rule") == "benefit-already-taken").select("effect", "message").rows()


def verdicts(done: Result) -> list[str]:
    return sorted(done.claims["verdict"])


@pytest.mark.parametrize("name", [WUXI, TAICANG])
def test_the_next_batch_is_refused_and_the_same_one_is_not(name: str, tmp_path: Path) -> None:
    first, register = batch(name), tmp_path / "台账.csv"
    done = run_audit(first, name, tmp_path / "first", register_out=register)
    assert verdicts(done) == ["supported"] * 3 and list(rows(register)[0]) == LABELS
    assert [row["补贴金额"] for row in rows(register)] == ["300.00"] * 3
    written = register.read_bytes()
    again = run_audit(first, name, tmp_path / "again", registers=[register], register_out=register)
    assert verdicts(again) == ["supported"] * 3 and of_rule(again) == []
    assert register.read_bytes() == written  # no doubles, the same order
    year = str(policy.load(name).period_to)[:4]
    later = run_audit(batch(name, claimed_on=f"{year}-04-20"), name, tmp_path / "later", registers=[register])
    assert verdicts(later) == ["not_supported"] * 3
    assert all(effect == "refuse" and f"{year}-04-08" in said for effect, said in of_rule(later))
    elsewhere = batch(name, claimed_on=f"{year}-04-20", employer="乙厂")
    assert verdicts(run_audit(elsewhere, name, tmp_path / "other", registers=[register])) == ["not_supported"] * 3


def test_without_dates_the_same_list_is_known_and_another_is_to_verify(tmp_path: Path) -> None:
    first, register = batch(WUXI, claimed_on=""), tmp_path / "r.csv"
    run_audit(first, WUXI, tmp_path / "first", register_out=register)
    shuffled = first | {"claims": list(reversed(first["claims"]))}
    assert verdicts(run_audit(shuffled, WUXI, tmp_path / "again", registers=[register])) == ["supported"] * 3
    fewer = first | {"claims": first["claims"][:2]}
    done = run_audit(fewer, WUXI, tmp_path / "fewer", registers=[register])
    assert verdicts(done) == ["to_verify"] * 2
    assert all("另一份申领名单" in said for _, said in of_rule(done))


def test_a_list_that_grew_keeps_what_was_supported(tmp_path: Path) -> None:
    """The same claims with the same dates, and one more: the old ones are their own, and stand once in the register."""
    first, register = batch(WUXI), tmp_path / "r.csv"
    run_audit(first | {"claims": first["claims"][:2]}, WUXI, tmp_path / "first", register_out=register)
    done = run_audit(first, WUXI, tmp_path / "grown", registers=[register], register_out=register)
    assert verdicts(done) == ["supported"] * 3 and len(rows(register)) == 3


def certified(learners: Tables) -> Tables:
    """The first learner with a certificate, claimed for it alone."""
    who = {key: learners["claims"][0][key] for key in ("id_number", "name", "employer")}
    more: Row = {"project": "岗位技能提升", "level": "高级工", "amount": "2000", "claimed_on": "2023-04-08"}
    held: Row = {"certificate": "Y0091", "trade": "电工", "level": "三级", "issued_on": "2023-03-20"}
    months: Row = {"month_from": "202207", "month_to": "202304"}
    return learners | {"claims": [who | more], "certificates": [who | held], "insurance": [who | months]}


def test_a_certificate_is_paid_once_and_stands_above_online_training(tmp_path: Path) -> None:
    register, learners = tmp_path / "r.csv", honest(policy.load(WUXI), 1, "甲厂")
    done = run_audit(certified(learners), WUXI, tmp_path / "first", register_out=register)
    assert done.claims.select("line", "verdict", "supported_fen").rows() == [("certificate", "supported", 200_000)]
    assert [(row["证书编号"], row["补贴金额"]) for row in rows(register)] == [("Y0091", "2000.00")]
    again = run_audit(certified(learners), WUXI, tmp_path / "again", registers=[register])
    assert verdicts(again) == ["supported"]
    online = run_audit(learners, WUXI, tmp_path / "online", registers=[register])
    assert verdicts(online) == ["not_supported"] and "另一类补贴" in of_rule(online)[0][1]
    moved = certified(learners)
    moved["claims"] = [row | {"claimed_on": "2023-04-25", "employer": "乙厂"} for row in moved["claims"]]
    assert verdicts(run_audit(moved, WUXI, tmp_path / "moved", registers=[register])) == ["not_supported"]
    moved["certificates"] = [row | {"certificate": "Y0092"} for row in moved["certificates"]]
    assert verdicts(run_audit(moved, WUXI, tmp_path / "second", registers=[register])) == ["supported"]


def test_what_was_held_is_kept_and_the_file_is_its_owners(tmp_path: Path) -> None:
    held, register = tmp_path / "补贴申请名单.csv", tmp_path / "r.csv"  # by its name a list of claims
    held.write_text("姓名,身份证号,补贴项目,补贴金额,享受日期\n钱二,11010519491231002X,焊工培训补贴,600,2020-05-06\n")
    run_audit(batch(WUXI), WUXI, tmp_path / "a", registers=[held], register_out=register)
    assert len(rows(register)) == 4
    assert rows(register)[0] == dict.fromkeys(LABELS, "") | {
        "身份证号": "11010519491231002X", "姓名": "钱二", "补贴项目": "焊工培训补贴", "补贴金额": "600.00",
        "享受日期": "2020-05-06",
    }  # fmt: skip
    assert stat.S_IMODE(register.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".register-*"))


def test_the_register_stays_out_of_masked_papers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    with pytest.raises(Fault) as raised:
        history.check([], out / "r.csv", out, "masked")
    assert raised.value.code == Exit.USAGE
    history.check([], out / "r.csv", out, "full")
    command = ["audit", str(tmp_path), "--policy", WUXI, "--out", str(out)]
    assert cli.main([*command, "--history-out", str(out / "r.csv")]) == Exit.USAGE
    assert cli.main([*command, "--history", str(tmp_path)]) == Exit.USAGE
    assert cli.main([*command, "--history", str(tmp_path / "none.csv"), "--lang", "en"]) == Exit.USAGE
    said = capsys.readouterr().err.splitlines()
    assert "隐名版" in said[0] and "文件夹" in said[1] and "register of benefits" in said[2]
    assert not out.exists()


def test_a_register_without_its_headers_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "r.csv"
    wrong.write_text("课程,时长\n甲,1\n")
    with pytest.raises(Fault) as raised:
        run_audit(batch(WUXI), WUXI, tmp_path / "a", registers=[wrong])
    assert raised.value.code == Exit.UNAUDITABLE and "已享受补贴台账" in str(raised.value)


def test_a_register_among_the_data_is_read_once(tmp_path: Path) -> None:
    source = tmp_path / "a" / "in"
    register = tmp_path / "r.csv"
    run_audit(batch(WUXI), WUXI, tmp_path / "first", register_out=register)
    run_audit(batch(WUXI), WUXI, tmp_path / "a")
    (source / "台账.csv").write_bytes(register.read_bytes())
    done = audit.run(
        [source], policy.load(WUXI), tmp_path / "b", registers=[source / "台账.csv"], register_out=register
    )
    assert sum(one["table"] == "benefits" for one in done.report.completeness) == 1
    assert len(rows(register)) == 3


def test_a_name_that_looks_like_a_formula_is_inert_and_read_back(tmp_path: Path) -> None:
    register, formula = tmp_path / "r.csv", "=cmd|'/c calc'!A1"
    made = batch(WUXI, employer=formula)
    run_audit(made, WUXI, tmp_path / "a", register_out=register)
    assert {row["单位名称"] for row in rows(register)} == {"'" + formula}
    written = register.read_bytes()
    again = run_audit(made, WUXI, tmp_path / "b", registers=[register], register_out=register)
    assert verdicts(again) == ["supported"] * 3 and register.read_bytes() == written
