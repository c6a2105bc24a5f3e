"""Checksums of files, remembered for as long as a file looks untouched: a large library need not be read each time."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

from assistant.indexing.files import checksum

SETTLED_NS = 2_000_000_000
"""A file that was changed this short before it was read may change again within one tick of its file system's clock
(2 s on FAT, less elsewhere): its checksum is not remembered. Git guards its own list of files in this way."""

Look = tuple[int, int, int, int]


class Seen:
    """sha256 of files by path, saved as one JSON file; losing it costs time and nothing else. Without a file nothing
    is remembered, and each file is read.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: dict[str, tuple[Look, str]] = {}
        self._used: set[str] = set()
        self._changed = False
        try:
            saved = json.loads(file.read_text("utf-8")) if file else {}
            self._known = {path: ((look[0], look[1], look[2], look[3]), sha) for path, (look, sha) in saved.items()}
        except (OSError, ValueError, TypeError, KeyError, IndexError):
            self._known = {}

    def sha256(self, path: Path | str) -> str:
        """Of a file's bytes. Raises OSError."""
        return self.checked(str(path), os.stat(path))

    def checked(self, name: str, status: os.stat_result) -> str:
        """The same for a path that was looked at already. Raises OSError."""
        self._used.add(name)
        look = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        known = self._known.get(name)
        if known is not None and known[0] == look:
            return known[1]
        begun = time.time_ns()
        found = checksum(Path(name))
        if max(look[1], look[2]) + SETTLED_NS < begun:
            self._known[name] = (look, found)
            self._changed = True
        return found

    def forget_unused(self) -> None:
        """Forget files that nobody has asked for; most of them are gone."""
        if not self._used.issuperset(self._known):
            self._known = {name: self._known[name] for name in self._known.keys() & self._used}
            self._changed = True

    def save(self) -> None:
        """Raises OSError."""
        if self._changed and self._file:
            made = self._file.with_suffix(".tmp")
            made.write_text(json.dumps(self._known), "utf-8")
            os.replace(made, self._file)
            self._changed = False


def damage(folder: Path, files: Mapping[str, tuple[int, str]], seen: Seen | None = None) -> str:
    """What is wrong with a folder that should hold these files (size, sha256), in words; '' for nothing.

    Without seen files are judged by their size alone.
    """
    for name, (size, sha256) in files.items():
        path = os.path.join(folder, name)
        try:
            status = os.stat(path)
            if status.st_size != size:
                return f"its file {name} has another size than when it was written"
            if seen is not None and seen.checked(path, status) != sha256:
                return f"its file {name} is damaged"
        except OSError as error:
            missing = isinstance(error, FileNotFoundError | NotADirectoryError)
            return f"its file {name} is missing" if missing else f"its file {name} cannot be read ({error.strerror})"
    return ""
