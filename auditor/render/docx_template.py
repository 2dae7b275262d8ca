"""How the Word templates came to be: `python -m auditor.render.docx_template` builds reports/docx/*.docx from the
readable *.txt and styles.toml beside them. No audit runs it: a template may just as well be changed in Word.

A paper is a text file of one block a line; an indented `en:` line below holds its English.

    kind: gov                           the page and the styles, of styles.toml
    Style: text                         a paragraph; the text may hold Jinja
    {% if … %}                          a paragraph of its own, or in a table a row of its own, that docxtpl takes away
    table: 20 30 15r                    a table: widths of its columns and how they stand (r right, c centred, k code)
    head: a ¦ b                         its head, repeated on every page; then row:, total: and, in forms, field 30:
    end:                                30 the least height in mm, cells with * are labels, >2 spans two columns
    toc:                                a table of contents of the headings
    include: name                       the blocks of another file
"""

import re
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from auditor.content import folder
from auditor.render import docx_parts
from auditor.words import LANGUAGES

EPOCH = (1980, 1, 1, 0, 0, 0)  # of the members of an archive, so that its bytes do not depend on the clock
PAGE = 210, 297
_ALIGN = {"r": "CellNumber", "c": "CellMid", "k": "CellCode", "": "Cell"}
_BLOCK = re.compile(r"([A-Za-z][\w-]*)(?: (\d+))?:(?: (.*))?")


@dataclass
class Block:
    """One block: what it is, a number behind the name, its text by language, and the blocks of a table."""

    kind: str
    number: int
    text: dict[str, str]
    inside: list["Block"] = field(default_factory=list)


def names() -> list[str]:
    """The papers: the definitions that say their kind."""
    found = sorted(folder("reports").joinpath("docx").glob("*.txt"))
    return [path.stem for path in found if path.read_text(encoding="utf-8").startswith("kind:")]


def build(name: str, lang: str) -> bytes:
    """The template of a paper in a language. Raises ValueError for a definition that cannot be read."""
    first, *blocks = _read(name)
    return _Template(first.text["zh"], lang).document(blocks)


def _read(name: str) -> list[Block]:
    path = folder("reports") / "docx" / f"{name}.txt"
    top: list[Block] = []
    into = top
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        if said.startswith("{%"):
            into.append(Block("tag", 0, dict.fromkeys(LANGUAGES, said)))
            continue
        found = _BLOCK.fullmatch(said)
        if not found:
            raise ValueError(f"{path.name}:{at}: not a block: {said[:40]}")
        kind, number, text = found[1], int(found[2] or 0), (found[3] or "")
        if kind == "include":
            into += _read(text)
        elif kind == "en":
            into[-1].text["en"] = text
        elif kind == "end":
            into = top
        else:
            into.append(Block(kind, number, dict.fromkeys(LANGUAGES, text)))
            if kind == "table":
                into = top[-1].inside
    return top


@cache
def _look() -> dict[str, Any]:
    return tomllib.loads((folder("reports") / "docx" / "styles.toml").read_text(encoding="utf-8"))


class _Template:
    """A template in the making. English has no official form of its own: it is set like the firm's paper."""

    def __init__(self, kind: str, lang: str) -> None:
        self.lang, self.page = lang, _look()[kind]
        looks = _look()["firm" if lang == "en" and kind == "gov" else kind]["styles"]
        self.styles = _look()[kind]["styles"] | looks | _look()["all"]["styles"]
        self.grid = self.page.get("grid") if lang == "zh" else None
        margins = self.page["margins"]
        self.width = docx_parts.twips(PAGE[0] - margins["left"] - margins["right"])
        self.levels = _look()["levels"][lang]
        self._headings = 0
        self._hint = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>' if lang == "zh" else ""

    def document(self, blocks: list[Block]) -> bytes:
        said = [text for block in blocks if block.kind == "Heading1" for text in [block.text[self.lang]]]
        body = "".join(part for block in blocks for part in self._block(block, said))
        title = next(block.text[self.lang] for block in blocks if block.kind == "Title")
        parts = docx_parts.parts(self.page, self.styles, _look()["fonts"], self.grid, self.levels, self.lang, title)
        parts["word/document.xml"] = docx_parts.document(body, self.page, self.grid, PAGE)
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                member = zipfile.ZipInfo(name, EPOCH)
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, text)
        return out.getvalue()

    def _block(self, block: Block, headings: list[str]) -> Iterator[str]:
        text = block.text[self.lang]
        if block.kind == "table":
            yield self._table(block)
            yield self._paragraph("Gap", "")  # or Word makes one table of two
        elif block.kind == "tag":
            yield self._paragraph("Normal", re.sub(r"^\{%-?", "{%p", text))
        elif block.kind == "toc":
            yield from self._contents(headings)
        elif block.kind not in self.styles:
            raise ValueError(f"no style {block.kind}: {text[:40]}")
        elif block.kind == "Heading1":
            self._headings += 1
            yield self._paragraph(block.kind, text, f"_Toc{self._headings:04}")
        else:
            yield self._paragraph(block.kind, text)

    def _paragraph(self, style: str, text: str, mark: str = "") -> str:
        run = f'<w:r>{self._hint}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
        if mark:
            number = int(mark[4:])
            run = f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/>{run}<w:bookmarkEnd w:id="{number}"/>'
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'

    def _contents(self, headings: list[str]) -> Iterator[str]:
        """A field that Word renews on F9, with what it shows until then; without page numbers, which only a word
        processor knows."""
        for at, text in enumerate(headings, 1):
            number = self._number(at)
            begin = docx_parts.field_begin(r'TOC \o "1-1" \n \h \z \u') if at == 1 else ""
            end = docx_parts.FIELD_END if at == len(headings) else ""
            run = f'<w:r>{self._hint}<w:t xml:space="preserve">{escape(number + text)}</w:t></w:r>'
            link = f'<w:hyperlink w:anchor="_Toc{at:04}" w:history="1">{run}</w:hyperlink>'
            yield f'<w:p><w:pPr><w:pStyle w:val="Toc1"/></w:pPr>{begin}{link}{end}</w:p>'

    def _number(self, at: int) -> str:
        """What Word puts before the heading: 1 → 一、 and 12 → 十二、 or 12."""
        digits, (_, shown, behind) = _look()["numerals"], self.levels[0]
        numeral = digits[at - 1] if at <= 10 else digits[9] + digits[at - 11]
        said = str(shown.replace("%1", numeral if self.lang == "zh" else str(at)))
        return said + ("" if behind == "nothing" else " ")

    def _table(self, block: Block) -> str:
        columns = re.findall(r"(\d+)([rck]?)", block.text[self.lang])
        wanted = [int(width) for width, _ in columns]
        ends = [round(self.width * sum(wanted[: at + 1]) / sum(wanted)) for at in range(len(wanted))]
        widths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
        kinds = [kind for _, kind in columns]
        rows = "".join(self._row(row, widths, kinds) for row in block.inside)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        return f"<w:tbl>{docx_parts.table_properties(self.width)}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"

    def _row(self, row: Block, widths: list[int], kinds: list[str]) -> str:
        text = row.text[self.lang]
        if row.kind == "tag":
            text = f">{len(widths)} " + re.sub(r"^\{%-?", "{%tr", text)
        cells, at = [], 0
        for said in text.split("¦"):
            span, said = re.fullmatch(r"\s*(?:>(\d+)(?= |$))?\s*(.*?)\s*", said).groups()  # type: ignore[union-attr]
            wide, label = int(span or 1), said.startswith("*")
            style = {"head": "CellHead", "total": "CellTotal", "field": "Field", "tag": "Cell"}.get(
                row.kind, _ALIGN[kinds[at] if wide == 1 else ""]
            )
            if label:
                style = "FieldHead" if row.kind == "field" else "CellHead"
            paragraphs = "".join(self._paragraph(style, part.strip()) for part in said.removeprefix("*").split("⏎"))
            shaded = label or row.kind == "head"
            middle = row.kind in ("head", "field", "total")
            cells.append(docx_parts.cell(sum(widths[at : at + wide]), wide, paragraphs, shaded, middle))
            at += wide
        if at != len(widths):
            raise ValueError(f"{at} cells in {len(widths)} columns: {text[:60]}")
        return docx_parts.row("".join(cells), row.kind == "head", row.number)


def main() -> None:
    for name in names():
        for lang in LANGUAGES:
            Path(folder("reports") / "docx" / f"{name}.{lang}.docx").write_bytes(build(name, lang))


if __name__ == "__main__":
    main()
