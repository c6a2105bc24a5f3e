"""Blocks become passages: what a reader would quote, some 40 to 110 words, with its sentences and places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.records import Block, Kind, Page, Passage, Reading, Sentence, Shape, Span, Word
from assistant.understanding import findings, sentences
from assistant.understanding.printed import BLOCK_BREAK, SECTION_BREAK
from assistant.understanding.proof import CELL_BREAK, on_letters, page_letters

SHORT = 40  # words; smaller neighbours under one heading are joined up to here
LONG = 110  # words; longer paragraphs are cut at a sentence's end
SPOKEN_HEADING = 6  # words; a heading this long says something and can be quoted itself
CITED_WORDS = 12  # words; a footnote's context is so much of the paragraph that cites it
SPOKEN = re.compile(r"^[“\"].*[”\"][.,]?\s*([–—-]\s?\S.{2,120}|\n.{3,60})?$", re.S)  # a quote, who said it behind it
CONTENTS = re.compile(r"\b(contents|contenido|índice)\b|^(index|list) of (tables|figures|boxes)", re.I)

PAGE_NUMBER = re.compile(r"(^|\.)(\d{1,4}|[ivxl]+)$")


@dataclass(slots=True)
class _Draft:
    """Words gathered for a passage. starts are the places in words where a sentence must begin."""

    section: tuple[str, ...]
    shape: Shape
    context: str = ""
    ocr: bool = False
    words: list[Word] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, block: Block) -> None:
        self.starts.append(len(self.words))
        self.words += block.words
        self.ocr = self.ocr or block.ocr


def passages_of(reading: Reading) -> list[Passage]:
    """The passages of a document in reading order; document is '' and id the running number until it is assembled."""
    proofs = _Proofs(reading.pages)
    passages: list[Passage] = []
    for draft in _drafts(reading.blocks):
        for piece in _cut(draft):
            if any(character.isalnum() for word in piece.words for character in word.text):
                passages.append(_passage(str(len(passages)), piece, proofs))
    return passages


def _drafts(blocks: Sequence[Block]) -> Iterator[_Draft]:
    section: list[tuple[int, str]] = []
    draft: _Draft | None = None
    caption = lead = ""
    spoken: Block | None = None
    citing: dict[str, str] = {}
    rows = False
    for block in blocks:
        path = tuple(text for _, text in section)
        text = plain_text(block.words)
        if block.shape is not Shape.FOOTNOTE:
            citing |= dict.fromkeys(block.marks, _first_words(text))
        if rows and block.shape in (Shape.PARAGRAPH, Shape.ITEM):
            caption, rows = "", False  # the table is over, and what its caption said
        if block.shape is Shape.HEADING:
            if draft:
                yield draft
            if spoken:  # two headings in a row: the first said something of its own
                yield _alone(spoken, path[:-1])
            section = [(level, name) for level, name in section if level < block.level] + [(block.level, text)]
            spoken = block if len(block.words) >= SPOKEN_HEADING else None
            draft, caption, lead = None, "", ""
        elif block.shape is Shape.CONTENTS or _lists_contents(block, path):
            continue
        elif block.shape is Shape.CAPTION:
            caption = text
            draft, done = _grown(draft, block, path, "", spoken)
            spoken = None
            yield from done
        elif block.shape is Shape.ROW:
            if draft:
                yield draft
            draft, rows = None, True
            yield _row(block, path, caption)
        elif block.shape is Shape.FOOTNOTE:
            # A footnote is read with what it is a note to; numbers may begin again, so the last citing words count.
            yield _alone(block, path, citing.get(block.marks[0], "") if block.marks else "")
        elif block.shape is Shape.REFERENCE:
            if draft:
                yield draft
            draft = None
            yield _alone(block, path)
        else:
            if block.shape is Shape.PARAGRAPH:
                lead = text if text.endswith(":") else ""
            draft, done = _grown(draft, block, path, lead if block.shape is Shape.ITEM else "", spoken)
            spoken = None
            yield from done
    if draft:
        yield draft
    if spoken:
        yield _alone(spoken, tuple(text for _, text in section)[:-1])


def _grown(
    draft: _Draft | None, block: Block, path: tuple[str, ...], lead: str, spoken: Block | None = None
) -> tuple[_Draft, list[_Draft]]:
    """The draft with the block added, or a new one; and the drafts that are finished by it."""
    done = []
    if draft and not _fits(draft, block):
        done, draft = [draft], None
    if draft is None:
        draft = _Draft(path, block.shape, context=lead)
        if spoken:
            draft.add(spoken)
    draft.add(block)
    if lead and plain_text(draft.words).find(lead) >= 0:
        draft.context = ""  # the lead-in is quoted with its items
    return draft, done


def _fits(draft: _Draft, block: Block) -> bool:
    """Small neighbours are read together: a lead-in with its items, short paragraphs with each other."""
    together = len(draft.words) + len(block.words)
    leads = draft.words[-1].text.endswith(":")
    return together <= LONG and (leads or len(draft.words) < SHORT or (len(block.words) < SHORT // 4))


def _alone(block: Block, path: tuple[str, ...], context: str = "") -> _Draft:
    draft = _Draft(path, block.shape, context)
    draft.add(block)
    return draft


def _first_words(text: str) -> str:
    words = text.split()
    return " ".join(words[:CITED_WORDS]) + (" …" if len(words) > CITED_WORDS else "")


def _row(block: Block, path: tuple[str, ...], caption: str) -> _Draft:
    """A row, its header labels and the caption of its table in the context."""
    labels = CELL_BREAK.join(block.headers) if any(block.headers) else ""
    draft = _Draft(path, Shape.ROW, context=" — ".join(part for part in (caption, labels) if part), ocr=block.ocr)
    start = 0
    for count in block.cells:
        if count:
            draft.starts.append(start)
        start += count
    draft.words = list(block.words)
    return draft


def _lists_contents(block: Block, path: tuple[str, ...]) -> bool:
    """A line of a table of contents: a name and a page number below such a heading."""
    return bool(path and CONTENTS.search(path[-1])) and bool(PAGE_NUMBER.search(block.words[-1].text))


def plain_text(words: Sequence[Word]) -> str:
    """Words as text: one space between them, none where a broken word goes on."""
    return "".join(("" if word.joined or not place else " ") + word.text for place, word in enumerate(words))


def _cut(draft: _Draft) -> Iterator[_Draft]:
    """Long drafts cut at sentence ends into pieces of about equal length."""
    if draft.shape is Shape.ROW or len(draft.words) <= LONG:
        yield draft
        return
    starts = _sentence_starts(draft)
    pieces = -(-len(draft.words) // LONG)
    size = len(draft.words) / pieces
    first = 0
    for place, start in enumerate(starts[1:], 1):
        following = starts[place + 1] if place + 1 < len(starts) else len(draft.words)
        if start - first >= SHORT and following - first > size * 1.1:
            yield _slice(draft, first, start)
            first = start
    yield _slice(draft, first, len(draft.words))


def _slice(draft: _Draft, first: int, end: int) -> _Draft:
    starts = [start - first for start in draft.starts if first <= start < end]
    return _Draft(draft.section, draft.shape, draft.context, draft.ocr, draft.words[first:end], starts)


def _sentence_starts(draft: _Draft) -> list[int]:
    """The words that begin a sentence."""
    text, spans = _text(draft)
    begins = {start for start, _ in _sentences(text, spans, draft.starts)}
    return [place for place, span in enumerate(spans) if span.start in begins]


def _text(draft: _Draft) -> tuple[str, list[Span]]:
    """The draft as text, and each word's characters and rectangle in it."""
    breaks = set(draft.starts[1:])
    between = CELL_BREAK if draft.shape is Shape.ROW else BLOCK_BREAK
    text = ""
    spans = []
    for place, word in enumerate(draft.words):
        if text and not (word.joined and place not in breaks):
            text += between if place in breaks else " "
        spans.append(Span(len(text), len(text) + len(word.text), word.page, word.x0, word.top, word.x1, word.bottom))
        text += word.text
    return text, spans


def _sentences(text: str, spans: Sequence[Span], starts: Sequence[int]) -> list[tuple[int, int]]:
    """Sentences of a text; a new block always begins a new one."""
    cuts = [*sorted({spans[start].start for start in starts if start < len(spans)} | {0}), len(text)]
    found = []
    for begin, end in itertools.pairwise(cuts):
        found += [(begin + s, begin + e) for s, e in sentences.split(text[begin:end])]
    return found


def _passage(number: str, draft: _Draft, proofs: _Proofs) -> Passage:
    text, spans = _text(draft)
    bounds = [(0, len(text))] if draft.shape is Shape.ROW else _sentences(text, spans, draft.starts)
    return Passage(
        id=number,
        document="",
        page=min(word.page for word in draft.words),
        page_end=max(word.page for word in draft.words),
        text=text,
        section=SECTION_BREAK.join(draft.section),
        context=draft.context,
        kind=_kind(draft, text),
        shape=draft.shape,
        ocr=draft.ocr,
        sentences=tuple(Sentence(s, e, proofs.hold(text[s:e], _pages(spans, s, e))) for s, e in bounds),
        spans=tuple(spans),
    )


def _kind(draft: _Draft, text: str) -> Kind:
    if draft.shape is Shape.REFERENCE:
        return Kind.BACKGROUND
    if draft.shape is not Shape.ROW and SPOKEN.match(text):
        return Kind.TESTIMONY
    return findings.kind_of(draft.section)


def _pages(spans: Sequence[Span], start: int, end: int) -> tuple[int, int]:
    inside = [span.page for span in spans if span.start < end and span.end > start]
    return min(inside), max(inside)


class _Proofs:
    """Looks quotes up in the raw text of their pages."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = {page.number: page_letters(page.text) for page in pages}

    def hold(self, quote: str, pages: tuple[int, int]) -> bool:
        """The quote stands in one run on its pages."""
        numbers = range(pages[0], pages[1] + 1)
        return on_letters(quote, [self.pages[number] for number in numbers if number in self.pages])
