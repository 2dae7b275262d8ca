"""The columns of workpapers.xlsx in which people conclude, and the sheets that show what was read back."""

from collections.abc import Iterator
from typing import Any

from auditor.render.book import Book, Column
from auditor.render.page_parts import VERDICTS
from auditor.render.paper import Paper, Row
from auditor.render.paper_words import Words, number
from auditor.report import Report

FINDING = ("confirmed", "dismissed", "pending")
Json = dict[str, Any]


def columns(report: Report, words: Words, claim: bool = False) -> list[Column]:
    """Fingerprints, then what the auditor fills in. `claim`: of claims, else of findings."""
    w: Any = words.sections
    last = [Column(w.judgement.lasting, 18)] if report.run["edition"] == "full" else []
    return [
        Column(w.book.fingerprint, 18), *last,
        Column(w.judgement.conclusion, 11, "fill", choices=tuple(_choices(words, claim).values())),
        Column(w.judgement.note, 32, "fill"), Column(w.judgement.author, 10, "fill"),
        Column(w.judgement.day, 12, "fill day"),
    ]  # fmt: skip


def cells(row: Json, report: Report, words: Words, claim: bool = False) -> Row:
    """A row of these columns: what was read back, else empty."""
    last = [row["lasting"]] if report.run["edition"] == "full" else []
    said = _choices(words, claim).get(row["judged"], "")
    return [row["fingerprint"], *last, said, row["judged_note"] or "", row["judged_by"] or "", row["judged_on"] or ""]


def shown_columns(words: Words) -> list[Column]:
    """What was concluded, where it is shown and not filled in."""
    j, findings = words.sections.judgement, words.sections.book.findings
    heads, told = (j.conclusion, j.note, j.author, j.day), j.fill_elsewhere.format(findings=findings)
    return [Column(head, width, elsewhere=told) for head, width in zip(heads, (10, 24, 9, 11), strict=True)]


def shown_cells(row: Json, words: Words) -> Row:
    """A row of these columns."""
    return [_choices(words, False).get(row["judged"]), row["judged_note"], row["judged_by"], row["judged_on"]]


def note(report: Report, words: Words, claim: bool = False) -> str:
    """How they are filled in."""
    w: Any = words.sections
    effect = w.judgement.fill_claim if claim else w.judgement.fill_finding
    said = w.judgement.fill.format(choices=w.page.comma.join(_choices(words, claim).values()), effect=effect)
    if report.run["edition"] != "full":
        said += w.page.gap + w.judgement.masked
        said += f"{w.page.gap}{w.judgement.mark}{w.page.colon}{report.run['data_mark']}"
    return str(said)


def _choices(words: Words, claim: bool) -> dict[str, str]:
    part = vars(words.sections.verdict if claim else words.sections.judgement)
    return {name: part[name] for name in (VERDICTS if claim else FINDING)}


class Judged(Paper):
    """The sheets of an audit with judgements."""

    def __init__(self, report: Report, words: Words, book: Book) -> None:
        super().__init__(report, words, book)
        self.j: Any = words.sections.judgement

    def sheets(self) -> None:
        if not self.report.judgement:
            return
        self._summary(self.report.judgement)
        self._elsewhere()

    def _summary(self, judged: Json) -> None:
        """The machine's verdicts and people's side by side, and what differs."""
        sheet = self.book.sheet(self.j.sheet, self.j.intro, (12, 14, 20, 28, 20, 14, 14, *6 * (13,), 60))
        sheet.line(self.j.entries.format(**{name: number(judged[name]) for name in _COUNTED}))
        if self.report.run["edition"] != "full":
            sheet.line(self.j.masked)
        for file in judged["files"]:
            size = self.b.input_value.format(bytes=number(file["bytes"]))
            sheet.line(f"{self.j.files}{self.w.page.colon}{file['file']}{self.w.page.pause}{size}{self.w.page.pause}"
                       f"SHA-256 {file['sha256']}")  # fmt: skip
        sheet.part(self.j.caption)
        self._sides(sheet, judged["money"])
        changed = judged["changed"]
        sheet.part(self.j.changed_caption)
        if not changed["total"]:
            sheet.line(self.j.changed_none)
            return
        counts = {"total": number(changed["total"]), "shown": number(len(changed["listed"]))}
        sheet.line(self.j.changed.format(**counts))
        both = [f"{self.w.verdict.__dict__[name]}{self.w.page.paren.format(text=side)}"
                for name in VERDICTS for side in (self.j.machine, self.j.human)]  # fmt: skip
        sheet.head([
            Column(self.b.person, 0), Column(self.b.name, 0), Column(self.b.id_number, 0),
            Column(self.w.money.employer, 0), Column(self.b.claimed, 0, "money"), Column(self.j.machine, 0),
            Column(self.j.human, 0), *(Column(head, 0, "money") for head in both), Column(self.j.why, 0),
        ])  # fmt: skip
        for row in changed["listed"]:
            money = [row[f"{side}{name}_fen"] / 100 for name in VERDICTS for side in ("", "judged_")]
            verdicts = [self.w.verdict.__dict__[row[f"{side}verdict"]] for side in ("", "judged_")]
            sheet.put([
                row["person_id"], row["name"], row["id_number"], row["employer"] or self.w.page.no_employer,
                row["claimed_fen"] / 100, *verdicts, *money, "\n".join(map(self._said, row["said"])),
            ])  # fmt: skip

    def _sides(self, sheet: Any, money: Json) -> None:
        machine = self.report.money if self.claimed else self.report.people["verdicts"]
        unit = self.w.money.claims if self.claimed else self.w.money.persons
        heads = [Column(self.b.verdict, 0)]
        parts = (("", unit, "count"), *((("_fen", self.w.money.yuan, "money"),) if self.claimed else ()))
        heads += [Column(f"{side} {said}", 0, kind)
                  for _, said, kind in parts for side in (self.j.machine, self.j.human)]  # fmt: skip
        heads += [Column(self.j.difference, 0, "money")] if self.claimed else []
        sheet.head(heads)
        sums = [0.0] * (len(heads) - 1)
        for name in VERDICTS:
            values: list[float] = []
            for part, _, kind in parts:
                pair = [side[f"{name}{part}"] for side in (machine, money)]
                values += [value / 100 for value in pair] if kind == "money" else pair
            if self.claimed:
                values.append((money[f"{name}_fen"] - machine[f"{name}_fen"]) / 100)
            sums = [one + other for one, other in zip(sums, values, strict=True)]
            sheet.put([self.w.verdict.__dict__[name], *values])
        sheet.put([self.w.page.total, *sums], total=True)

    def _said(self, said: Json) -> str:
        """One conclusion about a claim that changed."""
        if said["rule"]:
            what, words = f"{self.no[said['rule']]}-{said['place']:03}", self.j
        else:
            what, words = self.j.the_claim, self.w.verdict
        form = self.j.said if said["note"] else self.j.said_bare
        return str(form.format(**said | {"what": what, "conclusion": vars(words)[said["conclusion"]]}))

    def _elsewhere(self) -> None:
        """What was read back and has no row of its own on the other sheets: the next round reads it here."""
        rows = list(self._elsewhere_rows())
        if not rows:
            return
        known = columns(self.report, self.words)
        where = [Column(self.j.about, 14), Column(self.w.finding.rule, 30), Column(self.w.data.file, 24),
                 Column(self.w.data.sheet, 14), Column(self.b.row, 8, "plain")]  # fmt: skip
        unmatched = self.report.judgement["unmatched"] if self.report.judgement else 0
        text = self.j.elsewhere_note.format(count=number(len(rows)), unmatched=number(unmatched))
        name = self.j.elsewhere
        self.book.table(name, self.b.next, text, [*where, *known], rows, self.b.nothing)

    def _elsewhere_rows(self) -> Iterator[Row]:
        assert self.report.rows
        about = {"finding": self.j.of_finding, "claim": self.j.of_claim, None: self.j.of_nothing}
        words = vars(self.j) | vars(self.w.verdict)
        for said in self.report.rows.judged_elsewhere():
            last = [said["lasting"]] if self.full else []
            yield [
                about[said["about"]], self._rule(said["rule"]) if said["rule"] else None, said["file"], said["sheet"],
                said["row"], said["fingerprint"] or self.w.page.dash, *last, words[said["conclusion"]],
                said["note"] or "", said["by"], said["on"],
            ]  # fmt: skip


_COUNTED = ("entries", "confirmed", "dismissed", "pending", "supported", "not_supported")
