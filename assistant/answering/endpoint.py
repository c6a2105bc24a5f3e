"""A language model behind an address that speaks the OpenAI protocol, as a llama-index LLM."""

from __future__ import annotations

from typing import Any

from assistant.errors import SettingsError


def open_model(url: str, name: str, key: str, seconds: int, window: int, answer_tokens: int) -> Any:
    """The model as a llama-index LLM; nothing is sent yet.

    window is what the model reads and writes together, answer_tokens what it may write, both in tokens.
    Raises SettingsError for an address that is none, a missing name, or when the library for it is not installed.
    """
    if not url.startswith(("http://", "https://")):
        raise SettingsError(f"The setting 'llm_url' must begin with http:// or https://; it is {_without_user(url)!r}.")
    if not name:
        raise SettingsError("The setting 'llm_url' needs 'llm_model' beside it: the name of the model to ask.")
    try:
        import httpx
        from llama_index.llms.openai_like import OpenAILike
    except ImportError:
        raise SettingsError(
            "The setting 'llm_url' needs a library that is not installed: pip install 'assistant[llm]'"
        ) from None

    class Key(httpx.Auth):
        """Puts the key on requests to the endpoint and nowhere else: no object that is shown or logged holds it."""

        def auth_flow(self, request: httpx.Request) -> Any:
            request.headers.pop("Authorization", None)
            if key:
                request.headers["Authorization"] = f"Bearer {key}"
            yield request

    return OpenAILike(
        model=name,
        api_base=url,
        api_key="none",  # the client wants one; Key has the real one
        is_chat_model=True,
        context_window=window,
        max_tokens=answer_tokens,
        temperature=0.0,
        max_retries=0,  # calls.py tries again, for every kind of LLM
        timeout=float(seconds),
        additional_kwargs={"stream_options": {"include_usage": True}},
        # A redirect would carry questions and passages to an address that nobody has set.
        async_http_client=httpx.AsyncClient(auth=Key(), follow_redirects=False, timeout=float(seconds)),
    )


def _without_user(url: str) -> str:
    """The address without what stands before an @: it may be a password."""
    return url.rpartition("@")[2]
