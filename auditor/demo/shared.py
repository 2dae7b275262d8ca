"""What the writers of one demo share."""

from dataclasses import dataclass
from pathlib import Path

from auditor.demo import tables, words
from auditor.demo.people import Ints, People
from auditor.demo.plant import Plan
from auditor.demo.sink import Sink
from auditor.demo.study import Course
from auditor.demo.tables import Line
from auditor.policy import Policy


@dataclass
class Demo:
    """`kinds`: how each person's sessions go out (see plant.py)."""

    out: Path
    temporary: Path
    policy: Policy
    people: People
    kinds: Ints
    plan: Plan
    course: Course
    place: words.Place
    large: bool
    files: dict[str, int]
    lines: list[Line]

    def line(self, person: int, rule: str, table: str, sink: Sink, row: int, why: str) -> None:
        sheet, number = sink.where(row)
        self.lines.append(Line(str(self.people.number[person]), rule, table, sink.name, sheet, number, why))

    def planned(self, person: int, table: str, sink: Sink, row: int) -> None:
        """The line of the person's own task, if this table is where it shows."""
        task = self.plan.tasks.get(person)
        if task and tables.shown_in(task) == table:
            self.line(person, task.rule, table, sink, row, tables.reason(task))

    def done(self, sink: Sink) -> None:
        sink.close()
        self.files[sink.name] = sink.rows
