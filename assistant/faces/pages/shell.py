"""The frame of every page: its head, the way to the other pages, and the languages."""

from __future__ import annotations

from pathlib import Path

from fastapi.responses import HTMLResponse

from assistant.faces.pages.texts import LANGUAGES, Texts
from assistant.faces.pages.visitors import Visitor
from assistant.faces.rendering import plain

FOLDER = Path(__file__).parent
PAGES = {"ask": "./", "register": "register", "search": "search", "compare": "compare", "library": "library"}
"""The pages in the order of the bar, with their addresses below the root of the service."""


def page(visitor: Visitor, active: str, title: str, body: str, name: str = "", status: int = 200) -> HTMLResponse:
    """A whole page around a body of safe HTML.

    active is a key of PAGES, or '' for a page that is not in the bar. name is that of the page's own .css and .js
    in this folder, where it has them.
    """
    words = visitor.texts
    return HTMLResponse(
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8"><title>{plain(title)} · '
        f"{plain(words('nav.product'))}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_file('shell.css')}{_file(f'{name}.css')}</style></head><body>"
        f'<a class="skip" href="#content">{plain(words("nav.skip"))}</a><header>{bar(visitor, active)}</header>'
        f'<main id="content" tabindex="-1"><h1>{plain(title)}</h1>{body}</main>'
        f"<script>{_file('shell.js')}{_file(f'{name}.js')}</script></body></html>",
        status,
    )


def bar(visitor: Visitor, active: str) -> str:
    """The way to the other pages, to one's history and out, and to the other languages."""
    words = visitor.texts
    links = "".join(
        f'<a href="{address}"{_current(page == active)}>{plain(words(f"nav.{page}"))}</a>'
        for page, address in PAGES.items()
    )
    return (
        f'<nav aria-label="{plain(words("nav.pages"))}">{links}</nav>'
        f'<div class="visitor">{_personal(visitor, active)}{_languages(words)}</div>'
    )


def _personal(visitor: Visitor, active: str) -> str:
    words, person = visitor.texts, visitor.person
    history = f'<a href="history"{_current(active == "history")}>{plain(words("nav.history"))}</a>'
    if not person.name:
        return history
    return (
        f'<span class="person">{plain(words("nav.signed_in", name=person.name))}</span>{history}'
        f'<form method="post" action="signout"><button>{plain(words("nav.sign_out"))}</button></form>'
    )


def _languages(words: Texts) -> str:
    links = "".join(
        f'<a lang="{code}" hreflang="{code}" href="language/{code}"{_current(code == words.language)}>{plain(name)}</a>'
        for code, name in LANGUAGES.items()
    )
    return f'<span class="languages" role="group" aria-label="{plain(words("nav.language"))}">{links}</span>'


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def _file(name: str) -> str:
    file = FOLDER / name
    return file.read_text("utf-8") if file.is_file() else ""
