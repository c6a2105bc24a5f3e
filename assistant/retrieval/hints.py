"""What the form of a question lets expect in the passage that answers: a superlative, a date, a change."""

from __future__ import annotations

import re

from assistant.understanding.english import MONTHS

MONTH = rf"(?:{'|'.join(MONTHS)})"
HINTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(printed, re.IGNORECASE))
    for asked, printed in (
        (
            r"\b(?:most|highest|largest|biggest|greatest|top|main|best(?! practices?\b)|strongest|rank(?:ed)? first)\b",
            r"\b(?:most|highest|largest|biggest|greatest|top|main(?:ly)?|best|strongest|first|leading|majority|"
            r"primar(?:y|ily)|major)\b",
        ),
        (
            r"\b(?:least|lowest|smallest|fewest|worst|weakest|poorest|rank(?:ed)? last)\b",
            r"\b(?:least|lowest|smallest|fewest|worst|weakest|poorest|last|low(?:er)?|few)\b",
        ),
        (
            r"^\W*(?:and |so |but )?(?:since |by |until )?when(?: exactly)?(?:\W*$| (?:is|are|was|were|did|do|does|has|"
            r"have|had|will|would|should|can|could)\b)|\b(?:what|which) (?:year|month|day|date)\b",
            rf"\b{MONTH},? \d|\d(?:st|nd|rd|th)? (?:of )?{MONTH}\b|\b(?:19|20)\d\d\b",
        ),
        (
            r"(?<!climate )(?<!significant )\bchanged?\b|\b(?:ris(?:e|es|en)|rose|fall(?:en|s)?|fell|increas\w+|"
            r"decreas\w+|grow(?:n|s|th)?|grew|drop(?:ped|s)?|from what|compared)\b",
            r"\bfrom .{1,40} to\b|\b(?:increas|decreas|declin|drop)\w*\b|\b(?:rose|fell|grew|compared)\b",
        ),
    )
)
"""How it is asked, and what the passage then mostly holds."""


def of(question: str) -> tuple[re.Pattern[str], ...]:
    """What a passage that answers the question mostly holds; often nothing in particular."""
    return tuple(printed for asked, printed in HINTS if asked.search(question))
