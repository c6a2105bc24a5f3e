"""The blocks below a heading become drafts of findings, by the shape that the chapter's kind lets us expect."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.records import Block, Kind, Shape, Word
from assistant.understanding import cues, sentences
from assistant.understanding.chapters import Stretch, label_of
from assistant.understanding.entries import criterion_in
from assistant.understanding.printed import plain, printed

LEAST_WORDS = 5  # a shorter item is a stub
CONCLUSION_WORDS = 15  # a shorter paragraph of a chapter of conclusions leads in or signs off
SAID_AGAIN = re.compile(
    r"\b(below|following|follow|herein|this (section|chapter)|presents?|presented)\b", re.IGNORECASE
)
RUN_IN = re.compile(r"(?P<label>[A-Z][A-Z ,&/]{5,60}?)\s?(?:[-–—:]|\.(?=\s))")
TEXTUAL = (Shape.PARAGRAPH, Shape.ITEM)


@dataclass(slots=True)
class Draft:
    """Runs of words that make one finding."""

    kind: Kind
    stretch: Stretch
    runs: list[Sequence[Word]]
    lead: str = ""
    """The lead-in that says whom a list of recommendations is for."""


def drafts_in(stretch: Stretch, headed: bool) -> Iterator[Draft]:
    """The findings of a stretch, by the shape its chapter's kind lets us expect.

    headed says that in its chapter each finding has a heading of its own: prose beside them leads in.
    """
    lines = [line for block in stretch.blocks if block.shape in TEXTUAL for line in _enumerated_apart(block)]
    heading = stretch.heading
    label = label_of(plain(heading.words)) if heading is not None else None
    if heading is not None and label and (heading.shape is Shape.HEADING):
        own = Draft(label[1], stretch, [heading.words])
        yield from _body(own, lines)
    elif stretch.kind is None or any(_is_labelled(line) for line in lines):
        yield from _labelled(stretch, lines)
    elif any(_is_item(line) for line in lines) and not (stretch.kind is Kind.CONCLUSION and not _numbered(lines)):
        yield from _items(stretch, lines)
    elif not stretch.sorted_items and not headed:
        yield from PROSE.get(stretch.kind, _no_prose)(stretch, lines)
    yield from _recommending(stretch, lines)


def _enumerated_apart(block: Block) -> list[Block]:
    """A block in which several numbered items stand side by side, as one block for each."""
    starts = [
        n
        for n, word in enumerate(block.words)
        if re.fullmatch(r"\d{1,2}[.)]", word.text) and (n == 0 or block.words[n - 1].text == "|")
    ]
    if len(starts) < 2:
        return [block]
    ends = [*starts[1:], len(block.words)]
    runs = [
        [word for word in block.words[start:end] if word.text != "|"] for start, end in zip(starts, ends, strict=True)
    ]
    return [replace(block, shape=Shape.ITEM, words=tuple(run)) for run in runs]


def _is_labelled(block: Block) -> bool:
    """A paragraph that begins with a label, its number and a stop, and goes on with a sentence."""
    text = plain(block.words)
    label = label_of(text)
    if label is None or label[1] is Kind.OUTCOME:
        return False
    return label[0].group().rstrip()[-1] in ":.–—-" and text[label[0].end() : label[0].end() + 1].isupper()


def _is_item(block: Block) -> bool:
    return block.shape is Shape.ITEM or cues.ENUMERATED.match(plain(block.words)) is not None


def _numbered(blocks: Sequence[Block]) -> bool:
    return any(cues.ENUMERATED.match(plain(block.words)) for block in blocks)


def _labelled(stretch: Stretch, blocks: Sequence[Block]) -> Iterator[Draft]:
    """Paragraphs that label themselves, each with what is printed below it; and criteria and dates that lead in."""
    draft: Draft | None = None
    for block in blocks:
        text = plain(block.words)
        if _is_labelled(block):
            if draft:
                yield draft
            label = label_of(text)
            assert label is not None
            draft = Draft(label[1], stretch, [block.words])
        elif draft:
            draft.runs.append(block.words)
        elif run_in_criterion(text):
            yield Draft(Kind.KEY_FINDING, stretch, _with_following(block, blocks))
    if draft:
        yield draft


def run_in_criterion(text: str) -> str:
    """The criterion in capitals that a paragraph begins with: 'RELEVANCE - …'."""
    label = RUN_IN.match(text)
    return criterion_in(label["label"]) if label else ""


def _with_following(block: Block, blocks: Sequence[Block]) -> list[Sequence[Word]]:
    """The paragraph and those below it, up to the next that leads in with a criterion or another name in capitals."""
    runs: list[Sequence[Word]] = [block.words]
    after = blocks[list(map(id, blocks)).index(id(block)) + 1 :]
    for other in after:
        if RUN_IN.match(plain(other.words)) or other.shape is Shape.ITEM:
            break
        runs.append(other.words)
    return runs


def _body(own: Draft, blocks: Sequence[Block]) -> Iterator[Draft]:
    """A finding with a heading of its own, and all below it; dated results below an outcome stand for themselves."""
    for block in blocks:
        if _is_labelled(block):
            yield own
            yield from _labelled(own.stretch, blocks[list(map(id, blocks)).index(id(block)) :])
            return
        if own.kind is Kind.OUTCOME and cues.DATED.match(plain(block.words)):
            yield Draft(Kind.OUTCOME, own.stretch, [block.words])
            continue
        own.runs.append(block.words)
    yield own


def _items(stretch: Stretch, blocks: Sequence[Block]) -> Iterator[Draft]:
    """Each top item of a list with what is nested below it."""
    assert stretch.kind is not None
    numbered = _numbered(blocks)
    top = min(
        (b.level for b in blocks if _is_item(b) and (not numbered or cues.ENUMERATED.match(plain(b.words)))), default=0
    )
    draft: Draft | None = None
    lead = ""
    for block in blocks:
        text = plain(block.words)
        if _is_lead(text, stretch):
            if draft:
                yield draft
            draft, lead = None, text
            continue
        begins = bool(cues.ENUMERATED.match(text)) if numbered else _is_item(block) and _capital(text)
        if begins and block.level <= top and (not lead or cues.ACTIONS.search(lead)):
            if draft:
                yield draft
            draft = Draft(stretch.kind, stretch, [block.words], lead)
        elif draft and (block.shape is Shape.ITEM or draft.runs[-1][-1].text[-1:] not in '.!?;”")'):
            draft.runs.append(block.words)
    if draft:
        yield draft


def _is_lead(text: str, stretch: Stretch) -> bool:
    """A lead-in such as 'We recommend that the Director take the following actions:'."""
    return stretch.kind is Kind.RECOMMENDATION and text.endswith(":") and cues.RECOMMENDING.search(text) is not None


def _capital(text: str) -> bool:
    first = next((c for c in text if c.isalnum()), "")
    return not first.islower()


# --- prose: a chapter without items ----------------------------------------------------------------------------------


def _paragraphs(stretch: Stretch, blocks: Sequence[Block]) -> Iterator[Draft]:
    """Each paragraph that says something of its own; below a heading of its own, all of them together."""
    assert stretch.kind is not None
    said = [b for b in blocks if len(b.words) >= LEAST_WORDS and not _leads_in(plain(b.words))]
    if stretch.heading is not None and said and stretch.kind is not Kind.CONCLUSION:
        yield Draft(stretch.kind, stretch, [stretch.heading.words, *(b.words for b in said)])
        return
    for block in said:
        if stretch.kind is not Kind.CONCLUSION or len(block.words) >= CONCLUSION_WORDS:
            yield Draft(stretch.kind, stretch, [block.words])


def _leads_in(text: str) -> bool:
    return text.endswith(":") or (
        SAID_AGAIN.search(text) is not None and len(sentences.split(text)) <= 3 and not _names_itself(text)
    )


def _names_itself(text: str) -> bool:
    named = re.match(r"(.{3,120}?)[.:]\s+[A-Z]", text)
    return named is not None and len(named[1].split()) <= 14


def _run_ins(stretch: Stretch, blocks: Sequence[Block]) -> Iterator[Draft]:
    """Findings that a criterion leads in; other prose below such a heading is not labelled piece by piece."""
    yield from _labelled(stretch, blocks)


def _named(stretch: Stretch, blocks: Sequence[Block]) -> Iterator[Draft]:
    """Outcomes in prose: the paragraphs that begin with dates, else those that begin with a name."""
    dated = [block for block in blocks if cues.DATED.match(plain(block.words))]
    for block in dated or blocks:
        text = plain(block.words)
        if dated or (_names_itself(text) and not _leads_in(text)):
            yield Draft(Kind.OUTCOME, stretch, [block.words])


def _shoulds(stretch: Stretch, blocks: Sequence[Block]) -> Iterator[Draft]:
    """Paragraphs that say who should do something."""
    for block in blocks:
        text = plain(block.words)
        if cues.SHOULD.match(text) and not cues.RECOMMENDING.search(text):
            yield Draft(Kind.RECOMMENDATION, stretch, [block.words])


def _no_prose(stretch: Stretch, blocks: Sequence[Block]) -> Iterator[Draft]:
    return iter(())


PROSE = {
    Kind.LESSON: _paragraphs,
    Kind.GOOD_PRACTICE: _paragraphs,
    Kind.CONCLUSION: _paragraphs,
    Kind.KEY_FINDING: _run_ins,
    Kind.OUTCOME: _named,
    Kind.RECOMMENDATION: _shoulds,
}


def _recommending(stretch: Stretch, blocks: Sequence[Block]) -> Iterator[Draft]:
    """Sentences in which the report itself recommends, wherever they stand, each up to the next."""
    for place, block in enumerate(blocks):
        text, spans = printed([block.words])
        bounds = sentences.split(text)
        starts = [start for start, end in bounds if _recommends(text[start:end], stretch)]
        told = [
            start for start, end in bounds if starts and start > starts[0] and cues.ANSWERED.search(text[start:end])
        ]
        text = text[: min(told, default=len(text))]
        for start, end in itertools.pairwise([*(start for start in starts if start < len(text)), len(text)]):
            words = [word for word, span in zip(block.words, spans, strict=True) if start <= span.start < end]
            runs: list[Sequence[Word]] = [words]
            if cues.ACTIONS.search(text[start:end]):
                continue
            if text[start:end].rstrip().endswith(":"):
                runs += [item.words for item in _items_behind(blocks[place + 1 :])]
            yield Draft(Kind.RECOMMENDATION, stretch, runs)


def _recommends(sentence: str, stretch: Stretch) -> bool:
    said = cues.RECOMMENDING.search(sentence)
    if said is None or cues.ENUMERATED.match(sentence):
        return False
    # A body called by its initials recommends in its own summary; elsewhere that may be anybody.
    return stretch.kind is Kind.RECOMMENDATION or not said.group().split()[0].isupper()


def _items_behind(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block.shape is not Shape.ITEM:
            return
        yield block
