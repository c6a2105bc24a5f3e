"""The names in a question, and whether they stand in a text: whole, by their initials, or in another form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

import numpy as np

from assistant.answering.asked import STOP
from assistant.indexing.embedding import Embedder
from assistant.indexing.library import Library
from assistant.understanding.english import MONTHS, SHORT_MONTHS
from assistant.understanding.printed import fold, without_accents

WORD = re.compile(r"\w+(?:-\w+)*")
LINKS = frozenset(["of", "the", "for", "de", "del", "la", "las", "los"])
LOOKED_AT = 5  # passages in which the library's own spelling of a word is looked up
NAME_SHARE = 0.8  # a word that is printed with a capital this often, within sentences, is a name
OPENING = 4  # letters that two forms of a name have in common: Mexico and Mexican, Ghana and Ghanaian
ENDING = 3  # letters in which they may differ at the end
APART = 3  # words that may stand between those of a name, beside the others of the name
ALIKE = 0.85  # of a misspelt name to the right one, as difflib counts it
DOTTED = re.compile(r"\b([A-Z])\.([A-Z])\.")
"""U.S. is US."""
IN_ENGLISH = {
    "estado": "state",
    "ciudad": "city",
    "secretaria": "ministry",
    "ministerio": "ministry",
    "universidad": "university",
    "instituto": "institute",
    "centro": "center",
    "centre": "center",
    "organisation": "organization",
    "labour": "labor",
    "programme": "program",
}
"""Words of names that a question may write in another way than the library."""
SOURCE = re.compile(
    r"\b(?:according to|(?:told|reported|stated) by|in the (?:view|words|opinion) of) (?:the )?$", re.IGNORECASE
)
"""What stands before the name of somebody who tells what is asked for."""
ALSO_CALLED = {"american": ("us", "america"), "british": ("uk", "britain"), "usa": ("us",)}


@dataclass(frozen=True, slots=True)
class Name:
    """Words with capitals that stand together."""

    text: str
    """As the question writes it."""
    words: tuple[str, ...]
    """Folded, without the small ones."""
    initials: frozenset[str]
    """How a library may shorten it."""
    weight: float
    """How telling it is: the mean inverse document frequency of its word pieces."""
    sure: bool = True
    """It has a capital, is no label like FY19 and stands in no brackets, as what was asked before does in a follow-up:
    where it is missing, the question is not answered."""
    source: bool = False
    """It names who tells what is asked for, whom a passage need not name again in every sentence."""


class Wording:
    """The words of a text, in which names can be looked up."""

    def __init__(self, text: str) -> None:
        self._text = text

    def holds(self, name: Name) -> bool:
        """The name stands in the text: its words together in some form, its initials, or what it is the initials of."""
        if self._together(name.words) or any(initials in self._places for initials in name.initials):
            return True
        return len(name.words) == 1 and name.text.isupper() and len(name.text) > 1 and name.text in self._capitals

    def _together(self, words: Sequence[str]) -> bool:
        places = [self._places_of(word) for word in words]
        apart = len(words) + APART
        return any(all(any(abs(place - one) <= apart for one in other) for other in places) for place in places[0])

    def _places_of(self, word: str) -> list[int]:
        """Where the word stands, in any of its forms."""
        forms = {word, IN_ENGLISH.get(word, word), *ALSO_CALLED.get(word, ())}
        forms |= {other for other in self._openings.get(word[:OPENING], ()) if _same(word, other)}
        return [place for form in forms for place in self._places.get(form, ())]

    @cached_property
    def _written(self) -> list[str]:
        return WORD.findall(DOTTED.sub(r"\1\2", self._text))

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where each word stands, as a number from 0."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(WORD.findall(fold(" ".join(self._written)).replace("-", " "))):
            found.setdefault(word, []).append(place)
        return found

    @cached_property
    def _openings(self) -> dict[str, list[str]]:
        """The words by how they begin."""
        found: dict[str, list[str]] = {}
        for word in self._places:
            found.setdefault(word[:OPENING], []).append(word)
        return found

    @cached_property
    def _capitals(self) -> str:
        """First letters of the words with capitals, a blank for others; links are left out: "Bank of Alder" is BA."""
        return "".join(w[0] if w[0].isupper() else " " for w in self._written if w.lower() not in LINKS)


def names(library: Library, embedder: Embedder, question: str) -> list[Name]:
    """The names in a question.

    A word is a name if the question writes it with a capital or, where it writes all in small letters, if the library
    prints it so. The first word of a sentence has a capital anyhow: there the library decides, too.
    """
    words = list(WORD.finditer(question))
    capitals = any(word.group()[0].isupper() for word in words[1:])
    found: list[list[str]] = []
    firsts: list[int] = []
    last = -1
    for place, match in enumerate(words):
        if not _is_name(library, question, match, capitals, words[place + 1 : place + 3]):
            continue
        if last >= 0 and _goes_on(question[words[last].end() : match.start()]):
            found[-1] += [*question[words[last].end() : match.start()].split(), match.group()]
        else:
            found.append([match.group()])
            firsts.append(place)
        last = place
    before = [question[: words[first].start()] for first in firsts]
    return [_name(library, embedder, parts, text) for parts, text in zip(found, before, strict=True)]


def weight(library: Library, embedder: Embedder, word: str) -> float:
    """How telling a word is: the mean inverse document frequency of its word pieces."""
    pieces = np.array(embedder.word_pieces(word), dtype=np.int32)
    return float(library.idf(pieces).mean()) if len(pieces) else 1.0


def _is_name(
    library: Library, text: str, match: re.Match[str], capitals: bool, behind: Sequence[re.Match[str]]
) -> bool:
    word = match.group()
    folded = fold(word)
    if folded in LINKS or folded in MONTHS or folded in SHORT_MONTHS or len(word) == 1 or not word[0].isalpha():
        return False
    begins = text[: match.start()].rstrip()[-1:] in ("", ".", "?", "!", ":", "(")
    if (capitals and not begins) or word[1:2].isupper():
        return word[0].isupper()
    if folded in STOP:
        return False
    if len(behind) == 2 and behind[0].group() in LINKS - {"the"} and behind[1].group()[0].isupper():
        return word[0].isupper()  # 'Friends of Alder: …'
    near = library.texts([row for row, _ in library.search_words(word, LOOKED_AT)])
    return _is_printed_as_name(folded, near)


def _is_printed_as_name(word: str, texts: Iterable[str]) -> bool:
    """The texts write the word, folded here, with a capital, and not only where every word has one."""
    capital = small = 0
    for text in texts:
        plain = without_accents(text)
        for match in re.finditer(rf"\b{re.escape(word)}\b", plain, re.IGNORECASE):
            inside = plain[: match.start()].rstrip()[-1:] not in ("", ".", "!", "?", ":", "|", "•", "“", '"')
            capital += (inside or match.group().isupper()) and match.group()[0].isupper()
            small += match.group()[0].islower()
    return capital > 0 and capital >= NAME_SHARE * (capital + small)


def _goes_on(between: str) -> bool:
    """What stands between two words with capitals leaves them one name: 'Friends of Alder', not 'Alder and Birch'."""
    small = between.split()
    return not re.search(r"[^\w\s]", between) and len(small) <= 2 and all(word.lower() in LINKS for word in small)


def _name(library: Library, embedder: Embedder, parts: Sequence[str], before: str) -> Name:
    """The name of these words, behind that part of the question."""
    is_aside = before.count("(") > before.count(")")
    words = [word for word in parts if word.lower() not in LINKS]
    folded = tuple(part for word in words for part in _parts(word))
    both = ("".join(w[0] for w in parts).lower(), "".join(w[0] for w in words).lower())
    return Name(
        text=" ".join(parts),
        words=folded,
        initials=frozenset(both) if len(words) > 1 else frozenset(),
        weight=max(weight(library, embedder, word) for word in folded),
        sure=not is_aside and words[0][0].isupper() and not any(c.isdigit() for word in words for c in word),
        source=SOURCE.search(before) is not None,
    )


def _parts(word: str) -> list[str]:
    return re.split(r"[-_]", fold(word)) if "-" in word else [fold(word)]


def _same(word: str, other: str) -> bool:
    """Two forms of one name, or one misspelt: they begin alike and differ in a few letters."""
    alike = 0
    for a, b in zip(word, other, strict=False):
        if a != b:
            break
        alike += 1
    if alike >= OPENING and alike >= max(len(word), len(other)) - ENDING:
        return True
    return alike >= OPENING and SequenceMatcher(None, word, other).ratio() >= ALIKE
