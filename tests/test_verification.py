"""A written sentence is kept only when the passages it cites bear it out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from fakes import WordHashEmbedder

from assistant.answering.amounts import dates, figures
from assistant.answering.claims import says_nothing_new, source
from assistant.answering.drafts import Draft, drafted
from assistant.answering.verification import Checker
from assistant.indexing.embedding import ModelEmbedder

CLAIMS = [json.loads(line) for line in Path(__file__).with_name("claims.jsonl").read_text("utf-8").splitlines()]
PORT = (
    "The port authority repaired 31 of 48 jetties by March 2021, while the fishers' union trained 640 members. "
    "Costs fell from 19 to 12 per cent of revenue. The union did not publish its accounts, and some members said that "
    "fees may rise. The evaluation recommends that the Ministry of Fisheries appoint an auditor."
)
LAKES = "Rules were strict in Lake Aru and weak in Lake Beko. Women were less likely than men to own a boat."


def reason(sentence: str, *passages: str, around: str = "") -> str:
    """Why a sentence is not kept; '' when it is."""
    checker = Checker(WordHashEmbedder(), [source(passage, around) for passage in passages])
    return checker.check(sentence, range(len(passages))).reason


@pytest.mark.parametrize(
    "sentence",
    [
        "The port authority repaired 31 of 48 jetties by March 2021.",
        "Thirty-one jetties had been repaired by March 2021.",
        "About two thirds of the 48 jetties were repaired by the port authority.",
        "The union trained six hundred and forty members.",
        "Costs fell from nineteen to twelve percent of revenue.",
        "The union published no accounts.",
        "Some members said that fees may rise.",
        "The Ministry of Fisheries should appoint an auditor.",
        "The union “did not publish its accounts”.",
    ],
)
def test_what_the_passage_says_in_these_or_other_words_is_kept(sentence: str) -> None:
    assert reason(sentence, PORT) == ""


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("The port authority repaired 13 of 48 jetties by March 2021.", "the figure 13 is not there"),
        ("The port authority repaired 31 of 48 jetties by May 2021.", "a date is not there"),
        ("The port authority repaired a quarter of the jetties.", "the figure a quarter is not there"),
        ("The union trained 48 members.", "the source gives 48 to something else"),
        ("The Harbour Bank repaired 31 of 48 jetties.", "a name is not there"),
        ("The union “never published any accounts”.", "its quote is not there"),
        ("The union published its accounts.", "the source denies it"),
        ("Costs did not fall from 19 to 12 per cent of revenue.", "the source does not deny it"),
        ("Costs rose from 19 to 12 per cent of revenue.", "the source says the opposite"),
        ("All members said that fees may rise.", "the source does not say it of all"),
        ("Members said that fees rise.", "the source is less certain"),
        ("The Ministry of Fisheries appointed an auditor.", "the source asks for it"),
        ("Because fees may rise, members did not publish accounts.", "the source does not give this reason"),
        ("The port authority trained 640 members.", "the source says it of another"),
        ("The port authority repaired jetties and gave away fishing nets and engines.", "its words are not there"),
        ("Jetties members accounts fees union auditor authority.", "its words stand apart"),
        ("Union the of by.", "it is no sentence"),
        ("See https://example.org for the jetties.", "it holds an address or markup"),
    ],
)
def test_what_it_does_not_say_is_told_with_the_reason(sentence: str, why: str) -> None:
    assert reason(sentence, PORT) == why


def test_places_and_groups_are_not_exchanged() -> None:
    assert reason("Rules were strict in Lake Aru and weak in Lake Beko.", LAKES) == ""
    assert reason("Rules were weak in Lake Aru and strict in Lake Beko.", LAKES) == "the source says it of another"
    assert reason("Men were less likely than women to own a boat.", LAKES) == "the source compares the other way"


def test_a_figure_may_stand_above_the_passage() -> None:
    assert reason("In 2018 the union trained 640 members.", PORT, around="Annual report 2018") == ""
    assert reason("In 2018 the union trained 640 members.", PORT) != ""


def test_what_bears_a_sentence_out_is_named() -> None:
    checker = Checker(WordHashEmbedder(), [source(LAKES), source(PORT)])
    assert checker.check("Costs fell from 19 to 12 per cent of revenue.", [1]).by == ((1, 1),)
    assert checker.check("Costs fell from 19 to 12 per cent of revenue.", [0]).reason
    assert checker.check("Costs fell.", [2]).reason == "it cites a passage that there is not"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("9.4 thousand workers and 41 500 ha", [9400, 41500]),
        ("USD 6.4 million, €420k", [6_400_000, 420_000]),
        ("two thirds (68%) after 12 months", [2 / 3, 0.68, 12]),
        ("from nineteen to twelve percent", [0.19, 0.12]),
        ("nine in ten, three hundred and five", [0.9, 305]),
        ("one of the visits, the third visit, on 31 March 2020", []),
    ],
)
def test_figures_are_read_however_they_are_written(text: str, values: list[float]) -> None:
    assert [round(figure.value, 6) for figure in figures(text)] == [round(value, 6) for value in values]


def test_dates_are_read_with_what_they_say() -> None:
    assert dates("31 March 2020, in May 2022; they may go in June") == [(31, 3, 2020), (None, 5, 2022), (None, 6, None)]


def test_a_draft_gives_sentences_as_they_are_complete_with_their_citations() -> None:
    text = (
        "<think>Hm. 3?</think>**One** rose. [2] Two fell [1, 3].\n\n"
        "- Third【4†source】\n- Fourth [passage 5].\n[6-8] Last"
    )
    found = drafted(text)
    assert [(each.text, each.cited, each.opens) for each in found] == [
        ("One rose.", (2,), "\n"),
        ("Two fell.", (1, 3), ""),
        ("Third", (4,), "- "),
        ("Fourth.", (5,), "- "),
        ("Last", (6, 7, 8), "\n"),
    ]
    draft = Draft()
    streamed = [each for sign in text for each in draft.add(sign)] + draft.rest()
    assert streamed == found


@pytest.mark.parametrize(
    ("rewritten", "trusted"),
    [
        ("How many jetties did the union repair?", True),
        ("How many jetties did Acme repair?", False),
        ("How many jetties did the union repair in 2031?", False),
        ("Who is the president of the moon and its many golden palaces?", False),
        ("", False),
        ("How many?\nIgnore this.", False),
    ],
)
def test_a_rewritten_question_says_nothing_new(rewritten: str, trusted: bool) -> None:
    asked, said = "And how many did they repair?", "What did the union do? It trained members. How many jetties?"
    assert says_nothing_new(rewritten, asked, f"{asked} {said}", 400) is trusted


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "kept", "removed"),
    [
        ("a", 0.95, 0.95),
        # Kept apart while the check was made: what the floors guard, not what is wished for (0.95 and 0.95).
        ("b", 0.78, 0.87),
        ("c", 0.78, 0.75),  # written to try other rules on
        ("d", 0.75, 0.73),  # by another hand, which did not know the rules
    ],
)
def test_labelled_sentences_are_kept_and_removed(part: str, kept: float, removed: float) -> None:
    embedder = ModelEmbedder()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for claim in (each for each in CLAIMS if each["part"] == part):
        checker = Checker(embedder, [source(passage) for passage in claim["passages"]])
        verdict = checker.check(claim["sentence"], range(len(claim["passages"])))
        for group in (str(claim["supported"]), claim["kind"]):
            total[group] += 1
            right[group] += verdict.supported == claim["supported"]
    assert right["altered_number"] == total["altered_number"] > 0
    assert right["True"] >= kept * total["True"]
    assert right["False"] >= removed * total["False"]
