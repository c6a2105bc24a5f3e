"""Where a sentence ends and the next begins."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understanding.sentences import LONGEST, split


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Costs fell.", "Enrolment rose!", "Why did it rise?", "Nobody asked."],
        ["Visits were paid by Dr. Alder, e.g. in U.S. schools vs. those of Mr. Birch."],
        ["See Fig. 3 and pp. 12 to 14.", "J. K. Alder agrees."],
        ["1. Train two teachers.", "2. Pay their travel."],
        ["(a) Train two teachers in every school.", "Then pay them."],
        ["\u201cThe readers never came.\u201d", "\u201cWe wrote them ourselves.\u201d"],
        ["He said \u201cwe wrote them.\u201d", "Then he left."],
        ["\u00bfQu\u00e9 cambi\u00f3?", "\u00a1Todo!", "\u00c9sa fue la respuesta."],
        ["Enrolment rose by 3.5 percent to 1,200 girls.", "It fell in 2021."],
        ["The visits went on\u2026", "Then they stopped."],
        ["one sentence without an end"],
        ["It rose (see www.example.org for more.)", "It fell."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


def test_a_run_of_clauses_is_cut_at_its_semicolons() -> None:
    clause = "the teachers of the district asked for readers in the language of the children and got none"
    text = "; ".join([clause] * 8) + "."
    pieces = cut(text)
    assert len(pieces) > 1
    assert all(piece.endswith((";", ".")) and len(piece.split()) <= LONGEST for piece in pieces)
    assert " ".join(pieces) == text


def test_no_text_has_no_sentences() -> None:
    assert split("") == split(" \n ") == []


texts = st.lists(
    st.one_of(
        st.sampled_from(
            [". ", "? ", "; ", ".\u201d ", " (", "1. ", "Dr. ", "\u00bfY ", "\u2026 ", "\n", " \u2022 ", "U.S. "]
        ),
        st.text(max_size=12),
        st.from_regex(r"[A-Z]?[a-z]{1,8} ", fullmatch=True),
    ),
    max_size=60,
).map("".join)


@given(texts)
@settings(max_examples=300, deadline=None)
def test_sentences_stand_in_order_apart_and_hold_all_that_is_printed(text: str) -> None:
    spans = split(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop <= len(text)
        assert text[start:stop].strip()
        assert not text[end:start].strip()
        end = stop
    assert not text[end:].strip()


@given(st.text(alphabet="ab ;", max_size=1500))
@settings(max_examples=50, deadline=None)
def test_cutting_at_semicolons_loses_nothing(text: str) -> None:
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
