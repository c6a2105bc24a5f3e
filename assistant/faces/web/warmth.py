"""Whether the service is ready: the model is loaded in the background, and /healthz and /readyz tell how far it is."""

from __future__ import annotations

import logging
import threading
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse

from assistant.errors import AssistantError
from assistant.faces.seams import Answerer
from assistant.faces.web import visitors
from assistant.faces.web.visitors import Visitor
from assistant.records import Role

_log = logging.getLogger(__name__)


class Warmth:
    """Loads the model once, in the background, and knows how far it is."""

    def __init__(self, assistant: Answerer) -> None:
        self.ready = threading.Event()
        self.failure = ""
        self._assistant = assistant

    def begin(self) -> None:
        """Start loading; returns at once."""
        threading.Thread(target=self._load, name="warm", daemon=True).start()

    def _load(self) -> None:
        try:
            self._assistant.warm()
        except AssistantError as error:
            self.failure = str(error)
            _log.error("%s", error)
        else:
            self.ready.set()


def mount(app: FastAPI, assistant: Answerer, warmth: Warmth) -> None:
    @app.get("/healthz", summary="Whether the service runs")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", summary="Whether questions are answered without waiting")
    def readyz(visitor: Annotated[Visitor, Depends(visitors.visitor)]) -> JSONResponse:
        if warmth.ready.is_set():
            return JSONResponse({"status": "ready", "generation": assistant.generation})
        if not warmth.failure:
            return JSONResponse({"error": "The model that searches is still loading; questions wait for it."}, 503)
        keeps = visitor.person.role is Role.CURATOR  # it names files of the server, and everybody may look here
        said = warmth.failure if keeps else "The model that searches cannot be loaded. The log of the server says why."
        return JSONResponse({"error": said}, 503)
