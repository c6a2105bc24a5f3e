"""The assistant as tools for other programs (Model Context Protocol): at /mcp beside the page, and on stdio.

On stdio a client starts it with `python -m assistant.faces.mcp` in the folder that holds corpus/ and index/.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any

from anyio import Event, create_task_group, sleep_forever
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assistant import __version__
from assistant.errors import AssistantError
from assistant.faces.rendering import answer_json, documents_json, search_json
from assistant.faces.seams import Answerer
from assistant.faces.web import visitors
from assistant.records import Question, Role
from assistant.settings import load, quieten

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mcp.server import MCPServer
    from starlette.types import ASGIApp, Receive, Scope, Send


_log = logging.getLogger(__name__)

# Of the one request that a task answers; whoever is not known sees what readers see.
_role: ContextVar[Role] = ContextVar("role", default=Role.READER)


def make_server(seen: Callable[[], Answerer]) -> MCPServer[Any]:
    """The tools ask, search and documents, with the same answers as REST. Needs the extra `mcp`.

    seen gives the library as whoever calls a tool may see it.
    """
    from mcp.server import MCPServer

    def ask(question: str, filters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answer a question about the evaluation reports with verbatim quotes, each with its document and page."""
        return answer_json(seen().ask(Question(question, filters=filters or {})))

    def search(question: str, top: int = 10) -> dict[str, Any]:
        """Find the passages of the reports nearest to a question, best first, at most 100."""
        return search_json(seen().search(Question(question), max(1, min(top, 100))))

    def documents() -> list[dict[str, Any]]:
        """List the reports of the library with their titles and page counts."""
        return documents_json(seen().documents())

    server: MCPServer[Any] = MCPServer("evaluation-assistant", version=__version__, log_level="WARNING")
    for tool in (ask, search, documents):
        server.add_tool(_sentences(tool))
    return server


def mount(app: FastAPI, assistant: Answerer) -> None:
    """Serve the tools at /mcp of the app; each call stands alone, no session is kept."""
    tools = _AsAsked(assistant)
    app.router.routes.append(Route("/mcp", endpoint=tools))
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Any]:
        async with create_task_group() as tasks, inner(app) as state:
            tasks.start_soon(tools.run)
            yield state
            tasks.cancel_scope.cancel()

    app.router.lifespan_context = lifespan


class _AsAsked:
    """Lets the tools know the role of whoever asks; a route takes an object for a whole application.

    The tools are made when somebody first asks for them: their import takes half a second, and most never do.
    """

    def __init__(self, assistant: Answerer) -> None:
        self._assistant = assistant
        self._tools: ASGIApp
        self._wanted, self._there = Event(), Event()

    async def run(self) -> None:
        """Make the tools once they are wanted, and keep them until cancelled."""
        await self._wanted.wait()
        try:
            sessions, self._tools = await run_sync(self._made)
        except Exception:  # of another version, whatever it raises: the page must not end with it
            _log.exception("The tools cannot be made with the version of mcp that is installed.")
            self._tools = JSONResponse({"error": "The tools cannot be served; the log says why."}, 503)
            self._there.set()
            return
        async with sessions.run():
            self._there.set()
            await sleep_forever()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._wanted.set()
        await self._there.wait()
        _role.set(visitors.visitor(Request(scope)).person.role)
        await self._tools(scope, receive, send)

    def _made(self) -> tuple[Any, ASGIApp]:
        from mcp.server.transport_security import TransportSecuritySettings

        server = make_server(lambda: self._assistant.seen_by(_role.get()))
        # Which names are served and who asks is settled before, for all routes alike.
        trusting = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        app = server.streamable_http_app(json_response=True, stateless_http=True, transport_security=trusting)
        return server.session_manager, app


def _sentences(tool: Callable[..., Any]) -> Callable[..., Any]:
    """Let our errors reach the caller as their sentence."""
    from mcp.server.mcpserver.exceptions import ToolError

    @wraps(tool)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return tool(*args, **kwargs)
        except AssistantError as error:
            raise ToolError(str(error)) from None

    return told


if __name__ == "__main__":
    quieten()
    from assistant.pipeline import Assistant

    try:
        assistant = Assistant(load())
        make_server(lambda: assistant).run("stdio")
    except AssistantError as error:
        raise SystemExit(str(error)) from None
