"""The catalogue: no undocumented rule, no unquoted clause, no unused number, no rule without cases."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from auditor import fact, finding, policy, rule
from auditor.content import PACKAGE, folder
from auditor.lines import LINES
from auditor.policy import Policy
from auditor.schema import Table, normal, tables

CASES = Path(__file__).parent / "cases"
RULES = sorted(path.stem for path in rule.FOLDER.glob("*.sql"))
POLICIES = policy.names()
WORDS = ("title", "why", "fix", "false_positives", "message")
HEADER = {*WORDS, "class", "population", "subject", "unit", "reads", "key", "rests_on", "params", "since"}
CLASSES = {"breach", "lead", "data"}
POPULATIONS = {"claimed", "registered", "all"}
SUBJECTS = {"person", "session", "exam", "claim", "address", "employer", "group", "file"}
UNITS = {"s", "count", "fen", "score"}
FORMATS = {
    *("", "hms", "time", "date", "day", "month", "units", "score", "table", "field", "why", "topic", "items"),
    *("yuan", "level"),
}
NAMED = {"employer": {"employer_no", "person_no"}, "address": {"address_no"}, "exam": {"exam_no"}}
NAMED |= {"other": {"other_no"}, "course": {"course_no"}}
FORBIDDEN = re.compile("骗取|套取")
# what fact.numbers derives: number → the numbers or settings of the notice it comes from
DERIVED = {
    "period_from_s": set(), "period_to_s": set(), "period_from_day": set(), "period_to_day": set(),
    "by_mark": set(), "finals_decide": set(),
    "required_s": {"unit_s", "min_units"}, "pass_mark_c": {"pass_mark"}, "clause_mark_c": {"pass_mark"},
    "unit_cs": {"unit_s"},
}  # fmt: skip
# VERDICTS.md: rule → class (either of several), then Taicang's and Wuxi's effect and clause; None: not in that notice,
# clause "": not fixed by the table.
Said = tuple[str, str] | None
VERDICTS: dict[str, tuple[str, Said, Said]] = {
    "class-hours-too-few": ("breach", ("refuse", "五.3"), ("refuse", "一")),
    "class-hours-disputed": ("lead", ("note", ""), ("note", "")),
    "class-hour-average-too-short": ("lead", ("note", "五.3"), None),
    "exam-missing": ("breach", ("refuse", "五.4"), ("refuse", "一")),
    "insurance-month-missing": ("breach", ("refuse", "六.2"), None),
    "benefit-already-taken": ("breach", ("refuse", "六.2"), ("refuse", "四(一)")),
    "ledger-item-missing": ("breach", ("verify", "五.5"), ("verify", "四(二)")),
    "ledger-kept-too-short": ("breach", ("note", "五.5"), ("note", "四(二)")),
    "lesson-not-studied": ("lead", ("note", "六.3"), ("note", "")),
    "topic-not-covered": ("breach", ("note", "五.3"), ("note", "一")),
    "exam-topic-not-covered": ("breach", ("note", "五.4"), None),
    "day-over-cap": ("breach", None, None),
    "review-over-cap": ("breach", None, None),
    "exam-failed": ("breach", ("refuse", "五.4"), ("refuse", "一")),
    "claim-outside-window": ("breach", ("refuse", "六.1"), ("refuse", "三(二)")),
    "filing-after-deadline": ("breach", ("refuse", "四.1"), ("refuse", "三(一)")),
    "filing-too-late": ("breach", None, ("verify", "三(一)")),
    "employer-not-filed": ("breach", ("verify", "五.1"), ("verify", "三(一)")),
    "claim-not-in-filed-list": ("breach", None, ("refuse", "三(一)")),
    "study-before-approval": ("breach", ("verify", "五.1"), ("verify", "三(一)")),
    "platform-not-listed": ("breach", ("verify", "三"), ("verify", "一")),
    "employer-not-listed": ("breach", ("verify", "一"), None),
    "employer-is-dispatch-company": ("breach", None, ("refuse", "附件.1")),
    "exam-too-many-attempts": ("breach", ("refuse", "五.4"), None),
    "exam-before-study-ended": ("lead", ("verify", "五.4"), None),
    "claim-unregistered": ("breach", ("refuse", "四.3"), ("verify", "")),
    "claim-duplicate": ("breach", ("refuse", "六.2"), ("refuse", "四(一)")),
    "identity-missing": ("data", ("verify", "四.3"), ("verify", "")),
    "identity-invalid": ("data", ("verify", "四.3"), ("verify", "")),
    "identity-two-names": ("data", ("verify", "四.3"), ("verify", "")),
    "identity-damaged": ("data", ("verify", "四.3"), ("verify", "")),
    "identity-masked": ("data", ("verify", "四.3"), ("verify", "")),
    "account-of-several": ("data", ("verify", "四.3"), ("verify", "")),
    "session-too-long": ("data", ("verify", "四.3"), ("verify", "")),
    "value-masked": ("data", ("note", "四.3"), ("note", "")),
    "age-implausible": ("data", ("note", ""), ("note", "")),
    "address-shared-across-districts": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "address-other-province": ("lead", ("note", ""), ("note", "")),
    "travel-impossible": ("lead", ("note", ""), ("note", "")),
    "sessions-overlap-other-address": ("lead", ("verify", ""), ("verify", "")),
    "sessions-overlap": ("lead", ("note", ""), ("note", "")),
    "address-shared-across-employers": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "address-shared-in-employer": ("lead", ("note", ""), ("note", "")),
    "address-hand-over": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "sessions-in-lock-step": ("lead", ("verify", ""), ("verify", "")),
    "sessions-in-fixed-order": ("lead", ("verify", ""), ("verify", "")),
    "learners-copied": ("lead", ("verify", ""), ("verify", "")),
    "session-negative": ("data", ("verify", ""), ("verify", "")),
    "session-zero": ("data", ("note", ""), ("note", "")),
    "total-mismatch": ("data", ("verify", "四.3"), ("note", "")),
    "clock-truncated": ("data", ("note", ""), ("note", "")),
    "clock-synthetic": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "durations-identical": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "rhythm-of-platform": ("data", ("note", ""), ("note", "")),
    "study-faster-than-course": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "course-length-doubtful": ("data", ("note", ""), ("note", "")),
    "session-marathon": ("lead", ("note", ""), ("note", "")),
    "day-too-long": ("lead", ("note", ""), ("note", "")),
    "study-at-night": ("lead", ("note", ""), ("note", "")),
    "session-too-short": ("lead data", ("note", ""), ("note", "")),
    "session-outside-period": ("lead data", ("note", ""), ("note", "")),
    "address-not-public": ("lead data", ("note", ""), ("note", "")),
    "session-unregistered": ("lead data", ("note", ""), ("note", "")),
    "exam-unregistered": ("lead data", ("note", ""), ("note", "")),
    "attendee-not-identified": ("data", ("note", ""), ("note", "")),
    "value-unreadable": ("lead data", ("note", ""), ("note", "")),
    "value-missing": ("lead data", ("note", ""), ("note", "")),
    "row-duplicated": ("lead data", ("note", ""), ("note", "")),
    "field-not-recorded": ("lead data", ("note", ""), ("note", "")),
    "registrations-in-bulk": ("lead", ("note", ""), ("note", "")),
    "phone-shared": ("lead", ("note", ""), ("note", "")),
    "phones-in-sequence": ("lead", ("note", ""), ("note", "")),
    "study-before-registration": ("lead", ("note", ""), ("note", "")),
    "exam-too-fast": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "exam-fast-for-many": ("data", ("note", ""), ("note", "")),
    "exam-impossible": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "scores-clustered": ("lead", ("note", ""), ("note", "")),
    "log-edited-late": ("lead", ("verify-with-second-lead", ""), ("verify-with-second-lead", "")),
    "log-saved-in-batch": ("data", ("note", ""), ("note", "")),
    "record-numbers-out-of-order": ("lead", ("note", ""), ("note", "")),
    "volume-burst": ("lead", ("note", ""), ("note", "")),
    "claim-name-ambiguous": ("data", ("note", ""), ("note", "")),
    "claim-amount-differs": ("breach", ("note", "六.2"), ("note", "")),
    "claim-project-unknown": ("data", None, ("verify", "")),
    "claim-lower-of-two": ("breach", None, ("refuse", "四(一)")),
    "certificate-missing": ("breach", None, ("refuse", "二")),
    "certificate-level-differs": ("data", None, ("verify", "二")),
    "certificate-outside-period": ("breach", None, ("refuse", "二")),
    "certificate-claimed-twice": ("breach", None, ("refuse", "二")),
    "insured-months-too-few": ("breach", None, ("refuse", "二")),
    "trade-not-in-catalogue": ("breach", None, ("note", "二")),
}  # fmt: skip


def head_of(name: str) -> dict[str, Any]:
    return fact.read(rule.FOLDER / f"{name}.sql")[0]


def used(sql: str) -> set[str]:
    return set(re.findall(r"\$([a-z_0-9]+)", sql))


def facts_in(sql: str) -> set[str]:
    """Facts that an SQL text reads; a fact's own table, which it fills, is not among them."""
    trees = [tree for tree in sqlglot.parse(re.sub(r"\$[a-z_]+", "0", sql), dialect="duckdb") if tree]
    made = {table.name for tree in trees if isinstance(tree, exp.Create) for table in tree.find_all(exp.Table)}
    return {table.name for tree in trees for table in tree.find_all(exp.Table)} & set(fact.catalogue()) - made


def closure(names: set[str]) -> set[str]:
    """Facts with the facts they need."""
    return names.union(*(closure(set(fact.catalogue()[name].needs)) for name in names))


def origins(params: set[str]) -> set[str]:
    """Numbers and what they are derived from."""
    return params | {given for name in params for given in DERIVED.get(name, set())}


def reachable(sql: str) -> set[str]:
    """Every number a text depends on, through the facts it reads."""
    found = origins(used(sql))
    for name in facts_in(sql):
        found |= reachable(fact.catalogue()[name].sql)
    return found


def switched_on(name: str) -> Policy:
    """A notice with every rule that it has and does not ask for."""
    notice = policy.load(name)
    return policy.override(notice, dict.fromkeys(notice.optional, "1"), rule.stricter())


def columns(sql: str) -> set[str]:
    tree = sqlglot.parse_one(re.sub(r"\$[a-z_]+", "0", sql), dialect="duckdb")
    assert isinstance(tree, exp.Query)
    return {name for name in tree.named_selects if name}


@pytest.mark.parametrize("name", RULES)
def test_rule_is_documented(name: str) -> None:
    head = head_of(name)
    assert set(head) - {"awaits", "calendar", "line", "needed"} == HEADER
    assert head.get("line", "every") in (*LINES, "every")
    assert set(head.get("awaits", ())) <= set(head["reads"])
    for word in WORDS:
        assert set(head[word]) == {"zh", "en"}
        assert all(text.strip() for text in head[word].values()), word
    assert head["class"] in CLASSES
    assert head["population"] in POPULATIONS
    assert head["subject"] in SUBJECTS
    assert head["unit"] in UNITS
    assert re.fullmatch(r"\d+\.\d+\.\d+", head["since"])
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert all(about["unit"] and about["stricter"] in ("up", "down") for about in head["params"].values())


@pytest.mark.parametrize("name", RULES)
def test_rule_reads_fields_that_exist(name: str) -> None:
    known = {f"{table.name}.{field}" for table in tables().values() for field in table.columns} | {"exams.$grade"}
    assert {field for need in head_of(name)["reads"] for field in need.split("|")} <= known


@pytest.mark.parametrize("name", RULES)
def test_rule_declares_its_numbers(name: str) -> None:
    sql, declared = rule.catalogue()[name].sql, set(head_of(name)["params"])
    assert used(sql) <= declared
    assert declared <= reachable(sql)
    for notice in map(policy.load, POLICIES):
        if name in notice.rules:
            assert declared <= set(fact.numbers(notice)), notice.id


@pytest.mark.parametrize("name", list(fact.catalogue()))
def test_fact_is_documented(name: str) -> None:
    head, sql = fact.read(fact.FOLDER / f"{name}.sql")
    assert set(head) == {"title", "why", "needs", "params"}
    assert all(head[word][language].strip() for word in ("title", "why") for language in ("zh", "en"))
    assert set(head["needs"]) <= facts_in(sql)
    assert facts_in(sql) <= closure(set(head["needs"])), "computed in time by luck only"
    declared = set(head["params"])
    assert all(one in declared or DERIVED[one] & declared for one in used(sql))
    assert declared <= origins(used(sql))
    assert any(declared | used(sql) <= set(fact.numbers(policy.load(notice))) for notice in POLICIES)
    assert sql.split("INSERT INTO")[0].count("CREATE TABLE") == 1


@pytest.mark.parametrize("name", RULES)
def test_rule_returns_what_its_header_speaks_of(name: str) -> None:
    head, returned = head_of(name), columns(rule.catalogue()[name].sql)
    assert returned <= set(finding.COLUMNS)
    assert "measured" in returned
    assert set(head["key"]) <= returned
    for rests_on in head["rests_on"]:
        assert set(rests_on.get("from", rests_on["on"])) <= returned
        assert set(re.findall(r"\bf\.(\w+)", rests_on.get("where", ""))) <= set(finding.COLUMNS)
    shown: dict[str, set[str]] = {}
    for language, text in head["message"].items():
        shown[language] = set()
        for inside in re.findall(r"\{([^{}]*)\}", text):
            value, _, form = re.split(r"[|?]", inside)[0].partition(":")
            assert value in returned or NAMED.get(value, set()) & returned, inside
            assert form in FORMATS, inside
            shown[language].add(value)
    assert shown["zh"] >= shown["en"]
    if {"table", "field"} & {inside.partition(":")[2] for inside in re.findall(r"\{([^{}]*)\}", head["message"]["zh"])}:
        assert "table_name" in returned


@pytest.mark.parametrize("name", RULES)
def test_rule_decides_as_verdicts_say(name: str) -> None:
    cls, *said = VERDICTS[name]
    assert head_of(name)["class"] in cls.split()
    for notice, expected in zip(("taicang-2021", "wuxi-2023"), said, strict=True):
        book = policy.load(notice)
        assert book.rules.get(name) == (expected[0] if expected else None), notice
        if expected and expected[1]:
            assert book.clause_of.get(name) == expected[1], notice
    assert "refuse" not in {one[0] for one in said if one} or cls == "breach"


@pytest.mark.parametrize("name", RULES)
def test_rule_has_cases(name: str) -> None:
    found = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    assert {case["kind"] for case in found} == {"passing", "failing", "limit"}
    citing = [notice for notice in map(switched_on, POLICIES) if name in notice.rules]
    assert {case["policy"] for case in found} <= {notice.id for notice in citing}
    numbers = {tuple(fact.numbers(notice)[one] for one in sorted(head_of(name)["params"])) for notice in citing}
    if len(numbers) > 1 or len({notice.rules[name] for notice in citing}) > 1:
        assert {case["policy"] for case in found} == {notice.id for notice in citing}
    assert len({case["name"] for case in found}) == len(found)
    for case in found:
        if cited := re.match(r"(\S+?)：“(.+?)”", case["because"]):
            assert cited[2] in policy.load(case["policy"]).clause(cited[1]).quote, case["because"]
        assert case["because"].strip()


def test_no_case_without_a_rule() -> None:
    assert sorted(path.stem for path in CASES.glob("*.toml")) == RULES


def test_every_rule_is_cited() -> None:
    cited = {name for notice in POLICIES for name in switched_on(notice).rules}
    assert cited == set(RULES)


@pytest.mark.parametrize("notice", [policy.load(name) for name in POLICIES], ids=lambda notice: notice.id)
def test_optional_rules_wait_for_their_number(notice: Policy) -> None:
    """Whose number is its own: without it the rule is not there, and what uses it is that rule only."""
    assert len({one.rule for one in notice.optional.values()}) == len(notice.optional)
    for name, one in notice.optional.items():
        assert one.rule not in notice.rules and name not in notice.params
        assert one.effect != "refuse" and one.reason["zh"].strip() and one.reason["en"].strip()
        head = head_of(one.rule)
        assert head["params"][name]["unit"] == one.unit
        assert [other for other in RULES if name in head_of(other)["params"]] == [one.rule]
        assert set(head["params"]) <= set(fact.numbers(policy.override(notice, {name: "1"}, rule.stricter())))


@pytest.mark.parametrize("notice", [policy.load(name) for name in POLICIES], ids=lambda notice: notice.id)
def test_words_of_a_notice(notice: Policy) -> None:
    assert len({one.id for one in notice.topics}) == len(notice.topics)
    assert sum(one.otherwise for one in notice.topics) <= 1
    for one in notice.topics:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", one.id) and all(one.label[lang].strip() for lang in ("zh", "en"))
        assert one.words and all(re.fullmatch(r"\w+", word) and word == word.lower() for word in one.words), one.id
        assert notice.clause(one.clause).rules["topic-not-covered"]
    assert set(notice.benefits) <= {"same", "other", "general"}
    assert all(re.fullmatch(r"\w+", word) for word in notice.benefits.get("general", ()))


@pytest.mark.parametrize("notice", [policy.load(name) for name in POLICIES], ids=lambda notice: notice.id)
def test_notice(notice: Policy) -> None:
    assert notice.id == notice.path.stem
    known = {f"{table.name}.{field}" for table in tables().values() for field in table.columns}
    ids = [clause.id for clause in notice.clauses]
    assert len(set(ids)) == len(ids)
    assert {notice.amount_clause, notice.period_clause} <= set(ids)
    assert set(notice.rules) <= set(RULES)
    for clause in notice.clauses:
        assert clause.summary["zh"].strip() and clause.summary["en"].strip(), clause.id
        longest = 100 if clause.fields else 80  # whoever is told that a field is missing reads where it is asked for
        assert clause.quote.strip() and len(clause.quote) <= longest, (clause.id, len(clause.quote))
        assert clause.manual is None or (clause.manual["zh"].strip() and clause.manual["en"].strip()), clause.id
        assert not clause.per_claim or clause.manual, clause.id
        assert {field for wanted in clause.fields for field in wanted.split("|")} <= known
    for lead in notice.leads.values():
        assert lead.reason["zh"].strip() and lead.reason["en"].strip(), lead.rule
        assert set(lead.corroborates) <= set(notice.rules), lead.rule
    for words in (notice.title, notice.issuer):
        assert words["zh"].strip() and words["en"].strip()


@pytest.mark.parametrize("notice", [policy.load(name) for name in POLICIES], ids=lambda notice: notice.id)
def test_notice_gives_no_number_in_vain(notice: Policy) -> None:
    wanted = {name for one in notice.rules for name in head_of(one)["params"]}
    wanted |= {name for one in fact.catalogue().values() for name in used(one.sql)}
    assert set(notice.params) <= origins(wanted)
    sources = [(tuple(clause.rules), clause.params) for clause in notice.clauses]
    sources += [((lead.rule,), lead.params) for lead in notice.leads.values()]
    for rules, params in sources:  # a number stands with a rule that reads it
        assert set(params) <= {name for one in rules for name in origins(set(head_of(one)["params"]))}, rules


def texts() -> list[tuple[str, str]]:
    """Every text of ours a machine may write; a clause's quote is the notice's."""
    places = [path for ending in ("py", "sql", "toml") for path in PACKAGE.rglob(f"*.{ending}")]
    places += [path for name in ("schemas", "reports") for path in folder(name).rglob("*") if path.is_file()]
    found = [(path.name, path.read_bytes().decode("utf-8", "ignore")) for path in places]
    return [(name, re.sub(r'(?m)^quote = ".*"$', "", text)) for name, text in found]


def test_no_machine_accuses() -> None:
    assert [name for name, text in texts() if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("table", list(tables().values()), ids=lambda table: table.name)
def test_schema(table: Table) -> None:
    owners: dict[str, str] = {}
    for column in table.columns.values():
        assert column.aliases and column.example and column.label["zh"] and column.label["en"], column.name
        for alias in column.aliases:
            assert owners.setdefault(normal(alias), column.name) == column.name, alias
        assert table.headers.get(normal(column.label["zh"])) == column.name, column.label["zh"]
        assert table.headers.get(normal(column.name)) in (None, column.name), column.name
    assert {field for group in table.one_of for field in group} | set(table.marks) <= set(table.columns)
