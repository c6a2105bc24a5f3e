"""The web service: REST, the pictures of pages, sign-in and the chat page, on one port."""

from __future__ import annotations

import ipaddress
import logging
import math
import os
import socket
import threading
from importlib.util import find_spec
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.routing import Mount

from assistant import __version__, logs
from assistant.errors import AssistantError, NotAllowed, PageMissing, PortInUse, UnsafeAddress, UsageError
from assistant.faces import chat_routes, mcp, stubless
from assistant.faces.guard import Guard
from assistant.faces.pages import (
    answers,
    compare,
    history,
    language,
    library,
    register,
    search,
    selections,
    sign_in,
    visitors,
    wrong,
)
from assistant.faces.pages.pictures import BOXES
from assistant.faces.pages.visitors import Visitor
from assistant.faces.rendering import answer_json, documents_json, highlighted, search_json
from assistant.faces.seams import Answerer, Registry, Shelf
from assistant.faces.shield import Shield, unexpected
from assistant.faces.work import Worker, index_command
from assistant.records import Question, Role, Turn
from assistant.settings import Settings, quieten
from assistant.staff.accounts import Accounts
from assistant.staff.conversations import Conversations
from assistant.staff.sign_ins import SignIns
from assistant.staff.store import StaffStore

# A body is a question and a conversation; the longest that the limits below let through is far smaller.
BODY_BYTES = 1_000_000
# Pictures are asked for in few sizes; beyond this a page is only slower, not clearer.
PICTURE_WIDTHS = (100, 2000)

# Whoever has a page open keeps a stream open: without a limit a server that is told to stop would wait for them.
GOODBYE_SECONDS = 3

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)

Here = Annotated[Visitor, Depends(visitors.visitor)]

FILTERS: Any = Field(
    default={},
    max_length=20,
    description="Any of document (a name, or part of a name or title), kind (such as lesson or recommendation), "
    "project, year and type (such as evaluation report). One value or a list of alternatives each; all must be met.",
    examples=[{"kind": ["lesson", "good_practice"], "year": "2023"}],
)

_log = logging.getLogger(__name__)


class EarlierTurn(BaseModel):
    """A question asked before and the answer it got."""

    question: str = Field(max_length=20_000)
    answer: str = Field(default="", max_length=100_000)


class AskBody(BaseModel):
    """A question, with the conversation so far (oldest first) and filters; other keys are ignored."""

    question: str = Field(max_length=200_000, examples=["What was recommended to the labour inspectorate?"])
    id: str | int = ""
    history: list[EarlierTurn] = Field(default=[], max_length=50)
    filters: dict[str, Any] = FILTERS


class SearchBody(BaseModel):
    """What to look for and how many passages to bring."""

    question: str = Field(max_length=200_000)
    top: int = Field(default=10, ge=1, le=100)
    filters: dict[str, Any] = FILTERS


class Warmth:
    """Loads the model once, in the background, and knows how far it is."""

    def __init__(self, assistant: Answerer) -> None:
        self.ready = threading.Event()
        self.failure = ""
        self._assistant = assistant

    def begin(self) -> None:
        """Start loading; returns at once."""
        threading.Thread(target=self._load, name="warm", daemon=True).start()

    def _load(self) -> None:
        try:
            self._assistant.warm()
        except AssistantError as error:
            self.failure = str(error)
            _log.error("%s", error)
        else:
            self.ready.set()


def create_app(
    assistant: Answerer,
    settings: Settings,
    warmth: Warmth | None = None,
    sign_ins: SignIns | None = None,
    worker: Worker | None = None,
) -> FastAPI:
    """The whole web face over an open assistant; begin() of its warmth is left to the caller.

    sign_ins are those of the index folder, and worker one that indexes with these settings, where none are given.
    """
    quieten()
    stubless.prepare()
    import gradio as gr

    from assistant.faces.chat import looks, make_page

    warmth = warmth or Warmth(assistant)
    sign_ins = sign_ins or SignIns(Accounts(StaffStore(settings.index)))
    app = FastAPI(title="Evaluation Assistant", version=__version__, docs_url=None, redoc_url=None)
    app.add_exception_handler(AssistantError, _said)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _unexpected)
    _add_questions(app, assistant)
    _add_pages(app, assistant)
    chat_routes.mount(app, assistant, warmth.ready)
    language.mount(app)
    search.mount(app, assistant)
    compare.mount(app, assistant)
    _add_health(app, assistant, warmth)
    sign_in.mount(app, sign_ins, settings.https)
    if isinstance(assistant, Registry):
        register.mount(app, assistant)
    if isinstance(assistant, Shelf):
        library.mount(app, assistant, settings, worker or Worker(index_command(settings)))
    conversations = Conversations(StaffStore(settings.index))
    answers.mount(app, assistant, conversations)
    history.mount(app, assistant, conversations)
    selections.mount(app, assistant)
    if find_spec("mcp"):
        mcp.mount(app, assistant)
    gr.mount_gradio_app(
        app,
        make_page(assistant, warmth.ready, conversations),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        **looks(),
    )
    wrong.mount(next(each.app for each in app.routes if isinstance(each, Mount) and isinstance(each.app, FastAPI)))
    wrong.mount(app)
    app.add_middleware(Guard, sign_ins=sign_ins, alone=_is_loopback(settings.host))
    # Added last, it stands first.
    app.add_middleware(
        Shield,
        hosts=_names(settings),
        body_bytes=BODY_BYTES,
        larger=library.body_bytes(settings),
        any_address=settings.host in EVERYWHERE,
    )
    return app


def serve(settings: Settings) -> None:
    """Open the assistant and serve it until interrupted.

    Raises UnsafeAddress for a host that other machines reach while nobody has to sign in, PortInUse, and what opening
    the index raises.
    """
    quieten()
    import uvicorn

    from assistant.pipeline import Assistant

    guarded = Accounts(StaffStore(settings.index)).any()
    with bound(settings.host, settings.port, guarded) as listener:
        assistant = Assistant(settings)
        warmth = Warmth(assistant)
        app = create_app(assistant, settings, warmth)
        warmth.begin()
        listener.listen()
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"http://{host}:{settings.port}"
        print(f"Evaluation Assistant: {address}  (stop with Ctrl+C)", flush=True)
        logs.event(_log, "started", f"serving at {address}", address=address, generation=assistant.generation)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=GOODBYE_SECONDS
        )
        uvicorn.Server(config).run(sockets=[listener])


def bound(host: str, port: int, guarded: bool = False) -> socket.socket:
    """A socket on a free port, so that nobody else takes it while the page is prepared.

    guarded says that everybody has to sign in; without it the address must be a loopback one.
    """
    if not guarded and not _is_loopback(host):
        raise UnsafeAddress(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        # Lets a restart take the port at once; on Windows it would let two servers share it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError):
        listener.close()
        raise PortInUse(host, port) from None
    return listener


def _names(settings: Settings) -> set[str]:
    """The names in the address bar under which the service may be reached."""
    known = {"127.0.0.1", "localhost", "::1", settings.host, *map(str.strip, settings.hosts.split(","))} - {""}
    return known | {socket.gethostname().lower()} if settings.host in EVERYWHERE else known


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _add_questions(app: FastAPI, assistant: Answerer) -> None:
    def seen(visitor: Visitor) -> Answerer:
        return assistant.seen_by(visitor.person.role)

    @app.post("/api/v1/ask", summary="Answer a question with citations")
    def ask(body: AskBody, visitor: Here) -> dict[str, Any]:
        history = tuple(Turn(turn.question, turn.answer) for turn in body.history)
        return answer_json(seen(visitor).ask(Question(body.question, str(body.id), history, body.filters)))

    @app.post("/api/v1/search", summary="Ranked passages, no answer")
    def search(body: SearchBody, visitor: Here) -> dict[str, Any]:
        return search_json(seen(visitor).search(Question(body.question, filters=body.filters), body.top))

    @app.get("/api/v1/documents", summary="The library, one entry per file")
    def documents(visitor: Here) -> list[dict[str, Any]]:
        return documents_json(seen(visitor).documents())


def _add_pages(app: FastAPI, assistant: Answerer) -> None:
    # Documents are looked up by name in the live generation, never as paths: a name with ../ is simply not there.
    @app.get("/api/v1/pages/{document:path}/{page}.png", summary="The picture of a page", response_class=Response)
    def picture(
        visitor: Here,
        document: str,
        page: int,
        width: Annotated[int, Query(ge=PICTURE_WIDTHS[0], le=PICTURE_WIDTHS[1])] = 900,
        boxes: Annotated[
            str, Query(max_length=BOXES * 40, description="page,x0,top,x1,bottom in points, ';' between")
        ] = "",
    ) -> Response:
        marked = [box[1:] for box in _boxes(boxes) if int(box[0]) == page]
        seen = assistant.seen_by(visitor.person.role)
        png = seen.page_picture(document, page, width)
        if marked:
            png = highlighted(png, marked, seen.page_size(document, page), width)
        return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})

    @app.get("/api/v1/files/{document:path}", summary="The PDF itself", response_class=FileResponse)
    def file(visitor: Here, document: str) -> FileResponse:
        path = assistant.seen_by(visitor.person.role).pdf_path(document)
        return FileResponse(path, media_type="application/pdf", content_disposition_type="inline")


def _add_health(app: FastAPI, assistant: Answerer, warmth: Warmth) -> None:
    @app.get("/healthz", summary="Whether the service runs")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", summary="Whether questions are answered without waiting")
    def readyz(visitor: Here) -> JSONResponse:
        if warmth.ready.is_set():
            return JSONResponse({"status": "ready", "generation": assistant.generation})
        if not warmth.failure:
            return JSONResponse({"error": "The model that searches is still loading; questions wait for it."}, 503)
        keeps = visitor.person.role is Role.CURATOR  # it names files of the server, and everybody may look here
        said = warmth.failure if keeps else "The model that searches cannot be loaded. The log of the server says why."
        return JSONResponse({"error": said}, 503)


def _boxes(text: str) -> list[tuple[float, float, float, float, float]]:
    try:
        boxes = [tuple(float(value) for value in box.split(",")) for box in text.split(";") if box]
        if len(boxes) > BOXES or any(len(box) != 5 or not all(map(math.isfinite, box)) for box in boxes):
            raise ValueError(text)
    except ValueError:
        raise UsageError(
            f"boxes is up to {BOXES} times page,x0,top,x1,bottom in points with ';' between them."
        ) from None
    return [(box[0], box[1], box[2], box[3], box[4]) for box in boxes]


async def _said(request: Request, error: Exception) -> Response:
    """An error of ours as its sentence; what the asker can mend is 4xx, what the operator must mend is 503."""
    statuses = ((PageMissing, 404), (NotAllowed, 403), (UsageError, 400))
    status = next((status for kind, status in statuses if isinstance(error, kind)), 503)
    return wrong.told(request, str(error), status)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    return unexpected()


async def _unreadable(request: Request, error: Exception) -> Response:
    """What is wrong with a request, as one sentence that repeats nothing of it."""
    assert isinstance(error, RequestValidationError)
    said = "; ".join(f"{'.'.join(map(str, e['loc'][1:])) or 'body'}: {e['msg']}" for e in error.errors()[:5])
    return wrong.told(request, f"The request cannot be read: {said}.", 422)
