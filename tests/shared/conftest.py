"""The real reports, indexed with the real model once for all tests that need them."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def shared_corpus() -> Path:
    """The folder of the five reports; without it a test is skipped, and in CI it fails."""
    folder = SHARED / "corpus"
    if not any(folder.glob("*.pdf")):
        missing = "the reports of ../shared/corpus are not here"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return folder


@pytest.fixture(scope="session")
def shared_questions(shared_corpus: Path) -> list[dict[str, Any]]:
    """The development questions with their gold quotes, read where they are kept."""
    lines = (shared_corpus.parent / "questions" / "dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def scorer(shared_corpus: Path) -> ModuleType:
    """The scoring script that is kept beside the corpus."""
    spec = importlib.util.spec_from_file_location("score", shared_corpus.parent / "bench" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shared_library(shared_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An open library of the five reports. It takes about a minute to build; tests must not change it.

    Whoever comes first of the processes that share a run of the tests builds it; the others find nothing left to do.
    SHARED_INDEX names a folder for it, which the gate asks its questions of afterwards.
    """
    from assistant.building import build
    from assistant.pipeline import Assistant

    own = tmp_path_factory.getbasetemp()
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    index = Path(os.environ.get("SHARED_INDEX") or common / "shared-index")
    settings = Settings(corpus=shared_corpus, index=index)
    with FileLock(f"{index}.lock"):
        report = build(settings)
    assert report.failed == []
    assistant = Assistant(settings)
    assistant.warm()
    return assistant
