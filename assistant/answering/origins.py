"""Answers to who made a document or paid for it, and when it was published: its own words, or that it has none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.citations import as_markdown, cite
from assistant.answering.credited import Meant, meant, wanted
from assistant.answering.extractive import Extract
from assistant.indexing.library import Library
from assistant.records import Citation, Document, Mode
from assistant.retrieval.hybrid import Found
from assistant.understanding import credits
from assistant.understanding.credits import NEXT, WITH, Credit, Told
from assistant.understanding.english import listed
from assistant.understanding.strength import spoken

LINES = 3  # of the cover of one document
EVALUATIONS = 5  # of which quotes are shown where the question names none


@dataclass(frozen=True, slots=True)
class _Said:
    """What a document tells, and whether that is what was asked or the next to it."""

    document: Document
    credit: Credit
    told: tuple[Told, ...]
    beside: bool = False
    """The document was not asked about: it is of the same evaluation."""


def answer(library: Library, text: str, found: Sequence[Found], documents: Collection[str] = ()) -> Extract | None:
    """What documents say of their making, quoted, or that they do not say it; None for questions on something else.

    documents are the names that the search is narrowed to, all when there is none.
    """
    credits_wanted = wanted(text)
    asked_about = meant(library, text, found, documents) if credits_wanted else None
    if asked_about is None:
        return None
    citations: list[Citation] = []
    parts = []
    for credit in credits_wanted:
        parts += _parts(library, asked_about, credit, citations)
    return Extract("\n\n".join(parts), tuple(citations), Mode.EXTRACTIVE if citations else Mode.REFUSAL)


def _parts(library: Library, asked_about: Meant, credit: Credit, citations: list[Citation]) -> list[str]:
    """The paragraphs of the answer on one credit, their citations added to those before."""
    families = library.families()
    named = asked_about.documents
    if not asked_about.named:
        return _quoted(library, credit, list(_of_each_evaluation(library, named, credit, families)), [], citations)
    said = [each for document in named if (each := _said(library, document, credit))]
    if not any(each.credit is credit for each in said):
        said += _of_same_evaluation(library, asked_about, credit, families)
    return _quoted(library, credit, said, _lacking(named, said, credit, families), citations)


def _lacking(
    named: Sequence[Document], said: Sequence[_Said], credit: Credit, families: dict[str, str]
) -> list[Document]:
    """Documents that do not tell; what one says of an evaluation is so for others that were asked about, a date not."""
    told = [each.document for each in said]
    if credit is Credit.DATE or any(each.beside for each in said):
        return [document for document in named if document not in told]
    return [document for document in named if not any(_same(families, document, each) for each in told)]


def _said(library: Library, document: Document, credit: Credit) -> _Said | None:
    """The plainest words of a document on what is asked; else on what comes next to it."""
    for nearest in (credit, *NEXT.get(credit, ())):
        told = _told(library, document, nearest)
        if told:
            return _Said(document, nearest, told)
    return None


def _told(library: Library, document: Document, credit: Credit) -> tuple[Told, ...]:
    """The lines of a cover that tell it, or one sentence; and beside it the lines that belong to it."""
    found = _telling(library, document, credit)
    if not found:
        return ()
    lines = [each for each in found if each.rank == credits.LINE][:LINES] or found[:1]
    if credit in WITH:
        lines += [each for each in _telling(library, document, WITH[credit]) if each.rank == credits.LINE][:1]
    different = {(each.passage.id, each.start): each for each in lines}
    return tuple(different.values())


def _telling(library: Library, document: Document, credit: Credit) -> list[Told]:
    rows = library.rows([document.name])
    texts = zip(rows, library.texts(rows), strict=True)
    passages = library.passages([row for row, text in texts if credits.may_tell(credit, text, document.date)])
    return credits.told(credit, passages, document.pages, document.date)


def _same(families: dict[str, str], one: Document, other: Document) -> bool:
    return families.get(one.name, one.name) == families.get(other.name, other.name)


def _of_each_evaluation(
    library: Library, documents: Sequence[Document], credit: Credit, families: dict[str, str]
) -> Iterator[_Said]:
    """What one document of each evaluation tells, the best documents first."""
    told: list[Document] = []
    for document in documents:
        if len(told) < EVALUATIONS and not any(_same(families, document, other) for other in told):
            said = _said(library, document, credit)
            if said:
                told.append(document)
                yield said


def _of_same_evaluation(library: Library, asked_about: Meant, credit: Credit, families: dict[str, str]) -> list[_Said]:
    """What the fullest other document says of the evaluation of those named, which do not tell."""
    if credit is Credit.DATE:
        return []
    named = asked_about.documents
    others = [d for d in asked_about.searched if d not in named and any(_same(families, d, each) for each in named)]
    for document in sorted(others, key=lambda d: -d.pages):
        told = _told(library, document, credit)
        if told:
            return [_Said(document, credit, told, beside=True)]
    return []


def _quoted(
    library: Library, credit: Credit, said: Sequence[_Said], lacking: Sequence[Document], citations: list[Citation]
) -> list[str]:
    parts = [_lack(lacking, credit)] if lacking or not said else []
    for each in said:
        cited = list(_cited(library, each, len(citations) + 1))
        if cited:
            citations += cited
            parts.append(_lead(each, credit))
            parts += [f"{as_markdown(citation.quote)} [{citation.number}]" for citation in cited]
    return parts


def _cited(library: Library, said: _Said, number: int) -> Iterator[Citation]:
    for told in said.told:
        citation = cite(library, number, told.passage, told.start, told.end)
        if citation:
            yield citation
            number += 1


def _lead(said: _Said, credit: Credit) -> str:
    """Which document the quotes below are of, and what they tell where that is not what was asked."""
    title = _title(said.document)
    if said.credit is not credit:
        return f"In {title} nothing found says {credit}. It says {said.credit}:"
    return f"{title}, on the same evaluation:" if said.beside else f"{title}:"


def _lack(lacking: Sequence[Document], credit: Credit) -> str:
    """That these documents do not tell; their date is known also where no line that can be quoted prints it."""
    if not lacking:
        return f"Nothing found in the library says {credit}."
    dated = [d for d in lacking if credit is Credit.DATE and d.date]
    silent = [d for d in lacking if d not in dated]
    sentences = [f"{_title(d)} has no line to quote on this; the library dates it {spoken(d.date)}." for d in dated]
    if silent:
        sentences.append(f"In {listed([*map(_title, silent)])} nothing found says {credit}.")
    return " ".join(sentences)


def _title(document: Document) -> str:
    return f"“{as_markdown(document.title)}”"
