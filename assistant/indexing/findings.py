"""Findings and lists as JSON, the same in records and in segments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from assistant.records import Finding, ItemList, Kind, Listed, Place, Span

POINTS = 2  # decimals of a place on the page


def to_json(finding: Finding) -> str:
    """A finding with its spans as plain rows."""
    bare = asdict(replace(finding, spans=()))  # asdict copies every single span
    plain = {**bare, "spans": _rows(finding.spans)}
    return json.dumps(plain, ensure_ascii=False)


def from_json(text: str) -> Finding:
    """The finding that to_json was given, its points rounded. Raises ValueError, KeyError or TypeError."""
    plain: dict[str, Any] = json.loads(text)
    return Finding(
        **{
            **plain,
            "kind": Kind(plain["kind"]),
            "projects": tuple(plain["projects"]),
            "also_in": tuple(Place(**place) for place in plain["also_in"]),
            "spans": tuple(Span(*span) for span in plain["spans"]),
        }
    )


def list_to_json(found: ItemList) -> str:
    """A list with the spans of its things as plain rows."""
    items = [(item.text, _rows(item.spans)) for item in found.items]
    plain = {"document": found.document, "section": found.section, "lead": found.lead, "items": items}
    return json.dumps(plain, ensure_ascii=False)


def list_from_json(text: str) -> ItemList:
    """The list that list_to_json was given, its points rounded. Raises ValueError, KeyError or TypeError."""
    plain: dict[str, Any] = json.loads(text)
    items = tuple(Listed(words, tuple(Span(*span) for span in spans)) for words, spans in plain.pop("items"))
    return ItemList(**plain, items=items)


def _rows(spans: Sequence[Span]) -> list[tuple[float, ...]]:
    return [(s.start, s.end, s.page, *(round(v, POINTS) for v in (s.x0, s.top, s.x1, s.bottom))) for s in spans]
