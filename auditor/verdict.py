"""Findings → what becomes of each claim and each person, and the money. VERDICTS in one sentence: a refusal that rests
on damaged data asks for verification, a lead never refuses, and what could not be evaluated is not passed."""

from collections.abc import Iterable, Sequence

from auditor import grant
from auditor.lines import LINES
from auditor.policy import Policy
from auditor.rule import Rule, Run, catalogue, tightened
from auditor.store import Store, text

VERDICTS = ("supported", "to_verify", "not_supported")  # from best to worst: the worst of several decides
EFFECTS = ("note", "verify", "refuse")
SEVERITY = {"refuse": "high", "verify": "medium", "note": "low"}
LOWER = "claim-lower-of-two"  # decides by what becomes of another claim
UPLIFT = "trade-not-in-catalogue"  # keeps a part of a claim open, whatever becomes of the rest
_RANK = "CASE effect WHEN 'refuse' THEN 2 WHEN 'verify' THEN 1 ELSE 0 END"
JUDGED = "judged_"  # what the tables of the second computation begin with


def decide(store: Store, policy: Policy, runs: Sequence[Run]) -> None:
    """Fill person_effects, claim_verdicts and people_verdicts from `raised`."""
    evaluated = [run.rule for run in runs if run.ran]
    _concerned(store, evaluated)
    store.run("CREATE TEMP TABLE said_findings (finding_no BIGINT, conclusion VARCHAR)")
    store.run("CREATE TEMP TABLE said_claims (row_id BIGINT, person_no BIGINT, rank BIGINT)")
    _given(store, policy, evaluated)
    _lines(store, [*evaluated, *(catalogue()[name] for name in blocked(store, policy, runs))])
    _reckon(store, policy, runs, "")
    _finding_effects(store)


def reconsider(store: Store, policy: Policy, runs: Sequence[Run]) -> None:
    """Once more, into tables that begin with JUDGED, with what people concluded: said_findings (confirmed, dismissed,
    pending) and said_claims (the rank of a verdict; without a claim list of a person, and no row_id)."""
    _reckon(store, policy, runs, JUDGED)


def _reckon(store: Store, policy: Policy, runs: Sequence[Run], of: str) -> None:
    evaluated = [run.rule for run in runs if run.ran]
    _effects(store, policy, evaluated, of)
    _marks(store, evaluated, blocked(store, policy, runs), of)
    _lower(store, of)
    _claims(store, of)
    _people(store, policy, runs, of)


def blocked(store: Store, policy: Policy, runs: Sequence[Run]) -> list[str]:
    """Rules that could refuse a claim and were not evaluated, or with a looser number than the notice's: every claim of
    their line is to be verified for them. Without a claim list, rules about claims have nothing to refuse."""
    listed, lines = bool(store.value("SELECT count(*) FROM claims")), grant.claimed(store)
    return [
        run.rule.id
        for run in runs
        if not run.awaited
        and (run.outcome != "evaluated" or policy.clause_of.get(run.rule.id) in policy.loosened)
        and policy.rules[run.rule.id] == "refuse"
        and (listed or not any(need.startswith("claims.") for need in run.rule.reads))
        and (run.rule.line == "every" or run.rule.line in lines)
    ]


def _concerned(store: Store, rules: Sequence[Rule]) -> None:
    """concerned: the persons of each finding; of an address, a file or a group, those of the rows it rests on; of an
    employer, those of the claims."""
    grouped = _these(rule for rule in rules if "person_no" not in rule.key and rule.subject != "employer")
    store.run(
        f"""CREATE TEMP TABLE concerned AS
        SELECT finding_no, rule, person_no FROM raised WHERE person_no IS NOT NULL
        UNION ALL SELECT DISTINCT r.finding_no, f.rule, s.person_no FROM rests r JOIN raised f USING (finding_no)
        JOIN sessions s ON s.row_id = r.row_id
        WHERE r.table_name = 'sessions' AND f.rule IN ({grouped}) AND s.person_no IS NOT NULL
        UNION ALL SELECT DISTINCT r.finding_no, f.rule, s.person_no FROM rests r JOIN raised f USING (finding_no)
        JOIN (SELECT 'registrations' AS table_name, row_id, person_no FROM registrations
              UNION ALL SELECT 'exams', row_id, person_no FROM exams) s
            ON s.table_name = r.table_name AND s.row_id = r.row_id
        WHERE f.rule IN ({_these(rule for rule in rules if rule.subject == "group")}) AND s.person_no IS NOT NULL
        UNION ALL SELECT DISTINCT r.finding_no, f.rule, c.person_no FROM rests r JOIN raised f USING (finding_no)
        JOIN claims c ON c.row_id = r.row_id
        WHERE r.table_name = 'claims' AND f.rule IN ({_these(rule for rule in rules if rule.subject == "employer")})"""
    )


def _given(store: Store, policy: Policy, rules: Sequence[Rule]) -> None:
    """given: the effect of each rule by the policy. harmed: refusals that rest on damaged data, with the cause."""
    given = ", ".join(f"({text(rule.id)}, {text(policy.rules[rule.id])})" for rule in rules)
    store.run(f"CREATE TEMP TABLE given AS SELECT * FROM (VALUES {given}) t (rule, effect)")
    reads = {(rule.id, *name.split(".")) for rule in rules for need in rule.needs(policy) for name in need.split("|")}
    store.run("CREATE TEMP TABLE rule_reads (rule VARCHAR, table_name VARCHAR, field VARCHAR)")
    if reads:
        values = ", ".join(f"({text(rule)}, {text(table)}, {text(field)})" for rule, table, field in sorted(reads))
        store.run(f"INSERT INTO rule_reads VALUES {values}")
    store.run(
        """CREATE TEMP TABLE harmed AS
        SELECT f.finding_no, min(d.cause) AS cause
        FROM raised f JOIN given g ON g.rule = f.rule AND g.effect = 'refuse'
        JOIN rule_reads r ON r.rule = f.rule
        JOIN damage d ON d.table_name = r.table_name AND (d.field = '*' OR d.field = r.field)
            AND (d.person_no IS NULL OR d.person_no = f.person_no)
        GROUP BY f.finding_no"""
    )


def _effects(store: Store, policy: Policy, rules: Sequence[Rule], of: str) -> None:
    """person_findings: the effect after damage, doubt, corroboration and what people said of each finding on each
    person; what is waived or dismissed decides nothing, and is no second lead either.
    seconded: whose lead of a rule has a second one, and the first of these.
    person_effects: the worst effect of each rule on each person; claim_effects: on each claim."""
    void = "SELECT finding_no FROM waived UNION SELECT finding_no FROM said_findings WHERE conclusion = 'dismissed'"
    seconds = [(lead.rule, name) for lead in policy.leads.values() for name in lead.corroborates if name != lead.rule]
    pairs = ", ".join(f"({text(rule)}, {text(name)})" for rule, name in seconds) or "('', '')"
    store.run(
        f"""CREATE TEMP TABLE {of}seconded AS SELECT t.rule, c.person_no, min(c.finding_no) AS second_no
        FROM concerned c JOIN raised f USING (finding_no) JOIN (VALUES {pairs}) t (rule, second) ON t.second = c.rule
        WHERE coalesce(f.mild, 0) = 0 AND c.finding_no NOT IN ({void}) GROUP BY t.rule, c.person_no"""
    )
    stricter = ", ".join(map(text, tightened(policy))) or "''"
    store.run(
        f"""CREATE TEMP TABLE {of}person_findings AS
        SELECT e.finding_no, e.rule, e.person_no,
               CASE WHEN j.conclusion = 'confirmed' AND e.effect = 'verify' THEN 'refuse'
                    WHEN j.conclusion = 'pending' AND e.effect = 'refuse' THEN 'verify' ELSE e.effect END AS effect
        FROM (SELECT c.finding_no, c.rule, c.person_no,
               CASE WHEN v.finding_no IS NOT NULL OR f.mild = 1 THEN 'note'
                    WHEN g.effect = 'refuse' AND (h.finding_no IS NOT NULL OR f.doubt = 1
                        OR (c.rule IN ({stricter}) AND b.rule IS NULL)) THEN 'verify'
                    WHEN g.effect = 'verify-with-second-lead' THEN CASE WHEN s.person_no IS NULL THEN 'note'
                        ELSE 'verify' END
                    ELSE g.effect END AS effect
        FROM concerned c JOIN raised f USING (finding_no) JOIN given g ON g.rule = c.rule AND g.effect <> 'note'
        LEFT JOIN harmed h USING (finding_no) LEFT JOIN {of}seconded s ON s.rule = c.rule
            AND s.person_no = c.person_no
        LEFT JOIN ({void}) v USING (finding_no)
        LEFT JOIN broken b ON b.rule = c.rule AND b.person_no IS NOT DISTINCT FROM f.person_no
            AND b.employer_no IS NOT DISTINCT FROM f.employer_no AND b.exam_no IS NOT DISTINCT FROM f.exam_no) e
        LEFT JOIN said_findings j ON j.finding_no = e.finding_no"""
    )


def _lines(store: Store, rules: Sequence[Rule]) -> None:
    """rule_lines: the line of subsidy that a rule is about; 0 for all."""
    pairs = ", ".join(
        f"({text(rule.id)}, {LINES.get(rule.line, 0)})" for rule in {rule.id: rule for rule in rules}.values()
    )
    store.run(f"CREATE TEMP TABLE rule_lines AS SELECT * FROM (VALUES {pairs}) t (rule, line)")


def _marks(store: Store, rules: Sequence[Rule], stopped: Sequence[str], of: str) -> None:
    """person_effects; claim_marks: the worst effect (rank) of each rule on each claim of its line, of all but LOWER."""
    by_claim = _these(rule for rule in rules if rule.subject in ("claim", "employer"))
    store.run(
        f"""CREATE TEMP TABLE {of}person_effects AS
        SELECT person_no, rule, max({_RANK}) AS rank FROM {of}person_findings
        WHERE rule NOT IN ({by_claim}) GROUP BY ALL"""
    )
    values = ", ".join(f"({text(name)})" for name in stopped)
    blanket = f"UNION ALL SELECT c.row_id, b.rule, 1 FROM claims c CROSS JOIN (VALUES {values}) b (rule)"
    store.run(
        f"""CREATE TEMP TABLE {of}claim_marks AS
        SELECT m.row_id, m.rule, m.rank FROM (
            SELECT c.row_id, e.rule, e.rank FROM claims c JOIN {of}person_effects e USING (person_no)
            UNION ALL
            SELECT r.row_id, p.rule, max({_RANK}) FROM {of}person_findings p JOIN rests r USING (finding_no)
            JOIN claims c ON c.row_id = r.row_id AND c.person_no = p.person_no
            WHERE p.rule IN ({by_claim}) AND p.rule <> {text(LOWER)} AND r.table_name = 'claims' GROUP BY ALL
            {blanket if stopped else ""}) m
        JOIN claims c ON c.row_id = m.row_id JOIN rule_lines l ON l.rule = m.rule AND l.line IN (0, c.line)
        UNION ALL SELECT t.row_id, CASE t.kind WHEN 'missing' THEN 'value-missing' ELSE 'value-unreadable' END, 1
        FROM trouble_rows t JOIN fields d ON d.table_name = t.table_name AND d.field = t.field AND d.recorded = 1
        WHERE t.table_name = 'claims' AND t.field = 'amount'"""
    )


def _lower(store: Store, of: str) -> None:
    """What LOWER does to a claim: it refuses where a higher claim of the other line is supported, asks for verification
    where one is to be verified, and is a note where it fails; what people concluded about it stands."""
    store.run(
        f"""CREATE TEMP TABLE {of}lower_claims AS
        WITH ranks AS (SELECT row_id, max(rank) AS rank FROM {of}claim_marks GROUP BY row_id)
        SELECT p.row_id,
               CASE min(coalesce(s.rank, r.rank, 0)) WHEN 0 THEN 'refuse' WHEN 1 THEN 'verify' ELSE 'note' END AS effect
        FROM claim_pairs p LEFT JOIN ranks r ON r.row_id = p.higher_row_id
        LEFT JOIN said_claims s ON s.row_id = p.higher_row_id GROUP BY p.row_id"""
    )
    store.run(
        f"""UPDATE {of}person_findings
        SET effect = CASE WHEN l.effect = 'refuse' THEN {of}person_findings.effect ELSE l.effect END
        FROM raised f JOIN {of}lower_claims l ON l.row_id = f.row_id
        WHERE f.finding_no = {of}person_findings.finding_no AND {of}person_findings.rule = {text(LOWER)}
            AND {of}person_findings.effect <> 'note' AND f.finding_no NOT IN (SELECT finding_no FROM said_findings)"""
    )
    store.run(
        f"""INSERT INTO {of}claim_marks SELECT f.row_id, p.rule, {_RANK.replace("effect", "p.effect")}
        FROM {of}person_findings p JOIN raised f USING (finding_no) WHERE p.rule = {text(LOWER)}"""
    )


def _finding_effects(store: Store) -> None:
    """finding_effects: the machine's effect of each finding that is more than a note, with the cause of a softened
    one."""
    store.run(
        f"""CREATE TEMP TABLE finding_effects AS
        SELECT f.finding_no,
               CASE coalesce(max({_RANK.replace("effect", "p.effect")}),
                             max(CASE WHEN g.effect = 'verify' AND v.finding_no IS NULL THEN 1 ELSE 0 END))
                    WHEN 2 THEN 'refuse' WHEN 1 THEN 'verify' ELSE 'note' END AS effect,
               min(h.cause) AS cause
        FROM raised f JOIN given g ON g.rule = f.rule AND g.effect <> 'note' LEFT
            JOIN person_findings p USING (finding_no)
        LEFT JOIN harmed h USING (finding_no) LEFT JOIN waived v USING (finding_no) GROUP BY f.finding_no"""
    )


def _these(rules: Iterable[Rule]) -> str:
    return ", ".join(text(rule.id) for rule in rules) or "''"


def _claims(store: Store, of: str) -> None:
    """claim_verdicts, one row a claim. Money in fen; supported + not supported + to verify = claimed, always.

    Of several claims whose order cannot be told, one amount in total is to be verified, in equal parts; among those
    that people did not refuse, and where they support some, among these alone. What the notice may pay beyond the grant
    (`open_fen`) is to be verified, and so is the claim, unless people support it; the rest of it is judged.
    """
    store.run(
        f"""CREATE {"TEMP" if of else ""} TABLE {of}claim_verdicts AS
        WITH worst AS (
            SELECT row_id, max(rank) AS rank, string_agg(DISTINCT rule, ',' ORDER BY rule) FILTER (rank > 0) AS reasons
            FROM {of}claim_marks GROUP BY row_id),
        confirmed AS (
            SELECT DISTINCT r.row_id FROM said_findings j JOIN rests r USING (finding_no)
            WHERE j.conclusion = 'confirmed' AND r.table_name = 'claims'),
        found AS (
            SELECT c.*, coalesce(c.amount_fen, g.assumed_fen) AS claimed_fen, g.grant_fen AS whole_fen, g.open_fen,
                   w.rank AS found, w.reasons, s.rank AS said,
                   o.standing IS NULL AND o.claims > 1 AND c.line = {LINES["online"]} AS tied,
                   coalesce(s.rank, CASE WHEN w.rank = 2 AND k.row_id IS NOT NULL THEN 2 END) AS settled
            FROM claims c JOIN claim_grants g USING (row_id) LEFT JOIN worst w USING (row_id)
            LEFT JOIN claim_order o USING (row_id) LEFT JOIN said_claims s USING (row_id)
            LEFT JOIN confirmed k USING (row_id)),
        tied AS (
            SELECT *, CASE WHEN tied THEN CASE WHEN min(settled) OVER (PARTITION BY person_no, line) = 0
                THEN coalesce(settled, 2) = 0 ELSE coalesce(settled, 1) < 2 END END AS shares
            FROM found),
        judged AS (
            SELECT *, coalesce(said, CASE WHEN NOT shares THEN 2 ELSE found END, 0) AS rank,
                   count(*) FILTER (shares) OVER (PARTITION BY person_no, line) AS sharers,
                   row_number() OVER (PARTITION BY person_no, line, shares ORDER BY employer_no, amount_fen, row_id)
                       AS place
            FROM tied),
        granted AS (
            SELECT *, least(claimed_fen, CASE WHEN shares IS NULL THEN whole_fen WHEN NOT shares THEN 0
                         ELSE whole_fen // sharers + CASE WHEN place <= whole_fen % sharers THEN 1 ELSE 0 END END)
                             AS grant_fen
            FROM judged),
        opened AS (
            SELECT *, least(claimed_fen - grant_fen, open_fen) AS part_fen,
                   part_fen > 0 AND rank < 2 AND said IS DISTINCT FROM 0 AS open
            FROM granted)
        SELECT claim_no, row_id, person_no, employer_no, line, claimed_fen, paid_fen,
               CASE WHEN rank = 2 THEN 'not_supported' WHEN rank = 1 OR open THEN 'to_verify' ELSE 'supported'
                   END AS verdict,
               CASE WHEN open AND NOT list_contains(string_split(coalesce(reasons, ''), ','), {text(UPLIFT)})
                   THEN concat_ws(',', reasons, {text(UPLIFT)}) ELSE coalesce(reasons, '') END AS reasons,
               CASE WHEN rank = 0 THEN grant_fen + CASE WHEN open THEN 0 ELSE part_fen END ELSE 0 END AS supported_fen,
               CASE rank WHEN 2 THEN claimed_fen ELSE claimed_fen - grant_fen - part_fen END AS not_supported_fen,
               CASE WHEN rank = 1 THEN grant_fen + part_fen WHEN open THEN part_fen ELSE 0 END AS to_verify_fen
        FROM opened ORDER BY claim_no"""
    )
    store.run(
        f"""INSERT INTO {of}claim_marks SELECT row_id, {text(UPLIFT)}, 1 FROM {of}claim_verdicts
        WHERE verdict = 'to_verify' AND list_contains(string_split(reasons, ','), {text(UPLIFT)})"""
    )


def _people(store: Store, policy: Policy, runs: Sequence[Run], of: str) -> None:
    """people_verdicts, one row for everybody: the worst verdict of a person's claims; without a claim list, that of
    everybody registered; null for people nobody claims for."""
    stopped = ", ".join(f"({text(name)}, 1)" for name in blocked(store, policy, runs))
    blanket = (
        f"UNION ALL SELECT p.person_no, b.rule, b.rank FROM people p CROSS JOIN (VALUES {stopped}) b (rule, rank)"
        if stopped
        else ""
    )
    store.run(
        f"""CREATE {"TEMP" if of else ""} TABLE {of}people_verdicts AS
        WITH claimed AS (
            SELECT person_no, max(CASE verdict WHEN 'not_supported' THEN 2 WHEN 'to_verify' THEN 1 ELSE 0 END) AS rank,
                   string_agg(DISTINCT nullif(reasons, ''), ',') AS reasons, sum(claimed_fen) AS claimed_fen,
                   sum(supported_fen) AS supported_fen, sum(not_supported_fen) AS not_supported_fen,
                   sum(to_verify_fen) AS to_verify_fen
            FROM {of}claim_verdicts GROUP BY person_no),
        marks AS (SELECT person_no, rule, rank FROM {of}person_effects {blanket}),
        alone AS (
            SELECT person_no, max(rank) AS rank, string_agg(DISTINCT rule, ',' ORDER BY rule) FILTER (rank > 0)
                AS reasons
            FROM marks GROUP BY person_no),
        listed AS (SELECT count(*) > 0 AS yes FROM claims),
        joined AS (
            SELECT p.person_no, c.person_no IS NOT NULL AS has_claim,
                   CASE WHEN c.person_no IS NOT NULL THEN c.rank
                        WHEN NOT listed.yes AND p.registered = 1 THEN coalesce(s.rank, a.rank, 0) END AS rank,
                   CASE WHEN c.person_no IS NOT NULL THEN c.reasons WHEN NOT listed.yes THEN a.reasons END AS reasons,
                   c.claimed_fen, c.supported_fen, c.not_supported_fen, c.to_verify_fen
            FROM people p CROSS JOIN listed LEFT JOIN claimed c USING (person_no) LEFT JOIN alone a USING (person_no)
            LEFT JOIN said_claims s ON s.row_id IS NULL AND s.person_no = p.person_no)
        SELECT person_no, CASE rank WHEN 2 THEN 'not_supported' WHEN 1 THEN 'to_verify' WHEN 0 THEN 'supported' END
            AS verdict,
               coalesce((SELECT string_agg(x, ',' ORDER BY x) FROM (SELECT DISTINCT unnest(string_split(reasons,
                   ',')) AS x) WHERE x <> ''), '') AS reasons,
               CAST(coalesce(claimed_fen, 0) AS BIGINT) AS claimed_fen, CAST(coalesce(supported_fen, 0) AS BIGINT)
                   AS supported_fen,
               CAST(coalesce(not_supported_fen, 0) AS BIGINT) AS not_supported_fen,
               CAST(coalesce(to_verify_fen, 0) AS BIGINT) AS to_verify_fen
        FROM joined ORDER BY person_no"""
    )
