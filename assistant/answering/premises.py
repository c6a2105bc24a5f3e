"""What a question takes for granted: an event that must be told, a direction or a success that may be the opposite.

The words of an event come in groups: a report may tell with any word of a group what a question puts with another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.asked import stems
from assistant.answering.figures import Figure, months, values
from assistant.records import Passage
from assistant.understanding.counting import counts

PRESUPPOSES = re.compile(
    r"^\W*(why|how come|when|who|what|which|(in|on|at|by|for) (what|which)|how did)\b", re.IGNORECASE
)
"""Questions that take what they name for granted; 'was it stopped?' does not."""
SUPPOSES = re.compile(r"\b(if|in case|whether|should|would|could)\b", re.IGNORECASE)
EXPLAINS = re.compile(
    r"^\W*(why|how come|how did|what (made|led|caused|explains?|drove|brought|helped|allowed|enabled|reasons?))\b",
    re.IGNORECASE,
)
EVENTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(rf"\b({asked})\b", re.IGNORECASE), re.compile(rf"\b({asked}|{told})\b", re.IGNORECASE))
    for asked, told in (
        (
            r"stop(s|ped|ping)?|shut(s|ting)?( down)?|clos(ed|ing|ure)|cancel\w*|terminat\w*|abandon\w*|"
            r"discontinu\w*|suspend\w*|suspension|ceas\w+|dissol\w+|scrapp\w+|withdr[ae]w\w*|quit(s|ting)?|"
            r"pull(ed)? out",
            r"clos(e|es)|ended|ending|halt\w*|no longer|phas\w+ out",
        ),
        (
            r"reject\w*|refus(e|es|ed|ing|al)|turn(ed)? down|veto\w*|bann?(ed|ing)?|oppose[sd]?(?! to)",
            r"declin\w+|unwilling\w*|resist\w*|disagree\w*|did not (agree|accept)|prohibit\w*|opposition|opposing",
        ),
        (
            r"(struck|strike) down|overturn\w*|annul\w*|repeal\w*|revok\w*|invalidat\w*|quash\w*",
            r"unconstitutional|void\w*|abolish\w*|eliminat\w*",
        ),
        (r"merg(e|es|ed|er|ing)|amalgamat\w*|fus(ed|ion)", r"combin\w+|unif\w+|consolidat\w+|joined together"),
        (
            r"sanction(s|ed|ing)?|fined|penali[sz]\w+|penalt(y|ies)|prosecut\w+|sued|convict\w+|punish\w*",
            r"fines?|fining|lawsuits?|legal action|sentenced",
        ),
        (r"fired|sacked|laid off|resign(ed|s|ing|ation)?", r"dismiss\w*|layoffs?|stepp?(ed)? down|job loss\w*"),
        (
            r"fail(s|ed|ing|ures?)?|collaps\w*",
            r"(did|do|does|was|were|is|are|has|have|had|could|can) not|\w+n['’]t|cannot|never|unable|unmet|missed|"
            r"poor\w*|lack\w*|difficult\w*|challeng\w*|limit\w*|obstacles?|barriers?|hinder\w*|hamper\w*|weak\w*|problems?|"
            r"constrain\w*|insufficien\w*|inadequate\w*|ineffective\w*|unsuccessful\w*|struggl\w*",
        ),
        (r"postpon\w+|brought forward", r"delay\w*|deferr\w*|later than|earlier than|reschedul\w*"),
        (r"privati[sz]\w+|nationali[sz]\w+|bankrupt\w*|embezzl\w*|corruption|fraud", r"insolven\w*|misus\w+|bribe\w*"),
    )
)
"""What a question may say has happened, and the words that tell it; 'band' and 'as opposed to' are none of them."""
LEAST_TOLD = 0.58
NEAR = 0.1
"""Support of a sentence that tells of an event, and how much less than the best one it may have. Read off few:
a question that names an event that is told has 0.85 and the best sentence; of false ones three have such a sentence."""

MORE = re.compile(
    r"\b(increas\w*|rise[sn]?|rising|rose|grow(s|n|th|ing)?|grew|improv\w*|higher|climb\w*|doubl\w+|more and more)\b",
    re.IGNORECASE,
)
LESS = re.compile(
    r"\b(decreas\w*|declin\w*|fall(s|en|ing)?|fell|drop(s|ped|ping)?|shr[aiu]nk\w*|lower\w*|worsen\w*|less and less|"
    r"fewer and fewer|deteriorat\w*|weaken\w*|diminish\w*)\b",
    re.IGNORECASE,
)
SUCCESS = re.compile(
    r"\b(succe(ed|eds|eded|ss|ssful|ssfully)|achiev\w+|manag(e|ed) to|lasting|accomplish\w*|fulfil\w*|complete[ds]?)\b",
    re.IGNORECASE,
)
NOT_SO = re.compile(
    r"\b(yet to|(did|has|have|had|was|were) not|never|failed to|unable to|not been able)\b|n['’]t\b", re.IGNORECASE
)
OF_IT = 0.4  # share of the words of a question, its event left out, in a sentence that tells of it and the one before
AS_GOOD = 0.03  # of support
SAME_MATTER = 0.08  # of support: a sentence this much weaker than the best may be about something else


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a passage found: characters start to end of its text, and how well it supports the question."""

    passage: Passage
    start: int
    end: int
    support: float

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


def untold_event(question: str, told: Sequence[Told]) -> str:
    """The words for an event that the question takes for granted and no sentence tells; '' where there is none."""
    if not PRESUPPOSES.search(question) or SUPPOSES.search(question):
        return ""
    least = max(LEAST_TOLD, max((sentence.support for sentence in told), default=0.0) - NEAR)
    for asked, telling in EVENTS:
        match = asked.search(question)
        telling_it = (s for s in told if s.support >= least and telling.search(s.text))
        if match and not any(_is_of_it(s, question, asked) for s in telling_it):
            return match.group()
    return ""


def _is_of_it(told: Told, question: str, event: re.Pattern[str]) -> bool:
    """A sentence, with the one before ('it was closed'), speaks of what the question says the event happened to."""
    named = stems(event.sub(" ", question))
    before = max((s.start for s in told.passage.sentences if s.start < told.start), default=told.start)
    return len(named & stems(told.passage.text[before : told.end])) >= OF_IT * len(named)


def opposite(question: str, told: Sequence[Told]) -> Told | None:
    """The sentence that says that what the question wants explained went the other way or was not reached.

    All sentences as good as the best one are heard: one that agrees with the question is enough for it.
    """
    best = max((sentence.support for sentence in told), default=0.0)
    if best < LEAST_TOLD or not EXPLAINS.search(question):
        return None
    heard = sorted((s for s in told if s.support >= best - AS_GOOD), key=lambda sentence: -sentence.support)
    for asked, other in ((MORE, LESS), (LESS, MORE)):
        if asked.search(question) and not other.search(question) and not any(asked.search(s.text) for s in heard):
            return next((s for s in heard if other.search(s.text)), None)
    if SUCCESS.search(question) and not NOT_SO.search(question):
        return heard[0] if NOT_SO.search(heard[0].text) else None
    return None


def other_figure(figure: Figure, told: Sequence[Told]) -> Told | None:
    """The best sentence that gives another figure with the same unit, or of the same noun; None where none is near."""
    if figure.unit:
        return _best([s for s in told if figure.unit.search(s.text) and values(s.text)], told)
    return _best([s for s in told if figure.noun and counts(s.text, figure.noun)], told)


def other_month(told: Sequence[Told]) -> Told | None:
    """The best sentence that names a month; None where none is near."""
    return _best([s for s in told if months(s.text)], told)


def _best(among: Sequence[Told], told: Sequence[Told]) -> Told | None:
    best = max(among, key=lambda sentence: sentence.support, default=None)
    strongest = max((sentence.support for sentence in told), default=0.0)
    return best if best and best.support >= strongest - SAME_MATTER else None
