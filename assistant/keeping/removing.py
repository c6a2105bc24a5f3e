"""Taking a document out of the library: its PDF goes to a folder beside the corpus, from where it can come back."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

from assistant.errors import CorpusUnwritable, DocumentUnknown
from assistant.indexing import inventory
from assistant.settings import Settings

NEAREST = 3


def removed_folder(settings: Settings) -> Path:
    """Where removed PDFs go: beside the corpus, so that no run finds them."""
    corpus = settings.corpus.resolve()
    return corpus.with_name(f"{corpus.name}-removed")


def find(settings: Settings, name: str) -> Path:
    """The PDF of that name, looked up in the listing of the corpus and never joined to a path. Raises DocumentUnknown
    with the nearest names, CorpusMissing and CorpusUnreadable."""
    files = inventory.pdfs(settings.corpus)
    if name not in files:
        folded = {each.casefold(): each for each in files} | {Path(each).name.casefold(): each for each in files}
        near = difflib.get_close_matches(name.casefold(), folded, NEAREST)
        raise DocumentUnknown(name, list(dict.fromkeys(folded[each] for each in near)))
    return files[name]


def remove(settings: Settings, name: str) -> Path:
    """Move a document's PDF out of the corpus; returns where it is now. The next run takes it out of the index.

    Nothing is overwritten: a number is added to the file's name. Raises what find() raises, and CorpusUnwritable.
    """
    path = find(settings, name)
    wanted = removed_folder(settings) / name
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        target = _reserved(wanted)
        try:
            shutil.move(path, target)
        except BaseException:
            if path.exists():
                target.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CorpusUnwritable(settings.corpus, error.strerror or str(error)) from error
    return target


def _reserved(wanted: Path) -> Path:
    """An empty file that nobody else has, called as wanted or with the first number that is free."""
    number, target = 1, wanted
    while True:
        try:
            target.touch(exist_ok=False)
            return target
        except FileExistsError:
            number += 1
            target = wanted.with_stem(f"{wanted.stem} ({number})")
