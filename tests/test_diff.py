"""`auditor diff`: what became of findings, claims and money between two audits, and that everything adds up."""

import contextlib
import io
import json
import re
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest
from docx import Document
from harness import Tables, honest, identity, merge, person_name, write_table
from python_calamine import CalamineWorkbook
from test_html import Page

from auditor import cli, manifest, policy
from auditor.diff.compare import NEW_STATES, OLD_STATES, STATES
from auditor.fault import Exit
from auditor.render import FORMATS, to_json
from auditor.workplace import MANIFEST

ALL_PAPERS = True  # see conftest.py

NOTICE = policy.load("taicang-2021")
EMPLOYER, EARLIER = "丁机械厂", "乙机械厂"
MONEY = ("claims", "supported", "not_supported", "to_verify", "claimed_fen", "supported_fen", "not_supported_fen",
         "to_verify_fen", "paid_fen")  # fmt: skip


def auditor(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main([str(argument) for argument in arguments])
    return code, out.getvalue(), err.getvalue()


_DONE: dict[str, Path] = {}


def audited(tables: Tables, folder: Path, *options: object, notice: str = NOTICE.id, edition: str = "full") -> Path:
    """A folder of an audit of `tables`, its own copy; of its papers only report.json, the others have tests of their
    own."""
    if (known := json.dumps([tables, list(map(str, options)), notice, edition])) in _DONE:
        return Path(shutil.copytree(_DONE[known], folder / "out"))
    if not (folder / "in").exists():
        (folder / "in").mkdir(parents=True)
        for table, rows in tables.items():
            write_table(table, rows, folder / "in")
    with mock.patch.dict(FORMATS, {"report.json": to_json.write}, clear=True):
        code, _, err = auditor(
            "audit", folder / "in", "--policy", notice, "--out", folder / "out", "--edition", edition, *options
        )
    assert code == Exit.CLEAN, err
    _DONE[known] = Path(shutil.copytree(folder / "out", Path(tempfile.mkdtemp(dir=folder.parent)) / "out"))
    return folder / "out"


def failed(number: int, tables: Tables) -> Tables:
    """The learner `number` fails the exam."""
    for row in tables["exams"]:
        if row["id_number"] == identity(number):
            row |= {"score": "40", "result": "不合格"}
    return tables


def compared(old: Path, new: Path, out: Path, *options: object) -> dict[str, Any]:
    code, said, err = auditor("diff", old, new, "--out", out, "--json", *options)
    assert code == Exit.CLEAN, err
    found: dict[str, Any] = json.loads(said)
    assert said == (out / "diff.json").read_text(encoding="utf-8")
    adds_up(found, old, new, out)
    return found


def adds_up(found: dict[str, Any], old: Path, new: Path, out: Path) -> None:
    sides = {"old": old, "new": new}
    reports = {name: json.loads((folder / "report.json").read_bytes()) for name, folder in sides.items()}
    states = found["findings"]["states"]
    for name, own in (("old", OLD_STATES), ("new", NEW_STATES)):
        total = sum(rule["findings"] for rule in reports[name]["rules"])
        assert found["findings"][name] == total == sum(states[state] for state in (*own, "open"))
        for part in MONEY[:-1]:
            assert found["money"][name][part] == reports[name]["money"][part], (name, part)
    money = found["money"]
    for part in MONEY:
        assert sum(money[row][part] for row in ("old", "gone", "added", "changed")) == money["new"][part], part
    for state in STATES:
        assert sum(rule[state] for rule in found["rules"]) == states[state] == found["listed"][state]["total"]
    for rule in found["rules"]:
        assert rule["old"] == sum(rule[state] for state in (*OLD_STATES, "open"))
        assert rule["new_total"] == sum(rule[state] for state in (*NEW_STATES, "open"))
    frame = pl.read_parquet(out / "diff-findings.parquet")
    assert dict(frame.group_by("state").len().rows()) == {state: count for state, count in states.items() if count}
    people = found["people"]
    assert people["both"] + people["gone"] == people["old"] and people["both"] + people["added"] == people["new"]
    assert sum(row["claims"] for row in found["verdicts"]) == sum(found["claims"]["states"].values())


def of(found: dict[str, Any], state: str, rule: str = "exam-failed") -> list[dict[str, Any]]:
    return [row for row in found["listed"][state]["listed"] if row["rule"] == rule]


def test_nothing_changed(tmp_path: Path) -> None:
    made = failed(2, honest(NOTICE, 4, EMPLOYER))
    old, new = audited(made, tmp_path / "old", edition="masked"), audited(made, tmp_path / "new", edition="masked")
    found = compared(old, new, tmp_path / "out")
    assert found["run"]["known_by"] == "fingerprint" and found["same_inputs"] and found["reasons"] == []
    assert {state for state, count in found["findings"]["states"].items() if count} == {"open"}
    assert found["claims"] | {"listed": None} == {
        "states": {"changed": 0, "gone": 0, "added": 0, "same": 4}, "total": 0, "listed": None
    }  # fmt: skip
    assert len(of(found, "open")) == 1 and found["money"]["old"]["not_supported_fen"] == 30_000
    assert not any(found["money"]["changed"].values())


def before() -> Tables:
    """Six learners, of whom three failed."""
    return failed(2, failed(3, failed(5, honest(NOTICE, 6, EMPLOYER))))


def after() -> Tables:
    """0 and 1 were paid, 2 has passed, 3 is gone, 4 claims less, 5 still fails; 10 and 11 are new, and 11 fails."""
    made = failed(5, merge(honest(NOTICE, 3, EMPLOYER), honest(NOTICE, 2, EMPLOYER, first=4)))
    for row in made["claims"][:2]:
        row["paid"] = "300.00"
    made["claims"][3]["amount"] = "200.00"
    return failed(11, merge(honest(NOTICE, 2, EARLIER, first=10), made))


@dataclass(frozen=True)
class Pair:
    old: Path
    new: Path
    out: Path
    found: dict[str, Any]

    def claim(self, number: int) -> dict[str, Any]:
        return next(row for row in self.found["claims"]["listed"] if row["id_number"] == identity(number))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder = tmp_path_factory.mktemp("pair")
    old, new = audited(before(), folder / "old"), audited(after(), folder / "new")
    return Pair(old, new, folder / "out", compared(old, new, folder / "out", "--edition", "full"))


def test_what_was_put_right(pair: Pair, tmp_path: Path) -> None:
    assert pair.found["run"]["known_by"] == "lasting"
    (row,) = of(pair.found, "rectified")
    assert row["old_effect"] == "refuse" and row["new_effect"] is None and "40" in row["old_message"]
    assert row["old_index"].endswith("-003") and row["new_index"] is None
    claim = pair.claim(2)
    assert (claim["state"], claim["old_verdict"], claim["new_verdict"]) == ("changed", "not_supported", "supported")
    assert pair.found["money"]["changed"]["supported_fen"] == 30_000 - 10_000  # 2 and 4
    (person,) = (row for row in pair.found["people"]["listed"] if row["rectified"])
    assert person["rectified"] == 1 and person["open"] == 0
    back = compared(pair.new, pair.old, tmp_path / "back")
    assert len(of(back, "new")) == 1 and back["money"]["changed"]["supported_fen"] == -20_000


def test_a_person_who_is_gone_has_put_nothing_right(pair: Pair) -> None:
    assert len(of(pair.found, "gone")) == 1
    assert pair.found["people"]["gone"] == 1 and pair.found["claims"]["states"]["gone"] == 1
    assert pair.found["money"]["gone"]["not_supported_fen"] == -30_000
    assert pair.claim(3)["state"] == "gone" and pair.claim(3)["new_verdict"] is None


def test_a_person_added_shifts_codes_and_nothing_else(pair: Pair) -> None:
    (row,) = of(pair.found, "open")
    assert row["old_id"] != row["new_id"]  # or the test tells nothing
    assert len(of(pair.found, "added")) == 1
    new = [(row["rule"], row["id_number"]) for row in pair.found["listed"]["new"]["listed"]]
    assert new == [("claim-amount-differs", identity(4))]
    assert pair.found["claims"]["states"] == {"changed": 4, "gone": 1, "added": 2, "same": 1}
    assert pair.found["people"]["added"] == 2


def test_a_claim_that_was_paid(pair: Pair) -> None:
    for number in (0, 1):
        assert (pair.claim(number)["state"], pair.claim(number)["new_paid_fen"]) == ("changed", 30_000)
    assert pair.found["money"]["changed"]["paid_fen"] == 60_000
    assert "已拨付（元）" in (pair.out / "diff.html").read_text(encoding="utf-8")


def test_a_claim_of_another_amount_is_the_same_claim(pair: Pair) -> None:
    claim = pair.claim(4)
    assert claim["state"] == "changed" and (claim["old_claimed_fen"], claim["new_claimed_fen"]) == (30_000, 20_000)
    assert pair.found["money"]["changed"]["claimed_fen"] == -10_000


def test_a_finding_that_was_waived(tmp_path: Path) -> None:
    made = failed(2, honest(NOTICE, 4, EMPLOYER))
    old = audited(made, tmp_path / "old", edition="masked")
    print_ = pl.read_parquet(old / "findings.parquet").filter(rule="exam-failed")["fingerprint"][0]
    text = f'rule = "exam-failed"\nfingerprint = "{print_}"\nreason = "补考合格"\napprover = "局长"\n'
    (tmp_path / "waivers.toml").write_text(f"[[waivers]]\n{text}expires = 2026-12-31\n", encoding="utf-8")
    waived = "--waivers", tmp_path / "waivers.toml", "--as-of", "2026-06-01"
    new = audited(made, tmp_path / "new", *waived, edition="masked")
    found = compared(old, new, tmp_path / "out")
    (row,) = of(found, "open")
    assert (row["old_effect"], row["new_effect"], row["new_waived_by"]) == ("refuse", "note", "局长")
    assert next(rule["waived"] for rule in found["rules"] if rule["rule"] == "exam-failed") == 1
    assert len(found["reasons"]) == 1 and "waivers.toml" in found["reasons"][0]
    assert found["money"]["changed"]["supported_fen"] == 30_000
    assert "已豁免（批准人 局长）" in (tmp_path / "out" / "diff.html").read_text(encoding="utf-8")


def test_another_policy_is_said_first(tmp_path: Path) -> None:
    made = failed(2, honest(NOTICE, 4, EMPLOYER))
    old = audited(made, tmp_path / "old", edition="masked")
    new = audited(made, tmp_path / "new", edition="masked", notice="wuxi-2023")
    found = compared(old, new, tmp_path / "out")
    assert len(found["reasons"]) == 1 and found["reasons"][0].startswith("两次依据的通知不同")
    assert all(NOTICE.title[lang] in found["reasons"][0] for lang in ("zh",))
    only = [rule for rule in found["rules"] if rule["new_outcome"] is None]
    assert only and all(rule["rectified"] == 0 for rule in only)
    code, said, _ = auditor("diff", old, new, "--out", tmp_path / "out")
    lines = said.splitlines()
    assert code == Exit.CLEAN and "两次依据的通知不同" in lines[3] and "发现：" in lines[4]


def test_a_rule_that_did_not_run_again_proves_nothing(pair: Pair, tmp_path: Path) -> None:
    new = audited({name: rows for name, rows in before().items() if name != "exams"}, tmp_path / "new")
    found = compared(pair.old, new, tmp_path / "out")
    assert len(of(found, "unchecked")) == 3 and of(found, "rectified") == []
    back = compared(new, pair.old, tmp_path / "back")
    assert len(of(back, "first")) == 3 and of(back, "new") == []


def test_options_and_versions_that_differ_are_said(tmp_path: Path) -> None:
    made = failed(2, honest(NOTICE, 4, EMPLOYER))
    old = audited(made, tmp_path / "old", edition="masked")
    new = audited(made, tmp_path / "new", "--set", "min_units=60", edition="masked")
    body, _ = manifest.read(new)
    body["version"] = "9.9"
    manifest.save(new, body)
    reasons = compared(old, new, tmp_path / "out")["reasons"]
    assert len(reasons) == 2 and "9.9" in reasons[0] and "min_units = 60" in reasons[1]


def test_masked_editions_of_different_exports_are_refused(pair: Pair, tmp_path: Path) -> None:
    masked = audited(failed(2, honest(NOTICE, 4, EMPLOYER)), tmp_path / "old", edition="masked")
    other = audited(honest(NOTICE, 3, EMPLOYER), tmp_path / "new", edition="masked")
    for old, new in ((masked, other), (pair.old, masked), (masked, pair.new)):
        code, said, err = auditor("diff", old, new, "--out", tmp_path / "out")
        assert code == Exit.UNAUDITABLE and said == "" and len(err.splitlines()) == 1
        assert "--edition full" in err and not (tmp_path / "out").exists()


def test_what_cannot_be_compared_ends_in_a_sentence(tmp_path: Path) -> None:
    made = failed(2, honest(NOTICE, 4, EMPLOYER))
    old = audited(made, tmp_path / "old", edition="masked")
    new = Path(shutil.copytree(old, tmp_path / "new"))
    assert auditor("diff", old, new, "--out", new)[0] == Exit.USAGE
    code, _, err = auditor("diff", old, new, "--out", tmp_path / "out", "--edition", "full")
    assert code == Exit.UNAUDITABLE and "--edition full" in err
    compared(old, new, tmp_path / "out")
    code, _, err = auditor("diff", old, tmp_path / "out", "--out", tmp_path / "x")
    assert code == Exit.UNAUDITABLE and "不能对照" in err
    code, _, err = auditor("verify", tmp_path / "out", "--inputs", tmp_path / "old")
    assert code == Exit.UNAUDITABLE and "--inputs" in err
    frame = pl.read_parquet(new / "findings.parquet")
    frame[:-1].write_parquet(new / "findings.parquet")
    code, _, err = auditor("diff", old, new, "--out", tmp_path / "x")
    assert code == Exit.UNAUDITABLE and "findings.parquet" in err and "auditor verify" in err
    (new / MANIFEST).unlink()
    assert auditor("diff", old, new, "--out", tmp_path / "x")[0] == Exit.UNAUDITABLE


def test_without_a_claim_list(tmp_path: Path) -> None:
    made = {name: rows for name, rows in failed(2, honest(NOTICE, 4, EMPLOYER)).items() if name != "claims"}
    old = audited(made, tmp_path / "old")
    good = {name: rows for name, rows in honest(NOTICE, 4, EMPLOYER).items() if name != "claims"}
    found = compared(old, audited(good, tmp_path / "new"), tmp_path / "out")
    (person,) = found["people"]["listed"]
    assert (person["old_verdict"], person["new_verdict"]) == ("not_supported", "supported")
    assert "不计金额" in (tmp_path / "out" / "diff.html").read_text(encoding="utf-8")


# --- the papers ------------------------------------------------------------------------------------------------------


def written(folder: Path) -> str:
    """The words of diff.docx, of paragraphs and cells."""
    paper = Document(str(folder / "diff.docx"))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in paper.paragraphs] + cells)


HOSTILE = ("<script>alert(1)</script>", "=cmd|'/c calc'!A1", '#eval("x")', "{{7*7}}", "喆玥祎堃䶮𬱖·", "长" * 10_000)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Full editions of two exports in which everybody fails, of firms with names that bite."""
    folder = tmp_path_factory.mktemp("hostile")
    firms = [failed(number, honest(NOTICE, 1, name, first=number)) for number, name in enumerate(HOSTILE)]
    old = audited(merge(*firms), folder / "old")
    return old, audited(merge(*firms[1:], honest(NOTICE, 1, EMPLOYER, first=20)), folder / "new")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_papers_are_inert_and_the_same_again(hostile: tuple[Path, Path], lang: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        compared(*hostile, tmp_path / name, "--lang", lang)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name
    html = (tmp_path / "a" / "diff.html").read_text(encoding="utf-8")
    page = Page(html)
    assert "<script" not in html and "{{7*7}}" in page.text
    assert not re.search(r"(?:src|href)=\"(?!#)", html) and "default-src 'none'" in html
    assert "喆玥祎堃䶮𬱖·" in page.text and "长" * 1_000 not in html
    book = CalamineWorkbook.from_path(str(tmp_path / "a" / "diff.xlsx"))
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert set(HOSTILE[1:5]) <= set(cells) and len(book.sheet_names) == 5
    paper = written(tmp_path / "a")
    assert all(name in paper for name in HOSTILE[:5]) and "长" * 1_000 not in paper
    assert auditor("verify", tmp_path / "a")[0] == Exit.CLEAN


def test_the_page_and_the_workbook_say_the_same(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    found = compared(*hostile, tmp_path / "out")
    page = Page((tmp_path / "out" / "diff.html").read_text(encoding="utf-8"))
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "diff.xlsx"))
    rows = book.get_sheet_by_name("复查结论").to_python()
    names = {"原审计": "old", "不再申领的": "gone", "新增申领的": "added", "两次都有的，变化": "changed", "复查": "new"}
    listed = {names[row[0]]: row for row in rows if row[0] in names}
    for name, row in found["money"].items():
        if name in listed:
            assert listed[name][1] == row["claims"] and [round(value * 100) for value in listed[name][5:9]] == [
                row[f"{part}_fen"] for part in ("claimed", "supported", "not_supported", "to_verify")
            ]
    said = [str(row[0]) for row in rows if str(row[0]).startswith("发现：")]
    assert len(said) == 1 and said[0] in page.text
    assert f"{found['money']['new']['claimed_fen'] / 100:,.2f}" in page.text
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(
        str(tmp_path / "out" / "diff.docx")
    ).tables]  # fmt: skip
    (money,) = [rows for rows in tables if rows[0][:3] == ["项目", "人次", "申领（元）"]]
    for label, claims, *sums in money[1:]:
        row = found["money"][names[label]]
        parts = [row[f"{part}_fen"] for part in ("claimed", "supported", "not_supported", "to_verify")]
        assert int(claims.replace("−", "-")) == row["claims"]
        assert [round(float(text.replace("−", "-").replace(",", "")) * 100) for text in sums] == parts
    (rules,) = [rows for rows in tables if rows[0][0] == "规则"]
    counts = [[int(cell.replace(",", "")) for cell in row[1:]] for row in rules[1:]]
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1]
    assert counts[-1][0] == found["findings"]["old"] and counts[-1][-1] == found["findings"]["new"]
    assert said[0] in written(tmp_path / "out")
    listed_rows = [row for rows in tables if rows[0][0] == "索引号" for row in rows[1:]]
    assert len(listed_rows) == sum(found["findings"]["deciding"].values()) > 5
    people = [row for row in book.get_sheet_by_name("按人员").to_python()[3:] if row[0] or row[1]]
    assert len(people) == found["people"]["total"]


def test_editions(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    compared(*hostile, tmp_path / "masked")
    compared(*hostile, tmp_path / "full", "--edition", "full")
    texts = {}
    for edition in ("masked", "full"):
        folder = tmp_path / edition
        frames = [pl.read_parquet(folder / f"diff-{name}.parquet").write_csv() for name in ("findings", "claims")]
        book = CalamineWorkbook.from_path(str(folder / "diff.xlsx"))
        cells = [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
        plain = [(folder / name).read_text(encoding="utf-8") for name in ("diff.html", "diff.json")]
        texts[edition] = [*frames, *cells[2:], *plain, written(folder)]
    lasting = pl.read_parquet(hostile[0] / "findings.parquet")["lasting"].to_list()
    for number in range(len(HOSTILE)):
        assert not any(identity(number) in text or person_name(number) in text for text in texts["masked"])
        assert all(
            identity(number) in texts["full"][place] for place in (0, 1, 4, 5, 6, 7)
        )  # claims and people: changed
    assert not any(mark in text for mark in lasting for text in texts["masked"])
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "full").iterdir()}
    assert modes == {0o600}


def test_english(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    code, said, _ = auditor("--lang", "en", "diff", *hostile, "--out", tmp_path / "out")
    assert code == Exit.CLEAN and not re.search(r"[\u4e00-\u9fff]", said)
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "diff.xlsx"))
    assert book.sheet_names == ["Conclusion", "By rule", "Claims changed", "By person", "Findings"]
    assert not re.search(r"[\u4e00-\u9fff]", str([row[:2] for row in book.get_sheet_by_name("By rule").to_python()]))
    paper = Document(str(tmp_path / "out" / "diff.docx"))
    own = [p.text for p in paper.paragraphs] + [cell.text for table in paper.tables for cell in table.rows[0].cells]
    assert "Review of rectification" in own and not re.search(r"[\u4e00-\u9fff]", " ".join(own))


def test_hundreds_of_thousands_of_findings(tmp_path: Path) -> None:
    """Counted exactly, listed to a cap that says so, in seconds."""
    old = audited(failed(2, honest(NOTICE, 4, EMPLOYER)), tmp_path / "old", edition="masked")
    new = Path(shutil.copytree(old, tmp_path / "new"))
    row = pl.read_parquet(old / "findings.parquet").filter(rule="exam-failed")
    for folder, first in ((old, 0), (new, 40_000)):
        many = row.select(pl.all().repeat_by(120_000).explode()).with_columns(
            fingerprint=pl.format("{}", pl.int_range(first, first + 120_000)), rule=pl.lit("sessions-overlap")
        )
        many.write_parquet(folder / "findings.parquet")
        body, _ = manifest.read(folder)
        body["outputs"]["findings.parquet"] = manifest.digest(folder / "findings.parquet")
        manifest.save(folder, body)
    begun = time.process_time()
    code, said, err = auditor("diff", old, new, "--out", tmp_path / "out", "--json")
    assert code == Exit.CLEAN, err
    assert time.process_time() - begun < 60
    found = json.loads(said)
    states = found["findings"]["states"]
    assert (states["rectified"], states["open"], states["new"]) == (40_000, 80_000, 40_000)
    html = (tmp_path / "out" / "diff.html").read_text(encoding="utf-8")
    assert len(html) < 1_000_000 and "共 40,000 条，列出 50 条；全部在 diff-findings.parquet" in html
    assert pl.read_parquet(tmp_path / "out" / "diff-findings.parquet").height == 160_000


def test_conclusions_of_people_stand_beside(tmp_path: Path) -> None:
    """One finding is dismissed: nothing of the program's changes, and of people's only the claim it is about."""
    tables = failed(2, honest(NOTICE, 4, EMPLOYER))
    old = audited(tables, tmp_path / "old", edition="masked")
    mark = pl.read_parquet(old / "findings.parquet").filter(rule="exam-failed")["fingerprint"][0]
    filled = tmp_path / "核实.csv"
    filled.write_text(f"指纹,核实结论,说明,核实人,日期\n{mark},排除,补考合格,甲,2026-01-02\n", encoding="utf-8")
    new = audited(tables, tmp_path / "new", "--judgements", filled, edition="masked")
    found = compared(old, new, tmp_path / "out")
    (row,) = of(found, "open")
    assert (row["new_effect"], row["new_human"]) == ("refuse", "dismissed")
    assert not any(found["money"]["changed"].values())  # the machine's own
    assert found["money"]["judged"]["old"] is None
    assert found["money"]["judged"]["new"]["supported_fen"] == 4 * 30_000
    assert found["claims"]["states"] == {"changed": 1, "gone": 0, "added": 0, "same": 3}
    (claim,) = found["claims"]["listed"]
    assert (claim["new_verdict"], claim["new_human"]) == ("not_supported", "supported")
    page = Page((tmp_path / "out" / "diff.html").read_text(encoding="utf-8"))
    assert "核实结论：排除" in written(tmp_path / "out") and "复查，计入核实结论" in written(tmp_path / "out")
    assert "核实结论：排除" in page.text and "核实结论：支持" in page.text and "复查，计入核实结论" in page.text
    again = compared(new, new, tmp_path / "again")
    assert again["claims"]["states"] == {"changed": 0, "gone": 0, "added": 0, "same": 4}
