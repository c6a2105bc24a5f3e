"""Make the sample PDFs of this folder from sources/*.md: python corpus/make_samples.py [FOLDER]

The sources use a small part of Markdown: headings, paragraphs, lists, tables and quoted notices. Added to it
are `^ ` before a footnote and the lines `::: columns`, `::: next`, `::: end` and `::: page`. The same source
gives the same bytes, so that a change of a PDF always has a change of its source behind it.
"""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

HERE = Path(__file__).parent
CREATED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # any fixed moment: the clock would change the bytes
INK, ACCENT, GREY, PALE = (30, 30, 30), (22, 78, 99), (110, 110, 110), (234, 242, 245)
MARGIN, GUTTER, LINE = 22.0, 8.0, 5.0  # millimetres
HEADING_SIZES = {2: 13.0, 3: 10.5}
LISTED = re.compile(r"^(-|\d+\.) (.*)", re.MULTILINE)
PAGE_REFERENCE = re.compile(r"\b(pp?\.) (?=\d)")


class Report(FPDF):
    """An A4 report with a running header, numbered pages and footnotes at the foot of their page."""

    def __init__(self, facts: dict[str, list[str]]) -> None:
        super().__init__()
        self.running_header = facts["header"][0]
        self.notes: dict[int, list[str]] = {}
        self.column_top = self.column_bottom = 0.0
        self.directives = {
            "columns": self.open_columns,
            "next": self.next_column,
            "end": self.close_columns,
            "page": self.add_page,
        }
        self.core_fonts_encoding = "windows-1252"  # Latin-1 has no bullet
        self.c_margin = 0
        # Left uncompressed: compressed bytes differ between builds of zlib, plain ones do not.
        self.set_compression(False)
        self.set_producer("corpus/make_samples.py")
        self.set_creation_date(CREATED)
        self.set_lang("en-GB")
        self.set_title(facts["title"][0])
        self.set_author("Samples of the evaluation assistant")
        self.set_subject("Digest of: " + "; ".join(facts["source"]))
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(True, 30)
        self.add_page()
        self.title_block(facts["title"][0], facts["subtitle"][0])

    def header(self) -> None:
        self.style("Helvetica", 8, GREY)
        self.set_y(11)
        self.cell(0, 5, self.running_header)
        self.line(MARGIN, 17, self.w - MARGIN, 17)
        self.set_y(MARGIN)

    def footer(self) -> None:
        self.set_y(-26)
        for note in self.notes.get(self.page, []):
            self.line(MARGIN, self.y - 1, MARGIN + 40, self.y - 1)
            self.style("Times", 8.5, INK)
            self.full_width(note, 3.6)
        self.set_y(-13)
        self.style("Helvetica", 8, GREY)
        self.cell(0, 5, f"Page {self.page}", align="C")

    def style(self, family: str, size: float, ink: tuple[int, int, int], weight: str = "") -> None:
        self.set_font(family, weight, size)
        self.set_text_color(*ink)
        self.set_draw_color(*GREY)

    def full_width(self, text: str, line: float = LINE) -> None:
        self.multi_cell(0, line, text, align="L", markdown=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def title_block(self, title: str, subtitle: str) -> None:
        self.style("Helvetica", 20, ACCENT, "B")
        self.full_width(title, 9)
        self.style("Helvetica", 11, GREY)
        self.full_width(subtitle, 6)
        self.ln(4)

    def block(self, text: str) -> None:
        """Set one block of a source, known by its first characters."""
        kind, _, rest = text.partition(" ")
        self.style("Times", 10.5, INK)
        if kind == ":::":
            self.directives[rest]()
        elif kind in ("##", "###"):
            self.heading(rest, len(kind))
        elif kind == ">":
            self.notice(rest)
        elif kind == "^":
            self.notes.setdefault(self.page, []).append(rest)
        elif kind == "|":
            self.ruled_table(text)
        elif LISTED.match(text):
            self.items(text)
        else:
            self.full_width(text)
            self.ln(2.2)

    def heading(self, text: str, level: int) -> None:
        if self.will_page_break(25):  # a heading takes some of its text along
            self.add_page()
        self.ln(3 if level == 2 else 1)
        self.start_section(text, level - 2)
        self.style("Helvetica", HEADING_SIZES[level], ACCENT, "B")
        self.full_width(text, 6 if level == 2 else 5)
        self.ln(1)

    def notice(self, text: str) -> None:
        self.style("Times", 9.5, INK)
        with self.local_context(fill_color=PALE):
            self.multi_cell(0, 4.5, text, fill=True, align="L", markdown=True, padding=3, new_x=XPos.LMARGIN)
        self.ln(2)

    def items(self, text: str) -> None:
        for marker, item in LISTED.findall(text):
            self.cell(7, LINE, "•" if marker == "-" else marker, align="R")
            self.set_x(self.l_margin + 9)
            self.full_width(item)
            self.ln(0.8)
        self.ln(1.4)

    def ruled_table(self, text: str) -> None:
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
        widths = [min(max(len(row[column]) for row in rows) + 4, 48) for column in range(len(rows[0]))]
        self.style("Helvetica", 8.5, INK)
        headings = FontFace(emphasis="B", color=ACCENT, fill_color=PALE)
        with self.table(rows, col_widths=widths, headings_style=headings, line_height=4.4, padding=1.2, text_align="L"):
            pass  # leaving the block draws the table
        self.ln(3)

    def open_columns(self) -> None:
        self.column_top = self.y
        self.set_right_margin((self.w + GUTTER) / 2)

    def next_column(self) -> None:
        self.column_bottom = self.y
        self.set_left_margin((self.w + GUTTER) / 2)
        self.set_right_margin(MARGIN)
        self.set_y(self.column_top)

    def close_columns(self) -> None:
        self.set_left_margin(MARGIN)
        self.set_y(max(self.y, self.column_bottom))


def read_source(path: Path) -> tuple[dict[str, list[str]], list[str]]:
    """The facts between the `---` lines (a key may come twice), and the blocks after them."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    body = PAGE_REFERENCE.sub("\\1\xa0", body)  # a line never ends between "p." and its number
    facts: dict[str, list[str]] = {}
    for line in front.splitlines():
        key, _, value = line.partition(": ")
        facts.setdefault(key, []).append(value)
    return facts, [block.strip() for block in body.split("\n\n") if block.strip()]


def make(source: Path, folder: Path) -> Path:
    """Write the PDF of one source into the folder."""
    facts, blocks = read_source(source)
    report = Report(facts)
    for block in blocks:
        report.block(block)
    target = folder / f"{source.stem}.pdf"
    report.output(target)
    return target


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for source in sorted((HERE / "sources").glob("*.md")):
        print(make(source, folder))


if __name__ == "__main__":
    main()
