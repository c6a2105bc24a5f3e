"""The words by which a report labels its findings. What may grow is a row here."""

from __future__ import annotations

import re

from assistant.records import Kind


def _compiled(rows: tuple[tuple[str, Kind], ...]) -> tuple[tuple[re.Pattern[str], Kind], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in rows)


HEADINGS = _compiled(
    (
        (r"\bratings?\b|\bcalificaciones\b", Kind.RATING),
        (r"\b(acronyms|abbreviations|glossary|siglas)\b", Kind.DEFINITION),
        (r"\blessons?\b|\blecciones\b|\bleçons\b", Kind.LESSON),
        (
            r"\b(good|best|promising) practices?\b|\bbuenas prácticas\b|\bbonnes pratiques\b",
            Kind.GOOD_PRACTICE,
        ),
        (r"\brecommend(ations?|ed|s)\b|\brecomendaciones\b|\brecommandations?\b", Kind.RECOMMENDATION),
        (r"\bconclu(sions?|ding)\b|\bconclusiones\b", Kind.CONCLUSION),
        (
            r"\bkey (evaluation )?(findings|results|learnings)\b|\bfindings\b|\bhallazgos\b|\bconstats\b",
            Kind.KEY_FINDING,
        ),
        (
            r"\b(methodolog\w*|method|methods|sampling|sample|data collection|limitations|fieldwork|analysis)\b",
            Kind.METHOD,
        ),
        (r"\b(outcomes?|results?|achievements?|impacts?|significant change)\b|\bresultados\b", Kind.OUTCOME),
        (r"\b(background|introduction|context|project description|overview)\b", Kind.BACKGROUND),
    )
)
"""What a heading makes of the passages below it. The first row that fits counts."""

CHAPTERS = _compiled(
    (
        (
            r"\blessons? learn(ed|t)\b|^(main |key |summary of )*lessons\b"
            r"|\blecciones aprendidas\b|\bleçons (apprises|tirées)\b",
            Kind.LESSON,
        ),
        (
            r"\b(good|best|promising) practices\W*$|\bbuenas prácticas\b|\bbonnes pratiques\b",
            Kind.GOOD_PRACTICE,
        ),
        (
            r"\brecommendations?\b(?! of\b)|\bwhat .{1,40} recommends\b|\brecomendaciones\b|\brecommandations\b",
            Kind.RECOMMENDATION,
        ),
        (r"^(overall |main |key |evaluation )*conclusions?\b|\bconclusiones\b", Kind.CONCLUSION),
        (
            r"^(key|main|summary of|overall) .{0,20}\b(findings|results)\b|^findings\W*$|\bhallazgos\b",
            Kind.KEY_FINDING,
        ),
        (r"^(main |key |project |programme |program )*(outcomes|achievements|results achieved)\W*$", Kind.OUTCOME),
    )
)
"""Headings whose items are findings. A heading that speaks of two kinds is left to the headings below it."""

SORTING = re.compile(r"^(domain|area|outcome area|result area)( of change)?\s?\W?\d", re.IGNORECASE)
"""Headings that sort results: the items right below them are outcomes, unless their chapter lists something else."""
OUTCOME_PARTS = re.compile(r"\b(sub-?outcomes?|contributions?|statements?)\b", re.IGNORECASE)
"""Headings that part what stands below an outcome."""

NO_CHAPTER = re.compile(
    r"\?\s*$|\b(contents|index|list of|references|bibliography|acronyms|methodolog\w*|method|approach|questions|guide|"
    r"questionnaire|follow-up (of|to) (previous|earlier)|status of|previous|prior|management response|comments)\b",
    re.IGNORECASE,
)
"""Headings below which nothing is a finding of this report, whatever else they say."""

LABELS = _compiled(
    (
        (r"(?:emerging )?(?:good|best|promising) practice", Kind.GOOD_PRACTICE),
        (r"lesson(?:s)?(?: learn(?:ed|t))?|lección(?: aprendida)?|leçon", Kind.LESSON),
        (r"recommendation|recomendación|recommandation", Kind.RECOMMENDATION),
        (r"conclusion|conclusión", Kind.CONCLUSION),
        (r"(?:key |main )?finding|hallazgo|constat", Kind.KEY_FINDING),
        (r"outcome", Kind.OUTCOME),
    )
)
"""Words that, with a number behind them, label a finding wherever it stands: 'Lesson learned no. 2: …'."""

LABEL_REST = (
    r"(?:\s+(?:no\.?|nr\.?|number|n°|nº|núm\.?|#))?\s*[#]?\s*(?P<number>\d{1,3}(?:\.\d{1,2})?[a-z]?)"
    r"\s*(?P<aside>\([^)]{3,160}\))?\s*[:.–—-]*\s*"
)
"""What follows such a word: its number, an aside in brackets, and a stop."""

STORY = re.compile(rf"\W*(?:(?:most )?significant )?(?:change|outcome) story{LABEL_REST}", re.IGNORECASE)
"""The heading of a story of change: 'Significant change story 1a – …'."""

ENUMERATED = re.compile(
    r"^\W{0,2}(?:[RLC]\s?)?(\d{1,3}(?:\.\d{1,2})?)\s?[.):]\s+(?=\S)|^\(?([a-z]|[ivx]{1,4})[.)]\s+(?=\S)"
)
"""The number before an item: '1.', '2)', 'R3.', '(a)'."""

ADDRESSED = re.compile(
    r"^(?:recommendations?\s+)?(?:addressed |directed |made )?"
    r"(?:for|to|at|para|pour|a la|al)(?: the)?\s+(?P<who>\S.{1,120})$",
    re.IGNORECASE,
)
"""A heading that says whom the recommendations below it are for."""

ASIDE_ADDRESSEE = re.compile(
    r"\b(?:for|to|addressed to|responsible|responsibility)\b:?\s+(?:the )?([^,;)]+)", re.IGNORECASE
)
PRIORITY = re.compile(
    r"\b(?:priority\s*(?:level)?\s*[:=–-]\s*(?P<after>very high|high|medium|low|critical|important|\d)\b"
    r"|(?P<before>very high|high|medium|low|critical|essential|important)[ -]priority\b)",
    re.IGNORECASE,
)
TIMEFRAME = re.compile(
    r"\b(?:time ?(?:frame|line|implication)|timing|deadline|due)\s*[:=–-]\s*(?P<label>[^.;,)|]{3,40})"
    r"|\((?:[^()]*[,;]\s*)?(?P<aside>by (?:the end of |mid-|early |late )?(?:\w+ )?20\d\d|"
    r"within [\w-]+ (?:months?|years?)|"
    r"(?:short|medium|long|immediate)[ -]?term|immediate(?:ly)?)\b[^()]*\)",
    re.IGNORECASE,
)

NAME = r"(?:[A-Z][\w.'’&/-]*)(?:,? (?:and |of |the |for |on |& )*[A-Z][\w.'’&/-]*)*"
"""Words with capitals and what binds them: 'Secretaries of Education and Health'."""

RECOMMENDING = re.compile(
    r"\b(?:[Ww]e|[A-Z]{2,6}|[Tt]his (?:report|evaluation|audit)|"
    r"[Tt]he (?:evaluation|audit|review)(?: team)?|[Tt]he evaluators?)"
    r"(?: are)?(?: therefore| further| also| additionally| strongly)*(?: are)? recommend(?:s|ing)?"
    rf"(?: that|:)(?: the| all| both)*(?P<who> {NAME})?"
)
"""A sentence that recommends, in the voice of the report: 'We further recommend that …'."""
ACTIONS = re.compile(
    r"\bfollowing (?:\w+ )?(?:actions|recommendations|steps|measures)\b[^.]*:\s*$|\brecommend\w* that:\s*$"
)
"""The end of a lead-in whose items are recommendations themselves."""
ANSWERED = re.compile(r"\b(commenting on|comments? on|agreed with|concurred|disagreed|did not agree)\b", re.IGNORECASE)
"""A sentence that tells what those addressed had to say."""
SHOULD = re.compile(
    rf"^\W*(?:\d{{1,3}}[.)]\s+)?(?:[Tt]he )?(?P<who>{NAME}(?: and [a-z]+)?) (?:should|must|ought to|needs? to)\b"
)
"""An item that names who should do something: 'ILO and partners should …'."""

CRITERIA = (
    "relevance",
    "coherence",
    "effectiveness",
    "efficiency",
    "impact",
    "sustainability",
    "equity",
    "gender equality",
    "coverage",
    "added value",
)
"""OECD-DAC evaluation criteria (oe.cd/criteria) and those that evaluation offices put beside them."""

STATEMENT_COLUMNS = _compiled(
    (
        (r"\brecommendations?\b", Kind.RECOMMENDATION),
        (r"\blessons?\b", Kind.LESSON),
        (r"\bgood practices?\b", Kind.GOOD_PRACTICE),
        (r"\bkey findings?\b", Kind.KEY_FINDING),
        (r"\bconclusions?\b", Kind.CONCLUSION),
        (
            r"\bchange statement|\b(sub-?)?outcomes?\b|\bresults?( identified| achieved)?\b|\bwhat (has )?changed\b",
            Kind.OUTCOME,
        ),
    )
)
"""Labels of the column of a table that holds findings."""
CHANGED = re.compile(r"\bchange statement|\bsub-?outcomes?\b|\bwhat (has )?changed\b", re.IGNORECASE)
OTHER_COLUMNS = {
    "number": re.compile(r"^\s*(#|no\.?|n°|nº|number|code|id)\s*$", re.IGNORECASE),
    "projects": re.compile(r"\bprojects?\b|\binterventions?\b", re.IGNORECASE),
    "addressee": re.compile(r"\baddress(ed|ee)|\bresponsib|\bto whom\b|\bactors?\b|\bowner\b", re.IGNORECASE),
    "priority": re.compile(r"\bpriorit", re.IGNORECASE),
    "timeframe": re.compile(r"\btim(e|ing)|\bdeadline\b|\bdue\b|\bwhen\b", re.IGNORECASE),
}
"""Labels of the columns beside it."""
DATED = re.compile(r"(?:[A-Z][a-z]+ )?(?:19|20)\d\d\s?[-–—]\s?(?:[A-Z][a-z]+ )?(?:19|20)\d\d\s?[:.]\s+(?=[A-Z])")
"""The span of time that a result begins with: 'May 2021 – July 2023: …'."""
CODE = re.compile(
    r"^(?:CS|change statement|outcome|result|[A-Z]{1,3})?\s?(?P<code>\d{1,2}\s?[a-z]?\*?)(?P<stop>[.:)]\*?|$)(?:\s|$)"
)
"""The code of a change statement before or beside it: '3b*', 'CS 1a.*'."""

ROW_CODE = re.compile(r"^(?P<code>[A-Z][A-Za-z-]{1,20}(?: [a-z]+)? ?\d{1,2}(?: ?[A-Za-z])?)\s*[:.–-]\s+")
"""The code of a rated row: 'OUTCOME 1 A: …'."""

SCALE = re.compile(r"\bscales?\b|\bsteps\b|\brated (?:from|on|as)\b|\brating (?:options|scale)\b", re.IGNORECASE)
"""A sentence that names the values a rating can have."""

SPOKEN_BY = re.compile(
    r"(?P<who>\b(?:an?|one|another|the|some) [^.“”\",]{3,80}?) "
    r"(?:emphasi[sz]ed|highlighted|noted|stated|said|shared|added|commented|explained|"
    r"described|reported|put it|reflected|told us|observed|expressed|stating)\b[^.“”\"]{0,120}[,:]?\s*$"
    r"|\b(?:summarized|described|explained|told|reported|expressed|put) (?:it )?by (?P<by>[^.“”\"]{3,80}?)[,:]?\s*$",
    re.IGNORECASE,
)
"""The end of a lead-in to somebody's words."""


SEVERAL = (Kind.GOOD_PRACTICE, Kind.LESSON, Kind.RECOMMENDATION, Kind.CONCLUSION, Kind.KEY_FINDING)
"""Kinds of which a heading may name two at once: 'Lessons learned and good practices'."""


def kind_of(section: tuple[str, ...]) -> Kind:
    """The kind that the innermost telling heading of a section path gives; narrative when none tells."""
    for heading in reversed(section):
        for cue, kind in HEADINGS:
            if cue.search(heading):
                return kind
    return Kind.NARRATIVE


def chapter_kind(heading: str) -> Kind | None:
    """The kind of finding that a chapter with this heading lists; None when it lists none, or speaks of two kinds."""
    plain = re.sub(r"^[\W\d.]+(?=\D)", "", heading)
    if NO_CHAPTER.search(plain):
        return None
    kinds = {kind for cue, kind in CHAPTERS if cue.search(plain)}
    spoken_of = {kind for cue, kind in HEADINGS if kind in SEVERAL and cue.search(plain)}
    return kinds.pop() if len(kinds) == 1 and len(spoken_of) < 2 else None
