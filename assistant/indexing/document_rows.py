"""Every file of the corpus as the library has it, for people to look through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from assistant.indexing.library import Library
from assistant.records import Document
from assistant.reports import DocumentRow


def document_rows(library: Library) -> list[DocumentRow]:
    """A row for each file, by name; refused ones with their reason."""
    counts, warnings = library.finding_counts(), defaultdict[str, list[str]](list)
    for each in library.warnings:
        warnings[each.document].append(f"page {each.page}: {each.reason}" if each.page else each.reason)
    rows = [_row(each, counts.get(each.name, 0), warnings[each.name]) for each in library.documents]
    rows += [
        replace(row, document=other, same_as=row.document)
        for row, document in zip(rows, library.documents, strict=True)
        for other in document.copies
    ]
    rows += [
        DocumentRow(r.document, "", 0, 0, 0, 0, "", 0, (), refused=r.reason, detail=r.detail) for r in library.refused
    ]
    return sorted(rows, key=lambda row: row.document)


def _row(document: Document, findings: int, warnings: Iterable[str]) -> DocumentRow:
    return DocumentRow(
        document.name,
        document.title,
        document.pages,
        document.passages,
        document.sentences,
        findings,
        document.language,
        document.ocr_pages,
        tuple(warnings),
        type=document.type,
        date=document.date,
        organisations=document.organisations,
        projects=document.projects,
        countries=document.countries,
        link=document.link,
        year=document.year,
    )
