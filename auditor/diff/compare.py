"""Two audits side by side, in SQL over their Parquet files: which finding, person and claim of one is which of the
other, and what became of it.

A finding that is no longer there is rectified only where the rule ran again and the person is still in the data: what
was not evaluated is not passed, and who is gone has put nothing right.
"""

from collections.abc import Mapping

from auditor.diff.folder import Side
from auditor.fault import unauditable
from auditor.store import Store, text

OLD_STATES = ("rectified", "gone", "unchecked")  # of a finding of the old audit alone
NEW_STATES = ("new", "added", "first")  # of one of the new audit alone: `first`: its rule did not run before
STATES = (*OLD_STATES, "open", *NEW_STATES)
CLAIM_STATES = ("changed", "gone", "added", "same")
FEN = ("claimed_fen", "supported_fen", "not_supported_fen", "to_verify_fen")
_SIDES = ("old", "new")


def key(old: Side, new: Side) -> str:
    """What findings of the two are known by: `fingerprint` within the same inputs, `lasting` across exports. Raises
    Fault where neither is to be had."""
    if old.inputs == new.inputs:
        return "fingerprint"
    if old.full and new.full:
        return "lasting"
    masked = [side.folder for side in (old, new) if not side.full]
    raise unauditable("diff_masked", paths=masked)


def compare(store: Store, old: Side, new: Side, known_by: str, numbers: Mapping[str, Mapping[str, str]]) -> None:
    """Fill persons, findings_both and claims_both. `numbers`: old and new → rule → its number in the papers."""
    for name, side in zip(_SIDES, (old, new), strict=True):
        _people(store, name, side, known_by)
        _findings(store, name, side, known_by, numbers[name])
        _claims(store, name, side)
    _persons(store)
    _findings_both(store)
    _claims_both(store)


def _read(side: Side, name: str) -> str:
    return f"read_parquet({text(str(side.parquet(name)))}, file_row_number = true)"


def _people(store: Store, name: str, side: Side, known_by: str) -> None:
    """people_old, people_new: `who` names a person in both; null where nobody can tell who it is."""
    who = "person_id"
    if known_by == "lasting":
        named = "CASE WHEN name IS NOT NULL THEN concat('name ', name, chr(31), employer) END"
        who = f"CASE WHEN id_number IS NOT NULL THEN concat('id ', id_number) ELSE {named} END"
    store.run(
        f"""CREATE TEMP TABLE people_{name} AS
        SELECT * EXCLUDE (who), CASE WHEN count(*) OVER (PARTITION BY who) = 1 THEN who END AS who
        FROM (SELECT p.* EXCLUDE (file_row_number), p.file_row_number AS place, {who} AS who
              FROM {_read(side, "people")} p)"""
    )


def _findings(store: Store, name: str, side: Side, known_by: str, numbers: Mapping[str, str]) -> None:
    """findings_old, findings_new: with the index number that the papers of that audit give, and `ran_other`."""
    read = _read(side, "findings")
    held = store.columns(f"SELECT * FROM {read}")
    if known_by not in held:
        raise unauditable("diff_lasting", path=side.parquet("findings"))
    judged = "judged" if "judged" in held else "CAST(NULL AS VARCHAR)"
    listed = ", ".join(f"({text(rule)}, {text(number)})" for rule, number in numbers.items()) or "(NULL, NULL)"
    store.run(
        f"""CREATE TEMP TABLE findings_{name} AS
        SELECT f.* EXCLUDE (file_row_number), f.file_row_number AS place, {judged} AS human,
               printf('%s-%03d', coalesce(n.number, f.rule),
                      row_number() OVER (PARTITION BY f.rule ORDER BY f.file_row_number)) AS index,
               row_number() OVER (PARTITION BY f.rule, f.{known_by} ORDER BY f.file_row_number) AS nth,
               f.{known_by} AS known
        FROM {read} f LEFT JOIN (VALUES {listed}) n (rule, number) ON n.rule = f.rule"""
    )
    ran = [rule["id"] for rule in side.report.rules if rule["outcome"] == "evaluated"]
    store.run(f"CREATE TEMP TABLE ran_{name} AS SELECT unnest([{', '.join(map(text, ran))}]::VARCHAR[]) AS rule")


def _claims(store: Store, name: str, side: Side) -> None:
    """claims_old, claims_new: `human`: people's verdict where it is not the program's; `judged_…`: theirs, else its."""
    read = _read(side, "claims")
    names = ("verdict", *FEN[1:])
    judged = [f"judged_{one}" for one in names]
    if judged[0] in store.columns(f"SELECT * FROM {read}"):
        held = f"c.* EXCLUDE ({', '.join(judged)})"
        human = [f"coalesce(c.judged_{one}, c.{one}) AS judged_{one}" for one in names]
    else:
        held, human = "c.*", [f"c.{one} AS judged_{one}" for one in names]
    store.run(
        f"""CREATE TEMP TABLE claims_{name} AS
        SELECT *, nullif(judged_verdict, verdict) AS human,
               row_number() OVER (PARTITION BY who, employer, claimed_fen ORDER BY claim_no) AS nth
        FROM (SELECT {held}, {", ".join(human)}, c.file_row_number AS place, p.who, p.name, p.id_number
            FROM {read} c LEFT JOIN people_{name} p USING (person_id))"""
    )
    theirs = ", ".join(f"judged_{one} AS {one}" for one in names)
    store.run(f"CREATE TEMP VIEW judged_{name} AS SELECT claimed_fen, paid_fen, {theirs} FROM claims_{name}")


def _persons(store: Store) -> None:
    """persons: one row for everybody in either."""
    store.run(
        """CREATE TEMP TABLE persons AS
        SELECT o.person_id AS old_id, n.person_id AS new_id, coalesce(n.name, o.name) AS name,
               coalesce(n.id_number, o.id_number) AS id_number, coalesce(n.employer, o.employer) AS employer,
               o.verdict AS old_verdict, n.verdict AS new_verdict
        FROM people_old o FULL JOIN people_new n ON n.who = o.who"""
    )


def _findings_both(store: Store) -> None:
    """findings_both: one row a finding; `turn`: its number within its state, from 0, what decides most (then or now)
    first; `heavy`: whether it decides anything in either."""
    both = ("rule", "class", "subject_kind", "employer", "clause", "unit")
    each = ("effect", "person_id", "subject", "message", "measured", "limit", "waived_by", "human", "source_file",
            "source_sheet", "source_row", "fingerprint", "place", "index")  # fmt: skip
    same = ", ".join(f'coalesce(n."{name}", o."{name}") AS "{name}"' for name in both)
    sides = ", ".join(f'{side[0]}."{name}" AS "{side}_{name}"' for side in _SIDES for name in each)
    grade = "greatest(" + ", ".join(
        f"CASE {side[0]}.effect WHEN 'refuse' THEN 2 WHEN 'verify' THEN 1 ELSE 0 END" for side in _SIDES
    ) + ")"  # fmt: skip
    store.run(
        f"""CREATE TEMP TABLE findings_both AS
        SELECT *, grade > 0 AS heavy,
               row_number() OVER (PARTITION BY state ORDER BY grade DESC, new_place, old_place) - 1 AS turn
        FROM (SELECT CASE WHEN o.known IS NOT NULL AND n.known IS NOT NULL THEN 'open'
                    WHEN o.known IS NOT NULL THEN CASE
                        WHEN o.rule NOT IN (SELECT rule FROM ran_new) THEN 'unchecked'
                        WHEN o.person_id IN (SELECT old_id FROM persons WHERE new_id IS NULL) THEN 'gone'
                        ELSE 'rectified' END
                    ELSE CASE
                        WHEN n.rule NOT IN (SELECT rule FROM ran_old) THEN 'first'
                        WHEN n.person_id IN (SELECT new_id FROM persons WHERE old_id IS NULL) THEN 'added'
                        ELSE 'new' END END AS state,
               {same}, {sides}, {grade} AS grade
        FROM findings_old o FULL JOIN findings_new n ON n.rule = o.rule AND n.known = o.known AND n.nth = o.nth)"""
    )


def _claims_both(store: Store) -> None:
    """claims_both: one row a claim. A claim is first looked for by its employer and amount, then among what else the
    person claims."""
    money = ("verdict", "human", "reasons", "paid_fen", *FEN)
    values = ", ".join(f"{side[0]}.{name} AS {side}_{name}" for side in _SIDES for name in ("claim_no", *money))
    places = ", ".join(
        f"{side[0]}.{name} AS {side}_{name}" for side in _SIDES
        for name in ("person_id", "employer", "source_file", "source_sheet", "source_row", "place")
    )  # fmt: skip
    weighed = ("verdict", "paid_fen", *FEN, *(f"judged_{name}" for name in ("verdict", *FEN[1:])))
    differ = " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in weighed)
    left = "SELECT *, row_number() OVER (PARTITION BY who ORDER BY place) AS turn FROM claims_{0} WHERE claim_no NOT IN (SELECT {0}_no FROM pairs)"  # noqa: E501
    store.run(
        f"""CREATE TEMP TABLE pairs AS SELECT o.claim_no AS old_no, n.claim_no AS new_no
        FROM claims_old o JOIN claims_new n ON n.who = o.who AND n.employer IS NOT DISTINCT FROM o.employer
            AND n.claimed_fen = o.claimed_fen AND n.nth = o.nth;
        INSERT INTO pairs SELECT o.claim_no, n.claim_no FROM ({left.format("old")}) o JOIN ({left.format("new")}) n
            ON n.who = o.who AND n.turn = o.turn;
        CREATE TEMP TABLE claims_both AS
        SELECT *, row_number() OVER (PARTITION BY state = 'same' ORDER BY new_place, old_place) - 1 AS turn
        FROM (SELECT CASE WHEN n.claim_no IS NULL THEN 'gone' WHEN o.claim_no IS NULL THEN 'added'
                    WHEN {differ} THEN 'changed' ELSE 'same' END AS state,
               coalesce(n.name, o.name) AS name, coalesce(n.id_number, o.id_number) AS id_number, {values}, {places}
        FROM claims_old o FULL JOIN pairs p ON p.old_no = o.claim_no FULL JOIN claims_new n ON n.claim_no = p.new_no)"""
    )
