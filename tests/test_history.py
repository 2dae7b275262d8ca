"""The register of benefits that audits hand on: what is refused because of it, what is not, and how it is written."""

import csv
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import polars as pl
import pytest
from harness import Result, Row, Tables, honest, identity, learner, merge, person_name, run_audit, write_table

from auditor import audit, cli, history, policy
from auditor.fault import Exit, Fault
from auditor.render import FORMATS
from auditor.schema import tables as schemas

WUXI, TAICANG = "wuxi-2023", "taicang-2021"
LABELS = [column.label["zh"] for column in schemas()["benefits"].columns.values()]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def batch(name: str) -> Tables:
    return honest(policy.load(name), 3, "甲厂")


def of_rule(done: Result) -> list[tuple[str, str]]:
    return done.findings.filter(pl.col("rule") == "benefit-already-taken").select("effect", "message").rows()


def verdicts(done: Result) -> list[str]:
    return sorted(done.claims["verdict"])


def day(name: str, month_and_day: str) -> str:
    return f"{str(policy.load(name).period_to)[:4]}-{month_and_day}"


# Who is who in the lists below.
AGAIN, ELSEWHERE, FORMULA, UNDATED, LEFT, KEPT, NEW = (0, 1), 2, 3, 4, 5, 6, 7
ONLINE, MOVED, SECOND = 10, 11, 12  # first supported for a certificate
PLAIN = [*AGAIN, ELSEWHERE, FORMULA, UNDATED, LEFT, KEPT, NEW]
LOOKS_LIKE_A_FORMULA = "=cmd|'/c calc'!A1"


def certified(number: int, **other: str) -> Tables:
    """A certificate, and a claim for it alone."""
    who = {"id_number": identity(number), "name": person_name(number), "employer": "甲厂"}
    more: Row = {"project": "岗位技能提升", "level": "高级工", "amount": "2000", "claimed_on": "2023-04-08"}
    held: Row = {"certificate": f"Y00{number}", "trade": "电工", "level": "三级", "issued_on": "2023-03-20"}
    claim = who | more | {key: cell for key, cell in other.items() if key != "certificate"}
    return {"claims": [claim], "certificates": [who | held | {key: other[key] for key in {"certificate"} & set(other)}]}


def learners(name: str) -> Tables:
    """Everybody, with a claim each for online training; insured where a notice pays for certificates."""
    known = [ONLINE, MOVED, SECOND] if name == WUXI else []
    employers = {FORMULA: LOOKS_LIKE_A_FORMULA}
    made = merge(*(learner(policy.load(name), n, employers.get(n, "甲厂")) for n in PLAIN + known))
    months: Row = {"month_from": "202207", "month_to": "202304"}
    insured = [{key: row[key] for key in ("id_number", "name", "employer")} | months for row in made["claims"]]
    return made | ({"insurance": insured} if known else {})


def claims(name: str, changes: dict[int, Row]) -> list[Row]:
    """Claims for online training of these people, with what differs in them."""
    rows = {row["id_number"]: row for row in learners(name)["claims"]}
    return [rows[identity(number)] | change for number, change in changes.items()]


def first_list(name: str) -> Tables:
    undated = {number: Row(claimed_on="") for number in (UNDATED, LEFT)}
    plain = claims(name, {number: undated.get(number, {}) for number in PLAIN if number != NEW})
    paid = [certified(number) for number in (ONLINE, MOVED, SECOND)] if name == WUXI else []
    return learners(name) | merge({"claims": plain}, *paid)


def later_list(name: str) -> Tables:
    on: Row = {"claimed_on": day(name, "04-20")}
    changes = dict.fromkeys(AGAIN, on) | {ELSEWHERE: on | {"employer": "乙厂"}}
    plain = claims(name, changes | {UNDATED: {"claimed_on": ""}, KEPT: {}, NEW: {}})
    if name != WUXI:
        return learners(name) | {"claims": plain}
    moved: Row = {"claimed_on": "2023-04-25", "employer": "乙厂"}
    paid = [certified(MOVED, **moved), certified(SECOND, certificate="Y0099", **moved)]
    return learners(name) | merge({"claims": plain + claims(name, {ONLINE: {}})}, *paid)


@dataclass(frozen=True)
class Handed:
    """Three audits: a list, the same list in another order, and a later one; with the register after each."""

    done: list[Result]
    written: list[bytes]
    registers: list[list[dict[str, str]]]

    def verdict(self, turn: int, number: int) -> str:
        (found,) = self.done[turn].people.filter(id_number=identity(number))["verdict"]
        return str(found)

    def said(self, turn: int, number: int) -> tuple[str, str]:
        """Effect and message of the finding about a benefit already taken."""
        done = self.done[turn]
        (who,) = done.people.filter(id_number=identity(number))["person_id"]
        (found,) = done.findings.filter(rule="benefit-already-taken", person_id=who).select("effect", "message").rows()
        return found


@cache
def handed(name: str) -> Handed:
    first = first_list(name)
    kept = Handed([], [], [])
    with TemporaryDirectory() as folder:
        register = Path(folder, "台账.csv")
        for turn, tables in enumerate((first, first | {"claims": first["claims"][::-1]}, later_list(name))):
            given = [register] if turn else []
            out = Path(folder, str(turn))
            kept.done.append(run_audit(tables, name, out, registers=given, register_out=register))
            kept.written.append(register.read_bytes())
            kept.registers.append(rows(register))
    return kept


@pytest.mark.parametrize("name", [WUXI, TAICANG])
def test_the_next_batch_is_refused_and_the_same_one_is_not(name: str) -> None:
    audits = handed(name)
    first, again, _ = audits.done
    assert set(verdicts(first)) == set(verdicts(again)) == {"supported"} and of_rule(again) == []
    assert list(audits.registers[0][0]) == LABELS
    online = [row for row in audits.registers[0] if row["补贴金额"] == "300.00"]
    assert len(online) == len(PLAIN) - 1
    assert audits.written[0] == audits.written[1]  # no doubles, the same order
    for number in (*AGAIN, ELSEWHERE):
        assert audits.verdict(2, number) == "not_supported"
        effect, said = audits.said(2, number)
        assert effect == "refuse" and day(name, "04-08") in said


@pytest.mark.parametrize("name", [WUXI, TAICANG])
def test_without_dates_the_same_list_is_known_and_another_is_to_verify(name: str) -> None:
    audits = handed(name)
    assert [audits.verdict(1, number) for number in (UNDATED, LEFT)] == ["supported"] * 2
    assert audits.verdict(2, UNDATED) == "to_verify"
    assert "另一份申领名单" in audits.said(2, UNDATED)[1]


@pytest.mark.parametrize("name", [WUXI, TAICANG])
def test_a_list_that_grew_keeps_what_was_supported(name: str) -> None:
    """The same claims with the same dates, and one more: the old ones are their own, and stand once in the register."""
    audits = handed(name)
    assert [audits.verdict(2, number) for number in (KEPT, NEW)] == ["supported"] * 2
    numbers = [row["身份证号"] for row in audits.registers[2]]
    assert [numbers.count(identity(number)) for number in (KEPT, NEW)] == [1, 1]
    assert numbers.count(identity(AGAIN[0])) == 1  # what was refused is no benefit


def test_a_certificate_is_paid_once_and_stands_above_online_training() -> None:
    audits = handed(WUXI)
    paid = audits.done[0].claims.filter(line="certificate")
    assert paid.select("verdict", "supported_fen").rows() == [("supported", 200_000)] * 3
    held = [(row["证书编号"], row["补贴金额"]) for row in audits.registers[0] if row["证书编号"]]
    assert sorted(held) == [(f"Y00{number}", "2000.00") for number in (ONLINE, MOVED, SECOND)]
    assert [audits.verdict(1, number) for number in (ONLINE, MOVED, SECOND)] == ["supported"] * 3
    assert audits.verdict(2, ONLINE) == "not_supported" and "另一类补贴" in audits.said(2, ONLINE)[1]
    assert audits.verdict(2, MOVED) == "not_supported"
    assert audits.verdict(2, SECOND) == "supported"  # of another certificate


@pytest.mark.parametrize("name", [WUXI, TAICANG])
def test_a_name_that_looks_like_a_formula_is_inert_and_read_back(name: str) -> None:
    audits = handed(name)
    (written,) = [row for row in audits.registers[1] if row["身份证号"] == identity(FORMULA)]
    assert written["单位名称"] == "'" + LOOKS_LIKE_A_FORMULA
    assert audits.verdict(1, FORMULA) == "supported"  # known as its own


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
    assert "脱敏版" in said[0] and "文件夹" in said[1] and "register of benefits" in said[2]
    assert not out.exists()


def test_a_register_without_its_headers_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "r.csv"
    wrong.write_text("课程,时长\n甲,1\n")
    with pytest.raises(Fault) as raised:
        run_audit(batch(WUXI), WUXI, tmp_path / "a", registers=[wrong])
    assert raised.value.code == Exit.UNAUDITABLE and "已享受补贴台账" in str(raised.value)


def test_the_register_follows_what_people_concluded(tmp_path: Path) -> None:
    """And what an earlier audit of the same list wrote does not outlive it."""
    first, register, judged = handed(WUXI), tmp_path / "r.csv", tmp_path / "j.csv"
    (number, mark, claimed) = (
        first.done[0].claims.join(first.done[0].people, on="person_id").filter(line="online", verdict="supported")
        .select("id_number", "fingerprint", "claimed_fen").row(0)
    )  # fmt: skip
    heads = ["指纹", "核实结论", "说明", "核实人", "日期"]
    with judged.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heads, [mark, "不支持", "本人未参加", "李审计", "2026-11-20"]])
    register.write_bytes(first.written[0])
    done = run_audit(
        first_list(WUXI), WUXI, tmp_path / "a", registers=[register], register_out=register, judgements=[judged]
    )
    assert done.claims.filter(fingerprint=mark)["verdict"].to_list() == ["supported"] and claimed == 30_000
    before, after = first.registers[0], rows(register)
    assert [row for row in before if row not in after] == [row for row in before if row["身份证号"] == number]
    assert len(after) == len(before) - 1


def test_a_register_among_the_data_is_read_once(tmp_path: Path) -> None:
    source, register = tmp_path / "in", tmp_path / "r.csv"
    source.mkdir()
    for table, given in first_list(WUXI).items():
        write_table(table, given, source)
    (source / "台账.csv").write_bytes(handed(WUXI).written[0])
    with mock.patch.dict(FORMATS, clear=True):
        done = audit.run(
            [source], policy.load(WUXI), tmp_path / "b", registers=[source / "台账.csv"], register_out=register
        )
    assert sum(one["table"] == "benefits" for one in done.report.completeness) == 1
    assert rows(register) == handed(WUXI).registers[0]
