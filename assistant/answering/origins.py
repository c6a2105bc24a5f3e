"""Answers to who made a document or paid for it, and when it was published: its own words, or that it has none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from assistant.answering.citations import as_markdown, cite
from assistant.answering.credited import MORE, Meant, meant, wanted
from assistant.answering.extractive import Extract
from assistant.indexing.library import Library
from assistant.records import Citation, Document, Mode
from assistant.retrieval.hybrid import Found
from assistant.understanding import credits
from assistant.understanding.credits import NEXT, WITH, Credit
from assistant.understanding.english import listed
from assistant.understanding.strength import spoken

LINES = 3  # of the cover of one document
EVALUATIONS = 5  # of which quotes are shown, and titles of those that do not tell


@dataclass(frozen=True, slots=True)
class _Said:
    """What a document tells, and whether that is what was asked or the next to it."""

    document: Document
    credit: Credit
    quotes: tuple[Citation, ...]
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
    if not asked_about.named:
        said = _of_each_evaluation(library, asked_about.documents, credit, families)
        whole = len(asked_about.documents) == len(library.documents)
        nothing = f"Nothing found in {'the library' if whole else 'the documents searched'} says {credit}."
        return _quoted(credit, said, citations) if said else [nothing]
    said, read = _read(library, asked_about.documents, credit)
    if not any(each.credit is credit for each in said):
        said += _of_same_evaluation(library, asked_about, credit, families)
    shown = sorted(said, key=lambda each: each.credit is not credit)[:EVALUATIONS]
    left = asked_about.unread + len(asked_about.documents) - len(read) + len(said) - len(shown)
    lacking = _lacking(read, said, credit, families)
    parts = [_lack(lacking, credit)] if lacking else []
    parts += _quoted(credit, shown, citations)
    return (
        [*parts, f"Of the documents that fit the question, {_others(left)} may say more: name one."] if left else parts
    )


def _read(library: Library, documents: Sequence[Document], credit: Credit) -> tuple[list[_Said], list[Document]]:
    """What documents tell and which were read, until enough of them tell just what is asked."""
    said: list[_Said] = []
    for number, document in enumerate(documents):
        if sum(each.credit is credit for each in said) == EVALUATIONS:
            return said, list(documents[:number])
        if each := _said(library, document, credit):
            said.append(each)
    return said, list(documents)


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
        if quotes := _quotes(library, document, nearest):
            return _Said(document, nearest, quotes)
    return None


def _quotes(library: Library, document: Document, credit: Credit) -> tuple[Citation, ...]:
    """The lines of a cover that tell it, or one sentence; and beside it the lines that belong to it."""
    found = _telling(library, document, credit)
    if not found:
        return ()
    lines = [quote for rank, quote in found if rank == credits.LINE][:LINES] or [found[0][1]]
    if credit in WITH:
        lines += [quote for rank, quote in _telling(library, document, WITH[credit]) if rank == credits.LINE][:1]
    different = {(each.passage_id, each.quote): each for each in lines}
    return tuple(different.values())


def _telling(library: Library, document: Document, credit: Credit) -> list[tuple[int, Citation]]:
    """What can be quoted, with its rank, the plainest first; the numbers of the citations are still to be given."""
    rows = library.rows([document.name])
    texts = zip(rows, library.texts(rows), strict=True)
    passages = library.passages([row for row, text in texts if credits.may_tell(credit, text, document.date)])
    told = credits.told(credit, passages, document.pages, document.date)
    cited = ((each.rank, cite(library, 0, each.passage, each.start, each.end)) for each in told)
    return [(rank, citation) for rank, citation in cited if citation]


def _same(families: dict[str, str], one: Document, other: Document) -> bool:
    return families.get(one.name, one.name) == families.get(other.name, other.name)


def _of_each_evaluation(
    library: Library, documents: Sequence[Document], credit: Credit, families: dict[str, str]
) -> list[_Said]:
    """What one document of each evaluation tells, the best documents first."""
    found: list[_Said] = []
    for document in documents:
        if len(found) < EVALUATIONS and not any(_same(families, document, each.document) for each in found):
            said = _said(library, document, credit)
            found += [said] if said else []
    return found


def _of_same_evaluation(library: Library, asked_about: Meant, credit: Credit, families: dict[str, str]) -> list[_Said]:
    """What the fullest other document says of the evaluation of those named, which do not tell."""
    if credit is Credit.DATE:
        return []
    named = {document.name for document in asked_about.documents}
    of_named = {families.get(name, name) for name in named}
    others = [d for d in asked_about.searched if d.name not in named and families.get(d.name, d.name) in of_named]
    for document in sorted(others, key=lambda d: -d.pages)[:MORE]:
        if quotes := _quotes(library, document, credit):
            return [_Said(document, credit, quotes, beside=True)]
    return []


def _quoted(credit: Credit, said: Sequence[_Said], citations: list[Citation]) -> list[str]:
    parts = []
    for each in said:
        cited = [replace(quote, number=number) for number, quote in enumerate(each.quotes, len(citations) + 1)]
        citations += cited
        parts.append(_lead(each, credit))
        parts += [f"{as_markdown(citation.quote)} [{citation.number}]" for citation in cited]
    return parts


def _lead(said: _Said, credit: Credit) -> str:
    """Which document the quotes below are of, and what they tell where that is not what was asked."""
    title = _title(said.document)
    if said.credit is not credit:
        return f"In {title} nothing found says {credit}. It says {said.credit}:"
    return f"{title}, on the same evaluation:" if said.beside else f"{title}:"


def _lack(lacking: Sequence[Document], credit: Credit) -> str:
    """That these documents do not tell; their date is known also where no line that can be quoted prints it."""
    dated = [d for d in lacking if credit is Credit.DATE and d.date]
    silent = [d for d in lacking if d not in dated]
    shown, more = dated[:EVALUATIONS], len(dated[EVALUATIONS:])
    sentences = [f"{_title(d)} has no line to quote on this; the library dates it {spoken(d.date)}." for d in shown]
    if more:
        sentences.append(f"The library dates {_others(more)}, too.")
    if silent:
        titles = [*map(_title, silent[:EVALUATIONS])]
        titles += [_others(len(silent) - EVALUATIONS)] if len(silent) > EVALUATIONS else []
        sentences.append(f"In {listed(titles)} nothing found says {credit}.")
    return " ".join(sentences)


def _others(count: int) -> str:
    return f"{count} other{'s' if count > 1 else ''}"


def _title(document: Document) -> str:
    return f"“{as_markdown(document.title)}”"
