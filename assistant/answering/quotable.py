"""Which sentences can be quoted by themselves, and which tell what was to be found out and not what was found."""

from __future__ import annotations

import re

from assistant.records import Kind, Passage, Sentence, Shape
from assistant.understanding.printed import BLOCK_BREAK

LABELLED = re.compile(r"^[^.:]{3,40}:\s\S")  # "Location(s): …", "Editors: …": a line of a form, not a finding
FORM_WORDS = 8  # "Date of writing: September 30, 2024."; a longer one with a full stop tells something
CAPTION = re.compile(r"(table|figure|box|chart|graph|map|exhibit|annex|appendix)\s+[\w.]{1,6}[.:]?\s", re.IGNORECASE)
LEADS_ON = ":,?"  # the end of a sentence that says nothing by itself
BOX = re.compile("[\u2610-\u2612\u25a1\uf06f\uf0a8]")  # to be ticked: a form, or a questionnaire
SHORTEST_IN_WORDS = 3  # words with letters in them
REFERENCE = re.compile(r"(?:(?:[A-ZÀ-Þ][\w'’.&-]*|of|and|the|for|de|la|del|&),? )+\((?:19|20)\d\d[a-z]?\)\.(?:\s|$)")
"""How an entry of a list of sources begins: 'Government of Utopia (2024).'"""
ENDED = re.compile(r"[.!?…;][\"'”’)\]]*$")
OF_METHOD = re.compile(
    r"\b(?:methods?|methodolog\w*|questions?|EQs?|matrix|design\w*|instruments?|guides?|interview\w*|survey\w*|asks?|"
    r"asked|probed?|sampl\w*|focus groups?|questionnaires?|triangulat\w*|respondents?|data|evaluators?)\b",
    re.IGNORECASE,
)
"""Words of a question that asks how the evaluation was done."""
TO_FIND_OUT = re.compile(
    r"\?[\"”’)]* \||^[^|]*\|.*\?[\"”’)]*$"  # a row of a matrix: a question with how it was to be answered
    r"|^\[[^\]]+\]$"  # "[Interviewer: probe for reasons]"
    r"|\b(?:sub-?)?EQs?\b[. ]?\d"
    r"|\b(?:evaluation|research|learning|study) (?:sub-?)?questions?\b"
    r"|^(?:In )?[Tt]his (?:section|chapter|annex|appendix)\b",
    re.DOTALL,
)
"""What evaluators set out to find out, ask or tell elsewhere: not what they found."""


def asks_for_method(question: str) -> bool:
    """The question asks how the evaluation was done, or what it asked."""
    return OF_METHOD.search(question) is not None


def stands_alone(passage: Passage, sentence: Sentence) -> bool:
    """It can be read by itself: not a row of bare figures, no heading, caption, form or announcement, not torn."""
    text = passage.text[sentence.start : sentence.end]
    if sum(any(c.isalpha() for c in word) for word in text.split()) < SHORTEST_IN_WORDS:
        return False
    if BOX.search(text) or (passage.kind is Kind.DEFINITION and passage.shape is Shape.ROW):
        return False  # a line of a list of acronyms says nothing but what they stand for
    block = passage.text[passage.text.rfind(BLOCK_BREAK, 0, sentence.start) + 1 :]
    if text[-1] in LEADS_ON or CAPTION.match(text) or REFERENCE.match(block):
        return False
    if CAPTION.match(block) and not ENDED.search(text):
        return False  # "Figure 2." was read as a sentence, and this is the rest of the caption
    in_a_form = LABELLED.match(text) and (not ENDED.search(text) or len(text.split()) <= FORM_WORDS)
    if passage.shape is Shape.PARAGRAPH and (in_a_form or (text.isupper() and not ENDED.search(text))):
        return False
    if passage.shape is Shape.PARAGRAPH and _is_next_heading(passage.text, sentence):
        return False
    if passage.shape is not Shape.PARAGRAPH or BLOCK_BREAK in passage.text[: sentence.start]:
        return True  # items and cells often have no full stop
    return not text[0].islower() and ENDED.search(text) is not None


def _is_next_heading(text: str, sentence: Sentence) -> bool:
    """Words without a full stop end a passage whose block before has one: a heading of what follows elsewhere.

    An item stands behind other items, or behind a colon.
    """
    start = text.rfind(BLOCK_BREAK, 0, sentence.start + 1)
    is_last = not text[sentence.end :].strip()
    return (
        start > 0 and is_last and not ENDED.search(text[start:].strip()) and bool(ENDED.search(text[:start].rstrip()))
    )
