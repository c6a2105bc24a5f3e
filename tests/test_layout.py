"""The layout of a careful reader: order, headings and their depth, lists, quotes, notes, contents, tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import factories
import pytest
from factories import LESSON, PARAGRAPH, RECOMMENDATIONS, Report
from readings import passages, read, texts

from assistant.reading.outline import outline_of
from assistant.reading.pdf import Opened
from assistant.records import Block, Kind, Shape
from assistant.understanding.passages import plain_text

OTHER = "Head teachers asked for visits in the rainy season too, when the roads to the smaller schools are closed."


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "report.pdf"


def drawn(path: Path, *pages: Callable[[Report], object]) -> Path:
    """A report with an empty page at its end, so that its running header comes back."""
    return factories.drawn(path, *pages, lambda report: None)


def said(block: Block) -> str:
    return plain_text(block.words)


def headings(path: Path) -> list[tuple[int, str]]:
    return [(b.level, said(b)) for b in read(path).blocks if b.shape is Shape.HEADING]


def sections(path: Path) -> dict[str, str]:
    """The first three words of each passage and the headings above it."""
    return {" ".join(p.text.split()[:3]): p.section for p in passages(path)}


def cells(block: Block) -> list[str]:
    found, start = [], 0
    for count in block.cells:
        found.append(plain_text(block.words[start : start + count]))
        start += count
    return found


def rows(path: Path) -> list[list[str]]:
    return [cells(b) for b in read(path).blocks if b.shape is Shape.ROW]


# --- reading order ----------------------------------------------------------------------------------------------------


def test_a_heading_in_the_margin_comes_before_the_paragraph_it_stands_beside(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.set_y(120)
        report.paragraph(OTHER)
        report.side_heading("What the visits changed")
        report.paragraph(factories.ACROSS_PAGES)
        report.side_heading("Costs")
        report.paragraph(PARAGRAPH)

    found = texts(factories.drawn_with_margin(pdf, 160, page, page))
    assert found[:5] == [OTHER, "What the visits changed", factories.ACROSS_PAGES, "Costs", PARAGRAPH]


def test_a_full_column_in_the_margin_is_a_column(pdf: Path) -> None:
    found = texts(factories.two_columns(pdf, left=[PARAGRAPH, LESSON], right=[OTHER, PARAGRAPH]), Shape.PARAGRAPH)
    assert found[-4:] == [PARAGRAPH, LESSON, OTHER, PARAGRAPH]


def test_a_page_of_one_and_two_columns_is_read_from_the_top(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.paragraph(PARAGRAPH)
        top = report.get_y()
        for x, text in ((60, LESSON), (310, OTHER)):
            report.set_xy(x, top)
            report.multi_cell(225, 14, text, align="L", new_x="LEFT", new_y="NEXT")
        report.ln(20)
        report.paragraph(factories.ACROSS_PAGES)

    assert texts(drawn(pdf, page), Shape.PARAGRAPH) == [PARAGRAPH, LESSON, OTHER, factories.ACROSS_PAGES]


# --- headings ---------------------------------------------------------------------------------------------------------


def test_numbering_that_goes_on_shows_headings_to_stand_beside_each_other(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.heading("RECOMMENDATIONS")
        report.heading("FOR THE MINISTRY")
        report.items("1. Pay the travel of supervisors.", "2. Train two teachers in every school.")
        report.heading("FOR THE DISTRICTS")
        report.items("3. Plan the visits around the rains.")
        report.heading("METHOD")
        report.paragraph(PARAGRAPH)

    assert headings(drawn(pdf, page)) == [
        (1, "RECOMMENDATIONS"),
        (2, "FOR THE MINISTRY"),
        (2, "FOR THE DISTRICTS"),
        (1, "METHOD"),
    ]


def test_numbered_headings_stand_as_deep_as_their_numbers_say(pdf: Path) -> None:
    def page(report: Report) -> None:
        for text in (
            "3. FINDINGS",
            "3.1. Enrolment",
            "3.1.1. Girls",
            "3.2. Teachers",
            "ANNEX A. METHOD",
            "A.1. Sample",
        ):
            report.heading(text, 14)
            report.paragraph(OTHER)

    assert [level for level, _ in headings(drawn(pdf, page))] == [1, 2, 3, 2, 1, 2]


def test_a_heading_without_number_is_inside_the_numbered_section_it_stands_in(pdf: Path) -> None:
    def page(report: Report) -> None:
        for text in ("5. LESSONS", "5.2. FOR OTHERS", "TEACHERS", "5.3. FOR DONORS"):
            report.heading(text, 14)
            report.paragraph(OTHER)

    assert [level for level, _ in headings(drawn(pdf, page))] == [1, 2, 3, 2]


def test_a_paragraph_with_the_label_of_headings_begins_with_one(pdf: Path) -> None:
    third = "LESSON LEARNED NO. 3: Readers in the local language are used every day. They cost less than imported ones."

    def page(report: Report) -> None:
        for number in (1, 2):
            report.heading(f"LESSON LEARNED NO. {number}: Visits change how lessons are planned", 12)
            report.paragraph(PARAGRAPH)
        report.paragraph(third)

    found = headings(drawn(pdf, page))
    assert found[-1] == (1, "LESSON LEARNED NO. 3: Readers in the local language are used every day.")
    assert texts(pdf, Shape.PARAGRAPH)[-1] == "They cost less than imported ones."


def test_the_outline_of_the_pdf_names_headings_that_look_like_text(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.start_section("What was learned")
        report.paragraph("What was learned")
        report.paragraph(PARAGRAPH)
        report.start_section("From teachers", level=1)
        report.paragraph("From teachers")
        report.paragraph(OTHER)

    found = drawn(pdf, page)
    assert [(b.depth, b.title, b.page) for b in outline_of(Opened(found).document)] == [
        (1, "What was learned", 1),
        (2, "From teachers", 1),
    ]
    assert [text for _, text in headings(found)] == ["What was learned", "From teachers"]


def test_a_name_in_bold_at_the_start_of_a_sentence_stays_in_its_paragraph(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.set_font("Times", "B", 11)
        report.write(14, "RELEVANCE - ")
        report.set_font("Times", size=11)
        report.write(14, PARAGRAPH)

    assert texts(drawn(pdf, page)) == [f"RELEVANCE - {PARAGRAPH}"]


# --- furniture --------------------------------------------------------------------------------------------------------


def test_a_chapter_s_running_name_stays_where_it_is_printed_large(pdf: Path) -> None:
    def opening(report: Report) -> None:
        report.set_y(45)
        report.heading("Bibliography", 20)
        report.paragraph("Adams, R. Schools and Roads. 2004.")

    def following(report: Report) -> None:
        report.set_y(53)
        report.set_font("Helvetica", size=8)
        report.cell(0, 10, "Bibliography", new_x="LMARGIN", new_y="NEXT")
        report.set_y(110)
        report.paragraph("Baker, G. Teachers on the Move. 2002.")

    found = read(drawn(pdf, opening, following, lambda report: report.paragraph(PARAGRAPH)))
    assert [said(b) for b in found.blocks].count("Bibliography") == 1


# --- lists, quotes, notes ---------------------------------------------------------------------------------------------


def test_items_have_the_level_that_their_indent_shows_also_after_a_page_break(pdf: Path) -> None:
    def first(report: Report) -> None:
        report.items("1. Pay for travel.")
        report.items("a) By bus in the south.", "b) By boat in the north.", indent=30)

    def second(report: Report) -> None:
        report.items("c) On foot where there is no road.", indent=30)
        report.items("2. Train two teachers.")

    found = [(b.level, b.words[0].text) for b in read(drawn(pdf, first, second)).blocks]
    assert found == [(1, "1."), (2, "a)"), (2, "b)"), (2, "c)"), (1, "2.")]


def test_the_numbered_clauses_of_a_sentence_are_no_items(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.lines(
            "The evaluation wanted to (1) learn how the visits changed lessons in the schools;",
            "(2) see whether teachers stay where they were trained for two years or longer;",
            "and (3) recommend what to do next.",
        )

    [block] = read(drawn(pdf, page)).blocks
    assert block.shape is Shape.PARAGRAPH


def test_a_quote_is_kept_with_who_said_it_and_is_testimony(pdf: Path) -> None:
    quote = '"The visits gave us courage, and the readers arrived before the rains closed the road to our school."'

    said_by = "- Head teacher, Alder district"

    def page(report: Report) -> None:
        report.paragraph(PARAGRAPH)
        report.quote(quote, said_by)
        report.paragraph(factories.ACROSS_PAGES)

    assert f"{quote} {said_by}" in texts(drawn(pdf, page))
    [spoken] = passages(drawn(pdf, lambda report: report.quote(quote, said_by)))
    assert spoken.kind is Kind.TESTIMONY


def test_a_footnote_is_read_with_the_paragraph_that_cites_it(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.marked(("Enrolment of girls rose in all of the nine districts.", "1"))
        report.paragraph(factories.ACROSS_PAGES)
        report.footnote(factories.FOOTNOTE)

    [note] = [p for p in passages(drawn(pdf, page)) if p.shape is Shape.FOOTNOTE]
    assert note.text == factories.FOOTNOTE.removeprefix("1 ")
    assert note.context.startswith("Enrolment of girls rose")


def test_a_sentence_goes_on_below_the_box_that_breaks_it_off(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.paragraph(factories.ACROSS_PAGES)
        report.lines("Supervisors came to the schools in the south every month, and")
        report.lines("Box 1. How the visits were paid")
        report.paragraph(LESSON)
        report.lines("to those in the north once in a term.")

    assert any(
        text.endswith("every month, and to those in the north once in a term.") for text in texts(drawn(pdf, page))
    )


# --- contents, references ---------------------------------------------------------------------------------------------


def test_a_table_of_contents_is_in_no_passage(pdf: Path) -> None:
    def contents(report: Report) -> None:
        report.heading("Contents")
        report.items("Summary ........................ 2", "Findings ....................... 3")
        report.items("What visits change 3")

    def body(report: Report) -> None:
        report.heading("Findings")
        report.paragraph(PARAGRAPH)

    found = drawn(pdf, contents, body)
    assert [p.text for p in passages(found) if p.page == 1] == []
    assert {b.shape for b in read(found).blocks if b.words[0].page == 1} == {Shape.HEADING, Shape.CONTENTS}
    assert sections(found)["The programme reached"] == "Findings"


def test_the_entries_of_a_reference_list_are_background(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.heading("Findings")
        report.paragraph(PARAGRAPH)
        report.heading("References")
        report.paragraph("Adams, R. Schools and Roads. Lessons from nine districts. 2004.")
        report.paragraph("Baker, G. Teachers on the Move. 2002.")

    found = passages(drawn(pdf, page))
    assert [p.kind for p in found if p.shape is Shape.REFERENCE] == [Kind.BACKGROUND] * 2


def test_a_list_of_acronyms_gives_a_row_for_each(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.heading("Acronyms")
        report.lines("CSP Coastal Schools Programme", "MoE Ministry of Education", "NGO Non-governmental organisation")

    assert rows(drawn(pdf, page))[1] == ["MoE", "Ministry of Education"]
    assert {p.kind for p in passages(pdf) if p.shape is Shape.ROW} == {Kind.DEFINITION}


# --- tables -----------------------------------------------------------------------------------------------------------

WIDE = (140.0, 90.0, 120.0)


def test_tables_with_lines_in_one_direction_are_tables(pdf: Path) -> None:
    table = (*factories.TABLE, ("Cedar", "45", "870"))

    def page(report: Report) -> None:
        report.paragraph(PARAGRAPH)
        report.lying_table(table, WIDE)
        report.paragraph(LESSON)
        report.standing_table(table, WIDE)

    found = drawn(pdf, page)
    assert rows(found) == [list(row) for row in table[1:]] * 2
    assert {b.headers for b in read(found).blocks if b.shape is Shape.ROW} == {factories.TABLE[0]}


def test_a_header_that_is_printed_again_on_the_next_page_is_dropped(pdf: Path) -> None:
    more = ("Cedar", "45", "870"), ("Dogwood", "31", "640")
    found = drawn(
        pdf,
        lambda report: report.ruled_table(factories.TABLE),
        lambda report: report.plain_table([factories.TABLE[0], *more]),
    )
    assert rows(found) == [list(row) for row in (*factories.TABLE[1:], *more)]


def test_a_row_that_a_page_break_cut_in_two_is_one(pdf: Path) -> None:
    found = drawn(
        pdf,
        lambda report: report.ruled_table(
            (("Change", "Source"), ("Supervisors came to the schools in the south every", "Interviews with the head"))
        ),
        lambda report: report.plain_table(
            [("month, and teachers planned together.", "teachers."), ("Readers arrived.", "Visits.")]
        ),
    )
    assert rows(found) == [
        [
            "Supervisors came to the schools in the south every month, and teachers planned together.",
            "Interviews with the head teachers.",
        ],
        ["Readers arrived.", "Visits."],
    ]
    [whole, _] = [p for p in passages(found) if p.shape is Shape.ROW]
    assert (whole.page, whole.page_end) == (1, 2)
    assert all(sentence.proven for sentence in whole.sentences)


def test_a_caption_speaks_for_the_rows_of_its_table_and_no_further(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.lines("Table 1. Enrolment by district")
        report.ruled_table(factories.TABLE)
        report.paragraph(PARAGRAPH)
        report.ruled_table((("Year", "Visits"), ("2021", "14"), ("2022", "31")))

    contexts = [p.context for p in passages(drawn(pdf, page)) if p.shape is Shape.ROW]
    assert [context.startswith("Table 1. Enrolment by district") for context in contexts] == [True, True, False, False]


def test_a_recommendation_s_number_is_quoted_with_it(pdf: Path) -> None:
    found = [p.text for p in passages(factories.brief(pdf))]
    assert any(f"1. {RECOMMENDATIONS[0]}" in text for text in found)
