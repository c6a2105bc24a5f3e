"""The whole flow of a question in one screen: understood, searched, answered, checked."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant import logs
from assistant.answering import citations, conversation, examples, register, replies, scopes
from assistant.answering.aliases import Aliases
from assistant.answering.answers import extent, hits, unquoted, with_copies
from assistant.answering.conversation import Understood
from assistant.answering.measures import findings_figures
from assistant.answering.register import Filters, Register
from assistant.answering.weighing import weighed
from assistant.building import limits
from assistant.errors import GenerationGone
from assistant.holdings import Held, Holdings
from assistant.indexing import prepare
from assistant.indexing.document_rows import document_rows
from assistant.indexing.embedding import Embedder, ModelEmbedder
from assistant.indexing.library import Library
from assistant.indexing.originals import Originals
from assistant.indexing.pending import Pending, pending
from assistant.records import Answer, Citation, Mode, Question, Role, Turn
from assistant.reports import DocumentRow, SearchResult
from assistant.retrieval import hybrid, query
from assistant.settings import Settings
from assistant.templates import Template
from assistant.writing import writer

SHOWN_PASSAGES = 10  # in an answer, as the contract has it
PICTURES_KEPT = 64
READ_AGAIN = 20_000  # characters of an earlier answer, whose items a question may point to
STRENGTHS_KEPT = 4096

_log = logging.getLogger(__name__)


class Assistant:
    """An open library that answers. Any number of threads may ask at once.

    llm is any llama-index LLM; without it the settings say whether a language model writes answers.
    Raises IndexMissing, IndexUnusable or SettingsError when made. The embedding model is loaded by warm() or by the
    first question.
    """

    def __init__(self, settings: Settings, embedder: Embedder | None = None, llm: Any = None) -> None:
        self.settings = settings
        self._refusal = Template.load(settings.prompts, "refusal.txt", {"searched"})
        self._near = Template.load(settings.prompts, "near.txt", {"searched"})
        self._empty = Template.load(settings.prompts, "empty.txt", set())
        self._over = Template.load(settings.prompts, "start_over.txt", set())
        self._embedder = embedder or ModelEmbedder(settings.model, settings.precision, prepare.cache(settings.index))
        self._writer = writer(settings, self._embedder, llm)
        self._aliases = Aliases.load(settings.corpus)
        self._originals = Originals(settings.corpus, limits(settings), settings.passwords)
        self._holdings = Holdings(settings, self._embedder)
        self._for(Role.CURATOR)
        self._readers = copy(self)
        self._readers._for(Role.READER)

    def _for(self, role: Role) -> None:
        self._restricted = role is not Role.CURATOR
        # What is kept is kept apart for each role, so that nothing passes from one to the other.
        self._picture = lru_cache(PICTURES_KEPT)(self._drawn)
        self._strength = lru_cache(STRENGTHS_KEPT)(self._weighed)

    def seen_by(self, role: Role) -> Assistant:
        """The same assistant as somebody of that role may use it: for readers restricted documents are not there."""
        return self if self._restricted or role is Role.CURATOR else self._readers

    def warm(self) -> None:
        """Load the embedding model; it takes a moment the first time and nothing after."""
        self._embedder.load()

    @property
    def generation(self) -> int:
        """The number of the generation that is being answered from."""
        return self._current().generation

    @property
    def state(self) -> tuple[int, int]:
        """Another one whenever a generation comes or documents.csv changes."""
        return self._holdings.now(self._restricted).stamp

    @property
    def writes(self) -> bool:
        """A language model writes answers."""
        return self._writer is not None

    def ask(self, question: Question) -> Answer:
        """An answer of verbatim quotes, a written one whose sentences are checked, or a refusal.

        Raises EmptyQuestion, QuestionTooLong, and UsageError for a filter by a kind that is not known.
        """
        *_, answer = self.asking(question)
        return answer

    def asking(self, question: Question, stopped: threading.Event | None = None) -> Iterator[Answer]:
        """The answer as it grows while a language model writes it; the last one is whole. Raises as ask() does.

        Once stopped is set, the model is told to stop and nothing more comes.
        """
        while True:
            held = self._holdings.now(self._restricted)
            try:
                for answer in self._replying(question, held, stopped):
                    yield answer
                _tell(answer)
                return
            except GenerationGone:
                if not self._holdings.has_newer(held):
                    raise

    def _replying(self, question: Question, held: Held, stopped: threading.Event | None) -> Iterator[Answer]:
        started = time.perf_counter()
        library = held.library
        whole = self._understood(question)
        if not whole.text:
            yield unquoted(question, library, self._over.fill(), Mode.EXTRACTIVE)
            return
        scope = scopes.scope(question.filters, library)
        if scope is None:
            yield unquoted(question, library, scopes.unfitting(question.filters), Mode.REFUSAL)
            return
        searched = self._searched(held, whole, scope, SHOWN_PASSAGES)
        reply = replies.reply(library, held.embedder, searched, self._aliases, scope, self.settings.answer_words)
        answer = Answer(
            id=question.id,
            question=question.text,
            understood=searched.understood,
            answer="\n\n".join([*reply.notices, self._said(reply, searched, library, scope)]),
            mode=reply.extract.mode,
            refused=reply.extract.refused,
            citations=with_copies(reply.extract.citations, library),
            passages=hits(library, reply.found),
            coverage=reply.coverage,
            seconds=round(time.perf_counter() - started, 4),
            generation=library.generation,
        )
        if self._writer is None or not reply.quoted or reply.extract.refused:
            yield answer
            return
        for written in self._writer.write(library, searched.text, reply.found, reply.extract, stopped):
            yield replace(
                answer,
                answer="\n\n".join([*reply.notices, written.markdown]),
                mode=written.mode,
                citations=with_copies(written.citations, library),
                writing=written.writing,
                seconds=round(time.perf_counter() - started, 4),
            )

    def _searched(self, held: Held, whole: Understood, scope: hybrid.Scope, top: int) -> replies.Searched:
        return replies.searched(held.library, held.embedder, whole, scope, top, held.english_only)

    def _said(self, reply: replies.Reply, searched: replies.Searched, library: Library, scope: hybrid.Scope) -> str:
        """The words of a reply; where they leave the reader with nothing, what was searched."""
        said = reply.extract.markdown
        if said and reply.explained:
            return said
        refusal = self._near if reply.near else self._refusal if library.documents else self._empty
        return searched.nothing or f"{said}\n\n{refusal.fill(searched=extent(library, scope))}".strip()

    def _understood(self, question: Question) -> Understood:
        """The question, made whole by what was asked before; without text when it only says to start over."""
        limit = self.settings.question_characters
        asked = query.understood(question.text, limit)
        history = [Turn(t.question[:limit], t.answer[:READ_AGAIN]) for t in question.history]
        whole = conversation.understood(asked, history)
        if not whole.text:
            return whole
        text = (self._writer.rewritten(asked, history) if history and self._writer else "") or whole.text
        return replace(whole, text=query.understood(text, len(text)))

    def search(self, question: Question, top: int = 10) -> SearchResult:
        """Ranked passages, best first. Raises EmptyQuestion, QuestionTooLong, UsageError for an unknown kind."""
        text = query.understood(question.text, self.settings.question_characters)
        while True:
            held = self._holdings.now(self._restricted)
            library = held.library
            try:
                scope = scopes.scope(question.filters, library)
                if scope is None:
                    return SearchResult(text, (), library.generation)
                searched = self._searched(held, Understood(text), scope, top)
                return SearchResult(searched.understood, hits(library, searched.found), library.generation)
            except GenerationGone:
                if not self._holdings.has_newer(held):
                    raise

    def quotes(self, passages: Iterable[str]) -> tuple[Citation, ...]:
        """Passages, by their ids, as quotes proven on their pages; what the library does not hold is left out."""
        library = self._current()
        return citations.quoted(library, filter(None, map(library.passage, passages)))

    def register(self, filters: Mapping[str, Any] | None = None) -> Register:
        """Every labelled finding that passes the filters (register.NAMES), with what the list covers.

        Raises UsageError for a filter that is not known, and for a document that is not in the library.
        """
        library = self._current()
        return register.register(library, Filters.read(filters or {}, library), self._aliases)

    def measured(self, labels: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """The figures of the register against labelled findings, over the documents of the library."""
        library = self._current()
        held = [label for label in labels if library.document(label["document"])]
        return findings_figures(held, library.findings())

    def finding_counts(self) -> dict[str, dict[str, int]]:
        """How many entries of each kind the register has for each document."""
        return register.counts(self._current(), self._aliases)

    def documents(self) -> list[DocumentRow]:
        """Every file of the corpus as the live generation has it, by name; refused ones with their reason."""
        return document_rows(self._current())

    def families(self) -> dict[str, str]:
        """By document what stands for its evaluation: the same for all documents of one."""
        return self._current().families()

    def pending(self) -> Pending:
        """How the corpus folder differs from the live generation. Raises CorpusMissing, CorpusUnreadable."""
        held = self._holdings.now(restricted=False)
        return pending(self.settings.corpus, self.settings.index, held.library, held.embedder.fingerprint)

    def check(self, path: Path, document: str) -> None:
        """Look at the first pages of a PDF that shall become that document. Raises DocumentRefused and OSError."""
        self._originals.check(path, document)

    def strength(self, document: str) -> str:
        """How strong a document's evidence is, in one line of its own words; '' where it does not say."""
        return self._strength(document, self.state)

    def examples(self, count: int = 4) -> list[str]:
        """Questions that this library can answer, of different kinds and about different documents."""
        return examples.questions(self._current(), count)

    def page_picture(self, document: str, page: int, width: int = 900) -> bytes:
        """The page as PNG, width pixels wide. Raises PageMissing, FileChanged."""
        return self._picture(document, page, width, self.state)

    def page_size(self, document: str, page: int) -> tuple[float, float]:
        """Width and height of a page in points. Raises PageMissing."""
        shown = self._current().page(document, page)
        return shown.width, shown.height

    def pdf_path(self, document: str) -> Path:
        """Where the PDF of a document of the library is. Raises PageMissing for any other name, and FileChanged."""
        return self._originals.path(self._current(), document)

    def _weighed(self, name: str, stamp: tuple[int, int]) -> str:
        return weighed(self._current(), name)

    def _drawn(self, document: str, page: int, width: int, stamp: tuple[int, int]) -> bytes:
        return self._originals.picture(self._current(), document, page, width)

    def _current(self) -> Library:
        return self._holdings.now(self._restricted).library


def _tell(answer: Answer) -> None:
    """How a question was answered, without a word of it."""
    logs.event(
        _log,
        "question_answered",
        f"answered in {answer.seconds:.2f} s ({answer.mode})",
        mode=str(answer.mode),
        refused=answer.refused,
        seconds=answer.seconds,
        generation=answer.generation,
    )
