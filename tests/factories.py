"""Small PDFs as organisations publish them, and as they arrive broken."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from PIL import Image, ImageDraw

TITLE = "Evaluation of the Coastal Schools Programme"
PARAGRAPH = (
    "The programme reached 412 schools in nine districts. Enrolment of girls rose from 61 to 74 percent where teachers "
    "were trained, while it stayed level in the other districts."
)
RECOMMENDATIONS = (
    "The Ministry of Education should pay the travel of district supervisors from its own budget.",
    "The programme should train at least two teachers in every school.",
)
LESSON = "Training one teacher per school proved fragile, because a third of them moved on within two years."
TABLE = (("District", "Schools", "Girls enrolled"), ("Alder", "120", "2,310"), ("Birch", "88", "1,945"))
FOOTNOTE = "1 Enrolment was counted in October of each year."
HEADER = "Coastal Schools Programme | Final evaluation"
HYPHENATED = ("Supervisors asked for regular inspec-", "tions of the boarding houses in the south.")
ACROSS_PAGES = (
    "Head teachers said that monthly visits changed how lessons were planned, that the new readers were used in every "
    "class, and that parents came to meetings more often than in the year before the programme began, but that once "
    "the roads were closed in the rainy season the visits stopped for weeks, and teachers went back to the lessons "
    "they had given before, since nobody was there to ask and the readers had not reached the smaller classes."
)

# Points from one line of text to the next.
LINE = 14.0


class Report(FPDF):
    """An A4 page with the programme's name above and the page number below the text."""

    def __init__(self) -> None:
        super().__init__(unit="pt", format="A4")
        # The same bytes each time, so that a file made twice counts as unchanged.
        self.set_creation_date(datetime(2024, 1, 1, tzinfo=UTC))
        self.set_margin(60)
        self.set_auto_page_break(auto=True, margin=60)

    def header(self) -> None:
        self._furniture(30, HEADER)

    def footer(self) -> None:
        self._furniture(-40, f"Page {self.page_no()}")

    def _furniture(self, y: float, text: str) -> None:
        self.set_y(y)
        self.set_font("Helvetica", size=8)
        self.cell(0, 10, text, align="C")
        self.set_y(60)

    def heading(self, text: str, size: int = 16) -> None:
        self.ln(8)
        self.set_font("Helvetica", "B", size)
        self.multi_cell(0, size + 6, text, new_x="LMARGIN", new_y="NEXT")

    def paragraph(self, text: str) -> None:
        self.set_font("Times", size=11)
        self.multi_cell(0, LINE, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(8)

    def ruled_table(self, rows: Sequence[Sequence[str]]) -> None:
        self.set_font("Times", size=10)
        with self.table() as table:
            for cells in rows:
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        self.ln(8)

    def plain_table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table whose first row is a row like the others, as on the second page of a long one."""
        self.set_font("Times", size=10)
        with self.table(first_row_as_headings=False) as table:
            for cells in rows:
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        self.ln(8)

    def lines(self, *texts: str) -> None:
        """Lines of a paragraph, broken where the caller breaks them."""
        self.set_font("Times", size=11)
        for text in texts:
            self.cell(0, LINE, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(8)

    def marked(self, *parts: tuple[str, str]) -> None:
        """One line of text parts, each with a raised footnote mark behind it."""
        self.set_font("Times", size=11)
        for text, mark in parts:
            self.write(LINE, text)
            self.char_vpos = "SUP"
            self.write(LINE, mark)
            self.char_vpos = "LINE"
        self.ln(LINE + 8)

    def side_heading(self, text: str, left: float = 30, width: float = 110) -> None:
        """A heading in the margin, its first line beside the line of text that is printed next."""
        y = self.get_y()
        self.set_font("Helvetica", "B", 12)
        self.set_xy(left, y)
        self.multi_cell(width, 15, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_y(y)

    def items(self, *texts: str, indent: float = 0) -> None:
        """List items, one below the other, set in by so many points."""
        self.set_font("Times", size=11)
        for text in texts:
            self.set_x(self.l_margin + indent)
            self.multi_cell(0, LINE, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(8)

    def quote(self, text: str, said_by: str) -> None:
        """A block quote in italics, and below it who said it."""
        self.set_font("Times", "I", 11)
        self.set_x(self.l_margin + 30)
        self.multi_cell(400, LINE, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(6)
        self.set_font("Times", size=11)
        self.multi_cell(0, LINE, said_by, new_x="LMARGIN", new_y="NEXT")
        self.ln(8)

    def lying_table(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table with lines between its rows and none between its columns."""
        self.set_font("Times", size=10)
        right = self.l_margin + sum(widths)
        for cells in rows:
            self.line(self.l_margin, self.get_y(), right, self.get_y())
            for width, cell in zip(widths, cells, strict=True):
                self.cell(width, 20, cell)
            self.ln(20)
        self.line(self.l_margin, self.get_y(), right, self.get_y())
        self.ln(12)

    def standing_table(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table with lines between its columns, drawn row by row, and none between its rows."""
        self.set_font("Times", size=10)
        for cells in rows:
            x = self.l_margin
            for width in widths[:-1]:
                x += width
                self.line(x, self.get_y(), x, self.get_y() + 20)
            for width, cell in zip(widths, cells, strict=True):
                self.cell(width, 20, cell)
            self.ln(20)
        self.ln(12)

    def footnote(self, text: str) -> None:
        # The body goes on where it was; the note stands at the foot of the page.
        y = self.get_y()
        self.set_y(-75)
        self.set_font("Times", size=8)
        self.cell(0, 10, text)
        self.set_y(y)


def brief(path: Path, title: str = TITLE, paragraphs: Sequence[str] = (PARAGRAPH,)) -> Path:
    """Two pages with what a brief has: headings, paragraphs, list items, a ruled table, furniture, a footnote."""
    pdf = Report()
    pdf.set_title(title)
    pdf.add_page()
    pdf.heading(title, 20)
    pdf.heading("Findings")
    for text in paragraphs:
        pdf.paragraph(text)
    pdf.ruled_table(TABLE)
    pdf.footnote(FOOTNOTE)
    pdf.add_page()
    pdf.heading("Recommendations")
    for number, text in enumerate(RECOMMENDATIONS, start=1):
        pdf.paragraph(f"{number}. {text}")
    pdf.heading("Lessons learned")
    pdf.paragraph(LESSON)
    return _written(pdf, path)


def drawn(path: Path, *pages: Callable[[Report], object]) -> Path:
    """A report of which each page is drawn by one function."""
    pdf = Report()
    for draw in pages:
        pdf.add_page()
        draw(pdf)
    return _written(pdf, path)


def drawn_with_margin(path: Path, left: float, *pages: Callable[[Report], object]) -> Path:
    """A report whose text stands right of a wide margin."""
    pdf = Report()
    pdf.set_left_margin(left)
    for draw in pages:
        pdf.add_page()
        draw(pdf)
    return _written(pdf, path)


def two_columns(path: Path, left: Sequence[str] = (PARAGRAPH,), right: Sequence[str] = (LESSON,)) -> Path:
    """One page whose left column is read before its right one."""
    pdf = Report()
    pdf.add_page()
    pdf.heading("Two columns")
    top = pdf.get_y()
    for x, texts in ((60, left), (310, right)):
        pdf.set_y(top)
        pdf.set_font("Times", size=11)
        for text in texts:
            pdf.set_x(x)
            pdf.multi_cell(225, LINE, text, align="L", new_x="LEFT", new_y="NEXT")
            pdf.ln(8)
    return _written(pdf, path)


def line_end_hyphen(path: Path) -> Path:
    """A word broken with a hyphen at the end of a line."""
    pdf = Report()
    pdf.add_page()
    pdf.set_font("Times", size=11)
    for line in HYPHENATED:
        pdf.cell(0, LINE, line, new_x="LMARGIN", new_y="NEXT")
    return _written(pdf, path)


def page_break(path: Path) -> Path:
    """A paragraph that begins at the foot of the first page and ends on the second."""
    pdf = Report()
    pdf.add_page()
    pdf.paragraph(PARAGRAPH)
    # Room for two of its five lines above the margin.
    pdf.set_y(pdf.h - 60 - 2.5 * LINE)
    pdf.paragraph(ACROSS_PAGES)
    return _written(pdf, path)


def image_only(path: Path, text: str = "Scanned page without a text layer") -> Path:
    """A page that is a picture, as a scanner leaves it."""
    picture = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(picture).text((150, 200), text, fill=0, font_size=48)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.image(stream, x=0, y=0, w=pdf.w)
    return _written(pdf, path)


def encrypted(path: Path, password: str = "let me in") -> Path:  # noqa: S107 - nothing is kept behind it
    """A brief that opens only with a password."""
    pdf = Report()
    pdf.set_encryption(owner_password=f"{password} as owner", user_password=password)
    pdf.add_page()
    pdf.paragraph(PARAGRAPH)
    return _written(pdf, path)


def truncated(path: Path) -> Path:
    """A brief whose download broke off before its first page was there."""
    whole = brief(path).read_bytes()
    path.write_bytes(whole[:300])
    return path


def not_a_pdf(path: Path) -> Path:
    """A web page under the name of a report."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<html><body>404: the report has moved</body></html>", "utf-8")
    return path


def _written(pdf: FPDF, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pdf.output(str(path))
    return path
