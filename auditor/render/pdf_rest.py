"""report.pdf: the claims that are not supported or to verify, the data, what was not evaluated, the method, the SQL."""

from auditor.render.blocks import Cell, Column, Line, joined, line, link, row, small, strong
from auditor.render.paper_words import class_hours, day
from auditor.render.pdf_base import LETTER, VERDICTS, Json, Part, number, yuan


class Rest(Part):
    def claims(self) -> None:
        self.paper.heading(1, self._titled("claims"), "claims")
        self.paper.text(self.w.claims.intro)
        for verdict in LETTER:
            self._claims(verdict)

    def _titled(self, part: str) -> str:
        return str(getattr(self.p, part if self.claimed else f"{part}_people"))

    def _claims(self, verdict: str) -> None:
        c, found = self.w.claims, self.report.claims[verdict]
        self.paper.heading(2, getattr(self.w.verdict, verdict), verdict)
        listed = c.listed if self.claimed else c.listed_people
        self.paper.text(listed.format(total=number(found["total"]), shown=number(len(found["listed"]))))
        if not found["listed"]:
            self.paper.text(c.none if self.claimed else c.none_people)
            return
        unit_s = self.report.policy["params"]["unit_s"]
        rows = []
        for place, one in enumerate(found["listed"], 1):
            at = f"{LETTER[verdict]}-{place:04}"
            cells: list[Cell] = [at, self.who(one), self.employer(one["employer"])]
            if self.claimed:
                amount: list[Line] = [yuan(one[f"{verdict}_fen"])]
                if verdict == "to_verify" and one["not_supported_fen"]:
                    amount.append(small(c.also_refused.format(yuan=yuan(one["not_supported_fen"]))))
                cells += [yuan(one["claimed_fen"]), amount]
            study: list[Line] = [c.unmatched]
            if one["net_s"] is not None:
                units = c.units.format(units=number(class_hours(one["net_s"], unit_s)))
                study = [self.words.hms(one["net_s"]), small(units)]
            cells += [self._reasons(one, verdict), study]
            if self.claimed:
                cells.append(self.place(one["file"], one["sheet"], one["row"]))
            rows.append(row(*cells, at=at))
        person = 37 if self.report.run["edition"] == "full" else 20
        columns = [Column(self.w.page.index, 16), Column(c.person, person), Column(c.employer, 25)]
        if self.claimed:
            columns += [Column(c.claimed, 19, True), Column(getattr(c, f"amount_{verdict}"), 20, True)]
        columns += [Column(c.why, 46), Column(c.study, 20)]
        if self.claimed:
            columns.append(Column(c.place, 24))
        self.paper.table(columns, rows)
        if self.claimed:
            fens = {"claimed": "claimed_fen", "amount": f"{verdict}_fen"}
            said = {name: yuan(sum(one[fen] for one in found["listed"])) for name, fen in fens.items()}
            said["shown"] = number(len(rows))
            self.paper.note(getattr(self.p, f"sum_{verdict}").format(**said))
            if verdict == "not_supported" and (apart := self.words.apart(self.report.money)):
                self.paper.note(apart)

    def _reasons(self, claim: Json, verdict: str) -> list[Line]:
        """The rules that keep a claim from being supported, with the first finding of each."""
        page, said = self.w.page, []
        blocked: list[Line] = []
        for name in claim["reasons"]:
            if name in self.rules and self.rules[name]["outcome"] != "evaluated":
                blocked.append(link(self.no[name]))
                continue
            at = self.found_at.get((name, claim["person_id"]), self.no.get(name, name))
            title = f" {self.rules[name]['title']}" if name in self.rules else ""
            parts: list[Line] = [link(at), title]
            if name in self.rules and (clause := self.rules[name]["clause"]):
                parts.append(self.paren(f"T-{clause}"))  # not linked: thousands of links take seconds
            for one in claim["said"]:
                if one["rule"] == name:
                    more = self.paren(self.w.claims.more.format(count=number(one["findings"])))
                    parts.append(page.colon + self.cut(one["message"]) + (more if one["findings"] > 1 else ""))
            said.append(line(*parts))
        if blocked and verdict == "to_verify":
            said.append(line(self.w.claims.not_run, page.colon, joined(blocked, page.comma)))
        return said

    def data(self) -> None:
        d, sources = self.w.data, self.report.completeness
        self.paper.heading(1, self.p.data, "data")
        self.paper.text(d.intro)
        rows = []
        for place, one in enumerate(sources, 1):
            aside = sum(one["set_aside"].values())
            reasons: list[Line] = [
                d.reason.format(reason=getattr(self.w.aside, name), count=number(count))
                for name, count in sorted(one["set_aside"].items())
            ]
            lost = one["rows"] - one["read"] - aside
            check = d.differs.format(count=number(lost)) if lost else d.agrees
            rows.append(row(
                f"F-{place:02}", [self.name(one["file"]), *filter(None, [self.name(one["sheet"])])],
                one["label"] or d.unknown, number(one["rows"]), number(one["read"]), number(aside), reasons, check,
            ))  # fmt: skip
        total, read = (sum(one[name] for one in sources) for name in ("rows", "read"))
        foot = row(None, self.w.page.total, None, number(total), number(read), number(total - read), None, None)
        columns = [
            Column(self.w.page.index, 11), Column(self.p.file_sheet, 48), Column(d.table, 24),
            Column(d.rows, 15, True), Column(d.read, 15, True), Column(d.aside, 13, True), Column(d.reasons, 34),
            Column(d.check, 14),
        ]  # fmt: skip
        self.paper.table(columns, rows, foot)
        self._joins()
        self._notes(sources)
        self.paper.heading(2, d.inputs)
        self.paper.text(d.inputs_intro)
        files = [row(self.name(one["file"]), number(one["bytes"]), one["sha256"]) for one in self.report.inputs]
        self.paper.table([Column(d.file, 48), Column(d.bytes, 20, True), Column(d.sha256, 106)], files)

    def _joins(self) -> None:
        if not self.report.joins:
            return
        d = self.w.data
        self.paper.heading(2, d.joins)
        self.paper.text(d.joins_intro)
        rows = [
            row(one["label"], getattr(self.w.join, one["key"]), number(one["rows"]), number(one["people"]))
            for one in self.report.joins
        ]
        columns = [Column(d.table, 50), Column(d.joins_key, 60), Column(d.joins_rows, 32, True),
                   Column(d.joins_people, 32, True)]  # fmt: skip
        self.paper.table(columns, rows)

    def _notes(self, sources: list[Json]) -> None:
        """Columns that were not recognised, rows set aside, and remarks, of each sheet that has any."""
        d, page, said = self.w.data, self.w.page, []
        for place, one in enumerate(sources, 1):
            if one["unrecognised"]:
                names = page.comma.join(map(self.name, one["unrecognised"]))
                said.append(f"F-{place:02} {d.unrecognised}{page.colon}{self.cut(names, 600)}")
            for reason, rows in sorted(one["set_aside_rows"].items()):
                where = page.comma.join(map(str, rows))
                words = d.aside_rows.format(reason=getattr(self.w.aside, reason), rows=where)
                if (count := one["set_aside"][reason]) > len(rows):
                    words += d.aside_more.format(count=number(count))
                said.append(f"F-{place:02} {words}")
            said += [f"F-{place:02} {self.cut(note)}" for note in one["notes"]]
        if said:
            self.paper.heading(2, d.notes)
            self.paper.items(said)

    def undone(self) -> None:
        u, f, page = self.w.undone, self.w.finding, self.w.page
        undone, awaiting = ([rule for rule in self.report.undone if rule["awaited"] == kind] for kind in (False, True))
        self.paper.heading(1, self.p.undone, "undone")
        self.paper.heading(2, u.rules)
        if undone:
            rows = [
                row(link(self.no[rule["id"]]), [rule["title"], small(rule["id"])], self.clause(rule["clause"]),
                    rule["reason"] or page.dash, self._follows(rule))
                for rule in undone
            ]  # fmt: skip
            columns = [Column(page.index, 12), Column(f.rule, 46), Column(f.clause, 18), Column(u.reason, 58),
                       Column(u.follows, 40)]  # fmt: skip
            self.paper.table(columns, rows)
        else:
            self.paper.text(u.rules_none_awaiting if awaiting else u.rules_none)
        if awaiting:
            self.paper.heading(2, u.awaiting)
            self.paper.text(u.awaiting_intro)
            rows = [
                row(link(self.no[rule["id"]]), [rule["title"], small(rule["id"])], self.clause(rule["clause"]),
                    page.comma.join(rule["lacking"]))
                for rule in awaiting
            ]  # fmt: skip
            columns = [Column(page.index, 12), Column(f.rule, 56), Column(f.clause, 20), Column(u.lacking, 86)]
            self.paper.table(columns, rows)
        self._manual()

    def _follows(self, rule: Json) -> str:
        u = self.w.undone
        if rule["id"] not in self.report.conclusion["blocked"]:
            return str(u.follows_error if rule["outcome"] == "error" else u.follows_other)
        return str(u.follows_blocked if self.claimed else u.follows_blocked_people)

    def _manual(self) -> None:
        u, manual = self.w.undone, [one for one in self.report.clauses if one["manual"]]
        self.paper.heading(2, u.manual)
        if not manual:
            self.paper.text(u.manual_none)
            return
        self.paper.text(u.manual_intro)
        rows = [
            row(self.clause(one["id"]), one["manual"],
                self.w.clause.per_claim if one["per_claim"] else u.manual_once)
            for one in manual
        ]  # fmt: skip
        columns = [Column(self.w.finding.clause, 20), Column(u.manual_what, 124), Column(u.manual_scope, 30)]
        self.paper.table(columns, rows)

    def method(self) -> None:
        m, policy = self.w.method, self.report.policy
        self.paper.heading(1, self.p.method, "method")
        self._readings()
        self.paper.heading(2, m.words)
        self.paper.facts([
            *((getattr(self.w.verdict, name), getattr(m, name)) for name in VERDICTS),
            *((getattr(self.w, "class").__dict__[name], getattr(m, name)) for name in ("breach", "lead", "data")),
            (self.w.effect.note, m.note),
        ])  # fmt: skip
        params = policy["params"]
        required = self.words.hms(params["unit_s"] * params["min_units"])
        unit = {"unit": self.words.hms(params["unit_s"]), "units": params["min_units"], "required": required}
        self.paper.heading(2, m.hours)
        self.paper.items([m.hours_net, m.hours_unit.format(**unit), m.hours_person, m.hours_copies, m.hours_minute])
        self.paper.heading(2, m.dates)
        period = m.dates_period.format(first=day(policy["period_from"]), last=day(policy["period_to"]))
        said = [line(self.clause(one["clause"]), self.w.page.colon, one["text"]) for one in policy["readings"]]
        self.paper.items([period, *said, m.dates_zone])
        self.paper.heading(2, m.exams)
        by_mark = policy["pass_by"] == "mark"
        marks = m.exams_mark.format(mark=params["pass_mark"]) if by_mark else m.exams_result
        self.paper.items([marks, getattr(m, f"exams_{policy['deciding']}")])
        self.paper.heading(2, m.amounts)
        self.paper.text(m.amounts_text.format(yuan=yuan(policy["amount_fen"])))
        self._leads()
        self._waivers()
        self.paper.heading(2, m.files)
        self.paper.text(self.p.files)
        self.paper.text(m.index_text)

    def _readings(self) -> None:
        r, params = self.w.reading, self.report.policy["params"]
        self.paper.heading(2, self.p.readings)
        required = self.words.hms(params["unit_s"] * params["min_units"])
        self.paper.text(r.intro.format(
            unit=self.words.hms(params["unit_s"]), units=params["min_units"], required=required,
            size=number(self.report.conclusion["judged"]),
        ))  # fmt: skip
        rows = []
        for one in self.report.readings:
            counts = [r.not_applicable, self.w.page.dash]
            if one["applicable"]:
                passing = self.w.clause.count.format(persons=number(one["passing"]), size=number(one["of"]))
                counts = [passing, number(one["of"] - one["passing"])]
            decides = strong(r.decides) if one["deciding"] else r.decides_not
            name = one["reading"]
            rows.append(
                row(getattr(self.w.reading_name, name), getattr(self.w.reading_how, name), *counts, decides)
            )  # fmt: skip
        columns = [Column(r.name, 18), Column(r.how, 72), Column(r.passing, 28, True), Column(r.failing, 20, True),
                   Column(r.deciding, 36)]  # fmt: skip
        self.paper.table(columns, rows)
        self.paper.text(r.why)
        if not self.report.events:
            return
        self.paper.heading(2, r.events)
        self.paper.text(r.events_intro)
        rows = [
            row([one["label"], small(one["rule"])],
                self.w.page.pause.join(self.words.hms(one[name]) for name in ("gap_s", "tail_s", "minimum_s")),
                number(one["sittings"]), self.words.hms(one["total_s"]),
                strong(r.events_chosen) if one["deciding"] else r.decides_not)
            for one in self.report.events
        ]  # fmt: skip
        columns = [Column(r.events_rule, 40), Column(r.events_numbers, 44), Column(r.events_sittings, 20, True),
                   Column(r.events_total, 32, True), Column(r.deciding, 38)]  # fmt: skip
        self.paper.table(columns, rows)

    def _leads(self) -> None:
        """Rules that no clause asks for, with the reason for each number."""
        m, page = self.w.method, self.w.page
        self.paper.heading(2, m.leads, "lead-reasons")
        units = {one["name"]: one["unit"] for rule in self.report.rules for one in rule["params"]}
        units |= {name.removesuffix("_c"): "score" for name in units if name.endswith("_c")}
        rows = []
        for lead in self.report.policy["leads"]:
            numbers: list[Line] = [
                f"{getattr(self.w.param, name, name)} {self.words.param(value, name, units.get(name, ''))}"
                for name, value in sorted(lead["params"].items())
            ]
            reason: list[Line] = [lead["reason"]]
            if lead["corroborates"]:
                also = joined([self.rule(name) for name in lead["corroborates"]], page.comma)
                reason.append(line(m.corroborates, also))
            rows.append(row(self.rule(lead["rule"]), getattr(self.w.effect, lead["effect"]), str(lead["weight"]),
                            numbers or page.dash, reason))  # fmt: skip
        columns = [Column(page.index, 38), Column(self.w.finding.effect, 20), Column(self.w.priority.weight, 10, True),
                   Column(m.numbers, 40), Column(m.reason, 66)]  # fmt: skip
        self.paper.table(columns, rows)

    def _waivers(self) -> None:
        v, waivers = self.w.waiver, self.report.waivers
        if not waivers:
            return
        self.paper.heading(2, v.title)
        self.paper.text(v.intro.format(day=waivers[0]["as_of"]))
        rows = [
            row(self.rule(one["rule"]), one["fingerprint"], self.cut(one["reason"]), self.name(one["approver"]),
                str(one["expires"]), getattr(v, one["state"]))
            for one in waivers
        ]  # fmt: skip
        columns = [Column(self.w.page.index, 40), Column(v.fingerprint, 40), Column(v.reason, 40),
                   Column(v.approver, 18), Column(v.expires, 18), Column(v.state, 18)]  # fmt: skip
        self.paper.table(columns, rows)

    def sql(self) -> None:
        """The SQL of the rules that decide about a claim here; that of the others stands in other papers."""
        ran = [rule for rule in self.report.rules if rule["outcome"] != "not_evaluated"]
        shown = [rule for rule in ran if rule["refused"] or rule["to_verify"]]
        self.paper.heading(1, self.p.sql, "sql", numbered=False)
        self.paper.text(self.p.sql_intro.format(total=number(len(ran)), shown=number(len(shown))))
        for rule in shown:
            self.paper.text(strong(f"{self.no[rule['id']]} {rule['title']}"))
            self.paper.code(rule["sql"])
