"""Whatever is wrong is said in a sentence with an exit code, without a traceback, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import factories
import pytest
from typer.testing import CliRunner, Result

from assistant.faces.cli import app
from assistant.settings import Settings

Run = Callable[..., Result]

QUESTION = "Which programme reached 412 schools in nine districts?"
ASKING = (("ask", QUESTION), ("search", QUESTION), ("documents",))


@pytest.fixture
def index_copy(tiny_settings: Settings, tmp_path: Path) -> Path:
    """The index of the tiny library, to be spoilt."""
    return shutil.copytree(tiny_settings.index, tmp_path / "index")


def said_so(result: Result, exit_code: int, *words: str) -> bool:
    """The command ended as it should: with that code, and a sentence with these words on standard error."""
    assert result.exit_code == exit_code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert all(word in result.stderr for word in words), result.stderr
    return True


@pytest.mark.parametrize("command", ASKING, ids=lambda command: command[0])
@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_without_an_index_the_command_to_type_is_named(
    command: tuple[str, ...], options: tuple[str, ...], command_line: Run
) -> None:
    assert said_so(command_line(*command, *options), 1, "No index in index", "assistant index")


def test_the_command_to_type_names_the_folder_that_was_named(command_line: Run) -> None:
    assert said_so(command_line("ask", QUESTION, "--index", "mine"), 1, "assistant index --index mine")


def test_tools_on_stdio_say_what_is_wrong_in_a_sentence(tmp_path: Path) -> None:
    started = [sys.executable, "-m", "assistant.faces.mcp"]
    ended = subprocess.run(started, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.strip() == "No index in index. Build one with: assistant index"


def test_a_corpus_folder_that_is_not_there_is_named(command_line: Run) -> None:
    assert said_so(command_line("index", "--corpus", "reports"), 1, "There is no folder reports")


def test_an_empty_corpus_makes_an_empty_library_that_says_so(command_line: Run, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    assert json.loads(command_line("index", "--json").stdout)["documents"] == 0
    indexed = command_line("index")
    assert indexed.exit_code == 0
    assert "There is no PDF in corpus" in indexed.stdout
    asked = command_line("ask", QUESTION, "--json")
    assert asked.exit_code == 0
    answer = json.loads(asked.stdout)
    assert answer["refused"]
    assert answer["citations"] == answer["passages"] == []
    assert json.loads(command_line("documents", "--json").stdout) == []
    assert "library is empty" in command_line("documents").stdout


@pytest.mark.parametrize("make", [factories.not_a_pdf, factories.encrypted, factories.truncated])
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_indexed(
    make: Callable[[Path], Path], command_line: Run, tmp_path: Path
) -> None:
    factories.brief(tmp_path / "corpus" / "good.pdf")
    make(tmp_path / "corpus" / "bad.pdf")
    result = command_line("index", "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["documents"] == 1
    [failed] = report["failed"]
    assert failed["document"] == "bad.pdf"
    assert failed["reason"]
    assert failed["detail"]
    assert f"Refused: bad.pdf ({failed['reason']})" in command_line("index").stdout
    [row] = [row for row in json.loads(command_line("documents", "--json").stdout) if row["document"] == "bad.pdf"]
    assert row["refused"] == failed["reason"]
    assert not json.loads(command_line("ask", QUESTION, "--json").stdout)["refused"]


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_turned_down(question: str, command_line: Run, tiny_settings: Settings) -> None:
    for command in ("ask", "search"):
        assert said_so(command_line(command, question, "--index", tiny_settings.index), 2, "question is empty")


def test_ten_thousand_characters_are_too_long_a_question(command_line: Run, tiny_settings: Settings) -> None:
    result = command_line("ask", "why " * 2500, "--index", tiny_settings.index)
    assert said_so(result, 2, "10,000 characters")


def test_a_question_that_is_too_long_is_named_in_its_file_and_earlier_answers_are_kept(
    command_line: Run, tiny_settings: Settings, tmp_path: Path
) -> None:
    questions, output = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
    lines = [{"id": "good", "question": QUESTION}, {"id": "long", "question": "why " * 2500}]
    questions.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    arguments = ("--questions", questions, "--output", output, "--index", tiny_settings.index)
    assert said_so(command_line("ask", *arguments), 2, "question 2 (long)")
    assert json.loads(output.read_text("utf-8"))["id"] == "good"


def test_a_question_file_that_is_not_there_is_named(command_line: Run) -> None:
    assert said_so(command_line("ask", "--questions", "none.jsonl"), 2, "none.jsonl cannot be read")


def test_an_output_file_that_cannot_be_written_is_named(
    command_line: Run, tiny_settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps({"id": "q", "question": QUESTION}), "utf-8")
    output = tmp_path / "none" / "answers.jsonl"
    result = command_line("ask", "--questions", "questions.jsonl", "--output", output, "--index", tiny_settings.index)
    assert said_so(result, 2, f"Cannot write answers to {output}")


@pytest.mark.parametrize("command", ASKING, ids=lambda command: command[0])
def test_an_index_of_another_model_is_not_searched(
    command: tuple[str, ...], command_line: Run, index_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fakes import WordHashEmbedder

    from assistant import pipeline

    other = partial(pipeline.Assistant, embedder=WordHashEmbedder("another model"))
    monkeypatch.setattr(pipeline, "Assistant", other)
    assert said_so(command_line(*command, "--index", index_copy), 1, "cannot be used", "model", "assistant index")


def test_an_index_of_another_version_is_not_searched(command_line: Run, index_copy: Path) -> None:
    [*_, newest] = sorted((index_copy / "generations").glob("*.json"))
    manifest = json.loads(newest.read_text("utf-8"))
    newest.write_text(json.dumps({**manifest, "schema": 9999}), "utf-8")
    assert said_so(command_line("ask", QUESTION, "--index", index_copy), 1, "cannot be used", "assistant index")


def test_a_damaged_index_is_mended_by_indexing_again(
    command_line: Run, index_copy: Path, tiny_settings: Settings
) -> None:
    for segment in (index_copy / "segments").rglob("*"):
        if segment.is_file():
            segment.write_bytes(b"")
    assert said_so(command_line("ask", QUESTION, "--index", index_copy), 1, "cannot be used", "assistant index")
    where = ("--corpus", tiny_settings.corpus, "--index", index_copy)
    assert command_line("index", *where).exit_code == 0
    assert command_line("ask", QUESTION, *where).exit_code == 0


def test_a_port_in_use_is_named_with_another(command_line: Run, tiny_settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = command_line("serve", "--port", port, "--index", tiny_settings.index)
    assert said_so(result, 1, f"Port {port} on 127.0.0.1 is in use", "--port")


def test_an_address_of_the_network_is_not_served(command_line: Run, tiny_settings: Settings) -> None:
    result = command_line("serve", "--host", "192.0.2.1", "--index", tiny_settings.index)
    assert said_so(result, 2, "192.0.2.1", "127.0.0.1")


@pytest.mark.parametrize("below", ["", "index"], ids=["is a file", "below a file"])
def test_an_index_folder_that_cannot_be_written_is_named(below: str, command_line: Run, tmp_path: Path) -> None:
    factories.brief(tmp_path / "corpus" / "good.pdf")
    file = tmp_path / "notes.txt"
    file.write_text("not a folder", "utf-8")
    assert said_so(command_line("index", "--index", file / below), 1, "Cannot write to the index folder", "--index DIR")
    assert file.read_text("utf-8") == "not a folder"


def test_a_settings_file_with_an_unknown_key_is_named(command_line: Run, tmp_path: Path) -> None:
    (tmp_path / "assistant.toml").write_text('colour = "blue"', "utf-8")
    assert said_so(command_line("documents"), 2, "colour", "assistant.toml", "Known:")


def test_a_model_that_is_not_there_is_named_and_the_index_is_kept(tiny_settings: Settings, index_copy: Path) -> None:
    # Not the command line with word hashes: the model is what is tried.
    arguments = ("index", "--model", "no-such-model", "--corpus", tiny_settings.corpus, "--index", index_copy)
    before = sorted((index_copy / "generations").iterdir())
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert said_so(result, 1, "'no-such-model' cannot be loaded", "--model")
    assert sorted((index_copy / "generations").iterdir()) == before
