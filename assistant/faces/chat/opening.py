"""What stands on the Ask page before anything is asked: its head, the filters, examples and the library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from assistant.faces.chat.markup import counted
from assistant.faces.pages import shell
from assistant.faces.pages.choices import kind_name, type_name
from assistant.faces.rendering import plain
from assistant.faces.texts import Texts
from assistant.faces.web.visitors import Visitor
from assistant.records import Kind

LISTED = 12  # files that the page names before anything is asked; the rest is counted
TITLES = 500  # documents to choose from; beyond this a part of a title is typed
SPOKEN = ("page", "page_of", "marked", "not_shown", "copied", "not_copied", "thanks", "not_kept", "any_document")
"""The words that the page's own script says."""


def head(visitor: Visitor, searchable: Sequence[Any]) -> str:
    """The way to the other pages, the name of the product, what it does and how much it covers."""
    words = visitor.texts
    documents = counted(words, "documents", len(searchable))
    pages = counted(words, "pages", sum(row.pages for row in searchable))
    return (
        f'<a class="skip" href="#question">{plain(words("ask.skip"))}</a>'
        f'<header class="bar">{shell.bar(visitor, "ask")}</header>'
        f'<div class="masthead"><h1>{plain(words("ask.title"))}</h1><p>{plain(words("ask.about"))} '
        f'<span class="covers">{plain(words("ask.covers", documents=documents, pages=pages))}</span></p></div>'
        f"{_reader(words)}"
    )


def tools(words: Texts, searchable: Sequence[Any]) -> str:
    """What stands above the question: notices, the filters, and the way to a new conversation."""
    spoken = {name: words(f"ask.{name}") for name in SPOKEN}
    return (
        f'<div id="tools" data-language="{words.language}" data-words="{plain(json.dumps(spoken))}">'
        '<p class="hidden" id="announcer" aria-live="polite"></p>'
        f'<p id="changed" class="notice" role="status" hidden>{plain(words("ask.changed"))} '
        f'<button type="button" class="again">{plain(words("ask.again"))}</button></p>'
        f'<p id="editing" class="notice" hidden>{plain(words("ask.editing"))} '
        f'<button type="button">{plain(words("ask.leave_it"))}</button></p>'
        f'<div class="row"><button type="button" id="fold" aria-expanded="false" aria-controls="filters"></button>'
        f'{_filters(words, searchable)}<a id="fresh" href="./">{plain(words("ask.start_over"))}</a></div></div>'
    )


def examples(words: Texts, questions: Iterable[str]) -> str:
    """Questions to begin with; each is asked with a click."""
    buttons = "".join(f'<li><button type="button" class="example">{plain(each)}</button></li>' for each in questions)
    return f"<p>{plain(words('ask.for_example'))}</p><ul>{buttons}</ul>" if buttons else ""


def library(words: Texts, rows: Sequence[Any]) -> str:
    """The titles of the first files, those that could not be read with the reason; rows as in Answerer.documents."""
    if not rows:
        return f'<section class="library"><p>{plain(words("ask.nothing_yet"))}</p></section>'
    entries = "".join(_entry(row, words) for row in rows[:LISTED])
    left = len(rows) - LISTED
    more = f"<p>{plain(words('ask.more', count=f'{left:,}'))}</p>" if left > 0 else ""
    return f'<section class="library"><h2>{plain(words("ask.in_library"))}</h2><ul>{entries}</ul>{more}</section>'


def _entry(row: Any, words: Texts) -> str:
    title = f'<span class="title">{plain(row.title or row.document)}</span>'
    if row.refused:
        return f'<li>{title}<span class="size lost">{plain(words("ask.not_read", reason=row.refused))}</span></li>'
    return f'<li>{title}<span class="size">{plain(counted(words, "pages", row.pages))}</span></li>'


def _filters(words: Texts, rows: Sequence[Any]) -> str:
    """One list to choose from for each filter; those that the library has but one value of are left out."""
    kinds = [(kind.value, kind_name(words, kind)) for kind in Kind if kind is not Kind.NARRATIVE]
    projects = sorted({project for row in rows for project in row.projects}, key=str.casefold)
    years = sorted({row.year for row in rows if row.year}, reverse=True)
    types = sorted({row.type for row in rows if row.type})
    titles = sorted(((row.document, row.title or row.document) for row in rows), key=lambda each: each[1].casefold())
    offered = {
        "document": titles,
        "kind": kinds,
        "project": [(each, each) for each in projects],
        "year": [(each, each) for each in years],
        "type": [(each, type_name(words, each)) for each in types],
    }
    lists = "".join(_choice(words, name, values) for name, values in offered.items() if len(values) > 1)
    return (
        f'<div id="filters" role="group" aria-label="{plain(words("ask.search_in"))}">{lists}'
        f'<button type="button" id="clear" hidden>{plain(words("ask.clear"))}</button></div>'
    )


def _choice(words: Texts, name: str, values: Sequence[tuple[str, str]]) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" value="{plain(value)}"><span>{plain(called)}</span></label>'
        for value, called in values[:TITLES]
    )
    part = plain(words("ask.part"))
    typed = f'<input type="search" aria-label="{part}" placeholder="{part}">' if name == "document" else ""
    if len(values) > TITLES:
        typed += f"<p>{plain(words('ask.first_titles', count=TITLES))}</p>"
    any_, some = plain(words(f"ask.by_{name}")), plain(words(f"ask.some_{name}"))
    return (
        f'<details class="menu choice" name="choice" data-filter="{name}"><summary data-any="{any_}" '
        f'data-some="{some}">{any_}</summary><fieldset><legend class="hidden">{any_}</legend>'
        f"{typed}{boxes}</fieldset></details>"
    )


def _reader(words: Texts) -> str:
    """The page of a source in the whole window. The browser keeps the focus in it, and gives it back."""

    def button(name: str, sign: str) -> str:
        said = plain(words(f"ask.{name}"))
        return f'<button type="button" class="{name}" title="{said}" aria-label="{said}">{sign}</button>'

    return (
        '<dialog id="reader" aria-labelledby="read"><div class="controls"><h2 id="read"></h2>'
        f'{button("before", "‹")}<span class="at" role="status"></span>{button("after", "›")}'
        f"{button('smaller', '−')}{button('larger', '+')}"
        f'<a class="pdf" target="_blank" rel="noopener" href="">{plain(words("picture.pdf"))}</a>'
        f'<button type="button" class="close">{plain(words("picture.close"))}</button></div>'
        '<div class="frame" tabindex="0" role="group" aria-labelledby="read"><img alt=""></div></dialog>'
    )
