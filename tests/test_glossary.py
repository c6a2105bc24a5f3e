"""What acronyms stand for is taken from lists and from the text, quoted, and said to differ where documents differ."""

from __future__ import annotations

from pathlib import Path

import pytest
import shelf

from assistant.answering import acronyms
from assistant.indexing.library import Library
from assistant.records import Passage
from assistant.understanding.glossary import Definition, Glossary, definitions_of


def defined(text: str, section: str = "Findings") -> list[tuple[str, str]]:
    passage = Passage("1", "a.pdf", 1, 1, text, section)
    found = definitions_of(passage)
    assert all(each.acronym in text[each.start : each.end] for each in found)
    return [(each.acronym, each.expansion) for each in found]


@pytest.mark.parametrize(
    ("text", "acronym", "name"),
    [
        ("The Coastal Schools Authority (CSA) paid.", "CSA", "Coastal Schools Authority"),
        ("It used focus group discussions (FGDs) there.", "FGD", "focus group discussions"),
        ("In 2020 personal protective equipment (PPE) came.", "PPE", "personal protective equipment"),
        ("Paid by the Ministry of Labour and Welfare (MTPS).", "MTPS", "Ministry of Labour and Welfare"),
        ("The MEC (Ministério da Educação e Cultura) agreed.", "MEC", "Ministério da Educação e Cultura"),
        ("Inspectors met the Bureau of International Affairs (IA).", "IA", "Bureau of International Affairs"),
        ("Stronger Schools for Every Child on the Coast (SC2 project) | Trained.", "SC2",
         "Stronger Schools for Every Child on the Coast"),
        ("Visits by the National Inspectorate (NI), the Teachers Union of Alder (TUA) helped.", "TUA",
         "Teachers Union of Alder"),
    ],
)  # fmt: skip
def test_a_name_before_or_behind_its_acronym_defines_it(text: str, acronym: str, name: str) -> None:
    assert (acronym, name) in defined(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wages rose in three districts (CSA).",
        "As Maria Lopez (CSA) said, wages rose.",
        "Wages rose (see Annex B), as in Alder (2019).",
        "Centres were opened in Alder, Birch and Cedar (ABC, CSA and MEC).",
    ],
)
def test_other_things_in_brackets_define_nothing(text: str) -> None:
    assert defined(text) == []


def test_a_list_of_acronyms_is_believed_as_it_stands() -> None:
    section = "Opening > List of acronyms"
    assert defined("SIGMA | National System of Conciliation", section) == [("SIGMA", "National System of Conciliation")]
    assert defined("CSA | Coastal Schools Authority | FGD | Focus group discussion", section) == [
        ("CSA", "Coastal Schools Authority"),
        ("FGD", "Focus group discussion"),
    ]
    assert defined("CSA  Coastal Schools Authority\nFGD: Focus group discussion", section) == [
        ("CSA", "Coastal Schools Authority"),
        ("FGD", "Focus group discussion"),
    ]
    assert defined("SIGMA | National System of Conciliation") == []


def definition(acronym: str, expansion: str, document: str = "a.pdf") -> Definition:
    return Definition(acronym, expansion, document, 1, "1", 0, 1)


def test_expansions_that_differ_stand_side_by_side_and_those_that_say_the_same_together() -> None:
    glossary = Glossary(
        [
            definition("LCR", "Labour Conciliation Registry"),
            definition("LCR", "labor conciliation registries", "b.pdf"),
            definition("LCR", "Law on Child Rights", "c.pdf"),
        ]
    )
    assert [[each.document for each in group] for group in glossary.expansions("lcr")] == [
        ["a.pdf", "b.pdf"],
        ["c.pdf"],
    ]
    assert glossary.expansions("XYZ") == []
    assert [each.acronym for each in glossary.acronyms("the Law on Child Rights")] == ["LCR"]


def test_an_acronym_and_its_name_are_the_same_name() -> None:
    glossary = Glossary([definition("MEC", "Ministry of Education (Ministério da Educação)")])
    assert glossary.same("MEC", "Ministry of Education")
    assert glossary.same("Ministerio da Educacao", "mec")
    assert glossary.same("Ministry of Education", "Ministério da Educação")
    assert glossary.same("Alder", "ALDER")
    assert not glossary.same("MEC", "Ministry of Labour")
    assert not glossary.same("Alder", "Birch")
    assert not glossary.same("Columbia", "Columbus")


def test_two_acronyms_that_documents_exchange_are_still_two() -> None:
    glossary = Glossary(
        [
            *(definition(acronym, "National Registry of Visits", "a.pdf") for acronym in ("NR1", "NR2")),
            definition("NR1", "Northern Roads", "b.pdf"),
        ]
    )
    assert not glossary.same("NR1", "NR2")
    assert glossary.same("NR1", "Northern Roads")
    assert glossary.same("NR1", "National Registry of Visits")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("index")
    first = shelf.record("The Coastal Schools Authority (CSA) paid for readers.", "It is late.", title="First")
    again = shelf.record("Visits of the Coastal Schools Authority (CSA) stopped.", title="Second")
    other = shelf.record("The Council of School Agencies (CSA) met twice.", title="Third")
    shelf.shelve(folder, [("1.pdf", first), ("2.pdf", again), ("3.pdf", other)])
    return Library.open(folder, "word-hash")


@pytest.mark.parametrize("question", ["What does CSA stand for?", "csa meaning", "what is the full name of the CSA"])
def test_each_expansion_is_quoted_and_that_they_differ_is_said(library: Library, question: str) -> None:
    answer = acronyms.answer(library, question)
    assert answer is not None
    assert "2 different ways" in answer.markdown
    assert [(each.number, each.document, each.quote) for each in answer.citations] == [
        (1, "1.pdf", "The Coastal Schools Authority (CSA) paid for readers."),
        (2, "3.pdf", "The Council of School Agencies (CSA) met twice."),
    ]
    assert [place.document for place in answer.citations[0].also_in] == ["2.pdf"]


def test_only_the_chosen_documents_are_asked(library: Library) -> None:
    answer = acronyms.answer(library, "What does CSA stand for?", ["3.pdf"])
    assert answer is not None
    assert [each.document for each in answer.citations] == ["3.pdf"]
    assert "different" not in answer.markdown


def test_the_acronym_of_a_name_can_be_asked_for(library: Library) -> None:
    answer = acronyms.answer(library, "What is the acronym for the Council of School Agencies?")
    assert answer is not None
    assert [each.document for each in answer.citations] == ["3.pdf"]


@pytest.mark.parametrize(
    "question",
    ["What did the CSA pay for?", "What does the stop of visits mean for the CSA and parents?", "What does XYZ mean?"],
)
def test_other_questions_are_left_to_others(library: Library, question: str) -> None:
    assert acronyms.answer(library, question) is None
