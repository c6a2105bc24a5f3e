"""What leaves through the faces: the contract's keys, text that stays text, and marks that leave the page readable."""

from __future__ import annotations

import html
import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fakes_assistant import DOCUMENT, HOSTILE, FakeAssistant
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from assistant.faces.chat.cards import Drawing
from assistant.faces.chat.markup import Chat, Shown, conversation
from assistant.faces.command_line.terminal import answer_text
from assistant.faces.pages.markdown import markdown
from assistant.faces.rendering import answer_json, clean, documents_json, highlighted, plain, search_json
from assistant.records import Answer, Question

TAGS_OF_OURS = {
    *("section", "div", "h2", "h3", "h4", "h5", "h6", "p", "span", "aside", "article", "blockquote", "figure"),
    *("figcaption", "button", "img", "a", "ul", "ol", "li", "table", "tr", "td", "th", "strong", "em", "br"),
    *("details", "summary", "form", "label", "textarea"),
}


class Seen(HTMLParser):
    """The tags, the attributes and the text of a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> FakeAssistant:
    return FakeAssistant(tmp_path_factory.mktemp("library"))


def shown(assistant: FakeAssistant, question: str) -> str:
    answer = assistant.ask(Question(question))
    return drawn(
        Shown(question, answer.answer, answer),
        rows={row.document: row for row in assistant.documents()},
        page_size=assistant.page_size,
    )


def drawn(turn: Shown, **drawing: Any) -> str:
    return conversation(Chat((turn,)), Drawing(**drawing))


def test_an_answer_has_the_keys_of_the_contract(assistant: FakeAssistant) -> None:
    answer = json.loads(json.dumps(answer_json(assistant.ask(Question("recommend", id="q1")))))
    assert list(answer) == [
        *("id", "question", "understood", "answer", "mode", "refused", "citations", "passages", "coverage"),
        *("seconds", "generation"),
    ]
    assert (answer["id"], answer["mode"], answer["refused"], answer["coverage"]) == ("q1", "extractive", False, None)
    citation = answer["citations"][0]
    assert list(citation) == [
        *("number", "document", "title", "page", "page_end", "page_label", "quote", "context", "passage_id", "kind"),
        *("section", "boxes", "ocr", "also_in"),
    ]
    assert citation["kind"] == "recommendation"
    assert citation["boxes"][0][0] == 2
    assert citation["also_in"] == [{"document": DOCUMENT, "page": 3}]
    assert list(answer["passages"][0]) == [
        *("document", "title", "page", "text", "score", "kind", "section", "passage_id"),
    ]


def test_strength_stands_beside_each_citation_only_where_it_is_asked_for(assistant: FakeAssistant) -> None:
    answer = assistant.ask(Question("recommend"))
    told = answer_json(answer, assistant.strength)["citations"]
    assert {citation["strength"] for citation in told} == {assistant.strength(DOCUMENT)}
    assert "strength" not in answer_json(answer)["citations"][0]
    assert assistant.strength(DOCUMENT) in answer_text(answer, assistant.strength).replace("\n    ", " ")
    assert assistant.strength(DOCUMENT) not in answer_text(answer)


def test_a_card_says_how_strong_its_document_is(assistant: FakeAssistant) -> None:
    answer = assistant.ask(Question("recommend"))
    turn = Shown("recommend", answer.answer, answer)
    page = drawn(turn, strength=lambda document: "Final <b>evaluation</b>")
    assert 'class="section">Evidence: Final &#60;b&#62;evaluation' in page
    assert "Evidence:" not in drawn(turn)


def test_a_listing_says_what_it_covers(assistant: FakeAssistant) -> None:
    coverage = answer_json(assistant.ask(Question("list lessons")))["coverage"]
    assert coverage == {
        "kinds": ["lesson"],
        "documents_searched": 2,
        "with_entries": 1,
        "without": ["Inception Report"],
        "entries": 2,
    }


def test_a_search_and_the_library_are_plain_json(assistant: FakeAssistant) -> None:
    found = json.loads(json.dumps(search_json(assistant.search(Question("visits"), 2))))
    assert list(found) == ["question", "passages", "generation"]
    assert len(found["passages"]) == 2
    rows = json.loads(json.dumps(documents_json(assistant.documents())))
    assert [row["document"] for row in rows] == [DOCUMENT, "broken.pdf"]
    assert rows[0]["warnings"] == ["page 3: no text"]


@given(st.text())
def test_plain_text_shows_as_it_is_and_holds_no_markup(text: str) -> None:
    safe = plain(text)
    assert html.unescape(safe) == clean(text)
    assert not set(safe) & set("<>\"'`*_[]()!|~\\{}$@")


def test_overrides_of_the_writing_direction_and_control_characters_are_dropped() -> None:
    assert clean("pay \u202e001\u202c now\x00\x1b[31m\ttab\nline \u2067x\u2069") == "pay 001 now[31m\ttab\nline x"
    assert clean("half a \ud800 character").encode() == "half a \ufffd character".encode()


@given(st.text(alphabet="<>![]()*_`#|>-12 \n\\&\"'abc", max_size=60))
def test_nothing_but_our_own_elements_comes_out_of_an_answer(text: str) -> None:
    seen = Seen(markdown(text, [1, 2]))
    assert set(seen.tags) <= TAGS_OF_OURS - {"img", "a"}
    assert {name for name, _ in seen.attributes} <= {"class", "type", "data-cite", "title", "value"}


def test_an_answer_keeps_its_lists_quotes_tables_and_citations() -> None:
    text = "## Lessons\n1. **Plan** early [1]\n   - _then_ act\n> said so [2]\n"
    table = "\n| a | b |\n|---|---|\n| 1 | 2 |\n2 \\* 3 [9]"
    assert markdown(text + table, [1, 2]) == (
        '<h4>Lessons</h4><ol><li value="1"><strong>Plan</strong> early '
        '<button type="button" class="cite" data-cite="1" title="Show source 1">1</button></li></ol>'
        '<ul><li class="deeper"><em>then</em> act</li></ul><blockquote><p>said so '
        '<button type="button" class="cite" data-cite="2" title="Show source 2">2</button></p></blockquote>'
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "<p>2 &#42; 3 &#91;9&#93;</p>"
    )


def test_hostile_text_of_a_document_is_shown_as_text(assistant: FakeAssistant) -> None:
    seen = Seen(shown(assistant, "hostile <script>alert(1)</script>"))
    assert set(seen.tags) <= TAGS_OF_OURS
    assert "script" not in seen.tags
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert all(value.startswith("api/v1/files/education/") for name, value in seen.attributes if name == "href")
    assert not [value for name, value in seen.attributes if name == "src"]
    assert seen.text.count(clean(HOSTILE)) == 5
    assert "hostile <script>alert(1)</script>" in seen.text


def test_a_card_names_the_printed_page_only_where_it_differs(assistant: FakeAssistant) -> None:
    seen = Seen(shown(assistant, "recommend"))
    assert "page 2 (printed ii)" in seen.text
    assert "printed 2" not in seen.text


def test_a_refusal_shows_the_nearest_passages(assistant: FakeAssistant) -> None:
    page = shown(assistant, "Who won?")
    assert "Nearest passages" in Seen(page).text
    assert page.count("<article") == 4


def test_a_refusal_that_quotes_shows_its_source_and_the_other_nearest_passages(assistant: FakeAssistant) -> None:
    cited = assistant.ask(Question("recommend")).citations[:1]
    near = assistant.ask(Question("Who won?")).passages
    answer = replace(assistant.ask(Question("Who won?")), citations=(replace(cited[0], passage_id=near[0].passage.id),))
    page = drawn(Shown("Who won?", answer.answer, answer))
    assert page.count("<article") == 1 + len(near) - 1
    assert [f'data-number="{n}"' in page for n in (1, 2, 4, 5)] == [True, True, True, False]
    text = Seen(page).text
    assert "Sources and nearest passages 4" in text
    assert "Show 1 source and 3 nearest passages" in text
    assert "No answer found; what the library says instead is quoted" in text


def test_sources_come_with_the_last_words(assistant: FakeAssistant) -> None:
    answer: Answer = assistant.ask(Question("recommend"))
    early = drawn(Shown("recommend", "The evaluation", answer))
    assert "<article" not in early
    assert "The evaluation" in early


def test_a_question_that_was_understood_otherwise_says_so(assistant: FakeAssistant) -> None:
    answer = replace(assistant.ask(Question("recommend")), understood="What was recommended?")
    page = drawn(Shown("recommend", answer.answer, answer))
    assert "Understood as: What was recommended?" in Seen(page).text


def test_a_question_as_understood_begins_with_a_capital(assistant: FakeAssistant) -> None:
    answer = replace(assistant.ask(Question("And by whom?")), understood="by whom (the visits)?")
    assert "Understood as: By whom (the visits)?" in answer_text(answer)


def test_mended_words_that_the_answer_names_are_not_said_twice(assistant: FakeAssistant) -> None:
    answer = replace(
        assistant.ask(Question("recomended what?")),
        understood="recommended what?",
        answer="Searched for “recommended” instead of “recomended”.",
    )
    page = drawn(Shown("recomended what?", answer.answer, answer))
    assert "Understood as" not in page
    assert "Understood as" not in answer_text(answer)
    other = replace(answer, understood="recommended what to schools?")
    assert "Understood as: Recommended what to schools?" in answer_text(other)


def test_a_marker_colours_the_paper_and_leaves_the_ink(tmp_path: Path) -> None:
    sheet = Image.new("RGB", (200, 400), "white")
    sheet.paste((0, 0, 0), (40, 40, 60, 60))
    raw = io.BytesIO()
    sheet.save(raw, "PNG")
    marked = Image.open(io.BytesIO(highlighted(raw.getvalue(), [(10, 10, 50, 50)], (100, 200), 400)))
    assert marked.size == (400, 800)
    assert marked.getpixel((100, 100)) == (0, 0, 0)
    assert marked.getpixel((180, 180)) == (255, 231, 92)
    assert marked.getpixel((300, 300)) == (255, 255, 255)


def test_a_box_that_is_no_box_marks_nothing() -> None:
    raw = io.BytesIO()
    Image.new("RGB", (50, 50), "white").save(raw, "PNG")
    marked = Image.open(io.BytesIO(highlighted(raw.getvalue(), [(40, 40, 10, 10)], (50, 50), 50)))
    assert marked.getcolors() == [(2500, (255, 255, 255))]


def test_what_quotes_nothing_is_not_called_quoted(assistant: FakeAssistant) -> None:
    answer = replace(assistant.ask(Question("recommend")), citations=(), passages=(), answer="Ask a new question.")
    page = drawn(Shown("start over", answer.answer, answer))
    assert "Ask a new question." in page
    assert "Quoted from" not in page
    assert "Copy with sources" not in page
