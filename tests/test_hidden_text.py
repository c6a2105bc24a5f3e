"""Words that nobody sees on the page are no evidence; words that somebody sees are never lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import odd_files
import pytest
from odd_files import BURIED, SAID

from assistant.records import Reading


def read(data: bytes, folder: Path) -> Reading:
    """What the child process would give, read in this one for speed."""
    return odd_files.read_here(odd_files.write(folder, "file", data))


def words(reading: Reading) -> str:
    return " ".join(word.text for block in reading.blocks for word in block.words)


@pytest.mark.parametrize(("make", "reason"), odd_files.HIDDEN.values(), ids=odd_files.HIDDEN.keys())
def test_hidden_text_is_left_out_and_told(make: Callable[[], bytes], reason: str, tmp_path: Path) -> None:
    reading = read(make(), tmp_path)
    assert words(reading) == SAID
    [(page, told)] = reading.warnings
    assert page == 1
    assert told.startswith("hidden text was left out: 8 words")
    assert reason in told


@pytest.mark.parametrize("make", odd_files.VISIBLE.values(), ids=odd_files.VISIBLE.keys())
def test_visible_text_is_read_without_a_warning(make: Callable[[], bytes], tmp_path: Path) -> None:
    reading = read(make(), tmp_path)
    assert words(reading).startswith((SAID, "Office staff", "Evaluación"))
    assert reading.warnings == ()
    for block in reading.blocks:
        for word in block.words:
            page = reading.pages[word.page - 1]
            assert 0 <= word.x0 < word.x1 <= page.width
            assert 0 <= word.top < word.bottom <= page.height


def test_the_raw_text_of_a_page_still_holds_what_was_hidden(tmp_path: Path) -> None:
    assert BURIED in read(odd_files.HIDDEN["invisible letters"][0](), tmp_path).pages[0].text


@pytest.mark.parametrize("name", ["scan with its text behind", "scan over its text"])
def test_the_text_layer_of_a_scan_is_kept_and_named_as_such(name: str, tmp_path: Path) -> None:
    reading = read(odd_files.VISIBLE[name](), tmp_path)
    assert reading.pages[0].ocr
    assert all(block.ocr for block in reading.blocks)


def test_invisible_letters_over_a_picture_do_not_count_beside_visible_words(tmp_path: Path) -> None:
    long = b"".join(odd_files.text(SAID, y=100 + 20 * line) for line in range(20))
    hidden = odd_files.text(BURIED, y=650, before="3 Tr")
    reading = read(odd_files.pictured(odd_files.PICTURE + long + hidden), tmp_path)
    assert "Ignore" not in words(reading)
    assert not reading.pages[0].ocr


@pytest.mark.parametrize("name", ["turned page", "text that runs up", "text that runs down"])
def test_words_of_turned_text_are_placed_where_they_are_shown(name: str, tmp_path: Path) -> None:
    [block] = read(odd_files.VISIBLE[name](), tmp_path).blocks
    tops = [word.top for word in block.words]
    assert max(word.x0 for word in block.words) - min(word.x0 for word in block.words) < 1
    assert tops == sorted(tops, reverse=name == "text that runs up")


def test_text_along_an_axis_is_read_beside_the_text_of_the_page(tmp_path: Path) -> None:
    reading = read(odd_files.ODD["mixed directions"](), tmp_path)
    assert [words(Reading((), (block,))) for block in reading.blocks] == [SAID, "Number of households"]
