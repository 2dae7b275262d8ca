"""One writer a file: `write(report, path)`. A writer sees the Report and nothing else."""

from collections.abc import Callable
from pathlib import Path

from auditor.render import to_docx, to_html, to_json, to_xlsx
from auditor.report import Report


def prepare(lang: str) -> None:
    """Compile the templates: it may be done while an engine works."""
    to_html.prepare(lang)
    to_docx.prepare(lang)


FORMATS: dict[str, Callable[[Report, Path], None]] = {
    "report.json": to_json.write,
    "report.html": to_html.write,
    "workpapers.xlsx": to_xlsx.write,
    **{f"{paper}.docx": to_docx.writer(paper) for paper in to_docx.PAPERS},
}
