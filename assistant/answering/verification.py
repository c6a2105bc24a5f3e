"""Whether a sentence is borne out by the passages it cites: figures, names, quotes, words, what it states."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering import actors, grammar, quantities, relations, wording
from assistant.answering.amounts import stands_in
from assistant.answering.claims import OUTSIDE, Claim, Evidence, Source, runs
from assistant.answering.clauses import LIGHTLY, Clause, Term, shared, terms
from assistant.indexing.arrays import Floats
from assistant.indexing.embedding import Embedder
from assistant.understanding.proof import letters

ELLIPSIS = re.compile(r"…|\.{3}|\[[^\]]*\]")
KNOWN = 0.62
"""Cosine of two words' vectors from which one may stand for the other: elderly, older 0.75; get, obtain 0.70."""
MISSING = 0.95
"""Words, together, that nothing in the sources answers to; each counts less the nearer the nearest word comes."""
FEWEST_LETTERS = 3
"""Of a short form that is told by the first letters of ordinary words: NGO, CSO."""
FEWEST_PAIRS = 4
TOGETHER = 0.45
"""Share of the neighbouring words of substance that stand in one sentence of a source."""
LEAST = 0.3
"""Share of a sentence's words of substance that the sources must have, in these or like words."""
COMMON = 0.35
"""What a missing word counts that any report may use for anything."""
NEAR = 0.8
"""Share of the best match of a clause from which another sentence is looked at, too."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is borne out; if not, why; if so, by which sentences: (place of source, place in it)."""

    reason: str = ""
    by: tuple[tuple[int, int], ...] = ()

    @property
    def supported(self) -> bool:
        return not self.reason


class Checker:
    """Compares sentences with numbered sources; what it learns of the sources serves all sentences."""

    def __init__(self, embedder: Embedder, sources: Sequence[Source]) -> None:
        self._embedder = embedder
        self._sources = sources
        self._evidence = [
            Evidence(place, number, source.text[start:end])
            for place, source in enumerate(sources)
            for number, (start, end) in enumerate(source.sentences)
        ]
        self._above = [Evidence(place, -1, source.around) for place, source in enumerate(sources)]
        self._terms = [terms(f"{source.around} {source.text}") for source in sources]
        self._initials = [{initials for _, initials in runs(f"{s.around} {s.text}")} for s in sources]
        self._vectors: dict[str, Floats] = {}

    def check(self, sentence: str, cited: Sequence[int]) -> Verdict:
        """Compare a sentence with the sources at these places (from 0)."""
        if not cited or not all(0 <= place < len(self._sources) for place in cited):
            return Verdict("it cites no passage" if not cited else "it cites a passage that there is not")
        if OUTSIDE.search(sentence):
            return Verdict("it holds an address or markup")
        if not grammar.is_sentence(sentence):
            return Verdict("it is no sentence")
        evidence = [each for each in self._evidence if each.source in cited]
        claim = Claim(sentence)
        nearest = {clause: _nearest(clause, claim, evidence) for clause in claim.clauses}
        reason = (
            self._quotes(claim, cited)
            or quantities.strays(claim, evidence, [each for each in self._above if each.source in cited])
            or self._names(claim, nearest, cited)
            or self._words(claim, evidence, cited)
            or _order(claim, evidence)
            or _relations(claim, nearest, evidence)
        )
        if reason:
            return Verdict(reason)
        return Verdict(by=_borne_by(claim, nearest, evidence))

    def _quotes(self, claim: Claim, cited: Sequence[int]) -> str:
        texts = [letters(self._sources[place].text) for place in cited]
        parts = [letters(part) for quote in claim.quotes for part in ELLIPSIS.split(quote)]
        return "" if all(any(part in text for text in texts) for part in parts) else "its quote is not there"

    def _names(self, claim: Claim, nearest: dict[Clause, list[Evidence]], cited: Sequence[int]) -> str:
        """Each name stands in a source that is nearest to its clause, there or above it."""
        for clause, near in nearest.items():
            names = [term for term in clause.terms if term.text in claim.names]
            places = {each.source for each in near} or set(cited)
            if names and not any(all(self._knows(place, name, claim) for name in names) for place in places):
                return "a name is not there"
        return ""

    def _knows(self, place: int, name: Term, claim: Claim) -> bool:
        """The name, or the short form of the names it stands among, or the long form that it shortens."""
        there = self._terms[place]
        if any(name.stem == term.stem for term in there):
            return True
        short = {term.text for term in there if term.text.isupper()}
        capitals = "".join(letter for letter in name.text if letter.isupper())
        letters_of = "".join(term.word[0] for term in there if term.word not in wording.SMALL).upper()
        spelled = len(capitals) >= FEWEST_LETTERS and capitals in letters_of
        return (
            spelled
            or (len(capitals) > 1 and capitals in self._initials[place])
            or any(initials in short for run, initials in claim.runs if name.text in run)
        )

    def _words(self, claim: Claim, evidence: Sequence[Evidence], cited: Sequence[int]) -> str:
        there = [term for each in evidence for term in each.clause.terms]
        there += [term for place in cited for term in self._terms[place]]
        wanted = [t for t in claim.whole.content if t.text not in claim.names and t.word not in claim.spent]
        met = {term.stem for term in shared(wanted, there)}
        missing = [term for term in wanted if term.stem not in met]
        nearness = self._nearness([term.word for term in missing], there)
        lacking = sum(
            (1 - min(1.0, near / KNOWN)) * (COMMON if wording.is_common(term.stem) else 1.0)
            for term, near in zip(missing, nearness, strict=True)
        )
        met_otherwise = len(claim.figures) + len(claim.names) + len(claim.quotes)
        enough = len(wanted) - len(missing) + met_otherwise >= LEAST * (len(wanted) + 1)
        return "" if lacking <= MISSING and enough else "its words are not there"

    def _nearness(self, words: Sequence[str], there: Sequence[Term]) -> list[float]:
        """For each word the cosine to the nearest word of the sources."""
        known = list(dict.fromkeys(term.word for term in there if term.word not in wording.SMALL))
        if not words or not known:
            return [0.0 for _ in words]
        new = [word for word in dict.fromkeys([*words, *known]) if word not in self._vectors]
        if new:
            encoded = self._embedder.embed_passages(new, [""] * len(new), [[(0, len(word))] for word in new])
            self._vectors |= {word: each.sentences[0] for word, each in zip(new, encoded, strict=True)}
        mine = np.stack([self._vectors[word] for word in words])
        others = np.stack([self._vectors[word] for word in known])
        return [float(value) for value in (mine @ others.T).max(axis=1)]


def _nearest(clause: Clause, claim: Claim, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences of the sources that share most with a clause, best first."""
    held = [
        figure
        for figure in claim.figures
        if any(t.word in claim.text[figure.start : figure.end].lower() for t in clause.terms)
    ]
    light = [term for term in clause.terms if term.word in wording.LIGHT]
    scores = []
    for each in evidence:
        score = float(len(shared(clause.content, each.clause.content)))
        score += sum(bool(stands_in(figure, each.figures)) for figure in held)
        score += LIGHTLY * len(shared(light, each.clause.terms))
        scores.append(score)
    best = max(scores, default=0.0)
    ranked = sorted(zip(scores, range(len(evidence)), strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [evidence[place] for score, place in ranked if score and score >= NEAR * best]


def _order(claim: Claim, evidence: Sequence[Evidence]) -> str:
    """Words that follow each other in the sentence stand together in some sentence of a source, too."""
    told = [each.clause.content for each in evidence]
    met = shared(claim.whole.content, [term for content in told for term in content])
    pairs = [(one, other) for one, other in itertools.pairwise(met) if one.stem != other.stem]
    together = sum(any(len(shared(pair, content)) > 1 for content in told) for pair in pairs)
    return "" if together >= TOGETHER * len(pairs) or len(pairs) < FEWEST_PAIRS else "its words stand apart"


def _relations(claim: Claim, nearest: dict[Clause, list[Evidence]], evidence: Sequence[Evidence]) -> str:
    for clause, near in nearest.items():
        if not near:
            continue
        strays = relations.contradiction(claim.whole, clause, near[0], evidence)
        if strays:
            return strays
        if actors.names_another(clause, evidence):
            return "the source says it of another"
    meant = list(dict.fromkeys(near[0] for near in nearest.values() if near))
    if actors.pairs_wrongly(claim.text, meant):
        return "the source says it of another"
    return "the source does not give this reason" if actors.gives_own_reason(claim.text, evidence) else ""


def _borne_by(
    claim: Claim, nearest: dict[Clause, list[Evidence]], evidence: Sequence[Evidence]
) -> tuple[tuple[int, int], ...]:
    """The sentences that bear a claim out: the nearest to each clause, and those with its figures."""
    found = [near[0] for near in nearest.values() if near]
    for figure in claim.figures:
        if not any(stands_in(figure, each.figures, True) for each in found):
            found += [each for each in evidence if stands_in(figure, each.figures, True)][:1]
    return tuple(sorted({(each.source, each.number) for each in found}))
