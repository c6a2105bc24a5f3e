"""The compare page: up to ten questions by up to twenty documents, each cell the best quote of that document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form, Query, Response
from fastapi.responses import JSONResponse, RedirectResponse

from assistant.faces.exporting.files import MEDIA_TYPES, disposition
from assistant.faces.pages import choices, shell
from assistant.faces.pages.comparing import exporters
from assistant.faces.pages.comparing.comparisons import Comparisons
from assistant.faces.pages.comparing.matrix import cell, link, matrix
from assistant.faces.rendering import plain
from assistant.faces.seams import Answerer
from assistant.faces.web import visitors
from assistant.faces.web.shelf import searchable
from assistant.faces.web.visitors import Visitor

QUESTIONS = 10
DOCUMENTS = 20

Here = Annotated[Visitor, Depends(visitors.visitor)]
Typed = Annotated[str, Form(max_length=100_000)]
Chosen = Annotated[list[str], Form(max_length=1000)]


def mount(app: FastAPI, assistant: Answerer) -> None:
    """Add the form at /compare and each comparison at /compare/{name}, which its owner alone finds."""
    comparisons = Comparisons()

    @app.get("/compare", include_in_schema=False)
    def form(
        visitor: Here,
        questions: Annotated[str, Query(max_length=100_000)] = "",
        document: Annotated[list[str], Query(max_length=1000)] = [],  # noqa: B006 (FastAPI copies it)
    ) -> Response:
        earlier = "".join(f"<li>{link(visitor, each)}</li>" for each in comparisons.of(owner(visitor)))
        heading = plain(visitor.texts("compare.earlier"))
        body = _form(visitor, _rows(assistant, visitor), questions, choices.typed(document))
        return _page(visitor, body + (f"<h2>{heading}</h2><ul>{earlier}</ul>" if earlier else ""))

    @app.post("/compare", include_in_schema=False)
    def start(visitor: Here, questions: Typed = "", document: Chosen = []) -> Response:  # noqa: B006
        rows, typed = _rows(assistant, visitor), choices.typed(document)
        asked = tuple(dict.fromkeys(line.strip() for line in questions.splitlines() if line.strip()))
        documents = tuple((row.document, row.title or row.document) for row in choices.named(typed, rows))
        if mistake := _mistake(visitor, len(asked), len(documents)):
            note = f'<p class="note warn" role="alert">{plain(mistake)}</p>'
            return _page(visitor, note + _form(visitor, rows, questions, typed), 400)
        ask = assistant.seen_by(visitor.person.role).ask
        return RedirectResponse(f"compare/{comparisons.start(owner(visitor), asked, documents, ask).name}", 303)

    @app.get("/compare/{name}", include_in_schema=False)
    def show(visitor: Here, name: str) -> Response:
        found = comparisons.find(name, owner(visitor))
        return _page(visitor, matrix(visitor, found), script=True) if found else _gone(visitor)

    @app.get("/compare/{name}/progress", include_in_schema=False)
    def progress(visitor: Here, name: str, since: Annotated[int, Query(ge=0)] = 0) -> Response:
        found = comparisons.find(name, owner(visitor))
        if not found:
            return JSONResponse({"error": visitor.texts("compare.gone")}, 404)
        finished, cells = found.finished, list(found.cells.items())
        # The cells go into the page of the comparison, so their links lead from there.
        there = replace(visitor, address=f"compare/{name}")
        filled = [{"cell": f"cell-{r}-{c}", "html": cell(there, found, r, c)} for (r, c), _ in cells[since:]]
        return JSONResponse({"done": len(cells), "finished": finished, "cells": filled})

    @app.post("/compare/{name}/cancel", include_in_schema=False)
    def cancel(visitor: Here, name: str) -> Response:
        found = comparisons.find(name, owner(visitor))
        if not found:
            return _gone(visitor)
        found.cancelled = True
        return RedirectResponse(f"../{name}", 303)

    @app.get("/compare/{name}/export", include_in_schema=False)
    def export(visitor: Here, name: str, form: Annotated[str, Query(alias="format")]) -> Response:
        found = comparisons.find(name, owner(visitor))
        if not found:
            return _gone(visitor)
        made = exporters.export(found, visitor.texts, form)
        title = visitor.texts("compare.title")
        return Response(made, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": disposition(title, form)})


def owner(visitor: Visitor) -> str:
    """Whose a comparison is. Who becomes a reader does not see any more what they have compared as a curator."""
    return f"{visitor.person.role} {visitor.person.name}"


def _rows(assistant: Answerer, visitor: Visitor) -> Sequence[Any]:
    return searchable(assistant.seen_by(visitor.person.role).documents())


def _page(visitor: Visitor, body: str, status: int = 200, script: bool = False) -> Response:
    title = visitor.texts("compare.title")
    return shell.page(visitor, "compare", title, body, "comparing/page" if script else "comparing/form", status)


def _gone(visitor: Visitor) -> Response:
    words = visitor.texts
    again = f'<p><a href="{visitor.root}compare">{plain(words("compare.again"))}</a></p>'
    return _page(visitor, f'<p class="note warn">{plain(words("compare.gone"))}</p>{again}', 404)


def _mistake(visitor: Visitor, questions: int, documents: int) -> str:
    words = visitor.texts
    if not 1 <= questions <= QUESTIONS:
        return words("compare.questions_wrong", most=QUESTIONS, count=questions)
    if not 1 <= documents <= DOCUMENTS:
        return words("compare.documents_wrong", most=DOCUMENTS, count=documents)
    return ""


def _form(visitor: Visitor, rows: Sequence[Any], questions: str, chosen: Sequence[str]) -> str:
    words = visitor.texts
    label = plain(words("compare.questions", most=QUESTIONS))
    return (
        f'<p class="lead">{plain(words("compare.lead"))}</p>'
        f'<form method="post" action="{visitor.root}compare" class="comparing">'
        f'<label>{label}<textarea name="questions" rows="5" required placeholder="{plain(words("compare.example"))}">'
        f"{plain(questions)}</textarea></label>"
        f"{choices.documents(words, rows, chosen, words('compare.documents', most=DOCUMENTS))}"
        f'<p class="actions"><button class="primary">{plain(words("nav.compare"))}</button></p></form>'
    )
