"""The cited documents as entries for reference managers: BibTeX and RIS."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from assistant.errors import UsageError
from assistant.faces.exporting.dossiers import Dossier, Excerpt
from assistant.faces.exporting.footnotes import DATE
from assistant.faces.rendering import clean

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""BibTeX's own names."""
KEY_CHARACTERS = 60
URL_SAFE = ":/?#[]@!$&'()*+,;=%~-._"
LATEX = {
    "\\": r"\textbackslash{}",
    # Not \{: BibTeX counts braces whatever stands before them.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&#%_"},
}


@dataclass(frozen=True, slots=True)
class Work:
    """A cited document; pages are those cited of it, as '12' or '14–15'."""

    key: str
    cited: Excerpt
    pages: tuple[str, ...]

    @property
    def year(self) -> str:
        """'' where it is not known."""
        return self.cited.date[:4] if DATE.fullmatch(self.cited.date) else ""

    @property
    def month(self) -> int:
        """From 1; 0 where it is not known."""
        return int(self.cited.date[5:7] or 0) if self.year else 0

    def note(self, dossier: Dossier) -> str:
        """The pages cited, and the file they are of."""
        return dossier.words("export.note", pages=", ".join(self.pages), document=_line(self.cited.document))


def to_bibtex(dossier: Dossier) -> bytes:
    """A @techreport for each cited document; UTF-8, as biber and new BibTeX read it. Raises UsageError like works."""
    return "\n".join(_bibtex(work, dossier) for work in works(dossier)).encode()


def to_ris(dossier: Dossier) -> bytes:
    """A report for each cited document, from TY to ER, its lines ended by CR and LF. Raises UsageError like works."""
    return "".join(f"{line}\r\n" for work in works(dossier) for line in _ris(work, dossier)).encode()


def works(dossier: Dossier) -> list[Work]:
    """The cited documents in the order of their first citation. Raises UsageError where nothing is cited."""
    cited: dict[str, list[Excerpt]] = {}
    for excerpt in dossier.excerpts:
        cited.setdefault(excerpt.document, []).append(excerpt)
    if not cited:
        raise UsageError("Nothing is cited, so there is no list of sources. Take another format.")
    return [
        Work(_key(name), group[0], tuple(dict.fromkeys(_pages(each) for each in sorted(group, key=lambda e: e.page))))
        for name, group in cited.items()
    ]


def _key(document: str) -> str:
    """Letters of the file's name, and a hash of it: the same for ever, and no other document's."""
    stem = re.sub(r"\.pdf$", "", document.rpartition("/")[2], flags=re.I)
    letters = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", letters)[:KEY_CHARACTERS].strip("-") or "report"
    return f"{name}-{hashlib.sha256(document.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _pages(excerpt: Excerpt) -> str:
    return str(excerpt.page) if excerpt.page_end <= excerpt.page else f"{excerpt.page}–{excerpt.page_end}"


def _bibtex(work: Work, dossier: Dossier) -> str:
    cited = work.cited
    organisations = [f"{{{latex(name)}}}" for name in cited.organisations]
    fields = {
        "author": " and ".join(organisations),
        "title": f"{{{latex(cited.title)}}}",  # a second pair of braces keeps its capitals
        "institution": ", ".join(latex(name) for name in cited.organisations),
        "type": latex(cited.type),
        "year": work.year,
        "url": quote(_line(cited.link), safe=URL_SAFE),
        "note": latex(work.note(dossier)),
        "annote": latex(_told(dossier)),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    if work.month:
        lines.append(f"  month = {MONTHS[work.month - 1]}")
    return f"@techreport{{{work.key},\n" + ",\n".join(lines) + "\n}\n"


def _ris(work: Work, dossier: Dossier) -> Iterable[str]:
    cited = work.cited
    fields = [
        ("TY", "RPRT"),
        ("ID", work.key),
        ("TI", cited.title),
        *(("AU", name) for name in cited.organisations),
        ("PB", "; ".join(cited.organisations)),
        ("PY", work.year),
        ("DA", f"{work.year}/{work.month:02d}" if work.month else ""),
        ("M3", cited.type),
        ("UR", cited.link),
        ("N1", work.note(dossier)),
        ("N1", _told(dossier)),
    ]
    return [*(f"{tag}  - {line}" for tag, value in fields if (line := _line(value))), "ER  - "]


def _told(dossier: Dossier) -> str:
    """What the documents were cited for, and how that was made."""
    return " ".join(
        f"{part.statement.question} ({part.statement.asked_at}). {part.statement.made} "
        + dossier.words("export.version", version=part.statement.version)
        for part in dossier.parts
    )


def latex(text: str) -> str:
    """Text in one line that LaTeX prints as it is."""
    return "".join(LATEX.get(sign, sign) for sign in _line(text))


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", clean(text)).strip()
