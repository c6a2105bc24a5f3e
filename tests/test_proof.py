"""A quote is proven when its letters and digits stand on the page it names, and else refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understanding.proof import appears_on, letters

PAGE = (
    "Girls\u2019 enrolment rose from 61 to 74 percent that year.12 The minis-\ntry could not pay\u00b9 3.5 million USD "
    "for 1,200 teachers3 who were unable to travel; COVID-19 closed 88 schools."
)

# Words that no page below holds by chance inside another: of letters, digits and what stands around them.
words = st.lists(
    st.from_regex(r"[(\u201c]?([a-z]{2,9}|[0-9]{1,4}|[a-z]{2,4}-[a-z]{2,4})[.,;)\u201d%]?", fullmatch=True),
    min_size=6,
    max_size=40,
)


def test_a_quote_that_is_not_on_its_page_is_refused() -> None:
    assert appears_on("costs  fell\nby 9%", "In 2019 costs fell by 9%.")
    assert not appears_on("costs fell by 90%", "In 2019 costs fell by 9%.")


@pytest.mark.parametrize(
    "quote",
    [
        "rose from 61 to 74 percent that year.",
        "The ministry could not pay 3.5 million USD",
        "for 1,200 teachers who were unable to travel",
        "girls' ENROLMENT",
        "74 percent that year. The ministry",
        "COVID-19 closed 88 schools",
    ],
)
def test_a_quote_is_proven_whatever_stands_between_its_letters(quote: str) -> None:
    assert appears_on(quote, PAGE)


@pytest.mark.parametrize(
    "quote",
    [
        "rose from to 74 percent",  # a number left out is no footnote mark
        "rose from 61 to 7",
        "able to travel",
        "pay 3 million USD",
        "for 1 teachers",
        "rose from 61 percent",
        "The ministry could pay 3.5 million USD",
        "closed 8 schools",
    ],
)
def test_a_quote_that_leaves_out_or_cuts_a_word_or_a_number_is_refused(quote: str) -> None:
    assert not appears_on(quote, PAGE)


@pytest.mark.parametrize("quote", ["", "  ", "\u2026", "|", " | ", "\u00b9"])
def test_an_empty_quote_stands_nowhere(quote: str) -> None:
    assert not appears_on(quote, PAGE)
    assert not appears_on(quote, "")


def test_nothing_stands_on_an_empty_page() -> None:
    assert not appears_on("costs fell", "")
    assert not appears_on("costs fell")


@pytest.mark.parametrize(
    "raw", ["every school\u00b9 in", "every school1 in", "every school.12 In", "every school\u201d3 in"]
)
def test_footnote_marks_of_the_page_do_not_count(raw: str) -> None:
    assert appears_on("Two teachers in every school in the south", f"Two teachers in {raw} the south")


def test_a_raised_two_may_be_a_unit_or_a_mark() -> None:
    assert appears_on("120 m2 of floor", "It has 120 m\u00b2 of floor")
    assert appears_on("120 m\u00b2 of floor", "It has 120 m\u00b2 of floor")


def test_a_quote_may_run_over_a_page_break_past_the_furniture() -> None:
    first = "Final evaluation\nParents came to meetings more often than in the\nPage 3"
    second = "Final evaluation\nyear before the programme began.\nPage 4"
    quote = "more often than in the year before the programme began."
    assert appears_on(quote, first, second)
    assert not appears_on(quote, first)
    assert not appears_on(quote, second, first)
    assert not appears_on(quote.replace("year", "decade"), first, second)


def test_the_cells_of_a_row_may_stand_apart_but_each_must_stand() -> None:
    page = "District Schools Girls\nAlder North 120\n2,310"
    assert appears_on("Alder North | 120 | 2,310", page)
    assert not appears_on("Alder North | 121 | 2,310", page)
    assert not appears_on("Alder North | 12 | 2,310", page)


def test_ligatures_and_wide_letters_are_their_letters() -> None:
    assert appears_on("office efficiency", "The o\ufb03ce \uff45\ufb03ciency")
    assert letters("Caf\u00e9 \u2163!") == letters("cafe\u0301 IV")


@given(words, st.data())
@settings(max_examples=80, deadline=None)
def test_any_run_of_words_of_a_page_is_proven(page: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(page) - 1))
    end = data.draw(st.integers(start + 1, len(page)))
    raw = "".join(word + data.draw(st.sampled_from([" ", "\r\n", "  "])) for word in page)
    assert appears_on(" ".join(page[start:end]), raw)


@given(words, st.data())
@settings(max_examples=80, deadline=None)
def test_a_run_with_one_letter_changed_is_refused(page: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(page) - 1))
    changed = data.draw(st.integers(0, len(page[place]) - 1).filter(lambda n: page[place][n].isalnum()))
    letter = "\u00fe" if page[place][changed].isalpha() else "7" if page[place][changed] != "7" else "8"
    word = page[place][:changed] + letter + page[place][changed + 1 :]
    raw = " ".join(page)
    quote = " ".join([*page[:place], word, *page[place + 1 :]])
    assert not appears_on(quote, raw)
    assert not appears_on(raw, quote)


@given(words, st.data())
@settings(max_examples=80, deadline=None)
def test_a_run_with_a_word_left_out_is_refused(page: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(page) - 1))
    first, last = ["\u00feorn"], ["\u00fee"]  # so that the quote begins and ends where the page does
    left_out = [*first, *page[:place], *page[place + 1 :], *last]
    assert not appears_on(" ".join(left_out), " ".join([*first, *page, *last]))
