"""What texts of an export speak of, by the words a notice's policy gives: topics of courses and exams, subsidies that
were granted. Each distinct text is looked at once; rules see numbers."""

import polars as pl

from auditor.policy import Policy
from auditor.store import Store, text
from auditor.words import Words, phrase

# Benefits are of the same subsidy, of one that excludes it, of some training that is not named, or of none of these.
SAME, OTHER, UNNAMED = 1, 2, 3
_SEPARATOR = r"[\p{P}\p{S}\s]+"


def find(store: Store, policy: Policy) -> None:
    """Fill topics, course_topics, exam_topics (and exam_contents: which exams say what they cover) and
    benefit_kinds."""
    _topics(store, policy)
    _benefits(store, policy)


def problems(store: Store) -> list[Words]:
    """Where the plan's names are not those of the sessions."""
    if row := store.rows("SELECT study_s, planned_s FROM plan_match WHERE matches = 0"):
        return [phrase("problem.plan_unmatched", percent=row[0][1] * 100 // row[0][0])]
    return []


def folded(sql: str) -> str:
    """SQL for a text in lower case, without punctuation and blanks."""
    return f"regexp_replace(lower({sql}), {text(_SEPARATOR)}, '', 'g')"


def _topics(store: Store, policy: Policy) -> None:
    columns = ("topic_no", "topic", "zh", "en", "clause", "otherwise")
    rows = [
        (no, one.id, one.label["zh"], one.label["en"], one.clause, int(one.otherwise))
        for no, one in enumerate(policy.topics, 1)
    ]
    types = {name: pl.Int64 if name in ("topic_no", "otherwise") else pl.String for name in columns}
    store.add("topics", pl.DataFrame(rows, schema=types, orient="row"), temporary=False)
    words = [(no, word) for no, one in enumerate(policy.topics, 1) for word in one.words]
    store.add("topic_words", pl.DataFrame(words, schema={"topic_no": pl.Int64, "word": pl.String}, orient="row"))
    # a course is about what its name or its kind says
    store.run(
        f"""CREATE TABLE course_topics AS
        WITH said AS (
            SELECT rank AS course_no, {folded("text")} AS said FROM text_course
            UNION SELECT c.rank, {folded("t.text")} FROM staged_courses r JOIN text_course c ON c.no = r.course
            JOIN text_topic t ON t.no = r.topic),
        told AS (SELECT DISTINCT s.course_no, w.topic_no FROM said s JOIN topic_words w ON contains(s.said, w.word))
        SELECT course_no, topic_no FROM told
        UNION ALL SELECT c.rank, t.topic_no FROM text_course c CROSS JOIN topics t
        WHERE t.otherwise = 1 AND c.rank NOT IN (SELECT course_no FROM told)"""
    )
    # the content of an exam is a list: each piece is about something
    store.run(
        f"""CREATE TEMP TABLE pieces AS
        SELECT no, row_number() OVER () AS piece_no, piece
        FROM (SELECT no, unnest(string_split_regex(lower(text), {text(_SEPARATOR)})) AS piece FROM text_content)
        WHERE piece <> ''"""
    )
    store.run(
        """CREATE TEMP TABLE piece_topics AS
        SELECT DISTINCT p.no, p.piece_no, w.topic_no FROM pieces p JOIN topic_words w ON contains(p.piece, w.word)"""
    )
    store.run(
        """CREATE TEMP TABLE exam_said AS
        SELECT x.exam_no, r.content AS no, min(r.row_id) AS row_id
        FROM staged_exams r LEFT JOIN exam_folded x ON x.no = r.exam
        WHERE r.content IN (SELECT no FROM piece_topics) GROUP BY ALL"""
    )
    store.run(
        """CREATE TABLE exam_contents AS
        SELECT coalesce(exam_no, 0) AS exam_no, min(row_id) AS row_id FROM exam_said GROUP BY ALL"""
    )
    store.run(
        """CREATE TABLE exam_topics AS
        SELECT DISTINCT coalesce(s.exam_no, 0) AS exam_no, t.topic_no FROM exam_said s JOIN (
            SELECT no, topic_no FROM piece_topics
            UNION SELECT p.no, t.topic_no FROM pieces p CROSS JOIN topics t
            WHERE t.otherwise = 1 AND p.piece_no NOT IN (SELECT piece_no FROM piece_topics)) t USING (no)"""
    )


def _benefits(store: Store, policy: Policy) -> None:
    """benefit_kinds: of each benefit its kind, and whether its name tells of another year than the notice's."""
    words = {
        "same": [*policy.benefits.get("same", ()), policy.id, policy.number],
        "other": policy.benefits.get("other", ()),
    }
    rows = [(kind, word) for kind, listed in words.items() for word in listed if word]
    store.add("benefit_words", pl.DataFrame(rows, schema={"kind": pl.String, "word": pl.String}, orient="row"))
    years = sorted({str(day // 10_000) for day in (policy.period_from, policy.period_to)})
    store.run(
        f"""CREATE TABLE benefit_kinds AS
        WITH said AS (
            SELECT r.row_id, coalesce({folded("p.text")}, '') AS project,
                   concat({folded("p.text")}, ' ', {folded("g.text")}) AS said,
                   regexp_extract_all(concat(p.text, ' ', g.text), '\\b20[0-9][0-9]\\b') AS years
            FROM staged_benefits r LEFT JOIN text_project p ON p.no = r.project
            LEFT JOIN text_register g ON g.no = r.register),
        told AS (
            SELECT s.row_id, max(w.kind = 'same' AND contains(s.said, w.folded)) AS same,
                   max(w.kind = 'other' AND contains(s.project, w.folded)) AS other
            FROM said s CROSS JOIN (SELECT kind, {folded("word")} AS folded FROM benefit_words) w GROUP BY s.row_id)
        SELECT s.row_id, CAST(CASE WHEN t.same THEN {SAME} WHEN t.other THEN {OTHER}
                   WHEN regexp_full_match(s.project, {_unnamed(policy)}) THEN {UNNAMED} ELSE 0 END AS BIGINT) AS kind,
               CAST(len(s.years) > 0 AND NOT list_has_any(s.years, {years!r}) AS BIGINT) AS other_year
        FROM said s LEFT JOIN told t USING (row_id)"""
    )


def kinds(policy: Policy, texts: str) -> str:
    """SQL for the kind of subsidy that each of the `texts` (a table of no, text) names: SAME, OTHER, UNNAMED or 0."""
    return f"""WITH said AS (SELECT no, {folded("text")} AS said FROM {texts})
        SELECT s.no, CAST(CASE WHEN max(w.kind = 'same' AND contains(s.said, w.folded)) THEN {SAME}
                   WHEN max(w.kind = 'other' AND contains(s.said, w.folded)) THEN {OTHER}
                   WHEN regexp_full_match(min(s.said), {_unnamed(policy)}) THEN {UNNAMED} ELSE 0 END AS BIGINT) AS kind
        FROM said s LEFT JOIN (SELECT kind, {folded("word")} AS folded FROM benefit_words) w ON TRUE GROUP BY s.no"""


def _unnamed(policy: Policy) -> str:
    """SQL for the pattern of a name that is made of general words only."""
    general = sorted(policy.benefits.get("general", ()), key=len, reverse=True)
    return text(f"^({'|'.join([*general, '[0-9]+'])})*$")
