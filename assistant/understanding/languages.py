"""Which language a text is in, told by its small words; nothing is looked up and nothing is learned."""

from __future__ import annotations

import re
from collections import Counter

from assistant.understanding.printed import fold

NAMES = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "pt": "Portuguese",
    "de": "German",
    "it": "Italian",
}
# Words that are English too (as, do, no, come, in) tell nothing and are left out.
PRINTED = {
    "en": "the of and to that for with were this from by which have has had been are what who whom how when where why"
    " did does there their they them it its not or but should could would can many much any at into about between give"
    " list tell these those than be",
    "es": "el la los las de del que en y por con para una un se como más qué cuál cuáles cuántos cuántas cuánto quién"
    " quiénes cómo cuándo dónde fue fueron son es está están sobre según entre hay su sus lo al o qué hizo hicieron"
    " tienen tiene han ha desde hasta sin porque durante",
    "fr": "le la les des et que dans pour une un est du de avec sur par plus quels quelles quel quelle qui quoi comment"
    " où quand pourquoi combien ont été sont aux au en ce ces cette se il elle ils leur leurs selon entre d l qu",
    "pt": "os de que em e por com para uma um da dos das na nas nos não mais foi foram são é qual quais"
    " quantos quantas quanto quem como quando onde ao aos se sobre entre há seu sua pelo pela está segundo",
    "de": "der die das den dem des und ist sind war waren wurde wurden ein eine einer eines einem nicht mit von zu für"
    " auf aus bei nach über unter zwischen wie wer wo wann warum welche welcher welches viele im zum zur hat haben"
    " sich auch es gibt",
    "it": "il lo la gli le di del della dei delle dello degli e che in per con una un è sono nel nella nei nelle"
    " quali quale quanti quante quanto chi quando dove perché da dal dalla su sul sulla tra fra non si al alla ai"
    " stato stati stata state",
}
FEWEST = 10  # a document with fewer small words says too little
LEAST = 2  # small words in a question; one may be of a name
TIMES_ENGLISH = 2  # as many small words as English ones, and more; else the question is English, or mixed
SPANISH_SIGNS = re.compile("[¿¡]")
WORD = re.compile(r"[^\W\d_]+")
"""Letters alone, of any script."""

SMALL_WORDS = {code: frozenset(fold(words).split()) for code, words in PRINTED.items()}
"""The small words of each language, without accents: people leave them out when they type."""


def of_document(text: str) -> str:
    """The language most of a long text is in: a code of NAMES; '' when there is too little text."""
    counts = _counts(Counter(WORD.findall(fold(text))))
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= FEWEST else ""


def of_question(text: str) -> str:
    """The language a question is put in; 'en' for whatever is short, mixed or cannot be told.

    Words with capitals, and small ones between two of them, are names ('Ministerio de Educación y Cultura').
    """
    words = WORD.findall(text)
    capital = [word[0].isupper() for word in words]
    own = [
        fold(word)
        for n, word in enumerate(words)
        if (not capital[n] or (n == 0 and word[1:].islower()))
        and not (any(capital[max(0, n - 2) : n]) and any(capital[n + 1 : n + 3]))
    ]
    counts = _counts(Counter(dict.fromkeys(own, 1)))
    english = counts.pop("en")
    best = max(counts, key=lambda code: counts[code])
    if counts[best] < LEAST or counts[best] <= TIMES_ENGLISH * english:
        return "es" if SPANISH_SIGNS.search(text) and not english else "en"
    return best


def _counts(words: Counter[str]) -> dict[str, int]:
    return {code: sum(words[word] for word in small) for code, small in SMALL_WORDS.items()}
