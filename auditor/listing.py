"""What papers list: the first findings of each rule with their rows, the first claims of a verdict, and Rows for those
that list everything. Every cap is stated beside the exact total; the Parquet files hold everything."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from auditor import explore, judgement, matter, priority, rule
from auditor.judgement_file import Judgements
from auditor.store import Store, text
from auditor.words import say

SAMPLE = 50  # findings of a rule
ROWS = 4  # rows of a finding
LISTED = 1_000  # claims of a verdict
BATCH = 20_000  # claims, findings or people read at once
BRIEF = 1_000  # supported people, and notes of a rule, that the workbook lists: the Parquet files hold them all
VERDICTS = ("not_supported", "to_verify")
_NOTES = """SELECT rowid AS finding_no, row_number() OVER (PARTITION BY rule_no ORDER BY rowid) AS place
    FROM finding_rows WHERE grade = 0"""
_JUDGED = ("lasting", "judged", "judged_by", "judged_on", "judged_note")
# who cannot be matched has unknown hours, not none
MATCHED = "(p.named = 1 OR p.registered = 1 OR EXISTS (SELECT 1 FROM study t WHERE t.person_no = p.person_no))"
Json = dict[str, Any]


def samples(store: Store) -> dict[str, list[Json]]:
    """Rule → its first findings, worst effect first, each with the first rows it rests on."""
    picked = store.rows(
        f"""SELECT rowid FROM finding_rows
        QUALIFY row_number() OVER (PARTITION BY rule_no ORDER BY rowid) <= {SAMPLE}"""
    )
    if not picked:
        return {}
    wanted = ", ".join(str(row[0]) for row in sorted(picked))
    names = ("fingerprint", "subject_kind", "subject", "person_id", "employer", "effect", "source_table", "source_file",
             "source_sheet", "source_row", "rows", "measured", "limit", "unit", "message")  # fmt: skip
    rows: dict[int, list[Json]] = {}
    for number, *place in store.rows(
        f"""SELECT finding_no, source_table, source_file, source_sheet, source_row FROM evidence
        WHERE finding_no IN ({wanted})
        QUALIFY row_number() OVER (PARTITION BY finding_no ORDER BY place) <= {ROWS}
        ORDER BY finding_no, place"""
    ):
        rows.setdefault(number, []).append(dict(zip(("table", "file", "sheet", "row"), place, strict=True)))
    out: dict[str, list[Json]] = {}
    for number, name, *values in store.rows(
        f"""SELECT finding_no, rule, {", ".join(f'"{name}"' for name in names)} FROM told
        WHERE finding_no IN ({wanted}) ORDER BY finding_no"""
    ):
        found = dict(zip(names, values, strict=True))
        found["evidence"] = rows.get(number, []) if found["rows"] > 1 else []
        out.setdefault(name, []).append(found)
    return out


def people(edition: str) -> str:
    """SQL for everybody, in the order of person_no: the columns of people.parquet."""
    return f"""SELECT p.person_id, {_number(edition)} AS id_number, {_name(edition)} AS name, e.employer,
            CASE WHEN {MATCHED} THEN p.registered = 1 END AS registered,
            CASE WHEN {MATCHED} THEN coalesce(s.sessions, 0) END AS sessions,
            CASE WHEN {MATCHED} THEN coalesce(s.raw_s, 0) END AS raw_s, CASE WHEN {MATCHED} THEN r.net_s END AS net_s,
            CASE WHEN {MATCHED} THEN r.counted_s END AS counted_s,
            CASE WHEN {MATCHED} THEN r.counted_s // u.unit_s END AS class_hours,
            CASE WHEN {MATCHED} THEN coalesce(x.attempts, 0) END AS exam_attempts, x.best // 100 AS exam_best,
            v.verdict, v.reasons, v.claimed_fen, v.supported_fen, v.not_supported_fen, v.to_verify_fen,
            coalesce(k.score, 0) AS score, coalesce(k.leads, '') AS leads
        FROM people p LEFT JOIN person_identity i USING (person_no) LEFT JOIN employers e USING (employer_no)
        LEFT JOIN study s USING (person_no) LEFT JOIN readings r USING (person_no) LEFT
            JOIN people_verdicts v USING (person_no) LEFT JOIN scores k USING (person_no)
        LEFT JOIN (SELECT person_no, count(*) AS attempts, max(score_c) AS best FROM attempts WHERE deciding = 1
            GROUP BY person_no) x USING (person_no)
        CROSS JOIN (SELECT unit_s FROM parameters) u"""


class Rows:
    """Every claim that is not supported, every person judged and every finding, read a batch at a time while the
    database of the audit is open. `edition`: masked or full; `claimed`: whether there is a claim list; `most`: how many
    supported people, and notes of a rule, are read."""

    most = BRIEF
    partners = priority.PARTNERS
    in_matter = matter.MOST
    exhibits = matter.EXHIBITS

    def __init__(self, store: Store, edition: str, claimed: bool, lang: str) -> None:
        self._store, self._edition, self._claimed, self._lang = store, edition, claimed, lang
        _place_claims(store, claimed)
        _first_findings(store)
        priority.place(store)
        matter.place(store)

    @property
    def store(self) -> Store:
        """For what a reader asks on its own."""
        return self._store

    @property
    def edition(self) -> str:
        return self._edition

    def first_claims(self, verdict: str) -> Json:
        """The first LISTED of `claims` and how many there are, as report.json has them."""
        total = self._store.value(f"SELECT count(*) FROM claim_places WHERE verdict = {text(verdict)}")
        listed = list(islice(self.claims(verdict, LISTED), LISTED))
        for said in (said for row in listed for said in row["said"]):
            said.pop("place", None)  # of two claims of one person the same line
        return {"total": int(total), "listed": listed}

    def claims(self, verdict: str, batch: int | None = None) -> Iterator[Json]:
        """The claims of a verdict (without a claim list: the people) with their reasons and, of each reason that raised
        findings of the person, the first one: its message, its `place` among the rule's, and how many there are."""
        names = ("person_id", "name", "id_number", "employer", "claimed_fen", "supported_fen", "not_supported_fen",
                 "to_verify_fen", "reasons", "file", "sheet", "row", "net_s", "person_no", "fingerprint",
                 *_JUDGED)  # fmt: skip
        size = batch or BATCH
        for first in range(1, 1 << 62, size):
            here = f"c.verdict = {text(verdict)} AND c.place BETWEEN {first} AND {first + size - 1}"
            found = self._store.rows(
                f"""SELECT p.person_id, {_name(self._edition)}, {_number(self._edition)}, e.employer, c.claimed_fen,
                    c.supported_fen, c.not_supported_fen, c.to_verify_fen, c.reasons, s.file, s.sheet,
                    source_row(c.row_id), CASE WHEN {MATCHED} THEN r.net_s END, c.person_no, x.fingerprint,
                    {", ".join(f"x.{name}" for name in _JUDGED)}
                FROM claim_places c LEFT JOIN claim_extras x ON x.person_no IS NOT DISTINCT FROM c.person_no
                    AND x.row_id IS NOT DISTINCT FROM c.row_id LEFT JOIN people p ON p.person_no = c.person_no
                LEFT JOIN person_identity i ON i.person_no = c.person_no
                LEFT JOIN readings r ON r.person_no = c.person_no LEFT JOIN employers e ON e.employer_no = c.employer_no
                LEFT JOIN sources s ON s.source_no = source_no(c.row_id) WHERE {here} ORDER BY c.place"""
            )
            if not found:
                return
            said = self._said(here)
            for values in found:
                row = dict(zip(names, values, strict=True))
                row["reasons"] = [reason for reason in row["reasons"].split(",") if reason]
                person = row.pop("person_no")
                row["said"] = [line for line in said.get(person, []) if line["rule"] in row["reasons"]]
                yield row

    def _said(self, here: str) -> dict[int, list[Json]]:
        """person_no → the first finding of each rule that decides about one of the people of the claims `here`; of a
        lead that decides with a second one, that too."""
        these = f"(SELECT c.person_no FROM claim_places c WHERE {here})"
        first = self._store.rows(f"SELECT f.* FROM first_findings f WHERE f.person_no IN {these} ORDER BY ALL")
        seconds = {
            (person, rule): (second, number)
            for person, rule, second, number in self._store.rows(
                f"""SELECT s.person_no, s.rule, w.rule, f.rowid FROM seconded s
                JOIN finding_rows f ON f.raised_no = s.second_no JOIN rules w USING (rule_no)
                WHERE s.person_no IN {these}"""
            )
        }
        known, numbers = rule.catalogue(), [row[2] for row in first] + [number for _, number in seconds.values()]
        wanted = ", ".join(map(str, numbers)) or "NULL"
        messages = dict(self._store.rows(f"SELECT finding_no, message FROM told WHERE finding_no IN ({wanted})"))
        out: dict[int, list[Json]] = {}
        for person, name, number, place, findings in first:
            message = messages[number]
            if (person, name) in seconds:
                second, of = seconds[person, name]
                title = known[second].title
                message = say("list.second", self._lang, message=message, title=title, second=messages[of])
            said = {"rule": name, "message": message, "findings": findings, "place": place}
            out.setdefault(person, []).append(said)
        return out

    def judgement(self, given: Judgements | None) -> Json | None:
        """`judgement` of report.json."""
        return judgement.told(self._store, given, _name(self._edition), _number(self._edition))

    def judged_elsewhere(self) -> Iterator[Json]:
        """What people concluded of nothing that is found here, or of what `claims` and `findings` do not list."""
        return judgement.unmatched(
            self._store,
            f"""(m.claim AND NOT EXISTS (SELECT 1 FROM claim_places c WHERE c.person_no IS NOT DISTINCT FROM m.person_no
                AND c.row_id IS NOT DISTINCT FROM m.row_id))
            OR m.finding_no IN (SELECT finding_no FROM ({_NOTES}) WHERE place > {BRIEF})""",
        )

    def first_people(self) -> Json:
        """`priority` of report.json."""
        return priority.first_people(self._store, _name(self._edition), _number(self._edition))

    def first_groups(self) -> Json:
        """`groups` of report.json."""
        return priority.first_groups(self._store)

    def priority(self) -> Iterator[Json]:
        """Everybody with a score."""
        return priority.people(self._store, _name(self._edition), _number(self._edition))

    def members(self) -> Iterator[Json]:
        """Every member of every group."""
        return priority.members(self._store, _name(self._edition), _number(self._edition))

    def explored(self) -> dict[str, Any]:
        """What report.html carries for its scripts: `findings`, `claims`, `employers` (of each rule) and `sources`."""
        return {
            "findings": explore.findings(self._store),
            "claims": explore.claims(self._store, self._claimed, _name(self._edition), _number(self._edition), MATCHED),
            "employers": explore.employers(self._store),
            "sources": explore.sources(self._store),
        }

    def matters(self) -> Iterator[tuple[str, list[Json], list[Json]]]:
        """Each rule that refuses, asks for verification or reduces money, its first findings, and rows they rest on."""
        return matter.matters(self._store, _name(self._edition), _number(self._edition))

    def by_employer(self, order: list[str]) -> list[Json]:
        """The counts and the money of each rule by employer."""
        return matter.by_employer(self._store, order)

    def people(self) -> Iterator[Json]:
        """Everybody who is not supported or to verify, and the first BRIEF of the others who have a verdict, in the
        order and with the columns of people.parquet."""
        sql = people(self._edition)
        names = self._store.columns(sql)
        everybody = int(self._store.value("SELECT count(*) FROM people"))
        last = self._store.value(
            f"""SELECT max(person_no) FROM (SELECT person_no FROM people_verdicts WHERE verdict = 'supported'
            ORDER BY person_no LIMIT {BRIEF})"""
        )
        listed = f"v.verdict IS NOT NULL AND (v.verdict <> 'supported' OR p.person_no <= {last or 0})"
        for first in range(1, everybody + 1, BATCH):
            here = f"{listed} AND p.person_no BETWEEN {first} AND {first + BATCH - 1}"
            for values in self._store.rows(f"{sql} WHERE {here} ORDER BY p.person_no"):
                yield dict(zip(names, values, strict=True))

    def findings(self) -> Iterator[Json]:
        """Every finding that refuses or asks for verification, and the first BRIEF notes of each rule: worst effect
        first, then in the order of the rules; `place`: its number among the rule's."""
        names = ("rule", "class", "effect", "clause", "person_id", "employer", "subject_kind", "subject", "message",
                 "measured", "limit", "unit", "source_file", "source_sheet", "source_row", "rows",
                 "fingerprint", *_JUDGED, "name", "id_number")  # fmt: skip
        own = {"name": _name(self._edition), "id_number": _number(self._edition)}
        columns = ", ".join(own.get(name, f'"{name}"') for name in names)
        places: dict[str, int] = {}
        self._store.run(
            f"""CREATE OR REPLACE TEMP TABLE listed_findings AS SELECT rowid AS finding_no FROM finding_rows
            WHERE grade > 0 UNION ALL SELECT finding_no FROM (
                {_NOTES}) WHERE place <= {BRIEF}"""
        )
        listed = [row[0] for row in self._store.rows("SELECT finding_no FROM listed_findings ORDER BY finding_no")]
        for batch in (listed[first : first + BATCH] for first in range(0, len(listed), BATCH)):
            for values in self._store.rows(
                f"""SELECT {columns} FROM told f LEFT JOIN person_identity i ON i.person_no = f.person_no
                WHERE finding_no BETWEEN {batch[0]} AND {batch[-1]}
                AND finding_no IN (SELECT finding_no FROM listed_findings) ORDER BY finding_no"""
            ):
                places[values[0]] = place = places.get(values[0], 0) + 1
                yield dict(zip(names, values, strict=True)) | {"place": place}


def _name(edition: str) -> str:
    return "i.name" if edition == "full" else "substr(i.name, 1, 1) || '＊＊'"


def _number(edition: str) -> str:
    return "i.id_number" if edition == "full" else "CAST(NULL AS VARCHAR)"


def _place_claims(store: Store, claimed: bool) -> None:
    """claim_places: the claims that are not supported or to verify (without a claim list: the people), numbered within
    their verdict in the order of the papers."""
    source = (
        "claim_verdicts"
        if claimed
        else "(SELECT q.*, p.employer_no, CAST(NULL AS BIGINT) AS row_id FROM people_verdicts q JOIN people p "
        "USING (person_no))"
    )
    verdicts = ", ".join(map(text, VERDICTS))
    store.run(
        f"""CREATE TEMP TABLE claim_places AS
        SELECT v.verdict, row_number() OVER (PARTITION BY v.verdict ORDER BY e.employer NULLS LAST, p.person_id,
                   v.claimed_fen, s.file, s.sheet, source_row(v.row_id)) AS place,
               v.row_id, v.person_no, v.employer_no, v.claimed_fen, v.supported_fen, v.not_supported_fen,
               v.to_verify_fen, v.reasons
        FROM {source} v LEFT JOIN people p ON p.person_no = v.person_no LEFT JOIN employers e
            ON e.employer_no = v.employer_no
        LEFT JOIN sources s ON s.source_no = source_no(v.row_id) WHERE v.verdict IN ({verdicts})"""
    )


def _first_findings(store: Store) -> None:
    """first_findings: of each person and each rule that keeps a claim from being supported, the first finding, its
    place among the rule's, and how many there are."""
    reasons = store.rows("SELECT DISTINCT unnest(string_split(reasons, ',')) FROM claim_places ORDER BY ALL")
    rules = ", ".join(text(row[0]) for row in reasons) or "''"
    store.run(
        f"""CREATE TEMP TABLE first_findings AS
        WITH placed AS (
            SELECT f.rowid AS finding_no, f.raised_no,
                   row_number() OVER (PARTITION BY f.rule_no ORDER BY f.rowid) AS place
            FROM finding_rows f JOIN rules w USING (rule_no) WHERE w.rule IN ({rules}))
        SELECT c.person_no, c.rule, min(f.finding_no) AS finding_no, min(f.place) AS place, count(*) AS findings
        FROM concerned c JOIN placed f ON f.raised_no = c.finding_no WHERE c.rule IN ({rules}) GROUP BY ALL"""
    )
