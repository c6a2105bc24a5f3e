"""Small records made by hand, for tests of what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fakes import WordHashEmbedder

from assistant.indexing.assembling import Wanted, assemble
from assistant.indexing.embedding import heading
from assistant.indexing.generations import writing
from assistant.indexing.record_store import Record, RecordStore, Vectors, record_key
from assistant.records import Document, Kind, Page, Passage, Sentence, Span

READER = "reader-1"
EMBEDDER = WordHashEmbedder()


def record(*texts: str, title: str = "A report", kind: Kind = Kind.LESSON, section: str = "Lessons") -> Record:
    """A document with one page, on which each text is a passage; a text's sentences end with a full stop."""
    passages = tuple(_passage(number, text, kind, section) for number, text in enumerate(texts))
    encoded = EMBEDDER.embed_passages(
        [p.text for p in passages],
        [heading(title, p.section) for p in passages],
        [[(s.start, s.end) for s in p.sentences] for p in passages],
    )
    count = sum(len(p.sentences) for p in passages)
    return Record(
        document=Document("", "", title, pages=1, passages=len(passages), sentences=count, labels=("iv",)),
        sha256="|".join((title, *texts)),
        size=1000,
        reader=READER,
        fingerprint=EMBEDDER.fingerprint,
        pages=(Page(1, "iv", 612.0, 792.0, "\n".join(texts)),),
        passages=passages,
        warnings=((1, "two columns were read as one"),),
        vectors=Vectors.of(encoded),
    )


def key_of(made: Record) -> str:
    return record_key(made.sha256, made.reader, made.fingerprint)


def shelve(folder: Path, members: Sequence[tuple[str, Record]]) -> int:
    """Write the records and have a generation of just these."""
    store = RecordStore(folder / "records")
    for _, made in members:
        if not store.has(key_of(made)):
            store.write(key_of(made), made)
    named = tuple((name, key_of(made)) for name, made in members)
    with writing(folder):
        return assemble(folder, Wanted(named, EMBEDDER.fingerprint, READER)).generation


def _passage(number: int, text: str, kind: Kind, section: str) -> Passage:
    sentences, start = [], 0
    for part in text.split(". "):
        sentences.append(Sentence(start, min(len(text), start + len(part) + 1), proven=True))
        start += len(part) + 2
    spans = (Span(0, 5, 1, 72.0, 100.5, 99.25, 112.0), Span(6, len(text), 1, 102.0, 100.5, 140.0, 112.0))
    return Passage(str(number), "", 1, 1, text, section, "", kind, sentences=tuple(sentences), spans=spans)
