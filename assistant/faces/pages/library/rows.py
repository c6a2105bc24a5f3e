"""What the library holds, as HTML: totals, and one row per file that becomes a card on a phone."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from assistant.faces.pages.choices import type_name
from assistant.faces.rendering import plain
from assistant.faces.texts import Texts
from assistant.indexing.pending import Pending
from assistant.reports import DocumentRow

SHOWN = 500  # rows of the table; the filter finds the others
WARNINGS = 50
STATES = ("refused", "gone", "changed", "new", "ready")
"""What may become of a file, the most urgent first."""
REASONS = frozenset(
    "encrypted damaged no_pages no_text scanned too_large timed_out empty not_a_pdf not_a_file unreadable "
    "name_not_utf-8 name not_written link_outside".split()
)
"""Why a file is refused; texts.toml says of each what to do."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the corpus or a document of the library, with the titles of others of the same evaluation."""

    row: Any
    state: str
    related: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its title or, where it has none, its name."""
        return str(self.row.title or self.row.document)


@dataclass(frozen=True, slots=True)
class Shown:
    """How the list is wanted: words that all must stand in a row, what it is sorted by ('-' for falling)."""

    words: str = ""
    sort: str = ""
    keeps: bool = False
    """With what a curator may do to each document."""


SORTS: dict[str, Callable[[Item], Any]] = {
    "title": lambda item: item.title.casefold(),
    "type": lambda item: item.row.type,
    "date": lambda item: item.row.date,
    "pages": lambda item: item.row.pages,
    "passages": lambda item: item.row.passages,
    "findings": lambda item: item.row.findings,
    "ocr": lambda item: item.row.ocr_pages,
    "state": lambda item: STATES.index(item.state),
}
NUMBERS = ("pages", "passages", "findings", "ocr")
CHOICES = ("title", "-date", "-pages", "-findings", "state")


def items(rows: Sequence[Any], pending: Pending, families: Mapping[str, str], waiting: bool) -> list[Item]:
    """The rows that a visitor sees, each with its state; with the names of files that wait, if waiting is set.

    Their names stay with curators: whether a file is restricted is known once it is in the library.
    """
    members: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if family := families.get(row.document):
            members[family].append(row)
    found = [Item(row, _state(row, pending), _related(row, members[families.get(row.document, "")])) for row in rows]
    if waiting:
        found += [Item(DocumentRow(name, "", 0, 0, 0, 0, "", 0, ()), "new") for name in pending.new]
    return sorted(found, key=SORTS["title"])


def totals(texts: Texts, found: Sequence[Item], pending: Pending, generation: int, running: bool) -> str:
    """What the library holds in one line, when it was made, and what is wrong with it."""
    held = [item.row for item in found if item.state in ("ready", "changed", "gone") and not item.row.same_as]
    pages, passages, findings = (
        number(texts, sum(getattr(row, name) for row in held)) for name in ("pages", "passages", "findings")
    )
    documents = number(texts, len(held))
    lines = [texts("library.totals", documents=documents, pages=pages, passages=passages, findings=findings)]
    made = moment(datetime.fromisoformat(pending.made).timestamp())
    lines.append(texts("library.made", time=made, generation=generation))
    refused = sum(item.state == "refused" for item in found)
    notes = (("library.refused", refused), ("library.waiting", len(pending.new)))
    lines += [texts(name, count=number(texts, count)) for name, count in notes if count]
    lines += [texts("library.being_updated")] if running else []
    return f'<p class="lead totals"><strong>{plain(lines[0])}</strong> {plain(" ".join(lines[1:]))}</p>'


def listing(texts: Texts, found: Sequence[Item], shown: Shown) -> str:
    """The filter and the table."""
    if not found:
        return f'<section id="shelf"><p class="note">{plain(texts("library.empty"))}</p></section>'
    chosen = _sorted([item for item in found if _holds(item, texts, shown.words)], shown.sort)
    rows = "".join(_row(texts, item, shown.keeps) for item in chosen[:SHOWN])
    more = texts("library.more", shown=SHOWN) if len(chosen) > SHOWN else ""
    said = texts("library.counted", shown="{shown}", all=number(texts, len(found)))
    counted = said.format(shown=number(texts, len(chosen)))
    head = "".join(_head(texts, name, shown) for name in SORTS)
    acts = f'<th scope="col">{plain(texts("library.actions"))}</th>' if shown.keeps else ""
    return (
        f'<section id="shelf" aria-labelledby="held"><h2 id="held">{plain(texts("library.files"))}</h2>'
        f'{_filter(texts, shown)}<p class="soft" role="status"><span class="counted" data-said="{plain(said)}">'
        f"{plain(counted)}</span> {plain(more)}</p>"
        f"<table><thead><tr>{head}{acts}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def number(texts: Texts, value: int) -> str:
    """A whole number as the language groups its digits."""
    return f"{value:,}" if texts.language == "en" else f"{value:,}".replace(",", "\u202f")


def moment(seconds: float) -> str:
    """A time as all pages tell it: that of the server's clock means nothing to a reader elsewhere."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def remedy(texts: Texts, reason: str) -> str:
    """What to do about a file that was refused."""
    name = reason.replace(" ", "_").lower()
    return texts(f"library.todo_{name if name in REASONS else 'other'}")


def _state(row: Any, pending: Pending) -> str:
    if row.document in pending.gone:
        return "gone"
    if row.document in pending.changed:
        return "changed"
    return "refused" if row.refused else "ready"


def _related(row: Any, members: Sequence[Any]) -> tuple[str, ...]:
    return tuple(each.title or each.document for each in members if each.document != row.document)


def _holds(item: Item, texts: Texts, words: str) -> bool:
    row = item.row
    said = (row.title, row.document, row.date, *row.projects, type_name(texts, row.type))
    text = " ".join([*said, texts(f"library.state_{item.state}")]).casefold()
    return all(word in text for word in words.casefold().split())


def _sorted(found: list[Item], sort: str) -> list[Item]:
    name = sort.removeprefix("-")
    return sorted(found, key=SORTS[name], reverse=sort.startswith("-")) if name in SORTS else found


def _filter(texts: Texts, shown: Shown) -> str:
    options = "".join(
        f'<option value="{name}"{" selected" * (shown.sort == name)}>'
        f"{plain(texts('library.by_' + name.removeprefix('-')))}</option>"
        for name in CHOICES
    )
    return (
        '<form action="library#held" class="fields" role="search">'
        f'<label>{plain(texts("library.filter"))}<input type="search" name="words" maxlength="200" '
        f'value="{plain(shown.words)}"></label>'
        f'<label>{plain(texts("library.sort"))}<select name="sort">{options}</select></label>'
        f"<button>{plain(texts('library.show'))}</button></form>"
    )


def _head(texts: Texts, name: str, shown: Shown) -> str:
    """A column's name, which sorts by it; numbers and dates begin with the largest."""
    falls = name in NUMBERS or name == "date"
    first, second = (f"-{name}", name) if falls else (name, f"-{name}")
    address = urlencode({"words": shown.words, "sort": second if shown.sort == first else first})
    by = {name: "ascending", f"-{name}": "descending"}.get(shown.sort or "title", "")
    told = f' aria-sort="{by}"' if by else ""
    label = plain(texts(f"library.column_{name}"))
    return f'<th scope="col"{told}><a href="library?{plain(address)}#held">{label}</a></th>'


def _row(texts: Texts, item: Item, keeps: bool) -> str:
    row = item.row
    counts = (row.pages, row.passages, row.findings, row.ocr_pages)
    values = [
        ("type", plain(type_name(texts, row.type))),
        ("date", plain(row.date)),
        *((name, number(texts, count) if row.pages else "") for name, count in zip(NUMBERS, counts, strict=True)),
        ("state", f'<span class="state {item.state}">{plain(texts(f"library.state_{item.state}"))}</span>'),
    ]
    cells = "".join(
        f'<td class="{"number" if name in NUMBERS else name}" data-label="{plain(texts(f"library.column_{name}"))}">'
        f"{value}</td>"
        for name, value in values
    )
    acts = f'<td class="acts">{_acts(texts, item)}</td>' if keeps else ""
    return f'<tr><th scope="row">{_about(texts, item)}</th>{cells}{acts}</tr>'


def _about(texts: Texts, item: Item) -> str:
    row = item.row
    title = plain(item.title)
    if item.state in ("ready", "changed"):
        title = f'<a href="api/v1/files/{plain(quote(row.document))}">{title}</a>'
    spoken = f"library.in_{row.language}"
    language = texts(spoken) if spoken in texts else row.language
    projects = texts("library.projects", names=", ".join(row.projects)) if row.projects else ""
    facts = " · ".join(filter(None, [language, projects]))
    named = f'<span class="title">{title}</span><span class="soft name">{plain(row.document)}</span>'
    parts = [named if row.title else f'<span class="title name">{title}</span>']
    same = texts("library.same_as", name=row.same_as) if row.same_as else ""
    parts += [f'<span class="soft">{plain(line)}</span>' for line in (facts, same) if line]
    parts += [_folded(texts("library.related", count=len(item.related)), item.related)] if item.related else []
    if row.refused:
        told = f"{texts('library.why')} {row.detail} {texts('library.todo')} {remedy(texts, row.refused)}"
        parts.append(f'<span class="why">{plain(told)}</span>')
    parts += [_folded(texts("library.notes", count=len(row.warnings)), row.warnings)] if row.warnings else []
    return "".join(parts)


def _folded(summary: str, lines: Sequence[str]) -> str:
    inside = "".join(f"<li>{plain(line)}</li>" for line in lines[:WARNINGS])
    more = "<li>…</li>" if len(lines) > WARNINGS else ""
    return f"<details><summary>{plain(summary)}</summary><ul>{inside}{more}</ul></details>"


def _acts(texts: Texts, item: Item) -> str:
    if item.state == "gone":
        return ""
    return "".join(
        f'<a class="button" href="library?{plain(urlencode({act: item.row.document}))}#asked" '
        f'aria-label="{plain(texts(f"library.{act}_this", title=item.title))}">{plain(texts(f"library.{act}"))}</a>'
        for act in ("replace", "remove")
    )
