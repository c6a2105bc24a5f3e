"""The filters of a question: which documents are searched, and for which kinds of passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.errors import UsageError
from assistant.indexing.library import Library
from assistant.records import Kind
from assistant.retrieval.hybrid import Scope
from assistant.understanding.printed import fold

FILTERS = ("document", "kind", "project", "year", "type")
"""What a question can be filtered by. Several values of one filter are alternatives; all filters must be met."""
UNFITTING = "No document of the library fits the filters ({filters}), so nothing was searched. Take one of them out."


def scope(filters: Mapping[str, Any], library: Library) -> Scope | None:
    """Where to search; None where no document fits. Raises UsageError for a kind that is not known.

    A document is wanted by its name or, where none is called so, by a part of its name or title; a project, a year
    and a type by the whole of it, in small or capital letters. Filters of other names are not looked at.
    """
    wanted = {name: _listed(filters.get(name)) for name in FILTERS}
    kinds = [_kind(value) for value in wanted["kind"]]
    if not any(wanted[name] for name in FILTERS if name != "kind"):
        return Scope(kinds=kinds)
    named = {name for part in wanted["document"] for name in _named(part, library)}
    fitting = [
        document.name
        for document in library.documents
        if (not wanted["document"] or document.name in named)
        and _meets(wanted["project"], document.projects)
        and _meets(wanted["year"], [document.year])
        and _meets(wanted["type"], [document.type])
    ]
    return Scope(fitting, kinds) if fitting else None


def unfitting(filters: Mapping[str, Any]) -> str:
    """That no document fits, and what."""
    told = [f"{name}: {' or '.join(values)}" for name in FILTERS if (values := _listed(filters.get(name)))]
    return UNFITTING.format(filters="; ".join(told))


def _named(wanted: str, library: Library) -> list[str]:
    if exact := library.document(wanted):
        return [exact.name]
    part = fold(wanted)
    return [each.name for each in library.documents if part in fold(each.name) or part in fold(each.title)]


def _meets(wanted: list[str], values: Iterable[str]) -> bool:
    return not wanted or not {fold(each) for each in wanted}.isdisjoint(map(fold, values))


def _kind(value: str) -> Kind:
    try:
        return Kind(fold(value).strip().replace(" ", "_").removesuffix("s"))
    except ValueError:
        raise UsageError(f"{value!r} is no kind of passage. Known: {', '.join(Kind)}.") from None


def _listed(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
