"""Questions that ask for a list get all of it; other questions are left to the quotes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pages
import pytest
import registered
import shelf

from assistant.answering import listing, ordinals
from assistant.answering.aliases import Aliases
from assistant.answering.asked import asked
from assistant.answering.listed import UNSTOPPED, Listing
from assistant.indexing.library import Library
from assistant.records import Finding, Kind, Mode
from assistant.retrieval.hybrid import Scope

FINDING = Finding("a", "a.pdf", 1, 1, Kind.LESSON, "", "", "Text.")
ALIASES = Aliases.of([("Works", "Ministry of Works"), ("Donors", "donors")])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return registered.library(tmp_path_factory.mktemp("listing"))


def answer(library: Library, question: str) -> Listing | None:
    return listing.answer(library, question, ALIASES, Scope())


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("List all recommendations to donors", ["3. Pay for spare parts for three more years."]),
        ("Which recommendations are addressed to the Ministry of Works?", 2),
        ("What are the lessons learned in the school meals review?", ["1. Meals bring children to school."]),
        ("How many recommendations does the evaluation of rural wells make?", 3),
        ("Give me every lesson", 3),
        ("main lessons?", 3),
        ("What was learned?", 3),
        ("What are the most important recommendations to donors?", ["3. Pay for spare parts for three more years."]),
        ("¿Qué lecciones se aprendieron?", 3),
        ("¿Cuáles son las principales recomendaciones?", 3),
        ("What lessons are there for each criterion?", 3),
        ("List all lessons about training", ["2. Training has to start before the first pump."]),
        ("List all the kitchens that took part", ["North kitchen, since 2020.", "South kitchen, since 2021."]),
    ],
)
def test_a_list_is_complete_and_every_item_is_cited(library: Library, question: str, quotes: list[str] | int) -> None:
    made = answer(library, question)
    assert made is not None
    cited = [citation.quote for citation in made.extract.citations]
    assert (cited if isinstance(quotes, list) else len(cited)) == quotes
    assert made.extract.mode is Mode.LISTING
    assert all(f"[{citation.number}]" in made.extract.markdown for citation in made.extract.citations)


@pytest.mark.parametrize(
    "question",
    [
        "Why do wells last?",
        "Did all villages take part?",
        "Which pump was recommended for sandy soil?",
        "List all recommendations about whales",
        "How many pumps were broken?",
        "What happened to all the mechanics?",
        "What lessons on sustainability were learned?",
    ],
)
def test_other_questions_are_left_to_the_quotes(library: Library, question: str) -> None:
    assert answer(library, question) is None


def test_a_listing_ends_with_what_it_covers(library: Library) -> None:
    made = answer(library, "List all recommendations")
    assert made is not None
    assert made.extract.markdown.endswith(
        "3 recommendations in 1 of 3 documents; none labelled in Coastal Road Study, School Meals Review."
    )
    assert (made.coverage.entries, made.coverage.with_entries, made.coverage.documents_searched) == (3, 1, 3)


def test_what_is_printed_in_other_documents_too_is_counted_in_those_searched_alone(tmp_path: Path) -> None:
    again = ("copy.pdf", registered.record(registered.WATER, "Evaluation of Rural Wells: Brief"))
    shelf.shelve(tmp_path, [*registered.MEMBERS, again])
    both = Library.open(tmp_path, shelf.EMBEDDER.fingerprint)
    made = listing.answer(both, "List all recommendations", ALIASES, Scope(documents=("water.pdf",)))
    assert made is not None
    assert made.extract.markdown.endswith("3 recommendations in 1 of 1 document.")
    assert {place.document for place in made.extract.citations[0].also_in} == {"copy.pdf"}


def test_what_is_asked_for_stands_before_the_preposition(library: Library) -> None:
    assert asked("What are all the obstacles to the intended outcomes?", library.documents).kinds == ()
    assert asked("List the lessons and good practices", library.documents).kinds == (Kind.LESSON, Kind.GOOD_PRACTICE)
    assert asked("all outcomes of Domain 2", library.documents).parts == ("domain 2",)


def test_the_findings_of_a_part_that_no_heading_tells_are_not_all_findings(library: Library) -> None:
    assert listing.answer(library, "List all recommendations", ALIASES, Scope()) is not None
    assert listing.answer(library, "List all recommendations of phase 7", ALIASES, Scope()) is None


def test_what_came_out_of_a_programme_are_its_outcomes(library: Library) -> None:
    assert asked("What came out of the programme?", library.documents).kinds == (Kind.OUTCOME,)


def test_a_heading_is_set_apart_from_the_text_below_it() -> None:
    assert UNSTOPPED.sub(" — ", "Lesson 2: Begin early\nTrain first.") == "Lesson 2: Begin early — Train first."
    assert UNSTOPPED.sub(" — ", "Begin early.\nTrain first.") == "Begin early.\nTrain first."


def test_nobody_is_said_to_be_addressed_who_is_not(library: Library) -> None:
    made = listing.answer(library, "Which recommendations are addressed to the World Bank?", ALIASES, Scope())
    assert made is not None
    assert made.extract.refused
    assert not made.extract.citations
    assert made.extract.markdown == (
        "No such recommendations are labelled in the 3 documents searched. Others are in Evaluation of Rural Wells."
    )


def test_a_topic_narrows_a_list_to_what_says_its_word_and_the_list_tells_so(tmp_path: Path) -> None:
    lessons = pages.reading(
        (registered.H, "LESSONS LEARNED"),
        (registered.ITEM, "1. Sustainability needs a fund for repairs."),
        (registered.ITEM, "2. Training has to start before the first pump."),
    )
    shelf.shelve(tmp_path, [("water.pdf", registered.record(lessons, "Evaluation of Rural Wells"))])
    made = answer(Library.open(tmp_path, shelf.EMBEDDER.fingerprint), "List all lessons on sustainability")
    assert made is not None
    assert [each.quote for each in made.extract.citations] == ["1. Sustainability needs a fund for repairs."]
    assert made.extract.markdown.endswith("Only those that say “sustainability” are listed.")


def test_an_addressee_is_known_by_what_its_acronym_stands_for(tmp_path: Path) -> None:
    advice = pages.reading(
        (registered.H, "BACKGROUND"),
        (registered.P, "The project was run by the River Centre (RC) and by schools."),
        (registered.H, "RECOMMENDATIONS FOR RC AND PARTNERS"),
        (registered.ITEM, "1. Plan the repairs of the pumps together."),
        (registered.H, "RECOMMENDATIONS FOR THE GOVERNMENT"),
        (registered.ITEM, "1. Pay for the repairs of the pumps."),
    )
    shelf.shelve(tmp_path, [("water.pdf", registered.record(advice, "Evaluation of Rural Wells"))])
    library = Library.open(tmp_path, shelf.EMBEDDER.fingerprint)
    made = answer(library, "List all recommendations made to the River Centre and its partners")
    assert made is not None
    assert [each.quote for each in made.extract.citations] == ["1. Plan the repairs of the pumps together."]


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("What is recommendation 2?", ["2. Train two mechanics in each district."]),
        ("Recommendation no. 3", ["3. Pay for spare parts for three more years."]),
        ("Who is recommendation 3 for?", ["3. Pay for spare parts for three more years."]),
        (
            "What do recommendations 2 and 3 say?",
            ["2. Train two mechanics in each district.", "3. Pay for spare parts for three more years."],
        ),
        ("What is the first recommendation to donors?", ["3. Pay for spare parts for three more years."]),
        ("What is the 2nd recommendation to the Ministry of Works?", ["2. Train two mechanics in each district."]),
        ("Show me the last recommendation", ["3. Pay for spare parts for three more years."]),
        ("What does the second lesson say?", ["2. Training has to start before the first pump."]),
        (
            "What is the first lesson?",
            ["1. Meals bring children to school.", "1. Wells last where villages own them."],
        ),
        (
            "What are the first two recommendations?",
            ["1. Repair every broken pump before the dry season.", "2. Train two mechanics in each district."],
        ),
        ("What do recommendations 1 to 3 of the evaluation of rural wells say?", 3),
        ("What are recommendations 1, 2, and 3?", 3),
        ("Show me recommendations #1 and #2", 2),
        ("What do lessons learned 1 and 2 say?", 3),
        ("To whom is recommendation 3 addressed?", 1),
    ],
)
def test_of_a_list_those_are_given_that_a_place_or_a_number_names(
    library: Library, question: str, quotes: list[str] | int
) -> None:
    made = answer(library, question)
    assert made is not None
    cited = [citation.quote for citation in made.extract.citations]
    assert (cited if isinstance(quotes, list) else len(cited)) == quotes
    assert "Of each list only " in made.extract.markdown


def test_a_number_that_no_list_has_is_told_with_the_last_there_is(library: Library) -> None:
    made = answer(library, "What is recommendation 9?")
    assert made is not None
    assert made.extract.mode is Mode.REFUSAL
    assert made.extract.markdown.endswith("The longest list ends with number 3.")


@pytest.mark.parametrize(
    "question",
    ["Why was recommendation 2 rejected?", "Was the second lesson learned?", "How did recommendation 3 fare?"],
)
def test_what_else_is_asked_of_one_of_a_list_is_left_to_the_quotes(library: Library, question: str) -> None:
    assert answer(library, question) is None


def test_numbers_that_no_list_has_are_told_beside_those_there_are(library: Library) -> None:
    made = answer(library, "What are recommendations 3 and 40?")
    assert made is not None
    assert made.extract.markdown.endswith("Of each list only number 3 is given. No list has number 40.")


def test_the_second_is_number_two_where_a_number_was_misread() -> None:
    read = [replace(FINDING, id=number, number=number) for number in ("1", "9", "10")]
    second = ordinals.named("the second lesson")
    assert second
    assert ordinals.chosen(read, read, second) == []
    assert not ordinals.is_beyond(read, read, second)
    assert ordinals.chosen(read, read[1:], second) == read[2:]


def test_a_list_read_across_columns_is_in_the_order_of_its_numbers() -> None:
    def entry(number: str, section: str = "Lessons") -> Finding:
        return replace(FINDING, id=number + section, number=number, section=section)

    across = [entry("1"), entry("3"), entry("2"), entry("4b*")]
    after = [entry("1", "Other"), entry("", "Third > A"), entry("", "Third > B"), entry("", "Fourth")]
    third = ordinals.named("What does the third lesson say?")
    last = ordinals.named("the last lesson?")
    assert third
    assert last
    assert [each.number for each in ordinals.chosen([*across, *after], [*across, *after], third)] == ["3"]
    told = [(each.number, each.section) for each in ordinals.chosen([*across, *after], [*across, *after], last)]
    assert told == [("4b*", "Lessons"), ("1", "Other"), ("", "Third > B"), ("", "Fourth")]


def test_a_recommendation_tells_for_whom_it_is(library: Library) -> None:
    made = answer(library, "What is recommendation 3?")
    assert made is not None
    assert "three more years. (for DONORS) [1]" in made.extract.markdown
