"""What words of a question point to: "it", "them", "which of these", "the other ones"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.answering.doers import are_doers, names_doers
from assistant.answering.items import ORDINAL, THE_ONE
from assistant.answering.phrases import (
    AUXILIARIES,
    GENERIC,
    NAME,
    PREPOSITIONS,
    Topic,
    content,
    head,
    is_name,
    is_plural,
    topic,
)

POINTS = re.compile(r"\b(it|they|them|that|this|those|these|he|him|she|her|the (same|former|latter))\b", re.IGNORECASE)
NOT_POINTING = re.compile(
    r"\bthere (is|are|was|were|has|have)\b|\b(is|are|was|were) there\b|\bthis (year|report|document)\b|"
    r"\bthose (who|that|which|whose|with|in|of)\b|\bit (is|was) \w+ (that|to)\b|\b(is|was) it \w+ (that|to)\b",
    re.IGNORECASE,
)
STATED = re.compile(
    r"\b(that|this)(?=\W*$|\s+(is|was|has|had|does|did|compare|mean|happen|change|work|come|help|go|differ)\b)"
    r"|(^|\b(on|in|of|to|at|by|with|from|about|for|under|after|before|do|does|did|was|had) )(that|this) \w+"
    r"|^(is|was|are|were|does|did|do|has|have|can|could|would|will) (that|this)\b"
    r"|\b(this \w+|those|these|there|the same)\b",
    re.IGNORECASE,
)
"""That and this where they mean something said before, and there; not 'the project that was funded'."""
BESIDES = re.compile(
    r"\b(itself|themselves|himself|herself|as well|too|else|instead|others?|another|the (former|latter))\b"
    r"|\b(the|this|that|which|each|every)( [\w'’-]+)? ones?\b|\bones$|\bso( \w+)?$|\bthe (rest|remaining)\b"
    r"|\b(any|both|neither|either|none)(?= (in|for|from|on|at|of|to|by|with)\b|$)"
    r"|^(what|how) \w+ .+ (say|said|think|respond|react|reply)$"
    r"|\b(next|then|afterwards?|later|earlier|before|compare|differ|better|worse|higher|lower|bigger|smaller|faster"
    r"|differently|similarly|likewise)$",
    re.IGNORECASE,
)
"""Words that need something beside them: 'who else', 'how does P3 compare'."""
THERE = re.compile(
    r"(?<=\w )there\b(?=\W*$| (?:in|on|at|by|since|during|before|after|with|today|now|then|earlier|already|still)\b)",
    re.IGNORECASE,
)
"""There as a place: 'what came of the strike there in 2015?'"""
OBJECT = re.compile(r"\b(it|them|him)\b", re.IGNORECASE)
ACTING = re.compile(rf"\b(?:{'|'.join(sorted(AUXILIARIES))}) (?:they|he|she)\b", re.IGNORECASE)
LEADING = re.compile(r"\b(they|he|she|its|their|his|her)\b", re.IGNORECASE)
BEING = re.compile(r"\b(are|were|have) they\b|\bthey (are|were|have)\b", re.IGNORECASE)
SEVERAL = re.compile(r"\b(they|them|those|these)\b", re.IGNORECASE)
ANY = re.compile(r"\b(it|its|they|them|their|that|this|those|these|he|him|his|she|her)\b", re.IGNORECASE)
WITHIN = re.compile(rf"(?:{'|'.join(sorted(PREPOSITIONS))}) {NAME.pattern}")
"""'in Jalisco', beside what is pointed to: 'is it the same in Jalisco?'"""
SECOND = re.compile(r"(?<=\w),? and (?:how|what|which|who|when|where|why)\b.*$", re.IGNORECASE)
"""A second question, whose pronouns mean what the first one names."""
OF_THEM = re.compile(
    r"\b(?P<count>which|how many|how much|what share) of (?:them|those|these|it)\b"
    r"(?! (?!(?:was|is|has|does)\b)(?:[\w-]+[^s\W]s|people|women|men|children)"
    rf"(?: (?:{'|'.join(sorted(AUXILIARIES))})\b|\W*$))",
    re.IGNORECASE,
)
HOW_MANY = re.compile(rf"\bhow many(?= (?:{'|'.join(sorted(AUXILIARIES))})\b)", re.IGNORECASE)
OTHERS = re.compile(
    r"\b(?:(?:the|any) )?others?(?: ones?)?(?=\W*$)|\b(?:the )?other ones?\b|\bthe (?:rest|remaining(?: ones)?)\b",
    re.IGNORECASE,
)
ONES = re.compile(r"\b(?:the|that|which) (?:[\w'’-]+ )?ones\b", re.IGNORECASE)
WHICH_ONE = re.compile(r"\b(?P<which>which|each|every) (?P<one>ones?)\b", re.IGNORECASE)
SOME_ONE = re.compile(r"\b(?P<which>(?:the|this|that|which|each|every)(?: [\w'’-]+)?) (?P<one>ones?)\b", re.IGNORECASE)
PRONOUN_FIRST = re.compile(
    r"^(?:they|it|he|she|we|that|this|these|those)\b\s*\w*\s*(?:(?:about|with|on|for|of|to|in|from|at|by)\b\s*)?",
    re.IGNORECASE,
)
POINTING_LAST = re.compile(
    rf" (?:(?:{'|'.join(sorted(PREPOSITIONS))}) )?(?:it|them|that|those|these|this)$", re.IGNORECASE
)
MATTER = re.compile(
    r"^(?:the|an?) (?:role|importance|purpose|aim|point|use|meaning|history|nature|problem|trouble|background|"
    r"quality|effect|impact|relevance) "
    r"(?:of|with|behind|about) (?P<of>.+)$",
    re.IGNORECASE,
)
"""A noun that leads to the thing that is spoken of: 'the role of the council'."""
WRITTEN = re.compile(
    r"\b(?:wrote|writes?|authored|authors? of|publish(?:es|ed)?|issued?|edited|translated|commission(?:s|ed)?) "
    r"(?P<it>it|that|this)(?=\W*$)"
    r"|\b(?:was|is) (?P<its>it) (?:written|published|issued|edited|translated|commissioned)\b",
    re.IGNORECASE,
)
"""'who wrote it?' is asked of a document."""
EXPLETIVE = re.compile(
    r"\b(?:is|was|will|would) it (?:so |too |very |more |less )?"
    r"(?:harder|hard|easier|easy|difficult|possible|impossible) (?:to|for|with|in|on)\b"
    r"|\b(?:does|did|will|would) it (?:cost|take) (?:them|us|him|her|to)\b",
    re.IGNORECASE,
)
"""'which groups was it harder with?': it stands for nothing."""
DEED = re.compile(r"\b(?<=do )(?:it|that|this)\b", re.IGNORECASE)
"""'how did they do it?': what was done, not a thing."""
ARTICLE = re.compile(r"^(?:the|a|an|all|any|every|new|his|her|its|their)\s+", re.IGNORECASE)
THE = re.compile(r"^an? ", re.IGNORECASE)
OF_OWN = re.compile(r"\b(?:is|was|are|were) there an? [\w-]+.*\band\b", re.IGNORECASE)
"""What stands before an 'it' that means what the question itself names: 'is there a study, and who wrote it?'"""
OWN_WORDS = 4
"""Words that say something; in a question with more of them, a pronoun behind some of them means one of these."""
LONGEST = 14  # words; a longer phrase is no stand-in for 'it'
OWNER_WORDS = 6  # words; a longer phrase takes no 's


@dataclass(frozen=True, slots=True)
class Known:
    """What may be pointed to."""

    topic: Topic
    group: Topic
    """The topic, or where that is an item of a list, the topic of the list."""
    last: Topic
    """Of the question right before, which may be narrower."""
    meant: str
    """What 'that' means."""
    thing: Topic
    """Of a question that only added a thing to the topic: 'what about the growers?'"""
    document: str
    """The document that was named last."""


def points(text: str) -> bool:
    """Words of the text mean something that was said before it."""
    rest = SECOND.sub("", NOT_POINTING.sub(" ", text))
    if THERE.search(rest):
        return True
    if len(content(text)) > OWN_WORDS:
        pronoun = ANY.search(rest) or THE_ONE.search(rest)
        return pronoun is not None and not content(rest[: pronoun.start()])
    if any(cue.search(rest) for cue in (BESIDES, STATED, OBJECT, ORDINAL, ACTING)):
        return True
    pronoun = LEADING.search(rest)
    return pronoun is not None and not content(rest[: pronoun.start()])


def points_to_all(text: str) -> bool:
    """What is pointed to is not a thing or a place but all that was said: 'why was that?'"""
    return STATED.search(re.sub(r"\bthere\b", " ", NOT_POINTING.sub(" ", text))) is not None


def said(text: str) -> str:
    """What a question that needs others says itself; '' where that is nothing."""
    if points_to_all(text) or BESIDES.search(text):
        return next((match.group() for match in WITHIN.finditer(text)), "")
    clause = POINTING_LAST.sub("", PRONOUN_FIRST.sub("", topic(text).clause))
    return clause if content(clause) and not POINTS.search(clause) and not clause.startswith("of ") else ""


def one(text: str, known: Known) -> str:
    """'the one with schools' with the noun that it stands for; '' where it has no 'one', or there is no noun."""
    the_one = THE_ONE.search(text)
    noun = _noun(known, several=the_one["one"].lower() == "ones") if the_one else ""
    if not the_one or not noun:
        return ""
    return f"{text[: the_one.start()]}the {_one_of(noun, the_one)} {the_one['link']} {the_one['rest']}"


def resolved(text: str, known: Known) -> tuple[str, Topic | None]:
    """The question with nouns for its pronouns, and the topic that they bring with them.

    No topic where nothing was put in, or only a noun that does not say enough: 'how many inspectors are women?'
    """
    some = ONES.search(text)
    noun = (_noun(known, several=True) if some else "") or _noun(known)
    whole = known.group.noun or noun
    for pattern, put in RULES if noun else ():
        match = pattern.search(text)
        if match and (pattern not in COUNTING or is_plural(whole)):
            about = known.group if _tells(whole, known.group) else None
            return f"{text[: match.start()]}{put(match, noun, whole)}{text[match.end() :]}", about
    return _stand_in(text, known)


def of_document(text: str, known: Known) -> str:
    """'who wrote it?' with the document that was named last, where that is not the topic; '' of other questions."""
    match = WRITTEN.search(text)
    if not match or not known.document or known.document in known.topic.noun:
        return ""
    place = "it" if match["it"] else "its"
    return f"{text[: match.start(place)]}{known.document}{text[match.end(place) :]}"


Put = Callable[[re.Match[str], str, str], str]
"""What is put for a match: from the noun of the last question, and the whole noun phrase of the topic."""
RULES: tuple[tuple[re.Pattern[str], Put], ...] = (
    (OF_THEM, lambda match, _, whole: f"{match['count']} {_plain(whole)}"),
    (OTHERS, lambda _, noun, __: f"the other {noun}"),
    (HOW_MANY, lambda match, noun, _: f"{match.group()} {noun}"),
    (THE_ONE, lambda match, noun, _: f"the {_one_of(noun, match)} {match['link']} {match['rest']}"),
    (WHICH_ONE, lambda match, _, whole: f"{match['which']} {_counted(_plain(whole), match['one'])}"),
    (SOME_ONE, lambda match, noun, _: f"{match['which']} {_one_of(noun, match)}"),
)
COUNTING = (OF_THEM, HOW_MANY)


def _noun(known: Known, several: bool = False) -> str:
    """The noun of the last question that has one, without its article; several: one for several."""
    for each in (known.last, known.group):
        for phrase in (each.noun, each.agent):
            noun = _plain(head(phrase))
            if several and not is_plural(noun):
                continue
            if content(noun) and noun.lower() not in GENERIC and not POINTS.search(noun):
                return noun
    return ""


def _plain(phrase: str) -> str:
    return ARTICLE.sub("", phrase)


def _core(noun: str, told_by_name: bool = True) -> str:
    """The end of a noun that is written alike: 'village Reading Centers' are Reading Centers, 'Alder labour offices'
    labour offices; offices alone where it is not a name that tells which ones: 'the small ones' are no old offices."""
    words = noun.split()
    start = len(words) - 1
    if words[start][0].islower() and not told_by_name:
        return words[start]
    while start > 0 and words[start][0].isupper() == words[start - 1][0].isupper():
        start -= 1
    return " ".join(words[start:])


def _counted(phrase: str, word: str) -> str:
    """'rating of P5', one of the 'ratings of P5'; as it is for 'ones'."""
    noun = head(phrase)
    return phrase if word.lower() == "ones" else _singular(noun) + phrase[len(noun) :]


def _one_of(noun: str, match: re.Match[str]) -> str:
    """What 'one' stands for: of 'the ones still open' the whole noun; 'the Birch one' is no Alder center."""
    if re.match(r"(?:the|that) ones\b", match.group(), re.IGNORECASE):
        return noun
    return _counted(_core(noun, match.re is THE_ONE or is_name(match["which"][1:])), match["one"])


def _singular(noun: str) -> str:
    if not is_plural(noun):
        return noun
    return f"{noun.removesuffix('ies')}y" if noun.endswith("ies") else noun.removesuffix("s")


def _tells(phrase: str, of: Topic) -> bool:
    """It is long enough to say what is meant, or all there is, and short enough to be read."""
    if not phrase or len(phrase.split()) > LONGEST:
        return False
    return phrase == of.clause or is_name(phrase) or (len(content(phrase)) > 1 and not is_name(of.clause))


def _stand_in(text: str, known: Known) -> tuple[str, Topic | None]:
    """The question with a phrase of the topic in the place of one of its pronouns, where one fits."""
    about = known.group if SEVERAL.search(text) else known.topic
    about = known.thing if _is_thing(known.thing) else about
    nouns = sorted(filter(lambda phrase: _tells(phrase, about), (about.noun, about.agent)), key=_nameless)
    single = _matter(next((phrase for phrase in nouns if not is_plural(phrase)), ""))
    several = next((phrase for phrase in nouns if is_plural(phrase)), "")
    acting = about.agent if about.agent in nouns and (is_plural(about.agent) or is_name(about.agent)) else ""
    if not is_plural(about.agent) and are_doers(about.noun):
        acting = about.noun if about.noun in nouns else ""
    thing = about.noun if about.noun in nouns and known.meant == about.noun else ""
    unnamed = "" if about.noun in nouns or not is_name(about.clause) else THE.sub("the ", about.noun)
    rest = NOT_POINTING.sub(lambda match: "_" * len(match.group()), text)
    if OF_THEM.search(rest):
        return text, None
    rest = EXPLETIVE.sub(lambda match: "_" * len(match.group()), rest)
    rest = DEED.sub(lambda match: "_" * len(match.group()), rest)
    it = re.search(r"\bit\b", rest, re.IGNORECASE)
    if it and len(content(unnamed)) > 1 and not is_plural(unnamed):
        return f"{text[: it.start()]}{unnamed}{text[it.end() :]}", None
    for pattern, phrase, named_before in (
        (r"\bit\b", single, OF_OWN.search),
        (r"\bthem\b", several, None),
        (r"\bthey\b", several if BEING.search(rest) else acting, names_doers),
        (r"\bits\b", _owner(single), None),
        (r"\btheir\b", _owner(several), names_doers),
        (r"(?<!\bis )(?<!\bwas )\b(that|this)(?=\W*$)", thing, None),
    ):
        match = re.search(pattern, rest, re.IGNORECASE)
        own = match and named_before and named_before(text[: match.start()])
        if match and phrase and not own:
            return f"{text[: match.start()]}{phrase}{text[match.end() :]}", about
    return text, None


def _is_thing(of: Topic) -> bool:
    """The question names a thing and no more, in words that are enough."""
    points_on = POINTS.search(of.clause) or re.search(r"\bthere\b", of.clause, re.IGNORECASE)
    return of.clause == of.noun != "" and not points_on and (len(content(_matter(of.noun))) > 1 or is_name(of.noun))


def _matter(phrase: str) -> str:
    """What 'it' means where a noun only leads to the thing spoken of: the council, not its role."""
    match = MATTER.match(phrase)
    if not match or (is_plural(match["of"]) and not is_name(match["of"])):
        return phrase
    return head(match["of"])


def _nameless(phrase: str) -> bool:
    return not is_name(phrase)


def _owner(phrase: str) -> str:
    """'the union's', 'the unions''."""
    if not phrase or len(phrase.split()) > OWNER_WORDS:
        return ""
    return f"{phrase}'" if phrase.endswith("s") else f"{phrase}'s"
