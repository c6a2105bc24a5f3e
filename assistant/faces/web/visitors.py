"""Who asks for a page, and in which language: what every page needs to know of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request

from assistant.errors import NotAllowed
from assistant.faces.texts import Texts, preferred, texts
from assistant.records import Person, Role

if TYPE_CHECKING:
    import gradio as gr

LANGUAGE_COOKIE = "language"
GRADIO = "gradio_api/"
"""Below it the Ask page, which stands at the root, asks for what it shows."""
PERSON = "person"
"""The key under which the guard leaves who asks, a Person, in the state of a request."""
STRANGER = Person("", Role.READER)
"""Whoever the guard has not named: somebody on the way to sign in."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person with the words that the pages say to them, and the page they are on."""

    person: Person
    texts: Texts
    address: str = ""
    """Path and query below the root of the service, without the first '/'."""

    @property
    def root(self) -> str:
        """What leads from the page's address to the root of the service; '' for pages that stand there."""
        return "../" * self.address.partition("?")[0].count("/")


def visitor(request: Request) -> Visitor:
    """The visitor of a request (a FastAPI dependency). Without accounts everybody on this machine is a curator."""
    person: Person = getattr(request.state, PERSON, STRANGER)
    cookie, accepted = request.cookies.get(LANGUAGE_COOKIE, ""), request.headers.get("accept-language", "")
    return Visitor(person, texts(preferred(cookie, accepted)), _address(request))


def of_gradio(request: gr.Request) -> Visitor:
    """The visitor for whom an event of a gradio page is handled: its handler takes `request: gr.Request`."""
    assert request.request is not None, "gradio hands the web request on"
    return visitor(request.request)


def curator(request: Request) -> Visitor:
    """The visitor of a request that curators alone may make (a FastAPI dependency). Raises NotAllowed."""
    found = visitor(request)
    if found.person.role is not Role.CURATOR:
        raise NotAllowed
    return found


def _address(request: Request) -> str:
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", "")).lstrip("/")
    if path.startswith(GRADIO):
        return ""
    return path + (f"?{request.url.query}" if request.url.query else "")
