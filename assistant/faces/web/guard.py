"""Who asks: once anybody has an account every route needs a sign-in or an API key, and other pages never act for us."""

from __future__ import annotations

import time
from urllib.parse import quote, urlsplit

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import SignInRefused, StaffDataUnusable
from assistant.faces.web.page_sessions import apart
from assistant.faces.web.visitors import PERSON
from assistant.records import ANYBODY, Person
from assistant.staff.sign_ins import SignIns

COOKIE = "assistant_session"
SIGN_IN = "/signin"
OPEN = (SIGN_IN, "/healthz", "/readyz")
# Not OPTIONS: with it a browser asks whether another page may send what a form cannot, such as a key of its own.
READING = ("GET", "HEAD")
# Gradio's own files, the same for everybody: they may be kept.
PUBLIC = ("/assets/", "/static/", "/theme.css", "/favicon.ico")
# Where programs ask: they are told 401 in JSON, not sent to a page.
PROGRAMS = ("/api/", "/mcp", "/gradio_api/")
AGAIN_SECONDS = 10.0
"""A stream that goes on for longer is ended once the sign-in has ended."""

UNKNOWN = "Sign in at /signin, or send an API key with the request (Authorization: Bearer KEY)."
FOREIGN = "This was asked by another page than ours, so it was not done. Open the assistant itself and try again."
NOBODY = "Nobody can sign in yet. On the machine that serves this, type: assistant user add NAME --role curator"


class Guard:
    """Pure ASGI middleware. alone says that no other machine reaches the service.

    It leaves the signed-in Person in the state of the request, and ANYBODY there while there are no accounts: then
    everybody on this machine is let in, and nobody from elsewhere.
    """

    def __init__(self, app: ASGIApp, sign_ins: SignIns, alone: bool) -> None:
        self._app = app
        self._sign_ins = sign_ins
        self._alone = alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or refuse it with a sentence, or show a browser the way to sign in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        token, key = cookie(headers), _key(headers)
        try:
            person = await run_sync(self._person, token, key)
        except (StaffDataUnusable, SignInRefused) as error:
            if path not in OPEN:
                await JSONResponse({"error": str(error)}, 503)(scope, receive, send)
                return
            person = None
        # A key that nobody has, which any page could send, does not make a request a program's.
        by_key = bool(key) and person is not None and person is not ANYBODY
        if refused := self._refusal(scope, headers, person, by_key):
            await refused(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        if person is ANYBODY:
            state.setdefault(PERSON, person)
            await self._app(scope, receive, send)
            return
        if person:
            state[PERSON] = person
            scope, receive = await apart(scope, receive, token or key)
        told = send if path.startswith(PUBLIC) else self._private(send, token, key, path in OPEN)
        await self._app(scope, receive, told)

    def _person(self, token: str, key: str) -> Person | None:
        accounts = self._sign_ins.accounts
        if not accounts.any():
            if self._alone:
                return ANYBODY
            raise SignInRefused(NOBODY)
        if key:
            return accounts.of_key(key)
        return self._sign_ins.of(token) if token else None

    def _refusal(self, scope: Scope, headers: Headers, person: Person | None, by_key: bool) -> Response | None:
        path, reading = scope["path"], scope["method"] in READING
        if not (by_key or reading) and _foreign(headers):
            return JSONResponse({"error": FOREIGN}, 403)
        if person or path in OPEN:
            return None
        if reading and not path.startswith(PROGRAMS) and "text/html" in headers.get("accept", ""):
            query = scope["query_string"].decode("latin-1")
            wanted = quote(path) + ("?" + query if query else "")
            return RedirectResponse(f"{SIGN_IN}?to={quote(wanted, safe='/')}", 303, {"Cache-Control": "no-store"})
        return JSONResponse({"error": UNKNOWN}, 401, {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})

    def _private(self, send: Send, token: str, key: str, open_: bool) -> Send:
        """Replies that no cache gives to the next person, and streams that end with the sign-in."""
        looked, streams, ended = time.monotonic(), False, False

        async def told(message: Message) -> None:
            nonlocal looked, streams, ended
            if ended:
                return
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                streams = headers.get("content-type", "").startswith("text/event-stream")
                headers.add_vary_header("Cookie, Authorization")
                if "private" not in headers.get("cache-control", ""):
                    headers["Cache-Control"] = "no-store"
            elif streams and not open_ and time.monotonic() - looked > AGAIN_SECONDS:
                looked = time.monotonic()
                ended = await run_sync(self._person, token, key) is None
                message = {"type": "http.response.body", "body": b"", "more_body": False} if ended else message
            await send(message)

        return told


def cookie(headers: Headers) -> str:
    """The token of the sign-in that a browser sends; '' where it sends none."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


def inside(to: str) -> str:
    """An address of this service to go on to; the first page in place of any that might lead elsewhere."""
    # Browsers read a backslash as a slash, leave out control characters, and take two slashes for another host.
    safe = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if safe else "/"


def _key(headers: Headers) -> str:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _foreign(headers: Headers) -> bool:
    """Whether a page that is not ours makes a browser send this.

    Browsers tell it in Sec-Fetch-Site (https and this machine alone) or Origin; what sends neither is no browser, and
    has no business with a cookie.
    """
    if site := headers.get("sec-fetch-site"):
        return site != "same-origin"
    if origin := headers.get("origin"):
        return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    return bool(cookie(headers))
