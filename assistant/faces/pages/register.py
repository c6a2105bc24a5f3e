"""The register as a page: filters, a heat map of what each document holds, a table to sort, and downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Query, Response
from fastapi.responses import HTMLResponse

from assistant.answering.citations import boxes
from assistant.answering.register import LISTED, NAMES, Register
from assistant.errors import UsageError
from assistant.faces.exporting.files import FORMAT_NAMES, MEDIA_TYPES
from assistant.faces.exporting.register import EXPORTERS, export, named, untitled
from assistant.faces.pages import choices, pictures, shell
from assistant.faces.rendering import plain
from assistant.faces.seams import Registry
from assistant.faces.texts import Texts
from assistant.faces.web import visitors
from assistant.faces.web.shelf import searchable
from assistant.faces.web.visitors import Visitor
from assistant.records import Finding

COLUMNS = ("kind", "number", "finding", "addressee", "projects", "document", "page")
TYPED = ("addressee", "document", "criterion", "words")
"""Filters that are typed; the others are chosen from lists."""
SHOWN = 500  # rows of the table; the downloads hold all
EXCERPT = 320  # characters of an entry's text below its title
SHADES = 5
UNTOLD = 6  # documents; more than this without an entry are counted, not named

Text = Annotated[str, Query(max_length=200)]
Filters = dict[str, str]
Here = Annotated[Visitor, Depends(visitors.visitor)]


def chosen(
    kind: Text = "",
    addressee: Text = "",
    document: Annotated[str, Query(max_length=1000)] = "",
    project: Text = "",
    criterion: Text = "",
    year: Text = "",
    type: Text = "",
    words: Text = "",
) -> Filters:
    """The filters of an address, those that are empty left out."""
    values = (kind, addressee, document, project, criterion, year, type, words)
    return {name: value for name, value in zip(NAMES, values, strict=True) if value.strip()}


def mount(app: FastAPI, assistant: Registry) -> None:
    """Add the page at /register and the register itself at /api/v1/register."""

    @app.get("/api/v1/register", summary="Every labelled finding, filtered", response_class=Response)
    def register(
        visitor: Here,
        filters: Annotated[Filters, Depends(chosen)],
        form: Annotated[str, Query(alias="format")] = "json",
    ) -> Response:
        made = export(assistant.seen_by(visitor.person.role).register(filters), form)
        file = (
            {"Content-Disposition": f'attachment; filename="register.{form}"'} if form not in ("json", "table") else {}
        )
        return Response(made, media_type=MEDIA_TYPES[form], headers=file)

    @app.get("/register", response_class=HTMLResponse, include_in_schema=False)
    def page(visitor: Here, filters: Annotated[Filters, Depends(chosen)]) -> HTMLResponse:
        seen, note = assistant.seen_by(visitor.person.role), ""
        try:
            found = seen.register(filters)
        except UsageError as error:
            note, filters = f'<p class="note warn" role="status">{plain(str(error))}</p>', {}
            found = seen.register(filters)
        rows = searchable(seen.documents())
        titles = {row.document: row.title or row.document for row in rows}
        body = (
            f'<p class="lead">{plain(visitor.texts("register.lead"))}</p>'
            + _heat_map(visitor.texts, seen.finding_counts(), titles, filters)
            + note
            + _form(visitor.texts, rows, filters)
            + (_found(visitor, found, titles, filters) if found.entries else _nothing(visitor.texts, filters))
        )
        return shell.page(visitor, "register", visitor.texts("register.title"), body, "register")


def covers(words: Texts, found: Register, titles: Mapping[str, str]) -> str:
    """What the list covers, in a sentence: '31 recommendations in 4 of 5 documents; none labelled in …'."""
    cover = found.coverage
    kind = cover.kinds[0] if len(cover.kinds) == 1 else "finding"
    counted = words(f"{'kinds' if cover.entries == 1 else 'plurals'}.{kind}").lower()
    searched = words("register.documents" if cover.documents_searched != 1 else "register.document_one")
    said = words("register.counted", count=cover.entries, what=counted)
    if found.places > cover.entries:
        said += words("register.places", count=found.places)
    said += words("register.of", count=cover.with_entries, searched=cover.documents_searched, documents=searched)
    silent = [name for name in cover.without if name not in found.unfitting]
    for name, without in (("register.silent", silent), ("register.unfitting", found.unfitting)):
        if without:
            shown = ", ".join(titles.get(each, each) for each in without[:UNTOLD])
            more = words("register.more", count=len(without) - UNTOLD) if len(without) > UNTOLD else ""
            said += words(name, documents=shown + more)
    return f"{said}."


def _heat_map(
    words: Texts, counts: Mapping[str, Mapping[str, int]], titles: Mapping[str, str], filters: Filters
) -> str:
    """How many entries of each kind each document has, the more the darker; each number filters the table."""
    most = max((count for row in counts.values() for count in row.values()), default=0) or 1
    head = "".join(f'<th scope="col">{plain(words(f"plurals.{kind}"))}</th>' for kind in LISTED)
    rows = ""
    for document, row in counts.items():
        cells = ""
        for kind in LISTED:
            count = row.get(str(kind), 0)
            address = plain(urlencode({"document": document, "kind": kind}))
            link = f'<a href="register?{address}">{count}</a>' if count else "·"
            cells += f'<td class="heat{-(-SHADES * count // most)}">{link}</td>'
        link = f'<a href="register?{plain(urlencode({"document": document}))}" title="{plain(document)}">'
        rows += f'<tr><th scope="row">{link}{plain(titles.get(document, document))}</a></th>{cells}</tr>'
    summary = plain(words("register.heat"))
    return (
        f'<details class="heat"{"" if filters else " open"}><summary>{summary}</summary>'
        f'<div class="wide" tabindex="0" role="region" aria-label="{summary}"><table><thead><tr>'
        f"<td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _form(words: Texts, rows: Sequence[Any], filters: Filters) -> str:
    typed = "".join(
        f'<label>{plain(words(f"choices.{name}"))}<input name="{name}" value="{plain(filters.get(name, ""))}"></label>'
        for name in TYPED
    )
    clear = f'<a class="button" href="register">{plain(words("choices.clear"))}</a>'
    return (
        f'<form action="register" class="fields" role="search">'
        f"{choices.kinds(words, LISTED, filters.get('kind', ''))}{choices.facets(words, rows, filters)}{typed}"
        f'<button class="primary">{plain(words("choices.filter"))}</button>'
        f"{clear if filters else ''}</form>"
    )


def _downloads(words: Texts, filters: Filters) -> str:
    links = " ".join(
        f'<a href="api/v1/register?{plain(urlencode({**filters, "format": form}))}">{FORMAT_NAMES[form]}</a>'
        for form in EXPORTERS
        if form != "table"
    )
    return f'<p class="downloads">{plain(words("register.download"))} {links}</p>'


def _nothing(words: Texts, filters: Filters) -> str:
    said = words("register.nothing" if filters else "register.empty")
    return f'<p class="note" role="status">{plain(said)}</p>'


def _found(visitor: Visitor, found: Register, titles: Mapping[str, str], filters: Filters) -> str:
    words = visitor.texts
    said = f'<p class="covers" role="status">{plain(covers(words, found, titles))}</p>'
    return said + _downloads(words, filters) + _table(visitor, found)


def _table(visitor: Visitor, found: Register) -> str:
    words = visitor.texts
    head = "".join(
        f'<th scope="col"><button type="button">{plain(words(f"columns.{name}"))}</button></th>' for name in COLUMNS
    )
    rows = "".join(_row(visitor, each, found.titles[each.document]) for each in found.entries[:SHOWN])
    more = f"<p>{plain(words('register.shown', count=SHOWN))}</p>" if len(found.entries) > SHOWN else ""
    label = plain(words("register.title"))
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{label}"><table class="entries">'
        f'<thead><tr data-sort="{plain(words("register.sort"))}">{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def _row(visitor: Visitor, each: Finding, title: str) -> str:
    words, text = visitor.texts, untitled(each)
    excerpt = text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …"
    also = words("register.also" if len(each.also_in) > 1 else "register.also_one", count=len(each.also_in))
    cells = (
        plain(words(f"kinds.{each.kind}")),
        plain(each.number),
        f"<strong>{plain(named(each).removeprefix(each.number).strip())}</strong><p>{plain(excerpt)}</p>"
        + (f'<p class="also">{plain(also)}</p>' if each.also_in else ""),
        plain(each.addressee),
        plain(", ".join(each.projects)),
        f'<span title="{plain(each.document)}">{plain(title)}</span>',
        pictures.link(visitor, each.document, title, each.page, boxes(each.spans)),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
