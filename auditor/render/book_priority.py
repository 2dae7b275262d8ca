"""The sheets of workpapers.xlsx that say whom to look at first: everybody with a score, and every group."""

from collections.abc import Iterator
from typing import Any

from auditor.render.book import Column
from auditor.render.paper import Paper, Row
from auditor.render.paper_words import addition, number


class Priority(Paper):
    def priority(self) -> None:
        """Everybody with a score, the highest first."""
        columns = [
            Column(self.w.page.index, 9), *self._who(), Column(self.b.verdict, 9),
            Column(self.w.priority.score, 8, "count"), Column(self.b.addition, 24), Column(self.b.leads, 50),
            Column(self.w.priority.group, 9),
        ]  # fmt: skip
        if self.claimed:
            columns.insert(-4, Column(self.b.claimed, 13, "money"))
        note = self.b.priority_note.format(total=number(self.report.priority["total"]))
        self._table("priority", note, columns, self._priority_rows())

    def _priority_rows(self) -> Iterator[Row]:
        assert self.report.rows
        for place, person in enumerate(self.report.rows.priority(), 1):
            leads = person["leads"]
            row: Row = [f"S-{place:03}", *self._is(person), self._verdict(person["verdict"])]
            if self.claimed:
                row.append(person["claimed_fen"] / 100)
            row += [
                person["score"], addition(lead["weight"] for lead in leads), "\n".join(map(self._lead, leads)),
                f"G-{person['group']:03}" if person["group"] else None,
            ]  # fmt: skip
            yield row

    def _lead(self, lead: dict[str, Any]) -> str:
        count = self.w.page.paren.format(text=self.w.priority.findings.format(count=number(lead["findings"])))
        return f"{self._rule(lead['rule'])}{count} {lead['weight']}"

    def _verdict(self, verdict: str | None) -> str:
        return str(getattr(self.w.verdict, verdict) if verdict else self.w.priority.not_judged)

    def groups(self) -> None:
        """Every member of every group of connected people."""
        columns = [
            Column(self.w.priority.group, 9), Column(self.w.priority.group_score, 9, "count"),
            Column(self.b.group_persons, 9, "count"), *self._who(), Column(self.w.priority.score, 8, "count"),
            Column(self.b.leads, 40), Column(self.b.partners, 10, "count"), Column(self.b.tied, 40),
            Column(self.w.priority.addresses, 24),
        ]  # fmt: skip
        if self.claimed:
            columns.insert(3, Column(self.b.group_claimed, 13, "money"))
        counts = {name: number(self.report.groups[name]) for name in ("total", "persons")}
        most = number(self.report.rows.partners if self.report.rows else 0)
        self._table("groups", self.b.groups_note.format(**counts, most=most), columns, self._member_rows())

    def _member_rows(self) -> Iterator[Row]:
        assert self.report.rows
        for member in self.report.rows.members():
            row: Row = [f"G-{member['group']:03}", member["group_score"], member["persons"]]
            if self.claimed:
                row.append(member["claimed_fen"] / 100)
            leads = [lead.split(" ") for lead in member["leads"].split(",") if lead]
            tied = [self.b.tie.format(person=who, rule=self._rule(rule), times=n) for who, rule, n in member["tied"]]
            row += [
                *self._is(member), member["score"],
                "\n".join(f"{self._rule(rule)} {weight}" for rule, weight in leads), member["partners"],
                "\n".join(tied), "\n".join(member["addresses"]),
            ]  # fmt: skip
            yield row
