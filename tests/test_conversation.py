"""Follow-up questions are read with what was asked before."""

from __future__ import annotations

import pytest

from assistant.answering import conversation
from assistant.answering.items import items
from assistant.answering.phrases import topic
from assistant.pipeline import Assistant
from assistant.records import Passage, Question, Sentence, Turn
from assistant.retrieval import nearby
from assistant.retrieval.hybrid import Found
from assistant.retrieval.query import unbracketed

LIST = (
    "**A brief**\n\n- 1\\) Labour authorities should hire more inspectors. They are few. [1]\n"
    "- Lesson no. 2: The ministry should publish its data on strikes [2]\n"
    "- Donors should fund shelters for seasonal workers. [3]\n\n3 recommendations in 1 document."
)


def turns(*questions: str, answer: str = "") -> list[Turn]:
    return [Turn(question, answer) for question in questions]


def understood(question: str, history: list[Turn]) -> str:
    return conversation.understood(question, history).text


def read(*questions: str) -> str:
    """The last question as understood after the others."""
    return understood(questions[-1], turns(*questions[:-1]))


@pytest.mark.parametrize(
    "question",
    [
        "How many teachers were trained in Alder?",
        "What lessons were learned?",
        "Which of the recommendations that concern schools are addressed to the ministry?",
        "Is there evidence of change in household income?",
        "What is a change story?",
        "Before a project closes, what should it tell local government and business?",
        "Why can campaigns by themselves not reach all workers, and what should be invested in as well?",
        "Do the Alder and the Birch brief mean the same project when they write P2?",
        "What does the report say about Lantern?",
        "P3 total funding",
        "No change was reported in Alder: why?",
        "What was the unemployment rate in Alder in 2019?",
    ],
)
def test_a_question_that_stands_on_its_own_is_left_as_it_is(question: str) -> None:
    assert read("Who funded the Harbour project?", question) == question


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (["What outcomes did P2 reach?"], "and for P3?", "What outcomes did P3 reach?"),
        (["What was the rate in Alder in 2019?"], "and in 2022?", "What was the rate in Alder in 2022?"),
        (["What was the rate in Alder in 2019?", "and in 2022?"], "In Birch?", "What was the rate in Birch in 2022?"),
        (["What did the Harbour Trust do?"], "What about UNDP?", "What did UNDP do?"),
        (["How many people were interviewed?"], "what about women?", "How many women were interviewed?"),
        (["How did outcome 1 of P2 score on equity?"], "and LTO 3?", "How did LTO 3 of P2 score on equity?"),
        (["How did P2 score on equity?"], "and on impact?", "How did P2 score on impact?"),
        (["What was recommended to the ministry?"], "and to donors?", "What was recommended to donors?"),
        (["What are the lessons of P2?"], "and the good practices?", "What are the good practices of P2?"),
        (["What did P2 find about equity?"], "only the lessons", "List all the lessons P2 found about equity?"),
        (["What tool did UNDP use to rate Alder?"], "and Lantern for P4?", "What tool did Lantern use to rate P4?"),
        (["When did the Alder one open?"], "and Birch?", "When did the Birch one open?"),
        (["How many boys were trained in 2019?"], "how many in 2022?", "How many boys were trained in 2022?"),
        (["Did prices fall in mines?"], "by how much?", "by how much did prices fall in mines?"),
        (["What method did UNDP use to rate P4?"], "how many visits?", "how many visits did UNDP use to rate P4?"),
        (["What did P2 recommend to unions?"], "what should UNDP itself do?", "What did P2 recommend to UNDP?"),
    ],
)
def test_what_is_new_takes_the_place_of_what_is_of_its_sort(before: list[str], question: str, whole: str) -> None:
    assert read(*before, question) == whole


@pytest.mark.parametrize(
    ("talk", "whole"),
    [
        (
            ["Why are there no visits in Alder?", "what came of the fishers' strike there in 2015?"],
            "what came of the fishers' strike there in 2015 (no visits in Alder)?",
        ),
        (
            ["What did the women win?", "how many of them took part in the vote on it?", "when was that?"],
            "when was that (women took part in the vote, the women won)?",
        ),
        (
            ["Is there a strategy for migrants in Alder?", "did the same thing work in Birch?", "why not?"],
            "why not (in Birch, a strategy for migrants in Alder)?",
        ),
        (
            ["Which lessons do the inspectors tell?", "is there a study behind that, and who wrote it?"],
            "is there a study behind that, and who wrote it (the lessons the inspectors tell)?",
        ),
        (
            ["How many workers were asked?", "which change did they value?", "what did the ones in Birch complain of?"],
            "what did the workers in Birch complain of (workers asked)?",
        ),
        (
            ["What is the second recommendation to UNDP?", "no, I meant the lessons of P2: what do they say on pay?"],
            "what do they say on pay (the lessons of P2)?",
        ),
        (["Which small firms closed?", "did the big ones close too?"], "did the big firms close too?"),
        (["What is the old labour code?", "when was the new one passed?"], "when was the new code passed?"),
        (["What is Lantern?", "was it better than P2?"], "was Lantern better than P2?"),
        (["What is Lantern?", "how much did it cost?"], "how much did Lantern cost?"),
        (["What is Lantern?", "does a committee oversee it?"], "does a committee oversee Lantern?"),
        (["List the lessons of P2", "which of these was accepted?"], "which lessons of P2 was accepted?"),
        (["What do most workers want?", "and the least?"], "What do most workers want, for the least?"),
        (["What do most workers want?", "sorry, another question: who pays?"], "who pays (most workers want)?"),
        (["What is the second recommendation to UNDP?", "and the sixth?"], "What is the sixth recommendation to UNDP?"),
        (["Which change did growers value most?", "and the least?"], "Which change did growers value the least?"),
        (
            ["What share of its cases does the Alder labour office settle?", "and the one in Birch?"],
            "What share of its cases does the labour office in Birch settle?",
        ),
        (
            ["Which mills use the code?", "how much would it cost them?"],
            "how much would it cost them (mills use the code)?",
        ),
    ],
)
def test_what_points_to_the_conversation_is_told_from_what_does_not(talk: list[str], whole: str) -> None:
    assert read(*talk) == whole


def test_another_of_what_one_stood_for_takes_its_place() -> None:
    asked = ("Which River Centers were built?", "when did the Alder one open?")
    assert read(*asked) == "when did the Alder River Center open?"
    assert read(*asked, "and Birch?") == "when did the Birch River Center open?"


def test_what_fits_nowhere_is_added() -> None:
    added = read("What was recommended for inspectors?", "what about women in mines?")
    assert added == "What was recommended for inspectors, for women in mines?"
    assert read("What was said in 2019?", "and to donors?", "and to unions?") == "What was said in 2019, to unions?"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("What is P2 meant to achieve?", "who funds it?", "who funds P2?"),
        (
            "How many implementing partners does Lantern manage?",
            "what did they complain about?",
            "what did they complain about (implementing partners Lantern manages)?",
        ),
        (
            "Which firms did the fund train?",
            "what did they do next?",
            "what did they do next (the firms the fund trained)?",
        ),
        (
            "What did Lantern find?",
            "and the big firms, did they help?",
            "what about the big firms, did they help (Lantern found)?",
        ),
        (
            "What share of P2 posts do women hold?",
            "who was it harder for?",
            "who was it harder for (the share of P2 posts women hold)?",
        ),
        ("How many RRM cases were filed?", "what about the ones still open?", "what about the RRM cases still open?"),
        ("How long is the Alder course?", "paid for by whom?", "paid for by whom (the Alder course)?"),
        ("What is Lantern?", "why would a mill want that?", "why would a mill want Lantern?"),
        ("What is the guide that P2 made?", "when did it come out?", "when did the guide that P2 made come out?"),
        ("What did Lantern find in mines?", "what did they recommend?", "what did Lantern recommend?"),
        ("What is the Harbour project?", "its budget?", "what about the Harbour project's budget?"),
        ("Which Alder Centers were built?", "when did the Birch one open?", "when did the Birch Alder Center open?"),
        ("How many RRM cases were filed?", "how many are closed?", "how many RRM cases are closed?"),
        ("List the lessons of P2", "which of them concern schools?", "which lessons of P2 concern schools?"),
        ("What were the ratings of P2?", "which one was lowest?", "which rating of P2 was lowest?"),
    ],
)
def test_a_pronoun_becomes_what_it_means(before: str, question: str, whole: str) -> None:
    assert read(before, question) == whole


@pytest.mark.parametrize(
    "question",
    [
        "Who should do that?",
        "why?",
        "by when?",
        "And what did workers say about that?",
        "in which regions?",
        "what was the target?",
        "which region did best?",
    ],
)
def test_a_question_that_needs_more_has_the_question_before_in_brackets(question: str) -> None:
    whole = read("What did P2 recommend for inspectors?", question)
    assert whole.endswith("(P2 recommended for inspectors)?")


def test_the_bracket_of_a_question_that_says_much_itself_is_short() -> None:
    whole = read("What happened at the mill in Alder?", "and which office paid workers at home?")
    assert whole == "which office paid workers at home (the mill in Alder)?"


def test_the_sixth_turn_is_read_like_the_second() -> None:
    assert read(*["What outcomes did P2 reach?", *(f"and for P{n}?" for n in range(3, 7))], "and for P7?") == (
        "What outcomes did P7 reach?"
    )
    talk = [
        "What happened at the mill in Alder?",
        "who was there?",
        "when?",
        "why?",
        "what was the cost?",
        "how long?",
    ]
    assert read(*talk) == "how long (the cost, the mill in Alder)?"


def test_an_aside_a_thank_you_and_a_refused_turn_leave_the_topic_as_it_was() -> None:
    before = ["What happened at the mill in Alder?", "who was there?"]
    assert read(*before, "thanks", "when?") == read(*before, "when?")
    assert read(*before, "What does RRM stand for?", "when?") == read(*before, "when?")
    refused = [*turns(*before, answer="Something. [1]"), Turn("what is the weather like in town today?", "Nothing.")]
    assert understood("when?", refused) == understood("when?", refused[:2])


def test_a_refused_question_in_another_language_is_no_topic() -> None:
    before = turns("What happened at the mill in Alder?", answer="Something. [1]")
    refused = [*before, Turn("¿Qué lecciones se aprendieron sobre las mujeres?", "Nothing.")]
    assert understood("when?", refused) == understood("when?", before)


def test_going_back_names_the_topic() -> None:
    talk = ["Where is P2 active?", "What is Lantern?"]
    assert read(*talk, "back to P2: who pays for it?") == "who pays for P2?"
    assert read(*talk, "back to P2: who pays for it?", "and P3?") == "who pays for P3?"
    assert read(*talk, "ok, back to P2") == "Where is P2 active?"


def test_going_back_to_a_name_means_the_thing_that_was_called_by_it() -> None:
    talk = ["What share of its cases does the North Alder office settle?", "and the one in Birch?"]
    assert read(*talk, "back to North Alder: where?") == "where (the North Alder office)?"
    assert read(*talk, "back to Cedar: who leads it?") == "who leads Cedar?"


def test_of_quotes_that_were_called_by_their_place_the_next_is_of_the_same_answer() -> None:
    first = Turn("What helps the unions?", "Training of leaders. [1]\n\nCampaigns at work. [2]\n\nPaid leave. [3]")
    second = Turn("why does the second one help?", "Other words. [1]\n\nMore of them. [2]\n\nThe last words. [3]")
    assert understood("who pays for the third one?", [first, second]) == "who pays for the third one (Paid leave)?"


def test_what_is_carried_along_reads_as_english() -> None:
    assert read("How many inspectors does Alder have?", "why so few?") == "why so few (inspectors Alder has)?"
    assert read("What does P2 carry out?", "and why?") == "why (P2 carries out)?"
    assert read("What does the fund have, by law?", "and why?") == "why (the fund has, by law)?"
    asked = ["Who was sent to the course in Italy?", "where exactly?"]
    assert read(*asked, "and what came of it?") == "what came of it (who was sent to the course in Italy)?"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (["What was the rate in Alder?"], "no, I meant Birch", "What was the rate in Birch?"),
        (["What did boys learn?"], "not boys, girls", "What did girls learn?"),
        (["What did boys learn?"], "sorry, what did girls earn in Alder?", "what did girls earn in Alder?"),
        (
            ["What did P2 pay for?", "who ran the project?"],
            "no, I meant the one with growers in Birch",
            "who ran the project with growers in Birch?",
        ),
    ],
)
def test_a_correction_replaces(before: list[str], question: str, whole: str) -> None:
    assert read(*before, question) == whole


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("tell me more about the second one", "Tell me more about The ministry should publish its data on strikes"),
        ("the last one", "Tell me more about Donors should fund shelters for seasonal workers"),
        ("more on the one on inspectors", "Tell me more about Labour authorities should hire more inspectors"),
        ("number 2?", "Tell me more about The ministry should publish its data on strikes"),
        ("who funds the third one?", "who funds the third one (Donors should fund shelters for seasonal workers)?"),
    ],
)
def test_an_item_of_the_list_that_was_shown_may_be_pointed_to(question: str, whole: str) -> None:
    history = turns("List the recommendations of P2", answer=LIST)
    assert understood(question, history) == whole


def test_a_list_stays_known_while_its_items_are_talked_about() -> None:
    history = [Turn("List the recommendations of P2", LIST), Turn("tell me more about the first one", "Quote. [1]")]
    assert (
        understood("and the third?", history) == "Tell me more about Donors should fund shelters for seasonal workers"
    )
    assert understood("which of them concern schools?", history) == "which recommendations of P2 concern schools?"


def test_items_are_cut_to_their_first_sentence_and_told_without_labels_and_markdown() -> None:
    assert items(LIST)[0] == "Labour authorities should hire more inspectors"
    assert items("No quote.\n\nA short quote (page 2) [1]\n\nOne more line. Then more. [2]") == [
        "A short quote",
        "One more line",
    ]


def test_more_is_asked_about_what_was_asked() -> None:
    assert read("What is the guide that P2 made?", "tell me more") == "Tell me more about the guide that P2 made"
    assert read("What is Lantern?", "Tell me more about Birch") == "Tell me more about Birch"


@pytest.mark.parametrize(
    ("question", "clause", "noun", "agent"),
    [
        ("What method did Lantern use in P2?", "the method Lantern used in P2", "the method", "Lantern"),
        ("By how much did wages rise in 2024?", "wages rose in 2024", "", "wages"),
        ("According to UNDP, how many mills were closed?", "mills closed", "mills", ""),
        ("who built the dam?", "who built the dam", "the dam", ""),
        ("List all lessons of P2", "lessons of P2", "lessons of P2", ""),
        ("What did the final evaluation find about pumps in Alder?", "pumps in Alder", "pumps in Alder", ""),
        ("What does the report say about P2?", "P2", "P2", ""),
    ],
)
def test_a_question_is_told_as_a_statement_with_its_thing_and_agent(
    question: str, clause: str, noun: str, agent: str
) -> None:
    about = topic(question)
    assert (about.clause, about.noun, about.agent) == (clause, noun, agent)


@pytest.mark.parametrize("over", ["start over", "OK, let's start over.", "new topic", "forget everything", "Reset!"])
def test_starting_over_forgets_what_was_asked(over: str) -> None:
    assert read("What outcomes did P2 reach?", over) == ""
    assert read("What outcomes did P2 reach?", over, "and for P3?") == "and for P3?"
    assert read("What outcomes did P2 reach?", f"{over}: who wrote the report?") == "who wrote the report?"


@pytest.mark.parametrize(
    "odd", ["?", "and?", "the", "it", "...", "the one", "no,", "not", "what about?", "[1]", "and and"]
)
def test_odd_questions_are_read_without_harm(odd: str) -> None:
    for history in (turns("What did P2 do?"), turns(odd), turns("What did P2 do?", odd, answer=LIST)):
        assert isinstance(understood(odd, history), str)
        assert understood("and for P3?", [*history, Turn(odd, "")])


@pytest.mark.parametrize("word", ["." * 3990 + "x", "so " * 1300, "a" * 4000, " (" * 2000, "how many in 2022 " * 230])
@pytest.mark.timeout(60)  # a tenth of a second on an idle machine; a pattern that tries all ways takes hours
def test_long_questions_are_read_to_their_end(word: str) -> None:
    said = understood(word, turns(*["What did P2 do?", *[word] * 9], answer=f"- {word * 4} [1]\n"))
    assert len(said) <= 11 * len(word)  # no more than was asked in all


def test_a_bare_start_over_is_answered_with_a_sentence(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question("Start over", history=tuple(turns("What was recommended?"))))
    assert not answer.refused
    assert not answer.citations
    assert "forgotten" in answer.answer


def test_a_follow_up_knows_the_question_before() -> None:
    history = turns("What outcomes did P2 reach?", "and for P3?")
    assert conversation.understood("and for P4?", history).before == "What outcomes did P3 reach?"
    assert conversation.understood("Who funded the Harbour project?", history).before == ""
    assert conversation.understood("and for P4?", []).before == ""


def found(page: int, score: float, text: str = "Words.") -> Found:
    sentences = (Sentence(0, len(text), True),)
    return Found(page, Passage(str(page), "a.pdf", page, page, text, sentences=sentences), score, 0.8, (0.8,))


def test_passages_on_pages_that_the_answer_before_quotes_move_up() -> None:
    said = "The teachers of Alder were paid by the harbour."
    earlier = [found(7, 3.0), found(5, 2.0, said)]
    near = nearby.pages(earlier, f"{said} \\[sic\\] [1]")
    assert near == {("a.pdf", 5)}
    assert [each.passage.page for each in nearby.drawn([found(9, 3.1), found(5, 3.0)], [], near)] == [5, 9]


def test_where_the_answer_before_quotes_nothing_the_first_that_its_question_finds_count() -> None:
    assert nearby.pages([found(page, 1.0) for page in (7, 5, 9, 8)], "No report says this.") == {
        ("a.pdf", page) for page in (7, 5, 9)
    }
    assert nearby.pages([], "") == set()


def test_what_the_words_of_a_follow_up_find_alone_counts_too() -> None:
    whole = [found(1, 3.0), found(2, 2.9)]
    assert [each.passage.page for each in nearby.drawn(whole, [found(2, 2.5), found(3, 1.0)], set())] == [2, 1]
    assert nearby.drawn(whole, [], set()) == whole


def test_what_was_put_in_brackets_can_be_left_out_again() -> None:
    assert unbracketed(read("Who built the dam in Alder?", "why so slowly?")) == "why so slowly?"
    assert unbracketed("Who built the dam (in Alder) first?") == "Who built the dam (in Alder) first?"


@pytest.mark.parametrize(
    ("talk", "whole"),
    [
        (
            ["Which lessons does the harvest learning brief give?", "and the river transport brief?"],
            "Which lessons does the river transport brief give?",
        ),
        (
            ["List the lessons in the harvest brief of May 2021", "and the river brief?"],
            "List the lessons in the river brief?",
        ),
        (
            ["What did the big dam project in Alder cost?", "and the small road project?"],
            "What did the small road project in Alder cost?",
        ),
        (["Which system does the court in Alder use?", "and in Birch?"], "Which system does the court in Birch use?"),
    ],
)
def test_a_noun_is_exchanged_with_all_that_stands_before_it(talk: list[str], whole: str) -> None:
    assert read(*talk) == whole


@pytest.mark.parametrize(
    ("talk", "whole"),
    [
        (
            ["What is the role of the harbour council in the survey?", "who pays for it?"],
            "who pays for the harbour council?",
        ),
        (["What is the role of LOMA?", "does it have money?"], "does LOMA have money?"),
        (["What does the river brief say about wages?", "who wrote it?"], "who wrote the river brief?"),
        (
            ["What does the river brief say about wages?", "what laws were issued after that?"],
            "what laws were issued after wages?",
        ),
        (
            ["Why did a boatyard in Alder create a program against noise?", "since when is it running?"],
            "since when is the program against noise running (a boatyard in Alder)?",
        ),
        (
            ["How many women earned more?", "and the coffee growers?", "how far did their price rise?"],
            "how far did the coffee growers' price rise?",
        ),
        (
            [
                "What did the report say about Reading Centers?",
                "what is the problem with local dialogue?",
                "who began it?",
            ],
            "who began local dialogue?",
        ),
        (["Who evaluated P2?", "how did they do it?"], "how did they do it (who evaluated P2)?"),
        (["What is the effect of the levy on boats?", "do they like it?"], "do they like the levy?"),
        (["Which towns have worker centers?", "what do they do?"], "what do they do (the towns have worker centers)?"),
        (["Did women earn more thanks to P2?", "how many?"], "how many women earned more thanks to P2?"),
    ],
)
def test_a_pronoun_means_the_thing_that_is_spoken_of(talk: list[str], whole: str) -> None:
    assert read(*talk) == whole


def test_the_one_about_something_is_found_in_a_list_whatever_is_asked_of_it() -> None:
    history = turns("List the recommendations of the brief", answer=LIST)
    question = "does the one about inspectors come back in the mid-term review?"
    assert understood(question, history).endswith("(Labour authorities should hire more inspectors)?")


def test_the_question_as_understood_is_told(tiny_library: Assistant) -> None:
    answer = tiny_library.ask(Question("Who should do that?", history=tuple(turns("What was recommended?"))))
    assert answer.question == "Who should do that?"
    assert answer.understood == "Who should do that (what was recommended)?"
