"""Fit the projection of token vectors to 64 dimensions for the packaged model, from a folder of texts.

    python scripts/fit_projection.py corpus

Reads every .pdf, .md and .txt below the folders named, embeds it in pieces of some 90 words with the packaged model in
fp32, and writes assistant/indexing/projection.npz. To be run again only when the packaged model changes: a new
projection is a new fingerprint, and every index is then built anew.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pypdf import PdfReader

from assistant.indexing import inference, model_files
from assistant.indexing.arrays import principal_directions, unit

PIECE_WORDS = 90


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    folder = model_files.model_folder("")
    texts = [text for path in parser.parse_args().folders for text in pieces_of(path)]
    vectors = token_vectors(folder, texts)
    np.savez_compressed(
        model_files.PROJECTION,
        matrix=principal_directions(unit(vectors)),
        weights=model_files.hashes(folder)["model.safetensors"],
    )
    print(f"{model_files.PROJECTION}: fitted on {len(vectors):,} token vectors of {len(texts):,} texts")


def pieces_of(folder: Path) -> Iterator[str]:
    """The texts below a folder, in pieces, in an order that is always the same."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".pdf":
            text = " ".join(page.extract_text() for page in PdfReader(path).pages)
        elif path.suffix in {".md", ".txt"}:
            text = path.read_text("utf-8")
        else:
            continue
        words = text.split()
        yield from (" ".join(words[at : at + PIECE_WORDS]) for at in range(0, len(words), PIECE_WORDS))


def token_vectors(folder: Path, texts: list[str]) -> np.ndarray:
    """The last hidden states of all texts' word pieces, (word pieces, dimensions), without [CLS] and [SEP]."""
    tokenizer = inference.load_tokenizer(folder)
    tokenizer.enable_truncation(320)
    forward = inference.load_model(folder, "fp32", None).forward
    found = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids])
        found.append(forward(ids, np.ones_like(ids))[0, 1:-1])
    return np.concatenate(found)


if __name__ == "__main__":
    main()
