"""Whether a sentence says of one what its source says of another, and gives a reason that the source gives."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering import wording
from assistant.answering.claims import ROW, SEGMENT, Evidence
from assistant.answering.clauses import Clause, Term, nearest_to, shared, terms, whole

LINKED = 2  # words that a source's clause must share, beyond who acts, to be the one that is meant


def gives_own_reason(sentence: str, evidence: Sequence[Evidence]) -> bool:
    """The sentence says why, and no sentence of the sources links the two by a reason."""
    said = whole(sentence)
    opening = whole(sentence.split(",")[0])
    opens = opening.terms[0].word if len(opening.content) >= LINKED else ""
    if not said.holds(wording.CLAIMS_CAUSE) and opens not in ("as", "since"):
        return False
    before: Evidence | None = None
    for each in evidence:
        # "This improvement": what the reason is for may stand in the sentence before.
        follows = before is not None and before.source == each.source
        joined = [*(before.clause.terms if before and follows else ()), *each.clause.terms]
        linked = len({term.stem for term in shared(said.content, joined)}) >= LINKED
        if linked and shared(each.clause.behind(wording.GOVERNING, 1), _causes(each.clause)):
            return True
        if linked and _causes(each.clause):
            return False
        before = each
    return True


def _causes(clause: Clause) -> list[Term]:
    return [term for term in clause.terms if term.word in wording.CAUSES]


def names_another(clause: Clause, evidence: Sequence[Evidence]) -> bool:
    """The clause says of one what the source says of another.

    The part of a source that shares most with it begins with other words, and those that the clause begins with head
    another part, which says something else.
    """
    parts = [(each, part) for each in evidence if not ROW.search(each.text) for part in each.parts]
    if not parts:
        return False
    meant = nearest_to(clause, [part for _, part in parts])
    source = next(each.source for each, part in parts if part is meant)
    for each, rival in parts:
        if meant is None or rival is meant or each.source != source:
            continue
        differs = _missing(meant.head, rival.head)[:1]
        named = {term.stem for term in clause.head}
        taken = [term for term in _missing(rival.head, meant.content) if term.stem in named]
        beyond = _missing([t for t in meant.terms if t.is_content or t.word.isdigit()], [*meant.head[:1], *rival.terms])
        if differs and taken and not shared(differs, clause.content) and len(shared(beyond, clause.terms)) >= LINKED:
            return True
    return False


def pairs_wrongly(claim: str, evidence: Sequence[Evidence]) -> bool:
    """Something is said of one name that the source, in one sentence, says of another: strict here and weak there."""
    mine = [terms(wording.plainly(part)) for part in SEGMENT.split(claim)]
    capitals = {t.stem for part in mine for t in part if t.text[0].isupper()}
    for each in evidence:
        parts = [terms(wording.plainly(part)) for part in SEGMENT.split(each.text)]
        if ROW.search(each.text):
            continue
        written = [t for part in parts for t in part][1:]
        named = {t.stem for t in written if t.text[0].isupper() and t.says_something}
        named = {name for name in named if sum(any(t.stem == name for t in part) for part in parts) == 1}
        for part in mine:
            names = {t.stem for t in part if t.text[0].isupper()} & named
            own = [t for other in parts if names & {o.stem for o in other} for t in other]
            foreign = [t for other in parts if names and not names & {o.stem for o in other} for t in other]
            strange = {t.stem for t in foreign} & named & capitals - names
            said = [t for t in part if t.is_content and t.stem not in named and not shared([t], own)]
            if strange and own and names < named and shared(said, foreign) and not strange & {t.stem for t in part}:
                return True
    return False


def _missing(some: Sequence[Term], others: Sequence[Term]) -> list[Term]:
    there = {term.stem for term in others}
    return [term for term in some if term.stem not in there]
