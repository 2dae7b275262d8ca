"""Who a row is about. A person is an identity number; an account leads to one through the registrations; an account
that no registration knows is a person of its own. A phone or a name leads to a person only as roster.py says, and null
never joins."""

from auditor import accounts, firms, hidden, names, phones, reference, roster, sitting, staging, stray
from auditor.intake.load import PEOPLED, Intake
from auditor.intake.stage import ROWS
from auditor.preset import Preset
from auditor.roster import JOINED, Joining
from auditor.schema import tables
from auditor.staging import COLLAPSED
from auditor.store import Store

# A key of a person is one integer: the number of its text, and of which kind that is.
_FINAL = "结业|结课|期末|终考|毕业|(?i:final)"
_MOCK = "模拟|练习|预考|摸底|自测|(?i:mock|practice)"
_KINDS, _BY_ID, _BY_ACCOUNT, _LOOSE = 4, 0, 1, 2
_RANKS = 1 << 40  # more than there are texts


def resolve(store: Store, intake: Intake, events: Preset) -> set[str]:
    """Fill the tables people, registrations, exams, claims, plan, employers, own_addresses, courses, addresses,
    exam_names, those of reference.py, attendees, joins, event_sittings, the views session_rows and session_logs; texts
    that name a person stay in temporary tables. `events`: how a log of events becomes sessions. The fields
    `table.account` that a roster makes up for."""
    how = roster.joining(intake)
    staging.stage(store, intake)
    if "events" in intake.parts:
        sitting.find(store, events)
    staging.sessions(store, intake)
    staging.logs(store, intake)
    firms.find(store, intake)
    phones.find(store, intake)
    if how:
        roster.numbers(store, intake)
    _owners(store, how)
    _people(store, how)
    _names(store, how)
    _tables(store, how)
    _copies(store, how)
    _identity_rows(store, how)
    roster.unled(store, {table: (_person(table, how), _joined(table, how)) for table in JOINED} if how else {})
    stray.find(store, bool(how))
    reference.find(store, intake)
    names.find(store, bool(how))
    accounts.find(store)
    hidden.find(store)
    joined = roster.count(store, bool(how))
    sitting.estimate(store, events)
    for name in ("who_key", *(f"numbered_{table}" for table in COLLAPSED)):
        store.run(f"DROP TABLE {name}")
    return {f"{table}.account" for table in joined}


def who_names() -> str:
    """SQL for person_no, said: the identity number, else the account, else name and employer and the table they stand
    in. No two people have the same."""
    return f"""SELECT k.person_no, CASE WHEN k.id_no IS NOT NULL THEN concat_ws(chr(31), 'id', i.text)
            WHEN a.text IS NOT NULL THEN concat_ws(chr(31), 'account', a.text)
            ELSE concat(l.table_name, chr(31), n.text, chr(31), e.text) END AS said
        FROM person_key k LEFT JOIN text_id_number i ON i.no = k.id_no
        LEFT JOIN text_account a ON k.person_key % {_KINDS} = {_BY_ACCOUNT} AND a.no = k.person_key // {_KINDS}
        LEFT JOIN loose_key l ON k.person_key % {_KINDS} = {_LOOSE} AND l.loose_no = k.person_key // {_KINDS}
        LEFT JOIN text_name n ON n.no = l.name_no LEFT JOIN text_employer e ON e.no = l.employer_no"""


def _fields(table: str) -> set[str]:
    return set(tables()[table].columns)


def _columns(table: str) -> str:
    """id_no, account_no, name_no, employer_no of a staged table, null where it has no such field."""
    fields = _fields(table)
    wanted = (("id_number", "id_no"), ("account", "account_no"), ("name", "name_no"), ("employer", "employer_no"))
    return ", ".join(f"{field if field in fields else 'CAST(NULL AS BIGINT)'} AS {name}" for field, name in wanted)


def _owners(store: Store, how: Joining) -> None:
    """who: every distinct combination of number, account, name and employer of a table. account_owner: the number an
    account leads to, from the registrations, else the roster, else from rows that carry both; null when they lead to
    several."""
    each = " UNION ALL ".join(
        f"SELECT '{table}' AS table_name, {_columns(table)}{how.columns(table)}, min(row_id) AS first_row_id "
        f"FROM staged_{table} GROUP BY ALL"
        for table in PEOPLED
    )
    store.run(
        f"""CREATE TEMP TABLE who AS
        SELECT w.*, i.state, coalesce(i.usable, FALSE) AS usable FROM ({each}) w LEFT JOIN text_id_number i
            ON i.no = w.id_no"""
    )
    listed = f"UNION ALL {roster.ACCOUNTS}" if how else ""
    store.run(
        f"""CREATE TEMP TABLE account_owner AS
        WITH said AS (
            SELECT account_no, CASE WHEN table_name = 'registrations' THEN 2 ELSE 0 END AS trust, min(id_no) AS lo,
                   max(id_no) AS hi FROM who WHERE account_no IS NOT NULL AND usable GROUP BY ALL {listed}),
        seen AS (
            SELECT account_no, trust, min(lo) AS lo, max(hi) AS hi FROM said WHERE account_no IS NOT NULL GROUP BY ALL)
        SELECT account_no, CASE WHEN lo = hi THEN lo END AS id_no, lo <> hi AS ambiguous
        FROM seen QUALIFY row_number() OVER (PARTITION BY account_no ORDER BY trust DESC) = 1"""
    )
    if how:
        roster.join(store, how)


def _people(store: Store, how: Joining) -> None:
    """who_key: each combination → the number of the key that names the person: an identity number, an account, or what
    else the row says. person_key: each key → its person. The order of person_no is that of a hash salted with the whole
    population: stable, independent of the order of rows, and it gives nothing away."""
    led, alone = ("coalesce(o.id_no, w.joined_id)", "AND w.joined_id IS NULL") if how else ("o.id_no", "")
    store.run(
        f"""CREATE TEMP TABLE who_led AS
        SELECT w.*, CASE WHEN w.usable THEN w.id_no ELSE {led} END AS owner_id,
               coalesce(o.ambiguous, FALSE) AS ambiguous
        FROM who w LEFT JOIN account_owner o ON o.account_no = w.account_no"""
    )
    store.run("DROP TABLE who")
    store.run(
        """CREATE TEMP TABLE loose_key AS
        SELECT table_name, name_no, employer_no, row_number() OVER () AS loose_no FROM who_led
        WHERE owner_id IS NULL AND (account_no IS NULL OR ambiguous)
            AND (name_no IS NOT NULL OR employer_no IS NOT NULL OR table_name = 'claims')
        GROUP BY ALL"""
    )
    store.run(
        f"""CREATE TEMP TABLE who_key AS
        SELECT w.*, CAST(w.owner_id IS NOT NULL AS BIGINT) AS known,
            CASE WHEN w.owner_id IS NOT NULL THEN w.owner_id * {_KINDS} + {_BY_ID}
                 WHEN w.account_no IS NOT NULL AND NOT w.ambiguous THEN w.account_no * {_KINDS} + {_BY_ACCOUNT}
                 ELSE l.loose_no * {_KINDS} + {_LOOSE} END AS person_key
        FROM who_led w LEFT JOIN loose_key l ON l.table_name = w.table_name
            AND coalesce(l.name_no, -1) = coalesce(w.name_no, -1)
            AND coalesce(l.employer_no, -1) = coalesce(w.employer_no, -1)"""
    )
    store.run("DROP TABLE who_led")
    store.run(
        f"""CREATE TEMP TABLE person_key AS
        WITH keys AS (
            SELECT person_key, max(known) AS known, min(owner_id) AS id_no,
                   max(CAST(table_name = 'registrations' AS BIGINT)) AS registered,
                   max(CAST(table_name = 'claims' AS BIGINT)) AS claimed
            FROM who_key WHERE person_key IS NOT NULL GROUP BY person_key),
        spelled AS (
            SELECT k.*, CASE k.person_key % {_KINDS} WHEN {_BY_ID} THEN 'id ' || i.text
                             WHEN {_BY_ACCOUNT} THEN 'account ' || a.text
                             ELSE concat(l.table_name, ' ', n.text, ' ', e.text) END AS spelled, n.text AS said
            FROM keys k LEFT JOIN text_id_number i ON i.no = k.id_no
            LEFT JOIN text_account a ON a.no = CASE k.person_key % {_KINDS} WHEN {_BY_ACCOUNT}
                THEN k.person_key // {_KINDS} END
            LEFT JOIN loose_key l ON l.loose_no = CASE k.person_key % {_KINDS} WHEN {_LOOSE}
                THEN k.person_key // {_KINDS} END
            LEFT JOIN text_name n ON n.no = l.name_no LEFT JOIN text_employer e ON e.no = l.employer_no),
        salted AS (SELECT sha256(string_agg(spelled, '|' ORDER BY spelled)) AS salt FROM spelled)
        SELECT s.* EXCLUDE (spelled, said),
               row_number() OVER (ORDER BY sha256(salt || spelled), spelled, said NULLS FIRST) AS person_no
        FROM spelled s, salted"""
    )
    # the ways from a row to its person, each an equality on one integer
    store.run("CREATE TEMP TABLE id_person AS SELECT id_no, person_no FROM person_key WHERE known = 1")
    store.run(
        f"""CREATE TEMP TABLE account_person AS
        SELECT DISTINCT w.account_no, p.person_no FROM who_key w JOIN person_key p USING (person_key)
        WHERE w.account_no IS NOT NULL AND NOT w.usable AND NOT w.ambiguous {alone}"""
    )
    store.run(
        f"""CREATE TEMP TABLE loose_person AS
        SELECT DISTINCT w.table_name, coalesce(w.name_no, -1) AS name_no, coalesce(w.employer_no, -1) AS employer_no,
               p.person_no
        FROM who_key w JOIN person_key p USING (person_key)
        WHERE NOT w.usable AND (w.account_no IS NULL OR w.ambiguous) {alone}"""
    )
    if how:
        roster.lead(store)


def _names(store: Store, how: Joining) -> None:
    """people, and in person_identity what names them. A person's name and employer are those of the registration, else
    of the claim, the roster, the exam, the session; of several, the first in the order of texts."""
    listed = f"UNION ALL SELECT person_no, 3 * {_RANKS}, name_no, employer_no FROM {roster.WORDS}" if how else ""
    store.run(
        f"""CREATE TEMP TABLE person_words AS
        WITH said AS (
            SELECT p.person_no, CASE w.table_name WHEN 'registrations' THEN 1 WHEN 'claims' THEN 2 WHEN 'exams' THEN 4
                       ELSE 5 END * {_RANKS} AS place, w.name_no, w.employer_no
            FROM who_key w JOIN person_key p USING (person_key) {listed}),
        first AS (
            SELECT person_no, min(place + n.rank) % {_RANKS} AS name_rank, min(place + e.rank) % {_RANKS} AS employer_no
            FROM said LEFT JOIN text_name n ON n.no = said.name_no
            LEFT JOIN text_employer e ON e.no = said.employer_no GROUP BY person_no)
        SELECT first.person_no, n.text AS name, first.employer_no
        FROM first LEFT JOIN text_name n ON n.rank = first.name_rank"""
    )
    store.run(
        f"""CREATE TABLE people AS
        SELECT k.person_no, printf('P%06d', k.person_no) AS person_id,
               w.employer_no, CAST(k.known AS BIGINT) AS known,
               CAST(k.person_key % {_KINDS} IN ({_BY_ID}, {_BY_ACCOUNT}) AS BIGINT) AS named, k.registered, k.claimed,
               CASE WHEN k.known = 1 AND (CASE WHEN (SELECT count(*) FROM staged_claims) > 0 THEN k.claimed
                   ELSE k.registered END) = 1
                    THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS judged
        FROM person_key k LEFT JOIN person_words w USING (person_no) ORDER BY k.person_no"""
    )
    store.run(
        """CREATE TEMP TABLE person_identity AS
        SELECT k.person_no, CASE WHEN k.known = 1 THEN i.text END AS id_number, i.state, i.why, i.sex, w.name
        FROM person_key k LEFT JOIN text_id_number i ON i.no = k.id_no LEFT JOIN person_words w USING (person_no)"""
    )


def _joined(table: str, how: Joining) -> str:
    """FROM and joins that give the rows `r` of a table their person: `_person(table)` names the result."""
    fields = _fields(table)
    joins = f"{'kept' if table in COLLAPSED else 'staged'}_{table} r LEFT JOIN id_person ip ON ip.id_no = r.id_number"
    if "account" in fields:
        joins += " LEFT JOIN account_person ap ON ap.account_no = r.account"
    employer = "r.employer" if "employer" in fields else "NULL"
    joins += (
        f" LEFT JOIN loose_person lp ON lp.table_name = '{table}' AND lp.name_no = coalesce(r.name, -1)"
        f" AND lp.employer_no = coalesce({employer}, -1)"
    )
    return joins + roster.way(how, table)


def _person(table: str, how: Joining, kind: str = "BIGINT") -> str:
    account = "ap.person_no, " if "account" in _fields(table) else ""
    led = "rp.person_no, " if how and table in JOINED else ""
    return f"CAST(coalesce(ip.person_no, {led}{account}lp.person_no) AS {kind}) AS person_no"


def _tables(store: Store, how: Joining) -> None:
    identity = "LEFT JOIN text_id_number tid ON tid.no = r.id_number LEFT JOIN text_employer te ON te.no = r.employer"
    said = "CASE WHEN r.id_number IS NULL THEN 'missing' ELSE tid.state END AS id_state"
    said_of = "regexp_matches(coalesce(tx.text, '') || ' ' || coalesce(tk.text, ''),"
    store.run(
        f"""CREATE TABLE registrations AS
        SELECT r.row_id, {_person("registrations", how)}, te.rank AS employer_no, r.sex,
               r.registered_at AS registered_s, r.total_time AS total_s, {said},
               CAST(r.account IS NOT NULL AS BIGINT) AS has_account, n.phone_no, n.phone_run, tp.rank AS platform_no
        FROM {_joined("registrations", how)} {identity} LEFT JOIN phone_rows n ON n.row_id = r.row_id
        LEFT JOIN text_platform tp ON tp.no = r.platform"""
    )
    store.run(
        f"""CREATE TABLE exams AS
        SELECT r.row_id, {_person("exams", how)}, te.rank AS employer_no, coalesce(tx.exam_no, 0) AS exam_no,
               CAST({said_of} '{_FINAL}') AND NOT {said_of} '{_MOCK}') AS BIGINT) AS is_final,
               CAST({said_of} '{_MOCK}') AS BIGINT) AS is_mock,
               r.score AS score_c, r.result, r.attempt AS attempt_no, r.taken_at AS taken_s, r.duration AS used_s,
               {said},
               CAST(r.account IS NOT NULL AS BIGINT) AS has_account
        FROM {_joined("exams", how)} {identity}
        LEFT JOIN exam_folded tx ON tx.no = r.exam LEFT JOIN text_kind tk ON tk.no = r.kind"""
    )
    store.run(
        f"""CREATE TABLE claims AS
        SELECT r.row_id, row_number() OVER (ORDER BY r.row_id) AS claim_no, {_person("claims", how)},
               te.rank AS employer_no, r.amount AS amount_fen, r.paid AS paid_fen, r.claimed_on AS claim_day, {said}
        FROM {_joined("claims", how)} {identity}"""
    )
    store.run(
        f"""CREATE TEMP VIEW session_rows AS
        SELECT r.row_id, CAST(r.row_id // {ROWS} AS INTEGER) AS source_no,
               {_person("sessions", how, "INTEGER")}, CAST(tc.rank AS INTEGER) AS course_no,
               CAST(ta.rank AS INTEGER) AS address_no, CAST(te.rank AS INTEGER) AS employer_no, r.start_at AS start_s,
               r.end_at AS end_s, CAST(r.start_day AS INTEGER) AS start_day, r.duration AS stated_s,
               r.total_time AS total_s, r.estimated
        FROM {_joined("sessions", how)} LEFT JOIN text_employer te ON te.no = r.employer
        LEFT JOIN text_course tc ON tc.no = r.course LEFT JOIN text_address ta ON ta.no = r.address"""
    )
    store.run(
        """CREATE TABLE plan AS
        SELECT r.row_id, tc.rank AS course_no, r.class_hours AS hours_c, r.minutes
            AS length_s
        FROM kept_courses r LEFT JOIN text_course tc ON tc.no = r.course"""
    )


def _copies(store: Store, how: Joining) -> None:
    """row_copies: rows of registrations, exams and the plan that repeat another row to the letter."""
    each = [
        f"SELECT '{table}' AS table_name, r.row_id, r.first_row_id, {_person(table, how)} FROM "
        + _joined(table, how).replace(f"kept_{table}", f"numbered_{table}")
        + " WHERE r.copy_no > 1"
        for table in COLLAPSED
        if table in PEOPLED
    ]
    each.append("SELECT 'courses', row_id, first_row_id, CAST(NULL AS BIGINT) FROM numbered_courses WHERE copy_no > 1")
    store.run(f"CREATE TABLE row_copies AS {' UNION ALL '.join(each)}")


def _identity_rows(store: Store, how: Joining) -> None:
    """identity_rows: rows that carry no identity number although nothing else tells the person, or one that cannot be
    right. state: missing, damaged, masked, invalid; why: a name of the section `identity` of the words."""
    store.run(
        "CREATE TABLE identity_rows (table_name VARCHAR, row_id BIGINT, person_no BIGINT, state VARCHAR, why VARCHAR)"
    )
    bad = "SELECT no, state, why FROM text_id_number WHERE state IN ('damaged', 'masked', 'invalid')"
    # only of the tables that have such rows: these are rows of the sessions too
    for (table,) in store.rows("SELECT DISTINCT table_name FROM who_key WHERE id_no IS NULL ORDER BY table_name"):
        unless = "AND r.account IS NULL" if "account" in _fields(table) and table != "registrations" else ""
        unless += " AND rp.person_no IS NULL" if how and table in JOINED else ""
        _identity_row(store, how, table, "", "'missing', NULL", f"WHERE r.id_number IS NULL {unless}")
    damaged = f"JOIN ({bad}) b ON b.no = "
    for (table,) in store.rows(f"SELECT DISTINCT table_name FROM who_key {damaged} id_no ORDER BY table_name"):
        _identity_row(store, how, table, f"{damaged} r.id_number", "b.state, b.why")
    sexes = "JOIN text_id_number b ON b.no = r.id_number AND b.sex <> r.sex"
    _identity_row(store, how, "registrations", sexes, "'invalid', 'sex'")


def _identity_row(store: Store, how: Joining, table: str, joined: str, said: str, where: str = "") -> None:
    store.run(
        f"INSERT INTO identity_rows SELECT '{table}', r.row_id, {_person(table, how)}, {said} "
        f"FROM {_joined(table, how)} {joined} {where}"
    )
