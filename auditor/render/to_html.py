"""report.html: one offline file."""

from pathlib import Path

from auditor.report import Report


def write(report: Report, path: Path) -> None:
    path.write_text("", encoding="utf-8")
