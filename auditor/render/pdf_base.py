"""What every part of report.pdf begins with: the Report, the words, the blocks, and how rules and people are named."""

from typing import Any

from auditor.render.blocks import Cell, Line, Paper, Piece, line, link, small
from auditor.render.book_parts import rule_numbers
from auditor.render.page_parts import NOTES, VERDICTS
from auditor.render.paper_words import LONGEST, NAME, Words, number, yuan
from auditor.report import Report

LETTER = {"not_supported": "N", "to_verify": "V"}
Json = dict[str, Any]
__all__ = ["LETTER", "LONGEST", "NAME", "VERDICTS", "Json", "Part", "number", "yuan"]


class Part:
    def __init__(self, report: Report, words: Words, paper: Paper) -> None:
        self.report, self.words, self.paper = report, words, paper
        self.w: Any = words.sections
        self.p: Any = words.sections.pdf
        self.claimed = bool(report.conclusion["claim_list"])
        self.no = rule_numbers(report)
        self.rules = {rule["id"]: rule for rule in report.rules}
        self.samples = {rule["id"]: _shown(rule["sample"]) for rule in report.rules}
        self.found_at = {
            (rule, finding["person_id"]): f"{self.no[rule]}-{place:03}"
            for rule, sample in self.samples.items()
            for place, finding in reversed(list(enumerate(sample, 1)))
        }

    def cut(self, text: str | None, limit: int = LONGEST) -> str:
        return self.words.shorten(text or "", limit)

    def name(self, text: str | None) -> str:
        return self.cut(text, NAME)

    def paren(self, text: str) -> str:
        return str(self.w.page.paren.format(text=text))

    def employer(self, name: str | None) -> str:
        return self.name(name) or str(self.w.page.no_employer)

    def rule(self, name: str, title: bool = True) -> Line:
        """The number of a rule, linked, and its title; of a rule that the Report does not list, its id."""
        if name not in self.rules:
            return name
        return line(link(self.no[name]), f" {self.rules[name]['title']}" if title else "")

    def clause(self, name: str | None) -> Piece:
        return link(f"T-{name}") if name else str(self.w.finding.no_clause)

    def see(self, part: str) -> Piece:
        return link(part, self.p.see.format(part=getattr(self.p, part)))

    def who(self, row: Json) -> Cell:
        return [row["person_id"] or self.w.page.dash, self.name(row["name"]), *filter(None, [row["id_number"]])]

    def place(self, file: str | None, sheet: str | None, *rows: int) -> str:
        """A file, a sheet and its rows, as a spreadsheet numbers them."""
        if not file:
            return str(self.w.page.dash)
        said = self.name(file)
        if sheet:
            said = self.w.place.sheet.format(file=said, sheet=self.name(sheet))
        return f"{said} {self.w.place.row.format(rows=self.w.page.comma.join(map(str, sorted(rows))))}"

    def places(self, finding: Json) -> list[Line]:
        """Where a finding's rows stand: a line for each file and sheet, the first row among them."""
        if not finding["source_file"]:
            return [self.w.place.none]
        rows: dict[tuple[str, str], set[int]] = {
            (finding["source_file"], finding["source_sheet"]): {finding["source_row"]}
        }
        for one in finding["evidence"]:
            rows.setdefault((one["file"], one["sheet"]), set()).add(one["row"])
        said: list[Line] = [self.place(file, sheet, *found) for (file, sheet), found in rows.items()]
        if finding["rows"] > sum(map(len, rows.values())):
            said.append(small(self.w.place.more.format(count=number(finding["rows"]))))
        return said

    def limits(self, rule: Json) -> str:
        """A rule's parameters; without the mark where it decides by the export's result."""
        by_result = any(one["name"] == "by_mark" and not one["value"] for one in rule["params"])
        said = [
            f"{getattr(self.w.param, one['name'], one['name'])} "
            f"{self.words.param(one['value'], one['name'], one['unit'])}"
            for one in rule["params"]
            if not (by_result and one["name"] == "pass_mark_c")
        ]
        return str(self.w.page.semicolon.join(said) or self.w.finding.no_threshold)


def _shown(sample: list[Json]) -> list[Json]:
    """Every finding of the sample that decides something, and the first NOTES others, as in report.html."""
    deciding = [finding for finding in sample if finding["effect"] != "note"]
    return deciding + [finding for finding in sample if finding["effect"] == "note"][:NOTES]
