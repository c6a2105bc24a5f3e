"""How a question shows that it follows on another: the words of each kind of follow-up, and what is left unsaid."""

from __future__ import annotations

import re

from assistant.answering import references
from assistant.answering.phrases import (
    ASKING,
    AUXILIARIES,
    BE,
    PREPOSITIONS,
    SMALL,
    VERBS,
    content,
    has_name,
    is_plural,
    lacks_verb,
    topic,
)
from assistant.answering.references import OWN_WORDS
from assistant.answering.slots import KIND, NUMBERED

POLITE = r"(?:(?:ok(?:ay)?|please|now|let's|let us|(?:can|could) (?:we|you|i)|i(?:'d| would)? (?:want|like) to)\b\W*)*"
OVER = re.compile(
    rf"^\W*{POLITE}(?:start (?:all )?over|start (?:again|afresh|from scratch)|reset|"
    r"new (?:conversation|chat|topic|question|subject)|change (?:the )?(?:topic|subject)|"
    r"clear (?:everything|the (?:chat|conversation))|"
    r"forget (?:it|that|all|everything)(?: (?:that )?(?:i|we) (?:said|asked))?(?: before| so far)?)\b[\s:,.!–-]*",
    re.IGNORECASE,
)
COURTESY = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|thanks?|thank you|great|good|perfect|fine|yes|sure|hello|hi|got it|i see|very|much|so|a lot|"
    r"hey|there|bye|goodbye|morning|afternoon)\b\W*)*$",
    re.IGNORECASE,
)
"""No question at all."""
BACK = re.compile(
    r"^\W*(?:(?:ok|okay|now|and|so)\W+)*(?:(?:let's )?(?:go |going |coming |get |getting )?back to|returning to)\s+"
    r"(?P<what>[^:,?]+)(?:[:,?]\W*(?P<rest>.*))?$",
    re.IGNORECASE,
)
AS_FOR = re.compile(r"^\W*(?:as for|regarding|concerning)\s+(?P<what>[^:,?]+)[:,]\s*(?P<rest>.+)$", re.IGNORECASE)
CORRECTION = re.compile(
    r"^\W*(?P<no>(?:(?:no|nope|sorry|actually|oops|wait|rather)\b\s*[,.:;!–-]+\s*|no (?=i\b|not\b))*)"
    r"(?P<meant>(?:i|we)(?:'m| am| was)? (?:meant?|asking (?:about|for)|wanted|rather mean)\s+(?:to (?:ask|say) )?)?"
    r"(?P<rest>.+)$",
    re.IGNORECASE,
)
ABOUT_THAT = re.compile(
    rf"^(?!(?:{'|'.join(sorted(PREPOSITIONS))})\b)(?![^:]*\b(?:questions?|topics?|things?)\b)"
    r"(?P<what>[^:?]+): (?P<rest>.+)$",
    re.IGNORECASE,
)
"""'no, I meant the lessons of P2: what do they say?'"""
ANNOUNCED = re.compile(
    r"^(?:(?:another|one more|one|my|a new|a|the|new) )?(?:questions?|topics?|things?)(?: is)?: (?P<rest>.+)$",
    re.IGNORECASE,
)
"""'another question: who pays for it?'"""
INSTEAD = re.compile(
    r"^(?:not (?P<old>[^,]+?)(?:, (?:but )?| but )(?P<new>.+)|(?P<right>[^,]+?)(?:,| and|, and) not (?P<wrong>[^,]+))$",
    re.IGNORECASE,
)
"""'not boys but girls', 'girls, not boys'."""
MORE = re.compile(
    r"^\W*(?:(?:and|ok|please|can you|could you)\W+)*(?:(?:tell|show|give) (?:me|us) (?:some |a (?:bit|little) )?more"
    r"(?: details?| information)?|(?:some )?more(?: details?| information)?|elaborate|expand|go on|continue|say more|"
    r"explain(?: more)?|(?:what|anything) else|(?:an|any|for|some|give me an?) (?:other )?examples?)"
    r"(?:\s*(?:on|about|of|regarding)\b\s*(?P<what>[^\s?.!].*)?)?$",
    re.IGNORECASE,
)
JOINED = re.compile(r"^\W*(?:(?:and|but|ok|okay|so|then|also|or|well|now)\b[\s,]*)+", re.IGNORECASE)
ABOUT = re.compile(r"^(?:(?:what|how) about|what of|(?:and |the )*same (?:question )?for)\b\s*", re.IGNORECASE)
BESIDE = re.compile(r"^(?:according|compared|due|relative|thanks|versus|vs)\b", re.IGNORECASE)
"""'compared to 2020?': added to the question before, in the place of nothing."""
OTHER = re.compile(r"(?:(?:the|all|any) )*(?:others?(?: \w+)?|rest|remaining(?: \w+)?)$", re.IGNORECASE)
ASKS = re.compile(
    rf"^(?:(?:{'|'.join(sorted(PREPOSITIONS))}) )?"
    rf"(?:how|what|which|who|whom|whose|when|where|why|{'|'.join(sorted(AUXILIARIES))})\b",
    re.IGNORECASE,
)
ASKS_LAST = re.compile(r"\b(?:by|for|from|in|of|on|to|under|with) (?:whom?|what|which)$", re.IGNORECASE)
"""'paid for by whom?'"""
DEFINES = re.compile(
    r"^(?:what|who) (?:is|are|was|were) (?!(?:it|that|this|they|he|she|those|there)\b)"
    r"(?:an? (?:[\w&-]+ )?)?[\w&-]+$",
    re.IGNORECASE,
)
ASIDE = re.compile(r"^what (?:do|does|did) .+ (?:mean|stand for)\W*$", re.IGNORECASE)
"""A word is asked for in passing; the topic stays."""
SHOULD_DO = re.compile(
    r"^what (?:should|must|could|can) (?P<who>.+?)(?: (?:itself|themselves))?(?: do| improve)?$", re.IGNORECASE
)
ACTED = re.compile(
    r"^(?:according to [^,]+, )?(?:(?:by|in|on|at|for|to|from|with) )?"
    r"(?:(?:how(?: far| long| often| well| much)?|why|when|where)|(?:what|which|how many|how much) (?P<noun>\w.*?))? ?"
    r"\b(?P<verb>do|does|did|is|are|was|were|has|have|had|can|could|should|would|will)\b (?P<rest>.+)$",
    re.IGNORECASE,
)
"""The words that ask, then who acts."""
ADVERB = re.compile(
    r"^(?:since |until )?(?:why|when|where|how(?: long| far| often)?)$|^by how much$|^to what extent$", re.IGNORECASE
)
HOW_MANY = re.compile(r"how many(?: exactly)?", re.IGNORECASE)
DONE = re.compile(r"^(?:do|did|have)\b", re.IGNORECASE)
COUNTS = ("how many", "how much", "which")
DEFINITE = re.compile(r"\bthe (?!same|most|least|first|last)(?P<first>[\w'’-]+)(?P<rest>.*)$", re.IGNORECASE)
TELLING = frozenset("of for in that which who whose with from between where".split())
"""Words behind a noun that say which one is meant: 'the rate of return'."""
IS_ASKED = re.compile(r"(?:^|\W)(?:what|who) (?:is|are|was|were) $", re.IGNORECASE)
"""What stands before 'the poverty rate in the hills', where no word behind 'the' can be a verb."""
OF_LIBRARY = re.compile(
    r"\bthe (?:[\w-]+ )?(?:reports?|briefs?|evaluations?|evaluators?|authors?|documents?|stud(?:y|ies)|library)\b",
    re.IGNORECASE,
)
"""Things that every question of the library may take for known."""
LATER = re.compile(
    r"\b(?:next|then|afterwards?|later|earlier|previously|still|yet|again|already|so far)\b", re.IGNORECASE
)
FEW = 3  # words; a question without a name that says no more is about what was asked before
SHORT = 2  # words; a question that says no more needs all that was said before, not only its subject


def depends(text: str) -> bool:
    """The question points back, or says too little to be asked alone."""
    bare = text.rstrip(" ?.!")
    words = content(bare)
    few = len(words) <= OWN_WORDS
    if JOINED.match(text) or references.points(bare) or (few and ASKS.match(bare) and lacks_verb(bare)):
        return True
    if bare.split()[0].lower() in AUXILIARIES and len(words) <= SHORT:
        return True
    if few and is_untold(bare) and not OF_LIBRARY.search(bare):
        return True
    if has_name(bare) or NUMBERED.search(bare) or DEFINES.match(bare):
        return False
    return (len(words) <= FEW and not KIND.search(bare)) or (few and (is_untold(bare) or bool(LATER.search(bare))))


def is_untold(text: str) -> bool:
    """A thing is taken for known that nothing tells: 'the workers', 'the target', not 'the rate of return'."""
    match = DEFINITE.search(text)
    if not match:
        return False
    ends = PREPOSITIONS | AUXILIARIES | TELLING | {"and", "or"}
    if not IS_ASKED.search(text[: match.start()]):
        ends |= VERBS.keys()
    words = [match["first"], *match["rest"].split()]
    last = next((place for place, word in enumerate(words) if place and word.lower() in ends), len(words))
    named = any(word[0].isupper() for word in words[:last])
    told = named or (last < len(words) and words[last].lower() in TELLING)
    return not told or is_untold(match["rest"])


def is_parallel(text: str, before: str) -> bool:
    """'and what did P3 achieve?' after 'What did P2 achieve?': whole as it is."""
    alike = text.lower().split()[:2] == before.lower().split()[:2]
    return alike and has_name(text) and not references.points(text) and len(content(text)) > 1


def same_asked(before: str, text: str) -> str:
    """'in 2022' of 'how many in 2022?', asked after another 'how many'; '' of any other question."""
    asking, earlier = ASKING.match(text), ASKING.match(before)
    if not asking or not earlier or asking["word"].lower() not in COUNTS:
        return ""
    rest = asking["rest"].strip()
    return rest if rest and asking["word"].lower() == earlier["word"].lower() and lacks_verb(rest) else ""


def recast(before: str, text: str) -> str:
    """'in how many places?' asked of 'how far did prices fall?', 'how many audits?' of 'what method did they use?'

    '' where the words that ask cannot simply be exchanged.
    """
    asking, new = ACTED.match(before), text.rstrip(" ?.!")
    if HOW_MANY.fullmatch(new):
        of = topic(before)
        is_told = DONE.match(before) and is_plural(of.agent) and of.agent.split()[0].lower() not in SMALL
        return f"how many {of.clause}" if is_told else ""
    if not asking or not ASKS.match(new) or ABOUT.match(new) or not lacks_verb(new):
        return ""
    if references.points(before) or references.points(new):
        return ""
    bare = not content(new)
    narrow = bare or asking["verb"].lower() in BE or new.split()[0].lower() in PREPOSITIONS
    if (asking["noun"] and narrow) or (bare and not ADVERB.match(new)):
        return ""
    rest = asking["rest"].removeprefix("there ").rstrip(" ?.!")
    return f"{new} {asking['verb'].lower()} {rest}"
