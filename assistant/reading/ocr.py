"""Scanned pages read by the program Tesseract, where it is installed: words with their places."""

from __future__ import annotations

import html
import os
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.reading.sheets import Glyphs

RESOLUTION = 300  # picture points per inch; Tesseract's makers advise at least that
MOST_PICTURE_POINTS = 30_000_000
LANGUAGES = ("eng", "spa")
SURE = 40  # of 100; words that Tesseract itself trusts less are mostly specks, lines and parts of pictures
WORTH_A_WARNING = 0.2  # of the words of a page left out: the scan is hard to read
ALIKE = 0.14  # lines of one size of type are measured this far apart
INSTALL = "install Tesseract (on Debian and Ubuntu: apt install tesseract-ocr; on a Mac: brew install tesseract)"
NOT_READ = f"the page is a scan and was not read: {INSTALL}, then index again"

LINE = re.compile(r"<span class='ocr_(?:line|header|caption|textfloat)'[^>]*title=\"([^\"]*)\"")
WORD = re.compile(r"<span class='ocrx_word'[^>]*title='([^']*)'[^>]*>(.*?)</span>", re.S)
BLOCK = re.compile(r"<p class='ocr_par'")
BOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")
BASELINE = re.compile(r"baseline (-?[\d.]+) (-?[\d.]+)")
SIZE = re.compile(r"x_size ([\d.]+)")
DESCENT = re.compile(r"x_descenders (-?[\d.]+)")
CONFIDENCE = re.compile(r"x_wconf (\d+)")
HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words of a page in reading order, its text line by line, and the share of words that was too unsure."""

    glyphs: tuple[Glyphs, ...]
    text: str
    unsure: float


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: its words with boxes in picture points, its baseline (slope, height at x = 0) and type size."""

    words: list[tuple[str, float, float]]
    slope: float
    base: float
    size: float
    descent: float


@lru_cache(1)
def program() -> str:
    """Where Tesseract is; '' where it is not installed."""
    return shutil.which("tesseract") or ""


@lru_cache(1)
def languages() -> str:
    """Those of our languages that Tesseract has data for, joined as it wants them; '' when it has none."""
    if not program():
        return ""
    listed = subprocess.run([program(), "--list-langs"], capture_output=True, text=True, check=False, timeout=30)
    there = set((listed.stdout + listed.stderr).split())
    return "+".join(language for language in LANGUAGES if language in there)


def scale_for(width: float, height: float) -> float:
    """Picture points for a point of a page of that size in points."""
    return float(min(RESOLUTION / 72, (MOST_PICTURE_POINTS / max(1.0, width * height)) ** 0.5))


def recognised(picture: Any, scale: float, seconds: float) -> Recognised | None:
    """What stands on a grey PIL picture with scale picture points per point; None when it takes too long or fails."""
    header = b"P5 %d %d 255\n" % picture.size
    dots = max(70, round(72 * scale))
    command = [program(), "stdin", "stdout", "-l", languages(), "--dpi", str(dots), "--psm", "3", "hocr"]
    try:
        done = subprocess.run(
            command,
            input=header + picture.tobytes(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            preexec_fn=die_with_parent,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    return _page(done.stdout.decode("utf-8", "replace"), scale) if done.returncode == 0 else None


def die_with_parent() -> None:
    """End this process when the one that started it ends (Linux; elsewhere the limits of time end it)."""
    if sys.platform == "linux":
        import ctypes
        import signal

        set_signal_on_parents_death = 1  # PR_SET_PDEATHSIG, prctl(2)
        ctypes.CDLL(None).prctl(set_signal_on_parents_death, signal.SIGKILL)


def _page(hocr: str, scale: float) -> Recognised:
    glyphs: list[Glyphs] = []
    text: list[str] = []
    sure = unsure = 0
    lines = []
    for part in LINE.split(hocr)[1:]:
        if "bbox" in part[:200] and "<span" not in part[:200]:
            properties = part
            continue
        line, dropped = _line(properties, part)
        sure += len(line.words)
        unsure += dropped
        if line.words:
            lines.append((line, bool(BLOCK.search(part))))
    sizes = _sizes([line for line, _ in lines])
    for (line, ends), size in zip(lines, sizes, strict=True):
        broken = bool(HYPHEN.search(line.words[-1][0])) and not ends
        for place, (word, x0, x1) in enumerate(line.words):
            bottom = line.base + line.slope * (x0 + x1) / 2 + line.descent
            cut = broken and place == len(line.words) - 1
            left, top, right, low = (round(edge / scale, 2) for edge in (x0, bottom - size, x1, bottom))
            glyphs.append(Glyphs(word[:-1] if cut else word, left, top, right, low, False, False, broken=cut))
        text.append(" ".join(word for word, _, _ in line.words))
    return Recognised(tuple(glyphs), "\n".join(text), unsure / max(1, sure + unsure))


def _line(properties: str, part: str) -> tuple[_Line, int]:
    """A line and the number of its words that are too unsure."""
    left, top, _, bottom = _numbers(BOX, properties, (0, 0, 0, 0))
    slope, offset = _numbers(BASELINE, properties, (0, 0))
    (size,) = _numbers(SIZE, properties, (bottom - top,))
    (descent,) = _numbers(DESCENT, properties, (0.2 * size,))
    words = []
    dropped = 0
    for title, inner in WORD.findall(part):
        word = html.unescape(re.sub(r"<[^>]+>", "", inner)).strip()
        x0, _, x1, _ = _numbers(BOX, title, (0, 0, 0, 0))
        (confidence,) = _numbers(CONFIDENCE, title, (0,))
        if not word or x1 <= x0:
            continue
        if confidence < SURE:
            dropped += any(character.isalnum() for character in word)
            continue
        words += [(each, *_share(word, each, x0, x1)) for each in word.split()]
    return _Line(words, slope, bottom + offset - slope * left, size, max(0.0, descent)), dropped


def _share(word: str, part: str, x0: float, x1: float) -> tuple[float, float]:
    """The stretch of a recognised word that one of its parts fills, should it hold a space."""
    start = word.find(part)
    step = (x1 - x0) / len(word)
    return x0 + step * start, x0 + step * (start + len(part))


def _numbers(pattern: re.Pattern[str], text: str, default: tuple[float, ...]) -> tuple[float, ...]:
    found = pattern.search(text)
    return tuple(float(each) for each in found.groups()) if found else default


def _sizes(lines: list[_Line]) -> list[float]:
    """The type size of each line, those that were measured nearly alike made one: paragraphs are told by their size."""
    groups: list[list[float]] = []
    order = sorted(lines, key=lambda line: line.size)
    for line in order:
        if groups and line.size <= groups[-1][0] * (1 + ALIKE):
            groups[-1].append(line.size)
        else:
            groups.append([line.size])
    common = {size: statistics.median(group) for group in groups for size in group}
    return [common[line.size] for line in lines]
