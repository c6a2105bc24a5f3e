"""The frame of every page: its head, the way to the other pages, and the languages."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

from fastapi.responses import HTMLResponse

from assistant.faces.rendering import plain
from assistant.faces.texts import LANGUAGES
from assistant.faces.web.visitors import Visitor

ICON = (
    "<link rel='icon' href=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
    "<rect width='32' height='32' rx='6' fill='%231f4f7d'/><path d='M8 9h16M8 23h10' stroke='white' stroke-width='2'/>"
    "<path d='M8 16h16' stroke='%23ffe75c' stroke-width='4'/></svg>\">"
)
FOLDER = Path(__file__).parent
PAGES = {"ask": "./", "register": "register", "search": "search", "compare": "compare", "library": "library"}
"""The pages in the order of the bar, with their addresses below the root of the service."""


def page(visitor: Visitor, active: str, title: str, body: str, name: str = "", status: int = 200) -> HTMLResponse:
    """A whole page around a body of safe HTML.

    active is a key of PAGES, or '' for a page that is not in the bar. name is that of the page's own .css and .js
    below this folder, where it has them: 'register', 'library/page'.
    """
    words = visitor.texts
    style, script = (f"{_file(f'shell.{kind}')}{_file(f'{name}.{kind}')}" for kind in ("css", "js"))
    return HTMLResponse(
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8"><title>{plain(title)} · '
        f"{plain(words('nav.product'))}</title>"
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{ICON}'
        f"<style>{style}</style></head><body>"
        f'<a class="skip" href="#content">{plain(words("nav.skip"))}</a><header>{bar(visitor, active)}</header>'
        f'<main id="content" tabindex="-1"><h1>{plain(title)}</h1>{body}</main>{_viewer(visitor)}'
        f"<script>{script}</script></body></html>",
        status,
        {"Content-Security-Policy": _policy(style, script)},
    )


def bar(visitor: Visitor, active: str) -> str:
    """The way to the other pages, to one's history and out, and to the other languages."""
    words = visitor.texts
    links = "".join(
        f'<a href="{visitor.root}{address}"{_current(page == active)}>{plain(words(f"nav.{page}"))}</a>'
        for page, address in PAGES.items()
    )
    return (
        f'<nav aria-label="{plain(words("nav.pages"))}">{links}</nav>'
        f'<div class="visitor">{_personal(visitor, active)}{_languages(visitor)}</div>'
    )


def _personal(visitor: Visitor, active: str) -> str:
    words, person = visitor.texts, visitor.person
    history = f'<a href="{visitor.root}history"{_current(active == "history")}>{plain(words("nav.history"))}</a>'
    if not person.name:
        return history
    return (
        f'<span class="person">{plain(words("nav.signed_in", name=person.name))}</span>{history}'
        f'<form method="post" action="{visitor.root}signout"><button>{plain(words("nav.sign_out"))}</button></form>'
    )


def _languages(visitor: Visitor) -> str:
    words = visitor.texts
    back = f"?to={quote(visitor.address, safe='')}" if visitor.address else ""
    links = "".join(
        f'<a lang="{code}" hreflang="{code}" href="{visitor.root}language/{code}{back}"'
        f"{_current(code == words.language)}>{plain(name)}</a>"
        for code, name in LANGUAGES.items()
    )
    return f'<span class="languages" role="group" aria-label="{plain(words("nav.language"))}">{links}</span>'


def _viewer(visitor: Visitor) -> str:
    """What shows a page of a report over any page: shell.js opens links of the class 'picture' in it."""
    words = visitor.texts
    return (
        '<dialog class="viewer" aria-labelledby="viewed"><div class="bar"><p id="viewed" tabindex="-1"></p>'
        f'<a class="pdf" target="_blank" rel="noopener">{plain(words("picture.pdf"))}</a>'
        f'<button type="button" class="close">{plain(words("picture.close"))}</button></div>'
        f'<div class="sheet" tabindex="0" role="region" aria-labelledby="viewed"><p class="soft" role="status"></p>'
        f'<img alt="" data-alt="{plain(words("picture.alt"))}" data-failed="{plain(words("picture.failed"))}"></div>'
        "</dialog>"
    )


def _policy(style: str, script: str) -> str:
    """The page's own style and script, by their hashes, and nothing else: whatever slipped into it would not run."""
    kept = (b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script))
    return (
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'".format(*kept)
    )


def _current(here: bool) -> str:
    return ' aria-current="page"' if here else ""


def _file(name: str) -> str:
    file = FOLDER / name
    return file.read_text("utf-8") if file.is_file() else ""
