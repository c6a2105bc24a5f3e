"""What a conversation has come to: its questions as understood, their topics, and the answer that was shown last."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.answering.items import items
from assistant.answering.phrases import Topic, topic
from assistant.answering.references import Known
from assistant.answering.slots import DOCUMENT

NAMES = re.compile(r"^(?:what about|(?:what|who) (?:is|are|was|were))\b", re.IGNORECASE)
"""How a question begins that only names a thing."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A question as understood, without and with what was put in brackets behind it."""

    text: str
    bracket: str = ""
    asked: str = ""
    """The text with its 'one', where a noun was put for that: 'when did the Alder one open'."""

    @property
    def whole(self) -> str:
        """As it is shown and searched."""
        return f"{bare(self.text)} ({self.bracket})?" if self.bracket else self.text


@dataclass(frozen=True, slots=True)
class Talk:
    """What a conversation has come to."""

    frames: tuple[Frame, ...] = ()
    topics: tuple[Topic, ...] = ()
    """The topics so far, the present one last; empty before anything was asked."""
    own: str = ""
    """What the last question in brackets said itself: it is part of what 'that' means."""
    answer: str = ""
    """The last answer, or the last list while its items are talked about."""

    @property
    def topic(self) -> Topic:
        return self.topics[-1]

    @property
    def last(self) -> Frame:
        return self.frames[-1]

    @property
    def meant(self) -> str:
        """What 'that' means."""
        return ", ".join(part for part in (self.own, self.topic.clause) if part)

    @property
    def known(self) -> Known:
        """What the next question may point to."""
        given = {each.lower() for each in items(self.answer)}
        group = next((each for each in reversed(self.topics) if each.noun.lower() not in given), self.topic)
        papers = [match.group() for frame in self.frames for match in DOCUMENT.finditer(frame.whole)]
        last = topic(self.last.text)
        thing = last if self.own and self.last.bracket and NAMES.match(self.last.text) else Topic()
        return Known(self.topic, group, last, self.meant, thing, papers[-1] if papers else "")

    def asking(self, frame: Frame, about: Topic | None = None, own: str = "") -> Talk:
        """The conversation with one more question, on the same topic or about something else."""
        return replace(
            self, frames=(*self.frames, frame), topics=(*self.topics, about) if about else self.topics, own=own
        )


def bare(text: str) -> str:
    """The text without the signs at its ends."""
    return text.strip(" ?.!")
