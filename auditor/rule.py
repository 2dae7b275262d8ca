"""rules/*.sql → findings. One rule a file: a TOML header, then one SELECT of a key and the measured values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor import fact, finding, grant
from auditor.content import PACKAGE
from auditor.policy import Policy
from auditor.schema import references, tables
from auditor.store import Store, text
from auditor.words import Words, either, phrase

FOLDER = PACKAGE / "rules"
CLASSES = ("breach", "lead", "data")


@dataclass(frozen=True)
class Rule:
    """One rule. `reads`: fields it cannot do without, `a|b` where either will do; `key`: what makes a finding the same
    finding in a re-export; `rests_on`: how to get from a finding to its rows (see finding.evidence)."""

    id: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    fix: Mapping[str, str]
    false_positives: Mapping[str, str]
    message: Mapping[str, str]
    cls: str
    population: str
    subject: str
    unit: str
    reads: tuple[str, ...]
    key: tuple[str, ...]
    rests_on: tuple[Mapping[str, Any], ...]
    params: Mapping[str, Mapping[str, str]]
    since: str
    sql: str
    calendar: bool = False  # counts working days: a year that the calendar does not know is an error
    awaits: tuple[str, ...] = ()  # of `reads`, what a record need not hold: without it nobody is to be verified
    line: str = "online"  # the line of subsidy whose claims it judges, or `every`
    needed: bool = False  # no claim of its line can be granted without what it tests: not evaluated is to be verified

    def needs(self, policy: Policy) -> tuple[str, ...]:
        """`reads` under a policy: `exams.$grade` is the mark or the result, whichever the notice decides by."""
        grade = "score" if policy.pass_by == "mark" else "result"
        return tuple(name.replace("$grade", grade) for name in self.reads)

    def awaited(self, need: str, supplied: set[str]) -> bool:
        """Whether a need that is not met waits for what somebody may still add; `supplied`: tables of the export."""
        named = {name.split(".")[0] for name in need.split("|")}
        return need in self.awaits or (named <= set(references()) and not named & supplied)


@dataclass(frozen=True)
class Run:
    """How a rule fared: outcome `evaluated`, `not_evaluated` (and why), or `error` (and which): evaluated, but not for
    everything. `sql` with the values put in. `awaited`: it lacks only what no platform records and nobody has added; a
    person looks at the papers instead."""

    rule: Rule
    outcome: str
    reason: Words | None
    sql: str
    awaited: bool = False
    lacking: tuple[Words, ...] = ()  # what it lacks: tables that nobody supplied, else fields

    @property
    def ran(self) -> bool:
        return self.outcome != "not_evaluated"


@cache
def catalogue() -> dict[str, Rule]:
    """Every rule by id."""
    rules = {}
    for path in sorted(FOLDER.glob("*.sql")):
        head, sql = fact.read(path)
        head["cls"] = head.pop("class")
        for name in ("reads", "key", "rests_on", "awaits"):
            head[name] = tuple(head.get(name, ()))
        rules[path.stem] = Rule(id=path.stem, sql=sql.strip(), **head)
    return rules


def stricter() -> dict[str, str]:
    """Number of a notice → whether a rule that reads it (or its hundredths) is stricter with more or with less."""
    found: dict[str, str] = {}
    for rule in catalogue().values():
        for name, about in rule.params.items():
            found.setdefault(name.removesuffix("_c"), about["stricter"])
    return found


def demanded(policy: Policy) -> dict[str, str]:
    """`table.field` (or `a|b`) → the clause or rule that needs it: the fields of the notice, and those that a rule
    which may refuse a claim reads."""
    wanted = dict(policy.fields)
    for name, effect in policy.rules.items():
        if effect == "refuse":
            for field in catalogue()[name].needs(policy):
                if not catalogue()[name].awaited(field, set()):
                    wanted.setdefault(field, name)
    return wanted


def tightened(policy: Policy) -> list[str]:
    """Rules of which the auditor set a number stricter than the clause."""
    read = {name: {param.removesuffix("_c") for param in catalogue()[name].params} for name in policy.rules}
    return [name for name in policy.rules if read[name] & policy.tightened]


def counts_workdays(policy: Policy) -> bool:
    return any(catalogue()[name].calendar for name in policy.rules)


def under_the_notice(store: Store, policy: Policy, recorded: set[str], say: Callable[[Words], None]) -> None:
    """broken: whom the notice's own numbers fail, where the auditor set stricter ones; only they have broken it."""
    if not (rules := tightened(policy)):
        store.run("CREATE TEMP TABLE broken (rule VARCHAR, person_no BIGINT, employer_no BIGINT, exam_no BIGINT)")
        return
    fact.compute(store, policy.as_written, say)
    run(store, policy.as_written, recorded)
    store.run(
        f"""CREATE TEMP TABLE broken AS SELECT DISTINCT rule, person_no, employer_no, exam_no FROM raised
        WHERE rule IN ({", ".join(map(text, rules))}) AND coalesce(doubt, 0) = 0"""
    )
    fact.forget(store)
    store.run(finding.FORGET)


def run(store: Store, policy: Policy, recorded: set[str], unknown_years: Sequence[int] = ()) -> list[Run]:
    """Evaluate every rule of the policy into the table `raised`. `recorded`: `table.field` that hold any value;
    `unknown_years`: of which the calendar tells no working days."""
    values = fact.numbers(policy)
    supplied = {name.split(".")[0] for name in recorded}
    store.run(finding.RAISED)
    lines = grant.claimed(store) | {"every", "online"}
    runs = []
    for name in policy.rules:
        rule = catalogue()[name]
        sql = fact.with_values(rule.sql, values)
        if rule.line not in lines:
            runs.append(Run(rule, "not_evaluated", phrase("reason.no_such_claims"), sql, True))
            continue
        missing = [need for need in rule.needs(policy) if not recorded.intersection(need.split("|"))]
        if missing:
            awaited = not rule.needed and all(rule.awaited(need, supplied) for need in missing)
            lacking = tuple(_lacking(need, supplied) for need in missing)
            runs.append(Run(rule, "not_evaluated", _why(missing), sql, awaited, lacking))
            continue
        if store.insert(finding.raise_all(rule.id, sql)):
            for rests_on in rule.rests_on:
                finding.evidence(store, rule.id, rests_on)
        if rule.calendar and unknown_years:
            runs.append(Run(rule, "error", phrase("reason.calendar", years=list(unknown_years)), sql))
        else:
            runs.append(Run(rule, "evaluated", None, sql))
    return runs


def _why(missing: list[str]) -> Words:
    """Which table or field the export does not hold."""
    return phrase("reason.not_exported", fields=[_fields(need) for need in missing])


def _fields(need: str) -> Words:
    labels = []
    for name in need.split("|"):
        table, field = name.split(".")
        label = tables()[table].columns[field].label
        labels.append(phrase("where.need", table=tables()[table].label, field=label))
    return either(labels)


def _lacking(need: str, supplied: set[str]) -> Words:
    """The reference table of a need, where there is none; else its fields."""
    named = {name.split(".")[0]: None for name in need.split("|")}
    if supplied.isdisjoint(named) and set(named) <= set(references()):
        return either([tables()[name].label for name in named])
    return _fields(need)
