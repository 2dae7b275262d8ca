"""A log of events → sessions, by the rule that the policy names."""

from collections.abc import Sequence

from auditor import preset
from auditor.preset import Preset
from auditor.schema import tables
from auditor.store import Store
from auditor.words import LANGUAGES, say

_WHO = ("id_number", "account", "name", "employer")
# whose an event is: one integer, and of which kind
_KEY = """CASE WHEN account IS NOT NULL THEN account * 4 WHEN id_number IS NOT NULL THEN id_number * 4 + 1
          WHEN name IS NOT NULL THEN name * 4 + 2 END"""


def find(store: Store, rule: Preset) -> None:
    """Fill sat_sessions, in the columns of staged_sessions, from staged_events. A sitting that goes on in another
    course or at another address is several sessions, each of which ends where the next begins, so that their sum is
    the sitting's. An event without a time is a session without one. event_gaps stays for `estimate`."""
    store.run(
        f"""CREATE TEMP TABLE event_gaps AS
        WITH seen AS (
            SELECT e.row_id, {", ".join(f"e.{name}" for name in _WHO)}, e.course, e.address,
                   e.happened_at AS at_s, {_KEY} AS key, c.rank AS course_rank, a.rank AS address_rank
            FROM staged_events e LEFT JOIN text_course c ON c.no = e.course
            LEFT JOIN text_address a ON a.no = e.address WHERE e.happened_at IS NOT NULL)
        SELECT row_id, key, {", ".join(_WHO)}, course, address, at_s, at_s - lag(at_s) OVER person AS gap_s,
               course IS DISTINCT FROM lag(course) OVER person OR address IS DISTINCT FROM lag(address) OVER person
                   AS moved
        FROM seen
        WINDOW person AS (
            PARTITION BY key ORDER BY at_s, course_rank NULLS LAST, address_rank NULLS LAST, row_id)"""
    )
    store.run("CREATE TEMP TABLE event_last AS SELECT key, max(at_s) AS last_s FROM event_gaps GROUP BY key")
    absent = [name for name in tables()["sessions"].columns if name not in (*_WHO, "course", "address")]
    columns = [
        f"CAST(NULL AS BIGINT) AS {name}" if name in absent and name not in ("start_at", "end_at") else name
        for name in tables()["sessions"].columns
    ]
    store.run(
        f"""CREATE TEMP TABLE sat_sessions AS
        WITH parts AS (
            SELECT g.*, coalesce(gap_s > {rule.gap_s}, TRUE) AS opens,
                   lead(at_s) OVER part AS next_s, lead(at_s - gap_s) OVER part AS stopped_s,
                   lead(coalesce(gap_s > {rule.gap_s}, TRUE)) OVER part AS closes,
                   count(*) FILTER (coalesce(gap_s > {rule.gap_s}, TRUE)) OVER part AS sitting_no
            FROM event_gaps g WHERE gap_s IS NULL OR gap_s > {rule.gap_s} OR moved
            WINDOW part AS (PARTITION BY key ORDER BY at_s, row_id)),
        ended AS (
            SELECT p.*, at_s AS start_at, CASE WHEN closes THEN stopped_s + {rule.tail_s} WHEN closes IS NULL
                   THEN l.last_s + {rule.tail_s} ELSE next_s END AS stops
            FROM parts p JOIN event_last l ON l.key IS NOT DISTINCT FROM p.key),
        sat AS (
            SELECT e.*, CASE WHEN max(stops) OVER sitting - min(start_at) OVER sitting > {rule.minimum_s}
                   OR {rule.minimum_s} = 0 THEN stops ELSE start_at END AS end_at
            FROM ended e WINDOW sitting AS (PARTITION BY key, sitting_no))
        SELECT row_id, CAST(strftime(make_timestamp(start_at * 1000000), '%Y%m%d') AS BIGINT) AS start_day,
               {", ".join(columns)}
        FROM sat
        UNION ALL
        SELECT row_id, NULL, {
            ", ".join(f"NULL AS {name}" if name in absent else name for name in tables()["sessions"].columns)
        } FROM staged_events WHERE happened_at IS NULL"""
    )
    store.run(
        """UPDATE troubles SET table_name = 'sessions',
            field = CASE field WHEN 'happened_at' THEN 'start_at' ELSE field END
        WHERE table_name = 'events'"""
    )


def estimate(store: Store, rule: Preset) -> None:
    """estimates: person_no, chosen_s (their events' time by the rule), most_s (by the most generous published one).
    event_totals: rule, sittings, total_s. Both empty where there are no events."""
    store.run("CREATE TABLE estimates (person_no BIGINT, chosen_s BIGINT, most_s BIGINT)")
    store.run("CREATE TABLE event_totals (place BIGINT, rule VARCHAR, sittings BIGINT, total_s BIGINT)")
    if not store.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'event_gaps'"):
        return
    rules = _rules(rule)
    store.run("CREATE TEMP TABLE event_time (place BIGINT, key BIGINT, sittings BIGINT, total_s BIGINT)")
    for place, one in enumerate(rules):
        store.run(
            f"""INSERT INTO event_time
            WITH opening AS (
                SELECT key, at_s, at_s - gap_s AS stopped_s FROM event_gaps WHERE gap_s IS NULL OR gap_s > {one.gap_s}),
            sat AS (
                SELECT o.key, coalesce(lead(stopped_s) OVER (PARTITION BY o.key ORDER BY at_s), l.last_s)
                    + {one.tail_s} - at_s AS length_s
                FROM opening o JOIN event_last l ON l.key IS NOT DISTINCT FROM o.key)
            SELECT {place}, key, count(*), coalesce(sum(length_s), 0) FROM sat
            WHERE length_s > {one.minimum_s} OR {one.minimum_s} = 0 GROUP BY key"""
        )
        store.run(
            f"""INSERT INTO event_totals
            SELECT {place}, '{one.id}', coalesce(sum(sittings), 0), coalesce(sum(total_s), 0)
            FROM event_time WHERE place = {place}"""
        )
    store.run(
        f"""INSERT INTO estimates
        WITH whose AS (
            SELECT DISTINCT s.key, r.person_no FROM (SELECT row_id, {_KEY} AS key FROM sat_sessions) s
            JOIN session_rows r USING (row_id) WHERE r.person_no IS NOT NULL),
        by_rule AS (
            SELECT w.person_no, t.place, sum(t.total_s) AS total_s FROM whose w JOIN event_time t USING (key)
            GROUP BY w.person_no, t.place)
        SELECT person_no, coalesce(max(total_s) FILTER (place = 0), 0), coalesce(max(total_s), 0)
        FROM by_rule GROUP BY person_no"""
    )
    for name in ("event_gaps", "event_last", "event_time"):
        store.run(f"DROP TABLE {name}")


def totals(store: Store, rule: Preset, lang: str = LANGUAGES[0]) -> list[dict[str, object]]:
    """What each rule makes of the events; empty where there are none."""
    own, known = say("reading.own_events", lang), _rules(rule)
    return [
        {"rule": one.id, "label": one.label[lang] if one.label else own, "source": one.source, "gap_s": one.gap_s,
         "tail_s": one.tail_s, "minimum_s": one.minimum_s, "sittings": sittings, "total_s": total_s,
         "deciding": place == 0}
        for place, sittings, total_s in store.rows("SELECT place, sittings, total_s FROM event_totals ORDER BY place")
        for one in [known[place]]
    ]  # fmt: skip


def _rules(rule: Preset) -> Sequence[Preset]:
    """The deciding rule, then the published ones that are another."""
    return [rule, *(one for one in preset.catalogue().values() if one != rule)]
