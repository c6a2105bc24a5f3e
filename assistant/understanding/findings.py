"""The kind of a passage, told from the headings above it. The rules are rows of one table, the first that fits wins."""

from __future__ import annotations

import re

from assistant.records import Kind

CUES: tuple[tuple[re.Pattern[str], Kind], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"\bratings?\b", Kind.RATING),
        (r"\b(acronyms|abbreviations|glossary|siglas)\b", Kind.DEFINITION),
        (r"\bgood practices?\b(?!.*\blessons?\b)", Kind.GOOD_PRACTICE),
        (r"\blessons?\b", Kind.LESSON),
        (r"\brecommend(ations?|ed|s)\b|\brecomendaciones\b", Kind.RECOMMENDATION),
        (r"\bconclu(sions?|ding)\b", Kind.CONCLUSION),
        (r"\bkey (evaluation )?(findings|results|learnings)\b|\bfindings\b|\bhallazgos\b", Kind.KEY_FINDING),
        (
            r"\b(methodolog\w*|method|methods|sampling|sample|data collection|limitations|fieldwork|analysis)\b",
            Kind.METHOD,
        ),
        (r"\b(outcomes?|results?|achievements?|impacts?|significant change)\b", Kind.OUTCOME),
        (r"\b(background|introduction|context|project description|overview)\b", Kind.BACKGROUND),
    )
)


def kind_of(section: tuple[str, ...]) -> Kind:
    """The kind that the innermost telling heading of a section path gives; narrative when none tells."""
    for heading in reversed(section):
        for cue, kind in CUES:
            if cue.search(heading):
                return kind
    return Kind.NARRATIVE
