"""A refusal says what is missing, quotes what the library says instead, and what it is about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.answering import refusals
from assistant.answering.evidence import Lack, Missing
from assistant.answering.premises import Told
from assistant.indexing.library import Library

TEXT = "The programme reached 412 schools in Alder."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("index")
    shelf.shelve(
        folder, [("schools.pdf", shelf.record(TEXT, title="Schools")), ("teachers.pdf", shelf.record("Teachers met."))]
    )
    return Library.open(folder, WordHashEmbedder().fingerprint)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (Missing(Lack.NAME, "Cedarville"), "The library does not mention Cedarville."),
        (Missing(Lack.NAME, "Alder"), "Nothing found on this speaks of Alder."),
        (Missing(Lack.TOGETHER, "Alder and Birch"), "Nothing found speaks of Alder and Birch together."),
        (Missing(Lack.KIND, "date"), "The passages found give no date for this."),
        (Missing(Lack.ANSWER), "Passages close to this question were found, but none seems to answer it."),
        (Missing(Lack.EVENT, "closed*"), r"The question says “closed\*”; nothing found says that this happened."),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(missing: Missing, said: str, library: Library) -> None:
    refusal = refusals.answer(library, missing)
    assert refusal.refused
    assert refusal.markdown == said


def test_what_the_library_says_instead_is_cited(library: Library) -> None:
    passage = library.passages([0])[0]
    refusal = refusals.answer(library, Missing(Lack.PREMISE, "90", Told(passage, 0, len(TEXT), 0.8)))
    assert refusal.refused
    assert refusal.markdown.startswith("The question says “90”; no passage found on this does. The nearest one says:")
    assert refusal.markdown.endswith(f"{TEXT} [1]")
    assert [citation.quote for citation in refusal.citations] == [TEXT]


def test_a_sentence_that_is_not_on_its_page_is_not_quoted(library: Library) -> None:
    passage = replace(library.passages([0])[0], text="The programme reached 500 schools in Alder.")
    refusal = refusals.answer(library, Missing(Lack.OPPOSITE, told=Told(passage, 0, len(passage.text), 0.8)))
    assert refusal.citations == ()
    assert refusal.markdown == "The passages found say otherwise."


def test_who_asks_about_something_else_is_told_what_the_library_holds(library: Library) -> None:
    said = refusals.answer(library, Missing(Lack.SUBJECT)).markdown
    assert said == "This lies outside the library, which holds 2 documents: “Schools” and “A report”."
