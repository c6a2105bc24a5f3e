"""The register as a page: filters, a heat map of what each document holds, a table to sort, and downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, FastAPI, Query, Response
from fastapi.responses import HTMLResponse

from assistant.answering.citations import boxes
from assistant.answering.register import LISTED, NAMES, PLURALS, Register
from assistant.errors import UsageError
from assistant.faces.export import EXPORTERS, MEDIA_TYPES, export, named, untitled
from assistant.faces.pages import visitors
from assistant.faces.pages.visitors import Visitor
from assistant.faces.rendering import plain
from assistant.faces.seams import Registry
from assistant.records import Finding

STYLE = Path(__file__).with_name("register.css")
SCRIPT = Path(__file__).with_name("register.js")
COLUMNS = ("Kind", "No.", "Finding", "Addressee", "Projects", "Document", "Page")
FIELDS = {"addressee": "Addressee", "document": "Document", "project": "Project", "year": "Year", "words": "Words"}
SHOWN = 500  # rows of the table; the downloads hold all
EXCERPT = 320  # characters of an entry's text below its title
PICTURE = 1000  # pixels; the width of the page that a row opens
SHADES = 5

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
    words: Text = "",
) -> Filters:
    """The filters of an address, those that are empty left out."""
    values = (kind, addressee, document, project, criterion, year, words)
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
        note, seen = "", assistant.seen_by(visitor.person.role)
        try:
            found = seen.register(filters)
        except UsageError as error:
            note, filters = str(error), {}
            found = seen.register(filters)
        return HTMLResponse(html(found, seen.finding_counts(), filters, note))


def html(found: Register, counts: Mapping[str, Mapping[str, int]], filters: Filters, note: str = "") -> str:
    """The whole page. counts is of all entries by document and kind; note tells of a filter that was not usable."""
    told = f'<p class="note" role="status">{plain(note)}</p>' if note else ""
    more = f"<p>The first {SHOWN} are shown; the downloads hold all.</p>" if len(found.entries) > SHOWN else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Register of findings</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE.read_text('utf-8')}</style></head><body>"
        '<header><nav><a href="./">Ask</a> <a href="register" aria-current="page">Register</a></nav>'
        "<h1>Register of findings</h1></header><main>"
        f"{_heat_map(counts, filters)}{told}{_form(filters)}"
        f'<p class="covers">{plain(found.sentence())}</p>{_downloads(filters)}'
        f"{_table(found)}{more}"
        '</main><dialog><button type="button" class="close">Close</button><p class="where"></p><img alt=""></dialog>'
        f"<script>{SCRIPT.read_text('utf-8')}</script></body></html>"
    )


def _heat_map(counts: Mapping[str, Mapping[str, int]], filters: Filters) -> str:
    """How many entries of each kind each document has, the more the darker; each number filters the table."""
    most = max((count for row in counts.values() for count in row.values()), default=0) or 1
    head = "".join(f'<th scope="col">{plain(PLURALS[kind])}</th>' for kind in LISTED)
    rows = ""
    for document, row in counts.items():
        cells = ""
        for kind in LISTED:
            count = row.get(str(kind), 0)
            shade = -(-SHADES * count // most)
            link = (
                f'<a href="register?{plain(urlencode({"document": document, "kind": kind}))}">{count}</a>'
                if count
                else "·"
            )
            cells += f'<td class="heat{shade}">{link}</td>'
        address = plain(urlencode({"document": document}))
        rows += f'<tr><th scope="row"><a href="register?{address}">{plain(document)}</a></th>{cells}</tr>'
    return (
        '<details class="heat"' + (" open" if not filters else "") + "><summary>What each document holds</summary>"
        f'<div class="wide"><table><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _form(filters: Filters) -> str:
    options = "".join(
        f'<option value="{kind}"{" selected" * (filters.get("kind") == kind)}>{plain(PLURALS[kind])}</option>'
        for kind in LISTED
    )
    fields = "".join(
        f'<label>{label}<input name="{name}" value="{plain(filters.get(name, ""))}"></label>'
        for name, label in FIELDS.items()
    )
    return (
        '<form action="register"><label>Kind<select name="kind"><option value="">all</option>'
        f"{options}</select></label>"
        f'{fields}<button>Filter</button> <a href="register">Clear</a></form>'
    )


def _downloads(filters: Filters) -> str:
    links = " ".join(
        f'<a href="api/v1/register?{plain(urlencode({**filters, "format": form}))}">{form}</a>'
        for form in EXPORTERS
        if form != "table"
    )
    return f'<p class="downloads">Download: {links}</p>'


def _table(found: Register) -> str:
    head = "".join(f'<th scope="col"><button type="button">{name}</button></th>' for name in COLUMNS)
    rows = "".join(_row(each, found.titles[each.document]) for each in found.entries[:SHOWN])
    return f'<div class="wide"><table class="entries"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(each: Finding, title: str) -> str:
    text = untitled(each)
    excerpt = text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …"
    also = f'<p class="also">also in {len(each.also_in)} other {"place" if len(each.also_in) == 1 else "places"}</p>'
    cells: Sequence[Any] = (
        plain(str(each.kind).replace("_", " ")),
        plain(each.number),
        f"<strong>{plain(named(each).removeprefix(each.number).strip())}</strong><p>{plain(excerpt)}</p>"
        + (also if each.also_in else ""),
        plain(each.addressee),
        plain(", ".join(each.projects)),
        plain(title),
        f'<button type="button" class="open">p. {each.page}</button>',
    )
    marked = ";".join(",".join(f"{value:g}" for value in box) for box in boxes(each.spans))
    picture = f"api/v1/pages/{quote(each.document, safe='/')}/{each.page}.png?" + urlencode(
        {"width": PICTURE, "boxes": marked}
    )
    where = f"{title}, page {each.page}"
    inside = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr data-picture="{plain(picture)}" data-where="{plain(where)}">{inside}</tr>'
