"""Findings at the border: numbered in a total order, fingerprinted, and put into words by views that anybody can query.

What is stored stays narrow (integers and a fingerprint); the words are made once, in findings.parquet,
which papers read.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from auditor import finding
from auditor.intake.shape import PART
from auditor.intake.stage import ROWS, SHEETS
from auditor.policy import Policy
from auditor.rule import Rule, Run
from auditor.schema import references
from auditor.store import Store, text
from auditor.words import LANGUAGES, say, section

# the order in which the tables are cited
_PLACES = ("sessions", "exams", *references(), "claims", "registrations", "courses", "employers", "roster")
_SHEETS = ROWS * SHEETS  # more than a row_id can be
_NUMBER = "f.rowid"


def publish(store: Store, policy: Policy, runs: Sequence[Run], lang: str = LANGUAGES[0]) -> None:
    """Fill finding_rows and evidence_rows, which know no language, and define the views findings, in the words of
    `lang`, and evidence over them."""
    rules = [run.rule for run in runs if run.ran]
    _rules(store, policy, rules)
    place = f"CASE r.table_name {' '.join(f'WHEN {text(name)} THEN {at}' for at, name in enumerate(_PLACES, 1))} END"
    raised = {name for (name,) in store.rows("SELECT DISTINCT rule FROM raised")}
    spoken = [(number, rule) for number, rule in enumerate(rules) if rule.id in raised] or [(0, rules[0])]
    key = _by_rule(spoken, lambda rule: finding.key(rule.id, rule.key), "r.rule_no")
    content = ", ".join(f"f.{name}" for name in finding.ORDER)
    grade = "CASE e.effect WHEN 'refuse' THEN 2 WHEN 'verify' THEN 1 ELSE 0 END"
    store.run(
        f"""CREATE TEMP TABLE first_rows AS
        SELECT r.finding_no, count(*) AS rows, min(({place}) * {_SHEETS} + r.row_id) AS place
        FROM rests r GROUP BY r.finding_no"""
    )
    # ordered by content, so that a row's number is its place in the table
    store.run(
        f"""CREATE TABLE finding_rows AS
        SELECT r.rule_no, {grade} AS grade, e.cause, v.waived_by, f.* EXCLUDE (finding_no, rule),
               coalesce(p.rows, 0) AS rows, p.place, f.finding_no AS raised_no,
               md5_number_lower({key}) AS fingerprint
        FROM raised f JOIN rules r USING (rule) LEFT JOIN finding_effects e USING (finding_no)
        LEFT JOIN first_rows p ON p.finding_no = f.finding_no
        LEFT JOIN waived v ON v.finding_no = f.finding_no {finding.JOINS}
        ORDER BY {grade} DESC, r.rule_no, {content}"""
    )
    store.commit()
    store.run(
        f"""CREATE TABLE evidence_rows AS
        SELECT {_NUMBER} AS finding_no, f.fingerprint, ({place}) * {_SHEETS} + r.row_id AS place
        FROM rests r JOIN finding_rows f ON f.raised_no = r.finding_no"""
    )
    _views(store, spoken, policy.params["unit_s"], lang)
    store.commit()


def read_from(store: Store, written: Path) -> None:
    """told: the findings by number, in the words of findings.parquet, whose rows are theirs in their order. To plan the
    view takes longer than to read most of what papers list."""
    store.run(
        f"""CREATE TEMP VIEW told AS
        SELECT w.file_row_number AS finding_no, w.* EXCLUDE (file_row_number), f.rows, f.person_no
        FROM read_parquet({text(str(written))}, file_row_number = true) w
        JOIN finding_rows f ON f.rowid = w.file_row_number"""
    )


def _rules(store: Store, policy: Policy, rules: Sequence[Rule]) -> None:
    rows = ", ".join(
        f"({number}, {text(rule.id)}, {text(rule.cls)}, {text(rule.subject)}, {text(rule.unit)}, "
        f"{text(policy.clause_of[rule.id]) if rule.id in policy.clause_of else 'NULL'}, "
        f"{100 if rule.unit == 'score' else 1})"
        for number, rule in enumerate(rules)
    )
    columns = "rule_no, rule, class, subject_kind, unit, clause, scale"
    store.run(f"CREATE TABLE rules AS SELECT * FROM (VALUES {rows}) t ({columns})")


def _views(store: Store, spoken: Sequence[tuple[int, Rule]], unit_s: int, lang: str) -> None:
    tables = "[" + ", ".join(text(name) for name in _PLACES) + "]"
    causes = " ".join(
        f"WHEN {text(cause)} THEN {text(say('cause.softened', lang, cause=words))}"
        for cause, words in section("cause", lang).items()
        if cause != "softened"
    )
    said = _by_rule(spoken, lambda rule: finding.message(rule.message, unit_s, lang), "f.rule_no")
    subject = _by_rule(spoken, lambda rule: _subject(rule, lang), "f.rule_no")
    store.run(
        f"""CREATE VIEW findings AS
        SELECT {_NUMBER} AS finding_no, w.rule, w.class,
               CASE f.grade WHEN 2 THEN 'refuse' WHEN 1 THEN 'verify' ELSE 'note' END AS effect,
               CASE f.grade WHEN 2 THEN 'high' WHEN 1 THEN 'medium' ELSE 'low' END AS severity,
               {finding.shown("f.fingerprint")} AS fingerprint, w.subject_kind, {subject} AS subject, wp.person_id,
               we.employer,
               {tables}[f.place // {_SHEETS}] AS source_table, s.file AS source_file, s.sheet AS source_sheet,
               f.place % {PART} AS source_row, f.rows, f.measured // w.scale AS measured,
               f.limit_value // w.scale AS "limit", w.unit, w.clause,
               concat({said}, CASE f.cause {causes} END) AS message, f.waived_by, f.person_no
        FROM finding_rows f JOIN rules w USING (rule_no) {finding.JOINS}
        LEFT JOIN sources s ON s.source_no = f.place % {_SHEETS} // {ROWS}"""
    )
    store.run(
        f"""CREATE VIEW evidence AS
        SELECT e.finding_no, {finding.shown("e.fingerprint")} AS fingerprint,
               {tables}[e.place // {_SHEETS}] AS source_table,
               s.file AS source_file, s.sheet AS source_sheet, e.place % {PART} AS source_row, e.place
        FROM evidence_rows e JOIN sources s ON s.source_no = e.place % {_SHEETS} // {ROWS}"""
    )
    store.run(  # to be queried by hand
        """CREATE VIEW session_list AS
        SELECT s.row_id, p.person_id, e.employer, c.course, a.address, make_timestamp(s.start_s * 1000000) AS start_at,
               make_timestamp(s.end_s * 1000000) AS end_at, s.dur_s, s.new_s,
               CASE s.timed WHEN 1 THEN 'end_measured' WHEN 2 THEN 'end_estimated' END AS end_kind, s.copy,
               f.file AS source_file, f.sheet AS source_sheet, source_row(s.row_id) AS source_row
        FROM sessions s LEFT JOIN people p USING (person_no) LEFT JOIN employers e ON e.employer_no = s.employer_no
        LEFT JOIN courses c ON c.course_no = s.course_no LEFT JOIN addresses a ON a.address_no = s.address_no
        JOIN sources f ON f.source_no = source_no(s.row_id)"""
    )


def _by_rule(spoken: Sequence[tuple[int, Rule]], make: Callable[[Rule], str], number: str) -> str:
    """What `make` says of each rule that raised something: a statement is planned for all that it holds."""
    return f"CASE {number} " + " ".join(f"WHEN {at} THEN {make(rule)}" for at, rule in spoken) + " END"


def _subject(rule: Rule, lang: str) -> str:
    person = f"coalesce(wp.person_id, {text(say('finding_value.nobody', lang))})"
    match rule.subject:
        case "session":
            return f"concat({person}, ' ' || CAST(make_timestamp(f.start_s * 1000000) AS VARCHAR))"
        case "exam":
            return f"concat({person}, ' ', we2.exam)"
        case "claim":
            return f"concat({person}, ' ', we.employer)"
        case "address":
            return "wa.address"
        case "group":  # by what its people have in common, and one of them
            return "concat_ws(' ', we.employer, we2.exam, wo.person_id)"
        case "employer":
            return "we.employer"
        case "file":
            return finding.message({lang: "{table_name:table}"}, 1, lang)
    return person
