"""What a browser is shown, in the frame of the pages, where an address leads nowhere or a wish cannot be met."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from assistant.faces.pages import shell
from assistant.faces.rendering import plain
from assistant.faces.web import visitors
from assistant.faces.web.guard import PROGRAMS, READING


def mount(app: FastAPI) -> None:
    """Make an app show a page for addresses that it does not have; programs get the JSON that they expect."""
    app.add_exception_handler(404, _nowhere)


def told(request: Request, sentence: str, status: int) -> Response:
    """A sentence on what went wrong: as a page for a browser that asks for one, otherwise as JSON."""
    if not _for_eyes(request):
        return JSONResponse({"error": sentence}, status)
    return _page(request, "wrong.error", sentence, status)


async def _nowhere(request: Request, error: Exception) -> Response:
    if not _for_eyes(request):
        return JSONResponse({"detail": "Not Found"}, 404)
    return _page(request, "wrong.title", visitors.visitor(request).texts("wrong.address"), 404)


def _page(request: Request, title: str, sentence: str, status: int) -> HTMLResponse:
    visitor = visitors.visitor(request)
    return shell.page(visitor, "", visitor.texts(title), f'<p class="note">{plain(sentence)}</p>', status=status)


def _for_eyes(request: Request) -> bool:
    path, accepted = request.scope["path"], request.headers.get("accept", "")
    return request.method in READING and "text/html" in accepted and not path.startswith(PROGRAMS)
