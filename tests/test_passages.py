"""Blocks become passages of a quotable length that hold every word and know where each stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import factories
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import block, passages, read, reading

from assistant.records import Block, Kind, Passage, Reading, Shape
from assistant.understanding.passages import LONG, SHORT, SPOKEN_HEADING, passages_of, plain_text
from assistant.understanding.proof import CELL_BREAK

SENTENCE = "Visits by supervisors changed how lessons were planned in nine districts."


def text_of(count: int) -> str:
    """So many sentences of eleven words, each another."""
    return " ".join(f"{SENTENCE[:-1]} {number}." for number in range(count))


def made(*blocks: Block) -> list[Passage]:
    return passages_of(reading(*blocks))


def words_of_blocks(document: Reading) -> list[str]:
    """What passages must hold: all but contents lists and headings that only name a section."""
    kept = [
        b
        for b in document.blocks
        if b.shape is not Shape.CONTENTS and (b.shape is not Shape.HEADING or len(b.words) >= SPOKEN_HEADING)
    ]
    return "".join(plain_text(b.words) + " " for b in kept).split()


def words_of_passages(found: list[Passage]) -> list[str]:
    return " ".join(p.text.replace(CELL_BREAK, " ") if p.shape is Shape.ROW else p.text for p in found).split()


def test_a_long_paragraph_is_cut_at_sentences_into_pieces_of_a_quotable_length() -> None:
    found = made(block(text_of(30)))
    assert len(found) > 2
    assert all(SHORT <= len(p.text.split()) <= LONG for p in found)
    assert all(p.text.endswith(".") and p.text.startswith("Visits") for p in found)


def test_small_neighbours_under_one_heading_are_read_together_and_never_across_a_heading() -> None:
    found = made(
        block("Findings", Shape.HEADING, level=1),
        block(text_of(1)),
        block(text_of(2)),
        block("Lessons learned", Shape.HEADING, level=1),
        block(text_of(1)),
    )
    assert [len(p.text.split()) for p in found] == [36, 12]
    assert [p.section for p in found] == ["Findings", "Lessons learned"]
    assert [p.kind for p in found] == [Kind.KEY_FINDING, Kind.LESSON]


def test_a_lead_in_stays_with_its_items_and_is_context_of_those_that_stand_apart() -> None:
    found = made(block("The programme should:"), *[block(text_of(4), Shape.ITEM, level=1) for _ in range(3)])
    assert found[0].text.startswith("The programme should:\nVisits")
    assert found[0].context == ""
    assert {p.context for p in found[1:]} == {"The programme should:"}


def test_a_heading_that_says_something_can_be_quoted_and_a_short_one_names_the_section() -> None:
    spoken = "Training one teacher per school proved fragile"
    found = made(block("Lessons", Shape.HEADING, level=1), block(spoken, Shape.HEADING, level=2), block(text_of(2)))
    assert found[0].text.startswith(spoken)
    assert found[0].section == f"Lessons > {spoken}"


def test_the_words_of_a_spoken_heading_above_a_caption_are_kept() -> None:
    document = reading(
        block("Training one teacher per school proved fragile", Shape.HEADING, level=1),
        block("Figure 3. Teachers who left", Shape.CAPTION),
        block(text_of(2)),
    )
    assert words_of_passages(passages_of(document)) == words_of_blocks(document)


def test_the_text_under_a_heading_that_speaks_of_contents_is_kept_and_a_list_of_contents_is_not() -> None:
    heading = block("Contents of the training", Shape.HEADING, level=1)
    kept = made(heading, block("The training covered safety, wages and law."))
    assert [p.text for p in kept] == ["The training covered safety, wages and law."]
    listed = made(heading, block("Findings 12"), block("Annex A xiv"), block("Lessons.....14"))
    assert listed == []


def test_a_row_is_one_sentence_with_its_labels_and_caption_in_the_context() -> None:
    found = made(
        block("Table 2. Ratings", Shape.CAPTION),
        block("Rights used High", Shape.ROW, cells=(2, 1), headers=("Outcome", "Rating")),
    )
    assert [(p.text, p.context) for p in found] == [
        ("Table 2. Ratings", ""),
        ("Rights used | High", "Table 2. Ratings \u2014 Outcome | Rating"),
    ]
    assert len(found[1].sentences) == 1


def test_what_holds_no_letter_or_digit_is_no_passage() -> None:
    assert made(block("\u2022 \u2014 \u2026")) == []
    assert passages_of(Reading((), ())) == []


def test_a_sentence_whose_letters_are_not_in_the_raw_text_of_its_page_is_not_proven() -> None:
    [passage] = passages_of(
        reading(block(f"{SENTENCE} Costs fell by 90% in 2019."), raw=[f"{SENTENCE} Costs fell by 9%."])
    )
    assert [s.proven for s in passage.sentences] == [True, False]


@pytest.mark.parametrize(
    "make", [factories.brief, factories.two_columns, factories.line_end_hyphen, factories.page_break]
)
def test_passages_hold_the_words_of_their_document_and_know_where_each_stands(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    document = read(make(tmp_path / "report.pdf"))
    found = passages_of(document)
    assert words_of_passages(found) == words_of_blocks(document)
    for passage in found:
        spans_fit(passage)
        assert all(s.proven for s in passage.sentences)


def spans_fit(passage: Passage) -> None:
    """Each span is a word of the text, in order; nothing printed lies outside of them or of the sentences."""
    end = 0
    for span in passage.spans:
        assert passage.text[end : span.start].strip(" |\n") == ""
        assert passage.text[span.start : span.end].strip()
        assert len(passage.text[span.start : span.end].split()) == 1
        assert passage.page <= span.page <= passage.page_end
        end = span.end
    assert end == len(passage.text)
    for first, second in zip(passage.sentences, passage.sentences[1:], strict=False):
        assert first.end <= second.start
        assert not passage.text[first.end : second.start].strip()
    assert passage.sentences[0].start == 0
    assert passage.sentences[-1].end == len(passage.text)


blocks = st.lists(
    st.one_of(
        st.builds(
            block,
            st.lists(
                st.sampled_from(["Visits", "by", "3.5", "districts.", "schools;", "Dr.", "why?", "to:", "(a)"]),
                min_size=1,
                max_size=150,
            ).map(" ".join),
            st.sampled_from([Shape.PARAGRAPH, Shape.ITEM, Shape.CAPTION, Shape.PARAGRAPH]),
        ),
        st.builds(
            block,
            st.sampled_from(["Findings", "Lessons", "Training one teacher per school proved fragile"]),
            st.just(Shape.HEADING),
            level=st.integers(1, 3),
        ),
        st.builds(
            block, st.just("Rights used High"), st.just(Shape.ROW), cells=st.just((2, 1)), headers=st.just(("", ""))
        ),
    ),
    max_size=12,
)


@given(blocks)
@settings(max_examples=100, deadline=None)
def test_no_passage_loses_a_word_whatever_the_blocks(given_blocks: list[Block]) -> None:
    document = reading(*given_blocks)
    found = passages_of(document)
    # A heading above a table is read with the text that follows the table.
    assert sorted(words_of_passages(found)) == sorted(words_of_blocks(document))
    if not any(b.shape is Shape.ROW for b in given_blocks):
        assert words_of_passages(found) == words_of_blocks(document)
    for number, passage in enumerate(found):
        assert passage.id == str(number)
        spans_fit(passage)


def test_a_passage_over_a_page_break_names_both_pages(tmp_path: Path) -> None:
    [across] = [p for p in passages(factories.page_break(tmp_path / "r.pdf")) if p.page != p.page_end]
    assert {span.page for span in across.spans} == {1, 2}
