"""What every test stands on: no network, and one tiny library for the whole run."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import factories
import pytest
from typer.testing import CliRunner, Result

from assistant.settings import Settings, quieten

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

# Before any test file imports a library that would look for a hub.
quieten()


@pytest.fixture(scope="session", autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    """A connection that would leave this machine fails the test that makes it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo))
        yield


@pytest.fixture(scope="session")
def sample_pdfs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few readable PDFs, one of them in a folder of its own. Tests must not change it."""
    folder = tmp_path_factory.mktemp("corpus")
    factories.brief(folder / "coastal-schools.pdf")
    factories.two_columns(folder / "columns.pdf")
    factories.page_break(folder / "education" / "visits.pdf")
    return folder


@pytest.fixture(scope="session")
def tiny_settings(sample_pdfs: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a library that is indexed once, with word hashes in place of a language model."""
    from fakes import WordHashEmbedder

    from assistant.building import build

    settings = Settings(corpus=sample_pdfs, index=tmp_path_factory.mktemp("index"))
    build(settings, embedder=WordHashEmbedder())
    return settings


@pytest.fixture(scope="session")
def tiny_library(tiny_settings: Settings) -> Assistant:
    """That library, open. Tests must not change it."""
    from fakes import WordHashEmbedder

    from assistant.pipeline import Assistant

    return Assistant(tiny_settings, embedder=WordHashEmbedder())


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Result]]:
    """The command `assistant` in an empty folder, with word hashes in place of a language model."""
    from fakes import WordHashEmbedder

    from assistant import building, keeping, logs, pipeline
    from assistant.faces.cli import app

    embedder = WordHashEmbedder()
    monkeypatch.setattr(building, "build", partial(building.build, embedder=embedder))
    monkeypatch.setattr(pipeline, "Assistant", partial(pipeline.Assistant, embedder=embedder))
    monkeypatch.setattr(keeping, "plan", partial(keeping.plan, embedder=embedder))
    monkeypatch.setattr(keeping, "verify", partial(keeping.verify, embedder=embedder))
    monkeypatch.chdir(tmp_path)
    yield lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])
    logs.stop()


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_here(arguments[-1][0])
        return method(self, *arguments)

    return guarded


def _guarded_lookup(lookup: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_unless_here(host)
        return lookup(host, *arguments, **options)

    return guarded


def _refuse_unless_here(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", socket.gethostname()):
        return
    try:
        here = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        here = None
    # Binding to all addresses of this machine looks 0.0.0.0 up and reaches nobody.
    if here is None or not (here.is_loopback or here.is_unspecified):
        raise AssertionError(f"A test tried to reach {name!r}; tests stay on this machine.")
