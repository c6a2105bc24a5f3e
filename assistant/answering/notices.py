"""What a reader is told beside an answer: words mended, names doubted, a language not known, an answer not sure."""

from __future__ import annotations

from collections.abc import Collection

from assistant.indexing.library import Library
from assistant.retrieval.spelling import Mended
from assistant.understanding.english import listed
from assistant.understanding.languages import NAMES, of_question

BECAUSE = "because the language model that finds meanings knows English only"
NOTHING = "Its words alone found nothing to quote, which does not say that the answer is not there."
"""Said in place of quotes where a question, or the documents, are not in English."""

WELCOME = (
    "Ask what came out of a programme, what was learned or what was recommended; the answer is quoted from the library."
)
"""Said to a greeting and to thanks."""
DOUBT = "This may not answer your question: what was found is close to it. Please check the quotes before you use them."
"""Said above an answer that was put together from passages of which it is not sure that they answer."""


def spelled_out(meant: str) -> str:
    """That a question which names nothing it asks about was searched for in other words."""
    return f"Searched for “{meant}” Name a project, group or topic to narrow it."


def of_spelling(mended: Mended) -> list[str]:
    """Which words were searched for instead of others, and which names the library may have meant."""
    searched = [f"“{meant}” instead of “{typed}”" for typed, meant in mended.replaced]
    doubted = [f"The library has no “{typed}”; did you mean “{meant}”?" for typed, meant in mended.doubted]
    return [*([f"Searched for {listed(searched)}."] if searched else []), *doubted]


def foreign(library: Library, text: str, documents: Collection[str]) -> tuple[str, str]:
    """For a question, or chosen documents, that are not in English: the question's language and what is said of it.

    documents are the names that the search is narrowed to, all when there is none. The language is a code of NAMES,
    'en' for an English question about documents that are not; ('', '') where all is English.
    """
    language = of_question(text)
    searched = [each for each in library.documents if not documents or each.name in documents]
    spoken = {each.language for each in searched if each.language in NAMES}
    if language != "en":
        more = "" if language in spoken else " The same question in English will find more."
        what = f"The question seems to be in {NAMES[language]}; this library is"
        return language, f"{what} searched by its words alone, {BECAUSE}.{more}"
    if documents and spoken and "en" not in spoken:
        names = listed([NAMES[code] for code in sorted(spoken)])
        what = f"The document is in {names}; it is" if len(searched) == 1 else f"The documents are in {names}; they are"
        return "en", f"{what} searched by words alone, {BECAUSE}. The same question in {names} will find more."
    return "", ""
