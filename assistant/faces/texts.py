"""The words of the interface in each language that it speaks, from one file: texts.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("texts.toml")
LANGUAGES = {"en": "English", "es": "Español"}
"""The first is spoken where nothing else is asked for."""


class Texts:
    """The words of one language, by 'section.name'."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self.language = language
        self._words = words

    def __call__(self, name: str, /, **fields: object) -> str:
        """The words of that name, their {fields} filled in; plain text, to be escaped like any other."""
        words = self._words[name]
        return words.format(**fields) if fields else words

    def __contains__(self, name: str) -> bool:
        """There are words of that name."""
        return name in self._words


@lru_cache
def texts(language: str) -> Texts:
    """The words in a language; in English for one that is not spoken."""
    spoken = language if language in LANGUAGES else "en"
    table = tomllib.loads(FILE.read_text("utf-8"))
    words = {f"{section}.{name}": each[spoken] for section, rows in table.items() for name, each in rows.items()}
    return Texts(spoken, words)


def preferred(cookie: str, accepted: str) -> str:
    """The language chosen on the page, or the first that a browser accepts (Accept-Language) and we speak."""
    if cookie in LANGUAGES:
        return cookie
    wanted = (re.split(r"[-;]", each.strip())[0].lower() for each in accepted.split(","))
    return next((each for each in wanted if each in LANGUAGES), "en")
