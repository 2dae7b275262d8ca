"""Every rule against its cases (cases/<rule>.toml).

A case is one honest learner (甲) with what differs from that, in invented firms of the case's own: so most cases of a
policy share one audit and are told apart by employer and address. What may differ, for 甲 and for each of `others`:

- `employer` (default 甲厂), `count` (that many such people; `others` only), `person` (fields the same in every table);
- `registration` (fields of the one row) or `registrations` (rows in its place), `exams`, `claims` (rows in place of the
  one); a row is a table of the fields that differ from the honest row;
- `sessions` (in place of the honest study), `more_sessions` (beside it): [start, end, address, course] or a table.

`roster` (rows of a roster; a row holds what differs from 甲's) gives the case an audit of its own. `firms` (rows of the
list of employers) concern the firms of the case; so do rows of any reference table by its name (`insurance` …: a row
holds what differs from 甲's), which give the case an audit of its own. `plan` (rows of the lesson plan), `without`
(tables or `table.field` left out of the export) and `set` (numbers that the auditor sets) change the whole audit;
`alone` asks for an audit of its own.

`expect`: `findings` of this rule; their `effect`, `measured`, `limit`, a piece of their `message`; 甲's `verdict`;
`money` (yuan supported, not supported, to verify over all claims of the case).
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import Result, Row, Tables, honest, learner, merge, run_audit, sex, total_time

from auditor import policy
from auditor.policy import Policy
from auditor.schema import references, tables

FOLDER = Path(__file__).parent / "cases"
RANKED = ("supported", "to_verify", "not_supported")
Json = dict[str, Any]
ROWS = ("registrations", "exams", "claims", "sessions", "more_sessions")
LEARNER = {"employer", "count", "person", "registration", *ROWS}
CASE = LEARNER - {"count"} | {
    *("name", "kind", "policy", "because", "others", "firms", "roster", "plan", "without", "set", "alone", "expect"),
    *references(),
}
WHOLE = {"roster", "platforms", "places", "trades"}  # lists that are not of one case's people or firms
EXPECT = {"findings", "effect", "measured", "limit", "message", "verdict", "money"}


@dataclass(frozen=True)
class Case:
    """One case; `number` makes its people, firms and accounts its own."""

    rule: str
    number: int
    data: Json

    @property
    def people(self) -> list[Json]:
        """甲, then the others, one entry a person."""
        return [self.data, *(other for other in self.data.get("others", []) for _ in range(other.get("count", 1)))]

    @property
    def addresses(self) -> set[str]:
        rows = (row for person in self.people for key in ("sessions", "more_sessions") for row in person.get(key, []))
        return {session(row).get("address", "") for row in rows} - {""}

    @property
    def exams(self) -> set[str]:
        return {row["exam"] for person in self.people for row in person.get("exams", []) if "exam" in row}

    @property
    def taken(self) -> set[str]:
        """What no other case of the same audit may use: the addresses and identity numbers it writes down."""
        rows = [row for person in self.people for key in ROWS for row in person.get(key, []) if isinstance(row, dict)]
        rows += [person.get(key, {}) for person in self.people for key in ("person", "registration")]
        numbers = {row.get("id_number", "").upper() for row in rows}
        return self.addresses | {number for number in numbers if len(number) == 18 and number.isalnum()}

    def own(self, word: str) -> str:
        """A firm, an account or a certificate that no other case has."""
        return f"{word}{self.number}" if word else ""


def cases() -> Iterator[Case]:
    number = 0
    for path in sorted(FOLDER.glob("*.toml")):
        for data in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            number += 1
            yield Case(path.stem, number, data)


def session(row: list[str] | Row) -> Row:
    if isinstance(row, dict):
        return row
    return {key: cell for key, cell in zip(("start_at", "end_at", "address", "course"), row, strict=False) if cell}


def tables_of(case: Case, person: Json, notice: Policy, number: int) -> Tables:
    """The rows of one person of a case."""
    base = learner(notice, number, person.get("employer", "甲厂"))
    fields = person.get("person", {})
    if (given := fields.get("id_number", "")).isascii() and len(given) == 18:
        fields = fields | {"sex": sex(given)}
    for table, rows in base.items():
        base[table] = [row | {key: value for key, value in fields.items() if key in row} for row in rows]
    first = {table: rows[0] for table, rows in base.items()}
    blank = {key: cell for key, cell in first["sessions"].items() if key not in ("start_at", "end_at", "total_time")}
    rows_of = {
        "registrations": person.get("registrations", [person.get("registration", {})]),
        "exams": person.get("exams", [{}]),
        "claims": person.get("claims", [{}]),
    }
    out = {table: [first[table] | row for row in rows] for table, rows in rows_of.items()}
    out["sessions"] = (
        [blank | session(row) for row in person["sessions"]]
        if "sessions" in person
        else [{key: cell for key, cell in row.items() if key != "total_time"} for row in base["sessions"]]
    )
    out["sessions"] += [blank | session(row) for row in person.get("more_sessions", [])]
    total = {"total_time": total_time([dict(pair) for pair in {tuple(row.items()) for row in out["sessions"]}])}
    out["sessions"] = [total | row for row in out["sessions"]]
    out["registrations"] = [first["registrations"] | total | row for row in rows_of["registrations"]]
    return {table: [owned(case, row) for row in rows] for table, rows in out.items()}


def owned(case: Case, row: Row) -> Row:
    return row | {key: case.own(row[key]) for key in ("employer", "account", "certificate") if key in row}


@dataclass(frozen=True)
class Outcome:
    """An audit with the names of each case's learner."""

    result: Result
    learners: dict[int, Row]


def group(case: Case) -> str:
    """Cases of one group may share an audit."""
    data = case.data
    apart = case.number if data.keys() & {"alone", *WHOLE} else ""
    added = [(table, sorted({field for row in data[table] for field in row}))
             for table in sorted(data.keys() & set(references()))]  # fmt: skip
    return f"{data['policy']} {data.get('plan', '')} {data.get('without', '')} {data.get('set', '')} {added} {apart}"


def batches() -> dict[int, list[Case]]:
    """Case → the cases of its audit: as few audits as the groups, addresses and numbers allow."""
    packed: dict[str, list[list[Case]]] = {}
    for case in cases():
        audits = packed.setdefault(group(case), [])
        free = [audit for audit in audits if not any(case.taken & other.taken for other in audit)]
        if free:
            free[0].append(case)
        else:
            audits.append([case])
    return {case.number: audit for audits in packed.values() for audit in audits for case in audit}


def audit_of(batch: list[Case], folder: Path) -> Outcome:
    data = batch[0].data
    notice = policy.load(data["policy"])
    parts: list[Tables] = []
    learners: dict[int, Row] = {}
    for case in batch:
        for person in case.people:
            parts.append(tables_of(case, person, notice, len(parts)))
            who = honest(notice, 1, "", len(parts) - 1)["registrations"][0] | person.get("person", {})
            learners.setdefault(case.number, who)
        parts.append({"employers": [owned(case, row) for row in case.data.get("firms", [])]})
        who = {field: learners[case.number][field] for field in ("name", "id_number", "phone")} | {"employer": "甲厂"}
        parts.append({"roster": [owned(case, who | row) for row in case.data.get("roster", [])]})
        for name in references():
            base = {field: value for field, value in who.items() if field in tables()[name].columns}
            parts.append({name: [owned(case, base | row) for row in case.data.get(name, [])]})
    every = merge(*parts, {"courses": data["plan"]} if "plan" in data else {})
    for name in data.get("without", []):
        table, _, field = name.partition(".")
        every[table] = [{key: row[key] for key in row if field and key != field} for row in every[table]]
    given = {table: rows for table, rows in every.items() if any(rows)}
    return Outcome(run_audit(given, notice.id, folder, set=data.get("set", {})), learners)


CASES = list(cases())
BATCHES = batches()


@pytest.fixture(scope="session")
def outcomes() -> dict[int, Outcome | Exception]:
    """Audits that have run, by the number of their first case; what it raised, where one could not."""
    return {}


def outcome(case: Case, outcomes: dict[int, Outcome | Exception], folder: Path) -> Outcome:
    batch = BATCHES[case.number]
    if batch[0].number not in outcomes:
        try:
            outcomes[batch[0].number] = audit_of(batch, folder)
        except Exception as error:
            outcomes[batch[0].number] = error
    done = outcomes[batch[0].number]
    if isinstance(done, Exception):
        raise done
    return done


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.data['name']}")
def test_case(case: Case, outcomes: dict[int, Outcome | Exception], tmp_path: Path) -> None:
    done, expect = outcome(case, outcomes, tmp_path), case.data["expect"]
    result = done.result
    firms = [case.own(firm) for firm in employers(case)]
    found = result.findings.filter(pl.col("rule") == case.rule).filter(
        pl.col("employer").is_in(firms)
        | pl.col("subject").is_in(sorted(case.addresses | case.exams))
        | (pl.col("subject_kind") == "file")
    )
    assert len(found) == expect["findings"], found["message"].to_list()
    for name in ("effect", "measured", "limit"):
        if name in expect:
            assert set(found[name]) == {expect[name]}, found.select("message", name).rows()
    assert all(expect.get("message", "") in message for message in found["message"]), found["message"].to_list()
    mine = result.people.filter(pl.col("employer").is_in(firms))
    if "verdict" in expect:
        who = done.learners[case.number]
        same = (pl.col("id_number") == who["id_number"].upper()) | (pl.col("name") == who["name"])
        verdicts = mine.filter(same & pl.col("verdict").is_not_null()).select("verdict", "reasons").rows()
        assert max((verdict for verdict, _ in verdicts), key=RANKED.index) == expect["verdict"], verdicts
    if "money" in expect:
        claimed = result.claims.filter(pl.col("employer").is_in(firms))
        money = claimed.select("supported_fen", "not_supported_fen", "to_verify_fen").sum().row(0)
        assert [fen / 100 for fen in money] == expect["money"], claimed.rows()


def employers(case: Case) -> set[str]:
    """Firms that a case names in any row."""
    rows = [row for person in case.people for key in ROWS for row in person.get(key, []) if isinstance(row, dict)]
    return {"甲厂"} | {part["employer"] for part in (*case.people, *rows) if "employer" in part}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.data['name']}")
def test_case_is_well_formed(case: Case) -> None:
    """A misspelt key would be passed over without a word."""
    assert set(case.data) <= CASE
    assert all(set(other) <= LEARNER for other in case.data.get("others", []))
    assert set(case.data["expect"]) <= EXPECT
    assert case.data["expect"]["findings"] or not {"effect", "measured", "limit", "message"} & set(case.data["expect"])
    assert case.data["kind"] in ("passing", "failing", "limit")
    assert case.data["expect"]["findings"] > 0 or case.data["kind"] != "failing"
    assert case.data["expect"]["findings"] == 0 or case.data["kind"] != "passing"
