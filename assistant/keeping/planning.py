"""What a run of indexing would do, and what it would cost, without doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.indexing import generations, inventory, pace, prepare
from assistant.indexing.embedding import Embedder, ModelEmbedder
from assistant.indexing.generations import Manifest
from assistant.indexing.record_store import RecordStore, record_key
from assistant.indexing.seen import Seen
from assistant.reading.sandbox import READER_VERSION
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """What `assistant index` would do, as `--dry-run --json` prints it. Files go by their path below the corpus."""

    added: list[str]
    changed: list[str]
    renamed: list[dict[str, str]]
    """Each {"from", "to"}."""
    removed: list[str]
    read_again: list[str]
    """Files that did not change, and that the index has to read anew all the same."""
    reasons: list[str]
    """Why, in sentences."""
    refused: list[dict[str, str]]
    """Files that would not be tried: they were refused before, or their bytes cannot be had."""
    unchanged: int
    files: int
    """To be read."""
    pages: int
    """Of those among them that were read before."""
    pages_unknown: int
    """Files among them whose pages nobody has counted."""
    seconds: float | None
    """An estimate; None where no run has shown how fast this machine reads."""


def plan(settings: Settings, embedder: Embedder | None = None) -> Plan:
    """What build() would do now. Writes nothing. Raises CorpusMissing, CorpusUnreadable and ModelUnusable."""
    embedder = embedder or ModelEmbedder(settings.model, settings.precision, prepare.cache(settings.index))
    files = inventory.pdfs(settings.corpus)
    before = generations.live_or_none(settings.index)
    seen = Seen(settings.index / generations.SEEN)
    records = RecordStore(settings.index / "records")
    hashes, unreadable = inventory.hashed(files, settings.corpus, seen)
    keys = inventory.keys_of(before, hashes, embedder.fingerprint, records)
    refused = inventory.still_refused(before, hashes, settings.passwords) | unreadable
    tried = [name for name in hashes if name not in refused]
    read = {name for name in tried if records.flaw(keys[name], seen)}
    old = before.names if before else {}
    pages = {document.key: document.pages for document in before.documents} if before else {}
    known = {name: pages[key] for name, key in old.items()}
    same = {name for name in tried if name in old and before and old[name] in _keys(hashes[name], before)}
    gone = {old[name]: name for name in sorted(old.keys() - set(tried), reverse=True)}
    renamed = {name: gone[keys[name]] for name in tried if name not in old and keys[name] in gone}
    return Plan(
        added=[name for name in tried if name not in old and name not in renamed],
        changed=[name for name in tried if name in old and name not in same],
        renamed=[{"from": was, "to": name} for name, was in renamed.items()],
        removed=sorted(old.keys() - set(tried) - set(renamed.values())),
        read_again=sorted(same & read),
        reasons=_reasons(before, embedder.fingerprint, same & read),
        refused=[{"document": r.document, "reason": r.reason, "detail": r.detail} for r in refused.values()],
        unchanged=len(same - read),
        files=len(read),
        pages=sum(known[name] for name in same & read),
        pages_unknown=len(read - same),
        seconds=_seconds(settings.index, files, known, read, same),
    )


def _keys(sha256: str, before: Manifest) -> set[str]:
    """What the record of these bytes may be called in a generation."""
    readers = (before.reader, f"{before.reader} with Tesseract")
    return {record_key(sha256, reader, before.fingerprint) for reader in readers}


def _reasons(before: Manifest | None, fingerprint: str, again: set[str]) -> list[str]:
    if before is None or not again:
        return []
    reasons = []
    if before.fingerprint != fingerprint:
        reasons.append("The index was made with another embedding model.")
    if before.reader != READER_VERSION:
        reasons.append("The index was made by another version of the reader.")
    return reasons or ["Their records are missing or damaged, or Tesseract can read their scanned pages now."]


def _seconds(
    index: Path, files: Mapping[str, Path], known: Mapping[str, int], read: set[str], same: set[str]
) -> float | None:
    """The pages to be read by the pages per second of the last run; where they are unknown, judged by the bytes."""
    if not read:
        return 0.0
    rate = pace.remembered(index)
    if rate is None:
        return None
    sizes = {name: files[name].stat().st_size for name in read | (known.keys() & files.keys())}
    measured = [name for name in known if name in sizes]
    pages = sum(known[name] for name in measured)
    if read - same and not pages:
        return None
    guessed = sum(sizes[name] for name in read - same) * pages / max(sum(sizes[name] for name in measured), 1)
    return round((sum(known[name] for name in read & same) + guessed) / rate, 1)
