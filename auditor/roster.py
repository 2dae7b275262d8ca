"""Rows without an identity number → people, by the strongest key that a roster or the registrations know: an account, a
phone, a name. A name joins only where it can be nobody else's; what does not join is listed, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor import nickname
from auditor.intake.load import Intake
from auditor.schema import tables
from auditor.store import Store
from auditor.words import Words, phrase

JOINED = ("sessions", "exams")
KEYS = ("id_number", "account", "phone", "name", "nobody")
_PLACES = 5  # rows that a sentence names
# whom the roster names: person_no, name_no, employer_no
WORDS = (
    "(SELECT i.person_no, t.name_no, t.employer_no FROM pool t JOIN id_person i ON i.id_no = t.id_no WHERE t.rostered)"
)
# the numbers an account of the roster leads to: account_no, trust, lo, hi; one that is lost is some other
ACCOUNTS = """SELECT account_no, 1, min(token), max(token) FROM roster_own WHERE account_no IS NOT NULL
            GROUP BY account_no HAVING max(token) >= 0"""
# why a row is nobody's, as the rule attendee-not-identified says it
NOBODY, SEVERAL, DEVICE, ADDITION, PARTS = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Joining:
    """What rows may be joined by: `supplied`: names and phones of a roster; `nicknamed`: numbers of the sheets whose
    names are joined to registrations too; `phones`: whether sessions or exams tell any."""

    supplied: bool
    nicknamed: tuple[int, ...]
    phones: bool

    def __bool__(self) -> bool:
        return self.supplied or self.phones or bool(self.nicknamed)

    def columns(self, table: str) -> str:
        """Further columns of `person.who`: phone_no, nicknamed, by_name (whether a name may join), rows."""
        if table not in JOINED:
            return ", CAST(NULL AS BIGINT) AS phone_no, FALSE AS nicknamed, FALSE AS by_name, count(*) AS rows"
        by_name = "TRUE" if self.supplied else self.sheet()
        return f", phone AS phone_no, {self.sheet()} AS nicknamed, {by_name} AS by_name, count(*) AS rows"

    def sheet(self, row_id: str = "row_id") -> str:
        """SQL: whether a row stands on a sheet of nicknames."""
        return f"source_no({row_id}) IN ({', '.join(map(str, self.nicknamed))})" if self.nicknamed else "FALSE"


def joining(intake: Intake) -> Joining:
    nicknamed = tuple(s.no for s in intake.sources if s.nicknamed and s.read)
    phones = not intake.recorded.isdisjoint(f"{table}.phone" for table in JOINED)
    return Joining("roster" in intake.parts, nicknamed, phones)


def numbers(store: Store, intake: Intake) -> None:
    """roster_own: the rows of the roster, with the identity number where it can be somebody's; and the keys of every
    phone and name."""
    names, phones = intake.texts["name"].select("no", "text"), intake.texts["phone"].select("no", "text")
    store.add("phone_key", phones.select("no", phone=nickname.phones(phones["text"])).drop_nulls())
    store.add("name_said", nickname.read(names).with_columns(key=nickname.keys(names["text"])))
    store.run(
        """CREATE TEMP TABLE roster_own AS
        SELECT r.row_id, i.no AS id_no, coalesce(i.no, -r.row_id) AS token, r.account AS account_no, p.phone,
               r.name AS name_no, n.key, r.employer AS employer_no
        FROM staged_roster r LEFT JOIN text_id_number i ON i.no = r.id_number AND i.state IN ('valid', 'other')
        LEFT JOIN phone_key p ON p.no = r.phone LEFT JOIN name_said n ON n.no = r.name"""
    )


def join(store: Store, how: Joining) -> None:
    """Add to who: joined_id (the number that a phone or a name leads to), joined_by (phone, said_phone: one within the
    name, name, nickname), why and candidates (of a row that its name does not lead to one person), shown."""
    _known(store, how)
    store.run(
        """CREATE TEMP TABLE asked AS
        SELECT w.*, row_number() OVER () AS who_no, n.shown,
               w.table_name IN ('sessions', 'exams') AND NOT w.usable AND o.id_no IS NULL AS asks,
               w.account_no IS NULL OR o.ambiguous OR w.nicknamed AS bare, p.phone,
               CASE WHEN w.by_name THEN n.phone END AS said_phone
        FROM who w LEFT JOIN account_owner o ON o.account_no = w.account_no
        LEFT JOIN phone_key p ON p.no = w.phone_no LEFT JOIN name_said n ON n.no = w.name_no"""
    )
    store.run(
        """CREATE TEMP TABLE asked_phone AS
        SELECT a.who_no, coalesce(p.id_no, s.id_no) AS id_no, CASE WHEN p.id_no IS NULL THEN 'said_phone' ELSE 'phone'
               END AS by_key
        FROM asked a LEFT JOIN phone_lead p ON p.phone = a.phone LEFT JOIN phone_lead s ON s.phone = a.said_phone
        WHERE a.asks AND coalesce(p.id_no, s.id_no) IS NOT NULL"""
    )
    _by_name(store)
    store.run("DROP TABLE who")
    store.run(
        """CREATE TEMP TABLE who AS
        SELECT a.* EXCLUDE (phone, said_phone, asks, bare), coalesce(p.id_no, n.id_no) AS joined_id,
               CASE WHEN p.id_no IS NOT NULL THEN p.by_key WHEN n.id_no IS NOT NULL THEN n.by_key END AS joined_by,
               CASE WHEN coalesce(p.id_no, n.id_no) IS NULL AND a.asks AND a.bare AND a.by_name
                   THEN coalesce(n.why, 1) END AS why, coalesce(n.candidates, 0) AS candidates
        FROM asked a LEFT JOIN asked_phone p USING (who_no) LEFT JOIN named n
            ON a.asks AND a.bare AND a.by_name AND p.who_no IS NULL AND n.name_no = a.name_no
            AND n.employer_no IS NOT DISTINCT FROM a.employer_no AND n.nicknamed = a.nicknamed"""
    )
    store.run("DROP TABLE asked")


def _known(store: Store, how: Joining) -> None:
    """pool: whom the roster and the registrations know, by phone and name. token: the identity number, or where a row
    leads to none the row itself, somebody unknown (of a platform without numbers: nobody else). phone_lead: each
    phone → the one number it leads to, or null."""
    store.run(
        f"""CREATE TEMP TABLE pool AS
        WITH registered AS (
            SELECT r.row_id, coalesce(i.no, o.id_no) AS id_no, p.phone, r.name AS name_no, n.key,
                   r.employer AS employer_no
            FROM staged_registrations r
            LEFT JOIN text_id_number i ON i.no = r.id_number AND i.state IN ('valid', 'other')
            LEFT JOIN (account_owner a JOIN text_id_number v ON v.no = a.id_no AND v.state IN ('valid', 'other')) o
                ON o.account_no = r.account
            LEFT JOIN phone_key p ON p.no = r.phone LEFT JOIN name_said n ON n.no = r.name
            WHERE coalesce(i.no, o.id_no) IS NOT NULL OR NOT {how.sheet("r.row_id")}),
        phones AS (
            SELECT phone, CASE WHEN count(DISTINCT coalesce(id_no, -row_id)) = 1 THEN min(id_no) END AS id_no
            FROM registered WHERE phone IS NOT NULL GROUP BY phone)
        SELECT TRUE AS rostered, r.row_id, coalesce(r.id_no, v.no, q.id_no) AS id_no, r.phone, r.name_no, r.key,
               r.employer_no
        FROM roster_own r LEFT JOIN account_owner a ON a.account_no = r.account_no
        LEFT JOIN text_id_number v ON v.no = a.id_no AND v.state IN ('valid', 'other')
        LEFT JOIN phones q ON q.phone = r.phone
        UNION ALL SELECT FALSE, * FROM registered"""
    )
    store.run("ALTER TABLE pool ADD COLUMN token BIGINT")
    store.run("UPDATE pool SET token = coalesce(id_no, -row_id)")
    store.run(
        """CREATE TEMP TABLE phone_lead AS
        SELECT phone, CASE WHEN count(DISTINCT token) = 1 THEN min(id_no) END AS id_no FROM pool
        WHERE phone IS NOT NULL GROUP BY phone"""
    )


def _by_name(store: Store) -> None:
    """named: each name, employer and kind of sheet that asks → the one number it leads to, or why it leads to none."""
    store.run(
        """CREATE TEMP TABLE calls AS
        SELECT row_number() OVER () AS call_no, name_no, employer_no, nicknamed FROM (
            SELECT DISTINCT a.name_no, a.employer_no, a.nicknamed FROM asked a
            WHERE a.asks AND a.bare AND a.by_name AND a.name_no IS NOT NULL
                AND a.who_no NOT IN (SELECT who_no FROM asked_phone))"""
    )
    store.run(
        """CREATE TEMP TABLE call_parts AS
        SELECT c.*, p.place, p.said FROM calls c JOIN (
            SELECT no, 0 AS place, said FROM name_said UNION ALL SELECT no, 1, front FROM name_said
            UNION ALL SELECT no, 2, within FROM name_said) p ON p.no = c.name_no
        WHERE p.said <> ''"""
    )
    store.run("CREATE TEMP TABLE pool_keys AS SELECT DISTINCT key FROM pool WHERE key IS NOT NULL")
    pieces(store, "call_pieces", "SELECT DISTINCT said FROM call_parts", "pool_keys")
    may = """(t.employer_no IS NULL OR p.employer_no IS NULL OR t.employer_no = p.employer_no)
            AND (t.rostered OR p.nicknamed)"""
    store.run(
        f"""CREATE TEMP TABLE part_leads AS
        SELECT p.call_no, p.place, count(DISTINCT t.token) FILTER (t.key = p.said) AS bearers,
               min(t.token) FILTER (t.key = p.said) AS bearer, count(DISTINCT t.token) AS held, min(t.token) AS least,
               max(t.token) AS most
        FROM call_parts p JOIN call_pieces i ON i.said = p.said JOIN pool t ON t.key = i.key AND {may}
        GROUP BY p.call_no, p.place"""
    )
    one = "coalesce({0}.bearers, 0) = 1 AND coalesce({1}.bearers, 0) = 0 AND coalesce({1}.held, 0) <= 1 AND " \
        "coalesce({1}.least, {0}.bearer) = {0}.bearer"  # fmt: skip
    store.run(
        f"""CREATE TEMP TABLE named AS
        WITH led AS (
            SELECT c.*, CASE WHEN w.bearers > 0 THEN CASE WHEN w.bearers = 1 AND w.bearer >= 0 THEN w.bearer END
                    WHEN n.within IS NULL OR n.role OR n.device THEN NULL
                    WHEN f.bearers = 1 AND i.bearers = 1 THEN CASE WHEN f.bearer = i.bearer AND f.bearer >= 0
                        THEN f.bearer END
                    WHEN {one.format("i", "f")} THEN CASE WHEN i.bearer >= 0 THEN i.bearer END END AS id_no,
                CASE WHEN w.bearers > 0 THEN 'name' ELSE 'nickname' END AS by_key,
                CASE WHEN w.bearers > 1 THEN {SEVERAL} WHEN w.bearers = 1 THEN {NOBODY} WHEN n.device THEN {DEVICE}
                    WHEN n.within IS NOT NULL AND NOT n.role AND (f.bearers > 1 OR i.bearers > 1) THEN {SEVERAL}
                    WHEN n.within IS NOT NULL AND NOT n.role AND f.held > 0 AND i.held > 0 THEN {PARTS}
                    WHEN w.held > 0 THEN {ADDITION} ELSE {NOBODY} END AS why,
                CASE WHEN w.bearers > 0 THEN w.bearers ELSE coalesce(w.held, 0) END AS candidates
            FROM calls c JOIN name_said n ON n.no = c.name_no
            LEFT JOIN part_leads w ON w.call_no = c.call_no AND w.place = 0
            LEFT JOIN part_leads f ON f.call_no = c.call_no AND f.place = 1
            LEFT JOIN part_leads i ON i.call_no = c.call_no AND i.place = 2)
        SELECT name_no, employer_no, nicknamed, id_no, by_key, why, candidates FROM led"""
    )


def pieces(store: Store, name: str, said: str, keys: str) -> None:
    """A table `name` of said, key: which of the `keys` (a table of key) stand within which texts `said` (SQL)."""
    store.run(
        f"""CREATE TEMP TABLE {name} AS
        WITH cut AS (
            SELECT DISTINCT s.said, substr(s.said, a.start, l.size) AS piece
            FROM ({said}) s, unnest(range(1, length(s.said) + 1)) a (start),
                (SELECT DISTINCT length(key) AS size FROM {keys}) l
            WHERE a.start + l.size - 1 <= length(s.said) AND (l.size > 1 OR length(s.said) = 1))
        SELECT c.said, k.key FROM cut c JOIN {keys} k ON k.key = c.piece"""
    )


def lead(store: Store) -> None:
    """led: the ways from a row to the person that a phone or a name leads to, or why to nobody. maybe: of keys that
    lead to several, whom (null: of what somebody calls himself whom no list knows, anybody): nobody of them may be
    refused for lacking a record."""
    store.run(
        """CREATE TEMP TABLE led AS
        SELECT DISTINCT w.table_name, coalesce(w.account_no, -1) AS account_no, coalesce(w.phone_no, -1) AS phone_no,
               coalesce(w.name_no, -1) AS name_no, coalesce(w.employer_no, -1) AS employer_no, w.nicknamed,
               i.person_no, w.why, w.candidates, w.shown
        FROM who_key w LEFT JOIN id_person i ON i.id_no = w.joined_id
        WHERE w.joined_id IS NOT NULL OR w.why IS NOT NULL"""
    )
    store.run(
        """CREATE TEMP TABLE maybe AS
        SELECT DISTINCT w.table_name, i.person_no
        FROM who_key w LEFT JOIN phone_key p ON p.no = w.phone_no LEFT JOIN name_said n ON n.no = w.name_no
        JOIN pool t ON t.phone IN (p.phone, CASE WHEN w.by_name THEN n.phone END) JOIN id_person i ON i.id_no = t.id_no
        WHERE w.known = 0
        UNION SELECT DISTINCT w.table_name, i.person_no
        FROM who_key w JOIN roster_own t ON t.account_no = w.account_no JOIN id_person i ON i.id_no = t.id_no
        WHERE w.known = 0 AND w.ambiguous
        UNION SELECT DISTINCT table_name, CAST(NULL AS BIGINT) FROM who_key
        WHERE known = 0 AND nicknamed AND why = 1 AND candidates = 0 AND account_no IS NULL AND name_no IS NOT NULL"""
    )


def way(joining: Joining, table: str) -> str:
    """The join that gives the rows `r` of a table their line `rp` of led."""
    if not joining or table not in JOINED:
        return ""
    return (
        f" LEFT JOIN led rp ON rp.table_name = '{table}' AND rp.account_no = coalesce(r.account, -1)"
        " AND rp.phone_no = coalesce(r.phone, -1) AND rp.name_no = coalesce(r.name, -1)"
        f" AND rp.employer_no = coalesce(r.employer, -1) AND rp.nicknamed = {joining.sheet('r.row_id')}"
    )


def unled(store: Store, rows: Mapping[str, tuple[str, str]]) -> None:
    """attendees: rows whose name leads to nobody or to several: why, how many it may be, the name masked. `rows`: table
    → SQL for the person of a row, and for the rows `r`."""
    store.run(
        "CREATE TABLE attendees (table_name VARCHAR, row_id BIGINT, person_no BIGINT, why BIGINT, candidates BIGINT, "
        "shown VARCHAR)"
    )
    for table, (person, joined) in rows.items():
        store.run(
            f"""INSERT INTO attendees SELECT '{table}', r.row_id, {person}, rp.why, rp.candidates, rp.shown
            FROM {joined} WHERE rp.why IS NOT NULL AND ip.person_no IS NULL"""
        )


def count(store: Store, joining: bool) -> list[str]:
    """joins: of sessions and exams, how many rows and people each key led to (`nobody`: none did). The tables of which
    a phone or a name led any row to somebody."""
    store.run("CREATE TABLE joins (table_name VARCHAR, by_key VARCHAR, rows BIGINT, people BIGINT)")
    if not joining:
        return []
    store.run(
        """INSERT INTO joins
        SELECT w.table_name, CASE WHEN w.known = 0 THEN 'nobody' WHEN w.usable THEN 'id_number'
                   WHEN w.joined_by IN ('phone', 'said_phone') THEN 'phone' WHEN w.joined_by IS NOT NULL THEN 'name'
                   ELSE 'account' END AS by_key,
               CAST(sum(w.rows) AS BIGINT), count(DISTINCT CASE WHEN w.known = 1 THEN w.person_key END)
        FROM who_key w WHERE w.table_name IN ('sessions', 'exams') GROUP BY ALL"""
    )
    return [row[0] for row in store.rows(
        "SELECT DISTINCT table_name FROM joins WHERE by_key IN ('phone', 'name') ORDER BY table_name")]  # fmt: skip


def joins(store: Store) -> list[dict[str, Any]]:
    """The lines of joins, the strongest key first."""
    order = " ".join(f"WHEN '{key}' THEN {place}" for place, key in enumerate(KEYS))
    found = store.rows(
        f"""SELECT table_name, by_key, rows, people FROM joins
        ORDER BY CASE table_name WHEN 'sessions' THEN 0 ELSE 1 END, CASE by_key {order} END"""
    )
    return [dict(zip(("table", "key", "rows", "people"), row, strict=True)) for row in found]


def problems(store: Store) -> list[Words]:
    """What a reader must know of the roster, and of joins by name, before the numbers."""
    said: list[Words] = []
    for table, rows, people in store.rows(
        "SELECT table_name, rows, people FROM joins WHERE by_key = 'name' ORDER BY table_name DESC"
    ):
        said.append(phrase("problem.joined_by_name", table=tables()[table].label, rows=rows, people=people))
    if not store.value("SELECT count(*) FROM staged_roster"):
        return said
    several = "GROUP BY {0} HAVING count(DISTINCT token) > 1"
    for key, sql in (
        (
            "problem.roster_damaged",
            """SELECT r.row_id FROM staged_roster r JOIN text_id_number i ON i.no = r.id_number
            WHERE i.state NOT IN ('valid', 'other')""",
        ),
        ("problem.roster_nobody", "SELECT row_id FROM pool WHERE rostered AND id_no IS NULL"),
        (
            "problem.roster_names",
            f"SELECT min(row_id) FROM roster_own WHERE key IS NOT NULL {several.format('key, employer_no')}",
        ),
        (
            "problem.roster_accounts",
            f"SELECT min(row_id) FROM roster_own WHERE account_no IS NOT NULL {several.format('account_no')}",
        ),
        (
            "problem.roster_phones",
            f"SELECT min(row_id) FROM roster_own WHERE phone IS NOT NULL {several.format('phone')}",
        ),
        (
            "problem.roster_against",
            """SELECT o.row_id FROM roster_own o JOIN account_owner a USING (account_no) WHERE a.id_no <> o.id_no
            UNION SELECT o.row_id FROM roster_own o JOIN pool t ON NOT t.rostered AND t.phone = o.phone
            WHERE t.id_no <> o.id_no""",
        ),
    ):
        found = store.rows(
            f"""SELECT s.file, source_row(f.row_id) FROM ({sql}) f (row_id)
            JOIN sources s ON s.source_no = source_no(f.row_id) ORDER BY f.row_id"""
        )
        if found:
            places = [phrase("where.row", file=file, row=row) for file, row in found[:_PLACES]]
            said.append(phrase(key, count=len(found), places=places))
    return said
