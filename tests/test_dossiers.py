"""Answers leave in formats that people work with: whole, with how they were made, and nothing in them can act there."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from fakes_assistant import DOCUMENT, HOSTILE, QUOTES, TITLE, FakeAssistant

from assistant.errors import UsageError
from assistant.faces.exporting.bibliography import works
from assistant.faces.exporting.dossiers import Dossier, of_answers, of_passages
from assistant.faces.exporting.files import MEDIA_TYPES, disposition, safe
from assistant.faces.exporting.footnotes import footnote
from assistant.faces.exporting.formats import COLUMNS, FORMATS, export, inactive
from assistant.faces.rendering import answer_json
from assistant.faces.texts import texts
from assistant.records import Question
from assistant.staff.conversations import Kept

ASKED_AT = "2026-03-04T10:22:33+00:00"
NASTY = '=cmd|" /C calc"!A0 \\input{x} {un}balanced} 50% & $5 #1 a_b ~ ^ \x07\u202e\ud800 <b> é 日本'


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> FakeAssistant:
    return FakeAssistant(tmp_path_factory.mktemp("library"))


def dossier(assistant: FakeAssistant, *questions: str, language: str = "en") -> Dossier:
    rows: dict[str, Any] = {row.document: row for row in assistant.documents()}
    answers = [answer_json(assistant.ask(Question(question))) for question in questions]
    kept = [Kept("token", "talk", "ana", ASKED_AT, each["question"], each, each["generation"]) for each in answers]
    return of_answers(questions[0], kept, rows, texts(language))


@pytest.fixture(scope="module")
def recommended(assistant: FakeAssistant) -> Dossier:
    return dossier(assistant, "What was recommended?")


@pytest.fixture(scope="module")
def hostile(assistant: FakeAssistant) -> Dossier:
    made = dossier(assistant, f"hostile {HOSTILE}")
    excerpts = tuple(
        replace(each, quote=NASTY, title=NASTY, context=NASTY, organisations=(NASTY,), section=NASTY, link=NASTY)
        for each in made.excerpts
    )
    return replace(made, parts=(replace(made.parts[0], excerpts=excerpts),))


def cells(made: bytes, sheet: str) -> list[list[str]]:
    values = openpyxl.load_workbook(io.BytesIO(made))[sheet].values
    return [[str("" if cell is None else cell) for cell in row] for row in values]


def rows_of(made: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made.decode("utf-8-sig"))))


def words_of(made: bytes) -> str:
    document = docx.Document(io.BytesIO(made))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + tables)


def bibtex_of(made: str) -> list[tuple[str, dict[str, str]]]:
    """Entries with their fields, by counting braces as BibTeX does."""
    entries = []
    for found in re.finditer(r"@techreport\{([^,]+),", made):
        fields, at = {}, found.end()
        while field := re.match(r"\s*(\w+) = (\{|\w+),?", made[at:]):
            at += field.end()
            value = field[2]
            if value == "{":
                start, depth = at, 1
                while depth:
                    depth += {"{": 1, "}": -1}.get(made[at], 0)
                    at += 1
                value = made[start : at - 1]
                at += made[at] == ","
            fields[field[1]] = value
        assert made[at:].lstrip().startswith("}"), "the braces do not balance"
        entries.append((found[1], fields))
    return entries


def ris_of(made: bytes) -> list[list[tuple[str, str]]]:
    entries: list[list[tuple[str, str]]] = []
    lines = made.decode().split("\r\n")
    assert lines.pop() == ""
    for line in lines:
        found = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert found, line
        if found[1] == "TY":
            entries.append([])
        entries[-1].append((found[1], found[2]))
    assert all(entry[-1] == ("ER", "") for entry in entries)
    return entries


def test_every_format_has_a_type_and_an_unknown_one_is_told(recommended: Dossier) -> None:
    assert FORMATS.keys() <= MEDIA_TYPES.keys()
    with pytest.raises(UsageError, match="docx, xlsx, md, csv, json, bib, ris"):
        export(recommended, "pdf")


def test_what_people_read_has_question_answer_sources_and_how_it_was_made(recommended: Dossier) -> None:
    for text in (words_of(export(recommended, "docx")), export(recommended, "md").decode().replace("\\", "")):
        for words in (
            "What was recommended?",
            "The evaluation asks the ministry to take over the cost of supervision:",
            *QUOTES,
            "[2]",
            f"Ministry of Education, {TITLE} (May 2024), p. 2 (printed page ii).",
            "Asked 2026-03-04 10:22 UTC",
            "state of the library: no. 3",
            "no language model wrote any of it",
            "checked letter by letter",
        ):
            assert words in text


def test_a_word_document_has_headings_quotes_lists_and_tables(assistant: FakeAssistant) -> None:
    document = docx.Document(io.BytesIO(export(dossier(assistant, "List the lessons"), "docx")))
    [table] = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Document", "Lessons"],
        ["Final Evaluation", "2"],
    ]
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold]
    assert "2 lessons" in bold
    numbered = [paragraph.text for paragraph in document.paragraphs if paragraph.paragraph_format.left_indent]
    assert [text[:3] for text in numbered] == ["1. ", "2. "]
    assert {"Title", "Heading 2", "Quote"} <= {
        paragraph.style.name for paragraph in document.paragraphs if paragraph.style
    }


def test_a_table_has_a_row_for_each_citation_with_all_that_finds_it_again(recommended: Dossier) -> None:
    rows = rows_of(export(recommended, "csv"))
    assert [row["quote"] for row in rows] == list(QUOTES)
    assert tuple(rows[0]) == COLUMNS
    second = rows[1]
    assert (second["page"], second["page_label"], second["document"]) == ("2", "ii", DOCUMENT)
    assert (second["question"], second["asked_at"], second["generation"]) == ("What was recommended?", ASKED_AT, "3")
    assert "letter by letter" in second["statement"]
    made = export(recommended, "xlsx")
    assert cells(made, "Sources") == [list(COLUMNS)] + [list(row.values()) for row in rows]
    assert any("letter by letter" in cell for row in cells(made, "Statement") for cell in row)


def test_json_is_the_contract_s_answer_with_the_statement(recommended: Dossier, assistant: FakeAssistant) -> None:
    made = json.loads(export(recommended, "json"))
    statement = made.pop("statement")
    assert made == answer_json(assistant.ask(Question("What was recommended?")))
    assert (statement["asked_at"], statement["generation"]) == (ASKED_AT, 3)


def test_a_reference_manager_gets_one_entry_for_each_document(recommended: Dossier) -> None:
    [(key, fields)] = bibtex_of(export(recommended, "bib").decode())
    assert (fields["year"], fields["month"]) == ("2024", "may")
    assert fields["author"] == "{Ministry of Education}"
    assert fields["title"] == f"{{{TITLE}}}"
    assert fields["type"] == "evaluation report"
    assert fields["note"].startswith(r"Pages cited: 2. File: education/final evaluation \#2.pdf")
    assert "What was recommended?" in fields["annote"]
    [entry] = ris_of(export(recommended, "ris"))
    assert entry[0] == ("TY", "RPRT")
    for line in (("ID", key), ("TI", TITLE), ("AU", "Ministry of Education"), ("PY", "2024"), ("DA", "2024/05")):
        assert line in entry
    notes = [value for tag, value in entry if tag == "N1"]
    assert notes[0].startswith("Pages cited: 2.")
    assert ASKED_AT in notes[1]
    assert "letter by letter" in notes[1]


def test_keys_stay_the_same_and_tell_documents_apart(recommended: Dossier) -> None:
    [first] = recommended.parts
    names = ("a/Report.pdf", "b/Report.pdf", "Отчёт.pdf", "日本.pdf", "a/Report.pdf")
    excerpts = tuple(replace(first.excerpts[0], document=name, title="Other") for name in names)
    keys = [work.key for work in works(replace(recommended, parts=(replace(first, excerpts=excerpts),)))]
    assert len(set(keys)) == len(keys) == 4
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)
    assert keys[0] == "report-b49ea0", "kept bibliographies point to it"


def test_the_pages_of_a_document_are_told_once_in_order(recommended: Dossier) -> None:
    [part] = recommended.parts
    places = ((12, 12), (3, 4), (12, 12))
    excerpts = tuple(replace(part.excerpts[0], page=page, page_end=end) for page, end in places)
    [work] = works(replace(recommended, parts=(replace(part, excerpts=excerpts),)))
    assert work.pages == ("3–4", "12")


def test_hostile_words_do_nothing_in_any_format(hostile: Dossier) -> None:
    made = {form: export(hostile, form) for form in FORMATS}
    for sheet in (
        rows_of(made["csv"]),
        [dict(zip(COLUMNS, row, strict=True)) for row in cells(made["xlsx"], "Sources")],
    ):
        assert all(not str(cell).startswith(("=", "+", "-", "@")) for row in sheet for cell in row.values())
    [(_, fields)] = bibtex_of(made["bib"].decode())
    assert r"\textbackslash{}input\textbraceleft{}x\textbraceright{}" in fields["title"]
    assert r"50\% \& \$5 \#1 a\_b \textasciitilde{} \textasciicircum{}" in fields["title"]
    assert "é 日本" in fields["title"]
    assert not set("{} \\") & set(fields["url"])
    [entry] = ris_of(made["ris"])
    assert [tag for tag, _ in entry].count("ER") == 1
    markdown = made["md"].decode()
    assert re.search(r"(?<!\\)(<|\]\()", markdown) is None, "a link, a picture or HTML"
    for text in (markdown, made["bib"].decode(), made["ris"].decode(), made["csv"].decode(), words_of(made["docx"])):
        assert not set("\u202e\x07") & set(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Said [1] and [2].", "Said [1] and [2]."),
        ("[1](http://evil.example)", r"\[1\](http\://evil.example)"),
        ("![p](http://evil.example/p.png)", r"!\[p\](http\://evil.example/p.png)"),
        ("See WWW.evil.example or a@evil.example", r"See WWW\.evil.example or a\@evil.example"),
        (r"http\://kept as it is", r"http\://kept as it is"),
        (r"\[kept\] \<b>", r"\[kept\] \<b>"),
        ("<script>`x`", r"\<script>\`x\`"),
    ],
)
def test_markdown_keeps_its_citations_and_loses_what_acts(text: str, kept: str) -> None:
    assert inactive(text) == kept


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "\n=1+1", "＝1", "@SUM(A1)", "-2+3", "\t=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert str(safe(text)).startswith("'")


def test_a_refusal_is_told_and_has_no_list_of_sources(assistant: FakeAssistant) -> None:
    refused = dossier(assistant, "Who won?")
    [row] = rows_of(export(refused, "csv"))
    assert (row["question"], row["quote"]) == ("Who won?", "")
    assert "not to hold an answer" in row["statement"]
    assert "letter by letter" not in row["statement"]
    for text in (words_of(export(refused, "docx")), export(refused, "md").decode()):
        assert "Nearest passages" in text
        assert "The programme reached 412 schools" in text
    for form in ("bib", "ris"):
        with pytest.raises(UsageError, match="Nothing is cited"):
            export(refused, form)


def test_a_conversation_holds_all_its_answers(assistant: FakeAssistant) -> None:
    whole = dossier(assistant, "What was recommended?", "List the lessons")
    assert [each["question"] for each in json.loads(export(whole, "json"))["answers"]] == [
        "What was recommended?",
        "List the lessons",
    ]
    assert len(rows_of(export(whole, "csv"))) == 5
    assert len(bibtex_of(export(whole, "bib").decode())) == 1
    for text in (words_of(export(whole, "docx")), export(whole, "md").decode()):
        assert "List the lessons" in text
        assert "entries of the register" in text


def test_a_written_answer_says_which_model_wrote_it_and_what_was_taken_out(assistant: FakeAssistant) -> None:
    made = answer_json(assistant.ask(Question("What was recommended?"))) | {
        "mode": "generative",
        "writing": {"model": "qwen3:8b", "prompt": "ab12", "checked": 7, "removed": 2, "failure": ""},
        "understood": "What was recommended to the ministry?",
    }
    kept = Kept("token", "talk", "ana", ASKED_AT, made["question"], made, 3)
    statement = of_answers("x", [kept], {}, texts("en")).parts[0].statement.made
    for words in (
        "qwen3:8b, prompts ab12",
        "7 sentences",
        "2 that these did not",
        "understood as: What was recommended to",
    ):
        assert words in statement


def test_chosen_passages_say_that_no_answer_was_made(assistant: FakeAssistant) -> None:
    rows: dict[str, Any] = {row.document: row for row in assistant.documents()}
    chosen = of_passages("", assistant.quotes(["p2", "p0"]), 1, 3, rows, texts("en"))
    assert [excerpt.quote for excerpt in chosen.excerpts] == [QUOTES[2], QUOTES[0]]
    for form in FORMATS:
        assert export(chosen, form)
    made = json.loads(export(chosen, "json"))
    assert "no answer was made of them" in made["statement"]["made"]
    assert "left out: 1" in made["statement"]["made"]
    assert "Chosen passages" in words_of(export(chosen, "docx"))


def test_the_statement_speaks_the_language_of_the_reader(assistant: FakeAssistant) -> None:
    text = words_of(export(dossier(assistant, "What was recommended?", language="es"), "docx"))
    assert "Fuentes" in text
    assert "letra por letra" in text


def test_a_footnote_leaves_out_what_is_not_known(recommended: Dossier) -> None:
    first = replace(recommended.excerpts[0], page=12, page_end=13, page_label="xii", title="Rural\n Wells")
    works_ministry = replace(first, organisations=("Ministry of Works", "Wells Fund"), date="2024")
    assert footnote(first, works_ministry) == (
        "Ministry of Works, Wells Fund, Rural Wells (2024), pp. 12–13 (printed page xii)."
    )
    assert footnote(replace(first, page_label="12", page_end=12)) == "Rural Wells, p. 12."
    assert footnote(first, replace(first, organisations=(), date="spring 2024")).startswith("Rural Wells (spring 2024)")


@pytest.mark.parametrize(
    ("title", "ascii_name", "whole"),
    [
        ("Qué se recomendó?", "Que-se-recomendo.docx", "Qu%C3%A9%20se%20recomend%C3%B3.docx"),
        ('../..\\"x\r\nSet-Cookie: a', "x-Set-Cookie-a.docx", "x%20Set-Cookie%20a.docx"),
        ("日本", "export.docx", "%E6%97%A5%E6%9C%AC.docx"),
        ("", "export.docx", "export.docx"),
    ],
)
def test_a_download_has_a_name_that_every_system_takes(title: str, ascii_name: str, whole: str) -> None:
    assert disposition(title, "docx") == f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{whole}"


def test_what_was_exported_opens_from_a_file(recommended: Dossier, tmp_path: Path) -> None:
    for form in ("docx", "xlsx"):
        (tmp_path / f"answer.{form}").write_bytes(export(recommended, form))
    assert docx.Document(str(tmp_path / "answer.docx")).core_properties.title == "What was recommended?"
    assert openpyxl.load_workbook(tmp_path / "answer.xlsx").sheetnames == ["Sources", "Statement"]
