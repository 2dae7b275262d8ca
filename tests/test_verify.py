"""`auditor verify`: any changed byte is named, and the same inputs give the same papers again."""

import contextlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from harness import examples, honest, write_table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor import cli, manifest, policy, verify
from auditor.fault import Exit
from auditor.workplace import MANIFEST

ALL_PAPERS = True  # see conftest.py

NOTICE = policy.load("taicang-2021")


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.out)
        return body


def auditor(*arguments: object) -> Said:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main([str(argument) for argument in arguments])
    return Said(code, out.getvalue(), err.getvalue())


def audited(data: Path, out: Path, *options: object) -> Path:
    command = ["audit", data, "--policy", NOTICE.id, "--out", out, "--papers", "report.html,workpapers.xlsx"]
    assert auditor(*command, *options).code == Exit.CLEAN
    return out


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("平台导出")
    tables = honest(NOTICE, 4, "甲机械厂")
    for table, rows in (tables | {"exams": tables["exams"][1:]}).items():
        write_table(table, rows, folder)
    return folder


@pytest.fixture(scope="module")
def made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audited(data, tmp_path_factory.mktemp("made"))


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out"))


def wrong(folder: Path) -> dict[str, set[str]]:
    found = verify.check(folder)
    return {name: set(getattr(found, name)) for name in ("changed", "missing", "unexpected") if getattr(found, name)}


@contextlib.contextmanager
def flipped(path: Path, at: int, bit: int) -> Iterator[None]:
    with path.open("r+b") as stream:
        stream.seek(at)
        byte = stream.read(1)[0]
        stream.seek(at)
        stream.write(bytes([byte ^ 1 << bit]))
        stream.flush()
        yield
        stream.seek(at)
        stream.write(bytes([byte]))


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.data())
def test_any_changed_byte_is_named(made: Path, chosen: st.DataObject) -> None:
    names = sorted(path.name for path in made.iterdir())
    assert {"report.json", "report.html", "workpapers.xlsx", "audit.duckdb", "claims.parquet", MANIFEST} <= set(names)
    path = made / chosen.draw(st.sampled_from(names))
    at, bit = chosen.draw(st.integers(0, path.stat().st_size - 1)), chosen.draw(st.integers(0, 7))
    with flipped(path, at, bit):
        said = auditor("verify", made, "--json")
        if path.name == MANIFEST and said.code == Exit.UNAUDITABLE:  # no JSON any more
            assert MANIFEST in said.err and said.out == ""
        else:
            assert said.code == Exit.FINDINGS and wrong(made) == {"changed": {path.name}}
            assert [one["file"] for one in said.json["changed"]] == [path.name]
    assert wrong(made) == {}


@pytest.mark.parametrize("change", ["more", "less", "empty"])
def test_a_file_of_another_length(out: Path, change: str) -> None:
    body = (out / "report.json").read_bytes()
    (out / "report.json").write_bytes({"more": body + b"\n", "less": body[:-1], "empty": b""}[change])
    said = auditor("verify", out)
    assert said.code == Exit.FINDINGS and said.out.count("report.json（报告数据，JSON）：内容已改动") == 1
    assert ("不能作为 JSON 读取" in said.out) == (change == "empty")


def test_a_whole_folder(out: Path) -> None:
    said = auditor("verify", out)
    assert said.code == Exit.CLEAN and "结果：一致" in said.out
    assert manifest.digest(out / MANIFEST) in said.out
    assert auditor("verify", out, "--json").json["holds"] is True


def test_what_is_missing_and_what_lies_beside(out: Path) -> None:
    (out / "people.parquet").unlink()
    (out / "记录.docx").write_text("x")
    (out / "核实").mkdir()
    (out / "核实" / "report.json").write_text("{}")
    assert wrong(out) == {"missing": {"people.parquet"}}
    assert verify.check(out).beside == ["核实/report.json", "记录.docx"]
    said = auditor("verify", out, "--lang", "en")
    assert said.code == Exit.FINDINGS
    assert "people.parquet (everybody, a Parquet table): in the manifest, but not in the folder" in said.out
    body, whole = manifest.read(out)
    assert whole
    del body["outputs"]["people.parquet"]
    manifest.save(out, body)
    assert wrong(out) == {}
    assert auditor("verify", out).code == Exit.CLEAN
    shutil.copy(out / "claims.parquet", out / "people.parquet")
    assert wrong(out) == {"unexpected": {"people.parquet"}}


@pytest.mark.parametrize(
    "text", [None, "", "[", "[]", "{}", '{"manifest": 1, "outputs": {}, "inputs": {}}', "[" * 9999]
)
def test_without_a_manifest(out: Path, text: str | None) -> None:
    (out / MANIFEST).unlink()
    if text is not None:
        (out / MANIFEST).write_text(text)
    said = auditor("verify", out)
    assert said.code == Exit.UNAUDITABLE and "manifest.json" in said.err and len(said.err.splitlines()) == 1


# --- with the inputs -------------------------------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_papers(data: Path, tmp_path: Path) -> None:
    """Every paper there is."""
    made = tmp_path / "made"
    assert auditor("audit", data, "--policy", NOTICE.id, "--out", made).code == Exit.CLEAN
    said = auditor("verify", made, "--inputs", data, "--json").json
    assert said["holds"] and said["inputs"] == said["reasons"] == []
    assert {one["file"] for one in said["remade"] if one["same"]} == {path.name for path in made.iterdir()} - {MANIFEST}
    assert not [path.name for path in made.iterdir() if path.name.startswith(".")]


def test_every_option_is_remembered(made: Path, data: Path, tmp_path: Path) -> None:
    """Nothing but the folder and the files that the options named is needed to make the same papers."""
    finding = pl.read_parquet(made / "findings.parquet").filter(pl.col("effect") != "note").row(0, named=True)
    entry = {name: finding[name] for name in ("rule", "fingerprint")} | {"reason": "已现场核实", "approver": "组长"}
    lines = ["[[waivers]]", *(f'{name} = "{value}"' for name, value in entry.items()), "expires = 2026-12-31"]
    (tmp_path / "waivers.toml").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "engagement.txt").write_text("委托方：某某局", encoding="utf-8")
    mapping = tmp_path / "mapping.toml"
    assert auditor("map", data, "--out", mapping).code == Exit.CLEAN
    (data_too := tmp_path / "in").mkdir()
    for path in data.iterdir():
        shutil.copy(path, data_too)
    files = ["--waivers", tmp_path / "waivers.toml", "--engagement", tmp_path / "engagement.txt", "--mapping", mapping]
    chosen = ["--edition", "full", "--lang", "en", "--dates", "ymd", "--set", "min_units=30", "--as-of", "2026-06-01"]
    out = audited(data_too, data_too / "out", *files, *chosen, "--set", "reading=per_session", "--threads", 1)
    body, _ = manifest.read(out)
    assert set(body["options"]) == {
        "waivers",
        "engagement",
        "mapping",
        "edition",
        "lang",
        "dates",
        "set",
        "as_of",
        "papers",
    }
    assert body["edition"] == "full" and body["overrides"]["min_units"] == 30
    lacking = auditor("verify", out, "--inputs", data_too, *files[1::2][:2], "--json").json
    assert [one["file"] for one in lacking["inputs"]] == ["--mapping"] and lacking["remade"] is None
    said = auditor("verify", out, "--inputs", data_too, *files[1::2], "--json").json
    assert said["holds"] and said["inputs"] == said["reasons"] == []
    assert {one["file"] for one in said["remade"]} == set(body["outputs"])


def test_a_register_is_an_option_and_no_input_that_is_missing(data: Path, tmp_path: Path) -> None:
    register = tmp_path / "已享受.csv"
    audited(data, tmp_path / "first", "--edition", "full", "--history-out", register)
    out = audited(data, tmp_path / "second", "--edition", "full", "--history", register)
    done = auditor("verify", out, "--inputs", data, register)
    assert done.code == Exit.CLEAN, done.out
    register.write_text(register.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert [one["file"] for one in auditor("verify", out, "--inputs", data, register, "--json").json["inputs"]]


def test_a_waiver_is_looked_at_on_the_day_of_the_audit(data: Path, tmp_path: Path) -> None:
    (tmp_path / "waivers.toml").write_text(
        '[[waivers]]\nrule = "exam-failed"\nfingerprint = "0"\nreason = "x"\napprover = "x"\nexpires = 2020-01-01\n'
    )
    out = audited(data, tmp_path / "out", "--waivers", tmp_path / "waivers.toml")
    body, _ = manifest.read(out)
    assert body["options"]["as_of"] == json.loads((out / "report.json").read_bytes())["waivers"][0]["as_of"]


def test_inputs_that_are_not_those_of_then(made: Path, data: Path, tmp_path: Path) -> None:
    given = Path(shutil.copytree(data, tmp_path / "in"))
    names = sorted(path.name for path in given.iterdir() if path.suffix == ".csv")
    with (given / names[0]).open("ab") as stream:
        stream.write(b"\n")
    (given / names[1]).unlink()
    (given / names[2]).rename(given / "改名.csv")
    (given / "另一份.csv").write_text("姓名,身份证号\n", encoding="utf-8")
    said = auditor("verify", made, "--inputs", given, "--json")
    assert said.code == Exit.FINDINGS and said.json["remade"] is None
    assert {one["file"] for one in said.json["inputs"]} == {*names[:3], "另一份.csv"}
    assert "没有重新审计" in auditor("verify", made, "--inputs", given).out


def forged(out: Path, name: str) -> None:
    """The manifest agrees with the changed file."""
    body, _ = manifest.read(out)
    body["outputs"][name] = manifest.digest(out / name)
    manifest.save(out, body)


def test_what_was_changed_together_with_the_manifest_is_named(out: Path, data: Path) -> None:
    report = json.loads((out / "report.json").read_bytes())
    report["money"]["supported_fen"] += 30_000
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    (out / "report.json").write_text(text, encoding="utf-8")
    pl.read_parquet(out / "claims.parquet")[1:].write_parquet(out / "claims.parquet")
    with duckdb.connect(out / "audit.duckdb") as con:
        con.execute("DELETE FROM claim_verdicts WHERE claim_no = (SELECT min(claim_no) FROM claim_verdicts)")
    page = (out / "report.html").read_text(encoding="utf-8")
    (out / "report.html").write_text(page.replace("</h1>", "！</h1>"), encoding="utf-8")
    for name in ("report.json", "claims.parquet", "audit.duckdb", "report.html"):
        forged(out, name)
    assert auditor("verify", out).code == Exit.CLEAN
    said = auditor("verify", out, "--inputs", data, "--json")
    differing = {one["file"]: one["said"] for one in said.json["remade"] if not one["same"]}
    assert said.code == Exit.FINDINGS and set(differing) == {
        "report.json", "claims.parquet", "audit.duckdb", "report.html"
    }  # fmt: skip
    assert "money.supported_fen" in differing["report.json"]
    assert "只在重新审计所得中的 1 行" in differing["claims.parquet"]
    assert "claim_verdicts" in differing["audit.duckdb"] and "1 行" in differing["audit.duckdb"]
    assert "行起" in differing["report.html"]


def test_a_damaged_file_is_compared_too(out: Path, data: Path) -> None:
    names = ("audit.duckdb", "claims.parquet", "report.json", "workpapers.xlsx")
    for name in names:
        body = (out / name).read_bytes()
        (out / name).write_bytes(body[: len(body) // 2])
    said = auditor("verify", out, "--inputs", data, "--json").json
    assert {one["file"] for one in said["changed"]} == set(names)
    assert {one["file"] for one in said["remade"] if not one["same"]} == set(names)


def test_another_program_is_said_first(out: Path, data: Path) -> None:
    body, _ = manifest.read(out)
    body["version"], body["packages"]["duckdb"] = "0.0.9", "1.0"
    body["rules"]["rules/exam-failed.sql"] = body["policy"]["policies/taicang-2021.toml"] = "0"
    body["content"]["reports/report.html.j2"] = "0"
    manifest.save(out, body)
    said = auditor("verify", out, "--inputs", data)
    assert said.code == Exit.CLEAN  # the papers are the same
    lines = [line for line in said.out.splitlines() if "可能由此而来" in line]
    assert len(lines) == 5 and "0.0.9" in lines[0]
    assert all(any(name in line for line in lines) for name in ("exam-failed", "report.html.j2", "taicang", "duckdb"))
    assert said.out.index(lines[-1]) < said.out.index("重新审计：")
