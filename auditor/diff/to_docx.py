"""diff.docx: the comparison as a paper to amend and sign in Word, from `reports/docx/review.*.docx`. Notes, which
decide nothing, are counted here and listed in diff.html."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from auditor.diff.compare import STATES
from auditor.diff.result import VERDICTS, Result
from auditor.diff.to_html import ROWS, sentences, signed
from auditor.render import to_docx
from auditor.render.docx_words import PaperWords
from auditor.render.paper_words import NAME, SENTENCE, number, yuan

_ABOUT = ("client", "platform", "period", "prepared_by", "reviewed_by")
Json = dict[str, Any]


def write(result: Result, path: Path) -> None:
    date = result.sides["new"].report.policy["period_to"]
    to_docx.fill(to_docx.REVIEW, result.lang, _View(result).context(), date, path)


class _View:
    def __init__(self, result: Result) -> None:
        self.result, self.found = result, result.json
        self.words = PaperWords(result.lang)
        self.w: Any = self.words.sections

    def context(self) -> Json:
        found, d = self.found, self.w.diff
        claimed, claims = any(found["money"]["claim_list"].values()), found["claims"]
        listed = d.listed.format(
            total=number(claims["total"]), shown=number(len(claims["listed"])), sheet=d.sheet_claims
        )
        return {
            "edition": getattr(self.w.edition, self.result.edition),
            "e": {"number": found["new"]["engagement"]["number"] or self.w.docx.blank_number},
            "about": list(self._about()),
            "statement": d.statement,
            "inputs": d.same_inputs if found["same_inputs"] else d.other_inputs,
            "reasons": found["reasons"],
            "sentences": sentences(found, self.result.lang),
            "claimed": claimed,
            "money": list(self._money()) if claimed else [],
            "money_note": d.money_note,
            "verdicts": [
                {"old": self._verdict(row["old"]), "new": self._verdict(row["new"]), "claims": number(row["claims"]),
                 "yuan": yuan(row["claimed_fen"])} for row in found["verdicts"]
            ],
            "rules": [
                self._counts(rule, rule["title"], rule["old"], rule["new_total"]) for rule in found["rules"]
                if rule["old"] or rule["new_total"]
            ],
            "all": self._counts(
                found["findings"]["states"], self.w.page.total, found["findings"]["old"], found["findings"]["new"]
            ),
            "rules_note": d.rules_note,
            "claims": [self._claim(row) for row in claims["listed"]],
            "claims_listed": listed,
            "parts": list(self._parts()),
            "sign_intro": d.sign_intro,
        }  # fmt: skip

    def _about(self) -> Iterable[Json]:
        d, sides = self.w.diff, [self.found["old"], self.found["new"]]
        rows = [
            (getattr(self.w.engagement, name), [side["engagement"][name] or self.w.docx.blank for side in sides])
            for name in _ABOUT
        ]
        rows += [
            (self.w.book.policy, [side["policy"]["title"] for side in sides]),
            (d.settings, [self.w.page.semicolon.join(f"{name} = {value}" for name, value in
                          sorted(side["overrides"].items())) or self.w.page.none for side in sides]),
            (d.files, [number(side["files"]) for side in sides]),
            (d.seal, [side["manifest_sha256"] for side in sides]),
        ]  # fmt: skip
        for label, (old, new) in rows:
            yield {"label": label, "old": old, "new": new}

    def _money(self) -> Iterable[Json]:
        d, money = self.w.diff, self.found["money"]
        names = ("claimed", *VERDICTS)
        for name in ROWS:
            row, whole = money[name], name in ("old", "new")
            yield {"label": getattr(d, f"row_{name}"),
                   "claims": number(row["claims"]) if whole else signed(row["claims"]),
                   **{key: yuan(row[f"{key}_fen"]) if whole else signed(row[f"{key}_fen"], money=True)
                      for key in names}}  # fmt: skip
        for side, row in money["judged"].items():
            if row:
                yield {"label": getattr(d, f"judged_{side}"), "claims": number(row["claims"]),
                       **{key: yuan(row[f"{key}_fen"]) for key in names}}  # fmt: skip

    def _counts(self, states: Json, title: str, old: int, new: int) -> Json:
        return {"title": title, "old": number(old), "total": number(new),
                **{name: number(states[name]) for name in STATES if name not in ("added", "first")},
                "first": number(states["added"] + states["first"])}  # fmt: skip

    def _claim(self, row: Json) -> Json:
        old, new = (self._verdict(row[f"{side}_verdict"]) for side in ("old", "new"))
        said = [old if old == new else self.w.diff.arrow.format(old=old, new=new)]
        if human := row["new_human"] or row["old_human"]:
            said.append(self.w.diff.judged_as.format(said=getattr(self.w.diff_judged, human)))
        who = self._who(row["old_person_id"], row["new_person_id"], row)
        sums = [row[f"{side}_not_supported_fen"] for side in ("old", "new")]
        known = [yuan(fen) for fen in sums if fen is not None]
        return {
            "change": getattr(self.w.diff_claim, row["state"]),
            "who": "\n".join(
                self.words.shorten(part, NAME) for part in (who, row["new_employer"] or row["old_employer"]) if part
            ),
            "verdict": "\n".join(said),
            "refused": self.w.diff.arrow.format(old=known[0], new=known[-1]) if len({*known}) > 1 else known[-1],
            "place": self._place(row),
        }

    def _parts(self) -> Iterable[Json]:
        """What decides, by what became of it."""
        d, titles = self.w.diff, {rule["rule"]: rule["title"] for rule in self.found["rules"]}
        for state in STATES:
            total = self.found["findings"]["deciding"][state]
            rows = [row for row in self.found["listed"][state]["listed"]
                    if "refuse" in (row["old_effect"], row["new_effect"])
                    or "verify" in (row["old_effect"], row["new_effect"])]  # fmt: skip
            if not total:
                continue
            means = getattr(self.w.diff_means, state) + self.w.page.stop
            if total > len(rows):
                means += self.w.page.gap + d.listed_parquet.format(total=number(total), shown=number(len(rows)))
            yield {
                "title": f"{getattr(self.w.diff_state, state)}{self.w.page.paren.format(text=number(total))}",
                "means": means,
                "rows": [self._finding(row, titles) for row in rows],
            }

    def _finding(self, row: Json, titles: dict[str, str]) -> Json:
        now = "new" if row["new_index"] is not None else "old"
        old, new = row["old_index"], row["new_index"]
        both = old and new and old != new
        who = self._who(row["old_id"], row["new_id"], row) or row[f"{now}_subject"]
        waived, human = row[f"{now}_waived_by"], row[f"{now}_human"]
        what = [titles[row["rule"]], who, row["employer"], waived and self.w.diff.waived_by.format(name=waived),
                human and self.w.diff.judged_as.format(said=getattr(self.w.diff_judged, human))]  # fmt: skip
        return {
            "index": self.w.diff.arrow.format(old=old, new=new) if both else new or old,
            "what": "\n".join(self.words.shorten(part, NAME) for part in what if part),
            "message": self.words.shorten(row[f"{now}_message"], SENTENCE),
            "place": self._place(row),
        }

    def _who(self, old: str | None, new: str | None, row: Json) -> str:
        code = self.w.diff.arrow.format(old=old, new=new) if old and new and old != new else new or old
        return " ".join(filter(None, (code, row["name"], row["id_number"])))

    def _place(self, row: Json) -> str:
        side = "new" if row["new_source_file"] else "old"
        file, sheet, at = (row[f"{side}_source_{name}"] for name in ("file", "sheet", "row"))
        return self.words.place(file, sheet, *([] if at is None else [at]))

    def _verdict(self, name: str | None) -> str:
        return str(getattr(self.w.verdict, name) if name else self.w.diff.not_there)
