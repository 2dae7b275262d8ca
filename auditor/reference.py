"""Tables that say something about people or employers the export tells of: who is filed, insured, already subsidised.
They name nobody new: a row about a stranger is nobody's."""

from auditor.intake.batch import TEXT_KINDS
from auditor.intake.load import Intake
from auditor.schema import Column, references, tables
from auditor.store import Store

_NAMING = ("id_number", "name", "employer")


def find(store: Store, intake: Intake) -> None:
    """A table of each kind (`row_id`, `person_no`, `employer_no`, the other columns as integers; a text `x` as
    `x_no`, its rank), and reference_rows with the persons of all of them. Whose a row may be that lacks a good number
    is noted in `strays`: everybody of its name, or anybody. Private texts are left out: what is made here is written
    into audit.duckdb."""
    each = ["SELECT '' AS table_name, CAST(0 AS BIGINT) AS row_id, CAST(0 AS BIGINT) AS person_no WHERE FALSE"]
    for name in references():
        columns = tables()[name].columns
        others = [column for column in columns.values() if column.name not in _NAMING and not column.private]
        own = "ip.person_no" if "id_number" in columns else "CAST(NULL AS BIGINT)"
        firm = "te.rank" if "employer" in columns else "CAST(NULL AS BIGINT)"
        store.run(
            f"""CREATE TABLE {name} AS
            SELECT r.row_id, {own} AS person_no, CAST({firm} AS BIGINT) AS employer_no{"".join(map(_column, others))}
            FROM staged_{name} r {"LEFT JOIN id_person ip ON ip.id_no = r.id_number" if "id_number" in columns else ""}
            {"LEFT JOIN text_employer te ON te.no = r.employer" if "employer" in columns else ""}
            {" ".join(_join(column) for column in others if column.kind in TEXT_KINDS)}"""
        )
        each.append(f"SELECT '{name}', row_id, person_no FROM {name}")
        if "id_number" in columns and name in intake.parts:
            _strays(store, name, "name" in columns)
    store.run(f"CREATE TABLE reference_rows AS {' UNION ALL '.join(each)}")


def _column(column: Column) -> str:
    return f", CAST(t_{column.name}.rank AS BIGINT) AS {column.name}_no" if column.kind in TEXT_KINDS else (
        f", r.{column.name}"
    )  # fmt: skip


def _join(column: Column) -> str:
    return f"LEFT JOIN text_{column.name} t_{column.name} ON t_{column.name}.no = r.{column.name}"


def _strays(store: Store, name: str, named: bool) -> None:
    said = "n.text" if named else "CAST(NULL AS VARCHAR)"
    store.run(
        f"""INSERT INTO strays
        WITH lost AS (
            SELECT DISTINCT {said} AS name FROM staged_{name} r LEFT JOIN text_id_number i ON i.no = r.id_number
            LEFT JOIN id_person ip ON ip.id_no = r.id_number
            {"LEFT JOIN text_name n ON n.no = r.name" if named else ""}
            WHERE ip.person_no IS NULL AND (i.no IS NULL OR NOT i.usable OR i.state = 'invalid'))
        SELECT DISTINCT '{name}', p.person_no FROM lost JOIN person_identity p ON p.name = lost.name
        UNION ALL SELECT DISTINCT '{name}', CAST(NULL AS BIGINT) FROM lost WHERE name IS NULL
        UNION ALL SELECT '{name}', person_no FROM person_identity WHERE state = 'invalid'"""
    )
