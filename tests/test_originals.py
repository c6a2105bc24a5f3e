"""The PDFs behind the documents: no link leads out of the corpus, and no page is there but those of the library."""

from __future__ import annotations

import shutil
from pathlib import Path

import factories
import pytest
from fakes import WordHashEmbedder

from assistant.building import build
from assistant.errors import PageMissing
from assistant.pipeline import Assistant
from assistant.settings import Settings


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that is a link itself, with links in it: to a file inside, to one outside, to a folder outside."""
    place = tmp_path_factory.mktemp("shelf")
    (place / "kept").mkdir()
    (place / "corpus").symlink_to(place / "kept")
    factories.brief(place / "kept" / "open.pdf")
    factories.brief(place / "outside.pdf", "Private letters of the director", ("Nobody was to read of the 31 wells.",))
    (place / "outside").mkdir()
    factories.brief(place / "outside" / "more.pdf", "More private letters", ("Nobody was to read of 12 boats.",))
    (place / "kept" / "inside.pdf").symlink_to("open.pdf")
    (place / "kept" / "link.pdf").symlink_to(place / "outside.pdf")
    (place / "kept" / "folder").symlink_to(place / "outside")
    return place


@pytest.fixture(scope="module")
def library(shelf: Path) -> Assistant:
    settings = Settings(corpus=shelf / "corpus", index=shelf / "index")
    report = build(settings, embedder=WordHashEmbedder())
    assert [(each["document"], each["reason"]) for each in report.failed] == [("link.pdf", "link outside")]
    return Assistant(settings, embedder=WordHashEmbedder())


def test_a_link_that_leads_out_of_the_corpus_is_refused_and_one_inside_is_read(library: Assistant) -> None:
    assert [row.document for row in library.documents() if not row.refused] == ["inside.pdf", "open.pdf"]
    assert library.pdf_path("inside.pdf").is_file()
    for name in ("link.pdf", "folder/more.pdf"):
        with pytest.raises(PageMissing):
            library.pdf_path(name)


def test_a_file_that_became_a_link_to_one_outside_is_not_served(library: Assistant, shelf: Path) -> None:
    kept, moved = shelf / "kept" / "open.pdf", shelf / "moved.pdf"
    shutil.move(kept, moved)
    kept.symlink_to(moved)
    try:
        with pytest.raises(PageMissing):
            library.pdf_path("open.pdf")
    finally:
        kept.unlink()
        shutil.move(moved, kept)


@pytest.mark.parametrize("page", ["0", "-1", "4", "9223372036854775808", "9" * 60])
def test_a_page_that_is_not_there_is_told_so_whatever_its_number(library: Assistant, page: str) -> None:
    with pytest.raises(PageMissing):
        library.page_size("open.pdf", int(page))
