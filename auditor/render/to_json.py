"""report.json: the Report itself, keys in the order of the contract."""

import json
from pathlib import Path

from auditor.report import Report


def write(report: Report, path: Path) -> None:
    path.write_text(json.dumps(report.json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
