"""Which registrations share a mobile number, and which have numbers in a row. The numbers themselves stay in temporary
tables: what is kept of a number, and of a run of numbers, is the first row that tells it."""

import polars as pl

from auditor import nickname
from auditor.intake.load import Intake
from auditor.store import Store


def find(store: Store, intake: Intake) -> None:
    """phone_rows: row_id of a registration, phone_no, phone_run (null where the employer is not known). Landlines and
    what is no mobile number are left out: a switchboard is everybody's."""
    phones = intake.texts["phone"].select("no", "text")
    mobiles = phones.select("no", number=nickname.phones(phones["text"]).cast(pl.Int64)).drop_nulls()
    store.add("phone_number", mobiles)
    store.run(
        """CREATE TEMP TABLE phone_rows AS
        SELECT row_id, min(row_id) OVER (PARTITION BY number) AS phone_no,
               CASE WHEN employer IS NOT NULL THEN min(row_id) OVER (PARTITION BY employer, number - place) END
                   AS phone_run
        FROM (SELECT r.row_id, r.employer, p.number,
                     dense_rank() OVER (PARTITION BY r.employer ORDER BY p.number) AS place
              FROM kept_registrations r JOIN phone_number p ON p.no = r.phone)"""
    )
    store.run("DROP TABLE phone_number")
