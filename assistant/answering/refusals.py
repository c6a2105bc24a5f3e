"""What a refusal says: what is missing, the sentence that says otherwise, and what the library is about instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from assistant.answering.citations import as_markdown, cite
from assistant.answering.evidence import Lack, Missing
from assistant.answering.extractive import Extract
from assistant.indexing.library import Library
from assistant.records import Document, Mode
from assistant.understanding.english import listed

NAMED = 3  # titles and countries that a sentence about the library names
TITLE_WORDS = 14
OUTSIDE = "This lies outside the library"
"""How a refusal begins that speaks of the library as a whole."""

SENTENCES: dict[Lack, Callable[[str], str]] = {
    Lack.NAME: lambda what: f"Nothing found on this speaks of {what}.",
    Lack.TOGETHER: lambda what: f"Nothing found speaks of {what} together.",
    Lack.PREMISE: lambda what: f"The question says “{what}”; no passage found on this does.",
    Lack.KIND: lambda what: f"The passages found give no {what} for this.",
    Lack.EVENT: lambda what: f"The question says “{what}”; nothing found says that this happened.",
    Lack.OPPOSITE: lambda _: "The passages found say otherwise.",
    Lack.ANSWER: lambda _: "Passages close to this question were found, but none seems to answer it.",
}

LEADS = {
    Lack.NAME: " What the library says:",
    Lack.PREMISE: " The nearest one says:",
    Lack.ANSWER: " The closest sentence:",
}
"""What leads over to the sentence that is quoted."""


def answer(library: Library, missing: Missing) -> Extract:
    """A refusal in one sentence or two; the sentence of the library that says otherwise is quoted, as citation 1."""
    if missing.lack is Lack.SUBJECT:
        return Extract(_about(library.documents), (), Mode.REFUSAL)
    what = as_markdown(missing.what)
    sentence = SENTENCES[missing.lack](what)
    if missing.lack is Lack.NAME and not all(library.search_words(word, 1) for word in missing.what.split()):
        sentence = f"The library does not mention {what}."
    told = missing.told
    citation = cite(library, 1, told.passage, told.start, told.end) if told else None
    if citation is None:
        return Extract(sentence, (), Mode.REFUSAL)
    lead = LEADS.get(missing.lack, "")
    return Extract(f"{sentence}{lead}\n\n{as_markdown(citation.quote)} [1]", (citation,), Mode.REFUSAL)


def _about(documents: Sequence[Document]) -> str:
    """What the library is about, for who asks about something else; '' when it is empty."""
    if not documents:
        return ""
    types = Counter("document" if d.type == "other" else d.type for d in documents)
    kinds = listed([f"{count} {name}{'s' * (count != 1)}" for name, count in types.most_common()])
    countries = Counter(country for d in documents for country in d.countries).most_common(NAMED)
    where = f" on {listed([as_markdown(country) for country, _ in countries])}" if countries else ""
    titles = [f"“{as_markdown(_short(d.title))}”" for d in sorted(documents, key=lambda d: -d.pages)[:NAMED]]
    among = "" if len(titles) == len(documents) else "among them "
    return f"{OUTSIDE}, which holds {kinds}{where}: {among}{listed(titles)}."


def _short(title: str) -> str:
    words = title.split()
    return title if len(words) <= TITLE_WORDS else f"{' '.join(words[:TITLE_WORDS])} …"
