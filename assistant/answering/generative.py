"""Answers written by a language model, sentence by sentence, each checked against its sources before it is shown."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering import claims
from assistant.answering.calls import ModelCaller, Usage
from assistant.answering.citations import as_markdown, cite
from assistant.answering.claims import Source
from assistant.answering.drafts import Draft, Drafted
from assistant.answering.extractive import Extract
from assistant.answering.prompting import Prompts, addresses_a_model, fitting
from assistant.answering.verification import Checker, Verdict
from assistant.errors import ModelGaveUp
from assistant.indexing.embedding import Embedder
from assistant.indexing.library import Library
from assistant.records import Citation, Mode, Passage, Turn, Writing
from assistant.retrieval.hybrid import Found

OFFERED = 8
"""Passages that the model is given at most."""
LONGEST = 8000
"""Characters of a written answer; a model that writes on has lost its task."""
REWRITTEN = 400  # characters of a question made whole
DECLINES = re.compile(
    r"\s*(not answered\b|(i('m| am)|we are) (sorry|unable|not able)|sorry\b|i (can ?not|can't|won't|don't)\b"
    r"|as an? (ai|language model)\b|(the|these) passages (do|does) not (answer|contain|say))",
    re.IGNORECASE,
)
NOT_FOUND = "not found in the documents"


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as far as it has come: its Markdown, what it cites, how it was made. The last one is the whole."""

    markdown: str
    citations: tuple[Citation, ...]
    mode: Mode
    writing: Writing


@dataclass(frozen=True, slots=True)
class _Settled:
    """A sentence with what the check made of it."""

    drafted: Drafted
    verdict: Verdict


class Writer:
    """Has a language model write answers, and checks them.

    words is how long an answer may be, window and answer_tokens what the model can read and write, in tokens; with
    strike, sentences that are not borne out stay, struck through.
    """

    def __init__(
        self,
        caller: ModelCaller,
        prompts: Prompts,
        embedder: Embedder,
        *,
        words: int,
        window: int,
        answer_tokens: int,
        strike: bool,
    ) -> None:
        self._caller = caller
        self._prompts = prompts
        self._embedder = embedder
        self._words = words
        self._room = window - answer_tokens
        self._strike = strike

    def write(
        self,
        library: Library,
        question: str,
        found: Sequence[Found],
        quotes: Extract,
        stopped: threading.Event | None = None,
    ) -> Iterator[Written]:
        """The written answer as it grows, by sentences that are checked; where there is none, quotes and why."""
        passages = [each.passage for each in found if any(s.proven for s in each.passage.sentences)]
        kept = [passage for passage in passages if not addresses_a_model(_shown(library, passage))][:OFFERED]
        warning = _warning(library, [passage for passage in passages[:OFFERED] if passage not in kept])
        making = _Making(library, self._embedder, self._strike, warning)
        writing = Writing(self._caller.model, self._prompts.version)
        try:
            yield from self._checked(making, question, kept, writing, stopped)
        except ModelGaveUp as reason:
            said = f"*The language model {reason.reason}, so the answer is quoted.*"
            writing = replace(making.counted(writing), failure=reason.reason)
            yield Written(f"{quotes.markdown}\n\n{said}{warning}", quotes.citations, quotes.mode, writing)

    def rewritten(self, question: str, history: Sequence[Turn]) -> str:
        """A follow-up question that can be understood alone; '' when the model gives none that can be trusted."""
        try:
            text = self._caller.whole(*self._prompts.rewriting(question, history))
        except ModelGaveUp:
            return ""
        said = " ".join([question, *(part for turn in history for part in (turn.question, turn.answer))])
        return text.strip() if claims.says_nothing_new(text, question, said, REWRITTEN) else ""

    def _checked(
        self,
        making: _Making,
        question: str,
        passages: Sequence[Passage],
        writing: Writing,
        stopped: threading.Event | None,
    ) -> Iterator[Written]:
        def prompt(texts: Sequence[str]) -> tuple[str, str]:
            return self._prompts.writing(question, texts, self._words)

        texts = [_shown(making.library, passage) for passage in passages]
        count = fitting(texts, self._room, prompt, lambda text: len(self._embedder.word_pieces(text)))
        if not count:
            raise ModelGaveUp("cannot read that much at a time (llm_window)" if texts else "was given no passage")
        making.take(passages[:count])
        draft, usage, begun = Draft(), Usage(), ""
        for piece in self._caller.stream(*prompt(texts[:count]), stopped):
            usage = piece.usage or usage
            begun = begun if len(begun) > LONGEST else begun + piece.text
            if draft.length > LONGEST:
                raise ModelGaveUp("wrote without coming to an end")
            if making.settle(draft.add(piece.text)):
                yield making.so_far(writing)
        if stopped and stopped.is_set():
            return
        making.settle(draft.rest())
        if not making.holds_anything:
            raise ModelGaveUp(_emptiness(begun))
        tokens = replace(writing, tokens_in=usage.tokens_in, tokens_out=usage.tokens_out, cost=usage.cost)
        yield making.whole(tokens)


class _Making:
    """An answer in the making: the sentences settled so far, and what they cite."""

    def __init__(self, library: Library, embedder: Embedder, strike: bool, warning: str) -> None:
        self.library = library
        self._embedder = embedder
        self._strike = strike
        self._warning = warning
        self._settled: list[_Settled] = []

    def take(self, passages: Sequence[Passage]) -> None:
        """These passages are what the model was given; they are numbered from 1."""
        self._passages = passages
        self._checker = Checker(self._embedder, [_source(self.library, passage) for passage in passages])

    def settle(self, drafted: Sequence[Drafted]) -> bool:
        """Check sentences; True when there was one."""
        for each in drafted:
            verdict = self._checker.check(each.text, [number - 1 for number in each.cited])
            self._settled.append(_Settled(each, verdict))
        return bool(drafted)

    @property
    def holds_anything(self) -> bool:
        """A sentence is borne out."""
        return any(each.verdict.supported for each in self._settled)

    def counted(self, writing: Writing) -> Writing:
        """How many sentences were checked, and how many of them are not borne out."""
        removed = sum(not each.verdict.supported for each in self._settled)
        return replace(writing, checked=len(self._settled), removed=removed)

    def so_far(self, writing: Writing) -> Written:
        """What may be shown while the model still writes."""
        markdown, citations = self._put_together()
        return Written(markdown, citations, Mode.GENERATIVE, self.counted(writing))

    def whole(self, writing: Writing) -> Written:
        """The finished answer, with what the check did to it."""
        markdown, citations = self._put_together()
        counted = self.counted(writing)
        said = f"{markdown}\n\n*{_tally(counted, self._strike)}*{self._warning}"
        return Written(said, citations, Mode.GENERATIVE, counted)

    def _put_together(self) -> tuple[str, tuple[Citation, ...]]:
        numbers: dict[int, Citation] = {}
        parts: list[str] = []
        for each in self._settled:
            text = as_markdown(each.drafted.text)
            if each.verdict.supported:
                cited = self._citations(each, numbers)
                text = f"{text} {''.join(f'[{number}]' for number in cited)}"
            elif self._strike:
                text = f"~~{text}~~ ({NOT_FOUND})"
            else:
                continue
            parts.append((f"\n{each.drafted.opens}" if each.drafted.opens.strip() else each.drafted.opens * 2) + text)
        joined = " ".join(parts)
        return re.sub(r" ?(\n+) ?", r"\1", joined).strip(), tuple(numbers.values())

    def _citations(self, settled: _Settled, numbers: dict[int, Citation]) -> list[int]:
        """The numbers that a sentence gets, those of new passages added; a quote grows with what it has to bear out."""
        given = []
        for place in dict.fromkeys(number - 1 for number in settled.drafted.cited):
            wanted = {n for source, n in settled.verdict.by if source == place}
            citation = _quote(self.library, self._passages[place], wanted, numbers.get(place), len(numbers) + 1)
            if citation:
                numbers[place] = citation
                given.append(citation.number)
        return given


def _quote(
    library: Library, passage: Passage, wanted: set[int], before: Citation | None, number: int
) -> Citation | None:
    """The sentences of a passage that bear a statement out, with those cited before, as one quote."""
    proven = [n for n, sentence in enumerate(passage.sentences) if sentence.proven]
    near = sorted(wanted & set(proven)) or ([] if before else proven[:1])
    if not near:
        return before
    start, end = passage.sentences[near[0]].start, passage.sentences[near[-1]].end
    if before:
        number = before.number
        old = passage.text.find(before.quote)
        start, end = min(start, old), max(end, old + len(before.quote))
    first = passage.sentences[near[0]]
    return (
        cite(library, number, passage, start, end) or before or cite(library, number, passage, first.start, first.end)
    )


def _source(library: Library, passage: Passage) -> Source:
    document = library.document(passage.document)
    around = " ".join(
        (document.title if document else "", document.year if document else "", passage.section, passage.context)
    )
    return Source(passage.text, tuple((s.start, s.end) for s in passage.sentences), around)


def _shown(library: Library, passage: Passage) -> str:
    """A passage as the model reads it: where it stands, then its words."""
    document = library.document(passage.document)
    above = " > ".join(part for part in (document.title if document else "", passage.section) if part)
    return "\n".join(part for part in (f"({above})", passage.context, passage.text) if part)


def _warning(library: Library, passages: Sequence[Passage]) -> str:
    """Tells the reader of passages that speak to a machine instead of to people."""
    said = []
    for passage in passages:
        document = library.document(passage.document)
        title = as_markdown(document.title if document else passage.document)
        said.append(f"*Beware: page {passage.page} of {title} holds words that look like orders to a language model. "
                    "The model was not shown them.*")  # fmt: skip
    return "".join(f"\n\n{line}" for line in dict.fromkeys(said))


def _tally(writing: Writing, strike: bool) -> str:
    sentences = f"{writing.checked} sentence{'s' * (writing.checked != 1)}"
    removed = "none" if not writing.removed else str(writing.removed)
    return f"{sentences} checked against the documents, {removed} {'struck through' if strike else 'removed'}."


def _emptiness(text: str) -> str:
    if not text.strip():
        return "wrote nothing"
    return "declined to answer" if DECLINES.match(text) else "wrote nothing that the documents bear out"
