"""What report.html holds of single people and addresses: the pages that show which rows, at what time, and why."""

from auditor.dossier import addresses, people
from auditor.report import Report


def blocks(report: Report) -> dict[str, bytes]:
    """JSON by the name of its block: `people`, `addresses`, and the lists `person-ids` and `address-ids` of what they
    hold. Empty once the audit's database is closed."""
    if report.rows is None:
        return {}
    return people.blocks(report, report.rows) | addresses.blocks(report, report.rows)
