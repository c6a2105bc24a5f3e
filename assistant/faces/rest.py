"""REST: questions, searches, the documents, the pictures of their pages and the PDFs, described at /openapi.json."""

from __future__ import annotations

import math
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field

from assistant.errors import UsageError
from assistant.faces.pages.pictures import BOXES
from assistant.faces.rendering import answer_json, documents_json, highlighted, search_json
from assistant.faces.seams import Answerer
from assistant.faces.web import visitors
from assistant.faces.web.visitors import Visitor
from assistant.records import Question, Turn

# Pictures are asked for in few sizes; beyond this a page is only slower, not clearer.
PICTURE_WIDTHS = (100, 2000)

Here = Annotated[Visitor, Depends(visitors.visitor)]

FILTERS: Any = Field(
    default={},
    max_length=20,
    description="Any of document (a name, or part of a name or title), kind (such as lesson or recommendation), "
    "project, year and type (such as evaluation report). One value or a list of alternatives each; all must be met.",
    examples=[{"kind": ["lesson", "good_practice"], "year": "2023"}],
)


class EarlierTurn(BaseModel):
    """A question asked before and the answer it got."""

    question: str = Field(max_length=20_000)
    answer: str = Field(default="", max_length=100_000)


class AskBody(BaseModel):
    """A question, with the conversation so far (oldest first) and filters; other keys are ignored."""

    question: str = Field(max_length=200_000, examples=["What was recommended to the labour inspectorate?"])
    id: str | int = ""
    history: list[EarlierTurn] = Field(default=[], max_length=50)
    filters: dict[str, Any] = FILTERS


class SearchBody(BaseModel):
    """What to look for and how many passages to bring."""

    question: str = Field(max_length=200_000)
    top: int = Field(default=10, ge=1, le=100)
    filters: dict[str, Any] = FILTERS


def mount(app: FastAPI, assistant: Answerer) -> None:
    """Add the addresses below /api/v1/ that programs use; each shows what its visitor may see."""
    _add_questions(app, assistant)
    _add_pages(app, assistant)


def _add_questions(app: FastAPI, assistant: Answerer) -> None:
    def seen(visitor: Visitor) -> Answerer:
        return assistant.seen_by(visitor.person.role)

    @app.post("/api/v1/ask", summary="Answer a question with citations")
    def ask(body: AskBody, visitor: Here) -> dict[str, Any]:
        history = tuple(Turn(turn.question, turn.answer) for turn in body.history)
        return answer_json(seen(visitor).ask(Question(body.question, str(body.id), history, body.filters)))

    @app.post("/api/v1/search", summary="Ranked passages, no answer")
    def search(body: SearchBody, visitor: Here) -> dict[str, Any]:
        return search_json(seen(visitor).search(Question(body.question, filters=body.filters), body.top))

    @app.get("/api/v1/documents", summary="The library, one entry per file")
    def documents(visitor: Here) -> list[dict[str, Any]]:
        return documents_json(seen(visitor).documents())


def _add_pages(app: FastAPI, assistant: Answerer) -> None:
    # Documents are looked up by name in the live generation, never as paths: a name with ../ is simply not there.
    @app.get("/api/v1/pages/{document:path}/{page}.png", summary="The picture of a page", response_class=Response)
    def picture(
        visitor: Here,
        document: str,
        page: int,
        width: Annotated[int, Query(ge=PICTURE_WIDTHS[0], le=PICTURE_WIDTHS[1])] = 900,
        boxes: Annotated[
            str, Query(max_length=BOXES * 40, description="page,x0,top,x1,bottom in points, ';' between")
        ] = "",
    ) -> Response:
        marked = [box[1:] for box in _boxes(boxes) if int(box[0]) == page]
        seen = assistant.seen_by(visitor.person.role)
        png = seen.page_picture(document, page, width)
        if marked:
            png = highlighted(png, marked, seen.page_size(document, page), width)
        return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})

    @app.get("/api/v1/files/{document:path}", summary="The PDF itself", response_class=FileResponse)
    def file(visitor: Here, document: str) -> FileResponse:
        path = assistant.seen_by(visitor.person.role).pdf_path(document)
        return FileResponse(path, media_type="application/pdf", content_disposition_type="inline")


def _boxes(text: str) -> list[tuple[float, float, float, float, float]]:
    try:
        boxes = [tuple(float(value) for value in box.split(",")) for box in text.split(";") if box]
        if len(boxes) > BOXES or any(len(box) != 5 or not all(map(math.isfinite, box)) for box in boxes):
            raise ValueError(text)
    except ValueError:
        raise UsageError(
            f"boxes is up to {BOXES} times page,x0,top,x1,bottom in points with ';' between them."
        ) from None
    return [(box[0], box[1], box[2], box[3], box[4]) for box in boxes]
