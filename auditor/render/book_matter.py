"""One working paper a matter: of each rule that refuses or asks for verification, what was tested, by what clause, with
what result, and the findings with the rows they rest on."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_range

from auditor.render import book_judgement
from auditor.render.book import Column, Formula, Sheet, sheet_name
from auditor.render.book_conformance import summary_columns
from auditor.render.paper import Paper, Row
from auditor.render.paper_words import day, number

LINES = 20  # of a query in a row: a row can only be so high
MIDDLE = 5  # the column where the second half of the paper's head begins
Json = dict[str, Any]


class Matters(Paper):
    def matters(self, summary: Sequence[Sheet]) -> None:
        """A sheet for each matter, in the order of the rules. `summary`: the sheets that count findings by rule."""
        assert self.report.rows
        for name, found, exhibits in self.report.rows.matters():
            rule = self.rules[name]
            sheet = self._head(rule)
            self._procedure(sheet, rule)
            self._result(sheet, rule, summary)
            self._findings(sheet, rule, found)
            self._exhibits(sheet, rule, exhibits)
            sheet.rows = len(found)

    def _columns(self) -> list[Column]:
        """Narrow, so that a page of the paper can be read."""
        number = [Column(self.b.id_number, 19)] if self.full else []
        return [
            Column(self.w.page.index, 11), Column(self.b.person, 9), Column(self.b.name, 9), *number,
            Column(self.w.matter.subject, 18), Column(self.w.finding.message, 36), Column(self.b.measured, 11, "plain"),
            Column(self.b.limit, 11, "plain"), Column(self.b.unit, 6), Column(self.b.effect, 7),
            Column(self.w.data.file, 14), Column(self.w.data.sheet, 9), Column(self.b.row, 7, "plain"),
            Column(self.b.rows, 6, "count"), *book_judgement.shown_columns(self.words),
        ]  # fmt: skip

    def _head(self, rule: Json) -> Sheet:
        """What a working paper begins with; what nobody gave is left to be filled in."""
        name, given, blank = f"{self.no[rule['id']]} {rule['title']}", self.report.engagement, self.w.engagement.blank
        counts = {part: number(rule[part]) for part in ("findings", "refused", "to_verify", "persons")}
        note = self.w.matter.note.format(title=rule["title"], clause=self._clause(rule), **counts)
        sheet = self.book.sheet(sheet_name(name), note, [column.width for column in self._columns()])
        policy = self.report.policy
        period = given["period"] or f"{day(policy['period_from'])} – {day(policy['period_to'])}"
        rows = [
            (self.w.matter.auditee, given["platform"] or blank, self.w.page.index, self.no[rule["id"]]),
            (self.w.matter.project, policy["title"], self.w.matter.page, self.w.matter.page_value),
            (self.w.matter.matter, rule["title"], self.w.matter.prepared, self._signed("prepared_by")),
            (self.w.engagement.period, period, self.w.matter.reviewed, self._signed("reviewed_by")),
        ]
        sheet.form(rows, MIDDLE + self.full)
        return sheet

    def _signed(self, who: str) -> str:
        blank = self.w.engagement.blank
        return f"{self.report.engagement[who] or blank} / {blank}"

    def _procedure(self, sheet: Sheet, rule: Json) -> None:
        """What was tested, whom, with which numbers, by which clause and which query."""
        colon = self.w.page.colon
        sheet.part(self.w.matter.procedure)
        size = self.w.matter.tested.format(population=self._population(rule), size=number(rule["population_size"]))
        for label, text in (
            (self.w.matter.population, size), (self.w.matter.test, rule["why"]),
            (self.w.finding.threshold, self._threshold(rule) or self.w.finding.no_threshold),
        ):  # fmt: skip
            sheet.line(f"{label}{colon}{text}")
        sheet.part(self.w.matter.basis)
        for clause in (clause for clause in self.report.clauses if clause["id"] == rule["clause"]):
            sheet.line(f"T-{clause['id']}{colon}{self.w.matter.quote.format(text=clause['quote'])}")
            sheet.line(f"{self.b.clause_summary}{colon}{clause['summary']}")
        if rule["lead_reason"]:
            sheet.line(f"{self.w.method.reason}{colon}{rule['lead_reason']}")
        elif not rule["clause"]:
            sheet.line(self.w.finding.no_reason)
        sheet.part(self.w.finding.sql)
        lines = rule["sql"].split("\n")
        for first in range(0, len(lines), LINES):
            sheet.line("\n".join(lines[first : first + LINES]), "code")

    def _result(self, sheet: Sheet, rule: Json, summary: Sequence[Sheet]) -> None:
        """Counts and money, added up from the summary; the machine's words; the place for the auditor's own."""
        colon, f = self.w.page.colon, self.w.finding
        sheet.part(self.w.matter.result)
        notes = rule["findings"] - rule["refused"] - rule["to_verify"]
        values = [rule["findings"], rule["refused"], rule["to_verify"], notes, rule["persons"]]
        if self.claimed:
            values += [rule["claims"], rule["claims_fen"] / 100, rule["counted_once_fen"] / 100]
        columns = summary_columns(self)
        for at, value in enumerate(values, len(columns) - len(values)):
            cells = (f"{quote_sheetname(part.name)}!${xl_col_to_name(at)}:${xl_col_to_name(at)}" for part in summary)
            index = self.no[rule["id"]]
            added = "+".join(f'SUMIF({cell.split("!")[0]}!$A:$A,"{index}",{cell})' for cell in cells)
            sheet.figure(columns[at].head, Formula(added, value), columns[at].kind)
        breach = self.w.matter.breach if rule["refused"] else self.w.matter.breach_open
        if rule["unit"] == "fen" and not rule["refused"] + rule["to_verify"]:
            breach = self.w.matter.amount
        said = {"breach": breach, "lead": self.w.matter.lead, "data": self.w.matter.data}
        sheet.line(said[rule["class"]])
        if self.claimed:
            sheet.line(f.overlap)
        sheet.line(f"{f.innocent}{colon}{rule['false_positives']}")
        sheet.line(f"{f.next}{colon}{rule['fix']}")
        blank = self.w.engagement.blank
        own = (self.w.matter.own, blank, self.w.matter.signed, blank)
        sheet.form([own], MIDDLE + self.full, 48)

    def _findings(self, sheet: Sheet, rule: Json, found: list[Json]) -> None:
        """The findings of consequence with their places, and how many of them there are."""
        every = rule["unit"] == "fen"
        total = rule["findings"] if every else rule["refused"] + rule["to_verify"]
        sheet.part(self.w.matter.findings)
        note = self.w.matter.findings_every if every else self.w.matter.findings_note
        sheet.line(note.format(
            total=number(total), shown=number(len(found)), findings=self.b.findings,
            notes=number(rule["findings"] - total),
        ))  # fmt: skip
        head, columns = sheet.row, self._columns()
        sheet.head(columns)
        for one in found:
            sheet.put(self._finding(one))
        sheet.filter(head, len(columns))
        listed = Formula(f"SUBTOTAL(3,{xl_range(head + 1, 0, sheet.row - 1, 0)})", len(found))
        sheet.put([self.w.matter.listed, listed, *(len(columns) - 2) * [None]], total=True)

    def _finding(self, one: Json) -> Row:
        parts = 100 if one["unit"] == "fen" else 1
        measured, limit = (None if one[name] is None else one[name] / parts if parts > 1 else one[name]
                           for name in ("measured", "limit"))  # fmt: skip
        return [
            f"{self.no[one['rule']]}-{one['place']:03}", one["person_id"], one["name"],
            *([one["id_number"]] if self.full else []), one["employer"] or one["subject"], one["message"], measured,
            limit, vars(self.b).get(f"unit_{one['unit']}", one["unit"]), vars(self.w.effect)[one["effect"]],
            one["source_file"], one["source_sheet"], one["source_row"], one["rows"],
            *book_judgement.shown_cells(one, self.words),
        ]  # fmt: skip

    def _exhibits(self, sheet: Sheet, rule: Json, exhibits: list[Json]) -> None:
        """The rows that the findings rest on: what they are, where they stand, what they hold, and of when."""
        assert self.report.rows
        sheet.part(self.w.matter.exhibits)
        sheet.line(self.w.matter.exhibits_note.format(most=self.report.rows.exhibits))
        place = [self.w.data.file, self.w.data.sheet] if self.full else [self.w.matter.place]
        last = [self.w.matter.content, self.w.matter.start, self.w.matter.end]
        sheet.head([
            Column(self.w.page.index, 0), Column(self.w.matter.exhibit, 0), Column(self.b.row, 0, "plain"),
            *(Column(head, 0) for head in place + last),
        ])  # fmt: skip
        labels = {(source["file"], source["sheet"]): source["label"] for source in self.report.completeness}
        for row in exhibits:
            names = [row["file"], row["sheet"]]
            sheet.put([
                f"{self.no[rule['id']]}-{row['place']:03}", labels.get((row["file"], row["sheet"])), row["row"],
                *(names if self.full else [" · ".join(filter(None, names))]), self._content(row),
                row["start"] or (day(row["day"]) if row["day"] else None), row["end"],
            ])  # fmt: skip

    def _content(self, row: Json) -> str:
        """What the audit read in a row: course and address, exam and mark, amount."""
        said = [row["thing"], row["address"]]
        if row["score"] is not None:
            said.append(self.words.amount(row["score"], "hundredths"))
        if row["passed"] is not None:
            said.append(self.w.matter.passed if row["passed"] else self.w.matter.failed)
        if row["fen"] is not None:
            said.append(self.words.amount(row["fen"], "fen"))
        return str(self.w.page.pause.join(filter(None, said)) or self.w.matter.see_row)
