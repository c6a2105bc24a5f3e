"""What acronyms stand for: as each document defines them, in its list of acronyms or in its text, with the places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.records import Passage
from assistant.understanding.printed import BLOCK_BREAK, CELL_BREAK, fold, innermost

OVER_A_LIST = re.compile(
    r"\b(acronyms?|abbreviations?|initialisms|siglas|acrónimos|abreviaturas|sigles)\b", re.IGNORECASE
)
ACRONYM = re.compile(r"(?=(?:[^A-ZÀ-Þ]*[A-ZÀ-Þ]){2})[A-ZÀ-Þ][\w&/-]{1,14}")
IN_BRACKETS = re.compile(r"\(([^()]{2,120})\)")
BEFORE = re.compile(rf"(?<![\w-])({ACRONYM.pattern})\s*$")
LISTED = re.compile(rf"^\W*({ACRONYM.pattern})\s*(?:[:=–—|-]\s*|\s)(\S.*)$")
NAME = re.compile(
    r"(?:[A-ZÀ-Þ][\w'’.&-]*\s+)"
    r"(?:(?:[A-ZÀ-Þ][\w'’.&-]*|of|the|and|or|for|on|in|to|with|at|de|del|la|las|los|el|y|e|para|en|&),?\s+)*$"
)
"""Words with capitals, and small ones among them, up to the end of a text."""
LEADING = re.compile(
    r"(?:\w+ (?:by|with|from|to|in|at) the\s+|(?:the|in|on|for|to|and|with|under|according|through)\s+)*", re.IGNORECASE
)
"""What has its capital from the beginning of a sentence; it matches any text."""
LINE_WORDS = 25  # of a list; a longer line is several that were read as one
WORDS_BEFORE = 20  # of a name; those of projects are the longest
TITLE_WORDS = 4  # telling words; a line or cell of so many with capitals throughout is a name, whatever its initials
INITIALS = 0.4  # share of an acronym's letters that begin a word of its name, where the two are of different languages
PHRASE_END = re.compile(
    r".*(?:[()\[\]:;“”|\n]|\s[–—]|[a-zà-ÿ]{3}[.!?](?=\s)|\b[A-Z]{3,}(?:[,.]| and)(?=\s)|, the\b"
    r"|\b(?:Figure|Table|Box|Chart|Annex|Appendix) \w+[.:]?)",
    re.DOTALL,
)
"""Everything up to where a phrase last began."""
BODY = re.compile(
    r"\b(?:Bureau|Office|Department|Ministry|Secretariat|Institute|Committee|Council|Commission|Cent(?:er|re)|University|"
    r"School|Association|Federation|Agency|Organi[sz]ation) (?:of|for) (?:the )?$"
)
"""The first word of a body's name, which its acronym may leave out."""
OWNER = re.compile(r"['’]s?$|[\"'”’.,]+$")
PREFIX = 5  # letters in which the forms of a word agree, be it 'registry' or 'registration'
PART_OF = 0.6  # share of the words of the longer of two names that are one, one of them shortened
SMALL = frozenset(
    "a an the of and or for on in to with at by de del la las los el y e o para en da do das dos du des et their its"
    " s".split()
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A document says what an acronym stands for, in characters start to end of one of its passages."""

    acronym: str
    expansion: str
    document: str
    page: int
    passage: str
    """The passage's id."""
    start: int
    end: int


class Glossary:
    """The definitions of all documents, those that disagree side by side."""

    def __init__(self, definitions: Iterable[Definition] = ()) -> None:
        self._by_acronym: dict[str, list[Definition]] = {}
        self._by_name: dict[frozenset[str], list[Definition]] = {}
        for each in definitions:
            self._by_acronym.setdefault(folded(each.acronym), []).append(each)
            for name in _names(each.expansion):
                self._by_name.setdefault(name, []).append(each)

    def expansions(self, acronym: str) -> list[list[Definition]]:
        """What an acronym stands for: a group for each expansion, the commonest first, its definitions in order."""
        groups: list[tuple[set[frozenset[str]], list[Definition]]] = []
        for each in self._by_acronym.get(folded(acronym), []):
            names = _names(each.expansion)
            near = next((group for group in groups if any(_are_one(a, b) for a in group[0] for b in names)), None)
            if near:
                near[0].update(names)
                near[1].append(each)
            else:
                groups.append((set(names), [each]))
        return sorted((definitions for _, definitions in groups), key=len, reverse=True)

    def acronyms(self, name: str) -> list[Definition]:
        """The definitions that have a name for their expansion, in either of its languages."""
        return [each for key in _names(name) for each in self._by_name.get(key, [])]

    def same(self, first: str, second: str) -> bool:
        """Two names are one: equal but for accents and small words, or an acronym and what a document makes of it.

        Two acronyms are never one, even where documents exchange what they stand for.
        """
        if folded(first) in self._by_acronym and folded(second) in self._by_acronym:
            return folded(first) == folded(second)
        return bool(self._forms(first) & self._forms(second))

    def _forms(self, name: str) -> set[frozenset[str]]:
        """Everything that a name is called."""
        return {
            *_names(name),
            *(_key(each.acronym) for each in self.acronyms(name)),
            *(form for each in self._by_acronym.get(folded(name), []) for form in _names(each.expansion)),
        }


def definitions_of(passage: Passage) -> list[Definition]:
    """What acronyms a passage defines."""
    listed = OVER_A_LIST.search(innermost(passage.section)) or OVER_A_LIST.search(passage.context)
    found = [*(_in_list(passage.text) if listed else ()), *_in_text(passage.text)]
    return [
        Definition(acronym, " ".join(expansion.split()), passage.document, passage.page, passage.id, start, end)
        for acronym, expansion, start, end in found
    ]


def folded(text: str) -> str:
    """Small letters without accents or dots."""
    return fold(text).replace(".", "")


def _in_list(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Acronym, expansion and where both stand, of the lines or rows of a list of acronyms."""
    begin = 0
    for line in text.split(BLOCK_BREAK):
        cells = line.split(CELL_BREAK)
        at = begin
        if len(cells) % 2 == 0:  # two columns, or four where the list is set in two halves
            for short, long in zip(cells[::2], cells[1::2], strict=True):
                end = at + len(short) + len(CELL_BREAK) + len(long)
                if ACRONYM.fullmatch(short.strip()) and long.strip():
                    yield short.strip(), long.strip(), at, end
                at = end + len(CELL_BREAK)
        elif len(cells) == 1 and len(line.split()) <= LINE_WORDS and (match := LISTED.match(line)):
            yield match[1], match[2].strip(), begin + match.start(1), begin + len(line.rstrip())
        begin += len(line) + len(BLOCK_BREAK)


def _in_text(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Acronym, expansion and where both stand: 'Full Name (FN)' and 'FN (Full Name)'."""
    for match in IN_BRACKETS.finditer(text):
        inner, *more = re.split(r"[,;]| or | by its ", match[1])
        if any(ACRONYM.search(each) for each in more):
            continue  # a list of those concerned
        before = text[: match.start()].rstrip()
        short = re.sub(r"(?<=[A-Z]{2})s$| (project|programme|program)$", "", inner.strip())
        if ACRONYM.fullmatch(short):
            start = _start_of_name(short, before)
            if start is not None:
                yield short, OWNER.sub("", before[start:]), start, match.end()
        elif (acronym := BEFORE.search(before)) and _is_name_of(acronym[1], match[1]):
            yield acronym[1], match[1].strip(), acronym.start(1), match.end()


def _start_of_name(acronym: str, before: str) -> int | None:
    """Where the name begins, at the end of a text, that an acronym stands for; None where there is none."""
    phrase = PHRASE_END.sub("", before)
    words = list(re.finditer(r"\w+", phrase))[-WORDS_BEFORE:]
    first = words[0].start() if words else 0
    begin = len(before) - len(phrase) + first
    phrase = phrase[first:]
    start = _by_initials(acronym, phrase)
    if start is None:
        start = _by_letters(acronym, phrase)
    if start is not None:
        body = BODY.search(phrase[:start])
        return begin + (body.start() if body else start)
    if len(_telling(phrase)) >= TITLE_WORDS and _is_title(phrase):
        return begin + LEADING.match(phrase).end()  # type: ignore[union-attr]
    run = NAME.search(f"{phrase} ")
    if not run:
        return None
    start = run.start() + LEADING.match(run.group()).end()  # type: ignore[union-attr]
    return begin + start if _shares_initials(acronym, phrase[start:]) else None


def _is_name_of(acronym: str, name: str) -> bool:
    """What stands in brackets behind an acronym is its name, from its first word on."""
    if name.count(",") > 1 or sum(len(word) > 2 for word in _telling(name)) < 2:
        return False
    return _by_letters(acronym, name.strip()) == 0 or _shares_initials(acronym, name)


def _by_initials(acronym: str, phrase: str) -> int | None:
    """Where the last words begin whose first letters are the acronym, small words left out."""
    letters = [c for c in folded(acronym) if c.isalnum()]
    words = [word for word in re.finditer(r"\w+", phrase) if word.group().lower() not in SMALL][-len(letters) :]
    return words[0].start() if [folded(word.group())[0] for word in words] == letters else None


def _by_letters(acronym: str, phrase: str) -> int | None:
    """Where the shortest end of a phrase begins that has the acronym's letters in order, the first at a word's start.

    Schwartz and Hearst, A simple algorithm for identifying abbreviation definitions in biomedical text (2003). Only
    a phrase with capitals throughout, or none but the first, is a name.
    """
    letters = [c for c in folded(acronym) if c.isalnum()]
    text = [folded(c)[:1] or " " for c in phrase]
    place = len(text)
    for n in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= 0 and (text[place] != letters[n] or (n == 0 and place > 0 and text[place - 1].isalnum())):
            place -= 1
        if place < 0:
            return None
    name = phrase[place:]
    words = _telling(name)
    if len(words) < 2 or name.split()[0].lower() in SMALL:
        return None
    return place if _is_title(name) or all(word[0].islower() for word in words[1:]) else None


def _shares_initials(acronym: str, name: str) -> bool:
    """A name in another language than its acronym: some of the letters begin its words, and it is written as a name."""
    words = _telling(name)
    if len(words) < 2 or name.isupper() or not _is_title(name):
        return False
    initials = {folded(word)[:1] for word in words}
    letters = [c for c in folded(acronym) if c.isalpha()]
    return sum(c in initials for c in letters) >= INITIALS * len(letters)


def _telling(name: str) -> list[str]:
    return [word for word in re.findall(r"\w+", name) if word.lower() not in SMALL]


def _is_title(name: str) -> bool:
    """Every word but the small ones has a capital."""
    return not any(word[0].islower() for word in _telling(name))


def _names(expansion: str) -> set[frozenset[str]]:
    """The name, and where it is given in two languages, the one before the brackets and the one in them."""
    parts = [re.sub(r"\([^()]*\)", " ", expansion), *IN_BRACKETS.findall(expansion)]
    return {key for key in map(_key, parts) if key}


def _key(name: str) -> frozenset[str]:
    """The telling words of a name, cut to where their forms agree."""
    words = re.findall(r"\w+", re.sub(r"[’']s?\b", "", folded(name)).replace("united states", "us"))
    words = [re.sub(r"tre$", "ter", word).replace("our", "or") for word in words]
    telling = [word for word in words if word not in SMALL and word not in ("project", "projects")] or words
    if len(telling) == 1:
        return frozenset(telling)  # a short name is not to be cut: Columbia is not Columbus
    return frozenset(re.sub(r"y$", "i", word)[:PREFIX].removesuffix("s") for word in telling)


def _are_one(first: frozenset[str], second: frozenset[str]) -> bool:
    """Two names are the same, one of them perhaps a little shortened."""
    few, many = sorted((first, second), key=len)
    return few <= many and len(few) >= PART_OF * len(many)
