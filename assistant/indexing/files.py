"""Files that are either there as a whole or not at all."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import IndexUnwritable


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """What the file system refuses inside is told as IndexUnwritable."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise IndexUnwritable(folder, getattr(error, "strerror", None) or str(error)) from error


def settle(folder: Path) -> None:
    """Have the disk hold a folder and all below it before anything points to it."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def checksum(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sizes_and_checksums(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and sha256 of every file below a folder, by its path there."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, checksum(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def damage(folder: Path, files: dict[str, tuple[int, str]], read_up_to: int) -> str:
    """What is wrong with a folder that should hold these files, in words; '' for nothing.

    Files of more than read_up_to bytes are judged by their size alone.
    """
    for name, (size, sha256) in files.items():
        path = folder / name
        if not path.is_file():
            return f"its file {name} is missing"
        if path.stat().st_size != size:
            return f"its file {name} has another size than when it was written"
        if size <= read_up_to and checksum(path) != sha256:
            return f"its file {name} is damaged"
    return ""
