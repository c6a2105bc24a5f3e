"""The conversation as HTML. Every word that comes from a document, a question or an answer passes through plain()."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from assistant.faces.markdown import markdown
from assistant.faces.rendering import plain, understood_otherwise
from assistant.records import Answer, Citation, Hit, Mode, Writing
from assistant.understanding.printed import SECTION_BREAK

PageSize = Callable[[str, int], tuple[float, float]]
Strength = Callable[[str], str]

# As many files as the first page names; the rest is counted.
LISTED = 12

MODES = {
    Mode.EXTRACTIVE: "Quoted from the library",
    Mode.LISTING: "Complete list from the register",
    Mode.GENERATIVE: "Written by a language model, each sentence checked against its source",
    Mode.REFUSAL: "No answer found in the library",
}
INSTEAD = "No answer found; what the library says instead is quoted"
NEAREST = 5  # passages that are shown with a refusal


@dataclass(frozen=True, slots=True)
class Shown:
    """One turn on the page: what was asked and, as they come, the words so far, the answer, or a note instead."""

    question: str
    words: str = ""
    answer: Answer | None = None
    note: str = ""
    failed: bool = False
    growing: bool = False
    """More of the answer is to come."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a card shows, be it a citation or a passage near to what was asked."""

    number: int
    document: str
    title: str
    page: int
    page_end: int
    label: str
    section: str
    context: str
    text: str
    boxes: tuple[tuple[float, float, float, float, float], ...]
    ocr: bool
    elsewhere: int


def conversation(
    turns: Sequence[Shown],
    page_counts: Mapping[str, int],
    page_size: PageSize,
    strength: Strength = lambda document: "",
) -> str:
    """All turns; the evidence of the last one stands open beside it. strength says of a document how strong it is."""
    last = len(turns) - 1
    said = "".join(_turn(turn, n, n == last, page_counts, page_size, strength) for n, turn in enumerate(turns))
    return f'<div class="turns">{said}</div>' if turns else ""


def masthead(documents: int, pages: int) -> str:
    """The name of the product, what it does and how much it covers."""
    covers = f"{documents:,} {_plural('document', documents)}, {pages:,} {_plural('page', pages)}"
    return (
        '<header class="masthead"><p class="tabs"><span>Ask</span> <a href="register">Register of findings</a></p>'
        "<h1>Evaluation Assistant</h1>"
        "<p>Answers questions about evaluation reports in the reports' own words, and shows each on its page. "
        f'<span class="covers">Covers {covers}.</span></p></header>'
    )


def library(rows: Sequence[Any]) -> str:
    """The titles of the first files, those that could not be read with the reason; rows as in Answerer.documents."""
    entries = "".join(
        f'<li><span class="title">{plain(row.title or row.document)}</span>'
        + (
            f'<span class="size lost">not read: {plain(row.refused)}</span></li>'
            if row.refused
            else f'<span class="size">{row.pages:,} {_plural("page", row.pages)}</span></li>'
        )
        for row in rows[:LISTED]
    )
    more = f"<p>and {len(rows) - LISTED:,} more</p>" if len(rows) > LISTED else ""
    return f'<section class="library"><h2>In the library:</h2><ul>{entries}</ul>{more}</section>' if rows else ""


def pages_url(document: str) -> str:
    """Where the pictures of a document's pages stand, without the page number."""
    return f"api/v1/pages/{quote(document, safe='/')}/"


def _turn(
    turn: Shown, number: int, open_: bool, page_counts: Mapping[str, int], page_size: PageSize, strength: Strength
) -> str:
    said = f'<h2 class="asked">{plain(turn.question)}</h2>'
    evidence = ""
    if turn.note:
        said += f'<p class="note{" failed" if turn.failed else ""}" role="status">{plain(turn.note)}</p>'
    if turn.answer is not None:
        said += _answer(turn.answer, turn.words)
        # Sources come with the last words: cards that are drawn again at every step would flicker.
        if turn.words == turn.answer.answer and not turn.growing:
            sources = _sources(turn.answer)
            said += _about(turn.answer, sources)
            evidence = _evidence(turn.answer, sources, open_, page_counts, page_size, strength)
    return (
        f'<section class="turn{" open" if open_ else ""}" id="turn-{number}">'
        f'<div class="said">{said}</div>{evidence}</section>'
    )


def _answer(answer: Answer, words: str) -> str:
    otherwise = understood_otherwise(answer)
    understood = f'<p class="understood">Understood as: {plain(otherwise)}</p>' if otherwise else ""
    body = markdown(words, [citation.number for citation in answer.citations])
    return f'{understood}<div class="answer{" refused" if answer.refused else ""}">{body}</div>'


def _about(answer: Answer, sources: Sequence[Source]) -> str:
    """Below an answer: how it was made, how to see and to take its sources."""
    cited, near = len(answer.citations), len(sources) - len(answer.citations)
    counted = [
        f"{count} {_plural(word, count)}" for count, word in ((cited, "source"), (near, "near passage")) if count
    ]
    shows = f'<button type="button" class="shows">Show {" and ".join(counted)}</button>' if sources else ""
    took = "under 0.1 s" if answer.seconds < 0.1 else f"{answer.seconds:.1f} s"
    if not (answer.refused or answer.citations or answer.passages):
        return f'<p class="about"><span>{took}</span></p>'  # 'start over' quotes nothing
    mode = INSTEAD if answer.refused and answer.citations else MODES[answer.mode]
    return (
        f'<p class="about"><span class="mode">{mode}</span>'
        f"<span>{took}</span>{_taken(answer.writing)}{shows}"
        '<button type="button" class="copy">Copy with sources</button></p>'
    )


def _taken(writing: Writing | None) -> str:
    """What the language model took, as far as its endpoint reports it."""
    if writing is None or writing.tokens_in is None or writing.tokens_out is None:
        return ""
    cost = f", cost {writing.cost:.4f}" if writing.cost is not None else ""
    return f"<span>{plain(writing.model)}: {writing.tokens_in:,} + {writing.tokens_out:,} tokens{cost}</span>"


def _evidence(
    answer: Answer,
    sources: Sequence[Source],
    open_: bool,
    page_counts: Mapping[str, int],
    page_size: PageSize,
    strength: Strength,
) -> str:
    if not sources:
        return ""
    near = len(sources) > len(answer.citations)
    heading = "Sources" if not near else "Sources and nearest passages" if answer.citations else "Nearest passages"
    cards = "".join(
        _card(source, open_ and n == 0, page_counts.get(source.document, 0), page_size, strength(source.document))
        for n, source in enumerate(sources)
    )
    return (
        f'<aside class="evidence" aria-label="{heading}"><h3>{heading} <span>{len(sources)}</span></h3>{cards}</aside>'
    )


def _card(source: Source, open_: bool, pages: int, page_size: PageSize, strength: str) -> str:
    section = f'<p class="section">{plain(source.section.replace(SECTION_BREAK, " › "))}</p>' if source.section else ""
    context = f'<p class="context">{plain(source.context)}</p>' if source.context else ""
    notes = (["Read from a scan"] if source.ocr else []) + (
        [f"Also on {source.elsewhere} other {_plural('page', source.elsewhere)}"] if source.elsewhere else []
    )
    small = f'<p class="section">{". ".join(notes)}.</p>' if notes else ""
    small += f'<p class="section strength">Evidence: {plain(strength)}</p>' if strength else ""
    return (
        f'<article class="card{" open" if open_ else ""}" data-number="{source.number}" '
        f"{_picture(source, pages, page_size)}>"
        f'<button type="button" class="head" aria-expanded="{"true" if open_ else "false"}">'
        f'<span class="number">{source.number}</span>'
        f'<span class="title">{plain(source.title or source.document)}</span>'
        f'<span class="page">{plain(_pages(source))}</span></button>'
        f'{context}<blockquote class="quote">{plain(source.text)}</blockquote>{section}{small}'
        '<figure><div class="frame"><img alt="" decoding="async"></div>'
        '<figcaption><button type="button" class="before" title="Previous page">‹</button>'
        '<span class="at"></span><button type="button" class="after" title="Next page">›</button>'
        '<button type="button" class="larger">Enlarge</button>'
        f'<a class="pdf" target="_blank" rel="noopener" href="api/v1/files/{quote(source.document, safe="/")}'
        f'#page={source.page}">Open PDF</a></figcaption></figure></article>'
    )


def _picture(source: Source, pages: int, page_size: PageSize) -> str:
    """What page.js needs: the pages' address, page, page count, boxes, where on it the quote begins (0 to 1)."""
    boxes = ";".join(",".join([f"{box[0]:.0f}", *(f"{value:.1f}" for value in box[1:])]) for box in source.boxes)
    here = [box for box in source.boxes if int(box[0]) == source.page]
    width, height = page_size(source.document, source.page) if here else (0.0, 0.0)
    left, top = (0.0, 0.0) if width <= 0 else (min(b[1] for b in here) / width, min(b[2] for b in here) / height)
    return (
        f'data-pages="{pages_url(source.document)}" data-page="{source.page}" data-count="{pages}" '
        f'data-boxes="{boxes}" data-left="{left:.3f}" data-top="{top:.3f}"'
    )


def _pages(source: Source) -> str:
    said = f"page {source.page}" if source.page_end <= source.page else f"pages {source.page}–{source.page_end}"
    return said + (f" (printed {source.label})" if source.label and source.label != str(source.page) else "")


def _sources(answer: Answer) -> list[Source]:
    """The citations; where nothing is cited or the answer is declined, also the nearest passages."""
    cited = [_of_citation(citation) for citation in answer.citations]
    if cited and not answer.refused:
        return cited
    quoted = {citation.passage_id for citation in answer.citations}
    near = [hit for hit in answer.passages if hit.passage.id not in quoted][:NEAREST]
    first = max((citation.number for citation in answer.citations), default=0) + 1
    return cited + [_of_hit(number, hit) for number, hit in enumerate(near, first)]


def _of_citation(citation: Citation) -> Source:
    return Source(
        number=citation.number,
        document=citation.document,
        title=citation.title,
        page=citation.page,
        page_end=citation.page_end,
        label=citation.page_label,
        section=citation.section,
        context=citation.context,
        text=citation.quote,
        boxes=citation.boxes,
        ocr=citation.ocr,
        elsewhere=len(citation.also_in),
    )


def _of_hit(number: int, hit: Hit) -> Source:
    passage = hit.passage
    return Source(
        number=number,
        document=passage.document,
        title=hit.title,
        page=passage.page,
        page_end=passage.page_end,
        label="",
        section=passage.section,
        context=passage.context,
        text=passage.text,
        boxes=tuple((float(s.page), s.x0, s.top, s.x1, s.bottom) for s in passage.spans),
        ocr=passage.ocr,
        elsewhere=0,
    )


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
