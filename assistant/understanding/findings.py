"""What a report labels as its findings, each with its whole text and place. The cues are in cues.py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.records import Finding, Kind, Reading, Span, Word
from assistant.understanding import cues, sentences
from assistant.understanding.chapters import Stretch, label_of, stretches
from assistant.understanding.cues import kind_of
from assistant.understanding.drafts import LEAST_WORDS, RUN_IN, Draft, drafts_in, run_in_criterion
from assistant.understanding.entries import Pages, criterion_in, finding, priority_in, timeframe_in, title_of
from assistant.understanding.printed import plain
from assistant.understanding.stories import stories
from assistant.understanding.tabulated import tabulated
from assistant.understanding.testimony import testimony

__all__ = ["Found", "findings_of", "kind_of"]


@dataclass(frozen=True, slots=True)
class Found:
    """The findings of a document in the order they are printed, and what a reader should be warned of."""

    findings: tuple[Finding, ...]
    warnings: tuple[tuple[int, str], ...] = ()


def findings_of(reading: Reading, title: str = "") -> Found:
    """All labelled findings of a document. title is the document's; their ids are their numbers from 0."""
    pages = Pages(reading.pages)
    parts = stretches(reading.blocks)
    # Outcomes have dated statements below them; of other findings with headings of their own the rest leads in.
    headings = [(part, label_of(plain(part.heading.words))) for part in parts if part.heading is not None]
    apart = {part.chapter for part, label in headings if label and label[1] is not Kind.OUTCOME}
    drafts = [draft for part in parts for draft in drafts_in(part, part.chapter in apart)]
    made = [each for each in (_finding(pages, draft) for draft in drafts) if each]
    blocks = [block for part in parts for block in part.blocks]
    sections = [part.section for part in parts for _ in part.blocks]
    rows = tabulated(pages, blocks, sections)
    made += rows + stories(pages, blocks, sections, [row for row in rows if row.kind is Kind.OUTCOME])
    made += testimony(pages, blocks, sections)
    names = _projects(made, title)
    order = {_spot(word): n for n, word in enumerate(word for block in reading.blocks for word in block.words)}
    made.sort(key=lambda each: order[_spot(each.spans[0])])
    found = [_with_projects(each, names) for each in _once(made)]
    found = [replace(each, id=str(number)) for number, each in enumerate(found)]
    return Found(tuple(found), tuple(_empty_chapters(parts, found)))


def _finding(pages: Pages, draft: Draft) -> Finding | None:
    text = plain(draft.runs[0])
    label = label_of(text)
    number = cues.ENUMERATED.match(text)
    if _asks(text) or (len(draft.runs[0]) < LEAST_WORDS and not label and len(draft.runs) == 1):
        return None
    statement = text[label[0].end() :] if label else cues.DATED.sub("", text, count=1)
    if draft.kind is Kind.KEY_FINDING and run_in_criterion(text):
        statement = RUN_IN.sub("", text, count=1).lstrip()
    aside = (label[0]["aside"] or "") if label else ""
    criterion = ""
    if draft.kind is Kind.KEY_FINDING:
        criterion = run_in_criterion(text) or criterion_in(draft.stretch.section[-1] if draft.stretch.section else "")
    details = f"{aside} {text}" if draft.kind is Kind.RECOMMENDATION else ""
    return finding(
        pages,
        draft.kind,
        draft.runs,
        draft.stretch.above,
        title=title_of(statement) if statement else "",
        number=label[0]["number"] if label else (number[1] or number[2]) if number else "",
        addressee=_addressee(draft, text, aside) if draft.kind is Kind.RECOMMENDATION else "",
        criterion=criterion,
        priority=priority_in(details),
        timeframe=timeframe_in(details),
    )


def _asks(text: str) -> bool:
    """An item that asks is no finding; 'What comes next. Study …?' does more than ask."""
    start, end = sentences.split(text)[0]
    return text[start:end].endswith("?")


def _addressee(draft: Draft, text: str, aside: str) -> str:
    """From the heading above, else the aside behind the label, else the sentence."""
    if draft.stretch.addressee:
        return draft.stretch.addressee
    in_aside = cues.ASIDE_ADDRESSEE.search(aside)
    if in_aside:
        return in_aside[1].strip()
    said = cues.RECOMMENDING.search(text) or cues.SHOULD.match(text) or cues.RECOMMENDING.search(draft.lead)
    return (said["who"] or "").strip() if said else ""


def _spot(printed_word: Word | Span) -> tuple[int, float, float]:
    return printed_word.page, printed_word.top, printed_word.x0


def _once(found: Sequence[Finding]) -> Iterator[Finding]:
    """Each stretch of words makes one finding of a kind, though several rules may see it."""
    taken: set[tuple[Kind, int, float, float, str, str]] = set()
    for each in found:
        first = each.spans[0]
        key = (each.kind, first.page, first.x0, first.top, each.criterion, each.value)
        if key not in taken:
            taken.add(key)
            yield each


def _projects(found: Sequence[Finding], title: str) -> frozenset[str]:
    """The projects that the document's tables name, and the one its title names in brackets."""
    named = {project for each in found for project in each.projects if len(project.split()) <= 4}
    return frozenset({*named, *re.findall(r"\(([A-Z][A-Z0-9-]{1,11})\)", title)})


def _with_projects(each: Finding, names: frozenset[str]) -> Finding:
    if each.projects or not names:
        return each
    mentioned = tuple(sorted(name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", each.text)))
    return replace(each, projects=mentioned)


def _empty_chapters(parts: Sequence[Stretch], found: Sequence[Finding]) -> Iterator[tuple[int, str]]:
    """Chapters of recommendations in which, and beside which, no recommendation was found."""
    places = {
        page for each in found if each.kind is Kind.RECOMMENDATION for page in range(each.page - 1, each.page_end + 2)
    }
    told: set[str] = set()
    for part in parts:
        if part.kind is Kind.RECOMMENDATION and part.chapter not in told and part.page:
            told.add(part.chapter)
            if part.page not in places:
                yield part.page, f"the chapter “{part.chapter}” was found, but no recommendations in it"
