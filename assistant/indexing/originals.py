"""The PDFs behind the documents: where each lies, pictures of their pages, and a look at one that is to come."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import DocumentRefused, FileChanged, PageMissing
from assistant.indexing import inventory
from assistant.indexing.library import Library
from assistant.reading import sandbox

FIRST_PAGES = 3
"""Looked at of a PDF that is to come."""


class Originals:
    """The corpus folder as the library knows it; what is opened is opened in the sandbox, within limits."""

    def __init__(self, corpus: Path, limits: sandbox.Limits, passwords: Mapping[str, str]) -> None:
        self._corpus = corpus
        self._limits = limits
        self._passwords = passwords

    def path(self, library: Library, document: str) -> Path:
        """Where the PDF of a document of the library is. Raises PageMissing for any other name, and FileChanged."""
        path = self._corpus / document
        if library.document(document) is None or not path.is_file() or inventory.outside(path, self._corpus):
            raise PageMissing(document, None)
        if not library.is_as_indexed(document, path):
            raise FileChanged(document)
        return path

    def picture(self, library: Library, document: str, page: int, width: int) -> bytes:
        """The page as PNG, width pixels wide. Raises PageMissing, FileChanged."""
        library.page(document, page)
        try:
            password = self._password(document)
            return sandbox.picture(self.path(library, document), page, width, self._limits, password)
        except DocumentRefused as refusal:
            raise PageMissing(document, page) from refusal

    def check(self, path: Path, document: str) -> None:
        """Look at the first pages of a PDF that shall become that document. Raises DocumentRefused and OSError."""
        sandbox.check(path, self._limits, FIRST_PAGES, self._password(document))

    def _password(self, document: str) -> str:
        return sandbox.password_of(document, self._passwords)
