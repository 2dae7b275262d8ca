"""workpapers.xlsx: the Report and everything it lists only the beginning of: the conclusion, the five sheets of a
conformance workbook, the lists, and one paper a matter."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.render import book_judgement, book_parts
from auditor.render.book import ROWS, Book, Column, Sheet, narrow
from auditor.render.book_conformance import Conformance
from auditor.render.book_matter import Matters
from auditor.render.book_priority import Priority
from auditor.render.paper import Paper, Row
from auditor.render.paper_words import Words, number, yuan
from auditor.report import Report

MONEY = ("claimed", "supported", "not_supported", "to_verify")
LETTER = {"not_supported": "N", "to_verify": "V"}


def write(report: Report, path: Path, limit: int = ROWS) -> None:
    """The workbook in the language of the Report. `limit`: rows of a sheet. Raises OSError when the file cannot be
    written, ValueError for a Report that was read back from report.json and so has no rows."""
    if report.rows is None:
        raise ValueError("the workbook lists more than report.json holds")
    words = Words(report.run["lang"])
    said = words.sections
    day = report.policy["period_to"]  # a date of the notice: a clock would change the bytes
    with Book(
        path,
        f"{said.book.paper} · {report.policy['title']}",
        getattr(said.edition, report.run["edition"]),
        dt.date(day // 10_000, day // 100 % 100, day % 100),
        said.book.footer,
        words.shorten,
        limit,
    ) as book:
        paper = _Paper(report, words, book)
        conformance = Conformance(report, words, book)
        contents = paper.contents()
        book_parts.conclusion(report, words, book)
        book_judgement.Judged(report, words, book).sheets()
        paper.run()
        book_parts.data(report, words, book)
        summary = conformance.summary()
        paper.findings()
        conformance.rules_run()
        paper.clauses()
        paper.claims()
        paper.people()
        first = Priority(report, words, book)
        first.priority()
        first.groups()
        paper.undone()
        Matters(report, words, book).matters(summary)
        book.list_sheets(contents)


class _Paper(Paper):
    """The sheets that are one table each."""

    def contents(self) -> Sheet:
        columns = [Column(self.b.sheet_name, 34), Column(self.b.what, 110), Column(self.w.data.rows, 12, "count")]
        return self.book.contents(self.b.contents, self.b.contents_note, columns, self.b.back)

    def clauses(self) -> None:
        columns = [
            Column(self.w.page.index, 10), Column(self.b.clause_quote, 44), Column(self.b.clause_summary, 30),
            Column(self.w.clause.outcome, 11), Column(self.b.clause_rules, 46), Column(self.b.clause_lacking, 24),
            Column(self.b.clause_manual, 32), Column(self.b.clause_persons, 11, "count"),
        ]  # fmt: skip
        rows = (
            [
                f"T-{clause['id']}", clause["quote"], clause["summary"], getattr(self.w.outcome, clause["outcome"]),
                "\n".join(map(self._fared, clause["rules"])), self.w.page.comma.join(clause["fields_lacking"]),
                self._manual(clause), clause["persons"] if clause["rules"] else None,
            ]
            for clause in self.report.clauses
        )  # fmt: skip
        self._table("clauses", self.b.clauses_note, columns, rows)

    def claims(self) -> None:
        """Every claim that is not supported or to verify; without a claim list, the people."""
        columns = [Column(self.w.page.index, 10), Column(self.b.verdict, 9), *self._who()]
        if self.claimed:
            columns += [Column(getattr(self.b, name), 13, "money", added=True) for name in MONEY]
        columns += [Column(self.w.claims.why, 60), Column(self.w.claims.study, 16),
                    Column(self.b.class_hours, 8, "count")]  # fmt: skip
        if self.claimed:
            columns += [Column(self.w.data.file, 22), Column(self.w.data.sheet, 12), Column(self.b.row, 8, "plain")]
        columns += book_judgement.columns(self.report, self.words, claim=True)
        if self.claimed:
            money = self.report.money
            note = self.b.claims_note.format(
                **{name: number(money[name]) for name in LETTER},
                **{f"{name}_yuan": yuan(money[f"{name}_fen"]) for name in LETTER},
            )
        else:
            verdicts = self.report.people["verdicts"]
            note = self.b.claims_note_people.format(**{name: number(verdicts[name]) for name in LETTER})
        said = (note, self.words.apart(self.report.money), book_judgement.note(self.report, self.words, claim=True))
        note = self.w.page.gap.join(filter(None, said))
        self._table("claims", note, columns, self._claim_rows())

    def _claim_rows(self) -> Iterator[Row]:
        assert self.report.rows
        unit_s = self.report.policy["params"]["unit_s"]
        for verdict, letter in LETTER.items():
            for place, claim in enumerate(self.report.rows.claims(verdict), 1):
                net_s = claim["net_s"]
                row: Row = [f"{letter}-{place:04}", getattr(self.w.verdict, verdict), *self._is(claim)]
                if self.claimed:
                    row += [claim[f"{name}_fen"] / 100 for name in MONEY]
                row += [
                    self._why(claim, verdict),
                    self.w.claims.unmatched if net_s is None else self.words.hms(net_s),
                    None if net_s is None else net_s // unit_s,
                ]
                if self.claimed:
                    row += [claim["file"], claim["sheet"], claim["row"]]
                yield row + book_judgement.cells(claim, self.report, self.words, claim=True)

    def people(self) -> None:
        columns = [
            *self._who(), Column(self.b.registered, 9), Column(self.b.verdict, 9), Column(self.b.reasons, 40),
            Column(self.b.sessions, 9, "count"), Column(self.w.claims.study, 16), Column(self.b.hours, 11, "hours"),
            Column(self.b.class_hours, 8, "count"), Column(self.b.attempts, 9, "count"),
            Column(self.b.best, 9, "plain"),
        ]  # fmt: skip
        if self.claimed:
            columns += [Column(getattr(self.b, name), 13, "money", added=True) for name in MONEY]
        total = sum(self.report.people["verdicts"].values())
        self._table(
            "people",
            self.b.people_note.format(total=number(total), most=number(self.most)),
            columns,
            self._person_rows(),
        )

    def _person_rows(self) -> Iterator[Row]:
        assert self.report.rows
        yes = {True: self.w.page.yes, False: self.w.page.no, None: self.w.claims.unmatched}
        registered = self.w.outcome.not_evaluated if self._idle("claim-unregistered") else ""
        for person in self.report.rows.people():
            net_s = person["net_s"]
            row: Row = [
                *self._is(person), registered or yes[person["registered"]], getattr(self.w.verdict, person["verdict"]),
                self._reasons(person), person["sessions"],
                *((self.w.claims.unmatched, None) if net_s is None else (self.words.hms(net_s), net_s // 36 / 100)),
                person["class_hours"], person["exam_attempts"], person["exam_best"],
            ]  # fmt: skip
            if self.claimed:
                row += [person[f"{name}_fen"] / 100 for name in MONEY]
            yield row

    def _idle(self, name: str) -> bool:
        return name in self.rules and self.rules[name]["outcome"] != "evaluated"

    def _reasons(self, person: dict[str, Any]) -> str:
        """The rules against a person, one a line; behind them those that did not run."""
        names = [name for name in person["reasons"].split(",") if name]
        stopped = [self._rule(name) for name in names if self._idle(name)]
        lines = [self._rule(name) for name in names if not self._idle(name)]
        if stopped and person["verdict"] == "to_verify":
            lines.append(f"{self.w.claims.not_run}{self.w.page.colon}{self.w.page.comma.join(stopped)}")
        return "\n".join(lines)

    def findings(self) -> None:
        columns = [
            Column(self.w.page.index, 11), Column(self.w.finding.rule, 18), Column(vars(self.w.finding)["class"], 8),
            Column(self.b.effect, 7), Column(self.w.finding.clause, 8), Column(self.b.kind, 6),
            Column(self.w.finding.subject, 16), *self._who(), Column(self.w.finding.message, 40),
            Column(self.b.measured, 9, "plain"), Column(self.b.limit, 9, "plain"),
            Column(self.b.unit, 6), Column(self.w.data.file, 14), Column(self.w.data.sheet, 9),
            Column(self.b.row, 7, "plain"), Column(self.b.rows, 6, "count"),
            *narrow(book_judgement.columns(self.report, self.words)),
        ]  # fmt: skip
        total = sum(rule["findings"] for rule in self.report.rules)
        self._table(
            "findings",
            self.b.findings_note.format(total=number(total), most=number(self.most))
            + self.w.page.gap
            + book_judgement.note(self.report, self.words),
            columns,
            self._finding_rows(),
        )

    def _finding_rows(self) -> Iterator[Row]:
        """Tight, for there may be a million."""
        assert self.report.rows
        words = {name: vars(getattr(self.w, name)) for name in ("class", "effect", "subject")}
        units = {name.removeprefix("unit_"): word for name, word in vars(self.b).items() if name.startswith("unit_")}
        for found in self.report.rows.findings():
            rule, unit, kind = found["rule"], found["unit"], found["subject_kind"]
            measured, limit = found["measured"], found["limit"]
            if unit == "fen":
                measured, limit = (None if value is None else value / 100 for value in (measured, limit))
            yield [
                f"{self.no[rule]}-{found['place']:03}", self.rules[rule]["title"], words["class"][found["class"]],
                words["effect"][found["effect"]], found["clause"] or self.w.finding.no_clause,
                words["subject"].get(kind, kind), found["subject"], found["person_id"], found["name"],
                *([found["id_number"]] if self.full else []), found["employer"], found["message"], measured, limit,
                units.get(unit, unit), found["source_file"], found["source_sheet"],
                found["source_row"], found["rows"], *book_judgement.cells(found, self.report, self.words),
            ]  # fmt: skip

    def undone(self) -> None:
        columns = [
            Column(self.b.sort, 16), Column(self.w.page.index, 10), Column(self.w.finding.clause, 10),
            Column(self.b.what, 46), Column(self.w.undone.reason, 40), Column(self.w.undone.follows, 34),
        ]  # fmt: skip
        blocked = self.w.undone.follows_blocked if self.claimed else self.w.undone.follows_blocked_people
        rows: list[Row] = [
            [self.b.rule_awaiting if rule["awaited"] else self.b.rule_undone, self.no[rule["id"]],
             rule["clause"] or self.w.finding.no_clause, f"{rule['title']} {rule['id']}",
             self._waits_for(rule) if rule["awaited"] else rule["reason"],
             blocked if rule["id"] in self.report.conclusion["blocked"]
              else self.w.undone.follows_error if rule["outcome"] == "error" else self.w.undone.follows_other]
            for rule in sorted(self.report.undone, key=lambda rule: bool(rule["awaited"]))
        ]  # fmt: skip
        for clause in self.report.clauses:
            at: Row = [f"T-{clause['id']}", clause["id"]]
            rows += [[self.b.field_lacking, *at, name, None, None] for name in clause["fields_lacking"]]
            if clause["manual"]:
                scope = self.w.clause.per_claim if clause["per_claim"] else self.w.undone.manual_once
                rows.append([self.b.manual, *at, clause["manual"], None, scope])
        self._table("undone", self.b.undone_note, columns, rows)

    def _waits_for(self, rule: dict[str, Any]) -> str:
        return str(self.b.waits_for.format(lacking=self.w.page.comma.join(rule["lacking"])))

    def run(self) -> None:
        columns = [Column(self.b.sort, 16), Column(self.b.key, 34), Column(self.b.value, 44),
                   Column(self.w.finding.clause, 14), Column(self.b.remark, 70)]  # fmt: skip
        self._table("run", self.b.run_note, columns, book_parts.settings(self.report, self.words))

    def _fared(self, name: str) -> str:
        """A rule of a clause: how many people it concerns, or why it did not run."""
        rule, words = self.rules[name], self.w.clause
        said = [] if rule["outcome"] == "evaluated" else [self.words.fate(rule), rule["reason"]]
        if rule["findings"]:
            count = words.count.format(persons=number(rule["persons"]), size=number(rule["population_size"]))
            deciding = {"refused": number(rule["refused"]), "to_verify": number(rule["to_verify"])}
            decides = rule["refused"] or rule["to_verify"]
            said.append(
                count + self.w.page.pause + (words.effects.format(**deciding) if decides else self.w.effect.note)
            )
        elif not said:
            said.append(words.no_findings)
        return f"{self._rule(name)}{self.w.page.colon}{self.w.page.semicolon.join(said)}"

    def _manual(self, clause: dict[str, Any]) -> str:
        each = self.w.page.paren.format(text=self.w.clause.per_claim) if clause["per_claim"] else ""
        return f"{clause['manual']}{each}" if clause["manual"] else ""

    def _why(self, claim: dict[str, Any], verdict: str) -> str:
        """The reasons of a claim, one a line: the finding's number, the rule, the clause, and what was found."""
        said = {line["rule"]: line for line in claim["said"]}
        lines, stopped = [], []
        for name in claim["reasons"]:
            rule = self.rules.get(name)
            if self._idle(name):
                stopped.append(self._rule(name))
                continue
            line = self._rule(name)
            found = said.get(name)
            if rule and found:
                line = f"{self.no[name]}-{found['place']:03} {rule['title']}"
            if rule and rule["clause"]:
                line += self.w.page.paren.format(text=f"T-{rule['clause']}")
            if found:
                line += self.w.page.colon + found["message"]
                if found["findings"] > 1:
                    count = self.w.claims.more.format(count=number(found["findings"]))
                    line += self.w.page.paren.format(text=count)
            lines.append(line)
        if stopped and verdict == "to_verify":
            lines.append(f"{self.w.claims.not_run}{self.w.page.colon}{self.w.page.comma.join(stopped)}")
        if verdict == "to_verify" and claim["not_supported_fen"]:
            lines.append(self.w.claims.also_refused.format(yuan=yuan(claim["not_supported_fen"])))
        return "\n".join(lines)
