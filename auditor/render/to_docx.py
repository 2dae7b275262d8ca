"""report.docx, report-firm.docx, the companion forms and diff.docx: Word templates of reports/docx, filled by docxtpl.
A template opened and changed in Word is filled in just the same."""

import re
import zipfile
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from auditor.content import folder
from auditor.render.compiled import Compiled
from auditor.render.docx_view import PaperWords, view
from auditor.render.paper_words import SENTENCE, day
from auditor.render.papers import DOCX
from auditor.report import Report

REVIEW = "review"  # of auditor diff
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of the members of the archive: a clock would change the bytes
_FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml|docProps/core\.xml")
_PROPERTIES = "docProps/core.xml"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_CONTROL: dict[int, int | str] = {**{code: 0x2400 + code for code in range(32)}, 9: " ", 10: 10, 0x7F: 0x2421}
_HIDDEN = re.compile("[\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')


def write(paper: str, report: Report, path: Path) -> None:
    """One of the papers DOCX in the language of the Report. Raises OSError when the file cannot be written."""
    fill(paper, report.run["lang"], view(report), report.policy["period_to"], path)


def fill(paper: str, lang: str, context: dict[str, Any], dated: int, path: Path) -> None:
    """Write a paper; `dated`: the day of its properties, of the notice rather than of a clock. Raises OSError."""
    members, filled = _template(paper, lang)
    date = f"{day(dated)}T00:00:00Z"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            if name in filled:
                content = filled[name].render(context)
            if name == _PROPERTIES:
                content = _DATE.sub(date, content if isinstance(content, str) else content.decode())
            archive.writestr(member, content)


def prepare(lang: str, papers: Iterable[str] = DOCX) -> None:
    for paper in papers:
        _template(paper, lang)


@cache
def _template(paper: str, lang: str) -> tuple[dict[str, bytes | str], dict[str, Template]]:
    """The members of a template, and those among them that are filled, compiled."""
    path = folder("reports") / "docx" / f"{paper}.{lang}.docx"
    with zipfile.ZipFile(path) as archive:
        members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    filled = {
        name: _compiled(path, name, content.decode(), _environment(lang))
        for name, content in members.items()
        if isinstance(content, bytes) and _FILLED.fullmatch(name) and (b"{{" in content or b"{%" in content)
    }
    return members, filled


def _compiled(path: Path, name: str, content: str, environment: Environment) -> Template:
    """A member of the template at `path`. docxtpl is needed the first time only, which takes long."""
    cache = Compiled(path.parent)
    bucket = cache.get_bucket(environment, f"{path.name}/{name}", None, version("docxtpl") + content)
    if bucket.code is None:
        from docxtpl import DocxTemplate

        bucket.code = environment.compile(DocxTemplate(path).patch_xml(content), name)
        cache.set_bucket(bucket)
    return Template.from_code(environment, bucket.code, environment.make_globals(None))


@cache
def _environment(lang: str) -> Environment:
    words = PaperWords(lang)

    def shown(value: object) -> Markup:
        """A value as text of the paper: shortened, visible and inert, whatever stands in it."""
        if not isinstance(value, str | int):
            raise TypeError(f"no text: {value!r}")
        text = words.shorten(str(value), SENTENCE).translate(_CONTROL)
        text = _HIDDEN.sub("\ufffd", text)
        safe = str(escape(text)).replace("{", "&#123;").replace("}", "&#125;")
        return Markup(safe.replace("\n", _BREAK))

    return Environment(autoescape=True, undefined=StrictUndefined, finalize=shown)
