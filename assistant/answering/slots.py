"""A new year, place, name, group or kind of finding put where the question before had another of its sort."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answering.asked import DATED, SHEET
from assistant.answering.phrases import (
    AUXILIARIES,
    CODE,
    NAME,
    PREPOSITIONS,
    SMALL,
    VERBS,
    content,
    head,
    is_name,
    topic,
)
from assistant.understanding.english import MONTHS

YEAR = re.compile(rf"\b(?:(?:{'|'.join(MONTHS)}) )?(?:19|20)\d\d(?:[-–/]\d\d(?:\d\d)?)?\b", re.IGNORECASE)
NUMBERED = re.compile(
    r"\b(?!(?:in|of|by|to|at|on|for|than|over|and|or)\b)"
    r"(?P<label>[A-Za-z]+) (?:\d{1,2}[a-z]?(?:\.\d+)*|[A-Z])\b(?! [A-Z])"
)
"""A thing called by its number or letter: 'domain 3', 'output 2', 'company B'."""
GROUP = re.compile(
    r"\b(?:(?:young|older|adult|rural|urban|indigenous|migrant|female|male|LGBTQI?A?\+?|disabled) "
    r"(?:people|persons|workers|women|men|girls|boys|children|communities|members|families)|women|men|girls|boys|"
    r"children|youth|adolescents|people with disabilities|migrants|people|respondents|LGBTQI?A?\+?(?! \w))(?!\w)",
    re.IGNORECASE,
)
"""People told apart by sex, age or origin."""
KIND = re.compile(
    r"\b(?:recommendations?|lessons?(?: learn(?:ed|t))?|(?:good|best|promising|emerging) practices?|"
    r"(?:key )?findings?|conclusions?|outcomes?|results?|ratings?|limitations?|challenges?)\b",
    re.IGNORECASE,
)
ONLY = re.compile(r"^(?:only|just) (?:(?:those|the ones) (?=(?:in|for|from|on|at|to|by|with|of)\b))?", re.IGNORECASE)
NTH = re.compile(r"\bthe (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)\b", re.IGNORECASE)
DEGREE = re.compile(
    r"\b(?:(?<!at )the |(?=\w+(?:\W*$| (?:in|of|by|at|on|for|across|among)\b)))"
    r"(?P<word>most|least|best|worst|highest|lowest|largest|smallest)\b",
    re.IGNORECASE,
)
"""With 'the', or where no noun follows: not in 'most workers' nor in 'at least once'."""
OPPOSITES = {"most": "least", "best": "worst", "highest": "lowest", "largest": "smallest"}
OPPOSITES |= {other: one for one, other in OPPOSITES.items()}
LEADING = re.compile(rf"^(?P<word>{'|'.join(sorted(PREPOSITIONS))})\s+(?P<rest>.+)$", re.IGNORECASE)
PUNCTUATION = re.compile(r"[,;:?!()]")
MODIFIERS = rf"(?:(?!(?:{'|'.join(sorted(SMALL))})\b)[\w'’&-]+ ){{0,6}}?"
"""The words between an article and its noun."""
ARTICLES = r"(?:the|this|that|an?)"
DOCUMENT = re.compile(rf"\b{ARTICLES} {MODIFIERS}{SHEET}\b(?! {SHEET}\b)(?:{DATED})?", re.IGNORECASE)
"""A document as it is called: 'the harvest learning brief of May 2021'."""

Slot = tuple[int, int]
"""Where a phrase stands in a text: its first character and the one behind its last."""


def replaced(text: str, new: str) -> str | None:
    """The text with new in the place of what is of its sort; None where it has nothing of the sort.

    new may have its preposition ('in 2022', 'to the ministry') and several names ('Alder for P3').
    """
    leading = LEADING.match(new)
    preposition, phrase = (leading["word"].lower(), leading["rest"]) if leading else ("", new)
    for rule in (_year, _group, _numbered, _code, _document, _nth, _degree):
        slot = rule(text, phrase)
        if slot:
            return _put(text, slot, phrase)
    if preposition:
        slot = _behind(text, preposition, phrase)
        if slot:
            return _put(text, slot, phrase)
    return _names(text, phrase) or _kind(text, phrase) or _head(text, phrase)


def difference(before: str, after: str) -> tuple[str, str]:
    """The words in which two texts differ, as each has them, between those that they begin and end with alike."""
    old, new = before.split(), after.split()
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    alike = zip(reversed(old[start:]), reversed(new[start:]), strict=False)
    end = next((n for n, (a, b) in enumerate(alike) if a != b), 0)
    return " ".join(old[start : len(old) - end]), " ".join(new[start : len(new) - end])


def _put(text: str, slot: Slot, phrase: str) -> str:
    return text[: slot[0]] + phrase + text[slot[1] :]


def _year(text: str, phrase: str) -> Slot | None:
    return _last(YEAR, text) if YEAR.fullmatch(phrase) else None


def is_whole(phrase: str) -> bool:
    """The phrase is of one sort and no more: 'output 3', 'the Harbour Trust', not 'output 3 funding'."""
    bare = re.sub(r"^the ", "", phrase, flags=re.IGNORECASE)
    return any(sort.fullmatch(bare) for sort in (YEAR, GROUP, NUMBERED, CODE, NAME))


def _group(text: str, phrase: str) -> Slot | None:
    return _last(GROUP, text) if GROUP.fullmatch(phrase) else None


def _numbered(text: str, phrase: str) -> Slot | None:
    new = NUMBERED.search(phrase)
    if not new or len(content(phrase)) > 2:
        return None
    return _last(NUMBERED, text, lambda old: old["label"].lower() == new["label"].lower()) or _last(NUMBERED, text)


def _code(text: str, phrase: str) -> Slot | None:
    """A code takes the place of one with the same letters, or of any other."""
    if not CODE.fullmatch(phrase):
        return None

    def letters(code: str) -> str:
        return re.sub(r"\d.*", "", code).lower()

    return _last(CODE, text, lambda old: letters(old.group()) == letters(phrase)) or _last(CODE, text)


def _document(text: str, phrase: str) -> Slot | None:
    return _last(DOCUMENT, text) if DOCUMENT.fullmatch(phrase) else None


def _nth(text: str, phrase: str) -> Slot | None:
    """'the sixth' for 'the second recommendation', the first such word: what is asked about."""
    match = NTH.search(text) if NTH.fullmatch(phrase) else None
    return match.span() if match else None


def _degree(text: str, phrase: str) -> Slot | None:
    """'the least' for 'most', where that is no part of 'most workers'."""
    new = DEGREE.fullmatch(phrase)
    opposite = OPPOSITES.get(new["word"].lower()) if new else None
    return _last(DEGREE, text, lambda old: old["word"].lower() == opposite)


def _last(pattern: re.Pattern[str], text: str, fits: Callable[[re.Match[str]], bool] = lambda _: True) -> Slot | None:
    return next((match.span() for match in reversed(list(pattern.finditer(text))) if fits(match)), None)


def _behind(text: str, preposition: str, phrase: str) -> Slot | None:
    """The noun phrase behind the last such preposition; 'to evaluate' is none."""
    for match in reversed(list(re.finditer(rf"\b{preposition}\s+(?=\w)", text, re.IGNORECASE))):
        end = _end(text, match.end())
        old = text[match.end() : end]
        if old and _is_like(old, phrase, preposition):
            return match.end(), end
    return None


def _is_like(old: str, new: str, preposition: str) -> bool:
    """What stands behind a preposition may be exchanged: a place for a place, whom something is for with any other."""
    first = old.split()[0].lower()
    if first in VERBS or first in ("which", "what", "how", "whom") or YEAR.fullmatch(old):
        return False
    return preposition in ("to", "for", "by", "of") or is_name(old) == is_name(new)


def _end(text: str, start: int) -> int:
    """Where a noun phrase that begins here ends: at a sign, a preposition or an auxiliary."""
    end = start
    for match in re.finditer(r"\S+", text[start:]):
        word = PUNCTUATION.split(match.group())[0]
        before = text[start:end].split()[-1:]
        if not word or (before and word.lower() in PREPOSITIONS | AUXILIARIES):
            break
        if before and before[0][0].isupper() and word in VERBS:
            break  # 'which system does the court in Alder use'
        end = start + match.start() + len(word)
        if len(word) < len(match.group()):
            break
    return end


def _names(text: str, phrase: str) -> str | None:
    """Names in the place of names: one for the last, or for the one behind the same preposition; several in turn."""
    if not is_name(phrase):
        return None
    inside = "|".join(sorted(PREPOSITIONS - {"of"}))
    parts = [part for part in re.split(rf"\s+(?:{inside})\s+", phrase) if NAME.search(part)]
    old = [match.span() for match in NAME.finditer(text) if match.start() > 0 and not CODE.fullmatch(match.group())]
    old = old or [match.span() for match in CODE.finditer(text)]
    if not old:
        return None
    if len(parts) == 1 or len(parts) > len(old):
        return _put(text, _whole(text, old[-1]), phrase)
    for slot, part in reversed(list(zip(old, parts, strict=False))):
        text = _put(text, _whole(text, slot), part)
    return text


def _whole(text: str, slot: Slot) -> Slot:
    """A name with its article and the small nouns behind it: 'the Harbour portfolio'."""
    start, end = slot
    while behind := re.match(r"\s([a-z][\w-]*)", text[end:]):
        word = behind[1]
        if word in PREPOSITIONS | AUXILIARIES | VERBS.keys() | {"and", "or", "that", "who", "which", "itself"}:
            break
        if word in ("one", "ones"):
            return slot  # 'the Alder one': only the name is exchanged
        end += behind.end()
    article = re.search(r"\bthe $", text[:start], re.IGNORECASE)
    return (article.start() if article else start), end


def _kind(text: str, phrase: str) -> str | None:
    """'only the lessons': the kind that is named, or, where none is, what is asked for."""
    wanted = ONLY.sub("", phrase)
    if not KIND.search(wanted):
        return None
    slot = _last(KIND, text)
    noun = re.sub(r"^(?:(?:the|any|all|some|other) )+", "", wanted)
    if slot:
        return _put(text, slot, noun)
    asking = re.match(r"what (?=(?:did|do|does|has|have)\b)", text, re.IGNORECASE)
    if not asking:
        return None
    clause = topic(f"which {noun} {text[asking.end() :]}").clause
    return f"List all {clause}"


def _head(text: str, phrase: str) -> str | None:
    """'the project with schools' in the place of 'the project'."""
    noun: Sequence[str] = content(head(phrase))
    if not noun:
        return None
    slot = _last(re.compile(rf"\b(?:{ARTICLES} {MODIFIERS})?{re.escape(noun[-1])}\b", re.IGNORECASE), text)
    return _put(text, slot, phrase) if slot else None
