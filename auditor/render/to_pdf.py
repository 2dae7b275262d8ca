"""report.pdf: the frozen report for its addressee, set by typst from `reports/typst`. Its text is handed over as JSON
and stays text; which fonts have its characters is looked at first."""

import datetime as dt
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from auditor.content import folder
from auditor.render.blocks import Json, Paper, characters, finish, hidden, labels, spelled
from auditor.render.glyphs import Fonts
from auditor.render.paper_words import Words
from auditor.render.papers import Unprintable
from auditor.render.pdf_first import First
from auditor.render.pdf_rest import Rest
from auditor.render.pdf_rules import Rules
from auditor.report import Report
from auditor.words import LANGUAGES, Phrase, phrase, table

STANDARDS: list[Any] = ["a-2a", "ua-1"]  # to be kept, and to be read aloud
CODE = "DejaVu Sans Mono"  # typst brings it along
_MOST = 20  # characters and families that a sentence names
_SPELLING = "+0123456789ABCDEFU\u00b7."  # code points, the marker of lists, the dots of contents


@dataclass(frozen=True)
class Writer:
    """Writes report.pdf with the fonts of the machine and of a folder. `strict`: rather none than one in which a
    character stands as its code point."""

    fonts: Fonts
    strict: bool = False

    def check(self) -> None:
        """Raises Unprintable where the fonts have not even the characters of our own words."""
        lacking = self.fonts.choose(_own()).missing
        if lacking:
            raise Unprintable(self._said("paper.no_fonts", lacking, 3))

    def __call__(self, report: Report, path: Path) -> Phrase | None:
        """What the user has to be told. Raises Unprintable."""
        self.check()
        paper = _compose(report, "")
        used = characters(paper) | set(_SPELLING) | _words(report.run["lang"], "pdf")
        unseen = hidden("".join(used))
        chosen = self.fonts.choose("".join(used - unseen))
        if chosen.missing and self.strict:
            raise Unprintable(self._said("paper.characters", chosen.missing))
        if replaced := "".join(sorted(unseen)) + chosen.missing:
            paper = _compose(report, replaced)
        heads = self.fonts.heads()
        paper["fonts"] = {
            "body": chosen.families,
            "heads": [*filter(None, [heads]), *chosen.families],
            "code": [CODE, *chosen.families],
        }
        path.write_bytes(_set(_finished(paper, replaced), self.fonts))
        return self._said("paper.spelled", chosen.missing) if chosen.missing else None

    def _said(self, key: str, missing: str, most: int = _MOST) -> Phrase:
        named: list[object] = [f"U+{ord(one):04X} {one}" for one in missing[:most]]
        if len(missing) > most:
            named.append(phrase("paper.in_all", count=len(missing)))
        families: list[object] = list(self.fonts.families[:_MOST]) or [phrase("paper.no_family")]
        if len(self.fonts.families) > _MOST:
            families.append(phrase("paper.in_all", count=len(self.fonts.families)))
        return phrase(key, characters=named, families=families)


def write(report: Report, path: Path) -> Phrase | None:
    """report.pdf with the fonts of the system."""
    return Writer(Fonts())(report, path)


@cache
def _words(lang: str, section: str) -> frozenset[str]:
    return frozenset().union(*(said[lang] for said in table()[section].values()))


@cache
def _own() -> str:
    """The ideographs of our own words: a font without them is none for a Chinese paper."""
    said = "".join(words[LANGUAGES[0]] for part in table().values() for words in part.values())
    return "".join(sorted(set(re.findall(r"[\u4e00-\u9fff]", said))))


def _compose(report: Report, replaced: str) -> Json:
    """The paper as the template takes it, but for its fonts. `replaced`: characters that are spelled out."""
    words = Words(report.run["lang"])
    w: Any = words.sections
    first, paper = Paper(), Paper()
    First(report, words, first).page(replaced)
    First(report, words, paper).conclusion()
    rules, rest = Rules(report, words, paper), Rest(report, words, paper)
    rules.clauses()
    rules.overview()
    rules.chapter("breaches", "breach")
    rules.chapter("leads", "lead")
    rules.priority()
    rest.claims()
    rest.data()
    rules.quality()
    rest.undone()
    rest.method()
    rest.sql()
    day = report.policy["period_to"]  # a date of the notice: a clock would change the bytes
    title = f"{w.title.paper} · {report.policy['title']}"
    before, rest_of = w.book.footer.split("{page}")
    between, after = rest_of.split("{pages}")
    lang, _, region = w.page.lang.partition("-")
    return {
        "title": title, "name": w.title.paper, "running": title, "spelled": w.pdf.spelled,
        "notice": w.page.mark.format(text=report.policy["title"]),
        "edition": getattr(w.edition, report.run["edition"]), "contents": w.page.contents,
        "footer": [before, between, after], "numbering": [w.pdf.number_part, w.pdf.number_section],
        "lang": lang, "region": region or None,
        "date": {"year": day // 10_000, "month": day // 100 % 100, "day": day % 100},
        "keywords": [report.policy["id"], f"training-auditor {report.run['version']}"],
        "first": first.blocks, "blocks": paper.blocks,
    }  # fmt: skip


def _finished(paper: Json, replaced: str) -> Json:
    """The paper without a character that cannot be seen or a word that cannot be parted."""
    known = labels(paper["blocks"])
    said = ("running", "notice", "edition", "first", "blocks")
    spelling = spelled(replaced, paper["spelled"])
    made = {name: finish(paper[name], spelling, known) for name in said}
    return paper | made | {"title": paper["title"].translate(spelling)}


def _set(paper: Json, fonts: Fonts) -> bytes:
    import typst

    place = folder("reports") / "typst"
    try:
        made = typst.compile(
            str(place / "report.typ"), root=str(place), font_paths=fonts.found, format="pdf", pdf_standards=STANDARDS,
            sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)}, timestamp=_moment(paper["date"]),
        )  # fmt: skip
    except typst.TypstError as error:  # its text may quote a row
        raise Unprintable(phrase("paper.typst")) from error
    return bytes(made)


def _moment(day: dict[str, int]) -> int:
    """A day as seconds since 1970."""
    return int(dt.datetime(**day, tzinfo=dt.UTC).timestamp())
