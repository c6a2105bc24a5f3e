"""Answers by quoting: the sentences that answer, verbatim, each with its citation; or an honest no."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.answering.citations import as_markdown, cite
from assistant.answering.quotable import TO_FIND_OUT, stands_alone
from assistant.indexing.library import Library
from assistant.records import Citation, Mode, Passage, Place
from assistant.retrieval.hybrid import LATE, SENTENCE, Found
from assistant.understanding.printed import BLOCK_BREAK
from assistant.understanding.proof import letters

QUOTED_FROM = 10  # passages that quotes are taken from
ALIKE = 0.6  # share of words that makes two quotes the same finding
MARGIN = 0.2  # of support; a sentence this much weaker than the best one is not quoted beside it
WITH_IT = 0.5  # added to the score of a sentence that gives the kind of figure, or of doer, asked for
AS_GOOD = 0.03  # of score: ten times what bf16 changes
BESIDE = 0.4  # added to the score of the sentences right before and after the best one: they tell the rest of it
WHOLE = 45  # words; a shorter item or paragraph is not taken apart
FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
LABEL = 6  # words; so short a first sentence names what the next one says
SHORTEST = 4  # words; a shorter sentence is quoted only beside its neighbour


@dataclass(frozen=True, slots=True)
class Extract:
    """What is said, and what it cites: a refusal cites nothing, or the sentence that says otherwise."""

    markdown: str
    citations: tuple[Citation, ...]
    mode: Mode

    @property
    def refused(self) -> bool:
        """Nothing in the library answers."""
        return self.mode is Mode.REFUSAL


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence, or a table row, that may be quoted: sentences first to last of a passage."""

    found: Found
    first: int
    last: int
    score: float

    @property
    def passage(self) -> Passage:
        return self.found.passage

    @property
    def start(self) -> int:
        return self.passage.sentences[self.first].start

    @property
    def end(self) -> int:
        return self.passage.sentences[self.last].end

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


def answer(
    library: Library,
    found: list[Found],
    words: int,
    telling: re.Pattern[str] | None = None,
    only: bool = False,
    method: bool = True,
) -> Extract:
    """The best quotes among passages found, most useful first, at most about so many words together.

    telling is what a sentence holds that gives the kind of figure, or of doer, asked for; such sentences come earlier,
    and only leaves out all others. Without method nothing is quoted that tells what was to be found out.
    """
    candidates = _candidates(found, telling)
    if only and telling:
        candidates = [candidate for candidate in candidates if telling.search(candidate.text)]
    if not method:
        candidates = [candidate for candidate in candidates if not TO_FIND_OUT.search(candidate.text)]
    chosen = _merged(_chosen(candidates, words))
    citations: list[Citation] = []
    for candidate in chosen:
        also_in = _also_in(candidate, found)
        citations += [replace(each, also_in=also_in) for each in _cited(library, candidate, len(citations) + 1)]
    if not citations:
        return Extract("", (), Mode.REFUSAL)
    return Extract(_markdown(citations), tuple(citations), Mode.EXTRACTIVE)


def _cited(library: Library, candidate: _Candidate, number: int) -> list[Citation]:
    """The candidate as one citation; sentence by sentence where a note or picture stands between them on the page."""
    together = cite(library, number, candidate.passage, candidate.start, candidate.end)
    if together or candidate.first == candidate.last:
        return [together] if together else []
    sentences = candidate.passage.sentences[candidate.first : candidate.last + 1]
    apart = [cite(library, number, candidate.passage, s.start, s.end) for s in sentences if s.proven]
    return [replace(each, number=number + n) for n, each in enumerate(filter(None, apart))]


def _candidates(found: list[Found], telling: re.Pattern[str] | None) -> list[_Candidate]:
    """All quotable sentences, best first. A sentence's score is its passage's, had it held that sentence alone."""
    quotable = [
        (each, number, sentence, support)
        for each in found[:QUOTED_FROM]
        for number, (sentence, support) in enumerate(zip(each.passage.sentences, each.sentences, strict=True))
        if sentence.proven and stands_alone(each.passage, sentence)
    ]
    weakest = max((support for *_, support in quotable), default=0.0) - MARGIN
    candidates = []
    for each, number, sentence, support in quotable:
        if support >= weakest:
            tells = telling and telling.search(each.passage.text[sentence.start : sentence.end])
            others = LATE * each.support + SENTENCE * max(each.sentences)
            score = each.score - others + (LATE + SENTENCE) * support + (WITH_IT if tells else 0.0)
            candidates.append(_Candidate(each, number, number, score))
    return _with_neighbours_early(_printed_first(sorted(candidates, key=lambda c: -c.score)))


def _printed_first(candidates: list[_Candidate]) -> list[_Candidate]:
    """Of sentences that say the same as the best one, as well as it does, the one that the library holds first leads.

    Reports say a finding in several places, and the precision of the model must not choose between them.
    """
    if not candidates:
        return []
    best = candidates[0]
    equals = [c for c in candidates if c.score >= best.score - AS_GOOD and (c is best or _same(c.text, best.text))]
    first = min(equals, key=lambda c: (c.found.row, c.first))
    return [first, *(c for c in candidates if c is not first)]


def _with_neighbours_early(candidates: list[_Candidate]) -> list[_Candidate]:
    if not candidates:
        return []
    best, *others = candidates
    return [best, *sorted(others, key=lambda c: -c.score - BESIDE * _beside(best, c))]


def _beside(a: _Candidate, b: _Candidate) -> bool:
    return a.found.row == b.found.row and abs(a.first - b.first) == 1


def _chosen(candidates: list[_Candidate], words: int) -> list[_Candidate]:
    """The best candidates that fit into so many words, none saying again what another said."""
    chosen: list[_Candidate] = []
    left = words
    for candidate in map(_whole, candidates):
        length = len(candidate.text.split())
        if length < SHORTEST or any(_alike(candidate.text, other.text) for other in chosen):
            continue
        if length <= left or not chosen:
            chosen.append(candidate)
            left -= length
    return chosen


def _whole(candidate: _Candidate) -> _Candidate:
    """What is quoted for a sentence: a short item or paragraph whole, and a label with the sentence it labels."""
    first, last = _block(candidate)
    whole = replace(candidate, first=first, last=last)
    if _is_proven(whole) and len(whole.text.split()) <= WHOLE:
        return whole
    labelled = replace(candidate, last=candidate.last + 1)
    is_label = candidate.first == first < last and len(candidate.text.split()) <= LABEL
    return labelled if is_label and _is_proven(labelled) else candidate


def _is_proven(candidate: _Candidate) -> bool:
    return all(sentence.proven for sentence in candidate.passage.sentences[candidate.first : candidate.last + 1])


def _block(candidate: _Candidate) -> tuple[int, int]:
    """The first and last sentence of the paragraph or item that the candidate stands in."""
    text, sentences = candidate.passage.text, candidate.passage.sentences
    begin = text.rfind(BLOCK_BREAK, 0, candidate.start) + 1
    end = text.find(BLOCK_BREAK, candidate.end)
    inside = [n for n, s in enumerate(sentences) if s.start >= begin and (end < 0 or s.end <= end)]
    return inside[0], inside[-1]


def _merged(chosen: list[_Candidate]) -> list[_Candidate]:
    """Neighbouring sentences of one passage become one quote, at the place of the better one."""
    merged: list[_Candidate] = []
    for candidate in chosen:
        near = [n for n, other in enumerate(merged) if _touch(other, candidate)]
        parts = [*(merged[n] for n in near), candidate]
        joined = replace(parts[0], first=min(p.first for p in parts), last=max(p.last for p in parts))
        merged = [other for n, other in enumerate(merged) if n not in near]
        merged.insert(near[0] if near else len(merged), joined)
    return merged


def _touch(a: _Candidate, b: _Candidate) -> bool:
    """They stand side by side in one paragraph or item."""
    near = a.found.row == b.found.row and a.first - 1 <= b.last and b.first - 1 <= a.last
    return near and _block(a) == _block(b)


def _alike(text: str, other: str) -> bool:
    """The text says again what the other says; with another figure it says something else."""
    first, second = _vocabulary(text), _vocabulary(other)
    shared = len(first & second) >= ALIKE * max(1, min(len(first), len(second)))
    return shared and _figures(text) <= _figures(other)


@lru_cache(maxsize=2048)  # a sentence is compared with every other one
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(letters(word) for word in text.split() if len(word) > 3)


def _figures(text: str) -> frozenset[str]:
    return frozenset(FIGURE.findall(text))


def _also_in(candidate: _Candidate, found: list[Found]) -> tuple[Place, ...]:
    """Other places among the passages found where the same words stand."""
    places = []
    for other in found:
        page = _page_of_same(candidate, other.passage)
        if other.row != candidate.found.row and page:
            places.append(Place(other.passage.document, page))
    return tuple(dict.fromkeys(places))


def _page_of_same(candidate: _Candidate, passage: Passage) -> int:
    """The page where a passage begins to say all that the candidate says; 0 if it does not."""
    sentences = candidate.passage.sentences[candidate.first : candidate.last + 1]
    starts = []
    for text in (candidate.passage.text[s.start : s.end] for s in sentences):
        start = next((s.start for s in passage.sentences if _same(text, passage.text[s.start : s.end])), None)
        if start is None:
            return 0
        starts.append(start)
    return next(span.page for span in passage.spans if span.end > min(starts))


def _same(a: str, b: str) -> bool:
    return (
        _alike(a, b)
        and _alike(b, a)
        and len(_vocabulary(a) & _vocabulary(b)) >= ALIKE * len(_vocabulary(a) | _vocabulary(b))
    )


def _markdown(citations: list[Citation]) -> str:
    return "\n\n".join(f"{as_markdown(citation.quote)} [{citation.number}]" for citation in citations)
