"""The hostile files beside the project: each is read or refused with a reason, in time, and none takes more with it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.errors import DocumentRefused
from assistant.reading import sandbox
from assistant.reading.sandbox import Limits

MAKER = Path(__file__).resolve().parents[3] / "shared" / "hostile" / "make_hostile.py"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not MAKER.is_file(), reason="the hostile files are not here")]
LIMITS = Limits(seconds=20)
SAID = "The programme reached 4,212 households."
READ = {
    *("plain", "rotated_page", "junk_prefix_2000", "missing_xref", "truncated_half", "truncated_in_xref"),
    *("count_lies_1e9", "pages_cycle", "nested_arrays_content_50000", "nested_arrays_object_20000"),
    *("xref_prev_self", "js_openaction", "launch_action", "bomb_flate_8MB_text_ops"),
    *("hidden_text_mode3", "hidden_text_white", "hidden_text_offpage", "hidden_text_tiny"),
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all the hostile files."""
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(MAKER), str(folder)], check=True, capture_output=True)
    return folder


def said(path: Path) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The words of a file, or the reason why it is refused; and its warnings."""
    try:
        reading = sandbox.read(path, LIMITS)
    except DocumentRefused as refusal:
        return f"{refusal.reason}: {refusal.detail}", ()
    return " ".join(word.text for block in reading.blocks for word in block.words), reading.warnings


def test_every_hostile_file_ends_in_time_with_words_or_a_reason(hostile: Path) -> None:
    files = sorted(hostile.iterdir())
    assert len(files) >= 43
    for path in files:
        clock = time.monotonic()
        words, warnings = said(path)
        assert words or warnings, f"{path.stem} is neither read nor refused"
        assert time.monotonic() - clock < 2 * LIMITS.seconds, path.stem
        if path.stem in READ:
            assert words == SAID, path.stem
        if path.stem.startswith("hidden"):
            assert any(told.startswith("hidden text was left out") for _, told in warnings), path.stem
        if path.stem.startswith(("truncated", "junk", "missing")):
            assert warnings == ((0, "the file is damaged; 1 of 1 pages recovered"),), path.stem
