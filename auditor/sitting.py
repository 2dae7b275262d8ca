"""A log of events → sessions, by the rule that the policy names."""

from collections.abc import Sequence

from auditor import preset
from auditor.preset import Preset
from auditor.schema import tables
from auditor.store import Store
from auditor.words import LANGUAGES, say

_WHO = ("id_number", "account", "name", "employer")


def find(store: Store, rule: Preset) -> None:
    """Fill sat_sessions, in the columns of staged_sessions, from staged_events. A sitting that goes on in another
    course or at another address is several sessions, each of which ends where the next begins, so that their sum is
    the sitting's. An event without a time is a session without one. event_gaps stays for `estimate`."""
    _who(store)
    _gaps(store, min(one.gap_s for one in _rules(rule)))
    kept = {name: f"w.{name}" for name in _WHO} | {"course": "c.no", "address": "a.no"}
    kept |= {"start_at": "s.at_s", "end_at": "s.end_s"}
    fields = tables()["sessions"].columns
    columns = ", ".join(f"{kept.get(name, 'CAST(NULL AS BIGINT)')} AS {name}" for name in fields)
    untimed = ", ".join(name if name in (*_WHO, "course", "address") else f"NULL AS {name}" for name in fields)
    store.run(
        f"""CREATE TEMP TABLE sat_sessions AS
        WITH parts AS (
            SELECT *, lead(at_s) OVER part AS next_s, lead(at_s - gap_s) OVER part AS stopped_s,
                   lead(opens) OVER part AS closes, count(*) FILTER (opens) OVER part AS sitting_no
            FROM (SELECT *, coalesce(gap_s > {rule.gap_s}, TRUE) AS opens FROM event_gaps)
            WHERE opens OR moved
            WINDOW part AS (PARTITION BY key ORDER BY place)),
        ended AS (
            SELECT p.*, CASE WHEN closes THEN stopped_s + {rule.tail_s}
                   WHEN closes IS NULL THEN l.at_s + {rule.tail_s} ELSE next_s END AS stops
            FROM parts p JOIN (SELECT key, at_s FROM event_gaps WHERE ends) l USING (key)),
        sat AS (
            SELECT e.*, CASE WHEN max(stops) OVER sitting - min(at_s) OVER sitting > {rule.minimum_s}
                   OR {rule.minimum_s} = 0 THEN stops ELSE at_s END AS end_s
            FROM ended e WINDOW sitting AS (PARTITION BY key, sitting_no))
        SELECT s.row_id, CAST(strftime(make_timestamp(s.at_s * 1000000), '%Y%m%d') AS BIGINT) AS start_day, {columns}
        FROM sat s JOIN event_who w USING (who_no)
        LEFT JOIN text_course c ON c.rank = s.course_rank LEFT JOIN text_address a ON a.rank = s.address_rank
        UNION ALL SELECT row_id, NULL, {untimed} FROM staged_events WHERE happened_at IS NULL"""
    )
    store.run(
        """UPDATE troubles SET table_name = 'sessions',
            field = CASE field WHEN 'happened_at' THEN 'start_at' ELSE field END
        WHERE table_name = 'events'"""
    )


def _who(store: Store) -> None:
    """event_who: each way in which events name somebody, numbered in the order of its texts, and its key: the account,
    with the number where an account goes with several; else the number; else name and employer."""
    store.run(
        f"""CREATE TEMP TABLE event_who AS
        WITH said AS (SELECT DISTINCT {", ".join(_WHO)} FROM staged_events WHERE happened_at IS NOT NULL),
        ranked AS (
            SELECT s.*, a.rank AS account_rank, i.rank AS id_rank, CASE WHEN i.usable THEN i.rank END AS usable_rank,
                   n.rank AS name_rank, e.rank AS employer_rank
            FROM said s LEFT JOIN text_account a ON a.no = s.account LEFT JOIN text_id_number i ON i.no = s.id_number
            LEFT JOIN text_name n ON n.no = s.name LEFT JOIN text_employer e ON e.no = s.employer),
        shared AS (
            SELECT account_rank FROM ranked GROUP BY account_rank HAVING min(usable_rank) < max(usable_rank)),
        keyed AS (
            SELECT r.*, CASE WHEN r.account_rank IS NULL THEN id_rank
                   WHEN s.account_rank IS NOT NULL THEN usable_rank END AS id_key
            FROM ranked r LEFT JOIN shared s USING (account_rank))
        SELECT {", ".join(_WHO)},
               CAST(row_number() OVER (ORDER BY account_rank, id_rank, name_rank, employer_rank) AS INTEGER) AS who_no,
               CAST(dense_rank() OVER (
                   ORDER BY account_rank, id_key,
                       CASE WHEN coalesce(account_rank, id_rank) IS NULL THEN name_rank END,
                       CASE WHEN coalesce(account_rank, id_rank) IS NULL THEN employer_rank END) AS INTEGER) AS key
        FROM keyed"""
    )


def _gaps(store: Store, least_s: int) -> None:
    """event_gaps: of each key's events, in the order of time and content, those that come more than `least_s` after
    the one before (`gap_s`), that moved to another course or address, and the first and the last (`ends`)."""
    same = " AND ".join(f"w.{name} IS NOT DISTINCT FROM e.{name}" for name in _WHO)
    store.run(
        f"""CREATE TEMP TABLE event_gaps AS
        SELECT row_id, key, who_no, course_rank, address_rank, at_s, row_number() OVER person AS place,
               at_s - lag(at_s) OVER person AS gap_s, lead(at_s) OVER person IS NULL AS ends,
               course_rank IS DISTINCT FROM lag(course_rank) OVER person
                   OR address_rank IS DISTINCT FROM lag(address_rank) OVER person AS moved
        FROM (
            SELECT e.row_id, w.key, w.who_no, CAST(c.rank AS INTEGER) AS course_rank,
                   CAST(a.rank AS INTEGER) AS address_rank, e.happened_at AS at_s
            FROM staged_events e JOIN event_who w ON {same}
            LEFT JOIN text_course c ON c.no = e.course LEFT JOIN text_address a ON a.no = e.address
            WHERE e.happened_at IS NOT NULL)
        WINDOW person AS (
            PARTITION BY key
            ORDER BY at_s, course_rank NULLS LAST, address_rank NULLS LAST, who_no, row_id)
        QUALIFY gap_s IS NULL OR gap_s > {least_s} OR moved OR ends"""
    )


def estimate(store: Store, rule: Preset) -> None:
    """event_sittings: place of a rule (0: the one chosen), row_id (of the first event), person_no, start_s, end_s; of
    the chosen rule the sessions. event_totals: rule, sittings, total_s. Both empty where there are no events."""
    store.run(
        """CREATE TEMP TABLE event_sittings (
            place BIGINT, row_id BIGINT, person_no INTEGER, start_s BIGINT, end_s BIGINT)"""
    )
    store.run("CREATE TABLE event_totals (place BIGINT, rule VARCHAR, sittings BIGINT, total_s BIGINT)")
    if not store.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'event_gaps'"):
        return
    store.run(
        """CREATE TEMP TABLE event_parts AS
        SELECT g.row_id, g.key, r.person_no, r.start_s, r.end_s
        FROM session_rows r JOIN event_gaps g USING (row_id)"""
    )
    store.run(
        """INSERT INTO event_sittings SELECT 0, row_id, person_no, start_s, end_s FROM event_parts
        WHERE person_no IS NOT NULL"""
    )
    for place, one in enumerate(_rules(rule)):
        store.run(
            f"""CREATE OR REPLACE TEMP TABLE event_sat AS
            SELECT o.row_id, o.key, o.at_s AS start_s,
                   coalesce(lead(o.at_s - o.gap_s) OVER (PARTITION BY o.key ORDER BY o.place), l.at_s)
                       + {one.tail_s} AS end_s
            FROM event_gaps o JOIN (SELECT key, at_s FROM event_gaps WHERE ends) l USING (key)
            WHERE o.gap_s IS NULL OR o.gap_s > {one.gap_s}
            QUALIFY end_s - start_s > {one.minimum_s} OR {one.minimum_s} = 0"""
        )
        store.run(
            f"""INSERT INTO event_totals
            SELECT {place}, '{one.id}', count(*), coalesce(sum(end_s - start_s), 0) FROM event_sat"""
        )
        if place:
            store.run(
                f"""INSERT INTO event_sittings SELECT {place}, s.row_id, w.person_no, s.start_s, s.end_s
                FROM event_sat s JOIN (
                    SELECT DISTINCT key, person_no FROM event_parts WHERE person_no IS NOT NULL) w USING (key)"""
            )
    for name in ("event_gaps", "event_parts", "event_sat"):
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
