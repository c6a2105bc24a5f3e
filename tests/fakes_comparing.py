"""The scripted assistant with a second document, whose title and words are hostile, and that says little."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fakes_assistant import DOCUMENT, HOSTILE, PARAGRAPHS, TITLE, FakeAssistant, Found

from assistant.answering.register import Register
from assistant.records import Answer, Citation, Coverage, Finding, Hit, Kind, Mode, Question, Role, Span
from assistant.reports import DocumentRow

OTHER = "odd <b>name</b>.pdf"


class TwoDocuments(FakeAssistant):
    """OTHER answers questions with 'hostile' alone, DOCUMENT all others; 'hold' waits until let_go is set."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.let_go = threading.Event()
        self.searched: list[Question] = []

    def seen_by(self, role: Role) -> TwoDocuments:
        return self

    def pdf_path(self, document: str) -> Path:
        return super().pdf_path(DOCUMENT if document == OTHER else document)

    def documents(self) -> list[DocumentRow]:
        first, broken = super().documents()
        first = replace(first, projects=("Wells",))
        other = replace(first, document=OTHER, title=HOSTILE, type="learning brief", date="", year="")
        return [first, replace(first, document="copy.pdf", same_as=DOCUMENT), other, broken]

    def ask(self, question: Question) -> Answer:
        if "hold" in question.text:
            self.let_go.wait(20)
        if "break" in question.text:
            raise RuntimeError("broken on purpose")
        answer = super().ask(question)
        if question.filters.get("document") != OTHER:
            return answer
        if "hostile" in question.text:
            return replace(answer, citations=tuple(self._elsewhere(each) for each in answer.citations))
        missing = "The passages found give no date for this.\n\nThe library does not answer this."
        return replace(answer, answer=missing, mode=Mode.REFUSAL, refused=True, citations=())

    def search(self, question: Question, top: int = 10) -> Found:
        self.searched.append(question)
        if "nothing" in question.text:
            return Found(question.text, (), self.generation)
        found = super().search(question, top)
        hits = [replace(hit, page_label="ii") for hit in found.passages]
        if "hostile" in question.text:
            hits = [self._hostile(hits[0])]
        return Found(question.text.replace("tset", "test"), tuple(hits), self.generation)

    def register(self, filters: Mapping[str, Any] | None = None) -> Register:
        page, *box = self._boxes(PARAGRAPHS[1])[0]
        span = Span(0, 20, int(page), *box)
        names = {"kind": Kind.RECOMMENDATION, "title": "Travel", "text": PARAGRAPHS[1]}
        first = Finding("f1", DOCUMENT, 2, 2, number="10", addressee="Ministry of Education", spans=(span,), **names)  # type: ignore[arg-type]
        hostile = {"number": "9", "title": HOSTILE, "text": HOSTILE, "addressee": HOSTILE}
        second = replace(first, id="f2", document=OTHER, kind=Kind.LESSON, **hostile)  # type: ignore[arg-type]
        entries = tuple(each for each in (first, second) if (filters or {}).get("kind", each.kind) == each.kind)
        cover = Coverage((), 2, len(entries), (), len(entries))
        return Register(entries, len(entries), cover, entries, {DOCUMENT: TITLE, OTHER: HOSTILE})

    def finding_counts(self) -> dict[str, dict[str, int]]:
        return {DOCUMENT: {"recommendation": 1}, OTHER: {"lesson": 12}}

    def _hostile(self, hit: Hit) -> Hit:
        passage = replace(hit.passage, id='"><i>', text=HOSTILE, section=HOSTILE, context=HOSTILE, document=OTHER)
        return replace(hit, passage=passage, title=HOSTILE, page_label="<i>")

    def _elsewhere(self, citation: Citation) -> Citation:
        assert citation.document == DOCUMENT
        return replace(citation, document=OTHER)
