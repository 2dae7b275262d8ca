"""Who asked for the audit, of whom, for when, and who signs it. What is not given is printed as a blank."""

import re
from pathlib import Path

from auditor.fault import Exit, Fault

FIELDS = {
    "委托方": "client",
    "被审计平台": "platform",
    "期间": "period",
    "编制人": "prepared_by",
    "复核人": "reviewed_by",
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
        raise Fault(Exit.USAGE, f"--engagement {path}：文件打不开（{error.strerror}）。") from error
    except UnicodeDecodeError as error:
        raise Fault(Exit.USAGE, f"--engagement {path}：不是 UTF-8 编码的文本文件。") from error
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        key = FIELDS.get(found[1], found[1]) if found else ""
        if found is None or key not in given or given[key] is not None:
            known = "、".join(FIELDS)
            raise Fault(Exit.USAGE, f"--engagement {path}，第 {number} 行：应写成“名称：值”，名称是 {known}，各一次。")
        given[key] = found[2] or None
    return given
