"""What can be chosen in the forms of the pages: documents by title, their types, years and projects, and kinds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.faces.rendering import plain
from assistant.faces.texts import Texts
from assistant.records import Kind

LISTED = 500  # documents; with more of them the titles are typed, one or a part of one on each line


def select(label: str, name: str, options: Iterable[tuple[str, str]], chosen: str, every: str) -> str:
    """A labelled list of (value, text); every is the text of the empty value, which chooses all."""
    listed = "".join(
        f'<option value="{plain(value)}"{" selected" * (value == chosen)}>{plain(text)}</option>'
        for value, text in (("", every), *options)
    )
    return f'<label>{plain(label)}<select name="{name}">{listed}</select></label>'


def facets(words: Texts, rows: Sequence[Any], chosen: Mapping[str, str]) -> str:
    """Lists of the projects, years and types that the documents have; rows as in Answerer.documents."""
    projects = sorted({project for row in rows for project in row.projects})
    years = sorted({row.year for row in rows if row.year}, reverse=True)
    types = sorted({row.type for row in rows if row.type})
    options = {
        "project": [(each, each) for each in projects],
        "year": [(each, each) for each in years],
        "type": [(each, type_name(words, each)) for each in types],
    }
    every = words("choices.all")
    return "".join(
        select(words(f"choices.{name}"), name, _with(chosen.get(name, ""), values), chosen.get(name, ""), every)
        for name, values in options.items()
    )


def kinds(words: Texts, offered: Iterable[Kind], chosen: str) -> str:
    """A list of kinds."""
    options = [(str(kind), kind_name(words, kind)) for kind in offered]
    return select(words("choices.kind"), "kind", _with(chosen, options), chosen, words("choices.all"))


def documents(words: Texts, rows: Sequence[Any], chosen: Sequence[str], label: str) -> str:
    """Check boxes named 'document', the chosen ones first; a box to type in where there are too many."""
    if len(rows) > LISTED:
        typed = plain("\n".join(chosen))
        return (
            f'<label class="typed">{plain(label)}. {plain(words("choices.typed"))}'
            f'<textarea name="document" rows="4">{typed}</textarea></label>'
        )
    boxes = "".join(
        f'<li><label title="{plain(row.document)}"><input type="checkbox" name="document" value="{plain(row.document)}"'
        f"{' checked' * (row.document in chosen)}> <span>{plain(row.title or row.document)}</span></label></li>"
        for row in sorted(rows, key=lambda row: (row.document not in chosen, row.title.casefold()))
    )
    legend = plain(label)
    return (
        f'<fieldset class="choices"><legend>{legend}</legend><label class="narrow" hidden>'
        f'{plain(words("choices.narrow"))} <input type="search"></label>'
        f'<ul tabindex="0" aria-label="{legend}">{boxes}</ul></fieldset>'
    )


def typed(values: Iterable[str]) -> list[str]:
    """The documents that a form sends: a value for each box, or one with a document on each line."""
    return list(dict.fromkeys(line.strip() for value in values for line in value.splitlines() if line.strip()))


def named(wanted: Sequence[str], rows: Sequence[Any]) -> list[Any]:
    """The rows that were chosen, in that order: those of that name, else those whose name or title holds the words."""
    found: dict[str, Any] = {}
    for each in wanted:
        part = each.casefold()
        exact = [row for row in rows if row.document == each]
        parts = [row for row in rows if part in row.document.casefold() or part in row.title.casefold()]
        found |= {row.document: row for row in exact or parts}
    return list(found.values())


def kind_name(words: Texts, kind: str) -> str:
    """A kind as the pages call it; an unknown one as it is."""
    return words(f"kinds.{kind}") if f"kinds.{kind}" in words else kind


def type_name(words: Texts, type_: str) -> str:
    """A type of document as the pages call it; one that a catalogue has brought as it is."""
    name = f"types.{type_.replace(' ', '_')}"
    return words(name) if name in words else type_


def _with(chosen: str, options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The options with what an address asks for, so that the form shows what the page is filtered by."""
    return options if not chosen or any(value == chosen for value, _ in options) else [*options, (chosen, chosen)]
