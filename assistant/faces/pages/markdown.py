"""The Markdown of an answer as HTML, with nothing in it that can be followed or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.faces.rendering import plain

_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])|\[(?P<cite>\d+)\]|\*\*(?P<strong>.+?)\*\*|~~(?P<struck>.+?)~~"
    r"|(?<![\w*])\*(?P<star>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])|(?<!\w)_(?P<line>[^\s_](?:[^_]*[^\s_])?)_(?!\w)"
)
_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<hashes>#{1,6})[ \t]+|(?P<bullet>[-*+])[ \t]+|(?P<number>\d{1,6})[.)][ \t]+"
    r"|(?P<quote>>)[ \t]?)?(?P<text>.*)"
)
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?")


def markdown(text: str, numbers: Iterable[int]) -> str:
    """The Markdown of an answer as HTML: headings, lists, quotes, tables, bold, italics, ~~struck~~ and [n] alone.

    A link or a picture stays the characters it is written with, so nothing in it can be followed or fetched.
    """
    known = frozenset(numbers)
    out: list[str] = []
    open_tag = ""
    for line in text.split("\n"):
        tag, body = _block(line, known, open_tag)
        if tag != open_tag:
            out.append((f"</{open_tag}>" if open_tag else "") + (f"<{tag}>" if tag else ""))
            open_tag = tag
        elif tag == "p":
            out.append("<br>")
        out.append(body)
    return "".join(out) + (f"</{open_tag}>" if open_tag else "")


def _block(line: str, known: frozenset[int], open_tag: str) -> tuple[str, str]:
    """The element that a line belongs in ('' for none) and the line as HTML."""
    if not line.strip():
        return "", ""
    if line.lstrip().startswith("|"):
        return "table", _row(line.strip(), known, heads=open_tag != "table")
    found = _LINE.match(line)
    assert found is not None
    words = _inline(found["text"], known)
    deeper = ' class="deeper"' if len(found["indent"].expandtabs(4)) >= 2 else ""
    if found["hashes"]:
        level = min(6, len(found["hashes"]) + 2)
        return "", f"<h{level}>{words}</h{level}>"
    if found["bullet"]:
        return "ul", f"<li{deeper}>{words}</li>"
    if found["number"]:
        return "ol", f'<li{deeper} value="{int(found["number"])}">{words}</li>'
    if found["quote"]:
        return "blockquote", f"<p>{words}</p>"
    return "p", words


def _row(line: str, known: frozenset[int], *, heads: bool) -> str:
    if _RULE.fullmatch(line):
        return ""
    cell = "th" if heads else "td"
    cells = re.split(r"(?<!\\)\|", line.strip("|"))
    return "<tr>" + "".join(f"<{cell}>{_inline(c.strip(), known)}</{cell}>" for c in cells) + "</tr>"


def _inline(text: str, known: frozenset[int]) -> str:
    out, start = [], 0
    for found in _INLINE.finditer(text):
        out += [plain(text[start : found.start()]), _marked(found, known)]
        start = found.end()
    return "".join([*out, plain(text[start:])])


def _marked(found: re.Match[str], known: frozenset[int]) -> str:
    if found["escaped"]:
        return plain(found["escaped"])
    if found["cite"]:
        number = int(found["cite"])
        if number not in known:
            return plain(found.group())
        return f'<button type="button" class="cite" data-cite="{number}" title="Show source {number}">{number}</button>'
    if found["strong"]:
        return f"<strong>{_inline(found['strong'], known)}</strong>"
    if found["struck"]:
        return f"<del>{_inline(found['struck'], known)}</del>"
    return f"<em>{_inline(found['star'] or found['line'], known)}</em>"
