"""The XML of a Word document that no sentence stands in: styles, fonts, numbering, pages, frames of tables."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

Look = dict[str, Any]
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ROOT = f'xmlns:w="{SPACE}" xmlns:r="{_OFFICE}"'
_LATIN = "Times New Roman"
_BUILT_IN = {"Normal", "Title", "Quote", "Body Text", "List Bullet", "Signature", "TOC Heading"}  # names Word knows
FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def twips(mm: float) -> int:
    return round(mm / 25.4 * 1440)


def parts(
    page: Look, styles: Look, fonts: Look, grid: Look | None, levels: list[list[str]], lang: str, title: str
) -> dict[str, str]:  # fmt: skip
    """Every part of a template but its text, by name."""
    feet = ["footer1.xml", "footer2.xml"] if page.get("duplex") else ["footer1.xml"]
    kinds = {"document": "document.main", "styles": "styles", "settings": "settings", "fontTable": "fontTable",
             "numbering": "numbering"} | {foot.removesuffix(".xml"): "footer" for foot in feet}  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'wordprocessingml.{kind}+xml"/>' for name, kind in kinds.items()
    )  # fmt: skip
    beside = [name for name in kinds if name != "document"]
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kinds[name]}" Target="{name}.xml"/>'
        for at, name in enumerate(beside, 1)
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{overrides}<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" '
        f'Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        "</Relationships>",
        "docProps/core.xml": core(title, "2000-01-01"),
        "word/styles.xml": _styles(styles, fonts, lang),
        "word/numbering.xml": _numbering(levels),
        "word/fontTable.xml": _fonts(fonts),
        "word/settings.xml": _settings(bool(page.get("duplex")), lang),
        **{f"word/{foot}": _footer(page["footer"], even) for foot, even in zip(feet, (False, True), strict=False)},
    }  # fmt: skip


def core(title: str, day: str) -> str:
    """docProps/core.xml: a title, and a day (yyyy-mm-dd) that stands for the clock."""
    names = f'xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    names += ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
    )
    head = f"{_HEAD}<cp:coreProperties {names}><dc:title>{escape(title)}</dc:title>"
    return f"{head}<dc:creator>training-auditor</dc:creator>{dates}</cp:coreProperties>"


def document(body: str, page: Look, grid: Look | None, size: tuple[int, int]) -> str:
    margins = {name: twips(value) for name, value in page["margins"].items()}
    feet = ["default", "even"] if page.get("duplex") else ["default"]
    references = "".join(f'<w:footerReference w:type="{foot}" r:id="rId{5 + at}"/>' for at, foot in enumerate(feet))
    sides = " ".join(f'w:{side}="{margins[side]}"' for side in ("top", "right", "bottom", "left", "footer"))
    lines = ""
    if grid:
        pitch = (twips(size[1]) - margins["top"] - margins["bottom"]) // grid["lines"]
        lines = f'<w:docGrid w:type="lines" w:linePitch="{pitch}"/>'
    return (
        f"{_HEAD}<w:document {_ROOT}><w:body>{body}<w:sectPr>{references}<w:pgSz "
        f'w:w="{twips(size[0])}" w:h="{twips(size[1])}"/><w:pgMar {sides} w:header="{margins["footer"]}" w:gutter="0"/>'
        f"{lines}</w:sectPr></w:body></w:document>"
    )


def field_begin(code: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def table_properties(width: int) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(f'<w:{side} w:w="57" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        "</w:tblPr>"
    )


def cell(width: int, span: int, paragraphs: str, shaded: bool, middle: bool) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if shaded else ""
    stands = '<w:vAlign w:val="center"/>' if middle else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{shade}{stands}</w:tcPr>{paragraphs}</w:tc>'


def row(cells: str, head: bool, height: int) -> str:
    """A row that no page break splits; a head is repeated on every page."""
    tall = f'<w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/>' if height else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"


def _styles(styles: Look, fonts: Look, lang: str) -> str:
    body = styles["Normal"]
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{_font(fonts, body["font"])}<w:sz w:val="{round(body["size"] * 2)}"/>'
        f'<w:szCs w:val="{round(body["size"] * 2)}"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    )
    made = "".join(_style(name, look, fonts, body, lang) for name, look in styles.items())
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority '
        'w:val="99"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        "</w:style>"
    )
    return f"{_HEAD}<w:styles {_ROOT}>{defaults}{made}{table}</w:styles>"


def _font(fonts: Look, name: str) -> str:
    east = quoteattr(fonts[name]["name"])
    return f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia={east} w:cs="{_LATIN}"/>'


def _style(name: str, look: Look, fonts: Look, body: Look, lang: str) -> str:
    size = float(look.get("size") or body["size"])
    paragraph = "<w:keepNext/>" if look.get("keep") else ""
    paragraph += "<w:pageBreakBefore/>" if look.get("page") else ""
    if "number" in look:  # the level of a numbered heading
        paragraph += f'<w:numPr><w:ilvl w:val="{look["number"]}"/><w:numId w:val="1"/></w:numPr>'
    if look.get("bullet"):
        paragraph += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'
    if "rule" in look:
        paragraph += f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="6" w:color="{look["rule"]}"/></w:pBdr>'
    paragraph += '<w:snapToGrid w:val="0"/>' if look.get("grid") is False else ""
    spaces = [f'w:{side}="{round(look[side] * 20)}"' for side in ("before", "after") if side in look]
    if line := look.get("line"):
        spaces.append(f'w:line="{round(line * 20)}" w:lineRule="exact"')
    paragraph += f"<w:spacing {' '.join(spaces)}/>" if spaces else ""
    paragraph += _indent(look, size, lang)
    paragraph += f'<w:jc w:val="{look["align"]}"/>' if "align" in look else ""
    paragraph += f'<w:outlineLvl w:val="{look["level"]}"/>' if "level" in look else ""
    run = _font(fonts, look["font"]) if "font" in look else ""
    run += "<w:b/><w:bCs/>" if look.get("bold") else ""
    run += f'<w:color w:val="{look["color"]}"/>' if "color" in look else ""
    run += f'<w:spacing w:val="{round(look["pitch"] * 20)}"/>' if "pitch" in look else ""
    run += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if "size" in look else ""
    base = "" if name == "Normal" else '<w:basedOn w:val="Normal"/>'
    default = ' w:default="1"' if name == "Normal" else ""
    known = look.get("name", name)
    custom = "" if known in _BUILT_IN or known[0].islower() else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{default}{custom} w:styleId="{name}"><w:name w:val="{known}"/>'
        f"{base}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _indent(look: Look, size: float, lang: str) -> str:
    """Indents in characters, and in twips for programs that do not know them. English paragraphs have none."""
    first = look.get("indent", 0) if lang == "zh" else 0
    one = round(size * 20)
    said = [
        f'w:{side}Chars="{look[side] * 100}" w:{side}="{look[side] * one}"'
        for side in ("left", "right")
        if side in look
    ]
    if hang := look.get("hang", 0):
        said.append(f'w:hangingChars="{hang * 100}" w:hanging="{hang * one}"')
    elif first or "indent" in look:
        said.append(f'w:firstLineChars="{first * 100}" w:firstLine="{first * one}"')
    return f"<w:ind {' '.join(said)}/>" if said else ""


def _numbering(levels_of: list[list[str]]) -> str:
    """Of headings: how Word counts, what it shows, what stands behind the number."""
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="Heading{at + 1}"/>'
        f'<w:suff w:val="{behind}"/><w:lvlText w:val="{shown}"/><w:lvlJc w:val="left"/></w:lvl>'
        for at, (kind, shown, behind) in enumerate(levels_of)
    )
    return (
        f'{_HEAD}<w:numbering {_ROOT}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{levels}'
        '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
        '<w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="Bullet"/><w:suff w:val="space"/>'
        '<w:lvlText w:val="•"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )


def _fonts(fonts: Look) -> str:
    made = "".join(
        f'<w:font w:name={quoteattr(font["name"])}><w:altName w:val={quoteattr(font["alt"])}/><w:charset w:val="86"/>'
        '<w:pitch w:val="default"/></w:font>' for font in fonts.values()
    )  # fmt: skip
    return f"{_HEAD}<w:fonts {_ROOT}>{made}</w:fonts>"


def _settings(duplex: bool, lang: str) -> str:
    both = "<w:mirrorMargins/>" if duplex else ""
    even = "<w:evenAndOddHeaders/>" if duplex else ""
    spread = '<w:characterSpacingControl w:val="compressPunctuation"/>' if lang == "zh" else ""
    return (
        f'{_HEAD}<w:settings {_ROOT}><w:zoom w:percent="100"/>{both}<w:defaultTabStop w:val="420"/>{even}{spread}'
        '<w:compat><w:useFELayout/><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _footer(kind: str, even: bool) -> str:
    """— 1 — outside, a character away from the edge, as GB/T 9704 has it; or 1 / 9 in the middle."""

    def run(text: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'

    def page(code: str) -> str:
        return f"{field_begin(code)}{run('1')}{FIELD_END}"

    if kind == "dashes":
        side = "left" if even else "right"
        place = f'<w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>'
        shown = run("— ") + page("PAGE") + run(" —")
    else:
        place, shown = '<w:jc w:val="center"/>', page("PAGE") + run(" / ") + page("NUMPAGES")
    return f'{_HEAD}<w:ftr {_ROOT}><w:p><w:pPr><w:pStyle w:val="Footer"/>{place}</w:pPr>{shown}</w:p></w:ftr>'
