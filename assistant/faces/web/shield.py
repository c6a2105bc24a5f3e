"""What stands before every request: whom we answer, how much we read, what a browser may do with the reply."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No outside host in any directive. Gradio's page needs unsafe-inline and unsafe-eval, data: and blob: pictures.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; frame-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # With no-referrer a browser would also hide from us (Origin: null) that a form was sent from our own page.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
LENGTH_DIGITS = 18  # of the length of a request; int() refuses thousands of them
# All that our page asks of gradio. Its upload, file, proxy and API routes have no use here, so they are not there.
GRADIO = tuple(f"/gradio_api/{route}" for route in ("queue/", "heartbeat/", "startup-events", "cancel", "reset"))
CLOSED = ("/gradio_api", "/monitoring", "/login", "/logout", "/svelte", "/pwa_icon", "/config", "/user", "/token")


class Shield:
    """Pure ASGI middleware, so that streams pass through it untouched."""

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        body_bytes: int,
        larger: Mapping[str, int] | None = None,
        any_address: bool = False,
    ) -> None:
        """hosts are the names under which the service is reached; any_address adds every IP address.

        larger has the limit, in bytes, of each path that takes more than body_bytes.
        """
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._any_address = any_address
        self._body_bytes = body_bytes
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with our headers on the reply, or refuse it with a sentence."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _head(MutableHeaders(scope=message))
            await send(message)

        refused = self._refusal(scope["path"], Headers(scope=scope))
        await (refused or self._app)(scope, receive, headed)

    def _refusal(self, path: str, headers: Headers) -> JSONResponse | None:
        # A page elsewhere whose name is made to point at this machine would otherwise be same-origin with us.
        # An IP address is nobody's to point elsewhere.
        host = _hostname(headers.get("host", ""))
        if host not in self._hosts and not (self._any_address and _is_address(host)):
            return JSONResponse({"error": "This address is not served here. The setting hosts names more."}, 421)
        if path.startswith(CLOSED) and not path.startswith(GRADIO):
            return JSONResponse({"error": "There is nothing here."}, 404)
        if "transfer-encoding" in headers:
            return JSONResponse({"error": "Send the length of the request with it (Content-Length)."}, 411)
        length, most = headers.get("content-length", "0"), self._larger.get(path, self._body_bytes)
        if not length.isdecimal() or len(length) > LENGTH_DIGITS or int(length) > most:
            return JSONResponse({"error": f"The request is larger than {most:,} bytes."}, 413)
        return None


def unexpected() -> JSONResponse:
    """What is said when something went wrong that nobody thought of; it is sent from outside the middleware."""
    reply = JSONResponse({"error": "Something unexpected happened. The log of the server says what."}, 500)
    reply.headers["Cache-Control"] = "no-store"
    _head(reply.headers)
    return reply


def _head(headers: MutableHeaders) -> None:
    """Our headers on a reply, and none of gradio's that let pages of other origins read it."""
    headers.update(HEADERS)
    headers.setdefault("Content-Security-Policy", POLICY)
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _hostname(host: str) -> str:
    """The name in a Host header, without its port or the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
