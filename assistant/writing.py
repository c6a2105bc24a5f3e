"""The language model that writes answers, opened as the settings have it."""

from __future__ import annotations

from typing import Any

from assistant.answering import endpoint
from assistant.answering.calls import ModelCaller
from assistant.answering.generative import Writer
from assistant.answering.prompting import Prompts
from assistant.errors import SettingsError
from assistant.indexing.embedding import Embedder
from assistant.settings import Settings


def writer(settings: Settings, embedder: Embedder, llm: Any) -> Writer | None:
    """What has answers written, by the model passed in or the one that is set; None when there is neither.

    Raises SettingsError.
    """
    if settings.unsupported not in ("remove", "strike"):
        raise SettingsError(f"The setting 'unsupported' is {settings.unsupported!r}; it can be 'remove' or 'strike'.")
    prompts = Prompts.load(settings.prompts)
    if llm is None and not settings.llm_url:
        return None
    window, tokens = settings.llm_window, settings.llm_answer_tokens
    if llm is None:
        name, key = settings.llm_model, settings.llm_key
        llm = endpoint.open_model(settings.llm_url, name, key, settings.llm_seconds, window, tokens)
    return Writer(
        ModelCaller(llm, settings.llm_seconds, settings.llm_requests),
        prompts,
        embedder,
        words=settings.answer_words,
        window=llm.metadata.context_window,
        answer_tokens=tokens,
        strike=settings.unsupported == "strike",
    )
