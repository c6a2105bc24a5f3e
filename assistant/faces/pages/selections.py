"""Chosen passages as a file: the pages send their ids, the words are looked up again for who asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import FastAPI, Form, Response
from pydantic import BaseModel, Field

from assistant.errors import UsageError
from assistant.faces.exporting.dossiers import of_passages
from assistant.faces.pages.answers import Guest, file, rows
from assistant.faces.seams import Answerer
from assistant.faces.web.visitors import Visitor

PASSAGES = 500
"""A person chooses some; who wants all takes the register."""
QUESTION_CHARACTERS = 20_000


class Choice(BaseModel):
    """One passage; what else a client says of it is not looked at."""

    passage_id: str = Field(max_length=200)


class ExportBody(BaseModel):
    """Which passages, for which question, in which format."""

    excerpts: list[Choice] = Field(min_length=1, max_length=PASSAGES)
    question: str = Field(default="", max_length=QUESTION_CHARACTERS)
    format: str = Field(default="docx", max_length=20)


def mount(app: FastAPI, assistant: Answerer) -> None:
    """Add POST /export, which takes a form of a page, and POST /api/v1/export, which takes JSON."""

    def made(passages: list[str], question: str, form: str, visitor: Visitor) -> Response:
        wanted = list(dict.fromkeys(passages))
        library = assistant.seen_by(visitor.person.role)
        quotes = library.quotes(wanted)
        if not quotes:
            raise UsageError(
                "None of the chosen passages can be quoted from the library. Search again and choose anew."
            )
        lost = len(set(wanted) - {quote.passage_id for quote in quotes})
        return file(
            of_passages(question.strip(), quotes, lost, library.generation, rows(assistant, visitor), visitor.texts),
            form,
        )

    @app.post("/api/v1/export", summary="Chosen passages as a file", response_class=Response)
    def export(body: ExportBody, visitor: Guest) -> Response:
        return made([each.passage_id for each in body.excerpts], body.question, body.format, visitor)

    @app.post("/export", include_in_schema=False)
    def export_form(
        visitor: Guest,
        passage: Annotated[list[str], Form(max_length=PASSAGES)],
        form: Annotated[str, Form(alias="format", max_length=20)] = "docx",
        question: Annotated[str, Form(max_length=QUESTION_CHARACTERS)] = "",
    ) -> Response:
        return made(passage, question, form, visitor)
