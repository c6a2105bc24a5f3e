"""Generations: which segments are live, which documents they hold and what could not be read, swapped in by one rename.

index/generations/N.json            the manifest of generation N; the highest N is live
index/generations/N.relations.json  what binds its documents
index/segments/<id>/                vectors and rows of some documents
index/words/<id>/                   the words of all documents
index/records/<key>/                what segments are made from, and where token vectors stay
index/.lock                         held by the one process that writes
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy, IndexMissing, IndexUnusable
from assistant.indexing.files import put, settle, translated
from assistant.indexing.record_store import RecordStore, document_of
from assistant.indexing.seen import Seen, damage
from assistant.records import Document, PageWarning

SCHEMA = 5
KEPT = 2
"""Generations that stay, so that who opened the last one can go on reading."""
READ_KEPT = 4
"""Manifests that stay in memory: a run looks at the same two several times, and a large one takes 40 ms to read."""
SEEN = "seen.json"
"""Where the checksums of files that look untouched are remembered."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of the corpus that could not be read. reason is a word for tables, detail a sentence for people."""

    document: str
    reason: str
    detail: str
    sha256: str = ""
    """Of the file's bytes: the same file need not be tried again."""


@dataclass(frozen=True, slots=True)
class Part:
    """A live segment."""

    id: str
    ordinal: int
    """A number that no other segment of this index ever had; it stands in the words' rows."""
    held: tuple[str, ...]
    """The keys of all documents in its files."""
    keys: tuple[str, ...]
    """Those that are live; the others were taken out."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself."""

    schema: int
    generation: int
    made: str
    """When, in ISO 8601, UTC."""
    fingerprint: str
    reader: str
    parts: tuple[Part, ...]
    words: str
    """The id of the words' folder."""
    documents: tuple[Document, ...]
    refused: tuple[Refused, ...]
    warnings: tuple[PageWarning, ...]
    passages: int
    sentences: int
    """Sentence vectors."""
    findings: int
    files: dict[str, tuple[int, str]]
    """Size and sha256 of all files of its segments, words and relations, by path in the index folder."""
    corrections: str = ""
    """A hash of the corrections that staff made, '' where there are none."""
    model: str = ""
    """The embedding model, as it was named; '' for the packaged one."""

    @property
    def names(self) -> dict[str, str]:
        """The key of each file, copies among them."""
        return {name: document.key for document in self.documents for name in (document.name, *document.copies)}


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold this over a whole indexing run. Raises IndexBusy while another process holds it, IndexUnwritable."""
    with translated(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise IndexBusy(folder) from None
    try:
        yield
    finally:
        lock.release()


def live_generation(folder: Path) -> int:
    """The number of the live generation, 0 where there is none. Cheap: for asking whether there is a newer one."""
    return max(_numbers(folder), default=0)


def live_manifest(folder: Path) -> Manifest:
    """The manifest of the live generation. Raises IndexMissing, or IndexUnusable where it cannot be understood."""
    while True:
        number = live_generation(folder)
        if number == 0:
            raise IndexMissing(folder)
        try:
            return _manifest(folder, number)
        except IndexUnusable:
            if live_generation(folder) == number:  # else it was taken away by a run that ended meanwhile
                raise


def live_or_none(folder: Path) -> Manifest | None:
    """The manifest of the live generation, None where there is none that can be understood."""
    try:
        return live_manifest(folder)
    except (IndexMissing, IndexUnusable):
        return None


def flaw(folder: Path, manifest: Manifest, seen: Seen, earlier: Manifest | None = None) -> str:
    """Why a generation cannot be searched, in words; '' where it can. What an earlier one has is not checked again."""
    known = earlier.files if earlier else {}
    files = {name: each for name, each in manifest.files.items() if known.get(name) != each}
    if found := damage(folder, files, seen):
        return found
    store = RecordStore(folder / "records")
    looked_at = {document.key for document in earlier.documents} if earlier else set()
    flaws = ((d.name, store.flaw(d.key, seen)) for d in manifest.documents if d.key not in looked_at)
    return next((f"of the record of {name}, {found}" for name, found in flaws if found), "")


def go_live(folder: Path, manifest: Manifest) -> None:
    """Have everybody who asks from now on see this generation; all that it names is in its place and settled."""
    generations = folder / "generations"
    made = generations / f"{manifest.generation}.json.tmp"
    said = asdict(manifest)
    made.write_text(_text({"sha256": _sha256(said), "manifest": said}), "utf-8")
    settle(generations)
    put(made, generations / f"{manifest.generation}.json")


def prune(folder: Path, kept: int = KEPT) -> None:
    """Take away what the newest generations do not point to, and what interrupted runs left behind."""
    manifests: list[Manifest] = []
    for number in sorted(_numbers(folder), reverse=True):
        try:
            manifests += [_manifest(folder, number)] if len(manifests) < kept else []
        except IndexUnusable:
            continue
    numbers = {manifest.generation for manifest in manifests}
    for path in (folder / "generations").glob("*"):
        if path.name.partition(".")[0] not in map(str, numbers) or path.suffix == ".tmp":
            path.unlink(missing_ok=True)
    named = {"segments": {p.id for m in manifests for p in m.parts}, "words": {m.words for m in manifests}}
    for part, ids in named.items():
        for path in (folder / part).glob("*"):
            if path.name not in ids:
                shutil.rmtree(path, ignore_errors=True)
    RecordStore(folder / "records").keep_only(d.key for manifest in manifests for d in manifest.documents)


def _numbers(folder: Path) -> list[int]:
    return [int(path.stem) for path in (folder / "generations").glob("*.json") if path.stem.isdecimal()]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sha256(saved: Mapping[str, Any]) -> str:
    """Of a manifest as JSON: a wrong bit in a title is as bad as one in a vector."""
    return hashlib.sha256(_text(saved).encode()).hexdigest()


def _manifest(folder: Path, number: int) -> Manifest:
    file = folder / "generations" / f"{number}.json"
    try:
        status = file.stat()
        return _read(folder, number, (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size))
    except OSError as error:
        raise IndexUnusable(folder, f"the list of what generation {number} holds is missing") from error


@lru_cache(READ_KEPT)
def _read(folder: Path, number: int, look: tuple[int, ...]) -> Manifest:
    """look tells one file of that name from the next."""
    try:
        whole: dict[str, Any] = json.loads((folder / "generations" / f"{number}.json").read_text("utf-8"))
        if whole.get("schema") or whole["manifest"]["schema"] != SCHEMA:  # older ones have no checksum around them
            raise IndexUnusable(folder, "it was made by another version of the assistant")
        saved: dict[str, Any] = whole["manifest"]
        if whole["sha256"] != _sha256(saved):
            raise ValueError(number)
        saved["parts"] = tuple(
            Part(each["id"], each["ordinal"], tuple(each["held"]), tuple(each["keys"])) for each in saved["parts"]
        )
        saved["documents"] = tuple(document_of(each) for each in saved["documents"])
        saved["refused"] = tuple(Refused(**each) for each in saved["refused"])
        saved["warnings"] = tuple(PageWarning(**each) for each in saved["warnings"])
        saved["files"] = {name: (size, sha256) for name, (size, sha256) in saved["files"].items()}
        return Manifest(**saved)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(folder, f"the list of what generation {number} holds is damaged") from error
