"""The search page: passages without an answer, narrowed, selected and exported; its address is the search."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fakes_assistant import DOCUMENT, HOSTILE, PARAGRAPHS, TITLE, FakeAssistant
from fakes_comparing import OTHER, TwoDocuments
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.errors import QuestionTooLong
from assistant.faces.pages import choices, search
from assistant.faces.rendering import clean
from assistant.faces.texts import texts
from assistant.records import Question, Role


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> TwoDocuments:
    return TwoDocuments(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def client(assistant: TwoDocuments) -> Iterator[TestClient]:
    app = FastAPI()
    search.mount(app, assistant)
    with TestClient(app) as client:
        yield client


def shown(html: str) -> str:
    """What a page says, without its markup, styles and scripts."""
    return unescape(re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", html, flags=re.S))


def test_each_passage_is_shown_with_its_kind_title_page_section_picture_and_pdf(client: TestClient) -> None:
    page = client.get("/search", params={"question": "visits"}).text
    said = shown(page)
    assert PARAGRAPHS[0] in said
    assert TITLE in said
    assert "Text · page 2 (printed ii) · 4 Findings › 4.2 Supervision" in said
    assert 'href="api/v1/pages/education/final%20evaluation%20%232.pdf/2.png?' in unescape(page)
    assert 'href="api/v1/files/education/final%20evaluation%20%232.pdf#page=2"' in unescape(page)
    assert page.count('name="passage"') == 4


def test_the_page_says_that_near_is_not_an_answer(client: TestClient) -> None:
    assert "Near is not an answer" in shown(client.get("/search", params={"question": "visits"}).text)


def test_the_question_is_shown_as_it_was_understood(client: TestClient) -> None:
    assert "Searched for: a test" in re.sub(
        r"\s+", " ", shown(client.get("/search", params={"question": "a tset"}).text)
    )
    assert "Searched for" not in shown(client.get("/search", params={"question": "a test"}).text)


def test_what_is_chosen_narrows_the_search_and_stays_chosen(client: TestClient, assistant: TwoDocuments) -> None:
    address = {
        "question": "visits",
        "document": [DOCUMENT, OTHER],
        "kind": "lesson",
        "project": "Wells",
        "year": "2024",
        "type": "learning brief",
        "top": "10",
    }
    page = client.get("/search", params=address).text
    assert assistant.searched[-1] == Question(
        "visits",
        filters={
            "document": [DOCUMENT, OTHER],
            "kind": "lesson",
            "project": "Wells",
            "year": "2024",
            "type": "learning brief",
        },
    )
    for value in ("lesson", "Wells", "2024", "learning brief"):
        assert f'<option value="{value}" selected>' in page
    assert page.count("checked") >= 2
    assert "<option selected>10</option>" in page


def test_only_what_the_visitor_may_see_is_offered_and_searched(
    client: TestClient, assistant: TwoDocuments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_curators = FakeAssistant(tmp_path)
    monkeypatch.setattr(assistant, "seen_by", dict.fromkeys(Role, for_curators).__getitem__)
    before = len(assistant.searched)
    assert "odd &#60;b" not in client.get("/search", params={"question": "visits"}).text
    assert len(assistant.searched) == before


def test_an_empty_search_is_a_form(client: TestClient, assistant: TwoDocuments) -> None:
    before = len(assistant.searched)
    page = client.get("/search").text
    assert "<form" in page
    assert 'class="results"' not in page
    assert len(assistant.searched) == before


def test_the_selection_goes_to_the_export_with_the_question(client: TestClient) -> None:
    page = client.get("/search", params={"question": "visits"}).text
    assert '<form method="post" action="export"' in page
    assert '<input type="hidden" name="question" value="visits">' in page
    assert re.findall(r'name="format" value="(\w+)"', page) == ["docx", "xlsx", "md", "csv", "json", "bib", "ris"]


def test_nothing_found_is_told(client: TestClient) -> None:
    assert "No passage was found" in shown(client.get("/search", params={"question": "nothing"}).text)


def test_a_question_that_cannot_be_searched_is_told_on_the_page(
    client: TestClient, assistant: TwoDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(question: Question, top: int) -> None:
        raise QuestionTooLong(5000, 4000)

    monkeypatch.setattr(assistant, "search", refuse)
    assert "at most 4,000" in shown(client.get("/search", params={"question": "long"}).text)


def test_hostile_words_show_as_text(client: TestClient) -> None:
    page = client.get("/search", params={"question": 'hostile "><script>alert(1)</script>', "year": "<b>"}).text
    assert "<script>alert" not in page
    assert "<img" not in page.replace('<img alt="" data-alt', "")
    assert "<i>" not in page
    assert 'href="javascript' not in page
    assert clean(HOSTILE) in shown(page)
    assert "\u202e" not in page


def test_in_spanish_the_page_speaks_spanish(client: TestClient) -> None:
    page = client.get("/search", params={"question": "visits"}, headers={"accept-language": "es"}).text
    assert '<html lang="es">' in page
    assert "Cercano no es lo mismo" in shown(page)


def test_documents_of_a_large_library_are_typed(tmp_path: Path) -> None:
    row = TwoDocuments(tmp_path).documents()[0]
    from dataclasses import replace

    rows = [replace(row, document=f"{n}.pdf", title=f"Report {n}") for n in range(choices.LISTED + 1)]
    assert "<textarea" in choices.documents(texts("en"), rows, ["7.pdf"], "Documents")
    typed = choices.typed(["report 17\n 8.pdf \n\n8.pdf"])
    assert [row.document for row in choices.named(typed, rows)][:2] == ["17.pdf", "170.pdf"]
    assert choices.named(["8.pdf"], rows)[0].title == "Report 8"
