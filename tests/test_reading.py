"""A PDF becomes the blocks a reader sees: what belongs together is together, and furniture is nowhere."""

from __future__ import annotations

from pathlib import Path

import factories
import pytest
from factories import Report
from pypdf import PdfReader, PdfWriter
from readings import passages, read, texts

from assistant.reading.sandbox import Limits
from assistant.reading.sandbox import read as read_in_a_child
from assistant.reading.words import clean, keeps_hyphen
from assistant.records import Shape

SENTENCE = "Visits by supervisors changed how lessons were planned in the schools of the southern districts."


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "report.pdf"


def long_text(pdf: Report) -> None:
    for _ in range(6):
        pdf.paragraph(factories.ACROSS_PAGES)


def test_a_paragraph_is_one_block_over_all_its_lines(pdf: Path) -> None:
    assert factories.ACROSS_PAGES in texts(factories.brief(pdf, paragraphs=[factories.ACROSS_PAGES]), Shape.PARAGRAPH)


def test_headings_have_levels_by_their_size(pdf: Path) -> None:
    headings = [b for b in read(factories.brief(pdf)).blocks if b.shape is Shape.HEADING]
    assert [(b.level, b.words[0].text) for b in headings] == [
        (1, "Evaluation"),
        (2, "Findings"),
        (2, "Recommendations"),
        (2, "Lessons"),
    ]


def test_a_word_broken_at_a_line_end_is_whole_again(pdf: Path) -> None:
    assert any("regular inspections of the boarding houses" in text for text in texts(factories.line_end_hyphen(pdf)))


def test_a_compound_keeps_its_hyphen_at_a_line_end_where_the_document_prints_it_so(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.lines("Unions ran a worker-led campaign in the city.")
        report.lines("In the north they preferred a worker-", "led model of monitoring.")

    assert any("preferred a worker-led model" in text for text in texts(factories.drawn(pdf, page)))


def test_a_word_whose_first_half_is_a_word_too_is_joined(pdf: Path) -> None:
    # "in" stands elsewhere, and "spectors" only as the second half of this very word.
    def page(report: Report) -> None:
        report.lines("The ministry sent, in each of the districts, many in-", "spectors to the boarding houses.")

    assert any("many inspectors to the" in text for text in texts(factories.drawn(pdf, page)))


@pytest.mark.parametrize(
    ("first", "second", "vocabulary", "kept"),
    [
        ("organi", "sation", set(), False),
        ("worker", "led", {"worker-led"}, True),
        ("work", "shop", {"work", "shop", "workshop"}, False),
        ("labour", "related", {"labour", "related"}, True),
        ("2023", "24", set(), True),
        ("state-of-the", "art", set(), True),
    ],
)
def test_the_vocabulary_of_the_document_judges_a_hyphen(
    first: str, second: str, vocabulary: set[str], kept: bool
) -> None:
    assert keeps_hyphen(first, second, frozenset(vocabulary)) is kept


def test_running_headers_and_page_numbers_are_in_no_passage(pdf: Path) -> None:
    found = passages(factories.drawn(pdf, long_text, long_text, long_text))
    assert found
    assert not any("Final evaluation" in p.text or "Page " in p.text for p in found)


def test_a_short_last_line_at_the_foot_of_a_page_is_not_taken_for_a_page_number(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.paragraph(SENTENCE)
        report.set_y(report.h - 90)
        report.lines("The supervisors of the districts came to the schools for the first time in the", "civil")

    def dated(report: Report) -> None:
        report.set_y(report.h - 90)
        report.lines("The supervisors of the districts came to the schools for the last time in June", "2021.")

    found = " ".join(texts(factories.drawn(pdf, page, dated)))
    assert "time in the civil" in found
    assert "in June 2021." in found
    assert "Page" not in found


def test_two_columns_are_read_one_after_the_other(pdf: Path) -> None:
    found = texts(factories.two_columns(pdf), Shape.PARAGRAPH)
    assert found[-2:] == [factories.PARAGRAPH, factories.LESSON]


def test_a_numbered_item_keeps_its_number_and_a_bullet_is_dropped(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.paragraph("The programme should:")
        report.paragraph("1. Train two teachers in every school.")
        report.paragraph("2. Pay the travel of supervisors.")
        report.set_font("Helvetica", size=11)
        for text in ("Print the readers in the local language.", "Count enrolment each October."):
            report.cell(0, 14, f"\x95 {text}", new_x="LMARGIN", new_y="NEXT")

    assert texts(factories.drawn(pdf, page), Shape.ITEM) == [
        "1. Train two teachers in every school.",
        "2. Pay the travel of supervisors.",
        "Print the readers in the local language.",
        "Count enrolment each October.",
    ]


def test_footnote_marks_are_dropped_from_the_text_and_footnotes_are_kept_apart(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.paragraph(SENTENCE)
        report.marked(("Enrolment of girls rose", "1"), (" in all of the nine districts.", "12"))
        report.footnote("1 Enrolment was counted in October of each year.")

    found = factories.drawn(pdf, page)
    assert any("Enrolment of girls rose in all of the nine districts." in t for t in texts(found, Shape.PARAGRAPH))
    assert texts(found, Shape.FOOTNOTE) == ["Enrolment was counted in October of each year."]
    proven = [s.proven for p in passages(found) for s in p.sentences]
    assert all(proven)


def test_a_paragraph_over_a_page_break_is_one_passage_with_its_last_page(pdf: Path) -> None:
    [across] = [p for p in passages(factories.page_break(pdf)) if "Head teachers" in p.text]
    assert (across.page, across.page_end) == (1, 2)
    assert across.text.endswith(factories.ACROSS_PAGES)
    assert all(sentence.proven for sentence in across.sentences)


def test_the_rows_of_a_ruled_table_carry_the_labels_over_their_cells(pdf: Path) -> None:
    rows = [b for b in read(factories.brief(pdf)).blocks if b.shape is Shape.ROW]
    assert [b.headers for b in rows] == [factories.TABLE[0]] * 2
    assert [p.text for p in passages(pdf) if p.shape is Shape.ROW] == ["Alder | 120 | 2,310", "Birch | 88 | 1,945"]


def test_a_table_goes_on_under_its_header_on_the_next_page(pdf: Path) -> None:
    found = factories.drawn(
        pdf,
        lambda report: report.ruled_table(factories.TABLE),
        lambda report: report.plain_table([("Cedar", "45", "870"), ("Dogwood", "31", "640")]),
    )
    rows = [b for b in read(found).blocks if b.shape is Shape.ROW]
    assert [(b.words[0].page, b.words[0].text) for b in rows] == [
        (1, "Alder"),
        (1, "Birch"),
        (2, "Cedar"),
        (2, "Dogwood"),
    ]
    assert {b.headers for b in rows} == {factories.TABLE[0]}


def test_a_group_label_stands_before_each_label_of_its_group(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.set_font("Times", size=10)
        with report.table(num_heading_rows=2) as table:
            top = table.row()
            top.cell("")
            top.cell("Enrolment", colspan=2)
            for cells in (("", "Girls", "Boys"), ("Alder", "1,210", "1,100"), ("Birch", "945", "1,000")):
                row = table.row()
                for cell in cells:
                    row.cell(cell)

    rows = [b for b in read(factories.drawn(pdf, page)).blocks if b.shape is Shape.ROW]
    assert [b.headers for b in rows] == [("", "Enrolment Girls", "Enrolment Boys")] * 2


def test_a_compound_broken_at_a_line_end_in_a_table_cell_keeps_its_hyphen(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.lines("Unions ran a worker-led campaign in the city.")
        report.ruled_table((("Union", "Members"), ("Alder worker-\nled union", "120"), ("Birch inspec-\ntors", "88")))

    found = [p.text for p in passages(factories.drawn(pdf, page)) if p.shape is Shape.ROW]
    assert found == ["Alder worker-led union | 120", "Birch inspectors | 88"]


def test_a_broken_word_in_a_header_label_is_whole(pdf: Path) -> None:
    def page(report: Report) -> None:
        report.ruled_table((("District", "Super-\nvisors"), ("Alder", "12"), ("Birch", "8")))

    [row, _] = [b for b in read(factories.drawn(pdf, page)).blocks if b.shape is Shape.ROW]
    assert row.headers == ("District", "Supervisors")


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_upright(turn: int, pdf: Path) -> None:
    lines = ("Visits by supervisors changed how", "lessons were planned in the schools.")
    start = {90: (100, 700), 180: (500, 700), 270: (500, 100)}[turn]

    def page(report: Report) -> None:
        report.set_font("Times", size=11)
        for number, text in enumerate(lines):
            down = 14 * number
            x, y = start[0] + {90: down, 180: 0, 270: -down}[turn], start[1] - (down if turn == 180 else 0)
            with report.rotation(turn, x, y):
                report.text(x, y, text)

    writer = PdfWriter(factories.drawn(pdf, page))
    writer.pages[0].rotate(turn)
    writer.write(pdf)
    found = read(pdf)
    [block] = [b for b in found.blocks if b.words[0].text == "Visits"]
    assert " ".join(w.text for w in block.words) == " ".join(lines)
    shown = found.pages[0]
    assert (shown.width > shown.height) is (turn != 180)
    assert all(0 <= w.x0 < w.x1 <= shown.width and 0 <= w.top < w.bottom <= shown.height for w in block.words)
    assert block.words[0].top < block.words[-1].top
    assert block.words[0].x0 < block.words[1].x0


def test_a_page_has_the_label_that_is_printed_on_it(pdf: Path) -> None:
    report = Report()
    report.add_page(label_style="r")
    report.paragraph(SENTENCE)
    report.add_page(label_style="D", label_start=1)
    report.paragraph(SENTENCE)
    report.output(str(pdf))
    assert [page.label for page in read(pdf).pages] == ["i", "1"]


def test_words_lie_where_the_page_shows_them(pdf: Path) -> None:
    [row, *_] = [b for b in read(factories.brief(pdf)).blocks if b.shape is Shape.ROW]
    assert row.words[0].x0 < row.words[1].x0 < row.words[2].x0
    crop = PdfWriter(PdfReader(pdf))
    crop.pages[0].cropbox.lower_left = (20, 30)
    crop.pages[0].cropbox.upper_right = (575, 800)
    crop.write(pdf)
    [moved, *_] = [b for b in read(pdf).blocks if b.shape is Shape.ROW]
    assert moved.words[0].x0 == pytest.approx(row.words[0].x0 - 20, abs=0.1)
    assert moved.words[0].top == pytest.approx(row.words[0].top - (841.89 - 800), abs=0.1)


def test_the_child_process_reads_what_this_process_reads(pdf: Path) -> None:
    there, here = read_in_a_child(factories.brief(pdf), Limits()), read(pdf)
    assert there.blocks == here.blocks
    assert there.pages == here.pages
    assert there.properties["Title"] == factories.TITLE


def test_letters_are_cleaned_of_ligatures_and_what_cannot_be_seen() -> None:
    assert clean("o\ufb03ce\u00ad\u202e\x02") == "office"
