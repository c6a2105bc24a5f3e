"""The commands that keep a library: index, which can also watch, verify and plan, remove and backup."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant import logs
from assistant.errors import AssistantError, UsageError
from assistant.faces.command_line.program import AsJson, Corpus, Index, Model, command, settings_of, show
from assistant.reports import BuildReport
from assistant.settings import Settings

_log = logging.getLogger(__name__)

Watch = Annotated[
    bool,
    typer.Option(
        "--watch",
        help="Stay, and index again whenever files of the corpus have changed and settled. For a network folder set "
        "WATCHFILES_FORCE_POLLING=1.",
    ),
]
Verify = Annotated[
    bool, typer.Option("--verify", help="Prove by every byte that index and corpus agree; exit code 1 where not.")
]
Purge = Annotated[
    bool, typer.Option("--purge", help="Erase at once what only older generations and removed documents hold.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and what it would cost; do nothing.")]


@command("assistant index --corpus reports/ --index index/")
def index(
    watch: Watch = False,
    verify: Verify = False,
    dry_run: DryRun = False,
    purge: Purge = False,
    corpus: Corpus = None,
    index: Index = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Bring the index up to date with the PDFs of the corpus; unchanged files cost nothing."""
    if watch + verify + dry_run + purge > 1:
        raise UsageError("--watch, --verify, --dry-run and --purge each go alone.")
    settings = _started(settings_of(corpus=corpus, index=index, model=model))
    if watch:
        _watch(settings, as_json)
    elif verify:
        _verify(settings, as_json)
    elif dry_run:
        _plan(settings, as_json)
    else:
        _build(settings, as_json, purge)


@command("assistant remove old-report.pdf")
def remove(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Paths of PDFs below the corpus folder.")],
    corpus: Corpus = None,
    index: Index = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Take documents out of the library; their PDFs are moved beside the corpus, from where they can come back."""
    from assistant import keeping
    from assistant.faces.command_line.keeping_texts import removed_text
    from assistant.faces.command_line.terminal import report_text
    from assistant.indexing.generations import writing

    settings = _started(settings_of(corpus=corpus, index=index, model=model))
    with writing(settings.index):  # nothing is moved where the index could not follow
        for name in names:
            keeping.find(settings, name)
    moved = {name: keeping.remove(settings, name) for name in dict.fromkeys(names)}
    if not as_json:
        print(removed_text(moved, settings.corpus))
    report = _indexed(settings)
    removed = [{"document": name, "moved_to": str(path)} for name, path in moved.items()]
    show(as_json, {"removed": removed, "report": asdict(report)}, report_text(report, settings.corpus))


@command("assistant backup library-2026-05\nassistant backup library-2026-05 --with-corpus")
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    with_corpus: Annotated[bool, typer.Option("--with-corpus", help="Copy the PDFs too.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    as_json: AsJson = False,
) -> None:
    """Copy index, staff data and prompts into a folder that can be used as it is, while everything goes on."""
    from assistant import keeping
    from assistant.faces.command_line.keeping_texts import backup_text
    from assistant.faces.command_line.terminal import working

    settings = _started(settings_of(corpus=corpus, index=index))
    with working("Copying the library"):
        done = keeping.backup(settings, folder, with_corpus)
    show(as_json, asdict(done), backup_text(done))


def _started(settings: Settings) -> Settings:
    logs.start(settings.log_level, settings.log_format)
    return settings


def _indexed(settings: Settings, leave: Collection[str] = (), purge: bool = False) -> BuildReport:
    from assistant.building import build
    from assistant.faces.command_line.terminal import indexing

    with indexing() as progress:
        return build(settings, progress, purge=purge, leave=leave)


def _build(settings: Settings, as_json: bool, purge: bool) -> None:
    from assistant.faces.command_line.terminal import report_text

    report = _indexed(settings, purge=purge)
    show(as_json, asdict(report), report_text(report, settings.corpus))


def _watch(settings: Settings, as_json: bool) -> None:
    """One line for each run, or one JSON object."""
    from assistant import keeping
    from assistant.faces.command_line.keeping_texts import change_text

    logs.event(_log, "watching", f"watching {settings.corpus}; stop with Ctrl+C")
    for outcome in keeping.watch(settings, lambda leave: _indexed(settings, leave)):
        if isinstance(outcome, AssistantError):
            logs.event(_log, "failed", str(outcome), logging.ERROR)
        else:
            print(json.dumps(asdict(outcome)) if as_json else change_text(outcome), flush=True)


def _verify(settings: Settings, as_json: bool) -> None:
    from assistant import keeping
    from assistant.faces.command_line.keeping_texts import proof_text
    from assistant.faces.command_line.terminal import working

    with working("Comparing index and corpus"):
        proof = keeping.verify(settings)
    show(as_json, asdict(proof), proof_text(proof))
    if proof.differences:
        raise typer.Exit(1)


def _plan(settings: Settings, as_json: bool) -> None:
    from assistant import keeping
    from assistant.faces.command_line.keeping_texts import plan_text
    from assistant.faces.command_line.terminal import working

    with working("Looking at the corpus"):
        planned = keeping.plan(settings)
    show(as_json, asdict(planned), plan_text(planned))
