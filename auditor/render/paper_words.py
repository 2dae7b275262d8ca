"""The words of a paper in one language, and how numbers, days, texts and places of the data stand in them."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup, escape

from auditor.render.embedded import source_hash
from auditor.render.page_parts import VERDICTS
from auditor.report import Report
from auditor.words import table

LONGEST = 160  # characters of a text from the data that the page shows
NAME = 60  # of a name
SENTENCE = 1_000  # of a sentence of ours, with the texts it quotes
Json = dict[str, Any]
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")


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
