"""The chat page: a conversation, and beside each answer the pages it quotes."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.faces.markup import Shown, conversation, library, masthead
from assistant.faces.pages import shell
from assistant.faces.seams import Answerer, Writes
from assistant.records import Mode, Question, Turn

STYLE = Path(__file__).with_name("page.css")
SCRIPT = Path(__file__).with_name("page.js")
EXAMPLES = 4
# On a phone the box is some 25 characters wide; what does not fit makes it grow.
FIRST, NEXT = "Ask about the reports…", "Ask on, or “start over”"
# An answer is ready at once; it appears sentence by sentence so that the eye can follow, in no more time than this.
STREAM_SECONDS = 0.6
STEPS = 12
# Follow-ups lean on the last few turns; a longer past only slows the question down.
REMEMBERED = 10
# A conversation left alone is forgotten, so that an open page does not fill the memory.
FORGET_SECONDS = 4 * 3600

SYSTEM_FONTS = ["-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "system-ui", "sans-serif"]
SYSTEM_FONTS_MONO = ["ui-monospace", "SFMono-Regular", "Consolas", "Liberation Mono", "monospace"]

UNEXPECTED = "Something went wrong while answering. Ask again; if it stays so, look into the log of the server."

WRITING = "The language model is writing. Each sentence is checked before it is shown…"
UNFINISHED = "Stopped before the answer was finished."

_log = logging.getLogger(__name__)
_SENTENCE_END = re.compile(r"(?<=[.!?\]])\s+(?=\S)|\n+")


class Conversation:
    """What happens between a question typed and an answer shown; state is a list of turns that the page keeps."""

    def __init__(self, assistant: Answerer, ready: threading.Event) -> None:
        self._assistant = assistant
        self._ready = ready
        # The page is drawn many times over one generation; what it needs of the library is looked up once.
        self._page_counts = lru_cache(maxsize=1)(self._count)
        self._page_size = lru_cache(maxsize=4096)(self._measure)

    def opening(self) -> tuple[str, str]:
        """The head of the page and the list of the library, drawn anew each time the page is opened."""
        rows = self._assistant.documents()
        searchable = [row for row in rows if not row.refused]
        return masthead(len(searchable), sum(row.pages for row in searchable)), library(rows)

    def examples(self) -> list[str]:
        """Up to EXAMPLES questions drawn from the library."""
        return self._assistant.examples(EXAMPLES)[:EXAMPLES]

    def ask(self, text: str, turns: Sequence[Shown], stopped: threading.Event | None = None) -> Iterator[list[Shown]]:
        """The conversation with one more turn, again and again as its answer comes, until stopped is set."""
        if not text.strip():
            return
        before, turn = list(turns), Shown(question=text.strip(), note="Searching the library…")
        try:
            if not self._ready.is_set():
                yield [*before, replace(turn, note="Loading the language model…")]
                self._assistant.warm()
                self._ready.set()
            yield [*before, turn]
            for shown in self._answered(turn, Question(text=text, history=_history(before)), stopped):
                yield [*before, shown]
        except AssistantError as error:
            yield [*before, replace(turn, note=str(error), failed=True)]
        except Exception:
            # The page must stay usable whatever happened; the log has the rest.
            _log.exception("A question could not be answered")
            yield [*before, replace(turn, note=UNEXPECTED, failed=True)]

    def _answered(self, turn: Shown, question: Question, stopped: threading.Event | None) -> Iterator[Shown]:
        """The turn as its answer grows; what is written comes as it is checked, what is quoted in a few steps."""
        assistant, answer = self._assistant, None
        if isinstance(assistant, Writes) and assistant.writes:
            yield replace(turn, note=WRITING)
            for answer in assistant.asking(question, stopped):
                if answer.mode is Mode.GENERATIVE:
                    yield replace(turn, note=WRITING, words=answer.answer, answer=answer, growing=True)
            if answer is None or (stopped and stopped.is_set()):
                return
        else:
            answer = assistant.ask(question)
        steps = [answer.answer] if answer.mode is Mode.GENERATIVE else _steps(answer.answer)
        for words in steps:
            yield replace(turn, note="", words=words, answer=answer)
            time.sleep(min(0.05, STREAM_SECONDS / len(steps)))

    def stopped(self, turns: Sequence[Shown]) -> list[Shown]:
        """The conversation after Stop: an answer that is already there is shown whole, one that is not is given up."""
        if not turns or turns[-1].failed:
            return list(turns)
        last = turns[-1]
        ended = replace(last, note="Stopped.", failed=True)
        if last.answer:
            ended = replace(last, words=last.answer.answer, note=UNFINISHED if last.growing else "", growing=False)
        return [*turns[:-1], ended]

    def html(self, turns: Sequence[Shown]) -> str:
        """The turns as the page shows them."""
        generation = self._assistant.generation

        def page_size(document: str, page: int) -> tuple[float, float]:
            return self._page_size(document, page, generation)

        return conversation(turns, self._page_counts(generation), page_size, self._assistant.strength)

    def _count(self, generation: int) -> dict[str, int]:
        return {row.document: row.pages for row in self._assistant.documents()}

    def _measure(self, document: str, page: int, generation: int) -> tuple[float, float]:
        try:
            return self._assistant.page_size(document, page)
        except AssistantError:
            return 0.0, 0.0


def make_page(assistant: Answerer, ready: threading.Event) -> Any:
    """The page as gradio Blocks; ready is set once the model is loaded."""
    import gradio as gr

    talk = Conversation(assistant, ready)
    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

    def box(busy: bool, **more: Any) -> Any:
        return gr.Textbox(submit_btn=not busy and "Ask", stop_btn=busy and "Stop", **more)

    async def answering(text: str, turns: list[Shown]) -> AsyncIterator[tuple[Any, ...]]:
        # Each step waits in a thread, so that Stop takes effect at once and not when the step has ended.
        stopped = threading.Event()
        steps = talk.ask(text, turns, stopped)
        try:
            while shown := await asyncio.to_thread(next, steps, None):
                yield shown, await asyncio.to_thread(talk.html, shown), box(True, value="", placeholder=NEXT)
        finally:
            stopped.set()  # so that the language model stops writing for nobody
        yield gr.skip(), gr.skip(), box(False)

    def stopping(turns: list[Shown]) -> tuple[Any, ...]:
        shown = talk.stopped(turns)
        return shown, talk.html(shown), box(False)

    def opening() -> list[Any]:
        examples = talk.examples()
        absent = [gr.Button(visible=False)] * (EXAMPLES - len(examples))
        return [*talk.opening(), *(gr.Button(value=text, visible=True) for text in examples), *absent]

    with gr.Blocks(title="Evaluation Assistant", fill_width=True, analytics_enabled=False) as page:
        turns = gr.State([], time_to_live=FORGET_SECONDS)
        head = gr.HTML("", apply_default_css=False)
        shown = gr.HTML("", elem_id="conversation", apply_default_css=False)
        with gr.Column(elem_id="examples"):
            gr.HTML("<p>Ask in your own words, for example:</p>", apply_default_css=False)
            buttons = [gr.Button(visible=False, elem_classes="example") for _ in range(EXAMPLES)]
        holdings = gr.HTML("", elem_id="library", apply_default_css=False)
        with gr.Column(elem_id="composer"):
            question = gr.Textbox(
                placeholder=FIRST,
                label="Question",
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                autofocus=True,
                submit_btn="Ask",
                elem_id="question",
            )
        outputs = [turns, shown, question]
        asked: list[Any] = [question.submit(answering, [question, turns], outputs, **hidden)]
        asked += [button.click(answering, [button, turns], outputs, **hidden) for button in buttons]
        question.stop(stopping, turns, outputs, cancels=asked, **hidden)
        page.load(opening, None, [head, holdings, *buttons], **hidden)
    return page.queue(default_concurrency_limit=4, max_size=64)


def looks() -> dict[str, Any]:
    """Theme, style and script of the page, as mount_gradio_app takes them; no font or file from outside."""
    import gradio as gr

    return {
        "theme": gr.themes.Base(font=SYSTEM_FONTS, font_mono=SYSTEM_FONTS_MONO),
        "css": STYLE.read_text("utf-8"),
        "head": f"{shell.ICON}<script>{SCRIPT.read_text('utf-8')}</script>",
    }


def _history(turns: Sequence[Shown]) -> tuple[Turn, ...]:
    answered = [Turn(turn.question, turn.answer.answer) for turn in turns if turn.answer is not None]
    return tuple(answered[-REMEMBERED:])


def _steps(answer: str) -> list[str]:
    """The answer cut off at ends of sentences or lines, shortest first, at most STEPS times; the last is whole."""
    ends = [found.start() for found in _SENTENCE_END.finditer(answer)]
    return [answer[:end] for end in ends[:: 1 + len(ends) // STEPS]] + [answer]
