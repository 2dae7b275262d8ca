"""Whether the rows of one identity number name two people, and whom a claim without a number may mean. The names
themselves stay in temporary tables."""

from auditor.store import Store, text

_ASIDE = r"\(.*?\)|\[.*?\]|【.*?】|[\s·•・‧.]"  # 张三(主持人), 张 三, two ways to write the dot of a long name
_DAMAGED = r"[*?\x{FFFD}○●〇□■#]|某|\p{Han}x+$|先生$|女士$"  # masked, or lost in an encoding


def find(store: Store, joined: bool) -> None:
    """name_rows: table_name, row_id, person_no, name_no: for each person of a known number who has more than one
    readable name, the first row of each table that says each of them; name_no counts the names of one person.
    `joined`: some rows are of people by what they call themselves, which is no second name."""
    own = "AND (w.joined_by = 'name' OR (w.joined_by IS DISTINCT FROM 'said_phone' AND w.joined_by IS DISTINCT FROM "
    own += "'nickname' AND NOT w.nicknamed))"
    store.run(
        f"""CREATE TEMP TABLE name_key AS
        SELECT no, lower(regexp_replace(text, {text(_ASIDE)}, '', 'g')) AS name FROM text_name
        WHERE NOT regexp_matches(lower(text), {text(_DAMAGED)}) AND regexp_matches(text, '\\p{{L}}')
            AND regexp_replace(text, {text(_ASIDE)}, '', 'g') <> ''"""
    )
    _namesakes(store)
    store.run(
        f"""CREATE TABLE name_rows AS
        WITH said AS (
            SELECT p.person_no, k.name, w.table_name, min(w.first_row_id) AS row_id
            FROM who_key w JOIN person_key p USING (person_key) JOIN name_key k ON k.no = w.name_no
            WHERE p.known = 1 {own if joined else ""} GROUP BY ALL),
        several AS (SELECT person_no FROM said GROUP BY person_no HAVING count(DISTINCT name) > 1)
        SELECT table_name, row_id, person_no, dense_rank() OVER (PARTITION BY person_no ORDER BY name) AS name_no
        FROM said SEMI JOIN several USING (person_no) ORDER BY person_no, name_no, table_name"""
    )


def _namesakes(store: Store) -> None:
    """namesakes: row_id of a claim without a usable number, how many registered people bear its name (persons), and
    how many of them are registered by its employer (colleagues)."""
    store.run(
        """CREATE TABLE namesakes AS
        WITH nameless AS (
            SELECT r.row_id, k.name, r.employer FROM staged_claims r JOIN name_key k ON k.no = r.name
            LEFT JOIN text_id_number i ON i.no = r.id_number WHERE NOT coalesce(i.usable, FALSE)),
        registered AS (
            SELECT k.name, p.person_no, w.employer_no FROM who_key w JOIN person_key p USING (person_key)
            JOIN name_key k ON k.no = w.name_no WHERE w.table_name = 'registrations')
        SELECT n.row_id, count(DISTINCT g.person_no) AS persons,
               count(DISTINCT CASE WHEN g.employer_no = n.employer THEN g.person_no END) AS colleagues
        FROM nameless n JOIN registered g USING (name) GROUP BY n.row_id"""
    )
