"""The sentences staff may edit: plain text files of prompts/ with {named} fields."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SettingsError

# A doubled brace stands for itself; anything else between braces must be the name of a field.
BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
DOUBLED = {"{{": "{", "}}": "}"}


@dataclass(frozen=True, slots=True)
class Template:
    """A text whose fields were checked when it was loaded."""

    text: str
    fields: frozenset[str]

    @classmethod
    def load(cls, folder: Path, name: str, allowed: set[str]) -> Template:
        """Read folder/name and check that it uses each allowed field and no other.

        Raises SettingsError naming the file, the line and the fields that are allowed.
        """
        file = folder / name
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"The template {file} cannot be read ({error}).") from None
        missing = allowed - _checked_fields(text, file, allowed)
        if missing:
            raise SettingsError(f"{file} leaves out {_named(missing)}; it must use {_named(allowed)}.")
        return cls(text.strip(), frozenset(allowed))

    @property
    def version(self) -> str:
        """Eight characters that change with the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:8]

    def fill(self, **values: object) -> str:
        """The text with its fields replaced. Values are put in as they are: braces in them mean nothing."""
        return BRACES.sub(lambda found: DOUBLED.get(found[0]) or str(values[found[1]]), self.text)


def _checked_fields(text: str, file: Path, allowed: set[str]) -> set[str]:
    used = set()
    for number, line in enumerate(text.splitlines(), start=1):
        for found in BRACES.finditer(line):
            if found[0] in DOUBLED:
                continue
            if found[1] not in allowed:
                raise SettingsError(f"{file}, line {number}: {found[0]} is no field; allowed: {_named(allowed)}.")
            used.add(found[1])
    return used


def _named(fields: set[str]) -> str:
    return ", ".join(f"{{{field}}}" for field in sorted(fields)) or "none"
