"""Records become a generation: new ones a segment beside those that stay, checked, and swapped in by one rename.

A library of up to SMALL passages is one segment, built anew from its records whenever its documents change. In a larger
one each run writes a small segment of what is new, together with the small ones that are there; nothing large is
written or read again for one brief. A document that goes is taken out of its segment's list. Segments that lost many
documents are rewritten, and when there are many, the smaller half is melted into one, in a generation of its own after
the new documents can already be searched.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.errors import IndexUnusable
from assistant.indexing import generations
from assistant.indexing.files import sizes_and_checksums, translated
from assistant.indexing.generations import KEPT, SCHEMA, Manifest, Part, Refused
from assistant.indexing.lexical import Words
from assistant.indexing.new_parts import INCOMPLETE, write_part, write_words
from assistant.indexing.record_store import RecordStore
from assistant.indexing.relations import Relations, related
from assistant.indexing.seen import Seen, damage
from assistant.indexing.segment_reader import SegmentReader
from assistant.records import Correction, Document, PageWarning

SMALL = 4_000
"""Passages; so many are assembled in some 3 s on two cores."""
MOST_PARTS = 8
"""Segments; each costs a search some tenth of a millisecond and a write now and then when they are melted."""
THIN = 0.75
"""Share of a segment's documents; one that has fewer left is rewritten without the others."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a generation is to hold: (name, record key) of its files, refused ones, and how they were made."""

    files: tuple[tuple[str, str], ...]
    fingerprint: str
    reader: str
    refused: tuple[Refused, ...] = ()
    corrections: tuple[Correction, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The live generation, what binds its documents, and what was found damaged and made again, in sentences."""

    manifest: Manifest
    relations: Relations
    mended: tuple[str, ...] = ()

    @property
    def generation(self) -> int:
        return self.manifest.generation


def assemble(folder: Path, wanted: Wanted, seen: Seen | None = None, *, purge: bool = False) -> Assembled:
    """Have a generation live that holds just what is wanted. Call it inside generations.writing().

    The live one stays if it holds just these and is sound. seen spares reading files again that look untouched. With
    purge nothing stays of what is not wanted, neither in this generation nor in older ones. Raises IndexUnwritable,
    IndexUnusable, and RecordDamaged for a record whose document has to be read again.
    """
    with translated(folder):
        for part in ("generations", "segments", "words"):
            (folder / part).mkdir(exist_ok=True)
        work = _Work(folder, wanted, seen or Seen(folder / generations.SEEN))
        if not work.is_done(purge):
            work.publish(work.plan(purge))
        while len(work.live.parts) > MOST_PARTS:
            work.publish(_melted(work.live))
        generations.prune(folder, 1 if purge else KEPT)
        return Assembled(work.live, work.relations(), tuple(work.mended))


@dataclass(frozen=True, slots=True)
class _Plan:
    """The segments that stay, and the keys of the documents that go into a new one."""

    kept: tuple[Part, ...]
    moved: tuple[str, ...]


class _Work:
    """One run: the generation that is live, and what the next one is to hold."""

    def __init__(self, folder: Path, wanted: Wanted, seen: Seen) -> None:
        self._folder = folder
        self._wanted = wanted
        self._seen = seen
        self._records = RecordStore(folder / "records")
        self._known = lru_cache(None)(self._records.known)
        self.mended: list[str] = []
        found = generations.live_or_none(folder)
        if found is None and generations.live_generation(folder):
            self.mended.append("The list of what the index holds could not be used and was made anew.")
        self._found = found is not None
        self.live = found or Manifest(SCHEMA, 0, "", "", "", (), "", (), (), (), 0, 0, 0, {})

    def is_done(self, purge: bool) -> bool:
        """The live generation holds what is wanted and its own files are sound; records are their writer's business."""
        live, wanted = self.live, self._wanted
        has = (sorted(live.names.items()), live.fingerprint, live.reader, live.refused, live.corrections)
        want = (sorted(wanted.files), wanted.fingerprint, wanted.reader, wanted.refused, self._changes())
        if not self._found or has != want or (purge and any(part.held != part.keys for part in live.parts)):
            return False
        return not self._damaged(live.files)

    def plan(self, purge: bool) -> _Plan:
        """Which segments stay, and what is written anew."""
        keys = {key for _, key in self._wanted.files}
        sizes = {key: self._known(key)[0].passages for key in keys}
        parts, homes = [], set[str]()
        for part in self._sound_parts():
            alive = tuple(key for key in part.held if key in keys and key not in homes)
            homes.update(alive)
            parts.append(replace(part, keys=alive))
        missing = keys - homes
        if sum(sizes.values()) <= SMALL:
            one = len(parts) == 1 and parts[0].held == parts[0].keys and not missing
            return _Plan(tuple(parts), ()) if one else _Plan((), tuple(keys))
        thin = {p.id for p in parts if len(p.keys) < (1 if purge else THIN) * len(p.held)}
        small = {p.id for p in parts if sum(sizes[key] for key in p.keys) <= SMALL} if missing else set()
        kept = tuple(part for part in parts if part.id not in thin | small)
        return _Plan(kept, tuple(keys - {key for part in kept for key in part.keys}))

    def publish(self, plan: _Plan) -> None:
        """Write what is new, check it, and have it live."""
        folder, number = self._folder, generations.live_generation(self._folder) + 1
        documents, warnings = self._documents()
        order = {document.key: place for place, document in enumerate(documents)}
        parts, files = list(plan.kept), dict[str, tuple[int, str]]()
        if plan.moved or not parts:
            part = write_part(folder, number, sorted(plan.moved, key=order.__getitem__), self._records)
            parts.append(part)
            files |= _below(folder, f"segments/{part.id}")
        parts = [part for part in parts if part.keys or len(parts) == 1]
        readers = [SegmentReader(folder / "segments" / part.id) for part in parts]
        words = write_words(folder, number, parts, readers, self.live, sound=self._has_sound_words())
        relations = related(readers, documents, self._wanted.corrections, self.relations())
        relations.save(folder / "generations" / f"{number}.relations.json")
        kept = {f"segments/{part.id}/" for part in plan.kept}
        files |= {name: each for name, each in self.live.files.items() if name.startswith(tuple(kept))}
        files |= _below(folder, f"words/{words}", self.live.files)
        files |= _below(folder, "generations", only=f"{number}.relations.json")
        findings = sum(_findings(reader, part.keys) for part, reader in zip(parts, readers, strict=True))
        manifest = Manifest(
            schema=SCHEMA,
            generation=number,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            fingerprint=self._wanted.fingerprint,
            reader=self._wanted.reader,
            parts=tuple(parts),
            words=words,
            documents=tuple(documents),
            refused=self._wanted.refused,
            warnings=(*warnings, *self._unused(relations, documents)),
            passages=sum(document.passages for document in documents),
            sentences=sum(
                int(np.isin(r.sentence_passages, _rows(r, p.keys)).sum()) for p, r in zip(parts, readers, strict=True)
            ),
            findings=findings - sum(each.dropped for each in relations.findings.values()),
            files=files,
            corrections=self._changes(),
            model=self._wanted.model,
        )
        if len(Words.open(folder / "words" / words)) != manifest.passages:
            raise IndexUnusable(folder, INCOMPLETE)
        generations.go_live(folder, manifest)
        self.live, self._found = manifest, True

    def _changes(self) -> str:
        return corrections_hash(self._wanted.corrections)

    def _damaged(self, files: dict[str, tuple[int, str]]) -> str:
        """What is wrong with these files, in words; '' for nothing."""
        return damage(self._folder, files, self._seen)

    def _sound_parts(self) -> Iterator[Part]:
        """The live segments whose files are as they were written; of the others it is said that they are made anew."""
        for part in self.live.parts:
            files = {n: f for n, f in self.live.files.items() if n.startswith(f"segments/{part.id}/")}
            if flaw := self._damaged(files):
                self.mended.append(
                    f"A part of the index was damaged ({flaw}) and was made anew from what was read before."
                )
            else:
                yield part

    def _documents(self) -> tuple[list[Document], list[PageWarning]]:
        """The documents by name, files with the same bytes as one; and what their records warn of."""
        names: dict[str, list[str]] = defaultdict(list)
        for name, key in sorted(self._wanted.files):
            names[key].append(name)
        documents, warnings = [], []
        for key, (name, *copies) in names.items():
            known, doubts = self._known(key)
            title = known.title or Path(name).stem
            documents.append(replace(known, name=name, key=key, title=title, copies=tuple(copies)))
            warnings += [PageWarning(name, page, reason) for page, reason in doubts]
        return documents, warnings

    def _has_sound_words(self) -> bool:
        """The live generation has words whose files are as they were written; damage is said."""
        files = {name: each for name, each in self.live.files.items() if name.startswith(f"words/{self.live.words}/")}
        flaw = self._damaged(files) if files else ""
        if flaw:
            self.mended.append(f"The words of the index were damaged ({flaw}) and were made anew.")
        return bool(files) and not flaw

    def relations(self) -> Relations:
        """What the live generation found; nothing where that cannot be read any more."""
        name = f"generations/{self.live.generation}.relations.json"
        try:
            if self._damaged({n: f for n, f in self.live.files.items() if n == name}):
                return Relations()
            return Relations.load(self._folder / name)
        except (OSError, ValueError, KeyError, TypeError):
            return Relations()

    def _unused(self, relations: Relations, documents: Sequence[Document]) -> Iterator[PageWarning]:
        """Warnings of corrections that fit no finding, or no document of the library."""
        names = {document.key: document.name for document in documents}
        known = {name for document in documents for name in (document.name, *document.copies)}
        left = [(names[key], first_words) for key, first_words in relations.unused]
        left += [(each.document, each.first_words) for each in self._wanted.corrections if each.document not in known]
        for name, first_words in left:
            yield PageWarning(name, 0, f"the correction of “{first_words}” fits no finding")


def corrections_hash(corrections: Sequence[Correction]) -> str:
    """What a manifest says of the corrections it was made with; '' where there are none."""
    return hashlib.sha256(repr(corrections).encode()).hexdigest() if corrections else ""


def _melted(live: Manifest) -> _Plan:
    """The smaller half of the segments made one."""
    sizes = {document.key: document.passages for document in live.documents}
    by_size = sorted(live.parts, key=lambda part: sum(sizes[key] for key in part.keys))
    half = by_size[: len(by_size) // 2]
    return _Plan(tuple(p for p in live.parts if p not in half), tuple(key for part in half for key in part.keys))


def _rows(reader: SegmentReader, keys: Collection[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The rows of these documents' passages in a segment."""
    spans = [(int(reader.firsts[n]), int(reader.firsts[n + 1])) for n in (reader.numbers[key] for key in keys)]
    return np.concatenate([np.zeros(0, np.int64), *(np.arange(first, end) for first, end in spans)])


def _findings(reader: SegmentReader, keys: Collection[str]) -> int:
    """How many findings these documents of a segment have."""
    counts = reader.finding_counts()
    return sum(counts.get(reader.numbers[key], 0) for key in keys)


def _below(
    folder: Path, name: str, known: dict[str, tuple[int, str]] | None = None, only: str = ""
) -> dict[str, tuple[int, str]]:
    """Size and checksum of the files in a folder of the index, by path; those of linked files are known already."""
    linked = {Path(path).name: each for path, each in (known or {}).items() if path.startswith("words/")}
    return {f"{name}/{file}": each for file, each in sizes_and_checksums(folder / name, linked, only).items()}
