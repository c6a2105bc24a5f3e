"""What was reached and what was not: how questions ask for it, and the words of sentences that tell it."""

from __future__ import annotations

import re

AIMS = r"(?:targets?|goals?|objectives?|milestones?|outcomes?|indicators?|results?|aims?)"
GOT = r"(?:(?:meet|met)(?! with\b)|reach(?:ed)?|achieved?|hit|attain(?:ed)?|accomplish(?:ed)?|fulfil\w*|deliver(?:ed)?)"
MET = re.compile(
    "|".join(
        (
            rf"^\W*(?:did|do|does|has|have|had|was|were|is|are|will)\b(?! there\b).*\b{GOT}\b.*\b{AIMS}\b",
            rf"^\W*(?:have|has|were|are|was|did)\b.*\b{AIMS}\b.*\b{GOT}\W*$",
            r"^\W*(?:did|has|have|was|were|is|are)\b.*\b(?:success(?:ful)?|succeed(?:ed)?|effective|on track)\W*$",
            r"^\W*how (?:successful|effective) (?:was|were|is|are|has|have)\b",
            rf"^\W*(?:which|what) {AIMS}\b.*\b{GOT}\W*$",
        )
    ),
    re.IGNORECASE,
)
"""Questions whether something reached what it was to reach."""
NOT_GOT = rf"(?:\bfail(?:s|ed)? to {GOT}\b|(?:\bnot|n['’]t)\b.*\b{GOT}\b)"
ASKS = r"^\W*(?:in )?(?:what|which|where)\b"
UNMET = re.compile(
    "|".join(
        (
            rf"{ASKS}(?=.*\b{AIMS}\b).*(?:{NOT_GOT}|\bunmet\b(?! (?:needs?|demands?)\b)|\bmiss(?:ed)?\b)",
            rf"{ASKS}.*\bf[ae]ll(?:s|en)? short\b",
            rf"^\W*what (?:did|do(?:es)?|ha[sd]|have)(?!.*\b(?:who|which|that)\b).*{NOT_GOT}",
            rf"^\W*what (?:was|were|is|are)(?: not|n['’]t) (?:\w+ )?{GOT}\b",
        )
    ),
    re.IGNORECASE,
)
"""Questions for what was not reached."""
ASIDE = re.compile(
    r"\b(?:recommend\w*|rank\w*|lessons?|learn\w*|rat(?:ed|ings?)|should|could|define\w*)\b", re.IGNORECASE
)
"""Words of questions that speak of results and ask for something else."""
SOFTER = r"(?:been|be|yet|fully|sufficiently|adequately|necessarily|significantly|effectively|always|the|a|any)"
ACHIEVED = (
    r"(?:achiev|reach|met\b|meet|lead|led\b|result|increas|improv|chang|identif|contribut|produc|translat|attain|"
    r"fulfil|sustain|effective|successful|sufficient|significant|leverag|benefit|develop|materiali|happen|agreed|"
    r"operational|function)"
)
SMALL = r"(?:limited|little|modest|insufficient|uneven|mixed|partial)"
GAIN = (
    r"(?:effects?|impacts?|changes?|progress|results?|success|contributions?|improvements?|evidence|reach|achievements?|"
    r"difference)"
)
LIMITED = re.compile(
    "|".join(
        (
            rf"(?:\bnot|n[’']t|\bnever) (?:{SOFTER} ){{0,3}}{ACHIEVED}",
            r"\bnot yet\b",
            rf"\bno (?:significant |measurable |clear |real |major )?{GAIN}\b",
            rf"\b{SMALL} (?:\w+ )?{GAIN}\b",
            r"\b(?:fail(?:s|ed)? to|f[ae]ll(?:s|en)? short|(?:was|were|is|are|been) unable to)\b",
            r"\b(?:has|have|had) yet to\b",
            r"\b(?:unmet|unchanged|worsen\w*|deteriorat\w+|stagnat\w+|hindered|hampered|undermined)\b",
            r"\b(?:only|just) (?:partially|partly|one|two|a few|some)\b",
            r"\bremain(?:s|ed)? (?:low|limited|weak|high|unclear|a challenge|challenging)\b",
        )
    ),
    re.IGNORECASE,
)
"""Words that say something was not achieved, stayed as it was, has limits or did harm."""


TELLS = re.compile(
    r"\b(?:achiev(?:e[ds]?|ing|ements?)|on track|met|reached|surpass\w*|exceed\w*|succeed\w*|rated|yet to|"
    r"(?:is|are|was|were|been) (?:\w+ )?successful|(?:above|below|percent of) (?:the |its )?(?:\w+ )?targets?)\b"
    rf"|{LIMITED.pattern}",
    re.IGNORECASE,
)
"""Words of a sentence that says whether something was reached."""


def telling(text: str) -> re.Pattern[str] | None:
    """What a sentence says that answers a question on what was reached or not; None for other questions."""
    if ASIDE.search(text):
        return None
    if UNMET.search(text):
        return LIMITED
    return TELLS if MET.search(text) else None
