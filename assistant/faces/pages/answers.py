"""A kept answer at its permanent address: shown as it was given, taken away in every format, marked by its readers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.faces.exporting.dossiers import Dossier, of_answers
from assistant.faces.exporting.files import MEDIA_TYPES, disposition
from assistant.faces.exporting.formats import export
from assistant.faces.pages import shell
from assistant.faces.pages.article import article
from assistant.faces.rendering import plain
from assistant.faces.seams import Answerer
from assistant.faces.web import visitors
from assistant.faces.web.shelf import known
from assistant.faces.web.visitors import Visitor
from assistant.records import Role
from assistant.staff.conversations import COMMENT_CHARACTERS, Conversations, Kept, Mark

Guest = Annotated[Visitor, Depends(visitors.visitor)]


def mount(app: FastAPI, assistant: Answerer, kept: Conversations) -> None:
    """Add /answers/{id}, its downloads /answers/{id}.{format}, and what its form sends."""

    @app.get("/answers/{token}.{form}", include_in_schema=False)
    def download(token: str, form: str, visitor: Guest) -> Response:
        found = sight(assistant, visitor)(kept.answer(token))
        if found is None:
            return absent(visitor)
        return file(of_answers(found.question, [found], rows(assistant, visitor), visitor.texts), form)

    @app.get("/answers/{token}", include_in_schema=False)
    def page(token: str, visitor: Guest, marked: str = "") -> HTMLResponse:
        found = sight(assistant, visitor)(kept.answer(token))
        if found is None:
            return absent(visitor)
        body = article(found, rows(assistant, visitor), assistant.generation, visitor)
        body += _marking(found, kept.mark_of(token, visitor.person.name), visitor, bool(marked))
        return private(shell.page(visitor, "", found.question, body, "answers"))

    @app.post("/answers/{token}/mark", include_in_schema=False)
    def mark(
        token: str, visitor: Guest, useful: Annotated[bool, Form()], comment: Annotated[str, Form()] = ""
    ) -> Response:
        if sight(assistant, visitor)(kept.answer(token)) is None:
            return absent(visitor)
        # Browsers send the ends of lines as CR LF and count them as one.
        kept.mark(token, visitor.person.name, useful, comment.replace("\r\n", "\n"))
        return RedirectResponse(f"../{token}?marked=1#mark", 303)


def rows(assistant: Answerer, visitor: Visitor) -> dict[str, Any]:
    """What the library says of each document that a visitor may see."""
    return known(assistant.seen_by(visitor.person.role).documents())


def sight(assistant: Answerer, visitor: Visitor) -> Callable[[Kept | None], Kept | None]:
    """What lets a kept answer through if the visitor may see every document that it names, and gives None otherwise.

    Whether documents that are gone could be seen by everybody is not known any more: an answer that shows one is let
    through to curators and to who asked for it.
    """
    if visitor.person.role is Role.CURATOR:
        return lambda found: found
    visible = rows(assistant, visitor)
    every = known(assistant.documents())
    hidden = _names(row for name, row in every.items() if name not in visible) - _names(visible.values())

    def seen(found: Kept | None) -> Kept | None:
        if found is None:
            return None
        words = _letters(json.dumps(found.answer, ensure_ascii=False))
        lost = cited(found.answer) - every.keys() and found.person != visitor.person.name
        return None if lost or any(name in words for name in hidden) else found

    return seen


def cited(contract: Mapping[str, Any]) -> set[str]:
    """The documents that an answer quotes or shows."""
    places = [*contract["citations"], *contract["passages"]]
    return {each["document"] for each in places} | {p["document"] for c in contract["citations"] for p in c["also_in"]}


def absent(visitor: Visitor) -> HTMLResponse:
    """What is said where there is nothing, and where there is something that the visitor may not see: the same."""
    words = visitor.texts
    body = f'<p class="note">{plain(words("answers.absent"))}</p>'
    return private(shell.page(visitor, "", words("answers.absent_title"), body, status=404))


def file(dossier: Dossier, form: str) -> Response:
    """A download. Raises UsageError as export() does."""
    made = export(dossier, form)
    headers = {"Content-Disposition": disposition(dossier.title, form), "Cache-Control": "no-store"}
    return Response(made, media_type=MEDIA_TYPES[form], headers=headers)


def private(reply: HTMLResponse) -> HTMLResponse:
    """A page that the browser keeps no copy of: what staff delete is gone there, too."""
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _names(documents: Iterable[Any]) -> set[str]:
    return {_letters(name) for row in documents for name in (row.document, row.title)} - {""}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _marking(found: Kept, mark: Mark | None, visitor: Visitor, marked: bool) -> str:
    """The form that asks whether the answer was of use, with what the visitor said before."""
    words = visitor.texts
    choices = "".join(
        f'<label><input type="radio" name="useful" value="{value}" required'
        f"{' checked' if mark and mark.useful == useful else ''}> {plain(words(f'answers.{name}'))}</label>"
        for value, useful, name in (("true", True, "useful"), ("false", False, "useless"))
    )
    said = f'<p class="note" role="status">{plain(words("answers.marked"))}</p>' if marked else ""
    return (
        f'<form id="mark" class="mark" method="post" action="{visitor.root}answers/{found.id}/mark">{said}'
        f"<fieldset><legend>{plain(words('answers.ask_useful'))}</legend>"
        f'<div class="choices">{choices}</div><label class="comment">{plain(words("answers.comment"))}'
        f'<textarea name="comment" rows="3" maxlength="{COMMENT_CHARACTERS}">{plain(mark.comment if mark else "")}'
        f"</textarea></label><button>{plain(words('answers.send'))}</button></fieldset></form>"
    )
