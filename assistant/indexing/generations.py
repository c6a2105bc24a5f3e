"""Generations: which segment is live, what is in it and what is not, swapped in whole by one rename.

index/generations/N.json    the manifest of generation N; the highest N is live
index/segments/<id>/        what it points to
index/records/<key>/        what segments are made from, and where token vectors stay
index/.lock                 held by the one process that writes
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy, IndexMissing, IndexUnusable
from assistant.indexing.files import damage, settle, sizes_and_checksums, translated
from assistant.indexing.record_store import Record, RecordDamaged, RecordStore, document_of
from assistant.indexing.segments import Contents, holds, write_segment
from assistant.records import Correction, Document, PageWarning

SCHEMA = 4
KEPT = 2
"""Generations that stay, so that who opened the last one can go on reading."""
CHECKED_BYTES = 256 * 2**20
"""Files up to this size are compared with their checksum at opening, at about 1.5 GB a second; larger ones by size."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of the corpus that could not be read. reason is a word for tables, detail a sentence for people."""

    document: str
    reason: str
    detail: str
    sha256: str = ""
    """Of the file's bytes: the same file need not be tried again."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself."""

    schema: int
    generation: int
    segment: str
    fingerprint: str
    reader: str
    documents: tuple[Document, ...]
    refused: tuple[Refused, ...]
    warnings: tuple[PageWarning, ...]
    passages: int
    sentences: int
    """Sentence vectors."""
    files: dict[str, tuple[int, str]]
    """Size and sha256 of the segment's files."""
    findings: int = 0
    corrections: str = ""
    """A hash of the corrections that staff made, '' where there are none."""


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
    number = live_generation(folder)
    if number == 0:
        raise IndexMissing(folder)
    return _manifest(folder, number)


def flaw(folder: Path, manifest: Manifest) -> str:
    """Why a generation cannot be searched, in words; '' where it can."""
    if found := damage(folder / "segments" / manifest.segment, manifest.files, CHECKED_BYTES):
        return found
    store = RecordStore(folder / "records")
    flaws = ((document.name, store.flaw(document.key)) for document in manifest.documents)
    return next((f"of the record of {name}, {found}" for name, found in flaws if found), "")


def assemble(
    folder: Path,
    documents: Sequence[tuple[str, str]],
    *,
    fingerprint: str,
    reader: str,
    refused: Sequence[Refused] = (),
    corrections: Sequence[Correction] = (),
) -> int:
    """Make a generation of these (name, record key) and have it live; returns its number. Call it inside writing().

    The live one stays, and its number is returned, if it holds just these and is sound. Raises IndexUnwritable, and
    IndexUnusable for a damaged record, which is taken away so that the document is read again the next time.
    """
    with translated(folder):
        wanted = sorted(documents)
        changes = hashlib.sha256(repr(corrections).encode()).hexdigest() if corrections else ""
        live = _live_or_none(folder)
        if live is not None and _holds(live, wanted, fingerprint, reader, refused, changes) and not flaw(folder, live):
            _prune(folder)
            return live.generation
        number = live_generation(folder) + 1
        records = RecordStore(folder / "records")
        segment = f"{number}-{hashlib.sha256(json.dumps(wanted).encode()).hexdigest()[:12]}"
        contents = _segment(
            folder, segment, (_named(_read(folder, records, key), name, key) for name, key in wanted), corrections
        )
        manifest = Manifest(
            schema=SCHEMA,
            generation=number,
            segment=segment,
            fingerprint=fingerprint,
            reader=reader,
            documents=contents.documents,
            refused=tuple(refused),
            warnings=contents.warnings,
            passages=contents.passages,
            sentences=contents.sentences,
            files=sizes_and_checksums(folder / "segments" / segment),
            findings=contents.findings,
            corrections=changes,
        )
        _go_live(folder, manifest)
        _prune(folder)
        return number


def _read(folder: Path, records: RecordStore, key: str) -> Record:
    try:
        return records.read(key)
    except RecordDamaged as error:
        records.discard(key)
        raise IndexUnusable(folder, f"a record was damaged and has to be made again ({error})") from error


def _named(record: Record, name: str, key: str) -> tuple[Document, Record]:
    """The record under the name that its file has now; without a title of its own it goes by that name."""
    title = record.document.title or Path(name).stem
    return replace(record.document, name=name, key=key, title=title), record


def _segment(
    folder: Path, segment: str, records: Iterable[tuple[Document, Record]], corrections: Sequence[Correction]
) -> Contents:
    """Build a segment aside, read it back and put it in its place."""
    place, made = folder / "segments" / segment, folder / "segments" / f"{segment}.new"
    for leftover in (place, made):  # of a run that was interrupted: no manifest can name them
        shutil.rmtree(leftover, ignore_errors=True)
    made.mkdir(parents=True)
    contents = write_segment(made, records, corrections)
    if not holds(made, contents):
        raise IndexUnusable(folder, "the new generation does not hold what its records hold; the old one stays")
    settle(made)
    os.replace(made, place)
    return contents


def _go_live(folder: Path, manifest: Manifest) -> None:
    generations = folder / "generations"
    generations.mkdir(exist_ok=True)
    made = generations / f"{manifest.generation}.json.tmp"
    made.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), "utf-8")
    settle(generations)
    os.replace(made, generations / f"{manifest.generation}.json")
    settle(generations)


def _prune(folder: Path) -> None:
    """Take away what no kept generation points to."""
    numbers = sorted(_numbers(folder))
    for number in numbers[:-KEPT]:
        (folder / "generations" / f"{number}.json").unlink(missing_ok=True)
    kept = [m for m in (_manifest_or_none(folder, number) for number in numbers[-KEPT:]) if m is not None]
    segments = {manifest.segment for manifest in kept}
    for path in (folder / "segments").glob("*"):
        if path.name not in segments:
            shutil.rmtree(path, ignore_errors=True)
    RecordStore(folder / "records").keep_only(d.key for manifest in kept for d in manifest.documents)


def _holds(
    live: Manifest,
    wanted: Sequence[tuple[str, str]],
    fingerprint: str,
    reader: str,
    refused: Sequence[Refused],
    changes: str,
) -> bool:
    held = [(document.name, document.key) for document in live.documents]
    has = (held, live.fingerprint, live.reader, live.refused, live.corrections)
    return has == (list(wanted), fingerprint, reader, tuple(refused), changes)


def _numbers(folder: Path) -> list[int]:
    return [int(path.stem) for path in (folder / "generations").glob("*.json") if path.stem.isdecimal()]


def _manifest(folder: Path, number: int) -> Manifest:
    try:
        saved: dict[str, Any] = json.loads((folder / "generations" / f"{number}.json").read_text("utf-8"))
        if saved["schema"] != SCHEMA:
            raise IndexUnusable(folder, "it was made by another version of the assistant")
        saved["documents"] = tuple(document_of(each) for each in saved["documents"])
        saved["refused"] = tuple(Refused(**each) for each in saved["refused"])
        saved["warnings"] = tuple(PageWarning(**each) for each in saved["warnings"])
        saved["files"] = {name: (size, sha256) for name, (size, sha256) in saved["files"].items()}
        return Manifest(**saved)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexUnusable(folder, f"the list of what generation {number} holds is damaged") from error


def _manifest_or_none(folder: Path, number: int) -> Manifest | None:
    try:
        return _manifest(folder, number)
    except IndexUnusable:
        return None


def _live_or_none(folder: Path) -> Manifest | None:
    number = live_generation(folder)
    return _manifest_or_none(folder, number) if number else None
