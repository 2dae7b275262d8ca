"""policies/*.toml → one notice: every clause in order, the rules that test it and every number they use."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from auditor import lines, preset
from auditor.content import PACKAGE
from auditor.fault import Exit, Fault
from auditor.lines import Line
from auditor.preset import NUMBERS, Preset
from auditor.words import LANGUAGES, phrase

FOLDER = PACKAGE / "policies"
READINGS = ("cumulative", "per_session", "per_lesson")
EFFECTS = ("refuse", "verify", "verify-with-second-lead", "note")
Words = Mapping[str, str]


@dataclass(frozen=True)
class Clause:
    """One numbered clause: `rules` maps a rule to its effect on a claim, `fields` are `table.column`,
    `a|b` where either will do."""

    id: str
    summary: Words
    quote: str
    rules: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, int] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    manual: Words | None = None
    per_claim: bool = False
    info: bool = False


@dataclass(frozen=True)
class Lead:
    """A rule without a clause: its effect, its numbers and the reason for them. Of a rule that a clause cites with the
    same effect: the numbers that the clause does not name."""

    rule: str
    effect: str
    reason: Words
    params: Mapping[str, int] = field(default_factory=dict)
    corroborates: tuple[str, ...] = ()  # of verify-with-second-lead: the rules that serve as the second one
    weight: int = 0  # what it adds to the score by which people are listed


@dataclass(frozen=True)
class Topic:
    """What training must be about: a text that holds one of `words` is about it; `otherwise`: and so is whatever is
    about no other topic."""

    id: str
    label: Words
    words: tuple[str, ...]
    clause: str
    otherwise: bool = False


@dataclass(frozen=True)
class Optional:
    """A rule that the notice does not ask for: it runs once the auditor sets its number `param`, counted in `unit`."""

    rule: str
    effect: str
    param: str
    unit: str
    reason: Words


@dataclass(frozen=True)
class Override:
    """What the auditor set in place of the notice's (`notice`: its value, None where it names none; `clause`: where it
    stands, if anywhere)."""

    name: str
    value: int | str
    notice: int | str | None
    clause: str | None
    loosened: bool


@dataclass(frozen=True)
class Policy:
    """A notice. Money in fen, days as yyyymmdd (both ends included)."""

    id: str
    title: Words
    number: str
    issuer: Words
    date: str
    amount_fen: int
    amount_clause: str
    period_from: int
    period_to: int
    period_clause: str
    pass_by: str
    deciding: str
    readings: tuple[Words, ...]  # how open wordings are read: clause, zh, en
    clauses: tuple[Clause, ...]
    leads: Mapping[str, Lead]
    path: Path
    lines: tuple[Line, ...]
    topics: tuple[Topic, ...] = ()
    benefits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # words: same, other, general; wording.py
    optional: Mapping[str, Optional] = field(default_factory=dict)  # number → the rule that it switches on
    reading: str = READINGS[0]
    events: Preset = field(default_factory=preset.default)  # how a log of events becomes sessions
    overrides: tuple[Override, ...] = ()
    province: Words = field(default_factory=dict)  # where learners are to stay, as a table of places may call it

    @cached_property
    def loosened(self) -> dict[str, list[Override]]:
        """Clause → what was set looser than it: it is not evaluated, and that is the auditor's choice."""
        found: dict[str, list[Override]] = {}
        for override in self.overrides:
            if override.loosened and override.clause:
                found.setdefault(override.clause, []).append(override)
        return found

    @cached_property
    def tightened(self) -> set[str]:
        """Numbers of a clause that were set stricter: whoever fails only such a one has not broken the clause."""
        return {one.name for one in self.overrides if one.clause and not one.loosened and one.value != one.notice}

    @property
    def as_written(self) -> "Policy":
        """The same with the notice's own numbers in place of stricter ones."""
        written = {
            one.name: one.notice for one in self.overrides if one.name in self.tightened and isinstance(one.notice, int)
        }
        clauses = tuple(
            replace(one, params={name: written.get(name, value) for name, value in one.params.items()})
            for one in self.clauses
        )
        return replace(self, clauses=clauses)

    @cached_property
    def params(self) -> dict[str, int]:
        """Every number of the notice by name, units in the name (`unit_s`: seconds) or of the rule that reads it."""
        merged: dict[str, int] = {}
        for given in [clause.params for clause in self.clauses] + [lead.params for lead in self.leads.values()]:
            for name, value in given.items():
                if name in merged:
                    raise ValueError(f"{self.path.name}: parameter {name} is given twice")
                merged[name] = value
        return merged

    @cached_property
    def rules(self) -> dict[str, str]:
        """Rule id → effect, in the order of the notice, then of the leads."""
        pairs = [pair for clause in self.clauses for pair in clause.rules.items()]
        cited = set(pairs)
        pairs += [pair for lead in self.leads.values() if (pair := (lead.rule, lead.effect)) not in cited]
        if len(dict(pairs)) != len(pairs):
            raise ValueError(f"{self.path.name}: a rule is cited twice")
        return dict(pairs)

    @cached_property
    def clause_of(self) -> dict[str, str]:
        """Rule id → the clause it tests; a lead without a clause is absent."""
        return {rule: clause.id for clause in self.clauses for rule in clause.rules}

    @cached_property
    def switch_of(self) -> dict[str, Optional]:
        """Rule id → what switches it on, of those the notice does not ask for."""
        return {one.rule: one for one in self.optional.values()}

    @cached_property
    def fields(self) -> dict[str, str]:
        """`table.column` (or `a|b`) → the clause that demands it."""
        return {name: clause.id for clause in self.clauses for name in clause.fields}

    def clause(self, wanted: str) -> Clause:
        return next(clause for clause in self.clauses if clause.id == wanted)


def names() -> list[str]:
    """Ids of the notices that are installed."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Policy:
    """Read one notice. An unknown name ends the command and suggests the nearest one."""
    path = FOLDER / f"{name}.toml"
    if name not in names():
        near = difflib.get_close_matches(name, names(), 1, 0.3)
        hint = phrase("fault.near", name=near[0]) if near else ""
        raise Fault(Exit.USAGE, "no_policy", name=name, hint=hint, names=names())
    return _parse(tomllib.loads(path.read_text(encoding="utf-8")), path)


def override(policy: Policy, settings: Mapping[str, str], stricter: Mapping[str, str]) -> Policy:
    """The notice with the auditor's `name=value` settings. `stricter`: number → `up` or `down`. Raises Fault."""
    for name, text in sorted(settings.items(), key=lambda one: one[0] != _EVENTS):  # its numbers come after a rule
        if name == _EVENTS or name in _EVENT_NUMBERS:
            policy = _event_rule(policy, name, text)
        elif name in _CHOICES:
            policy = _choose(policy, name, text)
        elif name in policy.optional:
            policy = _switch_on(policy, name, text)
        elif name not in policy.params:
            known = [*_CHOICES, _EVENTS, *_EVENT_NUMBERS, *sorted(policy.params), *sorted(policy.optional)]
            near = difflib.get_close_matches(name, known, 1, 0.6)
            hint = phrase("fault.near", name=near[0]) if near else ""
            raise Fault(Exit.USAGE, "no_setting", id=policy.id, name=name, hint=hint)
        else:
            policy = _number(policy, name, text, stricter)
    return policy


_CHOICES = {"reading": READINGS, "disputed": ("note", "verify")}
_DISPUTED = "class-hours-disputed"
_EVENTS, _EVENT_NUMBERS = "events", {f"event_{name}": name for name in NUMBERS}


def _event_rule(policy: Policy, name: str, text: str) -> Policy:
    """Another published rule, or another number of the one that holds."""
    before = policy.events.id if name == _EVENTS else getattr(policy.events, _EVENT_NUMBERS[name])
    if name == _EVENTS:
        if text not in preset.catalogue():
            raise Fault(Exit.USAGE, "setting_choice", name=name, text=text, choices=list(preset.catalogue()))
        chosen, value = preset.catalogue()[text], text
    else:
        if not (text.isascii() and text.isdigit() and int(text) < 10**6):
            raise Fault(Exit.USAGE, "setting_number", name=name, text=text, hint="")
        chosen = replace(policy.events, **{_EVENT_NUMBERS[name]: int(text)}, id="own", label={}, source="")
        value = text
    return replace(policy, events=chosen, overrides=(*policy.overrides, Override(name, value, before, None, False)))


def _choose(policy: Policy, name: str, text: str) -> Policy:
    if text not in _CHOICES[name]:
        raise Fault(Exit.USAGE, "setting_choice", name=name, text=text, choices=_CHOICES[name])
    before = policy.reading if name == "reading" else policy.rules[_DISPUTED]
    clause = policy.clause_of.get(_DISPUTED)
    policy = replace(policy, overrides=(*policy.overrides, Override(name, text, before, clause, False)))
    if name == "reading":
        return replace(policy, reading=text)
    clauses = tuple(
        replace(clause, rules={**clause.rules, _DISPUTED: text}) if _DISPUTED in clause.rules else clause
        for clause in policy.clauses
    )
    leads = {rule: replace(lead, effect=text) if rule == _DISPUTED else lead for rule, lead in policy.leads.items()}
    return replace(policy, clauses=clauses, leads=leads)


def _switch_on(policy: Policy, name: str, text: str) -> Policy:
    """A rule that the notice does not ask for, with its number."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
        raise Fault(Exit.USAGE, "setting_number", name=name, text=text, hint="")
    one = policy.optional[name]
    lead = Lead(one.rule, one.effect, one.reason, {name: int(text)})
    override = Override(name, int(text), None, None, False)
    return replace(policy, leads={**policy.leads, one.rule: lead}, overrides=(*policy.overrides, override))


def _number(policy: Policy, name: str, text: str, stricter: Mapping[str, str]) -> Policy:
    if not (text.isascii() and text.isdigit() and int(text) < 10**9) or (name == "unit_s" and int(text) % 100):
        hint = phrase("fault.setting_hundreds") if name == "unit_s" else ""
        raise Fault(Exit.USAGE, "setting_number", name=name, text=text, hint=hint)
    value, notice = int(text), policy.params[name]
    clause = next((clause.id for clause in policy.clauses if name in clause.params), None)
    up = stricter[name] == "up"
    override = Override(name, value, notice, clause, value < notice if up else value > notice)
    return replace(
        policy,
        clauses=tuple(replace(one, params=_with(one.params, name, value)) for one in policy.clauses),
        leads={rule: replace(lead, params=_with(lead.params, name, value)) for rule, lead in policy.leads.items()},
        overrides=(*policy.overrides, override),
    )


def _with(params: Mapping[str, int], name: str, value: int) -> Mapping[str, int]:
    return {**params, name: value} if name in params else params


def _parse(data: dict[str, Any], path: Path) -> Policy:
    clauses = tuple(_clause(dict(entry), path) for entry in data.pop("clauses"))
    leads = {rule: _lead(rule, dict(entry)) for rule, entry in data.pop("leads", {}).items()}
    topics = tuple(_topic(dict(entry)) for entry in data.pop("topics", ()))
    benefits = {kind: tuple(words) for kind, words in data.pop("benefits", {}).items()}
    optional = dict(_optional(rule, dict(entry)) for rule, entry in data.pop("optional", {}).items())
    data["lines"] = lines.parse(data.pop("lines", []), data["title"], data["amount_clause"])
    period, exams, readings = data.pop("period"), data.pop("exams"), data.pop("readings")
    policy = Policy(
        **data,
        period_from=period["from"],
        period_to=period["to"],
        period_clause=period["clause"],
        pass_by=exams["pass_by"],
        deciding=exams["deciding"],
        readings=tuple(readings),
        clauses=clauses,
        leads=leads,
        path=path,
        topics=topics,
        benefits=benefits,
        optional=optional,
    )
    for rule, effect in [*policy.rules.items(), *((one.rule, one.effect) for one in optional.values())]:
        if effect not in EFFECTS:
            raise ValueError(f"{path.name}: {rule} has the unknown effect {effect!r}")
    if policy.pass_by not in ("mark", "result") or policy.deciding not in ("final-else-all", "all"):
        raise ValueError(f"{path.name}: unknown way to decide exams")
    return policy


def _clause(entry: dict[str, Any], path: Path) -> Clause:
    entry["fields"] = tuple(entry.get("fields", ()))
    clause = Clause(**entry)
    if not (clause.rules or clause.fields or clause.manual or clause.info):
        raise ValueError(f"{path.name}: clause {clause.id} says neither rules, fields, manual nor info")
    return clause


def _lead(rule: str, entry: dict[str, Any]) -> Lead:
    entry["corroborates"] = tuple(entry.get("corroborates", ()))
    return Lead(rule=rule, **entry)


def _topic(entry: dict[str, Any]) -> Topic:
    label = {lang: entry.pop(lang) for lang in LANGUAGES}
    return Topic(label=label, words=tuple(entry.pop("words")), **entry)


def _optional(rule: str, entry: dict[str, Any]) -> tuple[str, Optional]:
    ((param, unit),) = entry.pop("params").items()  # one number switches one rule on
    return param, Optional(rule=rule, param=param, unit=unit, **entry)
