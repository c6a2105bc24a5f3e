"""What a question speaks of: its clause without the words that ask, and whom or what "they" and "it" would mean.

There is no grammar here, only the small closed words of English and a table of verbs; where they mislead, a phrase
comes out longer than it should, never empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.understanding.english import ends_as_plural

WORD = re.compile(r"\w+(?:[-'’.]\w+)*\+?")
CODE = re.compile(r"\b[A-Za-z]{1,6}\d+[a-z]?\b")
"""A short name with its number: 'P2', 'GR3'."""
NAME = re.compile(
    r"\b(?:[A-ZÀ-Þ][\w'’&-]*\+?|\w*[a-z][A-Z]\w*)(?:\s+(?:(?:of|de|del|la)\s+)*[A-ZÀ-Þ][\w'’&-]*(?<!['’]s))*"
)
PREPOSITIONS = frozenset(
    "about after against among around at before besides between beyond by despite during except for from in inside into"
    " near of on outside over since through to toward towards under until with within without".split()
)
AUXILIARIES = frozenset(
    "do does did is are was were be been has have had can could should shall will would may might must".split()
)
BE = frozenset("is are was were".split())
HAVE = frozenset("have has had".split())
BEFORE_NOUNS = PREPOSITIONS | {"the", "a", "an", "and", "new", "this"}
SMALL = PREPOSITIONS | AUXILIARIES
SMALL |= frozenset(
    "a an the and or not no how what which who whom whose when where why that this these those it its itself they them"
    " their themselves he she his her there as than then so such also any all some one ones many much me us we you"
    " i".split()
)
"""Words that say nothing of what a question is about."""

VERBS = {
    verb: past or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")
    for verb, _, past in (
        each.partition(":")
        for each in (
            "achieve act:acted add address adopt agree aim allow apply ask assess attend become:became begin:began"
            " benefit bring:brought build:built buy:bought call carry:carried change choose:chose collect come:came"
            " compare complete conclude conduct consider contribute cost:cost cover create cut:cut decide decline"
            " decrease deliver describe design develop differ do:did document drop:dropped earn end engage ensure"
            " establish evaluate expect explain face fail fall:fell find:found finish focus follow fund gain get:got"
            " give:gave go:went grow:grew handle happen have:had help hold:held identify:identified implement improve"
            " include increase interview investigate involve join keep:kept know:knew launch lead:led learn leave:left"
            " look lose:lost make:made manage mean:meant measure meet:met name need note obtain offer open operate"
            " participate pay:paid perform plan:planned play prepare prevent produce promote propose provide publish"
            " put:put rank rate reach receive recommend record reduce register rely:relied remain remove report"
            " represent require resolve respond rise:rose run:ran say:said score see:saw select sell:sold set:set"
            " show speak:spoke spend:spent start stay stop:stopped strengthen struggle submit:submitted succeed suggest"
            " support sustain take:took target teach:taught tell:told think:thought train travel treat try:tried use"
            " value visit vote want work write:wrote accept affect analyse analyze apply:applied approve argue award"
            " ban:banned believe belong certify:certified claim concern consult contain deal:dealt delay demand"
            " dismiss elect enforce exist export extend fear feel:felt form hire influence inform inspect lack like"
            " mention monitor motivate negotiate observe oppose own prefer protect quote raise"
            " refer:referred relate replace request respect save share sign"
            " accuse adapt admit:admitted advise announce appear appoint arrive assist assume attract avoid"
            " bear:bore borrow break:broke broaden catch:caught clarify:clarified combine commit:committed"
            " communicate compete complain confirm connect continue convert convince cooperate coordinate"
            " defend define deny:denied depend deploy detect determine discover discuss distribute employ"
            " empower encourage enjoy enrol:enrolled enter examine exceed exclude expand explore feed:fed"
            " gather generate hear:heard ignore illustrate impose incorporate indicate insist install integrate"
            " intend introduce invest invite justify:justified lend:lent listen locate migrate mobilise"
            " mobilize occur:occurred organise organize overcome:overcame owe perceive persuade pick preserve"
            " prove pursue qualify:qualified react realise realize recognise recognize recover recruit refuse"
            " reject renew replicate resist restore retain retire reveal seek:sought send:sent serve settle"
            " solve suffer supervise tackle talk threaten transform translate undermine understand:understood"
            " wait worry:worried"
            " survey trigger trust urge validate vary:varied warn win:won withdraw:withdrew"
        ).split()
    )
}
"""Verbs that questions use, with their past; what may grow is a row here."""

PAST = frozenset(VERBS.values())
PARTICIPLES = frozenset(
    "been chosen done drawn driven fallen given gone grown known risen seen shown spoken taken written".split()
)

LEAD = re.compile(
    r"^\W*(((according to|as far as) [^,?]+(?=,)|please|also|(can|could|would) you|"
    r"i('d| would)? (want|need|like) to know|(tell|show|give) (me|us)( more| again| details)?|list|enumerate|name|"
    r"summari[sz]e|describe|explain|find|(what|how) about)\b[\s,:]*((about|of|on|all|every)\b\s*)*)+",
    re.IGNORECASE,
)
"""What a request begins with before it says what it is about."""
FULL_STOP = re.compile(r"[?!]\s.*$")
ASKING = re.compile(
    r"^(?:(?:by|in|on|at|for|to|from|with|of|under|during|since) )?"
    r"(?P<word>how (?:much|many|far|long|often|well)|how|why|when|where|what|which|who|whom|whose)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
EXACTLY = re.compile(r"(?<=\w) (?:exactly|precisely|specifically|actually)\b", re.IGNORECASE)
MEANING = re.compile(r"^what (?:do|does|did) (?P<word>.+) (?:mean|stand for)$", re.IGNORECASE)
REPORTED = re.compile(
    r"^what (?:do|does|did|has|have) (?:the |this |these )?(?:[\w-]+ ){0,2}?"
    r"(?:evaluat(?:ions?|ors?)|reports?|briefs?|stud(?:y|ies)|authors?) "
    r"(?:find|found|say|said|conclude|concluded|report|reported|recommend|recommended|learn|learned) "
    r"(?:about|on|regarding|concerning) (?P<about>.+)$",
    re.IGNORECASE,
)
"""A question about what the documents say of something: it is about that."""
RELATIVE = re.compile(r"\s(that|which|who|whose|where)\s.*$", re.IGNORECASE)
PLURALS = frozenset("people women men children youth staff police".split())
GENERIC = frozenset(
    "people persons ones things many much they we share number percentage proportion amount part kind type".split()
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about."""

    clause: str = ""
    """The question as a statement: 'the method Lantern used'."""
    noun: str = ""
    """The thing spoken of, which 'it' or 'them' would mean; '' where none can be told."""
    agent: str = ""
    """Who acts in it, whom 'they' would mean; '' where none can be told."""

    @property
    def short(self) -> str:
        """The named noun or agent; the clause where neither holds a name."""
        return next((phrase for phrase in (self.noun, self.agent) if is_name(phrase)), self.clause)


def content(text: str) -> list[str]:
    """The words of a text that say something."""
    return [word for word in WORD.findall(text) if word.lower() not in SMALL]


def has_name(text: str) -> bool:
    """A word with a capital or a code stands in the text; that of its first word counts only where more follow."""
    first = WORD.search(text)
    return bool(CODE.search(text)) or any(
        (first and match.start() > first.start())
        or sum(c.isupper() for c in match.group().split()[0]) > 1
        or " " in match.group()
        for match in NAME.finditer(text)
    )


def is_name(phrase: str) -> bool:
    """A phrase that begins no sentence holds a name."""
    return NAME.search(phrase) is not None or CODE.search(phrase) is not None


def uncapitalised(text: str) -> str:
    """The capital of a first word that more words in small letters follow says nothing."""
    return text[0].lower() + text[1:] if re.match(r"[A-Z][a-z]+ [a-z]", text) else text


def is_plural(phrase: str) -> bool:
    """The noun that a phrase is built on stands for several."""
    words = head(phrase).lower().split()
    return bool(words) and (words[-1] in PLURALS or "and" in words or ends_as_plural(words[-1]))


def head(phrase: str) -> str:
    """A noun phrase without what follows its noun: 'the factory in Alder' is about 'the factory'."""
    words = RELATIVE.sub("", phrase).split(",")[0].split()
    end = next((n for n, word in enumerate(words) if n and word.lower() in PREPOSITIONS), len(words))
    return " ".join(words[:end])


def topic(question: str) -> Topic:
    """What a whole question is about."""
    text = FULL_STOP.sub("", LEAD.sub("", " ".join(EXACTLY.sub(" ", question).split()))).rstrip(" ?!.,")
    meaning = MEANING.match(text)
    if meaning:
        return Topic(meaning["word"], meaning["word"])
    reported = REPORTED.match(text)
    if reported:
        return Topic(reported["about"], reported["about"])
    asking = ASKING.match(text)
    if asking is None:
        words = text.split()
        if words and words[0].lower() in AUXILIARIES:
            return _acting("", words[0], [word for word in words[1:] if word.lower() != "there"])
        return Topic(uncapitalised(text), uncapitalised(text))
    word, rest = asking["word"].lower(), asking["rest"].split()
    place = next((n for n, each in enumerate(rest) if each.lower() in AUXILIARIES), len(rest))
    if place == len(rest):
        return _unasked(word, rest)
    noun = "" if word == "how" else " ".join(rest[:place])
    if noun.split()[:1] and noun.split()[0].lower() in PREPOSITIONS:
        noun = ""  # 'who from the union was sent'
    if noun and word in ("what", "which", "whose"):
        noun = f"the {noun}"
    if place == 0 and word in ("what", "who") and rest[0].lower() in BE:
        phrase = " ".join(rest[1:])
        return Topic(f"{word} {rest[0]} {phrase}") if phrase and _is_past(rest[1]) else _named(phrase)
    return _acting(noun, rest[place], rest[place + 1 :])


def _unasked(word: str, rest: list[str]) -> Topic:
    """A question whose first verb is no auxiliary: 'who built the dam', 'how many people took part in the survey'."""
    if word in ("who", "what") and len(rest) > 1 and (word == "who" or _is_past(rest[0]) or rest[0].endswith("s")):
        thing = rest[2:] if len(rest) > 2 and rest[1].lower() in PREPOSITIONS else rest[1:]
        noun = " ".join(thing)
        return Topic(noun if rest[0].lower() in ("happened", "changed") else " ".join([word, *rest]), noun)
    verb = next((n for n, each in enumerate(rest) if n and _is_verb(each)), len(rest))
    return Topic(" ".join(rest), " ".join(rest[:verb]))


def _named(phrase: str) -> Topic:
    """What is asked after: 'P2 meant to achieve' is about P2."""
    phrase = re.sub(r" (about|like|for)$", "", phrase)
    told = re.match(rf"({NAME.pattern}|{CODE.pattern})(?= (?:meant|\w+ed)\b)", phrase)
    return Topic(phrase, told.group() if told else phrase)


def _acting(noun: str, auxiliary: str, rest: list[str]) -> Topic:
    """'did the team travel to': the team acts. 'were created': nobody is named who did it."""
    start = next((n for n, word in enumerate(rest) if word.lower() not in ("been", "be", "not", "there")), 0)
    rest = rest[start:]
    verb = next((n for n, word in enumerate(rest) if n and _acts(rest[n - 1], word)), 0)
    agent = " ".join(rest[:verb])
    if auxiliary.lower() in HAVE and not verb and noun and not any(map(_is_past, rest)):
        return Topic(" ".join([noun, auxiliary, *rest]), noun)
    if auxiliary.lower() in BE or not verb:
        end = next((n for n in range(len(rest), 1, -1) if not _is_past(rest[n - 1])), len(rest))
        return Topic(" ".join([noun, *rest]).strip(), noun or head(" ".join(rest[:end])))
    if auxiliary.lower() == "does":
        rest = [*rest[:verb], _third_person(rest[verb]), *rest[verb + 1 :]]
    if auxiliary.lower() == "did":
        rest = [*rest[:verb], VERBS[rest[verb].lower().strip(",;:")], *rest[verb + 1 :]]
    return Topic(" ".join([noun, *rest]).strip(), noun or _object(rest[verb + 1 :]), agent)


def _third_person(word: str) -> str:
    """'carries' of 'carry'; a comma behind it stays."""
    verb = word.rstrip(",;:")
    behind = word[len(verb) :]
    if verb.lower() == "have":
        return f"has{behind}"
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies{behind}"
    return f"{verb}{'es' if verb.endswith(('o', 's', 'x', 'z', 'ch', 'sh')) else 's'}{behind}"


def _object(rest: list[str]) -> str:
    """What something is done to, where it is named right behind the verb: 'closed the school in Alder'."""
    return " ".join(rest) if len(rest) > 1 and rest[0].lower() in ("the", "a", "an") else ""


def _acts(before: str, word: str) -> bool:
    """The word is what is done, not a noun that looks like it: 'the focus groups', 'of change'."""
    return word.lower().strip(",;:") in VERBS and before.lower() not in BEFORE_NOUNS


def _is_verb(word: str) -> bool:
    return word.lower() in VERBS or _is_past(word)


def _is_past(word: str) -> bool:
    return word.lower() in PAST | PARTICIPLES or word.lower().endswith("ed")


def lacks_verb(text: str) -> bool:
    """'how many interviews', 'in which sectors'."""
    words = text.lower().split()
    if words and words[0] in ("who", "what") and len(words) > 1 and words[1].endswith("s"):
        return False  # 'what explains the difference'
    return not any(word in AUXILIARIES or _is_verb(word) for word in words)
