"""What the web faces need of the assistant: pipeline.Assistant is one, the tests bring another."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from assistant.answering.register import Register
from assistant.indexing.pending import Pending
from assistant.records import Answer, Citation, Hit, Question, Role


class Found(Protocol):
    """Ranked passages, best first."""

    @property
    def question(self) -> str: ...
    @property
    def passages(self) -> tuple[Hit, ...]: ...
    @property
    def generation(self) -> int: ...


class Answerer(Protocol):
    """Answers questions and shows the pages it quotes; its errors are AssistantErrors."""

    @property
    def generation(self) -> int: ...
    @property
    def state(self) -> Hashable:
        """Another one whenever the library holds other documents, or calls or shows them otherwise."""

    def seen_by(self, role: Role) -> Answerer:
        """The same library as somebody of that role may see it."""

    def warm(self) -> None: ...
    def ask(self, question: Question) -> Answer: ...
    def search(self, question: Question, top: int = 10) -> Found: ...
    def quotes(self, passages: Iterable[str]) -> tuple[Citation, ...]:
        """Passages, by their ids, as proven quotes numbered from 1; what is not there is left out."""

    def documents(self) -> Sequence[Any]:
        """One frozen dataclass per file, among its fields document, title and pages."""

    def strength(self, document: str) -> str:
        """One line on how strong a document's evidence is; '' where it does not say."""

    def examples(self, count: int = 4) -> list[str]: ...
    def page_picture(self, document: str, page: int, width: int = 900) -> bytes: ...
    def page_size(self, document: str, page: int) -> tuple[float, float]: ...
    def pdf_path(self, document: str) -> Path: ...


@runtime_checkable
class Shelf(Answerer, Protocol):
    """Knows the files behind the documents, too."""

    def pending(self) -> Pending: ...
    def families(self) -> dict[str, str]:
        """By document what stands for its evaluation: the same for all documents of one."""

    def check(self, path: Path, document: str) -> None:
        """Look at a PDF that shall become that document. Raises DocumentRefused and OSError."""


@runtime_checkable
class Writes(Protocol):
    """Shows an answer while it grows."""

    @property
    def writes(self) -> bool:
        """A language model writes answers."""

    def asking(self, question: Question, stopped: threading.Event | None = None) -> Iterator[Answer]: ...


@runtime_checkable
class Registry(Protocol):
    """Lists every labelled finding; its errors are AssistantErrors."""

    def seen_by(self, role: Role) -> Registry: ...
    def documents(self) -> Sequence[Any]: ...
    def register(self, filters: Mapping[str, Any] | None = None) -> Register: ...
    def finding_counts(self) -> dict[str, dict[str, int]]:
        """How many entries of each kind each document has."""
