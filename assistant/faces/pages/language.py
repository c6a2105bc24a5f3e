"""The language of the pages: a link in their frame chooses it, a cookie remembers it, the same page comes back."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import RedirectResponse

from assistant.faces.texts import LANGUAGES
from assistant.faces.web.visitors import LANGUAGE_COOKIE

YEAR = 365 * 24 * 3600


def mount(app: FastAPI) -> None:
    """Add /language/{code}?to=ADDRESS, where ADDRESS is a path below the root of the service with its query."""

    @app.get("/language/{code}", include_in_schema=False)
    def choose(code: str, to: Annotated[str, Query(max_length=20_000)] = "") -> RedirectResponse:
        # What begins with '../' is an address of this service, whatever follows.
        reply = RedirectResponse(f"../{to.lstrip('/')}", 303)
        if code in LANGUAGES:
            reply.set_cookie(LANGUAGE_COOKIE, code, max_age=YEAR, path="/", samesite="strict", httponly=True)
        return reply
