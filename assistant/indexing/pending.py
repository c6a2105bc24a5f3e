"""How the corpus folder differs from the live generation: what the next run of indexing will find to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.indexing import generations, inventory
from assistant.indexing.library import Library
from assistant.indexing.record_store import record_key
from assistant.indexing.seen import Seen
from assistant.reading.sandbox import READER_VERSION


@dataclass(frozen=True, slots=True)
class Pending:
    """Names of files by what has happened to them since; made is when the generation was, in ISO 8601, UTC."""

    made: str
    new: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()


def pending(corpus: Path, index: Path, library: Library, fingerprint: str) -> Pending:
    """What is new, changed and gone. Only files that look touched are read.

    Raises CorpusMissing, CorpusUnreadable.
    """
    seen = _seen(index / generations.SEEN, library.generation)
    files = {name.encode("utf-8", "replace").decode("utf-8"): path for name, path in inventory.pdfs(corpus).items()}
    held = {each.document: each.sha256 for each in library.refused}
    held |= {name: document.key for document in library.documents for name in (document.name, *document.copies)}
    changed = {
        name for name, path in files.items() if held.get(name) and not _holds(path, held[name], fingerprint, seen)
    }
    return Pending(
        library.made, frozenset(files.keys() - held), frozenset(changed), frozenset(held.keys() - files.keys())
    )


@lru_cache(1)
def _seen(file: Path, generation: int) -> Seen:
    """The checksums that the run of this generation remembered, and those of files that were read since."""
    return Seen(file)


def _holds(path: Path, held: str, fingerprint: str, seen: Seen) -> bool:
    """The file is what the generation knows by that key of a record or, if it was refused, by that checksum."""
    try:
        if not path.is_file():  # opening a pipe would wait for somebody to write into it
            return False
        sha256 = seen.sha256(path)
    except OSError:  # not to be told from here: the next run says what is wrong
        return True
    readers = (READER_VERSION, f"{READER_VERSION} with Tesseract")
    return held in (sha256, *(record_key(sha256, reader, fingerprint) for reader in readers))
