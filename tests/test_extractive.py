"""An answer quotes: proven sentences, each once, few words, with the place of each."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import shelf
from fakes import WordHashEmbedder

from assistant.answering import extractive
from assistant.answering.citations import as_markdown, boxes, cite
from assistant.answering.extractive import Extract
from assistant.indexing.library import Library
from assistant.records import Kind, Mode, Place, Sentence, Shape, Span
from assistant.retrieval import hybrid
from assistant.understanding.proof import appears_on

EMBEDDER = WordHashEmbedder()
VISITS = "Monthly visits by district supervisors changed how lessons were planned."
STOPPED = "The visits stopped wherever project vehicles were withdrawn."
LONG = "Many words about the visits of supervisors to schools in the hills were written down that year. " * 12
OTHERS = (
    "Parents of younger children came to meetings more often.",
    "Readers in the local language reached small classes late.",
)


def library_of(folder: Path, *texts: str, **more: str) -> Library:
    """Documents by name, and one called report.pdf; padding keeps the words of a question telling."""
    members = [("report.pdf", shelf.record(*texts, *OTHERS, title="Report"))]
    members += [(f"{name}.pdf", shelf.record(text, title=name)) for name, text in more.items()]
    shelf.shelve(folder, members)
    return Library.open(folder, EMBEDDER.fingerprint)


def answer(library: Library, question: str, words: int = 120) -> Extract:
    found = hybrid.search(library, question, EMBEDDER.embed_question(question), 10)
    return extractive.answer(library, found, words)


def quotes(extract: Extract) -> list[str]:
    return [citation.quote for citation in extract.citations]


def test_every_quote_stands_on_the_page_it_names_and_in_the_answer_with_its_number(tmp_path: Path) -> None:
    library = library_of(tmp_path, f"{VISITS} {STOPPED}", other=STOPPED.replace("vehicles", "cars"))
    made = answer(library, "Why did visits by supervisors stop?")
    assert made.mode is Mode.EXTRACTIVE
    assert [c.number for c in made.citations] == list(range(1, len(made.citations) + 1))
    assert re.findall(r"\[(\d+)\]", made.markdown) == [str(c.number) for c in made.citations]
    for citation in made.citations:
        assert appears_on(citation.quote, library.page(citation.document, citation.page).text)
        assert citation.quote in made.markdown
        assert citation.page_label == "iv"
        assert citation.boxes


def test_a_sentence_that_is_not_proven_is_not_quoted(tmp_path: Path) -> None:
    made = shelf.record(STOPPED, VISITS, *OTHERS)
    unproven = [replace(p, sentences=tuple(replace(s, proven=False) for s in p.sentences)) for p in made.passages[:1]]
    shelf.shelve(tmp_path, [("report.pdf", replace(made, passages=(*unproven, *made.passages[1:])))])
    library = Library.open(tmp_path, EMBEDDER.fingerprint)
    assert STOPPED not in quotes(answer(library, STOPPED))


def test_a_quote_that_is_not_on_its_page_is_never_cited(tmp_path: Path) -> None:
    # The record says it is proven; the page says something else.
    made = shelf.record(STOPPED, *OTHERS)
    other_page = replace(made.pages[0], text=VISITS)
    shelf.shelve(tmp_path, [("report.pdf", replace(made, pages=(other_page,)))])
    refused = answer(Library.open(tmp_path, EMBEDDER.fingerprint), STOPPED)
    assert refused.refused
    assert refused.citations == ()


def test_an_answer_keeps_to_its_words(tmp_path: Path) -> None:
    texts = [
        f"District {name} said that visits by supervisors changed the lessons of its schools." for name in "ABCDEFGH"
    ]
    library = library_of(tmp_path, *(f"{text} {n}00 teachers left." for n, text in enumerate(texts)))
    for words in (15, 40, 80):
        said = quotes(answer(library, "How did visits by supervisors change lessons?", words))
        assert said
        assert sum(len(quote.split()) for quote in said) <= max(words, len(said[0].split()))


def test_neighbouring_sentences_are_one_quote(tmp_path: Path) -> None:
    library = library_of(tmp_path, f"{VISITS} {STOPPED}")
    assert quotes(answer(library, "When did visits by supervisors stop?"))[0] == f"{VISITS} {STOPPED}"


def test_what_two_reports_say_in_the_same_words_is_quoted_once_with_both_places(tmp_path: Path) -> None:
    library = library_of(tmp_path, STOPPED, brief=STOPPED, summary=f"{VISITS} {STOPPED}")
    first, *rest = answer(library, "Where did the visits stop?").citations
    assert STOPPED in first.quote
    places = {Place("report.pdf", 1), Place("brief.pdf", 1), Place("summary.pdf", 1)}
    assert set(first.also_in) == places - {Place(first.document, first.page)}
    assert not any(STOPPED in citation.quote for citation in rest)


def test_findings_that_differ_in_their_figures_are_two_findings(tmp_path: Path) -> None:
    alder = "In the schools of the district enrolment of girls rose to 74 percent."
    birch = "In the schools of the district enrolment of girls rose to 61 percent."
    made = answer(library_of(tmp_path, alder, other=birch), "How far did enrolment of girls rise in schools?")
    assert {alder, birch} <= set(quotes(made))
    assert all(citation.also_in == () for citation in made.citations)


def test_a_lead_in_is_not_quoted_alone(tmp_path: Path) -> None:
    library = library_of(tmp_path, "The visits by supervisors stopped because of:", STOPPED)
    assert not any(quote.endswith(":") for quote in quotes(answer(library, "Why did visits by supervisors stop?")))


def test_a_heading_in_capitals_is_not_quoted(tmp_path: Path) -> None:
    library = library_of(tmp_path, "TABLE: RATINGS OF THE SCHOOL MEALS", "The school meals were rated high by parents.")
    assert quotes(answer(library, "ratings of the school meals")) == ["The school meals were rated high by parents."]


def test_a_line_of_a_form_is_not_quoted(tmp_path: Path) -> None:
    library = library_of(tmp_path, VISITS, "Date of the monthly visits: 3 May 2021.")
    assert quotes(answer(library, "date of the monthly visits by district supervisors"))[0] == VISITS


def test_a_caption_is_not_quoted(tmp_path: Path) -> None:
    library = library_of(tmp_path, VISITS, "Table 3: Visits by supervisors to schools.")
    assert quotes(answer(library, "visits by supervisors to schools")) == [VISITS]


def test_what_stands_behind_the_number_of_a_caption_is_not_quoted(tmp_path: Path) -> None:
    library = library_of(tmp_path, VISITS, "They came by car.\nFigure 2. Visits by supervisors to schools")
    assert quotes(answer(library, "visits by supervisors to schools")) == [VISITS]


def test_an_entry_of_a_list_of_sources_is_not_quoted(tmp_path: Path) -> None:
    library = library_of(tmp_path, VISITS, "Ministry of Visits (2022). Rules for visits by supervisors to schools.")
    assert quotes(answer(library, "visits by supervisors to schools")) == [VISITS]


def test_a_box_to_tick_is_not_quoted(tmp_path: Path) -> None:
    library = library_of(tmp_path, VISITS, "☐ Visits by supervisors to schools were useful.")
    assert quotes(answer(library, "visits by supervisors to schools")) == [VISITS]


def test_a_line_of_a_list_of_acronyms_is_not_quoted(tmp_path: Path) -> None:
    made = shelf.record(VISITS, "VSS | Visits by Supervisors to Schools")
    line = replace(made.passages[1], kind=Kind.DEFINITION, shape=Shape.ROW)
    shelf.shelve(tmp_path, [("report.pdf", replace(made, passages=(made.passages[0], line)))])
    library = Library.open(tmp_path, EMBEDDER.fingerprint)
    assert quotes(answer(library, "visits by supervisors to schools")) == [VISITS]


def test_the_sentence_after_the_best_one_comes_before_better_ones_from_elsewhere(tmp_path: Path) -> None:
    rest = "Teachers then kept weekly plans."
    library = library_of(tmp_path, f"{VISITS} {rest}", other="Monthly visits were changed by nobody.")
    first = quotes(answer(library, "How did monthly visits by district supervisors change lessons?", words=20))[0]
    assert first == f"{VISITS} {rest}"


def test_sentences_that_a_footnote_parts_on_the_page_are_cited_one_by_one(tmp_path: Path) -> None:
    made = shelf.record(f"{VISITS} {STOPPED}", *OTHERS)
    page = replace(made.pages[0], text=f"{VISITS}\n7 Interview with the ministry.\n{STOPPED}\n{' '.join(OTHERS)}")
    shelf.shelve(tmp_path, [("report.pdf", replace(made, pages=(page,)))])
    said = quotes(answer(Library.open(tmp_path, EMBEDDER.fingerprint), "When did visits by supervisors stop?"))
    assert said[:2] == [VISITS, STOPPED]


def test_a_citation_over_a_page_break_names_both_pages_and_has_boxes_on_both(tmp_path: Path) -> None:
    made = shelf.record(STOPPED)
    first, second = "The visits stopped wherever", "project vehicles were withdrawn."
    spans = (Span(0, len(first), 1, 60, 800, 300, 812), Span(len(first) + 1, len(STOPPED), 2, 60, 60, 300, 72))
    passage = replace(made.passages[0], page_end=2, spans=spans, sentences=(Sentence(0, len(STOPPED), True),))
    pages = (replace(made.pages[0], text=first), replace(made.pages[0], number=2, text=second))
    shelf.shelve(tmp_path, [("report.pdf", replace(made, pages=pages, passages=(passage,)))])
    library = Library.open(tmp_path, EMBEDDER.fingerprint)
    [kept] = library.passages([0])
    citation = cite(library, 1, kept, 0, len(STOPPED))
    assert citation
    assert (citation.page, citation.page_end, citation.quote) == (1, 2, STOPPED)
    assert {box[0] for box in citation.boxes} == {1, 2}


def test_a_highlight_has_one_rectangle_for_each_printed_line() -> None:
    def span(x0: float, top: float, page: int = 1) -> Span:
        return Span(0, 1, page, x0, top, x0 + 30, top + 12)

    found = boxes([span(60, 100), span(93, 100.4), span(126, 100), span(60, 114), span(60, 100, page=2)])
    assert found == ((1, 60, 100, 156, 112.4), (1, 60, 114, 90, 126), (2, 60, 100, 90, 112))


def test_signs_of_a_quote_stay_signs_in_the_answer() -> None:
    assert as_markdown("1. See [this](http://x) *now* <b>") == r"1\. See \[this\](http://x) \*now\* \<b\>"
