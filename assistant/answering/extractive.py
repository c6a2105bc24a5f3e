"""Answers by quoting: the sentences that answer, verbatim, each with its citation; or an honest no."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answering.citations import as_markdown, cite
from assistant.answering.evidence import Lack
from assistant.indexing.library import Library
from assistant.records import Citation, Mode, Passage, Place
from assistant.retrieval.hybrid import LATE, Found
from assistant.understanding.passages import BLOCK_BREAK
from assistant.understanding.proof import letters

QUOTED_FROM = 10  # passages that quotes are taken from
ALIKE = 0.7  # share of words that makes two quotes the same finding
MARGIN = 0.2  # of support; a sentence this much weaker than the best one is not quoted beside it
WHOLE = 45  # words; a shorter item or paragraph is not taken apart
SHORTEST = 4  # words; a shorter sentence is quoted only beside its neighbour


@dataclass(frozen=True, slots=True)
class Extract:
    """What the quoting found: mode is extractive, or refusal with nothing cited."""

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


def answer(library: Library, found: list[Found], lack: Lack, words: int) -> Extract:
    """The best quotes among passages found, most useful first, at most about so many words together."""
    if lack is not Lack.NONE:
        return Extract("", (), Mode.REFUSAL)
    chosen = _merged(_chosen(_candidates(found), words))
    citations: list[Citation] = []
    for candidate in chosen:
        citation = cite(library, len(citations) + 1, candidate.passage, candidate.start, candidate.end)
        if citation:
            citations.append(replace(citation, also_in=_also_in(candidate, found)))
    if not citations:
        return Extract("", (), Mode.REFUSAL)
    return Extract(_markdown(citations), tuple(citations), Mode.EXTRACTIVE)


def _candidates(found: list[Found]) -> list[_Candidate]:
    """All quotable sentences, best first. A sentence's score is its passage's, had it held that sentence alone."""
    candidates = []
    weakest = max((support for each in found[:QUOTED_FROM] for support in each.sentences), default=0.0) - MARGIN
    for each in found[:QUOTED_FROM]:
        base = each.score - LATE * each.support
        for number, (sentence, support) in enumerate(zip(each.passage.sentences, each.sentences, strict=True)):
            if sentence.proven and support >= weakest and not _is_lead_in(each.passage.text[: sentence.end]):
                candidates.append(_Candidate(each, number, number, base + LATE * support))
    return sorted(candidates, key=lambda c: -c.score)


def _is_lead_in(text: str) -> bool:
    """It ends where something else is announced, and says nothing alone."""
    return text.rstrip()[-1:] in (":", ",", "?")


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
    """A short item or paragraph is quoted whole: its first words say what it is about, its last what to do."""
    first, last = _block(candidate)
    block = replace(candidate, first=first, last=last)
    proven = all(sentence.proven for sentence in candidate.passage.sentences[first : last + 1])
    return block if proven and len(block.text.split()) <= WHOLE else candidate


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
        at = next(
            (
                n
                for n, other in enumerate(merged)
                if other.found.row == candidate.found.row
                and _touch(other, candidate)
                and _block(other) == _block(candidate)
            ),
            None,
        )
        if at is None:
            merged.append(candidate)
        else:
            other = merged[at]
            merged[at] = replace(other, first=min(other.first, candidate.first), last=max(other.last, candidate.last))
    return merged


def _touch(a: _Candidate, b: _Candidate) -> bool:
    return a.first - 1 <= b.last and b.first - 1 <= a.last


def _alike(a: str, b: str) -> bool:
    first, second = _vocabulary(a), _vocabulary(b)
    return len(first & second) >= ALIKE * max(1, min(len(first), len(second)))


def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(letters(word) for word in text.split() if len(word) > 3)


def _also_in(candidate: _Candidate, found: list[Found]) -> tuple[Place, ...]:
    """Other places among the passages found where the same words stand."""
    places = []
    for other in found:
        if other.row == candidate.found.row:
            continue
        if any(_alike(candidate.text, other.passage.text[s.start : s.end]) for s in other.passage.sentences):
            places.append(Place(other.passage.document, other.passage.page))
    return tuple(dict.fromkeys(places))


def _markdown(citations: list[Citation]) -> str:
    return "\n\n".join(f"{as_markdown(citation.quote)} [{citation.number}]" for citation in citations)
