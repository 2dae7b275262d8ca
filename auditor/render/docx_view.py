"""What the Word templates say, as plain texts: every name that stands in one of them is a key here."""

from collections.abc import Iterable
from typing import Any

from auditor.render import book_parts
from auditor.render.docx_matters import Matters
from auditor.render.docx_words import PaperWords
from auditor.render.page_parts import VERDICTS
from auditor.render.paper_words import NAME, day, number, yuan
from auditor.report import Report

__all__ = ["PaperWords", "view"]
LISTED = 1_000  # claims of a verdict (as many as the Report holds), files, sheets, employers
_BLANKS = {"number": "blank_number", "signed_on": "blank_day", "inspected_on": "blank_day", "supplied_on": "blank_day",
           "due": "blank_day"}  # fmt: skip
Json = dict[str, Any]


def view(report: Report) -> Json:
    """The context of every template."""
    words = PaperWords(report.run["lang"])
    return _View(report, words).context()


class _View:
    def __init__(self, report: Report, words: PaperWords) -> None:
        self.report, self.words = report, words
        self.w: Any = words.sections
        self.claimed = bool(report.conclusion["claim_list"])
        self.matters = Matters(report, words)

    def context(self) -> Json:
        report, w, run = self.report, self.w, self.report.run
        return self.matters.context() | {
            "claimed": self.claimed,
            "e": self._engagement(),
            "p": self._policy(),
            "edition": {"label": getattr(w.edition, run["edition"]),
                        "note": getattr(w.edition, f"{run['edition']}_note")},
            "m": self._money(),
            "said": self._said(),
            "summary": self._summary(),
            "verdicts": {name: number(report.people["verdicts"][name]) for name in VERDICTS}
            | {"total": number(sum(report.people["verdicts"].values()))},
            "people": {name: number(value) for name, value in report.people.items() if type(value) is int},
            "totals": [
                {"label": getattr(w.verdict, name), "claims": number(report.money[name]),
                 "persons": number(report.people["verdicts"][name]), "yuan": yuan(report.money[f"{name}_fen"])}
                for name in VERDICTS
            ],
            "lines": [
                self._sums(line) | {"label": f"{line['label']}{w.page.paren.format(text=line['clause'])}"}
                for line in report.money["lines"]
            ],
            "employers": self._employers(),
            "readings": [
                {"name": getattr(w.reading_name, one["reading"]), "how": getattr(w.reading_how, one["reading"]),
                 "passing": w.clause.count.format(persons=number(one["passing"]), size=number(one["of"]))
                 if one["applicable"] else w.reading.not_applicable,
                 "role": w.reading.decides if one["deciding"] else w.reading.decides_not}
                for one in report.readings
            ],
            "inputs": self._inputs(),
            "sheets": self._sheets(),
            "problems": self._capped(report.problems, "report.json"),
            "limits": self._limits(),
            "refused": self._claims("not_supported", "N"),
            "verify": self._claims("to_verify", "V"),
            "clauses": [self._clause(clause) for clause in report.clauses],
            "checks": [
                {"no": number(at),
                 "what": clause["manual"] + (f"\n{w.clause.per_claim}" if clause["per_claim"] else ""),
                 "standard": w.docx.standard.format(clause=clause["id"], quote=clause["quote"])}
                for at, clause in enumerate((one for one in report.clauses if one["manual"]), 1)
            ],
            "params": [
                {"name": row[1], "value": row[2], "clause": row[3]}
                for row in book_parts.settings(report, self.words)
                if row[0] == w.method.param
            ],
            "j": self._judgement(),
            "spread": self._spread(),
        }  # fmt: skip

    def _spread(self) -> str:
        """Where what was found is told apart by employer, if there are several."""
        w, employers = self.w, {row["employer"] for row in self.report.employers if row["employer"]}
        if len(employers) < 2:
            return ""
        return str(w.docx.spread.format(employers=number(len(employers)), sheet=w.book.summary))

    def _engagement(self) -> Json:
        given, w = self.report.engagement, self.w
        said = {name: value or getattr(w.docx, _BLANKS.get(name, "blank")) for name, value in given.items()}
        said["inspected"] = given["inspected"] or said["platform"]
        said["addressee_or_client"] = given["addressee"] or said["client"]
        return said

    def _policy(self) -> Json:
        w, policy, run = self.w, self.report.policy, self.report.run
        overrides = w.page.semicolon.join(f"{name} = {value}" for name, value in sorted(run["overrides"].items()))
        first, last = day(policy["period_from"]), day(policy["period_to"])
        counts = {name: number(count) for name, count in self.report.conclusion["clauses"].items()}
        listed = w.conclusion.clauses.format(total=len(self.report.clauses), **counts)
        return {
            "title": policy["title"], "title_zh": policy["title_zh"], "number": policy["number"] or w.title.no_number,
            "issuer": policy["issuer"], "date": policy["date"], "clauses": number(len(self.report.clauses)),
            "period": w.title.period_value.format(first=first, last=last),
            "amount": w.title.amount_value.format(yuan=yuan(policy["amount_fen"]))
            + w.page.paren.format(text=f"T-{policy['amount_clause']}"),
            "reading": getattr(w.reading_name, run["reading"]), "overrides": overrides or w.page.none,
            "version": w.title.version_value.format(version=run["version"], policy=policy["id"]),
            "clause_counts": listed + (w.conclusion.clauses_error.format(**counts) if counts["error"] != "0" else ""),
        }  # fmt: skip

    def _money(self) -> Json:
        w, money = self.w, self.report.money
        said = {name: number(money[name]) for name in ("claims", "persons", *VERDICTS)}
        said |= {f"{name}_yuan": yuan(money[f"{name}_fen"]) for name in VERDICTS}
        once = sum(rule["counted_once_fen"] for rule in self.report.rules)
        rest = money["not_supported_fen"] + money["to_verify_fen"] - money["excess_fen"] - once
        check = w.finding.once_check.format(
            once=yuan(once), refused=yuan(money["not_supported_fen"]), verify=yuan(money["to_verify_fen"]),
            excess=yuan(money["excess_fen"]),
        ) + (w.finding.once_rest.format(rest=yuan(rest)) if rest else w.finding.once_agrees)  # fmt: skip
        total, total_fen = (sum(money[f"{name}{unit}"] for name in VERDICTS) for unit in ("", "_fen"))
        same = total == money["claims"] and total_fen == money["claimed_fen"]
        added = w.page.semicolon.join(
            [
                w.money.check.format(
                    **dict(zip("abc", (said[name] for name in VERDICTS), strict=True)), sum=number(total)
                ),
                w.money.check_yuan.format(
                    **dict(zip("abc", (said[f"{name}_yuan"] for name in VERDICTS), strict=True)), sum=yuan(total_fen)
                ),
                w.money.agrees if same else w.money.differs.format(total=yuan(money["claimed_fen"])),
            ]
        )
        return said | {"claimed": yuan(money["claimed_fen"]), "once": yuan(once), "once_check": check, "check": added}

    def _abc(self, said: Json, unit: str) -> Json:
        return {letter: said[f"{name}{unit}"] for letter, name in zip("abc", VERDICTS, strict=True)}

    def _said(self) -> list[str]:
        """The sentences below the conclusion."""
        w, c, money = self.w, self.w.conclusion, self.report.money
        said = []
        if self.claimed:
            if money["not_supported_fen"]:
                said.append(c.reduce.format(yuan=yuan(money["not_supported_fen"])))
            if money["to_verify_fen"]:
                said.append(c.pending.format(yuan=yuan(money["to_verify_fen"])))
            if apart := self.words.apart(money):
                said.append(apart)
            if money["paid_fen"] is not None:
                refused = yuan(money["paid_not_supported_fen"] or 0)
                said.append(c.paid.format(paid=yuan(money["paid_fen"]), refused=refused))
        if blocked := self.report.conclusion["blocked"]:
            names = w.page.comma.join(self.matters.name(rule) for rule in blocked)
            said.append(w.docx.blocked.format(rules=names))
        said.append(c.meets if self.report.conclusion["meets"] else w.docx.meets_not)
        said.append(w.docx.record_only)
        return [w.page.gap.join(said)]

    def _summary(self) -> str:
        if self.claimed:
            said = self.w.conclusion.money.format(**self._money())
        else:
            verdicts = self.report.people["verdicts"]
            counts = {name: number(verdicts[name]) for name in VERDICTS}
            said = self.w.conclusion.people.format(total=number(sum(verdicts.values())), **counts)
        return str(self.w.page.gap.join(filter(None, (said, self.words.beside(self.report)))))

    def _sums(self, row: Json) -> Json:
        return {"claims": number(row["claims"])} | {
            name: yuan(row[f"{name}_fen"] or 0) for name in ("claimed", *VERDICTS)
        }

    def _employers(self) -> Json:
        w, rows = self.w, self.report.employers
        keys = ("claims", *(f"{name}_fen" for name in ("claimed", *VERDICTS)))
        totals = {key: sum(row[key] or 0 for row in rows) for key in keys}
        shown = [self._sums(row) | {"name": self.words.shorten(self._employer(row["employer"]), NAME)}
                 for row in rows[:LISTED]]  # fmt: skip
        if rest := rows[LISTED:]:
            others = w.money.others.format(count=number(len(rest)))
            shown.append(self._sums({key: sum(row[key] or 0 for row in rest) for key in keys}) | {"name": others})
        same = all(totals[key] == self.report.money[key] for key in keys)
        said = w.money.employers_listed.format(total=number(len(rows)), shown=number(min(len(rows), LISTED)))
        agrees = w.money.employers_agree if same or not self.claimed else w.money.employers_differ
        return {"shown": shown, "sum": self._sums(totals), "said": said + w.page.gap + agrees}

    def _employer(self, name: str | None) -> str:
        return name or str(self.w.page.no_employer)

    def _inputs(self) -> Json:
        rows: dict[str, int] = {}
        for source in self.report.completeness:
            rows[source["file"]] = rows.get(source["file"], 0) + source["rows"]
        files = self.report.inputs
        shown = [
            {"no": number(at), "file": self.words.shorten(file["file"], NAME), "bytes": number(file["bytes"]),
             "rows": number(rows[file["file"]]) if file["file"] in rows else self.w.page.dash,
             "sha256": f"{file['sha256'][:32]}\n{file['sha256'][32:]}"}
            for at, file in enumerate(files[:LISTED], 1)
        ]  # fmt: skip
        return {"shown": shown, "said": self._listed(len(files), len(shown), "manifest.json")}

    def _listed(self, total: int, shown: int, where: str) -> str:
        if total == shown:
            return str(self.w.docx.all_listed.format(total=number(total)))
        return str(self.w.docx.listed.format(total=number(total), shown=number(shown), where=where))

    def _capped(self, texts: list[str], where: str) -> list[str]:
        if len(texts) <= LISTED:
            return texts
        return [*texts[:LISTED], self._listed(len(texts), LISTED, where)]

    def _sheets(self) -> Json:
        w, sources = self.w, self.report.completeness
        shown = []
        for at, source in enumerate(sources[:LISTED], 1):
            aside = sum(source["set_aside"].values())
            lost = source["rows"] - source["read"] - aside
            reasons = [
                w.data.reason.format(reason=getattr(w.aside, reason), count=number(count))
                for reason, count in source["set_aside"].items()
            ]
            said = w.page.semicolon.join([number(aside), *reasons])
            place = self.words.shorten(source["file"], NAME)
            if source["sheet"]:
                place = w.place.sheet.format(file=place, sheet=self.words.shorten(source["sheet"], NAME))
            shown.append({
                "no": f"F-{at:02}", "file": place, "label": source["label"] or w.data.unknown,
                "rows": number(source["rows"]), "read": number(source["read"]),
                "aside": said + (w.page.semicolon + w.data.differs.format(count=number(lost)) if lost else ""),
            })  # fmt: skip
        rows, read = (sum(source[name] for source in sources) for name in ("rows", "read"))
        return {"shown": shown, "rows": number(rows), "read": number(read), "aside": number(rows - read),
                "said": self._listed(len(sources), len(shown), "report.json")}  # fmt: skip

    def _limits(self) -> list[str]:
        w = self.w
        said = [w.title.machine, w.title.lead, w.title.damage, w.title.not_run]
        if lacking := self.matters.lacking():
            said.append(w.docx.lacking.format(fields=w.page.comma.join(lacking)))
        said += [
            w.docx.per_claim.format(clause=item["clause"], manual=item["manual"])
            for item in self.report.conclusion["per_claim"]
        ]
        return [*said, w.method.index_text]

    def _claims(self, verdict: str, letter: str) -> Json:
        w, found = self.w, self.report.claims[verdict]
        listed = found["listed"][:LISTED]
        rows = [
            {"no": f"{letter}-{at:04}", "person": self._person(row),
             "employer": self.words.shorten(self._employer(row["employer"]), NAME),
             "claimed": yuan(row["claimed_fen"] or 0), "amount": yuan(row[f"{verdict}_fen"] or 0),
             "why": "\n".join(self.matters.why(row, verdict))}
            for at, row in enumerate(listed, 1)
        ]  # fmt: skip
        where = w.docx.in_workbook.format(sheet=w.book.claims)
        said = self._listed(found["total"], len(rows), where)
        if not rows:
            said = w.claims.none if self.claimed else w.claims.none_people
        if self.claimed and verdict == "not_supported":
            said = w.page.gap.join(filter(None, (said, self.words.apart(self.report.money))))
        return {
            "shown": rows, "said": said, "sum": w.claims.sum.format(shown=number(len(rows))),
            "claimed": yuan(sum(row["claimed_fen"] or 0 for row in listed)),
            "amount": yuan(sum(row[f"{verdict}_fen"] or 0 for row in listed)),
        }  # fmt: skip

    def _person(self, row: Json) -> str:
        parts: Iterable[str | None] = (row["person_id"] or self.w.page.dash, row["name"], row["id_number"])
        return "\n".join(self.words.shorten(part, NAME) for part in parts if part)

    def _clause(self, clause: Json) -> Json:
        w = self.w
        about = [self.matters.fared(name) for name in clause["rules"]]
        if clause["fields_lacking"]:
            about.append(w.docx.fields_lacking.format(fields=w.page.comma.join(clause["fields_lacking"])))
        if clause["manual"]:
            each = w.page.paren.format(text=w.clause.per_claim) if clause["per_claim"] else ""
            about.append(w.docx.manual.format(manual=clause["manual"], each=each))
        return {
            "no": f"T-{clause['id']}", "outcome": getattr(w.outcome, clause["outcome"]),
            "quote": w.docx.quoted.format(quote=clause["quote"], summary=clause["summary"]),
            "about": "\n".join(about) or w.page.dash,
        }  # fmt: skip

    def _judgement(self) -> Json | None:
        """What people concluded, beside the machine's; None where nobody was asked."""
        found, w = self.report.judgement, self.w
        if found is None:
            return None
        money, changed = found["money"], found["changed"]
        rows = [
            {"person": self._person(row), "employer": self.words.shorten(self._employer(row["employer"]), NAME),
             "verdict": getattr(w.verdict, row["verdict"]), "judged": getattr(w.verdict, row["judged_verdict"]),
             "said": "\n".join(self._concluded(said) for said in row["said"])}
            for row in changed["listed"][:LISTED]
        ]  # fmt: skip
        where = w.docx.in_workbook.format(sheet=w.book.claims)
        return {name: number(found[name]) for name in ("entries", "confirmed", "dismissed", "pending", "unmatched")} | {
            "files": w.page.comma.join(file["file"] for file in found["files"]),
            "totals": [
                {"label": getattr(w.verdict, name), "claims": number(self.report.money[name]),
                 "yuan": yuan(self.report.money[f"{name}_fen"]), "judged": number(money[name]),
                 "judged_yuan": yuan(money[f"{name}_fen"])} for name in VERDICTS
            ],
            "changed": self._listed(changed["total"], len(rows), where),
            "rows": rows,
        }  # fmt: skip

    def _concluded(self, said: Json) -> str:
        """What was concluded on a finding, or on the claim itself."""
        w = self.w
        if said["rule"]:
            about, conclusion = self.matters.name(said["rule"]), getattr(w.docx, said["conclusion"])
        else:
            about, conclusion = w.judgement.the_claim, getattr(w.verdict, said["conclusion"])
        behind = [part for part in (said["note"], said["by"], said["on"] and str(said["on"])) if part]
        what = f"{about}{w.page.colon}{conclusion}"
        return str(w.page.semicolon.join([what, *behind]))
