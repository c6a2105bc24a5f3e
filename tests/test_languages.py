"""A question in another language is recognised by its small words and searched for by its words alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shelf

from assistant.answering.notices import foreign, of_spelling
from assistant.indexing.library import Library
from assistant.retrieval import by_words
from assistant.retrieval.hybrid import Scope
from assistant.retrieval.spelling import Mended
from assistant.understanding.languages import of_document, of_question

ENGLISH = shelf.record("The Secretaría trained 40 inspectors in Querétaro. Wages rose.", title="Labour inspection")
SPANISH = shelf.record("Los inspectores visitaron las fábricas de Querétaro. Los salarios subieron.", title="Informe")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("index")
    spanish = replace(SPANISH, document=replace(SPANISH.document, language="es"))
    shelf.shelve(folder, [("english.pdf", ENGLISH), ("informe.pdf", spanish)])
    return Library.open(folder, "word-hash")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Cuántas fábricas visitaron?", "es"),
        ("cuales son los resultados para las mujeres", "es"),
        ("Quelles sont les recommandations pour le ministère ?", "fr"),
        ("Quais foram as lições aprendidas com os professores?", "pt"),
        ("Welche Empfehlungen gibt es für die Schulen?", "de"),
        ("Quali sono le raccomandazioni per gli insegnanti?", "it"),
    ],
)
def test_a_question_is_known_by_its_small_words(question: str, language: str) -> None:
    assert of_question(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "lecciones aprendidas",
        "What did the Ministerio de Educación y Cultura do?",
        "Fundación de los Amigos del Lago funding",
        "what does 'la casa de los obreros' mean in the report",
        "do workers feel safer as a result?",
        "number of schools in El Salvador",
        "UNDP",
    ],
)
def test_short_mixed_and_english_questions_with_foreign_names_are_english(question: str) -> None:
    assert of_question(question) == "en"


def test_a_document_with_few_small_words_is_in_no_language() -> None:
    assert of_document("412 98 Alder") == ""
    assert (
        of_document("Die Schulen wurden von den Eltern und mit den Lehrern gebaut, und es gibt sie noch. " * 2) == "de"
    )


def test_a_question_in_another_language_is_told_so(library: Library) -> None:
    language, notice = foreign(library, "¿Cuántos inspectores hay en Querétaro?", ["english.pdf"])
    assert language == "es"
    assert "seems to be in Spanish" in notice
    assert "in English will find more" in notice
    assert "in English will find more" not in foreign(library, "¿Cuántos inspectores hay en Querétaro?", [])[1]


def test_chosen_documents_in_another_language_are_told(library: Library) -> None:
    language, notice = foreign(library, "How many inspectors are there?", ["informe.pdf"])
    assert (language, notice[:26]) == ("en", "The document is in Spanish")
    assert foreign(library, "How many inspectors are there?", []) == ("", "")
    assert foreign(library, "How many inspectors are there?", ["english.pdf", "informe.pdf"]) == ("", "")


def test_words_find_passages_whatever_their_accents_and_small_words_do_not_count(library: Library) -> None:
    [found] = by_words.search(library, "¿Qué fábricas de Queretaro visitaron los inspectores?", "es", 1)
    assert found.passage.document == "informe.pdf"
    assert found.support == 1.0
    assert found.sentences[0] == 1.0 > found.sentences[1]
    [english] = by_words.search(library, "inspectores de la secretaria", "es", 5, Scope(["english.pdf"]))
    assert english.passage.document == "english.pdf"
    assert by_words.search(library, "¿de la y el?", "es", 5) == []


def test_words_searched_for_instead_of_others_are_told_in_one_sentence() -> None:
    found = Mended("", "", (("inspecters", "inspectors"), ("wags", "wages")), (("Aldr", "Alder"),))
    assert of_spelling(found) == [
        "Searched for “inspectors” instead of “inspecters” and “wages” instead of “wags”.",
        "The library has no “Aldr”; did you mean “Alder”?",
    ]
    assert of_spelling(Mended("", "")) == []
