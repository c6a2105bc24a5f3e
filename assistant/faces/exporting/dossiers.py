"""The plain value between what staff see and every file format: quotes with their places, and how they came about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from assistant import __version__
from assistant.faces.rendering import clean
from assistant.faces.texts import Texts
from assistant.records import Citation, Mode
from assistant.staff.conversations import Kept

NEAREST = 5
"""Passages beside a refusal, in a file as in the conversation."""
Rows = Mapping[str, Any]
"""The rows of Answerer.documents() by document."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of a document with all that a reader needs to find and to cite them."""

    number: int
    quote: str
    context: str
    kind: str
    document: str
    title: str
    page: int
    page_end: int
    page_label: str
    section: str
    passage_id: str
    organisations: tuple[str, ...] = ()
    date: str = ""
    type: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """How an answer came about; made is a paragraph for readers, asked_at ISO 8601 in UTC."""

    question: str
    asked_at: str
    generation: int
    made: str
    version: str = __version__

    @property
    def asked(self) -> str:
        """The time as people read it."""
        return f"{self.asked_at[:16].replace('T', ' ')} UTC"


@dataclass(frozen=True, slots=True)
class Part:
    """An answer, or passages that a person chose: then text, the answer's Markdown, is ''."""

    statement: Statement
    text: str
    excerpts: tuple[Excerpt, ...]
    contract: Mapping[str, Any] = field(default_factory=dict)
    """The answer as the contract has it; empty for chosen passages."""
    near: tuple[Excerpt, ...] = ()
    """Passages near to what was asked, where nothing is cited or the answer was refused; not checked as quotes are."""

    @property
    def listed(self) -> tuple[tuple[str, tuple[Excerpt, ...]], ...]:
        """What stands below the answer, each list with the name of its heading among the words of the pages."""
        lists = (("export.sources", self.excerpts), ("export.near", self.near))
        return tuple((name, excerpts) for name, excerpts in lists if excerpts)


@dataclass(frozen=True, slots=True)
class Dossier:
    """What one file holds, and the words of the language that it is written in."""

    title: str
    parts: tuple[Part, ...]
    words: Texts

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """Those of all parts."""
        return tuple(excerpt for part in self.parts for excerpt in part.excerpts)


def of_answers(title: str, answers: Iterable[Kept], rows: Rows, words: Texts) -> Dossier:
    """A kept answer, or all of a conversation."""
    return Dossier(title, tuple(_part(kept, rows, words) for kept in answers), words)


def of_passages(
    question: str, quotes: Sequence[Citation], lost: int, generation: int, rows: Rows, words: Texts
) -> Dossier:
    """Quotes of passages that a person chose; lost is how many of these could not be quoted."""
    made = [words("export.chosen"), words("export.checked"), words("export.searched", generation=generation)]
    made += [words("export.lost", count=lost)] if lost else []
    now = datetime.now(UTC).isoformat(timespec="seconds")
    excerpts = tuple(_excerpt(asdict(quote) | {"kind": str(quote.kind)}, rows) for quote in quotes)
    part = Part(Statement(question, now, generation, " ".join(made)), "", excerpts)
    return Dossier(question or words("export.selection"), (part,), words)


def how_made(contract: Mapping[str, Any], words: Texts) -> str:
    """The paragraph that says of an answer, the contract's object, how it was made, checked and searched for."""
    writing, coverage, quoted = contract.get("writing"), contract.get("coverage"), bool(contract["citations"])
    mode = contract["mode"]
    said = []
    if mode == Mode.GENERATIVE and writing:
        fields = {name: clean(str(writing[name])) for name in ("model", "prompt", "checked", "removed")}
        said.append(words("export.generative", **fields))
    elif contract["refused"]:
        said.append(words("export.instead" if quoted else "export.refusal"))
    elif mode == Mode.LISTING:
        said.append(words("export.listing"))
    else:
        said.append(words("export.extractive"))
    if writing and writing.get("failure"):
        said.append(words("export.gave_up", model=clean(writing["model"])))
    if quoted:
        said.append(words("export.checked"))
    if contract["understood"].strip() != contract["question"].strip():
        said.append(words("export.understood", understood=clean(contract["understood"])))
    said.append(words("export.searched", generation=contract["generation"]))
    if coverage:
        said.append(words("export.covered", documents=coverage["documents_searched"], entries=coverage["entries"]))
    return " ".join(said)


def _part(kept: Kept, rows: Rows, words: Texts) -> Part:
    contract = kept.answer
    statement = Statement(kept.question, kept.asked_at, kept.generation, how_made(contract, words))
    cited = tuple(_excerpt(each, rows) for each in contract["citations"])
    near = () if cited and not contract["refused"] else _near(contract, rows)
    return Part(statement, contract["answer"], cited, contract, near)


def _near(contract: Mapping[str, Any], rows: Rows) -> tuple[Excerpt, ...]:
    quoted = {each["passage_id"] for each in contract["citations"]}
    first = max((each["number"] for each in contract["citations"]), default=0) + 1
    near = [each for each in contract["passages"] if each["passage_id"] not in quoted][:NEAREST]
    unsaid = {"context": "", "page_label": ""}
    return tuple(
        _excerpt({**each, **unsaid, "number": number, "quote": each["text"], "page_end": each["page"]}, rows)
        for number, each in enumerate(near, first)
    )


def _excerpt(citation: Mapping[str, Any], rows: Rows) -> Excerpt:
    """A citation of the contract, with what the library now says of its document."""
    names = Excerpt.__dataclass_fields__.keys() & citation.keys()
    row = rows.get(citation["document"])
    known = {name: getattr(row, name) for name in ("organisations", "date", "type", "link")} if row else {}
    return Excerpt(**{name: citation[name] for name in names}, **known)
