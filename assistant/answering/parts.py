"""The parts that a question compares, told from its form: names, documents, groups or years set side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.asked import SHEET

MOST = 5  # parts; more names than this are a list, not a comparison
LONGEST = 16  # words; what is longer is no name of a part
SHORTEST = 3  # words; a shorter phrase that is no name is nothing to search for alone
TOPIC = re.compile(r"^(?P<topic>[^:?]{3,80}): (?P<rest>.+)$")

STRONG = re.compile(
    r"\b(?:in )?(?:compar(?:es?|ing|isons?|ed(?! (?:with|to|against)))\b|contrast(?:s|ed|ing)?\b|"
    r"versus\b|vs\b\.?|differ(?:s|ed|ences?|ently)?\b|"
    r"different(?= (?:from|between|for|in)\b))",
    re.IGNORECASE,
)
"""Words that set things against each other, whatever these are."""
WEAK = re.compile(r"\b(?:both|each|respectively|the same)\b", re.IGNORECASE)
"""Words that do so when names, documents, groups or years are joined in the same question."""
COMPARATIVE = re.compile(
    r"\b(?:more|less|fewer|most|least|better|best|worse|worst|(?:high|low|large|small|great|long|short|fast|slow|strong|"
    r"weak|cheap|old|young)(?:er|est))\b",
    re.IGNORECASE,
)
PREPOSITIONS = "in|of|for|to|on|at|by|from|among|under|with|within|according to"
JOINED = re.compile(r",? (?P<joint>and|or|than|versus|vs\.?) ", re.IGNORECASE)

ASKING = (
    "how|what|which|who|whom|whose|when|where|why|do|does|did|is|are|was|were|be|been|has|have|had|can|could|should|"
    "would|will|may|might|each|both|and|or|versus|vs|that|than|according|compare[sd]?|comparing|compared|contrast|"
    "differ|differs|differed|between|please"
)
BARE = rf"(?!(?i:{ASKING}|{PREPOSITIONS})\b)[\w(][\w'’&()/-]*"
CAPITAL = r"(?-i:[A-ZÀ-Þ])[\w'’&/-]*"
GROUPS: dict[str, frozenset[str]] = {
    name: frozenset((name, *others.split()))
    for name, others in (
        ("women", "woman female females"),
        ("men", "man male males"),
        ("female", "females woman women"),
        ("male", "males man men"),
        ("girls", "girl female females"),
        ("boys", "boy male males"),
        ("youth", "youths young younger"),
        ("adults", "adult adults older"),
        ("urban", "city cities"),
        ("rural", "countryside villages"),
    )
}
"""Groups of people that reports compare, each with the other words that stand for it."""
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("document", rf"(?:{BARE} ){{0,6}}?{SHEET}(?:['’]s?)?(?![\w-])"),
        ("name", rf"(?:the )?{CAPITAL}(?: (?:(?:of|de|del|la|los) )*(?:{CAPITAL}|\d+(?![\d%])))*"),
        ("year", r"(?:(?:fy|early|mid|late) ?)?(?:19|20)\d\d"),
        ("numbered", r"(?:[a-z]+ )?(?:\d{1,2}|(?-i:[A-Z]))(?![\w%$.,]?\w)"),
        ("group", rf"(?:the )?(?:{'|'.join(GROUPS)})"),
        ("time", r"(?:before|after)"),
    )
)
"""What may be set side by side with little else to say that a question compares."""
SUFFICE = frozenset(["document", "time"])
"""Forms that say it alone: 'the midterm report and the final report', 'before and after'."""

WITH = re.compile(
    r"(?P<before>.*?)\b(?:compar(?:e|ing)|contrast(?:ing)?)\s(?P<a>.+?) (?:with|to|against) (?P<b>.+)$", re.IGNORECASE
)
FROM = re.compile(
    r"(?P<before>.*)\b(?:do|does|did|is|are|was|were) (?P<a>.+?) (?:differ|different|differently|compare) "
    r"(?:from|with|to|against) (?P<b>.+)$",
    re.IGNORECASE,
)
BETWEEN = re.compile(
    r"(?P<before>.*\b(?:differ\w*|compar\w+|contrast)\b[^,.;]*?) between (?P<a>.+?) and (?P<b>.+?)"
    r"(?P<after>(?: (?:in|on|for|at|over|during|since|when|regarding|concerning|with regard to|as regards)\b.*)?)$",
    re.IGNORECASE,
)
CLAUSES = re.compile(
    r"^(?P<a>.+?), (?:against|as against|as opposed to|(?:as )?compared (?:with|to)|versus|vs\.?) "
    r"(?P<b>(?:how (?:many|much)|what|which|the (?:number|share|rate|amount|percentage|proportion))\b.+)$",
    re.IGNORECASE,
)
ELLIPSIS = re.compile(
    rf"(?P<before>.*\bhow (?:many|much)\b.* (?P<joint>{PREPOSITIONS})) "
    rf"(?P<a>(?:(?!\b(?:{PREPOSITIONS}) )[^,])+?),? and "
    r"how (?:many|much) (?P=joint) (?P<b>[^,]+)$",
    re.IGNORECASE,
)
BOTH = re.compile(r"^(?:please )?(?:compare|contrast) (?P<a>.+?) and (?P<b>.+)$", re.IGNORECASE)
WHICH = re.compile(r"^(?:which|who|what)\b(?P<before>.+), (?P<a>[^,]+) or (?P<b>[^,]+)$", re.IGNORECASE)
VERSUS = re.compile(rf"^(?P<a>(?!.*\b(?:{PREPOSITIONS}) .* vs)[^,:]+?) (?:versus|vs\.?) (?P<b>[^,:]+)$", re.IGNORECASE)
SHARED = re.compile(
    r"(?P<before>.*?)\b(?P<a>[a-z]+ (?P<head>[a-z]+)) and (?P<b>[a-z]+ (?P=head))\b(?P<after>.*)$", re.IGNORECASE
)

POINTING = re.compile(r"^(?:that|this|those|these|it|them|they|each other|one another|now|then)\b", re.IGNORECASE)
LEAD = re.compile(
    r"^\W*(?:please |can you |could you )*"
    r"(?:how(?! (?:many|much)\b)|what|where|which|who|in what (?:way|respect)s?)?\W*"
    r"(?:do|does|did|is|are|was|were|has|have|had)?\b(?: there)?(?: the| any| a)?\b",
    re.IGNORECASE,
)
LOOSE = re.compile(r"\b(?:how|what|where|which|who|do|does|did|is|are|was|were|each|between)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things compared. question is the whole question with only this one in it."""

    label: str
    question: str
    form: str = ""
    """document, name, year, numbered, group or time; '' where the label is words of any sort."""


def parts(text: str) -> tuple[Part, ...]:
    """What a question sets side by side, in its order; () where it compares nothing."""
    asked = text.strip().rstrip("?.! ")
    for read in (_clauses, _opposed, _coordinated, _loose):
        found = read(asked)
        kept = tuple(part for part in found if _is_telling(part))
        if len({part.label.lower() for part in kept}) == len(found) > 1:
            return kept if all(len(part.label.split()) <= LONGEST for part in kept) else ()
    return ()


def _is_telling(part: Part) -> bool:
    """The label names something, and the question says what is asked of it."""
    if not part.label or POINTING.match(part.label):
        return False
    bare = part.question.rstrip("?").lower() == part.label.lower()
    return bool(part.form) or not bare or len(part.label.split()) >= SHORTEST


def _clauses(text: str) -> list[Part]:
    """Two questions set against each other: 'how many had opened, compared with the number that were planned'."""
    topic, rest = _topic(text)
    match = CLAUSES.match(rest)
    if not match:
        return []
    return [Part(clause, f"{topic}: {clause}".strip(": ") + "?") for clause in (match["a"], match["b"])]


def _opposed(text: str) -> list[Part]:
    """Forms that name both sides: compare A with B, A differs from B, how many in A and how many in B."""
    for pattern in (ELLIPSIS, WITH, FROM):
        match = pattern.match(text)
        if match:
            return _framed(match["before"], [match["a"], match["b"]], "")
    match = WHICH.match(text)
    if match and COMPARATIVE.search(match["before"]):
        return _framed(COMPARATIVE.sub("", match["before"]), [match["a"], match["b"]], "")
    return []


def _coordinated(text: str) -> list[Part]:
    """Names, documents, groups or years joined by 'and', where the question says that it compares them."""
    strong, weak = STRONG.search(text) is not None, WEAK.search(text) is not None
    found: list[tuple[bool, list[Part]]] = []
    for joint in JOINED.finditer(text):
        word = joint["joint"].lower()
        if word in ("or", "than") and not COMPARATIVE.search(text):
            continue
        for form, labels, start, end, repeated in _joined(text, joint):
            if strong or weak or repeated or word != "and" or form in SUFFICE:
                said = [Part(name, _question(text[:start], name, text[end:]), form) for name in map(_bare, labels)]
                found.append((re.search(r"\bbetween $", text[:start]) is None, said))
                break
    return min(found, key=lambda each: each[0], default=(True, []))[1]


def _loose(text: str) -> list[Part]:
    """'The difference between A and B', 'A vs B', 'compare A and B' of words that are no names."""
    topic, rest = _topic(text)
    for head, tail in ((topic, rest), (rest, "")):
        match = VERSUS.match(head)
        if match:
            return _framed(topic if head is rest else "", [match["a"], match["b"]], tail)
    compares = STRONG.search(text) or WEAK.search(text)
    match = BETWEEN.match(text) or BOTH.match(rest) or (SHARED.match(text) if compares else None)
    if not match:
        return []
    before = match.groupdict().get("before", topic)
    return _framed(before, [match["a"], match["b"]], match.groupdict().get("after") or "")


def _joined(text: str, joint: re.Match[str]) -> Iterator[tuple[str, list[str], int, int, bool]]:
    """Form, labels, start, end of what stands on both sides of a joint, and whether a preposition is repeated."""
    first = re.match(r"\w+", text)
    asking = first and re.fullmatch(f"(?:{ASKING}|{PREPOSITIONS})", first.group(), re.IGNORECASE)
    text = text[0].lower() + text[1:] if asking else text
    for form, pattern in FORMS:
        labels, start, prepositions = _before(text[: joint.start()], pattern)
        preposition = prepositions[-1] if prepositions else ""
        if not labels:
            continue
        repeated = re.match(rf"(?:{PREPOSITIONS}) (?=\S)", text[joint.end() :], re.IGNORECASE)
        if repeated and repeated.group().strip().lower() != preposition:
            continue
        at = joint.end() + (repeated.end() if repeated else 0)
        right = pattern.match(text, at)
        if right and not (form == "document" and len(right.group().split()) > LONGEST):
            last = right.group()
            if form == "numbered" and " " not in last and " " in labels[-1]:
                last = f"{labels[-1].rsplit(' ', 1)[0]} {last}"
            yield form, [*labels, last], start, right.end(), repeated is not None


def _before(left: str, pattern: re.Pattern[str]) -> tuple[list[str], int, list[str]]:
    """The labels of one form that end a text, commas between them; where they start; the words right before each."""
    labels: list[str] = []
    prepositions: list[str] = []
    start = len(left)
    while len(labels) < MOST - 1:
        match = re.search(rf"(?<![\w-])(?:{pattern.pattern})$", left[:start].rstrip(", "), re.IGNORECASE)
        if not match or (labels and left[:start].rstrip() == left[:start].rstrip(", ")):
            break
        labels.insert(0, match.group())
        start = match.start()
        word = re.search(rf"(?:{PREPOSITIONS})(?= $)", left[:start], re.IGNORECASE)
        prepositions.insert(0, word.group().lower() if word else "")
    return labels, start, prepositions


def _framed(before: str, labels: Sequence[str], after: str) -> list[Part]:
    named = _completed([_bare(label) for label in labels])
    return [Part(label, _question(before, label, after), _form(label)) for label in named]


def _bare(label: str) -> str:
    """'the P2' is P2, 'those of men' are men."""
    return re.sub(r"^(?:(?:those|that) of|the(?= [A-Z0-9]+\b)) ", "", label.strip(" ,"))


def _completed(labels: Sequence[str]) -> list[str]:
    """'small and large unions': the noun that the first label shares with the last."""
    first, last = labels[0].split(), labels[-1].split()
    lacks = len(first) == 1 and first[0].islower() and len(last) == 2 and last[0].islower() and not _form(labels[0])
    return [f"{labels[0]} {last[1]}", *labels[1:]] if lacks else list(labels)


def _form(label: str) -> str:
    return next((form for form, pattern in FORMS if pattern.fullmatch(label)), "")


def _question(before: str, label: str, after: str) -> str:
    """The frame with one label in it, without the words that only compare."""
    before, after = (WEAK.sub("", STRONG.sub("", part)) for part in (before, after))
    framed = f"{LOOSE.sub('', LEAD.sub('', before))} {label} {after}"
    closed = " ".join(re.sub(r"\s+([,.:;?])", r"\1", framed).split()).strip(" ,:;")
    return re.sub(rf"(?: (?:{PREPOSITIONS}))+$", "", closed, flags=re.IGNORECASE) + "?"


def _topic(text: str) -> tuple[str, str]:
    match = TOPIC.match(text)
    return (match["topic"], match["rest"]) if match else ("", text)
