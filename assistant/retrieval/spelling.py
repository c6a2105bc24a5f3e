"""Words of a question that are typed wrong, mended by the words of the library; British and American spelling alike.

A word is left alone when the library has it, in either spelling; when it is ordinary English, that is, one word piece
of the model or built from one; and when it holds a figure. A word with a capital may be another name, however near:
it is only told what it may stand for, unless that is a common word with the very same letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.indexing.vocabulary import Vocabulary
from assistant.understanding.printed import fold

SHORTEST = 5  # letters; most shorter words have neighbours that mean something else
LONG = 8  # letters; a word this long may have two letters wrong
FAR_MORE_FREQUENT = 10  # times as frequent, then one of two words equally near is meant
PART = 4  # letters; what is left of a word without its ending, or of two words written as one

QUESTION_WORD = re.compile(r"(?<![\w’'@./-])[^\W\d_]+(?![\w@/]|[.-]\w)")
"""A word that stands alone: none of an address, a code or a compound."""
SPELLINGS = tuple(
    (re.compile(british), american, re.compile(again), back)
    for british, american, again, back in (
        (r"our(?=s?$|ed$|ing$|er|able|ite|ful|hood)", "or", r"or(?=s?$|ed$|ing$|er|able|ite|ful|hood)", "our"),
        (r"is(?=(e[sdr]?|ers|ing|ations?|ational)$)", "iz", r"iz(?=(e[sdr]?|ers|ing|ations?|ational)$)", "is"),
        (r"ys(?=(e[sdr]?|ing)$)", "yz", r"yz(?=(e[sdr]?|ing)$)", "ys"),
        (r"(?<=[bt])re(?=s?$)", "er", r"(?<=[bt])er(?=s?$)", "re"),
        (r"ence(?=s?$)", "ense", r"ense(?=s?$)", "ence"),
        (r"ogue(?=s?$)", "og", r"og(?=s?$)", "ogue"),
        (r"mme(?=s?$)", "m", r"(?<=ra)m(?=s?$)", "mme"),
        (r"ll(?=(ed|ing|ers?|ors?)$)", "l", r"(?<=[aeiou])l(?=(ed|ing|ers?|ors?)$)", "ll"),
        (r"ae|oe", "e", r"(?!)", ""),
        (r"l(?=ment|ful)", "ll", r"ll(?=ment|ful)", "l"),
    )
)
"""Pairs of what is written on one side of the Atlantic and on the other, at the ends of words."""
ALIKE = (("er", "or"), ("ers", "ors"), ("ance", "ence"), ("able", "ible"), ("ant", "ent"))
CONFUSED = (*ALIKE, *((right, wrong) for wrong, right in ALIKE))
"""Endings that are taken for one another: 'inspecters' is built like an English word and is none."""
ENDINGS = (
    "s es d ed ing er ers est ly al ally ness ment ments less ful able ability ation ations ee ees ist ists ism ship y"
).split()
TAILS = frozenset(["", "d", "s", "r", "y", "e", "ed", "es", "er", "ing", "ion", "ive"])
"""What two forms of one word may end in: 'competency' is no 'competence' typed wrong."""
OPENINGS = "un re non pre co mis over under inter sub multi anti self out post semi micro dis in fore".split()


@dataclass(frozen=True, slots=True)
class Mended:
    """A question with its words put right, and which were: (as typed, as searched for)."""

    text: str
    searched: str
    """The text as the library spells it, be it British or American: what is searched for, and not worth telling."""
    replaced: tuple[tuple[str, str], ...] = ()
    doubted: tuple[tuple[str, str], ...] = ()
    """Names that the library has not, each with the name that it has: left as typed."""


def mended(text: str, vocabulary: Vocabulary, is_piece: Callable[[str], bool]) -> Mended:
    """The question with each word that is typed wrong replaced by the one word of the library that is meant.

    is_piece says whether a word is a single word piece of the embedding model: those are the common words of English.
    """
    replaced: dict[str, str] = {}
    doubted: dict[str, str] = {}

    def put_right(match: re.Match[str]) -> str:
        typed = match.group()
        meant = _meant(fold(typed), vocabulary, is_piece) if typed[1:].islower() else ""
        if not meant:
            return typed
        if typed[0].islower():
            replaced[typed] = meant
        elif is_piece(meant) and set(meant) == set(fold(typed)):
            replaced[typed] = meant.capitalize()
        elif not is_piece(meant):
            doubted[typed] = meant.capitalize()
        return replaced.get(typed, typed)

    right = QUESTION_WORD.sub(put_right, text)
    searched = QUESTION_WORD.sub(lambda match: _as_spelt(match.group(), vocabulary), right)
    return Mended(right, searched, tuple(replaced.items()), tuple(doubted.items()))


def says_nothing(words: Sequence[str], vocabulary: Vocabulary, is_piece: Callable[[str], bool]) -> bool:
    """There are words, and none is a name, a number or a word of the library or of English, be it typed wrong."""

    def is_known(word: str) -> bool:
        forms = (word, *_spellings(word), *_bases(word))
        if not (word.isascii() and word.islower() and word.isalpha()) or _meant(word, vocabulary, is_piece):
            return True
        return is_piece(word) or any(form in vocabulary or (len(form) >= PART and is_piece(form)) for form in forms)

    return bool(words) and not any(map(is_known, words))


def _as_spelt(typed: str, vocabulary: Vocabulary) -> str:
    """A word as the library spells it."""
    word = fold(typed)
    if word in vocabulary:
        return typed
    other = next((each for each in _spellings(word) if each in vocabulary), "")
    if not other:
        return typed
    return other.capitalize() if typed[0].isupper() else other


def _meant(word: str, vocabulary: Vocabulary, is_piece: Callable[[str], bool]) -> str:
    """The word of the library that a folded word stands for, '' where it stands for itself or nobody can tell."""
    if len(word) < SHORTEST or not word.isascii() or word in vocabulary or is_piece(word):
        return ""
    if any(other in vocabulary for other in _spellings(word)):
        return ""
    for wrong, right in CONFUSED:
        other = word.removesuffix(wrong) + right
        if word.endswith(wrong) and other in vocabulary:
            return other

    def is_word(part: str) -> bool:
        return len(part) >= PART and (part in vocabulary or is_piece(part))

    if word.endswith("able") and is_piece(word.removesuffix("able")):
        return ""  # 'doable': the verb may be short
    if any(map(is_word, _bases(word))) or _is_compound(word, is_word):
        return ""
    near = vocabulary.near(word, 2 if len(word) >= LONG else 1)
    nearest = [other for distance, other in near if distance == near[0][0]]
    if not nearest or _are_forms(word, nearest[0]):
        return ""
    clear = len(nearest) == 1 or vocabulary.count(nearest[0]) >= FAR_MORE_FREQUENT * vocabulary.count(nearest[1])
    return nearest[0] if clear else ""


def _are_forms(word: str, other: str) -> bool:
    """Both are forms of one word: they differ in their endings only."""
    if word == other + other[-1] and word[-1] != "e":
        return False  # a letter typed twice: 'genderr'
    shared = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    return word[shared:] in TAILS and other[shared:] in TAILS


def _spellings(word: str) -> Iterator[str]:
    """The word in American for British spelling and the reverse, be it a word or not."""
    if len(word) < SHORTEST:
        return
    for british, american, again, back in SPELLINGS:
        if british.search(word):
            yield british.sub(american, word)
        if again.search(word):
            yield again.sub(back, word)


def _bases(word: str) -> Iterator[str]:
    """What an English word may be built from: the word without its ending or its opening."""
    for ending in ENDINGS:
        if word.endswith(ending):
            base = word.removesuffix(ending)
            yield base
            if base.endswith("i"):
                yield f"{base[:-1]}y"
            elif ending[0] in "aei":
                yield f"{base}e"
                if re.search(r"[^aeiou][aeiou]([^aeiouwxy])\1$", base):
                    yield base[:-1]
    for opening in OPENINGS:
        if word.startswith(opening):
            rest = word.removeprefix(opening)
            yield rest
            yield from (rest.removesuffix(ending) for ending in ("s", "ed", "d", "ing") if rest.endswith(ending))


def _is_compound(word: str, is_word: Callable[[str], bool]) -> bool:
    return any(is_word(word[:n]) and is_word(word[n:]) for n in range(PART, len(word) - PART + 1))
