"""PDFs on their way into the corpus folder: names made safe, files checked first, moved as a whole."""

from __future__ import annotations

import filecmp
import os
import re
import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.errors import DocumentRefused, PageMissing
from assistant.indexing import inventory

NAME_BYTES = 180  # of a file name; most file systems take 255
STAGING = ".upload-"
ABANDONED_SECONDS = 24 * 3600
CHECKED_AT_ONCE = 2
# What Windows does not have in names: a library may be on a disk that others open.
UNSAFE = re.compile(r'[<>:"|?*\ufffd]')


class Outcome(StrEnum):
    """What became of a file that was sent."""

    STORED = "stored"
    REPLACED = "replaced"
    SAME = "same"
    """Its bytes are in the corpus already."""
    TAKEN = "taken"
    """Another file has its name; nothing was changed."""
    REFUSED = "refused"
    REMOVED = "removed"
    """A document that was taken out; detail is the folder where its file is now."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of a file: the document that it is now, or that has its bytes or its name; why it was refused."""

    file: str
    """Its name, as it is kept or, where it cannot be, as it was sent."""
    document: str
    outcome: Outcome
    reason: str = ""
    detail: str = ""
    person: str = ""
    at: float = 0.0
    """Seconds since 1970."""


def safe_name(sent: str) -> str:
    """The name under which a file is kept: its last part, composed (NFC), without characters that mislead or hide.

    Raises DocumentRefused where it does not end with .pdf or is too long.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent))[-1]
    shown = "".join(
        c for c in last if unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in ("Zl", "Zp")
    )
    name = " ".join(UNSAFE.sub("_", shown).split()).lstrip(". ")
    stem, _, ending = name.rpartition(".")
    if not stem.strip() or ending.lower() != "pdf":
        raise DocumentRefused("name", "The name of the file does not end with .pdf.")
    if len(name.encode()) > NAME_BYTES:
        raise DocumentRefused("name", f"The name of the file is too long; {NAME_BYTES} bytes are kept at most.")
    return name


class Arriving:
    """A file that is being sent, in a hidden folder of the corpus until it is known to be good."""

    def __init__(self, corpus: Path, sent: str, most_bytes: int) -> None:
        self.name = sent
        self.size = 0
        self.refusal: DocumentRefused | None = None
        self._most = most_bytes
        self._folder = corpus / f"{STAGING}{secrets.token_hex(8)}"
        try:
            self.name = safe_name(sent)
            self._folder.mkdir()
            self.path = self._folder / self.name
            self._file = self.path.open("xb")
        except DocumentRefused as refusal:
            self._refuse(refusal)
        except OSError as error:
            self._refuse(_not_written(error))

    def write(self, data: bytes) -> None:
        """The next piece. Once the file is refused, pieces are let go."""
        self.size += len(data)
        if self.refusal:
            return
        if self.size > self._most:
            megabytes = self._most // 1_000_000
            said = f"The file is larger than {megabytes:,} MB (setting upload_megabytes)."
            self._refuse(DocumentRefused("too large", said))
        else:
            try:
                self._file.write(data)
            except OSError as error:
                self._refuse(_not_written(error))

    def close(self) -> None:
        """Nothing more comes: have the disk hold it."""
        if self.refusal:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        except OSError as error:
            self._refuse(_not_written(error))

    def discard(self) -> None:
        """Leave nothing behind of what was not moved into the corpus."""
        if hasattr(self, "_file"):
            self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _refuse(self, refusal: DocumentRefused) -> None:
        self.refusal = refusal
        self.discard()


class Intake:
    """Takes PDFs into the corpus, for any number of threads.

    check is given a file and the document that it shall become, and raises DocumentRefused.
    """

    def __init__(self, corpus: Path, check: Callable[[Path, str], object], most_bytes: int) -> None:
        self._corpus = corpus
        self._check = check
        self._most = most_bytes
        self._moving = threading.Lock()
        self._checking = threading.Semaphore(CHECKED_AT_ONCE)
        for left in corpus.glob(f"{STAGING}*"):  # by a server that was ended while a file was being sent
            if time.time() - left.lstat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)

    def arriving(self, sent: str) -> Arriving:
        """Where a file of that name goes while it is being sent."""
        return Arriving(self._corpus, sent, self._most)

    def take(self, file: Arriving, person: str, replacing: bool = False, document: str = "") -> Upload:
        """Check a file that has arrived and move it into the corpus, as the new content of a document if one is named.

        Without replacing, a file that has its name stays. Raises PageMissing where there is no such document.
        """
        try:
            name, outcome = self._taken(file, replacing, document)
            return Upload(file.name, name, outcome, person=person, at=time.time())
        except DocumentRefused as refusal:
            said = (refusal.reason, refusal.detail, person, time.time())
            return Upload(file.name, document or file.name, Outcome.REFUSED, *said)
        finally:
            file.discard()

    def _taken(self, file: Arriving, replacing: bool, document: str) -> tuple[str, Outcome]:
        if document:
            self._path(document)
        if file.refusal:
            raise file.refusal
        with self._checking:
            self._check(file.path, document or file.name)
        with self._moving:
            files = inventory.pdfs(self._corpus)
            if same := next((name for name, path in files.items() if _same(file, path)), ""):
                return same, Outcome.SAME
            there = document or next((name for name in files if _folded(name) == _folded(file.name)), "")
            if there and not (replacing or document):
                return there, Outcome.TAKEN
            try:
                os.replace(file.path, files[there] if there else self._corpus / file.name)
            except OSError as error:
                raise _not_written(error) from error
        return there or file.name, Outcome.REPLACED if there else Outcome.STORED

    def _path(self, document: str) -> Path:
        """The file of a document, looked up by its name: a name with ../ is simply not there."""
        path = inventory.pdfs(self._corpus).get(document)
        if path is None:
            raise PageMissing(document, None)
        return path


def _same(file: Arriving, path: Path) -> bool:
    try:
        return path.stat().st_size == file.size and filecmp.cmp(path, file.path, shallow=False)
    except OSError:
        return False


def _folded(name: str) -> str:
    """Names that people take for one: some file systems do, too."""
    return unicodedata.normalize("NFC", name).casefold()


def _not_written(error: OSError) -> DocumentRefused:
    said = f"The corpus folder cannot be written to ({error.strerror or error}). Check its permissions and free space."
    return DocumentRefused("not written", said)
