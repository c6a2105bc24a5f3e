"""The files of a new generation: a segment and the words, each built aside, read back and put in its place."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.errors import IndexUnusable
from assistant.indexing.embedding import heading
from assistant.indexing.files import put, settle
from assistant.indexing.generations import Manifest, Part
from assistant.indexing.lexical import Wording, Words
from assistant.indexing.record_store import RecordStore
from assistant.indexing.segment_reader import SegmentReader
from assistant.indexing.segments import Contents, write_segment

ALIKE_COSINE = 0.999
"""The least that a sentence's vector, looked up in a new segment, must agree with what the record has."""
INCOMPLETE = "the new generation does not hold what its records hold; the old one stays"


def write_part(folder: Path, number: int, keys: Sequence[str], records: RecordStore) -> Part:
    """Build the segment of these records aside, read it back and put it in its place.

    number is that of its generation. Raises IndexUnusable where it does not hold what was written.
    """
    id_ = f"{number}-{hashlib.sha256(repr(keys).encode()).hexdigest()[:12]}"
    place, made = folder / "segments" / id_, folder / "segments" / f"{id_}.new"
    for leftover in (place, made):  # of a run that was interrupted: no manifest can name them
        shutil.rmtree(leftover, ignore_errors=True)
    made.mkdir()
    contents = write_segment(made, ((key, records.read(key)) for key in keys))
    settle(made)
    put(made, place)
    if not _holds(SegmentReader(place), contents, records):
        raise IndexUnusable(folder, INCOMPLETE)
    return Part(id_, number, contents.keys, contents.keys)


def write_words(
    folder: Path, number: int, parts: Sequence[Part], readers: Sequence[SegmentReader], live: Manifest, *, sound: bool
) -> str:
    """The id of a folder with the words of just these parts' live documents.

    It is that of the live generation where that has just these; sound says that its words may be gone on from.
    """
    before = {key: part.ordinal for part in live.parts for key in part.keys}
    now = {key: part.ordinal for part in parts for key in part.keys}
    if sound and before == now:
        return live.words
    made = folder / "words" / f"{number}.new"
    for leftover in (made, made.with_suffix("")):
        shutil.rmtree(leftover, ignore_errors=True)
    made.mkdir()
    if sound and len(parts) > 1:
        added = {key for key, ordinal in now.items() if before.get(key) != ordinal}
        removed = [key for key, ordinal in before.items() if now.get(key) != ordinal]
        place = folder / "words" / live.words
        Words.extend(place, made, _wordings(parts, readers, added), removed)
    else:
        Words.build(made, _wordings(parts, readers, set(now)))
    settle(made)
    put(made, made.with_suffix(""))
    return str(number)


def _holds(reader: SegmentReader, contents: Contents, records: RecordStore) -> bool:
    """A new segment, read back, has in each of its parts what was written, and finds a sentence of each document."""
    lengths = (len(reader), len(reader.kinds), len(reader.vectors), len(reader.sentence_passages))
    if lengths != (contents.passages, contents.passages, contents.sentences, contents.sentences):
        return False
    if reader.keys != contents.keys or sum(reader.finding_counts().values()) != contents.findings:
        return False
    return all(_finds(reader, key, records) for key in contents.keys)


def _finds(reader: SegmentReader, key: str, records: RecordStore) -> bool:
    """A sentence in the middle of a document, looked up by its vector, is found in that document's passage."""
    vectors = records.vectors(key)
    if not len(vectors.sentences):
        return True
    number = reader.numbers[key]
    middle = len(vectors.sentences) // 2
    row = int(reader.firsts[number]) + int(vectors.sentence_passages[middle])
    own = np.flatnonzero(reader.sentence_passages == row).astype(np.int64)
    scores, _ = reader.vectors.search(np.asarray(vectors.sentences[middle]), 1, own)
    return bool(len(scores)) and float(scores[0]) >= ALIKE_COSINE


def _wordings(parts: Sequence[Part], readers: Sequence[SegmentReader], keys: Collection[str]) -> Iterator[Wording]:
    for part, reader in zip(parts, readers, strict=True):
        wanted = [reader.numbers[key] for key in part.keys if key in keys]
        for row, document, title, text, section, context, kind in reader.wordings(wanted):
            above = heading(title, section, context)
            yield Wording(part.ordinal << 32 | row, text, above, reader.keys[document], kind)
