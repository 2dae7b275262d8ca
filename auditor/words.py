"""The words a user reads, in Chinese and in English: reports/words.toml (papers) and reports/sentences.toml (errors,
notes, reasons, what is printed). The inside carries keys and values; they become a sentence where somebody reads them.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, reduce

from auditor.content import folder

LANGUAGES = ("zh", "en")  # the first is the default
_FILES = ("words.toml", "sentences.toml")


@dataclass(frozen=True)
class Phrase:
    """A sentence in no language yet: a key `section.name`, and what stands for its {placeholders}: numbers, texts of
    the data, other Words, or a list of any of them."""

    key: str
    values: Mapping[str, object]


Words = Phrase | Mapping[str, str]  # or the same words in every language, as rules and schemas hold them


@cache
def table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """section → name → language → words."""
    merged: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for file in _FILES:
        for section, names in tomllib.loads((folder("reports") / file).read_text(encoding="utf-8")).items():
            if merged.setdefault(section, names) is not names:
                raise ValueError(f"reports/{file}: the section {section} is in another file too")
    return merged


def phrase(key: str, **values: object) -> Phrase:
    return Phrase(key, values)


def either(items: Iterable[Words]) -> Words:
    """Several Words, any of which will do."""
    return reduce(lambda one, other: phrase("list.either", one=one, other=other), items)


def say(key: str, lang: str, /, **values: object) -> str:
    """The sentence of a key in a language."""
    return word(Phrase(key, values), lang)


def word(words: Words, lang: str) -> str:
    """Words in a language."""
    if isinstance(words, Phrase):
        section, _, name = words.key.partition(".")
        values = {name: _value(value, lang) for name, value in words.values.items()}
        return table()[section][name][lang].format(**values)
    return words[lang]


def section(name: str, lang: str) -> dict[str, str]:
    """name → words of a whole section."""
    return {name: said[lang] for name, said in table()[name].items()}


def speaker(lang: str) -> Callable[..., str]:
    """`say` in one language."""
    return lambda key, **values: say(key, lang, **values)


def _value(value: object, lang: str) -> object:
    if isinstance(value, Phrase | Mapping):
        return word(value, lang)
    if isinstance(value, list | tuple):
        return table()["list"]["comma"][lang].join(str(_value(one, lang)) for one in value)
    return value
