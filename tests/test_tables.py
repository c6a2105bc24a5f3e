"""Drawn lines become a grid, words fall into its cells, and each row reads on its own."""

from __future__ import annotations

from readings import box, printed, word

from assistant.reading.pdf import Glyphs, Rule
from assistant.reading.rows import Header, Row, rows_of
from assistant.reading.tables import Table, find_tables

LEFT, TOP, WIDTH, HEIGHT = 60.0, 100.0, 120.0, 20.0


def grid(*rows: tuple[str, ...], top: float = TOP, bold: int = 0) -> tuple[list[Rule], list[Glyphs]]:
    """The lines and words of a table, its first rows in bold."""
    rules, glyphs = [], []
    for number, cells in enumerate(rows):
        for column, text in enumerate(cells):
            x, y = LEFT + WIDTH * column, top + HEIGHT * number
            rules += box(x, y, x + WIDTH, y + HEIGHT)
            glyphs += [word(g.text, g.x0, g.top, bold=number < bold) for g in printed(text, x + 4, y + 5)]
    return rules, glyphs


def only(rules: list[Rule], glyphs: list[Glyphs]) -> Table:
    [table] = find_tables(rules, glyphs)
    return table


def read(table: Table, before: Header | None = None) -> tuple[list[list[str]], list[list[str]], Header | None]:
    """The cells of each row, the labels of each, and the header for what follows."""
    rows, header = rows_of(table, 1, before)

    def said(row: Row, labels: bool) -> list[str]:
        return [" ".join(g.text for g in cell) for cell in (row.headers if labels else row.cells)]

    return [said(row, False) for row in rows], [said(row, True) for row in rows], header


def test_each_word_is_in_the_cell_that_is_drawn_around_it() -> None:
    rules, glyphs = grid(("District", "Schools"), ("Alder North", "120"))
    outside = word("Below", 60, 300)
    table = only(rules, [*glyphs, outside])
    assert [[" ".join(g.text for g in cell.glyphs) for cell in row] for row in table.rows] == [
        ["District", "Schools"],
        ["Alder North", "120"],
    ]
    assert all(table.covers(g) for g in glyphs)
    assert not table.covers(outside)


def test_a_box_around_text_and_a_line_under_it_are_no_tables() -> None:
    assert find_tables(box(60, 100, 500, 200), printed("A box with a lesson in it", 70, 120)) == []
    assert find_tables([Rule(60, 100, 500, 101)], printed("A heading", 60, 85)) == []
    assert find_tables([], []) == []


def test_two_tables_on_a_page_are_two() -> None:
    first, second = grid(("a", "b"), ("c", "d")), grid(("e", "f"), ("g", "h"), top=400)
    assert len(find_tables(first[0] + second[0], first[1] + second[1])) == 2


def test_a_bold_first_row_gives_the_labels_of_the_rows_below() -> None:
    rows, labels, _ = read(only(*grid(("Outcome", "Rating"), ("Rights are used", "High"), ("Equity", "Low"), bold=1)))
    assert rows == [["Rights are used", "High"], ["Equity", "Low"]]
    assert labels == [["Outcome", "Rating"]] * 2


def test_a_first_row_of_words_over_numbers_gives_labels_and_one_with_numbers_does_not() -> None:
    rows, labels, _ = read(only(*grid(("District", "Schools"), ("Alder", "120"), ("Birch", "88"))))
    assert len(rows) == 2
    assert labels[0] == ["District", "Schools"]
    rows, labels, header = read(only(*grid(("Alder", "120"), ("Birch", "88"))))
    assert len(rows) == 2
    assert labels[0] == ["", ""]
    assert header is None


def test_a_table_with_the_same_columns_goes_on_under_the_header_before_it_and_another_does_not() -> None:
    _, _, header = read(only(*grid(("District", "Schools"), ("Alder", "120"))))
    _, labels, after = read(only(*grid(("Cedar", "45"), ("Dogwood", "31"))), header)
    assert labels == [["District", "Schools"]] * 2
    assert after == header
    _, labels, _ = read(only(*grid(("Cedar", "45", "870"), ("Dogwood", "31", "640"))), header)
    assert labels == [["", "", ""]] * 2


def merged(*, spanning: bool) -> tuple[list[Rule], list[Glyphs]]:
    """A label over two columns; the first column's label in its second row, or reaching over both rows."""
    rules = box(LEFT + WIDTH, TOP, LEFT + 3 * WIDTH, TOP + HEIGHT)
    rules += box(LEFT, TOP, LEFT + WIDTH, TOP + (2 if spanning else 1) * HEIGHT)
    glyphs = [word("Enrolment", LEFT + WIDTH + 4, TOP + 5, bold=True)]
    second = ("", "Girls", "Boys")
    for column, text in enumerate(second):
        x = LEFT + WIDTH * column
        if column or not spanning:
            rules += box(x, TOP + HEIGHT, x + WIDTH, TOP + 2 * HEIGHT)
        if text:
            glyphs.append(word(text, x + 4, TOP + HEIGHT + 5, bold=True))
    if spanning:
        glyphs.append(word("District", LEFT + 4, TOP + 15, bold=True))
    body_rules, body = grid(("Alder", "1,210", "1,100"), ("Birch", "945", "1,000"), top=TOP + 2 * HEIGHT)
    return rules + body_rules, glyphs + body


def test_a_label_over_several_columns_stands_before_each_of_theirs() -> None:
    rows, labels, _ = read(only(*merged(spanning=False)))
    assert rows == [["Alder", "1,210", "1,100"], ["Birch", "945", "1,000"]]
    assert labels == [["", "Enrolment Girls", "Enrolment Boys"]] * 2


def test_a_label_that_reaches_over_both_header_rows_is_said_once() -> None:
    rows, labels, _ = read(only(*merged(spanning=True)))
    assert rows == [["Alder", "1,210", "1,100"], ["Birch", "945", "1,000"]]
    assert labels == [["District", "Enrolment Girls", "Enrolment Boys"]] * 2


def test_every_word_of_a_table_is_in_one_cell_or_label() -> None:
    rules, glyphs = grid(("District", "Schools"), ("Alder North", "120"), ("Birch", "88 of 90"))
    rows, header = rows_of(only(rules, glyphs), 1, None)
    assert header
    said = [g for label in header.labels for g in label] + [g for row in rows for cell in row.cells for g in cell]
    assert sorted(said, key=id) == sorted(glyphs, key=id)
