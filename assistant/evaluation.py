"""The figures of a question file: how well passages are found, answers cite and unanswerable questions are declined.

Text is compared by word trigrams after folding case, accents and punctuation, so that a quote counts as shown although
it was cut out a little shorter or longer. What cannot be gained by saying much: a passage of over 200 words is no hit,
facts and evidence are sought in the first 200 cited words only, and a citation that shows no item lowers precision.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from assistant.understanding.english import NUMBERS

Record = Mapping[str, Any]
Figures = dict[str, Any]
Trigrams = frozenset[tuple[str, ...]]

PASSAGE_WORDS = 200
CITED_WORDS = 200
NEAR_WORDS = 400
# The share of a gold quote's trigrams that must be there: in a passage; in a citation, which may be one sentence of it.
PASSAGE_SHARE = 0.5
CITATION_SHARE = 0.4

LINE_END_HYPHEN = re.compile("[\u0002\u00ad\u2010-\u2015-]\\s*\n\\s*")
DASH = re.compile("[\u2010-\u2015]")
# A point between figures is part of the number; any other ends a sentence or an abbreviation.
LOOSE_POINT = re.compile(r"(?<!\d)\.|\.(?!\d)")
SEPARATOR = re.compile(r"[^a-z0-9%$.]+")
THOUSANDS_COMMA = re.compile(r"(?<=\d),(?=\d{3})")
DIGITS = {word: str(number) for number, word in enumerate(NUMBERS[:13])}


def evaluate(questions: Iterable[Record], answers: Iterable[Record]) -> Figures:
    """The figures for gold questions and the answers given, in the form of `assistant ask --json`.

    Of several answers to one question the last counts; a question without an answer is wrong in every figure.
    Shares are between 0 and 1, rounded to three places, and None where no question asks for them.
    """
    gold, given = list(questions), list(answers)
    answered = {answer["id"]: answer for answer in given}
    seconds = sorted(answer["seconds"] for answer in answered.values() if "seconds" in answer)
    ids = {question["id"] for question in gold}
    return {
        "questions": len(gold),
        "answered": sum(question["id"] in answered for question in gold),
        "duplicate_ids": len(given) - len(answered),
        "extra_ids": len(answered.keys() - ids),
        "retrieval": retrieval_figures(gold, answered),
        "answers": answer_figures(gold, answered),
        "seconds_median": seconds[len(seconds) // 2] if seconds else None,
        "seconds_p95": seconds[int(len(seconds) * 0.95)] if seconds else None,
    }


def retrieval_figures(questions: Sequence[Record], answers: Mapping[str, Record]) -> Figures:
    """How early the first ten passages show a gold quote, over answerable questions that ask for no list."""
    ranks: list[int | None] = []
    ranks_on_page: list[int | None] = []
    near: list[bool] = []
    parts: list[float] = []
    by_category: dict[str, list[bool]] = defaultdict(list)
    for question in questions:
        if not question["answerable"] or question.get("items") or not question["gold"]:
            continue
        passages = answers[question["id"]]["passages"][:10] if question["id"] in answers else []
        if question.get("all_gold_needed"):
            parts.append(_share(_rank(_alternatives(gold), passages) is not None for gold in question["gold"]) or 0)
            continue
        rank = _rank(question["gold"], passages)
        ranks.append(rank)
        ranks_on_page.append(_rank(question["gold"], passages, on_page=True))
        near.append(rank is not None and sum(_words(p["text"]) for p in passages[:rank]) <= NEAR_WORDS)
        by_category[question["category"]].append(_within(rank, 5))
    return {
        "n": len(ranks),
        "mrr10": _share(1 / rank if rank else 0 for rank in ranks),
        "hit1": _share(_within(rank, 1) for rank in ranks),
        "hit5": _share(_within(rank, 5) for rank in ranks),
        "hit10": _share(_within(rank, 10) for rank in ranks),
        "hit5_page": _share(_within(rank, 5) for rank in ranks_on_page),
        "within400w": _share(near),
        "compare_recall10": _share(parts),
        "hit5_by_category": _shares(by_category),
    }


def answer_figures(questions: Sequence[Record], answers: Mapping[str, Record]) -> Figures:
    """Whether citations hold the facts and items asked for, and whether the right questions were declined."""
    declined: dict[str, list[bool]] = defaultdict(list)
    wrongly_declined: list[bool] = []
    listings: list[tuple[float, float]] = []
    cited: list[tuple[bool, bool, bool]] = []
    lengths: list[int] = []
    facts_by_category: dict[str, list[bool]] = defaultdict(list)
    for question in questions:
        answer = answers.get(question["id"])
        if not question["answerable"]:
            declined[question.get("kind", "all")].append(answer is not None and bool(answer["refused"]))
            continue
        refused = answer is None or bool(answer["refused"])
        citations = answer["citations"] if answer else []
        wrongly_declined.append(refused)
        if question.get("items"):
            listings.append(_listing(question["items"], citations))
            continue
        shown = _first_words(citations)
        facts = not refused and _states(question.get("facts", []), " ".join(text["text"] for text in shown))
        evidence = _rank(question["gold"], shown, CITATION_SHARE) is not None
        evidence_on_page = _rank(question["gold"], shown, CITATION_SHARE, on_page=True) is not None
        cited.append((facts, evidence, evidence_on_page))
        facts_by_category[question["category"]].append(facts)
        lengths.append(sum(_words(citation.get("quote", "")) for citation in citations))
    return {
        "facts": _share(facts for facts, _, _ in cited),
        "evidence_cited": _share(evidence for _, evidence, _ in cited),
        "evidence_on_page": _share(on_page for _, _, on_page in cited),
        "list_recall": _share(recall for recall, _ in listings),
        "list_precision": _share(precision for _, precision in listings),
        "refuses_unanswerable": _share(value for values in declined.values() for value in values),
        "refuses_by_kind": _shares(declined),
        "false_refusals": _share(wrongly_declined),
        "cited_words_median": statistics.median(lengths) if lengths else None,
        "facts_by_category": _shares(facts_by_category),
    }


def _rank(
    gold: Iterable[Record], passages: Sequence[Record], share: float = PASSAGE_SHARE, on_page: bool = False
) -> int | None:
    """The place, from 1, of the first passage that shows one of the gold quotes."""
    wanted = list(gold)
    for place, passage in enumerate(passages, start=1):
        if any(_shows(passage, quote, share) and (not on_page or _stands_on(passage, quote)) for quote in wanted):
            return place
    return None


def _shows(passage: Record, gold: Record, share: float) -> bool:
    if gold["doc"] != passage["document"] or _words(passage["text"]) > PASSAGE_WORDS:
        return False
    return _cover(gold["quote"], passage["text"]) >= share


def _stands_on(passage: Record, gold: Record) -> bool:
    # A passage may begin on the page before the one its quote stands on.
    return bool(gold["page"] - 1 <= passage.get("page", 0) <= gold.get("page_end", gold["page"]))


def _alternatives(gold: Record) -> list[Record]:
    return [gold, *gold.get("alts", []), *gold.get("also", [])]


def _listing(items: Sequence[str], citations: Sequence[Record]) -> tuple[float, float]:
    """Recall and precision: the share of items that citations show, and of citations that show an item."""
    texts = [_citation_text(citation) for citation in citations]
    recall = _share(any(_cover(item, text) >= PASSAGE_SHARE for text in texts) for item in items)
    # A citation cut shorter than the item still shows it.
    precision = _share(
        any(max(_cover(item, text), _cover(text, item)) >= PASSAGE_SHARE for item in items) for text in texts
    )
    return recall or 0, precision or 0


def _first_words(citations: Sequence[Record]) -> list[Record]:
    """The citations cut to the first CITED_WORDS words of all, each as a passage."""
    shown: list[Record] = []
    left = CITED_WORDS
    for citation in citations:
        words = _citation_text(citation).split()[:left]
        left -= len(words)
        if words:
            place = {"document": citation["document"], "page": citation.get("page", 0)}
            shown.append({**place, "text": " ".join(words)})
    return shown


def _citation_text(citation: Record) -> str:
    return f"{citation.get('quote', '')} {citation.get('context') or ''}"


def _states(facts: Sequence[Sequence[str]], text: str) -> bool:
    """Some wording of every fact stands in the text."""
    spoken = f" {_numbers_as_digits(text)} "
    return bool(facts) and all(any(_says(spoken, _numbers_as_digits(w)) for w in wordings) for wordings in facts)


def _says(spoken: str, wording: str) -> bool:
    if not wording:
        return False
    # A longer wording may go on ("union" in "unions"), a number may not (10 in 100).
    may_go_on = len(wording) > 4 and not wording[-1].isdigit()
    return f" {wording} " in spoken or (may_go_on and f" {wording}" in spoken)


def _numbers_as_digits(text: str) -> str:
    plain = _fold(THOUSANDS_COMMA.sub("", text.replace("%", " percent "))).replace("$", "")
    return " ".join(DIGITS.get(word, word) for word in plain.split())


def _fold(text: str) -> str:
    """The text without case, accents, line-end hyphens and punctuation; %, $ and decimal points stay."""
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    joined = LINE_END_HYPHEN.sub("", "".join(letters).lower())
    dashed = DASH.sub("-", joined).replace("\u00ad", "")
    return SEPARATOR.sub(" ", LOOSE_POINT.sub(" ", dashed)).strip()


@lru_cache(maxsize=20_000)
def _trigrams(text: str) -> Trigrams:
    words = _fold(text).split()
    return frozenset(tuple(words[start : start + 3]) for start in range(max(1, len(words) - 2)))


def _cover(quote: str, text: str) -> float:
    """The share of the quote's word trigrams that the text holds."""
    wanted = _trigrams(quote)
    return len(wanted & _trigrams(text)) / len(wanted)


def _words(text: str) -> int:
    return len(text.split())


def _within(rank: int | None, places: int) -> bool:
    return rank is not None and rank <= places


def _share(values: Iterable[float]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 3) if counted else None


def _shares(groups: Mapping[str, Sequence[float]]) -> dict[str, float | None]:
    return {name: _share(values) for name, values in sorted(groups.items())}
