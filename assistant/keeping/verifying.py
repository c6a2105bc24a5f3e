"""Whether index and corpus agree, proven by every byte of both; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import IndexUnusable
from assistant.indexing import generations, inventory, prepare
from assistant.indexing.assembling import corrections_hash
from assistant.indexing.embedding import Embedder, ModelEmbedder
from assistant.indexing.files import checksum
from assistant.indexing.generations import Manifest
from assistant.indexing.library import Library
from assistant.indexing.record_store import RecordDamaged, RecordStore
from assistant.indexing.seen import Seen, damage
from assistant.reading.sandbox import READER_VERSION
from assistant.settings import Settings
from assistant.understanding.corrections import FILE as CORRECTIONS
from assistant.understanding.corrections import read_corrections


@dataclass(slots=True)
class Proof:
    """What was compared, and what differs, a sentence each."""

    generation: int
    documents: int
    files: int
    """Of the corpus, every byte of which was read."""
    differences: list[str] = field(default_factory=list)


def verify(settings: Settings, embedder: Embedder | None = None) -> Proof:
    """Compare every file of the corpus with the live generation, and that with its checksums and counts.

    Starts over when a newer generation comes meanwhile. Raises CorpusMissing, CorpusUnreadable, IndexMissing,
    IndexUnusable for a manifest that cannot be understood, and ModelUnusable.
    """
    embedder = embedder or ModelEmbedder(settings.model, settings.precision, prepare.cache(settings.index))
    while True:
        manifest = generations.live_manifest(settings.index)
        files = inventory.pdfs(settings.corpus)
        proof = Proof(manifest.generation, len(manifest.names), len(files))
        proof.differences += _versions(manifest, embedder.fingerprint)
        hashes, shas = _hashes(files), dict[str, str]()
        proof.differences += flaws(settings.index, manifest, shas)
        proof.differences += _against_corpus(manifest, hashes, shas)
        if corrections_hash(read_corrections(settings.corpus)) != manifest.corrections:
            proof.differences.append(f"{CORRECTIONS} has changed since the last run.")
        if generations.live_generation(settings.index) == manifest.generation:
            return proof


def flaws(index: Path, manifest: Manifest, shas: dict[str, str] | None = None) -> Iterator[str]:
    """What is wrong inside an index, a sentence each. shas is filled with the hash of the PDF of each document."""
    records = RecordStore(index / "records")
    passages = vectors = 0
    for document in manifest.documents:
        try:
            record = records.read(document.key)
        except RecordDamaged as error:
            yield f"The record of {document.name} is damaged: {error}."
            continue
        if shas is not None:
            shas.update(dict.fromkeys((document.name, *document.copies), record.sha256))
        passages += len(record.passages)
        vectors += len(record.vectors.sentences)
        title = record.document.title or document.title
        own = replace(record.document, name=document.name, key=document.key, title=title, copies=document.copies)
        if own != document:
            yield f"The record of {document.name} says other things of the document than the index."
    if found := damage(index, manifest.files, Seen()):
        yield f"The index is damaged: {found}."
        return
    yield from _counts(index, manifest, passages, vectors)


def _counts(index: Path, manifest: Manifest, passages: int, vectors: int) -> Iterator[str]:
    """The manifest, the records together and the open library count the same."""
    try:
        library = Library.open(index, manifest.fingerprint)
    except IndexUnusable as error:
        yield str(error)
        return
    counted = {
        "passages": (manifest.passages, passages, len(library)),
        "sentence vectors": (manifest.sentences, vectors, int((library.sentence_passages >= 0).sum())),
        "findings": (manifest.findings, manifest.findings, sum(library.finding_counts().values())),
    }
    for what, (said, recorded, opened) in counted.items():
        if not said == recorded == opened:
            yield f"The manifest counts {said} {what}, the records hold {recorded}, the open library {opened}."


def _versions(manifest: Manifest, fingerprint: str) -> Iterator[str]:
    if manifest.fingerprint != fingerprint:
        yield "The index was made with another embedding model than the one that is set."
    if manifest.reader != READER_VERSION:
        yield "The index was made by another version of the reader; the next run reads every file anew."


def _hashes(files: dict[str, Path]) -> dict[str, str]:
    """The hash of every file, read now; '' for one whose bytes cannot be had."""
    hashes = {}
    for name, path in files.items():
        try:
            hashes[name] = checksum(path) if path.is_file() else ""
        except OSError:
            hashes[name] = ""
    return hashes


def _against_corpus(manifest: Manifest, hashes: dict[str, str], shas: dict[str, str]) -> Iterator[str]:
    """shas are the hashes of the files that were indexed, hashes those of the files that are there now."""
    refused = {each.document: each.sha256 for each in manifest.refused}
    held = manifest.names.keys()
    for name in sorted(held | refused.keys()):
        if name not in hashes and name in held:
            yield f"{name} is in the index and no longer in the corpus."
        elif name not in hashes and refused[name]:
            yield f"{name} was refused and is no longer in the corpus."
        elif name in held and not hashes[name]:
            yield f"{name} is in the index and cannot be read now."
        elif hashes.get(name, "") != (shas.get(name, hashes[name]) if name in held else refused[name]):
            yield f"{name} has changed since it was {'indexed' if name in held else 'refused'}."
    for name in sorted(hashes.keys() - held - refused.keys()):
        if name.encode("utf-8", "replace").decode("utf-8") not in refused:
            yield f"{name} is in the corpus and not in the index."
