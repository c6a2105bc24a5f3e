"""Pages per second of reading, beside plain text extraction by pypdf and by PDFium in the same run.

usage: make bench BENCH=folder        or: python scripts/bench_reading.py folder
"""

from __future__ import annotations

import logging
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.errors import DocumentRefused
from assistant.reading.sandbox import Limits, read

PROCESSES = 2


def ours(files: Sequence[Path]) -> int:
    """Pages read as indexing reads them: in children, a few files at a time."""

    def pages(file: Path) -> int:
        try:
            return len(read(file, Limits()).pages)
        except DocumentRefused as refusal:
            print(f"{file.name}: {refusal}", file=sys.stderr)
            return 0

    # The longest first, so that no child waits at the end.
    longest_first = sorted(files, key=lambda file: file.stat().st_size, reverse=True)
    with ThreadPoolExecutor(PROCESSES) as pool:
        return sum(pool.map(pages, longest_first))


def by_pdfium(files: Sequence[Path]) -> int:
    """Pages whose plain text PDFium gives."""
    import pypdfium2 as pdfium

    count = 0
    for file in files:
        document = pdfium.PdfDocument(file)
        for page in document:
            page.get_textpage().get_text_range()
            count += 1
    return count


def by_pypdf(files: Sequence[Path]) -> int:
    """Pages whose plain text pypdf gives."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return sum(len([page.extract_text() for page in PdfReader(file).pages]) for file in files)


def main(folder: Path) -> None:
    """Print a line for each way of reading, and the largest child's memory."""
    files = sorted(folder.rglob("*.pdf"))
    ways: dict[str, Callable[[Sequence[Path]], int]] = {
        f"this project, {PROCESSES} children": ours,
        "PDFium, plain text": by_pdfium,
        "pypdf, plain text": by_pypdf,
    }
    for name, way in ways.items():
        start = time.perf_counter()
        pages = way(files)
        seconds = time.perf_counter() - start
        print(f"{name:28} {pages:5} pages {seconds:7.2f} s {pages / seconds:7.1f} pages/s")
        if way is ours:
            kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // (
                1024 if sys.platform == "darwin" else 1
            )
            print(f"{'  its largest child':28} {kilobytes / 1024:7.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
