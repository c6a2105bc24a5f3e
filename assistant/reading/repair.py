"""Damaged PDFs put right as far as their bytes allow, so that PDFium can open them and words keep their places."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

OBJECT = re.compile(rb"(?<!\d)(\d{1,9}) (\d{1,5}) obj\b")
CATALOG = re.compile(rb"/Type\s*/Catalog\b")
PAGES = re.compile(rb"/Type\s*/Pages\b")
PACKED = re.compile(rb"/Type\s*/ObjStm\b")
LARGEST = 256 * 1024 * 1024
"""Bytes of a file, and of what is unpacked from it, that a repair is tried on."""


def repaired(path: Path) -> Iterator[bytes]:
    """The file as other bytes, one attempt after the other, the gentlest first."""
    if path.stat().st_size > LARGEST:
        return
    data = path.read_bytes()
    attempts: tuple[Callable[[bytes], bytes], ...] = (_without_prefix, _with_table, _rewritten)
    for attempt in attempts:
        made = attempt(data)
        if made:
            yield made


def _without_prefix(data: bytes) -> bytes:
    """What a mail program or a download has put before the PDF is cut off."""
    start = data.find(b"%PDF-")
    return data[start:] if start > 0 else b""


def _with_table(data: bytes) -> bytes:
    """A new table of the objects that are there, for a file that ends early or has lost its own."""
    data = _without_prefix(data) or data
    body = bytearray(data + b"\nendstream\nendobj\n")
    for number, content in _unpacked(data):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    places: dict[int, int] = {}
    roots: list[int] = []
    trees: list[int] = []
    for found in OBJECT.finditer(body):
        number = int(found[1])
        places[number] = found.start()
        head = body[found.end() : found.end() + 2000].split(b"endobj")[0].split(b"stream")[0]
        if CATALOG.search(head):
            roots.append(number)
        if PAGES.search(head) and b"/Parent" not in head:
            trees.append(number)
    if not places or not (roots or trees):
        return b""
    if not roots:
        roots = [max(places) + 1]
        places[roots[0]] = len(body)
        body += b"%d 0 obj\n<< /Type /Catalog /Pages %d 0 R >>\nendobj\n" % (roots[0], trees[-1])
    start = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        body += b"%d 1\n%010d 00000 n \n" % (number, place)
    body += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(places) + 1, roots[-1], start)
    return bytes(body)


def _unpacked(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The objects that are packed into compressed streams, where nothing but deflate was used."""
    left = LARGEST
    for found in OBJECT.finditer(data):
        head = data[found.end() : found.end() + 1000]
        start = re.search(rb"stream\r?\n", head)
        if not start or not PACKED.search(head[: start.start()]):
            continue
        count, first = (re.search(rb"/%s\s+(\d+)" % name, head) for name in (b"N", b"First"))
        if not count or not first:
            continue
        try:
            content = zlib.decompressobj().decompress(data[found.end() + start.end() :], left)
        except zlib.error:
            continue
        left -= len(content)
        yield from _listed(content, int(count[1]), int(first[1]))
        if left <= 0:
            return


def _listed(content: bytes, count: int, first: int) -> Iterator[tuple[int, bytes]]:
    """The objects of an unpacked stream, by the numbers and offsets at its head (PDF 32000-1, 7.5.7)."""
    numbers = [int(each) for each in content[:first].split()[: 2 * count] if each.isdigit()]
    offsets = numbers[1::2]
    for number, start, end in zip(numbers[::2], offsets, [*offsets[1:], len(content) - first], strict=False):
        yield number, content[first + start : first + end]


def _rewritten(data: bytes) -> bytes:
    """What pypdf understands of the file, written anew."""
    from pypdf import PdfReader, PdfWriter

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        writer = PdfWriter()
        for page in PdfReader(io.BytesIO(data), strict=False).pages:
            writer.add_page(page)
        target = io.BytesIO()
        writer.write(target)
        return target.getvalue() if len(writer.pages) else b""
    except Exception:  # a damaged file can raise nearly anything; there is then no repair
        return b""
