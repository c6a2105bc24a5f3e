"""A backup that can be used as it is: the live generation, the staff's files and data, and if wanted the PDFs."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.answering.aliases import FILE as ALIASES
from assistant.errors import BackupFailed, IndexUnusable, UsageError
from assistant.indexing import generations, inventory
from assistant.indexing.files import link, settle
from assistant.indexing.generations import Manifest
from assistant.keeping.verifying import flaws
from assistant.settings import Settings
from assistant.staff.store import FILE as STAFF
from assistant.staff.store import StaffStore
from assistant.understanding.catalogue import FILE as CATALOGUE
from assistant.understanding.corrections import FILE as CORRECTIONS

WRITTEN_BY_STAFF = (CATALOGUE, CORRECTIONS, ALIASES)
Copy = Callable[[Path, Path], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """What was copied, and where to."""

    folder: str
    generation: int
    documents: int
    pdfs: int
    """0 where the PDFs were not asked for."""
    staff: bool
    """Accounts, conversations and feedback are in it."""


def backup(settings: Settings, folder: Path, with_corpus: bool = False) -> Backup:
    """Copy the library into a new or empty folder while others read, ask and index; the copy is opened and checked.

    What an index never changes is linked where the file system can, and copied elsewhere. Raises UsageError for a
    folder that is not empty or lies in the library, BackupFailed, IndexMissing and IndexUnusable.
    """
    _check(settings, folder)
    partial_ = folder.with_name(f"{folder.name}.partial")
    try:
        partial_.mkdir(parents=True)
    except FileExistsError:
        raise UsageError(f"{partial_} is there, of a backup that did not finish. Delete it, then try again.") from None
    except OSError as error:
        raise BackupFailed(folder, error.strerror or str(error)) from error
    try:
        done = _copied(settings, partial_, with_corpus)
        settle(partial_)
        if folder.exists():
            folder.rmdir()
        partial_.rename(folder)
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(partial_, ignore_errors=True)
        raise BackupFailed(folder, getattr(error, "strerror", None) or str(error)) from error
    except BaseException:
        shutil.rmtree(partial_, ignore_errors=True)
        raise
    return done(str(folder))


def _check(settings: Settings, folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there and not empty. Name a new folder: assistant backup DIR")
    for own in (settings.corpus, settings.index):
        if folder.resolve().is_relative_to(own.resolve()):
            raise UsageError(f"{folder} lies in {own}. Name a folder outside of the library: assistant backup DIR")


def _copied(settings: Settings, folder: Path, with_corpus: bool) -> Callable[[str], Backup]:
    manifest = _index(settings.index, folder / "index")
    staff = _staff(settings.index, folder / "index")
    pdfs = _corpus(settings.corpus, folder / "corpus", with_corpus)
    shutil.copytree(settings.prompts, folder / "prompts")
    return partial(Backup, generation=manifest.generation, documents=len(manifest.names), pdfs=pdfs, staff=staff)


def _index(index: Path, target: Path) -> Manifest:
    """Copy the live generation; if it is taken away meanwhile, start over with the newer one."""
    while True:
        manifest = generations.live_manifest(index)
        try:
            _generation(index, target, manifest)
            found = next(flaws(target, manifest), "")
        except FileNotFoundError as error:
            found = f"{error.filename} is missing"
        if not found:
            return manifest
        shutil.rmtree(target)
        if generations.live_generation(index) == manifest.generation:
            raise IndexUnusable(index, found.rstrip("."))


def _generation(index: Path, target: Path, manifest: Manifest) -> None:
    (target / "generations").mkdir(parents=True)
    name = f"{manifest.generation}.json"
    shutil.copy2(index / "generations" / name, target / "generations" / name)
    for name in manifest.files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        link(index / name, target / name)
    for document in manifest.documents:
        record = Path("records", document.key)
        (target / record).mkdir(parents=True)
        for file in (index / record).iterdir():
            link(file, target / record / file.name)


def _staff(index: Path, target: Path) -> bool:
    """SQLite copies its own file as it is at one moment, whoever writes to it meanwhile."""
    if not (index / STAFF).is_file():
        return False
    made = target / STAFF
    made.touch(mode=0o600)
    with StaffStore(index).work() as source, closing(sqlite3.connect(made)) as copy:
        source.backup(copy)
        [(state,)] = copy.execute("PRAGMA integrity_check(1)")
        if state != "ok":
            raise sqlite3.DatabaseError(f"the staff data is damaged: {state}")
    return True


def _corpus(corpus: Path, target: Path, with_pdfs: bool) -> int:
    """What staff wrote beside the PDFs and, if wanted, the PDFs; these are copied, for others may write to them."""
    target.mkdir()
    for name in WRITTEN_BY_STAFF:
        if (corpus / name).is_file():
            shutil.copy2(corpus / name, target / name)
    if not with_pdfs:
        return 0
    copied = 0
    for name, path in inventory.pdfs(corpus).items():
        if path.is_file() and not inventory.outside(path, corpus):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / name)
            copied += 1
    return copied
