"""How strong a document's evidence is, in its own words: what evaluation it reports, and how many people it asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.records import Kind, Passage, Shape
from assistant.understanding.english import MONTHS, NUMBERS

STAGE = re.compile(r"\b(?:final|mid-?term|interim|end-?line|baseline|impact|ex[- ]?post)\b", re.IGNORECASE)
QUALIFIED = (
    "final|mid-?term|interim|endline|end-?line|baseline|impact|performance|process|ex[- ]?post|formative|summative|"
    "developmental|outcome|implementation|program|programme|project|independent|external|internal|qualitative|"
    "mixed[- ]methods?|quasi-experimental|experimental|rapid|joint|thematic|country|real[- ]time|meta"
)
TYPE = re.compile(rf"\b(?:(?:{QUALIFIED})[ -]){{1,4}}(?:evaluation|assessment|review|audit)\b", re.IGNORECASE)
"""'Final performance evaluation': at least one word that says of what kind it is."""

NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|{'|'.join(NUMBERS[2:])})"
COUNTED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(rf"(?<![\w,.$-])(?P<number>{NUMBER}) {pattern}", re.IGNORECASE))
    for what, pattern in (
        (
            "interviews",
            r"(?:(?:key|informant|in-depth|semi-?structured|structured|individual|one-on-one|group|face-to-face|expert|"
            r"stakeholder|telephone|phone|remote|qualitative|household) ){0,3}(?:interviews|KIIs|SSIs)\b",
        ),
        (
            "groups",
            r"(?:virtual |separate |in-person )?(?:focus[- ]groups?(?: discussions?)?|FGDs?)\b(?! (?:part|resp))",
        ),
        (
            "surveyed",
            r"(?:\w+ )?(?:household |online |web |worker |employer )?(?:surveys|questionnaires|survey respondents)\b",
        ),
        ("people", r"(?:\w+ )?(?:respondents|participants|people|informants|interviewees|stakeholders)\b"),
        ("documents", r"(?:\w+ )?documents\b"),
        (
            "places",
            r"(?:\w+ )?(?:states|countries|districts|provinces|regions|municipalities|communities|sites|villages)\b",
        ),
    )
)
"""What a method counts; of each the largest number is told, as the others are parts of it."""
EVALUATORS = (
    r"(?:evaluation team|evaluators?|evaluation|assessment team|research team|researchers?|auditors|review team|we|"
    r"team|interviewers|moderators|enumerators|data collection|fieldwork|consultants)"
)
ASKED = re.compile(
    rf"\b{EVALUATORS}\b[^.;]{{0,80}}?\b(?:conducted|interviewed|surveyed|engaged|consulted|carried out|facilitated|led|"
    r"included|reviewed|received|analy[sz]ed|held|met with|collected|administered|visited|spoke with)\b"
    r"|\b(?:interviews|discussions|groups?|FGDs?\)?|surveys?|people|respondents|documents)\b[^.;]{0,60}?\b"
    r"(?:were |was )?(?:conducted|carried out|held|interviewed|surveyed|consulted|reviewed|administered)\b",
    re.IGNORECASE,
)
"""Sentences in which an evaluation tells what it did to find out."""
OTHERS = re.compile(
    r"\b(?:projects?|grantees?|ministry|government|agency|according to|monitoring|previous|earlier)\b", re.I
)
"""Whoever else may have asked people, named before the words of ASKED."""
DESIGN = re.compile(
    r"\b(?:mixed[- ]methods?|quasi-experiment\w*|randomi[sz]ed control\w* trials?|difference-in-differences?|"
    r"propensity score matching|regression discontinuity|outcome harvesting|contribution analysis|process tracing|"
    r"most significant change|theory-based|case stud(?:y|ies)|desk review|literature review|document review|"
    r"content analysis|site visits|(?:web|household|online|national)[- ]survey)\b",
    re.IGNORECASE,
)
USED = re.compile(
    rf"\b{EVALUATORS}\b[^.;]{{0,60}}?\b(?:used|uses|using|applied|employed|adopted|followed|took|relied|based|conducted|"
    rf"drew|triangulated)\b|\b{EVALUATORS}[’']s\b|\b(?:using|used) (?:the|a|an) \b|"
    r"\b(?:methodology|approach|design|methods) (?:was|were|is|used|included?|consist\w+)\b|\bwe \w+",
    re.IGNORECASE,
)
"""Sentences in which an evaluation tells how it was designed."""
SOME = 3  # designs that are told


@dataclass(frozen=True, slots=True)
class Stated:
    """Words of a document, with the page that they stand on."""

    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Strength:
    """What a document says of its own evidence: its kind of evaluation, its date, its methods and sample."""

    kind: Stated | None
    date: str
    methods: tuple[Stated, ...]

    def __str__(self) -> str:
        """One line: 'Final evaluation, May 2025; 120 interviews, 400 survey respondents (p. 14)'."""
        named = self.kind.text[0].upper() + self.kind.text[1:].lower() if self.kind else ""
        head = ", ".join(part for part in (named, self.date) if part)
        pages = list(dict.fromkeys(told.page for told in self.methods))
        groups = (
            ", ".join(told.text for told in self.methods if told.page == page) + f" (p. {page})" for page in pages
        )
        return "; ".join(part for part in (head, ", ".join(groups)) if part)


def strength(title: str, date: str, pages: Iterable[tuple[int, str]], passages: Sequence[Passage]) -> Strength:
    """Of a document: its title, its date as people write it, its first pages' raw text, the passages tells() chose."""
    return Strength(_kind(title, pages), date, (*_counted(passages), *_designs(passages)))


def tells(text: str) -> bool:
    """The text of a passage may say how the evaluation found out what it says."""
    if ASKED.search(text) and any(pattern.search(text) for _, pattern in COUNTED):
        return True
    return bool(DESIGN.search(text) and USED.search(text))


def _kind(title: str, pages: Iterable[tuple[int, str]]) -> Stated | None:
    """The kind of evaluation that the title names, where it is printed; else what the first page says, stages first."""
    named = TYPE.search(title)
    for place, (number, text) in enumerate(pages):
        found = [match.group() for match in TYPE.finditer(" ".join(text.split()))]
        titled = [phrase for phrase in found if named and phrase.lower() == named.group().lower()]
        if titled:
            return Stated(titled[0], number)
        if found and place == 0 and not named:
            staged = [phrase for phrase in found if STAGE.search(phrase)]
            return Stated(staged[0] if staged else max(found, key=len), number)
    return None


def _counted(passages: Sequence[Passage]) -> list[Stated]:
    best: dict[str, tuple[float, Stated]] = {}
    for page, text in _sentences(passages, ASKED):
        for what, pattern in COUNTED:
            for match in pattern.finditer(text):
                value = _value(match["number"])
                if what not in best or value > best[what][0]:
                    best[what] = (value, Stated(match.group(), page))
    told = [best[what][1] for what, _ in COUNTED if what in best]
    return told if any(what in best for what in ("interviews", "groups", "surveyed", "people", "documents")) else []


def _designs(passages: Sequence[Passage]) -> list[Stated]:
    found: dict[str, Stated] = {}
    for page, text in _sentences(passages, USED):
        for match in DESIGN.finditer(text):
            found.setdefault(match.group().lower(), Stated(match.group(), page))
    return list(found.values())[:SOME]


def _sentences(passages: Sequence[Passage], cue: re.Pattern[str]) -> Iterable[tuple[int, str]]:
    """Proven sentences that tell of this evaluation's own methods, with their pages."""
    for passage in passages:
        if passage.shape is Shape.ROW or passage.kind in (Kind.RECOMMENDATION, Kind.TESTIMONY, Kind.LESSON):
            continue
        for sentence in passage.sentences:
            text = passage.text[sentence.start : sentence.end]
            match = cue.search(text)
            if sentence.proven and match and not (cue is ASKED and OTHERS.search(text[: match.start()])):
                yield next(s.page for s in passage.spans if s.end > sentence.start), " ".join(text.split())


def _value(number: str) -> float:
    word = number.lower()
    return float(NUMBERS.index(word)) if word in NUMBERS else float(word.replace(",", ""))


def spoken(date: str) -> str:
    """A date like 2025-05 or 2025-05-31 as people write it: May 2025."""
    year, _, rest = date.partition("-")
    return f"{MONTHS[int(rest[:2]) - 1].capitalize()} {year}" if rest else year
