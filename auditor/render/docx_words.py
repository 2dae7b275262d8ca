"""The words of a Word paper: those of report.html without the marks of a page."""

from auditor.render.paper_words import NAME, Words


class PaperWords(Words):
    def chinese(self, text: str) -> str:
        return text

    def place(self, file: str | None, sheet: str | None, *rows: int) -> str:
        """A file, a sheet and its rows, as a spreadsheet numbers them."""
        words = self.sections.place
        if not file:
            return str(self.sections.page.dash)
        name = self.shorten(file, NAME)
        if sheet:
            name = words.sheet.format(file=name, sheet=self.shorten(sheet, NAME))
        return f"{name} {words.row.format(rows=self.sections.page.comma.join(map(str, sorted(rows))))}"
