"""The rules of a Word paper: each as a matter with its fact, its standard, its evidence and what follows from it."""

from collections.abc import Iterator
from typing import Any

from auditor.render import book_parts
from auditor.render.docx_words import PaperWords
from auditor.render.paper_words import LONGEST, NAME, number, yuan
from auditor.report import Report

SHOWN = {"breach": 20, "lead": 10, "data": 10}  # findings of a rule
Json = dict[str, Any]


class Matters:
    def __init__(self, report: Report, words: PaperWords) -> None:
        self.report, self.words = report, words
        self.w: Any = words.sections
        self.claimed = bool(report.conclusion["claim_list"])
        self.no = book_parts.rule_numbers(report)
        self.rules = {rule["id"]: rule for rule in report.rules}
        self._clause = {clause["id"]: clause for clause in report.clauses}
        self._at = {
            (rule["id"], finding["person_id"]): f"{self.no[rule['id']]}-{place:03}"
            for rule in report.rules
            for place, finding in reversed(list(enumerate(rule["sample"], 1)))
        }

    def context(self) -> Json:
        found = [rule for rule in self.report.rules if rule["findings"]]
        made = {rule["id"]: self._matter(rule) for rule in found}
        breaches = [rule for rule in found if rule["class"] == "breach" and rule["clause"]]
        data = [rule for rule in found if rule["class"] == "data"]
        others = [rule for rule in found if rule not in breaches and rule not in data]
        leads = [rule for rule in others if rule["refused"] or rule["to_verify"]]
        notes = [rule for rule in others if rule not in leads]
        decides = [
            rule for rule in (*breaches, *data, *leads, *notes)
            if rule["refused"] or rule["to_verify"] or _of_money(rule)
        ]  # fmt: skip
        idle = [rule for rule in self.report.rules if rule["outcome"] != "evaluated"]
        undone = sorted(self.report.undone, key=lambda rule: bool(rule["awaited"]))
        return {
            "groups": list(self._groups()),
            "breaches": [made[rule["id"]] for rule in breaches],
            "data": [made[rule["id"]] for rule in data],
            "leads": [made[rule["id"]] for rule in leads],
            "notes": [made[rule["id"]] for rule in notes],
            "matters": [made[rule["id"]] for rule in decides],
            "faults": self._faults([rule for rule in decides if rule["refused"] or _of_money(rule)]),
            "questions": [{"said": made[rule["id"]]["question"]} for rule in decides
                          if not rule["refused"] and not _of_money(rule)],
            "demands": self._demands(breaches, data, leads),
            "advice": self._advice(data, leads),
            "undone": [
                {"no": self.no[rule["id"]], "title": rule["title"],
                 "clause": rule["clause"] or self.w.finding.no_clause,
                 "reason": self._waits(rule) if rule["awaited"] else rule["reason"] or self.w.page.dash}
                for rule in undone
            ],
            "rules": {"total": number(len(self.report.rules)), "ran": number(len(self.report.rules) - len(idle)),
                      "idle": number(len(idle))},
        }  # fmt: skip

    def name(self, rule: str) -> str:
        """R-nn and the title."""
        return f"{self.no[rule]} {self.rules[rule]['title']}" if rule in self.rules else rule

    def fared(self, rule: str) -> str:
        """A rule of a clause: how many people it concerns, or why it did not run."""
        found, w = self.rules[rule], self.w
        if found["outcome"] != "evaluated":
            said = self.words.fate(found)
        elif found["findings"]:
            said = w.clause.count.format(persons=number(found["persons"]), size=number(found["population_size"]))
        else:
            said = w.clause.no_findings
        return f"{self.name(rule)}{w.page.colon}{said}"

    def why(self, claim: Json, verdict: str) -> Iterator[str]:
        """The reasons of a claim, one a line."""
        w, stopped = self.w, []
        said = {line["rule"]: line for line in claim["said"]}
        for name in claim["reasons"]:
            rule = self.rules.get(name)
            if rule is None or rule["outcome"] != "evaluated":
                stopped.append(self.name(name))
                continue
            at = self._at.get((name, claim["person_id"]), self.no[name])
            line = f"{at} {rule['title']}" + (w.page.paren.format(text=f"T-{rule['clause']}") if rule["clause"] else "")
            if found := said.get(name):
                line += w.page.colon + self.words.shorten(found["message"], LONGEST)
            yield line
        if stopped and verdict == "to_verify":
            yield f"{w.claims.not_run}{w.page.colon}{w.page.comma.join(stopped)}"
        if verdict == "to_verify" and claim["not_supported_fen"]:
            yield w.claims.also_refused.format(yuan=yuan(claim["not_supported_fen"]))

    def lacking(self) -> list[str]:
        """The fields that a clause asks for and the export does not hold."""
        return list(dict.fromkeys(name for clause in self.report.clauses for name in clause["fields_lacking"]))

    def _matter(self, rule: Json) -> Json:
        w, d = self.w, self.w.docx
        clause = self._clause.get(rule["clause"] or "")
        shown = rule["sample"][: SHOWN[rule["class"]]]
        standard = d.no_standard.format(reason=rule["lead_reason"] or w.finding.no_reason)
        short = d.without
        if clause:
            short = standard = d.standard.format(clause=clause["id"], quote=clause["quote"])
        values = {
            "title": rule["title"], "no": self.no[rule["id"]], "persons": number(rule["persons"]),
            "claims": number(rule["claims"]), "yuan": yuan(rule["claims_fen"]), "once": yuan(rule["counted_once_fen"]),
            "excess": yuan(rule["excess_fen"]),
            "notice": self.report.policy["title"], "standard": standard, "short": short, "next": rule["fix"],
        }  # fmt: skip
        values["money"] = d.money.format(**values) if self.claimed and rule["claims"] else ""
        effect = "refused" if rule["refused"] else "verify" if rule["to_verify"] else "note"
        if effect == "refused" and rule["to_verify"]:
            effect = "partly"
        if effect == "note" and _of_money(rule):
            effect = "amount"
        chapter = rule["class"] if clause or rule["class"] != "breach" else "lead"
        made = {
            "clause": rule["clause"],
            "quote": clause["quote"] if clause else "",
            "class": d.clause_open
            if rule["class"] == "breach" and effect in ("verify", "note")
            else getattr(getattr(w, "class"), rule["class"]),
            "innocent": rule["false_positives"],
            "findings": number(rule["findings"]),
            "refused": number(rule["refused"]) if rule["refused"] else "",
            "to_verify": number(rule["to_verify"]) if rule["to_verify"] else "",
            "verify_count": number(rule["to_verify"]),
            "claimed": bool(rule["claims"]),
            "once_differs": rule["counted_once_fen"] != rule["claims_fen"],
            "of_money": effect == "amount",
            "established": effect in ("refused", "partly", "amount"),
            "fact": getattr(d, f"fact_{effect}").format(**values),
            "brief": d.brief.format(**values),
            "question": d.question.format(**values),
            "suggestion": getattr(d, f"follows_{effect}").format(**values)
            + (d.once.format(**values) if self.claimed else ""),
            "chapter": getattr(d, f"chapter_{chapter}").format(**values),
            "limits": self._limits(rule),
            "listed": self._listed(rule["findings"], len(shown)),
            "rows": [self._row(rule, at, finding) for at, finding in enumerate(shown, 1)],
        }
        return values | made

    def _row(self, rule: Json, at: int, finding: Json) -> Json:
        w, cut = self.w, self.words.shorten
        subject = f"{getattr(w.subject, finding['subject_kind'])} {cut(finding['subject'] or '', NAME)}"
        employer = cut(finding["employer"] or w.page.dash, NAME)
        return {
            "no": f"{self.no[rule['id']]}-{at:03}", "subject": subject, "employer": employer,
            "who": f"{subject}\n{employer}" if finding["employer"] else subject,
            "message": cut(finding["message"], LONGEST), "place": "\n".join(self.words.places(finding)),
        }  # fmt: skip

    def _listed(self, total: int, shown: int) -> str:
        d = self.w.docx
        where = d.in_workbook.format(sheet=self.w.book.findings)
        words = d.all_listed if total == shown else d.listed
        return str(words.format(total=number(total), shown=number(shown), where=where))

    def _limits(self, rule: Json) -> str:
        w = self.w
        by_result = any(one["name"] == "by_mark" and not one["value"] for one in rule["params"])
        said = [
            f"{getattr(w.param, one['name'], one['name'])} {self.words.param(one['value'], one['name'], one['unit'])}"
            for one in rule["params"]
            if not (by_result and one["name"] == "pass_mark_c")
        ]
        return str(w.page.semicolon.join(said))

    def _groups(self) -> Iterator[Json]:
        """All rules, by clause; those without one last."""
        d = self.w.docx
        for clause in self.report.clauses:
            if clause["rules"]:
                head = d.standard.format(clause=clause["id"], quote=clause["quote"])
                yield {"head": head, "rows": [self._result(self.rules[name]) for name in clause["rules"]]}
        if rest := [self._result(rule) for rule in self.report.rules if not rule["clause"]]:
            yield {"head": d.no_clause, "rows": rest}

    def _result(self, rule: Json) -> Json:
        w = self.w
        row = {"no": self.no[rule["id"]], "title": rule["title"], "size": number(rule["population_size"]),
               "persons": number(rule["persons"]), "claims": number(rule["claims"]), "yuan": yuan(rule["claims_fen"]),
               "once": yuan(rule["counted_once_fen"])}  # fmt: skip
        if rule["outcome"] != "evaluated":
            row["size"] = self.words.fate(rule)
            if not rule["findings"]:
                row |= dict.fromkeys(("persons", "claims", "yuan"), w.page.dash)
        return row

    def _waits(self, rule: Json) -> str:
        return str(self.w.book.waits_for.format(lacking=self.w.page.comma.join(rule["lacking"])))

    def _faults(self, refused: list[Json]) -> list[Json]:
        d, comma = self.w.docx, self.w.page.comma
        said = [(d.fault if rule["refused"] else d.fault_amount).format(**self._matter(rule)) for rule in refused]
        said += [
            d.fault_fields.format(
                notice=self.report.policy["title"], clause=clause["id"], quote=clause["quote"],
                fields=comma.join(clause["fields_lacking"]),
            ) for clause in self.report.clauses if clause["fields_lacking"]
        ]  # fmt: skip
        return [{"said": text} for text in said]

    def _demands(self, breaches: list[Json], data: list[Json], leads: list[Json]) -> list[str]:
        d, said = self.w.docx, []
        if any(rule["refused"] for rule in breaches):
            said.append(d.demand_claims)
        if self.lacking():
            said.append(d.demand_fields.format(fields=self.w.page.comma.join(self.lacking())))
        if data:
            said.append(d.demand_data)
        if leads:
            said.append(d.demand_explain)
        return [*said, d.demand_keep]

    def _advice(self, data: list[Json], leads: list[Json]) -> list[str]:
        w, d, money = self.w, self.w.docx, self.report.money
        counts = {name: number(money[name]) for name in ("not_supported", "to_verify")}
        said = []
        if money["not_supported_fen"]:
            said.append(d.advice_reduce.format(claims=counts["not_supported"], yuan=yuan(money["not_supported_fen"])))
        if money["paid_not_supported_fen"]:
            said.append(d.advice_paid.format(yuan=yuan(money["paid_not_supported_fen"])))
        if money["to_verify_fen"]:
            said.append(d.advice_verify.format(claims=counts["to_verify"], yuan=yuan(money["to_verify_fen"])))
        if blocked := self.report.conclusion["blocked"]:
            said.append(d.advice_blocked.format(rules=w.page.comma.join(map(self.name, blocked))))
        if self.report.conclusion["per_claim"]:
            said.append(d.advice_manual)
        if self.lacking():
            said.append(d.advice_fields.format(fields=w.page.comma.join(self.lacking())))
        waits = dict.fromkeys(name for rule in self.report.rules if rule["awaited"] for name in rule["lacking"])
        if waits:
            said.append(d.advice_waits.format(what=w.page.comma.join(waits)))
        if leads:
            said.append(d.advice_leads)
        if data:
            said.append(d.advice_data)
        return said or [d.advice_none]


def _of_money(rule: Json) -> bool:
    """Whether what it finds reduces money, whatever the verdict."""
    return bool(rule["unit"] == "fen")
