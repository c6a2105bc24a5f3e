"""Findings as JSON, the same in records and in segments."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from assistant.records import Finding, Kind, Place, Span

POINTS = 2  # decimals of a place on the page


def to_json(finding: Finding) -> str:
    """A finding with its spans as plain rows."""
    plain = asdict(finding)
    plain["spans"] = [
        (s.start, s.end, s.page, *(round(v, POINTS) for v in (s.x0, s.top, s.x1, s.bottom))) for s in finding.spans
    ]
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
