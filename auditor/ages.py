"""How old people are. Of a date of birth only the age leaves the temporary tables."""

from auditor.store import Store


def find(store: Store, day: int) -> None:
    """ages: the age in whole years on `day` (yyyymmdd) of everybody whose identity number tells it."""
    store.run(
        f"""CREATE TABLE ages AS
        SELECT person_no, ({day} - CAST(substr(id_number, 7, 8) AS BIGINT)) // 10000 AS age FROM person_identity
        WHERE state = 'valid' AND id_number IS NOT NULL ORDER BY person_no"""
    )
