"""Another embedding model is set: the old index answers with its own model until the new one is complete."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import factories
import pytest

from assistant.building import build
from assistant.errors import IndexUnusable
from assistant.indexing import model_files
from assistant.pipeline import Assistant
from assistant.records import Question
from assistant.settings import Settings

pytestmark = pytest.mark.slow

REACHED = Question("Which programme reached 412 schools in nine districts?")


@pytest.fixture
def another(tmp_path: Path) -> str:
    """A folder with a model that is another one by its files."""
    folder = tmp_path / "another"
    shutil.copytree(model_files.model_folder(""), folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "made_by": "a test"}), "utf-8")
    return str(folder)


def test_the_old_index_answers_until_the_new_one_is_complete(tmp_path: Path, another: str) -> None:
    factories.brief(tmp_path / "corpus" / "schools.pdf")
    before = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    build(before)
    now = replace(before, model=another)
    assistant = Assistant(now)
    answer = assistant.ask(REACHED)
    assert (answer.generation, answer.refused, bool(answer.citations)) == (1, False, True)
    report = build(now)
    assert report.notes[0].startswith("The embedding model has changed, so all 1 documents")
    assert assistant.ask(REACHED).generation == 2
    shutil.rmtree(another)
    with pytest.raises(IndexUnusable, match="another embedding model"):
        Assistant(before)
