"""The register leaves in formats that people work with, and nothing in it can act there."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
import registered

from assistant.answering.aliases import Aliases
from assistant.answering.register import Filters, Register, register
from assistant.errors import UsageError
from assistant.faces.exporting.files import MEDIA_TYPES
from assistant.faces.exporting.register import COLUMNS, EXPORTERS, export, untitled
from assistant.records import Kind


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Register:
    library = registered.library(tmp_path_factory.mktemp("export"))
    return register(library, Filters(kinds=(Kind.RECOMMENDATION,)), Aliases())


def test_json_has_the_keys_of_an_entry_in_order(found: Register) -> None:
    entries = json.loads(export(found, "json"))
    assert [tuple(entry) for entry in entries] == [COLUMNS] * 3
    assert entries[0]["title_of_document"] == "Evaluation of Rural Wells"
    assert entries[0]["addressee"] == "MINISTRY OF WORKS"


def test_a_table_opens_in_a_spreadsheet_with_a_row_for_each_entry(found: Register) -> None:
    import openpyxl

    rows = list(csv.reader(io.StringIO(export(found, "csv").decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(export(found, "xlsx")))["Register"]
    assert [tuple(str(cell or "") for cell in row) for row in sheet.values] == [tuple(row) for row in rows]
    assert len(rows) == 4


@pytest.mark.parametrize("form", ["docx", "md", "table"])
def test_what_people_read_names_entry_place_and_coverage(found: Register, form: str) -> None:
    import docx

    made = export(found, form)
    text = made.decode() if form != "docx" else "\n".join(p.text for p in docx.Document(io.BytesIO(made)).paragraphs)
    for words in (
        "Pay for spare parts for three more years",
        "water.pdf, p. 1",
        "3 recommendations in 1 of 3 documents",
    ):
        assert words in text


def test_a_finding_cannot_become_a_formula_or_break_a_file(found: Register) -> None:
    hostile = replace(found.entries[0], text='=HYPERLINK("http://evil.example")\x07', title="@SUM(A1)")
    bad = replace(found, entries=(hostile,))
    row = next(iter(csv.DictReader(io.StringIO(export(bad, "csv").decode("utf-8-sig")))))
    assert row["text"].startswith("'=")
    assert row["title"].startswith("'@")
    for form in EXPORTERS:
        assert export(bad, form)


def test_an_unknown_format_is_told(found: Register) -> None:
    assert EXPORTERS.keys() <= MEDIA_TYPES.keys()
    with pytest.raises(UsageError, match="table, json, csv, xlsx, docx, md"):
        export(found, "pdf")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("2. Train mechanics. Two in each district.", "Two in each district."),
        ("Good practice 2: Train mechanics\nTwo in each district.", "Two in each district."),
        ("2. Train mechanics in each district.", "2. Train mechanics in each district."),
        ("2. Train mechanics.", "2. Train mechanics."),
        ("2. Pumps break where nobody mends them. Train mechanics. Two will do.", None),
    ],
)
def test_a_title_is_shown_once_and_no_word_of_the_text_is_lost(found: Register, text: str, rest: str | None) -> None:
    entry = replace(found.entries[0], number="2", title="Train mechanics", text=text)
    assert untitled(entry) == (rest or text)
