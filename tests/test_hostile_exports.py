"""What leaves as a file acts on nobody, whatever stands in it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from fakes_assistant import HOSTILE
from fakes_comparing import TwoDocuments
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt

from assistant.faces.exporting.formats import FORMATS
from assistant.faces.rendering import answer_json
from assistant.faces.service import create_app
from assistant.records import Question
from assistant.settings import Settings
from assistant.staff.conversations import Conversations
from assistant.staff.store import StaffStore

FORMULA = '=HYPERLINK("http://evil.example")'
WORDS = f"{HOSTILE} see http://evil.example/bare www.evil.example a@evil.example"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A kept answer whose every word is hostile, in every format, and the register of findings like it."""
    folder = tmp_path_factory.mktemp("exported")
    assistant = TwoDocuments(folder)
    client = TestClient(create_app(assistant, Settings(index=folder)), base_url="http://127.0.0.1:7860")
    kept = Conversations(StaffStore(folder))
    answer = json.dumps(answer_json(assistant.ask(Question(f"{FORMULA} hostile {WORDS}"))))
    value = json.loads(answer.replace(json.dumps(HOSTILE)[1:-1], json.dumps(f"{FORMULA} {WORDS}")[1:-1]))
    token = kept.keep(kept.begin("", "hostile"), value)
    files = {f"answer.{form}": client.get(f"/answers/{token}.{form}").content for form in FORMATS}
    tables = ("csv", "xlsx", "docx", "md")
    return files | {f"register.{form}": client.get(f"/api/v1/register?format={form}").content for form in tables}


def named(files: dict[str, bytes], ending: str) -> list[bytes]:
    return [content for name, content in files.items() if name.endswith(ending)]


def test_no_office_file_fetches_computes_or_links(exported: dict[str, bytes]) -> None:
    for content in (*named(exported, "docx"), *named(exported, "xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert not [name for name in parts.namelist() if re.search("external|vba|embed|media", name, re.I)]
            for name in parts.namelist():
                text = parts.read(name).decode("utf-8", "replace")
                assert 'TargetMode="External"' not in text, name
                assert not re.search(r"<f[ >]|<w:(fldSimple|instrText|hyperlink|object)|<hyperlink", text), name
                assert "\u202e" not in text


def test_no_cell_of_a_table_begins_a_formula(exported: dict[str, bytes]) -> None:
    for content in named(exported, "csv"):
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert any("evil.example" in cell for row in rows for cell in row)
        assert not [cell for row in rows for cell in row if re.match(r"\s*[=+\-@]", cell)]


def test_markdown_shows_the_same_words_and_has_no_link_picture_or_html(exported: dict[str, bytes]) -> None:
    for content in named(exported, "md"):
        text = content.decode()
        html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
        assert not re.search(r"<(a|img|script|i|b|iframe)\b", html)
        assert "![p](http://evil.example/p.png)" in html.replace("&quot;", '"')
        # What GitHub makes links of, it finds in the signs as they are written.
        assert not re.search(r"://|www\.|\w@", re.sub(r"\\.", "", text))
        assert "\u202e" not in text


def test_lists_of_sources_hold_one_record_for_each_source_whatever_stands_in_it(exported: dict[str, bytes]) -> None:
    ris, bib = exported["answer.ris"].decode(), exported["answer.bib"].decode()
    assert re.findall(r"(?m)^(TY|ER)  - ", ris) == ["TY", "ER"]
    assert len(re.findall(r"(?m)^@", bib)) == 1
    assert "\u202e" not in ris + bib
