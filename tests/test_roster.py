"""The roster: which sheet is one, what it joins, what it never guesses, and what the papers say of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest
from harness import Result, Row, Tables, honest, identity, learner, merge, person_name, run_audit, write_table
from python_calamine import CalamineWorkbook

from auditor import audit, nickname, policy
from auditor.fault import Exit, Fault
from auditor.intake.load import Intake, load
from auditor.intake.recognise import best_fit
from auditor.intake.sheet import Sheet

NOTICE = "taicang-2021"
RULE = "attendee-not-identified"
NOBODY, SEVERAL, DEVICE, ADDITION, PARTS = "没有这个名字", "不止一人", "两个名字共用", "另有内容", "两部分"


def listed(number: int, **other: str) -> Row:
    """A row of the roster for the `number`th invented person."""
    row = {"name": person_name(number), "id_number": identity(number), "employer": "甲厂"}
    return row | {"phone": f"1990000{number:04}", "account": f"A{number:04}"} | other


def meeting(numbers: list[int], **who: str) -> Tables:
    """Honest people whose sessions carry no identity number but only `who`, where {name} is the person's name, {phone}
    the phone and {account} the staff number."""
    parts = []
    for number in numbers:
        tables = learner(policy.load(NOTICE), number, "甲厂")
        known = {"name": person_name(number), "phone": f"1990000{number:04}", "account": f"A{number:04}"}
        said = {field: text.format(**known) for field, text in who.items()}
        for row in tables["sessions"]:
            for field in ("id_number", "name", "employer", "total_time"):
                row.pop(field, None)
            row.update(said)
        for row in tables["registrations"]:
            row.pop("phone")
        parts.append(tables)
    return merge(*parts)


def nicknames(*args: Any, **options: Any) -> Intake:
    """Reading, where a layout says that the sessions name people by nicknames."""
    intake = load(*args, **options)
    for source in intake.sources:
        source.nicknamed = source.table == "sessions"
    return intake


def verdict(result: Result, number: int) -> str:
    (found,) = result.people.filter(pl.col("id_number") == identity(number))["verdict"]
    return str(found)


def unidentified(result: Result) -> list[tuple[str, int]]:
    """Message and candidates of each row group that was not joined."""
    found = result.findings.filter(pl.col("rule") == RULE)
    assert set(found["effect"]) <= {"note"}
    return sorted(found.select("message", "measured").rows())


FORMS: dict[str, list[Row]] = {
    "account": [{"account": "{account}"}, {"account": "{account}", "phone": "{phone}"}],
    "phone": [
        {"account": "zoom-{account}", "phone": "{phone}"},
        {"phone": "{phone}", "name": "某人"},
        {"phone": "+86 {phone}"},
        {"name": "{name} {phone}"},
        {"name": "sunny{phone}"},
    ],
    "name": [
        {"name": "{name}"},
        {"name": " {name}　"},
        {"name": "sunny（{name}）"},
        {"name": "{name}({name})"},
        {"name": "({name})"},
        {"name": "{name}-甲公司({name})"},
    ],
}


@pytest.mark.parametrize("key", FORMS)
def test_a_row_is_joined_by_the_strongest_key(key: str, tmp_path: Path) -> None:
    """Two people of each form, and one more of the roster for each."""
    forms = list(enumerate(FORMS[key]))
    tables = merge(*(meeting([3 * place, 3 * place + 1], **who) for place, who in forms))
    made = run_audit(tables | {"roster": [listed(number) for number in range(3 * len(forms))]}, NOTICE, tmp_path)
    for place, who in forms:
        assert [verdict(made, 3 * place + more) for more in (0, 1)] == ["supported"] * 2, who
    assert unidentified(made) == []
    (of_sessions,) = [join for join in made.report.joins if join["table"] == "sessions"]
    joined = of_sessions["key"], of_sessions["rows"], of_sessions["people"]
    assert joined == (key, len(tables["sessions"]), 2 * len(forms))
    assert any("须由审计人员确认" in problem for problem in made.report.problems) == (key == "name")
    assert len(made.people) == 2 * len(forms)  # whom only the roster names is nobody of the export


UNCLEAR = [
    ("{name}(主持人)", ADDITION, 1),
    ("{name}（嘉宾）", ADDITION, 1),
    ("{name}(联席主持人)", ADDITION, 1),
    ("{name}(Host)", ADDITION, 1),
    ("{name}&{other}", DEVICE, 2),
    ("{name}＆{other}", DEVICE, 2),
    ("{name}&路人", DEVICE, 1),
    ("{name}&{other}({name})", DEVICE, 2),
    ("{name}-某公司", ADDITION, 1),
    ("001{name}", ADDITION, 1),
    ("{name}2", ADDITION, 1),
    ("{name}({other})", PARTS, 2),
    ("{other}-甲厂({name})", PARTS, 2),
    ("sunny", NOBODY, 0),
    ("sunny(晴天)", NOBODY, 0),
    ("{name} 13800000000", ADDITION, 1),
]


def unclear(place: int) -> str:
    """What person 2 × place + 100 is called, who may be taken for the next one."""
    number = 100 + 2 * place
    return UNCLEAR[place][0].format(name=person_name(number), other=person_name(number + 1))


def crowd() -> Tables:
    """A meeting of people who do not touch each other, a few for each of the tests below; 5 is as honest as clear."""
    parts = [meeting([5], name="{name}") | {"roster": [listed(5)]}]
    for place, number in enumerate(range(100, 100 + 2 * len(UNCLEAR), 2)):
        parts.append(meeting([number], name=unclear(place)) | {"roster": [listed(number), listed(number + 1)]})
    parts += [one_name(), two_employers(), untold(), elsewhere(), one_device(), unregistered()]
    parts += [one_key(place) for place in range(len(KEYS))] + [damaged(place) for place in range(len(DAMAGED))]
    return merge(*parts)


@dataclass(frozen=True)
class Crowd:
    tables: Tables
    made: Result

    def unled(self, *names: str) -> list[tuple[str, int, int]]:
        """Message, candidates and rows of each group of session rows that such names did not lead to anybody."""
        lines = {line for line, row in enumerate(self.tables["sessions"], 2) if row.get("name") in names}
        rows = self.made.evidence.filter(pl.col("source_row").is_in(lines), source_table="sessions")
        found = self.made.findings.filter(pl.col("rule") == RULE).join(rows, on="fingerprint")
        assert set(found["effect"]) <= {"note"}
        return sorted(found.group_by("message", "measured").len().rows())

    def verdicts(self, *numbers: int) -> list[str]:
        return [verdict(self.made, number) for number in numbers]


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    return Crowd(crowd(), run_audit(crowd(), NOTICE, tmp_path_factory.mktemp("crowd")))


def test_whom_the_roster_names_clearly_is_found_among_the_others(met: Crowd) -> None:
    assert met.verdicts(5) == ["supported"] and met.unled(person_name(5)) == []


@pytest.mark.parametrize("place", range(len(UNCLEAR)), ids=[name for name, _, _ in UNCLEAR])
def test_what_may_be_somebody_elses_is_listed_and_never_guessed(place: int, met: Crowd) -> None:
    number, said, (_, why, candidates) = 100 + 2 * place, unclear(place), UNCLEAR[place]
    ((message, measured, rows),) = met.unled(said)
    assert why in message and measured == candidates
    assert f"名字 {said[0]}＊＊" in message and said not in message
    may_be = person_name(number) in said
    assert met.verdicts(number) == ["to_verify" if may_be else "not_supported"]
    assert rows == sum(row.get("name") == said for row in met.tables["sessions"])


def namesakes(name: str, first: int, *employers: str) -> list[Row]:
    return [listed(number, name=name, employer=employer) for number, employer in enumerate(employers, first)]


def called(number: int, name: str, **who: str) -> Tables:
    """The `number`th person, of that name everywhere; the sessions say `who` too."""
    tables = meeting([number], **{"name": name} | who)
    for table in ("registrations", "exams", "claims"):
        for row in tables[table]:
            row["name"] = name
    return tables


def one_name() -> Tables:
    return called(11, "张三") | {"roster": namesakes("张三", 11, "甲厂", "甲厂")}


def test_two_people_of_one_name_are_told_apart_by_nothing(met: Crowd) -> None:
    ((message, candidates, _),) = met.unled("张三")
    assert SEVERAL in message and candidates == 2
    assert met.verdicts(11) == ["to_verify"]
    assert any("1 个姓名在同一单位不止一个身份证号" in problem for problem in met.made.report.problems)


def two_employers() -> Tables:
    people = [called(21, "张四", employer="甲厂"), called(22, "张四", employer="乙厂")]
    return merge(*people) | {"roster": namesakes("张四", 21, "甲厂", "乙厂")}


def untold() -> Tables:
    return called(24, "张五") | {"roster": namesakes("张五", 24, "甲厂", "乙厂")}


def test_namesakes_of_two_employers_are_two_where_the_row_says_which(met: Crowd) -> None:
    assert met.unled("张四") == []
    assert met.verdicts(21, 22) == ["supported"] * 2
    ((message, candidates, _),) = met.unled("张五")
    assert SEVERAL in message and candidates == 2


def elsewhere() -> Tables:
    return called(31, "张六", employer="丙厂") | {"roster": namesakes("张六", 31, "甲厂")}


def test_a_name_of_another_employer_is_nobody(met: Crowd) -> None:
    ((message, candidates, _),) = met.unled("张六")
    assert NOBODY in message and candidates == 0


def absent(*numbers: int) -> Tables:
    """People without a session of any kind."""
    return {table: rows for table, rows in meeting(list(numbers)).items() if table != "sessions"}


def one_device() -> Tables:
    """41 and 42 share a device, 43 has no session of any kind."""
    tables = merge(meeting([41], name=f"{person_name(41)}&{person_name(42)}"), absent(42, 43))
    return tables | {"roster": [listed(number) for number in (41, 42, 43)]}


def test_who_may_be_meant_is_not_refused_and_others_are(met: Crowd) -> None:
    assert met.verdicts(41, 42, 43) == ["to_verify", "to_verify", "not_supported"]


KEYS = [("phone", "19900009999", "手机号属于不止一人"), ("account", "A9999", "工号属于不止一人")]


def one_key(place: int) -> Tables:
    """Two people of one key whom a nickname hides, one without a session, and one with a key of his own."""
    first, (key, shared, _) = 50 + 10 * place, KEYS[place]
    tables = merge(meeting([first], **{key: shared, "name": f"moon{key}"}), absent(first + 1, first + 2))
    tables = merge(tables, meeting([first + 3], **{key: f"{{{key}}}"}))
    keyed = [listed(first, **{key: shared}), listed(first + 1, **{key: shared})]
    return tables | {"roster": [*keyed, listed(first + 2), listed(first + 3)]}


@pytest.mark.parametrize("place", range(len(KEYS)), ids=[key for key, _, _ in KEYS])
def test_a_key_of_two_people_leads_to_neither_and_refuses_neither(place: int, met: Crowd) -> None:
    first, (key, shared, said) = 50 + 10 * place, KEYS[place]
    found = met.verdicts(*range(first, first + 4))
    assert found == ["to_verify", "to_verify", "not_supported", "supported"]
    line = next(line for line, row in enumerate(met.tables["roster"], 2) if row[key] == shared)
    assert any(said in problem and f"花名册.csv 第 {line} 行" in problem for problem in met.made.report.problems)


DAMAGED = ("3.20585E+17", identity(71)[:-1] + ("0" if identity(71)[-1] != "0" else "1"), "")


def damaged(place: int) -> Tables:
    return meeting([70 + place], name="{name}") | {"roster": [listed(70 + place, id_number=DAMAGED[place])]}


@pytest.mark.parametrize("place", range(len(DAMAGED)), ids=DAMAGED)
def test_a_damaged_number_of_the_roster_leads_to_nobody(place: int, met: Crowd) -> None:
    ((message, _, _),) = met.unled(person_name(70 + place))
    assert NOBODY in message
    assert met.verdicts(70 + place) == ["to_verify"]


def test_numbers_that_the_roster_lacks_are_told_without_names(met: Crowd) -> None:
    said = "\n".join(met.made.report.problems)
    assert "花名册有 2 行的身份证号受损" in said and "花名册有 3 行找不到身份证号" in said
    assert not any(person_name(70 + place) in said for place in range(len(DAMAGED)))


def unregistered() -> Tables:
    tables = learner(policy.load(NOTICE), 80, "甲厂") | {"roster": [listed(80)]}
    return {table: rows for table, rows in tables.items() if table != "registrations"}


def test_a_roster_is_no_registration(met: Crowd) -> None:
    assert met.verdicts(80) == ["not_supported"]
    (found,) = met.made.findings.filter(pl.col("rule") == "claim-unregistered")["effect"]
    assert found == "refuse"


def test_an_address_book_without_numbers_leads_on_through_the_registrations(tmp_path: Path) -> None:
    tables = meeting([1, 2], name="{name}")
    for number, row in zip((1, 2), tables["registrations"], strict=True):
        row["phone"] = f"1990000{number:04}"
    tables["roster"] = [{"name": row["name"], "phone": row["phone"]} for row in tables["registrations"]]
    made = run_audit(tables, NOTICE, tmp_path)
    assert [verdict(made, number) for number in (1, 2)] == ["supported"] * 2


def test_without_a_roster_a_name_joins_nothing(tmp_path: Path) -> None:
    made = run_audit(meeting([1, 2], name="{name}"), NOTICE, tmp_path)
    assert [verdict(made, number) for number in (1, 2)] == ["to_verify"] * 2
    assert made.report.joins == [] and unidentified(made) == []


def test_registrations_serve_where_a_layout_says_nicknames(tmp_path: Path) -> None:
    tables = merge(meeting([1], name="小钱({name})"), meeting([2], name="sunny"))
    with mock.patch("auditor.audit.load", nicknames):
        made = run_audit(tables, NOTICE, tmp_path)
    assert [verdict(made, number) for number in (1, 2)] == ["supported", "to_verify"]
    ((message, candidates),) = unidentified(made)
    assert NOBODY in message and candidates == 0
    assert "identity-two-names" not in set(made.findings["rule"])


def test_a_nickname_beside_an_account_is_no_second_name(tmp_path: Path) -> None:
    tables = meeting([1], account="{account}", name="阳光") | {"roster": [listed(1)]}
    with mock.patch("auditor.audit.load", nicknames):
        made = run_audit(tables, NOTICE, tmp_path)
    assert verdict(made, 1) == "supported"


def test_exams_are_joined_too(tmp_path: Path) -> None:
    tables = honest(policy.load(NOTICE), 2, "甲厂")
    for number, row in enumerate(tables["exams"]):
        for field in ("id_number", "employer"):
            row.pop(field)
        if number:
            row.update(name="", phone=f"1990000{number:04}")
    tables["roster"] = [listed(0), listed(1)]
    made = run_audit(tables, NOTICE, tmp_path)
    assert [verdict(made, number) for number in (0, 1)] == ["supported"] * 2
    keys = {(join["table"], join["key"], join["people"]) for join in made.report.joins}
    assert keys == {("sessions", "id_number", 2), ("exams", "phone", 1), ("exams", "name", 1)}


def test_a_roster_alone_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(Fault) as raised:
        run_audit({"roster": [listed(1)]}, NOTICE, tmp_path)
    assert raised.value.code == Exit.UNAUDITABLE


def test_a_roster_of_other_people_changes_nothing(tmp_path: Path) -> None:
    tables = honest(policy.load(NOTICE), 3, "甲厂")
    tables["sessions"] = tables["sessions"][3:]
    alone = run_audit(tables, NOTICE, tmp_path / "alone")
    beside = run_audit(tables | {"roster": [listed(7), listed(8)]}, NOTICE, tmp_path / "beside")
    assert beside.people.equals(alone.people) and beside.claims.equals(alone.claims)
    assert set(beside.findings["rule"]) == set(alone.findings["rule"])


@pytest.mark.parametrize(
    ("file", "header", "table"),
    [
        ("花名册.csv", "姓名,身份证号,手机,工号,单位", "roster"),
        ("通讯录.csv", "姓名,手机号码,部门", "roster"),
        ("甲厂员工名单.csv", "姓名,性别,身份证号码,工号", "roster"),
        ("roster.csv", "name,employee id,phone", "roster"),
        ("a.csv", "序号,姓名,身份证号,手机,工号,单位", "roster"),
        ("a.csv", "姓名,手机,部门,备注", None),
        ("a.csv", "姓名,手机,笔试情况", None),
        ("a.csv", "姓名,手机号,入会时长", None),
        ("a.csv", "身份证号,账号,姓名,手机", "registrations"),
        ("a.csv", "身份证号,账号,姓名,手机,工号,单位,注册时间", "registrations"),
        ("a.csv", "姓名,性别,身份证号,手机,单位", "registrations"),
        ("实名注册.csv", "姓名,身份证号,手机,工号,单位", "registrations"),
        ("学员花名册.csv", "姓名,身份证号,手机,工号,单位", "registrations"),
        ("补贴人员名单.csv", "姓名,身份证号,手机,单位", "claims"),
        ("花名册.csv", "姓名,身份证号,手机,工号,开始时间,结束时间", "sessions"),
        ("参会人员名单.csv", "姓名,手机号,首次入会时刻,累计参会时长", None),
        ("甲厂花名册.csv", "姓名,身份证号,手机,合同期限,开户行", "roster"),
    ],
)
def test_which_sheet_is_a_roster(file: str, header: str, table: str | None) -> None:
    found = best_fit(Sheet(file, "", [header.split(",")], lambda *_: iter(())))
    assert (found.table.name if found else None) == table


def test_a_staff_number_is_the_account_where_there_is_none() -> None:
    def account(header: str) -> str | None:
        found = best_fit(Sheet("学习记录.csv", "", [header.split(",")], lambda *_: iter(())))
        assert found
        return found.names[found.fields["account"]] if "account" in found.fields else None

    assert account("工号,姓名,开始时间,结束时间") == "工号"
    assert account("工号,账号,姓名,开始时间,结束时间") == "账号"


def test_phones_and_names_as_they_are_compared() -> None:
    written = ["138-0000-0000", "+86 13800000000", "86 138 0000 0000", "008613800000000", "138****0000", "1380000000"]
    assert nickname.phones(pl.Series(written)).to_list() == ["13800000000"] * 4 + [None] * 2
    names = ["张 三", "阿依•买买提", "阿依・买买提", "张*", "120", "张某", "Zhang San"]
    keys = ["张三", "阿依·买买提", "阿依·买买提", None, None, None, "ZhangSan"]
    assert nickname.keys(pl.Series(names)).to_list() == keys


def test_papers_tell_how_rows_were_joined_and_whom_they_hide(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    tables = merge(meeting([1], name="{name}"), meeting([2], name="{name}-甲公司")) | {"roster": [listed(1), listed(2)]}
    for table, rows in tables.items():
        write_table(table, rows, source)
    for lang, words in (
        ("zh", ("记录与人的对应", "姓名（须确认）")),
        ("en", ("How rows were joined", "Name (to confirm)")),
    ):
        out = tmp_path / lang
        audit.run([source], policy.load(NOTICE), out, lang=lang)
        page = (out / "report.html").read_text(encoding="utf-8")
        book = " ".join(
            str(cell)
            for sheet in CalamineWorkbook.from_path(out / "workpapers.xlsx").sheet_names
            for row in CalamineWorkbook.from_path(out / "workpapers.xlsx").get_sheet_by_name(sheet).to_python()
            for cell in row
        )
        said = (out / "report.json").read_text(encoding="utf-8")
        assert all(word in page and word in book for word in words)
        for paper in (page, book, said, (out / "audit.duckdb").read_bytes().decode("latin-1")):
            for number in (1, 2):
                assert person_name(number) not in paper and identity(number) not in paper
                assert f"1990000{number:04}" not in paper


def test_the_order_of_rows_and_the_threads_say_nothing(met: Crowd, tmp_path: Path) -> None:
    again = run_audit(met.tables, NOTICE, tmp_path / "two", threads=2)
    assert met.made.report.json() == again.report.json()
    turned = {table: rows[::-1] for table, rows in met.tables.items()}
    other = run_audit(turned, NOTICE, tmp_path / "turned")
    assert other.people.drop("name").equals(met.made.people.drop("name"))
    assert unidentified(other) == unidentified(met.made)


def test_a_staff_number_of_the_roster_is_no_account_of_the_export(tmp_path: Path) -> None:
    """An account that nobody knows may be that of somebody who has none there."""
    tables = honest(policy.load(NOTICE), 3, "甲厂")
    tables["exams"][1] = {"account": "u77", "exam": "结业考试", "score": "80", "result": "合格", "attempt": "1"}
    made = run_audit(tables | {"roster": [listed(1), listed(2)]}, NOTICE, tmp_path)
    assert [verdict(made, number) for number in (0, 1, 2)] == ["supported", "to_verify", "supported"]
