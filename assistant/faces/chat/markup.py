"""The conversation as HTML. Every word that comes from a document, a question or an answer passes through plain()."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.scopes import FILTERS
from assistant.faces.chat.cards import Drawing, Source, evidence, sources
from assistant.faces.exporting.files import FORMAT_NAMES
from assistant.faces.exporting.formats import FORMATS, NEED_SOURCES
from assistant.faces.pages.choices import kind_name, type_name
from assistant.faces.pages.markdown import markdown
from assistant.faces.rendering import plain, understood_otherwise
from assistant.faces.texts import Texts
from assistant.records import Answer, Writing

SEARCHED = 3  # documents that an answer names among those it was searched in; the others are counted


@dataclass(frozen=True, slots=True)
class Shown:
    """One turn on the page: what was asked and, as they come, the words so far, the answer, or a note instead."""

    question: str
    words: str = ""
    answer: Answer | None = None
    note: str = ""
    failed: bool = False
    growing: bool = False
    """More of the answer is to come."""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kept: str = ""
    """The id under which the answer is kept; '' where it is not."""
    useful: bool | None = None
    """What the visitor has said of it."""

    @property
    def whole(self) -> bool:
        """All words of the answer are shown."""
        return self.answer is not None and self.words == self.answer.answer and not self.growing


@dataclass(frozen=True, slots=True)
class Chat:
    """The turns of a conversation, the id under which it is kept ('' before it is), and a notice below them."""

    turns: tuple[Shown, ...] = ()
    conversation: str = ""
    notice: str = ""


def conversation(chat: Chat, drawing: Drawing, earlier: str | None = None) -> str:
    """All turns; the evidence of the last one stands open beside it. earlier is what earlier_turns() gave, if kept."""
    said = earlier_turns(chat, drawing) if earlier is None else earlier
    if chat.turns:
        said += _turn(chat.turns[-1], len(chat.turns) - 1, True, chat.conversation, drawing)
    notice = f'<p class="note failed" role="status">{plain(chat.notice)}</p>' if chat.notice else ""
    return (f'<div class="turns" data-conversation="{chat.conversation}">{said}</div>' if said else "") + notice


def earlier_turns(chat: Chat, drawing: Drawing) -> str:
    """All turns but the last: they stay as they are while it grows."""
    return "".join(_turn(turn, n, False, chat.conversation, drawing) for n, turn in enumerate(chat.turns[:-1]))


def counted(words: Texts, name: str, count: int) -> str:
    """'1 page', '3 pages': name is that of the plural among the words of the page."""
    return words(f"ask.{name.removesuffix('s')}_1") if count == 1 else words(f"ask.{name}", count=f"{count:,}")


def _turn(turn: Shown, number: int, last: bool, kept_in: str, drawing: Drawing) -> str:
    said, beside, generation = f'<h2 class="asked">{plain(turn.question)}</h2>', "", ""
    if turn.note:
        said += f'<p class="note{" failed" if turn.failed else ""}">{plain(turn.note)}</p>'
    if turn.answer is not None:
        said += _answer(turn.answer, turn.words, drawing.words)
        generation = f' data-generation="{turn.answer.generation}"'
    # Sources come with the last words: cards that are drawn again at every step would flicker.
    if turn.answer is not None and turn.whole:
        shown = sources(turn.answer)
        said += _about(turn, drawing) + _actions(turn, shown, last, kept_in, drawing.words)
        beside = evidence(turn.answer, shown, last, drawing)
    elif turn.failed and last:
        said += f'<div class="actions">{_repeats(drawing.words)}</div>'
    return (
        f'<section class="turn{" open" if last else ""}" id="turn-{number}" data-turn="{number}"{generation}>'
        f'<div class="said">{said}</div>{beside}</section>'
    )


def _answer(answer: Answer, said: str, words: Texts) -> str:
    otherwise = understood_otherwise(answer)
    understood = f'<p class="understood">{plain(words("ask.understood", question=otherwise))}</p>' if otherwise else ""
    body = markdown(said, [citation.number for citation in answer.citations])
    return f'{understood}<div class="answer{" refused" if answer.refused else ""}">{body}</div>'


def _about(turn: Shown, drawing: Drawing) -> str:
    """Below an answer: how it was made, where it was searched, and how long it took."""
    answer, words = turn.answer, drawing.words
    assert answer is not None
    took = words("ask.no_time") if answer.seconds < 0.1 else words("ask.seconds", count=f"{answer.seconds:.1f}")
    if not (answer.refused or answer.citations or answer.passages):
        return f'<p class="about"><span>{took}</span></p>'  # 'start over' quotes nothing
    mode = words("ask.instead" if answer.refused and answer.citations else f"ask.{answer.mode}")
    where = words("ask.searched_in", where=_searched(turn.filters, drawing))
    return (
        f'<p class="about"><span class="mode">{plain(mode)}</span><span class="searched">{plain(where)}</span>'
        f"<span>{took}</span>{_taken(answer.writing, words)}</p>"
    )


def _searched(filters: Mapping[str, Sequence[str]], drawing: Drawing) -> str:
    """The filters in words: 'all documents', or 'Title A, Title B · Lesson · 2023'."""
    words, told = drawing.words, list[str]()
    called: dict[str, Callable[[str], str]] = {
        "document": lambda name: drawing.title(name) if name in drawing.rows else f"“{name}”",
        "kind": lambda kind: kind_name(words, kind),
        "type": lambda type_: type_name(words, type_),
    }
    for name in FILTERS:
        values = [called.get(name, str)(value) for value in filters.get(name, ())]
        more = len(values) - SEARCHED
        told += [", ".join(values[:SEARCHED] + [words("ask.more", count=more)] * (more > 0))] if values else []
    return " · ".join(told) or words("ask.any_document").lower()


def _taken(writing: Writing | None, words: Texts) -> str:
    """What the language model took, as far as its endpoint reports it."""
    if writing is None or writing.tokens_in is None or writing.tokens_out is None:
        return ""
    fields = {"model": writing.model, "taken": f"{writing.tokens_in:,}", "given": f"{writing.tokens_out:,}"}
    cost = ", " + words("ask.cost", cost=f"{writing.cost:.4f}") if writing.cost is not None else ""
    return f"<span>{plain(words('ask.tokens', **fields) + cost)}</span>"


def _actions(turn: Shown, shown: Sequence[Source], last: bool, kept_in: str, words: Texts) -> str:
    """What can be done with an answer."""
    assert turn.answer is not None
    label = words("ask.show", what=_what(len(turn.answer.citations), shown, words))
    shows = f'<button type="button" class="shows">{plain(label)}</button>' if shown else ""
    copy = f'<button type="button" class="copy">{plain(words("ask.copy"))}</button>' if shown else ""
    return (
        f'<div class="actions">{shows}{copy}{_repeats(words) if last else ""}{_take(turn, kept_in, words)}</div>'
        + _marks(turn, words)
    )


def _what(cited: int, shown: Sequence[Source], words: Texts) -> str:
    """'3 sources and 1 near passage'."""
    counts = (("quotes", cited), ("near_passages", len(shown) - cited))
    told = [counted(words, name, count) for name, count in counts if count]
    return words("ask.and", one=told[0], other=told[1]) if len(told) == 2 else "".join(told)


def _repeats(words: Texts) -> str:
    return (
        f'<button type="button" class="again">{plain(words("ask.again"))}</button>'
        f'<button type="button" class="edit">{plain(words("ask.edit"))}</button>'
    )


def _take(turn: Shown, kept_in: str, words: Texts) -> str:
    """The permanent address of a kept answer, and its files; those of the whole conversation."""
    if not turn.kept:
        return ""
    assert turn.answer is not None
    forms = [form for form in FORMATS if turn.answer.citations or form not in NEED_SOURCES]
    here = f'<a href="answers/{turn.kept}" target="_blank" rel="noopener">{plain(words("ask.link"))}</a>'
    return (
        f'<details class="menu"><summary>{plain(words("ask.take"))}</summary><div>'
        f"<p>{plain(words('ask.this_answer'))}</p>{here}{_files(f'answers/{turn.kept}', forms)}"
        f"<p>{plain(words('ask.whole_conversation'))}</p>{_files(f'conversations/{kept_in}', forms)}"
        "</div></details>"
    )


def _files(address: str, forms: Iterable[str]) -> str:
    return "".join(f'<a href="{address}.{form}" download>{FORMAT_NAMES[form]}</a>' for form in forms)


def _marks(turn: Shown, words: Texts) -> str:
    """Whether an answer was of use, with room for a comment."""
    if not turn.kept:
        return ""

    def mark(name: str, useful: bool) -> str:
        pressed = "true" if turn.useful is useful else "false"
        value = "true" if useful else "false"
        return f'<button type="button" data-useful="{value}" aria-pressed="{pressed}">{plain(words(name))}</button>'

    return (
        f'<form class="marks" data-answer="{turn.kept}"><span>{plain(words("answers.ask_useful"))}</span>'
        f'{mark("answers.useful", True)}{mark("answers.useless", False)}<span class="told" role="status"></span>'
        f'<span class="more" hidden><label>{plain(words("answers.comment"))}'
        f'<textarea rows="2" maxlength="2000"></textarea></label>'
        f'<button type="submit">{plain(words("answers.send"))}</button></span></form>'
    )
