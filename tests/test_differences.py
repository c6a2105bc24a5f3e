"""An answer says where documents disagree, and is silent where two figures only look alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import shelf
from fakes import WordHashEmbedder

from assistant.pipeline import Assistant
from assistant.records import Answer, Question
from assistant.settings import Settings

LATER = "The Coastal Schools programme trained 412 head teachers in Alder and Birch in school planning and accounting."
EARLIER = (
    "The Coastal Schools programme trained 380 head teachers in Alder and Birch in school planning and accounting."
)
QUESTION = "Whom did the Coastal Schools programme train in school planning and accounting?"
OTHERS = ("Parents of younger children came to meetings more often.", "Readers reached small classes late.")


def asked(folder: Path, question: str, first: str, second: str) -> Answer:
    """The answer of a library of a report of May 2025 and a brief of November 2024."""
    made = [
        ("report.pdf", shelf.record(first, *OTHERS, title="Final report"), "2025-05"),
        ("brief.pdf", shelf.record(second, *OTHERS, title="Brief"), "2024-11"),
    ]
    shelf.shelve(folder, [(name, replace(r, document=replace(r.document, date=date))) for name, r, date in made])
    return Assistant(Settings(index=folder, corpus=folder), embedder=WordHashEmbedder()).ask(Question(question))


def test_two_figures_for_one_thing_are_told_with_documents_and_dates_and_both_cited(tmp_path: Path) -> None:
    answer = asked(tmp_path, QUESTION, LATER, EARLIER)
    assert {LATER, EARLIER} <= {c.quote for c in answer.citations}
    line = answer.answer.split("\n\n")[-1]
    assert line.startswith("The documents differ: ")
    assert "412 head teachers (Final report, May 2025, p. 1)" in line
    assert "380 head teachers (Brief, November 2024, p. 1)" in line


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(EARLIER.replace("380", "412"), id="the same figure"),
        pytest.param(EARLIER.replace("380", "about 400"), id="a rounded figure"),
        pytest.param(EARLIER.replace("380", "more than 400"), id="a bound"),
        pytest.param(EARLIER.replace("380", "410"), id="nearly the same"),
        pytest.param(EARLIER.replace("Alder and Birch", "Cedar and Yew"), id="another place"),
        pytest.param(
            EARLIER.replace("head teachers", "female head teachers").replace("in school", "women in school"),
            id="a group",
        ),
        pytest.param(EARLIER.replace("trained", "planned to train"), id="a plan"),
        pytest.param(EARLIER.replace("head teachers", "inspectors"), id="something else counted"),
        pytest.param(EARLIER.replace("380 head teachers", "412 head teachers, 380 of them men,"), id="a part of it"),
    ],
)
def test_figures_that_only_look_alike_are_no_difference(tmp_path: Path, second: str) -> None:
    assert "differ" not in asked(tmp_path, QUESTION, LATER, second).answer


def test_figures_of_other_years_are_no_difference(tmp_path: Path) -> None:
    first, second = LATER.replace("412", "in 2021 412"), EARLIER.replace("380", "in 2023 380")
    assert "differ" not in asked(tmp_path, QUESTION, first, second).answer
