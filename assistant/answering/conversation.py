"""Follow-up questions: "and for boys?", "who should do that?" read as whole questions, with what was asked before.

The conversation is read from its start. What is carried along is the frame of a question, in which a new year, place,
name or group takes the place of the old one, and its topic, which stands for "it" and "they" or is put behind a
question in brackets. The topic stays one phrase however long the conversation is, so that the sixth turn is read like
the second; a question that stands on its own begins a new topic and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering import followups, references
from assistant.answering.followups import ABOUT, ASKS, JOINED, SHORT
from assistant.answering.items import ORDINAL, is_list, item, items
from assistant.answering.phrases import (
    LEAD,
    PREPOSITIONS,
    VERBS,
    Topic,
    content,
    has_name,
    is_name,
    topic,
    uncapitalised,
)
from assistant.answering.references import OWN_WORDS, POINTS, SEVERAL, SOME_ONE
from assistant.answering.slots import DEGREE, KIND, NTH, ONLY, YEAR, difference, is_whole, replaced
from assistant.answering.talk import Frame, Talk, bare
from assistant.records import Turn

BRACKET_WORDS = 32  # a longer bracket would drown the question
THE_ONE_THAT = re.compile(r"\bones? (?:that|which)\b", re.IGNORECASE)
THING_WORDS = 8  # what is longer calls no thing by its name
FRAMES = 4  # questions back that a new year or name may take its frame from


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as a whole sentence, with the whole question that it follows; '' where it stands on its own."""

    text: str
    before: str = ""
    answer: str = ""
    """What was answered to the question before."""
    asked: str = ""
    """The question as it was typed."""


def understood(question: str, history: Sequence[Turn]) -> Understood:
    """The question as a whole sentence. Its text is empty when it only asks to start over."""
    talk = Talk()
    for turn in history:
        after = _next(talk, " ".join(turn.question.split()))
        talk = _answered(talk, after, turn.answer)
    text = " ".join(question.split())
    if followups.COURTESY.match(text):
        return Understood(text)
    after = _next(talk, text)
    if not after.frames:
        return Understood("")
    if len(after.frames) == 1 or after.last.whole == text:
        return Understood(after.last.whole)
    return Understood(after.last.whole, talk.last.whole, history[-1].answer, text)


def _answered(before: Talk, after: Talk, answer: str) -> Talk:
    """The conversation once a question is answered: what was declined is no topic, unless it is all there is to go by.

    A list stays in mind while it is talked about, and so do quotes of which one was called by its place.
    """
    if not after.frames or not before.frames:
        return replace(after, answer=answer)
    same = len(after.topics) == len(before.topics)
    if answer and "[1]" not in answer and (same or not has_name(after.last.text)):
        return replace(before, frames=after.frames) if same else before
    of_item = any(each in after.last.whole for each in items(before.answer))
    stays = (same or of_item) if is_list(before.answer) else of_item and ORDINAL.search(after.last.text) is not None
    return replace(after, answer=before.answer if stays and not is_list(answer) else answer)


def _next(talk: Talk, text: str) -> Talk:
    """The conversation with one more question; without frames where it only says to start over."""
    over = followups.OVER.match(text)
    if over:
        return _next(Talk(), text[over.end() :])
    if followups.COURTESY.match(text):
        return talk
    if not talk.frames:
        return _begun(talk, text)
    for reading in (_returned, _more, _corrected, _switched):
        after = reading(talk, text)
        if after:
            return after
    return _asked(talk, text)


def _begun(talk: Talk, text: str) -> Talk:
    """A question that stands on its own begins a topic."""
    aside = talk.topics and followups.ASIDE.match(text)
    return talk.asking(Frame(text), None if aside else topic(text), talk.own if aside else "")


# --- kinds of follow-up -----------------------------------------------------------------------------------------------


def _returned(talk: Talk, text: str) -> Talk | None:
    """'back to P2: where is it active?', 'as for wages, what changed?'"""
    match = followups.BACK.match(text) or followups.AS_FOR.match(text)
    if not match or (match.re is followups.AS_FOR and not ASKS.match(match["rest"])):
        return None
    what, rest = match["what"].strip(), match["rest"]
    words = {word.lower() for word in content(what)}
    topics = [each for each in talk.topics if words and words <= {word.lower() for word in content(each.clause)}]
    about = topics[-1] if topics and not has_name(what) else _thing_called(talk, what)
    there = replace(talk, topics=(*talk.topics, about), own="")
    if rest:
        return _attached(there, rest)
    asked = [each for each in talk.frames if words and words <= {word.lower() for word in content(each.text)}]
    return _again(there, asked[-1].text, asked[-1].bracket) if asked else _begun(talk, f"Tell me more about {what}")


def _thing_called(talk: Talk, name: str) -> Topic:
    """What was spoken of by that name: the conciliation centre of 'Norland', not the whole place."""
    words = {word.lower() for word in content(name)}
    phrases = [phrase for each in talk.topics for phrase in (each.agent, each.noun)]
    things = [phrase for phrase in phrases if phrase.startswith("the ") and len(phrase.split()) <= THING_WORDS]
    called = [thing for thing in things if words and words <= {word.lower() for word in content(thing)}]
    return Topic(called[-1], called[-1]) if called else Topic(name, name)


def _more(talk: Talk, text: str) -> Talk | None:
    """'tell me more', 'more on the second one'."""
    match = followups.MORE.match(bare(text))
    if not match:
        return None
    what = match["what"] or ""
    meant = talk.meant if not what or POINTS.fullmatch(what) else item(what, talk.answer)
    if meant:
        return _begun(talk, f"Tell me more about {meant}")
    return _attached(talk, text) if references.points(what) or followups.is_untold(what) else _begun(talk, text)


def _corrected(talk: Talk, text: str) -> Talk | None:
    """'no, I meant 2022', 'not boys, girls'."""
    match = followups.CORRECTION.match(text)
    rest = bare(match["rest"]) if match else ""
    announced = followups.ANNOUNCED.match(rest)
    if announced:
        return _asked(talk, f"{announced['rest']}?")
    about = followups.ABOUT_THAT.match(rest)
    if match and (match["no"] or match["meant"]) and about and ASKS.match(about["rest"]):
        return _attached(
            replace(talk, topics=(*talk.topics, Topic(about["what"], about["what"])), own=""), about["rest"]
        )
    instead = None if ASKS.match(JOINED.sub("", rest)) else followups.INSTEAD.match(rest)
    if not match or not (match["no"] or match["meant"] or instead):
        return None
    if instead:
        rest = instead["new"] or instead["right"]
        old = re.compile(rf"\b{re.escape(instead['old'] or instead['wrong'])}\b", re.IGNORECASE)
        frame = next((each for each in reversed(talk.frames[-FRAMES:]) if old.search(each.whole)), None)
        if frame:
            return _begun(talk, old.sub(lambda _: rest, frame.whole, count=1))
    if ASKS.match(rest):
        return _asked(talk, f"{rest}?")
    noun = references.one(rest, talk.known)
    whole = replaced(talk.last.text, noun) if noun else None
    return _begun(talk, f"{bare(whole)}?") if whole else _put(talk, rest)


def _switched(talk: Talk, text: str) -> Talk | None:
    """'and for boys?', 'what about 2022?', 'Alder?': the frame of an earlier question with something else in it."""
    joined = JOINED.match(text)
    rest = text[joined.end() :] if joined else text
    about = ABOUT.match(rest)
    rest = bare(rest[about.end() :] if about else rest)
    same = followups.same_asked(talk.last.text, rest)
    if same and replaced(talk.last.text, same):
        return _put(talk, same)
    rest = re.sub(r"^(.*\w) only$", r"only \1", rest)
    asks = ASKS.match(rest) or followups.ASKS_LAST.search(rest)
    if not rest or (asks and not about) or LEAD.match(rest) or len(content(rest)) > OWN_WORDS:
        return None
    if not joined and not about:
        rest = uncapitalised(rest)
        if not _is_fragment(talk, text, rest):
            return None
    return _exchanged(talk, rest)


def _exchanged(talk: Talk, rest: str) -> Talk:
    """The words of a fragment in the place of what is of their sort; where they only point, the question with them."""
    listed = item(rest, talk.answer)
    if listed:
        return _of_item(talk, listed)
    if followups.BESIDE.match(rest):
        return _attached(talk, f"{rest}?")
    if (NTH.fullmatch(rest) or DEGREE.fullmatch(rest)) and _fits(talk, rest):
        return _put(talk, rest)
    noun = references.one(rest, talk.known)
    if noun and THE_ONE_THAT.search(rest):
        return _attached(talk, f"what about {noun}?")
    rest = noun or rest
    rest = rest if KIND.search(rest) else ONLY.sub("", rest)
    if rest.lower().startswith("any ") and not (KIND.search(rest) and _fits(talk, rest)):
        return _attached(talk, f"is there {rest}?")
    if followups.OTHER.match(rest) or references.points(rest) or (followups.is_untold(rest) and not _fits(talk, rest)):
        return _attached(talk, f"what about {rest}?")
    return _put(talk, rest)


def _is_fragment(talk: Talk, text: str, rest: str) -> bool:
    """No question and no search for something new: it fits into a frame, or is too short for anything else."""
    first, words = rest.split()[0].lower(), content(rest)
    if ONLY.match(rest) or first in PREPOSITIONS:
        return True
    if first in VERBS or (KIND.match(rest) and len(words) > 1) or (is_name(rest) and not is_whole(rest)):
        return False
    return _fits(talk, rest) or len(words) == 1 or (text.endswith("?") and len(words) <= SHORT)


def _fits(talk: Talk, rest: str) -> bool:
    """One of the last questions has something of the sort."""
    return any(replaced(frame.text, rest) for frame in talk.frames[-FRAMES:])


def _asked(talk: Talk, text: str) -> Talk:
    """A whole question, which may stand on its own."""
    should = followups.SHOULD_DO.match(bare(JOINED.sub("", text)))
    if should and re.search(r"\brecommend", talk.last.text, re.IGNORECASE) and not references.points(should["who"]):
        return _put(talk, f"to {should['who']}")
    return _attached(talk, text) if followups.depends(text) else _begun(talk, text)


# --- frames and brackets ----------------------------------------------------------------------------------------------


def _put(talk: Talk, rest: str) -> Talk:
    """An earlier question asked again for something else."""
    last = talk.last
    text = replaced(last.asked or last.text, rest)
    if text and last.asked:
        return _of_another(talk, text)
    if text:
        return _again(talk, text, last.bracket)
    bracket = replaced(last.bracket, rest) if last.bracket and (is_name(rest) or YEAR.search(rest)) else None
    if bracket:
        return talk.asking(Frame(last.text, bracket), topic(bracket), talk.own)
    for frame in reversed(talk.frames[-FRAMES:-1]):
        text = replaced(frame.text, rest)
        if text:
            return _again(talk, text, frame.bracket)
    whole = next((frame for frame in reversed(talk.frames) if len(content(frame.text)) > 1), last)
    link = "" if rest.split()[0].lower() in PREPOSITIONS else "for "
    added = f"{link}{rest}"
    text = re.sub(rf", {added.split()[0]} [^,]*$", "", bare(whole.text))  # what was added so before is left out
    return _again(talk, f"{text}, {added}?", whole.bracket)


def _of_another(talk: Talk, asked: str) -> Talk:
    """'when did the Birch one open?' after 'when did the Alder one open?', which was read as the Alder office."""
    old, new = difference(talk.last.asked, asked)
    if not old or old not in talk.last.text:
        return _attached(talk, asked)
    text = talk.last.text.replace(old, new, 1)
    return talk.asking(Frame(text, talk.last.bracket, asked), topic(text))


def _again(talk: Talk, text: str, bracket: str) -> Talk:
    """A question with something new in its frame begins a topic, unless it needs its bracket."""
    if not bracket:
        return _begun(talk, f"{bare(text)}?")
    return talk.asking(Frame(text, bracket), own=references.said(text))


def _of_item(talk: Talk, listed: str) -> Talk:
    """The last question asked again of another item of the list that was shown; or more told about it."""
    old = next((each for each in items(talk.answer) if each in talk.last.whole), "")
    if not old:
        return _begun(talk, f"Tell me more about {listed}")
    frame = Frame(talk.last.text.replace(old, listed), talk.last.bracket.replace(old, listed))
    return talk.asking(frame, Topic(listed, listed))


def _attached(talk: Talk, text: str) -> Talk:
    """The question with what it points to in the place of its pronouns, or else in brackets behind it."""
    joined = JOINED.match(text)
    text = text[joined.end() :] if joined and joined.end() < len(bare(text)) else text
    if joined and followups.is_parallel(text, talk.last.text):
        return _begun(talk, text)
    listed = item(text, talk.answer)
    if listed:
        return talk.asking(Frame(text, listed), Topic(listed, listed))
    of_document = references.of_document(text, talk.known)
    if of_document:
        return talk.asking(Frame(of_document))
    resolved, about = references.resolved(text, talk.known)
    if about:
        frame = Frame(resolved, asked=text if SOME_ONE.search(text) else "")
        return talk.asking(frame, replace(about, clause=topic(resolved).clause))
    again = followups.recast(talk.last.text, text)
    if again:
        return _again(talk, again, talk.last.bracket)
    return talk.asking(Frame(resolved, _bracket(talk, resolved)), own=references.said(resolved) or talk.own)


def _bracket(talk: Talk, text: str) -> str:
    """What a question needs beside its own words: all that was said, or only its subject."""
    bracket = talk.topic.short
    if SEVERAL.search(text):
        bracket = talk.known.group.clause
    elif references.points_to_all(text) or (len(content(text)) <= SHORT and not has_name(text)):
        bracket = talk.meant
    if len(bracket.split()) > BRACKET_WORDS:
        bracket = talk.topic.short
    return "" if bracket.lower() in text.lower() else bracket
