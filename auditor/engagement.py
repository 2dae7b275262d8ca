"""Who asked for the audit, of whom, for when, and who signs it. What is not given is printed as a blank."""

import re
from pathlib import Path

from auditor.fault import Exit, Fault, because

FIELDS = {
    "委托方": "client",
    "被审计平台": "platform",
    "期间": "period",
    "编制人": "prepared_by",
    "复核人": "reviewed_by",
    # for the Word papers
    "审计机构": "auditor",
    "文号": "number",
    "主送": "addressee",
    "抄送": "copied_to",
    "成文日期": "signed_on",
    "联系人": "contact",
    "联系电话": "phone",
    "资料提供人": "supplied_by",
    "资料提供日期": "supplied_on",
    "检查对象": "inspected",
    "统一社会信用代码": "credit_code",
    "检查时间": "inspected_on",
    "检查地点": "place",
    "检查人员一": "inspector_1",
    "检查人员二": "inspector_2",
    "整改期限": "due",
}
_LINE = re.compile(r"([^=:：]+?)\s*[=:：]\s*[\"“]?(.*?)[\"”]?\s*")


def load(path: Path | None) -> dict[str, str | None]:
    """The fields of a text file, a line each (`委托方：某某局`, or its English name), None where it has none. Lines
    that begin with # are remarks. Raises Fault."""
    given: dict[str, str | None] = dict.fromkeys(FIELDS.values())
    if path is None:
        return given
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise Fault(Exit.USAGE, "option_unopened", option="--engagement", path=path, error=because(error)) from error
    except UnicodeDecodeError as error:
        raise Fault(Exit.USAGE, "engagement_text", path=path) from error
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        key = FIELDS.get(found[1], found[1]) if found else ""
        if found is None or key not in given or given[key] is not None:
            names = [{"zh": name, "en": field} for name, field in FIELDS.items()]
            raise Fault(Exit.USAGE, "engagement_line", path=path, line=number, names=names)
        given[key] = found[2] or None
    return given
