"""Every quote stands on the page it names: compared with what PDFium and pypdf say, by rules of this file's own."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from assistant.pipeline import Assistant
from assistant.records import Answer, Citation, Passage, Question

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

EDGE = 4  # lines at the top and at the bottom of a page where furniture is looked for


def letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", re.sub("[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]", "", text)).lower()
    return "".join(c for c in folded if c.isalnum())


def parts(citation: Citation) -> list[str]:
    """The cells of a row are compared one by one, all else whole."""
    return citation.quote.split(" | ")


def stands_on(quote: str, text: str) -> bool:
    """The letters of the quote in one run; a footnote mark may stand behind any of its words."""
    page, words = letters(text), [letters(word) for word in quote.split()]
    if "".join(words) in page:
        return True
    return re.search(r"\d{0,3}".join(re.escape(word) for word in words if word), page) is not None


@cache
def by_pdfium(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@cache
def by_pypdf(pdf: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(pdf).pages]


def without_furniture(pages: list[str]) -> list[str]:
    """The pages less the lines that come back, numbers aside, at the edge of a third of them, and bare numbers."""
    return ["\n".join(line for line in text.splitlines() if line not in set(edge)) for text, edge in _edges(pages)]


def furniture(pages: list[str]) -> set[str]:
    """Those lines, as letters, where they are long enough to be told from words of the text."""
    return {letters(line) for _, edge in _edges(pages) for line in edge if len(letters(line)) > 12}


def _edges(pages: list[str]) -> Iterator[tuple[str, list[str]]]:
    def masked(line: str) -> str:
        return re.sub(r"\d+", "#", line.strip())

    edges = [[*(lines := text.splitlines())[:EDGE], *lines[-EDGE:]] for text in pages]
    counts = Counter(mask for edge in edges for mask in {masked(line) for line in edge})
    for text, edge in zip(pages, edges, strict=True):
        yield text, [line for line in edge if counts[masked(line)] > max(2, len(pages) / 3)]


@pytest.fixture(scope="module")
def answers(shared_library: Assistant, shared_questions: list[dict[str, Any]]) -> list[Answer]:
    return [shared_library.ask(Question(each["question"], each["id"])) for each in shared_questions]


@pytest.fixture(scope="module")
def citations(answers: list[Answer]) -> list[Citation]:
    found = [citation for answer in answers for citation in answer.citations]
    assert len(found) > len(answers)
    return found


@pytest.fixture(scope="module")
def all_passages(shared_library: Assistant) -> list[Passage]:
    library = shared_library._current()
    return library.passages(range(len(library)))


@pytest.mark.parametrize("reader", [by_pdfium, by_pypdf])
def test_every_quote_stands_on_its_page(reader: Any, citations: list[Citation], shared_corpus: Path) -> None:
    missing = []
    for citation in citations:
        pages = without_furniture(reader(shared_corpus / citation.document))
        text = "\n".join(pages[citation.page - 1 : citation.page_end])
        if not all(stands_on(part, text) for part in parts(citation)):
            missing.append((citation.document, citation.page, citation.quote))
    assert missing == []


def test_every_box_lies_on_its_page(citations: list[Citation], shared_library: Assistant) -> None:
    for citation in citations:
        assert {box[0] for box in citation.boxes} == set(range(citation.page, citation.page_end + 1))
        for page, x0, top, x1, bottom in citation.boxes:
            width, height = shared_library.page_size(citation.document, int(page))
            assert 0 <= x0 < x1 <= width + 1, citation
            assert 0 <= top < bottom <= height + 1, citation


def test_an_answer_cites_and_every_number_has_its_quote(answers: list[Answer]) -> None:
    for answer in answers:
        numbers = [int(number) for number in re.findall(r"(?<!\\)\[(\d+)\]", answer.answer)]
        assert numbers == [citation.number for citation in answer.citations]
        assert answer.citations or answer.refused


def test_no_passage_behind_the_first_page_holds_a_running_header(
    all_passages: list[Passage], shared_corpus: Path
) -> None:
    # On the first page the same words are the title of the series, printed once and larger.
    found = []
    for pdf in sorted(shared_corpus.glob("*.pdf")):
        running = furniture(by_pdfium(pdf))
        for passage in all_passages:
            lines = {letters(line) for line in passage.text.splitlines()}
            inside = {line for line in running if re.search(r"\d", line) and line in letters(passage.text)}
            if passage.document == pdf.name and passage.page > 1 and (lines & running or inside):
                found.append((pdf.name, passage.page, passage.text[:80]))
    assert found == []


def test_a_page_number_is_no_passage(all_passages: list[Passage]) -> None:
    numbers = [p.text for p in all_passages if re.fullmatch(r"\W*(page\W*)?\d{1,4}\W*", p.text, re.IGNORECASE)]
    assert numbers == []


def test_the_gold_quotes_are_found_in_the_passages_of_their_pages(
    all_passages: list[Passage], shared_questions: list[dict[str, Any]]
) -> None:
    texts: dict[tuple[str, int], str] = {}
    for passage in all_passages:
        for page in range(passage.page, passage.page_end + 1):
            place = (passage.document, page)
            texts[place] = texts.get(place, "") + letters(passage.text)
    gold = [(each["doc"], each["page"], each["quote"]) for question in shared_questions for each in question["gold"]]
    lost = [each for each in gold if letters(each[2]) not in texts.get((each[0], each[1]), "")]
    assert len(gold) > 60
    assert len(lost) <= 0.01 * len(gold), lost
