"""The addresses that report.html holds: who studied there on which day, employers told apart."""

import polars as pl

from auditor import listing
from auditor.dossier import columns
from auditor.dossier.columns import cut
from auditor.report import Report
from auditor.store import Store

ADDRESSES = 500  # addresses with a page
CELLS = 60_000  # people × days of them all
PEOPLE = 100  # people of an address
DAYS = 62  # days of an address
EMPLOYERS = 26  # employers of an address, told apart by letters
OWNERS = 10  # employers named that declared an address their own
FINDINGS = 5  # findings of one rule about an address


def blocks(report: Report, rows: listing.Rows) -> dict[str, bytes]:
    """`addresses` and `address-ids`. Reads what `people.blocks` chose."""
    store, lang = rows.store, report.run["lang"]
    total = _choose(store)
    listed = store.frame(
        f"""SELECT {cut("a.address", lang)} AS id, d.sessions, d.persons, d.employers, d.days, d.raw_s, d.counted_s,
               {columns.ADDRESS_KIND} AS kind,
               l.province
        FROM dossier_addresses d JOIN addresses a USING (address_no) LEFT JOIN address_use u USING (address_no)
        LEFT JOIN address_places l USING (address_no) ORDER BY d.place"""
    )
    found, about = _findings(store, report)
    ids = listed["id"].to_list()
    body = {
        "total": total,
        "rules": columns.rules(report), "sheets": columns.sheets(store), "addresses": listed,
        "employers": _employers(store, lang), "owners": _owners(store, lang), "days": _days(store),
        "people": _people(store, rows.edition),
        "cells": _cells(store), "findings": found, "about": about,
    }  # fmt: skip
    return {"addresses": columns.pack(body), "address-ids": columns.pack(ids)}


def _choose(store: Store) -> int:
    """dossier_addresses: those with a page, in their order: what findings name, the gravest first, then what several of
    the people with a page share. address_cells: their people and days. How many there would be without a limit."""
    store.run(
        """CREATE OR REPLACE TEMP TABLE address_wanted AS
        WITH named AS (
            SELECT address_no, max(grade) AS grade, count(*) AS findings FROM finding_rows JOIN rules w USING (rule_no)
            WHERE address_no IS NOT NULL AND w.subject_kind = 'address' GROUP BY address_no),
        shared AS (
            SELECT address_no, count(DISTINCT place) AS persons FROM dossier_sessions
            WHERE address_no IS NOT NULL GROUP BY address_no HAVING count(DISTINCT place) > 1)
        SELECT address_no, row_number() OVER (
                   ORDER BY n.grade DESC NULLS LAST, n.findings DESC, s.persons DESC NULLS LAST, address_no) AS place
        FROM named n FULL JOIN shared s USING (address_no)"""
    )
    store.run(
        f"""CREATE OR REPLACE TEMP TABLE address_all AS
        SELECT w.place, s.person_no, s.start_day, count(*) AS sessions, min(s.start_s) AS first_s,
               max(greatest(s.start_s, coalesce(s.end_s, s.start_s))) AS last_s,
               sum(greatest(coalesce(s.dur_s, 0), 0)) AS raw_s,
               sum(s.new_s) AS counted_s
        FROM sessions s JOIN address_wanted w USING (address_no) WHERE w.place <= {ADDRESSES} AND s.copy = 0
        GROUP BY ALL"""
    )
    store.run(
        f"""CREATE OR REPLACE TEMP TABLE address_cells AS
        WITH known AS (
            SELECT c.place, c.person_no, row_number() OVER (PARTITION BY c.place
                       ORDER BY (d.place IS NULL), p.employer_no NULLS LAST, d.place, c.person_no) AS nth
            FROM (SELECT DISTINCT place, person_no FROM address_all WHERE person_no IS NOT NULL) c
            JOIN people p USING (person_no) LEFT JOIN dossier_people d USING (person_no)),
        dated AS (
            SELECT place, start_day, row_number() OVER (PARTITION BY place ORDER BY start_day) AS nth
            FROM (SELECT DISTINCT place, start_day FROM address_all WHERE start_day IS NOT NULL))
        SELECT c.* FROM address_all c JOIN known k USING (place, person_no) JOIN dated t USING (place, start_day)
        WHERE k.nth <= {PEOPLE} AND t.nth <= {DAYS}
        QUALIFY count(*) OVER (ORDER BY place) <= {CELLS}"""
    )
    store.run(
        """CREATE OR REPLACE TEMP TABLE dossier_addresses AS
        SELECT w.place, row_number() OVER (ORDER BY w.place) - 1 AS pos, w.address_no,
               CAST(sum(c.sessions) AS BIGINT) AS sessions, count(DISTINCT c.person_no) AS persons,
               count(DISTINCT p.employer_no) AS employers, count(DISTINCT c.start_day) AS days,
               CAST(sum(c.raw_s) AS BIGINT) AS raw_s, CAST(sum(c.counted_s) AS BIGINT) AS counted_s
        FROM address_wanted w JOIN address_all c USING (place) LEFT JOIN people p USING (person_no)
        WHERE w.place <= (SELECT max(place) FROM address_cells) GROUP BY w.place, w.address_no"""
    )
    store.run(
        """CREATE OR REPLACE TEMP TABLE address_employers AS
        SELECT d.pos, d.address_no, p.employer_no, count(DISTINCT c.person_no) AS persons,
               CAST(sum(c.sessions) AS BIGINT) AS sessions, row_number() OVER (PARTITION BY d.pos
                   ORDER BY count(DISTINCT c.person_no) DESC, p.employer_no NULLS LAST) - 1 AS nth
        FROM address_all c JOIN dossier_addresses d USING (place) JOIN people p USING (person_no)
        GROUP BY d.pos, d.address_no, p.employer_no"""
    )
    return int(store.value("SELECT count(*) FROM address_wanted"))


def _employers(store: Store, lang: str) -> pl.DataFrame:
    """The employers whose people studied at an address (its place in the block), the most people first; `own`: declared
    it its own; `dispatch`: a dispatch company."""
    return store.frame(
        f"""SELECT a.pos AS address, {cut("e.employer", lang)} AS employer, a.persons, a.sessions,
               CAST(o.address_no IS NOT NULL AS INTEGER) AS own, coalesce(e.is_dispatch, 0) AS dispatch
        FROM address_employers a LEFT JOIN employers e USING (employer_no)
        LEFT JOIN own_addresses o ON o.employer_no = a.employer_no AND o.address_no = a.address_no
        WHERE a.nth < {EMPLOYERS} ORDER BY a.pos, a.nth"""
    )


def _owners(store: Store, lang: str) -> pl.DataFrame:
    """The employers that declared an address their own: how many (`total`), and the first of them."""
    return store.frame(
        f"""SELECT d.pos AS address, {cut("e.employer", lang)} AS employer, count(*) OVER (PARTITION BY d.pos) AS total
        FROM own_addresses o JOIN dossier_addresses d USING (address_no) JOIN employers e USING (employer_no)
        QUALIFY row_number() OVER (PARTITION BY d.pos ORDER BY o.employer_no) <= {OWNERS}
        ORDER BY d.pos, o.employer_no"""
    )


def _days(store: Store) -> pl.DataFrame:
    """Each day that is shown: everybody who studied there."""
    return store.frame(
        """SELECT d.pos AS address, c.start_day AS day, count(DISTINCT c.person_no) AS persons,
               count(DISTINCT p.employer_no) AS employers, CAST(sum(c.sessions) AS BIGINT) AS sessions
        FROM address_all c JOIN dossier_addresses d USING (place) LEFT JOIN people p USING (person_no)
        WHERE (c.place, c.start_day) IN (SELECT DISTINCT (place, start_day) FROM address_cells)
        GROUP BY ALL ORDER BY ALL"""
    )


def _people(store: Store, edition: str) -> pl.DataFrame:
    """The people who are shown; `employer`: its place among the address's, null where it is not listed."""
    store.run(
        """CREATE OR REPLACE TEMP TABLE address_shown AS
        SELECT DISTINCT d.pos, d.address_no, c.person_no, p.person_id, p.employer_no
        FROM address_cells c JOIN dossier_addresses d USING (place) JOIN people p USING (person_no)"""
    )
    return store.frame(
        f"""SELECT s.pos AS address, s.person_id AS id, q.name, CASE WHEN e.nth < {EMPLOYERS} THEN e.nth END AS employer
        FROM address_shown s JOIN address_employers e
            ON e.pos = s.pos AND e.employer_no IS NOT DISTINCT FROM s.employer_no
        JOIN ({listing.people(edition)}) q USING (person_id) ORDER BY s.pos, e.nth, s.person_no"""
    )


def _cells(store: Store) -> pl.DataFrame:
    """`person`: its place among the address's; `first`, `length`: from the first start to the last end."""
    return store.frame(
        """WITH placed AS (
            SELECT s.pos, s.person_no, row_number() OVER (PARTITION BY s.pos ORDER BY e.nth, s.person_no) - 1 AS person
            FROM address_shown s
            JOIN address_employers e ON e.pos = s.pos AND e.employer_no IS NOT DISTINCT FROM s.employer_no)
        SELECT d.pos AS address, k.person, c.start_day AS day, c.sessions, c.first_s % 86400 AS first,
               c.last_s - c.first_s AS length, CAST(c.counted_s AS BIGINT) AS counted
        FROM address_cells c JOIN dossier_addresses d USING (place)
        JOIN placed k ON k.pos = d.pos AND k.person_no = c.person_no ORDER BY d.pos, k.person, c.start_day"""
    )


def _findings(store: Store, report: Report) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The findings listed about these addresses; and of each address and rule, how many there are (`total`) and which
    of them are listed (`listed`)."""
    store.run(
        """CREATE OR REPLACE TEMP TABLE address_about AS
        SELECT d.pos, f.rule_no, f.grade, f.rowid AS finding_no,
               count(*) OVER (PARTITION BY d.pos, f.rule_no) AS total,
               row_number() OVER (PARTITION BY d.pos, f.rule_no ORDER BY f.rowid) AS nth
        FROM finding_rows f JOIN dossier_addresses d USING (address_no) JOIN rules w USING (rule_no)
        WHERE w.subject_kind = 'address'"""
    )
    return columns.listed(store, report, "address_about", f"nth <= {FINDINGS}", FINDINGS * ADDRESSES * 4, "address")
