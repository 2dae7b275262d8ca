"""The register of benefits that audits hand on: what an earlier audit supported, and what this one adds.

A register is a table of benefits (schemas/benefits.toml). Its column of registers names the batch, a mark made of the
claim list itself: so a claim list that is audited again knows its own rows, and the next list meets them as others'.
"""

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import polars as pl

from auditor.fault import Exit, Fault, because
from auditor.intake.stage import ROWS
from auditor.lines import CERTIFICATE, ONLINE
from auditor.policy import Policy
from auditor.schema import tables
from auditor.store import Store, text

_BATCH = r"batch-[0-9a-f]{12}"
OWN, OTHERS = 1, 2  # a row of this very claim list, and one of another


def check(history: Sequence[Path], written: Path | None, out: Path, edition: str) -> None:
    """Raises Fault (exit code 2) where a register is no file, or would be written where masked papers lie: it holds
    identity numbers in any edition."""
    for path in history:
        if not path.is_file():
            raise Fault(Exit.USAGE, "history_file", path=path)
    if written and written.is_dir():
        raise Fault(Exit.USAGE, "history_file", path=written)
    if written and edition != "full" and written.resolve().is_relative_to(out.resolve()):
        raise Fault(Exit.USAGE, "history_inside", path=written, out=out)


def find(store: Store) -> None:
    """benefit_marks: of each benefit whether an audit wrote it (batch: 0 no, OWN, OTHERS), and its certificate."""
    own = _batch(store) if store.value("SELECT count(*) FROM staged_benefits") else ""
    store.run(
        f"""CREATE TABLE benefit_marks AS
        SELECT r.row_id, CAST(CASE WHEN NOT regexp_full_match(coalesce(g.text, ''), {text(_BATCH)}) THEN 0
                   WHEN g.text = {text(own)} THEN {OWN} ELSE {OTHERS} END AS BIGINT) AS batch,
               CAST(tc.rank AS BIGINT) AS certificate_no
        FROM staged_benefits r LEFT JOIN text_register g ON g.no = r.register
        LEFT JOIN text_certificate tc ON tc.no = r.certificate ORDER BY r.row_id"""
    )


def _batch(store: Store) -> str:
    """The mark of the claim list: the same whatever the file, its format and the order of its rows."""
    return "batch-" + str(
        store.value(
            """SELECT substr(sha256(coalesce(string_agg(said, chr(10) ORDER BY said), '')), 1, 12) FROM (
            SELECT concat_ws('|', i.id_number, coalesce(i.name, ''), coalesce(e.employer, ''), c.line,
                coalesce(c.said_level, 0), coalesce(c.amount_fen, -1), coalesce(c.claim_day, 0)) AS said
            FROM claims c LEFT JOIN person_identity i USING (person_no)
            LEFT JOIN employers e ON e.employer_no = c.employer_no)"""
        )
    )


def register(store: Store, policy: Policy, sources: Sequence[int]) -> pl.DataFrame:
    """What the registers of `sources` (numbers of sheets) hold of other lists, and every claim that this audit supports
    and they do not hold yet, by people's conclusions where there are any; in a total order. The columns of a table of
    benefits, with money in yuan, as text."""
    own = text(_batch(store))
    held = f"r.row_id // {ROWS} IN ({', '.join(map(str, sources)) or 'NULL'})"
    names = {ONLINE: "same", CERTIFICATE: "other"}  # a word by which the next audit knows the subsidy
    projects = " ".join(f"WHEN {line.no} THEN {text(policy.benefits[names[line.no]][0])}" for line in policy.lines)
    store.run(
        f"""CREATE OR REPLACE TEMP TABLE register_rows AS
        SELECT 0 AS fresh, CASE WHEN i.state IN ('valid', 'other') THEN i.text END AS id_number, n.text AS name,
               e.text AS employer, p.text AS project, r.amount, r.granted_on, g.text AS register,
               c.text AS certificate
        FROM staged_benefits r LEFT JOIN text_id_number i ON i.no = r.id_number LEFT JOIN text_name n ON n.no = r.name
        LEFT JOIN text_employer e ON e.no = r.employer LEFT JOIN text_project p ON p.no = r.project
        LEFT JOIN text_register g ON g.no = r.register LEFT JOIN text_certificate c ON c.no = r.certificate
        WHERE {held} AND g.text IS DISTINCT FROM {own}
        UNION ALL
        SELECT 1, i.id_number, i.name, e.employer, CASE c.line {projects} END,
               coalesce(j.supported_fen, v.supported_fen) AS granted, c.claim_day, {own}, t.text
        FROM claim_verdicts v LEFT JOIN judged_claim_verdicts j USING (row_id)
        JOIN claims c USING (row_id) JOIN person_identity i ON i.person_no = c.person_no
        LEFT JOIN employers e ON e.employer_no = c.employer_no LEFT JOIN certified k USING (row_id)
        LEFT JOIN text_certificate t ON t.rank = k.certificate_no
        WHERE granted > 0"""
    )
    return store.frame(
        """SELECT id_number, name, employer, project,
               concat(amount // 100, '.', lpad(CAST(amount % 100 AS VARCHAR), 2, '0')) AS amount,
               concat(substr(CAST(granted_on AS VARCHAR), 1, 4), '-', substr(CAST(granted_on AS VARCHAR), 5, 2), '-',
                      substr(CAST(granted_on AS VARCHAR), 7, 2)) AS granted_on, register, certificate
        FROM (SELECT DISTINCT * FROM register_rows) r
        QUALIFY fresh = 0 OR row_number() OVER (
            PARTITION BY id_number, employer, project, amount, granted_on, certificate
            ORDER BY fresh, register NULLS LAST, name NULLS LAST) = 1
        ORDER BY r.granted_on NULLS FIRST, register NULLS FIRST, id_number, project, employer, r.amount, certificate,
            name"""
    )


def write(frame: pl.DataFrame, path: Path) -> None:
    """The register as CSV that a spreadsheet opens, whole or not at all, readable by its owner alone. Raises Fault."""
    columns = tables()["benefits"].columns
    inert = pl.all().str.replace(r"^([=+\-@\t\r])", "'$1")  # no formula; the mark is read as none
    said = frame.select(inert).rename({name: columns[name].label["zh"] for name in columns})
    work = None
    try:
        handle, work = tempfile.mkstemp(dir=path.parent, prefix=".register-")  # its owner's alone
        with os.fdopen(handle, "wb") as stream:
            stream.write(said.write_csv(include_bom=True, line_terminator="\r\n").encode())
        Path(work).replace(path)
    except OSError as error:
        if work:
            with suppress(OSError):
                Path(work).unlink(missing_ok=True)
        raise Fault(Exit.ENVIRONMENT, "history_output", path=path, error=because(error)) from error
