"""A question as it is understood before anything is searched."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.errors import EmptyQuestion, QuestionTooLong
from assistant.records import Kind
from assistant.retrieval import attainment, hints
from assistant.understanding import counting, numbered
from assistant.understanding.english import YEAR

ASKS_FOR: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            Kind.RECOMMENDATION,
            r"\brecom+end|\badvi[cs]e|\b(should|ought to)\b|\bsuggest|\bpropos(ed|al)|\burged?\b|\bcalled (on|upon)\b",
        ),
        (Kind.LESSON, r"\blessons?\b|\blearn(ed|t|ing)\b"),
        (Kind.GOOD_PRACTICE, r"\b(good|best|promising) practices?\b"),
        (
            Kind.METHOD,
            r"\binterview|\bsampl(e|ing)|\bcod(ing|ed)\b|\bmethod|\brespondents?\b|\bresearchers\b|\bsurvey"
            r"|\bfocus groups?\b",
        ),
        (Kind.RATING, r"\brat(ed|ings?)\b|\bscor(ed?|es)\b"),
        (Kind.CONCLUSION, r"\bconclu"),
        (Kind.OUTCOME, r"\boutcomes?\b|\bresults?\b|\bachiev"),
        (Kind.TESTIMONY, r"\b(say|said|told|quote)\b"),
        (Kind.DEFINITION, r"\bstands? for\b|\bmeaning\b|\bacronym|^what (is|are) [\w-]+\??$"),
    )
)
"""Words of a question that name a kind of finding. More than one kind may be named."""

MONEY = re.compile(r"[$€£]|\b(usd|eur|pesos?|dollars?|euros?)\b", re.IGNORECASE)
FIGURES: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (name, re.compile(asked, re.IGNORECASE), re.compile(printed, re.IGNORECASE))
    for name, asked, printed in (
        (
            "percentage",
            r"\b(percentage|per ?cent|proportion|turnout)\b|\b(what|which) share\b|\bshare of\b|\brates?\b",
            r"\d\s*(%|percent|per cent|por ciento)",
        ),
        (
            "amount of money",
            r"\b(dollars?|funding|budget|salary|price|amount)\b|\bcosts? (of|per)\b|\bhow much (money|.* costs?)\b",
            MONEY.pattern,
        ),
        (
            "number",
            r"\bhow many\b|\bnumber of\b",
            r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|dozens?|"
            r"hundreds?|thousands?|half|none|no)\b",
        ),
    )
)
"""What a figure is called, how it is asked for, and what gives it in a sentence. The first row that fits counts."""
WHO = (
    r"^\W*(who|which (firm|company|organi[sz]ation|institution|agency|team|consultan\w+|evaluators?|authors?)) (\w+ )?"
)
ROLES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(printed, re.IGNORECASE))
    for asked, printed in (
        (
            rf"{WHO}(evaluated|assessed|reviewed|wrote|written|author\w*|prepared|(carried out|conducted|did|led|made) "
            r"(the|this|that|an?|its|their) ([\w-]+ ){0,3}(evaluation|study|assessment|review|report|survey)|"
            r"carried (?=.*\b(evaluation|study|assessment|review|report|survey|interviews?|field ?work)\b)"
            r"(.+ )?out(?=\W*$))\b",
            r"\b(conducted|carried out|prepared|written|undertaken|led|authored|performed|evaluated|submitted) by\b|"
            r"\bcontracted\b|\bcommissioned\b|\b(lead|principal|external|independent) evaluators?\b|\bauthors?:",
        ),
        (
            rf"{WHO}(fund(s|ed)?|financ(es?|ed)|pa(ys?|id) for|sponsor(s|ed)?)\b",
            r"\b(funded|financed|supported|sponsored|provided) by\b|\bawarded\b|-funded\b|\bgrants?\b|\bgranted\b|"
            r"\bcooperative agreement\b|\bdonors?\b|\bcontributions? (from|of|by)\b",
        ),
        (
            rf"{WHO}(implement(s|ed)?|runs?|ran|deliver(s|ed)?|executed?)\b",
            r"\bimplement(s|ed|ing)\b|\bgrantees?\b|\bexecut(es?|ed|ing)\b|\b(run|managed|delivered) by\b",
        ),
        (
            r"^\W*what (is|are|was|were)\b.*\b(meant|supposed|intended|designed|set out|trying) to\b|"
            r"^\W*what (did|does|do)\b.*\b(set out|aim|intend|mean) to\b|"
            r"^\W*what (is|are|was|were) (the|its|their|\S+['’]s?) ((?!of |for |to |in |on )[\w-]+ ){0,2}"
            r"(aims?|goals?|objectives?|purpose)\b",
            r"\b(aim(s|ed)?|seeks?|sought|designed|intend(s|ed)|meant) to\b|\b(goals?|objectives?|purpose|aims?)\b",
        ),
    )
)
"""How it is asked who made, paid for or carried out something, or what for, and what a sentence that tells it holds."""
NO_FIGURE = re.compile(
    r"^\s*(who|whom|whose|why|where|should|did|do|does|has|have|had|can|could|would|will|is|are|was|were|"
    r"how (do|does|can|could|should)|what (should|can|could|must|caused|explains?|happened|went))\b|\brecommend",
    re.IGNORECASE,
)
"""Questions that name money or a rate without asking how much: "Who should pay it from which budget?"."""

TO_RATE = re.compile(
    r"(?<=\bhow )(?:do|does|did) .*?(?:[^s\W]s|they|we|you|team|panel) rate\b(?! of\b)|\bto rate\b"
    r"|\b(?:they|we|you|who) rated?\b",
    re.IGNORECASE,
)
"""Where 'rate' is a verb: 'how did the evaluators rate P2?'"""
VAGUE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"^\W*{asked}\W*$", re.IGNORECASE), meant)
    for asked, meant in (
        (
            r"what (?:(?:has|have) )?(?:work(?:ed|s)?|went well|(?:was|were) (?:most )?(?:effective|successful))"
            r"(?: (?:well|best))?",
            "Which approaches, strategies and practices worked well and were effective?",
        ),
        (
            r"what (?:(?:did|has|have|does)(?: not|n['’]t) work(?:ed)?(?: (?:well|out))?|went wrong|failed|"
            r"(?:was|were)(?: not|n['’]t| less) (?:achieved|effective|successful))",
            "What were the main challenges and limitations of the projects?",
        ),
    )
)
"""Questions that name nothing they ask about, and what is searched for: their own few words find anything."""


BRACKETED = re.compile(r"^(?P<text>.+?) \(.+\)\?$")
"""A follow-up question as it is understood, with what was asked before in brackets behind it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the answer to a question should be like."""

    kinds: frozenset[Kind] = frozenset()
    telling: re.Pattern[str] | None = None
    """What a sentence holds that gives the figure, the doer or the aim asked for, or tells what was reached or not."""
    counted: str = ""
    """The noun that is to be counted."""
    years: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    """Parts of documents that are called by number: 'domain 2'."""
    annexes: bool = False
    """It asks for what stands in an annex."""
    hints: tuple[re.Pattern[str], ...] = ()
    """What the passage that answers mostly holds."""


def wish(text: str, own: str = "") -> Wish:
    """What a question asks for, told from its words; often nothing in particular.

    own are its own words, where what was asked before stands in brackets behind them.
    """
    kinds = frozenset(kind for kind, cue in ASKS_FOR if cue.search(text))
    told = telling(own or text) or attainment.telling(text)
    parts = numbered.named(own or text) or numbered.named(text)
    years = frozenset(YEAR.findall(text))
    return Wish(
        kinds, told, counting.counted(own or text), years, parts, numbered.names_annex(text), hints.of(own or text)
    )


def unbracketed(text: str) -> str:
    """A follow-up question without what was put in brackets behind it: what it asks for itself."""
    match = BRACKETED.match(text)
    return f"{match['text']}?" if match else text


def figure_asked(text: str) -> re.Pattern[str] | None:
    """What the sentence that answers must hold: a share, money, a count; None where no figure is asked for."""
    if NO_FIGURE.search(text):
        return None
    clause = counting.main_clause(TO_RATE.sub(" ", text))
    return next((printed for _, asked, printed in FIGURES if asked.search(clause)), None)


def telling(text: str) -> re.Pattern[str] | None:
    """What a sentence holds that gives the kind of figure asked for, or tells who did something or what was reached.

    Aims that were missed are asked for in the words of aims: what was reached goes before who and what for.
    """
    of_roles = (printed for asked, printed in ROLES if asked.search(text))
    return figure_asked(text) or attainment.telling(text) or next(of_roles, None)


def spelled_out(text: str) -> str:
    """A question that names nothing it asks about in so many words that it can be searched for; others as they are."""
    return next((meant for asked, meant in VAGUE if asked.match(text)), text)


def is_empty(text: str) -> bool:
    """There is no letter and no digit in it."""
    return not any(map(str.isalnum, text))


def understood(text: str, longest: int) -> str:
    """The question with its white space and odd characters put in order.

    Raises EmptyQuestion where no letter or digit is left, QuestionTooLong beyond longest characters.
    """
    if len(text) > longest:
        raise QuestionTooLong(len(text), longest)
    folded = unicodedata.normalize("NFKC", text)
    visible = "".join(" " if c.isspace() else c for c in folded if c.isspace() or unicodedata.category(c)[0] != "C")
    cleaned = " ".join(visible.split())
    if is_empty(cleaned):
        raise EmptyQuestion
    return cleaned
