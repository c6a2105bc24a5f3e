"""A question as it is understood before anything is searched."""

from __future__ import annotations

import unicodedata

from assistant.errors import EmptyQuestion, QuestionTooLong


def understood(text: str, longest: int) -> str:
    """The question with its white space and odd characters put in order.

    Raises EmptyQuestion where no letter or digit is left, QuestionTooLong beyond longest characters.
    """
    if len(text) > longest:
        raise QuestionTooLong(len(text), longest)
    folded = unicodedata.normalize("NFKC", text)
    visible = "".join(" " if c.isspace() else c for c in folded if c.isspace() or unicodedata.category(c)[0] != "C")
    cleaned = " ".join(visible.split())
    if not any(c.isalnum() for c in cleaned):
        raise EmptyQuestion
    return cleaned
