"""Follow-up questions: "and for boys?", "who should do that?" read as whole questions, with what was asked before.

The conversation is read from its start, so that the sixth turn has as much to go by as the second. A question that
stands on its own is left as it is; what is added is shown to the reader as the question understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.records import Turn

OVER = re.compile(
    r"^\W*(start over|start again|new topic|new question|forget (it|that|all|everything))\b[\s:,.!–-]*", re.IGNORECASE
)
SWITCH = re.compile(
    r"^(and|but|ok|okay|so|then|also)?\W*(what about|how about|and|same for|the same for|and for|for|in|with)\b\W*"
    r"(?P<rest>.+)$",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"(how|what|which|who|whom|whose|when|where|why|do|does|did|is|are|was|were|can|could|should|has|have)\b",
    re.IGNORECASE,
)
POINTING = re.compile(
    r"\b(it|its|they|them|their|theirs|that|this|those|these|he|she|his|her|there|such"
    r"|the (same|first|second|third|last|latter|former|other|others)( one| ones)?)\b",
    re.IGNORECASE,
)
NOT_POINTING = re.compile(r"\bthere (is|are|was|were)\b|\b(is|are|was|were) there\b|\w+ that \w+", re.IGNORECASE)
WORD = re.compile(r"\w+(?:[-'’]\w+)*")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’&-]*(?:\s+(?:(?:of|the|de|del|la|and)\s+)*[A-ZÀ-Þ0-9][\w'’&-]*)*")
SMALL = frozenset(
    "a an the of in on at to for from by with and or not no is are was were be been do does did has have had how what"
    " which who whom whose when where why that this these those it its they them their there as than then so such about"
    " also any all".split()
)
OWN_WORDS = 4  # content words; a question with so many says itself what it is about
NAMES_FROM_ANSWER = 2


def understood(question: str, history: Sequence[Turn]) -> str:
    """The question as a whole sentence. Empty when it only asks to start over."""
    before, answer = "", ""
    for turn in history:
        before, answer = _understood(turn.question, before, answer), turn.answer
    return _understood(question, before, answer)


def _understood(question: str, before: str, answer: str) -> str:
    text = " ".join(question.split())
    over = OVER.match(text)
    if over:
        return text[over.end() :]
    if not before or not text:
        return text
    switch = SWITCH.match(text)
    if switch and not ASKS.match(switch["rest"]) and len(_content(switch["rest"])) <= OWN_WORDS:
        return _switched(before, switch["rest"].strip(" ?.!"))
    if not _depends(text):
        return text
    return _attached(text, before, answer)


def _content(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word.lower() not in SMALL]


def _depends(text: str) -> bool:
    """The question points back, or says too little to be asked alone."""
    points = bool(POINTING.search(NOT_POINTING.sub(" ", text)))
    own = len(_content(text))
    return (points and own <= OWN_WORDS) or own <= 1


def _switched(before: str, rest: str) -> str:
    """The question asked before, with a year or a name of its own put in the place of the old one, or added."""
    for pattern in (YEAR, NAME):
        new, old = pattern.search(rest), _last(pattern, before)
        if new and old:
            return before[: old.start()] + new.group() + before[old.end() :]
    return f"{before.rstrip(' ?.!')}, {rest}?"


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match that is not the question's first word, which has its capital anyhow."""
    return next((m for m in reversed(list(pattern.finditer(text))) if m.start() > 0), None)


def _attached(text: str, before: str, answer: str) -> str:
    """The question with what it points back to: the question before and the names its answer brought up."""
    known = {word.lower() for word in WORD.findall(before)}
    quoted = answer.split("[1]")[0]
    names = [m.group() for m in NAME.finditer(quoted) if m.start() > 0 and len(m.group()) > 2]
    fresh = list(dict.fromkeys(name for name in names if name.lower() not in known))[:NAMES_FROM_ANSWER]
    about = ", ".join([before.rstrip(" ?.!"), *fresh])
    return f"{text.rstrip(' ?.!')} ({about})?"
