"""Answers that compare: each part searched with a question of its own and quoted under its own heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from assistant.answering import evidence, extractive, refusals
from assistant.answering.asked import SHEET, asked
from assistant.answering.citations import as_markdown
from assistant.answering.evidence import Lack, Missing
from assistant.answering.extractive import Extract
from assistant.answering.parts import GROUPS, Part
from assistant.indexing.embedding import Embedder
from assistant.indexing.library import Library
from assistant.records import Citation, Document, Mode
from assistant.retrieval import hybrid, query
from assistant.retrieval.hybrid import Found, Scope
from assistant.understanding.english import listed, stem
from assistant.understanding.printed import fold

SEARCHED = 20  # passages found for a part whose name has to stand with them
KEPT = 10  # passages of a part that are quoted from and ranked, and of all parts that are shown
FLATTER = 10
"""Of the fusion by ranks (Cormack, Clarke and Büttcher 2009, there 60); 3 and 30 find the same on 13 comparisons."""
BESIDE_IT = 0.2  # of support; what a sentence loses that does not itself name the part, nor its heading
LONGER = 1.5  # times the words of another answer, for all parts together
NAMELIKE = 5  # words; a longer label is a clause
NAMING = frozenset(["name", "document", "year", "numbered", "group"])
"""Forms of parts whose own words have to stand with what is quoted for them."""

OVERVIEW = "What were the main results, and what was recommended?"
"""What is asked of documents that are set side by side without a word on what to compare."""
NOTHING = "nothing was found in the documents."
CLOSE = "passages close to this were found, but none seems to answer it."
WORD = re.compile(r"\w+(?:['’-]\w+)*")
NAME = re.compile(r"\b[A-ZÀ-Þ][\w&-]*")
SMALL = frozenset("a an and at by for from in its of on or the their to with s".split())
DETERMINER = re.compile(r"^(?:the|its|their|his|her|our) ", re.IGNORECASE)
ENDS_NAMED = re.compile(rf"\b{SHEET}(?:['’]s?)?$", re.IGNORECASE)
LOOSE = re.compile(r"(?:\s+(?:according to|in|of|by|for|from|the|its|their))+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Searched:
    """A part with what its own question found, what evidence it lacks, and passages in the order of all searches."""

    part: Part
    own: re.Pattern[str] | None
    """What names it and no other part; None where anything found may speak of it."""
    found: list[Found]
    missing: Missing
    ranked: list[Found]


@dataclass(frozen=True, slots=True)
class Compared:
    """The passages for a comparison, the best of each part in turn, and quotes for each part below its name."""

    found: list[Found]
    extract: Extract
    sure: bool
    """False: of a part that is quoted, what was found may only come near to an answer."""
    near: bool
    """Nothing is quoted, and of a part something near was found."""


def answer(
    library: Library,
    embedder: Embedder,
    text: str,
    parts: Sequence[Part],
    whole: Sequence[Found],
    scope: Scope,
    words: int,
) -> Compared:
    """Each part answered below its name; a part without evidence is told.

    whole is what the question found as it stands; words are those of another answer.
    """
    among = [_searched(library, embedder, part, parts, whole, scope) for part in parts]
    share, telling = int(words * LONGER / len(among)), query.telling(text)
    quoted = [() if s.missing.lack else extractive.answer(library, s.found, share, telling).citations for s in among]
    near = not any(quoted) and any(s.missing.lack is Lack.ANSWER for s in among)
    extract = refusals.answer(library, Missing(Lack.ANSWER)) if near else _extract(among, quoted)
    sure = all(s.missing.sure for s, some in zip(among, quoted, strict=True) if some)
    return Compared(_interleaved(among), extract, sure, near)


# --- searching -------------------------------------------------------------------------------------------------------


def _searched(
    library: Library, embedder: Embedder, part: Part, parts: Sequence[Part], whole: Sequence[Found], scope: Scope
) -> _Searched:
    """A part searched with its own question, in the documents that it names."""
    named = named_by(part, library.documents)
    named = tuple(name for name in named if not scope.documents or name in scope.documents)
    own = None if named or part.form not in NAMING else _own(part, parts)
    question = _question(part, library.documents) if named else part.question
    found = hybrid.search(
        library,
        question,
        embedder.embed_question(question),
        SEARCHED if own else KEPT,
        Scope(named or scope.documents, scope.kinds),
    )
    whole = [each for each in whole if not named or each.passage.document in named]
    if own:
        found, whole = (_speaking(library, some, own) for some in (found, whole))
    missing = evidence.ENOUGH if question == OVERVIEW else evidence.missing(library, embedder, question, found)
    return _Searched(part, own, found, missing, _fused(found, whole))


def named_by(part: Part, documents: Sequence[Document]) -> tuple[str, ...]:
    """The documents that a part names, by their titles or by who made them; () where it names none of several."""
    by_title = asked(part.label, documents).documents
    if part.form != "document":
        return by_title
    words = _words(" ".join(NAME.findall(part.label)))
    made = [
        d.name for d in documents if words & _words(" ".join((d.title, d.name.replace("-", " "), *d.organisations)))
    ]
    made = made if len(made) < len(documents) else []
    return tuple(name for name in made if name in by_title) or by_title or tuple(made)


def _question(part: Part, documents: Sequence[Document]) -> str:
    """What is searched for a part; the document that it names needs no naming where that alone is searched."""
    without = part.question.replace(part.label, "") if ENDS_NAMED.search(part.label) else part.question
    rest = LOOSE.sub("", asked(without, documents).rest.strip(" ?.")).strip(" ?.,:;")
    return f"{rest}?" if _words(rest) else OVERVIEW


def _own(part: Part, parts: Sequence[Part]) -> re.Pattern[str]:
    """What names a part and no other: one of its own words, a word for the same group, or its number."""
    if part.form == "numbered" and " " in part.label:
        noun, number = part.label.rsplit(" ", 1)
        counted = rf"\b{re.escape(stem(noun.lower()))}\w*(?:\W+\w+){{0,3}}?\W+{number}(?![\w%])"
        return re.compile(counted, re.IGNORECASE)
    rest = frozenset(word for other in parts if other is not part for word in _words(other.label))
    named = [word for word in WORD.findall(fold(part.label)) if word not in SMALL]
    forms = [rf"{re.escape(stem(word))}\w{{0,3}}" for word in named if stem(word) not in rest and word not in GROUPS]
    forms += [re.escape(word) for name in named for word in GROUPS.get(name, ())]
    return re.compile(rf"\b(?:{'|'.join(forms) or '(?!)'})\b", re.IGNORECASE)


def _speaking(library: Library, found: Sequence[Found], own: re.Pattern[str]) -> list[Found]:
    """Of what was found for a part, what speaks of it: its own words stand in the passage or above it."""
    titles = {document.name: document.title for document in library.documents}
    speaking = []
    for each in found:
        passage = each.passage
        heading = fold(f"{passage.section} {passage.context}")
        if own.search(heading) or own.search(fold(titles[passage.document])):
            speaking.append(each)
        elif own.search(fold(passage.text)):
            speaking.append(_leaning(each, own))
    return speaking[:KEPT]


def _leaning(found: Found, own: re.Pattern[str]) -> Found:
    """The passage with less support for the sentences that do not name the part themselves."""
    text = found.passage.text
    names = [own.search(fold(text[s.start : s.end])) is not None for s in found.passage.sentences]
    supports = zip(found.sentences, names, strict=True)
    return replace(found, sentences=tuple(support if named else support - BESIDE_IT for support, named in supports))


def _fused(own: Sequence[Found], whole: Sequence[Found]) -> list[Found]:
    """What a part's question found, in an order that heeds what the whole question found, too."""
    scores: dict[int, float] = {}
    for ranking in (own, whole):
        for rank, each in enumerate(ranking, 1):
            scores[each.row] = scores.get(each.row, 0.0) + 1 / (FLATTER + rank)
    by_row = {each.row: each for each in [*whole, *own]}
    return [by_row[row] for row in sorted(scores, key=lambda row: -scores[row])]


def _interleaved(among: Sequence[_Searched]) -> list[Found]:
    """The best of each part, then the second best of each, and so on; every passage once."""
    ranked = [found for row in zip_longest(*(s.ranked for s in among)) for found in row if found]
    return list({each.row: each for each in ranked}.values())[:KEPT]


# --- writing ---------------------------------------------------------------------------------------------------------


def _extract(among: Sequence[_Searched], quoted: Sequence[Sequence[Citation]]) -> Extract:
    """Headings with their quotes, numbered through; a refusal where no part has any."""
    if not any(quoted):
        return Extract("", (), Mode.REFUSAL)
    citations: list[Citation] = []
    lines: list[str] = []
    groups = _grouped(among, quoted)
    close = {s.part.label for s in among if s.missing.lack is Lack.ANSWER}
    for labels, some in groups:
        if not some:
            lines.append(as_markdown(f"For {_mention(labels[0])} {CLOSE if labels[0] in close else NOTHING}"))
        elif len(groups) > 1:
            lines.append(f"**{as_markdown(_headline(labels))}**")
        for citation in some:
            citations.append(replace(citation, number=len(citations) + 1))
            lines.append(f"{as_markdown(citation.quote)} [{len(citations)}]")
    return Extract("\n\n".join(lines), tuple(citations), Mode.EXTRACTIVE)


def _grouped(
    among: Sequence[_Searched], quoted: Sequence[Sequence[Citation]]
) -> list[tuple[tuple[str, ...], list[Citation]]]:
    """What each part quotes; first, what several parts quote or what names several, below all their names."""
    shared: dict[tuple[str, ...], list[Citation]] = {}
    alone: list[tuple[tuple[str, ...], list[Citation]]] = []
    for searched, some in zip(among, quoted, strict=True):
        own = []
        for citation in some:
            having = tuple(s.part.label for s, others in zip(among, quoted, strict=True) if _has(s, others, citation))
            if len(having) < 2:
                own.append(citation)
            elif not any(_same(citation, other) for other in shared.get(having, [])):
                shared.setdefault(having, []).append(citation)
        if own or not some:
            alone.append(((searched.part.label,), own))
    return [*shared.items(), *alone]


def _has(searched: _Searched, quoted: Sequence[Citation], citation: Citation) -> bool:
    """The part quotes the citation, too, or is named in it."""
    named = searched.own is not None and searched.own.search(fold(citation.quote)) is not None
    return named or any(_same(citation, other) for other in quoted)


def _same(a: Citation, b: Citation) -> bool:
    """They quote the same words of the same passage, or one quotes more around them."""
    return a.passage_id == b.passage_id and (a.quote in b.quote or b.quote in a.quote)


def _headline(labels: Sequence[str]) -> str:
    said = listed([DETERMINER.sub("", label) for label in labels])
    return said[0].upper() + said[1:]


def _mention(label: str) -> str:
    """A label within a sentence: long ones in quotation marks."""
    return f"“{label}”" if len(label.split()) > NAMELIKE else DETERMINER.sub("the ", label)


def _words(text: str) -> frozenset[str]:
    return frozenset(stem(word.replace("’", "'")) for word in WORD.findall(fold(text)) if word not in SMALL)
