"""The search page: passages nearest to a question, for people who read for themselves and take some of them along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query
from fastapi.responses import HTMLResponse

from assistant.answering.citations import boxes
from assistant.errors import UsageError
from assistant.faces.exporting.files import FORMAT_NAMES
from assistant.faces.exporting.formats import FORMATS
from assistant.faces.pages import choices, pictures, shell
from assistant.faces.rendering import plain
from assistant.faces.seams import Answerer, Found
from assistant.faces.texts import Texts
from assistant.faces.web import visitors
from assistant.faces.web.shelf import searchable
from assistant.faces.web.visitors import Visitor
from assistant.records import Hit, Kind, Question
from assistant.understanding.printed import SECTION_BREAK

COUNTS = (10, 20, 50, 100)

Text = Annotated[str, Query(max_length=200)]
Here = Annotated[Visitor, Depends(visitors.visitor)]


def mount(app: FastAPI, assistant: Answerer) -> None:
    """Add the page at /search; its address holds the whole search."""

    @app.get("/search", response_class=HTMLResponse, include_in_schema=False)
    def page(
        visitor: Here,
        filters: Annotated[dict[str, str], Depends(chosen)],
        question: Annotated[str, Query(max_length=20_000)] = "",
        document: Annotated[list[str], Query(max_length=1000)] = [],  # noqa: B006 (FastAPI copies it)
        top: Annotated[int, Query(ge=1, le=100)] = COUNTS[1],
    ) -> HTMLResponse:
        seen, words = assistant.seen_by(visitor.person.role), visitor.texts
        rows = searchable(seen.documents())
        wanted = choices.typed(document)
        body = f'<p class="lead">{plain(words("search.lead"))}</p>'
        body += _form(words, rows, question, wanted, filters, top)
        if question.strip():
            documents = [row.document for row in choices.named(wanted, rows)] or wanted
            asked = Question(question, filters=filters | ({"document": documents} if documents else {}))
            try:
                body += results(visitor, question, seen.search(asked, top))
            except UsageError as error:
                body += f'<p class="note warn" role="status">{plain(str(error))}</p>'
        return shell.page(visitor, "search", words("search.title"), body, "search")


def chosen(kind: Text = "", project: Text = "", year: Text = "", type: Text = "") -> dict[str, str]:
    """The filters of an address, those that are empty left out."""
    values = {"kind": kind, "project": project, "year": year, "type": type}
    return {name: value for name, value in values.items() if value.strip()}


def results(visitor: Visitor, question: str, found: Found) -> str:
    """The passages, each to be selected, and below them what the selected ones can be exported as."""
    words = visitor.texts
    understood = found.question.strip()
    said = ""
    if understood != question.strip():
        said = f'<p class="note">{plain(words("search.understood"))} <strong>{plain(understood)}</strong></p>'
    if not found.passages:
        return f'{said}<p class="note" role="status">{plain(words("search.nothing"))}</p>'
    passages = "".join(_passage(visitor, number, hit) for number, hit in enumerate(found.passages, 1))
    buttons = "".join(f'<button name="format" value="{form}">{FORMAT_NAMES[form]}</button>' for form in FORMATS)
    return (
        f"<h2>{plain(words('search.found', count=len(found.passages)))}</h2>{said}"
        f'<p class="note">{plain(words("search.nearest"))}</p>'
        f'<form method="post" action="export" class="results">'
        f'<input type="hidden" name="question" value="{plain(understood)}">'
        f'<label class="every" hidden><input type="checkbox"> {plain(words("search.every"))}</label>'
        f"<ol>{passages}</ol>"
        f'<div class="selection" role="group" aria-label="{plain(words("search.selection"))}">'
        f'<span class="count" role="status" data-count="{plain(words("search.count"))}">'
        f"{plain(words('search.selection'))}</span> {buttons}</div></form>"
    )


def _passage(visitor: Visitor, number: int, hit: Hit) -> str:
    words, passage = visitor.texts, hit.passage
    page = pictures.printed(visitor, passage.page, hit.page_label)
    place = [words(f"kinds.{passage.kind}"), words("search.page", page=page)]
    section = [passage.section.replace(SECTION_BREAK, " › ")] if passage.section else []
    context = f'<p class="soft">{plain(passage.context)}</p>' if passage.context else ""
    shown = pictures.link(
        visitor,
        passage.document,
        hit.title,
        passage.page,
        boxes(passage.spans),
        hit.page_label,
        words("picture.show", page=page),
    )
    return (
        f'<li class="card"><h3><label><input type="checkbox" name="passage" value="{plain(passage.id)}"> '
        f'<span title="{plain(passage.document)}">{number}. {plain(hit.title or passage.document)}</span></label></h3>'
        f'<p class="soft">{plain(" · ".join([*place, *section]))}</p>{context}'
        f"<blockquote>{plain(passage.text)}</blockquote>"
        f'<p class="actions">{shown}<a href="{pictures.pdf(visitor, passage.document, passage.page)}" target="_blank" '
        f'rel="noopener">{plain(words("search.pdf", page=passage.page))}</a></p></li>'
    )


def _form(
    words: Texts, rows: Sequence[Any], question: str, wanted: Sequence[str], filters: Mapping[str, str], top: int
) -> str:
    counts = "".join(f"<option{' selected' * (count == top)}>{count}</option>" for count in sorted({*COUNTS, top}))
    count = len(filters) + len(wanted)
    summary = words("search.narrowed", count=count) if count else words("search.narrow")
    return (
        f'<form action="search" role="search" class="asking"><div class="fields">'
        f'<label class="question">{plain(words("search.question"))}<input type="search" name="question" '
        f'value="{plain(question)}" required{"" if question else " autofocus"}></label>'
        f'<button class="primary">{plain(words("nav.search"))}</button></div>'
        f"<details><summary>{plain(summary)}</summary>"
        f'<div class="fields">{choices.kinds(words, Kind, filters.get("kind", ""))}'
        f"{choices.facets(words, rows, filters)}"
        f'<label>{plain(words("search.top"))}<select name="top">{counts}</select></label></div>'
        f"{choices.documents(words, rows, wanted, words('choices.documents'))}</details></form>"
    )
