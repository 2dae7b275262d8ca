"""Accounts that lead to several people. The accounts themselves stay in temporary tables."""

from auditor.intake.load import PEOPLED
from auditor.schema import tables
from auditor.store import Store

_MANY = 100  # numbers of one account: a filler, of which the first row of each table says enough


def find(store: Store) -> None:
    """shared_accounts: each account (by a number of no meaning) whose rows carry more than one identity number, how
    many it carries and how many of its rows carry none. account_rows: its rows, with the person of their number."""
    store.run(
        """CREATE TEMP TABLE shared AS
        SELECT w.account_no, count(DISTINCT w.id_no) AS numbers,
               row_number() OVER (ORDER BY min(a.text)) AS shared_no
        FROM who_key w JOIN text_account a ON a.no = w.account_no WHERE w.usable
        GROUP BY w.account_no HAVING count(DISTINCT w.id_no) > 1"""
    )
    store.run(
        """CREATE TABLE account_rows (
            shared_no BIGINT, numbers BIGINT, table_name VARCHAR, row_id BIGINT, person_no BIGINT)"""
    )
    if store.value("SELECT count(*) FROM shared"):
        for name in PEOPLED:
            if "account" in tables()[name].columns:
                store.run(
                    f"""INSERT INTO account_rows
                    SELECT s.shared_no, s.numbers, '{name}', r.row_id, ip.person_no FROM staged_{name} r
                    JOIN shared s ON s.account_no = r.account LEFT JOIN id_person ip ON ip.id_no = r.id_number
                    WHERE s.numbers <= {_MANY}
                    UNION ALL SELECT s.shared_no, s.numbers, '{name}', min(r.row_id), NULL FROM staged_{name} r
                    JOIN shared s ON s.account_no = r.account WHERE s.numbers > {_MANY} GROUP BY ALL"""
                )
    store.run(
        f"""CREATE TABLE shared_accounts AS
        SELECT s.shared_no, s.numbers,
               CASE WHEN s.numbers <= {_MANY} THEN count(r.row_id) FILTER (r.person_no IS NULL) END AS unowned
        FROM shared s JOIN account_rows r USING (shared_no) GROUP BY s.shared_no, s.numbers
        ORDER BY s.shared_no"""
    )
