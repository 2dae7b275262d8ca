"""diff.xlsx: the comparison as a workbook: the conclusion, the money, every claim, person and finding of it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.diff.compare import FEN, STATES
from auditor.diff.result import VERDICTS, Result
from auditor.diff.to_html import ROWS, sentences
from auditor.render.book import Book, Column, Sheet, Value
from auditor.render.paper_words import Words, number
from auditor.words import speaker

MOST = 20_000  # findings of a state that the workbook lists: the Parquet files hold them all
BRIEF = 1_000  # notes among them
PEOPLE = 100_000  # claims, and people
Row = list[Value]


def write(result: Result, path: Path) -> None:
    """Raises OSError when the file cannot be written."""
    words, t = Words(result.lang), speaker(result.lang)
    day = result.sides["new"].report.policy["period_to"]  # a date of the notice: a clock would change the bytes
    dated = dt.date(day // 10_000, day // 100 % 100, day % 100)
    edition = t(f"edition.{result.edition}")
    with Book(path, t("diff.title"), edition, dated, words.sections.book.footer, words.shorten) as book:
        _Paper(result, words, book).write()


class _Paper:
    def __init__(self, result: Result, words: Words, book: Book) -> None:
        self.result, self.json, self.book = result, result.json, book
        self.w: Any = words.sections
        self.t = speaker(result.lang)
        self.full = result.edition == "full"
        self.titles = {rule["rule"]: rule["title"] for rule in result.json["rules"]}

    def write(self) -> None:
        self._conclusion()
        self._rules()
        self._claims()
        self._people()
        self._findings()

    def _conclusion(self) -> None:
        t, money = self.t, self.json["money"]
        sheet = self.book.sheet(t("diff.sheet_conclusion"), t("diff.statement"), (30, *9 * (15,)))
        for side in ("old", "new"):
            about = self.json[side]
            sheet.line(t(f"diff.{side}_line", folder=about["folder"], policy=about["policy"]["title"]))
            sheet.line(t("diff.manifest", sha=about["manifest_sha256"], version=about["version"]))
        for reason in self.json["reasons"]:
            sheet.line(reason, "loud")
        for said in sentences(self.json, self.result.lang):
            sheet.line(said)
        for name in ("rectified", "gone", "unchecked", "added", "first"):
            sheet.line(t("page_line.named", name=t(f"diff_state.{name}"), said=t(f"diff_means.{name}")))
        sheet.part(t("diff.part_money"))
        sheet.head([
            Column(t("diff.row"), 30), Column(t("diff.count"), 15, "count"),
            *(Column(t(f"verdict.{name}"), 15, "count") for name in VERDICTS),
            *(Column(t(f"diff.{name}"), 15, "money") for name in (*FEN, "paid_fen")),
        ])  # fmt: skip
        for name in ROWS:
            self._money(sheet, f"row_{name}", money[name], total=name in ("old", "new"))
        for name in ("old", "new"):
            if judged := money["judged"][name]:
                self._money(sheet, f"judged_{name}", judged)
        sheet.part(t("diff.part_verdicts"))
        sheet.head([
            Column(t("diff.old_verdict"), 30), Column(t("diff.new_verdict"), 15), Column(t("diff.count"), 15, "count"),
            Column(t("diff.claimed_fen"), 15, "money"),
        ])  # fmt: skip
        for one in self.json["verdicts"]:
            named = [self._verdict(one[side]) for side in ("old", "new")]
            sheet.put([*named, one["claims"], one["claimed_fen"] / 100])
        sheet.part(t("diff.part_sign"))
        for name in ("sign_by", "sign_on", "sign_opinion"):
            sheet.line(t("page_line.named", name=t(f"diff.{name}"), said=t("engagement.blank")))

    def _money(self, sheet: Sheet, name: str, row: dict[str, int], total: bool = False) -> None:
        paid = row["paid_fen"] / 100 if any(self.json["money"]["paid"].values()) else None
        counts = (row[key] for key in ("claims", *VERDICTS))
        sheet.put([self.t(f"diff.{name}"), *counts, *(row[fen] / 100 for fen in FEN), paid], total)

    def _judged(self, said: str | None) -> str | None:
        return said and self.t(f"diff_judged.{said}")

    def _verdict(self, name: str | None) -> str:
        return self.t(f"verdict.{name}") if name else self.t("page.dash")

    def _table(self, name: str, note: str, columns: list[Column], rows: Any) -> None:
        self.book.table(self.t(f"diff.sheet_{name}"), self.w.book.next, note, columns, rows, self.w.book.nothing)

    def _rules(self) -> None:
        t = self.t
        columns = [
            Column(t("finding.rule"), 34), Column(t("finding.class"), 9), Column(t("finding.clause"), 10),
            Column(t("diff.old"), 10, "count"), *(Column(t(f"diff_state.{name}"), 11, "count") for name in STATES),
            Column(t("diff.open_waived"), 11, "count"), Column(t("diff.new"), 10, "count"),
            Column(t("diff.ran_old"), 11), Column(t("diff.ran_new"), 11),
        ]  # fmt: skip
        rows: list[Row] = [
            [rule["title"], t(f"class.{rule['class']}"), rule["clause"], rule["old"],
             *(rule[state] for state in STATES), rule["waived"], rule["new_total"],
             *(self._outcome(rule[f"{side}_outcome"]) for side in ("old", "new"))]
            for rule in self.json["rules"]
        ]  # fmt: skip
        total = [sum(rule[name] for rule in self.json["rules"]) for name in ("old", *STATES, "waived", "new_total")]
        rows.append([t("page.total"), None, None, *total, None, None])
        self._table("rules", t("diff.rules_note"), columns, rows)

    def _outcome(self, outcome: str | None) -> str:
        return self.t("diff.not_in_notice") if outcome is None else self.t(f"diff_ran.{outcome}")

    def _who(self) -> list[Column]:
        number = [Column(self.t("book.id_number"), 21)] if self.full else []
        return [Column(self.t("diff.old_code"), 10), Column(self.t("diff.new_code"), 10),
                Column(self.t("book.name"), 9), *number]  # fmt: skip

    def _is(self, old: str | None, new: str | None, row: dict[str, Any]) -> Row:
        return [old, new, row["name"], *([row["id_number"]] if self.full else [])]

    def _claims(self) -> None:
        t = self.t
        money = [Column(t("diff.side", side=t(f"diff.{side}"), name=t(f"diff.{name}")), 12, "money")
                 for name in (*FEN, "paid_fen") for side in ("old", "new")]  # fmt: skip
        columns = [
            Column(t("diff.change"), 10), *self._who(), Column(t("claims.employer"), 26),
            Column(t("diff.old_verdict"), 10), Column(t("diff.new_verdict"), 10),
            Column(t("diff.judged_old"), 10), Column(t("diff.judged_new"), 10), *money,
            Column(t("diff.old_reasons"), 34), Column(t("diff.new_reasons"), 34),
            Column(t("diff.old_place"), 26), Column(t("diff.new_place"), 26),
        ]  # fmt: skip
        total = number(self.json["claims"]["total"])
        self._table("claims", t("diff.claims_note", total=total, most=number(PEOPLE)), columns, self._claim_rows())

    def _claim_rows(self) -> Iterator[Row]:
        for row in self.result.claims(PEOPLE):
            yield [
                self.t(f"diff_claim.{row['state']}"), *self._is(row["old_person_id"], row["new_person_id"], row),
                row["new_employer"] or row["old_employer"], self._verdict(row["old_verdict"]),
                self._verdict(row["new_verdict"]), *(self._judged(row[f"{side}_human"]) for side in ("old", "new")),
                *(None if (fen := row[f"{side}_{name}"]) is None else fen / 100
                  for name in (*FEN, "paid_fen") for side in ("old", "new")),
                *(self._reasons(row[f"{side}_reasons"]) for side in ("old", "new")),
                *(self._place(row, side) for side in ("old", "new")),
            ]  # fmt: skip

    def _reasons(self, reasons: str | None) -> str:
        return "\n".join(self.titles.get(name, name) for name in (reasons or "").split(",") if name)

    def _place(self, row: dict[str, Any], side: str) -> str | None:
        file, sheet, line = (row[f"{side}_source_{name}"] for name in ("file", "sheet", "row"))
        if not file:
            return None
        where = self.t("place.sheet", file=file, sheet=sheet) if sheet else file
        return f"{where} {self.t('place.row', rows=line)}" if line else str(where)

    def _people(self) -> None:
        t = self.t
        columns = [
            *self._who(), Column(t("claims.employer"), 26), Column(t("diff.old_verdict"), 10),
            Column(t("diff.new_verdict"), 10), *(Column(t(f"diff_state.{name}"), 11, "count") for name in STATES),
            *(Column(t("diff.side", side=t(f"diff.{side}"), name=t(f"diff.{name}")), 12, "money")
              for name in FEN for side in ("old", "new")),
        ]  # fmt: skip
        rows = (
            [*self._is(row["old_id"], row["new_id"], row), row["employer"], self._verdict(row["old_verdict"]),
             self._verdict(row["new_verdict"]), *(row[state] for state in STATES),
             *(None if (fen := row[f"{side}_{name}"]) is None else fen / 100
               for name in FEN for side in ("old", "new"))]
            for row in self.result.people(PEOPLE)
        )  # fmt: skip
        self._table(
            "people",
            t("diff.people_note", total=number(self.json["people"]["total"]), most=number(PEOPLE)),
            columns,
            rows,
        )

    def _findings(self) -> None:
        t = self.t
        columns = [
            Column(t("diff.change"), 11), Column(t("diff.old_index"), 11), Column(t("diff.new_index"), 11),
            Column(t("finding.rule"), 26), Column(t("finding.class"), 9), Column(t("diff.old_effect"), 9),
            Column(t("diff.new_effect"), 9), Column(t("finding.clause"), 9), *self._who(),
            Column(t("finding.employer"), 24), Column(t("finding.subject"), 20), Column(t("finding.message"), 46),
            Column(t("diff.old_message"), 30), Column(t("diff.waived_old"), 10), Column(t("diff.waived_new"), 10),
            Column(t("diff.judged_old"), 10), Column(t("diff.judged_new"), 10), Column(t("finding.evidence"), 26),
        ]  # fmt: skip
        note = t(
            "diff.findings_note",
            total=number(sum(self.json["findings"]["states"].values())),
            most=number(MOST),
            brief=number(BRIEF),
        )
        self._table("findings", note, columns, self._finding_rows())

    def _finding_rows(self) -> Iterator[Row]:
        for state in STATES:
            notes = 0
            for row in self.result.findings(state, MOST):
                effects, messages = (
                    [row[f"{side}_{name}"] for side in ("old", "new")] for name in ("effect", "message")
                )
                notes += set(effects) <= {"note", None}
                if notes > BRIEF:
                    break  # what decides came first
                yield [
                    self.t(f"diff_state.{state}"), row["old_index"], row["new_index"],
                    self.titles.get(row["rule"], row["rule"]), self.t(f"class.{row['class']}"),
                    *(effect and self.t(f"effect.{effect}") for effect in effects),
                    row["clause"] or self.t("finding.no_clause"), *self._is(row["old_id"], row["new_id"], row),
                    row["employer"], row["new_subject"] or row["old_subject"], messages[1] or messages[0],
                    messages[0] if messages[1] and messages[0] != messages[1] else None,
                    row["old_waived_by"], row["new_waived_by"],
                    *(self._judged(row[f"{side}_human"]) for side in ("old", "new")),
                    self._place(row, "new") or self._place(row, "old"),
                ]  # fmt: skip
