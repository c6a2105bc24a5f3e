"""What the program tells of itself: how far indexing is, what it did, what the library holds, what a search found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.records import Hit


@dataclass(frozen=True, slots=True)
class Progress:
    """How far indexing has come, counted in files; of stage note, document is a sentence for the reader."""

    stage: str
    document: str
    done: int
    total: int
    pages: int = 0
    """Read so far in this run."""
    pages_per_second: float = 0.0
    """Of this run; 0 until a document was read."""
    seconds_left: float | None = None
    """About; None until that can be told."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a run of indexing did, as `assistant index --json` prints it."""

    documents: int
    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int
    failed: list[dict[str, str]]
    warnings: list[dict[str, Any]]
    pages: int
    passages: int
    sentences: int
    findings: int
    seconds: dict[str, float]
    generation: int
    renamed: list[dict[str, str]]
    """{"from", "to"} of files that are among the added and removed ones and are the same."""
    notes: list[str]
    """What the run has to say beside: a changed model, damage that was mended."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A file of the corpus as it stands in the library; refused files have a reason and nothing else."""

    document: str
    title: str
    pages: int
    passages: int
    sentences: int
    findings: int
    language: str
    ocr_pages: int
    warnings: tuple[str, ...]
    refused: str = ""
    detail: str = ""
    type: str = ""
    date: str = ""
    organisations: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    link: str = ""
    same_as: str = ""
    """The document whose bytes this file has; all else stands in the row of that."""
    year: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked passages without an answer."""

    question: str
    passages: tuple[Hit, ...]
    generation: int
