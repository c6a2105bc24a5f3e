"""How strong a document's evidence is, in words that stand in it; what it does not say is left out."""

from __future__ import annotations

from pathlib import Path

import shelf
from fakes import WordHashEmbedder

from assistant.pipeline import Assistant
from assistant.records import Kind
from assistant.settings import Settings
from assistant.understanding.strength import spoken, strength, tells

METHOD = "The evaluation team conducted 120 key informant interviews and 14 focus group discussions in nine districts."
PART = "The team held 12 interviews by telephone."
SURVEY = "Enumerators administered 1,400 household surveys with 1,310 respondents."
DESIGN = "The evaluation used a quasi-experimental design and contribution analysis."
FOREIGN = "According to project monitoring data, the team of the ministry interviewed 900 respondents."


def line(*texts: str, title: str = "Final Performance Evaluation", page: str = "", date: str = "May 2025") -> str:
    passages = [p for p in shelf.record(*texts, title=title, kind=Kind.METHOD).passages if tells(p.text)]
    return str(strength(title, date, [(1, page or title)], passages))


def test_kind_date_methods_and_sample_are_told_with_their_page() -> None:
    assert line(METHOD, SURVEY, DESIGN) == (
        "Final performance evaluation, May 2025; 120 key informant interviews, 14 focus group discussions, "
        "1,400 household surveys, 1,310 respondents, nine districts, quasi-experimental, contribution analysis (p. 1)"
    )


def test_the_largest_number_is_told_as_others_are_parts_of_it() -> None:
    assert "12 interviews" not in line(PART, METHOD)
    assert "120 key informant interviews" in line(PART, METHOD)


def test_numbers_in_words_have_their_value() -> None:
    assert "nineteen interviews" in line("The team held nineteen interviews.", "The team held eighteen interviews.")
    assert "eighteen interviews" not in line("The team held eighteen interviews.", "The team held nineteen interviews.")


def test_numbers_of_somebody_else_are_not_the_evaluation_s() -> None:
    assert "900" not in line(FOREIGN)


def test_what_a_document_does_not_say_is_left_out() -> None:
    assert line("Schools reopened in spring.", title="Annual accounts", date="") == ""
    assert line("Schools reopened in spring.", title="Annual accounts") == "May 2025"


def test_a_kind_that_is_printed_nowhere_is_not_told() -> None:
    assert line("Schools reopened.", title="Final Evaluation", page="A report on schools", date="") == ""


def test_without_a_title_the_first_page_tells_the_kind() -> None:
    page = "MIDTERM EVALUATION BRIEF\nAn independent performance evaluation of the programme"
    assert line("Schools reopened.", title="scan-0042", page=page, date="") == "Midterm evaluation"


def test_dates_are_told_as_people_write_them() -> None:
    assert [spoken(date) for date in ("2025-05", "2025-05-31", "2025", "")] == ["May 2025", "May 2025", "2025", ""]


def test_a_library_tells_it_of_its_documents(tmp_path: Path) -> None:
    made = shelf.record(METHOD, "Schools reopened in spring.", title="Report", kind=Kind.METHOD)
    shelf.shelve(tmp_path, [("report.pdf", made)])
    assistant = Assistant(Settings(index=tmp_path, corpus=tmp_path), embedder=WordHashEmbedder())
    told = assistant.strength("report.pdf")
    assert told == "120 key informant interviews, 14 focus group discussions, nine districts (p. 1)"
    assert assistant.strength("unknown.pdf") == ""
