"""The nouns of the project: what a report, a passage, a citation and an answer are. No behaviour lives here."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a passage is to an evaluator."""

    OUTCOME = "outcome"
    LESSON = "lesson"
    GOOD_PRACTICE = "good_practice"
    RECOMMENDATION = "recommendation"
    KEY_FINDING = "key_finding"
    CONCLUSION = "conclusion"
    RATING = "rating"
    TESTIMONY = "testimony"
    METHOD = "method"
    BACKGROUND = "background"
    DEFINITION = "definition"
    NARRATIVE = "narrative"


class Shape(StrEnum):
    """How a block stands on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    CONTENTS = "contents"
    REFERENCE = "reference"


class Mode(StrEnum):
    """How an answer was made."""

    EXTRACTIVE = "extractive"
    LISTING = "listing"
    GENERATIVE = "generative"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Word:
    """A printed word and its rectangle in points from the top left of the page as it is shown."""

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    joined: bool = False
    """The word goes on from the one before without a space (the second half of a word broken at a line's end)."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list item or a table row, in reading order."""

    shape: Shape
    words: tuple[Word, ...]
    level: int = 0
    """For headings, 1 is the highest; for items, the nesting from 1; else 0."""
    cells: tuple[int, ...] = ()
    """For rows, how many of the words each cell holds, in printed order."""
    headers: tuple[str, ...] = ()
    """For rows, the header label of each cell ('' where there is none)."""
    ocr: bool = False
    marks: tuple[str, ...] = ()
    """The footnote marks behind its words; of a footnote, its own mark."""


@dataclass(frozen=True, slots=True)
class Page:
    """A physical page: number from 1, printed label, size in points, and the raw text the PDF library gives."""

    number: int
    label: str
    width: float
    height: float
    text: str
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class PageWarning:
    """Something a reader of the library should know about a document; page 0 speaks of the whole file."""

    document: str
    page: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read from one PDF."""

    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    properties: dict[str, str] = field(default_factory=dict)
    warnings: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where else the same words stand."""

    document: str
    page: int


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start to end of a passage's text, with the rectangle they fill on a page."""

    start: int
    end: int
    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters start to end of a passage's text; proven says that its letters stand in one run on its pages."""

    start: int
    end: int
    proven: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotable stretch of a report, and where a reader can find it."""

    id: str
    document: str
    page: int
    page_end: int
    text: str
    """As printed; ' | ' stands between the cells of a table row, a line end between paragraphs and items."""
    section: str = ""
    """The headings above it, outermost first, ' > ' between them."""
    context: str = ""
    """Header labels or the lead-in that a reader needs and that are printed elsewhere."""
    kind: Kind = Kind.NARRATIVE
    shape: Shape = Shape.PARAGRAPH
    ocr: bool = False
    sentences: tuple[Sentence, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry of the register: something a report labels as a lesson, a recommendation, a rating and so on.

    document, family, group and also_in are empty until the document stands in a library.
    """

    id: str
    document: str
    page: int
    page_end: int
    kind: Kind
    number: str
    """As printed, without what stands around it: '3', '3b*'."""
    title: str
    """A few words that name it; of a testimony, who spoke."""
    text: str
    """As printed, like the text of a Passage."""
    addressee: str = ""
    section: str = ""
    projects: tuple[str, ...] = ()
    criterion: str = ""
    value: str = ""
    scale: str = ""
    priority: str = ""
    timeframe: str = ""
    family: str = ""
    """The name of the evaluation that the document belongs to: that of its fullest document."""
    group: str = ""
    """Findings of one group say the same thing in several places: the least of their ids."""
    also_in: tuple[Place, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing of a list: its words, with where they stand."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ItemList:
    """Things that a document lists together: items, headings below one heading, or rows."""

    document: str
    """'' until the document stands in a library."""
    section: str
    lead: str
    """What introduces them: a lead-in, a caption, or the label that all of them begin with."""
    items: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """What staff have changed about one finding, found again by its document and the first words of its text."""

    document: str
    first_words: str
    kind: Kind | None = None
    addressee: str = ""
    title: str = ""
    dropped: bool = False
    """It is not a finding."""


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF of the library. name is its path below the corpus folder, key names its finished record."""

    name: str
    key: str
    title: str
    pages: int
    passages: int
    sentences: int
    labels: tuple[str, ...] = ()
    language: str = "en"
    year: str = ""
    ocr_pages: int = 0
    type: str = "other"
    """evaluation report, evaluation brief, learning brief or other."""
    date: str = ""
    """Of publication: 2025-05, or 2025 where no month is known."""
    organisations: tuple[str, ...] = ()
    """Who paid for it and who made it."""
    projects: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    link: str = ""
    """Where it was published."""
    access: str = "all"
    """Who may see it: all, or curators alone."""
    copies: tuple[str, ...] = ()
    """Other files with the same bytes."""


class Role(StrEnum):
    """What a person may do: readers ask and read, curators also see restricted documents and keep the library."""

    READER = "reader"
    CURATOR = "curator"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the assistant; without a name where there are no accounts."""

    name: str
    role: Role


ANYBODY = Person("", Role.CURATOR)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, with its score (higher is better; comparable within one question only)."""

    passage: Passage
    score: float
    title: str
    page_label: str = ""
    """As printed on the passage's first page."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation and the answer it got."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, with the conversation so far and the filters chosen."""

    text: str
    id: str = ""
    history: tuple[Turn, ...] = ()
    filters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote with its place. boxes are (page, x0, top, x1, bottom) in points from the top left."""

    number: int
    document: str
    title: str
    page: int
    page_end: int
    page_label: str
    quote: str
    context: str
    passage_id: str
    kind: Kind
    section: str
    boxes: tuple[tuple[float, float, float, float, float], ...] = ()
    ocr: bool = False
    also_in: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a listing covers, so that its completeness can be judged."""

    kinds: tuple[str, ...]
    documents_searched: int
    with_entries: int
    without: tuple[str, ...]
    entries: int


@dataclass(frozen=True, slots=True)
class Writing:
    """What a language model had to do with an answer."""

    model: str
    prompt: str
    """The version of the prompts: it changes with their text."""
    checked: int = 0
    """Sentences compared with what they cite."""
    removed: int = 0
    """Those among them that were not borne out; struck through where the user wants to see them."""
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    """As the endpoint reports it; None where it does not."""
    failure: str = ""
    """Why quotes are shown instead; '' when the answer is the model's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose every quote is a citation; answer is Markdown with [n] for citation n."""

    id: str
    question: str
    understood: str
    answer: str
    mode: Mode
    refused: bool
    citations: tuple[Citation, ...]
    passages: tuple[Hit, ...]
    coverage: Coverage | None
    seconds: float
    generation: int
    writing: Writing | None = None
    """None where no language model was asked."""
