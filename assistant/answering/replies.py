"""What is replied to a question: a definition, a list, a comparison, quotes, or what is missing; in that order."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answering import (
    acronyms,
    attained,
    comparison,
    differences,
    evidence,
    extractive,
    limits,
    listing,
    notices,
    origins,
    refusals,
    subjects,
)
from assistant.answering.aliases import Aliases
from assistant.answering.asked import asked
from assistant.answering.conversation import Understood
from assistant.answering.evidence import Lack
from assistant.answering.extractive import Extract
from assistant.answering.followups import COURTESY
from assistant.answering.parts import parts
from assistant.answering.phrases import WORD
from assistant.answering.quotable import asks_for_method
from assistant.indexing.embedding import Embedder
from assistant.indexing.library import Library
from assistant.records import Coverage, Mode
from assistant.retrieval import by_words, hybrid, nearby, query, recent, spelling
from assistant.retrieval.hybrid import Found, Scope


@dataclass(frozen=True, slots=True)
class Searched:
    """A question as it was searched for, with what was found and what is said of both."""

    understood: str
    text: str
    """The same as the library spells it."""
    found: list[Found]
    notices: tuple[str, ...]
    nothing: str = ""
    """What is said where nothing is quoted; '' for the usual refusal, which the model's judgement stands behind."""
    own: str = ""
    """Of a follow-up question, its own words, without what stands in brackets behind them."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said and cited, with the passages behind it and what the reader is told beside it."""

    extract: Extract
    found: list[Found]
    notices: tuple[str, ...] = ()
    coverage: Coverage | None = None
    explained: bool = True
    """The words say by themselves why nothing more is said; else the usual refusal is added."""
    near: bool = False
    """Nothing is said because the passages found only seem to come near; else that the library has no answer."""
    quoted: bool = False
    """It was put together from the passages found: the kind of reply that may also be written out."""


def searched(
    library: Library, embedder: Embedder, whole: Understood, scope: Scope, top: int, english_only: bool
) -> Searched:
    """The passages for a question, its words mended; by its words alone where the model is of no help."""

    def is_piece(word: str) -> bool:
        return len(embedder.word_pieces(word)) == 1

    if whole.before and spelling.says_nothing(WORD.findall(whole.asked), library.vocabulary, is_piece):
        whole = Understood(whole.asked)
    text = whole.text
    if english_only and library.documents:
        language, notice = notices.foreign(library, text, scope.documents)
        if language:
            found = by_words.search(library, text, language, top, scope)
            return Searched(text, text, found, (notice,), notices.NOTHING)
    meant = query.spelled_out(text)
    if meant != text:
        return Searched(
            meant, meant, _found(library, embedder, Understood(meant), scope, top), (notices.spelled_out(meant),)
        )
    mended = spelling.mended(text, library.vocabulary, is_piece)
    found = _found(library, embedder, replace(whole, text=mended.searched), scope, top)
    own = query.unbracketed(mended.searched) if whole.before else ""
    return Searched(mended.text, mended.searched, found, tuple(notices.of_spelling(mended)), own=own)


def _found(library: Library, embedder: Embedder, question: Understood, scope: Scope, top: int) -> list[Found]:
    """The passages to answer from, best first; for a question that follows another, near what was answered to that."""

    count = max(top, nearby.WIDE)  # of a first question, too: the next one looks at what it found

    def search(text: str) -> list[Found]:
        named = tuple(asked(text, library.documents).documents or subjects.documents(library, text))
        favouring, own = replace(scope, favoured=named), query.unbracketed(text) if question.before else ""

        def made() -> list[Found]:
            encoded = embedder.embed_question(text)
            return hybrid.search(library, text, encoded, count, favouring, own, placed=False)

        among = (count, embedder.fingerprint, tuple(scope.documents), tuple(scope.kinds), named)
        return recent.found(library, (text, own if own != text else "", *among), made)

    found = search(question.text)
    if question.before:
        own = query.unbracketed(question.text)
        alone = search(own) if own != question.text else []
        found = nearby.drawn(found, alone, nearby.pages(search(question.before), question.answer))
    return hybrid.placed(library, found[:top])


def reply(
    library: Library, embedder: Embedder, question: Searched, aliases: Aliases, scope: Scope, words: int
) -> Reply:
    """The reply to a question that has been searched for; words is the most that quotes have together."""
    if COURTESY.match(question.understood):
        return Reply(Extract(notices.WELCOME, (), Mode.REFUSAL), [])
    told = () if question.nothing else question.notices  # definitions and lists need no model
    if defined := acronyms.answer(library, question.text, scope.documents):
        return Reply(defined, question.found, told)
    if made := origins.answer(library, question.text, question.found, scope.documents):
        return Reply(made, question.found, told)
    if listed := listing.answer(library, question.text, aliases, scope):
        return Reply(listed.extract, question.found, told, listed.coverage)
    if not question.nothing and (compared := parts(question.text)):
        sides = comparison.answer(library, embedder, question.text, compared, question.found, scope, words)
        return _replied(question, sides.extract, sides.found, sure=sides.sure, near=sides.near)
    return _quoted(library, embedder, question, scope, words)


def _quoted(library: Library, embedder: Embedder, question: Searched, scope: Scope, words: int) -> Reply:
    """Quotes, or why there are none."""
    text, found = question.text, question.found
    missing = evidence.ENOUGH if question.nothing else evidence.missing(library, embedder, text, found, question.own)
    if missing.lack:
        extract = refusals.answer(library, missing)
    elif attained_or_not := attained.answer(library, found, text, scope, words):
        extract = attained_or_not
    else:
        said_of = subjects.speaking_of(library, found, text)
        made = extractive.answer(
            library, said_of, words, query.telling(question.own or text), method=asks_for_method(text)
        )
        completed = limits.completed(library, made, said_of, text, words)
        extract = differences.told(library, completed, said_of)
    reply = _replied(question, extract, found, sure=missing.sure, near=missing.lack is Lack.ANSWER)
    return replace(reply, quoted=not question.nothing)


def _replied(question: Searched, extract: Extract, found: list[Found], *, sure: bool, near: bool) -> Reply:
    doubt = () if sure or extract.refused else (notices.DOUBT,)
    return Reply(extract, found, (*question.notices, *doubt), explained=not extract.refused, near=near)
