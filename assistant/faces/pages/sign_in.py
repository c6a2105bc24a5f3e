"""The page to sign in at, and the way out."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse

from assistant.errors import SettingsError, SignInPaused, SignInRefused
from assistant.faces.pages import shell
from assistant.faces.rendering import plain
from assistant.faces.web import visitors
from assistant.faces.web.guard import COOKIE, SIGN_IN, cookie, inside
from assistant.faces.web.visitors import Visitor
from assistant.staff.sign_ins import WHOLE_SECONDS, SignIns

HTTPS = ("auto", "always")

Here = Annotated[Visitor, Depends(visitors.visitor)]
Typed = Annotated[str, Form(max_length=2000)]


def mount(app: FastAPI, sign_ins: SignIns, https: str) -> None:
    """Add /signin and /signout. https is 'always' where a browser's way here is encrypted though we cannot see it.

    Raises SettingsError for any other word but 'auto'.
    """
    if https not in HTTPS:
        raise SettingsError(f"The setting 'https' is {https!r}; it can be {' or '.join(map(repr, HTTPS))}.")

    @app.get(SIGN_IN, include_in_schema=False)
    def page(request: Request, visitor: Here, to: str = "/") -> Response:
        if visitor.person.name or not sign_ins.accounts.any():
            return RedirectResponse(inside(to), 303)
        # Who follows a link in a mail comes without the cookie (SameSite=Strict) though signed in: asked for once
        # more by a page of ours, the browser sends it.
        if request.headers.get("sec-fetch-site") == "cross-site":
            return _onward(visitor, inside(to))
        return form(visitor, inside(to))

    @app.post(SIGN_IN, include_in_schema=False)
    def enter(request: Request, visitor: Here, name: Typed = "", password: Typed = "", to: Typed = "/") -> Response:
        client = request.client.host if request.client else ""
        try:
            token = sign_ins.begin(name, password, client)
        except SignInRefused as refused:
            return form(visitor, inside(to), name, refused)
        if before := cookie(request.headers):
            sign_ins.end(before)
        reply = RedirectResponse(inside(to), 303)
        secure = https == "always" or request.url.scheme == "https"
        reply.set_cookie(COOKIE, token, int(WHOLE_SECONDS), httponly=True, samesite="strict", secure=secure)
        return reply

    @app.post("/signout", include_in_schema=False)
    def leave(request: Request) -> Response:
        sign_ins.end(cookie(request.headers))
        reply = RedirectResponse(SIGN_IN, 303)
        reply.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return reply


def form(visitor: Visitor, to: str, name: str = "", refused: SignInRefused | None = None) -> Response:
    """The page that asks for name and password, and says why they did not open it."""
    words = visitor.texts
    told = f'<p class="refused" role="alert">{plain(_told(visitor, refused))}</p>' if refused else ""
    focus = ("", " autofocus") if name else (" autofocus", "")
    body = (
        f'<p class="product">{plain(words("nav.product"))}</p>{told}<form method="post" action="{SIGN_IN[1:]}">'
        f'<input type="hidden" name="to" value="{plain(to)}">'
        f'<label>{plain(words("sign_in.name"))}<input name="name" value="{plain(name)}" required maxlength="64"'
        f' autocomplete="username" autocapitalize="none" spellcheck="false"{focus[0]}></label>'
        f'<label>{plain(words("sign_in.password"))}<input name="password" type="password" required'
        f' autocomplete="current-password"{focus[1]}></label>'
        f'<button>{plain(words("sign_in.enter"))}</button></form><p class="help">{plain(words("sign_in.help"))}</p>'
    )
    status = 200 if refused is None else 429 if isinstance(refused, SignInPaused) else 403
    return shell.page(visitor, "", words("sign_in.title"), body, "sign_in", status)


def _told(visitor: Visitor, refused: SignInRefused) -> str:
    if not isinstance(refused, SignInPaused):
        return visitor.texts("sign_in.wrong")
    if refused.minutes == 1:
        return visitor.texts("sign_in.wait_one")
    return visitor.texts("sign_in.wait", minutes=refused.minutes)


def _onward(visitor: Visitor, to: str) -> Response:
    title = visitor.texts("sign_in.going_on")
    body = f'<meta http-equiv="refresh" content="0;url={plain(to)}"><p><a href="{plain(to)}">{plain(title)}</a></p>'
    return shell.page(visitor, "", title, body, "sign_in")
