"""Whether a question asks for a list, of what, and in which documents."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.aliases import plain
from assistant.records import Document, Kind
from assistant.understanding import numbered
from assistant.understanding.english import MONTHS, stem

COMPLETE = re.compile(
    r"(?<!\bin )\b(all|every|each of|list|enumerate|complete|in full|without exception)\b"
    r"(?! (along|over|else|year|their|its|his|her)\b)",
    re.IGNORECASE,
)
"""Words that ask for everything there is."""
REQUEST = re.compile(
    r"^\W*(please |can you |could you )*(list|give|name|enumerate|show|provide|tell me|all|every|which|what (are|were)|"
    r"who (are|were)|i (need|want))\b|[:,] (all|every|list)\b|\b(every one|all of them|them all|name all|list all)\b",
    re.IGNORECASE,
)
"""How a question that wants a list is put: 'did all unions …?' wants none."""
SIMPLY = re.compile(r"\b(what|which|give me|show( me)?|name|summari[sz]e|qué|cuáles)\b", re.IGNORECASE)
"""Words that ask for a list when nothing but findings and their documents are named beside them."""
LEADING = re.compile(r"^\W*(?:the )?(?:(?:most|main|key|major|important|principal|overall) )*", re.IGNORECASE)
"""What may stand before the kind of finding that a question begins with."""
COUNTING = re.compile(r"^\W*(how many|number of)\b", re.IGNORECASE)
SINGLE = re.compile(r"\b(list|rating|price|waiting) of\b.{0,20}\b(acronyms|abbreviations)\b", re.IGNORECASE)

KINDS: tuple[tuple[re.Pattern[str], tuple[Kind, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kinds)
    for pattern, kinds in (
        (r"\brecom+end?(?:ations?|ed|s)?\b|\brecomendaciones\b", (Kind.RECOMMENDATION,)),
        (r"\b(emerging |good |best |promising )+practices?\b|\bbuenas prácticas\b", (Kind.GOOD_PRACTICE,)),
        (
            r"\blessons?\b(?: learn(?:ed|t))?|^\W*what (?:was|has been|did \w+) learn(?:ed|t)?\b|"
            r"\blecciones\b(?: aprendidas| se aprendieron)?",
            (Kind.LESSON,),
        ),
        (r"\b(key )?findings?\b|\bhallazgos\b", (Kind.KEY_FINDING, Kind.CONCLUSION)),
        (r"\bconclusion(e?s)?\b", (Kind.CONCLUSION,)),
        (r"\b(performance )?ratings?\b", (Kind.RATING,)),
        (
            r"\bchange (statements?|stories)\b|\b(sub-?)?outcomes?\b|\bresults?\b|\bsignificant changes?\b|"
            r"\bcame out of\b|\bresultados\b",
            (Kind.OUTCOME,),
        ),
        (
            r"\btestimon(y|ies)\b|\b(respondents'?|participants'?|workers'?) (words|quotes|statements)\b",
            (Kind.TESTIMONY,),
        ),
    )
)
"""What a list can be of. Where a question names several, all are listed."""

SMALL = frozenset(
    ["a", "an", "the", "of", "in", "on", "for", "to", "and", "or", "from", "by", "with", "this", "that", "all", "every"]
)
BEHIND = re.compile(
    r"(?<!list )(?<!all )(?<!each )(?<!number )(?<!many )(?<!overview )(?<!set )"
    r"\b(to|of|for|from|on|about|behind|under|as|"
    r"towards?|into|by|with)\s+((the|their|its|all|these|those|intended|expected|main)\s+){0,3}(\w+\s+)?$",
    re.IGNORECASE,
)
"""What stands before a kind that is not what is asked for: 'obstacles to the intended outcomes'."""

SHEET = r"(?:reports?|briefs?|evaluations?|digests?|reviews?|assessments?|audits?|stud(?:y|ies)|papers?)"
DOCUMENT = re.compile(rf"(?P<phrase>(?:[\w'&-]+ ){{0,7}}?{SHEET})\b(?!(?: \w+)? {SHEET}\b)", re.IGNORECASE)
"""A phrase that may name a document: the words before 'report', 'brief' and the like."""
DATED = r",? (?:\(|of |from |in |dated |published in )?(?:[a-z]{3,9} )?20\d\d\b\)?"
"""The date that may stand behind the name of a document: 'the learning brief of May 2025'."""
NAMED_SHARE = 0.6  # of the telling words of such a phrase that a document's name must have
QUOTED = re.compile(r"[“\"]([^“”\"]{4,})[”\"]")
"""The title of a document, or its beginning, in quotation marks."""
FULL = re.compile(r"\b(full|main|whole|long) (evaluation )?report\b", re.IGNORECASE)
STOP = frozenset(
    re.findall(
        r"[\w']+",
        "contribute contributed contributes contribution contributions mention concern concerning "
        "regarding relate related involve involved cover covers specific specifically "
        "a about above across addressed after aimed all along also am an and another answer any anything are as "
        "asked at authors be because been before being below between both brief briefs but by came can come "
        "complete contain contained contains corpus could described did directed discussed do documents does doing "
        "done each either emerge emerged emerging entire enumerate evaluation evaluations evaluator evaluators even "
        "every everything find findings for found from full gave get give given gives good got had has have having "
        "her here him his how i identified identify if in include included includes into is it its itself just key "
        "kind know labeled labelled learned learnt lesson lessons library like list listed lists made make makes "
        "many me mention mentioned mentions more most much my name named names need no not of off on one ones only "
        "or other our out outcome outcomes over own page pages please point points practice practices present "
        "presented print printed proposed provide provided recommendation recommendations report reported reports "
        "result results said same say says see set sets shall she should show shown shows single so some "
        "such tell than that the their them then there these they thing things this those through to "
        "told total two under up us use used various was we were what when where which while who whom whose why "
        "will with within would you your "
        "important main major overall principal "
        "cuales de del el en es fueron hay la las los para principales que se son su sus una ",
    )
)
"""Words that tell nothing of what a list is about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks to have listed."""

    text: str
    rest: str
    """The text without the phrases that name documents."""
    complete: bool
    """It asks for everything, in so many words."""
    counting: bool
    bare: bool
    """It is no sentence: it begins with what is wanted."""
    kinds: tuple[Kind, ...]
    documents: tuple[str, ...]
    """Names of the documents it speaks of; empty where it names none."""
    parts: tuple[str, ...]
    """Parts of documents that it names by number, in small letters: 'domain 2'."""
    head: str
    """The noun that it asks for, cut by stem; '' where none can be told."""
    telling: tuple[str, ...]
    """The words, in small letters, that are left when all this is taken away."""


def asked(text: str, documents: Sequence[Document]) -> Asked:
    """A question taken apart."""
    phrases, named = _documents(text, documents)
    rest = text
    for phrase in phrases:
        rest = rest.replace(phrase, " ")
    undocumented = rest
    named_parts = numbered.named(rest)
    kinds = _kinds(rest) or (_kinds(text) if not named else ())
    rest = numbered.PART.sub(" ", rest)
    head = _head(rest)
    for cue, _ in KINDS:
        rest = cue.sub(" ", rest)
    telling = tuple(dict.fromkeys(w for w in re.findall(r"[\w'-]+", plain(rest)) if w not in STOP and len(w) > 1))
    return Asked(
        text=text,
        rest=undocumented,
        complete=COMPLETE.search(text) is not None and REQUEST.search(text) is not None and SINGLE.search(text) is None,
        counting=COUNTING.search(text) is not None,
        bare=any(cue.match(LEADING.sub("", text)) for cue, _ in KINDS),
        kinds=kinds,
        documents=named,
        parts=named_parts,
        head=head,
        telling=telling,
    )


def stems(text: str) -> frozenset[str]:
    """The telling words of a text, cut by stem."""
    return frozenset(stem(word) for word in re.findall(r"[\w'-]+", plain(text)) if word not in STOP and len(word) > 1)


def _kinds(text: str) -> tuple[Kind, ...]:
    """The kinds that are asked for: the first that is named, and others joined to it by 'and'."""
    found: list[tuple[int, int, tuple[Kind, ...]]] = []
    for cue, kinds in KINDS:
        for match in cue.finditer(text):
            taken = any(start <= match.start() < end for start, end, _ in found)
            if not taken and not BEHIND.search(text[: match.start()]):
                found.append((match.start(), match.end(), kinds))
    found.sort(key=lambda each: each[0])
    chosen: list[Kind] = []
    last = -1
    for start, end, kinds in found:
        between = text[last:start].strip().lower() if last >= 0 else ""
        if last >= 0 and not re.fullmatch(r"(,|and|or|&|,? and the|as well as|,? and emerging|plus)?", between):
            break
        chosen += kinds
        last = end
    return tuple(dict.fromkeys(chosen))


def _head(text: str) -> str:
    """The last telling word of the first run of such words behind the word that asks for everything."""
    match = COMPLETE.search(text)
    for part in (text[match.end() :] if match else "", text):
        run: list[str] = []
        for word in re.findall(r"[\w'-]+|[,.:;?]", plain(part)):
            if word not in STOP and word[0].isalnum():
                run.append(word)
            elif run:
                break
        if run:
            return stem(run[-1])
    return ""


def _documents(text: str, documents: Sequence[Document]) -> tuple[list[str], tuple[str, ...]]:
    """The phrases of a question that name documents, and the documents they name."""
    vocabulary = {document.name: _vocabulary(document) for document in documents}
    counts = Counter(word for words in vocabulary.values() for word in words)
    phrases: list[str] = []
    named: list[str] = []
    for match in QUOTED.finditer(text):
        called = [d.name for d in documents if plain(match[1].strip(" …")) in plain(d.title)]
        if called:
            phrases.append(match.group())
            named += called
    for match in FULL.finditer(text):
        longest = [d for d in documents if "report" in vocabulary[d.name]] or list(documents)
        fullest = max(longest, key=lambda d: d.pages, default=None)
        if fullest:
            phrases.append(match.group())
            named.append(fullest.name)
    for match in DOCUMENT.finditer(text):
        if any(match["phrase"] in phrase or phrase in match["phrase"] for phrase in phrases):
            continue
        best_phrase, best = _best(match["phrase"], documents, vocabulary, counts)
        if best:
            dated = re.search(rf"{re.escape(best_phrase)}{DATED}", text, re.IGNORECASE)
            phrases.append(dated.group() if dated else best_phrase)
            named += best
    return phrases, tuple(dict.fromkeys(named))


def _best(
    phrase: str, documents: Sequence[Document], vocabulary: dict[str, Collection[str]], counts: Counter[str]
) -> tuple[str, list[str]]:
    """The end of a phrase that names some documents but not all, and these; the longer the end the better."""
    words = phrase.split()
    small = [n for n, word in enumerate(words) if plain(word) in SMALL | STOP and not re.fullmatch(SHEET, plain(word))]
    words = words[small[-1] + 1 :] if small else words
    for start in range(len(words)):
        part = words[start:]
        telling = [stem(plain(w)) for w in part if plain(w) not in SMALL]
        known = [w for w in telling if counts[w]]
        if plain(part[0]) in SMALL or not known or len(known) < len(telling):
            continue
        if all(re.fullmatch(SHEET, plain(word)) for word in part) and len(documents) > 1:
            continue  # 'the evaluation' names none of several
        weights = {w: math.log(1 + len(documents) / counts[w]) for w in known}
        scores = {d.name: sum(weights[w] for w in known if w in vocabulary[d.name]) for d in documents}
        top = max(scores.values(), default=0.0)
        best = [name for name, score in scores.items() if score >= top - 1e-9]
        if top >= NAMED_SHARE * sum(weights.values()) and len(best) < len(documents):
            return " ".join(part), best
    return "", []


def _vocabulary(document: Document) -> Collection[str]:
    """The words by which a document may be called: those of its title, its file's name, its year and months."""
    name = re.sub(r"[\W_]+", " ", document.name.rsplit(".", 1)[0])
    words: Iterable[str] = re.findall(r"\w+", plain(f"{document.title} {name} {document.year}"))
    months = [MONTHS[int(m) - 1] for m in re.findall(r"20\d\d[-_](\d\d)\b", document.name) if 1 <= int(m) <= 12]
    return frozenset(stem(word) for word in [*words, *months])
