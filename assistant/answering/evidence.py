"""Whether the passages found hold evidence for what is asked: its subject, its names, its kind of figure, its polarity.

One score is near chance as a sign that nothing answers, so several plain checks are made, each of which names the
reason when it fails. The thresholds are supports as in retrieval/hybrid.py, from 0 to 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from assistant.answering.asked import MONTHS
from assistant.indexing.embedding import Embedder, heading
from assistant.indexing.library import Library
from assistant.retrieval import query
from assistant.retrieval.hybrid import Found

LEAST_SUPPORT = 0.58
"""Of the best passage. On the development questions what is off topic reaches 0.52, what is answered starts at 0.64."""
LEAST_FIGURE_SUPPORT = 0.58
"""Of the best sentence that holds a figure of the kind that is asked for."""
LEAST_NAMES = 0.6
"""Share of the names of a question, weighed by how telling they are, that stand with the figure."""
LOOKED_AT = 5  # passages in which the library's own spelling of a word is looked up
NAME_SHARE = 0.8  # a word that is printed with a capital this often, within sentences, is a name


class Lack(StrEnum):
    """Why there is no evidence."""

    NONE = ""
    SUBJECT = "nothing on this subject was found"
    NAME = "a name in the question does not occur in the library"
    FIGURE = "no figure of this kind was found for what is named"
    POLARITY = "nothing says that this ended or was refused"


ENDED = re.compile(
    r"\b(stop(s|ped|ping)?|shut(s|ting)?|clos(e|ed|es|ing|ure)|end(ed|ing)|cancel\w*|terminat\w*|abandon\w*|withdr\w+|"
    r"discontinu\w*|suspend\w*|ceas\w+|dissol\w+|scrapp\w+|ban(s|ned)?|reject\w*|refus\w+)\b",
    re.IGNORECASE,
)
"""Words that say something is over or was turned down: a question that takes that for granted needs them answered."""
PRESUPPOSES = re.compile(r"^\s*(why|when|how come|what made|what led)\b", re.IGNORECASE)


WORD = re.compile(r"\w+(?:-\w+)*")


LINKS = frozenset(["of", "the", "and", "for", "de", "del", "la", "las", "los", "y"])
COMPARES = re.compile(r"\b(compar\w+|versus|vs|differen\w+|between|both|each)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Name:
    """Words with capitals that stand together; initials are how a library may shorten them."""

    words: frozenset[str]
    initials: frozenset[str]
    weight: float
    known: bool


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    support: float
    around: frozenset[str]
    """Folded words of the sentence's passage, with the headings above it."""


def lack(library: Library, embedder: Embedder, question: str, found: Sequence[Found]) -> Lack:
    """What the evidence for a question lacks; Lack.NONE when it suffices."""
    if not found or max(each.support for each in found) < LEAST_SUPPORT:
        return Lack.SUBJECT
    names = _names(library, embedder, question)
    if not all(name.known for name in names):
        return Lack.NAME
    needed = LEAST_NAMES / len(names) if names and COMPARES.search(question) else LEAST_NAMES
    sentences = [sentence for each in found for sentence in _sentences(library, each)]
    told = [s for s in sentences if s.support >= LEAST_FIGURE_SUPPORT and _covered(s, names) >= needed]
    figure = query.figure_asked(question)
    if figure and not any(figure.search(sentence.text) for sentence in told):
        return Lack.FIGURE
    if PRESUPPOSES.search(question) and ENDED.search(question) and not any(ENDED.search(s.text) for s in told):
        return Lack.POLARITY
    return Lack.NONE


def _names(library: Library, embedder: Embedder, question: str) -> list[_Name]:
    """The names in a question.

    A word is a name if the question writes it with a capital or, where it writes all in small letters, if the library
    prints it so. Its first word has a capital anyhow: there the library decides, too.
    """
    words = list(WORD.finditer(question))
    capitals = any(word.group()[0].isupper() for word in words[1:])
    names: list[list[str]] = []
    last = -1
    for place, match in enumerate(words):
        word = match.group()
        if fold(word) in MONTHS or word.isdigit() or (len(word) == 1):
            continue
        if place > 0 and capitals:
            is_name = word[0].isupper()
        else:
            near = library.passages([row for row, _ in library.words.search(word, LOOKED_AT)])
            is_name = _is_printed_as_name(word, [passage.text for passage in near])
        if not is_name:
            continue
        between = question[words[last].end() : match.start()].split() if last >= 0 else []
        if last >= 0 and len(between) <= 2 and all(small.lower() in LINKS for small in between):
            names[-1] += [*between, word]
        else:
            names.append([word])
        last = place
    return [_name(library, embedder, parts) for parts in names]


def _name(library: Library, embedder: Embedder, parts: list[str]) -> _Name:
    words = [word for word in parts if word.lower() not in LINKS]
    initials = {"".join(w[0] for w in parts).lower(), "".join(w[0] for w in words).lower()} if len(words) > 1 else set()
    return _Name(
        words=frozenset(fold(word) for word in words),
        initials=frozenset(initials),
        weight=max((_weight(library, embedder, fold(word)) for word in words), default=0.0),
        known=all(library.words.search(word, 1) for word in words),
    )


def _is_printed_as_name(word: str, texts: Sequence[str]) -> bool:
    folded = fold(word)
    capital = small = 0
    for text in texts:
        for match in WORD.finditer(text):
            if fold(match.group()) == folded:
                inside = text[: match.start()].rstrip()[-1:] not in ("", ".", "!", "?", ":", "|", "•", "“", '"')
                capital += bool(inside or match.group().isupper()) and match.group()[0].isupper()
                small += match.group()[0].islower()
    return folded not in MONTHS and capital > 0 and capital >= NAME_SHARE * (capital + small)


def _sentences(library: Library, found: Found) -> list[_Sentence]:
    passage = found.passage
    document = library.document(passage.document)
    above = heading(document.title if document else "", passage.section, passage.context)
    around = frozenset(WORD.findall(fold(f"{above} {passage.text}")))
    return [
        _Sentence(passage.text[sentence.start : sentence.end], support, around)
        for sentence, support in zip(passage.sentences, found.sentences, strict=True)
    ]


def _covered(sentence: _Sentence, names: Sequence[_Name]) -> float:
    """Share of the names, by weight, that stand in the sentence's passage or above it; 1 where there are none."""
    total = sum(name.weight for name in names)
    covered = sum(name.weight for name in names if name.words <= sentence.around or name.initials & sentence.around)
    return covered / total if total else 1.0


def _weight(library: Library, embedder: Embedder, name: str) -> float:
    """How telling a name is: the mean inverse document frequency of its word pieces."""
    pieces = np.array(embedder.word_pieces(name), dtype=np.int32)
    return float(library.idf(pieces).mean()) if len(pieces) else 1.0


def fold(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
