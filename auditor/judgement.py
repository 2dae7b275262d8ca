"""What people concluded, beside what the machine found: matched to findings and claims, reckoned once more, told.

Remarks and identities lie in temporary tables: none of it enters the database."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import polars as pl

from auditor import finding, lasting, mask, verdict
from auditor.fault import unauditable
from auditor.judgement_file import CLAIM, FINDING, PLACE, SCHEMA, Judgements, differ, where
from auditor.policy import Policy
from auditor.rule import Run
from auditor.store import Store, text
from auditor.words import table

LISTED = 1_000  # of each list in report.json
SAID = 20  # conclusions beside a claim that changed
_RANKS = {"supported": 0, "to_verify": 1, "not_supported": 2}
_COUNTS = ("supported", "not_supported", "to_verify")
_FEN = tuple(f"{name}_fen" for name in _COUNTS)
_SAID = "e.author AS judged_by, e.day AS judged_on, e.note AS judged_note"
_UNMATCHED = ("file", "sheet", "row", "fingerprint", "conclusion", "note", "by", "on")
Json = dict[str, Any]


def apply(store: Store, policy: Policy, runs: Sequence[Run], given: Judgements | None, edition: str) -> None:
    """finding_extras, claim_extras: the fingerprint of a claim (without a claim list, of a person), the lasting ones in
    the full edition, and what people concluded. With judgements also verdict.JUDGED tables. Raises Fault where an entry
    does not fit, or two contradict each other."""
    full = edition == "full"
    if full or (given and given.last):
        lasting.find(store, runs)
    else:
        store.run("CREATE TEMP TABLE lasting_people (person_no BIGINT, who VARCHAR)")
        store.run("CREATE TEMP TABLE lasting_findings (finding_no BIGINT, lasting UBIGINT)")
    _claim_keys(store)
    frame = given.entries if given else pl.DataFrame(schema=SCHEMA)
    store.add("judgement_entries", frame.with_row_index("entry_no").cast({"entry_no": pl.Int64}))
    _match(store)
    if given:
        _of_these_data(store)
        _suits(store)
        if not full:
            _mask(store)
        _fill(store)
        verdict.reconsider(store, policy, runs)
    else:
        for name in ("claim_verdicts", "people_verdicts"):
            store.run(f"CREATE TEMP VIEW {verdict.JUDGED}{name} AS SELECT * FROM {name} WHERE FALSE")
    _extras(store, full)


def data_mark(store: Store) -> str:
    """What tells these people from others to whom the same codes may belong: nothing in it is an identity, nor does the
    form of the files or the order of rows matter."""
    return str(
        store.value(
            """SELECT substr(sha256(coalesce(string_agg(concat_ws('|', p.person_id, e.employer, s.first_s), chr(10)
                ORDER BY p.person_id), '')), 1, 12)
            FROM people p LEFT JOIN employers e USING (employer_no)
            LEFT JOIN (SELECT person_no, min(start_s) AS first_s FROM sessions GROUP BY person_no) s
                USING (person_no)"""
        )
    )


def _of_these_data(store: Store) -> None:
    """Raises Fault where an entry is known by a code alone, and was written for other data."""
    marked = "FROM judgement_entries WHERE lasting IS NULL AND mark IS NOT NULL"
    if not store.value(f"SELECT count(*) {marked}"):
        return
    own = data_mark(store)
    for *place, mark in store.rows(
        f"SELECT {', '.join(PLACE)}, mark {marked} AND mark <> {text(own)} ORDER BY entry_no LIMIT 1"
    ):
        raise unauditable("judgement_data", where=where(dict(zip(PLACE, place, strict=True))), mark=mark, own=own)


def _claim_keys(store: Store) -> None:
    """claim_keys: claims that are alike in every word are told apart by their order; without a claim list, people."""
    parts = "'|', e.employer, '|', c.claim_day, '|', c.amount_fen, '|'"
    alike = "row_number() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day, c.amount_fen ORDER BY c.row_id)"
    store.run(
        f"""CREATE TEMP TABLE claim_keys AS
        SELECT c.row_id, c.person_no, md5_number_lower(concat('claim|', p.person_id, {parts}, {alike})) AS fingerprint,
               CASE WHEN l.who IS NOT NULL THEN md5_number_lower(concat('claim|', l.who, {parts}, {alike})) END
                   AS lasting
        FROM claims c LEFT JOIN people p USING (person_no) LEFT JOIN employers e ON e.employer_no = c.employer_no
        LEFT JOIN lasting_people l ON l.person_no = c.person_no
        UNION ALL SELECT CAST(NULL AS BIGINT), p.person_no, md5_number_lower(concat('person|', p.person_id)),
            CASE WHEN l.who IS NOT NULL THEN md5_number_lower(concat('person|', l.who)) END
        FROM people p LEFT JOIN lasting_people l USING (person_no)
        WHERE p.registered = 1 AND (SELECT count(*) FROM claims) = 0"""
    )


def _match(store: Store) -> None:
    """matched: entries with the finding or the claim they are about. What is known by a lasting fingerprint is not
    looked up by the other one, which means somebody else in another export."""
    store.run(
        """CREATE TEMP TABLE matched AS
        WITH targets AS (
            SELECT f.rowid AS finding_no, f.raised_no, f.person_no, CAST(NULL AS BIGINT) AS row_id, FALSE AS claim,
                   f.fingerprint, l.lasting
            FROM finding_rows f LEFT JOIN lasting_findings l ON l.finding_no = f.rowid
            WHERE (SELECT count(*) FROM judgement_entries) > 0
            UNION ALL SELECT NULL, NULL, person_no, row_id, TRUE, fingerprint, lasting FROM claim_keys
            WHERE (SELECT count(*) FROM judgement_entries) > 0)
        SELECT e.entry_no, t.* EXCLUDE (lasting) FROM judgement_entries e JOIN targets t ON t.lasting = e.lasting
        UNION ALL SELECT e.entry_no, t.* EXCLUDE (lasting) FROM judgement_entries e
        JOIN targets t ON t.fingerprint = e.fingerprint WHERE e.lasting IS NULL"""
    )


def _suits(store: Store) -> None:
    """Raises Fault where a conclusion about a finding stands beside a claim, or the other way round, and where two
    entries about one thing differ."""
    columns = ", ".join(f"e.{name}" for name in PLACE)
    for claim, kinds, other in ((True, CLAIM, "verdict"), (False, FINDING, "judgement")):
        fitting = ", ".join(map(text, kinds))
        wrong = store.rows(
            f"""SELECT {columns}, e.conclusion FROM matched m JOIN judgement_entries e USING (entry_no)
            WHERE m.claim = {claim} AND {_meant("m.claim")} NOT IN ({fitting})
            ORDER BY e.entry_no LIMIT 1"""
        )
        for *place, said in wrong:
            part = "judgement" if claim else "verdict"
            at = where(dict(zip(PLACE, place, strict=True)))
            wanted = [table()[other][name] for name in kinds]
            raise unauditable("judgement_kind", where=at, said=table()[part][said], choices=wanted)
    for values in store.rows(
        f"""WITH said AS (
            SELECT m.claim, m.finding_no, m.row_id, m.person_no, e.*, {_meant("m.claim")} AS meant
            FROM matched m JOIN judgement_entries e USING (entry_no))
        SELECT {columns.replace("e.", "s.")}, {columns.replace("e.", "o.")} FROM said s JOIN said o
            ON s.entry_no < o.entry_no AND s.claim = o.claim AND s.finding_no IS NOT DISTINCT FROM o.finding_no
            AND s.row_id IS NOT DISTINCT FROM o.row_id AND s.person_no IS NOT DISTINCT FROM o.person_no
        WHERE s.meant <> o.meant ORDER BY s.entry_no, o.entry_no LIMIT 1"""
    ):
        raise differ(dict(zip(PLACE, values[3:], strict=True)), dict(zip(PLACE, values[:3], strict=True)))


def _mask(store: Store) -> None:
    """Remarks without long numbers and without the name of the person they are about; no hash of an identity number."""
    said = store.frame("SELECT entry_no, note, author FROM judgement_entries ORDER BY entry_no")
    hidden = [
        said[name].map_elements(lambda words: mask.text(words, 1 << 20), pl.String) for name in ("note", "author")
    ]
    store.add("hidden_remarks", pl.DataFrame([said["entry_no"], *hidden]))
    store.run(
        """UPDATE judgement_entries e SET author = h.author, note = coalesce(n.note, h.note) FROM hidden_remarks h
        LEFT JOIN (SELECT m.entry_no, min(replace(r.note, i.name, substr(i.name, 1, 1) || '＊＊')) AS note
            FROM matched m JOIN hidden_remarks r USING (entry_no) JOIN person_identity i USING (person_no)
            WHERE length(i.name) > 1 GROUP BY m.entry_no) n ON n.entry_no = h.entry_no
        WHERE h.entry_no = e.entry_no"""
    )
    # in another export the other fingerprint means somebody else
    store.run("UPDATE judgement_entries SET fingerprint = NULL, lasting = NULL WHERE lasting IS NOT NULL")


def _fill(store: Store) -> None:
    store.run(
        f"""INSERT INTO said_findings SELECT m.raised_no, min({_meant("m.claim")})
        FROM matched m JOIN judgement_entries e USING (entry_no) WHERE NOT m.claim GROUP BY m.raised_no"""
    )
    ranks = " ".join(f"WHEN {text(name)} THEN {rank}" for name, rank in _RANKS.items())
    store.run(
        f"""INSERT INTO said_claims SELECT m.row_id, m.person_no, min(CASE e.conclusion {ranks} ELSE 1 END)
        FROM matched m JOIN judgement_entries e USING (entry_no) WHERE m.claim GROUP BY m.row_id, m.person_no"""
    )


def _extras(store: Store, full: bool) -> None:
    first = "(SELECT claim, finding_no, row_id, person_no, min(entry_no) AS entry_no FROM matched GROUP BY ALL)"
    lasts = "x.lasting" if full else "CAST(NULL AS UBIGINT)"
    every = "lasting_findings" if full else "(SELECT * FROM lasting_findings WHERE FALSE)"
    store.run(
        f"""CREATE TEMP TABLE finding_extras AS
        SELECT coalesce(x.finding_no, m.finding_no) AS finding_no, {lasts} AS lasting, {_meant("FALSE")} AS judged,
               {_SAID}
        FROM {every} x FULL JOIN (SELECT * FROM {first} WHERE NOT claim) m ON m.finding_no = x.finding_no
        LEFT JOIN judgement_entries e ON e.entry_no = m.entry_no"""
    )
    store.run(
        f"""CREATE TEMP TABLE claim_extras AS
        SELECT x.row_id, x.person_no, {finding.shown("x.fingerprint")} AS fingerprint,
               {finding.shown(lasts)} AS lasting, {_meant("TRUE")} AS judged, {_SAID}
        FROM claim_keys x LEFT JOIN (SELECT * FROM {first} WHERE claim) m
            ON m.row_id IS NOT DISTINCT FROM x.row_id AND m.person_no IS NOT DISTINCT FROM x.person_no
        LEFT JOIN judgement_entries e ON e.entry_no = m.entry_no"""
    )


def told(store: Store, given: Judgements | None, name: str, number: str) -> Json | None:
    """`judgement` of report.json. `name`, `number`: SQL for them in this edition."""
    if given is None:
        return None
    total = store.rows(
        """SELECT count(*), count(*) FILTER (conclusion = 'confirmed'), count(*) FILTER (conclusion = 'dismissed'),
            count(*) FILTER (conclusion IN ('pending', 'to_verify')), count(*) FILTER (conclusion = 'supported'),
            count(*) FILTER (conclusion = 'not_supported'), count(*) FILTER (m.entry_no IS NULL)
        FROM judgement_entries e LEFT JOIN (SELECT DISTINCT entry_no FROM matched) m USING (entry_no)"""
    )[0]
    names = ("entries", "confirmed", "dismissed", "pending", "supported", "not_supported", "unmatched")
    return {
        "files": given.files,
        **dict(zip(names, total, strict=True)),
        "unmatched_listed": [{key: entry[key] for key in _UNMATCHED} for entry in islice(unmatched(store), LISTED)],
        "money": _money(store),
        "changed": _changed(store, name, number),
    }


def unmatched(store: Store, also: str = "FALSE") -> Iterator[Json]:
    """Entries that fit nothing found here, in the order of their files; `also`: SQL for others, matched as m. `rule`:
    of the finding that was matched; `about`: finding or claim, null where nothing was."""
    names = ("file", "sheet", "row", "fingerprint", "lasting", "conclusion", "note", "by", "on", "about", "rule")
    for values in store.rows(
        f"""SELECT {", ".join(f"e.{name}" for name in PLACE)},
            {finding.shown("coalesce(m.fingerprint, e.fingerprint)")}, {finding.shown("e.lasting")},
            {_meant("m.claim")}, e.note, e.author, e.day,
            CASE WHEN m.claim THEN 'claim' WHEN NOT m.claim THEN 'finding' END, w.rule
        FROM judgement_entries e LEFT JOIN matched m USING (entry_no) LEFT JOIN finding_rows f ON f.rowid = m.finding_no
        LEFT JOIN rules w USING (rule_no)
        WHERE m.entry_no IS NULL OR {also} ORDER BY e.entry_no, m.finding_no, m.row_id"""
    ):
        yield dict(zip(names, values, strict=True))


def _meant(claim: str) -> str:
    """SQL for the conclusion of an entry e in the words of what it is about: one will do for the other."""
    return f"""CASE WHEN {claim} AND e.conclusion = 'pending' THEN 'to_verify'
        WHEN NOT {claim} AND e.conclusion = 'to_verify' THEN 'pending' ELSE e.conclusion END"""


def _verdicts(store: Store) -> tuple[str, str]:
    """The table of verdicts and its key: of claims, without a claim list of people."""
    listed = store.value("SELECT count(*) FROM claims")
    return ("claim_verdicts", "row_id") if listed else ("people_verdicts", "person_no")


def _money(store: Store) -> Json:
    columns = [f"count(*) FILTER (verdict = '{name}')" for name in _COUNTS]
    columns += [f"CAST(coalesce(sum({name}), 0) AS BIGINT)" for name in _FEN]
    row = store.rows(f"SELECT {', '.join(columns)} FROM {verdict.JUDGED}{_verdicts(store)[0]}")[0]
    return dict(zip((*_COUNTS, *_FEN), row, strict=True))


def _changed(store: Store, name: str, number: str) -> Json:
    """Claims (or people) of which people's verdict or money is not the machine's."""
    verdicts, key = _verdicts(store)
    parts = ("verdict", *_FEN)
    both = {f"{side}{part}": f"{of}.{part}" for part in parts for side, of in (("", "v"), ("judged_", "j"))}
    of_claim = "v.row_id, v.employer_no" if key == "row_id" else "CAST(NULL AS BIGINT) AS row_id, p.employer_no"
    store.run(
        f"""CREATE TEMP TABLE changed AS
        SELECT row_number() OVER (ORDER BY e.employer NULLS LAST, c.person_id, c.claimed_fen, s.file, s.sheet,
                   source_row(c.row_id)) AS place, c.*, e.employer, s.file, s.sheet, source_row(c.row_id) AS source_row
        FROM (SELECT v.person_no, {of_claim}, p.person_id, {name} AS name, {number} AS id_number, v.claimed_fen,
                  {", ".join(f"{value} AS {alias}" for alias, value in both.items())}
              FROM {verdicts} v JOIN {verdict.JUDGED}{verdicts} j USING ({key})
              LEFT JOIN people p ON p.person_no = v.person_no
              LEFT JOIN person_identity i ON i.person_no = v.person_no
              WHERE {" OR ".join(f"v.{part} IS DISTINCT FROM j.{part}" for part in parts)}) c
        LEFT JOIN employers e ON e.employer_no = c.employer_no
        LEFT JOIN sources s ON s.source_no = source_no(c.row_id)"""
    )
    said = _said(store)
    columns = ("person_id", "name", "id_number", "employer", "claimed_fen", *both, "file", "sheet", "source_row")
    listed = []
    for place, *values in store.rows(
        f"SELECT place, {', '.join(columns)} FROM changed WHERE place <= {LISTED} ORDER BY place"
    ):
        row = dict(zip((*columns[:-1], "row"), values, strict=True))
        listed.append(row | {"said": said.get(place, [])})
    return {"total": int(store.value("SELECT count(*) FROM changed")), "listed": listed}


def _said(store: Store) -> dict[int, list[Json]]:
    """The place of a change → the first SAID conclusions about the claim itself and the findings of its person; of
    findings about single claims those about this one."""
    names = ("fingerprint", "rule", "place", "conclusion", "note", "by", "on")
    out: dict[int, list[Json]] = {}
    for place, *values in store.rows(
        f"""WITH about AS (
            SELECT c.place, m.entry_no, m.fingerprint, CAST(NULL AS BIGINT) AS finding_no FROM changed c
            JOIN matched m ON m.claim AND m.person_no IS NOT DISTINCT FROM c.person_no
                AND m.row_id IS NOT DISTINCT FROM c.row_id
            UNION SELECT c.place, m.entry_no, m.fingerprint, m.finding_no FROM changed c
            JOIN concerned o ON o.person_no = c.person_no JOIN matched m ON m.raised_no = o.finding_no
            LEFT JOIN rests r ON r.finding_no = o.finding_no AND r.table_name = 'claims'
            WHERE r.row_id IS NULL OR c.row_id IS NULL OR r.row_id = c.row_id),
        placed AS (
            SELECT f.rowid AS finding_no, w.rule, row_number() OVER (PARTITION BY rule_no ORDER BY f.rowid) AS number
            FROM finding_rows f JOIN rules w USING (rule_no))
        SELECT a.place, {finding.shown("a.fingerprint")}, p.rule, p.number,
               {_meant("p.rule IS NULL")}, e.note, e.author, e.day
        FROM about a JOIN judgement_entries e USING (entry_no) LEFT JOIN placed p USING (finding_no)
        WHERE a.place <= {LISTED}
        QUALIFY row_number() OVER (PARTITION BY a.place ORDER BY p.rule NULLS FIRST, p.number, e.entry_no) <= {SAID}
        ORDER BY a.place, p.rule NULLS FIRST, p.number, e.entry_no"""
    ):
        out.setdefault(place, []).append(dict(zip(names, values, strict=True)))
    return out
