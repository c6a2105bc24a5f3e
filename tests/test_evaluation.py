"""The figures mean what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from assistant.evaluation import evaluate

Record = dict[str, Any]

QUOTE = "the programme trained ninety inspectors in Puebla"
FACTOID: Record = {
    "id": "q1",
    "category": "factoid",
    "answerable": True,
    "gold": [{"doc": "brief.pdf", "page": 2, "quote": QUOTE}],
    "facts": [["90", "ninety"], ["inspector"]],
}
LISTING: Record = {**FACTOID, "id": "q2", "category": "list", "facts": [], "items": [QUOTE, "costs fell by a tenth"]}
UNANSWERABLE: Record = {
    "id": "q3",
    "category": "unanswerable",
    "kind": "off_topic",
    "answerable": False,
    "gold": [],
    "facts": [],
}


def answer(
    question: Record, quotes: list[str] | None = None, *, refused: bool = False, page: int = 2, **more: Any
) -> Record:
    cited = [{"document": "brief.pdf", "page": page, "quote": quote, "context": ""} for quote in quotes or []]
    passages = [{"document": "brief.pdf", "page": page, "text": quote} for quote in quotes or []]
    return {"id": question["id"], "refused": refused, "citations": cited, "passages": passages, **more}


def test_a_gold_quote_at_the_second_place_counts_half_for_mrr() -> None:
    figures = evaluate([FACTOID], [answer(FACTOID, ["something else altogether", f"In 2019 {QUOTE.upper()}."])])
    assert figures["retrieval"]["mrr10"] == 0.5
    assert figures["retrieval"]["hit1"] == 0
    assert figures["retrieval"]["hit5"] == 1


def test_a_passage_of_over_two_hundred_words_is_no_hit() -> None:
    figures = evaluate([FACTOID], [answer(FACTOID, [f"{QUOTE} " + "word " * 200])])
    assert figures["retrieval"]["hit10"] == 0


def test_the_page_before_counts_and_the_page_after_does_not() -> None:
    def on_page(page: int) -> Any:
        return evaluate([FACTOID], [answer(FACTOID, [QUOTE], page=page)])["retrieval"]["hit5_page"]

    assert [on_page(page) for page in (1, 2, 3)] == [1, 1, 0]


def test_a_number_is_a_fact_only_when_it_stands_alone() -> None:
    def facts(quote: str) -> Any:
        return evaluate([FACTOID], [answer(FACTOID, [quote])])["answers"]["facts"]

    assert facts("They trained 90 inspectors.") == 1
    assert facts("They trained 900 inspectors.") == 0


def test_facts_count_in_the_first_two_hundred_cited_words_only() -> None:
    figures = evaluate([FACTOID], [answer(FACTOID, ["word " * 200, QUOTE])])
    assert figures["answers"]["facts"] == 0
    assert figures["answers"]["evidence_cited"] == 0


def test_a_citation_without_an_item_lowers_the_precision_of_a_list() -> None:
    figures = evaluate([LISTING], [answer(LISTING, [QUOTE, "lunch was served at noon in the hall"])])
    assert figures["answers"]["list_recall"] == 0.5
    assert figures["answers"]["list_precision"] == 0.5


def test_a_question_without_an_answer_is_wrong_in_every_figure() -> None:
    figures = evaluate([FACTOID, LISTING, UNANSWERABLE], [])
    assert figures["answered"] == 0
    assert figures["retrieval"]["hit10"] == 0
    assert figures["answers"]["facts"] == 0
    assert figures["answers"]["list_recall"] == 0
    assert figures["answers"]["refuses_unanswerable"] == 0
    assert figures["answers"]["false_refusals"] == 1


def test_declining_is_right_for_an_unanswerable_question_alone() -> None:
    refusals = [answer(FACTOID, refused=True), answer(UNANSWERABLE, refused=True)]
    figures = evaluate([FACTOID, UNANSWERABLE], refusals)["answers"]
    assert figures["refuses_by_kind"] == {"off_topic": 1}
    assert figures["false_refusals"] == 1


def test_figures_that_no_question_asks_for_are_empty() -> None:
    figures = evaluate([UNANSWERABLE], [answer(UNANSWERABLE, refused=True, seconds=0.2)])
    assert figures["retrieval"]["mrr10"] is None
    assert figures["answers"]["facts"] is None
    assert figures["seconds_median"] == 0.2


def test_all_parts_of_a_comparison_are_counted() -> None:
    other = {"doc": "report.pdf", "page": 9, "quote": "in Jalisco the programme trained forty judges"}
    comparison = {**FACTOID, "category": "compare", "all_gold_needed": True, "gold": [*FACTOID["gold"], other]}
    figures = evaluate([comparison], [answer(comparison, [QUOTE])])["retrieval"]
    assert figures["compare_recall10"] == 0.5
    assert figures["n"] == 0


def test_a_figure_below_its_floor_fails_the_gate_by_name(tmp_path: Path) -> None:
    file, script = tmp_path / "figures.json", Path(__file__).parents[1] / "scripts" / "check_floors.py"
    good = {
        "retrieval": {"hit5": 0.95, "mrr10": 0.9},
        "answers": {"facts": 0.9, "false_refusals": 0.0},
    }

    def gate(questions: str = "own", **changed: float | None) -> tuple[int, str]:
        file.write_text(json.dumps({**good, "answers": {**good["answers"], **changed}}), "utf-8")
        ran = subprocess.run([sys.executable, script, questions, file], capture_output=True, text=True, check=False)
        return ran.returncode, ran.stderr.strip()

    assert gate() == (0, "")
    assert gate(facts=0.54, false_refusals=0.11) == (1, "Below the floor: facts, false_refusals")
    assert gate(facts=None) == (1, "Below the floor: facts")
    assert gate("other library") == (0, "")
