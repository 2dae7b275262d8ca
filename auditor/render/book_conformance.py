"""The sheets of workpapers.xlsx that a conformance workbook has of its rules: what each found, by employer, and how
each fared. Beside them stand the audit's details, its sources and the findings themselves."""

from collections.abc import Iterator
from typing import Any

from auditor.render.book import Column, Sheet
from auditor.render.paper import Paper, Row
from auditor.render.paper_words import number

EACH = ("findings", "refused", "to_verify", "notes", "persons")


def summary_columns(paper: Paper) -> list[Column]:
    """The columns of the summary; what is counted stands last."""
    w = paper.w
    counted = (w.finding.findings, w.effect.refuse, w.effect.verify, w.effect.note)
    columns = [
        Column(w.page.index, 9), Column(w.finding.rule, 30), Column(vars(w.finding)["class"], 10),
        Column(w.finding.clause, 10), Column(w.money.employer, 34),
        *(Column(head, 10, "count", added=True) for head in counted), Column(w.money.persons, 10, "count"),
    ]  # fmt: skip
    if paper.claimed:
        columns += [Column(w.money.claims, 10, "count"), Column(w.finding.claims_fen, 15, "money"),
                    Column(w.finding.once_fen, 15, "money", added=True)]  # fmt: skip
    return columns


class Conformance(Paper):
    def summary(self) -> list[Sheet]:
        """Rule × employer. Findings add up, and so does money counted once; people of several rules do not."""
        assert self.report.rows
        rows = map(self._counted, self.report.rows.by_employer(list(self.rules)))
        note = self.b.summary_note if self.claimed else self.b.summary_note_people
        return self._table("summary", note, summary_columns(self), rows)

    def _counted(self, row: dict[str, Any]) -> Row:
        rule = self.rules[row["rule"]]
        money = [row["claims"], row["claims_fen"] / 100, row["once_fen"] / 100] if self.claimed else []
        return [
            self.no[rule["id"]], rule["title"], vars(getattr(self.w, "class"))[rule["class"]], self._clause(rule),
            row["employer"] or self.w.page.no_employer, *(row[name] for name in EACH), *money,
        ]  # fmt: skip

    def rules_run(self) -> None:
        """Every rule of the notice: that it ran and what it found, or why it did not."""
        columns = [
            Column(self.w.page.index, 9), Column(self.b.rule_id, 28), Column(self.w.finding.rule, 28),
            Column(vars(self.w.finding)["class"], 10), Column(self.b.effect, 14), Column(self.w.finding.clause, 10),
            Column(self.b.ran, 12), Column(self.w.undone.reason, 36), Column(self.b.population, 14),
            Column(self.w.finding.size, 9, "count"), Column(self.w.finding.findings, 9, "count", added=True),
            Column(self.w.effect.refuse, 9, "count", added=True), Column(self.w.effect.verify, 9, "count", added=True),
            Column(self.w.money.persons, 9, "count"), Column(self.w.finding.threshold, 46),
        ]  # fmt: skip
        ran = sum(rule["outcome"] == "evaluated" for rule in self.report.rules)
        note = self.b.rules_note.format(total=number(len(self.rules)), ran=number(ran))
        self._table("rules", note, columns, self._rule_rows())

    def _rule_rows(self) -> Iterator[Row]:
        for rule in self.report.rules:
            ran = rule["outcome"] == "evaluated"
            size = rule["population_size"], rule["findings"], rule["refused"], rule["to_verify"], rule["persons"]
            yield [
                self.no[rule["id"]], rule["id"], rule["title"], vars(getattr(self.w, "class"))[rule["class"]],
                vars(self.w.effect)[rule["effect"]], self._clause(rule),
                self.b.evaluated if ran else self.words.fate(rule),
                rule["reason"], self._population(rule), *(size if ran or rule["findings"] else [None] * 5),
                self._threshold(rule),
            ]  # fmt: skip
