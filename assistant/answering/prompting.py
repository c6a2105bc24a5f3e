"""What a language model is given to read: passages and questions as fenced data, as much as it can hold."""

from __future__ import annotations

import math
import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.records import Turn
from assistant.templates import Template

PIECES_TO_TOKENS = 1.3
"""Tokens of a language model per word piece of the embedding model; English takes fewer, figures and names about so."""
OVERHEAD = 64  # tokens around the two messages
TURNS = 4  # of the conversation that a rewriting model is shown
TURN_CHARACTERS = 600

ORDERS = (
    r"\b(ignore|disregard|forget|override)\b\W+(\w+\W+){0,3}"
    r"(previous|prior|above|earlier|preceding|your|instructions?|prompts?)\b",
    r"\b(disregard|ignore|forget) the (rules?|text|passages?) (above|before)\b",
    r"\b(ignora|olvida|ignorez|oubliez|ignorieren? sie|vergiss)\b[^.\n]{0,40}"
    r"\b(instruc\w+|reglas|consignes|anweisung\w*)\b",
    r"\b(system|developer|hidden|secret) (prompt|instructions?)\b",
    r"\byour (own |system |initial )?(prompt|instructions)\b",
    r"\binstructions (that )?you (were|have been) given\b|\bapi key\b",
    r"\byou are (now|no longer) (an?|in|dan|bound|free)\b|\bact as an? (ai|assistant|language|chat)\b",
    r"\bnew (task|instructions?|rules?|orders?)\s*:",
    r"\b(dear|attention|note to|hey|hello)\W+(the )?(ai|assistant|chatbot|llm|language model)\b",
    r"\bas an? (ai|language model)\b|\bjailbreak\b|\bprompt injection\b|\bdeveloper mode\b",
    r"\b(respond|reply|answer) (only|just|exactly|solely) with\b|\bbegin your (answer|reply|response)\b",
    r"^\s*(system|assistant|human|developer)\s*:\s",
    r"<\|[^|>\n]{1,40}\|>|\[/?INST\]|<<SYS>>|</?(system|assistant|user|instructions?)>",
    r"^#{2,}\s*(instructions?|response|system)\b",
    r"!\[[^\]\n]*\]\(|\[[^\]\n]+\]\(\s*(https?|javascript|data|file|ftp):",
    r"<\s*(img|script|iframe|a|svg|object|embed)\s[^>]*>|<\s*script",
)
"""Words and signs that mean something to a language model and next to nothing in an evaluation report."""
ADDRESSES_A_MODEL = re.compile("|".join(f"(?:{order})" for order in ORDERS), re.IGNORECASE | re.MULTILINE)
CONTROLS = re.compile(
    r"<\|[^|>\n]{0,40}\|>|\[/?INST\]|<<?/?SYS>>?|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\x00-\x08\x0b-\x1f]"
)


def addresses_a_model(text: str) -> bool:
    """The text speaks to a language model, or holds marks that would steer one, also in letters that look alike."""
    plain = unicodedata.normalize("NFKC", text)
    return any(ADDRESSES_A_MODEL.search(each) for each in (plain, CONTROLS.sub("", plain)))


@dataclass(frozen=True, slots=True)
class Prompts:
    """The four texts that staff may edit."""

    rules: Template
    request: Template
    rewriting_rules: Template
    rewriting_request: Template

    @classmethod
    def load(cls, folder: Path) -> Prompts:
        """Read and check them. Raises SettingsError with file and line."""
        return cls(
            Template.load(folder, "writing_rules.txt", {"words", "fence"}),
            Template.load(folder, "writing_request.txt", {"passages", "question"}),
            Template.load(folder, "rewriting_rules.txt", {"fence"}),
            Template.load(folder, "rewriting_request.txt", {"conversation", "question"}),
        )

    @property
    def version(self) -> str:
        """What an answer records of the texts it was written by."""
        return f"{self.rules.version}-{self.request.version}"

    def writing(self, question: str, passages: Sequence[str], words: int) -> tuple[str, str]:
        """Rules and request for an answer from numbered passages."""
        fence = _Fence()
        given = "\n\n".join(fence.around(f"passage {n}", text) for n, text in enumerate(passages, start=1))
        return (
            self.rules.fill(words=words, fence=fence.mark),
            self.request.fill(passages=given, question=fence.around("question", question)),
        )

    def rewriting(self, question: str, history: Sequence[Turn]) -> tuple[str, str]:
        """Rules and request for a follow-up question that is to be understood alone."""
        fence = _Fence()
        said = [text[:TURN_CHARACTERS] for turn in history[-TURNS:] for text in (turn.question, turn.answer)]
        given = "\n\n".join(fence.around(("asked", "answered")[n % 2], text) for n, text in enumerate(said))
        return (
            self.rewriting_rules.fill(fence=fence.mark),
            self.rewriting_request.fill(conversation=given, question=fence.around("question", question)),
        )


class _Fence:
    """Marks around material. They are drawn by lot each time, so that no document can hold the closing one."""

    def __init__(self) -> None:
        self.mark = f"=={secrets.token_hex(4)}=="

    def around(self, name: str, text: str) -> str:
        inside = CONTROLS.sub(" ", text).replace(self.mark, " ")
        return f"{self.mark} {name}\n{inside}\n{self.mark} end of {name}"


def fitting(
    passages: Sequence[str], room: int, prompt: Callable[[Sequence[str]], tuple[str, str]], pieces: Callable[[str], int]
) -> int:
    """How many of the passages, from the first, fit with the rest of the prompt into room tokens; 0 when none does."""
    for count in range(len(passages), 0, -1):
        counted = sum(pieces(text) for text in prompt(passages[:count]))
        if math.ceil(counted * PIECES_TO_TOKENS) + OVERHEAD <= room:
            return count
    return 0
