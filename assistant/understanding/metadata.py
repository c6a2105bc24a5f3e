"""What a document is: its title, type, date, who made it, its language; from its properties and first pages."""

from __future__ import annotations

import re
from collections import Counter

from assistant.records import Block, Reading, Shape
from assistant.understanding import languages
from assistant.understanding.english import MONTHS

NO_TITLE = re.compile(
    r"^(untitled|microsoft \w+|document\d*|slide \d+|print|layout \d+|.*\.(docx?|indd|pdf|qxd|rtf))\b", re.I
)
YEAR = re.compile(r"\b(19[89]\d|20[0-4]\d)\b")
TITLE_WORDS = 30
FIRST_WORDS = 10
DATE = re.compile(rf"\b({'|'.join(MONTHS)})\s+(?:\d{{1,2}},\s*)?(19[89]\d|20[0-4]\d)\b", re.I)
OTHER_DATES = re.compile(
    r"\b(collect|period|between|from|through|until|since|fieldwork|interview|award)|[–-]\s*\w+ \d", re.I
)
DATE_WORDS = 14  # words; a line that gives the date of a publication says little else
FIRST_PAGES = 2
LANGUAGE_PAGES = 30  # pages that the language is told by
SHORT_PAGES = 12  # pages; a longer document is no brief
NAME = r"((?:[A-Z][\w.&'’-]*)(?:,? (?:[A-Z][\w.&'’-]*|Inc\.|of|for|the|and|at|de|del|la))*)"
ORGANISATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:[Ff]unded|[Cc]ommissioned|[Ff]unding for this \w+ was provided) by (?:the )?{NAME}",
        rf"(?:[Cc]onducted|[Pp]repared|[Cc]arried out|[Ww]ritten) by (?:the )?{NAME}",
        rf"\bcontracted (?:the )?{NAME}",
    )
)
LOOSE_END = re.compile(r"(?<=Inc)\. .*$|([,.]|\s(of|for|the|and|at|de|del|la))+$")
PROJECT = re.compile(r"\b(?:[Tt]he|[Uu]nder|[Bb]y|[Oo]f) ([A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9]*) [Pp]roject\b")
NAMED_PROJECT = re.compile(r"\(([A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9]*)\)")
PROJECT_MENTIONS = 2
TYPES = (
    (re.compile(r"\blearning briefs?\b", re.I), "learning brief", 0),
    (re.compile(r"\bbriefs?\b|evaluation|evaluación|évaluation|avaliação", re.I), "evaluation brief", SHORT_PAGES),
    (re.compile(r"evaluation|evaluación|évaluation|avaliação", re.I), "evaluation report", 0),
)
"""What the title, the first headings or the running title say, the type, and the most pages that one has (0: any)."""


def title(reading: Reading) -> str:
    """The document's title: from its properties, else its most prominent first heading, else its first words.

    Never from the file's name: what is known of a document must not change when its file is renamed.
    """
    given = " ".join(reading.properties.get("Title", "").split())
    if len(given) > 3 and not NO_TITLE.match(given):
        return given
    headings = [
        block for block in reading.blocks if block.shape is Shape.HEADING and block.words[0].page <= FIRST_PAGES
    ]
    if headings:
        largest = max(headings, key=lambda b: (b.words[0].bottom - b.words[0].top, len(b.words) > 2))
        return " ".join(word.text for word in largest.words[:TITLE_WORDS])
    first = next((block.words for block in reading.blocks), ())
    return " ".join(word.text for word in first[:FIRST_WORDS]) or "Untitled document"


def year(reading: Reading, title_of_document: str) -> str:
    """The year the document gives itself: in its title, else with a month on its first page; '' when neither does."""
    named = YEAR.findall(title_of_document)
    if named:
        return str(named[-1])
    dated = DATE.search(" ".join(page.text for page in reading.pages[:1]))
    return dated.group(2) if dated else ""


def date(reading: Reading) -> str:
    """The month of publication as 2025-05, where it is printed on the first pages; else ''."""
    titles = [_text(block) for block in _opening(reading) if block.shape is Shape.HEADING]
    lines = [line for page in reading.pages[:FIRST_PAGES] for line in page.text.splitlines()]
    for line in [*titles, *(line for line in lines if len(line.split()) <= DATE_WORDS)]:
        found = DATE.search(line)
        if found and not OTHER_DATES.search(line):
            return f"{found.group(2)}-{MONTHS.index(found.group(1).lower()) + 1:02}"
    return ""


def type_of(reading: Reading, title_of_document: str) -> str:
    """evaluation report, evaluation brief, learning brief or other."""
    said = [title_of_document, *(_text(block) for block in _opening(reading) if block.shape is Shape.HEADING)]
    said += [line for page in reading.pages[:1] for line in page.text.splitlines()[:2]]
    for text in (title_of_document, "\n".join(said)):
        for pattern, kind, most in TYPES:
            if pattern.search(text) and (not most or len(reading.pages) <= most):
                return kind
    return "other"


def organisations(reading: Reading) -> tuple[str, ...]:
    """Who paid for the document and who made it, as far as its first and last page and its properties say so."""
    pages = [*reading.pages[:FIRST_PAGES], *reading.pages[-1:]]
    text = " ".join(" ".join(page.text.split()) for page in pages)
    found = [LOOSE_END.sub("", match) for pattern in ORGANISATIONS for match in pattern.findall(text)]
    author = reading.properties.get("Author", "").split(", http")[0]
    return tuple(dict.fromkeys(name for name in [*found, author] if len(name.split()) > 1))


def projects(reading: Reading) -> tuple[str, ...]:
    """Short names of projects: in brackets behind a first heading, or often followed by the word project."""
    headed = [
        name
        for block in _opening(reading)
        if block.shape is Shape.HEADING
        for name in NAMED_PROJECT.findall(_text(block))
    ]
    text = " ".join(" ".join(page.text.split()) for page in reading.pages)
    counts = Counter(PROJECT.findall(text))
    often = [n for n, count in counts.most_common() if count >= PROJECT_MENTIONS and f"{n}-funded" not in text]
    return tuple(dict.fromkeys([*headed, *often]))


def _opening(reading: Reading) -> list[Block]:
    return [block for block in reading.blocks if block.words[0].page <= FIRST_PAGES]


def _text(block: Block) -> str:
    return " ".join(word.text for word in block.words)


def language(reading: Reading) -> str:
    """The language most of the text is in, by its small words: en, es, fr, pt, de or it; '' for too little text."""
    return languages.of_document(" ".join(page.text for page in reading.pages[:LANGUAGE_PAGES]))
