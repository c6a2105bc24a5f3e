"""The commands that use a library: ask, search, documents, register, evaluate and serve.

Results go to standard output, all else to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from assistant import logs
from assistant.errors import UsageError
from assistant.faces.command_line.program import AsJson, Corpus, Index, Model, command, opened, settings_of, show
from assistant.records import Question
from assistant.settings import Settings

Asked = Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in quotation marks.")]


@command('assistant ask "What was recommended to the ministry?"\nassistant ask --questions Q.jsonl --output A.jsonl')
def ask(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="The question, in quotes.")] = None,
    questions: Annotated[
        Path | None, typer.Option("--questions", metavar="FILE", help='A question {"id", "question"} on each line.')
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Where the answers go, one JSON object a line.")
    ] = None,
    strength: Annotated[
        bool, typer.Option("--strength", help="Say of every document cited how strong its evidence is.")
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question, or a file of questions, with citations."""
    if (question is None) == (questions is None):
        raise UsageError(
            'Ask one question or name a file of them: assistant ask "…", or assistant ask --questions FILE'
        )
    if output and not questions:
        raise UsageError("--output goes with --questions FILE; for one question use --json and redirect it.")
    if strength and questions:
        raise UsageError("--strength goes with one question, not with --questions FILE.")
    settings = settings_of(corpus=corpus, index=index, model=model)
    if questions:
        _ask_all(settings, questions, output)
        return
    from assistant.faces.command_line.terminal import answer_text, working
    from assistant.faces.rendering import answer_json

    with working("Searching the library"):
        assistant = opened(settings)
        answer = assistant.ask(Question(question or ""))
        told = assistant.strength if strength else None
        shown = answer_json(answer, told), answer_text(answer, told)
    show(as_json, *shown)


@command('assistant search "training of inspectors" --top 3')
def search(
    question: Asked,
    top: Annotated[int, typer.Option("--top", min=1, help="How many passages.")] = 10,
    corpus: Corpus = None,
    index: Index = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Show the passages nearest to a question, best first, without an answer."""
    from assistant.faces.command_line.terminal import search_text, working
    from assistant.faces.rendering import search_json

    settings = settings_of(corpus=corpus, index=index, model=model)
    with working("Searching the library"):
        found = opened(settings).search(Question(question), top)
    show(as_json, search_json(found), search_text(found))


@command("assistant documents")
def documents(corpus: Corpus = None, index: Index = None, model: Model = None, as_json: AsJson = False) -> None:
    """Show the library: every file with its pages, passages and findings, and what went wrong."""
    from assistant.faces.command_line.terminal import documents_text, working
    from assistant.faces.rendering import documents_json

    settings = settings_of(corpus=corpus, index=index, model=model)
    with working("Opening the library"):
        rows = opened(settings).documents()
    show(as_json, documents_json(rows), documents_text(rows))


@command(
    "assistant register --kind recommendation --addressee ministry\n"
    "assistant register --kind lesson --format docx --output lessons.docx"
)
def register(
    kind: Annotated[list[str] | None, typer.Option("--kind", help="A kind of finding; may be repeated.")] = None,
    addressee: Annotated[
        list[str] | None, typer.Option("--addressee", help="To whom; names of one group count.")
    ] = None,
    document: Annotated[list[str] | None, typer.Option("--document", help="A part of a name or title.")] = None,
    project: Annotated[list[str] | None, typer.Option("--project", help="A project it is about.")] = None,
    criterion: Annotated[list[str] | None, typer.Option("--criterion", help="An evaluation criterion.")] = None,
    year: Annotated[list[str] | None, typer.Option("--year", help="Of the document.")] = None,
    type: Annotated[list[str] | None, typer.Option("--type", help="Of the document: evaluation brief.")] = None,
    words: Annotated[list[str] | None, typer.Option("--words", help="Words that all must stand in it.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, json, csv, xlsx, docx or md.")] = "table",
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Where it goes.")] = None,
    corpus: Corpus = None,
    index: Index = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """List every finding that the documents label, filtered, with what the list covers."""
    from assistant.faces.command_line.terminal import working
    from assistant.faces.exporting.register import export
    from assistant.faces.rendering import clean

    filters = {
        "kind": kind,
        "addressee": addressee,
        "document": document,
        "project": project,
        "criterion": criterion,
        "year": year,
        "type": type,
        "words": words,
    }
    if form in ("xlsx", "docx") and not (output or as_json) and sys.stdout.isatty():
        raise UsageError(f"A {form} file is nothing to read on a terminal. Name a file with --output FILE.")
    with working("Opening the library"):
        found = opened(settings_of(corpus=corpus, index=index, model=model)).register(filters)
        made = export(found, "json" if as_json else form)
    if output:
        _write(made, output)
    elif form in ("xlsx", "docx") and not as_json:
        sys.stdout.buffer.write(made)
    else:
        print(made.decode("utf-8-sig") if as_json or form != "table" else clean(made.decode()))
    if form not in ("table", "md", "docx") or as_json:
        print(found.sentence(), file=sys.stderr)


@command("assistant evaluate questions.jsonl")
def evaluate(
    questions: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Questions with their gold passages, one a line.")
    ] = None,
    findings: Annotated[
        Path | None, typer.Option("--findings", metavar="FILE", help="Labelled findings, one a line.")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a file of gold questions, or compare the register with labels, and show the figures."""
    from assistant import evaluation
    from assistant.faces.command_line.questions import GOLD_FIELDS, read_labels, read_questions
    from assistant.faces.command_line.terminal import figures_text

    if questions is None and findings is None:
        raise UsageError("Name a file of gold questions, or labelled findings with --findings FILE.")
    settings = settings_of(corpus=corpus, index=index, model=model)
    figures: dict[str, Any] = {}
    if questions:
        gold = read_questions(questions, GOLD_FIELDS)
        answers = _answers(settings, questions, [q for q, _ in gold])
        figures = evaluation.evaluate([value for _, value in gold], answers)
    if findings:
        figures["findings"] = opened(settings).measured(read_labels(findings))
    show(as_json, figures, figures_text(figures))


@command("assistant serve --port 7860")
def serve(
    host: Annotated[str | None, typer.Option("--host", help="A loopback address (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="The port (7860).")] = None,
    corpus: Corpus = None,
    index: Index = None,
    model: Model = None,
) -> None:
    """Serve the web page and the REST service until stopped with Ctrl+C."""
    settings = settings_of(host=host, port=port, corpus=corpus, index=index, model=model)
    logs.start(settings.log_level, settings.log_format)
    from assistant.faces.service import serve

    serve(settings)


def _ask_all(settings: Settings, questions: Path, output: Path | None) -> None:
    """Write an answer for each question as soon as it is there, so that a long run can be watched and stopped."""
    from assistant.faces.command_line.questions import read_questions

    asked = [question for question, _ in read_questions(questions)]
    target = _writable(output) if output else sys.stdout
    for answer in _answers(settings, questions, asked):
        print(json.dumps(answer, ensure_ascii=False), file=target, flush=True)
    if output:
        target.close()
        print(f"{len(asked)} answers in {output}", file=sys.stderr)


def _answers(settings: Settings, file: Path, questions: list[Question]) -> Iterator[dict[str, Any]]:
    from assistant.faces.command_line.terminal import working
    from assistant.faces.rendering import answer_json

    assistant = None
    for number, question in enumerate(questions, start=1):
        with working(f"Question {number} of {len(questions)}"):
            assistant = assistant or opened(settings)
            try:
                answer = assistant.ask(question)
            except UsageError as error:
                raise UsageError(f"{file}, question {number} ({question.id}): {error}") from None
        yield answer_json(answer)


def _writable(file: Path) -> TextIO:
    try:
        return file.open("w", encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"Cannot write answers to {file} ({error.strerror}).") from None


def _write(content: bytes, file: Path) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise UsageError(f"Cannot write to {file} ({error.strerror}).") from None
