"""What an audit leaves behind when it is killed, interrupted, starved of space or run twice."""

import hashlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import honest, write_table

from auditor import policy
from auditor.fault import Exit

NOTICE = "taicang-2021"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("某平台 导出")
    for table, rows in honest(policy.load(NOTICE), 12, "甲机械厂").items():
        write_table(table, rows, folder)
    return folder


@pytest.fixture(scope="module")
def finished(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A finished report, and the seconds it took."""
    folder, begun = tmp_path_factory.mktemp("finished") / "out", time.perf_counter()
    assert subprocess.run(command(data, folder), capture_output=True).returncode == Exit.CLEAN
    assert names(folder) > {"report.html", "manifest.json"}
    return folder, time.perf_counter() - begun


@pytest.fixture
def out(finished: tuple[Path, float], tmp_path: Path) -> Path:
    """A folder of an awkward name that holds a finished report."""
    return Path(shutil.copytree(finished[0], tmp_path / "审计 结果（2月）"))


def command(data: Path, out: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "auditor",
        "audit",
        str(data),
        "--policy",
        NOTICE,
        "--out",
        str(out),
        "--papers",
        "report.html",
    ]


def start(data: Path, out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(command(data, out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def whole(folder: Path) -> bool:
    """The folder holds the papers that its manifest names."""
    manifest = folder / "manifest.json"
    outputs = json.loads(manifest.read_text(encoding="utf-8"))["outputs"]
    return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha for name, sha in outputs.items())


def test_a_killed_audit_leaves_the_old_report_whole_and_the_next_run_clean(
    data: Path, finished: tuple[Path, float], out: Path
) -> None:
    before, chance, length = names(out), random.Random(1), finished[1]
    for _ in range(4):
        running = start(data, out)
        time.sleep(chance.uniform(0.05, length))
        running.kill()
        running.communicate()
        if "manifest.json" not in names(out):  # killed while papers changed places: the folder says so by having none
            assert start(data, out).wait() == Exit.CLEAN
        assert whole(out)
        assert {name for name in names(out) if not name.startswith(".audit-")} == before
    assert start(data, out).wait() == Exit.CLEAN
    assert names(out) == before and whole(out)


def test_ctrl_c_ends_within_two_seconds_and_leaves_nothing(data: Path, finished: tuple[Path, float], out: Path) -> None:
    before, chance, interrupted = names(out), random.Random(2), 0
    for _ in range(5):
        running = start(data, out)
        time.sleep(chance.uniform(0.3, min(1.5, finished[1])))
        running.send_signal(signal.SIGINT)
        sent = time.perf_counter()
        _, said = running.communicate()
        assert time.perf_counter() - sent < 2
        assert running.returncode in (Exit.INTERRUPTED, -signal.SIGINT, Exit.CLEAN), said
        interrupted += running.returncode == Exit.INTERRUPTED
        assert names(out) == before and whole(out)
    assert interrupted


def test_one_audit_at_a_time_in_a_folder(data: Path, out: Path) -> None:
    first = start(data, out)
    while not any(name.startswith(".audit-") for name in names(out)):
        assert first.poll() is None
        time.sleep(0.01)
    second = subprocess.run(command(data, out), capture_output=True, text=True)
    assert second.returncode == Exit.ENVIRONMENT and "另一次审计" in second.stderr
    assert first.wait() == Exit.CLEAN and whole(out)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "小 磁盘"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        not mount
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True).returncode
    ):
        pytest.skip("a small disk cannot be mounted here (not root)")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(data: Path, small_disk: Path) -> None:
    done = subprocess.run(command(data, small_disk / "结果"), capture_output=True, text=True)
    assert done.returncode == Exit.ENVIRONMENT
    assert "空间" in done.stderr and len(done.stderr.splitlines()) == 1
    assert not names(small_disk)


def test_input_may_be_read_only(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "只读"
    shutil.copytree(data, folder)
    for path in (*folder.iterdir(), folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    done = subprocess.run(command(folder, tmp_path / "out"), capture_output=True, text=True)
    assert done.returncode == Exit.CLEAN, done.stderr
    assert names(folder) == names(data)
    folder.chmod(0o700)


def test_a_failed_audit_leaves_no_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "空.csv").write_bytes(b"")
    done = subprocess.run(command(tmp_path / "空.csv", tmp_path / "out"), capture_output=True)
    assert done.returncode == Exit.UNAUDITABLE
    assert not (tmp_path / "out").exists()
