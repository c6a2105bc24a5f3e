"""The compare page: a matrix of questions by documents, filled in the background, cancelled, exported, one's own."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fakes_assistant import DOCUMENT, HOSTILE, QUOTES, TITLE, FakeAssistant
from fakes_comparing import OTHER, TwoDocuments
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from test_search_page import shown

from assistant.answering.citations import as_markdown
from assistant.errors import UsageError
from assistant.faces.pages.comparing import comparisons
from assistant.faces.pages.comparing import page as compare
from assistant.faces.pages.comparing.comparisons import Comparison, Comparisons
from assistant.faces.rendering import clean
from assistant.records import Person, Role

BOTH = [DOCUMENT, OTHER]


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[TwoDocuments]:
    made = TwoDocuments(tmp_path)
    yield made
    made.let_go.set()


@pytest.fixture
def client(assistant: TwoDocuments) -> TestClient:
    """The pages, for whom the header 'who' names."""
    app = FastAPI()
    compare.mount(app, assistant)

    @app.middleware("http")
    async def sign_in(request: Request, call_next):  # type: ignore[no-untyped-def]
        request.state.person = Person(request.headers.get("who", "ana"), Role.READER)
        return await call_next(request)

    return TestClient(app)


def started(client: TestClient, *questions: str, documents: list[str] = BOTH, who: str = "ana") -> str:
    """The address of a new comparison."""
    form = {"questions": "\n".join(questions), "document": documents}
    reply = client.post("/compare", data=form, follow_redirects=False, headers={"who": who})
    assert reply.status_code == 303, shown(reply.text)
    return f"/{reply.headers['location']}"


def finished(client: TestClient, address: str) -> str:
    """The page of a comparison once it is filled."""
    for _ in range(200):
        if client.get(f"{address}/progress").json()["finished"]:
            return client.get(address).text
        time.sleep(0.02)
    raise AssertionError("the comparison did not finish")


def test_each_cell_has_the_best_quote_of_its_document_or_says_that_there_is_none(client: TestClient) -> None:
    page = finished(client, started(client, "What was recommended?"))
    said = re.sub(r"\s+", " ", shown(page))
    assert "The comparison is finished. 2 of 2 filled." in said
    assert QUOTES[0] in said
    assert "and 2 more" in said
    assert "Nothing found in this document." in said
    assert "The passages found give no date for this." in said
    assert "../api/v1/pages/education/final%20evaluation%20%232.pdf/2.png?width=1000&#38;boxes=2%2C" in page


def test_each_document_can_be_chosen_once_whatever_copies_of_it_there_are(client: TestClient) -> None:
    offered = re.findall(r'name="document" value="([^"]*)"', client.get("/compare").text)
    assert sorted(map(unescape, offered)) == sorted(BOTH)


def test_each_question_is_put_to_each_document_alone(client: TestClient, assistant: TwoDocuments) -> None:
    finished(client, started(client, "What was recommended?", "List the lessons", "What was recommended?"))
    asked = [(question.text, question.filters) for question in assistant.asked]
    assert asked == [
        (text, {"document": name}) for text in ("What was recommended?", "List the lessons") for name in BOTH
    ]


def test_cells_come_as_they_are_filled(client: TestClient, assistant: TwoDocuments) -> None:
    address = started(client, "What was recommended?", "hold this")
    while (news := client.get(f"{address}/progress").json())["done"] < 2:
        time.sleep(0.02)
    assert not news["finished"]
    assert [each["cell"] for each in news["cells"]] == ["cell-0-0", "cell-0-1"]
    assert 'href="../api/v1/pages/' in news["cells"][0]["html"]
    assert client.get(f"{address}/progress?since=2").json()["cells"] == []
    page = client.get(address).text
    assert '<progress value="2" max="4">' in page
    assert "waiting" in shown(page)
    assembled = json.loads(client.get(f"{address}/export?format=json").content)
    assert len(assembled["cells"]) == 2
    assistant.let_go.set()
    finished(client, address)


def test_a_comparison_can_be_stopped(client: TestClient, assistant: TwoDocuments) -> None:
    address = started(client, "hold this", "What was recommended?")
    page = client.post(f"{address}/cancel").text
    assert "The comparison was stopped." in shown(page)
    assistant.let_go.set()
    time.sleep(0.2)
    assert client.get(f"{address}/progress").json()["done"] <= 1
    assert "not asked" in shown(client.get(address).text)


def test_two_comparisons_are_filled_in_turn(assistant: TwoDocuments) -> None:
    order: list[str] = []

    def ask(question):  # type: ignore[no-untyped-def]
        assistant.let_go.wait(10)
        order.append(question.text)
        return assistant.ask(question)

    both = Comparisons()
    made = [both.start(who, (f"{who} 1", f"{who} 2"), ((DOCUMENT, TITLE),), ask) for who in ("ana", "ben")]
    assistant.let_go.set()
    while not all(each.finished for each in made):
        time.sleep(0.01)
    assert order == ["ana 1", "ben 1", "ana 2", "ben 2"]


def test_nobody_else_finds_a_comparison(client: TestClient) -> None:
    address = started(client, "What was recommended?")
    for reply in (
        client.get(address, headers={"who": "ben"}),
        client.get(f"{address}/progress", headers={"who": "ben"}),
        client.get(f"{address}/export?format=csv", headers={"who": "ben"}),
        client.post(f"{address}/cancel", headers={"who": "ben"}),
    ):
        assert reply.status_code == 404
        assert "recommended" not in reply.text
    assert address[1:] in client.get("/compare").text
    assert address[1:] not in client.get("/compare", headers={"who": "ben"}).text


@pytest.mark.parametrize(
    ("questions", "documents", "told"),
    [
        ("\n \n", BOTH, "between 1 and 10 questions"),
        ("\n".join(map(str, range(11))), BOTH, "there are 11"),
        ("What?", [], "between 1 and 20 documents; 0"),
        ("What?", ["nowhere.pdf", "broken.pdf"], "between 1 and 20 documents; 0"),
    ],
)
def test_a_form_that_cannot_be_used_comes_back_with_what_is_wrong(
    client: TestClient, questions: str, documents: list[str], told: str
) -> None:
    reply = client.post("/compare", data={"questions": questions, "document": documents})
    assert reply.status_code == 400
    assert told in shown(reply.text)


def test_what_a_reader_may_not_see_cannot_be_compared(
    client: TestClient, assistant: TwoDocuments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_readers = FakeAssistant(tmp_path / "readers")
    monkeypatch.setattr(assistant, "seen_by", {Role.READER: for_readers, Role.CURATOR: assistant}.__getitem__)
    assert OTHER not in client.get("/compare").text
    reply = client.post("/compare", data={"questions": "What was recommended?", "document": [OTHER]})
    assert (reply.status_code, "0 are chosen" in shown(reply.text)) == (400, True)
    finished(client, started(client, "What was recommended?", documents=[DOCUMENT]))
    assert [question.text for question in for_readers.asked] == ["What was recommended?"]
    assert assistant.asked == []


def test_a_cell_that_fails_says_so_and_the_others_are_filled(client: TestClient) -> None:
    said = shown(finished(client, started(client, "break", "a" * 4001, "What was recommended?")))
    assert comparisons.UNEXPECTED in said
    assert "at most 4,000" in said
    assert QUOTES[0] in said
    assert "broken on purpose" not in said


def test_questions_and_documents_can_be_changed_from_the_matrix(client: TestClient) -> None:
    page = finished(client, started(client, "What was recommended?", "List"))
    link = re.search(r'href="\.\./(compare\?[^"]+)"', page)
    assert link
    form = client.get("/" + link[1].replace("&#38;", "&")).text
    assert "What was recommended?\nList" in shown(form)
    assert form.count(" checked>") == 2


def test_old_comparisons_make_room(monkeypatch: pytest.MonkeyPatch, assistant: TwoDocuments) -> None:
    monkeypatch.setattr(comparisons, "KEPT_EACH", 2)
    monkeypatch.setattr(comparisons, "KEPT", 3)
    kept = Comparisons()

    def start(who: str) -> Comparison:
        return kept.start(who, ("What?",), ((DOCUMENT, TITLE),), assistant.ask)

    first, second, third = start("ana"), start("ana"), start("ana")
    assert [kept.find(each.name, "ana") for each in (first, second, third)] == [None, second, third]
    start("ben")
    start("cai")
    assert kept.find(second.name, "ana") is None
    monkeypatch.setattr(comparisons, "KEEP_SECONDS", -1)
    start("dan")
    assert kept.of("ana") == kept.of("ben") == []


def test_the_matrix_is_exported_with_quotes_and_pages(client: TestClient) -> None:
    address = started(client, "What was recommended?", "=1+1")
    finished(client, address)
    reply = client.get(f"{address}/export?format=csv")
    assert "attachment" in reply.headers["content-disposition"]
    head, first, second = csv.reader(io.StringIO(reply.content.decode("utf-8-sig")))
    assert head == ["Question", f"{TITLE} ({DOCUMENT})", clean(f"{HOSTILE} ({OTHER})")]
    assert first[1] == f"Recommendation 3\n{QUOTES[0]}\n(p. 2)"
    assert first[2] == "Nothing found in this document. The passages found give no date for this."
    assert second[0] == "'=1+1"

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}/export?format=xlsx").content))
    assert [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)] == [first, second]

    import docx

    document = docx.Document(io.BytesIO(client.get(f"{address}/export?format=docx").content))
    assert any(QUOTES[0] in paragraph.text for paragraph in document.paragraphs)
    assert f"{QUOTES[0]} *({as_markdown(DOCUMENT)}, p. 2)*" in client.get(f"{address}/export?format=md").text
    cells = client.get(f"{address}/export?format=json").json()["cells"]
    assert (cells[0]["quote"], cells[0]["page"], cells[1]["quote"]) == (QUOTES[0], 2, None)


def test_an_unknown_format_is_refused(client: TestClient) -> None:
    address = started(client, "What?")
    with pytest.raises(UsageError):
        client.get(f"{address}/export?format=exe")


def test_hostile_words_show_as_text(client: TestClient) -> None:
    address = started(client, "hostile <script>alert(1)</script>", documents=[OTHER])
    for page in (finished(client, address), client.get(f"{address}/progress").json()["cells"][0]["html"]):
        assert "<script>alert" not in page
        assert "<img src" not in page
        assert "<b>name" not in page
        assert 'href="javascript' not in page
        assert "\u202e" not in page
        assert clean(HOSTILE) in shown(page)
