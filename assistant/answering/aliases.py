"""Names that stand for the same addressee, from a table that staff can edit: corpus/aliases.csv."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UsageError
from assistant.understanding.printed import fold

FILE = "aliases.csv"
SHIPPED = Path(__file__).resolve().parents[2] / "corpus" / FILE
COLUMNS = ("group", "name")


@dataclass(frozen=True, slots=True)
class Aliases:
    """Groups of names. Two texts mean the same addressee when both name the same group, or one holds the other."""

    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def load(cls, folder: Path) -> Aliases:
        """The table of a corpus folder; the one that comes with the project where the folder has none.

        Raises UsageError for a file that is no such table.
        """
        file = folder / FILE if (folder / FILE).is_file() else SHIPPED
        if not file.is_file():
            return cls()
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                rows = csv.DictReader(lines)
                if set(COLUMNS) - set(rows.fieldnames or ()):
                    raise UsageError(f"The first line of {file} must be: {','.join(COLUMNS)}")
                return cls.of((row["group"], row["name"]) for row in rows if row["group"] and row["name"])
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise UsageError(f"{file} cannot be read as a table of UTF-8 text with commas ({error}).") from None

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Aliases:
        """Aliases from pairs of a group and a name in it."""
        groups: dict[str, list[str]] = {}
        for group, name in rows:
            groups.setdefault(group.strip(), [group.strip()]).append(name.strip())
        return cls(tuple((group, tuple(dict.fromkeys(names))) for group, names in groups.items()))

    def named_in(self, text: str) -> frozenset[str]:
        """The groups of which some name stands in a text, as whole words."""
        return frozenset(group for group, names in self.groups if any(stands_in(name, text) for name in names))

    def same(self, wanted: str, addressee: str) -> bool:
        """The addressee is, or is among others, the one that is wanted."""
        if not wanted or not addressee:
            return False
        shared = self.named_in(wanted) & self.named_in(addressee)
        return bool(shared) or stands_in(wanted, addressee)


def stands_in(name: str, text: str) -> bool:
    """The name stands in the text as whole words, whatever its accents; initials only with capitals as written."""
    if name.isupper() and len(name) <= 4:
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
    return re.search(rf"(?<!\w){re.escape(plain(name))}(?!\w)", plain(text)) is not None


def plain(text: str) -> str:
    """Small letters without accents, dots in initials left out: 'U.S.' and 'US' are one."""
    small = fold(text).replace("’", "'")
    return " ".join(re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", small).split())
