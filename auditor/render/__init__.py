"""One writer a file: `write(report, path)`. A writer sees the Report and nothing else, and may give back what the user
has to be told."""

from collections.abc import Callable, Collection
from pathlib import Path

from auditor.render import to_docx, to_html, to_json, to_pdf, to_xlsx
from auditor.render.glyphs import Fonts
from auditor.render.to_pdf import Unprintable
from auditor.report import Report
from auditor.words import Words

__all__ = ["ALWAYS", "FORMATS", "PDF", "Unprintable", "Write", "prepare", "writers"]

Write = Callable[[Report, Path], Words | None]
PDF = "report.pdf"  # asks for fonts, which a machine may lack
ALWAYS = "report.json"  # whatever papers are chosen


def prepare(lang: str) -> None:
    """Compile the templates: it may be done while an engine works."""
    to_html.prepare(lang)
    to_docx.prepare(lang)


FORMATS: dict[str, Write] = {
    "report.json": to_json.write,
    "report.html": to_html.write,
    "report.pdf": to_pdf.write,
    "workpapers.xlsx": to_xlsx.write,
    **{f"{paper}.docx": to_docx.writer(paper) for paper in to_docx.PAPERS},
}


def writers(chosen: Collection[str] | None = None, fonts: Path | None = None) -> dict[str, Write]:
    """The writers of all papers, or of those `chosen` by name; `fonts`: a folder of fonts beside the system's.
    Raises Unprintable where report.pdf is chosen and there is no font to set it in."""
    made = {name: write for name, write in FORMATS.items() if chosen is None or name in chosen or name == ALWAYS}
    if PDF in made:
        made[PDF] = pdf = to_pdf.Writer(Fonts(fonts), strict=chosen is not None)
        if pdf.strict:
            pdf.check()
    return made
