"""What every sheet of workpapers.xlsx that is one table begins with: the Report, the words, who somebody is."""

from typing import Any

from auditor.render import book_parts
from auditor.render.book import Book, Column, Sheet
from auditor.render.paper_words import Words
from auditor.report import Report

Row = book_parts.Row


class Paper:
    def __init__(self, report: Report, words: Words, book: Book) -> None:
        self.report, self.words, self.book = report, words, book
        self.w: Any = words.sections
        self.b: Any = words.sections.book
        self.claimed = bool(report.conclusion["claim_list"])
        self.full = report.run["edition"] == "full"
        self.rules = {rule["id"]: rule for rule in report.rules}
        self.no = book_parts.rule_numbers(report)
        self.most = report.rows.most if report.rows else 0

    def _table(self, name: str, note: str, columns: list[Column], rows: Any) -> list[Sheet]:
        total = self.w.page.total, self.b.total_all
        return self.book.table(getattr(self.b, name), self.b.next, note, columns, rows, self.b.nothing, total)

    def _who(self) -> list[Column]:
        number = [Column(self.b.id_number, 21)] if self.full else []
        return [Column(self.b.person, 10), Column(self.b.name, 9), *number, Column(self.w.money.employer, 26)]

    def _is(self, row: dict[str, Any]) -> Row:
        number = [row["id_number"]] if self.full else []
        return [row["person_id"], row["name"], *number, row["employer"] or self.w.page.no_employer]

    def _rule(self, name: str) -> str:
        return f"{self.no[name]} {self.rules[name]['title']}" if name in self.rules else name

    def _clause(self, rule: dict[str, Any]) -> str:
        return f"T-{rule['clause']}" if rule["clause"] else str(self.w.finding.no_clause)

    def _population(self, rule: dict[str, Any]) -> str:
        """Whom a rule looks at; without a claim list, those registered stand for those claimed for."""
        alone = rule["population"] == "claimed" and not self.claimed
        return str(vars(self.w.population)["claimed_people" if alone else rule["population"]])

    def _threshold(self, rule: dict[str, Any]) -> str:
        """The numbers of a rule, one a line; without the mark where it decides by the export's result."""
        by_result = any(param["name"] == "by_mark" and not param["value"] for param in rule["params"])
        return "\n".join(
            f"{getattr(self.w.param, param['name'], param['name'])}{self.w.page.colon}"
            f"{self.words.param(param['value'], param['name'], param['unit'])}"
            for param in rule["params"]
            if not (by_result and param["name"] == "pass_mark_c")
        )
