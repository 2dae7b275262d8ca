"""One writer a file: `write(report, path)`. A writer sees the Report and nothing else, and may give back what the user
has to be told. Each is imported when it is wanted: their libraries take a tenth of a second and more."""

from collections.abc import Callable, Collection
from pathlib import Path

from auditor.render.papers import BOOK, DOCX, HTML, JSON, PDF, Unprintable
from auditor.report import Report
from auditor.words import Words

__all__ = ["ALWAYS", "FORMATS", "PDF", "Unprintable", "Write", "prepare", "writers"]

Write = Callable[[Report, Path], Words | None]
ALWAYS = JSON  # whatever papers are chosen


def _json(report: Report, path: Path) -> None:
    from auditor.render import to_json

    to_json.write(report, path)


def _html(report: Report, path: Path) -> None:
    from auditor.render import to_html

    to_html.write(report, path)


def _pdf(report: Report, path: Path) -> Words | None:
    from auditor.render import to_pdf

    return to_pdf.write(report, path)


def _xlsx(report: Report, path: Path) -> None:
    from auditor.render import to_xlsx

    to_xlsx.write(report, path)


def _docx(paper: str) -> Write:
    def write(report: Report, path: Path) -> None:
        from auditor.render import to_docx

        to_docx.write(paper, report, path)

    return write


FORMATS: dict[str, Write] = {
    JSON: _json,
    HTML: _html,
    PDF: _pdf,
    BOOK: _xlsx,
    **{f"{paper}.docx": _docx(paper) for paper in DOCX},
}


def prepare(lang: str, papers: Collection[str]) -> None:
    """Import what writes the papers, and compile their templates: it may be done while an engine works."""
    if HTML in papers:
        from auditor.render import to_html

        to_html.prepare(lang)
    if named := [paper for paper in DOCX if f"{paper}.docx" in papers]:
        from auditor.render import to_docx

        to_docx.prepare(lang, named)
    if BOOK in papers:
        from auditor.render import to_xlsx  # noqa: F401


def writers(chosen: Collection[str] | None = None, fonts: Path | None = None) -> dict[str, Write]:
    """The writers of all papers, or of those `chosen` by name; `fonts`: a folder of fonts beside the system's.
    Raises Unprintable where report.pdf is chosen and there is no font to set it in."""
    made = {name: write for name, write in FORMATS.items() if chosen is None or name in chosen or name == ALWAYS}
    if PDF in made:
        from auditor.render.glyphs import Fonts
        from auditor.render.to_pdf import Writer

        made[PDF] = pdf = Writer(Fonts(fonts), strict=chosen is not None)
        if pdf.strict:
            pdf.check()
    return made
