from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import shelf

from assistant.errors import IndexUnwritable
from assistant.indexing.record_store import RecordDamaged, RecordStore, Vectors, record_key

RECORD = shelf.record("Costs fell by nine percent. Wages rose.", "Nobody was trained in time.", title="Wages")


@pytest.fixture
def store(tmp_path: Path) -> RecordStore:
    store = RecordStore(tmp_path / "records")
    store.write("a" * 32, RECORD)
    return store


def test_a_record_comes_back_as_it_was_written(store: RecordStore) -> None:
    read = store.read("a" * 32)
    for name in ("document", "sha256", "size", "reader", "fingerprint", "pages", "passages", "warnings"):
        assert getattr(read, name) == getattr(RECORD, name)
    for each in fields(Vectors):
        assert np.array_equal(getattr(read.vectors, each.name), getattr(RECORD.vectors, each.name))


def test_a_document_without_passages_can_be_kept(store: RecordStore) -> None:
    empty = shelf.record(title="Blank pages")
    store.write("b" * 32, empty)
    assert store.read("b" * 32).passages == ()
    assert len(store.vectors("b" * 32).tokens) == 0


def test_the_key_changes_with_the_file_the_reader_and_the_model() -> None:
    keys = {record_key(*parts) for parts in (("f", "r", "m"), ("F", "r", "m"), ("f", "R", "m"), ("f", "r", "M"))}
    assert len(keys) == 4


def test_a_record_written_again_takes_the_place_of_the_old_one(store: RecordStore) -> None:
    other = shelf.record("Something else was learned.", title="Other")
    store.write("a" * 32, other)
    assert store.read("a" * 32).document.title == "Other"
    assert store.keys() == ["a" * 32]


def test_what_an_interrupted_run_left_is_no_record(store: RecordStore) -> None:
    (store.folder / "tmpabc.new").mkdir()
    (store.folder / "tmpabc.new" / "document.json").write_text("{}")
    (store.folder / ("c" * 32)).mkdir()
    assert store.keys() == ["a" * 32]
    assert not store.has("c" * 32)
    store.keep_only(["a" * 32])
    assert [path.name for path in store.folder.iterdir()] == ["a" * 32]


@pytest.mark.parametrize("name", ["tokens.npy", "passages.json", "document.json"])
def test_a_record_whose_file_was_cut_off_counts_as_missing(store: RecordStore, name: str) -> None:
    path = store.folder / ("a" * 32) / name
    path.write_bytes(path.read_bytes()[:-3])
    assert not store.has("a" * 32)


def test_a_record_with_one_wrong_byte_is_not_read(store: RecordStore) -> None:
    path = store.folder / ("a" * 32) / "tokens.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(RecordDamaged, match=r"tokens\.npy"):
        store.read("a" * 32)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "records").write_text("a file stands in the way")
    with pytest.raises(IndexUnwritable, match="Cannot write"):
        RecordStore(tmp_path / "records").write("a" * 32, RECORD)
