"""Scanned pages are read where Tesseract is installed, and never silently left empty where it is not."""

from __future__ import annotations

import io
from pathlib import Path

import odd_files
import pytest
from factories import brief
from fakes import WordHashEmbedder
from PIL import Image

from assistant.building import build
from assistant.errors import DocumentRefused
from assistant.reading import ocr, sandbox
from assistant.records import Reading
from assistant.settings import Settings

installed = pytest.mark.skipif(not ocr.languages(), reason="Tesseract is not installed")
SAID = (
    "The evaluation found that monthly visits changed how lessons were planned and that regular inspec-",
    "tions of the boarding houses were asked for in the south of the country.",
)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A page as a picture alone."""
    return _scanned(tmp_path, b"".join(odd_files.text(line, y=700 - 16 * row) for row, line in enumerate(SAID)))


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which Tesseract is not installed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    _forget()


@pytest.fixture(autouse=True)
def _forgotten() -> object:
    yield
    _forget()


def _forget() -> None:
    ocr.program.cache_clear()
    ocr.languages.cache_clear()


def _scanned(folder: Path, content: bytes, also: bytes = b"") -> Path:
    """A page drawn and put into a PDF as a picture, with more content over it."""
    import pypdfium2 as pdfium

    drawn = pdfium.PdfDocument(odd_files.one(content))[0].render(scale=200 / 72).to_pil().convert("L")
    target = io.BytesIO()
    drawn.save(target, "JPEG", quality=80)
    width, height = drawn.size
    picture = odd_files.stream(
        target.getvalue(),
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceGray "
        b"/Filter /DCTDecode" % (width, height),
    )
    data = odd_files.one(
        odd_files.PICTURE + also,
        resources=b"<< /Font << /F1 5 0 R >> /XObject << /I 10 0 R >> >>",
        more={10: picture},
    )
    return odd_files.write(folder, "scan", data)


def words(reading: Reading) -> list[str]:
    return [word.text for block in reading.blocks for word in block.words]


@installed
def test_a_scanned_page_is_read_with_its_words_in_place_and_named_as_recognised(scan: Path) -> None:
    reading = odd_files.read_here(scan)
    said = " ".join(SAID).replace("inspec- tions", "inspec tions").split()
    assert words(reading) == said
    assert [page.ocr for page in reading.pages] == [True]
    assert all(block.ocr for block in reading.blocks)
    first = reading.blocks[0].words[0]
    assert first.x0 == pytest.approx(72, abs=2)
    assert first.bottom == pytest.approx(792 - 700, abs=5)
    assert "monthly visits changed" in reading.pages[0].text


@installed
def test_a_page_number_over_a_scan_does_not_pass_for_its_text(tmp_path: Path) -> None:
    content = b"".join(odd_files.text(line, y=700 - 16 * row) for row, line in enumerate(SAID))
    reading = odd_files.read_here(_scanned(tmp_path, content, odd_files.text("Page 7", y=30)))
    assert "monthly" in words(reading)


@installed
def test_letters_that_make_no_sense_are_read_from_their_picture(tmp_path: Path) -> None:
    # Every letter is said to be a private sign: the page looks right and its text is garbage.
    said = " ".join(SAID)
    objects = odd_files.page_of(odd_files.text(SAID[0], x=20, y=700, size=10))
    codes = b" ".join(b"<%02X> <%04X>" % (ord(c), 0xE000 + ord(c)) for c in sorted(set(said)))
    table = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <FF> "
        b"endcodespacerange %d beginbfchar %s endbfchar endcmap end end" % (len(set(said)), codes)
    )
    objects[5] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    objects[6] = odd_files.stream(table)
    reading = odd_files.read_here(odd_files.write(tmp_path, "private", odd_files.assembled(objects)))
    assert "monthly visits changed how lessons" in reading.pages[0].text


@pytest.mark.usefixtures("no_tesseract")
def test_without_tesseract_a_scan_is_refused_with_what_to_install(scan: Path) -> None:
    with pytest.raises(DocumentRefused, match=r"without a text layer.*install Tesseract") as refused:
        odd_files.read_here(scan)
    assert refused.value.reason == sandbox.SCANNED


@installed
def test_what_could_not_be_read_without_tesseract_is_read_once_it_is_there(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    scan.rename(corpus / "scan.pdf")
    settings = Settings(corpus=corpus, index=tmp_path / "index")
    with monkeypatch.context() as machine:
        machine.setenv("PATH", str(tmp_path))
        _forget()
        assert [each["reason"] for each in build(settings, embedder=WordHashEmbedder()).failed] == ["scanned"]
    _forget()
    report = build(settings, embedder=WordHashEmbedder())
    assert (report.documents, report.added, report.failed) == (1, ["scan.pdf"], [])


@installed
def test_a_report_with_one_scanned_page_is_made_anew_once_tesseract_is_there(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pypdf import PdfReader, PdfWriter

    corpus = tmp_path / "corpus"
    corpus.mkdir()
    writer = PdfWriter(clone_from=PdfReader(brief(tmp_path / "brief.pdf")))
    writer.append(scan)
    writer.write(corpus / "mixed.pdf")
    settings = Settings(corpus=corpus, index=tmp_path / "index")
    with monkeypatch.context() as machine:
        machine.setenv("PATH", str(tmp_path))
        _forget()
        first = build(settings, embedder=WordHashEmbedder())
    assert [each["reason"] for each in first.warnings] == [ocr.NOT_READ]
    _forget()
    second = build(settings, embedder=WordHashEmbedder())
    assert (second.changed, second.warnings) == (["mixed.pdf"], [])
    assert second.sentences > first.sentences
    assert build(settings, embedder=WordHashEmbedder()).unchanged == 1


def test_a_picture_without_words_is_no_page_of_text(tmp_path: Path) -> None:
    grey = Image.new("L", (200, 200), 180)
    target = io.BytesIO()
    grey.save(target, "PDF")
    with pytest.raises(DocumentRefused) as refused:
        odd_files.read_here(odd_files.write(tmp_path, "grey", target.getvalue()))
    assert refused.value.reason in {"no text", "scanned"}
