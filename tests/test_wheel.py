"""The wheel, built, put in a place of its own and used from elsewhere: nothing of the checkout may be missing there."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ALL_PAPERS = True  # see conftest.py

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path, path: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"PYTHONIOENCODING": "utf-8"} | ({"PYTHONPATH": str(path)} if path else {})
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    offline = ("--no-deps", "--no-index", "--disable-pip-version-check", "--quiet")
    run("-m", "pip", "install", *offline, "--target", target, wheel, cwd=target)
    return target


def test_the_wheel_holds_all_content_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {"auditor": "auditor", "schemas": "auditor/schemas", "reports": "auditor/reports"}
    expected = {
        f"{inside}/{path.relative_to(ROOT / part).as_posix()}"
        for part, inside in wanted.items()
        for path in (ROOT / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == expected
    for folder, suffix in (("rules", ".sql"), ("facts", ".sql"), ("policies", ".toml"), ("schemas", ".toml")):
        assert any(name.startswith(f"auditor/{folder}/") and name.endswith(suffix) for name in held)


def test_the_installed_wheel_audits_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    said = run("-c", "import auditor; print(auditor.__file__)", cwd=tmp_path, path=installed)
    assert Path(said.strip()).is_relative_to(installed)
    run("-m", "auditor", "demo", "--out", "数据", "--learners", "6", cwd=tmp_path, path=installed)
    run("-m", "auditor", "audit", "数据", "--policy", "taicang-2021", "--out", "报告", cwd=tmp_path, path=installed)
    assert "</html>" in (tmp_path / "报告" / "report.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "报告" / "report.json").read_text(encoding="utf-8"))["people"]["claimed"] > 0
    assert (installed / "bin" / "auditor").exists() or os.name == "nt"
