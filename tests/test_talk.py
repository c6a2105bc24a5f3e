"""A conversation on the page is kept as it is had, taken up again by whom it belongs to, and survives what fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes_assistant import DOCUMENT, FakeAssistant

from assistant.errors import StaffDataUnusable
from assistant.faces.chat.markup import Chat
from assistant.faces.chat.page import Sent
from assistant.faces.chat.talk import Conversation
from assistant.faces.rendering import answer_json, answer_of
from assistant.faces.texts import texts
from assistant.faces.web.shelf import Shelf
from assistant.faces.web.visitors import Visitor
from assistant.records import Person, Question, Role
from assistant.staff.conversations import Conversations, Kept
from assistant.staff.store import StaffStore

RECOMMENDED = "What was recommended?"
Talking = Callable[..., Conversation]


def seen(kept: Kept | None) -> Kept | None:
    return kept


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(StaffStore(tmp_path))


@pytest.fixture
def talking(tmp_path: Path, kept: Conversations) -> Talking:
    """The conversation of a person."""
    shelf, ready = Shelf(FakeAssistant(tmp_path)), threading.Event()
    ready.set()
    return lambda name="ana": Conversation(shelf, ready, Visitor(Person(name, Role.READER), texts("en")), kept)


def test_what_is_asked_is_kept_with_its_filters_and_taken_up_again(talking: Talking, kept: Conversations) -> None:
    filters = {"document": [DOCUMENT], "kind": ["lesson"]}
    first = list(talking().ask(RECOMMENDED, Chat(), filters))[-1]
    last = list(talking().ask("List the lessons", first))[-1]
    assert [talk.title for talk in kept.of("ana")] == [RECOMMENDED]
    again = talking().taken_up(last.conversation, seen)
    assert again.conversation == last.conversation
    assert [(t.question, t.kept, t.filters) for t in again.turns] == [
        (t.question, t.kept, t.filters) for t in last.turns
    ]
    assert talking().html(again).count('class="card') == talking().html(last).count('class="card')


@pytest.mark.parametrize("question", [RECOMMENDED, "Who won?"])
def test_a_conversation_keeps_of_an_answer_what_is_shown_of_it(talking: Talking, tmp_path: Path, question: str) -> None:
    found = FakeAssistant(tmp_path).ask(Question(question))
    chat = list(talking().ask(question, Chat()))[-1]
    whole = replace(chat, turns=(replace(chat.turns[0], answer=found),))
    assert found.passages
    for each in (chat, talking().taken_up(chat.conversation, seen)):
        answer = each.turns[0].answer
        assert answer is not None
        assert len(answer.citations) + len(answer.passages) == talking().html(each).count('class="card')
    assert talking().html(chat) == talking().html(whole)


@pytest.mark.parametrize("text", ["", "  ", "???"])
def test_who_asks_nothing_is_told_what_to_type_and_keeps_the_conversation(talking: Talking, text: str) -> None:
    talk = talking()
    for before in (Chat(), list(talk.ask(RECOMMENDED, Chat()))[-1]):
        (after,) = talk.ask(text, before)
        assert after == replace(before, notice="Type a question first, for example: What was recommended?")
        assert talk.html(after).endswith(f"{after.notice}</p>")
        assert talk.pause(after) >= 0.0
    assert not list(talk.ask(RECOMMENDED, after))[-1].notice


def test_a_mark_is_seen_when_a_conversation_is_taken_up(talking: Talking, kept: Conversations) -> None:
    chat = list(talking().ask(RECOMMENDED, Chat()))[-1]
    kept.mark(chat.turns[0].kept, "ana", useful=False)
    assert talking().taken_up(chat.conversation, seen).turns[0].useful is False


def test_a_conversation_belongs_to_one_person_and_what_may_not_be_seen_is_left_out(talking: Talking) -> None:
    chat = list(talking().ask(RECOMMENDED, Chat()))[-1]
    other = talking("ben").taken_up(chat.conversation, seen)
    assert (other.turns, "not yours" in other.notice) == ((), True)
    assert talking().taken_up(chat.conversation, lambda kept: None).turns == ()


def test_a_conversation_that_was_deleted_meanwhile_goes_on_as_a_new_one(talking: Talking, kept: Conversations) -> None:
    first = list(talking().ask(RECOMMENDED, Chat()))[-1]
    kept.delete(first.conversation, "ana")
    last = list(talking().ask("List the lessons", first))[-1]
    assert last.conversation != first.conversation
    assert [each.question for each in kept.answers(last.conversation, "ana")] == ["List the lessons"]


class Broken(Conversations):
    def begin(self, person: str, title: str) -> str:
        raise StaffDataUnusable(Path("staff.sqlite"), "disk full")


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(tmp_path: Path) -> None:
    shelf, ready = Shelf(FakeAssistant(tmp_path)), threading.Event()
    ready.set()
    talk = Conversation(shelf, ready, conversations=Broken(StaffStore(tmp_path)))
    chat = list(talk.ask(RECOMMENDED, Chat()))[-1]
    assert chat.turns[0].answer is not None
    assert 'href="answers/' not in talk.html(chat)


@pytest.mark.parametrize("question", ["recommend", "list lessons", "hostile", "Who won?"])
def test_an_answer_comes_back_from_its_json(tmp_path: Path, question: str) -> None:
    value = answer_json(FakeAssistant(tmp_path).ask(Question(question)))
    assert answer_json(answer_of(json.loads(json.dumps(value)))) == value


def test_what_the_page_sends_is_read_with_care() -> None:
    sent = Sent.read(json.dumps({"filters": {"kind": ["lesson"], "year": [], "colour": ["red"]}, "stay": 2}))
    assert sent == Sent({"kind": ["lesson"]}, 2)
    for nonsense in (None, "", "[]", '{"filters": 3}', '{"filters": {"kind": 7}}', '{"filters": {}, "stay": "x"}'):
        assert Sent.read(nonsense) == Sent({})
    assert Sent.read('{"filters": {}, "stay": -4}').stay == 0
    assert [len(each) for each in Sent.read(json.dumps({"filters": {"kind": ["x" * 5000]}})).filters["kind"]] == [1000]


def test_the_state_of_the_library_is_cheap_to_ask(tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    from assistant.faces.service import create_app
    from assistant.faces.web.warmth import Warmth
    from assistant.settings import Settings

    assistant = FakeAssistant(tmp_path)
    app = create_app(assistant, Settings(index=tmp_path), Warmth(assistant))
    with TestClient(app, base_url="http://localhost") as client:
        assert client.get("/api/v1/library").json() == {"generation": 3, "documents": 1, "ready": False}
        assert "model that searches" in client.get("/readyz").json()["error"]


def test_an_answer_is_given_time_to_be_read_until_it_is_whole(talking: Talking) -> None:
    talk = talking()
    *growing, last = list(talk.ask("List the lessons", Chat()))
    assert [talk.pause(chat) > 0 for chat in growing] == [False] + [True] * (len(growing) - 1)
    assert len(growing) > 2
    assert talk.pause(last) == 0


def test_earlier_turns_look_the_same_whether_drawn_before_or_now(talking: Talking) -> None:
    first = list(talking().ask(RECOMMENDED, Chat()))[-1]
    talk, other = talking(), talking("ben")
    for chat in talk.ask("List the lessons", first):
        assert talk.html(chat) == talking().html(chat)
    last = list(other.ask("Who won?", Chat()))[-1]
    assert talk.html(last) == other.html(last), "another conversation is drawn anew"
