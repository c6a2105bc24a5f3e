"""Whether a clause says what its source says, not just with its words: denials, how much and how sure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering import wording
from assistant.answering.amounts import Figure, figures
from assistant.answering.claims import Evidence
from assistant.answering.clauses import Clause, Term, nearest_to, shared

DENIED = 2  # words of substance behind "no" that are denied: "no significant difference"
WEIGHED = 3  # words behind "may" that are uncertain
TURNS = ("un", "in", "im", "non-", "dis", "ir")
NAYS = wording.NEGATIVE | frozenset(
    "vacant differ differs lost cancelled rejected closed exempt too only stopped discontinued suspended withdrew "
    "short free".split()
)
NEGATED = re.compile(r"un(?!der|ion|it|til|i[vqfc]|dp|hcr|fpa|esco|less)|non-|dis(?!tri|cus|play|pla)")
MAJORITY = 0.5
NEAR = 0.7  # share of what the nearest sentence shares
WITHIN = 0.6  # share of its words
LINKED = 2  # words that a source's clause must share, beyond who acts, to be the one that is meant


def contradiction(sentence: Clause, clause: Clause, nearest: Evidence, evidence: Sequence[Evidence]) -> str:
    """How a clause of a sentence strays from its sources; '' if it does not.

    nearest shares most with the clause. Another sentence counts beside it when the clause says most of what one of its
    parts says, however much the nearest shares.
    """
    meant = [each for each in evidence if each is nearest or any(_is_within(part, clause) for part in each.parts)]
    for name, strays in STRAYS.items():
        if any(strays(sentence, clause, each) for each in meant):
            return name
    most = len(shared(clause.content, nearest.clause.content))
    near = [
        e for e in evidence if e is nearest or len(shared(clause.content, e.clause.content)) >= max(LINKED, NEAR * most)
    ]
    for name, goes_beyond in EXTENTS.items():
        if goes_beyond(clause, near):
            return name
    return ""


def _is_within(part: Clause, clause: Clause) -> bool:
    """Most of what a part of a source says is said by the clause, too."""
    return len(part.content) >= LINKED and len(shared(part.content, clause.content)) >= WITHIN * len(part.content)


def _denies_the_denied(sentence: Clause, clause: Clause, evidence: Evidence) -> bool:
    """The source says not, and the clause does not; or the source says seldom, and the clause does not."""
    if clause.holds(wording.NEGATIVE | wording.SELDOM):
        return False
    part = nearest_to(clause, evidence.parts)
    return bool(part and shared(_denied(part, seldom=True), clause.said))


def _denies(clause: Clause, near: Sequence[Evidence]) -> bool:
    """The clause says not of something of which no source near to it does."""
    outright = clause.behind(wording.OUTRIGHT, DENIED)
    for term in _denied(clause):
        saying = [each.clause for each in near if shared([term], each.clause.said)]
        denying = [each for each in saying if each.holds(NAYS) or (term not in outright and _is_negative(each))]
        if saying and not denying:
            return True
    return False


def _is_negative(clause: Clause) -> bool:
    return any(t.word in NAYS or t.word in wording.SELDOM or NEGATED.match(t.word) for t in clause.terms)


def _denied(clause: Clause, seldom: bool = False) -> list[Term]:
    """What a clause denies: the word behind 'not', two behind 'no'; with seldom, what it says of few or rarely."""
    words = wording.SELDOM if seldom else frozenset()
    return [
        *clause.behind(wording.GOVERNING - wording.DENIES_TWO | words, 1),
        *clause.behind(wording.DENIES_TWO, DENIED),
    ]


def _says_the_opposite(sentence: Clause, clause: Clause, evidence: Evidence) -> bool:
    """The clause has a word whose opposite, and not itself, stands in the source."""
    if clause.holds(wording.NEGATIVE):
        return False
    said = evidence.clause
    words, others = ({term.word for term in each.terms} for each in (clause, said))
    others -= {term.word for term in said.behind(wording.GOVERNING, DENIED)}
    return any(
        words & one and others & other and not (others & one or words & other)
        for pair in wording.OPPOSITES
        for one, other in (pair, pair[::-1])
    ) or any(_negated(word) & others and word not in others and not _negated(word) & words for word in words)


def _negated(word: str) -> set[str]:
    """The word with what turns it round, taken off or put before: realistic, unrealistic."""
    bare = {word[len(start) :] for start in TURNS if word.startswith(start) and len(word) > len(start) + 3}
    return {start + word for start in TURNS} | bare


def _compares_the_other_way(sentence: Clause, clause: Clause, evidence: Evidence) -> bool:
    """The clause has more for the one where the source has more for the other."""
    mine, theirs = _compared(clause), _compared(evidence.clause)
    if not mine or not theirs or mine[2] != theirs[2]:
        return False
    (one, other, _), (theirs_one, theirs_other, _) = mine, theirs
    return bool(one & (theirs_other - theirs_one) and other & (theirs_one - theirs_other))


def _compared(clause: Clause) -> tuple[set[str], set[str], bool] | None:
    """The stems before and behind 'than', and whether it is 'less … than'; None for what compares nothing."""
    words = [term.word for term in clause.terms]
    if "than" not in words or clause.holds(wording.LESS) == clause.holds(wording.MORE):
        return None
    place = words.index("than")
    before, behind = (
        {t.stem for t in part if t.says_something} for part in (clause.terms[:place], clause.terms[place:])
    )
    return before, behind, clause.holds(wording.LESS)


def _says_all(clause: Clause, near: Sequence[Evidence]) -> bool:
    """The clause speaks of all or of none, and no source near to it does."""
    if clause.holds(wording.CLAIMS_NONE):
        return not any(each.clause.holds(wording.GOVERNING) for each in near)
    if not clause.holds(wording.CLAIMS_ALL) or any(each.clause.holds(wording.ALL) for each in near):
        return False
    # "All 90 inspectors": the row gives 90 twice, as planned and as done.
    counts = [figure.value for figure in figures(" ".join(term.word for term in clause.terms))]
    return not any(sum(f.value == count for f in each.figures) > 1 for count in counts for each in near)


def _says_surely(clause: Clause, near: Sequence[Evidence]) -> bool:
    """The clause is certain, or excludes all else, in a word that no source near to it has."""
    sure = {term.word for term in clause.terms if term.word in wording.SURE}
    return bool(sure) and not any(each.clause.holds(wording.SURE) for each in near)


def _amplifies(clause: Clause, near: Sequence[Evidence]) -> bool:
    """The clause says very, or sharply, and no source near to it has such a word."""
    return clause.holds(wording.AMPLIFIED) and not any(each.clause.holds(wording.AMPLIFIED) for each in near)


def _says_most(clause: Clause, near: Sequence[Evidence]) -> bool:
    """The clause speaks of most, and neither a word nor a figure of the sources near to it does."""
    places = [n for n, term in enumerate(clause.terms[:-1]) if term.word in ("most", "majority")]
    if not any(clause.terms[n + 1].word.endswith("s") for n in places):  # "the most important"
        return False
    nearest = near[0]
    return not (nearest.clause.holds(wording.MOST | wording.ALL) or _is_majority(nearest.figures))


def _says_whole(clause: Clause, near: Sequence[Evidence]) -> bool:
    """What shares most with the clause says partly; where the clause speaks of another, somebody else's words count."""
    if clause.holds(wording.PARTLY):
        return False
    parts = [part for each in near for part in each.parts]
    nearest = nearest_to(clause, parts)
    partly = shared(nearest.behind(wording.IN_PART, 1), clause.said) if nearest else []
    if not partly or not nearest:
        return False
    others = [part for part in parts if shared(partly, part.content) and shared(clause.head[:1], part.content)]
    return not any(part is not nearest and not shared(clause.head[:1], nearest.content) for part in others)


def _is_majority(found: Sequence[Figure]) -> bool:
    """Among the figures is a share above one half, or two counts of which one is most of the other."""
    counts = [figure.value for figure in found if not figure.share]
    shares = [figure.value for figure in found if figure.share]
    return any(share > MAJORITY for share in [*shares, *(a / b for a in counts for b in counts if 0 < a < b)])


def _is_surer(sentence: Clause, clause: Clause, evidence: Evidence) -> bool:
    """The source says may or probably, and the sentence is certain."""
    hedges = wording.HEDGES - {term.word for term in evidence.clause.terms if term.word not in wording.WEIGHS}
    return not sentence.holds(hedges) and _shares_behind(clause, evidence, wording.WEIGHS, WEIGHED)


def _takes_wishes_for_facts(sentence: Clause, clause: Clause, evidence: Evidence) -> bool:
    """The source says should or promised, and the sentence says that it is so."""
    return not sentence.holds(wording.WISHES) and _shares_behind(clause, evidence, wording.PROMISES, DENIED)


def _shares_behind(clause: Clause, evidence: Evidence, words: frozenset[str], reach: int) -> bool:
    part = nearest_to(clause, evidence.parts)
    return bool(part and shared(part.behind(words, reach), clause.said))


STRAYS = {
    "the source denies it": _denies_the_denied,
    "the source says the opposite": _says_the_opposite,
    "the source compares the other way": _compares_the_other_way,
    "the source is less certain": _is_surer,
    "the source asks for it": _takes_wishes_for_facts,
}
"""What may go wrong, and how it is told. What may grow is a row here."""
EXTENTS = {
    "the source does not deny it": _denies,
    "the source does not say it of all": _says_all,
    "the source does not say it of most": _says_most,
    "the source is not as sure": _says_surely,
    "the source says it less strongly": _amplifies,
    "the source says it of a part": _says_whole,
}
