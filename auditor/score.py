"""Leads → the order in which people and groups are looked at. A score is a sum that anybody can add up again: the
weights, given by the policy, of the different leads about a person. It is no verdict and no probability."""

from collections.abc import Sequence

import polars as pl

from auditor.policy import Policy
from auditor.rule import Run
from auditor.store import Store, text


def weights(policy: Policy, runs: Sequence[Run]) -> dict[str, int]:
    """Rule → what it adds to a score, of those that add anything; a breach is no lead."""
    given = {rule: lead.weight for rule, lead in policy.leads.items() if lead.weight}
    return {run.rule.id: given[run.rule.id] for run in runs if run.rule.id in given and run.rule.cls != "breach"}


def add_up(store: Store, policy: Policy, runs: Sequence[Run]) -> None:
    """person_leads: the leads about each person that no waiver covers, with their weight and the number of findings.
    scores: their sum, and how it is made; people without one have none.
    ties: the links of these leads, and the group of both people.
    groups: people connected by ties, directly or through others; groups are numbered by their first person."""
    store.run("CREATE TABLE weights (rule VARCHAR, weight BIGINT)")
    if given := weights(policy, runs):
        store.run(f"INSERT INTO weights VALUES {', '.join(f'({text(rule)}, {n})' for rule, n in given.items())}")
    names = ", ".join(map(text, given)) or "''"
    store.run(
        f"""CREATE TABLE person_leads AS
        SELECT c.person_no, c.rule, w.weight, count(DISTINCT c.finding_no) AS findings
        FROM concerned c JOIN weights w ON w.rule = c.rule LEFT JOIN waived v ON v.finding_no = c.finding_no
        WHERE c.rule IN ({names}) AND v.finding_no IS NULL GROUP BY ALL ORDER BY ALL"""
    )
    store.run(
        """CREATE TABLE scores AS
        SELECT person_no, CAST(sum(weight) AS BIGINT) AS score,
               string_agg(rule || ' ' || weight, ',' ORDER BY weight DESC, rule) AS leads
        FROM person_leads GROUP BY person_no ORDER BY person_no"""
    )
    _groups(store)


def _groups(store: Store) -> None:
    """A link counts while its lead about either of the two stands."""
    store.run(
        """CREATE TEMP TABLE standing AS
        SELECT least(l.person_no, l.other_no) AS person_no, greatest(l.person_no, l.other_no) AS other_no, l.rule,
               CAST(sum(l.times) AS BIGINT) AS times
        FROM links l
        LEFT JOIN person_leads o ON o.rule = l.rule AND o.person_no = l.person_no
        LEFT JOIN person_leads p ON p.rule = l.rule AND p.person_no = l.other_no
        WHERE l.person_no <> l.other_no AND (o.person_no IS NOT NULL OR p.person_no IS NOT NULL)
        GROUP BY ALL ORDER BY ALL"""
    )
    pairs = store.frame("SELECT DISTINCT person_no, other_no FROM standing ORDER BY ALL")
    store.add("groups", connected(pairs["person_no"], pairs["other_no"]), temporary=False)
    store.run(
        """CREATE TABLE ties AS
        SELECT s.person_no, s.other_no, s.rule, s.times, g.group_no FROM standing s JOIN groups g USING (person_no)
        ORDER BY ALL"""
    )


def connected(one: pl.Series, other: pl.Series) -> pl.DataFrame:
    """person_no, group_no of the people of these pairs: groups numbered from 1 by their smallest person_no.

    Every root that touches a smaller one goes below the smallest it touches, then everybody goes straight to the root;
    a chain of any length is one group after a few rounds.
    """
    people = pl.concat([one, other]).unique().sort()
    places = pl.DataFrame({"person_no": people}).with_row_index("place")
    ends = [
        side.to_frame("person_no").join(places, on="person_no", how="left", maintain_order="left")["place"]
        for side in (one, other)
    ]
    root = places["place"].clone()
    while True:
        apart = pl.DataFrame([root.gather(end).alias(name) for name, end in zip("ab", ends, strict=True)])
        apart = apart.filter(pl.col("a") != pl.col("b"))
        if apart.is_empty():
            break
        high, low = pl.max_horizontal("a", "b").alias("high"), pl.min_horizontal("a", "b").alias("low")
        below = apart.select(high, low).group_by("high").agg(pl.col("low").min())
        root = root.scatter(below["high"], below["low"])
        while not (further := root.gather(root)).equals(root):
            root = further
    return pl.DataFrame({"person_no": people, "group_no": root.rank("dense")}).cast(pl.Int64)
