"""What the Ask page looks up from time to time: the state of the library."""

from __future__ import annotations

import threading
from typing import Annotated, Any

from fastapi import Depends, FastAPI

from assistant.faces.seams import Answerer
from assistant.faces.web import visitors
from assistant.faces.web.shelf import Shelf
from assistant.faces.web.visitors import Visitor
from assistant.records import Role


def mount(app: FastAPI, assistant: Answerer, ready: threading.Event) -> None:
    """Add GET /api/v1/library; ready is set once questions are answered without waiting."""
    shelves = {role: Shelf(assistant.seen_by(role)) for role in Role}

    @app.get("/api/v1/library", summary="Which generation of the library is answered from, and how large it is")
    def library(visitor: Annotated[Visitor, Depends(visitors.visitor)]) -> dict[str, Any]:
        shelf = shelves[visitor.person.role]
        return {
            "generation": shelf.assistant.generation,
            "documents": len(shelf.searchable),
            "ready": ready.is_set(),
        }
