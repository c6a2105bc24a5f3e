"""The kind of answer a question wants is told from its words, and so is the sentence that gives one."""

from __future__ import annotations

import pytest

from assistant.answering.wanted import wanted


@pytest.mark.parametrize(
    ("question", "name", "given", "not_given"),
    [
        ("What percentage of girls enrolled?", "percentage", "74 percent", "74 girls"),
        ("How much did it cost to build?", "amount of money", "It cost USD 30.", "It cost 30 days."),
        ("What did they charge for the survey?", "amount of money", "It cost USD 30.", "It took 30 days."),
        ("How much do members pay every month?", "figure per month", "Members pay 12 pesos a month.", "They pay 12."),
        ("How much of the grant was spent?", "amount that was spent", "They spent $3 million.", "A $3 million award."),
        ("When did the panel meet?", "date", "in October 2005", "in the town hall"),
        ("How long did it take?", "length of time", "nine months", "nine people"),
        ("What is the average age of members?", "age", "aged 34 on average", "34 members"),
        (
            "What is the phone number? give me the phone number",
            "address or number to reach anybody",
            "Tel. 12",
            "they rang",
        ),
        ("users per month", "figure per month", "400 users a month", "400 users since that month"),
        ("How many schools?", "number", "twelve schools", "schools (see https://a.org/12)"),
    ],
)
def test_a_kind_is_asked_for_and_given(question: str, name: str, given: str, not_given: str) -> None:
    kind = wanted(question)[-1]
    assert kind.name == name
    assert kind.given_in(given)
    assert not kind.given_in(not_given)


@pytest.mark.parametrize(
    "question",
    [
        "Lessons on budget and results",
        "What was recommended?",
        "Who pays for it?",
        "What do the unions do every month to show where the dues go?",
        "How did the evaluators rate Alder on equity?",
        "What did the union charge the company with?",
    ],
)
def test_often_nothing_in_particular_is_wanted(question: str) -> None:
    assert wanted(question) == []
