"""The whole flow in one screen: a folder of PDFs becomes a library, and a question an answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.answering import conversation, endpoint, examples, register, replies
from assistant.answering.aliases import Aliases
from assistant.answering.calls import ModelCaller
from assistant.answering.conversation import Understood
from assistant.answering.generative import Writer
from assistant.answering.measures import findings_figures
from assistant.answering.prompting import Prompts
from assistant.answering.register import Filters, Register
from assistant.errors import AssistantError, DocumentRefused, PageMissing, SettingsError
from assistant.indexing import generations, inventory, prepare, recording
from assistant.indexing.embedding import Embedder, ModelEmbedder
from assistant.indexing.generations import Refused
from assistant.indexing.library import Library
from assistant.indexing.record_store import RecordStore
from assistant.reading import sandbox
from assistant.reading.sandbox import READER_VERSION
from assistant.records import Answer, Document, Hit, Mode, Question, Turn
from assistant.reports import BuildReport, DocumentRow, Progress, SearchResult
from assistant.retrieval import hybrid, query
from assistant.retrieval.hybrid import Found
from assistant.settings import Settings
from assistant.templates import Template
from assistant.understanding import catalogue, strength
from assistant.understanding.corrections import read_corrections
from assistant.understanding.printed import fold

SHOWN_PASSAGES = 10  # in an answer, as the contract has it
PICTURES_KEPT = 64
READ_AGAIN = 20_000  # characters of an earlier answer, whose items a question may point to
STRENGTHS_KEPT = 4096
TITLE_PAGES = 3  # where a document says what evaluation it reports


# --- building --------------------------------------------------------------------------------------------------------


def build(
    settings: Settings, progress: Callable[[Progress], None] | None = None, embedder: Embedder | None = None
) -> BuildReport:
    """Bring the index up to date with the corpus; files that did not change cost only the reading of their bytes.

    Raises CorpusMissing, CorpusUnreadable, IndexBusy, IndexUnwritable, IndexUnusable and ModelUnusable; a file that
    cannot be read is told in the report instead.
    """
    started = time.perf_counter()
    embedder = embedder or ModelEmbedder(settings.model, settings.precision, prepare.cache(settings.index))
    tell = progress or (lambda _: None)
    files = inventory.pdfs(settings.corpus)
    with generations.writing(settings.index):
        before = inventory.live(settings.index)
        corrections = read_corrections(settings.corpus)
        records = RecordStore(settings.index / "records")
        hashes, unreadable = inventory.hashed(files)
        files = {name: path for name, path in files.items() if name in hashes}
        keys = inventory.keys_of(before, hashes, embedder.fingerprint, records)
        refused = inventory.still_refused(before, hashes, settings.passwords) | unreadable
        wanted = {name: path for name, path in files.items() if name not in refused and not records.has(keys[name])}
        spent = {"read": 0.0, "embed": 0.0}
        done = len(files) - len(wanted)
        with ThreadPoolExecutor(1) as shelving:  # a record is written while the next document is embedded
            writing: Future[None] | None = None
            for name, reading, seconds in recording.readings(
                wanted, _limits(settings), settings.read_processes, settings.passwords
            ):
                tell(Progress("embed", name, done, len(files)))
                done += 1
                spent["read"] += seconds
                if isinstance(reading, DocumentRefused):
                    refused[name] = Refused(name, reading.reason, reading.detail, hashes[name])
                else:
                    clock = time.perf_counter()
                    made = recording.record(reading, hashes[name], files[name].stat().st_size, embedder)
                    if writing:
                        writing.result()  # a full disk is told now, not after the whole library has been embedded
                    writing = shelving.submit(records.write, keys[name], made)
                    spent["embed"] += time.perf_counter() - clock
            if writing:
                writing.result()
        tell(Progress("assemble", "", len(files), len(files)))
        clock = time.perf_counter()
        number = generations.assemble(
            settings.index,
            [(name, keys[name]) for name in files if name not in refused],
            fingerprint=embedder.fingerprint,
            reader=READER_VERSION,
            refused=[refused[name] for name in sorted(refused)],
            corrections=corrections,
        )
        spent["assemble"] = time.perf_counter() - clock
    spent["total"] = time.perf_counter() - started
    report = inventory.report(before, generations.live_manifest(settings.index), number, spent)
    report.warnings.extend(
        {"document": catalogue.FILE, "page": 0, "reason": reason}
        for _, reason in catalogue.read_catalogue(settings.corpus, files).problems
    )
    return report


def _limits(settings: Settings) -> sandbox.Limits:
    return sandbox.Limits(
        settings.read_seconds,
        settings.read_megabytes,
        settings.read_pages,
        settings.read_characters,
        settings.ocr_seconds_per_page,
    )


# --- asking ----------------------------------------------------------------------------------------------------------


class Assistant:
    """An open library that answers. Any number of threads may ask at once.

    llm is any llama-index LLM; without it the settings say whether a language model writes answers.
    Raises IndexMissing, IndexUnusable or SettingsError when made. The embedding model is loaded by warm() or by the
    first question.
    """

    def __init__(self, settings: Settings, embedder: Embedder | None = None, llm: Any = None) -> None:
        self.settings = settings
        self._refusal = Template.load(settings.prompts, "refusal.txt", {"searched"})
        self._empty = Template.load(settings.prompts, "empty.txt", set())
        self._over = Template.load(settings.prompts, "start_over.txt", set())
        self._embedder = embedder or ModelEmbedder(settings.model, settings.precision, prepare.cache(settings.index))
        self._english_only = not settings.model
        self._writer = _writer(settings, self._embedder, llm)
        self._aliases = Aliases.load(settings.corpus)
        self._library = self._opened()
        self._lock = threading.Lock()
        self._picture = lru_cache(PICTURES_KEPT)(self._drawn)
        self._strength = lru_cache(STRENGTHS_KEPT)(self._weighed)

    def warm(self) -> None:
        """Load the embedding model; it takes a moment the first time and nothing after."""
        self._embedder.load()

    @property
    def generation(self) -> int:
        """The number of the generation that is being answered from."""
        return self._current().generation

    @property
    def writes(self) -> bool:
        """A language model writes answers."""
        return self._writer is not None

    def ask(self, question: Question) -> Answer:
        """An answer of verbatim quotes, a written one whose sentences are checked, or a refusal.

        Raises EmptyQuestion, QuestionTooLong.
        """
        *_, answer = self.asking(question)
        return answer

    def asking(self, question: Question, stopped: threading.Event | None = None) -> Iterator[Answer]:
        """The answer as it grows while a language model writes it; the last one is whole. Raises as ask() does.

        Once stopped is set, the model is told to stop and nothing more comes.
        """
        started = time.perf_counter()
        library = self._current()
        whole = self._understood(question)
        if not whole.text:
            yield self._started_over(question, library)
            return
        scope = _scope(question, library)
        searched = self._searched(library, whole, scope, SHOWN_PASSAGES)
        reply = replies.reply(library, self._embedder, searched, self._aliases, scope, self.settings.answer_words)
        answer = Answer(
            id=question.id,
            question=question.text,
            understood=searched.understood,
            answer="\n\n".join([*reply.notices, self._said(reply, searched, library, scope)]),
            mode=reply.extract.mode,
            refused=reply.extract.refused,
            citations=reply.extract.citations,
            passages=_hits(library, reply.found),
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
                citations=written.citations,
                writing=written.writing,
                seconds=round(time.perf_counter() - started, 4),
            )

    def _searched(self, library: Library, whole: Understood, scope: hybrid.Scope, top: int) -> replies.Searched:
        return replies.searched(library, self._embedder, whole, scope, top, self._english_only)

    def _said(self, reply: replies.Reply, searched: replies.Searched, library: Library, scope: hybrid.Scope) -> str:
        """The words of a reply; where they leave the reader with nothing, what was searched."""
        said = reply.extract.markdown
        if said and reply.explained:
            return said
        refusal = self._refusal if library.documents else self._empty
        return searched.nothing or f"{said}\n\n{refusal.fill(searched=_extent(library, scope))}".strip()

    def _started_over(self, question: Question, library: Library) -> Answer:
        return Answer(
            id=question.id,
            question=question.text,
            understood=question.text,
            answer=self._over.fill(),
            mode=Mode.EXTRACTIVE,
            refused=False,
            citations=(),
            passages=(),
            coverage=None,
            seconds=0.0,
            generation=library.generation,
        )

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
        """Ranked passages, best first. Raises EmptyQuestion, QuestionTooLong."""
        library = self._current()
        text = query.understood(question.text, self.settings.question_characters)
        searched = self._searched(library, Understood(text), _scope(question, library), top)
        return SearchResult(searched.understood, _hits(library, searched.found), library.generation)

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
        library = self._current()
        counts = library.finding_counts()
        rows = [_document_row(document, library, counts.get(document.name, 0)) for document in library.documents]
        rows += [
            DocumentRow(r.document, "", 0, 0, 0, 0, "", 0, (), refused=r.reason, detail=r.detail)
            for r in library.refused
        ]
        return sorted(rows, key=lambda row: row.document)

    def strength(self, document: str) -> str:
        """How strong a document's evidence is, in one line of its own words; '' where it does not say."""
        return self._strength(document, self.generation)

    def examples(self, count: int = 4) -> list[str]:
        """Questions that this library can answer, of different kinds and about different documents."""
        return examples.questions(self._current(), count)

    def page_picture(self, document: str, page: int, width: int = 900) -> bytes:
        """The page as PNG, width pixels wide. Raises PageMissing."""
        return self._picture(document, page, width, self.generation)

    def page_size(self, document: str, page: int) -> tuple[float, float]:
        """Width and height of a page in points. Raises PageMissing."""
        shown = self._current().page(document, page)
        return shown.width, shown.height

    def pdf_path(self, document: str) -> Path:
        """Where the PDF of a document of the library is. Raises PageMissing for any other name."""
        path = self.settings.corpus / document
        if self._current().document(document) is None or not path.is_file():
            raise PageMissing(document, None)
        return path

    def _weighed(self, name: str, generation: int) -> str:
        library = self._current()
        document = library.document(name)
        if document is None:
            return ""
        rows = library.rows([name])
        telling = [row for row, text in zip(rows, library.texts(rows), strict=True) if strength.tells(text)]
        pages = [(n, library.page(name, n).text) for n in range(1, min(TITLE_PAGES, document.pages) + 1)]
        date = strength.spoken(document.date or document.year)
        return str(strength.strength(document.title, date, pages, library.passages(telling)))

    def _drawn(self, document: str, page: int, width: int, generation: int) -> bytes:
        self._current().page(document, page)
        try:
            password = sandbox.password_of(document, self.settings.passwords)
            return sandbox.picture(self.pdf_path(document), page, width, _limits(self.settings), password)
        except DocumentRefused as refusal:
            raise PageMissing(document, page) from refusal

    def _opened(self) -> Library:
        """The live generation, its documents called as the owners of the library call them."""
        library = Library.open(self.settings.index, self._embedder.fingerprint)
        library.documents = catalogue.catalogued(library.documents, catalogue.read_catalogue(self.settings.corpus))
        return library

    def _current(self) -> Library:
        """The live generation, opened anew once a newer one is there. An unusable newer one leaves the old in place."""
        if generations.live_generation(self.settings.index) > self._library.generation:
            with self._lock:
                try:
                    self._library = self._opened()
                except AssistantError:
                    return self._library
        return self._library


def _writer(settings: Settings, embedder: Embedder, llm: Any) -> Writer | None:
    """What has answers written, by the model passed in or the one that is set; None when there is neither."""
    if settings.unsupported not in ("remove", "strike"):
        raise SettingsError(f"The setting 'unsupported' is {settings.unsupported!r}; it can be 'remove' or 'strike'.")
    prompts = Prompts.load(settings.prompts)
    if llm is None and not settings.llm_url:
        return None
    window, tokens = settings.llm_window, settings.llm_answer_tokens
    if llm is None:
        name, key = settings.llm_model, settings.llm_key
        llm = endpoint.open_model(settings.llm_url, name, key, settings.llm_seconds, window, tokens)
    return Writer(
        ModelCaller(llm, settings.llm_seconds, settings.llm_requests),
        prompts,
        embedder,
        words=settings.answer_words,
        window=llm.metadata.context_window,
        answer_tokens=tokens,
        strike=settings.unsupported == "strike",
    )


def _scope(question: Question, library: Library) -> hybrid.Scope:
    """The filters of a question: document names (or, where there is none of that name, parts of names) and kinds."""
    documents = _listed(question.filters.get("document"))
    kinds = _listed(question.filters.get("kind"))
    names = [name for wanted in documents for name in _named(wanted, library)]
    return hybrid.Scope(names or documents, kinds)


def _named(wanted: str, library: Library) -> list[str]:
    if library.document(wanted):
        return [wanted]
    return [document.name for document in library.documents if fold(wanted) in fold(document.name)]


def _listed(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _extent(library: Library, scope: hybrid.Scope) -> str:
    searched = [d for d in library.documents if not scope.documents or d.name in scope.documents]
    documents, pages = len(searched), sum(document.pages for document in searched)
    return f"{documents} document{'s' * (documents != 1)} ({pages} page{'s' * (pages != 1)})"


def _hits(library: Library, found: list[Found]) -> tuple[Hit, ...]:
    titles = {document.name: document.title for document in library.documents}
    return tuple(Hit(f.passage, round(f.score, 4), titles[f.passage.document]) for f in found)


def _document_row(document: Document, library: Library, findings: int) -> DocumentRow:
    warnings = tuple(
        f"page {w.page}: {w.reason}" if w.page else w.reason for w in library.warnings if w.document == document.name
    )
    return DocumentRow(
        document.name,
        document.title,
        document.pages,
        document.passages,
        document.sentences,
        findings,
        document.language,
        document.ocr_pages,
        warnings,
        type=document.type,
        date=document.date,
        organisations=document.organisations,
        projects=document.projects,
        countries=document.countries,
        link=document.link,
    )
