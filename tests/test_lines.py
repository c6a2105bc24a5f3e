"""Words become lines, and lines are read in the order a reader takes them."""

from __future__ import annotations

from readings import printed, word

from assistant.reading.furniture import without_furniture
from assistant.reading.lines import Line, reading_order, to_lines
from assistant.reading.pdf import Glyphs, Rule


def line(text: str, x: float = 60, top: float = 100) -> Line:
    return Line(tuple(printed(text, x, top)))


def order(lines: list[Line]) -> list[str]:
    return [each.text for each in reading_order(lines)]


def test_words_on_one_height_are_a_line_and_those_below_another() -> None:
    glyphs = [*printed("Enrolment of girls", top=100), *printed("rose in 2019.", top=114)]
    assert [each.text for each in to_lines(glyphs)] == ["Enrolment of girls", "rose in 2019."]


def test_a_wide_gap_parts_columns_not_words() -> None:
    glyphs = [*printed("left column", x=60), *printed("right column", x=310)]
    assert [each.text for each in to_lines(glyphs)] == ["left column", "right column"]


def test_a_line_that_the_file_gives_in_pieces_is_one() -> None:
    first, second, third = printed("one two three")
    assert [each.text for each in to_lines([second, third, first])] == ["one two three"]


def test_marks_are_not_read_and_a_drawn_bullet_is_seen() -> None:
    mark = Glyphs("1", 86, 98, 89, 103, False, False, mark=True)
    [found] = to_lines([word("girls"), mark], dots=[Rule(48, 103, 51, 106)])
    assert found.text == "girls"
    assert found.bullet


def test_columns_are_read_one_after_the_other_below_a_title_and_above_a_foot() -> None:
    title = line("A title that runs over the whole of the page from its left to its right edge and fills it", top=40)
    left = [line("words of the left column here", 60, top) for top in (80, 94, 108)]
    right = [line("words of the right column here", 330, top) for top in (80, 94, 108)]
    foot = line("A closing line that runs over the whole of the page from its left to its right edge too", top=140)
    mixed = [each for pair in zip(right, left, strict=True) for each in pair]
    assert order([foot, *mixed, title]) == [each.text for each in (title, *left, *right, foot)]


def test_three_columns_are_read_from_left_to_right() -> None:
    columns = [
        [line(f"{name} column has words", x, top) for top in (80, 94, 108, 122)]
        for name, x in (("first", 40), ("second", 220), ("third", 400))
    ]
    mixed = [each for row in zip(*columns, strict=True) for each in row]
    assert order(mixed) == [each.text for column in columns for each in column]


def test_a_list_with_its_numbers_set_apart_is_not_taken_for_columns() -> None:
    numbers = [line(f"{n}.", 60, 80 + 14 * n) for n in range(1, 4)]
    texts = [line(f"text {n} of the list", 90, 80 + 14 * n) for n in range(1, 4)]
    assert order([*texts, *numbers]) == [each.text for pair in zip(numbers, texts, strict=True) for each in pair]


def test_nothing_is_lost_or_made_up_by_ordering() -> None:
    lines = [line(f"line {n} here", 60 + 37 * (n * 7 % 11), 80 + 9 * (n * 5 % 13)) for n in range(40)]
    assert sorted(map(id, reading_order(lines))) == sorted(map(id, lines))


def test_what_comes_back_at_the_edge_of_the_pages_furnishes_them() -> None:
    pages = [
        (800.0, [line("Final evaluation", top=30), line(f"body of page {n}", top=300 + n), line(f"Page {n}", top=770)])
        for n in (1, 2, 3)
    ]
    assert [[each.text for each in lines] for lines in without_furniture(pages)] == [
        ["body of page 1"],
        ["body of page 2"],
        ["body of page 3"],
    ]


def test_what_comes_back_in_the_middle_of_the_pages_stays() -> None:
    pages = [(800.0, [line("To ILAB:", top=300)]) for _ in range(4)]
    assert all(len(lines) == 1 for lines in without_furniture(pages))


def test_page_numbers_of_many_looks_are_known_and_words_are_not_taken_for_them() -> None:
    for text in ("7", "- 7 -", "Page 7", "7 of 12", "xiv", "| 7", "P\u00e1gina 7 de 12", "iii", "lx"):
        assert without_furniture([(800.0, [line(text, top=770)])]) == [[]], text
    for text in ("civil", "mild", "2021.", "7 districts", "A", "livid", "vivid"):
        [kept] = without_furniture([(800.0, [line(text, top=770)])])
        assert [each.text for each in kept] == [text]
