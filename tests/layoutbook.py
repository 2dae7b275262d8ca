"""The exports that are read, as a page made from the layouts: `python -m tests.layoutbook` writes docs/layouts*.md."""

from pathlib import Path

from auditor.layout import Form, catalogue
from auditor.schema import tables

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"zh": "layouts.zh-CN.md", "en": "layouts.md"}
WORDS = {
    "title": ("能直接读取的平台导出", "Exports of platforms that are read"),
    "intro": (
        "由 schemas/layouts/*.toml 生成，不要手工修改。按内容识别，与文件名、列的次序和多出的列无关；"
        "表头不计大小写、空格、连字符、斜线和括号里的话，下面印的就是去掉这些之后的样子。",
        "Made from schemas/layouts/*.toml; not to be edited by hand. They are recognised by what stands in them, "
        "whatever the file is called, whatever the order of the columns and whatever else stands beside them. "
        "Headers are compared, and printed here, in lower case, without blanks, dashes, slashes and bracketed remarks.",
    ),
    "source": ("写法出处", "Known from"),
    "table": ("读作", "Read as"),
    "fields": ("读取", "Fields"),
    "above": ("表头上方", "above the header"),
    "lacks": ("平台没有", "This platform cannot tell"),
    "unless": ("同一文件里另有逐次记录的，不读这张表", "Not read where the same file tells every join"),
    "note": ("说明", "Note"),
    "comma": ("、", ", "),
    "colon": ("：", ": "),
}


def page(language: str) -> str:
    """The whole page in Markdown."""
    w = {key: words[language == "en"] for key, words in WORDS.items()}
    lines = [f"# {w['title']}", "", w["intro"], ""]
    for one in catalogue().values():
        lines += [f"## {one.label[language]} `{one.id}`", "", f"{w['source']}{w['colon']}{one.source}", ""]
        for form in one.forms:
            lines += [f"### {form.label[language]} `{form.id}`", "", *_told(form, language, w), ""]
    return "\n".join(lines).rstrip() + "\n"


def _told(form: Form, language: str, w: dict[str, str]) -> list[str]:
    table = tables()[form.table]
    said = {"table": table.label[language], "fields": w["comma"].join(_fields(form, language, w))}
    if lacks := [table.columns[name].label[language] for name in form.lacks if name in table.columns]:
        said["lacks"] = w["comma"].join(lacks)
    if form.unless:
        said["unless"] = f"`{form.unless}`"
    if form.note:
        said["note"] = form.note[language]
    return [f"- **{w[name]}**{w['colon']}{words}" for name, words in said.items()]


def _fields(form: Form, language: str, w: dict[str, str]) -> list[str]:
    columns, headers = tables()[form.table].columns, dict(form.columns)
    headers |= form.wide.fields if form.wide else {}
    return [
        columns[name].label[language]
        + (f" ({', '.join(f'`{one}`' for one in headers[name].headers)})" if name in headers else f" ({w['above']})")
        for name in form.fields
    ]


def main() -> None:
    for language, name in PAGES.items():
        (DOCS / name).write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
