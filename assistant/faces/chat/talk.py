"""What happens between a question typed on the Ask page and its answer shown, and how a conversation is kept."""

from __future__ import annotations

import contextlib
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.errors import AssistantError, UsageError
from assistant.faces.chat.cards import Drawing, slim
from assistant.faces.chat.markup import Chat, Shown, conversation, earlier_turns
from assistant.faces.rendering import answer_json, answer_of
from assistant.faces.seams import Writes
from assistant.faces.texts import texts
from assistant.faces.web.shelf import Shelf
from assistant.faces.web.visitors import Visitor
from assistant.records import ANYBODY, Answer, Mode, Question, Turn
from assistant.retrieval.query import is_empty
from assistant.staff.conversations import Conversations, Kept

# An answer is ready at once; it appears sentence by sentence so that the eye can follow, in no more than 0.6 s.
STEP_SECONDS = 0.05
STEPS = 12
# Follow-ups lean on the last few turns; a longer past only slows the question down.
REMEMBERED = 10
TAKEN_UP = 30
"""Answers of a kept conversation that are shown again, the latest ones."""

SOMEBODY = Visitor(ANYBODY, texts("en"))

_log = logging.getLogger(__name__)
_SENTENCE_END = re.compile(r"(?<=[.!?\]])\s+(?=\S)|\n+")


class Conversation:
    """The conversation of one visitor; the page keeps its Chat. Without conversations nothing is kept beyond it."""

    def __init__(
        self,
        shelf: Shelf,
        ready: threading.Event,
        visitor: Visitor = SOMEBODY,
        conversations: Conversations | None = None,
    ) -> None:
        self._shelf = shelf
        self._ready = ready
        self._visitor = visitor
        self._conversations = conversations
        self._before: tuple[tuple[Shown, ...], str] = (), ""
        self._earlier = ""

    def ask(
        self,
        text: str,
        chat: Chat,
        filters: Mapping[str, Sequence[str]] | None = None,
        stopped: threading.Event | None = None,
    ) -> Iterator[Chat]:
        """The conversation with one more turn, again and again as its answer comes, until stopped is set."""
        words, assistant = self._visitor.texts, self._shelf.assistant
        if is_empty(text):
            yield replace(chat, notice=words("ask.empty"))
            return
        turn = Shown(question=text.strip(), note=words("ask.searching"), filters=filters or {})
        question = Question(text=text, history=_history(chat.turns), filters=dict(turn.filters))
        try:
            if not self._ready.is_set():
                yield _with(chat, replace(turn, note=words("ask.warming")))
                assistant.warm()
                self._ready.set()
            yield _with(chat, turn)
            answer = None
            for answer in self._answers(question, stopped):
                if answer.mode is Mode.GENERATIVE:
                    growing = replace(turn, note=words("ask.writing"), words=answer.answer, answer=slim(answer))
                    yield _with(chat, replace(growing, growing=True))
            if answer is None or (stopped and stopped.is_set()):
                return
            conversation, kept = self._keep(chat.conversation, answer, turn.filters)
            chat, turn = (
                replace(chat, conversation=conversation),
                replace(turn, note="", answer=slim(answer), kept=kept),
            )
            steps = [answer.answer] if answer.mode is Mode.GENERATIVE else _steps(answer.answer)
            for said in steps:
                yield _with(chat, replace(turn, words=said))
        except AssistantError as error:
            yield _with(chat, replace(turn, note=str(error), failed=True))
        except Exception:
            # The page must stay usable whatever happened; the log has the rest.
            _log.exception("A question could not be answered")
            yield _with(chat, replace(turn, note=words("ask.unexpected"), failed=True))

    def stopped(self, chat: Chat) -> Chat:
        """The conversation after Stop: an answer that is already there is shown whole, one that is not is given up."""
        if not chat.turns or chat.turns[-1].failed:
            return chat
        words, last = self._visitor.texts, chat.turns[-1]
        ended = replace(last, note=words("ask.stopped"), failed=True)
        if last.answer:
            note = words("ask.unfinished") if last.growing else ""
            ended = replace(last, words=last.answer.answer, note=note, growing=False)
        return replace(chat, turns=(*chat.turns[:-1], ended))

    def taken_up(self, conversation: str, sight: Callable[[Kept | None], Kept | None]) -> Chat:
        """A kept conversation of this visitor, to be gone on with: the latest answers that sight lets through."""
        person = self._visitor.person.name
        try:
            kept = self._conversations.answers(conversation, person) if self._conversations else ()
        except AssistantError as error:
            return Chat(notice=str(error))
        if not kept:
            return Chat(notice=self._visitor.texts("ask.not_yours"))
        return Chat(tuple(self._shown(each) for each in kept[-TAKEN_UP:] if sight(each)), conversation)

    @staticmethod
    def pause(chat: Chat) -> float:
        """Seconds for which the words of an answer that is there stand alone, until more of them are shown."""
        last = chat.turns[-1] if chat.turns else None
        return STEP_SECONDS if last and last.answer and not (last.growing or last.whole) else 0.0

    def html(self, chat: Chat) -> str:
        """The turns as the page shows them; those before the last are drawn once, however often it grows."""
        shelf = self._shelf
        drawing = Drawing(
            self._visitor.texts,
            shelf.known,
            shelf.page_size,
            shelf.assistant.strength,
        )
        before = chat.turns[:-1], chat.conversation
        if self._before != before:
            self._before, self._earlier = before, earlier_turns(chat, drawing)
        return conversation(chat, drawing, self._earlier)

    def _answers(self, question: Question, stopped: threading.Event | None) -> Iterator[Answer]:
        """The answer, as it grows where a language model writes it; the last one is whole."""
        assistant = self._shelf.assistant
        if isinstance(assistant, Writes) and assistant.writes:
            yield from assistant.asking(question, stopped)
        else:
            yield assistant.ask(question)

    def _keep(self, conversation: str, answer: Answer, filters: Mapping[str, Sequence[str]]) -> tuple[str, str]:
        """The ids of the conversation and of the kept answer; '' for what could not be kept."""
        kept = self._conversations
        if kept is None:
            return "", ""
        value = answer_json(answer) | {"filters": dict(filters)}
        try:
            if conversation:
                with contextlib.suppress(UsageError):  # it was deleted meanwhile
                    return conversation, kept.keep(conversation, value)
            conversation = kept.begin(self._visitor.person.name, answer.question)
            return conversation, kept.keep(conversation, value)
        except AssistantError as error:
            _log.error("An answer could not be kept: %s", error)
            return conversation, ""

    def _shown(self, kept: Kept) -> Shown:
        assert self._conversations is not None
        answer, mark = answer_of(kept.answer), self._conversations.mark_of(kept.id, self._visitor.person.name)
        return Shown(
            question=answer.question,
            words=answer.answer,
            answer=slim(answer),
            filters=kept.answer.get("filters", {}),
            kept=kept.id,
            useful=mark.useful if mark else None,
        )


def _with(chat: Chat, turn: Shown) -> Chat:
    return replace(chat, turns=(*chat.turns, turn), notice="")


def _history(turns: Sequence[Shown]) -> tuple[Turn, ...]:
    answered = [Turn(turn.question, turn.answer.answer) for turn in turns if turn.answer is not None]
    return tuple(answered[-REMEMBERED:])


def _steps(answer: str) -> list[str]:
    """The answer cut off at ends of sentences or lines, shortest first, at most STEPS times; the last is whole."""
    ends = [found.start() for found in _SENTENCE_END.finditer(answer)]
    return [answer[:end] for end in ends[:: 1 + len(ends) // STEPS]] + [answer]
