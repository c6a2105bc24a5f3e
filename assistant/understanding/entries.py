"""Blocks of a finding become its entry: its text, as far as that stands on its pages in one run, its name and place."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Sequence

from assistant.records import Finding, Kind, Page, Span, Word
from assistant.understanding import cues, sentences
from assistant.understanding.printed import BLOCK_BREAK, CELL_BREAK, SECTION_BREAK, printed
from assistant.understanding.proof import on_letters, page_letters

TITLE_WORDS = 16
LABEL_WORDS = 14  # a longer beginning before a colon or full stop is no name


class Pages:
    """The raw text of the pages, to prove findings by."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._letters = {page.number: page_letters(page.text) for page in pages}

    def hold(self, text: str, spans: Sequence[Span]) -> bool:
        """Each page holds the part of the text that was read there, in one run; cells of a row may stand apart."""
        for number, part in itertools.groupby(spans, key=lambda span: span.page):
            part_spans = list(part)
            piece = text[part_spans[0].start : part_spans[-1].end]
            if number not in self._letters or not on_letters(piece, [self._letters[number]]):
                return False
        return bool(spans)


def finding(
    pages: Pages,
    kind: Kind,
    runs: Sequence[Sequence[Word]],
    section: Sequence[str],
    *,
    between: str = BLOCK_BREAK,
    title: str = "",
    **fields: object,
) -> Finding | None:
    """A finding of these runs of words; runs behind the first are left out from where the text is no longer one run.

    None where not even the first is proven on its page.
    """
    kept = [_proven(pages, runs[0])] if between == BLOCK_BREAK else list(runs)
    text, spans = printed(kept, between)
    if not pages.hold(text, spans):
        return None
    for run in runs[len(kept) :] if len(kept[0]) == len(runs[0]) else ():
        longer, longer_spans = printed([*kept, run], between)
        if not pages.hold(longer, longer_spans):
            break
        kept.append(run)
        text, spans = longer, longer_spans
    return Finding(
        id="",
        document="",
        page=spans[0].page,
        page_end=max(span.page for span in spans),
        kind=kind,
        number=str(fields.pop("number", "")),
        title=title or title_of(text),
        text=text,
        section=SECTION_BREAK.join(section),
        spans=spans,
        **fields,  # type: ignore[arg-type]
    )


def _proven(pages: Pages, run: Sequence[Word]) -> Sequence[Word]:
    """The words up to the last end of a sentence to which they stand in one run; up to the last such word else.

    The raw text of a page may have a footnote in the middle of a sentence.
    """
    text, spans = printed([run])
    if pages.hold(text, spans):
        return run

    def holds(count: int) -> bool:
        return pages.hold(text[: spans[count - 1].end], spans[:count])

    longest = bisect.bisect_left(range(1, len(spans) + 1), True, key=lambda count: not holds(count))
    ends = (sum(span.start < end for span in spans) for _, end in sentences.split(text))
    return run[: max((end for end in ends if end <= longest), default=longest) or len(run)]


def title_of(text: str) -> str:
    """The name a finding gives itself before a colon or full stop, else its first words."""
    plainly = cues.ENUMERATED.sub("", text.split(BLOCK_BREAK)[0].split(CELL_BREAK)[0], count=1).strip(" •-–|")
    named = re.match(r"(.{3,140}?)(?::|(?<!\b[A-Z])\.)(?:\s|$)", plainly)
    if named and len(named[1].split()) <= LABEL_WORDS:
        return named[1].strip()
    words = plainly.split()
    return plainly.rstrip(".") if len(words) <= TITLE_WORDS else " ".join(words[:TITLE_WORDS]).rstrip(",;:") + " …"


def priority_in(text: str) -> str:
    """A priority printed with its label: 'high'."""
    match = cues.PRIORITY.search(text)
    return (match["after"] or match["before"]).lower() if match else ""


def timeframe_in(text: str) -> str:
    """A timeframe printed with its label or in brackets: 'by 2025'."""
    match = cues.TIMEFRAME.search(text)
    return (match["label"] or match["aside"]).strip() if match else ""


def criterion_in(text: str) -> str:
    """The evaluation criterion a label names, '' when it names none."""
    folded = text.lower()
    return next((criterion for criterion in cues.CRITERIA if re.search(rf"\b{criterion}\b", folded)), "")
