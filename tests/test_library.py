import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np
import pytest
import shelf

from assistant.errors import IndexBusy, IndexMissing, IndexUnusable, IndexUnwritable, PageMissing
from assistant.indexing.arrays import TOKEN_DIMENSIONS
from assistant.indexing.assembling import Wanted, assemble
from assistant.indexing.generations import Refused, live_generation, writing
from assistant.indexing.library import Library
from assistant.records import Kind

WAGES = shelf.record("Costs fell by nine percent. Wages rose in the mines.", "Nobody was trained.", title="Wages")
BOATS = shelf.record("Boats were bought late.", title="", kind=Kind.RECOMMENDATION, section="Recommendations")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shelf.shelve(tmp_path, [("2024/wages.pdf", WAGES), ("boats.pdf", BOATS)])
    return tmp_path


@pytest.fixture
def library(folder: Path) -> Library:
    return Library.open(folder, "word-hash")


def search(library: Library, text: str) -> str:
    _, [row] = library.search_vectors(shelf.EMBEDDER.embed_question(text).vector, 1)
    [passage] = library.passages([library.sentence_passages[row]])
    sentence = passage.sentences[library.sentence_numbers[row]]
    return passage.text[sentence.start : sentence.end]


def segment_file(folder: Path, name: str) -> Path:
    [found] = folder.glob(name)
    return found


class TestALibrary:
    def test_finds_the_sentence_of_a_vector(self, library: Library) -> None:
        assert search(library, "did wages rise in mines") == "Wages rose in the mines."

    def test_gives_passages_as_they_were_read_under_the_names_of_their_files(self, library: Library) -> None:
        [boats, wages] = library.passages([2, 0])
        assert (boats.document, boats.kind, boats.text) == ("boats.pdf", Kind.RECOMMENDATION, "Boats were bought late.")
        assert (wages.document, wages.id) == ("2024/wages.pdf", f"{shelf.key_of(WAGES)[:12]}-0")
        assert wages.spans == WAGES.passages[0].spans
        assert wages.sentences == WAGES.passages[0].sentences
        assert library.passage(wages.id) == wages
        assert library.passage("unknown-1") is None

    def test_finds_words_under_the_same_rows(self, library: Library) -> None:
        assert [row for row, _ in library.search_words("boat", 5)] == [2]

    def test_selects_rows_by_document_and_kind(self, library: Library) -> None:
        assert list(library.rows()) == [0, 1, 2]
        assert list(library.rows(documents=["2024/wages.pdf"])) == [0, 1]
        assert list(library.rows(kinds=[Kind.RECOMMENDATION])) == [2]
        assert list(library.rows(documents=["2024/wages.pdf"], kinds=[Kind.RECOMMENDATION])) == []
        assert list(library.rows(documents=["unknown.pdf"])) == []
        of_boats = library.vector_rows(library.rows(documents=["boats.pdf"]))
        assert list(library.sentence_passages[of_boats]) == [2]

    def test_gives_the_token_vectors_of_a_passage(self, library: Library) -> None:
        tokens, scales, pieces = library.tokens(1)
        [encoded] = shelf.EMBEDDER.embed_passages(["Nobody was trained."], ["Wages > Lessons"], [[]])
        assert np.array_equal(tokens, encoded.tokens)
        assert np.array_equal(scales, encoded.scales)
        assert list(pieces) == shelf.EMBEDDER.word_pieces("Wages Lessons Nobody was trained")

    def test_weighs_rare_word_pieces_more(self, library: Library) -> None:
        common, rare, unknown = library.idf(np.array(shelf.EMBEDDER.word_pieces("lessons boats zebra"), np.int32))
        assert common < rare < unknown
        assert rare == pytest.approx(np.log(1 + (3 - 1 + 0.5) / (1 + 0.5)))

    def test_gives_pages_with_their_raw_text(self, library: Library) -> None:
        assert library.page("boats.pdf", 1).text == "Boats were bought late."
        assert library.page("boats.pdf", 1).label == "iv"
        for document, number in (("boats.pdf", 2), ("unknown.pdf", 1)):
            with pytest.raises(PageMissing):
                library.page(document, number)

    def test_names_a_document_without_a_title_by_its_file(self, library: Library) -> None:
        document = library.document("boats.pdf")
        assert document is not None
        assert (document.title, document.labels, document.key) == ("boats", ("iv",), shelf.key_of(BOATS))
        assert library.document("unknown.pdf") is None
        assert [warning.page for warning in library.warnings] == [1, 1]

    def test_can_be_asked_by_many_threads(self, library: Library) -> None:
        def ask(row: int) -> tuple[str, int]:
            return library.passages([row % 3])[0].text, len(library.tokens(row % 3)[0])

        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(ask, range(300)))) == 3

    def test_may_be_empty(self, tmp_path: Path) -> None:
        shelf.shelve(tmp_path, [])
        empty = Library.open(tmp_path, "word-hash")
        assert len(empty) == 0
        assert empty.search_words("boats", 5) == []
        assert len(empty.search_vectors(np.ones(TOKEN_DIMENSIONS, np.float32), 5)[1]) == 0


class TestAGeneration:
    def test_stays_when_nothing_changed(self, folder: Path) -> None:
        assert shelf.shelve(folder, [("boats.pdf", BOATS), ("2024/wages.pdf", WAGES)]) == 1

    def test_costs_nothing_to_rename(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assistant.indexing.record_store._write", None)  # nothing may be made anew
        assert shelf.shelve(folder, [("moved/wages.pdf", WAGES), ("boats.pdf", BOATS)]) == 2
        library = Library.open(folder, "word-hash")
        assert [d.name for d in library.documents] == ["boats.pdf", "moved/wages.pdf"]
        assert library.passages(library.rows(documents=["moved/wages.pdf"]))[0].document == "moved/wages.pdf"

    def test_is_swapped_in_whole_while_the_last_one_is_read(self, folder: Path, library: Library) -> None:
        shelf.shelve(folder, [("boats.pdf", BOATS)])
        assert live_generation(folder) == 2
        assert len(Library.open(folder, "word-hash")) == 1
        assert search(library, "did wages rise in mines") == "Wages rose in the mines."
        assert len(library.tokens(0)[0]) > 0

    def test_leaves_nothing_behind_when_it_is_two_old(self, folder: Path) -> None:
        shelf.shelve(folder, [("boats.pdf", BOATS)])
        shelf.shelve(folder, [("ships.pdf", BOATS)])
        assert sorted(path.name for path in folder.glob("generations/*")) == [
            *("2.json", "2.relations.json"),
            *("3.json", "3.relations.json"),
        ]
        assert len(list(folder.glob("segments/*"))) == 1  # a new name alone needs no new segment
        assert [path.name for path in folder.glob("records/*")] == [shelf.key_of(BOATS)]

    def test_is_not_live_before_it_is_complete(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("assistant.indexing.new_parts.settle", fail)
        with pytest.raises(IndexUnwritable, match="No space left"):
            shelf.shelve(folder, [("boats.pdf", BOATS)])
        assert len(Library.open(folder, "word-hash")) == 3
        monkeypatch.undo()
        assert shelf.shelve(folder, [("boats.pdf", BOATS)]) == 2

    def test_remembers_what_was_refused(self, folder: Path) -> None:
        members = (("2024/wages.pdf", shelf.key_of(WAGES)), ("boats.pdf", shelf.key_of(BOATS)))
        refused = (Refused("locked.pdf", "encrypted", "It asks for a password."),)
        for _ in range(2):
            with writing(folder):
                made = assemble(folder, Wanted(members, "word-hash", shelf.READER, refused))
            assert made.generation == 2
        assert Library.open(folder, "word-hash").refused == refused


class TestAnIndexThatCannotBeUsed:
    def test_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMissing):
            Library.open(tmp_path / "nowhere", "word-hash")

    def test_was_made_with_another_model(self, folder: Path) -> None:
        with pytest.raises(IndexUnusable, match="another embedding model"):
            Library.open(folder, "another")

    def test_was_made_by_another_version(self, folder: Path) -> None:
        path = folder / "generations" / "1.json"
        path.write_text(json.dumps({"schema": 4, **json.loads(path.read_text())["manifest"]}))
        with pytest.raises(IndexUnusable, match="another version"):
            Library.open(folder, "word-hash")

    @pytest.mark.parametrize(
        "name", ["segments/*/vectors.faiss", "segments/*/rows.sqlite", "segments/*/arrays.npz", "words/*/meta.json"]
    )
    @pytest.mark.parametrize("harm", ["lost", "cut off", "one bit wrong"])
    def test_is_damaged_and_mended_by_the_next_run(self, folder: Path, name: str, harm: str) -> None:
        path = segment_file(folder, name)
        data = path.read_bytes()
        path.unlink()
        if harm == "cut off":
            path.write_bytes(data[:-1])
        elif harm == "one bit wrong":
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(IndexUnusable, match=Path(name).name):
            Library.open(folder, "word-hash")
        shelf.shelve(folder, [("2024/wages.pdf", WAGES), ("boats.pdf", BOATS)])
        assert len(Library.open(folder, "word-hash")) == 3

    def test_has_a_manifest_that_is_no_json(self, folder: Path) -> None:
        (folder / "generations" / "1.json").write_text("{")
        with pytest.raises(IndexUnusable, match="damaged"):
            Library.open(folder, "word-hash")
        shelf.shelve(folder, [("boats.pdf", BOATS)])
        assert len(Library.open(folder, "word-hash")) == 1

    def test_lost_a_record(self, folder: Path) -> None:
        (folder / "records" / shelf.key_of(BOATS) / "tokens.npy").unlink()
        with pytest.raises(IndexUnusable, match=r"boats\.pdf"):
            Library.open(folder, "word-hash")
        shelf.shelve(folder, [("2024/wages.pdf", WAGES), ("boats.pdf", BOATS)])
        assert len(Library.open(folder, "word-hash").tokens(2)[0]) > 0

    def test_has_a_wrong_bit_in_a_record(self, folder: Path) -> None:
        path = folder / "records" / shelf.key_of(BOATS) / "tokens.npy"
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(IndexUnusable, match=r"record of boats\.pdf, its file tokens\.npy is damaged"):
            Library.open(folder, "word-hash")

    def test_has_a_wrong_bit_in_the_list_of_what_it_holds(self, folder: Path) -> None:
        path = folder / "generations" / "1.json"
        path.write_text(path.read_text().replace("Wages", "Wagen", 1))
        with pytest.raises(IndexUnusable, match="damaged"):
            Library.open(folder, "word-hash")


def hold(folder: Path, held: Event, done: Event) -> None:
    with writing(folder):
        held.set()
        done.wait(20)


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(tmp_path, held, done))
    other.start()
    try:
        assert held.wait(20)
        with pytest.raises(IndexBusy), writing(tmp_path):
            pass
    finally:
        done.set()
        other.join(20)
    with writing(tmp_path):
        pass


def test_an_index_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnwritable), writing(tmp_path / "file" / "index"):
        pass
