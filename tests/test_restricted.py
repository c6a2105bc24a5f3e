"""What readers learn of restricted documents, and of what others asked: nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import factories
import odd_files
import pytest
from fakes import WordHashEmbedder
from signed_in import people

from assistant.building import build
from assistant.faces.pages.comparing import page as compare
from assistant.faces.texts import texts
from assistant.faces.web.visitors import Visitor
from assistant.pipeline import Assistant
from assistant.records import Answer, Person, Question, Role
from assistant.settings import Settings
from assistant.staff.conversations import Conversations
from assistant.staff.store import StaffStore

KEPT = "secret/quarry.pdf"
BROKEN = "secret/dismissals.pdf"
QUESTIONS = (
    *("How many pits did the inspectors find?", "What is a QIP?", "What does QIP stand for?", "quarrry inspecshun"),
    *("What was recommended to the ministry?", "List all recommendations", "List all lessons", "How many documents?"),
    *("Which documents speak of pits?", "What do the documents on quarries have in common?", "start over", "hello"),
    *("What did the Evaluation of the Quarry Inspection Pilot find?", "Compare the two evaluations", "unlicenced"),
    *("Is there anything on Quarry Inspection Pilot?", "girls enrolled", "How strong is the evidence?"),
)


def readers_view(folder: Path, *, with_kept: bool) -> Assistant:
    """The library as readers see it, with or without a document that is kept from them."""
    corpus = folder / "corpus"
    factories.brief(corpus / "open.pdf")
    (corpus / "documents.csv").write_text(f"file,access\n{KEPT},curators\n{BROKEN},curators\n", "utf-8")
    if with_kept:
        words = (factories.PARAGRAPH, "The Quarry Inspection Pilot (QIP) found 57 unlicensed pits in the quarries.")
        factories.brief(corpus / KEPT, "Evaluation of the Quarry Inspection Pilot", words)
        shutil.copy(corpus / KEPT, corpus / "secret" / "copy of quarry.pdf")
        odd_files.write(corpus / "secret", "dismissals", b"no PDF")
    settings = Settings(corpus=corpus, index=folder / "index")
    build(settings, embedder=WordHashEmbedder())
    return Assistant(settings, embedder=WordHashEmbedder()).seen_by(Role.READER)


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> list[Assistant]:
    return [readers_view(tmp_path_factory.mktemp("view"), with_kept=kept) for kept in (True, False)]


def test_for_a_reader_a_restricted_document_might_as_well_not_be_there(views: list[Assistant]) -> None:
    assert views[0].documents() == views[1].documents()
    assert views[0].examples(20) == views[1].examples(20)
    assert views[0].register() == views[1].register()
    assert views[0].finding_counts() == views[1].finding_counts()
    assert views[0].families().keys() == views[1].families().keys()
    for question in QUESTIONS:
        kept, without = (told(view.ask(Question(question))) for view in views)
        assert kept == without, question
        found, absent = ({hit.passage for hit in view.search(Question(question), 50).passages} for view in views)
        assert found == absent, question


def told(answer: Answer) -> tuple[Any, ...]:
    """What a reader is told; how near a passage is to the question depends on how rare its words are."""
    passages = sorted(hit.passage.id for hit in answer.passages)
    return answer.answer, answer.understood, answer.mode, answer.citations, passages, answer.coverage


def test_a_comparison_of_a_curator_is_gone_for_who_became_a_reader() -> None:
    as_curator, as_reader = (compare.owner(Visitor(Person("ana", role), texts("en"))) for role in Role)
    assert as_curator != as_reader


def test_whoever_gets_a_name_that_was_removed_does_not_find_what_was_said_under_it(tmp_path: Path) -> None:
    accounts = people(tmp_path).accounts
    kept = Conversations(StaffStore(tmp_path))
    theirs = kept.begin("rita", "Who was dismissed?")
    answer = kept.keep(theirs, {"question": "Who was dismissed?", "generation": 1, "refused": False})
    own = kept.begin("rosa", "Who was hired?")
    kept.keep(own, {"question": "Who was hired?", "generation": 1, "refused": False})
    kept.mark(answer, "rosa", useful=False, comment="a word in private")
    accounts.remove("rosa")
    accounts.add("rosa", Role.READER, "another four good words")
    assert (kept.of("rosa"), kept.answers(own, "rosa"), kept.mark_of(answer, "rosa")) == ((), (), None)
    assert kept.answer(answer) is not None
