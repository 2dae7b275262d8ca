"""report.pdf: what people concluded, beside what the program found and never in its place."""

from auditor.render.blocks import Cell, Column, Line, row, strong
from auditor.render.pdf_base import VERDICTS, Json, Part, number, yuan

_STRAY = 50  # conclusions that fit nothing and are listed
_COUNTS = ("entries", "confirmed", "dismissed", "supported", "not_supported", "pending")


class Judged(Part):
    def beside(self) -> None:
        if not (judged := self.report.judgement):
            return
        p = self.p
        self.paper.heading(2, p.judged, "judged")
        self.paper.text(p.judged_intro.format(**{name: number(judged.get(name, 0)) for name in _COUNTS}))
        self.paper.items([
            p.judged_file.format(file=self.name(one["file"]), bytes=number(one["bytes"]), sha256=one["sha256"])
            for one in judged["files"]
        ])  # fmt: skip
        self._totals(judged["money"])
        self._changed(judged["changed"])
        if judged["unmatched"]:
            shown = judged["unmatched_listed"][:_STRAY]
            counts = {"count": number(judged["unmatched"]), "shown": number(len(shown))}
            self.paper.text(p.judged_unmatched.format(**counts))
            self.paper.items([self._stray(one) for one in shown])

    def _totals(self, after: Json) -> None:
        p, said = self.p, self.w.verdict
        if not self.claimed:
            before = self.report.people["verdicts"]
            rows = [row(getattr(said, name), number(before[name]), number(after[name])) for name in VERDICTS]
            columns = [Column(self.w.money.verdict, 54), Column(p.machine_people, 60, True),
                       Column(p.judged_people, 60, True)]  # fmt: skip
            self.paper.table(columns, rows)
            return
        money = self.report.money
        sides = (money, after)

        def of(side: Json, *names: str) -> list[str]:
            return [number(sum(side[name] for name in names)), yuan(sum(side[f"{name}_fen"] for name in names))]

        rows = [row(getattr(said, name), *(text for side in sides for text in of(side, name))) for name in VERDICTS]
        foot = row(self.w.page.total, *(text for side in sides for text in of(side, *VERDICTS)))
        columns = [
            Column(self.w.money.verdict, 42), Column(p.machine_claims, 30, True), Column(p.machine_yuan, 36, True),
            Column(p.judged_claims, 30, True), Column(p.judged_yuan, 36, True),
        ]  # fmt: skip
        self.paper.table(columns, rows, foot)

    def _changed(self, changed: Json) -> None:
        p, listed = self.p, changed["listed"]
        self.paper.text(p.changed.format(total=number(changed["total"]), shown=number(len(listed))))
        rows = [
            row(self.who(one), self.employer(one["employer"]), self._verdict(one, ""), self._verdict(one, "judged_"),
                [self._said(entry) for entry in one["said"]])
            for one in listed
        ]  # fmt: skip
        person = 38 if self.report.run["edition"] == "full" else 22
        columns = [
            Column(self.w.claims.person, person), Column(self.w.money.employer, 28), Column(p.by_machine, 32),
            Column(p.by_people, 32), Column(p.said, 60),
        ]  # fmt: skip
        if rows:
            self.paper.table(columns, rows)

    def _verdict(self, one: Json, prefix: str) -> Cell:
        """A verdict and its money: the program's, or (`judged_`) that with what people concluded."""
        said: list[Line] = [strong(getattr(self.w.verdict, one[f"{prefix}verdict"]))]
        fens = [(name, one[f"{prefix}{name}_fen"]) for name in VERDICTS] if self.claimed else []
        return said + [f"{getattr(self.w.verdict, name)} {yuan(fen)}" for name, fen in fens if fen]

    def _said(self, entry: Json) -> str:
        rule, dash = entry["rule"], self.w.page.dash
        what = self.p.this_claim
        if rule:
            place = entry.get("place")
            what = f"{self.no.get(rule, rule)}-{place:03}" if place else self.no.get(rule, rule)
        return str(self.p.judged_one.format(
            what=what, conclusion=self._conclusion(entry), note=self.cut(entry["note"]) or dash,
            by=self.name(entry["by"]) or dash, on=entry["on"] or dash,
        ))  # fmt: skip

    def _conclusion(self, entry: Json) -> str:
        """Of a finding 违规属实, 排除 or 待核; of a claim also a verdict."""
        name = entry["conclusion"]
        return str(vars(self.p).get(name) or getattr(self.w.verdict, name))

    def _stray(self, entry: Json) -> str:
        dash, pause = self.w.page.dash, self.w.page.pause
        said = [entry["fingerprint"], self._conclusion(entry), self.name(entry["by"]), entry["on"]]
        where = self.place(entry["file"], entry["sheet"], entry["row"])
        return f"{where}{self.w.page.colon}{pause.join(one or dash for one in said)}"
