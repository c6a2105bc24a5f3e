"""Plain values as JSON, as text that is safe in HTML and Markdown, and as highlights on a page picture."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from assistant.records import Answer, Citation, Coverage, Hit, Kind, Mode, Passage, Place, Writing

if TYPE_CHECKING:
    from assistant.faces.seams import Found

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the top left of the page."""

# A marker pen, not a block of colour: multiplied into the page, black ink stays black.
MARKER = (255, 231, 92)
# Points of air around a box; boxes end at the ink of the letters.
MARGIN = 1.5

# Overrides of the writing direction let a text show other words than it holds (CVE-2021-42574).
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
# Every character that opens markup in HTML or Markdown. An entity shows as itself in both and opens nothing in either.
_MARKUP = re.compile(r"[&<>\"'`*_\[\]()!#|~\\{}$]|^[ \t]*[-+=>]|^[ \t]*\d+(?=[.)])|:(?=//)|(?<=www)\.|@", re.M | re.I)

_WORD = re.compile(r"[\w'’-]+")


def answer_json(answer: Answer, strength: Callable[[str], str] | None = None) -> dict[str, Any]:
    """The answer as the body of POST /api/v1/ask, a line of --output and ask --json.

    Where strength is given, which tells it of a document, every citation has it, too.
    """
    coverage = answer.coverage
    return {
        "id": answer.id,
        "question": answer.question,
        "understood": answer.understood,
        "answer": answer.answer,
        "mode": answer.mode.value,
        "refused": answer.refused,
        "citations": [
            _citation_json(citation) | ({"strength": strength(citation.document)} if strength else {})
            for citation in answer.citations
        ],
        "passages": [_hit_json(hit) for hit in answer.passages],
        "coverage": None
        if coverage is None
        else asdict(coverage) | {"kinds": list(coverage.kinds), "without": list(coverage.without)},
        "seconds": answer.seconds,
        "generation": answer.generation,
    } | ({"writing": asdict(answer.writing)} if answer.writing else {})


def answer_of(value: Mapping[str, Any]) -> Answer:
    """The answer that answer_json wrote; of its passages what is written there."""
    coverage, writing = value.get("coverage"), value.get("writing")
    return Answer(
        id=value["id"],
        question=value["question"],
        understood=value["understood"],
        answer=value["answer"],
        mode=Mode(value["mode"]),
        refused=value["refused"],
        citations=tuple(_citation_of(each) for each in value["citations"]),
        passages=tuple(_hit_of(each) for each in value["passages"]),
        coverage=coverage and Coverage(**coverage | {n: tuple(coverage[n]) for n in ("kinds", "without")}),
        seconds=value["seconds"],
        generation=value["generation"],
        writing=writing and Writing(**writing),
    )


def search_json(found: Found) -> dict[str, Any]:
    """The passages that a search found, as the body of POST /api/v1/search."""
    return {
        "question": found.question,
        "passages": [_hit_json(hit) for hit in found.passages],
        "generation": found.generation,
    }


def documents_json(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The library, one object per file; rows are dataclasses."""
    return [{k: list(v) if isinstance(v, tuple) else v for k, v in asdict(row).items()} for row in rows]


def clean(text: str) -> str:
    """The text without control characters and overrides of the writing direction; line breaks and tabs stay."""
    return "".join(
        "\ufffd" if unicodedata.category(c) == "Cs" else c
        for c in text
        if c in "\n\t" or (c not in _DIRECTION and unicodedata.category(c) != "Cc")
    )


def understood_otherwise(answer: Answer) -> str:
    """The question as understood, where that is news: not as typed, nor with words mended that the answer names."""
    understood = answer.understood.strip()
    new = set(_WORD.findall(understood)) - set(_WORD.findall(answer.question))
    told = bool(new) and all(f"“{word}”" in answer.answer for word in new)
    told = told or f"“{understood}”" in answer.answer
    return "" if told or understood == answer.question.strip() else understood[:1].upper() + understood[1:]


def plain(text: str) -> str:
    """Text of a document or a question, safe to put into HTML or Markdown: it shows as it is and does nothing.

    >>> plain("![x](http://evil) <b>")
    '&#33;&#91;x&#93;&#40;http&#58;//evil&#41; &#60;b&#62;'
    """
    return _MARKUP.sub(lambda match: "".join(_entity(c) for c in match.group()), clean(text))


def highlighted(png: bytes, boxes: Sequence[Box], page_size: tuple[float, float], width: int) -> bytes:
    """The page picture, width pixels wide, with a marker over the boxes; page_size is in points."""
    from PIL import Image, ImageChops, ImageDraw

    with Image.open(io.BytesIO(png)) as opened:
        page = opened.convert("RGB")
    if page.width != width:
        page = page.resize((width, max(1, round(page.height * width / page.width))), Image.Resampling.LANCZOS)
    across, down = page.width / page_size[0], page.height / page_size[1]
    marker = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(marker)
    for x0, top, x1, bottom in boxes:
        corners = ((x0 - MARGIN) * across, (top - MARGIN) * down, (x1 + MARGIN) * across, (bottom + MARGIN) * down)
        if corners[0] < corners[2] and corners[1] < corners[3]:
            draw.rounded_rectangle(corners, radius=2, fill=MARKER)
    out = io.BytesIO()
    ImageChops.multiply(page, marker).save(out, "PNG", compress_level=3)
    return out.getvalue()


def _entity(character: str) -> str:
    return character if character.isspace() else f"&#{ord(character)};"


def _citation_json(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        "document": citation.document,
        "title": citation.title,
        "page": citation.page,
        "page_end": citation.page_end,
        "page_label": citation.page_label,
        "quote": citation.quote,
        "context": citation.context,
        "passage_id": citation.passage_id,
        "kind": citation.kind.value,
        "section": citation.section,
        "boxes": [list(box) for box in citation.boxes],
        "ocr": citation.ocr,
        "also_in": [{"document": place.document, "page": place.page} for place in citation.also_in],
    }


def _hit_json(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "document": passage.document,
        "title": hit.title,
        "page": passage.page,
        "text": passage.text,
        "score": hit.score,
        "kind": passage.kind.value,
        "section": passage.section,
        "passage_id": passage.id,
    }


def _citation_of(value: Mapping[str, Any]) -> Citation:
    names = {each.name for each in fields(Citation)}
    told = {name: each for name, each in value.items() if name in names}
    return Citation(
        **told
        | {
            "kind": Kind(value["kind"]),
            "boxes": tuple((box[0], box[1], box[2], box[3], box[4]) for box in value["boxes"]),
            "also_in": tuple(Place(place["document"], place["page"]) for place in value["also_in"]),
        }
    )


def _hit_of(value: Mapping[str, Any]) -> Hit:
    page = value["page"]
    passage = Passage(
        value["passage_id"],
        value["document"],
        page,
        page,
        value["text"],
        section=value["section"],
        kind=Kind(value["kind"]),
    )
    return Hit(passage, value["score"], value["title"])
