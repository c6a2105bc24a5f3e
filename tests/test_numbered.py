"""Parts of a document that are called by number are told apart from their neighbours."""

from __future__ import annotations

import pytest

from assistant.understanding.numbered import is_called, is_of_another, named


def test_parts_are_named_with_figures_or_capitals() -> None:
    assert named("How do Domain 2 and annex B differ from domain 2 of Annex IV?") == ("domain 2", "annex b", "annex iv")
    assert named("Which domain came first? the outcome a year later") == ()


@pytest.mark.parametrize(
    ("heading", "part", "called", "of_another"),
    [
        ("4.1 Domain 2. Courts", "domain 2", True, False),
        ("Domain of change 2. Courts", "domain 2", True, False),
        ("Results > D2. Courts", "domain 2", True, False),
        ("D2 - Courts", "domain 2", True, False),
        ("Domain 3. Courts", "domain 2", False, True),
        ("Domain 12. Courts", "domain 2", False, True),
        ("D2 trained 40 inspectors", "domain 2", False, False),
        ("as reported", "annex s", False, False),
        ("Background", "domain 2", False, False),
        ("Phase II. Results", "phase 2", False, False),
        ("Component 1 and 2", "component 2", False, False),
        ("Section 4.2 Findings", "section 4", False, False),
        ("Section 5.2 Findings", "section 4", False, True),
    ],
)
def test_a_heading_is_of_the_part_of_another_or_of_none(
    heading: str, part: str, called: bool, of_another: bool
) -> None:
    assert is_called(heading, part) is called
    assert is_of_another(heading, part) is of_another
