"""How likely it is that a passage found answers: the question read once more, by a model taught to be strict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.indexing.examiner import Examined, Examiner
from assistant.indexing.library import Library
from assistant.retrieval.hybrid import Found
from assistant.understanding.languages import of_question

EXAMINED = 10  # passages, the first ones
LEAST_ODDS = -4.0
"""Logarithm of the odds that the best of them answers, as the next ones. Below, a question is declined: 5 of 947 that
are answered (460 of them synthetic, 216 turns of conversations), and 94 of 238 synthetic near misses that nothing else
declines."""
LEAST_ODDS_ALONE = -3.5
"""The same for a question that follows on none, compares nothing and counts nothing: of 858 answered ones none more is
declined, and 23 more of 430 that are not. The examiner was taught with questions that stand alone."""
SURE_ODDS = -2.0
"""Below, the reader is told of the doubt: with 41 more of the answered questions and 93 more of the near misses."""
CERTAIN_ODDS = 2.25
"""Beyond, a check that only presumes is overruled: for 7 answered questions, and for none that is not answered."""
EVEN_ODDS = 0.0
"""Beyond, no question is said to lie outside the library: 2 answered ones, and none of 35 that are not answered."""
ENGLISH = "en"


def log_odds(library: Library, examiner: Examiner | None, question: str, found: Sequence[Found]) -> float:
    """The logarithm of the best odds that a passage answers.

    Even ones where there is no examiner and for a question that is not in English, which alone it was taught; and at
    least even ones where one of the passages is not.
    """
    if examiner is None or of_question(question) != ENGLISH:
        return EVEN_ODDS
    looked_at = found[:EXAMINED]
    best = float(examiner.log_odds(question, [_examined(library, each.row) for each in looked_at]).max())
    documents = [library.document(each.passage.document) for each in looked_at]
    foreign = any(document and document.language not in ("", ENGLISH) for document in documents)
    return max(best, EVEN_ODDS) if foreign else best


def _examined(library: Library, row: int) -> Examined:
    tokens, scales, _ = library.tokens(row)
    return Examined(tokens.astype(np.float32) * scales[:, None], library.places(row))
