"""A bad file costs itself and nothing else: it ends in time, says what is wrong, and its good pages are kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import odd_files
import pytest
from factories import brief
from fakes import WordHashEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_files import BURIED, SAID
from readings import printed

from assistant.building import build
from assistant.errors import DocumentRefused
from assistant.reading import child, sandbox
from assistant.reading.sandbox import Limits
from assistant.reading.sheets import Box, Sheet, as_shown, turned
from assistant.reading.words import clean
from assistant.records import Reading
from assistant.settings import Settings

QUICK = Limits(seconds=6)
# A page may take a quarter of it: enough for a child to start on a machine that is busy with other things.
HANGING = Limits(seconds=10)
PASSWORD = "open sesame"  # noqa: S105 - of a file made here


def words(reading: Reading) -> str:
    return " ".join(word.text for block in reading.blocks for word in block.words)


def protected(folder: Path) -> Path:
    return odd_files.write(folder, "minutes", odd_files.REFUSED["user's password"][0]())


def slow_page() -> bytes:
    """Content that takes PDFium some 15 seconds, where HANGING grants a page 2.5 of them."""
    return odd_files.SAY * 3_000_000


# --- what is refused, and why ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "reason"), odd_files.REFUSED.values(), ids=odd_files.REFUSED.keys())
def test_a_file_in_which_nothing_can_be_read_is_refused_with_a_reason(
    make: Callable[[], bytes], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(DocumentRefused) as refused:
        odd_files.read_here(odd_files.write(tmp_path, "file", make()))
    assert refused.value.reason == reason
    assert refused.value.detail.endswith(".")


@pytest.mark.parametrize("make", odd_files.DAMAGED.values(), ids=odd_files.DAMAGED.keys())
def test_what_can_be_recovered_of_a_damaged_file_is_read_and_the_damage_told(
    make: Callable[[], bytes], tmp_path: Path
) -> None:
    reading = odd_files.read_here(odd_files.write(tmp_path, "file", make()))
    assert words(reading) == SAID
    assert reading.warnings == ((0, "the file is damaged; 1 of 1 pages recovered"),)
    assert reading.blocks[0].words[0].x0 == pytest.approx(72, abs=1)


def test_a_protected_file_is_refused_with_what_to_write_into_the_settings(tmp_path: Path) -> None:
    with pytest.raises(DocumentRefused, match=r'assistant\.toml.*\[passwords\].*"minutes\.pdf" = ') as refused:
        sandbox.read(protected(tmp_path), QUICK)
    assert refused.value.reason == sandbox.ENCRYPTED
    with pytest.raises(DocumentRefused, match="does not open it") as wrong:
        sandbox.read(protected(tmp_path), QUICK, "guessed")
    assert "guessed" not in wrong.value.detail


def test_a_protected_file_is_read_once_its_password_is_set_and_the_password_stays_out_of_the_index(
    tmp_path: Path,
) -> None:
    (tmp_path / "corpus").mkdir()
    protected(tmp_path / "corpus")
    without = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    assert [each["reason"] for each in build(without, embedder=WordHashEmbedder()).failed] == ["encrypted"]
    given_password = Settings(without.corpus, without.index, passwords={"minutes.pdf": PASSWORD})
    report = build(given_password, embedder=WordHashEmbedder())
    assert (report.documents, report.failed) == (1, [])
    assert PASSWORD not in repr(given_password)
    for file in (tmp_path / "index").rglob("*"):
        assert not file.is_file() or PASSWORD.encode() not in file.read_bytes()


def test_names_without_a_file_behind_them_are_refused_and_the_rest_is_indexed(tmp_path: Path) -> None:
    odd_files.not_files(tmp_path)
    brief(tmp_path / "good.pdf")
    report = build(Settings(corpus=tmp_path, index=tmp_path / "index"), embedder=WordHashEmbedder())
    assert report.documents == 1
    refused = {each["document"]: each["reason"] for each in report.failed}
    assert refused == dict.fromkeys(("pipe.pdf", "loop.pdf", "nowhere.pdf"), "not a file")


# --- what it may cost ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_page_that_hangs_costs_that_page_alone(tmp_path: Path) -> None:
    file = odd_files.write(
        tmp_path, "slow", odd_files.pages_of(odd_files.text(SAID, y=500), slow_page(), odd_files.text(SAID, y=400))
    )
    reading = sandbox.read(file, HANGING)
    assert [page.number for page in reading.pages] == [1, 3]
    assert words(reading) == f"{SAID} {SAID}"
    assert reading.warnings == ((2, "the page takes longer than 2.5 seconds to read and was left out"),)


@pytest.mark.slow
def test_a_file_whose_only_page_hangs_is_refused(tmp_path: Path) -> None:
    file = odd_files.write(tmp_path, "slow", odd_files.pages_of(slow_page()))
    with pytest.raises(DocumentRefused, match=r"Page 1 took longer than 2\.5 seconds") as refused:
        sandbox.read(file, HANGING)
    assert refused.value.reason == sandbox.TIMED_OUT


def test_a_long_file_read_by_two_processes_gives_what_one_gives(tmp_path: Path) -> None:
    pages = [odd_files.text(f"Page {n} says something else.", y=300 + n) for n in range(60)]
    file = odd_files.write(tmp_path, "long", odd_files.pages_of(*pages))
    assert sandbox.read(file, QUICK) == odd_files.read_here(file)


@pytest.mark.slow
def test_a_page_that_hangs_in_the_later_half_of_a_long_file_costs_that_page_alone(tmp_path: Path) -> None:
    pages = [odd_files.text(f"Page {n} says something else.", y=300 + n) for n in range(50)]
    pages[44] = slow_page()
    reading = sandbox.read(odd_files.write(tmp_path, "long", odd_files.pages_of(*pages)), HANGING)
    assert [page for page, _ in reading.warnings] == [45]
    assert len(reading.pages) == 49


def test_pages_that_would_be_begun_too_late_are_named(tmp_path: Path) -> None:
    file = odd_files.write(tmp_path, "long", odd_files.pages_of(*[odd_files.SAY] * 3))
    task_is_over = {"seconds": -1}
    with pytest.raises(DocumentRefused, match=r"pages 1 to 3 were not read \(setting read_seconds\)"):
        odd_files.read_here(file, **task_is_over)


def test_a_file_with_too_many_pages_or_letters_is_refused(tmp_path: Path) -> None:
    file = odd_files.write(tmp_path, "long", odd_files.pages_of(*[odd_files.SAY] * 3))
    for limit in ({"pages": 2}, {"characters": 50}):
        with pytest.raises(DocumentRefused, match="setting read_") as refused:
            odd_files.read_here(file, **limit)
        assert refused.value.reason == "too large"


@pytest.mark.slow
def test_a_page_with_a_flood_of_words_is_cut_and_told(tmp_path: Path) -> None:
    reading = odd_files.read_here(odd_files.write(tmp_path, "flood", odd_files.ODD["hundred thousand words"]()))
    assert 1000 < len(words(reading).split()) <= 20_000
    assert any("more than 20,000 words" in why for _, why in reading.warnings)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_child_ends_with_its_parent_and_shows_no_password(tmp_path: Path) -> None:
    file = odd_files.write(tmp_path, "slow", odd_files.pages_of(slow_page()))
    code = (
        "import sys; from pathlib import Path; from assistant.reading.sandbox import Limits, read\n"
        "read(Path(sys.argv[1]), Limits(seconds=100), sys.stdin.readline().strip())"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, text=True)
    assert parent.stdin is not None
    parent.stdin.write(f"{PASSWORD}\n")
    parent.stdin.close()
    try:
        number = _eventually(lambda: _child_of(parent.pid))
        # By then the child has got its task.
        _eventually(lambda: _busy(number))
        shown = Path(f"/proc/{number}/cmdline").read_bytes() + Path(f"/proc/{number}/environ").read_bytes()
        assert PASSWORD.encode() not in shown
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _eventually(lambda: not _runs(number))


def _child_of(parent: int) -> int:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return int(found.stdout.split()[0]) if found.stdout.split() else 0


def _busy(number: int) -> bool:
    """It has used half a second of the processor: more than its start takes."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) > 0.5 * os.sysconf("SC_CLK_TCK")


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _eventually(happens: Callable[[], int]) -> int:
    for _ in range(200):
        if found := happens():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen within ten seconds")


@pytest.mark.slow
@pytest.mark.timeout(60)  # ten times what the sandbox grants it
@pytest.mark.parametrize("name", odd_files.ODD)
def test_whatever_comes_of_an_odd_file_it_ends(name: str, tmp_path: Path) -> None:
    file = odd_files.write(tmp_path, "odd", odd_files.ODD[name]())
    try:
        said = words(sandbox.read(file, QUICK))
    except DocumentRefused as refusal:
        said = refusal.detail
    assert said
    assert BURIED not in said


# --- what holds for all pages ----------------------------------------------------------------------------------------

WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyzáñçß", min_size=2, max_size=12), min_size=1, max_size=60)
SIZES = st.floats(10, 2000)


@settings(deadline=None, max_examples=60)
@given(said=WORDS)
def test_no_word_of_a_page_is_lost_or_moved(said: list[str]) -> None:
    lines = [said[start : start + 8] for start in range(0, len(said), 8)]
    glyphs = tuple(word for row, line in enumerate(lines) for word in printed(" ".join(line), top=200 + 14.0 * row))
    sheet = Sheet(1, "1", 612, 792, "", glyphs, (), (), False)
    assert [word.text for block in child.blocks([sheet]) for word in block.words] == said


@given(text=st.text(max_size=40))
def test_cleaning_keeps_every_letter_and_digit_in_order(text: str) -> None:
    from unicodedata import category, normalize

    meant = [c for c in normalize("NFKC", text) if category(c)[0] in "LNMPS"]
    assert [c for c in clean(text) if category(c)[0] in "LNMPS"] == meant
    assert not any(category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") for c in clean(text))


@given(width=SIZES, height=SIZES, turn=st.integers(0, 3), share=st.tuples(*[st.floats(0, 1)] * 4))
def test_a_place_on_a_turned_page_lies_on_the_page_as_shown(
    width: float, height: float, turn: int, share: tuple[float, float, float, float]
) -> None:
    xs, ys = sorted(share[:2]), sorted(share[2:])
    box: Box = (xs[0] * width, ys[0] * height, xs[1] * width, ys[1] * height)
    x0, top, x1, bottom = as_shown(turned(box, turn, width, height), turn, width, height)
    assert (x0, top, x1, bottom) == pytest.approx(box, abs=1e-6)
    assert -1e-6 <= x0 <= x1 <= width + 1e-6
    assert -1e-6 <= top <= bottom <= height + 1e-6
