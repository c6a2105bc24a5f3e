"""Asking a language model: bounded in time and number, tried again where that helps, given up when the user stops."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import ModelGaveUp

TRIES = 3
FIRST_PAUSE = 0.5
"""Seconds before the second try; each further pause is twice as long."""
LONGEST_PAUSE = 8.0
"""Seconds; an endpoint that asks for more patience is given up."""
POLL = 0.05  # seconds between two looks at whether the user has stopped
BUSY = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class Usage:
    """What the endpoint says an answer took; None where it says nothing."""

    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    """In the currency of the endpoint, usually dollars."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the text, in order; the last one may carry the usage."""

    text: str
    usage: Usage | None = None


class ModelCaller:
    """A llama-index LLM with limits. All calls run in one event loop of their own, so that each can be cancelled.

    seconds is the time that an answer may take from the question to its last word, waiting for a place included;
    at_once is how many calls may run at a time.
    """

    def __init__(self, llm: Any, seconds: float, at_once: int) -> None:
        self.llm = llm
        self._seconds = seconds
        self._at_once = at_once
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def model(self) -> str:
        """The name of the model."""
        return str(self.llm.metadata.model_name)

    def stream(self, rules: str, request: str, stopped: threading.Event | None = None) -> Iterator[Piece]:
        """What the model writes, piece by piece. Ends early, without a word, when stopped is set.

        Raises ModelGaveUp with the reason when there is no whole answer.
        """
        came: queue.SimpleQueue[Piece | ModelGaveUp | None] = queue.SimpleQueue()
        call = asyncio.run_coroutine_threadsafe(self._call(_messages(rules, request), came), self._running())
        try:
            while not (stopped and stopped.is_set()):
                try:
                    piece = came.get(timeout=POLL)
                except queue.Empty:
                    continue
                if piece is None:
                    return
                if isinstance(piece, ModelGaveUp):
                    raise piece
                yield piece
        finally:
            call.cancel()

    def whole(self, rules: str, request: str) -> str:
        """All that the model writes. Raises ModelGaveUp."""
        return "".join(piece.text for piece in self.stream(rules, request))

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._places = asyncio.Semaphore(self._at_once)
                threading.Thread(target=self._loop.run_forever, name="language model", daemon=True).start()
            return self._loop

    async def _call(self, messages: Sequence[Any], came: queue.SimpleQueue[Piece | ModelGaveUp | None]) -> None:
        try:
            async with asyncio.timeout(self._seconds), self._places:
                await self._tried(messages, came)
            came.put(None)
        except TimeoutError:
            came.put(ModelGaveUp(f"took longer than {self._seconds:g} seconds"))
        except ModelGaveUp as reason:
            came.put(reason)
        except Exception as error:  # any LLM object may be passed in, and each raises errors of its own
            came.put(ModelGaveUp(_reason(error)))

    async def _tried(self, messages: Sequence[Any], came: queue.SimpleQueue[Piece | ModelGaveUp | None]) -> None:
        """Try until the first words come; a call that breaks off after them is not repeated."""
        for tried in range(1, TRIES + 1):
            begun = False
            try:
                async for piece in _pieces(self.llm, messages):
                    begun = begun or bool(piece.text)
                    came.put(piece)
                if not begun:
                    came.put(await _at_once(self.llm, messages))
                return
            except ModelGaveUp:
                raise
            except Exception as error:
                pause = _pause(error, tried)
                if begun:
                    raise ModelGaveUp("broke off in the middle of its answer") from error
                if pause is None or tried == TRIES:
                    raise
            await asyncio.sleep(pause)


async def _pieces(llm: Any, messages: Sequence[Any]) -> AsyncIterator[Piece]:
    """The deltas of a streamed answer. Raises ModelGaveUp when it was filtered, cut or not finished."""
    finish, openai, begun = "", False, False
    async for response in _responses(llm, messages):
        raw = response.raw
        choices = getattr(raw, "choices", None)
        openai = openai or choices is not None
        finish = (getattr(choices[0], "finish_reason", None) or finish) if choices else finish
        begun = begun or bool(response.delta)
        yield Piece(response.delta or "", _usage(raw))
    _check_finished(finish or ("" if openai and begun else "stop"))


async def _responses(llm: Any, messages: Sequence[Any]) -> AsyncIterator[Any]:
    from llama_index.core.llms import CustomLLM

    if not isinstance(llm, CustomLLM):
        async for response in await llm.astream_chat(messages):
            yield response
        return
    # The asynchronous methods of a CustomLLM are its blocking ones: they would hold up every other call.
    responses = await asyncio.to_thread(llm.stream_chat, messages)
    while (response := await asyncio.to_thread(next, responses, None)) is not None:
        yield response


async def _at_once(llm: Any, messages: Sequence[Any]) -> Piece:
    """The whole answer, for an endpoint that does not stream."""
    response = await llm.achat(messages)
    choices = getattr(response.raw, "choices", None)
    _check_finished((choices[0].finish_reason or "stop") if choices else "stop")
    return Piece(response.message.content or "", _usage(response.raw))


def _check_finished(finish: str) -> None:
    if finish == "content_filter":
        raise ModelGaveUp("declined to answer")
    if finish == "length":
        raise ModelGaveUp("wrote more than it may (llm_answer_tokens)")
    if not finish:
        raise ModelGaveUp("broke off in the middle of its answer")


def _messages(rules: str, request: str) -> Sequence[Any]:
    from llama_index.core.llms import ChatMessage, MessageRole

    return [ChatMessage(rules, role=MessageRole.SYSTEM), ChatMessage(request, role=MessageRole.USER)]


def _usage(raw: Any) -> Usage | None:
    usage = getattr(raw, "usage", None)
    if usage is None:
        return None
    cost = getattr(usage, "cost", None)  # some hosts report it beside the tokens
    tokens = [getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens")]
    counted = [value if isinstance(value, int) else None for value in tokens]
    return Usage(counted[0], counted[1], float(cost) if isinstance(cost, int | float) else None)


def _pause(error: Exception, tried: int) -> float | None:
    """Seconds to wait before the next try; None when another would end alike."""
    status = getattr(error, "status_code", None)
    if status is not None and status not in BUSY and status < 500:
        return None
    if status is None and not _is_about_the_line(error):
        return None
    pause = float(FIRST_PAUSE * 2 ** (tried - 1))
    asked = getattr(getattr(error, "response", None), "headers", {}).get("retry-after", "")
    if asked.isdigit():
        pause = max(pause, float(asked))
    return pause if pause <= LONGEST_PAUSE else None


def _is_about_the_line(error: Exception) -> bool:
    """The connection failed or was too slow, whichever library says so."""
    names = {each.__name__ for each in type(error).__mro__}
    return isinstance(error, OSError) or bool(names & {"APIConnectionError", "TransportError"})


def _reason(error: Exception) -> str:
    """Why there is no answer, in words; what the endpoint wrote is not repeated: it may hold the key or the prompt."""
    status = getattr(error, "status_code", None)
    if status in (401, 403):
        return f"did not accept the key (status {status})"
    if status == 429:
        return "is asked too often (status 429)"
    if status is not None:
        return f"reported an error (status {status})"
    if any("Timeout" in each.__name__ for each in type(error).__mro__):
        return "did not answer in time"
    return "cannot be reached" if _is_about_the_line(error) else "sent something that is not an answer"
