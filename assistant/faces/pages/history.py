"""What a visitor has asked: their conversations, newest first, to open, take away or delete; for curators, the gaps."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.faces.exporting.dossiers import of_answers
from assistant.faces.pages import shell
from assistant.faces.pages.answers import Guest, absent, file, private, rows, sight
from assistant.faces.pages.article import article, downloads, moment
from assistant.faces.rendering import plain
from assistant.faces.seams import Answerer
from assistant.faces.web import visitors
from assistant.faces.web.visitors import Visitor
from assistant.records import Role
from assistant.staff.conversations import Conversations, Gap, Kept, Talk

WHICH = ("all", "refused", "marked_down")
"""What the list of gaps can be narrowed to."""


def mount(app: FastAPI, assistant: Answerer, kept: Conversations) -> None:
    """Add /history and what can be done there, /conversations/{id}.{format}, and /gaps for curators."""

    def own(talk: str, visitor: Visitor) -> list[Kept | None]:
        """The answers of a visitor's own conversation; None for one that they may not see any more."""
        return [*map(sight(assistant, visitor), kept.answers(talk, visitor.person.name))]

    @app.get("/conversations/{talk}.{form}", include_in_schema=False)
    def download(talk: str, form: str, visitor: Guest) -> Response:
        answers = [each for each in own(talk, visitor) if each]
        if not answers:
            return absent(visitor)
        return file(of_answers(answers[0].question, answers, rows(assistant, visitor), visitor.texts), form)

    @app.get("/history", include_in_schema=False)
    def page(visitor: Guest) -> HTMLResponse:
        body = _list(kept.of(visitor.person.name), visitor)
        return private(shell.page(visitor, "history", visitor.texts("history.title"), body, "answers"))

    @app.get("/history/delete", include_in_schema=False)
    def ask_all(visitor: Guest) -> HTMLResponse:
        return _confirmation(visitor, visitor.texts("history.sure_all"), "history/delete", "history")

    @app.post("/history/delete", include_in_schema=False)
    def delete_all(visitor: Guest) -> RedirectResponse:
        kept.delete_all(visitor.person.name)
        return RedirectResponse("../history", 303)

    @app.get("/history/{talk}", include_in_schema=False)
    def opened(talk: str, visitor: Guest) -> HTMLResponse:
        answers = own(talk, visitor)
        if not answers:
            return absent(visitor)
        body = _conversation(talk, answers, visitor, assistant)
        return private(shell.page(visitor, "history", visitor.texts("history.conversation"), body, "answers"))

    @app.get("/history/{talk}/delete", include_in_schema=False)
    def ask_one(talk: str, visitor: Guest) -> HTMLResponse:
        found = next((each for each in kept.of(visitor.person.name) if each.id == talk), None)
        if found is None:
            return absent(visitor)
        sure = visitor.texts("history.sure_one", title=found.title)
        return _confirmation(visitor, sure, f"history/{talk}/delete", f"history/{talk}")

    @app.post("/history/{talk}/delete", include_in_schema=False)
    def delete_one(talk: str, visitor: Guest) -> RedirectResponse:
        kept.delete(talk, visitor.person.name)
        return RedirectResponse("../../history", 303)

    @app.get("/gaps", include_in_schema=False)
    def gaps(visitor: Annotated[Visitor, Depends(visitors.curator)], which: str = "all") -> HTMLResponse:
        body = _gaps(kept.gaps(), which if which in WHICH else "all", visitor)
        return private(shell.page(visitor, "", visitor.texts("gaps.title"), body, "answers"))


def _list(talks: tuple[Talk, ...], visitor: Visitor) -> str:
    words = visitor.texts
    to_gaps = f'<p><a href="gaps">{plain(words("gaps.title"))}</a></p>' if visitor.person.role is Role.CURATOR else ""
    if not talks:
        return f'<p class="lead">{plain(words("history.none"))}</p>{to_gaps}'
    entries = "".join(
        f'<li class="card talk"><div><h2><a href="history/{each.id}">{plain(each.title)}</a></h2><p class="soft">'
        f"{moment(each.latest_at)} · {plain(words('history.answers', count=each.answers))}</p></div>"
        f'<a class="button" href="history/{each.id}/delete" '
        f'aria-label="{plain(words("history.delete_named", title=each.title))}">'
        f"{plain(words('history.delete'))}</a></li>"
        for each in talks
    )
    return (
        f'<p class="lead">{plain(words("history.lead"))}</p>{to_gaps}<ul class="talks">{entries}</ul>'
        f'<p><a class="button" href="history/delete">{plain(words("history.delete_all"))}</a></p>'
    )


def _conversation(talk: str, answers: list[Kept | None], visitor: Visitor, assistant: Answerer) -> str:
    words, known, now = visitor.texts, rows(assistant, visitor), assistant.generation
    shown = "".join(
        f'<section class="turn"><h2>{plain(each.question)}</h2>{article(each, known, now, visitor)}'
        f'<p><a href="{visitor.root}answers/{each.id}">{plain(words("history.address"))}</a></p></section>'
        if each
        else f'<p class="note">{plain(words("answers.absent"))}</p>'
        for each in answers
    )
    sources = any(each.answer["citations"] for each in answers if each)
    whole = f"<h2>{plain(words('history.whole'))}</h2>{downloads(f'conversations/{talk}', visitor, sources=sources)}"
    delete = f'<a class="button" href="{visitor.root}history/{talk}/delete">{plain(words("history.delete"))}</a>'
    back = f'<p><a href="{visitor.root}history">{plain(words("history.back"))}</a></p>'
    return f"{back}{shown}<section>{whole}<p>{delete}</p></section>"


def _confirmation(visitor: Visitor, sure: str, action: str, back: str) -> HTMLResponse:
    words = visitor.texts
    body = (
        f'<p class="note warn">{plain(sure)}</p><form class="actions" method="post" action="{visitor.root}{action}">'
        f'<button class="danger">{plain(words("history.delete"))}</button>'
        f'<a class="button" href="{visitor.root}{back}">{plain(words("history.keep"))}</a></form>'
    )
    return private(shell.page(visitor, "history", words("history.sure_title"), body, "answers"))


def _gaps(gaps: tuple[Gap, ...], which: str, visitor: Visitor) -> str:
    words = visitor.texts
    links = "".join(
        f'<a class="button" href="gaps?which={name}"{" aria-current=true" if name == which else ""}>'
        f"{plain(words(f'gaps.{name}'))}</a>"
        for name in WHICH
    )
    wanted = [gap for gap in gaps if which == "all" or getattr(gap, which)]
    entries = "".join(_gap(gap, visitor) for gap in wanted) or f"<li>{plain(words('gaps.none'))}</li>"
    narrowed = f'<nav class="actions" aria-label="{plain(words("gaps.filter"))}">{links}</nav>'
    return f'<p class="lead">{plain(words("gaps.lead"))}</p>{narrowed}<ul class="talks">{entries}</ul>'


def _gap(gap: Gap, visitor: Visitor) -> str:
    words = visitor.texts
    why = [words("gaps.is_refused")] if gap.refused else []
    why += [words("gaps.is_marked_down")] if gap.marked_down else []
    comments = "".join(f"<blockquote>{plain(mark.comment)}</blockquote>" for mark in gap.marks if mark.comment)
    return (
        f'<li class="card talk"><div><h2><a href="answers/{gap.kept.id}">{plain(gap.kept.question)}</a></h2>'
        f'<p class="soft">{moment(gap.kept.asked_at)} · {plain(", ".join(why))}</p>{comments}</li>'
    )
