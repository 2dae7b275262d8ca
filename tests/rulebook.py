"""The rule book as a page, made from the rules and the notices: `python -m tests.rulebook` writes docs/rules*.md."""

from pathlib import Path

from auditor import policy, rule

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"zh": "rules.zh-CN.md", "en": "rules.md"}
WORDS = {
    "title": ("规则手册", "Rule book"),
    "intro": (
        "由规则文件和政策文件生成，不要手工修改。引文是通知原文；影响：不支持、待核实、提示。",
        "Made from the rules and the notices; not to be edited by hand. Quotes are the notices' own words.",
    ),
    "why": ("为什么", "Why"),
    "fix": ("下一步", "What to do"),
    "false_positives": ("可能的正常原因", "Innocent explanations"),
    "reads": ("所需字段", "Fields it needs"),
    "params": ("数值", "Numbers"),
    "population": ("适用人群", "Population"),
    "no_clause": ("通知没有条文；理由", "No clause; reason"),
    "clause": ("条款", "Clause"),
    "reason": ("理由", "reason"),
    "overview": ("总表", "Overview"),
    "overview_intro": (
        "每格依次是：对申领的影响、条款、分值。分值是疑点在排列核查先后时所加的分，不是判定，"
        "也不是概率；没有写的为 0。"
        "一人的得分是涉及此人的各种疑点的分值之和；组的得分是各成员得分之和。",
        "Each cell: the effect on a claim, the clause, the weight. A weight is what a lead adds to the score by "
        "which people are listed for checking, no verdict and no probability; where there is none it is 0. "
        "A person's score is the sum of the weights of the different leads, a group's the sum of its members' scores.",
    ),
    "rule": ("规则", "Rule"),
    "weight": ("分值", "Weight"),
    "corroborates": ("可作第二项的疑点", "Second leads"),
    "absent": ("没有这条规则", "not in this notice"),
    "breach": ("不符合", "breach"),
    "lead": ("疑点", "lead"),
    "data": ("数据质量", "data quality"),
    "refuse": ("不支持", "not supported"),
    "verify": ("待核实", "to verify"),
    "verify-with-second-lead": ("有第二项疑点时待核实", "to verify with a second lead"),
    "note": ("提示", "note"),
    "claimed": ("申领的人（没有申请名单时为注册的人）", "people claimed for (without a claim list, registered)"),
    "registered": ("注册的人", "registered people"),
    "all": ("全部", "everybody"),
}


def page(language: str) -> str:
    """The whole page in Markdown."""
    w = {key: words[language == "en"] for key, words in WORDS.items()}
    notices = [policy.load(name) for name in policy.names()]
    lines = [f"# {w['title']}", "", w["intro"], "", *_overview(notices, language, w)]
    for one in rule.catalogue().values():
        lines += [
            f"## {one.title[language]} `{one.id}`",
            "",
            f"{w[one.cls]} · {w['population']}: {w[one.population]}",
            "",
        ]
        for key, said in (("why", one.why), ("false_positives", one.false_positives), ("fix", one.fix)):
            lines.append(f"- **{w[key]}**: {said[language]}")
        if one.reads:
            lines.append(f"- **{w['reads']}**: {', '.join(f'`{name}`' for name in one.reads)}")
        for notice in notices:
            lines.append(f"- **{notice.title[language]}** ({notice.id}): {_cited(one, notice, language, w)}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _overview(notices: list[policy.Policy], language: str, w: dict[str, str]) -> list[str]:
    """A table of the rules of each class: the effect, the clause and the weight under each notice."""
    lines = [f"## {w['overview']}", "", w["overview_intro"], ""]
    for cls in rule.CLASSES:
        lines += [f"### {w[cls]}", "", _row([w["rule"], *(notice.id for notice in notices)])]
        lines.append("|---" * (1 + len(notices)) + "|")
        for one in rule.catalogue().values():
            if one.cls == cls:
                cells = [f"{one.title[language]} `{one.id}`", *(_brief(one, notice, w) for notice in notices)]
                lines.append(_row(cells))
        lines.append("")
    return lines


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _brief(one: rule.Rule, notice: policy.Policy, w: dict[str, str]) -> str:
    if one.id not in notice.rules:
        return "–"
    parts = [w[notice.rules[one.id]], notice.clause_of.get(one.id, "")]
    lead = notice.leads.get(one.id)
    return " ".join(filter(None, [*parts, f"+{lead.weight}" if lead and lead.weight else ""]))


def _cited(one: rule.Rule, notice: policy.Policy, language: str, w: dict[str, str]) -> str:
    if one.id not in notice.rules:
        return w["absent"]
    effect = w[notice.rules[one.id]]
    numbers = ", ".join(f"`{name}` = {notice.params[name]}" for name in one.params if name in notice.params)
    behind = f"; {w['params']}: {numbers}" if numbers else ""
    lead = notice.leads.get(one.id)
    if lead and lead.weight:
        behind += f"; {w['weight']}: {lead.weight}"
    if lead and lead.corroborates:
        behind += f"; {w['corroborates']}: {', '.join(f'`{name}`' for name in lead.corroborates)}"
    if one.id in notice.clause_of:
        clause = notice.clause(notice.clause_of[one.id])
        reason = f"; {w['reason']}: {lead.reason[language]}" if lead else ""
        return f"{effect}; {w['clause']} {clause.id} “{clause.quote}”{reason}{behind}"
    return f"{effect}; {w['no_clause']}: {notice.leads[one.id].reason[language]}{behind}"


def main() -> None:
    for language, name in PAGES.items():
        (DOCS / name).write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
