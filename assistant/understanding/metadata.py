"""What a document is: its title, the year it speaks for, its language."""

from __future__ import annotations

import re
from collections import Counter

from assistant.records import Reading, Shape

NO_TITLE = re.compile(
    r"^(untitled|microsoft \w+|document\d*|slide \d+|print|layout \d+|.*\.(docx?|indd|pdf|qxd|rtf))\b", re.I
)
YEAR = re.compile(r"\b(19[89]\d|20[0-4]\d)\b")
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
DATED = re.compile(rf"\b(?:{MONTHS})\s+(?:\d{{1,2}},\s*)?(19[89]\d|20[0-4]\d)\b", re.I)
FIRST_PAGES = 2
TITLE_WORDS = 30
FIRST_WORDS = 10
LANGUAGES = {
    "en": "the of and to in that for with was were this from by which have",
    "es": "el la los las de que en y por con para una del se como más",
    "fr": "le la les des et que dans pour une est du avec sur par plus",
    "pt": "o a os as de que em e por com para uma do da não mais",
}


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
    dated = DATED.search(" ".join(page.text for page in reading.pages[:1]))
    return dated.group(1) if dated else ""


def language(reading: Reading) -> str:
    """The language most of the text is in, by its small words: en, es, fr or pt; '' when there is too little text."""
    words = Counter(re.findall(r"[a-zà-ÿ]+", " ".join(p.text for p in reading.pages[:30]).lower()))
    counts = {code: sum(words[w] for w in small.split()) for code, small in LANGUAGES.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= 10 else ""
