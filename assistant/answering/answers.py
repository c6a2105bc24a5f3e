"""What an answer says beside its quotes: the passages found, where else a quote lies, how much was searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.indexing.library import Library
from assistant.records import Answer, Citation, Document, Hit, Mode, Place, Question
from assistant.retrieval.hybrid import Found, Scope


def unquoted(question: Question, library: Library, said: str, mode: Mode) -> Answer:
    """An answer for which nothing was searched."""
    return Answer(
        id=question.id,
        question=question.text,
        understood=question.text,
        answer=said,
        mode=mode,
        refused=mode is Mode.REFUSAL,
        citations=(),
        passages=(),
        coverage=None,
        seconds=0.0,
        generation=library.generation,
    )


def extent(library: Library, scope: Scope) -> str:
    """How much was searched, in words."""
    searched = [d for d in library.documents if not scope.documents or d.name in scope.documents]
    documents, pages = len(searched), sum(document.pages for document in searched)
    return f"{documents} document{'s' * (documents != 1)} ({pages} page{'s' * (pages != 1)})"


def with_copies(citations: Sequence[Citation], library: Library) -> tuple[Citation, ...]:
    """The citations of documents that lie in the corpus twice say so, like those of findings printed twice."""
    copies = {document.name: document.copies for document in library.documents if document.copies}
    return tuple(
        replace(each, also_in=(*each.also_in, *(Place(name, each.page) for name in copies.get(each.document, ()))))
        for each in citations
    )


def hits(library: Library, found: Sequence[Found]) -> tuple[Hit, ...]:
    """The passages found as an answer shows them, with the titles and printed page numbers of their documents."""
    documents = {document.name: document for document in library.documents}
    return tuple(_hit(f, documents[f.passage.document]) for f in found)


def _hit(found: Found, document: Document) -> Hit:
    page = found.passage.page
    label = document.labels[page - 1] if page <= len(document.labels) else ""
    return Hit(found.passage, round(found.score, 4), document.title, label)
