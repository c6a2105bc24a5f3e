"""The sample PDFs are what their sources make, and hold what a first question looks for."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

CORPUS = Path(__file__).parents[1] / "corpus"
SOURCES = sorted((CORPUS / "sources").glob("*.md"))
SAMPLES = [CORPUS / f"{source.stem}.pdf" for source in SOURCES]

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)


def pages_of(sample: Path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(sample).pages]


def bookmarks_of(sample: Path) -> list[str]:
    def titles(entries: Sequence[object]) -> Iterator[str]:
        for entry in entries:
            if isinstance(entry, Destination):
                yield str(entry.title)
            elif isinstance(entry, list):
                yield from titles(entry)

    return list(titles(PdfReader(sample).outline))


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, CORPUS / "make_samples.py", folder], check=True, capture_output=True)
    return folder


def test_there_are_at_least_three_samples() -> None:
    assert len(SAMPLES) >= 3


@each_sample
def test_making_a_sample_again_gives_the_same_bytes(sample: Path, remade: Path) -> None:
    assert (remade / sample.name).read_bytes() == sample.read_bytes()


@each_sample
def test_a_sample_is_short_and_small_with_text_header_and_number_on_every_page(sample: Path) -> None:
    pages = pages_of(sample)
    assert 3 <= len(pages) <= 5
    assert sample.stat().st_size < 200_000
    for number, text in enumerate(pages, start=1):
        assert len(text.split()) > 150
        assert text.startswith("Digest of ")
        assert f"Page {number}" in text


@each_sample
def test_a_sample_says_on_its_first_page_that_it_is_a_digest_and_of_what(sample: Path) -> None:
    first = pages_of(sample)[0]
    source = (CORPUS / "sources" / f"{sample.stem}.md").read_text(encoding="utf-8")
    reports = re.findall(r"^source: (.+)$", source, re.MULTILINE)
    assert "This is a digest made for this project" in first
    assert "The reports are the authority" in first
    assert reports
    for report in reports:
        assert report in first
        assert report in str(PdfReader(sample).metadata)


@each_sample
def test_every_heading_of_a_source_is_a_bookmark(sample: Path) -> None:
    source = (CORPUS / "sources" / f"{sample.stem}.md").read_text(encoding="utf-8")
    assert bookmarks_of(sample) == re.findall(r"^##+ (.+)$", source, re.MULTILINE)


def test_the_samples_hold_findings_of_every_kind() -> None:
    bookmarks = [title for sample in SAMPLES for title in bookmarks_of(sample)]
    for heading in ("Outcomes", "Ratings", "Lesson 1: ", "Good practice 1: ", "Recommendations", "To ILAB", "Acronyms"):
        assert any(title.startswith(heading) for title in bookmarks), heading


def test_the_ratings_table_has_its_header_and_the_ratings_of_each_outcome() -> None:
    text = " ".join(pages_of(CORPUS / "solidarity-center-sc2-evaluation-digest.pdf"))
    assert "Outcome Achievement Sustainability Equity" in text
    assert "Long-term outcome 2: rights are put to use High Above moderate Low" in text


def test_the_two_columns_stand_side_by_side() -> None:
    page = PdfReader(CORPUS / "workers-organisations-lessons-digest.pdf").pages[2]
    places: dict[str, tuple[float, float]] = {}

    def note(text: str, _: object, matrix: list[float], *__: object) -> None:
        places[text.strip()[:9]] = (matrix[4], matrix[5])

    page.extract_text(visitor_text=note)
    left, right = places["Lesson 1:"], places["Lesson 7:"]
    assert left[1] == right[1]
    assert left[0] < right[0]


def test_the_readme_names_every_sample_with_its_pages() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    for sample in SAMPLES:
        assert f"| `{sample.name}` | {len(pages_of(sample))} |" in readme
