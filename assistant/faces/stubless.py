"""Gradio, imported without the type stubs that it writes for code editors: they take a third of its import."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

MODULE, WRITER = "gradio.component_meta", "create_or_modify_pyi"


class Stubless(MetaPathFinder):
    """Finds gradio's module of components, and takes out of it what writes the stubs."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """That module; of any other nothing, so that it is looked for as ever."""
        spec = PathFinder.find_spec(fullname, path) if fullname == MODULE else None
        loader: Any = spec.loader if spec else None
        if loader is None:
            return None
        execute = loader.exec_module

        def executed(module: ModuleType) -> None:
            execute(module)
            setattr(module, WRITER, lambda *told: None)

        loader.exec_module = executed
        return spec


def prepare() -> None:
    """To be called before gradio is imported for the first time; later it changes nothing."""
    if not any(isinstance(finder, Stubless) for finder in sys.meta_path):
        sys.meta_path.insert(0, Stubless())
