"""Kept answers have an address; who may not see their documents learns nothing; what is deleted is gone."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pytest
from fakes_assistant import DOCUMENT, QUOTES, TITLE, FakeAssistant
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.faces.exporting.formats import FORMATS
from assistant.faces.rendering import answer_json
from assistant.faces.service import create_app
from assistant.faces.web.visitors import PERSON
from assistant.faces.web.warmth import Warmth
from assistant.records import Person, Question, Role
from assistant.settings import Settings
from assistant.staff.conversations import Conversations
from assistant.staff.store import StaffStore

ANA, BEN, EVA = Person("ana", Role.READER), Person("ben", Role.READER), Person("eva", Role.CURATOR)


class Guard:
    """Signs everybody in as whom the test says."""

    person = ANA

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})[PERSON] = Guard.person
        await self._app(scope, receive, send)


@dataclass
class Office:
    """The service with what it keeps."""

    client: TestClient
    assistant: FakeAssistant
    kept: Conversations

    def keep(self, question: str, person: Person = ANA, talk: str = "") -> str:
        answer = answer_json(self.assistant.ask(Question(question)))
        return self.kept.keep(talk or self.kept.begin(person.name, question), answer)

    def get(self, address: str, person: Person = ANA) -> Any:
        Guard.person = person
        return self.client.get(address)

    def post(self, address: str, person: Person = ANA, **form: str | list[str]) -> Any:
        Guard.person = person
        return self.client.post(address, data=form)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    assistant = FakeAssistant(tmp_path / "library")
    app = create_app(assistant, Settings(index=tmp_path / "index"), Warmth(assistant))
    app.add_middleware(Guard)
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield Office(client, assistant, Conversations(StaffStore(tmp_path / "index")))


def test_an_answer_is_shown_as_it_was_given_with_its_places(office: Office) -> None:
    token = office.keep("What was recommended?")
    reply = office.get(f"/answers/{token}", BEN)
    assert reply.status_code == 200
    for words in (
        "<h1>What was recommended?</h1>",
        QUOTES[0],
        f"Ministry of Education, {TITLE} &#40;May 2024&#41;, p. 2 &#40;printed page ii&#41;.",
        "../api/v1/pages/education/final%20evaluation%20%232.pdf/2.png?",
        "boxes=2%2C",
        "state of the library&#58; no. 3".replace("&#58;", ":"),
    ):
        assert words in reply.text
    assert "has changed since" not in reply.text
    assert reply.headers["cache-control"] == "no-store"


def test_a_refusal_shows_the_nearest_passages(office: Office) -> None:
    page = office.get(f"/answers/{office.keep('Who won?')}").text
    assert "Nearest passages" in page
    assert "The programme reached 412 schools" in page
    assert "2.png?width=1000&" in page.replace("&#61;", "=").replace("&#38;", "&")


def test_a_change_of_the_library_and_a_document_that_is_gone_are_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = office.keep("What was recommended?")
    monkeypatch.setattr(FakeAssistant, "generation", 4)
    assert "now in its state no. 4" in office.get(f"/answers/{token}").text
    gone = office.assistant.documents()[1:]
    monkeypatch.setattr(FakeAssistant, "documents", lambda self: gone)
    page = office.get(f"/answers/{token}").text
    assert "is not in the library any more" in page
    assert QUOTES[0] in page
    assert "/2.png" not in page
    # Whether everybody could see a document that is gone is not known any more.
    assert office.get(f"/answers/{token}", BEN).status_code == 404
    assert office.get(f"/answers/{token}", EVA).status_code == 200


@pytest.mark.parametrize("question", ["What was recommended?", "Who won?"])
def test_who_may_not_see_a_document_learns_nothing_of_the_answer(office: Office, question: str) -> None:
    token = office.keep(question, EVA)
    office.assistant.restricted = True
    nothing = office.get("/answers/nosuchthing", BEN)
    for address in (f"/answers/{token}", *(f"/answers/{token}.{form}" for form in FORMATS)):
        reply = office.get(address, BEN)
        assert (reply.status_code, reply.headers["content-type"][:9]) == (404, "text/html")
        assert "documents that you may not see" in reply.text
        assert question not in reply.text
        assert TITLE not in reply.text
        assert len(reply.text) == pytest.approx(len(nothing.text), abs=200)
    assert office.post(f"/answers/{token}/mark", BEN, useful="true").status_code == 404
    assert office.get(f"/answers/{token}", EVA).status_code == 200


def test_a_title_in_the_words_of_an_answer_is_enough_to_hide_it(office: Office) -> None:
    answer = answer_json(office.assistant.ask(Question("Who won?")))
    answer |= {"passages": [], "answer": f"Nothing in *{TITLE.replace(' ', '  ')}*."}
    token = office.kept.keep(office.kept.begin("eva", "x"), answer)
    assert office.get(f"/answers/{token}", BEN).status_code == 200
    office.assistant.restricted = True
    assert office.get(f"/answers/{token}", BEN).status_code == 404


@pytest.mark.parametrize("form", FORMATS)
def test_an_answer_downloads_in_every_format(office: Office, form: str) -> None:
    reply = office.get(f"/answers/{office.keep('What was recommended?')}.{form}")
    assert reply.status_code == 200
    assert reply.headers["content-disposition"].startswith(f'attachment; filename="What-was-recommended.{form}"')
    assert reply.content


def test_what_is_no_format_is_told(office: Office) -> None:
    reply = office.get(f"/answers/{office.keep('What was recommended?')}.exe")
    assert (reply.status_code, "Known: docx" in reply.json()["error"]) == (400, True)


def test_a_mark_is_kept_shown_again_and_changed(office: Office) -> None:
    token = office.keep("What was recommended?")
    reply = office.post(f"/answers/{token}/mark", BEN, useful="false", comment="Old\r\n<b>figures</b>")
    assert reply.url.path == f"/answers/{token}"
    assert "Thank you" in reply.text
    assert "Old\n&#60;b&#62;figures" in reply.text
    office.post(f"/answers/{token}/mark", BEN, useful="true")
    mark = office.kept.mark_of(token, "ben")
    assert mark is not None
    assert (mark.useful, mark.comment) == (True, "")
    assert "Thank you" not in office.get(f"/answers/{token}").text


def test_conversations_are_their_own_person_s(office: Office) -> None:
    talk = office.kept.begin("ana", "What was recommended?")
    for question in ("What was recommended?", "List the lessons"):
        office.keep(question, talk=talk)
    page = office.get("/history").text
    assert "What was recommended?" in page
    assert "answers: 2" in page
    whole = office.get(f"/history/{talk}").text
    assert whole.count('<article class="kept">') == 2
    assert len(json.loads(office.get(f"/conversations/{talk}.json").content)["answers"]) == 2
    text = "\n".join(
        p.text for p in docx.Document(io.BytesIO(office.get(f"/conversations/{talk}.docx").content)).paragraphs
    )
    assert "List the lessons" in text
    for person in (BEN, EVA):
        assert "What was recommended?" not in office.get("/history", person).text
        for address in (f"/history/{talk}", f"/conversations/{talk}.json", f"/history/{talk}/delete"):
            assert office.get(address, person).status_code == 404
        office.post(f"/history/{talk}/delete", person)
        office.post("/history/delete", person)
    assert len(office.kept.of("ana")) == 1


def test_a_conversation_is_deleted_after_a_second_question(office: Office) -> None:
    token = office.keep("What was recommended?")
    office.keep("List the lessons")
    talk = next(each.id for each in office.kept.of("ana") if "recommended" in each.title)
    asked = office.get(f"/history/{talk}/delete").text
    assert "gone for good" in asked
    assert len(office.kept.of("ana")) == 2
    action = re.search(r'action="([^"]+)"', asked.partition("<main")[2])
    assert action is not None
    assert action[1] == f"../../history/{talk}/delete"
    assert office.post(f"/history/{talk}/delete").url.path == "/history"
    assert office.get(f"/answers/{token}").status_code == 404
    assert "your conversations" in office.get("/history/delete").text.lower()
    assert "Nothing has been kept yet" in office.post("/history/delete").text


def test_an_answer_that_may_not_be_seen_any_more_is_left_out_of_its_conversation(office: Office) -> None:
    token = office.keep("What was recommended?")
    office.assistant.restricted = True
    kept = office.kept.answer(token)
    assert kept is not None
    page = office.get(f"/history/{kept.conversation}").text
    assert "documents that you may not see" in page
    assert QUOTES[0] not in page
    assert office.get(f"/conversations/{kept.conversation}.md").status_code == 404


def test_curators_see_what_was_refused_or_marked_down(office: Office) -> None:
    office.keep("Who won?")
    token = office.keep("What was recommended?")
    office.post(f"/answers/{token}/mark", BEN, useful="false", comment="Old figures.")
    assert office.get("/gaps").status_code == 403
    assert "gaps" not in office.get("/history").text.partition("<main")[2]
    assert 'href="gaps"' in office.get("/history", EVA).text
    every = office.get("/gaps", EVA).text
    assert every.index("What was recommended?") < every.index("Who won?")
    assert "Old figures." in every
    assert "Who won?" not in office.get("/gaps?which=marked_down", EVA).text
    assert "Old figures." not in office.get("/gaps?which=refused", EVA).text
    assert office.get("/gaps?which=__class__", EVA).status_code == 200


def test_chosen_passages_are_looked_up_again(office: Office) -> None:
    body = {"excerpts": [{"passage_id": "p2", "quote": "forged", "document": "forged.pdf"}], "format": "json"}
    Guard.person = ANA
    made = office.client.post("/api/v1/export", json=body).json()
    assert [(each["quote"], each["document"]) for each in made["excerpts"]] == [(QUOTES[2], DOCUMENT)]
    reply = office.post("/export", passage=["p1", "p0", "p1", "gone"], question="Why?", format="csv")
    assert reply.headers["content-disposition"].startswith('attachment; filename="Why.csv"')
    assert reply.text.count(DOCUMENT) == 2
    assert "left out: 1" in reply.text
    office.assistant.restricted = True
    assert office.post("/export", passage=["p1"]).status_code == 400
    assert office.post("/export", EVA, passage=["p1"]).status_code == 200
    assert office.post("/export").status_code == 422
    assert office.post("/export", passage=["p1"] * 501).status_code == 422


def test_the_pages_speak_spanish(office: Office) -> None:
    token = office.keep("What was recommended?")
    office.client.cookies.set("language", "es")
    assert "Copiar como nota al pie" in office.get(f"/answers/{token}").text
    assert "Sus conversaciones" in office.get("/history").text
