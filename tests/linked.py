"""Links between people put in by hand, in place of those that rules find."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest import mock

from auditor import score
from auditor.policy import Policy
from auditor.rule import Run
from auditor.store import Store


@contextmanager
def by(rule: str, times: int = 7) -> Iterator[None]:
    """While it lasts, an audit ties everybody whom a finding of `rule` concerns to the next one of them."""
    real = score.add_up

    def add_up(store: Store, policy: Policy, runs: Sequence[Run]) -> None:
        store.run("DELETE FROM links")
        store.run(
            f"""INSERT INTO links SELECT * FROM (
                SELECT person_no, lead(person_no) OVER (ORDER BY person_no) AS other_no, '{rule}', {times}
                FROM (SELECT DISTINCT person_no FROM concerned WHERE rule = '{rule}')) WHERE other_no IS NOT NULL"""
        )
        real(store, policy, runs)

    with mock.patch.object(score, "add_up", add_up):
        yield
