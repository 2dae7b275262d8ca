"""The commands as a user meets them: exit codes, one clear sentence for what goes wrong, nothing left lying about."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
from harness import checked, honest, write_table
from test_intake import HEADER, ROW, book, lines

from auditor import audit, cli, policy, render, rule, summary
from auditor.fault import Exit, Fault
from auditor.store import Broken, Store

ALL_PAPERS = True  # see conftest.py

ROOT = Path(__file__).parent.parent
NOTICE = policy.load("taicang-2021")
SECRET = checked("32058519900307912")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An export of two honest learners, in a folder of an awkward name."""
    folder = tmp_path / "某 平台 导出（2月）"
    folder.mkdir()
    for table, rows in honest(NOTICE, 2, "甲机械厂").items():
        write_table(table, rows, folder)
    return folder


@pytest.fixture
def no_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "FORMATS", {"report.json": render.FORMATS["report.json"]})


def run_audit(path: Path, out: Path, *options: str) -> int:
    return cli.main(["audit", str(path), "--policy", "taicang-2021", "--out", str(out), *options])


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on stderr: one line, no traceback; nothing on stdout."""
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1, err
    assert "Traceback" not in err
    return err


XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
BAD: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "no such file": ("没有.csv", b"", ("没有这个文件", "请检查路径")),
    "empty": ("空.csv", b"", ("空.csv", "文件是空的", "重新索取")),
    "blank": ("空.csv", b" \r\n\r\n", ("空.csv", "文件是空的")),
    "empty workbook": ("空.xlsx", b"", ("空.xlsx", "文件是空的")),
    "binary": ("图.csv", bytes(range(256)), ("图.csv", "二进制", "CSV 或 XLSX")),
    "text": ("信.csv", "您好！\n附件已发。\n".encode(), ("信.csv", "没有一张表能识别", "list schemas")),
    "other table": ("库存.csv", "品名,数量\n螺丝,3\n".encode(), ("库存.csv", "没有一张表能识别", "list schemas")),
    "only a header": ("空表.csv", lines(HEADER).encode(), ("空表.csv", "没有数据行")),
    "no encoding": ("乱.csv", "姓名,".encode() + b"\xff\xff\n", ("乱.csv", "UTF-8", "GB18030", "另存为")),
    "bad bytes below": ("乱.csv", lines(HEADER, *[ROW] * 20_000).encode() + b"\xdb" * 99_000,
                        ("乱.csv", "UTF-8", "另存为")),
    "cut UTF-16": ("导出.csv", lines(HEADER, ROW).encode("utf-16")[:-1], ("导出.csv", "第 2 行", "UTF-16", "另存为")),
    "corrupt": ("坏.xlsx", b"PK\x03\x04" + bytes(100), ("坏.xlsx", "已损坏", "另存为")),
    "no workbook": ("坏.xlsx", b"abc", ("坏.xlsx", "已损坏", "重新索取")),
    "cut Parquet": ("坏.parquet", b"PAR1" + bytes(100), ("坏.parquet", "已损坏", "重新索取")),
    "no Parquet": ("坏.parquet", lines(HEADER, ROW).encode(), ("坏.parquet", "不是有效的 Parquet", "重新索取")),
    "corrupt old workbook": ("旧.xls", XLS, ("旧.xls", "已损坏", "另存为")),
    "two columns": ("双.csv", lines(["某平台"], ["姓名", *HEADER]).encode(), ("双.csv", "第 2 行", "“姓名”", "删去或")),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_audited_is_said_in_one_sentence(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    name, content, words = BAD[case]
    (folder := tmp_path / "数据 一").mkdir()
    if case != "no such file":
        (folder / name).write_bytes(content)
    assert run_audit(folder / name, tmp_path / "out") == Exit.UNAUDITABLE
    said = sentence(capsys)
    for word in words:
        assert word in said
    assert not (tmp_path / "out").exists()
    assert not recwarn.list  # a traceback that a library prints past us would be one


def test_a_sheet_is_named_beside_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book(封面=[["说明"]], 明细=[["姓名", *HEADER], ["张三", *ROW]])(tmp_path / "双.xlsx")
    assert run_audit(tmp_path, tmp_path / "out") == Exit.UNAUDITABLE
    assert "双.xlsx，工作表“明细”" in sentence(capsys)


def test_a_folder_without_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "说明.docx").write_bytes(b"PK")
    assert run_audit(tmp_path, tmp_path / "out") == Exit.UNAUDITABLE
    assert "没有 CSV、XLSX、Parquet 或 JSON 文件" in sentence(capsys)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["audit", ".", "--policy", "taicang", "--out", "out"], ["“taicang”", "是否指 taicang-2021", "wuxi-2023"]),
        (["audit", ".", "--policy", "", "--out", "out"], ["taicang-2021", "wuxi-2023"]),
        (["demo", "--policy", "wuxi2023", "--out", "out"], ["是否指 wuxi-2023"]),
        (["explain", "claim-duplicated"], ["“claim-duplicated”", "是否指 claim-duplicate？", "auditor list rules"]),
        (["explain", "claim-duplicate/../x"], ["auditor list rules"]),
        (["explain", "taicang2021"], ["是否指 taicang-2021？", "auditor list policies"]),
        (
            ["audit", ".", "--policy", "wuxi-2023", "--out", "out", "--set", "min_unit=20"],
            ["“min_unit”", "是否指 min_units？", "auditor explain wuxi-2023"],
        ),
    ],
)
def test_unknown_names_suggest_the_nearest(
    arguments: list[str], words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == Exit.USAGE
    said = sentence(capsys)
    assert all(word in said for word in words), said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [[], ["audit"], ["list", "all"], ["demo", "--out", "x", "--learners", "0"], ["bad"]]
)
def test_wrong_arguments_end_with_code_2_in_chinese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == Exit.USAGE
    assert "--help 查看说明" in capsys.readouterr().err


@pytest.mark.parametrize("below", [[], ["深处"]])
@pytest.mark.parametrize("command", ["audit", "demo"])
def test_a_file_stands_where_the_output_should_go(
    command: str, below: list[str], tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("x")
    out = tmp_path.joinpath("out", *below)
    code = run_audit(data, out) if command == "audit" else cli.main(["demo", "--out", str(out), "--learners", "3"])
    assert code == Exit.ENVIRONMENT
    said = sentence(capsys)
    assert str(out) in said
    assert "有写权限的文件夹" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir(0o500)
    assert run_audit(data, tmp_path / "out") == Exit.ENVIRONMENT
    assert "不能写入" in sentence(capsys)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError(SECRET), Exit.INTERNAL),
        (OSError(errno.EBADF, SECRET), Exit.INTERNAL),
        (OSError(errno.ENOSPC, "No space left on device"), Exit.ENVIRONMENT),
        (Fault(Exit.UNAUDITABLE, "empty", file="表"), Exit.UNAUDITABLE),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_half_way_prints_no_data_and_leaves_nothing(
    error: BaseException, code: Exit, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)
    monkeypatch.setattr(render, "FORMATS", {"report.json": fail})
    assert run_audit(data, tmp_path / "out") == code
    assert SECRET not in sentence(capsys)
    assert not (tmp_path / "out").exists()


def test_an_engine_that_breaks_is_asked_once_more_with_one_thread(
    tmp_path: Path, data: Path, no_papers: None, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    tried: list[int | None] = []
    begin = Store.__init__

    def count(self: Store, path: Path, work: Path, threads: int | None = None) -> None:
        tried.append(threads)
        begin(self, path, work, threads)

    def broken(self: Store, sql: str) -> int:
        raise Broken("assertion failed")

    monkeypatch.setattr(Store, "__init__", count)
    fine = Store.insert
    monkeypatch.setattr(Store, "insert", lambda self, sql: (fine if tried[-1] == 1 else broken)(self, sql))
    assert run_audit(data, tmp_path / "out") == Exit.CLEAN
    assert tried == [None, 1] and "支持 2 人次" in capsys.readouterr().out
    monkeypatch.setattr(Store, "insert", broken)
    assert run_audit(data, tmp_path / "none") == Exit.INTERNAL
    assert not (tmp_path / "none").exists()


def test_an_audit_says_what_it_read_and_leaves_only_its_papers(
    tmp_path: Path, data: Path, no_papers: None, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "报告 一" / "二"
    assert run_audit(data, out) == Exit.CLEAN
    said, err = capsys.readouterr()
    assert err == ""
    for word in ("学习记录.csv → 学习记录", "支持 2 人次", "识别的列", str(out)):
        assert word in said
    assert {path.name for path in out.iterdir()} == {
        *("audit.duckdb", "manifest.json", "report.json"),
        *("claims.parquet", "evidence.parquet", "findings.parquet", "people.parquet"),
    }


def test_an_output_folder_inside_the_data_is_no_input(tmp_path: Path, data: Path, no_papers: None) -> None:
    outs = []
    for _ in range(2):
        assert run_audit(data, data / "out") == Exit.CLEAN
        (data / "out" / "人工复核.csv").write_text(lines(HEADER, ROW), encoding="utf-8")
        outs.append((data / "out" / "report.json").read_bytes())
    assert outs[0] == outs[1]


def test_papers_are_not_mixed_with_the_originals(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(path.name for path in data.iterdir())
    assert run_audit(data, data / ".." / data.name) == Exit.USAGE
    assert "另写一个文件夹" in capsys.readouterr().err and sorted(path.name for path in data.iterdir()) == before


def test_json_is_json(tmp_path: Path, data: Path, no_papers: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_audit(data, tmp_path / "out", "--json") == Exit.CLEAN
    body = json.loads(capsys.readouterr().out)
    assert body["out"] == str(tmp_path / "out")
    assert body["money"]["supported"] == 2
    assert {one["id"] for one in body["rules"]} == set(NOTICE.rules)


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ({"findings": 0, "refused": 0, "to_verify": 0}, [0, 0, 0, 0]),
        ({"findings": 1, "refused": 0, "to_verify": 0}, [0, 0, 1, 0]),
        ({"findings": 1, "refused": 0, "to_verify": 1}, [0, 1, 1, 0]),
        ({"findings": 3, "refused": 1, "to_verify": 1}, [1, 1, 1, 0]),
    ],
)
def test_fail_on(counts: dict[str, int], codes: list[int], tmp_path: Path, monkeypatch: Any) -> None:
    report = SimpleNamespace(rules=[counts], conclusion={}, money={})
    monkeypatch.setattr(audit, "run", lambda *_, **__: SimpleNamespace(report=report, folder=tmp_path, remarks={}))
    monkeypatch.setattr(summary, "tell", lambda *_: None)
    levels = ("high", "medium", "low", "never")
    assert [run_audit(tmp_path, tmp_path, "--fail-on", level) for level in levels] == codes


@pytest.mark.parametrize("what", ["rules", "policies", "schemas", "layouts"])
def test_list(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list", what, "--json"]) == Exit.CLEAN
    rows = json.loads(capsys.readouterr().out)
    assert cli.main(["list", what]) == Exit.CLEAN
    table = capsys.readouterr().out.splitlines()
    assert len(table) == len(rows) + 1 > 2
    assert all(str(cell) in line for line, row in zip(table[1:], rows, strict=True) for cell in list(row.values())[:4])


@pytest.mark.parametrize("name", rule.catalogue())
@pytest.mark.parametrize("chosen", policy.names())
def test_explain(name: str, chosen: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", name, "--policy", chosen]) == Exit.CLEAN
    said, err = capsys.readouterr()
    assert err == ""
    notice, one = policy.load(chosen), rule.catalogue()[name]
    assert one.title["zh"] in said
    assert one.fix["zh"] in said
    if name not in notice.rules:
        assert "没有这条规则" in said
        return
    if name in notice.clause_of:
        assert notice.clause(notice.clause_of[name]).quote in said
    for number in one.params:
        assert f"{number} = {notice.params[number]}" in said if number in notice.params else number in said
    lines = said.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(("SELECT", "WITH")))
    sql = "\n".join(lines[start:])
    assert len(duckdb.extract_statements(sql)) == 1
    assert "$" not in sql


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", policy.names())
def test_explain_a_notice(name: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", name, "--lang", lang]) == Exit.CLEAN
    said, err = capsys.readouterr()
    notice = policy.load(name)
    assert err == "" and notice.title[lang] in said
    quotes = [said.index(f"“{clause.quote}”") for clause in notice.clauses]
    assert quotes == sorted(quotes)  # every clause, in order
    for clause in notice.clauses:
        assert clause.summary[lang] in said
        assert clause.manual is None or clause.manual[lang] in said
    assert {one for one in rule.catalogue() if f"{one}）" in said or f"({one})" in said} == set(notice.rules)
    assert all(f"{number} = {value}" in said for number, value in notice.params.items())
    assert all(reading[lang] in said for reading in notice.readings)
    assert all(f"{name} " in said for name in notice.optional)


# --- in a process of its own ---------------------------------------------------------------------------------------


def auditor(folder: Path, *arguments: str, before: Path = ROOT) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(before), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "auditor", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_the_program_in_a_process_of_its_own(tmp_path: Path) -> None:
    made = auditor(tmp_path, "demo", "--out", "演示 数据", "--learners", "4")
    assert (made.returncode, made.stderr) == (Exit.CLEAN, "")
    done = auditor(tmp_path, "audit", "演示 数据", "--policy", "taicang-2021", "--out", "演示 数据/报告", "--json",
                   "--papers", "report.html")  # fmt: skip
    assert (done.returncode, done.stderr) == (Exit.CLEAN, "")
    assert json.loads(done.stdout)["out"] == "演示 数据/报告"
    assert (tmp_path / "演示 数据" / "报告" / "report.html").exists()


def test_a_fault_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "坏.csv").write_bytes(lines(HEADER, ROW).encode() + b"a\xdb" * 50)
    done = auditor(tmp_path, "audit", "坏.csv", "--policy", "taicang-2021", "--out", "报告")
    assert (done.returncode, done.stdout) == (Exit.UNAUDITABLE, "")
    assert done.stderr.startswith("错误：坏.csv：")
    assert done.stderr.count("\n") == 1


def test_libraries_that_nobody_asks_for_are_left_alone(tmp_path: Path, data: Path) -> None:
    """pandera brings pandas and hypothesis along where it finds them: half a second of every audit."""
    for name in ("pandas", "hypothesis"):
        (tmp_path / "site" / name).mkdir(parents=True)
        (tmp_path / "site" / name / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
    done = auditor(
        tmp_path, "audit", str(data), "--policy", "taicang-2021", "--out", "报告", "--papers", "report.json",
        before=tmp_path / "site",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (Exit.CLEAN, "")
