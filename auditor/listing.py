"""What papers list: the first findings of each rule with their rows, the first claims of a verdict. Every cap is stated
beside the exact total; the Parquet files hold everything."""

from typing import Any

from auditor.store import Store, text

SAMPLE = 50  # findings of a rule
ROWS = 4  # rows of a finding
LISTED = 1_000  # claims of a verdict
Json = dict[str, Any]


def samples(store: Store) -> dict[str, list[Json]]:
    """Rule → its first findings, worst effect first, each with the first rows it rests on."""
    picked = store.rows(
        f"""SELECT rowid FROM finding_rows
        QUALIFY row_number() OVER (PARTITION BY rule_no ORDER BY rowid) <= {SAMPLE}"""
    )
    if not picked:
        return {}
    wanted = ", ".join(str(row[0]) for row in sorted(picked))
    names = ("fingerprint", "subject_kind", "subject", "person_id", "employer", "effect", "source_table", "source_file",
             "source_sheet", "source_row", "rows", "measured", "limit", "unit", "message")  # fmt: skip
    rows: dict[int, list[Json]] = {}
    for number, *place in store.rows(
        f"""SELECT finding_no, source_table, source_file, source_sheet, source_row FROM evidence
        WHERE finding_no IN ({wanted})
        QUALIFY row_number() OVER (PARTITION BY finding_no ORDER BY place) <= {ROWS}
        ORDER BY finding_no, place"""
    ):
        rows.setdefault(number, []).append(dict(zip(("table", "file", "sheet", "row"), place, strict=True)))
    out: dict[str, list[Json]] = {}
    for number, rule, *values in store.rows(
        f"""SELECT finding_no, rule, {", ".join(f'"{name}"' for name in names)} FROM findings
        WHERE finding_no IN ({wanted}) ORDER BY finding_no"""
    ):
        found = dict(zip(names, values, strict=True))
        found["evidence"] = rows.get(number, []) if found["rows"] > 1 else []
        out.setdefault(rule, []).append(found)
    return out


def claims(store: Store, outcome: str, edition: str, claimed: bool) -> Json:
    """The claims of one verdict (without a claim list: the people), each with what was found; the first LISTED."""
    name = "i.name" if edition == "full" else "substr(i.name, 1, 1) || '＊＊'"
    number = "i.id_number" if edition == "full" else "CAST(NULL AS VARCHAR)"
    source = (
        "claim_verdicts v LEFT JOIN sources s ON s.source_no = source_no(v.row_id) "
        "LEFT JOIN employers e ON e.employer_no = v.employer_no"
        if claimed
        else "people_verdicts v JOIN people q USING (person_no) LEFT JOIN employers e ON e.employer_no = q.employer_no"
    )
    places = ("s.file", "s.sheet", "source_row(v.row_id)") if claimed else ("NULL", "NULL", "NULL")
    place = "{} AS file, {} AS sheet, {} AS source_row".format(*places)
    total = int(store.value(f"SELECT count(*) FROM {source} WHERE v.verdict = {text(outcome)}"))
    found = store.rows(
        f"""SELECT p.person_id, {name}, {number}, e.employer, v.claimed_fen, v.supported_fen, v.not_supported_fen,
            v.to_verify_fen, v.reasons, {place}, r.net_s, v.person_no
        FROM {source} LEFT JOIN people p ON p.person_no = v.person_no LEFT JOIN person_identity i
            ON i.person_no = v.person_no
        LEFT JOIN readings r ON r.person_no = v.person_no WHERE v.verdict = {text(outcome)}
        ORDER BY e.employer NULLS LAST, p.person_id, v.claimed_fen, file, sheet, source_row LIMIT {LISTED}"""
    )
    names = ("person_id", "name", "id_number", "employer", "claimed_fen", "supported_fen", "not_supported_fen",
             "to_verify_fen", "reasons", "file", "sheet", "row", "net_s", "person_no")  # fmt: skip
    listed = [dict(zip(names, row, strict=True)) for row in found]
    people = {row["person_no"] for row in listed if row["person_no"] is not None}
    said = _said(store, people, {reason for row in listed for reason in row["reasons"].split(",") if reason})
    for row in listed:
        row["reasons"] = [reason for reason in row["reasons"].split(",") if reason]
        person = row.pop("person_no")
        row["said"] = [line for line in said.get(person, []) if line["rule"] in row["reasons"]]
    return {"total": total, "listed": listed}


def _said(store: Store, people: set[int], rules: set[str]) -> dict[int, list[Json]]:
    """person_no → what the findings of the `rules` that decide say of the person, at most one a rule."""
    if not people or not rules:
        return {}
    first = store.rows(
        f"""SELECT c.person_no, c.rule, min(f.rowid), count(*) FROM concerned c
        JOIN finding_rows f ON f.raised_no = c.finding_no
        WHERE c.person_no IN ({", ".join(map(str, sorted(people)))})
            AND c.rule IN ({", ".join(map(text, sorted(rules)))}) GROUP BY ALL ORDER BY ALL"""
    )
    wanted = ", ".join(str(row[2]) for row in first) or "NULL"
    messages = dict(store.rows(f"SELECT finding_no, message FROM findings WHERE finding_no IN ({wanted})"))
    out: dict[int, list[Json]] = {}
    for person, rule, number, more in first:
        out.setdefault(person, []).append({"rule": rule, "message": messages[number], "findings": more})
    return out
