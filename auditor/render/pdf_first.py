"""report.pdf: its first page, conclusion and money, and who was looked at."""

from auditor.render.blocks import Column, Line, joined, line, row, small, strong
from auditor.render.page_parts import EMPLOYERS
from auditor.render.paper_words import day
from auditor.render.pdf_base import VERDICTS, Json, Part, number, yuan
from auditor.render.pdf_judged import Judged


class First(Part):
    def page(self, replaced: str) -> None:
        """The engagement, the notice, what the reader has to know. `replaced`: characters no font has."""
        r, t, policy = self.report, self.w.title, self.report.policy
        period = t.period_value.format(first=day(policy["period_from"]), last=day(policy["period_to"]))
        version = t.version_value.format(version=r.run["version"], policy=policy["id"])
        facts: list[tuple[str, Line]] = [
            (getattr(self.w.engagement, name), self.cut(r.engagement[name]) or self.w.engagement.blank)
            for name in ("client", "platform", "period", "prepared_by", "reviewed_by")
        ]
        facts += [
            (t.number, policy["number"] or t.no_number), (t.issuer, policy["issuer"]), (t.date, policy["date"]),
            (t.period, period), (t.amount, t.amount_value.format(yuan=yuan(policy["amount_fen"]))),
            (t.reading, getattr(self.w.reading_name, r.run["reading"])),
        ]  # fmt: skip
        if r.run["overrides"]:
            said = [f"{name} = {value}" for name, value in sorted(r.run["overrides"].items())]
            facts.append((t.overrides, self.w.page.semicolon.join(said)))
        edition = getattr(self.w.edition, r.run["edition"])
        note = getattr(self.w.edition, f"{r.run['edition']}_note")
        facts += [(t.version, version), (t.edition, line(strong(edition), self.w.page.semicolon, note))]
        self.paper.facts(facts)
        self.paper.text(strong(t.statement))
        self.paper.items([t.machine, t.lead, t.damage, t.not_run])
        if replaced:
            codes = self.w.page.comma.join(f"U+{ord(one):04X}" for one in replaced[:40])
            more = self.p.replaced_more.format(count=number(len(replaced))) if len(replaced) > 40 else ""
            self.paper.note(self.p.replaced.format(codes=codes + more))

    def conclusion(self) -> None:
        c = self.w.conclusion
        self.paper.heading(1, self.p.conclusion, "conclusion")
        self.paper.text(strong("".join(self._money_said())))
        if blocked := self.report.conclusion["blocked"]:
            follows = self.p.blocked_claims if self.claimed else self.p.blocked_people
            said = joined([self.rule(name) for name in blocked], self.w.page.comma)
            self.paper.note(line(c.blocked, said, self.w.page.semicolon, follows, self.see("undone")))
        self.paper.text(self._meets())
        if self.report.problems:
            self.paper.heading(2, c.problems)
            self.paper.items([self.cut(problem, 1_000) for problem in self.report.problems])
        self._totals()
        self._lines()
        Judged(self.report, self.words, self.paper).beside()
        self._employers()
        self._per_claim()
        self._scope()

    def _money_said(self) -> list[str]:
        c, money = self.w.conclusion, self.report.money
        if not self.claimed:
            verdicts = self.report.people["verdicts"]
            counts = {name: number(verdicts[name]) for name in VERDICTS}
            return [c.people.format(total=number(sum(verdicts.values())), **counts)]
        counts = {name: number(money[name]) for name in ("claims", "persons", *VERDICTS)}
        sums = {f"{name}_yuan": yuan(money[f"{name}_fen"]) for name in VERDICTS}
        said = [c.money.format(claimed=yuan(money["claimed_fen"]), **counts, **sums)]
        gap = self.w.page.gap
        for words, fen in (("reduce", "not_supported_fen"), ("pending", "to_verify_fen")):
            if money[fen]:
                said.append(gap + getattr(c, words).format(yuan=yuan(money[fen])))
        if apart := self.words.apart(money):
            said.append(gap + apart)
        if money["paid_fen"] is not None:
            refused = yuan(money["paid_not_supported_fen"] or 0)
            said.append(gap + c.paid.format(paid=yuan(money["paid_fen"]), refused=refused))
        return said

    def _meets(self) -> Line:
        c, conclusion, page = self.w.conclusion, self.report.conclusion, self.w.page
        counts = conclusion["clauses"]
        total = c.clauses.format(total=len(self.report.clauses), **{k: counts[k] for k in counts if k != "error"})
        if counts["error"]:
            total += page.gap + c.clauses_error.format(error=counts["error"])
        if conclusion["meets"]:
            return line(c.meets, page.gap, total)
        kinds: list[Line] = []
        for outcome in ("not_met", "not_evaluated", "error"):
            if found := [one["id"] for one in self.report.clauses if one["outcome"] == outcome]:
                named = joined([self.clause(name) for name in found], page.comma)
                before, after = page.paren.split("{text}")
                said = getattr(c, f"meets_{outcome}").format(count=len(found))
                kinds.append(line(said, before, named, after))
        if conclusion["blocked"]:
            kinds.append(c.meets_blocked.format(count=len(conclusion["blocked"])))
        return line(c.meets_not, page.gap, joined(kinds, page.semicolon), page.stop.strip(), page.gap, total)

    def _totals(self) -> None:
        m, money, persons = self.w.money, self.report.money, self.report.people["verdicts"]
        self.paper.heading(2, m.heading if self.claimed else m.heading_people)
        if not self.claimed:
            rows = [row(getattr(self.w.verdict, name), number(persons[name])) for name in VERDICTS]
            foot = row(self.w.page.total, number(sum(persons.values())))
            self.paper.table([Column(m.verdict, 100), Column(m.persons, 74, True)], rows, foot)
            return
        rows = [
            row(getattr(self.w.verdict, name), number(money[name]), yuan(money[f"{name}_fen"])) for name in VERDICTS
        ]
        foot = row(self.w.page.total, number(money["claims"]), yuan(money["claimed_fen"]))
        columns = [Column(m.verdict, 70), Column(m.claims, 44, True), Column(m.yuan, 60, True)]
        self.paper.table(columns, rows, foot)
        counts, fens = [money[name] for name in VERDICTS], [money[f"{name}_fen"] for name in VERDICTS]
        a, b, c = map(number, counts)
        said = m.check.format(a=a, b=b, c=c, sum=number(sum(counts))) + self.w.page.semicolon
        a, b, c = map(yuan, fens)
        said += m.check_yuan.format(a=a, b=b, c=c, sum=yuan(sum(fens))) + self.w.page.semicolon
        same = sum(counts) == money["claims"] and sum(fens) == money["claimed_fen"]
        self.paper.note(said + (m.agrees if same else m.differs.format(total=yuan(money["claimed_fen"]))))

    def _lines(self) -> None:
        """Money by line of subsidy of the notice."""
        lines = self.report.money["lines"]
        if not self.claimed:
            return
        self.paper.heading(2, self.p.lines)
        names = (*VERDICTS, "claimed")
        rows = [
            row([one["label"], self.clause(one["clause"])], number(one["claims"]),
                *(yuan(one[f"{name}_fen"]) for name in names))
            for one in lines
        ]  # fmt: skip
        money = self.report.money
        foot = row(self.w.page.total, number(money["claims"]), *(yuan(money[f"{name}_fen"]) for name in names))
        self.paper.table(self._money_columns(self.p.line, 50), rows, foot)
        same = all(sum(one[f"{name}_fen"] for one in lines) == money[f"{name}_fen"] for name in names)
        self.paper.note(self.p.lines_agree if same else self.p.lines_differ)

    def _money_columns(self, first: str, width: float) -> list[Column]:
        verdicts = [Column(getattr(self.w.book, name), 27, True) for name in (*VERDICTS, "claimed")]
        return [Column(first, width), Column(self.w.money.claims, 14, True), *verdicts]

    def _employers(self) -> None:
        m, employers = self.w.money, self.report.employers
        self.paper.heading(2, m.employers if self.claimed else m.employers_people)
        listed = m.employers_listed if self.claimed else m.employers_listed_people
        shown, rest = employers[:EMPLOYERS], employers[EMPLOYERS:]
        self.paper.text(listed.format(total=number(len(employers)), shown=number(len(shown))))
        counts, fens = (*VERDICTS, "claims"), (*VERDICTS, "claimed") if self.claimed else ()
        names = [*counts, *(f"{name}_fen" for name in fens)]

        def summed(found: list[Json]) -> Json:
            return {name: sum(one[name] or 0 for one in found) for name in names}

        def said(name: Line, one: Json) -> Json:
            if not self.claimed:
                return row(name, *(number(one[key]) for key in counts))
            pairs = zip(counts, fens, strict=True)
            claims = [(number(one[count]), yuan(one[f"{fen}_fen"])) for count, fen in pairs]
            return row(name, *([fen, small(self.p.count.format(count=count))] for count, fen in claims))

        rows = [said(self._known(one), one) for one in shown]
        if rest:
            rows.append(said(m.others.format(count=number(len(rest))), summed(rest)))
        total = summed(employers)
        heads = [getattr(self.w.verdict, name) for name in VERDICTS] + [self.w.page.total]
        if self.claimed:
            heads = [getattr(self.w.book, name) for name in (*VERDICTS, "claimed")]
        columns = [Column(m.employer, 58), *(Column(name, 29, True) for name in heads)]
        self.paper.table(columns, rows, said(self.w.page.total, total))
        if self.claimed:
            same = all(total[name] == self.report.money[name] for name in total)
        else:
            same = total["claims"] == sum(self.report.people["verdicts"].values())
        self.paper.note(m.employers_agree if same else m.employers_differ)

    def _known(self, employer: Json) -> str:
        marks = [self.name(employer["district"]), self.w.money.dispatch if employer["dispatch"] else ""]
        known = self.w.page.comma.join(filter(None, marks))
        return self.employer(employer["employer"]) + (self.paren(known) if known else "")

    def _per_claim(self) -> None:
        p, items = self.w.per_claim, self.report.conclusion["per_claim"]
        self.paper.heading(2, p.heading)
        self.paper.text(p.intro if items else p.none)
        self.paper.items([line(self.clause(item["clause"]), " ", item["manual"]) for item in items])

    def _scope(self) -> None:
        s, people = self.w.scope, self.report.people
        self.paper.heading(2, s.heading)
        kinds = [("all", "all"), ("registered", "registered"), ("studied", "studied"), ("judged", "judged"),
                 ("unidentified", "unidentified")]  # fmt: skip
        if self.claimed:
            kinds[3:3] = [("claimed", "claimed")]
            kinds[5:5] = [("not_claimed", "registered_not_claimed")]
        rows = []
        for name, count in kinds:
            remark = getattr(s, f"{name}_remark")
            if name == "judged" and not self.claimed:
                remark = s.judged_remark_people
            remark = remark.format(sessions=number(people["sessions"]))
            rows.append(row(getattr(s, name), number(people[count]), remark))
        self.paper.table([Column(s.what, 40), Column(s.count, 24, True), Column(s.remark, 110)], rows)
