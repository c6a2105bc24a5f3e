"""The words of the interface: whole in every language, with the same fields, each used and none missing."""

from __future__ import annotations

import ast
import string
import tomllib
from pathlib import Path

import pytest

from assistant.faces.texts import FILE, LANGUAGES, preferred, texts

FACES = Path(__file__).parents[1] / "assistant" / "faces"
TABLE = tomllib.loads(FILE.read_text("utf-8"))
NAMES = {f"{section}.{name}" for section, rows in TABLE.items() for name in rows}
CALLED = ("texts", "words")
"""What the words are called in the sources: visitor.texts("search.title"), words("search.title")."""


def called() -> list[tuple[str, ast.expr, set[str]]]:
    """Where words are asked for by name: the place, the name as written, and the fields that are filled in."""
    found = []
    for file in FACES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                fields = {each.arg for each in node.keywords if each.arg}
                if name in CALLED:
                    found.append((f"{file.name}:{node.lineno}", node.args[0], fields))
    return found


def written() -> tuple[set[str], set[str]]:
    """All texts of the sources, and the beginnings of those that are put together ('kinds.' of f"kinds.{kind}")."""
    whole, begun = set(), set()
    for file in FACES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return whole, begun


def fields_of(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_text_is_there_in_every_language_with_the_same_fields(name: str) -> None:
    section, _, rest = name.partition(".")
    said = TABLE[section][rest]
    assert set(said) == set(LANGUAGES)
    assert all(each.strip() for each in said.values())
    assert len({frozenset(fields_of(each)) for each in said.values()}) == 1


def test_every_text_that_is_asked_for_is_there_with_its_fields() -> None:
    for place, name, fields in called():
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and "." in name.value:
            assert name.value in NAMES, f"{place}: {name.value} is not in texts.toml"
            # Without fields the words go to a script, which fills them in.
            assert fields in (set(), fields_of(texts("en")(name.value))), f"{place}: the fields of {name.value}"


def test_every_text_is_used() -> None:
    whole, begun = written()
    starts = tuple(each for each in begun if each.partition(".")[0] in TABLE and "." in each)
    assert [name for name in sorted(NAMES - whole) if not name.startswith(starts)] == []


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        ("es", "en", "es"),
        ("xx", "es-MX,es;q=0.9", "es"),
        ("", "fr,de", "en"),
        ("", "fr;q=0.9, es", "es"),
        ("", "", "en"),
    ],
)
def test_the_language_is_the_one_chosen_or_the_first_accepted_that_is_spoken(
    cookie: str, accepted: str, language: str
) -> None:
    assert preferred(cookie, accepted) == language
