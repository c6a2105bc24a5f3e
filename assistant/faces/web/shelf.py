"""What a visitor may see of the library, looked up once for each of its states: a page needs it many times over."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from assistant.errors import AssistantError
from assistant.faces.seams import Answerer

SIZES_KEPT = 4096


def known(rows: Iterable[Any]) -> dict[str, Any]:
    """The rows of the files that could be read, by document; also of those that are copies of another."""
    return {row.document: row for row in rows if not row.refused}


def searchable(rows: Iterable[Any]) -> tuple[Any, ...]:
    """The rows of the files that could be read, each document once: what there is to choose from."""
    return tuple(row for row in rows if not (row.refused or row.same_as))


class Shelf:
    """The documents behind an Answerer, as its visitors see them."""

    def __init__(self, assistant: Answerer) -> None:
        self.assistant = assistant
        self._rows = lru_cache(maxsize=1)(self._listed)
        self._size = lru_cache(maxsize=SIZES_KEPT)(self._measured)

    @property
    def rows(self) -> tuple[Any, ...]:
        """One row per file, as in Answerer.documents."""
        return self._rows(self.assistant.state)

    @property
    def searchable(self) -> tuple[Any, ...]:
        """The rows of the files that could be read, each document once."""
        return searchable(self.rows)

    @property
    def known(self) -> Mapping[str, Any]:
        """The rows of the files that could be read, by document; also of those that are copies of another."""
        return known(self.rows)

    def page_size(self, document: str, page: int) -> tuple[float, float]:
        """Width and height of a page in points; zeros for a page that is not there (any more)."""
        return self._size(document, page, self.assistant.state)

    def _listed(self, state: Hashable) -> tuple[Any, ...]:
        return tuple(self.assistant.documents())

    def _measured(self, document: str, page: int, state: Hashable) -> tuple[float, float]:
        try:
            return self.assistant.page_size(document, page)
        except AssistantError:
            return 0.0, 0.0
