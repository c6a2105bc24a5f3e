"""Gradio, imported without what no page of ours needs: its stubs for code editors, pandas, the tools of MCP."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any

WRITER = "create_or_modify_pyi"


class Stubless(MetaPathFinder):
    """Finds the modules of CHANGED, each with a loader that spares what it is slow with: half of gradio's import."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """One of those modules; of any other nothing, so that it is looked for as ever."""
        spec = PathFinder.find_spec(fullname, path) if fullname in CHANGED else None
        if spec and spec.loader:
            spec.loader = CHANGED[fullname](spec.loader)
        return spec


def _stubless(loader: Any) -> Loader:
    """The module of components writes a file of stubs for each, with a third of gradio's import."""
    execute = loader.exec_module

    def executed(module: ModuleType) -> None:
        execute(module)
        setattr(module, WRITER, lambda *told: None)

    loader.exec_module = executed
    found: Loader = loader
    return found


def _without_mcp(loader: Any) -> Loader:
    """Gradio would serve its functions as tools of MCP, and goes without where it is not installed; ours come later."""
    execute = loader.exec_module

    def executed(module: ModuleType) -> None:
        with _missing("mcp"):
            execute(module)

    loader.exec_module = executed
    found: Loader = loader
    return found


@contextmanager
def _missing(name: str) -> Iterator[None]:
    """As if a module were not installed; where it was imported before, it stays."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


CHANGED: dict[str, Callable[[Any], Loader]] = {
    "gradio.component_meta": _stubless,
    "gradio.mcp": _without_mcp,
    "pandas": LazyLoader,  # loaded once something of it is used, which is never for our components
}


def prepare() -> None:
    """To be called before gradio is imported for the first time; later it changes nothing."""
    if not any(isinstance(finder, Stubless) for finder in sys.meta_path):
        sys.meta_path.insert(0, Stubless())
