"""report.html: one offline file, from `reports/report.html.j2` and the words of one language, with its scripts."""

import datetime as dt
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from auditor import dossier
from auditor.content import folder
from auditor.render import explorer
from auditor.render.embedded import packed, source_hash
from auditor.render.page_parts import VERDICTS, employers, limits, listed, units, used
from auditor.report import Report
from auditor.words import table

LONGEST = 160  # characters of a text from the data that the page shows
NAME = 60  # of a name
SENTENCE = 1_000  # of a sentence of ours, with the texts it quotes
JUDGED = 200  # claims that people changed, and conclusions that match nothing
Json = dict[str, Any]
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates, kept as Python keeps its compiled modules: beside the source, where one may and wants to."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                Path(self.directory).mkdir(exist_ok=True)
                super().dump_bytecode(bucket)


def write(report: Report, path: Path) -> None:
    path.write_bytes(page(report).encode())


def prepare(language: str) -> None:
    environment = _environment(language)
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)


@cache
def _environment(language: str) -> Environment:
    words, content = Words(language), folder("reports")
    environment = Environment(
        loader=FileSystemLoader(content),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_Compiled(str(content / "__pycache__")),
    )
    environment.filters |= words.filters()
    environment.globals |= {
        "w": words.sections,
        "css": Markup(_joined([content / "report.css", *sorted((content / "html").glob("*.css"))])),
        "script": Markup(_joined(sorted((content / "html").glob("*.js")))),
        "NAME": NAME,
        "SENTENCE": SENTENCE,
        "JUDGED": JUDGED,
    }
    return environment


def _joined(files: list[Path]) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def page(report: Report, language: str | None = None) -> str:
    """The whole page. `language`: the words of the page, else that of the Report, whose sentences stay as they are."""
    rule_no = {rule["id"]: f"R-{place:02}" for place, rule in enumerate(report.rules, 1)}
    language = language or report.run["lang"]
    samples = {rule["id"]: listed(rule["sample"]) for rule in report.rules}
    return (
        _environment(language)
        .get_template("report.html.j2")
        .render(
            r=report,
            rules={rule["id"]: rule for rule in report.rules},
            rule_no=rule_no,
            found_at={
                (rule, finding["person_id"]): f"{rule_no[rule]}-{place:03}"
                for rule, sample in samples.items()
                for place, finding in reversed(list(enumerate(sample["rows"], 1)))
            },
            limits={rule["id"]: limits(rule) for rule in report.rules},
            samples=samples,
            employers=employers(report.employers),
            scored_at={row["person_id"]: f"S-{place:03}" for place, row in enumerate(report.priority["listed"], 1)},
            group_listed={row["group"] for row in report.groups["listed"]},
            used=used(report.rules),
            units=units(report.rules),
            blocks={
                name: packed(block)
                for name, block in (explorer.blocks(report, Words(language)) | dossier.blocks(report)).items()
            },
        )
    )


class Words:
    """The words of one language, and the filters that put numbers into them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.sections = SimpleNamespace(
            **{
                name: SimpleNamespace(**{key: said[language] for key, said in part.items()})
                for name, part in table().items()
            }
        )

    def filters(self) -> dict[str, Any]:
        return {
            "fill": fill, "yuan": yuan, "number": number, "day": day, "css_text": css_text, "anchor": anchor,
            "hms": self.hms, "amount": self.amount, "param": self.param, "cut": self.cut, "join_words": self.join,
            "places": self.places, "place": self.place, "zh": self.chinese, "class_hours": class_hours,
            "addition": addition, "source_hash": source_hash, "apart": self.apart, "fate": self.fate,
        }  # fmt: skip

    def fate(self, rule: Mapping[str, Any]) -> str:
        """What became of a rule that did not run as it should."""
        return str(getattr(self.sections.outcome, "awaiting" if rule["awaited"] else rule["outcome"]))

    def apart(self, money: Mapping[str, Any]) -> str:
        """What the money not supported consists of, where it is not that of the claims not supported alone."""
        beyond = {name: money[f"{name}_fen"] for name in ("excess", "partly")}
        if not any(beyond.values()):
            return ""
        refused = money["not_supported_fen"]
        parts = {"refused": refused, "whole": refused - sum(beyond.values()), **beyond}
        return str(self.sections.conclusion.excess.format(**{name: yuan(fen) for name, fen in parts.items()}))

    def beside(self, report: Report) -> str:
        """The verdicts with what people concluded; nothing where nothing was read back."""
        if not report.judgement:
            return ""
        money, words = report.judgement["money"], self.sections.judgement
        said = {name: number(money[name]) for name in VERDICTS}
        said |= {f"{name}_yuan": yuan(money[f"{name}_fen"]) for name in VERDICTS}
        return str((words.beside if report.conclusion["claim_list"] else words.beside_people).format(**said))

    def hms(self, seconds: int) -> str:
        """Seconds → 12小时5分9秒, 12小时5分钟, 12小时."""
        unit, left = self.sections.unit, abs(seconds)
        hours, minutes, rest = left // 3600, left // 60 % 60, left % 60
        said = unit.hour.format(n=number(hours)) if hours else ""
        if rest or not left:
            said += unit.minute.format(n=minutes) if left >= 60 else ""
            said += unit.second.format(n=rest)
        elif minutes:
            said += unit.minutes.format(n=minutes)
        return (unit.minus if seconds < 0 else "") + str(said).strip()

    def amount(self, value: int | None, unit: str) -> str:
        """A measured value or a limit with its unit."""
        words = self.sections.unit
        match unit:
            case _ if value is None:
                return str(self.sections.page.dash)
            case "s":
                return self.hms(value)
            case "fen":
                return str(words.fen.format(n=yuan(value)))
            case "score":
                return str(words.score.format(n=number(value)))
            case "hundredths":
                return str(words.score.format(n=yuan(value).removesuffix(".00")))
            case "%":
                return str(words.percent.format(n=value))
            case "0/1":
                return str(self.sections.page.yes if value else self.sections.page.no)
            case "day":
                return day(value) if value else str(self.sections.page.dash)
            case "month":
                return f"{value // 100}-{value % 100:02}"
            case "count" | "":
                return number(value)
        return str(words.other.format(n=number(value), unit=self.sections.measure.__dict__[unit]))

    def param(self, value: int, name: str, unit: str) -> str:
        """A parameter's value. The ends of the period are moments: seconds of local time since 1970."""
        if name in ("period_from_s", "period_to_s"):
            return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=value)).strftime("%Y-%m-%d %H:%M:%S")
        return self.amount(value, "s" if name.endswith("_s") else unit)

    def cut(self, text: str | None, limit: int = LONGEST) -> str:
        """A text of the data for the page, shortened."""
        return self.chinese(self.shorten(text or "", limit))

    def shorten(self, text: str, limit: int) -> str:
        """Of a very long text the beginning, and how long it is."""
        if len(text) <= limit:
            return text
        return str(self.sections.page.cut.format(start=text[:limit], count=number(len(text))))

    def chinese(self, text: str) -> str:
        """On a page of another language, what is Chinese (data, clauses, names of notices) marked as such."""
        if self.language == "zh" or not _CHINESE.search(text):
            return text
        return Markup(_CHINESE.sub(r'<span lang="zh">\g<0></span>', str(escape(text))))

    def join(self, texts: Iterable[str]) -> Markup:
        return Markup(escape(self.sections.page.comma)).join(texts)

    def places(self, finding: Json) -> list[str]:
        """Where a finding's rows stand: a line for each file and sheet, the first row among them."""
        if not finding["source_file"]:
            return [self.sections.place.none]
        first = (finding["source_file"], finding["source_sheet"], finding["source_row"])
        rows: dict[tuple[str, str], list[int]] = {first[:2]: [first[2]]}
        for row in finding["evidence"]:
            known = rows.setdefault((row["file"], row["sheet"]), [])
            if row["row"] not in known:
                known.append(row["row"])
        lines = [self.place(file, sheet, *found) for (file, sheet), found in rows.items()]
        if finding["rows"] > sum(map(len, rows.values())):
            lines.append(self.sections.place.more.format(count=number(finding["rows"])))
        return lines

    def place(self, file: str | None, sheet: str | None, *rows: int) -> str:
        """A file, a sheet and its rows, as a spreadsheet numbers them."""
        words = self.sections.place
        if not file:
            return str(self.sections.page.dash)
        name = self.cut(file, NAME)
        if sheet:
            name = fill(words.sheet, file=name, sheet=self.cut(sheet, NAME))
        numbers = self.sections.page.comma.join(map(str, sorted(rows)))
        return Markup("{} {}").format(name, words.row.format(rows=numbers))


def fill(words: str, **values: object) -> Markup:
    """Put values into {…}; those that are no Markup are escaped."""
    return escape(words).format(**values)


def yuan(fen: int) -> str:
    """Fen → 1,234.50."""
    whole, part = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}{whole:,}.{part:02}"


def number(value: int) -> str:
    return f"{value:,}"


def day(value: int) -> str:
    """yyyymmdd → 2021-02-03."""
    return f"{value // 10_000:04}-{value // 100 % 100:02}-{value % 100:02}"


def class_hours(seconds: int, unit_s: int) -> int:
    """Whole class hours of a net time; the remainder does not count."""
    return seconds // unit_s


def addition(parts: Iterable[int]) -> str:
    """8, 3 → 8 + 3 = 11."""
    given = list(parts)
    total = number(sum(given))
    return f"{' + '.join(map(number, given))} = {total}" if len(given) > 1 else total


def css_text(text: str) -> Markup:
    """A text as a CSS string, whatever stands in it."""
    return Markup('"' + "".join(c if c.isalnum() and c.isascii() else f"\\{ord(c):06x}" for c in text) + '"')


def anchor(text: str) -> str:
    """A clause number as the id of its row."""
    return "T-" + "-".join(text.split())
