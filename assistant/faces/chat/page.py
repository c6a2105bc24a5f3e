"""The Ask page: a conversation, and beside each answer the pages it quotes."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from assistant.answering.scopes import FILTERS
from assistant.faces.chat import opening
from assistant.faces.chat.markup import Chat
from assistant.faces.chat.talk import Conversation
from assistant.faces.pages import answers, shell
from assistant.faces.seams import Answerer
from assistant.faces.texts import Texts
from assistant.faces.web import visitors
from assistant.faces.web.shelf import Shelf
from assistant.records import Role
from assistant.retrieval.query import is_empty
from assistant.staff.conversations import Conversations

FOLDER = Path(__file__).parent
STYLE = "page.css"
SCRIPTS = ("page.js", "asking.js")
EXAMPLES = 4
# A conversation left alone is forgotten here, so that an open page does not fill the memory.
FORGET_SECONDS = 4 * 3600
SESSIONS = 500
"""Open pages of which gradio remembers what they show; of 10,000, as it has it, it would remember gigabytes."""
# Questions that are answered at the same time, each in a thread of its own; others wait their turn.
AT_ONCE = 24
# Beyond so many at a time an answer is shown at once, and not sentence by sentence.
UNHURRIED = 2
CHOSEN = 100  # values of one filter
CHOSEN_CHARACTERS = 1000  # of one of them

SYSTEM_FONTS = ["-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "system-ui", "sans-serif"]
SYSTEM_FONTS_MONO = ["ui-monospace", "SFMono-Regular", "Consolas", "Liberation Mono", "monospace"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page's script sends along with a question: the filters, and how many turns stay before it."""

    filters: dict[str, list[str]]
    stay: int | None = None

    @classmethod
    def read(cls, text: Any) -> Sent:
        """What is usable of it; a page that was tampered with has no filters."""
        try:
            value = json.loads(text)
            given, stay = value["filters"], value.get("stay")
            filters = {
                name: [str(each)[:CHOSEN_CHARACTERS] for each in given[name][:CHOSEN]]
                for name in FILTERS
                if given.get(name)
            }
            return cls(filters, max(0, int(stay)) if stay is not None else None)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls({})


def make_page(assistant: Answerer, ready: threading.Event, conversations: Conversations | None = None) -> Any:
    """The page as gradio Blocks; ready is set once the model is loaded."""
    shelves = {role: Shelf(assistant.seen_by(role)) for role in Role}
    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # Not the threads that all other requests share: a language model that is slow must not hold up a sign-in.
    threads, asking = CapacityLimiter(AT_ONCE), set[threading.Event]()

    def talk(request: gr.Request) -> tuple[Conversation, Texts]:
        visitor = visitors.of_gradio(request)
        return Conversation(shelves[visitor.person.role], ready, visitor, conversations), visitor.texts

    def box(words: Texts, *, busy: bool, **more: Any) -> Any:
        return gr.Textbox(submit_btn=not busy and words("ask.send"), stop_btn=busy and words("ask.stop"), **more)

    async def answering(text: str, chat: Chat, sent: str, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        # Each step waits in a thread, so that Stop takes effect at once and not when the step has ended.
        conversation, words = talk(request)
        stopped, asked = threading.Event(), Sent.read(sent)
        empty = is_empty(text)
        before = chat if empty else replace(chat, turns=chat.turns[: asked.stay])
        steps = conversation.ask(text, before, asked.filters, stopped)
        # The notice below a long conversation may be out of sight; the box that was left empty is not.
        waiting = box(words, busy=True, value="", placeholder=words("ask.empty" if empty else "ask.next"))
        latest: tuple[Any, Any] = gr.skip(), gr.skip()
        asking.add(stopped)
        try:
            while shown := await run_sync(next, steps, None, abandon_on_cancel=True, limiter=threads):
                pause = conversation.pause(shown)
                if pause and len(asking) > UNHURRIED:
                    continue
                latest = shown, await run_sync(conversation.html, shown, abandon_on_cancel=True, limiter=threads)
                yield *latest, waiting
                waiting = gr.skip()  # what is typed meanwhile stays
                await asyncio.sleep(pause)
        finally:
            asking.discard(stopped)
            stopped.set()  # so that the language model stops writing for nobody
        # The same again: for each gr.skip() in its place gradio would keep a copy of the conversation with the session.
        yield *latest, box(words, busy=False)

    def stopping(chat: Chat, request: gr.Request) -> tuple[Any, ...]:
        conversation, words = talk(request)
        shown = conversation.stopped(chat)
        return shown, conversation.html(shown), box(words, busy=False)

    def opened(address: str, request: gr.Request) -> tuple[Any, ...]:
        visitor = visitors.of_gradio(request)
        conversation, words = talk(request)
        shelf = shelves[visitor.person.role]
        wanted = parse_qs(str(address)[:1000].removeprefix("?")).get("conversation", [""])[0]
        chat = conversation.taken_up(wanted, answers.sight(assistant, visitor)) if wanted else Chat()
        return (
            chat,
            conversation.html(chat),
            box(words, busy=False, label=words("ask.question"), placeholder=words("ask.first")),
            opening.head(visitor, shelf.searchable),
            opening.tools(words, shelf.searchable),
            opening.examples(words, shelf.assistant.examples(EXAMPLES)[:EXAMPLES]),
            opening.library(words, shelf.rows),
        )

    def left(request: gr.Request) -> None:
        # Whoever comes back to it goes on with the Chat; of what the page showed gradio would keep a copy for nothing.
        if request.session_hash in page.state_holder:
            for component in page.state_holder[request.session_hash].components:
                component["props"].pop("value", None)

    with gr.Blocks(title="Evaluation Assistant", fill_width=True, analytics_enabled=False) as page:
        chat = gr.State(Chat(), time_to_live=FORGET_SECONDS)
        # Its value is what the script hands over with each event.
        sent = gr.Textbox(visible=False)
        head = gr.HTML("", elem_id="head", apply_default_css=False)
        shown = gr.HTML("", elem_id="conversation", apply_default_css=False)
        examples = gr.HTML("", elem_id="examples", apply_default_css=False)
        holdings = gr.HTML("", elem_id="library", apply_default_css=False)
        with gr.Column(elem_id="composer"):
            tools = gr.HTML("", apply_default_css=False)
            question = gr.Textbox(
                label="Question",
                show_label=False,
                container=False,
                lines=1,
                max_lines=6,
                autofocus=True,
                submit_btn="Ask",
                elem_id="question",
            )
        outputs = [chat, shown, question]
        sending = "(text, chat) => [text, chat, window.asking.sent()]"
        asked = question.submit(answering, [question, chat, sent], outputs, js=sending, **hidden)
        question.stop(stopping, chat, outputs, cancels=[asked], **hidden)
        page.load(opened, sent, [*outputs, head, tools, examples, holdings], js="() => [location.search]", **hidden)
        page.unload(left)
    page.state_session_capacity = SESSIONS
    return page.queue(default_concurrency_limit=AT_ONCE, max_size=64)


def looks() -> dict[str, Any]:
    """Theme, style and scripts of the page, as mount_gradio_app takes them; no font or file from outside."""
    scripts = "".join(f"<script>{(FOLDER / name).read_text('utf-8')}</script>" for name in SCRIPTS)
    return {
        "theme": gr.themes.Base(font=SYSTEM_FONTS, font_mono=SYSTEM_FONTS_MONO),
        "css": (FOLDER / STYLE).read_text("utf-8"),
        "head": f"{shell.ICON}{scripts}",
    }
