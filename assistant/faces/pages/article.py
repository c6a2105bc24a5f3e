"""A kept answer as HTML: as it was given, with its sources, downloads and how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.faces.exporting.dossiers import Excerpt, Part, of_answers
from assistant.faces.exporting.files import FORMAT_NAMES
from assistant.faces.exporting.footnotes import footnote, places
from assistant.faces.exporting.formats import FORMATS, NEED_SOURCES
from assistant.faces.pages import pictures
from assistant.faces.pages.markdown import markdown
from assistant.faces.rendering import plain
from assistant.faces.web.visitors import Visitor
from assistant.staff.conversations import Kept
from assistant.understanding.printed import SECTION_BREAK


def article(found: Kept, known: Mapping[str, Any], now: int, visitor: Visitor) -> str:
    """The whole answer; known are the documents that the visitor may see, now is the number of the live generation."""
    words = visitor.texts
    [part] = of_answers(found.question, [found], known, words).parts
    numbers = [excerpt.number for excerpt in part.excerpts]
    return (
        f'<article class="kept">{_when(found, visitor)}{_changes(found, known, now, visitor)}'
        f'<div class="answer card">{markdown(part.text, numbers)}</div>'
        f"{_sources(part, known, visitor)}"
        f"{downloads(f'answers/{found.id}', visitor, sources=bool(numbers))}"
        f'<details class="made" open><summary>{plain(words("export.made"))}</summary>'
        f"<p>{plain(part.statement.made)}</p></details></article>"
    )


def downloads(address: str, visitor: Visitor, *, sources: bool) -> str:
    """Links to an address in every format; those to lists of sources only where there are sources."""
    links = "".join(
        f'<a class="button" download href="{visitor.root}{address}.{form}">{FORMAT_NAMES[form]}</a>'
        for form in FORMATS
        if sources or form not in NEED_SOURCES
    )
    name = plain(visitor.texts("answers.download"))
    return (
        f'<div class="actions downloads" role="group" aria-label="{name}"><span class="soft">{name}</span>{links}</div>'
    )


def moment(at: str) -> str:
    """A time of the staff data as HTML."""
    return f'<time datetime="{plain(at)}">{plain(at[:16].replace("T", " "))} UTC</time>'


def _when(found: Kept, visitor: Visitor) -> str:
    state = visitor.texts("answers.state", generation=found.generation)
    return f'<p class="soft">{moment(found.asked_at)} · {plain(state)}</p>'


def _changes(found: Kept, known: Mapping[str, Any], now: int, visitor: Visitor) -> str:
    words = visitor.texts
    gone = sorted({each["title"] for each in found.answer["citations"] if each["document"] not in known})
    said = [words("answers.gone", title=title) for title in gone]
    if now != found.generation:
        said.insert(0, words("answers.changed", now=now))
    return "".join(f'<p class="note">{plain(each)}</p>' for each in said)


def _sources(part: Part, known: Mapping[str, Any], visitor: Visitor) -> str:
    """The quotes, then the passages nearest to what was asked where there are no quotes that answer it."""
    marked = {each["number"]: each["boxes"] for each in part.contract["citations"]}
    sections = ""
    for name, excerpts in part.listed:
        cards = "".join(_source(e, marked.get(e.number, ()), e.document in known, visitor) for e in excerpts)
        sections += f'<section class="sources"><h2>{plain(visitor.texts(name))}</h2>{cards}</section>'
    return sections


def _source(excerpt: Excerpt, boxes: Sequence[Sequence[float]], there: bool, visitor: Visitor) -> str:
    words = visitor.texts
    section = plain(excerpt.section.replace(SECTION_BREAK, " › "))
    context = f'<p class="soft">{plain(excerpt.context)}</p>' if excerpt.context else ""
    note = plain(footnote(excerpt, excerpt))
    return (
        f'<article class="card" data-number="{excerpt.number}" tabindex="-1"><h3><span class="number">{excerpt.number}'
        f"</span> {plain(excerpt.title)}, {plain(places(excerpt))}</h3>"
        f'{context}<blockquote>{plain(excerpt.quote)}</blockquote><p class="soft">{section}</p>'
        f'<p class="footnote"><span class="soft">{plain(words("answers.footnote"))}</span> '
        f'<span class="text">{note}</span></p>'
        f'<div class="actions">{_page_links(excerpt, boxes, visitor) if there else ""}'
        f'<button type="button" class="copy" hidden data-copied="{plain(words("answers.copied"))}">'
        f'{plain(words("answers.copy"))}</button><span class="soft" role="status"></span></div></article>'
    )


def _page_links(excerpt: Excerpt, boxes: Sequence[Sequence[float]], visitor: Visitor) -> str:
    """The picture of the page with the quote marked, which shell.js opens over the page, and the PDF."""
    words, page = visitor.texts, pictures.printed(visitor, excerpt.page, excerpt.page_label)
    said = words("picture.show", page=page)
    shown = pictures.link(
        visitor, excerpt.document, excerpt.title, excerpt.page, boxes, excerpt.page_label, said, "button picture"
    )
    pdf = pictures.pdf(visitor, excerpt.document, excerpt.page)
    return f'{shown}<a class="button" target="_blank" rel="noopener" href="{pdf}">{plain(words("picture.pdf"))}</a>'
