"""Whom to look at first: people by their score and groups by their members' scores, as papers list them. The Report
holds the first of them, with exact totals; Rows reads everybody."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from auditor.store import Store

PEOPLE = 50  # people that the Report lists
GROUPS = 20  # groups
MEMBERS = 30  # members of a group
NAMED = 10  # employers or addresses of a group
PARTNERS = 20  # people that the workbook names beside a member of a group
BATCH = 20_000  # people read at once
Json = dict[str, Any]


def place(store: Store) -> None:
    """priority_places: everybody with a score, numbered in the order of the papers. group_places: the groups, likewise.
    group_addresses: where at least two members of a group studied."""
    store.run(
        """CREATE TEMP TABLE priority_places AS
        SELECT row_number() OVER (ORDER BY s.score DESC, v.claimed_fen DESC, p.person_id) AS place, s.person_no,
               s.score, s.leads, g.group_no
        FROM scores s JOIN people p USING (person_no) JOIN people_verdicts v USING (person_no)
        LEFT JOIN groups g USING (person_no)"""
    )
    store.run(
        """CREATE TEMP TABLE group_places AS
        SELECT row_number() OVER (ORDER BY score DESC, group_no) AS place, * FROM (
            SELECT g.group_no, CAST(coalesce(sum(s.score), 0) AS BIGINT) AS score, count(*) AS persons,
                   CAST(sum(v.claimed_fen) AS BIGINT) AS claimed_fen
            FROM groups g JOIN people_verdicts v USING (person_no) LEFT JOIN scores s USING (person_no)
            GROUP BY g.group_no)"""
    )
    store.run(
        """CREATE TEMP TABLE group_addresses AS
        SELECT * FROM (
            SELECT DISTINCT g.group_no, g.person_no, s.address_no FROM groups g JOIN sessions s USING (person_no)
            WHERE s.address_no IS NOT NULL)
        QUALIFY count(*) OVER (PARTITION BY group_no, address_no) > 1"""
    )


def first_people(store: Store, name: str, number: str) -> Json:
    """The first PEOPLE with a score, and how many there are."""
    total = store.value("SELECT count(*) FROM scores")
    return {"total": int(total), "listed": list(islice(people(store, name, number), PEOPLE))}


def people(store: Store, name: str, number: str) -> Iterator[Json]:
    """Everybody with a score, the highest first. `name`, `number`: SQL for what the edition shows of an identity."""
    names = ("person_id", "name", "id_number", "employer", "verdict", "claimed_fen", "group", "score")
    for here in _batches():
        found = store.rows(
            f"""SELECT p.person_no, p.person_id, {name}, {number}, e.employer, v.verdict, v.claimed_fen, k.group_no,
                k.score
            FROM priority_places k JOIN people p USING (person_no) JOIN people_verdicts v USING (person_no)
            LEFT JOIN person_identity i USING (person_no) LEFT JOIN employers e ON e.employer_no = p.employer_no
            WHERE k.place {here} ORDER BY k.place"""
        )
        if not found:
            return
        leads: dict[int, list[Json]] = {}
        for person, rule, weight, findings in store.rows(
            f"""SELECT l.* FROM person_leads l JOIN priority_places k USING (person_no) WHERE k.place {here}
            ORDER BY l.person_no, l.weight DESC, l.rule"""
        ):
            leads.setdefault(person, []).append({"rule": rule, "weight": weight, "findings": findings})
        for person, *values in found:
            yield dict(zip(names, values, strict=True)) | {"leads": leads[person]}


def first_groups(store: Store) -> Json:
    """The first GROUPS with the first of their members, employers and addresses, and how many there are of each."""
    total, persons = store.rows("SELECT count(*), coalesce(CAST(sum(persons) AS BIGINT), 0) FROM group_places")[0]
    names = ("group", "score", "persons", "claimed_fen")
    found = store.rows(f"SELECT {_GROUP} FROM group_places k WHERE k.place <= {GROUPS} ORDER BY k.place")
    ties = _of_groups(
        store,
        ("rule", "pairs", "times"),
        f"""SELECT g.group_no, g.rule, count(*), CAST(sum(g.times) AS BIGINT) FROM ties g {_FIRST}
        GROUP BY g.group_no, g.rule ORDER BY g.group_no, g.rule""",
    )
    members = _of_groups(
        store,
        ("person_id", "employer", "score"),
        f"""SELECT g.group_no, p.person_id, e.employer, coalesce(s.score, 0) FROM groups g
        JOIN people p USING (person_no) LEFT JOIN scores s USING (person_no)
        LEFT JOIN employers e ON e.employer_no = p.employer_no {_FIRST}
        QUALIFY row_number() OVER (PARTITION BY g.group_no ORDER BY coalesce(s.score, 0) DESC, p.person_id) <= {MEMBERS}
        ORDER BY g.group_no, 4 DESC, 2""",
    )
    employers = _named(
        store,
        "employer",
        f"""SELECT g.group_no, e.employer AS named, count(*) AS persons FROM groups g JOIN people p USING (person_no)
        LEFT JOIN employers e ON e.employer_no = p.employer_no {_FIRST} GROUP BY g.group_no, e.employer""",
    )
    addresses = _named(
        store,
        "address",
        f"""SELECT g.group_no, a.address AS named, count(*) AS persons FROM group_addresses g
        JOIN addresses a USING (address_no) {_FIRST} GROUP BY g.group_no, a.address""",
    )
    none: Json = {"total": 0, "listed": []}
    listed = [
        dict(zip(names, row, strict=True))
        | {"ties": ties.get(row[0], []), "employers": employers.get(row[0], none)}
        | {"addresses": addresses.get(row[0], none), "members": members.get(row[0], [])}
        for row in found
    ]
    return {"total": total, "persons": persons, "listed": listed}


def members(store: Store, name: str, number: str) -> Iterator[Json]:
    """Every member of every group, the group with the highest score first. `partners`: how many people the member is
    tied to directly; `tied`: the first PARTNERS of these ties, `addresses`: where the member and others of the group
    studied."""
    names = ("group", "group_score", "persons", "claimed_fen", "person_id", "name", "id_number", "employer", "score",
             "leads", "partners", "tied", "addresses")  # fmt: skip
    store.run(
        """CREATE OR REPLACE TEMP TABLE member_places AS
        SELECT row_number() OVER (ORDER BY k.place, coalesce(s.score, 0) DESC, p.person_id) AS place, g.person_no,
               k.group_no, k.score AS group_score, k.persons, coalesce(s.score, 0) AS score, s.leads
        FROM groups g JOIN group_places k USING (group_no) JOIN people p USING (person_no)
        LEFT JOIN scores s USING (person_no)"""
    )
    for here in _batches():
        found = store.rows(
            f"""WITH here AS (SELECT * FROM member_places WHERE place {here}),
            both_ways AS (
                SELECT person_no, other_no, rule, times FROM ties
                UNION ALL SELECT other_no, person_no, rule, times FROM ties),
            tied AS (
                SELECT b.person_no, p.person_id, b.rule, b.times,
                       row_number() OVER (PARTITION BY b.person_no ORDER BY b.times DESC, p.person_id, b.rule) AS nth
                FROM both_ways b JOIN here USING (person_no) JOIN people p ON p.person_no = b.other_no),
            partners AS (
                SELECT person_no, count(DISTINCT person_id) AS partners,
                       list([person_id, rule, CAST(times AS VARCHAR)] ORDER BY nth) FILTER (nth <= {PARTNERS}) AS tied
                FROM tied GROUP BY person_no),
            shared AS (
                SELECT g.person_no, list(a.address ORDER BY a.address) AS addresses
                FROM group_addresses g JOIN here USING (person_no) JOIN addresses a USING (address_no)
                GROUP BY g.person_no)
            SELECT h.group_no, h.group_score, h.persons, v.claimed_fen, p.person_id, {name}, {number}, e.employer,
                   h.score, coalesce(h.leads, ''), t.partners, t.tied, coalesce(a.addresses, [])
            FROM here h JOIN people p USING (person_no) JOIN people_verdicts v USING (person_no)
            JOIN partners t USING (person_no) LEFT JOIN shared a USING (person_no)
            LEFT JOIN person_identity i USING (person_no) LEFT JOIN employers e ON e.employer_no = p.employer_no
            ORDER BY h.place"""
        )
        if not found:
            return
        yield from (dict(zip(names, row, strict=True)) for row in found)


_GROUP = "k.group_no, k.score, k.persons, k.claimed_fen"
_FIRST = f"WHERE g.group_no IN (SELECT group_no FROM group_places WHERE place <= {GROUPS})"


def _batches() -> Iterator[str]:
    """SQL for one batch of places after the other, without an end."""
    return (f"BETWEEN {first} AND {first + BATCH - 1}" for first in range(1, 1 << 62, BATCH))


def _of_groups(store: Store, names: tuple[str, ...], sql: str) -> dict[int, list[Json]]:
    """group_no → the rows of a SELECT that begins with it."""
    out: dict[int, list[Json]] = {}
    for group, *row in store.rows(sql):
        out.setdefault(group, []).append(dict(zip(names, row, strict=True)))
    return out


def _named(store: Store, what: str, sql: str) -> dict[int, Json]:
    """group_no → the first NAMED of what most members share, and how many there are."""
    out: dict[int, Json] = {}
    for group, named, persons, total in store.rows(
        f"""SELECT group_no, named, persons, count(*) OVER (PARTITION BY group_no) FROM ({sql})
        QUALIFY row_number() OVER (PARTITION BY group_no ORDER BY persons DESC, named NULLS LAST) <= {max(NAMED, 1)}
        ORDER BY group_no, persons DESC, named NULLS LAST"""
    ):
        listed = out.setdefault(group, {"total": total, "listed": []})["listed"]
        if len(listed) < NAMED:
            listed.append({what: named, "persons": persons})
    return out
