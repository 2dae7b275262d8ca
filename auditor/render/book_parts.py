"""The sheets of workpapers.xlsx that hold several tables (conclusion, completeness), and its list of settings."""

from typing import Any

from auditor.render.book import Book, Column, Sheet, Value
from auditor.render.page_parts import VERDICTS
from auditor.render.paper_words import Words, day, number, yuan
from auditor.report import Report

Row = list[Value]


def rule_numbers(report: Report) -> dict[str, str]:
    """Rule → R-nn, as in report.html."""
    return {rule["id"]: f"R-{place:02}" for place, rule in enumerate(report.rules, 1)}


def conclusion(report: Report, words: Words, book: Book) -> None:
    """The numbers of part 1 of report.html; the employers stand last, for they may be many."""
    w: Any = words.sections
    sheet = book.sheet(w.book.conclusion, w.book.conclusion_note, (38, *8 * (15,)))
    for text in _policy(report, words) + _sentences(report, words):
        sheet.line(text)
    if report.problems:
        sheet.part(w.conclusion.problems)
        for problem in report.problems:
            sheet.line(problem)
    _totals(report, w, sheet)
    if report.conclusion["per_claim"]:
        sheet.part(w.per_claim.heading)
        sheet.line(w.per_claim.intro)
        for item in report.conclusion["per_claim"]:
            sheet.line(f"T-{item['clause']} {item['manual']}")
    _by_rule(report, w, sheet)
    _employers(report, w, sheet)


def _policy(report: Report, words: Words) -> list[str]:
    w: Any = words.sections
    policy = report.policy
    period = w.title.period_value.format(first=day(policy["period_from"]), last=day(policy["period_to"]))
    said = [
        (w.book.policy, f"{policy['title']}{w.page.paren.format(text=policy['number'] or w.title.no_number)}"),
        (w.title.period, period),
        (w.title.amount, w.title.amount_value.format(yuan=yuan(policy["amount_fen"]))),
        (w.title.edition, getattr(w.edition, report.run["edition"])),
    ]
    return [f"{name}{w.page.colon}{value}" for name, value in said] + [w.title.machine]


def _sentences(report: Report, words: Words) -> list[str]:
    w: Any = words.sections
    c, money = w.conclusion, report.money
    rules = {rule["id"]: rule["title"] for rule in report.rules}
    no = rule_numbers(report)
    claimed = report.conclusion["claim_list"]
    if claimed:
        counts = {name: number(money[name]) for name in ("claims", "persons", *VERDICTS)}
        sums = {f"{name}_yuan": yuan(money[f"{name}_fen"]) for name in VERDICTS}
        said = [c.money.format(**counts, **sums, claimed=yuan(money["claimed_fen"]))]
        if money["not_supported_fen"]:
            said.append(c.reduce.format(yuan=yuan(money["not_supported_fen"])))
        if money["to_verify_fen"]:
            said.append(c.pending.format(yuan=yuan(money["to_verify_fen"])))
        if apart := words.apart(money):
            said.append(apart)
        if money["paid_fen"] is not None:
            said.append(c.paid.format(paid=yuan(money["paid_fen"]), refused=yuan(money["paid_not_supported_fen"] or 0)))
    else:
        verdicts = report.people["verdicts"]
        counts = {name: number(verdicts[name]) for name in VERDICTS}
        said = [c.people.format(total=number(sum(verdicts.values())), **counts)]
    if beside := words.beside(report):
        said.insert(1, beside)
    if blocked := report.conclusion["blocked"]:
        names = w.page.comma.join(f"{no[name]} {rules[name]}" for name in blocked)
        follows = c.blocked_claims if claimed else c.blocked_people
        said.append(f"{c.blocked}{names}{w.page.semicolon}{follows}")
    counts = {name: str(count) for name, count in report.conclusion["clauses"].items()}
    meets = c.meets
    if not report.conclusion["meets"]:
        parts = []
        for outcome in ("not_met", "not_evaluated", "error"):
            ids = [f"T-{clause['id']}" for clause in report.clauses if clause["outcome"] == outcome]
            if ids:
                listed = w.page.paren.format(text=w.page.comma.join(ids))
                parts.append(getattr(c, f"meets_{outcome}").format(count=len(ids)) + listed)
        if blocked:
            parts.append(c.meets_blocked.format(count=len(blocked)))
        meets = c.meets_not + w.page.gap + w.page.semicolon.join(parts) + w.page.stop
    listed = c.clauses.format(total=len(report.clauses), **counts)
    if report.conclusion["clauses"]["error"]:
        listed += w.page.gap + c.clauses_error.format(**counts)
    return [*said, meets + w.page.gap + listed]


def _totals(report: Report, w: Any, sheet: Sheet) -> None:
    money, persons = report.money, report.people["verdicts"]
    if not report.conclusion["claim_list"]:
        sheet.part(w.money.heading_people)
        sheet.head([Column(w.money.verdict, 0), Column(w.money.persons, 0, "count")])
        since = sheet.row
        for name in VERDICTS:
            sheet.put([getattr(w.verdict, name), persons[name]])
        sheet.total([w.page.total, sum(persons.values())], since)
        return
    sheet.part(w.money.heading)
    sheet.head([Column(w.money.verdict, 0), Column(w.money.claims, 0, "count"), Column(w.money.persons, 0, "count"),
                Column(w.money.yuan, 0, "money")])  # fmt: skip
    since = sheet.row
    for name in VERDICTS:
        sheet.put([getattr(w.verdict, name), money[name], persons[name], money[f"{name}_fen"] / 100])
    sheet.total([w.page.total, money["claims"], money["persons"], money["claimed_fen"] / 100], since)
    same = sum(money[name] for name in VERDICTS) == money["claims"]
    same = same and sum(money[f"{name}_fen"] for name in VERDICTS) == money["claimed_fen"]
    same = same and sum(persons.values()) == money["persons"]
    differs = w.money.differs.format(total=yuan(money["claimed_fen"]))
    sheet.line(w.money.agrees if same else differs, "line" if same else "loud")
    sheet.line(w.book.persons_note)
    _lines(report, w, sheet)


def _lines(report: Report, w: Any, sheet: Sheet) -> None:
    """The money by line of subsidy, as the columns of the employers have it."""
    sheet.part(w.book.by_line)
    columns = _columns(w, w.book.line, claimed=True)
    sheet.head(columns)
    since = sheet.row
    names = [*VERDICTS, "claims", *(f"{part}_fen" for part in (*VERDICTS, "claimed"))]

    def values(line: Any) -> Row:
        return [line[name] / 100 if name.endswith("_fen") else line[name] for name in names]

    for line in report.money["lines"]:
        sheet.put([line["label"] + w.page.paren.format(text=f"T-{line['clause']}"), *values(line)])
    sheet.total([w.page.total, *values(report.money)], since)


def _columns(w: Any, first: str, claimed: bool) -> list[Column]:
    """What is counted of each employer or line: claims (or people) by verdict, and the money."""
    unit = w.page.paren.format(text=w.money.claims if claimed else w.money.persons)
    heads = [getattr(w.verdict, name) for name in VERDICTS] + [w.money.claimed if claimed else w.page.total]
    money = [getattr(w.book, name) for name in (*VERDICTS, "claimed")] if claimed else []
    return [Column(first, 0), *(Column(f"{head}{unit}", 0, "count") for head in heads),
            *(Column(head, 0, "money") for head in money)]  # fmt: skip


def _by_rule(report: Report, w: Any, sheet: Sheet) -> None:
    """Persons, claims and overlapping money of each rule, and the column that may be added up."""
    claimed, f = report.conclusion["claim_list"], vars(w.finding)
    columns = [Column(f["rule"], 0), Column(f["class"], 0), Column(f["clause"], 0), Column(f["findings"], 0, "count"),
               Column(f["persons"], 0, "count")]  # fmt: skip
    if claimed:
        columns += [Column(f["claims"], 0, "count"), Column(f["claims_fen"], 0, "money"),
                    Column(f["once_fen"], 0, "money")]  # fmt: skip
    sheet.part(w.book.by_rule)
    sheet.line(f["overlap"] if claimed else f["overlap_people"])
    sheet.head(columns, above=(6, w.book.do_not_add) if claimed else None)
    no, since = rule_numbers(report), sheet.row
    for rule in report.rules:
        if not rule["findings"] and not rule["counted_once_fen"]:
            continue
        row: Row = [f"{no[rule['id']]} {rule['title']}", getattr(w, "class").__dict__[rule["class"]],
                    rule["clause"] or w.finding.no_clause, rule["findings"], rule["persons"]]  # fmt: skip
        if claimed:
            row += [rule["claims"], rule["claims_fen"] / 100, rule["counted_once_fen"] / 100]
        sheet.put(row)
    if claimed:
        money, once = report.money, sum(rule["counted_once_fen"] for rule in report.rules)
        sheet.total([w.finding.once_sum, *6 * (None,), once / 100], since)
        rest = money["not_supported_fen"] + money["to_verify_fen"] - money["excess_fen"] - once
        check = w.finding.once_check.format(once=yuan(once), refused=yuan(money["not_supported_fen"]),
                                            verify=yuan(money["to_verify_fen"]),
                                            excess=yuan(money["excess_fen"]))  # fmt: skip
        sheet.line(check + (w.finding.once_rest.format(rest=yuan(rest)) if rest else w.finding.once_agrees))


def _employers(report: Report, w: Any, sheet: Sheet) -> None:
    claimed = report.conclusion["claim_list"]
    sheet.part(w.money.employers if claimed else w.money.employers_people)
    counts, money = (*VERDICTS, "claims"), (*VERDICTS, "claimed") if claimed else ()
    columns = _columns(w, w.money.employer, claimed)

    def row(name: str, values: Any) -> Row:
        return [name, *(values[part] for part in counts), *(values[f"{part}_fen"] / 100 for part in money)]

    sums = {part: sum(employer[part] for employer in report.employers) for part in counts}
    sums |= {f"{part}_fen": sum(employer[f"{part}_fen"] for employer in report.employers) for part in money}
    same = sums["claims"] == sum(report.people["verdicts"].values())
    if claimed:
        same = all(value == report.money[name] for name, value in sums.items())
    sheet.line(w.money.employers_agree if same else w.money.employers_differ, "line" if same else "loud")
    head = sheet.row
    sheet.head(columns)
    for employer in report.employers:
        marks = [employer["district"] or "", w.money.dispatch if employer["dispatch"] else ""]
        known = w.page.comma.join(filter(None, marks))
        name = employer["employer"] or w.page.no_employer
        sheet.put(row(name + (w.page.paren.format(text=known) if known else ""), employer))
    sheet.filter(head, len(columns))
    sheet.total(row(w.page.total, sums), head + 1, "SUBTOTAL")


def data(report: Report, words: Words, book: Book) -> None:
    """Rows of every sheet, the findings of data quality, and how the columns were recognised."""
    w: Any = words.sections
    d = w.data
    sheet = book.sheet(w.book.data, w.book.data_note, (10, 34, 16, 16, 10, 11, 11, 11, 50, 10))
    head = sheet.row
    sheet.head([Column(w.page.index, 0), Column(d.file, 0), Column(d.sheet, 0), Column(d.table, 0),
                Column(w.book.header_row, 0, "plain"), Column(d.rows, 0, "count"), Column(d.read, 0, "count"),
                Column(d.aside, 0, "count"), Column(d.reasons, 0), Column(d.check, 0)])  # fmt: skip
    for place, source in enumerate(report.completeness, 1):
        reasons = source["set_aside"].items()
        lost = source["rows"] - source["read"] - sum(source["set_aside"].values())
        sheet.put([
            f"F-{place:02}", source["file"], source["sheet"], source["label"] or d.unknown, source["header_row"],
            source["rows"], source["read"], sum(source["set_aside"].values()),
            w.page.semicolon.join(
                d.reason.format(reason=getattr(w.aside, reason), count=number(count)) for reason, count in reasons
            ),
            d.differs.format(count=number(lost)) if lost else d.agrees,
        ])  # fmt: skip
    sheet.filter(head, 10)
    rows, read = (sum(source[name] for source in report.completeness) for name in ("rows", "read"))
    sheet.total([None, w.page.total, None, None, None, rows, read, rows - read, None, None], head + 1, "SUBTOTAL")
    sheet.part(d.inputs)
    sheet.line(d.inputs_intro)
    for file in report.inputs:
        size = w.book.input_value.format(bytes=number(file["bytes"]))
        sheet.line(f"{file['file']}{w.page.pause}{size}{w.page.pause}{d.sha256} {file['sha256']}")
    sheet.part(d.problems)
    for problem in report.problems or [w.page.none]:
        sheet.line(problem)
    _joins(report, w, sheet)
    _quality(report, w, sheet)
    sheet.part(d.columns)
    sheet.line(d.columns_intro)
    sheet.head([Column(w.page.index, 0), Column(w.book.column, 0), Column(w.book.field, 0)])
    for place, source in enumerate(report.completeness, 1):
        for column in source["columns"]:
            sheet.put([f"F-{place:02}", column["header"], column["label"]])
        for header in source["unrecognised"]:
            sheet.put([f"F-{place:02}", header, d.unknown])


def _joins(report: Report, w: Any, sheet: Sheet) -> None:
    if not report.joins:
        return
    d = w.data
    sheet.part(d.joins)
    sheet.line(d.joins_intro)
    sheet.head([Column(d.table, 0), Column(d.joins_key, 0), Column(d.joins_rows, 0, "count"),
                Column(d.joins_people, 0, "count")])  # fmt: skip
    for join in report.joins:
        sheet.put([join["label"], getattr(w.join, join["key"]), join["rows"], join["people"]])


def _quality(report: Report, w: Any, sheet: Sheet) -> None:
    found = [rule for rule in report.rules if rule["class"] == "data" and rule["findings"]]
    sheet.part(w.data.quality)
    if not found:
        sheet.line(w.data.quality_none)
        return
    f, no = w.finding, rule_numbers(report)
    sheet.head([Column(w.page.index, 0), Column(f.rule, 0), Column(f.clause, 0), Column(f.findings, 0, "count"),
                Column(f.persons, 0, "count"), Column(w.verdict.not_supported, 0, "count"),
                Column(w.verdict.to_verify, 0, "count"), Column(w.book.note_count, 0, "count"),
                Column(f.next, 0)])  # fmt: skip
    for rule in found:
        notes = rule["findings"] - rule["refused"] - rule["to_verify"]
        sheet.put([no[rule["id"]], rule["title"], rule["clause"] or f.no_clause, rule["findings"], rule["persons"],
                   rule["refused"], rule["to_verify"], notes, rule["fix"]])  # fmt: skip


def settings(report: Report, words: Words) -> list[Row]:
    """What a reader needs to repeat the audit: kind, name, value, clause, remark. No clock."""
    w: Any = words.sections
    b, policy, run = w.book, report.policy, report.run
    overrides = w.page.semicolon.join(f"{name} = {value}" for name, value in sorted(run["overrides"].items()))
    period = w.title.period_value.format(first=day(policy["period_from"]), last=day(policy["period_to"]))
    given = [(name, said) for name, said in report.engagement.items() if hasattr(w.engagement, name)]
    rows: list[Row] = [
        [b.engagement, getattr(w.engagement, name), said or w.engagement.blank, None, None] for name, said in given
    ]
    rows += [
        [b.this_run, w.title.version,
         w.title.version_value.format(version=run["version"], policy=policy["id"]), None, None],
        [b.this_run, w.title.edition, getattr(w.edition, run["edition"]), None,
         getattr(w.edition, f"{run['edition']}_note")],
        [b.this_run, w.title.reading, getattr(w.reading_name, run["reading"]), None,
         getattr(w.reading_how, run["reading"])],
        [b.this_run, w.title.overrides, overrides or w.page.none, None, None],
        [b.policy, w.title.number, policy["number"] or w.title.no_number, None, policy["title"]],
        [b.policy, w.title.issuer, policy["issuer"], None, None],
        [b.policy, w.title.date, policy["date"], None, None],
        [b.policy, w.title.period, period, f"T-{policy['period_clause']}", w.method.dates_zone],
        [b.policy, w.title.amount, w.title.amount_value.format(yuan=yuan(policy["amount_fen"])),
         f"T-{policy['amount_clause']}", None],
    ]  # fmt: skip
    rows += [[b.policy_reading, None, None, reading["clause"], reading["text"]] for reading in policy["readings"]]
    rows += _parameters(report, words)
    for reading in report.readings:
        counts = w.clause.count.format(persons=number(reading["passing"]), size=number(reading["of"]))
        decides = w.reading.decides if reading["deciding"] else w.reading.decides_not
        rows.append([w.reading.passing, getattr(w.reading_name, reading["reading"]),
                     counts if reading["applicable"] else w.reading.not_applicable, None,
                     f"{getattr(w.reading_how, reading['reading'])}{w.page.semicolon}{decides}"])  # fmt: skip
    rows += [
        [w.reading.events, f"{one['label']} {one['rule']}", words.hms(one["total_s"]), None,
         w.reading.events_chosen if one["deciding"] else w.reading.decides_not] for one in report.events
    ]  # fmt: skip
    for file in report.inputs:
        size = b.input_value.format(bytes=number(file["bytes"]))
        rows.append([b.input, file["file"], size, None, f"SHA-256 {file['sha256']}"])
    return rows


def _parameters(report: Report, words: Words) -> list[Row]:
    """Every number of the policy with the clauses of the rules that read it; of a lead's, the reason for it."""
    w: Any = words.sections
    no = rule_numbers(report)
    reasons = {name: lead["reason"] for lead in report.policy["leads"] for name in lead["params"]}
    rows: list[Row] = []
    for name, value in sorted(report.policy["params"].items()):
        users = [rule for rule in report.rules if name in {p["name"].removesuffix("_c") for p in rule["params"]}]
        unit = next((p["unit"] for rule in users for p in rule["params"] if p["name"] == name), "score")
        clauses = sorted({f"T-{rule['clause']}" for rule in users if rule["clause"]}) if name not in reasons else []
        used = [f"{no[rule['id']]} {rule['title']}" for rule in users]
        remark = w.page.comma.join(used) and f"{w.method.used}{w.page.colon}{w.page.comma.join(used)}"
        rows.append([
            w.method.param, f"{getattr(w.param, name, name)} {name}",
            words.param(value, name, unit if users else ""), w.page.comma.join(clauses) or w.finding.no_clause,
            w.page.semicolon.join(text for text in (reasons.get(name), remark) if text),
        ])  # fmt: skip
    return rows
