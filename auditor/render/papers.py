"""The papers of an audit by name, and why one cannot be made on this machine."""

from auditor.words import Phrase

JSON, HTML, PDF, BOOK = "report.json", "report.html", "report.pdf", "workpapers.xlsx"
DOCX = ("report", "report-firm", "form-evidence", "form-inspection", "form-rectification", "form-summary",
        "form-undertaking")  # fmt: skip


class Unprintable(Exception):
    """There is no report.pdf: `words` says why, and what to do."""

    def __init__(self, words: Phrase) -> None:
        super().__init__(words.key)
        self.words = words
