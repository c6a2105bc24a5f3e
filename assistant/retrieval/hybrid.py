"""Ranked passages: sentence vectors and words find candidates, late interaction over their word pieces orders them.

The score of a passage is its best sentence's cosine with the question, plus WORDS x (BM25 / best BM25 of the question);
for the first CANDIDATES by that sum also LATE x sum over question word pieces t of w_t x max over the passage's word
pieces p of cos(t, p), with w_t proportional to the square root of t's inverse document frequency and summing to 1 (late
interaction as in ColBERT, Khattab and Zaharia 2020), and SENTENCE x the same over its best sentence, both with the
heading; and what the passage has of the question's wishes: KIND for a kind that is named, TELLING for the kind of
figure (a share, money, a count) or of doer (who made, paid for or carried it out) asked for, YEARS for the years and
DOCUMENT for the documents that are named, HINTED for each superlative, date or change that its form lets expect;
ANNEXED less for one of an annex. The first READ of them are looked at word by word: COUNTED for a number of what is to
be counted, PART for the part called by number ("domain 2"), and OTHER_PART less for its neighbours. Weights and
constants were measured, see CONTRIBUTING.md.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.indexing.arrays import Floats, by_sentence
from assistant.indexing.embedding import EncodedQuestion
from assistant.indexing.library import Library
from assistant.records import Passage, Shape
from assistant.retrieval.query import Wish, wish
from assistant.understanding import counting, numbered
from assistant.understanding.printed import innermost

WORDS = 0.2
LATE = 3.0
SENTENCE = 3.0
"""Like LATE, for the best sentence: what a passage says in one place counts for more than what is strewn over it."""
KIND = 0.2
TELLING = 0.45
COUNTED = 0.5
YEARS = 0.2
PART = 0.5
OTHER_PART = 0.5
OPENING = 60  # characters of a passage that may name the part that it tells of
DOCUMENT = 0.1
ANNEXED = 0.2
HINTED = 0.3
FOUND_BY_EACH = 200  # passages that each of the two searches contributes
CANDIDATES = 100
READ = 40  # candidates whose words are looked at one by one
VECTORS_PER_PASSAGE = 4  # a passage has several sentences: ask FAISS for more sentences than passages


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found. score orders the passages of one question; support and sentences lie in 0 to 1."""

    row: int
    passage: Passage
    score: float
    support: float
    """The late interaction: how well each word piece of the question is met somewhere in the passage, 1 for all."""
    sentences: tuple[float, ...]
    """The late interaction of each sentence of the passage, with the passage's heading counting for all of them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search; empty means everywhere."""

    documents: Collection[str] = ()
    kinds: Collection[str] = ()
    favoured: Collection[str] = ()
    """Documents that the question names; they gain, and the others stay in the search."""


def search(
    library: Library,
    text: str,
    question: EncodedQuestion,
    top: int,
    scope: Scope | None = None,
    own: str = "",
    placed: bool = True,
) -> list[Found]:
    """The best passages for a question, best first; ties are broken by the passages' order in the library.

    own are the words of a follow-up question without what stands in brackets behind them, '' for all of the text.
    Unless placed the passages come without their spans, and sooner.
    """
    scope = scope or Scope()
    scores = _candidates(library, text, question, scope)
    rows = sorted(scores, key=lambda row: (-scores[row], row))[:CANDIDATES]
    wished = wish(text, own)
    granted = _granted(library, rows, wished, scope.favoured)
    weights = _weights(library, question)
    supports = {row: _support(library, row, question, weights) for row in rows}
    for row, support in supports.items():
        scores[row] += granted[row] + LATE * support.passage + SENTENCE * support.best_sentence
    if wished.counted or wished.parts:
        read = sorted(rows, key=lambda row: (-scores[row], row))[:READ]
        scores |= {row: scores[row] + gain for row, gain in _granted_as_read(library, read, wished).items()}
    ranked = sorted(rows, key=lambda row: (-scores[row], row))[:top]
    return [
        Found(row, passage, scores[row], supports[row].passage, supports[row].of_sentences(len(passage.sentences)))
        for row, passage in zip(ranked, library.passages(ranked, placed), strict=True)
    ]


def placed(library: Library, found: Sequence[Found]) -> list[Found]:
    """The same with the spans of their passages."""
    passages = library.passages([each.row for each in found])
    return [replace(each, passage=passage) for each, passage in zip(found, passages, strict=True)]


@dataclass(frozen=True, slots=True)
class _Support:
    """The late interaction of a passage, of its heading alone, and of its sentences with the heading, by number."""

    passage: float
    heading: float
    sentences: dict[int, float]

    @property
    def best_sentence(self) -> float:
        return max(self.sentences.values(), default=self.heading)

    def of_sentences(self, count: int) -> tuple[float, ...]:
        """What is beyond the model's limit has the heading's support alone."""
        return tuple(self.sentences.get(number, self.heading) for number in range(count))


def _candidates(library: Library, text: str, question: EncodedQuestion, scope: Scope) -> dict[int, float]:
    """Passages that the sentence vectors or the words find, each with both halves of its score."""
    if not len(library):
        return {}
    allowed = None
    if scope.documents or scope.kinds:
        allowed = library.vector_rows(library.rows(scope.documents, scope.kinds))
    cosines, vectors = library.search_vectors(question.vector, FOUND_BY_EACH * VECTORS_PER_PASSAGE, allowed)
    best: dict[int, float] = {}
    for cosine, row in zip(cosines.tolist(), library.sentence_passages[vectors].tolist(), strict=True):
        best[row] = max(best.get(row, -1.0), cosine)
        if len(best) >= FOUND_BY_EACH:
            break
    words = dict(library.search_words(text, FOUND_BY_EACH, scope.documents, list(scope.kinds)))
    strongest = max(words.values(), default=1.0)
    for row in words.keys() - best.keys():
        best[row] = _best_cosine(library, row, question)
    return {row: cosine + WORDS * words.get(row, 0.0) / strongest for row, cosine in best.items()}


def _granted(library: Library, rows: Sequence[int], wished: Wish, documents: Collection[str]) -> dict[int, float]:
    """What each passage gains by what the question wishes for or the document that it names, and loses in an annex."""
    favoured = set(library.rows(kinds=wished.kinds).tolist()) if wished.kinds else set()
    named = set(library.rows(documents).tolist()) if documents else set()
    granted = {row: KIND * (row in favoured) + DOCUMENT * (row in named) for row in rows}
    if wished.telling or wished.years or wished.hints:
        for row, text in zip(rows, library.texts(rows), strict=True):
            granted[row] += TELLING * bool(wished.telling and wished.telling.search(text))
            granted[row] += HINTED * sum(bool(hint.search(text)) for hint in wished.hints)
            granted[row] += YEARS * sum(year in text for year in wished.years) / max(1, len(wished.years))
    if not wished.annexes and not wished.parts:
        for row, section in zip(rows, library.sections(rows), strict=True):
            granted[row] -= ANNEXED * numbered.is_annexed(section)
    return granted


def _granted_as_read(library: Library, rows: Sequence[int], wished: Wish) -> dict[int, float]:
    """What each passage gains by counting what is to be counted, or standing in a part called by number."""
    granted = {}
    for row, passage in zip(rows, library.passages(rows, placed=False), strict=True):
        labels = f"{passage.section} . {passage.context} . {passage.text[:OPENING]}"
        is_there = any(numbered.is_called(labels, part) for part in wished.parts)
        elsewhere = bool(wished.parts) and all(numbered.is_of_another(passage.section, p) for p in wished.parts)
        does_count = wished.counted and counts(passage, passage.text, wished.counted)
        granted[row] = COUNTED * bool(does_count) + PART * is_there - OTHER_PART * (elsewhere and not is_there)
    return granted


def counts(passage: Passage, text: str, noun: str) -> bool:
    """A text of the passage, which may be a row of a table, gives a number of the noun."""
    labels = f"{passage.context} {innermost(passage.section)}"
    in_row = passage.shape is Shape.ROW and counting.counted_in_row(text, labels, noun)
    return in_row or counting.counts(text, noun)


def _best_cosine(library: Library, row: int, question: EncodedQuestion) -> float:
    return float((library.sentence_vectors(row) @ question.vector).max())


def _weights(library: Library, question: EncodedQuestion) -> Floats:
    weights: Floats = np.sqrt(library.idf(question.pieces))
    total = float(weights.sum())
    return weights / np.float32(total) if total else weights


def _support(library: Library, row: int, question: EncodedQuestion, weights: Floats) -> _Support:
    tokens, scales, _ = library.tokens(row)
    places = library.places(row)
    similar: Floats = question.tokens @ (tokens.astype(np.float32) * scales[:, None]).T
    heading, numbers, each = by_sentence(similar, places)
    if not each.size:
        return _Support(_total(weights, heading), _total(weights, heading), {})
    sentences = {int(n): _total(weights, best) for n, best in zip(numbers, each.T, strict=True)}
    return _Support(_total(weights, each.max(axis=1)), _total(weights, heading), sentences)


def _total(weights: Floats, best: Floats) -> float:
    """The weighted sum, kept in 0 to 1: vectors stored as int8 are not quite of unit length."""
    return min(1.0, float((weights * best).sum()))
