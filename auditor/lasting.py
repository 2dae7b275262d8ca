"""A fingerprint that outlives the export: with the identity number where the other has person_id, a rank that shifts
when people come and go. Whoever knows the rule can try identity numbers until one fits: it is kept in temporary tables,
and only the full edition writes it."""

from collections.abc import Sequence

from auditor import finding
from auditor.person import who_names
from auditor.rule import Rule, Run
from auditor.store import Store, text


def find(store: Store, runs: Sequence[Run]) -> None:
    """lasting_people (person_no, who): what names each person in any export, hashed to one word: the identity number,
    else the account, else the name and the employer. lasting_findings (finding_no, lasting): two findings share one
    only where they share their fingerprint."""
    store.run(f"CREATE TEMP TABLE lasting_people AS SELECT person_no, md5(said) AS who FROM ({who_names()})")
    rules = [run.rule for run in runs if run.ran]
    numbered = dict(store.rows("SELECT rule, rule_no FROM rules"))
    grouped = [rule for rule in rules if "other_no" in rule.key]
    keys = " ".join(f"WHEN {numbered[rule.id]} THEN {_key(rule)}" for rule in rules) or "WHEN -1 THEN NULL"
    # a group is known by its first person, and person_no has no order that lasts
    store.run(
        f"""CREATE TEMP TABLE lasting_findings AS
        WITH members AS (
            SELECT c.finding_no AS raised_no, min(l.who) AS first, string_agg(l.who, ' ' ORDER BY l.who) AS everybody
            FROM concerned c JOIN lasting_people l USING (person_no)
            WHERE c.rule IN ({", ".join(text(rule.id) for rule in grouped) or "''"}) GROUP BY ALL),
        keyed AS (
            SELECT f.rowid AS finding_no, CASE f.rule_no {keys} END AS key, m.everybody, f.n1 AS place
            FROM finding_rows f LEFT JOIN members m USING (raised_no)
            LEFT JOIN lasting_people lp ON lp.person_no = f.person_no {finding.JOINS}),
        placed AS (
            SELECT finding_no, key, CASE WHEN everybody IS NULL THEN 1
                ELSE dense_rank() OVER (PARTITION BY key, everybody IS NULL ORDER BY everybody, place) END AS place
            FROM keyed)
        SELECT finding_no, md5_number_lower(concat(key, '|', place)) AS lasting FROM placed"""
    )


def _key(rule: Rule) -> str:
    """Of a group without its place among those of one person, which goes by person_no."""
    columns = tuple(name for name in rule.key if name != "n1") if "other_no" in rule.key else rule.key
    return finding.key(rule.id, columns, person="lp.who", other="m.first")
