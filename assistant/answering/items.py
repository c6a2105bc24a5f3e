"""The items of an answer that a question may point to: "the second one", "number 3", "the one on wages"."""

from __future__ import annotations

import re

from assistant.answering.phrases import content

NUMBER = {
    word: place
    for place, words in enumerate(
        (
            *("first 1st one 1", "second 2nd two 2", "third 3rd three 3", "fourth 4th four 4", "fifth 5th five 5"),
            *("sixth 6th six 6", "seventh 7th seven 7", "eighth 8th eight 8", "ninth 9th nine 9", "tenth 10th ten 10"),
        )
    )
    for word in words.split()
} | {"last": -1, "final": -1, "latter": -1, "former": 0}
KINDS = "recommendation|lesson|practice|finding|conclusion|outcome|result|item|point|quote"
ORDINAL = re.compile(
    rf"\b(?:the (?P<word>{'|'.join(NUMBER)}) (?:ones?|(?:{KINDS})s?|of (?:them|those|these))|"
    rf"the (?P<bare>{'|'.join(word for word in NUMBER if len(word) > 3)})$|"
    rf"(?:number|no\.|#|{KINDS}) ?(?P<figure>\d{{1,2}}))\b",
    re.IGNORECASE,
)
THE_ONE = re.compile(
    r"\b(?:the|that) (?P<one>ones?)\s+"
    r"(?P<link>on|about|with|for|in|that|which|from|to|of|by|at|concerning)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
ASKED_OF_IT = re.compile(
    r"\s+(?:also|too|again|as well|is|was|does|did|has|have|should|come|comes|appear|appears|apply|applies|hold|holds|"
    r"addressed|meant|mentioned|repeated)\b.*$",
    re.IGNORECASE,
)
"""What is asked of an item, behind the words that tell which one: 'the one on wages addressed to P2'."""
LINE = re.compile(r"^(?:[-*•] )?(?P<text>\S.*)(?<!\\)\[\d+\]$", re.MULTILINE)
LISTED = re.compile(r"^- .*\[\d+\]$", re.MULTILINE)
"""A line of an answer that lists."""
LABEL = re.compile(r"^\W*(?:(?:[\w-]+ ){0,3}(?:no\. )?(?P<number>\d{1,2})\s*[.):]\s*)?", re.IGNORECASE)
"""What stands before the words of an item: 'Lesson no. 2:'."""
FIRST = re.compile(r" — |(?<=\w{3}[.;]) (?=[A-Z])| \((?:[^()]|\([^()]*\))*\)$")
"""Where the heading or first sentence of an item ends."""
ITEM_WORDS = 24


def is_list(answer: str) -> bool:
    """The answer lists things."""
    return LISTED.search(answer) is not None


def items(answer: str) -> list[str]:
    """What an answer (Markdown) quotes or lists, each cut to its heading or first sentence."""
    return [_cut(line) for line in _lines(answer)]


def _lines(answer: str) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", match["text"]).strip() for match in LINE.finditer(answer)]


def _cut(line: str) -> str:
    first = FIRST.split(line)[0]
    words = LABEL.sub("", first if len(first.split()) > 2 else line).split()
    return " ".join(words[:ITEM_WORDS]).rstrip(" .;,:")


def item(text: str, answer: str) -> str:
    """The item of an answer that a question means; '' where it means none."""
    given = items(answer)
    if not given:
        return ""
    ordinal, the_one = ORDINAL.search(text), THE_ONE.search(text)
    place = _place(ordinal, answer) if ordinal else None
    if place is None and the_one:
        place = _about(the_one["rest"], given)
    return given[place] if place is not None and place < len(given) else ""


def _place(ordinal: re.Match[str], answer: str) -> int | None:
    """Where the item stands in the list; a printed number goes before the place."""
    figure = ordinal["figure"]
    labels = [LABEL.match(line) for line in _lines(answer)]
    printed = [place for place, label in enumerate(labels) if figure and label and label["number"] == figure]
    return printed[0] if printed else NUMBER.get((ordinal["word"] or ordinal["bare"] or figure).lower())


def _about(subject: str, given: list[str]) -> int | None:
    """The item that has most of the words of a subject, where it has more than half."""
    words = [word.lower() for word in content(ASKED_OF_IT.sub("", subject))]
    counts = [sum(word in each.lower() for word in words) for each in given]
    return counts.index(max(counts)) if max(counts) * 2 > len(words) else None
