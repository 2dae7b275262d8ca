"""Whose the rows may be that lead to nobody: nobody of them may be refused for lacking a record."""

from auditor.roster import WORDS, pieces
from auditor.store import Store


def find(store: Store, joined: bool) -> None:
    """strays: whose rows may be among those of a table that lead to nobody (person_no null: anybody's).

    A row of an unreadable number may be a row of anybody of its name (and its employer, where both are known); without
    a name, of anybody of its employer; without either, of anybody. A number that cannot exist is one person's, whoever
    it is, and so is an account: they have all the names and employers of their rows. An account that no registration
    knows may be that of a person who has no account there. `joined`: phones and names may have led rows to people; what
    they did not lead may be anybody's whose name stands in the name, or whose the key may be.
    """
    store.run(
        """CREATE TEMP TABLE stray AS
        WITH said AS (
            SELECT w.person_key, list_sort(list(DISTINCT n.text) FILTER (n.text IS NOT NULL)) AS names,
                   list_sort(list(DISTINCT e.rank) FILTER (e.rank IS NOT NULL)) AS employers
            FROM who_key w LEFT JOIN text_name n ON n.no = w.name_no LEFT JOIN text_employer e ON e.no = w.employer_no
            WHERE w.person_key IN (SELECT person_key FROM who_key WHERE known = 0 OR state = 'invalid')
            GROUP BY w.person_key)
        SELECT DISTINCT w.table_name, s.names, s.employers,
               w.account_no IS NOT NULL AND w.id_no IS NULL AND w.table_name <> 'registrations' AND NOT EXISTS (
                   SELECT 1 FROM who_key r WHERE r.table_name = 'registrations' AND r.account_no = w.account_no)
                   AS by_account
        FROM who_key w LEFT JOIN said s USING (person_key)
        WHERE w.known = 0 OR w.state = 'invalid'"""
    )
    if not store.value("SELECT count(*) FROM stray"):
        store.run("CREATE TABLE strays (table_name VARCHAR, person_no BIGINT)")
        return
    listed = f"UNION ALL SELECT person_no, name_no, employer_no FROM {WORDS}" if joined else ""
    store.run(
        f"""CREATE TEMP TABLE person_said AS
        SELECT DISTINCT k.person_no, n.text AS name, e.rank AS employer_no
        FROM (SELECT k.person_no, w.name_no, w.employer_no FROM who_key w JOIN person_key k USING (person_key)
              WHERE k.known = 1 {listed}) k
        LEFT JOIN text_name n ON n.no = k.name_no LEFT JOIN text_employer e ON e.no = k.employer_no"""
    )
    for said, column in (("person_names", "name"), ("person_employers", "employer_no")):
        # null beside a person of whom no table says it: it may be any
        store.run(
            f"""CREATE TEMP TABLE {said} AS
            SELECT DISTINCT person_no, {column} FROM person_said WHERE {column} IS NOT NULL
            UNION ALL SELECT person_no, NULL FROM person_said GROUP BY person_no HAVING count({column}) = 0"""
        )
    held, maybe, accounts = "", "", "account_owner o JOIN person_key k ON k.id_no = o.id_no"
    if joined:  # an account that only the roster tells is none of the export
        accounts = "who_key o JOIN person_key k USING (person_key) WHERE o.account_no IS NOT NULL AND k.known = 1"
        _held(store)
        held = """UNION ALL SELECT s.*, h.person_no FROM stray s, unnest(s.names) u (name)
            JOIN held h ON h.name = u.name WHERE s.table_name IN ('sessions', 'exams')"""
        maybe = "UNION SELECT table_name, person_no FROM maybe"
    store.run(
        f"""CREATE TABLE strays AS
        WITH accounted AS (
            SELECT DISTINCT k.person_no FROM {accounts}),
        near AS (
            SELECT s.*, n.person_no FROM stray s, unnest(s.names) u (name) JOIN person_names n ON n.name = u.name
            {held}
            UNION ALL SELECT s.*, n.person_no FROM stray s CROSS JOIN person_names n
            WHERE s.names IS NOT NULL AND n.name IS NULL
            UNION ALL SELECT s.*, n.person_no FROM stray s, unnest(s.employers) u (employer_no)
            JOIN person_employers n ON n.employer_no = u.employer_no WHERE s.names IS NULL
            UNION ALL SELECT s.*, n.person_no FROM stray s CROSS JOIN person_employers n
            WHERE s.names IS NULL AND s.employers IS NOT NULL AND n.employer_no IS NULL
            UNION ALL SELECT s.*, p.person_no FROM stray s CROSS JOIN people p
            WHERE s.names IS NULL AND s.employers IS NULL AND s.by_account AND p.known = 1)
        SELECT DISTINCT c.table_name, c.person_no FROM near c
        WHERE NOT (c.by_account AND c.person_no IN (SELECT person_no FROM accounted))
            AND (c.employers IS NULL OR EXISTS (
                SELECT 1 FROM person_employers e
                WHERE e.person_no = c.person_no AND (e.employer_no IS NULL OR list_contains(c.employers, e.employer_no))
            ))
        UNION
        SELECT s.table_name, CAST(NULL AS BIGINT) FROM stray s
        WHERE s.names IS NULL AND s.employers IS NULL AND NOT s.by_account
        UNION
        SELECT t.table_name, i.person_no
        FROM (VALUES ('registrations'), ('sessions'), ('exams'), ('claims')) t (table_name)
        CROSS JOIN person_identity i WHERE i.state = 'invalid' {maybe}"""
    )


def _held(store: Store) -> None:
    """held: each name of a stray row → the people whose name stands in it: 甲&乙, 张三-某公司."""
    store.run(
        """CREATE TEMP TABLE stray_names AS
        SELECT DISTINCT u.name, k.said FROM stray s, unnest(s.names) u (name) JOIN text_name n ON n.text = u.name
        JOIN name_said k ON k.no = n.no"""
    )
    store.run(
        """CREATE TEMP TABLE person_keys AS
        SELECT DISTINCT p.person_no, k.key FROM person_said p JOIN text_name n ON n.text = p.name
        JOIN name_said k ON k.no = n.no WHERE k.key IS NOT NULL"""
    )
    pieces(store, "held_pieces", "SELECT DISTINCT said FROM stray_names", "(SELECT DISTINCT key FROM person_keys)")
    store.run(
        """CREATE TEMP TABLE held AS
        SELECT DISTINCT s.name, p.person_no FROM stray_names s JOIN held_pieces i USING (said)
        JOIN person_keys p USING (key)"""
    )
