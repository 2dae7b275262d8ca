"""manifest.json: what an audit read, by what it was made and what it wrote, each with its SHA-256: enough to find any
changed byte, and to run the audit once more."""

import hashlib
import json
import os
import platform
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from auditor import __version__, fact, mask, rule
from auditor.content import PACKAGE, folder
from auditor.fault import because, unauditable
from auditor.intake.files import digest
from auditor.policy import Policy
from auditor.report import Report
from auditor.words import Words, word
from auditor.workplace import MANIFEST

SEAL = "manifest"  # the last key: the SHA-256 of the text of all the others
# The packages whose versions decide the bytes of a paper.
_PACKAGES = (
    *("duckdb", "polars", "pyarrow", "pandera", "numpy", "chinesecalendar", "python-calamine"),
    *("jinja2", "xlsxwriter", "docxtpl", "python-docx", "lxml", "typst", "fonttools"),
)
_NO_OPTIONS = ("run", "data", "policy", "out", "history_out", "threads", "json", "fail_on")  # decide nothing written
Json = dict[str, Any]


def options(given: Mapping[str, Any]) -> Json:
    """The options of a command as the manifest keeps them: name → value, of a file its name, SHA-256 and bytes. A file
    that cannot be read is for the audit to say; a folder (of fonts) is the machine's."""
    kept = {
        name: [_kept(one) for one in value if _keeps(one)] if isinstance(value, list) else _kept(value)
        for name, value in sorted(given.items())
        if name not in _NO_OPTIONS and _keeps(value)
    }
    return {name: value for name, value in kept.items() if value != []}


def _keeps(value: Any) -> bool:
    if isinstance(value, Path):
        return value.is_file() and os.access(value, os.R_OK)
    return value not in (None, False)


def _kept(value: Any) -> Any:
    if not isinstance(value, Path):
        return value
    return {"file": mask.text(value.name, 200), "sha256": digest(value), "bytes": value.stat().st_size}


def made_by(policy: Policy) -> Json:
    """What an audit under `policy` is made by: versions, and the SHA-256 of the program and of all that it reads."""
    rules = {f"rules/{name}.sql": digest(rule.FOLDER / f"{name}.sql") for name in policy.rules}
    facts = {f"facts/{name}.sql": digest(fact.FOLDER / f"{name}.sql") for name in fact.catalogue()}
    return {
        "version": __version__,
        "program": _program(),
        "packages": {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
        "policy": {f"policies/{policy.path.name}": digest(policy.path)},
        "rules": rules | facts,
        "content": {name: sha for part in ("schemas", "reports") for name, sha in _files(part).items()},
    }


def write(
    work: Path, papers: Sequence[Path], policy: Policy, report: Report, asked: Json, dates: str | None,
    threads: int | None, laps: Mapping[str, float], remarks: Mapping[str, Words],
) -> None:  # fmt: skip
    """manifest.json in `work`, over the finished `papers`. `asked`: `options` of the command; `laps`: seconds by stage,
    which are nowhere else; `remarks`: what is to be said of papers, or of their absence."""
    body = {
        "command": "audit",
        "edition": report.run["edition"],
        "lang": report.run["lang"],
        "inputs": {entry["file"]: entry["sha256"] for entry in report.inputs},
        "options": asked,
        "overrides": report.run["overrides"],
        "dates": dates,
        **made_by(policy),
        "outputs": hashes(papers),
        "remarks": {name: word(remark, report.run["lang"]) for name, remark in remarks.items()},
        "threads": threads or os.cpu_count(),
        "seconds": dict(laps),
    }
    save(work, body)


def hashes(papers: Sequence[Path]) -> dict[str, str]:
    """Name → SHA-256."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip([path.name for path in papers], pool.map(digest, papers), strict=True))


def save(folder: Path, body: Json) -> None:
    (folder / MANIFEST).write_bytes(_sealed(body))


def read(folder: Path) -> tuple[Json, bool]:
    """The manifest of a folder, and whether it is byte for byte the one that was written. Raises Fault where there is
    none or it cannot be read."""
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise unauditable("no_manifest", path=folder, error=because(error)) from error
    try:
        body = json.loads(raw)
        seal = body.pop(SEAL)
        outputs, inputs = body["outputs"], body["inputs"]
        well = all(isinstance(value, str) for value in (seal, *outputs.values(), *inputs.values()))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise unauditable("broken_manifest", path=path) from error
    if not well:
        raise unauditable("broken_manifest", path=path)
    return body, _sealed(body) == raw


def _sealed(body: Json) -> bytes:
    return _text(body | {SEAL: hashlib.sha256(_text(body)).hexdigest()})


def _text(body: Json) -> bytes:
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


@cache
def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@cache
def _program() -> str:
    """The SHA-256 of every module, with its place."""
    sha = hashlib.sha256()
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".toml")):
        place = path.relative_to(PACKAGE)
        if place.parts[0] not in ("policies", "schemas", "reports"):
            sha.update(f"{place.as_posix()} {digest(path)}\n".encode())
    return sha.hexdigest()


@cache
def _files(part: str) -> dict[str, str]:
    place = folder(part)
    paths = sorted(path for path in place.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    return {f"{part}/{path.relative_to(place).as_posix()}": digest(path) for path in paths}
