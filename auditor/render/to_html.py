"""report.html: one offline file without scripts, from `reports/report.html.j2` and the words of one language."""

import datetime as dt
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from auditor.content import folder
from auditor.report import Report
from auditor.words import table

LONGEST = 160  # characters of a text from the data that the page shows
NAME = 60  # of a name
SENTENCE = 1_000  # of a sentence of ours, with the texts it quotes
NOTES = 10  # findings of effect `note` that a rule's list shows
JUDGED = 200  # claims that people changed, and conclusions that match nothing
EMPLOYERS = 300  # employers that have a row of their own
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
        "css": Markup((content / "report.css").read_text(encoding="utf-8")),
        "NAME": NAME,
        "SENTENCE": SENTENCE,
        "JUDGED": JUDGED,
    }
    return environment


def page(report: Report, language: str | None = None) -> str:
    """The whole page. `language`: the words of the page, else that of the Report, whose sentences stay as they are."""
    rule_no = {rule["id"]: f"R-{place:02}" for place, rule in enumerate(report.rules, 1)}
    samples = {rule["id"]: _listed(rule["sample"]) for rule in report.rules}
    return (
        _environment(language or report.run["lang"])
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
            limits={rule["id"]: _limits(rule) for rule in report.rules},
            samples=samples,
            employers=_employers(report.employers),
            scored_at={row["person_id"]: f"S-{place:03}" for place, row in enumerate(report.priority["listed"], 1)},
            group_listed={row["group"] for row in report.groups["listed"]},
            used=_used(report.rules),
            units=_units(report.rules),
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
            "addition": addition,
        }  # fmt: skip

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


def _listed(sample: list[Json]) -> Json:
    """What a rule's list shows: every finding of the sample that decides something, and the first NOTES others."""
    deciding = [finding for finding in sample if finding["effect"] != "note"]
    return {"open": bool(deciding), "rows": deciding + [f for f in sample if f["effect"] == "note"][:NOTES]}


def _employers(employers: list[Json]) -> Json:
    """The first EMPLOYERS, the sum of the others, and the sum of all: they always add up."""
    names = ["claims", "supported", "not_supported", "to_verify"]
    names += [f"{name}_fen" for name in ("claimed", "supported", "not_supported", "to_verify")]
    rest = employers[EMPLOYERS:]
    return {
        "rows": employers[:EMPLOYERS],
        "others": len(rest),
        "rest": {name: sum(row[name] or 0 for row in rest) for name in names},
        "sum": {name: sum(row[name] or 0 for row in employers) for name in names},
    }


def _used(rules: list[Json]) -> dict[str, list[str]]:
    """Parameter → the rules that read it."""
    used: dict[str, list[str]] = {}
    for rule in rules:
        for param in rule["params"]:
            used.setdefault(param["name"].removesuffix("_c"), []).append(rule["id"])
    return used


def _units(rules: list[Json]) -> dict[str, str]:
    """Parameter → its unit, as far as a rule names it; hundredths that a rule reads are whole marks in the policy."""
    units = {param["name"]: param["unit"] for rule in rules for param in rule["params"]}
    return units | {name.removesuffix("_c"): "score" for name in units if name.endswith("_c")}


def _limits(rule: Json) -> list[Json]:
    """A rule's parameters; without the mark where it decides by the export's result."""
    by_result = any(param["name"] == "by_mark" and not param["value"] for param in rule["params"])
    return [param for param in rule["params"] if not (by_result and param["name"] == "pass_mark_c")]
