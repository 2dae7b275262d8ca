"""Exit codes, and the one exception that ends a command with a sentence for the user."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    CLEAN = 0  # nothing at or above --fail-on
    FINDINGS = 1  # findings at or above --fail-on
    USAGE = 2  # wrong arguments
    UNAUDITABLE = 3  # the input cannot be audited
    INTERNAL = 4  # a defect of ours
    ENVIRONMENT = 5  # disk, font, missing extra
    INTERRUPTED = 130  # Ctrl-C


class Fault(Exception):
    """A command cannot go on. `str()` is one Chinese sentence: where, what was expected, what to do."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def unauditable(sentence: str) -> Fault:
    return Fault(Exit.UNAUDITABLE, sentence)
