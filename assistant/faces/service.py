"""The web service: REST, MCP, the pages and the Ask page, behind the guard and the shield, on one port."""

from __future__ import annotations

import ctypes
import logging
from contextlib import suppress
from importlib.util import find_spec

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.routing import Mount

from assistant import __version__, logs
from assistant.errors import AssistantError, NotAllowed, PageMissing, UsageError
from assistant.faces import mcp, rest
from assistant.faces.chat import routes, stubless
from assistant.faces.pages import answers, history, language, register, search, selections, sign_in, wrong
from assistant.faces.pages.comparing import page as compare
from assistant.faces.pages.library import page as library
from assistant.faces.pages.library.work import Worker, index_command
from assistant.faces.seams import Answerer, Registry, Shelf
from assistant.faces.web import warmth as warming
from assistant.faces.web.guard import Guard
from assistant.faces.web.listening import EVERYWHERE, bound, is_loopback, names
from assistant.faces.web.shield import Shield, unexpected
from assistant.faces.web.warmth import Warmth
from assistant.settings import Settings, quieten
from assistant.staff.accounts import Accounts
from assistant.staff.conversations import Conversations
from assistant.staff.sign_ins import SignIns
from assistant.staff.store import StaffStore

# A body is a question and a conversation; the longest that the limits of REST let through is far smaller.
BODY_BYTES = 1_000_000
# Blocks of memory from this size on go back to the system once they are free, as glibc has it at first. Left alone it
# keeps ever larger ones, for each thread its own: after 600 answers to twenty people 484 MB, and growing, and not 439.
GIVEN_BACK_BYTES = 128 * 1024
MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of glibc's malloc.h

# Whoever has a page open keeps a stream open: without a limit a server that is told to stop would wait for them.
GOODBYE_SECONDS = 3

_log = logging.getLogger(__name__)


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

    from assistant.faces.chat.page import looks, make_page

    warmth = warmth or Warmth(assistant)
    sign_ins = sign_ins or SignIns(Accounts(StaffStore(settings.index)))
    app = FastAPI(title="Evaluation Assistant", version=__version__, docs_url=None, redoc_url=None)
    app.add_exception_handler(AssistantError, _said)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _unexpected)
    rest.mount(app, assistant)
    routes.mount(app, assistant, warmth.ready)
    language.mount(app)
    search.mount(app, assistant)
    compare.mount(app, assistant)
    warming.mount(app, assistant, warmth)
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
    app.add_middleware(Guard, sign_ins=sign_ins, alone=is_loopback(settings.host))
    # Added last, it stands first.
    app.add_middleware(
        Shield,
        hosts=names(settings),
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
    with suppress(OSError, AttributeError, TypeError):  # another library than glibc
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, GIVEN_BACK_BYTES)
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
