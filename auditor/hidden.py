"""Values that whoever exported them has hidden behind stars. The texts themselves stay in temporary tables."""

from auditor.schema import tables
from auditor.store import Store, text

_NAME = r"[*●○■□]|某|\p{Han}[xX#]+$"  # 张*, 张某某, 张XX
_OTHER = r"[*●○■□]{2}|[xX#]{3}"  # 138****1234


def find(store: Store) -> None:
    """hidden_values, one row a table and field of people that holds any: how many rows are hidden, of how many that are
    filled, and the first of them. Identity numbers have rules of their own."""
    store.run(
        "CREATE TABLE hidden_values (table_name VARCHAR, field VARCHAR, row_id BIGINT, hidden BIGINT, filled BIGINT)"
    )
    for name, pattern in (("name", _NAME), ("phone", _OTHER), ("account", _OTHER)):
        store.run(
            f"CREATE TEMP TABLE hidden_{name} AS SELECT no FROM text_{name} WHERE regexp_matches(text, {text(pattern)})"
        )
        if not store.value(f"SELECT count(*) FROM hidden_{name}"):
            continue
        for table in tables().values():
            if (
                name in table.columns and table.columns[name].private and table.name != "events"
            ):  # they are sessions too
                store.run(
                    f"""INSERT INTO hidden_values
                    SELECT '{table.name}', '{name}', min(r.row_id) FILTER (h.no IS NOT NULL), count(h.no),
                           count(r.{name})
                    FROM staged_{table.name} r LEFT JOIN hidden_{name} h ON h.no = r.{name} HAVING count(h.no) > 0"""
                )
