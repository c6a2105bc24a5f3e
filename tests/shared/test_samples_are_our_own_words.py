"""The sample digests copy nothing from the reports they retell, and nothing from any report taught the model."""

import json
import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

ROOT = Path(__file__).parents[2]
REPORTS = ROOT.parent / "shared" / "corpus"
RUN = 8  # consecutive words; shorter runs are names and set phrases


def words_of(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text.replace("\ufffe", "").replace("\x02", "")).lower()
    return re.findall(r"\w+", plain.replace("'", "").replace("\u2019", ""))


def text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def runs_of(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def without(names: Iterable[str], words: list[str]) -> list[str]:
    """The words with each name taken out and a break left, so that naming a report is not copying it."""
    text = " ".join(words)
    for name in names:
        text = text.replace(" ".join(words_of(name)), "|")
    return text.split()


def titles_of(source: Path) -> list[str]:
    return re.findall(r"^source: (.+)$", source.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def reports() -> list[Path]:
    found = sorted(REPORTS.glob("*.pdf"))
    if not found:
        missing = "the reports of ../shared/corpus are not here"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="module")
def theirs(reports: list[Path]) -> set[tuple[str, ...]]:
    others = sorted((ROOT.parent / "shared" / "corpus-more").glob("*.pdf"))
    found = set[tuple[str, ...]]().union(*(runs_of(words_of(text_of(report))) for report in [*reports, *others]))
    assert len(found) > 100_000  # the reports were really read
    return found


@pytest.mark.slow
def test_no_run_of_eight_words_of_a_sample_stands_in_a_report(theirs: set[tuple[str, ...]]) -> None:
    for source in sorted((ROOT / "corpus" / "sources").glob("*.md")):
        ours = words_of(text_of(ROOT / "corpus" / f"{source.stem}.pdf"))
        copied = runs_of(without(titles_of(source), ours)) & theirs
        assert not copied, f"{source.name}: {sorted(' '.join(run) for run in copied)}"


def texts_of(value: str | list[Any]) -> list[str]:
    """A text, or those of lists of lists."""
    return [value] if isinstance(value, str) else [text for each in value for text in texts_of(each)]


@pytest.mark.slow
def test_no_run_of_eight_words_of_the_training_text_stands_in_a_report(theirs: set[tuple[str, ...]]) -> None:
    for source in sorted((ROOT / "training").glob("*.jsonl")):
        rows = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
        texts = [text for row in rows for value in row.values() for text in texts_of(value)]
        copied = {run for text in texts for run in runs_of(words_of(text))} & theirs
        assert not copied, f"{source.name}: {sorted(' '.join(run) for run in copied)}"
