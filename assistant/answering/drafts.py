"""The text of a language model as it comes, cut into sentences with the numbers that they cite."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.understanding import sentences

THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
"""What a reasoning model says to itself before it answers."""
CITED = re.compile(
    r"\s*[\[【]\s*(?:passages?\s*|sources?\s*)?(\d{1,3}(?:\s*(?:[,;–-]|and)\s*\d{1,3})*)(?:†[^\]】]*)?\s*[\]】]", re.I
)
"""[1], [1, 2], [1-3], [passage 1], 【1†source】."""
LEADING = re.compile(r"(?:\s*[\[【]\s*(?:passages?\s*)?\d[^\]】\n]{0,20}[\]】])+[.,;]?")
BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
WIDEST = 12  # numbers in one range


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence as the model wrote it, its citation numbers taken out."""

    text: str
    cited: tuple[int, ...]
    opens: str
    """What stands before it: '- ' in a list, a line end where a paragraph begins, else ''."""


class Draft:
    """A growing text; add() gives the sentences that are complete."""

    def __init__(self) -> None:
        self.length = 0
        self._given = 0
        self._text = ""

    def add(self, text: str) -> list[Drafted]:
        """The sentences that this piece completes: all but the last, whose citation may still be to come."""
        self.length += len(text)
        self._text += text
        if not any(sign.isspace() for sign in text):
            return []
        found = drafted(self._text)
        # "… fell by 9%. [2": the citation that belongs to the sentence before is still being written.
        return self._new(found[: -2 if found and found[-1].text.startswith(("[", "【")) else -1])

    def rest(self) -> list[Drafted]:
        """The sentences not given yet, when the model has ended."""
        return self._new(drafted(self._text))

    def _new(self, all_: list[Drafted]) -> list[Drafted]:
        new = all_[self._given :]
        self._given += len(new)
        return new


def drafted(text: str) -> list[Drafted]:
    """A text of the model, sentence by sentence."""
    found: list[Drafted] = []
    opens = "\n"
    for line in THOUGHTS.sub("", text).split("\n"):
        bullet = BULLET.match(line)
        body = EMPHASIS.sub("", line[bullet.end() :] if bullet else line).strip()
        opens = "- " if bullet else opens if body else "\n"
        for sentence in _sentences(body):
            found.append(Drafted(*_without_citations(sentence), opens))
            opens = "\n" if bullet else ""
    return found


def _sentences(line: str) -> list[str]:
    """The sentences of a line, each with the citations that stand behind its full stop."""
    parts: list[str] = []
    for start, end in sentences.split(line):
        part = line[start:end]
        leading = LEADING.match(part)
        if leading and parts:
            parts[-1] += leading.group()
            part = part[leading.end() :].strip()
        if part:
            parts.append(part)
    return parts


def _without_citations(sentence: str) -> tuple[str, tuple[int, ...]]:
    numbers: list[int] = []

    def taken(found: re.Match[str]) -> str:
        numbers.extend(_numbers(found[1]))
        return ""

    text = CITED.sub(taken, sentence)
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split())), tuple(dict.fromkeys(numbers))


def _numbers(text: str) -> list[int]:
    found = [int(number) for number in re.findall(r"\d+", text)]
    if re.search(r"\d\s*[–-]\s*\d", text) and len(found) == 2 and 0 < found[1] - found[0] < WIDEST:
        return list(range(found[0], found[1] + 1))
    return found
