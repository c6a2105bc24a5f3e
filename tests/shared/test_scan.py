"""A brief as a scan gives the words of the same brief with a text layer, in order and in place."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from assistant.reading import ocr, sandbox
from assistant.reading.sandbox import Limits
from assistant.records import Reading, Word
from assistant.understanding.passages import passages_of

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCAN = SHARED / "corpus-more" / "sc2-brief-scanned.pdf"
BRIEF = SHARED / "corpus" / "ilab-sc2-final-evaluation-brief-2024-11.pdf"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SCAN.is_file() and BRIEF.is_file()), reason="the shared corpora are not here"),
    pytest.mark.skipif(not ocr.languages(), reason="Tesseract is not installed"),
]


@pytest.fixture(scope="module")
def scanned() -> Reading:
    return sandbox.read(SCAN, Limits())


@pytest.fixture(scope="module")
def printed() -> Reading:
    return sandbox.read(BRIEF, Limits())


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def share(wanted: list[str], found: list[str]) -> float:
    """How many of the wanted words were found, in their order."""
    matches = difflib.SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    return sum(match.size for match in matches) / len(wanted)


def test_the_scan_gives_97_in_100_words_of_the_brief_in_order(scanned: Reading, printed: Reading) -> None:
    def raw(reading: Reading) -> list[str]:
        return words(" ".join(page.text.replace("\x02", "") for page in reading.pages))

    def quoted(reading: Reading) -> list[str]:
        return words(" ".join(passage.text for passage in passages_of(reading)))

    assert share(raw(printed), raw(scanned)) >= 0.97
    assert share(quoted(printed), quoted(scanned)) >= 0.97


def test_recognised_words_stand_where_they_are_printed(scanned: Reading, printed: Reading) -> None:
    there: dict[tuple[int, str], list[Word]] = {}
    for block in printed.blocks:
        for word in block.words:
            there.setdefault((word.page, word.text), []).append(word)
    compared = near = 0
    for block in scanned.blocks:
        for word in block.words:
            same = there.get((word.page, word.text), [])
            if len(same) == 1 and len(word.text) > 4:
                compared += 1
                near += abs(same[0].x0 - word.x0) < 8 and abs(same[0].bottom - word.bottom) < 8
    assert compared > 200
    assert near >= 0.97 * compared


def test_what_was_recognised_is_named_as_such_and_its_sentences_are_proven(scanned: Reading) -> None:
    assert all(page.ocr for page in scanned.pages)
    passages = passages_of(scanned)
    assert all(passage.ocr for passage in passages)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    assert sum(sentence.proven for sentence in sentences) >= 0.95 * len(sentences)
