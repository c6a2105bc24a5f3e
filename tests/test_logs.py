"""What is told on standard error: events that programs can read, levels that hold, and nobody's text."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import factories
import pytest
from fakes import WordHashEmbedder
from typer.testing import Result

from assistant import building, logs, pipeline
from assistant.errors import SettingsError
from assistant.records import Question
from assistant.settings import Settings

Run = Callable[..., Result]
MARKED = "Nebuchadnezzar"
OPENS = "sesame-open-wide"


@pytest.fixture
def telling() -> Iterator[Callable[..., None]]:
    yield logs.start
    logs.stop()


def told(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def corpus(folder: Path) -> None:
    """Documents with a marked sentence: one that is read, one that is protected, one that is damaged."""
    factories.brief(folder / "schools.pdf", title=f"Report of {MARKED}", paragraphs=(f"The secret is {MARKED}.",))
    factories.encrypted(folder / "locked.pdf")
    (folder / "bad.pdf").write_bytes(f"%PDF-1.4 {MARKED}".encode())


def test_indexing_tells_its_events_as_objects_and_nothing_of_the_text(
    command_line: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus(tmp_path / "corpus")
    (tmp_path / "assistant.toml").write_text(f'[passwords]\n"other.pdf" = "{OPENS}"\n')
    monkeypatch.setenv("ASSISTANT_LOG_FORMAT", "json")
    for level in ("info", "debug"):
        monkeypatch.setenv("ASSISTANT_LOG_LEVEL", level)
        result = command_line("index", "--index", level)
        assert result.exit_code == 0
        assert MARKED not in result.stderr + result.stdout
        assert OPENS not in result.stderr
    events = told(result.stderr)
    assert all({"time", "level", "event", "message"} <= each.keys() for each in events)
    names = [each["event"] for each in events]
    assert (names[0], names[-1]) == ("started", "generation_live")
    assert (events[0]["files"], events[-1]["generation"]) == (3, 1)
    [read] = [each for each in events if each["event"] == "document_read"]
    assert (read["document"], read["pages"], read["level"]) == ("schools.pdf", 2, "info")
    assert read["seconds"] >= 0
    refused = {each["document"]: each["reason"] for each in events if each["event"] == "document_refused"}
    assert refused.keys() == {"locked.pdf", "bad.pdf"}
    assert refused["locked.pdf"] == "encrypted"


def test_progress_tells_how_fast_and_how_long(
    command_line: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        factories.brief(tmp_path / "corpus" / f"{number}.pdf", paragraphs=(f"Number {number}.",))
    monkeypatch.setenv("ASSISTANT_LOG_FORMAT", "json")
    steps = [each for each in told(command_line("index").stderr) if each["event"] == "progress"]
    assert [(step["stage"], step["document"], step["done"], step["total"]) for step in steps] == [
        ("embed", "0.pdf", 0, 3),
        ("embed", "1.pdf", 1, 3),
        ("embed", "2.pdf", 2, 3),
        ("assemble", "", 3, 3),
    ]
    assert steps[0]["seconds_left"] is None
    assert [step["pages"] for step in steps] == [0, 2, 4, 6]
    assert steps[1]["seconds_left"] > 0 < steps[1]["pages_per_second"]
    assert steps[-1]["seconds_left"] == 0


def test_people_read_lines_with_the_pace(command_line: Run, tmp_path: Path) -> None:
    for number in range(2):
        factories.brief(tmp_path / "corpus" / f"{number}.pdf", paragraphs=(f"Number {number}.",))
    said = command_line("index").stderr
    assert "info: 1/2 embed 1.pdf, " in said
    assert "pages a second" in said


def test_a_higher_level_is_silent_of_all_below(
    command_line: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus(tmp_path / "corpus")
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "warning")
    lines = command_line("index").stderr.splitlines()
    assert len(lines) == 2
    assert all("was refused" in line for line in lines)
    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", "error")
    assert command_line("index", "--index", "other").stderr == ""


@pytest.mark.parametrize("setting", ["LOG_LEVEL", "LOG_FORMAT"])
def test_a_level_or_format_that_is_not_known_is_told(
    setting: str, command_line: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{setting}", "chatty")
    result = command_line("index")
    assert result.exit_code == 2
    assert f"'{setting.lower()}' is 'chatty'; it can be" in result.stderr
    with pytest.raises(SettingsError):
        logs.start("info", "xml")


def test_an_error_is_an_object_too_where_objects_are_read(command_line: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LOG_FORMAT", "json")
    result = command_line("index", "--corpus", "none")
    [event] = told(result.stderr)
    assert (result.exit_code, event["event"], event["level"]) == (1, "failed", "error")
    assert "There is no folder none" in event["message"]


@pytest.mark.parametrize("level", ["info", "debug"])
def test_a_foreign_error_shows_its_kind_and_at_debug_its_place_but_never_its_words(
    level: str, command_line: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise ValueError(MARKED)

    monkeypatch.setenv("ASSISTANT_LOG_LEVEL", level)
    monkeypatch.setattr(building, "build", fail)
    result = command_line("index")
    assert result.exit_code == 1
    assert "(ValueError)" in result.stderr
    assert MARKED not in result.stderr
    assert ("test_logs.py" in result.stderr) == (level == "debug")


@pytest.mark.parametrize("form", logs.FORMATS)
def test_the_name_of_a_file_cannot_forge_a_line_or_command_a_terminal(
    form: str, telling: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    telling("info", form)
    name = "a\nerror: all is lost\x1b[2J\u202e\udcff.pdf"
    logs.event(logging.getLogger("assistant.test"), "document_read", name, document=name)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.removesuffix("\n").isprintable()


def test_answering_tells_how_but_not_what(
    telling: Callable[..., None], tiny_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    telling("debug", "json")
    assistant = pipeline.Assistant(tiny_settings, embedder=WordHashEmbedder())
    answer = assistant.ask(Question(f"Which programme reached 412 schools? {MARKED}"))
    said = capsys.readouterr().err
    opened, answered = told(said)
    assert (opened["event"], opened["generation"], opened["documents"]) == ("generation_opened", 1, 3)
    assert {name: answered[name] for name in ("event", "mode", "refused", "seconds", "generation")} == {
        "event": "question_answered",
        "mode": answer.mode,
        "refused": answer.refused,
        "seconds": answer.seconds,
        "generation": 1,
    }
    assert MARKED not in said
    assert "412" not in said


def test_the_server_s_own_errors_are_told_without_the_words_they_are_about(
    telling: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    telling("info", "json")
    server = logging.getLogger("uvicorn.error")
    server.info("Started server process")
    try:
        raise ValueError(MARKED)
    except ValueError:
        server.exception("Exception in ASGI application\n")
    [event] = told(capsys.readouterr().err)
    assert (event["event"], event["message"]) == ("uvicorn.error", "Exception in ASGI application (ValueError)")
