"""What the library holds now: the live generation as curators and as readers see it, opened anew when it changes."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from assistant import logs
from assistant.errors import AssistantError, IndexUnusable, ModelUnusable
from assistant.indexing import generations, prepare
from assistant.indexing.embedding import Embedder, ModelEmbedder
from assistant.indexing.library import Library
from assistant.settings import Settings
from assistant.understanding import catalogue

_log = logging.getLogger(__name__)

AGAIN_SECONDS = 30.0
"""After a newer generation could not be opened: checking it anew with each question would slow them all."""


@dataclass(frozen=True, slots=True)
class Held:
    """A generation with the model that its questions are embedded with."""

    library: Library
    """As readers see it, or as curators do."""
    embedder: Embedder
    english_only: bool
    """The model is the packaged one, which was trained on English."""
    stamp: tuple[int, int]
    """Changes with the generation and with documents.csv: what was made of other holdings must not be shown again."""


class Holdings:
    """The library for any number of threads.

    Raises IndexMissing or IndexUnusable when made. A newer generation that cannot be used leaves the old one in place.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self._settings = settings
        self._embedder = embedder
        self._lock = threading.Lock()
        self._not_before = 0.0
        self._library, self._model = self._opened(None)
        self._catalogue_look = self._look()
        self._views = self._seen()

    def now(self, restricted: bool) -> Held:
        """The live generation; restricted leaves out the documents that are for curators alone."""
        if self._is_old() and self._lock.acquire(blocking=False):  # the others go on with what is open
            try:
                self._renew()
            finally:
                self._lock.release()
        return self._views[restricted]

    def _is_old(self) -> bool:
        if self._look() != self._catalogue_look:
            return True
        live = generations.live_generation(self._settings.index)
        return live not in (0, self._library.generation) and time.monotonic() >= self._not_before

    def _renew(self) -> None:
        try:
            self._library, self._model = self._opened(self._library)
        except AssistantError as error:
            logs.event(_log, "generation_unusable", str(error), logging.WARNING)
            self._not_before = time.monotonic() + AGAIN_SECONDS
        self._catalogue_look = self._look()
        self._views = self._seen()

    def _opened(self, before: Library | None) -> tuple[Library, Embedder]:
        """The live generation, with the model that is set; or with its own, as long as it was not built anew."""
        folder = self._settings.index
        try:
            library = Library.open(folder, self._embedder.fingerprint, before)
            _tell(library)
            return library, self._embedder
        except IndexUnusable:
            manifest = generations.live_manifest(folder)
            if manifest.fingerprint == self._embedder.fingerprint or manifest.model == self._settings.model:
                raise
            try:
                own = ModelEmbedder(manifest.model, self._settings.precision, prepare.cache(folder))
            except ModelUnusable:
                own = None
            if own is None or own.fingerprint != manifest.fingerprint:
                raise
            library = Library.open(folder, own.fingerprint, before)
            _tell(library)
            return library, own

    def _seen(self) -> dict[bool, Held]:
        """The library as curators see it (False) and as readers do (True), named as its owners name its documents."""
        told = catalogue.read_catalogue(self._settings.corpus)
        refused = (each.document for each in self._library.refused)
        kept = catalogue.kept_from_readers(self._library.documents, refused, told)
        views = {False: self._library.without(()), True: self._library.without(kept)}
        packaged = self._model is self._embedder and not self._settings.model
        stamp = (self._library.generation, hash(self._catalogue_look))
        for view in views.values():
            view.documents = catalogue.catalogued(view.documents, told)
        return {restricted: Held(view, self._model, packaged, stamp) for restricted, view in views.items()}

    def _look(self) -> tuple[int, int]:
        """Changes when documents.csv does."""
        try:
            status = (Path(self._settings.corpus) / catalogue.FILE).stat()
        except OSError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_size)


def _tell(library: Library) -> None:
    number, documents = library.generation, len(library.documents)
    logs.event(_log, "generation_opened", f"generation {number} is open", generation=number, documents=documents)
