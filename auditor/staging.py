"""What intake staged → temporary views of every table, with the numbers of their texts."""

from auditor.intake.load import ESTIMATED, Intake
from auditor.schema import tables
from auditor.store import Store, text

_RESIT = r"[(\[]?(?:补考|重考|补测|第[一二三四五0-9]+次(?:考试|考核)?)[)\]]?"
# Exact copies of a row are collapsed before any fact: here, and for sessions in facts/sessions.sql. A claim never is:
# each of its rows asks for money.
COLLAPSED = ("registrations", "exams", "courses")
_WRITTEN = {"saved_at": "saved_s", "record_no": "record_no"}


def stage(store: Store, intake: Intake) -> None:
    """Temporary tables text_* and others_* (the numbers of texts), views staged_* (all tables but sessions), tables
    numbered_* and views kept_* of those whose exact copies are collapsed; courses, exam_names, addresses and the names
    of platforms and classes."""
    _texts(store, intake)
    for table in tables():
        if table != "sessions":
            _staged(store, intake, table)


def _texts(store: Store, intake: Intake) -> None:
    for name, frame in intake.texts.items():
        store.add(f"text_{name}", frame)
        if len(intake.others[name]):
            store.add(f"others_{name}", intake.others[name])
    store.run("CREATE TABLE courses AS SELECT rank AS course_no, text AS course FROM text_course ORDER BY rank")
    # a resit is an attempt at the exam it repeats, whatever the platform adds to the name
    store.run(
        f"""CREATE TEMP TABLE exam_folded AS
        SELECT no, text, exam, dense_rank() OVER (ORDER BY exam) AS exam_no
        FROM (SELECT no, text, coalesce(nullif(trim(regexp_replace(text, {text(_RESIT)}, '', 'g')), ''), text) AS exam
              FROM text_exam)"""
    )
    store.run("CREATE TABLE exam_names AS SELECT DISTINCT exam_no, exam FROM exam_folded ORDER BY exam_no")
    store.run(
        "CREATE TABLE addresses AS SELECT rank AS address_no, text AS address, CAST(public AS BIGINT) AS is_public "
        "FROM text_address ORDER BY rank"
    )
    for things, name in (("platform_names", "platform"), ("class_names", "class")):
        store.run(f"CREATE TABLE {things} AS SELECT rank AS {name}_no, text AS {name} FROM text_{name} ORDER BY rank")
    store.add("troubles", intake.troubles)
    store.add("torn", intake.asides)


def _staged(store: Store, intake: Intake, table: str) -> None:
    if table in intake.parts:
        store.view(f"staged_{table}", f"SELECT p.row_id, {_codes(intake, table)}", intake.parts[table])
    else:
        columns = ", ".join(f"{name} BIGINT" for name in ("row_id", *tables()[table].columns))
        store.run(f"CREATE TEMP TABLE staged_{table} ({columns})")
    if table in COLLAPSED:
        content = ", ".join(tables()[table].columns)
        store.run(
            f"""CREATE TEMP TABLE numbered_{table} AS
            SELECT r.*, row_number() OVER (PARTITION BY {content}, stood ORDER BY r.row_id) AS copy_no,
                   min(r.row_id) OVER (PARTITION BY {content}, stood) AS first_row_id
            FROM staged_{table} r LEFT JOIN (
                SELECT row_id, string_agg(concat(field, ' ', shown), '|' ORDER BY field) AS stood FROM troubles
                WHERE table_name = '{table}' AND kind = 'unreadable' GROUP BY row_id) t ON t.row_id = r.row_id"""
        )
        store.run(f"CREATE TEMP VIEW kept_{table} AS SELECT * FROM numbered_{table} WHERE copy_no = 1")


def _codes(intake: Intake, table: str) -> str:
    """Columns of staged parts with the numbers of their texts, and where they come from."""
    others = {name: frame for name, frame in intake.others.items() if name in tables()[table].columns and len(frame)}
    codes = ", ".join(
        f"CASE WHEN o_{name}.code IS NULL THEN p.{name} ELSE o_{name}.no END AS {name}"
        if name in others
        else f"CAST(p.{name} AS BIGINT) AS {name}"
        for name in tables()[table].columns
    )
    joins = " ".join(f"LEFT JOIN others_{name} o_{name} ON o_{name}.code = p.{name}" for name in others)
    return f"{codes} FROM {{}} p {joins}"


def logs(store: Store, intake: Intake) -> None:
    """session_logs: what the platform says of the writing of a session's row (saved_s, record_no), in staged times;
    empty where it says nothing."""
    if intake.recorded.isdisjoint(("sessions.saved_at", "sessions.record_no")):
        columns = ", ".join(f"{name} BIGINT" for name in ("row_id", "sheet_no", "start_s", "end_s", *_WRITTEN.values()))
        store.run(f"CREATE TEMP TABLE session_logs ({columns})")
        return
    written = ", ".join(f"{field} AS {name}" for field, name in _WRITTEN.items())
    store.run(
        f"""CREATE TEMP VIEW session_logs AS
        SELECT row_id, source_no(row_id) AS sheet_no, start_at AS start_s, end_at AS end_s, {written}
        FROM staged_sessions WHERE {" OR ".join(f"{field} IS NOT NULL" for field in _WRITTEN)}"""
    )


def sessions(store: Store, intake: Intake) -> None:
    """staged_sessions: `estimated` 1 where the end is no measured one."""
    each = []
    for parts, estimated in (("sessions", 0), (ESTIMATED, 1)):
        if parts in intake.parts:
            codes = _codes(intake, "sessions")
            sql = f"SELECT p.row_id, p.start_day, {estimated} AS estimated, {codes}"
            store.view(f"staged_{parts}_parts", sql, intake.parts[parts])
            each.append(f"SELECT * FROM staged_{parts}_parts")
    if "events" in intake.parts:
        each.append("SELECT row_id, start_day, 1 AS estimated, * EXCLUDE (row_id, start_day) FROM sat_sessions")
    if each:
        store.run(f"CREATE TEMP VIEW staged_sessions AS {' UNION ALL '.join(each)}")
    else:
        columns = ", ".join(
            f"{name} BIGINT" for name in ("row_id", "start_day", "estimated", *tables()["sessions"].columns)
        )
        store.run(f"CREATE TEMP TABLE staged_sessions ({columns})")
