"""A comparison as HTML: how far it is, what can be done with it, and its matrix, which a phone shows as a list."""

from __future__ import annotations

from urllib.parse import urlencode

from assistant.faces.exporting.files import FORMAT_NAMES
from assistant.faces.pages import pictures
from assistant.faces.pages.comparing.comparisons import Comparison
from assistant.faces.pages.comparing.exporters import EXPORTERS
from assistant.faces.rendering import plain
from assistant.faces.web.visitors import Visitor

REFRESH_SECONDS = 3  # for browsers without JavaScript


def matrix(visitor: Visitor, comparison: Comparison) -> str:
    """The whole comparison as far as it is filled."""
    documents = "".join(
        f'<th scope="col" role="columnheader"><span title="{plain(name)}">{plain(title)}</span></th>'
        for name, title in comparison.documents
    )
    rows = "".join(_row(visitor, comparison, number) for number in range(len(comparison.questions)))
    label = plain(visitor.texts("compare.title"))
    # Shown as blocks on a phone, a table stays one to screen readers by its roles alone.
    return (
        f"{_state(visitor, comparison)}{_downloads(visitor, comparison)}"
        f'<p class="lead">{plain(visitor.texts("compare.judge"))}</p>'
        f'<div class="wide" tabindex="0" role="region" aria-label="{label}"><table class="matrix" role="table">'
        f'<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">'
        f"{plain(visitor.texts('compare.question'))}</th>{documents}</tr></thead>"
        f'<tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def cell(visitor: Visitor, comparison: Comparison, row: int, column: int) -> str:
    """What stands in a cell: a quote with its page, why there is none, or that it is still to come."""
    words, found = visitor.texts, comparison.cells.get((row, column))
    question, (document, title) = comparison.questions[row], comparison.documents[column]
    if found is None:
        said = words("compare.cancelled_cell" if comparison.cancelled else "compare.waiting")
        return f'<p class="soft">{plain(said)}</p>'
    address = plain(f"{visitor.root}search?{urlencode({'question': question, 'document': document})}")
    quote = found.quote
    if quote is None:
        reason = f'<p class="soft">{plain(found.reason)}</p>' if found.reason else ""
        if found.failed:
            return reason
        near = f'<p class="soft"><a href="{address}">{plain(words("compare.near"))}</a></p>'
        return f'<p class="none">{plain(words("compare.none"))}</p>{reason}{near}'
    shown = pictures.link(visitor, document, title, quote.page, quote.boxes, quote.page_label)
    context = f'<p class="soft">{plain(quote.context)}</p>' if quote.context else ""
    more = f' <a href="{address}">{plain(words("compare.more", count=found.more))}</a>' if found.more else ""
    return f'{context}<blockquote>{plain(quote.quote)}</blockquote><p class="soft">[{shown}]{more}</p>'


def link(visitor: Visitor, comparison: Comparison) -> str:
    """A link to a comparison from another page, with its size and how much of it is filled."""
    size = visitor.texts("compare.size", questions=len(comparison.questions), documents=len(comparison.documents))
    first = plain(comparison.questions[0])
    return f'<a href="{visitor.root}compare/{comparison.name}">{first}</a> <span class="soft">{plain(size)}</span>'


def _row(visitor: Visitor, comparison: Comparison, row: int) -> str:
    cells = "".join(
        f'<td role="cell"><p class="of" aria-hidden="true">{plain(title)}</p>'
        f'<div id="cell-{row}-{column}">{cell(visitor, comparison, row, column)}</div></td>'
        for column, (_, title) in enumerate(comparison.documents)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{plain(comparison.questions[row])}</th>{cells}</tr>'


def _state(visitor: Visitor, comparison: Comparison) -> str:
    words, done, total = visitor.texts, len(comparison.cells), comparison.total
    said = words("compare.filled", done=done, total=total)
    if comparison.finished:
        ended = words("compare.cancelled") if comparison.cancelled else words("compare.finished")
        return f'<p class="state" role="status">{plain(ended)} {plain(said)}</p>'
    return (
        f'<div class="state" data-name="{comparison.name}" data-done="{done}" data-total="{total}" '
        f'data-filled="{plain(words("compare.filled"))}" data-ended="{plain(words("compare.finished"))}" '
        f'data-lost="{plain(words("compare.lost"))}">'
        f'<label>{plain(words("compare.progress"))} <progress value="{done}" max="{total}"></progress></label>'
        f'<p class="count" role="status">{plain(said)}</p>'
        f'<form method="post" action="{visitor.root}compare/{comparison.name}/cancel">'
        f"<button>{plain(words('compare.cancel'))}</button></form>"
        f'<noscript><meta http-equiv="refresh" content="{REFRESH_SECONDS}">'
        f'<p><a href="{comparison.name}">{plain(words("compare.refresh"))}</a></p></noscript></div>'
    )


def _downloads(visitor: Visitor, comparison: Comparison) -> str:
    words, names = visitor.texts, [name for name, _ in comparison.documents]
    links = " ".join(f'<a href="{comparison.name}/export?format={form}">{FORMAT_NAMES[form]}</a>' for form in EXPORTERS)
    form = urlencode({"questions": "\n".join(comparison.questions), "document": names}, doseq=True)
    return (
        f'<p class="downloads">{plain(words("compare.download"))} {links} · '
        f'<a href="{visitor.root}compare?{plain(form)}">{plain(words("compare.change"))}</a></p>'
    )
