"""What somebody who means harm may send: nothing is let out, nothing is changed, and every reply is safe."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import factories
import odd_files
import pytest
from fakes import WordHashEmbedder
from fakes_assistant import HOSTILE, FakeAssistant
from fakes_comparing import TwoDocuments
from fastapi import FastAPI
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt
from signed_in import ADDRESS, OURS, app_of, people, signed_in, visiting
from test_guard import DATA, JOIN, addresses

from assistant.building import build
from assistant.errors import PageMissing
from assistant.faces.exporting.formats import FORMATS
from assistant.faces.pages.comparing import page as compare
from assistant.faces.rendering import answer_json
from assistant.faces.service import create_app
from assistant.faces.texts import texts
from assistant.faces.web.visitors import Visitor
from assistant.faces.web.warmth import Warmth
from assistant.pipeline import Assistant
from assistant.records import Answer, Person, Question, Role
from assistant.settings import Settings
from assistant.staff.conversations import Conversations
from assistant.staff.sign_ins import SignIns
from assistant.staff.store import StaffStore

NEIGHBOUR = "http://127.0.0.1:9999"
"""Another service on this machine, which browsers take for the same site."""
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": NEIGHBOUR},
    {"Origin": "null"},
)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")
"""What a page may send to another site without asking."""


class Breaks(TwoDocuments):
    """Something goes wrong in it that nobody thought of."""

    def search(self, question: Question, top: int = 10) -> Any:
        raise RuntimeError(f"of {question.text}")


@pytest.fixture(scope="module")
def sign_ins(tmp_path_factory: pytest.TempPathFactory) -> SignIns:
    return people(tmp_path_factory.mktemp("index"))


@pytest.fixture(scope="module")
def app(sign_ins: SignIns, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    app = app_of(Breaks(tmp_path_factory.mktemp("library")), sign_ins)
    with TestClient(app):
        yield app


@pytest.fixture
def rosa(app: FastAPI, sign_ins: SignIns) -> TestClient:
    return signed_in(app, sign_ins, "rosa")


@pytest.fixture(scope="module")
def anybody(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """Somebody on the machine itself, where nobody has an account."""
    folder = tmp_path_factory.mktemp("alone")
    sign_ins = people(folder / "index")
    for account in sign_ins.accounts.all():
        sign_ins.accounts.remove(account.name)
    return visiting(app_of(TwoDocuments(folder), sign_ins))


# --- the headers of every reply ---------------------------------------------------------------------------------------

REPLIES = (
    *(
        ("GET", path, 200)
        for path in ("/", "/register", "/search", "/compare", "/library", "/history", "/openapi.json")
    ),
    *(("GET", path, 200) for path in ("/theme.css", "/favicon.ico", "/robots.txt", "/healthz", "/api/v1/documents")),
    ("GET", "/signin", 303),
    ("GET", "/language/es?to=search", 303),
    ("GET", "/gaps", 403),
    ("GET", "/nowhere", 404),
    ("GET", "/answers/nothing", 404),
    ("GET", "/assets/nothing.js", 404),
    ("GET", "/static/..%2froutes.py", 403),
    ("GET", "/gradio_api/upload", 404),
    ("DELETE", "/api/v1/ask", 404),
    ("POST", "/api/v1/ask", 422),
    ("POST", "/api/v1/search", 500),
)


@pytest.mark.parametrize(("method", "path", "status"), REPLIES)
def test_every_reply_says_what_a_browser_may_do_with_it(rosa: TestClient, method: str, path: str, status: int) -> None:
    sent: dict[str, Any] = {"json": {"question": "Who?"}} if status == 500 else {}
    reply = rosa.request(method, path, headers={"Origin": NEIGHBOUR} if method == "GET" else OURS, **sent)
    assert reply.status_code == status
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    assert reply.headers["cross-origin-opener-policy"] == "same-origin"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in reply.headers["permissions-policy"]
    assert not [name for name in reply.headers if name.startswith("access-control-")], "nobody else may read it"
    policy = directives(reply.headers["content-security-policy"])
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy.get("object-src", policy["default-src"]) == ["'none'"]
    assert not [each for values in policy.values() for each in values if "." in each or "*" in each or each == "http:"]
    assert path.startswith(("/theme", "/favicon", "/assets", "/static", "/gradio")) or (
        reply.headers["cache-control"] == "no-store"
    )


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (each.split() for each in policy.split(";"))}


@pytest.mark.parametrize("path", ["/register", "/search?question=Who", "/compare", "/library", "/history", "/signin"])
def test_our_own_pages_run_their_own_script_alone(anybody: TestClient, path: str) -> None:
    policy = directives(anybody.get(path, follow_redirects=True).headers["content-security-policy"])
    if path == "/signin":  # leads on to the Ask page, which is gradio's
        return
    assert policy["default-src"] == ["'none'"]
    assert "unsafe" not in json.dumps(policy)
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy["script-src"][0])


def test_an_error_that_nobody_thought_of_repeats_nothing(rosa: TestClient) -> None:
    reply = rosa.post("/api/v1/search", json={"question": "who was dismissed"})
    assert reply.json() == {"error": "Something unexpected happened. The log of the server says what."}


# --- what other pages make a browser send -----------------------------------------------------------------------------


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("key", [{}, {"Authorization": "Bearer nobody-has-it"}])
def test_no_other_page_changes_anything_where_nobody_signs_in(
    anybody: TestClient, headers: dict[str, str], key: dict[str, str]
) -> None:
    """Least of all with a key, for which a browser lets a page skip nothing but the cookie."""
    app: Any = anybody.app
    walked = {path for method, path in addresses(app.routes) if method == "POST"}
    assert {"/library/upload", "/library/remove", "/answers/1/mark", "/mcp", JOIN, "/export", "/compare"} <= walked
    for path in sorted(walked):
        for form in FORMS:
            reply = anybody.post(path, content=b"a=b", headers={**headers, **key, "Content-Type": form})
            closed = path.startswith("/gradio_api/") or path.startswith("/login")
            assert reply.status_code == 403 or (closed and reply.status_code == 404), path


@pytest.mark.parametrize("path", ["/library/remove", "/library/upload", "/api/v1/ask", JOIN, "/mcp"])
def test_no_browser_is_told_that_another_page_may_send_more(anybody: TestClient, path: str) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    for headers in FOREIGN:
        reply = anybody.options(path, headers=headers | asking)
        assert reply.status_code in (403, 404)
        assert "access-control-allow-origin" not in reply.headers


def test_a_key_of_a_person_needs_no_page_of_ours(app: FastAPI, sign_ins: SignIns) -> None:
    key = {"Authorization": f"Bearer {sign_ins.accounts.new_key('rosa')}"}
    assert visiting(app).post("/api/v1/ask", json={"question": "Who?"}, headers=FOREIGN[0] | key).status_code == 200


def test_who_has_not_signed_in_is_no_curator(app: FastAPI, tmp_path: Path, sign_ins: SignIns) -> None:
    """The open pages show nothing to curators alone: why the model cannot be loaded names folders of the server."""
    warmth = Warmth(FakeAssistant(tmp_path))
    warmth.failure = "/srv/secret/model cannot be loaded."
    served = create_app(FakeAssistant(tmp_path), Settings(index=tmp_path), warmth, sign_ins)
    reply = visiting(served).get("/readyz")
    assert (reply.status_code, "secret" in reply.text) == (503, False)
    assert "/srv/secret/model" in signed_in(served, sign_ins, "carla").get("/readyz").text


# --- files ------------------------------------------------------------------------------------------------------------

ELSEWHERE = (
    *("..%2f..%2f..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "/etc/passwd", "....//....//etc/passwd", "..%5c..%5cetc"),
    *("%2e%2e/%2e%2e/etc/passwd", "etc/passwd%00.pdf", "%c0%ae%c0%ae/etc/passwd", "file:%2f%2f%2fetc%2fpasswd"),
)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_no_address_leads_to_a_file_outside_the_library(rosa: TestClient, name: str) -> None:
    for path in (
        *(f"/api/v1/files/{name}", f"/api/v1/pages/{name}/1.png", f"/static/{name}", f"/assets/{name}"),
        *(f"/gradio_api/file={name}", f"/file={name}", f"/svelte/{name}", f"/answers/x.{name}", f"/compare/{name}"),
        *(f"//gradio_api/file={name}", f"/gradio_api/queue/../file={name}"),
    ):
        reply = rosa.get(path)
        assert reply.status_code in (400, 403, 404), path
        assert "root:" not in reply.text


@pytest.mark.parametrize("page", ["0", "-1", "4", "9223372036854775808", "9" * 60])
def test_a_page_that_is_not_there_is_told_so_whatever_its_number(library: Assistant, page: str) -> None:
    with pytest.raises(PageMissing):
        library.page_size("open.pdf", int(page))


def test_a_file_named_in_what_the_ask_page_sends_is_not_opened(tmp_path: Path) -> None:
    file = {"path": "/etc/passwd", "url": f"{NEIGHBOUR}/x", "meta": {"_type": "gradio.FileData"}, "orig_name": "a.pdf"}
    asking, loading = [file, file, json.dumps({"filters": {"document": [file]}})], [file]
    # What the page does on the server goes on between requests, so all of them belong into one loop.
    with TestClient(create_app(FakeAssistant(tmp_path), Settings(index=tmp_path)), base_url=ADDRESS) as client:
        for data in (asking, loading):
            handler = {3: 0, 1: 3}[len(data)]
            asked = {"data": data, "fn_index": handler, "session_hash": "hostile page", "event_data": file}
            assert client.post(JOIN, json=asked).status_code == 200
        heard = client.get(DATA, params={"session_hash": "hostile page"}).text
    assert heard.count("process_completed") == 2
    assert "root:" not in heard


NO_REQUESTS = (b"[" * 200_000, b'{"a":' * 200_000, b"\xff\xfe", b'"text"', b"[1]", b"{}", b"")
IN_JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("body", NO_REQUESTS)
@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/search", "/api/v1/export", JOIN, "/gradio_api/cancel"])
def test_a_body_that_is_no_request_is_refused(rosa: TestClient, path: str, body: bytes) -> None:
    assert rosa.post(path, content=body, headers=IN_JSON).status_code in (400, 422)


def test_a_body_that_is_no_call_of_a_tool_is_refused(tmp_path: Path) -> None:
    with TestClient(create_app(FakeAssistant(tmp_path), Settings(index=tmp_path)), base_url=ADDRESS) as client:
        assert {client.post("/mcp", content=body, headers=IN_JSON).status_code for body in NO_REQUESTS} == {400}


def test_a_length_of_thousands_of_digits_is_too_large(rosa: TestClient) -> None:
    reply = rosa.post("/api/v1/ask", content=b"{}", headers={"Content-Length": "9" * 5000})
    assert reply.status_code == 413


# --- files that leave -------------------------------------------------------------------------------------------------

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


# --- links in the corpus ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that is a link itself, with links in it: to a file inside, to one outside, to a folder outside."""
    place = tmp_path_factory.mktemp("shelf")
    (place / "kept").mkdir()
    (place / "corpus").symlink_to(place / "kept")
    factories.brief(place / "kept" / "open.pdf")
    factories.brief(place / "outside.pdf", "Private letters of the director", ("Nobody was to read of the 31 wells.",))
    (place / "outside").mkdir()
    factories.brief(place / "outside" / "more.pdf", "More private letters", ("Nobody was to read of 12 boats.",))
    (place / "kept" / "inside.pdf").symlink_to("open.pdf")
    (place / "kept" / "link.pdf").symlink_to(place / "outside.pdf")
    (place / "kept" / "folder").symlink_to(place / "outside")
    return place


@pytest.fixture(scope="module")
def library(shelf: Path) -> Assistant:
    settings = Settings(corpus=shelf / "corpus", index=shelf / "index")
    report = build(settings, embedder=WordHashEmbedder())
    assert [(each["document"], each["reason"]) for each in report.failed] == [("link.pdf", "link outside")]
    return Assistant(settings, embedder=WordHashEmbedder())


def test_a_link_that_leads_out_of_the_corpus_is_refused_and_one_inside_is_read(library: Assistant) -> None:
    assert [row.document for row in library.documents() if not row.refused] == ["inside.pdf", "open.pdf"]
    assert library.pdf_path("inside.pdf").is_file()
    for name in ("link.pdf", "folder/more.pdf"):
        with pytest.raises(PageMissing):
            library.pdf_path(name)


def test_a_file_that_became_a_link_to_one_outside_is_not_served(library: Assistant, shelf: Path) -> None:
    kept, moved = shelf / "kept" / "open.pdf", shelf / "moved.pdf"
    shutil.move(kept, moved)
    kept.symlink_to(moved)
    try:
        with pytest.raises(PageMissing):
            library.pdf_path("open.pdf")
    finally:
        kept.unlink()
        shutil.move(moved, kept)


# --- what readers learn of restricted documents -----------------------------------------------------------------------

KEPT = "secret/quarry.pdf"
BROKEN = "secret/dismissals.pdf"
QUESTIONS = (
    *("How many pits did the inspectors find?", "What is a QIP?", "What does QIP stand for?", "quarrry inspecshun"),
    *("What was recommended to the ministry?", "List all recommendations", "List all lessons", "How many documents?"),
    *("Which documents speak of pits?", "What do the documents on quarries have in common?", "start over", "hello"),
    *("What did the Evaluation of the Quarry Inspection Pilot find?", "Compare the two evaluations", "unlicenced"),
    *("Is there anything on Quarry Inspection Pilot?", "girls enrolled", "How strong is the evidence?"),
)


def readers_view(folder: Path, *, with_kept: bool) -> Assistant:
    """The library as readers see it, with or without a document that is kept from them."""
    corpus = folder / "corpus"
    factories.brief(corpus / "open.pdf")
    (corpus / "documents.csv").write_text(f"file,access\n{KEPT},curators\n{BROKEN},curators\n", "utf-8")
    if with_kept:
        words = (factories.PARAGRAPH, "The Quarry Inspection Pilot (QIP) found 57 unlicensed pits in the quarries.")
        factories.brief(corpus / KEPT, "Evaluation of the Quarry Inspection Pilot", words)
        shutil.copy(corpus / KEPT, corpus / "secret" / "copy of quarry.pdf")
        odd_files.write(corpus / "secret", "dismissals", b"no PDF")
    settings = Settings(corpus=corpus, index=folder / "index")
    build(settings, embedder=WordHashEmbedder())
    return Assistant(settings, embedder=WordHashEmbedder()).seen_by(Role.READER)


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> list[Assistant]:
    return [readers_view(tmp_path_factory.mktemp("view"), with_kept=kept) for kept in (True, False)]


def test_for_a_reader_a_restricted_document_might_as_well_not_be_there(views: list[Assistant]) -> None:
    assert views[0].documents() == views[1].documents()
    assert views[0].examples(20) == views[1].examples(20)
    assert views[0].register() == views[1].register()
    assert views[0].finding_counts() == views[1].finding_counts()
    assert views[0].families().keys() == views[1].families().keys()
    for question in QUESTIONS:
        kept, without = (told(view.ask(Question(question))) for view in views)
        assert kept == without, question
        found, absent = ({hit.passage for hit in view.search(Question(question), 50).passages} for view in views)
        assert found == absent, question


def told(answer: Answer) -> tuple[Any, ...]:
    """What a reader is told; how near a passage is to the question depends on how rare its words are."""
    passages = sorted(hit.passage.id for hit in answer.passages)
    return answer.answer, answer.understood, answer.mode, answer.citations, passages, answer.coverage


def test_a_comparison_of_a_curator_is_gone_for_who_became_a_reader() -> None:
    as_curator, as_reader = (compare.owner(Visitor(Person("ana", role), texts("en"))) for role in Role)
    assert as_curator != as_reader


def test_whoever_gets_a_name_that_was_removed_does_not_find_what_was_said_under_it(tmp_path: Path) -> None:
    accounts = people(tmp_path).accounts
    kept = Conversations(StaffStore(tmp_path))
    theirs = kept.begin("rita", "Who was dismissed?")
    answer = kept.keep(theirs, {"question": "Who was dismissed?", "generation": 1, "refused": False})
    own = kept.begin("rosa", "Who was hired?")
    kept.keep(own, {"question": "Who was hired?", "generation": 1, "refused": False})
    kept.mark(answer, "rosa", useful=False, comment="a word in private")
    accounts.remove("rosa")
    accounts.add("rosa", Role.READER, "another four good words")
    assert (kept.of("rosa"), kept.answers(own, "rosa"), kept.mark_of(answer, "rosa")) == ((), (), None)
    assert kept.answer(answer) is not None
