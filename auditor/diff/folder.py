"""The folder of an audit as `auditor diff` reads it."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from auditor import manifest
from auditor.fault import unauditable
from auditor.intake.files import digest
from auditor.report import Report
from auditor.workplace import MANIFEST

READ = ("report.json", "findings.parquet", "people.parquet", "claims.parquet")
Json = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One of the two folders; `seal`: the SHA-256 of its manifest."""

    folder: Path
    body: Json
    seal: str
    report: Report

    @property
    def full(self) -> bool:
        return bool(self.body["edition"] == "full")

    @property
    def inputs(self) -> list[str]:
        """What the people and their order rest on: the data, and how they are to be read."""
        return sorted(
            sha
            for name, sha in self.body["inputs"].items()
            if not name.startswith("--") or name.startswith("--mapping ")
        )

    def parquet(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"


def load(folder: Path) -> Side:
    """Raises Fault where the folder is none of an audit, or not as it was written."""
    body, whole = manifest.read(folder)
    if body.get("command") != "audit" or not set(READ) <= set(body["outputs"]):
        raise unauditable("diff_no_audit", path=folder)
    for name in READ:
        path = folder / name
        if not whole or not path.is_file() or digest(path) != body["outputs"][name]:
            raise unauditable("diff_changed", path=path if whole else folder / MANIFEST)
    told = json.loads((folder / "report.json").read_bytes())
    report = Report(**{part.name: told.get(part.name) for part in fields(Report) if part.name != "rows"})
    return Side(folder, body, digest(folder / MANIFEST), report)
