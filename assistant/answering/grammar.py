"""Whether words make a sentence at all: models that have lost their way say heaps of words of the documents."""

from __future__ import annotations

import re

from assistant.answering.clauses import Term, terms

SHORTEST = 3  # words
LONGEST = 90  # words
REPEATED = 3  # times that one word of substance may not stand in a sentence of ordinary length
PER_WORDS = 16  # one more is granted for each so many words
BROKEN = 0.06  # share of word pairs that no English sentence has; paraphrases of reports have none
ARTICLES = frozenset("a an the of from at into between among during than my their its every".split())
"""Words that want a noun behind them."""
NEVER_BEHIND = frozenset(
    "is are was were be been has have had do does did should would will can could may might must of and or but they he "
    "she then than where while because though although".split()
)
"""What is never one."""
MODAL = frozenset("should would will can could may might must".split())
NOT_BEHIND_MODAL = NEVER_BEHIND - frozenset("be have do".split()) | frozenset(
    "them him a an the from at in on to for with by their its this these every".split()
)
NOT_BEHIND_PREPOSITION = frozenset("is are has had should would could may might must and or".split()) | {
    "while",
    "because",
}
MAY = re.compile(r"(?<!^)\bMay\b")  # the month, which else looks like the verb
STOPPED = re.compile(r"[^\W\d_]{4,}[.!?] (?=[^\W\d_])")
"""A sentence that ends before its end; short words may be abbreviations."""
PAUSE = re.compile(r"[.,;:!?)]")


def is_sentence(text: str) -> bool:
    """The words could be an English sentence: none is heaped up, and none stands where it cannot."""
    text = MAY.sub("June", text)
    words = terms(text)
    if not SHORTEST <= len(words) <= LONGEST:
        return False
    pairs = [(match[1].lower(), match[2], match[3].lower()) for match in _pairs(text)]
    if any(one == other and not between.strip() and one not in ("had", "that") for one, between, other in pairs):
        return False
    if _most_repeated(words) >= REPEATED + len(words) // PER_WORDS:
        return False
    broken = sum(_is_broken(one, between, other) for one, between, other in pairs)
    broken += words[-1].word in ARTICLES or words[-1].word in ("to", "should", "where", "other")
    broken += len(STOPPED.findall(text))
    return broken <= BROKEN * len(words)


def _pairs(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"(?=(?<![\w'’-])([\w'’-]+)([^\w]+)([\w'’-]+))", text))


def _most_repeated(words: list[Term]) -> int:
    stems = [term.stem for term in words if term.is_content]
    return max((stems.count(stem) for stem in stems), default=0)


def _is_broken(one: str, between: str, other: str) -> bool:
    if PAUSE.search(between):
        return one in ARTICLES or one in MODAL
    return (
        (one in ARTICLES and other in NEVER_BEHIND)
        or (one in ("a", "an", "the", "every", "its", "their") and other == "them")
        or (one in MODAL and other in NOT_BEHIND_MODAL)
        or (one in ("of", "from", "at", "by", "with") and other in NOT_BEHIND_PREPOSITION)
        or (one in ("and", "or", "because", "while", "where") and other in ("of", "and", "or"))
    )
