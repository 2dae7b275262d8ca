"""Exit codes, and the one exception that ends a command with a sentence for the user."""

from enum import IntEnum
from errno import errorcode

from auditor.words import LANGUAGES, Words, phrase, table, word


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
    """A command cannot go on. `words` is one sentence: where, what was expected, what to do; `str()` says it in
    Chinese."""

    def __init__(self, code: Exit, key: str, **values: object) -> None:
        self.code, self.words = code, phrase(f"fault.{key}", **values)
        super().__init__(key)

    def __str__(self) -> str:
        return word(self.words, LANGUAGES[0])


def unauditable(key: str, **values: object) -> Fault:
    return Fault(Exit.UNAUDITABLE, key, **values)


def because(error: OSError) -> Words | str:
    """Why the system refused; in its own words where we have none."""
    name = errorcode.get(error.errno or 0, "").lower()
    return phrase(f"system.{name}") if name in table()["system"] else error.strerror or type(error).__name__
