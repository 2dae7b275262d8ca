"""Everything an audit found → one Report. Papers are made from it alone; nothing in it depends on the clock, on the
number of threads or on the order of the input's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from auditor import __version__, completeness, explore, grant, judgement, listing, roster, sitting, verdict
from auditor.fact import numbers
from auditor.intake.load import Intake
from auditor.judgement_file import Judgements
from auditor.money import money
from auditor.policy import Clause, Policy
from auditor.rule import Run
from auditor.schema import tables
from auditor.store import Store, text
from auditor.words import LANGUAGES, Words, phrase, say, word

MET, NOT_MET, NOT_EVALUATED, ERROR, MANUAL, INFO = "met", "not_met", "not_evaluated", "error", "manual", "info"
Json = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """Plain values only, in the order of report.json. Money in fen, times in seconds, days as yyyymmdd.

    `rows`: what is too long to be held, read while the audit runs; no part of report.json.
    """

    run: Json
    engagement: Json
    policy: Json
    conclusion: Json
    money: Json
    employers: list[Json]
    priority: Json
    groups: Json
    clauses: list[Json]
    rules: list[Json]
    readings: list[Json]
    events: list[Json]
    people: Json
    claims: Json
    inputs: list[Json]
    completeness: list[Json]
    joins: list[Json]
    problems: list[str]
    waivers: list[Json]
    judgement: Json | None
    rows: listing.Rows | None = field(default=None, compare=False, repr=False)

    def json(self) -> Json:
        return {part.name: getattr(self, part.name) for part in fields(self) if part.name != "rows"}

    @property
    def undone(self) -> list[Json]:
        """The rules that did not run, and those that ran with looser numbers than the notice's only."""
        blocked = self.conclusion["blocked"]
        return [rule for rule in self.rules if rule["outcome"] != "evaluated" or rule["id"] in blocked]


def build(
    store: Store, policy: Policy, intake: Intake, runs: Sequence[Run], edition: str, waivers: list[Json],
    engagement: Mapping[str, str | None], lang: str = LANGUAGES[0], judgements: Judgements | None = None,
) -> Report:  # fmt: skip
    """The Report of an audit whose findings and verdicts are in the store. `edition`: masked or full. `lang`: that of
    its sentences; keys, ids and numbers have none."""
    claimed = bool(store.value("SELECT count(*) FROM claims"))
    online = int(store.value("SELECT count(*) FROM people WHERE judged = 1"))
    judged = int(store.value("SELECT count(*) FROM people WHERE judged = 1 OR (known = 1 AND claimed = 1)"))
    idle = {one for line in policy.lines if line.id not in grant.claimed(store) for one in line.clauses}
    rules = _rules(store, policy, runs, lang)
    clauses = [
        _clause(one, rules, intake.recorded, _loosened(policy, one.id), one.id in idle, lang) for one in policy.clauses
    ]
    rows = listing.Rows(store, edition, claimed, lang)
    return Report(
        run={
            "version": __version__,
            "edition": edition,
            "lang": lang,
            "reading": policy.reading,
            "data_mark": judgement.data_mark(store),
            "overrides": {override.name: override.value for override in policy.overrides}
            | ({"dates": intake.dates} if intake.dates else {}),
        },
        engagement=dict(engagement),
        policy=_policy(policy, lang),
        conclusion=_conclusion(store, policy, clauses, runs, claimed, judged, lang),
        money=money(store, policy, lang),
        employers=_employers(store, claimed),
        priority=rows.first_people(),
        groups=rows.first_groups(),
        clauses=clauses,
        rules=rules,
        readings=_readings(store, online, policy.reading),
        events=sitting.totals(store, policy.events, lang),
        people=_people(store, claimed, judged),
        claims={name: rows.first_claims(name) for name in listing.VERDICTS},
        inputs=[{"file": name, "sha256": sha, "bytes": size} for name, (sha, size) in sorted(intake.hashes.items())],
        completeness=[completeness.source(source, lang) for source in intake.sources],
        joins=[{**join, "label": tables()[join["table"]].label[lang]} for join in roster.joins(store)],
        problems=[
            word(problem, lang)
            for problem in _overridden(policy) + _waived(waivers) + completeness.problems(store, intake, claimed)
        ],
        waivers=waivers,
        judgement=rows.judgement(judgements),
        rows=rows,
    )


def _policy(policy: Policy, lang: str) -> Json:
    return {
        "id": policy.id, "title": policy.title[lang], "title_zh": policy.title["zh"], "number": policy.number,
        "issuer": policy.issuer[lang],
        "date": policy.date, "period_from": policy.period_from, "period_to": policy.period_to,
        "period_clause": policy.period_clause, "amount_fen": policy.amount_fen, "amount_clause": policy.amount_clause,
        "pass_by": policy.pass_by, "deciding": policy.deciding,
        "readings": [{"clause": reading["clause"], "text": reading[lang]} for reading in policy.readings],
        "params": dict(sorted(policy.params.items())),
        "leads": [
            {"rule": lead.rule, "effect": lead.effect, "reason": lead.reason[lang], "params": dict(lead.params),
             "corroborates": list(lead.corroborates), "weight": lead.weight} for lead in policy.leads.values()
        ],
    }  # fmt: skip


def _rules(store: Store, policy: Policy, runs: Sequence[Run], lang: str) -> list[Json]:
    """Every rule of the policy with its counts, its money (overlapping, and counted once) and a sample of findings."""
    counts = {
        row[0]: row[1:]
        for row in store.rows(
            """SELECT w.rule, count(*), count(*) FILTER (f.grade = 2), count(*) FILTER (f.grade = 1)
            FROM finding_rows f JOIN rules w USING (rule_no) GROUP BY w.rule"""
        )
    }
    explore.concern(store)
    persons = dict(store.rows("SELECT rule, count(*) FROM concern GROUP BY rule"))
    money = {row[0]: row[1:] for row in store.rows(
        """SELECT m.rule, count(DISTINCT m.row_id), CAST(sum(v.claimed_fen) AS BIGINT) FROM (
            SELECT DISTINCT row_id, rule FROM claim_marks WHERE rank > 0) m JOIN claim_verdicts v USING (row_id)
                GROUP BY m.rule"""
    )}  # fmt: skip
    order = ", ".join(f"({text(name)}, {place})" for place, name in enumerate(policy.rules))
    once = dict(store.rows(
        f"""SELECT rule, CAST(sum(fen) AS BIGINT) FROM (
            SELECT arg_min(m.rule, o.place) AS rule, any_value(v.claimed_fen - v.supported_fen) AS fen
            FROM (SELECT DISTINCT row_id, rule, rank FROM claim_marks WHERE rank > 0) m
            JOIN claim_verdicts v USING (row_id) JOIN (VALUES {order}) o (rule, place) USING (rule)
            WHERE m.rank = CASE v.verdict WHEN 'not_supported' THEN 2 ELSE 1 END GROUP BY m.row_id) GROUP BY rule"""
    ))  # fmt: skip
    excess = dict(store.rows(
        """SELECT w.rule, CAST(sum(greatest(f.measured - f.limit_value, 0)) AS BIGINT) FROM finding_rows f
            JOIN rules w USING (rule_no) WHERE w.unit = 'fen' GROUP BY w.rule"""
    ))  # fmt: skip
    values, samples = numbers(policy), listing.samples(store)
    certified = "(SELECT person_no FROM claims WHERE line = 2)"
    sizes = {
        ("claimed", "online"): "judged = 1",
        ("claimed", "certificate"): f"known = 1 AND person_no IN {certified}",
        ("claimed", "every"): "judged = 1 OR (known = 1 AND claimed = 1)",
    } | {(name, line): where for line in ("online", "certificate", "every")
         for name, where in (("registered", "registered = 1"), ("all", "TRUE"))}  # fmt: skip
    population = {key: int(store.value(f"SELECT count(*) FROM people WHERE {where}")) for key, where in sizes.items()}
    out = []
    for run in runs:
        rule = run.rule
        total, refused, to_verify = counts.get(rule.id, (0, 0, 0))
        claims, claims_fen = money.get(rule.id, (0, 0))
        lead = policy.leads.get(rule.id)
        reason = run.reason or _loosened(policy, policy.clause_of.get(rule.id))
        out.append(
            {
                "id": rule.id, "title": rule.title[lang], "class": rule.cls, "effect": policy.rules[rule.id],
                "clause": policy.clause_of.get(rule.id), "outcome": run.outcome, "awaited": run.awaited,
                "reason": word(reason, lang) if reason else None,
                "why": rule.why[lang], "fix": rule.fix[lang], "false_positives": rule.false_positives[lang],
                "lead_reason": lead.reason[lang] if lead else None, "weight": lead.weight if lead else 0,
                "lacking": list(dict.fromkeys(word(words, lang) for words in run.lacking)), "unit": rule.unit,
                "params": [
                    {"name": name, "value": values[name], "unit": about["unit"]} for name, about in rule.params.items()
                ],
                "sql": run.sql, "population": rule.population,
                "population_size": population[rule.population, rule.line],
                "findings": total, "refused": refused, "to_verify": to_verify, "persons": persons.get(rule.id, 0),
                "claims": claims, "claims_fen": claims_fen, "counted_once_fen": once.get(rule.id, 0),
                "excess_fen": excess.get(rule.id, 0),
                "sample": samples.get(rule.id, []),
            }
        )  # fmt: skip
    return out


def _loosened(policy: Policy, clause: str | None) -> Words | None:
    """That a clause was tested with looser numbers than its own."""
    if not (found := policy.loosened.get(clause or "")):
        return None
    changes = [
        phrase("reason.loosened_one", name=override.name, notice=override.notice, value=override.value)
        for override in found
    ]
    return phrase("reason.loosened", changes=changes)


def _clause(
    clause: Clause, rules: list[Json], recorded: set[str], loosened: Words | None, idle: bool, lang: str
) -> Json:
    """A clause with its outcome: info where it is about a line that nobody claims (`idle`); not met when a
    refusal stands; not evaluated when a rule of it did not run, or with
    looser numbers; error when one could not judge everything; manual when something is left to verify or to look at;
    else met."""
    cited = [rule for rule in rules if rule["clause"] == clause.id]
    lacking = [name for name in clause.fields if not recorded.intersection(name.split("|"))]
    if idle:
        outcome = INFO
    elif any(rule["refused"] for rule in cited) or lacking:
        outcome = NOT_MET
    elif loosened or any(rule["outcome"] == "not_evaluated" and not rule["awaited"] for rule in cited):
        outcome = NOT_EVALUATED
    elif any(rule["outcome"] == "error" for rule in cited):
        outcome = ERROR
    elif any(rule["to_verify"] for rule in cited) or clause.manual:
        outcome = MANUAL
    else:
        outcome = INFO if clause.info else MET
    return {
        "id": clause.id, "summary": clause.summary[lang], "quote": clause.quote, "outcome": outcome,
        "rules": [rule["id"] for rule in cited], "fields": [_label(name, lang) for name in clause.fields],
        "fields_lacking": [_label(name, lang) for name in lacking],
        "manual": clause.manual[lang] if clause.manual else None, "per_claim": clause.per_claim,
        "reason": word(loosened, lang) if loosened else None,
        "persons": max((rule["persons"] for rule in cited if rule["refused"]), default=0),
    }  # fmt: skip


def _label(name: str, lang: str) -> str:
    table, field = name.split("|")[0].split(".")
    return say("where.field", lang, table=tables()[table].label, field=tables()[table].columns[field].label)


def _employers(store: Store, claimed: bool) -> list[Json]:
    """Totals of each employer; with a claim list they add up to the list's own."""
    names = ("employer", "dispatch", "district", "claims", "supported", "not_supported", "to_verify", "claimed_fen",
             "supported_fen", "not_supported_fen", "to_verify_fen")  # fmt: skip
    source = (
        "claim_verdicts v LEFT JOIN employers e USING (employer_no)"
        if claimed
        else "people_verdicts v JOIN people p USING (person_no) LEFT JOIN employers e USING (employer_no) "
        "WHERE v.verdict IS NOT NULL"
    )
    found = store.rows(
        f"""SELECT e.employer, coalesce(e.is_dispatch, 0) = 1, e.district, count(*),
            count(*) FILTER (verdict = 'supported'),
            count(*) FILTER (verdict = 'not_supported'),
            count(*) FILTER (verdict = 'to_verify'), CAST(sum(claimed_fen) AS BIGINT), CAST(sum(supported_fen)
                AS BIGINT),
            CAST(sum(not_supported_fen) AS BIGINT), CAST(sum(to_verify_fen) AS BIGINT)
        FROM {source} GROUP BY e.employer, e.is_dispatch, e.district ORDER BY e.employer NULLS LAST"""
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def _readings(store: Store, judged: int, deciding: str) -> list[Json]:
    row = store.rows(
        """SELECT count(*) FILTER (cumulative_passes = 1), count(*) FILTER (sitting_passes = 1),
            count(*) FILTER (lesson_passes = 1), count(lesson_passes), sum(CAST(net_s AS BIGINT))
        FROM readings JOIN people USING (person_no) WHERE judged = 1"""
    )[0]
    return [
        {"reading": name, "applicable": applicable, "passing": passing, "of": judged, "deciding": name == deciding}
        for name, applicable, passing in (
            ("cumulative", True, row[0]), ("per_session", True, row[1]), ("per_lesson", bool(row[3]), row[2])
        )
    ]  # fmt: skip


def _people(store: Store, claimed: bool, judged: int) -> Json:
    row = store.rows(
        """SELECT count(*), count(*) FILTER (registered = 1), count(*) FILTER (claimed = 1),
            count(*) FILTER (registered = 1 AND claimed = 0), count(*) FILTER (known = 0) FROM people"""
    )[0]
    names = ("all", "registered", "claimed", "registered_not_claimed", "unidentified")
    studied = store.rows("SELECT count(*) FILTER (sessions > 0), CAST(sum(sessions) AS BIGINT) FROM study")[0]
    verdicts = dict(
        store.rows("SELECT verdict, count(*) FROM people_verdicts WHERE verdict IS NOT NULL GROUP BY verdict")
    )
    return dict(zip(names, row, strict=True)) | {
        "studied": studied[0], "sessions": studied[1] or 0, "judged": judged, "claim_list": claimed,
        "verdicts": {name: verdicts.get(name, 0) for name in verdict.VERDICTS},
    }  # fmt: skip


def _conclusion(
    store: Store, policy: Policy, clauses: list[Json], runs: Sequence[Run], claimed: bool, judged: int, lang: str
) -> Json:
    """Whether the record meets the notice: only when no clause is not met and none was left unevaluated."""
    outcomes = [clause["outcome"] for clause in clauses]
    return {
        "meets": not {NOT_MET, NOT_EVALUATED, ERROR}.intersection(outcomes)
        and not verdict.blocked(store, policy, runs),
        "clauses": {name: outcomes.count(name) for name in (MET, NOT_MET, NOT_EVALUATED, ERROR, MANUAL, INFO)},
        "blocked": verdict.blocked(store, policy, runs),
        "per_claim": [
            {"clause": clause.id, "manual": clause.manual[lang]}
            for clause in policy.clauses
            if clause.per_claim and clause.manual
        ],
        "judged": judged,
        "claim_list": claimed,
    }


def _overridden(policy: Policy) -> list[Words]:
    return [
        phrase(
            "problem.switched_on"
            if override.notice is None
            else "problem.overridden"
            if not override.clause or override.value == override.notice
            else "problem.overridden_looser"
            if override.loosened
            else "problem.overridden_stricter",
            name=override.name,
            value=override.value,
            notice=override.notice,
        )
        for override in policy.overrides
    ]


def _waived(waivers: list[Json]) -> list[Words]:
    count = {state: sum(waiver["state"] == state for waiver in waivers) for state in ("active", "expired", "unmatched")}
    said = {"active": "problem.waived", "expired": "problem.waiver_expired", "unmatched": "problem.waiver_unmatched"}
    return [phrase(said[state], count=number) for state, number in count.items() if number]
