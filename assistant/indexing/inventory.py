"""What the corpus holds against what the index holds: which files are new, which were refused and still are."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from assistant.errors import CorpusMissing, CorpusUnreadable
from assistant.indexing.generations import Manifest, Refused
from assistant.indexing.record_store import RecordStore, record_key
from assistant.indexing.seen import Seen
from assistant.reading import ocr, sandbox
from assistant.reading.sandbox import READER_VERSION
from assistant.records import PageWarning
from assistant.reports import BuildReport

PASSING = frozenset({"unreadable", "not a file"})
"""Reasons to refuse a file that come of the moment or the machine, not of its bytes."""


def pdfs(corpus: Path) -> dict[str, Path]:
    """Every PDF below the corpus folder by its path there. Hidden files and folders are left out."""
    return listed(corpus)[0]


def listed(corpus: Path) -> tuple[dict[str, Path], dict[str, Refused]]:
    """The same, in the order of their paths, and the folders that cannot be listed: their PDFs are missing.

    Raises CorpusMissing, CorpusUnreadable.
    """
    if not corpus.is_dir():
        raise CorpusMissing(corpus)
    closed: dict[str, Refused] = {}

    def note(error: OSError) -> None:
        reason = error.strerror or str(error)
        folder = Path(error.filename)
        if folder == corpus:
            raise CorpusUnreadable(corpus, reason) from None
        name = f"{folder.relative_to(corpus).as_posix()}/".encode("utf-8", "replace").decode("utf-8")
        closed[name] = Refused(name, "unreadable", f"The folder cannot be read ({reason}); what is in it is missing.")

    found = []
    for folder, folders, files in os.walk(corpus, onerror=note):
        folders[:] = [name for name in folders if name[0] != "."]
        pdfs = (name for name in files if name[0] != "." and name.lower().endswith(".pdf"))
        found += [Path(folder) / name for name in pdfs]
    return {path.relative_to(corpus).as_posix(): path for path in sorted(found)}, closed


def outside(path: Path, corpus: Path) -> bool:
    """A link leads out of the corpus folder, which may be a link itself."""
    try:
        return not path.resolve().is_relative_to(corpus.resolve())
    except (OSError, RuntimeError):  # links that lead round in a circle lead nowhere
        return False


def hashed(files: Mapping[str, Path], corpus: Path, seen: Seen) -> tuple[dict[str, str], dict[str, Refused]]:
    """The hash of each file's bytes, and the files whose bytes cannot be had or whose name cannot be written down.

    A file that has gone since it was listed is in neither.
    """
    hashes, unreadable = {}, {}
    for name, path in files.items():
        shown = name.encode("utf-8", "replace").decode("utf-8")
        if shown != name:
            unreadable[shown] = Refused(shown, "name not UTF-8", "Rename the file: its name is not valid UTF-8.", "")
            continue
        try:
            if path.is_symlink() and outside(path, corpus):
                unreadable[name] = Refused(
                    name, "link outside", "This is a link to a file outside the corpus folder.", ""
                )
                continue
            if not path.is_file():  # opening a pipe would wait for somebody to write into it
                if path.is_symlink() or path.exists():
                    detail = "Something other than a file has this name, or a link that leads nowhere."
                    unreadable[name] = Refused(name, "not a file", detail, "")
                continue
            hashes[name] = seen.sha256(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            detail = f"The file cannot be read ({error.strerror or error})."
            unreadable[name] = Refused(name, "unreadable", detail, "")
    return hashes, unreadable


def stays(path: Path, sha256: str, seen: Seen) -> bool:
    """The file still has the bytes of that hash."""
    try:
        return path.is_file() and seen.sha256(path) == sha256
    except OSError:
        return False


def keys_of(before: Manifest | None, hashes: dict[str, str], fingerprint: str, records: RecordStore) -> dict[str, str]:
    """The key of each file's record. A file whose scans could not be read gets another once Tesseract is there."""
    unread = {w.document for w in before.warnings if w.reason == ocr.NOT_READ} if before and ocr.languages() else set()
    scans = {hashes[name] for name in unread if name in hashes}  # by their bytes: a copy is the same document
    keys, there = {}, records.there()
    for name, sha256 in hashes.items():
        recognised = record_key(sha256, f"{READER_VERSION} with Tesseract", fingerprint)
        anew = sha256 in scans or recognised in there
        keys[name] = recognised if anew else record_key(sha256, READER_VERSION, fingerprint)
    return keys


def still_refused(before: Manifest | None, hashes: dict[str, str], passwords: Mapping[str, str]) -> dict[str, Refused]:
    """Files that were refused and have not changed since, unless what was missing for them may be there now."""
    if before is None or before.reader != READER_VERSION:
        return {}
    return {
        each.document: each
        for each in before.refused
        if each.sha256
        and hashes.get(each.document) == each.sha256
        and each.reason != sandbox.TIMED_OUT
        and not (each.reason == sandbox.SCANNED and ocr.languages())
        and not (each.reason == sandbox.ENCRYPTED and sandbox.password_of(each.document, passwords))
    }


def left(
    before: Manifest | None, leave: Collection[str], fingerprint: str
) -> tuple[dict[str, str], dict[str, Refused]]:
    """What the index holds of these files: the record key of each, and those that were refused."""
    if before is None or before.fingerprint != fingerprint:
        return {}, {}
    held = {name: key for name, key in before.names.items() if name in leave}
    return held, {each.document: each for each in before.refused if each.document in leave}


def report(
    before: Manifest | None,
    now: Manifest,
    warnings: Iterable[PageWarning],
    spent: Mapping[str, float],
    notes: Sequence[str],
) -> BuildReport:
    """What a run changed: before is what was live, now what is, with its warnings. spent is in seconds by stage."""
    old, new = before.names if before else {}, now.names
    gone = {old[name]: name for name in sorted(old.keys() - new.keys(), reverse=True)}
    copies = [(copy, document.name) for document in now.documents for copy in document.copies]
    return BuildReport(
        documents=len(new),
        added=sorted(new.keys() - old.keys()),
        changed=sorted(name for name in new.keys() & old.keys() if new[name] != old[name]),
        removed=sorted(old.keys() - new.keys()),
        unchanged=sum(old.get(name) == key for name, key in new.items()),
        failed=[{"document": r.document, "reason": r.reason, "detail": r.detail} for r in now.refused],
        warnings=[
            *({"document": w.document, "page": w.page, "reason": w.reason} for w in warnings),
            *({"document": copy, "page": 0, "reason": f"the same file as {name}"} for copy, name in copies),
        ],
        pages=sum(document.pages for document in now.documents),
        passages=now.passages,
        sentences=sum(document.sentences for document in now.documents),
        findings=now.findings,
        seconds={stage: round(seconds, 3) for stage, seconds in spent.items()},
        generation=now.generation,
        renamed=[
            {"from": gone[new[name]], "to": name} for name in sorted(new.keys() - old.keys()) if new[name] in gone
        ],
        notes=list(notes),
    )
