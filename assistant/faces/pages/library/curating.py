"""What curators see above the list of the library, as HTML and JSON: the update, adding files, latest changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from assistant.faces.pages.library.rows import Item, moment, remedy
from assistant.faces.pages.library.uploads import Outcome, Upload
from assistant.faces.pages.library.work import State, Work, Worker
from assistant.faces.rendering import plain
from assistant.faces.texts import Texts

STAGES = frozenset(["read", "embed", "assemble"])


def section(texts: Texts, worker: Worker, latest: Iterable[Upload], megabytes: int) -> str:
    """All that curators have on the page besides the list."""
    return f'<div class="keeping">{_adding(texts, megabytes)}{_work(texts, worker)}</div>{_latest(texts, latest)}'


def asked(texts: Texts, found: Sequence[Item], remove: str, replace: str) -> str:
    """The question before a document is removed, or the file that shall replace it; '' where neither is wanted."""
    item = next((item for item in found if item.row.document == (remove or replace) and item.state != "gone"), None)
    if item is None:
        return ""
    document = f'<input type="hidden" name="document" value="{_kept(item.row.document)}">'
    act = "remove" if remove else "replace"
    if remove:
        inside = f'<form method="post" action="library/remove">{document}'
        button = "danger"
    else:
        inside = (
            f'<form method="post" action="library/upload" enctype="multipart/form-data">{document}'
            '<input type="hidden" name="update" value="yes"><p><label>'
            f'{plain(texts("library.file"))} <input type="file" name="files" accept=".pdf,application/pdf" required>'
            "</label></p>"
        )
        button = "primary"
    return (
        f'<section id="asked" class="card" tabindex="-1" aria-labelledby="asked-title"><h2 id="asked-title">'
        f"{plain(texts(f'library.{act}_title', title=item.title))}</h2><p>{plain(texts(f'library.{act}_told'))}</p>"
        f'{inside}<p class="actions"><button class="{button}">{plain(texts(f"library.{act}"))}</button>'
        f'<a class="button" href="library">{plain(texts("library.keep"))}</a></p></form></section>'
    )


def work_json(texts: Texts, worker: Worker, since: int) -> dict[str, Any]:
    """How far the update is, in words and numbers, with the lines of its log after line `since`."""
    work = worker.work
    last, lines = worker.lines(since)
    return {
        "state": work.state.value,
        "running": work.running,
        "said": _said(texts, work),
        "count": _count(texts, work) if work.running else "",
        "done": work.done,
        "total": work.total,
        "last": last,
        "lines": lines,
        "report": work.report,
    }


def upload_json(texts: Texts, upload: Upload) -> dict[str, str]:
    """What became of a file that was sent."""
    return {
        "file": upload.file,
        "document": upload.document,
        "outcome": upload.outcome.value,
        "said": _became(texts, upload),
    }


def _adding(texts: Texts, megabytes: int) -> str:
    choices = "".join(
        f'<label><input type="radio" name="taken" value="{value}"{" checked" * (value == "ask")}> '
        f"{plain(texts(f'library.taken_{value}'))}</label>"
        for value in ("ask", "replace")
    )
    words = {name: texts(f"library.{name}") for name in ("sending", "replace_now", "not_sent")}
    told = "".join(f' data-{name.replace("_", "-")}="{plain(said)}"' for name, said in words.items())
    return (
        f'<section class="card" aria-labelledby="add"><h2 id="add">{plain(texts("library.add"))}</h2>'
        f'<form id="upload" method="post" action="library/upload" enctype="multipart/form-data"{told}>'
        f'<p><label for="files">{plain(texts("library.choose", megabytes=megabytes))}</label><br>'
        '<input type="file" id="files" name="files" accept=".pdf,application/pdf" multiple required></p>'
        f"<fieldset><legend>{plain(texts('library.taken'))}</legend>{choices}</fieldset>"
        f'<p><label><input type="checkbox" name="update" value="yes" checked> {plain(texts("library.then_update"))}'
        f'</label></p><p class="actions"><button class="primary">{plain(texts("library.send"))}</button></p></form>'
        '<ul id="sent" aria-live="polite"></ul></section>'
    )


def _work(texts: Texts, worker: Worker) -> str:
    now = work_json(texts, worker, 0)
    running = now["running"]
    lines = plain("\n".join(now["lines"]))
    # Without a value the bar shows that work goes on: there is no measure before the first file and after the last.
    measure = f' max="{now["total"]}" value="{now["done"]}"' if now["done"] < now["total"] else ""
    return (
        f'<section id="work" class="card" aria-labelledby="work-title" data-last="{now["last"]}" '
        f'data-running="{str(running).lower()}"><h2 id="work-title">{plain(texts("library.update"))}</h2>'
        f'<p class="said" role="status">{plain(now["said"])}</p>'
        f'<div class="far"{"" if running else " hidden"}><label for="far">{plain(texts("library.far"))}</label>'
        f'<progress id="far"{measure}></progress><p class="soft count">{plain(now["count"])}</p></div>'
        f'<div class="actions"><form method="post" action="library/update" {"hidden" if running else ""}>'
        f'<button class="start">{plain(texts("library.update_now"))}</button></form>'
        f'<form method="post" action="library/cancel" {"" if running else "hidden"}>'
        f'<button class="stop">{plain(texts("library.cancel"))}</button></form>'
        f'<noscript><a href="library">{plain(texts("library.refresh"))}</a></noscript></div>'
        f"<details{'' if lines else ' hidden'}><summary>{plain(texts('library.log'))}</summary>"
        f'<pre class="log" tabindex="0" role="region" aria-label="{plain(texts("library.log"))}">{lines}</pre>'
        "</details></section>"
    )


def _latest(texts: Texts, latest: Iterable[Upload]) -> str:
    lines = "".join(
        f'<li class="{each.outcome}">{plain(_became(texts, each))} '
        f'<span class="soft">{plain(_by(texts, each.person))}, {moment(each.at)}</span>{_again(texts, each)}</li>'
        for each in latest
    )
    if not lines:
        return ""
    return f'<section id="latest"><h2>{plain(texts("library.latest"))}</h2><ul class="changes">{lines}</ul></section>'


def _again(texts: Texts, upload: Upload) -> str:
    if upload.outcome is not Outcome.TAKEN:
        return ""
    address = f"library?replace={quote(upload.document, safe='')}#asked"
    return f' <a href="{plain(address)}">{plain(texts("library.replace_now"))}</a>'


def _became(texts: Texts, upload: Upload) -> str:
    told = texts(
        f"library.file_{upload.outcome.value}", file=upload.file, document=upload.document, detail=upload.detail
    )
    return f"{told} {remedy(texts, upload.reason)}" if upload.outcome is Outcome.REFUSED else told


def _said(texts: Texts, work: Work) -> str:
    """The state of the run in a sentence."""
    fields: dict[str, Any] = {
        "person": _by(texts, work.person),
        "started": moment(work.started),
        "ended": moment(work.ended),
        "problem": work.problem,
    }
    told = texts(f"library.work_{work.state.value}", **fields)
    return f"{told} {_changes(texts, work.report)}" if work.state is State.DONE and work.report else told


def _changes(texts: Texts, report: Mapping[str, Any]) -> str:
    counts = {
        name: len(found) if isinstance(found := report.get(name), list) else 0
        for name in ("added", "changed", "removed", "failed")
    }
    return texts("library.changes", **counts)


def _count(texts: Texts, work: Work) -> str:
    stage = texts(f"library.stage_{work.stage}") if work.stage in STAGES else work.stage
    parts = [stage, work.document]
    parts += [texts("library.of", done=work.done, total=work.total)] if work.total else []
    if work.seconds_left is not None:
        minutes = round(work.seconds_left / 60)
        parts.append(texts("library.left", minutes=minutes) if minutes else texts("library.nearly"))
    return " · ".join(filter(None, parts)) or texts("library.beginning")


def _by(texts: Texts, person: str) -> str:
    return person or texts("library.somebody")


def _kept(value: str) -> str:
    """A value that comes back from a form as it is: plain() would take characters out of it."""
    return "".join(f"&#{ord(c)};" for c in value)
