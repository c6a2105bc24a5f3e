"""Passages found by their words alone, for questions and documents in a language that the model was not made for."""

from __future__ import annotations

import re

from assistant.indexing.library import Library
from assistant.retrieval.hybrid import LATE, SENTENCE, Found, Scope
from assistant.understanding.languages import SMALL_WORDS
from assistant.understanding.printed import fold


def search(library: Library, text: str, language: str, top: int, scope: Scope | None = None) -> list[Found]:
    """The passages that share most with the telling words of a text, best first; scored as in hybrid.py.

    language is that of the text, a code of languages.NAMES: its small words are left out. Support is the share of the
    words, among those that the library has at all, that stand in a passage or a sentence.
    """
    small = SMALL_WORDS[language] | SMALL_WORDS["en"]
    scope = scope or Scope()
    telling = dict.fromkeys(word for word in re.findall(r"\w\w+", text) if fold(word) not in small)
    known = {stem for word in telling if library.search_words(word, 1) for stem in library.stems(word)}
    hits = library.search_words(" ".join(telling), top, scope.documents, list(scope.kinds))

    def share(part: str) -> float:
        return len(known & set(library.stems(part))) / len(known)

    found = []
    for (row, bm25), passage in zip(hits, library.passages([row for row, _ in hits]), strict=True):
        support = share(passage.text)
        inside = tuple(share(passage.text[sentence.start : sentence.end]) for sentence in passage.sentences)
        score = bm25 / hits[0][1] + LATE * support + SENTENCE * max(inside, default=0.0)
        found.append(Found(row, passage, score, support, inside))
    return sorted(found, key=lambda each: (-each.score, each.row))
