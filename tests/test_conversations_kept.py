"""Answers are kept as they were given, belong to who asked, and are really gone once deleted."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import UsageError
from assistant.staff import conversations
from assistant.staff.conversations import Conversations
from assistant.staff.store import FILE, StaffStore


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(StaffStore(tmp_path))


def an_answer(question: str = "What was learned?", refused: bool = False) -> dict[str, Any]:
    return {"question": question, "answer": "Ünïcode “quote” [1]", "refused": refused, "generation": 7, "citations": []}


def test_an_answer_comes_back_as_it_was_given(kept: Conversations) -> None:
    token = kept.keep(kept.begin("ana", "What was learned?"), an_answer())
    found = kept.answer(token)
    assert found is not None
    assert found.answer == an_answer()
    assert (found.person, found.question, found.generation) == ("ana", "What was learned?", 7)
    assert found.asked_at.endswith("+00:00")
    assert kept.answer("no such thing") is None


def test_addresses_cannot_be_guessed(kept: Conversations) -> None:
    talk = kept.begin("", "x")
    tokens = {kept.keep(talk, an_answer()) for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 22 for token in tokens)


def test_a_person_sees_their_own_conversations_the_last_talked_in_first(kept: Conversations) -> None:
    first, second, others = kept.begin("ana", "first"), kept.begin("ana", "second"), kept.begin("ben", "other")
    kept.begin("ana", "never answered")
    for talk in (first, second, others, first):
        kept.keep(talk, an_answer())
    assert [(talk.title, talk.answers) for talk in kept.of("ana")] == [("first", 2), ("second", 1)]
    assert len(kept.answers(first, "ana")) == 2
    assert kept.answers(first, "ben") == ()


def test_one_mark_for_each_person_and_answer_that_can_be_changed(kept: Conversations) -> None:
    token = kept.keep(kept.begin("ana", "x"), an_answer())
    kept.mark(token, "ana", True)
    kept.mark(token, "ben", True)
    kept.mark(token, "ana", False, "  The page is wrong.  ")
    mark = kept.mark_of(token, "ana")
    assert mark is not None
    assert (mark.useful, mark.comment) == (False, "The page is wrong.")
    assert len(kept.gaps()[0].marks) == 2
    assert kept.mark_of(token, "eva") is None


def test_curators_find_what_was_refused_or_marked_down_newest_first(kept: Conversations) -> None:
    talk = kept.begin("ana", "x")
    kept.keep(talk, an_answer("refused", refused=True))
    kept.mark(kept.keep(talk, an_answer("liked")), "ana", True)
    kept.mark(kept.keep(talk, an_answer("disliked")), "ben", False, "Old figures.")
    gaps = kept.gaps()
    assert [gap.kept.question for gap in gaps] == ["disliked", "refused"]
    assert [(gap.refused, gap.marked_down) for gap in gaps] == [(False, True), (True, False)]


def test_what_is_deleted_is_gone_from_the_files(kept: Conversations, tmp_path: Path) -> None:
    words = "the quick brown sentence"
    talk, other = kept.begin("ana", words), kept.begin("ana", "stays")
    kept.mark(kept.keep(talk, an_answer(words)), "ana", False, words)
    kept.keep(other, an_answer())
    # Somebody else reads at the same time, so that the journal is not swept up by the last one who leaves.
    reader = sqlite3.connect(tmp_path / FILE)
    reader.execute("SELECT count(*) FROM answers").fetchall()
    assert not kept.delete(talk, "ben")
    assert kept.delete(talk, "ana")
    assert all(words.encode() not in file.read_bytes() for file in tmp_path.glob(f"{FILE}*"))
    reader.close()
    assert [each.title for each in kept.of("ana")] == ["stays"]
    assert kept.delete_all("ana") == 1
    assert kept.of("ana") == ()
    with pytest.raises(UsageError, match="Begin a new one"):
        kept.keep(talk, an_answer())


def test_what_is_too_long_is_not_kept(kept: Conversations) -> None:
    talk = kept.begin("ana", "x" * 1000)
    token = kept.keep(talk, an_answer())
    assert len(kept.of("ana")[0].title) == conversations.TITLE_CHARACTERS
    with pytest.raises(UsageError, match="2,000 characters"):
        kept.mark(token, "ana", True, "x" * 2001)
    with pytest.raises(UsageError, match="not there"):
        kept.mark("gone", "ana", True)
    with pytest.raises(UsageError, match="too long"):
        kept.keep(talk, an_answer() | {"answer": "x" * conversations.ANSWER_BYTES})


def test_many_threads_keep_at_once(kept: Conversations) -> None:
    talk = kept.begin("ana", "x")
    threads = [threading.Thread(target=kept.keep, args=(talk, an_answer(str(n)))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.question for each in kept.answers(talk, "ana")} == {str(n) for n in range(8)}
