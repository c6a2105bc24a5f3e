"""A small scripted assistant at the seam of the web faces, over a PDF written here."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
from fpdf import FPDF

from assistant.errors import EmptyQuestion, PageMissing, QuestionTooLong
from assistant.indexing.pending import Pending
from assistant.records import Answer, Citation, Coverage, Hit, Kind, Mode, Passage, Place, Question, Role
from assistant.reports import DocumentRow

DOCUMENT = "education/final evaluation #2.pdf"
TITLE = "Final Evaluation of the Rural Schools Programme"
HOSTILE = "<img src=x onerror=alert(1)> ![p](http://evil.example/p.png) [go](javascript:alert(1)) `x` \u202ereversed"
PARAGRAPHS = (
    "The programme reached 412 schools in nine provinces between 2019 and 2023. Enrolment of girls rose from 61 to "
    "74 percent in the schools that took part, while it stayed level in the others.",
    "The Ministry of Education should fund the travel of district supervisors from its own budget before the "
    "programme ends, since visits stopped wherever project vehicles were withdrawn.",
    "Head teachers reported that monthly visits by a supervisor changed how lessons were planned. Where visits were "
    "rare, the new materials stayed in the cupboard.",
    "Training only one teacher per school proved fragile: within two years a third of them had moved on, and the "
    "method left the school with them.",
)
REPORT = DocumentRow(
    DOCUMENT,
    TITLE,
    pages=3,
    passages=4,
    sentences=8,
    findings=2,
    language="en",
    ocr_pages=0,
    warnings=("page 3: no text",),
    type="evaluation report",
    date="2024-05",
    year="2024",
    organisations=("Ministry of Education",),
)
QUOTES = (PARAGRAPHS[1], PARAGRAPHS[2].split(". ")[0] + ".", PARAGRAPHS[3])


@dataclass(frozen=True)
class Found:
    question: str
    passages: tuple[Hit, ...]
    generation: int


class FakeAssistant:
    """Quotes for 'recommend' and 'list', 'hostile' with hostile text, refuses all else, 'slow' after a while."""

    generation = 3
    state = 3
    restricted = False
    """Readers may not see its document."""
    hidden = False

    def __init__(self, folder: Path) -> None:
        self.asked: list[Question] = []
        self.warmed = threading.Event()
        self._lock = threading.Lock()
        self._path = folder / DOCUMENT
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_bytes(_pdf())

    def warm(self) -> None:
        self.warmed.set()

    def ask(self, question: Question) -> Answer:
        if not question.text.strip():
            raise EmptyQuestion
        if len(question.text) > 4000:
            raise QuestionTooLong(len(question.text), 4000)
        self.asked.append(question)
        if "slow" in question.text:
            time.sleep(2)
        refusal = Answer(
            id=question.id,
            question=question.text,
            understood=question.text,
            answer="The library does not say. Searched **1 document**; the nearest passages are shown beside.",
            mode=Mode.REFUSAL,
            refused=True,
            citations=(),
            passages=self._hits(),
            coverage=None,
            seconds=0.21,
            generation=self.generation,
        )
        if "hostile" in question.text:
            citation = replace(self._citation(1, 0), quote=HOSTILE, title=HOSTILE, section=HOSTILE, context=HOSTILE)
            return replace(refusal, answer=f"{HOSTILE} [1]", citations=(citation,), mode=Mode.EXTRACTIVE, refused=False)
        if "list" in question.text.lower():
            return replace(
                refusal,
                answer="**2 lessons** in the library:\n\n1. "
                + " [1]\n2. ".join(QUOTES[1:])
                + " [2]\n\n| Document | Lessons |\n|---|---|\n| Final Evaluation | 2 |",
                citations=(self._citation(1, 1), self._citation(2, 2)),
                mode=Mode.LISTING,
                refused=False,
                coverage=Coverage(("lesson",), 2, 1, ("Inception Report",), 2),
            )
        if "recommend" in question.text.lower():
            body = (
                f"The evaluation asks the ministry to take over the cost of supervision:\n\n> {QUOTES[0]} [1]\n\n"
                f"It gives two reasons.\n\n- {QUOTES[1]} [2]\n- {QUOTES[2]} [3]"
            )
            return replace(
                refusal,
                answer=body,
                citations=tuple(self._citation(n + 1, n) for n in range(3)),
                mode=Mode.EXTRACTIVE,
                refused=False,
            )
        return refusal

    def search(self, question: Question, top: int = 10) -> Found:
        return Found(question.text, self._hits()[:top], self.generation)

    def seen_by(self, role: Role) -> FakeAssistant:
        if role is Role.CURATOR or not self.restricted:
            return self
        seen = copy(self)
        seen.hidden = True
        return seen

    def quotes(self, passages: Iterable[str]) -> tuple[Citation, ...]:
        known = {} if self.hidden else {f"p{n}": n for n in range(len(QUOTES))}
        wanted = [known[each] for each in passages if each in known]
        return tuple(self._citation(number, n) for number, n in enumerate(wanted, 1))

    def documents(self) -> list[DocumentRow]:
        broken = DocumentRow("broken.pdf", "", 0, 0, 0, 0, "", 0, (), "damaged", "The file ends early.")
        return [broken] if self.hidden else [REPORT, broken]

    def pending(self) -> Pending:
        return Pending("2026-05-04T10:00:00+00:00")

    def families(self) -> dict[str, str]:
        return {}

    def check(self, path: Path, document: str) -> None:
        pass

    def strength(self, document: str) -> str:
        return "Final evaluation, May 2025; 120 interviews (p. 2)" if document == DOCUMENT else ""

    def examples(self, count: int = 4) -> list[str]:
        return [
            "What was recommended to the Ministry of Education?",
            "List all lessons learned about training teachers",
            "How many schools did the programme reach?",
        ][:count]

    def page_picture(self, document: str, page: int, width: int = 900) -> bytes:
        with self._lock, self._page(document, page) as opened:
            image = opened[page - 1].render(scale=width / opened[page - 1].get_width()).to_pil()
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()

    def page_size(self, document: str, page: int) -> tuple[float, float]:
        with self._lock, self._page(document, page) as opened:
            width, height = opened[page - 1].get_size()
        return width, height

    def pdf_path(self, document: str) -> Path:
        if document != DOCUMENT:
            raise PageMissing(document, None)
        return self._path

    def _page(self, document: str, page: int) -> pypdfium2.PdfDocument:
        opened = pypdfium2.PdfDocument(self.pdf_path(document))
        if not 1 <= page <= len(opened):
            raise PageMissing(document, page)
        return opened

    def _hits(self) -> tuple[Hit, ...]:
        passages = [
            Passage(f"p{n}", DOCUMENT, 2, 2, text, "4 Findings > 4.2 Supervision", kind=Kind.NARRATIVE)
            for n, text in enumerate(PARAGRAPHS)
        ]
        return tuple(Hit(passage, 1.5 - n / 10, TITLE) for n, passage in enumerate(passages))

    def _citation(self, number: int, quote: int) -> Citation:
        return Citation(
            number=number,
            document=DOCUMENT,
            title=TITLE,
            page=2,
            page_end=2,
            page_label="ii" if quote == 1 else "2",
            quote=QUOTES[quote],
            context="Recommendation 3" if quote == 0 else "",
            passage_id=f"p{quote}",
            kind=Kind.RECOMMENDATION if quote == 0 else Kind.LESSON,
            section="5 Recommendations > 5.1 For the ministry" if quote == 0 else "4 Findings > 4.2 Supervision",
            boxes=self._boxes(QUOTES[quote]),
            also_in=(Place(DOCUMENT, 3),) if quote == 0 else (),
        )

    def _boxes(self, quote: str) -> tuple[tuple[float, float, float, float, float], ...]:
        with self._lock, self._page(DOCUMENT, 2) as opened:
            page, text = opened[1], opened[1].get_textpage()
            height = page.get_height()
            found = re.search(r"\s+".join(map(re.escape, quote.split())), text.get_text_range())
            assert found is not None
            count = text.count_rects(found.start(), len(found.group()))
            rectangles = [text.get_rect(n) for n in range(count)]
        return tuple((2.0, x0, height - top, x1, height - bottom) for x0, bottom, x1, top in rectangles)


def _pdf() -> bytes:
    pdf = FPDF(format="A4")
    pdf.set_margin(25)
    for page in (1, 2, 3):
        pdf.add_page()
        pdf.set_font("Helvetica", "B", 16)
        pdf.multi_cell(0, 9, TITLE if page == 1 else f"{page + 2} Findings and recommendations", new_x="LMARGIN")
        pdf.set_font("Times", "", 11)
        for text in PARAGRAPHS * (1 if page == 2 else 3):
            pdf.ln(4)
            pdf.multi_cell(0, 5.6, text, new_x="LMARGIN")
    return bytes(pdf.output())
