"""A library in many segments answers like one in a single segment, whatever came, went and came back."""

from __future__ import annotations

import os
import random
from pathlib import Path

import numpy as np
import pytest
import shelf

from assistant.indexing import assembling, generations
from assistant.indexing.generations import live_manifest
from assistant.indexing.library import Library
from assistant.records import Kind

TOPICS = ("wells", "boats", "schools", "unions", "roads", "clinics", "markets", "courts", "forests", "bridges")
REPORTS = {
    f"{topic}.pdf": shelf.record(
        f"The {topic} were repaired by the district in {2010 + n}.",
        f"Nobody had trained the people who keep the {topic}. Fees for {topic} fell.",
        title=f"Evaluation of {topic}",
        kind=Kind.LESSON if n % 2 else Kind.RECOMMENDATION,
    )
    for n, topic in enumerate(TOPICS)
}


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of an index whose segments are as small as can be."""
    monkeypatch.setattr(assembling, "SMALL", 1)
    monkeypatch.setattr(assembling, "MOST_PARTS", 3)
    return tmp_path


def shelve(folder: Path, *names: str) -> Library:
    shelf.shelve(folder, [(f"{name}.pdf", REPORTS[f"{name}.pdf"]) for name in names])
    return Library.open(folder, shelf.EMBEDDER.fingerprint)


def told(library: Library) -> list[object]:
    """Everything that the library says to some questions, scores of words aside."""
    said: list[object] = [[document.name for document in library.documents], sorted(library.vocabulary._counts.items())]
    for topic in TOPICS:
        question = shelf.EMBEDDER.embed_question(f"fees for {topic}")
        scores, rows = library.search_vectors(question.vector, 3)
        said.append([round(float(score), 5) for score in scores])
        said.append(sorted(p.text for p in library.passages(library.sentence_passages[rows])))
        if library.document(f"{topic}.pdf"):
            said.append([library.passages([row])[0].text for row, _ in library.search_words(f"repaired {topic}", 1)])
        said.append([p.id for p in library.passages(library.rows([f"{topic}.pdf"]))])
        said.append([[len(part) for part in library.tokens(row)] for row in library.rows([f"{topic}.pdf"])])
        said.append([list(map(len, [library.sentence_vectors(int(r))])) for r in library.rows([f"{topic}.pdf"])])
    said.append([library.passages([row])[0].text for row in library.rows(kinds=[Kind.LESSON])])
    return said


def test_documents_that_come_and_go_leave_what_an_index_built_from_nothing_has(many: Path) -> None:
    chance = random.Random(7)
    held: set[str] = set()
    for step in range(12):
        held ^= set(chance.sample(TOPICS, 3))
        library = shelve(many, *held)
        alone = many / f"alone-{step}"
        assert told(library) == told(shelve(alone, *held)), f"step {step}"
        assert len(live_manifest(many).parts) <= 3


def test_one_more_document_is_a_segment_of_its_own_and_touches_no_file_of_the_others(many: Path) -> None:
    shelve(many, "wells", "boats")
    before = {path: path.stat().st_mtime_ns for path in many.glob("segments/*/*")}
    shelve(many, "wells", "boats", "roads")
    after = {path: path.stat().st_mtime_ns for path in many.glob("segments/*/*")}
    assert {path: after[path] for path in before} == before
    assert len({path.parent for path in after}) == 2
    shared = [path for path in many.glob("words/*/*") if path.stat().st_nlink > 1]
    assert shared, "the words of the first two are linked, not copied"


def test_a_removed_document_is_found_by_nothing(many: Path) -> None:
    shelve(many, "wells", "boats", "roads")
    library = shelve(many, "wells", "roads")
    assert library.search_words("boats", 5) == []
    assert "boats" not in library.vocabulary
    question = shelf.EMBEDDER.embed_question("fees for boats fell")
    found = library.passages(library.sentence_passages[library.search_vectors(question.vector, 50)[1]])
    assert {passage.document for passage in found} == {"wells.pdf", "roads.pdf"}
    assert library.passage(f"{shelf.key_of(REPORTS['boats.pdf'])[:12]}-0") is None


def test_a_document_that_comes_back_costs_no_new_segment(many: Path) -> None:
    shelve(many, "wells", "boats", "roads", "unions")
    shelve(many, "wells", "roads", "unions")
    library = shelve(many, "wells", "boats", "roads", "unions")
    assert len(live_manifest(many).parts) == 1
    assert [library.passages([row])[0].document for row, _ in library.search_words("boats", 2)] == ["boats.pdf"] * 2


def test_a_segment_that_lost_many_documents_is_written_anew(many: Path) -> None:
    shelve(many, *TOPICS[:8])
    shelve(many, *TOPICS[:3])
    [part] = live_manifest(many).parts
    assert len(part.held) == 3


def test_what_somebody_may_not_see_is_found_by_nothing(many: Path) -> None:
    shelve(many, "wells", "boats")
    library = shelve(many, "wells", "boats", "roads").without({"boats.pdf"})
    assert told(library)[0] == ["roads.pdf", "wells.pdf"]
    assert "boats" not in library.vocabulary
    assert library.search_words("boats", 5) == []
    assert library.document("boats.pdf") is None
    assert library.passage(f"{shelf.key_of(REPORTS['boats.pdf'])[:12]}-0") is None
    assert all(p.document != "boats.pdf" for p in library.passages(library.rows()))
    _, rows = library.search_vectors(shelf.EMBEDDER.embed_question("boats").vector, 50)
    assert np.all(library.sentence_passages[rows] >= 0)


def test_an_open_library_lends_its_segments_to_the_next(many: Path) -> None:
    first = shelve(many, "wells", "boats")
    shelf.shelve(many, [(name, REPORTS[name]) for name in ("wells.pdf", "boats.pdf", "roads.pdf")])
    second = Library.open(many, shelf.EMBEDDER.fingerprint, first)
    assert first._parts.readers.items() <= second._parts.readers.items()
    assert len(second.documents) == 3


def test_a_damaged_segment_is_made_again_from_the_records(many: Path) -> None:
    shelve(many, "wells", "boats")
    shelve(many, "wells", "boats", "roads")
    manifest = live_manifest(many)
    path = many / "segments" / manifest.parts[0].id / "rows.sqlite"
    data = path.read_bytes()
    path.unlink()  # a file that others have open keeps its bytes
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    members = tuple((name, shelf.key_of(REPORTS[name])) for name in ("boats.pdf", "roads.pdf", "wells.pdf"))
    with generations.writing(many):
        wanted = assembling.Wanted(members, shelf.EMBEDDER.fingerprint, shelf.READER)
        made = assembling.assemble(many, wanted)
    assert "rows.sqlite is damaged" in made.mended[0]
    assert len(Library.open(many, shelf.EMBEDDER.fingerprint).documents) == 3


def test_near_copies_are_told_when_the_second_arrives(many: Path) -> None:
    text = [" ".join(f"word{(n * 7 + m) % 400}" for m in range(30)) + "." for n in range(12)]
    draft = shelf.record(*text, title="Draft of a report")
    final = shelf.record(*text[:11], "Its last paragraph is another one.", title="Final report")
    shelf.shelve(many, [("draft.pdf", draft), ("wells.pdf", REPORTS["wells.pdf"])])
    shelf.shelve(many, [("draft.pdf", draft), ("final.pdf", final), ("wells.pdf", REPORTS["wells.pdf"])])
    library = Library.open(many, shelf.EMBEDDER.fingerprint)
    [told] = [each for each in library.warnings if "nearly the same" in each.reason]
    assert told.document == "final.pdf"
    assert "draft.pdf" in told.reason
    assert not any("nearly" in each.reason for each in library.without({"draft.pdf"}).warnings)


def test_an_index_can_be_served_by_another_user(many: Path) -> None:
    before = os.umask(0o022)
    try:
        shelve(many, "wells")
    finally:
        os.umask(before)
    assert all(path.stat().st_mode & 0o005 == 0o005 for path in many.rglob("*") if path.is_dir())
