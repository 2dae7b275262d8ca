"""report.pdf: clauses, rules with their limits, and what each rule found; leads stand in a chapter of their own."""

from auditor.render.blocks import Cell, Column, Line, joined, line, link, row, small, strong
from auditor.render.pdf_base import Json, Part, number, yuan


class Rules(Part):
    def clauses(self) -> None:
        c = self.w.clause
        self.paper.heading(1, self.p.clauses, "clauses")
        self.paper.text(c.intro)
        rows = [
            row(
                f"T-{one['id']}", [self.p.quote.format(text=one["quote"]), one["summary"]],
                [strong(getattr(self.w.outcome, one["outcome"])), *filter(None, [one["reason"]])], self._basis(one),
                at=f"T-{one['id']}",
            )
            for one in self.report.clauses
        ]  # fmt: skip
        columns = [Column(self.w.page.index, 15), Column(c.text, 63), Column(c.outcome, 19), Column(c.basis, 77)]
        self.paper.table(columns, rows)

    def _basis(self, clause: Json) -> Cell:
        """What the outcome of a clause rests on."""
        c, policy = self.w.clause, self.report.policy
        said: list[Line] = [line(self.rule(name), self.w.page.colon, self._fared(name)) for name in clause["rules"]]
        if clause["fields_lacking"]:
            said.append(line(strong(c.lacking), self.w.page.comma.join(clause["fields_lacking"])))
        elif clause["fields"]:
            said.append(c.fields.format(count=len(clause["fields"])))
        if clause["manual"]:
            each = self.paren(c.per_claim) if clause["per_claim"] else ""
            said.append(line(strong(c.manual), clause["manual"] + each))
        said += [c.period] if clause["id"] == policy["period_clause"] else []
        said += [c.amount] if clause["id"] == policy["amount_clause"] else []
        return said

    def _fared(self, name: str) -> str:
        """What became of a rule of a clause."""
        rule, c, page = self.rules[name], self.w.clause, self.w.page
        said = []
        if rule["outcome"] != "evaluated":
            said += [self.words.fate(rule), *filter(None, [rule["reason"]])]
        if rule["outcome"] != "not_evaluated" and rule["findings"]:
            effects = self.w.effect.note
            if rule["refused"] or rule["to_verify"]:
                effects = c.effects.format(refused=number(rule["refused"]), to_verify=number(rule["to_verify"]))
            said.append(page.pause.join([self._of(rule, rule["persons"]), effects]))
        elif rule["outcome"] == "evaluated":
            said.append(c.no_findings)
        return str(page.semicolon.join(said))

    def _of(self, rule: Json, persons: int) -> str:
        return str(self.w.clause.count.format(persons=number(persons), size=number(rule["population_size"])))

    def overview(self) -> None:
        """Every rule with its clause, its limits and its counts, in one table."""
        f, report = self.w.finding, self.report
        self.paper.heading(1, self.p.rules, "rules")
        self.paper.text(self.p.rules_intro)
        self.paper.note(f.overlap if self.claimed else f.overlap_people)
        rows = []
        for rule in report.rules:
            no = self.no[rule["id"]]
            if rule["outcome"] == "evaluated":
                outcome: Line = number(rule["findings"])
            else:
                outcome = self.words.fate(rule)
            cells: list[Cell] = [
                link(no), [rule["title"], small(rule["id"])],
                [getattr(self.w, "class").__dict__[rule["class"]], self.clause(rule["clause"])],
                self.limits(rule), outcome, self._of(rule, rule["persons"]),
            ]  # fmt: skip
            if self.claimed:
                once = self.p.once.format(yuan=yuan(rule["counted_once_fen"]))
                cells.append([yuan(rule["claims_fen"]), small(once)])
            rows.append(row(*cells, at=None if rule["findings"] else no))
        columns = [
            Column(self.w.page.index, 12), Column(f.rule, 41), Column(self.p.class_clause, 18),
            Column(f.threshold, 42), Column(f.findings, 17, True), Column(f.persons, 19, True),
        ]  # fmt: skip
        if self.claimed:
            columns.append(Column(f.claims_fen, 27, True))
        self.paper.table(columns, rows)
        if self.claimed:
            money, sums = report.money, sum(rule["counted_once_fen"] for rule in report.rules)
            rest = money["not_supported_fen"] + money["to_verify_fen"] - money["excess_fen"] - sums
            said = f.once_check.format(
                once=yuan(sums), refused=yuan(money["not_supported_fen"]), verify=yuan(money["to_verify_fen"]),
                excess=yuan(money["excess_fen"]),
            )  # fmt: skip
            self.paper.note(said + (f.once_rest.format(rest=yuan(rest)) if rest else f.once_agrees))

    def chapter(self, name: str, cls: str) -> None:
        """The findings of a class, in a chapter of their own."""
        self.paper.heading(1, getattr(self.p, name), name)
        self.paper.text(getattr(self.p, f"{name}_intro"))
        if name == "leads":
            self.paper.note(self.w.title.lead)
        self._findings(cls, 2)

    def quality(self) -> None:
        """The findings of data quality, within the chapter on the data."""
        self.paper.heading(2, self.w.data.quality)
        self._findings("data", 3)

    def _findings(self, cls: str, level: int) -> None:
        """Each rule of a class that found something: what it says, its counts, the first of its findings."""
        found = [rule for rule in self.report.rules if rule["class"] == cls and rule["findings"]]
        if not found:
            self.paper.text(self.w.finding.none_of_class)
        for rule in found:
            self._rule(rule, level)

    def _rule(self, rule: Json, level: int) -> None:
        f, page, no = self.w.finding, self.w.page, self.no[rule["id"]]
        self.paper.heading(level, f"{no} {rule['title']}", no, numbered=False)
        if rule["class"] == "lead":
            self.paper.text(self.p.lead_one.format(title=rule["title"]))
        effect = line(page.semicolon, f.effect, page.colon, getattr(self.w.effect, rule["effect"]))
        if rule["clause"]:
            clause = line(self.clause(rule["clause"]), effect)
        elif rule["lead_reason"]:
            clause = line(f.lead_reason.format(reason=rule["lead_reason"]), effect)
        else:
            clause = f.no_reason
        counts = [
            f.count_findings.format(
                count=number(rule["findings"]), refused=number(rule["refused"]), verify=number(rule["to_verify"]),
                note=number(rule["findings"] - rule["refused"] - rule["to_verify"]),
            ),
            f.count_persons.format(
                persons=number(rule["persons"]), size=number(rule["population_size"]), population=self._whom(rule)
            ),
        ]  # fmt: skip
        if self.claimed:
            counts.append(f.count_money.format(
                claims=number(rule["claims"]), yuan=yuan(rule["claims_fen"]), once=yuan(rule["counted_once_fen"])
            ))  # fmt: skip
        self.paper.facts([
            (f.clause_label, clause), (f.threshold, self.limits(rule)), (f.why, rule["why"]),
            (f.counts, page.semicolon.join(counts) + page.stop), (f.innocent, rule["false_positives"]),
            (f.next, rule["fix"]),
        ])  # fmt: skip
        sample = self.samples[rule["id"]]
        self.paper.text(f.listed.format(total=number(rule["findings"]), shown=number(len(sample))))
        self._sample(no, sample)

    def _whom(self, rule: Json) -> str:
        name = rule["population"]
        if name == "claimed" and not self.claimed:
            name = "claimed_people"
        return str(getattr(self.w.population, name))

    def _sample(self, no: str, sample: list[Json]) -> None:
        f = self.w.finding
        rows = []
        for place, one in enumerate(sample, 1):
            at = f"{no}-{place:03}"
            measured: list[Line] = [self.words.amount(one["measured"], one["unit"])]
            if one["limit"] is not None:
                measured.append(small(f"{f.limit} {self.words.amount(one['limit'], one['unit'])}"))
            kind = vars(self.w.subject).get(one["subject_kind"]) or one["subject_kind"]
            rows.append(row(
                at, [small(str(kind)), self.name(one["subject"])], self.name(one["employer"]) or self.w.page.dash,
                self.cut(one["message"]), measured, getattr(self.w.effect, one["effect"]), list(self.places(one)),
                at=at,
            ))  # fmt: skip
        columns = [
            Column(self.w.page.index, 17), Column(f.subject, 22), Column(f.employer, 26), Column(f.message, 46),
            Column(f.measured, 20, True), Column(f.outcome, 13), Column(f.evidence, 30),
        ]  # fmt: skip
        if rows:
            self.paper.table(columns, rows)

    def priority(self) -> None:
        """In which order the leads are worth looking at, and groups of people whom they tie together."""
        p, listed = self.w.priority, self.report.priority
        self.paper.heading(2, self.p.priority, "priority", numbered=False)
        self.paper.text(p.sum + self.w.page.gap + p.no_verdict)
        shown = listed["listed"]
        self.paper.text(p.listed.format(total=number(listed["total"]), shown=number(len(shown))))
        rows = [
            row(
                f"S-{place:03}", self.who(one), self.employer(one["employer"]),
                getattr(self.w.verdict, one["verdict"]) if one["verdict"] else p.not_judged,
                [self._lead(lead, one["person_id"]) for lead in one["leads"]], number(one["score"]),
                f"G-{one['group']:03}" if one["group"] else self.w.page.dash,
            )
            for place, one in enumerate(shown, 1)
        ]  # fmt: skip
        columns = [
            Column(self.w.page.index, 13), Column(self.w.claims.person, 27), Column(self.w.claims.employer, 34),
            Column(self.w.money.verdict, 18), Column(p.leads, 60), Column(p.score, 10, True), Column(p.group, 12),
        ]  # fmt: skip
        if rows:
            self.paper.table(columns, rows)
        self._groups()

    def _lead(self, lead: Json, person: str) -> Line:
        at = self.found_at.get((lead["rule"], person), self.no[lead["rule"]])
        count = self.paren(self.w.priority.findings.format(count=number(lead["findings"])))
        return line(link(at), f" {self.rules[lead['rule']]['title']}{count} ", strong(str(lead["weight"])))

    def _groups(self) -> None:
        p, groups = self.w.priority, self.report.groups
        self.paper.heading(2, p.groups, numbered=False)
        if not groups["total"]:
            self.paper.text(p.groups_none)
            return
        counts = {"total": number(groups["total"]), "persons": number(groups["persons"])}
        self.paper.text(p.groups_intro)
        self.paper.text(p.groups_listed.format(shown=number(len(groups["listed"])), **counts))
        page, rows = self.w.page, []
        for one in groups["listed"]:
            ties: list[Line] = [
                line(self.rule(tie["rule"]),
                     self.paren(p.pairs.format(pairs=number(tie["pairs"]), times=number(tie["times"]))))
                for tie in one["ties"]
            ]  # fmt: skip
            rows.append(row(
                f"G-{one['group']:03}", number(one["persons"]), ties,
                self._some(one["employers"], "employer", page.no_employer),
                self._members(one), number(one["score"]),
            ))  # fmt: skip
        columns = [
            Column(page.index, 13), Column(self.w.money.persons, 11, True), Column(p.tied, 56),
            Column(p.employers, 40), Column(p.members, 42), Column(p.score, 12, True),
        ]  # fmt: skip
        self.paper.table(columns, rows)

    def _some(self, part: Json, key: str, nobody: str) -> str:
        """Names with a number of people, and how many more there are."""
        page, p = self.w.page, self.w.priority
        said = page.comma.join(
            (self.name(one[key]) or nobody) + self.paren(p.of_persons.format(count=number(one["persons"])))
            for one in part["listed"]
        )
        if part["total"] > len(part["listed"]):
            said += page.semicolon + p.in_all.format(total=number(part["total"]))
        return said or str(page.none)

    def _members(self, group: Json) -> Line:
        said = joined([f"{one['person_id']} {number(one['score'])}" for one in group["members"]], self.w.page.comma)
        if group["persons"] > len(group["members"]):
            more = self.w.priority.in_all.format(total=number(group["persons"]))
            return line(said, self.w.page.semicolon, more)
        return said
