"""The command line keeps its contract: results on standard output, all else on standard error."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import factories
import pytest
from typer.testing import Result

from assistant.faces.cli import app
from assistant.settings import Settings

Run = Callable[..., Result]

COMMANDS = ("index", "remove", "backup", "ask", "search", "documents", "register", "evaluate", "serve")
QUESTION = "Which programme reached 412 schools in nine districts?"
ANSWER_KEYS = {
    "id",
    "question",
    "understood",
    "answer",
    "mode",
    "refused",
    "citations",
    "passages",
    "coverage",
    "seconds",
    "generation",
}
REPORT_KEYS = {
    "notes",
    "renamed",
    "documents",
    "added",
    "changed",
    "removed",
    "unchanged",
    "failed",
    "warnings",
    "pages",
    "passages",
    "sentences",
    "findings",
    "seconds",
    "generation",
}


@pytest.fixture
def on_tiny(command_line: Run, tiny_settings: Settings) -> Run:
    """The command line on the tiny library."""
    return lambda *arguments: command_line(*arguments, "--corpus", tiny_settings.corpus, "--index", tiny_settings.index)


def written(folder: Path, *lines: Any) -> Path:
    file = folder / "questions.jsonl"
    file.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return file


def test_these_are_the_commands() -> None:
    assert tuple(command.callback.__name__ for command in app.registered_commands if command.callback) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_help_starts_with_something_to_type(name: str, command_line: Run) -> None:
    result = command_line(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.strip().startswith(f"assistant {name}")
    assert "--index DIR" in result.stdout


def test_the_program_s_help_starts_with_something_to_type(command_line: Run) -> None:
    assert command_line("--help").stdout.strip().startswith("assistant index")


def test_the_readme_says_of_each_command_what_its_help_says() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for command in app.registered_commands:
        assert command.callback
        assert f"| `assistant {command.callback.__name__}` | {command.short_help} |" in readme


def test_index_prints_its_report_as_json_alone(command_line: Run, tmp_path: Path) -> None:
    factories.brief(tmp_path / "corpus" / "coastal.pdf")
    first = command_line("index", "--json")
    assert first.exit_code == 0
    report = json.loads(first.stdout)
    assert set(report) == REPORT_KEYS
    assert report["added"] == ["coastal.pdf"]
    assert report["documents"] == 1
    assert "coastal.pdf" in first.stderr
    again = json.loads(command_line("index", "--json").stdout)
    assert (again["added"], again["changed"], again["unchanged"]) == ([], [], 1)


def test_index_says_what_it_did_to_people(command_line: Run, tmp_path: Path) -> None:
    factories.brief(tmp_path / "corpus" / "coastal.pdf")
    result = command_line("index")
    assert result.stdout.startswith("1 documents, 2 pages")
    assert "1 added, 0 changed, 0 removed, 0 unchanged" in result.stdout


def test_ask_as_json_is_the_contract_s_answer(on_tiny: Run) -> None:
    result = on_tiny("ask", QUESTION, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert set(answer) == ANSWER_KEYS
    assert answer["question"] == QUESTION
    assert len(answer["passages"]) <= 10


def test_ask_shows_people_each_source_with_its_page(on_tiny: Run) -> None:
    answer = json.loads(on_tiny("ask", QUESTION, "--json").stdout)
    shown = " ".join(on_tiny("ask", QUESTION).stdout.split())
    assert answer["citations"]
    for citation in answer["citations"]:
        assert f"[{citation['number']}] {citation['title']}, page {citation['page']}" in shown
        assert " ".join(citation["quote"].split()) in shown


def test_ask_says_how_strong_the_evidence_is_where_it_is_wanted(on_tiny: Run, tmp_path: Path) -> None:
    citations = json.loads(on_tiny("ask", QUESTION, "--json", "--strength").stdout)["citations"]
    assert all(isinstance(citation["strength"], str) for citation in citations)
    assert "Strength of the evidence" in on_tiny("ask", QUESTION, "--strength").stdout
    refused = on_tiny("ask", "--questions", tmp_path / "q.jsonl", "--strength")
    assert refused.exit_code == 2
    assert "--strength" in refused.stderr


def test_a_file_of_questions_is_answered_in_order(on_tiny: Run, tmp_path: Path) -> None:
    asked = [
        {"id": "b", "question": QUESTION, "note": "ignored"},
        {"id": "a", "question": "And the girls?", "history": [{"question": QUESTION, "answer": "412 schools."}]},
    ]
    result = on_tiny("ask", "--questions", written(tmp_path, *asked, ""), "--output", tmp_path / "answers.jsonl")
    assert result.exit_code == 0
    assert result.stdout == ""
    lines = (tmp_path / "answers.jsonl").read_text("utf-8").splitlines()
    answers = [json.loads(line) for line in lines]
    assert [answer["id"] for answer in answers] == ["b", "a"]
    assert all(set(answer) == ANSWER_KEYS for answer in answers)


def test_answers_without_an_output_file_go_to_standard_output(on_tiny: Run, tmp_path: Path) -> None:
    result = on_tiny("ask", "--questions", written(tmp_path, {"id": "q", "question": QUESTION}))
    assert json.loads(result.stdout)["id"] == "q"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "is no question"),
        ("[1]", "a JSON object was expected"),
        ({"id": "q2"}, '"question" must be a text'),
        ({"question": QUESTION}, '"id" is missing'),
        ({"id": "q2", "question": QUESTION, "history": ["hm"]}, '"history" must be a list'),
        ({"id": "q2", "question": QUESTION, "filters": "all"}, '"filters" must be an object'),
    ],
)
def test_a_bad_line_is_named_by_its_number_before_anything_is_answered(
    line: Any, said: str, on_tiny: Run, tmp_path: Path
) -> None:
    questions = written(tmp_path, {"id": "q1", "question": QUESTION}, "", line)
    result = on_tiny("ask", "--questions", questions, "--output", tmp_path / "answers.jsonl")
    assert result.exit_code == 2
    assert f"{questions}, line 3 is no question" in result.stderr
    assert said in result.stderr
    assert not (tmp_path / "answers.jsonl").exists()


def test_ask_wants_one_question_or_one_file(on_tiny: Run, tmp_path: Path) -> None:
    assert on_tiny("ask").exit_code == 2
    assert on_tiny("ask", QUESTION, "--questions", tmp_path / "q.jsonl").exit_code == 2
    assert "--questions" in on_tiny("ask", QUESTION, "--output", tmp_path / "a.jsonl").stderr


def test_search_as_json_gives_as_many_passages_as_asked_for(on_tiny: Run) -> None:
    found = json.loads(on_tiny("search", "district supervisors", "--top", "2", "--json").stdout)
    assert set(found) == {"question", "passages", "generation"}
    assert len(found["passages"]) == 2
    scores = [passage["score"] for passage in found["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_search_shows_people_document_and_page(on_tiny: Run) -> None:
    shown = on_tiny("search", "district supervisors travel budget").stdout
    assert shown.startswith("1. ")
    assert "page 2, coastal-schools.pdf" in " ".join(shown.split())


def test_documents_lists_every_file(on_tiny: Run) -> None:
    rows = json.loads(on_tiny("documents", "--json").stdout)
    assert [row["document"] for row in rows] == ["coastal-schools.pdf", "columns.pdf", "education/visits.pdf"]
    shown = on_tiny("documents").stdout
    assert all(row["document"] in shown for row in rows)


def test_evaluate_shows_the_figures_of_a_question_file(on_tiny: Run, tmp_path: Path) -> None:
    gold = [{"doc": "coastal-schools.pdf", "page": 1, "quote": factories.PARAGRAPH}]
    question = {"id": "q", "question": QUESTION, "category": "factoid", "answerable": True, "gold": gold, "facts": []}
    figures = json.loads(on_tiny("evaluate", written(tmp_path, question), "--json").stdout)
    assert figures["answered"] == 1
    assert figures["retrieval"]["hit10"] == 1
    assert "mrr10" in on_tiny("evaluate", written(tmp_path, question)).stdout


def test_evaluate_names_the_line_without_gold(on_tiny: Run, tmp_path: Path) -> None:
    result = on_tiny("evaluate", written(tmp_path, {"id": "q", "question": QUESTION}))
    assert result.exit_code == 2
    assert "line 1" in result.stderr


def test_control_characters_of_a_document_do_not_reach_the_terminal() -> None:
    from assistant.faces.command_line.terminal import documents_text

    class Row:
        document, pages, passages, findings, ocr_pages, language = "a\x1b[31m.pdf", 1, 1, 0, 0, "en"
        refused, detail, warnings = "", "", ()

    assert "\x1b" not in documents_text([Row()])


# A run that was started in the background ignores Ctrl+C, and what it starts inherits that.
RUN_INDEX = "import sys; sys.argv = ['assistant', 'index']; runpy.run_module('assistant', run_name='__main__')"


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl+C")
def test_ctrl_c_ends_with_a_line_and_no_traceback(tmp_path: Path) -> None:
    for number in range(20):
        factories.brief(tmp_path / "corpus" / f"brief-{number}.pdf", paragraphs=(f"Number {number}.",))
    heard = f"import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler); {RUN_INDEX}"
    child = subprocess.Popen([sys.executable, "-c", heard], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    first = child.stderr.readline()
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130, first + said
    assert said.endswith("Stopped. What was finished is kept.\n")
    assert "Traceback" not in said


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_that_a_library_swallows_stops_at_the_next_document() -> None:
    from assistant.faces.command_line.terminal import indexing
    from assistant.reports import Progress

    with indexing() as progress:
        progress(Progress("embed", "first.pdf", 0, 2))
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            progress(Progress("embed", "second.pdf", 1, 2))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
