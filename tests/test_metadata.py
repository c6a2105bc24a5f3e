"""What a document says of itself on its first pages, and what its owners say of it in documents.csv."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import factories
import pytest
from fakes import WordHashEmbedder
from readings import block, reading

from assistant.building import build
from assistant.faces.rendering import documents_json
from assistant.indexing.embedding import Encoded
from assistant.pipeline import Assistant
from assistant.records import Document, Reading, Shape
from assistant.settings import Settings
from assistant.understanding import metadata
from assistant.understanding.catalogue import catalogued, read_catalogue
from assistant.understanding.countries import countries

TITLE = "Final Evaluation of the Coastal Schools Programme"


def report(*lines: str, pages: int = 30, headings: tuple[str, ...] = (TITLE,)) -> Reading:
    """A document whose first page holds these lines below its headings."""
    first = "\n".join([*headings, *lines])
    blocks = [block(text, Shape.HEADING, level=1) for text in headings] + [block(text) for text in lines]
    return reading(*blocks, raw=[first, *["The schools were visited."] * (pages - 1)])


@pytest.mark.parametrize(
    ("heading", "pages", "kind"),
    [
        (TITLE, 30, "evaluation report"),
        (TITLE, 4, "evaluation brief"),
        ("Evaluation Brief: Coastal Schools", 4, "evaluation brief"),
        ("Learning Briefs from Coastal Schools", 20, "learning brief"),
        ("Evaluación final del programa", 60, "evaluation report"),
        ("Annual accounts", 30, "other"),
    ],
)
def test_the_type_is_told_from_title_and_length(heading: str, pages: int, kind: str) -> None:
    document = report(pages=pages, headings=(heading,))
    assert metadata.type_of(document, metadata.title(document)) == kind


def test_the_date_is_that_of_publication_not_of_the_visits() -> None:
    assert metadata.date(report("Data collection dates: July 8, 2024 - November 16, 2024", "May 2025")) == "2025-05"
    assert metadata.date(report("The schools were visited from March 2021 to June 2022.")) == ""
    assert metadata.date(report(headings=(TITLE, "Final report | November 2024"))) == "2024-11"


def test_who_paid_and_who_evaluated_is_read_from_their_own_sentences() -> None:
    found = metadata.organisations(
        report(
            "The evaluation was commissioned by the Ministry of Education and took six months.",
            "It was conducted by Birch Partners, Inc. in nine districts.",
        )
    )
    assert found == ("Ministry of Education", "Birch Partners, Inc")


def test_projects_are_named_by_their_short_names() -> None:
    document = report(
        "The READ project trained teachers. Under the READ project, readers were printed.",
        "The ROAD project ended early.",
        headings=("Building Schools on the Coast (CSP2)",),
    )
    assert metadata.projects(document) == ("CSP2", "READ")


def test_countries_are_those_of_the_title_or_those_named_often() -> None:
    assert countries("Schools in Kenya", ["Uganda " * 9 + "Kenya"]) == ("Kenya",)
    assert countries("Schools", ["Uganda " * 9 + "Kenya " * 6 + "Togo"]) == ("Uganda", "Kenya")
    assert countries("Schools", ["A school in New Mexico, near Mexico City."]) == ()


# --- documents.csv ----------------------------------------------------------------------------------------------------

HEAD = "file,title,type,date,organisation,project,country,link\n"


def csv(folder: Path, *rows: str) -> Path:
    (folder / "documents.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    return folder


def document(name: str = "a.pdf") -> Document:
    return Document(name, "key", "As read", 4, 10, 20, year="2020", countries=("Kenya",))


def test_the_catalogue_is_stronger_than_what_was_read_and_empty_cells_say_nothing(tmp_path: Path) -> None:
    row = 'a.pdf,"Schools, roads and rain",evaluation brief,2024-11,Ministry; Birch Partners,,,https://example.org/a'
    [changed] = catalogued([document()], read_catalogue(csv(tmp_path, row), ["a.pdf"]))
    assert (changed.title, changed.type, changed.date, changed.year) == (
        "Schools, roads and rain",
        "evaluation brief",
        "2024-11",
        "2024",
    )
    assert changed.organisations == ("Ministry", "Birch Partners")
    assert changed.countries == ("Kenya",)
    assert changed.link == "https://example.org/a"
    assert changed.key == "key"


def test_without_a_catalogue_documents_are_as_they_were_read(tmp_path: Path) -> None:
    assert catalogued([document()], read_catalogue(tmp_path)) == (document(),)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("b.pdf,B", "there is no document b.pdf"),
        (",B", "no file is named"),
        ("a.pdf,A,,May 2025", "the date May 2025 is not written as 2025, 2025-05 or 2025-05-31"),
        ("a.pdf,A,,,,,,javascript:alert(1)", "the link javascript:alert(1) does not begin with http:// or https://"),
        ("a.pdf,One, two,,,,,,,", "there are more cells than columns"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_others_count(tmp_path: Path, row: str, reason: str) -> None:
    found = read_catalogue(csv(tmp_path, "c.pdf,C", row), ["a.pdf", "c.pdf"])
    [(line, told)] = found.problems
    assert line == 3
    assert told.startswith(f"documents.csv, line 3: {reason}")
    assert list(found.rows) == ["c.pdf"]


def test_a_catalogue_with_unknown_columns_is_told_and_left_aside(tmp_path: Path) -> None:
    (tmp_path / "documents.csv").write_text("file,name\na.pdf,A\n", "utf-8")
    found = read_catalogue(tmp_path)
    assert found.rows == {}
    assert "the columns are file, title" in found.problems[0][1]


@pytest.mark.parametrize(
    ("row", "seen_by"),
    [
        ("a.pdf,,curators", "curators"),
        ("a.pdf,,Curators", "curators"),
        ("a.pdf,,all", "all"),
        ("a.pdf,,", "all"),
        ("b.pdf,,curators", "all"),
        ("a.pdf,,managers", "curators"),
        ("a.pdf,May 2025,all", "curators"),
        ("a.pdf,2025,all,more", "curators"),
        ("a.pdf,,curators\na.pdf,,all", "curators"),
        ("a.pdf,,all\na.pdf,,curators", "curators"),
    ],
)
def test_who_may_see_a_document_is_said_in_its_row_and_what_is_not_clear_curators_alone_see(
    tmp_path: Path, row: str, seen_by: str
) -> None:
    (tmp_path / "documents.csv").write_text(f"file,date,access\n{row}\n", "utf-8")
    found = read_catalogue(tmp_path)
    assert [document.access for document in catalogued([document()], found)] == [seen_by]
    assert bool(found.problems) == (row.count(",") > 2 or "managers" in row or "May" in row)


def test_a_row_that_says_nothing_of_access_never_hides_a_document(tmp_path: Path) -> None:
    [read] = catalogued([document()], read_catalogue(csv(tmp_path, "a.pdf,A,,May 2025")))
    assert (read.title, read.access) == ("As read", "all")


@pytest.mark.parametrize(
    "content",
    [b"file,acess\na.pdf,curators\n", b"file,access\na\xe9.pdf,curators\n", b"file,access\n" + b"x" * 200_000],
)
def test_a_catalogue_that_cannot_be_read_hides_every_document_from_readers(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "documents.csv").write_bytes(content)
    found = read_catalogue(tmp_path)
    assert [document.access for document in catalogued([document()], found)] == ["curators"]
    assert "until that is mended, curators alone see the documents" in found.problems[0][1]


class OnlyOnce(WordHashEmbedder):
    """Word hashes that embed the passages of one document and no more."""

    spent = False

    def embed_passages(
        self, texts: Sequence[str], headings: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[Encoded]:
        assert not self.spent
        self.spent = True
        return super().embed_passages(texts, headings, sentences)


def test_the_catalogue_takes_effect_without_embedding_anew_and_its_bad_rows_are_told(tmp_path: Path) -> None:
    factories.brief(tmp_path / "corpus" / "a.pdf")
    settings, embedder = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index"), OnlyOnce()
    assert build(settings, embedder=embedder).warnings == []
    [read] = documents_json(Assistant(settings, embedder=embedder).documents())
    assert (read["title"], read["type"]) == (factories.TITLE, "evaluation brief")

    csv(tmp_path / "corpus", "a.pdf,Schools on the coast,,2024-11,,CSP2,Kenya,", "b.pdf,B")
    assert build(settings, embedder=embedder).warnings == [
        {"document": "documents.csv", "page": 0, "reason": "documents.csv, line 3: there is no document b.pdf"}
    ]
    [told] = documents_json(Assistant(settings, embedder=embedder).documents())
    assert (told["title"], told["date"], told["projects"], told["countries"]) == (
        "Schools on the coast",
        "2024-11",
        ["CSP2"],
        ["Kenya"],
    )
