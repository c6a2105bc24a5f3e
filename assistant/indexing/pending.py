"""How the corpus folder differs from the live generation: what the next run of indexing will find to do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.indexing import inventory
from assistant.indexing.library import Library
from assistant.indexing.record_store import record_key
from assistant.reading.sandbox import READER_VERSION

HASHES_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Pending:
    """Names of files by what has happened to them since; made is when the generation was, in seconds since 1970."""

    made: float
    new: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


def pending(corpus: Path, index: Path, library: Library, fingerprint: str) -> Pending:
    """What is new, changed and gone. Only files that were touched since the generation was made are read.

    Raises CorpusMissing, CorpusUnreadable.
    """
    made = _made(index, library.generation)
    files = {name.encode("utf-8", "replace").decode("utf-8"): path for name, path in inventory.pdfs(corpus).items()}
    held = {each.document: {each.sha256} for each in library.refused if each.sha256}
    held |= {document.name: {document.key} for document in library.documents}
    known = held.keys() | {each.document for each in library.refused}
    changed = {
        name
        for name, path in files.items()
        if name in held and (sha256 := _if_touched(path, made)) and not held[name] & _marks(sha256, fingerprint)
    }
    return Pending(made, frozenset(files.keys() - known), frozenset(changed), frozenset(known - files.keys()))


def _made(index: Path, generation: int) -> float:
    try:
        return (index / "generations" / f"{generation}.json").stat().st_mtime
    except OSError:  # pruned: a newer one is there and will be opened with the next question
        return 0.0


def _if_touched(path: Path, since: float) -> str:
    """The hash of a file that was written or moved since, '' for any other."""
    try:
        found = path.stat()
        if max(found.st_mtime, found.st_ctime) <= since or not path.is_file():
            return ""
        return _sha256(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    except OSError:
        return ""


@lru_cache(HASHES_KEPT)
def _sha256(path: Path, size: int, written: int, moved: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _marks(sha256: str, fingerprint: str) -> set[str]:
    """By what a generation knows a file: the keys that its record may have, and the hash itself if it was refused."""
    readers = (READER_VERSION, f"{READER_VERSION} with Tesseract")
    return {sha256, *(record_key(sha256, reader, fingerprint) for reader in readers)}
