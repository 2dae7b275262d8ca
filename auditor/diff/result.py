"""What two audits side by side tell: counts, money that adds up, and the beginnings of the lists. Plain values, in the
order of diff.json; money in fen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor import __version__, policy, rule
from auditor.diff.compare import CLAIM_STATES, FEN, NEW_STATES, OLD_STATES, STATES
from auditor.diff.folder import Side
from auditor.store import Store, text
from auditor.words import LANGUAGES, Words, phrase, word

LISTED = 100  # claims and people of diff.html and diff.json; diff.xlsx and the Parquet files have them all
FOUND = 50  # findings of a state
BATCH = 20_000  # rows read at once
VERDICTS = ("supported", "not_supported", "to_verify")
_SUMS = ("claims", *VERDICTS, *FEN, "paid_fen")
_SHOWN = ("index", "effect", "subject", "message", "measured", "limit", "waived_by", "human", "source_file",
          "source_sheet", "source_row", "fingerprint")  # fmt: skip
_BOTH = "f.rule, f.class, f.clause, f.subject_kind, f.employer, f.unit"
Json = dict[str, Any]


class Result:
    """Asked while the two are in the store. `edition`: masked or full."""

    def __init__(self, store: Store, old: Side, new: Side, known_by: str, edition: str, lang: str) -> None:
        self._store, self.edition, self.lang = store, edition, lang
        self.sides = {"old": old, "new": new}
        self._by_person()
        self.json: Json = {
            "run": {"version": __version__, "edition": edition, "lang": lang, "known_by": known_by},
            **{name: _about(side, lang) for name, side in self.sides.items()},
            "same_inputs": old.inputs == new.inputs,
            "reasons": [word(reason, lang) for reason in reasons(old, new)],
            "findings": self._findings(),
            "rules": self._rules(),
            "money": self._money(),
            "verdicts": self._verdicts(),
            "claims": self._claims(),
            "people": self._people(),
            "listed": {
                state: {"total": total, "listed": list(self.findings(state, FOUND))}
                for state, total in self._totals().items()
            },
        }

    def _totals(self) -> dict[str, int]:
        found = dict(self._store.rows("SELECT state, count(*) FROM findings_both GROUP BY state"))
        return {state: found.get(state, 0) for state in STATES}

    def _findings(self) -> Json:
        """Both sides add up: old = those of the old alone + open, new = those of the new alone + open."""
        heavy = dict(self._store.rows("SELECT state, count(*) FROM findings_both WHERE heavy GROUP BY state"))
        counts = self._totals()
        row = self._store.rows(
            """SELECT count(*) FILTER (old_waived_by IS NOT NULL), count(*) FILTER (new_waived_by IS NOT NULL),
                count(*) FILTER (old_human IS NOT NULL), count(*) FILTER (new_human IS NOT NULL) FROM findings_both"""
        )[0]
        return {
            "old": sum(counts[state] for state in (*OLD_STATES, "open")),
            "new": sum(counts[state] for state in (*NEW_STATES, "open")),
            "states": counts,
            "deciding": {state: heavy.get(state, 0) for state in STATES},
            **dict(zip(("old_waived", "new_waived", "old_judged", "new_judged"), row, strict=True)),
        }

    def _rules(self) -> list[Json]:
        """Every rule of either notice, in the order of the new one."""
        counts = ", ".join(f"count(*) FILTER (state = {text(state)})" for state in STATES)
        found = {
            row[0]: row[1:]
            for row in self._store.rows(
                f"""SELECT rule, {counts}, count(*) FILTER (state = 'open' AND new_waived_by IS NOT NULL)
                FROM findings_both GROUP BY rule"""
            )
        }
        told = {name: {one["id"]: one for one in side.report.rules} for name, side in self.sides.items()}
        known, out = rule.catalogue(), []
        for name in dict.fromkeys([*told["new"], *told["old"]]):
            about = told["new"].get(name) or told["old"][name]
            *states, waived = found.get(name, (0,) * (len(STATES) + 1))
            counted = dict(zip(STATES, states, strict=True))
            out.append({
                "rule": name, "title": known[name].title[self.lang] if name in known else about["title"],
                "class": about["class"], "clause": about["clause"],
                "old": sum(counted[state] for state in (*OLD_STATES, "open")), **counted, "waived": waived,
                "new_total": sum(counted[state] for state in (*NEW_STATES, "open")),
                **{f"{side}_outcome": told[side][name]["outcome"] if name in told[side] else None for side in told},
            })  # fmt: skip
        return out

    def _money(self) -> Json:
        """Old − gone + added + changed = new, in every column."""

        def sums(source: str, side: str = "", sign: int = 1) -> Json:
            verdict = f"{side}verdict"
            columns = [f"{sign} * count(*)"]
            columns += [f"{sign} * count(*) FILTER ({verdict} = {text(name)})" for name in VERDICTS]
            columns += [f"{sign} * CAST(coalesce(sum({side}{name}), 0) AS BIGINT)" for name in (*FEN, "paid_fen")]
            return dict(zip(_SUMS, self._store.rows(f"SELECT {', '.join(columns)} FROM {source}")[0], strict=True))

        changed = [sums("claims_both WHERE state IN ('changed', 'same')", f"{side}_") for side in ("old", "new")]
        return {
            "claim_list": {name: bool(side.report.conclusion["claim_list"]) for name, side in self.sides.items()},
            "paid": {name: side.report.money["paid_fen"] is not None for name, side in self.sides.items()},
            "old": sums("claims_old"),
            "gone": sums("claims_both WHERE state = 'gone'", "old_", -1),
            "added": sums("claims_both WHERE state = 'added'", "new_"),
            "changed": {name: changed[1][name] - changed[0][name] for name in _SUMS},
            "new": sums("claims_new"),
            "judged": {
                name: sums(f"judged_{name}") if side.report.judgement else None for name, side in self.sides.items()
            },
        }

    def _verdicts(self) -> list[Json]:
        """How many claims went from which verdict to which (null: not there), with what was claimed."""
        names = ("old", "new", "claims", "claimed_fen")
        found = self._store.rows(
            """SELECT old_verdict, new_verdict, count(*),
                CAST(sum(coalesce(new_claimed_fen, old_claimed_fen)) AS BIGINT) FROM claims_both GROUP BY ALL"""
        )
        place = {verdict: at for at, verdict in enumerate((*VERDICTS, None))}
        found.sort(key=lambda row: (place[row[0]], place[row[1]]))
        return [dict(zip(names, row, strict=True)) for row in found]

    def _claims(self) -> Json:
        found = dict(self._store.rows("SELECT state, count(*) FROM claims_both GROUP BY state"))
        counts = {state: found.get(state, 0) for state in CLAIM_STATES}
        return {"states": counts, "total": sum(counts.values()) - counts["same"], "listed": list(self.claims(LISTED))}

    def _by_person(self) -> None:
        """person_states: how many findings of each state, notes apart, each person has."""
        counts = ", ".join(f"count(*) FILTER (f.state = {text(state)} AND f.heavy) AS {state}" for state in STATES)
        ranks = "CASE {} WHEN 'not_supported' THEN 2 WHEN 'to_verify' THEN 1 ELSE 0 END"
        self._store.run(
            f"""CREATE TEMP TABLE person_states AS
            WITH of AS (SELECT state, heavy, new_person_id, old_person_id FROM findings_both),
            known AS (SELECT p.old_id, p.new_id, f.state, f.heavy FROM of f JOIN persons p ON p.new_id = f.new_person_id
                UNION ALL SELECT p.old_id, p.new_id, f.state, f.heavy FROM of f JOIN persons p
                    ON p.old_id = f.old_person_id AND f.new_person_id IS NULL),
            counted AS (SELECT f.old_id, f.new_id, {counts} FROM known f GROUP BY ALL),
            joined AS (
                SELECT p.*, {", ".join(f"coalesce(c.{state}, 0) AS {state}" for state in STATES)},
                    {", ".join(f"{side[0]}.{name} AS {side}_{name}" for side in ("old", "new") for name in FEN)}
                FROM persons p LEFT JOIN counted c ON c.old_id IS NOT DISTINCT FROM p.old_id
                    AND c.new_id IS NOT DISTINCT FROM p.new_id
                LEFT JOIN people_old o ON o.person_id = p.old_id LEFT JOIN people_new n ON n.person_id = p.new_id)
            SELECT *, row_number() OVER (ORDER BY {ranks.format("new_verdict")} DESC,
                {ranks.format("old_verdict")} DESC, open + new + added + first DESC, new_id, old_id) - 1 AS turn
            FROM joined WHERE {" + ".join(STATES)} > 0 OR old_verdict IS DISTINCT FROM new_verdict"""
        )

    def _people(self) -> Json:
        row = self._store.rows(
            """SELECT count(old_id), count(new_id), count(*) FILTER (old_id IS NOT NULL AND new_id IS NOT NULL),
                count(*) FILTER (new_id IS NULL), count(*) FILTER (old_id IS NULL),
                (SELECT count(*) FROM person_states) FROM persons"""
        )[0]
        counts = dict(zip(("old", "new", "both", "gone", "added", "total"), row, strict=True))
        return counts | {"listed": list(self.people(LISTED))}

    def findings(self, state: str, most: int | None = None) -> Iterator[Json]:
        """The findings of a state, worst effect first."""
        side = "old" if state in OLD_STATES else "new"
        return self._batches(
            f"f.state, {_BOTH}, {self._named('p')}, {_shown(*_SHOWN)}",
            f"findings_both f LEFT JOIN persons p ON p.{side}_id = f.{side}_person_id WHERE f.state = {text(state)}",
            most,
        )

    def claims(self, most: int | None = None) -> Iterator[Json]:
        """The claims that changed, went or came."""
        columns = _shown("verdict", "human", "reasons", "paid_fen", *FEN, "person_id", "employer",
                         "source_file", "source_sheet", "source_row")  # fmt: skip
        return self._batches(
            f"f.state, {self._named('f', ids=False)}, {columns}",
            "claims_both f WHERE f.state <> 'same'",
            most,
        )

    def people(self, most: int | None = None) -> Iterator[Json]:
        """Everybody with a finding that decides something, or with another verdict than before."""
        states = ", ".join(f"f.{state}" for state in STATES)
        return self._batches(
            f"{self._named('f')}, f.employer, {states}, {_shown('verdict', *FEN)}", "person_states f WHERE true", most
        )

    def write(self, folder: Path) -> None:
        """diff-findings.parquet and diff-claims.parquet: all of them."""
        self._store.write(
            f"""SELECT f.state, {_BOTH}, {self._named("p", ids=False)}, {_shown(*_SHOWN, "person_id")}
            FROM findings_both f LEFT JOIN persons p
                ON p.new_id = f.new_person_id OR (f.new_person_id IS NULL AND p.old_id = f.old_person_id)
            ORDER BY f.new_place NULLS LAST, f.old_place""",
            folder / "diff-findings.parquet",
        )
        self._store.write(
            f"""SELECT f.* EXCLUDE (name, id_number, old_place, new_place, turn), {self._named("f", ids=False)}
            FROM claims_both f ORDER BY f.new_place NULLS LAST, f.old_place""",
            folder / "diff-claims.parquet",
        )

    def _named(self, table: str, ids: bool = True) -> str:
        name, number = f"{table}.name", f"{table}.id_number"
        if self.edition == "masked":
            name, number = f"substr({name}, 1, 1) || '＊＊'", "CAST(NULL AS VARCHAR)"
        own = f"{table}.old_id, {table}.new_id, " if ids else ""
        return f"{own}{name} AS name, {number} AS id_number"

    def _batches(self, columns: str, source: str, most: int | None) -> Iterator[Json]:
        """The rows of a SELECT over `f`, which has a `turn`: 0, 1, 2 …"""
        names = self._store.columns(f"SELECT {columns} FROM {source}")
        for first in range(0, 1 << 62 if most is None else most, BATCH):
            last = min(first + BATCH, most or 1 << 62) - 1
            found = self._store.rows(
                f"SELECT {columns} FROM {source} AND f.turn BETWEEN {first} AND {last} ORDER BY f.turn"
            )
            if not found:
                return
            for values in found:
                yield dict(zip(names, values, strict=True))


def _shown(*names: str) -> str:
    return ", ".join(f"f.{side}_{name} AS {side}_{name}" for side in ("old", "new") for name in names)


def _about(side: Side, lang: str) -> Json:
    report = side.report
    return {
        "folder": side.folder.name, "manifest_sha256": side.seal, "version": side.body["version"],
        "edition": side.body["edition"], "policy": {"id": report.policy["id"], "title": word(_title(side), lang)},
        "engagement": report.engagement, "overrides": report.run["overrides"], "reading": report.run["reading"],
        "files": len(side.body["inputs"]), "meets": report.conclusion["meets"],
        "idle": [one["id"] for one in report.rules if one["outcome"] != "evaluated" and not one["awaited"]],
    }  # fmt: skip


def reasons(old: Side, new: Side) -> Iterator[Words]:
    """What else than the data a difference may come from."""
    was, now = old.report, new.report
    if was.policy["id"] != now.policy["id"]:
        yield phrase("diff.other_policy", old=_title(old), new=_title(new))
    elif old.body["policy"] != new.body["policy"]:
        yield phrase("diff.other_policy_text")
    if old.body["version"] != new.body["version"]:
        yield phrase("diff.other_version", old=old.body["version"], new=new.body["version"])
    elif old.body["program"] != new.body["program"] or any(
        new.body["rules"].get(name, sha) != sha for name, sha in old.body["rules"].items()
    ):
        yield phrase("diff.other_program")
    options = [_options(side) for side in (old, new)]
    if options[0] != options[1]:
        yield phrase("diff.other_options", old=_listed(options[0], options[1]), new=_listed(options[1], options[0]))
    claimed = [bool(side.conclusion["claim_list"]) for side in (was, now)]
    if claimed[0] != claimed[1]:
        yield phrase("diff.only_new_claims" if claimed[1] else "diff.only_old_claims")


def _title(side: Side) -> Words:
    told = side.report.policy
    if told["id"] in policy.names():
        return policy.load(told["id"]).title
    title: str = told["title"]
    return dict.fromkeys(LANGUAGES, title)


def _options(side: Side) -> dict[str, str]:
    """The options that decide: not the language or the edition, nor who signs."""
    said = {name: str(value) for name, value in side.report.run["overrides"].items()}
    for name, value in side.body["options"].items():
        files = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
        if files and name != "engagement":
            said[f"--{name}"] = " ".join(f"{file['file']} ({file['sha256'][:12]})" for file in files)
    return said


def _listed(options: dict[str, str], others: dict[str, str]) -> Any:
    said = [f"{name} = {value}" for name, value in options.items() if others.get(name) != value]
    return said or phrase("diff.as_the_notice")
