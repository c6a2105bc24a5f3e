"""Files that are either there as a whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
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
        _sync(path)


def put(made: Path, place: Path) -> None:
    """Move a settled file or folder to its place in one step, and have the disk hold that as well."""
    os.replace(made, place)
    _sync(place.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def link(path: Path, other: Path) -> None:
    """The same file under another name as well; a copy where the file system knows no such links."""
    try:
        os.link(path, other)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EXDEV, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        shutil.copy2(path, other)


def checksum(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sizes_and_checksums(
    folder: Path, known: Mapping[str, tuple[int, str]] | None = None, only: str = ""
) -> dict[str, tuple[int, str]]:
    """Size and sha256 of every file below a folder, by its path there; or of one file alone.

    known are those of files that are there under another name as well; a file named like one of them is not read.
    """
    paths = [folder / only] if only else sorted(path for path in folder.rglob("*") if path.is_file())
    found = {}
    for path in paths:
        size, sha256 = (known or {}).get(path.name, (-1, ""))
        linked = path.stat().st_nlink > 1 and path.stat().st_size == size
        found[path.relative_to(folder).as_posix()] = (path.stat().st_size, sha256 if linked else checksum(path))
    return found
