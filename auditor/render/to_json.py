"""report.json: the Report itself, keys in the order of the contract."""

import json
from pathlib import Path
from typing import Any

from auditor.report import Report


def write(report: Report, path: Path) -> None:
    path.write_text(_lines(report.json(), "\n") + "\n", encoding="utf-8")


def _lines(value: Any, new: str) -> str:
    """JSON with a line for each entry of the outer objects and of the lists in them. (An indented dump of everything
    is left to Python's slow writer, and tells no more.)"""
    if value and isinstance(value, dict) and len(new) < 3:
        entries = [f"{_plain(key)}: {_lines(entry, new + ' ')}" for key, entry in value.items()]
        return "{" + ",".join(f"{new} {entry}" for entry in entries) + new + "}"
    if value and isinstance(value, list):
        return "[" + ",".join(f"{new} {_plain(entry)}" for entry in value) + new + "]"
    return _plain(value)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
