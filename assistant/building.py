"""A folder of PDFs becomes a library: what is new is read, understood, embedded, and swapped in with what was there."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from assistant import logs
from assistant.errors import CorpusMissing, DocumentRefused, IndexUnusable
from assistant.indexing import generations, inventory, pace, prepare, recording
from assistant.indexing.assembling import Assembled, Wanted, assemble
from assistant.indexing.embedding import Embedder, ModelEmbedder
from assistant.indexing.files import translated
from assistant.indexing.generations import Manifest, Refused
from assistant.indexing.record_store import RecordDamaged, RecordStore
from assistant.indexing.relations import near_copies
from assistant.indexing.seen import Seen
from assistant.reading import sandbox
from assistant.reading.sandbox import READER_VERSION
from assistant.reports import BuildReport, Progress
from assistant.settings import Settings
from assistant.understanding import catalogue
from assistant.understanding.corrections import read_corrections

ROUNDS = 3
"""Times that a run looks at the corpus again because a file changed while it was read, or a record was damaged."""
CHANGING = "changing"
SCRATCH = "scratch"
"""The folder below the index in which the readers of PDFs leave their results for a moment."""
Tell = Callable[[Progress], None]

_log = logging.getLogger(__name__)


def build(
    settings: Settings,
    progress: Tell | None = None,
    embedder: Embedder | None = None,
    *,
    purge: bool = False,
    leave: Collection[str] = (),
) -> BuildReport:
    """Bring the index up to date with the corpus; files that look untouched are not even read.

    purge erases at once what only older generations and removed documents hold. leave names files that somebody is
    still writing: what the index holds of them stays as it is. Raises CorpusMissing, CorpusUnreadable,
    IndexBusy, IndexUnwritable, IndexUnusable and ModelUnusable; a file that cannot be read is told in the report.
    """
    started = time.perf_counter()
    embedder = embedder or ModelEmbedder(settings.model, settings.precision, prepare.cache(settings.index))
    if not settings.corpus.is_dir():  # said before anything is made
        raise CorpusMissing(settings.corpus)
    with generations.writing(settings.index):
        run = _Run(settings, embedder, progress or (lambda _: None))
        before = run.before
        try:
            assembled = run.finish(purge, leave)
        finally:
            run.tidy()
    run.spent["total"] = time.perf_counter() - started
    now = assembled.manifest
    logs.event(_log, "generation_live", f"generation {now.generation} is live", generation=now.generation)
    names = {document.key: document.name for document in now.documents}
    warnings = [*now.warnings, *near_copies(assembled.relations, names)]
    report = inventory.report(before, now, warnings, run.spent, [*run.notes, *assembled.mended])
    report.warnings.extend(
        {"document": catalogue.FILE, "page": 0, "reason": reason}
        for _, reason in catalogue.read_catalogue(settings.corpus, now.names).problems
    )
    return report


def limits(settings: Settings) -> sandbox.Limits:
    """What the reading of one file may take."""
    return sandbox.Limits(
        settings.read_seconds,
        settings.read_megabytes,
        settings.read_pages,
        settings.read_characters,
        settings.ocr_seconds_per_page,
    )


class _Run:
    """One run over the corpus, with the index held."""

    def __init__(self, settings: Settings, embedder: Embedder, tell: Tell) -> None:
        self._settings = settings
        self._embedder = embedder
        self._tell = tell
        self._records = RecordStore(settings.index / "records")
        self.seen = Seen(settings.index / generations.SEEN)
        self.before = generations.live_or_none(settings.index)
        self.spent = {"read": 0.0, "embed": 0.0, "assemble": 0.0}
        self.notes: list[str] = []
        self._damaged: set[str] = set()
        self._pages = 0
        self._scratch = settings.index / SCRATCH
        self._begun = time.perf_counter()

    def tidy(self) -> None:
        """Leave nothing behind but what was finished."""
        shutil.rmtree(self._scratch, ignore_errors=True)
        self.seen.forget_unused()
        with suppress(OSError):  # on a full disk: what it remembers is worth time alone
            self.seen.save()

    def finish(self, purge: bool, leave: Collection[str]) -> Assembled:
        """Look, read and assemble until what is live is what the corpus holds."""
        with translated(self._settings.index):
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir()
        for last in (*(False,) * (ROUNDS - 1), True):
            listed, closed = inventory.listed(self._settings.corpus)
            files = {name: path for name, path in listed.items() if name not in leave}
            hashes, refused = inventory.hashed(files, self._settings.corpus, self.seen)
            keys = inventory.keys_of(self.before, hashes, self._embedder.fingerprint, self._records)
            refused |= inventory.still_refused(self.before, hashes, self._settings.passwords)
            left, left_refused = inventory.left(self.before, leave, self._embedder.fingerprint)
            refused |= left_refused | closed
            there = self._sound(keys | left)
            wanted = {n: files[n] for n in hashes if n not in refused and keys[n] not in there}
            self._announce(wanted, len(files))
            changing = self._read(wanted, hashes, keys, refused, len(hashes))
            if changing and not last:
                continue
            for name in changing:
                detail = "The file changed while it was read. It is read again at the next run."
                refused[name] = Refused(name, CHANGING, detail)
            self._tell(Progress("assemble", "", len(hashes), len(hashes), self._pages, self._speed(), 0.0))
            clock = time.perf_counter()
            try:
                assembled = assemble(
                    self._settings.index,
                    Wanted(
                        (
                            *((name, keys[name]) for name in hashes if name not in refused),
                            *((name, key) for name, key in left.items() if key in there),
                        ),
                        self._embedder.fingerprint,
                        READER_VERSION,
                        tuple(refused[name] for name in sorted(refused)),
                        read_corrections(self._settings.corpus),
                        self._settings.model,
                    ),
                    self.seen,
                    purge=purge,
                )
                pace.remember(self._settings.index, self._pages, self._speed())
                return assembled
            except RecordDamaged as damaged:
                self._damaged.add(damaged.key)
                self.notes.append(f"What was kept of a document was damaged ({damaged}); it is read again.")
            finally:
                self.spent["assemble"] += time.perf_counter() - clock
        raise IndexUnusable(self._settings.index, "records are damaged again and again; the disk may be failing")

    def _sound(self, keys: Mapping[str, str]) -> set[str]:
        """The keys of records that are there and whole; of damaged ones it is said what becomes of them."""
        sound = set()
        for name, key in keys.items():
            if key in self._damaged or not self._records.folder.joinpath(key).exists():
                continue
            if flaw := self._records.flaw(key, self.seen):
                self._damaged.add(key)
                self.notes.append(f"What was kept of {name} was damaged ({flaw}); the document is read again.")
            else:
                sound.add(key)
        return sound

    def _speed(self) -> float:
        """Pages per second of this run."""
        return round(self._pages / (time.perf_counter() - self._begun), 1)

    def _announce(self, wanted: Mapping[str, Path], files: int) -> None:
        """Say what is to be done and, once, what a changed model or reader costs."""
        said = f"indexing {self._settings.corpus}: {files} files, {len(wanted)} of them to be read"
        logs.event(_log, "started", said, files=files, to_be_read=len(wanted))
        if self.before is None or not wanted or self.notes:
            return
        if sentence := _cause(self.before, self._embedder.fingerprint):
            pages = sum(document.pages for document in self.before.documents)
            self.notes.append(
                f"{sentence}, so all {len(wanted)} documents ({pages} pages) are read again. "
                "The old index goes on answering until the new one is complete."
            )
            self._tell(Progress("note", self.notes[-1], 0, len(wanted)))

    def _read(
        self,
        wanted: Mapping[str, Path],
        hashes: Mapping[str, str],
        keys: Mapping[str, str],
        refused: dict[str, Refused],
        total: int,
    ) -> list[str]:
        """Make a record of each wanted file; those that cannot be read are added to refused.

        Returns the names of the files that changed meanwhile.
        """
        changing: list[str] = []
        made_keys: set[str] = set()
        sizes = {name: path.stat().st_size for name, path in wanted.items() if path.is_file()}
        first, started, bytes_done = total - len(wanted), time.perf_counter(), 0
        settings = self._settings
        with ThreadPoolExecutor(1) as shelving:  # a record is written while the next document is embedded
            writing: Future[None] | None = None
            bounds = replace(limits(settings), scratch=str(self._scratch))
            readings = recording.readings(wanted, bounds, settings.read_processes, settings.passwords)
            for done, (name, reading, seconds) in enumerate(readings, first):
                spent = time.perf_counter() - started
                waiting = sum(sizes.values()) - bytes_done
                left = round(spent * waiting / bytes_done, 1) if bytes_done else None
                self._tell(Progress("embed", name, done, total, self._pages, self._speed(), left))
                bytes_done += sizes.get(name, 0)
                self.spent["read"] += seconds
                if not inventory.stays(wanted[name], hashes[name], self.seen):
                    changing.append(name)
                elif isinstance(reading, DocumentRefused):
                    # What failed by the moment, not by the file, is tried again at the next run.
                    lasting = reading.reason not in inventory.PASSING
                    refused[name] = Refused(name, reading.reason, reading.detail, hashes[name] if lasting else "")
                elif keys[name] not in made_keys:  # the same bytes under another name are embedded once
                    made_keys.add(keys[name])
                    clock = time.perf_counter()
                    made = recording.record(reading, hashes[name], sizes.get(name, 0), self._embedder)
                    self._pages += made.document.pages
                    if writing:
                        writing.result()  # a full disk is told now, not after the whole library has been embedded
                    writing = shelving.submit(self._records.write, keys[name], made)
                    self._damaged.discard(keys[name])
                    self.spent["embed"] += time.perf_counter() - clock
            if writing:
                writing.result()
        return changing


def _cause(before: Manifest, fingerprint: str) -> str:
    """Why documents that did not change have to be read again, as the beginning of a sentence; '' for no reason."""
    if before.fingerprint != fingerprint:
        return "The embedding model has changed"
    if before.reader != READER_VERSION:
        return "The way in which PDFs are read has changed"
    return ""
