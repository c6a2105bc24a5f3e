"""The sources of an answer as cards: the quote, where it stands, and the page with the quote marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from assistant.faces.exporting.dossiers import NEAREST
from assistant.faces.exporting.footnotes import footnote
from assistant.faces.pages.choices import kind_name
from assistant.faces.rendering import plain
from assistant.faces.texts import Texts, texts
from assistant.records import Answer, Citation, Hit, Kind, Place
from assistant.understanding.printed import SECTION_BREAK

ENGLISH = texts("en")
PLACES = 6  # other documents that a card names; a family is seldom larger


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is needed to draw answers: the words of the interface, and what the library says of its documents."""

    words: Texts = ENGLISH
    rows: Mapping[str, Any] = field(default_factory=dict)
    """Those of Answerer.documents() that a visitor may see, by document."""
    page_size: Callable[[str, int], tuple[float, float]] = lambda document, page: (0.0, 0.0)
    strength: Callable[[str], str] = lambda document: ""
    """One line on how strong a document's evidence is."""

    def title(self, document: str) -> str:
        """What a document is called; by its name where it is not there (any more)."""
        return self.rows[document].title or document if document in self.rows else document


@dataclass(frozen=True, slots=True)
class Source:
    """What a card shows, be it a citation or a passage near to what was asked."""

    number: int
    document: str
    title: str
    page: int
    page_end: int
    page_label: str
    kind: Kind
    section: str
    context: str
    text: str
    boxes: tuple[tuple[float, float, float, float, float], ...]
    ocr: bool
    also_in: tuple[Place, ...]


def sources(answer: Answer) -> list[Source]:
    """The citations; where nothing is cited or the answer is declined, also the nearest passages."""
    first = max((citation.number for citation in answer.citations), default=0) + 1
    return [_of_citation(each) for each in answer.citations] + [
        _of_hit(number, hit) for number, hit in enumerate(_near(answer), first)
    ]


def slim(answer: Answer) -> Answer:
    """The answer with those passages alone that are shown, a tenth of it: what an open page keeps of each turn."""
    near = (replace(hit, passage=replace(hit.passage, sentences=())) for hit in _near(answer))
    return replace(answer, passages=tuple(near))


def evidence(answer: Answer, shown: Sequence[Source], open_: bool, drawing: Drawing) -> str:
    """The cards beside an answer, in the order of its citations; of the newest answer the first is open."""
    if not shown:
        return ""
    near = len(shown) > len(answer.citations)
    heading = drawing.words("ask.sources" if not near else "ask.sources_near" if answer.citations else "ask.near")
    cards = "".join(_card(source, open_ and n == 0, drawing) for n, source in enumerate(shown))
    return (
        f'<aside class="evidence" aria-label="{plain(heading)}"><h3>{plain(heading)} <span>{len(shown)}</span></h3>'
        f"{cards}</aside>"
    )


def _card(source: Source, open_: bool, drawing: Drawing) -> str:
    words = drawing.words
    kind = "" if source.kind is Kind.NARRATIVE else f'<span class="kind">{kind_name(words, source.kind)}</span> '
    context = f'<p class="context">{plain(source.context)}</p>' if source.context else ""
    remarks = [source.section.replace(SECTION_BREAK, " › "), *_remarks(source, drawing)]
    small = "".join(f'<p class="section">{plain(remark)}</p>' for remark in remarks if remark)
    return (
        f'<article class="card{" open" if open_ else ""}" data-number="{source.number}" {_picture(source, drawing)}>'
        f'<h4><button type="button" class="head" aria-expanded="{"true" if open_ else "false"}">'
        f'<span class="number">{source.number}</span>'
        f'<span class="title">{plain(source.title or source.document)}</span>'
        f'<span class="page">{kind}{plain(_pages(source, words))}</span></button></h4>'
        f'{context}<blockquote class="quote">{plain(source.text)}</blockquote>'
        f"{_figure(source, drawing)}{small}{_footnote(source, drawing)}</article>"
    )


def _remarks(source: Source, drawing: Drawing) -> list[str]:
    """What there is to know about a source, a sentence each."""
    words = drawing.words
    strength = drawing.strength(source.document)
    places = _places(source, drawing)
    return [
        words("ask.scan") if source.ocr else "",
        words("ask.also_in", places="; ".join(places)) if places else "",
        words("ask.strength", strength=strength) if strength else "",
    ]


def _places(source: Source, drawing: Drawing) -> list[str]:
    """Where else the same words are printed, document by document; those that a visitor may not see left out."""
    words, pages = drawing.words, dict[str, list[int]]()
    for place in source.also_in:
        pages.setdefault(place.document, []).append(place.page)
    told = []
    for document, numbers in pages.items():
        where = words("ask.at_page", page=", ".join(map(str, sorted(set(numbers)))))
        if document == source.document:
            told.append(words("ask.this_document", pages=where))
        elif document in drawing.rows:
            told.append(words("ask.that_document", title=drawing.title(document), pages=where))
    more = len(told) - PLACES
    return told[:PLACES] + ([words("ask.more", count=more)] if more > 0 else [])


def _figure(source: Source, drawing: Drawing) -> str:
    words = drawing.words
    before, after = (plain(words(f"ask.{name}")) for name in ("before", "after"))
    at = plain(words("ask.at_page", page=source.page))
    return (
        f'<figure><div class="frame" tabindex="0" role="group" aria-label="{at}">'
        '<img alt="" decoding="async"></div>'
        f'<figcaption><button type="button" class="before" title="{before}" aria-label="{before}">‹</button>'
        f'<span class="at"></span><button type="button" class="after" title="{after}" aria-label="{after}">›</button>'
        f'<button type="button" class="larger">{plain(words("ask.enlarge"))}</button>'
        f'<a class="pdf" target="_blank" rel="noopener" href="api/v1/files/{quote(source.document, safe="/")}'
        f'#page={source.page}">{plain(words("picture.pdf"))}</a></figcaption></figure>'
    )


def _footnote(source: Source, drawing: Drawing) -> str:
    note = plain(footnote(source, drawing.rows.get(source.document)))
    return (
        f'<button type="button" class="footnote" data-footnote="{note}">{plain(drawing.words("answers.copy"))}</button>'
    )


def _picture(source: Source, drawing: Drawing) -> str:
    """What page.js needs: the pages' address, page, page count, boxes, where on it the quote begins (0 to 1)."""
    boxes = ";".join(",".join([f"{box[0]:.0f}", *(f"{value:.1f}" for value in box[1:])]) for box in source.boxes)
    here = [box for box in source.boxes if int(box[0]) == source.page]
    width, height = drawing.page_size(source.document, source.page) if here else (0.0, 0.0)
    left, top = (0.0, 0.0) if width <= 0 else (min(b[1] for b in here) / width, min(b[2] for b in here) / height)
    return (
        f'data-pages="api/v1/pages/{quote(source.document, safe="/")}/" data-page="{source.page}" '
        f'data-count="{drawing.rows[source.document].pages if source.document in drawing.rows else 0}" '
        f'data-boxes="{boxes}" data-left="{left:.3f}" data-top="{top:.3f}"'
    )


def _pages(source: Source, words: Texts) -> str:
    if source.page_end > source.page:
        said = words("ask.at_pages", page=source.page, end=source.page_end)
    else:
        said = words("ask.at_page", page=source.page)
    differs = source.page_label and source.page_label != str(source.page)
    return words("picture.printed", page=said, label=source.page_label) if differs else said


def _near(answer: Answer) -> list[Hit]:
    if answer.citations and not answer.refused:
        return []
    quoted = {citation.passage_id for citation in answer.citations}
    return [hit for hit in answer.passages if hit.passage.id not in quoted][:NEAREST]


def _of_citation(citation: Citation) -> Source:
    return Source(
        number=citation.number,
        document=citation.document,
        title=citation.title,
        page=citation.page,
        page_end=citation.page_end,
        page_label=citation.page_label,
        kind=citation.kind,
        section=citation.section,
        context=citation.context,
        text=citation.quote,
        boxes=citation.boxes,
        ocr=citation.ocr,
        also_in=citation.also_in,
    )


def _of_hit(number: int, hit: Hit) -> Source:
    passage = hit.passage
    return Source(
        number=number,
        document=passage.document,
        title=hit.title,
        page=passage.page,
        page_end=passage.page_end,
        page_label="",
        kind=passage.kind,
        section=passage.section,
        context=passage.context,
        text=passage.text,
        boxes=tuple((float(s.page), s.x0, s.top, s.x1, s.bottom) for s in passage.spans),
        ocr=passage.ocr,
        also_in=(),
    )
