"""What people concluded is reckoned beside the machine's verdict, as a slow reading of the same words has it."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from harness import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import finding, policy, rule, verdict
from auditor.lines import LINES
from auditor.rule import Run
from auditor.store import Store

NOTICE = policy.load("taicang-2021")
GRANT = NOTICE.amount_fen
CLAIM, SECOND, SHARED = "claim-duplicate", "sessions-overlap", "address-shared-across-employers"
RULES = ("class-hours-too-few", "exam-missing", "sessions-overlap-other-address", SECOND, SHARED, CLAIM)
STOPPED = "exam-failed"
PEOPLE, FIRST_CLAIM, FIRST_SESSION = range(1, 5), 100, 1_000
RANK = {"note": 0, "verify": 1, "refuse": 2}
VERDICT = ("supported", "to_verify", "not_supported")


@dataclass(frozen=True)
class Found:
    """One finding about `people` (of CLAIM: about the claim `row`)."""

    rule: str
    people: tuple[int, ...]
    row: int | None = None
    doubt: int = 0
    mild: int = 0
    waived: bool = False
    said: str | None = None


@dataclass(frozen=True)
class Claim:
    row: int
    person: int
    amount: int | None
    said: int | None  # the rank of what was concluded


@dataclass(frozen=True)
class Case:
    claims: tuple[Claim, ...]
    found: tuple[Found, ...]
    damaged: frozenset[int]  # people whose sessions are damaged
    tied: frozenset[int]  # people whose claims have no order
    stopped: bool  # whether a rule that could refuse did not run


# --- the slow reading ------------------------------------------------------------------------------------------------


def marks(case: Case, human: bool) -> tuple[dict[int, dict[str, int]], dict[int, dict[str, int]]]:
    """person → rule → rank, and claim → rule → rank."""
    void = [one.waived or (human and one.said == "dismissed") for one in case.found]
    seconds = NOTICE.leads[SHARED].corroborates
    backed = {
        person
        for one, gone in zip(case.found, void, strict=True)
        for person in one.people
        if one.rule in seconds and one.rule != SHARED and not gone and not one.mild
    }
    people: dict[int, dict[str, int]] = defaultdict(dict)
    claims: dict[int, dict[str, int]] = defaultdict(dict)
    for one, gone in zip(case.found, void, strict=True):
        given_ = NOTICE.rules[one.rule]
        for person in one.people:
            reads = [need.split(".")[0] for needs in rule.catalogue()[one.rule].reads for need in needs.split("|")]
            harmed = "sessions" in reads and person in case.damaged and len(one.people) == 1
            if gone or one.mild:
                effect = "note"
            elif given_ == "refuse":
                effect = "verify" if harmed or one.doubt else "refuse"
            elif given_ == "verify-with-second-lead":
                effect = "verify" if person in backed else "note"
            else:
                effect = given_
            if human and one.said == "confirmed" and effect == "verify":
                effect = "refuse"
            if human and one.said == "pending" and effect == "refuse":
                effect = "verify"
            if given_ == "note":
                continue
            of, key = (people, person) if one.row is None else (claims, one.row)
            of[key][one.rule] = max(of[key].get(one.rule, 0), RANK[effect])
    return people, claims


def slowly(case: Case, human: bool) -> dict[int, tuple[str, int, int, int]]:
    """claim → verdict and money (supported, not supported, to verify)."""
    people, claims = marks(case, human)
    ranks, settled = {}, {}
    for claim in case.claims:
        own = {**people[claim.person]}
        for name, value in claims[claim.row].items():
            own[name] = max(own.get(name, 0), value)
        if case.stopped:
            own[STOPPED] = 1
        if claim.amount is None:
            own["value-missing"] = 1
        found = max(own.values(), default=0)
        said = claim.said if human else None
        confirmed = human and any(one.said == "confirmed" and one.row == claim.row for one in case.found)
        ranks[claim.row] = found if said is None else said
        settled[claim.row] = 2 if said is None and confirmed and found == 2 else said
    out = {}
    for claim in case.claims:
        claimed = GRANT if claim.amount is None else claim.amount
        grant, rank = GRANT, ranks[claim.row]
        rivals = [other for other in case.claims if other.person == claim.person]
        if claim.person in case.tied and len(rivals) > 1:
            chosen = [other for other in rivals if settled[other.row] == 0]
            sharing = chosen or [other for other in rivals if settled[other.row] != 2]
            sharing.sort(key=lambda other: (other.amount is None, other.amount or 0, other.row))
            if claim in sharing:
                grant = GRANT // len(sharing) + (sharing.index(claim) < GRANT % len(sharing))
            else:
                grant = 0
                if settled[claim.row] is None:
                    rank = 2
        grant = min(claimed, grant)
        money = {0: (grant, claimed - grant, 0), 1: (0, claimed - grant, grant), 2: (0, claimed, 0)}[rank]
        out[claim.row] = (VERDICT[rank], *money)
    return out


# --- the same by the engine ------------------------------------------------------------------------------------------


@contextmanager
def store() -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        made = Store(Path(folder) / "a.duckdb", Path(folder), 1)
        try:
            for table, columns in (
                ("row_copies", "table_name VARCHAR, person_no BIGINT, row_id BIGINT, first_row_id BIGINT"),
                ("sessions", "row_id BIGINT, person_no BIGINT"),
                ("registrations", "row_id BIGINT, person_no BIGINT"),
                ("exams", "row_id BIGINT, person_no BIGINT"),
                ("claims", "claim_no BIGINT, row_id BIGINT, person_no BIGINT, employer_no BIGINT, amount_fen BIGINT, "
                 "paid_fen BIGINT, line BIGINT"),
                ("claim_grants", "row_id BIGINT, grant_fen BIGINT, open_fen BIGINT, assumed_fen BIGINT"),
                ("claim_pairs", "row_id BIGINT, higher_row_id BIGINT"),
                ("claim_order", "row_id BIGINT, claims BIGINT, standing BIGINT"),
                ("damage", "table_name VARCHAR, field VARCHAR, person_no BIGINT, cause VARCHAR"),
                ("waived", "finding_no BIGINT"),
                ("broken", "rule VARCHAR, person_no BIGINT, employer_no BIGINT, exam_no BIGINT"),
                ("people", "person_no BIGINT, registered BIGINT"),
                ("trouble_rows", "table_name VARCHAR, field VARCHAR, kind VARCHAR, row_id BIGINT"),
                ("fields", "table_name VARCHAR, field VARCHAR, recorded BIGINT"),
            ):  # fmt: skip
                made.run(f"CREATE TABLE {table} ({columns})")
            made.run(finding.RAISED)
            yield made
        finally:
            made.close()


def laid(case: Case, made: Store) -> list[Run]:
    def put(table: str, *values: object) -> None:
        said = ", ".join("NULL" if value is None else repr(value) for value in values)
        made.run(f"INSERT INTO {table} VALUES ({said})")

    put("fields", "claims", "amount", 1)
    for person in PEOPLE:
        put("people", person, 1)
        put("sessions", FIRST_SESSION + person, person)
    for person in case.damaged:
        put("damage", "sessions", "*", person, "damaged")
    for number, claim in enumerate(case.claims, 1):
        put("claims", number, claim.row, claim.person, 1, claim.amount, None, LINES["online"])
        put("claim_grants", claim.row, GRANT, 0, GRANT)
        rivals = [other.row for other in case.claims if other.person == claim.person]
        if len(rivals) > 1:
            standing = None if claim.person in case.tied else int(claim.row == rivals[0])
            put("claim_order", claim.row, len(rivals), standing)
        if claim.amount is None:
            put("trouble_rows", "claims", "amount", "missing", claim.row)
    for number, one in enumerate(case.found, 1):
        person = "NULL" if one.rule == SHARED else one.people[0]
        made.run(
            f"INSERT INTO raised (finding_no, rule, person_no, doubt, mild) "
            f"VALUES ({number}, '{one.rule}', {person}, {one.doubt}, {one.mild})"
        )
        rows = [("claims", one.row)] if one.row else [("sessions", FIRST_SESSION + person) for person in one.people]
        for table, row in rows:
            put("rests", number, table, row)
        if one.waived:
            put("waived", number)
    runs = [Run(rule.catalogue()[name], "evaluated", None, "") for name in RULES]
    return [*runs, Run(rule.catalogue()[STOPPED], "not_evaluated" if case.stopped else "evaluated", None, "")]


def reckoned(case: Case, made: Store, of: str) -> dict[int, tuple[str, int, int, int]]:
    rows = made.rows(f"SELECT row_id, verdict, supported_fen, not_supported_fen, to_verify_fen FROM {of}claim_verdicts")
    return {row: tuple(rest) for row, *rest in rows}  # type: ignore[misc]


def both(case: Case) -> tuple[dict[int, tuple[str, int, int, int]], dict[int, tuple[str, int, int, int]]]:
    with store() as made:
        runs = laid(case, made)
        verdict.decide(made, NOTICE, runs)
        machine = reckoned(case, made, "")
        for number, one in enumerate(case.found, 1):
            if one.said:
                made.run(f"INSERT INTO said_findings VALUES ({number}, '{one.said}')")
        for claim in case.claims:
            if claim.said is not None:
                made.run(f"INSERT INTO said_claims VALUES ({claim.row}, {claim.person}, {claim.said})")
        verdict.reconsider(made, NOTICE, runs)
        assert reckoned(case, made, "") == machine  # never in its place
        return machine, reckoned(case, made, verdict.JUDGED)


SAID = st.sampled_from((None, None, "confirmed", "dismissed", "pending"))
RARELY = st.sampled_from((0, 0, 0, 1))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    owners = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=12))
    amounts = st.sampled_from((GRANT, GRANT, GRANT, GRANT // 2, GRANT + 1, None))
    claims = tuple(
        Claim(FIRST_CLAIM + place, person, draw(amounts), draw(st.sampled_from((None, None, None, 0, 1, 2))))
        for place, person in enumerate(owners)
    )
    found = []
    for name in draw(st.lists(st.sampled_from(RULES), max_size=16)):
        if name == CLAIM:
            claim = draw(st.sampled_from(claims))
            people, row = (claim.person,), claim.row
        else:
            most = 3 if name == SHARED else 1
            people = tuple(sorted(draw(st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=most))))
            row = None
        waived = draw(RARELY) == 1
        found.append(Found(name, people, row, draw(RARELY), draw(RARELY), waived, draw(SAID)))
    few = st.frozensets(st.sampled_from(PEOPLE), max_size=2)
    return Case(claims, tuple(found), draw(few), draw(few), draw(st.sampled_from((False, False, False, True))))


@given(cases())
@settings(max_examples=examples(20), deadline=None)
def test_both_sides_are_what_their_words_say(case: Case) -> None:
    machine, human = both(case)
    assert machine == slowly(case, human=False)
    assert human == slowly(case, human=True)
    for claim in case.claims:
        for side in (machine, human):
            assert sum(side[claim.row][1:]) == (GRANT if claim.amount is None else claim.amount)
    for person in case.tied:  # one amount in total, whatever is concluded
        if len(rows := [claim.row for claim in case.claims if claim.person == person]) > 1:
            assert sum(human[row][1] + human[row][3] for row in rows) <= GRANT


@given(cases())
@settings(max_examples=examples(5), deadline=None)
def test_without_conclusions_both_sides_are_one(case: Case) -> None:
    silent = replace(
        case,
        claims=tuple(replace(claim, said=None) for claim in case.claims),
        found=tuple(replace(one, said=None) for one in case.found),
    )
    machine, human = both(silent)
    assert machine == human


def case_of(*found: Found, said: int | None = None, **more: object) -> Case:
    claim = Claim(FIRST_CLAIM, 1, GRANT, said)
    return replace(Case((claim,), found, frozenset(), frozenset(), False), **more)  # type: ignore[arg-type]


def after(case: Case) -> str:
    return both(case)[1][FIRST_CLAIM][0]


def test_one_by_one() -> None:
    missing = Found("exam-missing", (1,))
    other = Found("sessions-overlap-other-address", (1,))
    assert after(case_of(replace(missing, said="dismissed"))) == "supported"
    assert after(case_of(replace(missing, said="pending"))) == "to_verify"
    assert after(case_of(replace(missing, said="confirmed"))) == "not_supported"
    assert after(case_of(replace(other, said="confirmed"))) == "not_supported"
    assert after(case_of(Found(SECOND, (1,), said="confirmed"))) == "supported"  # a note changes no money
    assert after(case_of(replace(missing, said="dismissed"), stopped=True)) == "to_verify"
    assert after(case_of(stopped=True, said=0)) == "supported"  # the claim's own conclusion stands over it
    assert after(case_of(said=2)) == "not_supported"


def test_a_dismissed_finding_is_no_second_lead() -> None:
    shared, second = Found(SHARED, (1, 2)), Found("sessions-overlap-other-address", (1,))
    assert after(case_of(shared, replace(second, said="dismissed"))) == "supported"
    assert both(case_of(shared, second))[0][FIRST_CLAIM][0] == "to_verify"


def test_a_waived_finding_counts_once() -> None:
    waived = Found("exam-missing", (1,), waived=True)
    for said in ("confirmed", "dismissed", "pending"):
        machine, human = both(case_of(replace(waived, said=said)))
        assert machine == human == {FIRST_CLAIM: ("supported", GRANT, 0, 0)}


def test_of_two_claims_without_order_the_supported_one_gets_the_amount() -> None:
    claims = tuple(Claim(FIRST_CLAIM + place, 1, GRANT, said) for place, said in enumerate((0, None)))
    found = tuple(Found(CLAIM, (1,), claim.row, doubt=1) for claim in claims)
    case = Case(claims, found, frozenset(), frozenset((1,)), False)
    machine, human = both(case)
    assert machine[FIRST_CLAIM] == ("to_verify", 0, GRANT // 2, GRANT // 2)
    assert human == {
        FIRST_CLAIM: ("supported", GRANT, 0, 0),
        FIRST_CLAIM + 1: ("not_supported", 0, GRANT, 0),
    }
    # or by the findings: one of them confirmed, the other dismissed
    found = tuple(replace(one, said=said) for one, said in zip(found, ("dismissed", "confirmed"), strict=True))
    by_findings = both(replace(case, claims=tuple(replace(claim, said=None) for claim in claims), found=found))[1]
    assert by_findings == human


def test_every_word_has_its_rank() -> None:
    for (name, effect), said in itertools.product(NOTICE.rules.items(), ("confirmed", "dismissed", "pending")):
        if name in RULES and name not in (CLAIM, SHARED):
            got = after(case_of(Found(name, (1,), said=said)))
            raised = {"refuse": {"confirmed": 2, "pending": 1}, "verify": {"confirmed": 2, "pending": 1}}
            assert got == VERDICT[raised.get(effect, {}).get(said, 0)]
