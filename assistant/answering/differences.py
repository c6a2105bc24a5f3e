"""Where documents disagree: another figure for the same thing, told in one line and cited beside the first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.asked import stems
from assistant.answering.citations import as_markdown, cite
from assistant.answering.extractive import Extract
from assistant.answering.parts import GROUPS
from assistant.indexing.library import Library
from assistant.records import Citation, Passage, Sentence, Shape
from assistant.retrieval.hybrid import Found
from assistant.understanding.english import MONTHS, NUMBERS, YEAR, stem
from assistant.understanding.strength import spoken

COUNTS = NUMBERS[2:13]
"""Numbers in words that are read as figures; 'one' is mostly none."""
FIGURE = re.compile(
    rf"(?<![\w.,/$€£%–-])(?P<money>US\$|[$€£]|(?:USD|EUR) ?\$? ?)?"
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{'|'.join(COUNTS)})"
    r"(?P<scale> (?:thousand|million|billion))?(?P<share> ?%| percent| per cent)?(?![\w%–-]|[.,]\d)"
    r"(?=(?P<noun>(?: (?-i:[a-z][a-z-]*)){0,3}))",
    re.IGNORECASE,
)
ROUGH = re.compile(
    r"\b(?:about|around|approximately|nearly|almost|roughly|over|under|above|below|than|least|most|to|between|and|or|some|"
    r"of|the|these|those|only|every|per)\W*(?:US)?$",
    re.IGNORECASE,
)
"""What stands before a figure that is no plain count: rounded, a bound, an end of a range, a part of others."""
RANGE = re.compile(r"^\s*(?:to|and|or|of|out of)\b", re.IGNORECASE)
NAME = re.compile(r"(?<=[\w,;(/] )[(“\"]?([A-ZÀ-Þ][\w-]*)")
LABEL = re.compile(
    r"\b([A-Z][a-z]+|domain|compan(?:y|ies)|phase|group|round|component|outcome) (\d{1,2}[a-z]?|[A-Z])\b"
)
AIMED = re.compile(
    r"\b(?:target\w*|goals?|plan(?:s|ned)?|expect\w*|aim\w*|baseline|forecast\w*|projected|intend\w*)\b", re.I
)
ALIKE = 0.6  # share of the shorter sentence's words that the other has, too
OF_LONGER = 0.4  # and of the longer one's
SHARED = 5  # words, at least, that both sentences have
NEARLY = 0.03  # of the larger; what differs by less may be the same, rounded


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence that may be set against another."""

    passage: Passage
    sentence: Sentence

    @property
    def text(self) -> str:
        return self.passage.text[self.sentence.start : self.sentence.end]


@dataclass(frozen=True, slots=True)
class _Figure:
    value: float
    unit: str
    """%, money, or the stem of the noun that is counted."""
    text: str


def told(library: Library, made: Extract, found: Sequence[Found]) -> Extract:
    """The answer, and where another passage found gives another figure for the same thing a line that says so."""
    said = [s for each in found for s in _sentences(each) if _figures(s.text)]
    cited = [s for s in said if _citation(made, s)]
    for one in cited:
        for other in said:
            figures = _differ(one, other)
            if figures:
                return _with_difference(library, made, (one, other), figures)
    return made


def _sentences(found: Found) -> Iterator[_Said]:
    if found.passage.shape is Shape.ROW:
        return  # a cell does not say what its figure is of
    yield from (_Said(found.passage, sentence) for sentence in found.passage.sentences if sentence.proven)


def _citation(made: Extract, said: _Said) -> Citation | None:
    quoted = (c for c in made.citations if c.passage_id == said.passage.id and said.text in c.quote)
    return next(quoted, None)


def _differ(one: _Said, other: _Said) -> tuple[_Figure, _Figure] | None:
    """The figures by which two sentences differ that say the same of the same thing; None where they do not."""
    if (one.passage.document, one.passage.page) == (other.passage.document, other.passage.page):
        return None
    if not _same_thing(one.text, other.text):
        return None
    if one.passage.document == other.passage.document and not NAME.search(one.text):
        return None  # 'the response rate for this item' speaks of another item on each page
    for figure in _figures(one.text):
        against = [each for each in _figures(other.text) if each.unit == figure.unit]
        if len(against) == 1 and len([f for f in _figures(one.text) if f.unit == figure.unit]) == 1:
            larger = max(abs(figure.value), abs(against[0].value))
            explained = against[0].value in _values(one.text) or figure.value in _values(other.text)
            if not explained and abs(figure.value - against[0].value) > NEARLY * larger:
                return figure, against[0]
    return None


def _same_thing(one: str, other: str) -> bool:
    """Two sentences speak of the same measure, place, people and time, as far as their words tell."""
    first, second = _content(one), _content(other)
    shared = len(first & second)
    if (
        shared < SHARED
        or shared < ALIKE * min(len(first), len(second))
        or shared < OF_LONGER * max(len(first), len(second))
    ):
        return False
    years, others = set(YEAR.findall(one)), set(YEAR.findall(other))
    if years and others and not years & others:
        return False
    names, named = set(NAME.findall(one)), set(NAME.findall(other))
    if 2 * len(names ^ named) > len(names & named):
        return False
    alike = (_labels, _groups, lambda text: AIMED.search(text) is not None)
    return all(each(one) == each(other) for each in alike)


def _content(text: str) -> frozenset[str]:
    small = {stem(word) for word in (*COUNTS, *MONTHS)}
    return frozenset(word for word in stems(text) if word and not word[0].isdigit() and word not in small)


def _labels(text: str) -> frozenset[str]:
    """Things told by a number: domain 1, company B."""
    return frozenset(
        f"{m[1]} {m[2]}".lower() for m in LABEL.finditer(text) if m[1].lower() not in (*MONTHS, "in", "of")
    )


def _groups(text: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z]+", text.lower()) if word in GROUPS)


def _figures(text: str) -> list[_Figure]:
    """Plain figures with what they count; bounds, ranges, parts of others and rounded ones are left out."""
    found = []
    for match in FIGURE.finditer(text):
        if YEAR.fullmatch(match["number"]) or ROUGH.search(text[: match.start()]) or RANGE.match(match["noun"]):
            continue
        noun = [stem(word.lower()) for word in match["noun"].split()]
        counted = [word for word in noun if word in stems(match["noun"])]
        counted = counted[: next((n for n, word in enumerate(noun) if word not in counted), len(noun))]
        unit = "%" if match["share"] else "money" if match["money"] else counted[-1] if counted else ""
        if unit:
            behind = " ".join(match["noun"].split()[: len(counted)])
            whole = match.group().strip() if match["share"] or match["money"] else f"{match.group().strip()} {behind}"
            found.append(_Figure(_value(match["number"]), f"{unit}{match['scale'] or ''}", whole))
    return found


def _values(text: str) -> frozenset[float]:
    """Every number of a sentence: 'five unions, four of them new' tells of five and of four."""
    return frozenset(_value(match["number"]) for match in FIGURE.finditer(text))


def _value(number: str) -> float:
    word = number.lower()
    return float(NUMBERS.index(word)) if word in COUNTS else float(word.replace(",", ""))


def _with_difference(
    library: Library, made: Extract, said: tuple[_Said, _Said], figures: tuple[_Figure, _Figure]
) -> Extract:
    citations, lines = list(made.citations), [made.markdown]
    told = []
    for each, figure in zip(said, figures, strict=True):
        citation = _citation(made, each)
        if citation is None:
            sentence = each.sentence
            citation = cite(library, len(citations) + 1, each.passage, sentence.start, sentence.end)
            if citation is None:
                return made
            citations.append(citation)
            lines.append(f"{as_markdown(citation.quote)} [{citation.number}]")
        told.append(f"{as_markdown(figure.text)} ({as_markdown(_source(library, citation))}) [{citation.number}]")
    who = "The documents differ" if said[0].passage.document != said[1].passage.document else "The document differs"
    lines.append(f"{who}: {told[0]} and {told[1]}.")
    return replace(made, markdown="\n\n".join(lines), citations=tuple(citations))


def _source(library: Library, citation: Citation) -> str:
    """Title, month and page: 'Midterm report, May 2025, p. 20'."""
    document = library.document(citation.document)
    date = spoken(document.date or document.year) if document else ""
    return ", ".join(part for part in (citation.title, date, f"p. {citation.page}") if part)
