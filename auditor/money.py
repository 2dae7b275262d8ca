"""What is claimed, supported, not supported and to verify: in all and by line of subsidy. Money in fen."""

from typing import Any

from auditor.policy import Policy
from auditor.store import Store

_SUMS = """count(*), count(*) FILTER (verdict = 'supported'), count(*) FILTER (verdict = 'not_supported'),
    count(*) FILTER (verdict = 'to_verify'), CAST(coalesce(sum(claimed_fen), 0) AS BIGINT),
    CAST(coalesce(sum(supported_fen), 0) AS BIGINT), CAST(coalesce(sum(not_supported_fen), 0) AS BIGINT),
    CAST(coalesce(sum(to_verify_fen), 0) AS BIGINT)"""
_NAMES = ("claims", "supported", "not_supported", "to_verify", "claimed_fen", "supported_fen", "not_supported_fen",
          "to_verify_fen")  # fmt: skip


def money(store: Store, policy: Policy, lang: str) -> dict[str, Any]:
    """`money` of report.json. `lines`: the lines of subsidy of which there are claims (without any the first); they
    add up to the totals. `excess_fen`: what supported claims ask beyond what the notice grants; `partly_fen`: what is
    not supported of claims to verify."""
    row = store.rows(
        f"""SELECT {_SUMS}, count(DISTINCT person_no), CAST(sum(paid_fen) AS BIGINT),
            CAST(sum(paid_fen) FILTER (verdict = 'not_supported') AS BIGINT),
            CAST(coalesce(sum(claimed_fen - supported_fen) FILTER (verdict = 'supported'), 0) AS BIGINT),
            CAST(coalesce(sum(not_supported_fen) FILTER (verdict = 'to_verify'), 0) AS BIGINT)
        FROM claim_verdicts"""
    )[0]
    names = (*_NAMES, "persons", "paid_fen", "paid_not_supported_fen", "excess_fen", "partly_fen")
    total = dict(zip(names, row, strict=True))
    found = {row[0]: row[1:] for row in store.rows(f"SELECT line, {_SUMS} FROM claim_verdicts GROUP BY line")}
    lines = [line for line in policy.lines if line.no in found] or policy.lines[:1]
    nothing = (0,) * len(_NAMES)
    return total | {
        "per_head_fen": policy.amount_fen,
        "lines": [
            {"line": line.id, "clause": line.clause, "label": line.label[lang]}
            | dict(zip(_NAMES, found.get(line.no, nothing), strict=True))
            for line in lines
        ],
    }
