"""The library page: every file with its state for all; adding, replacing, removing and updating for curators."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from assistant import keeping
from assistant.errors import CorpusMissing, CorpusUnreadable
from assistant.faces.pages import shell
from assistant.faces.pages.library import curating, forms
from assistant.faces.pages.library.rows import Shown, items, listing, totals
from assistant.faces.pages.library.uploads import Arriving, Intake, Outcome, Upload
from assistant.faces.pages.library.work import Worker
from assistant.faces.rendering import plain
from assistant.faces.seams import Shelf
from assistant.faces.web import visitors
from assistant.faces.web.visitors import Visitor
from assistant.keeping.removing import removed_folder
from assistant.records import Role
from assistant.settings import Settings

UPLOAD = "/library/upload"
FORM_BYTES = 100_000  # what a form holds beside its files
LATEST = 20  # changes that are shown

Visiting = Annotated[Visitor, Depends(visitors.visitor)]
Curating = Annotated[Visitor, Depends(visitors.curator)]
Name = Annotated[str, Query(max_length=1000)]


def body_bytes(settings: Settings) -> dict[str, int]:
    """How large a request may be, by path, where it may be larger than others."""
    return {UPLOAD: forms.MOST_FILES * settings.upload_megabytes * 1_000_000 + FORM_BYTES}


def mount(app: FastAPI, assistant: Shelf, settings: Settings, worker: Worker) -> None:
    """Add the page at /library and what curators do there."""
    intake = Intake(settings.corpus, assistant.check, settings.upload_megabytes * 1_000_000)
    latest: deque[Upload] = deque(maxlen=LATEST)

    @app.get("/library", response_class=HTMLResponse, include_in_schema=False)
    def page(
        visitor: Visiting,
        words: Annotated[str, Query(max_length=200)] = "",
        sort: Annotated[str, Query(max_length=20)] = "",
        remove: Name = "",
        replace: Name = "",
    ) -> HTMLResponse:
        keeps = visitor.person.role is Role.CURATOR
        try:
            pending = assistant.pending()
        except (CorpusMissing, CorpusUnreadable) as error:
            note = f'<p class="note warn">{plain(str(error))}</p>'
            return shell.page(visitor, "library", visitor.texts("library.title"), note, name="library/page", status=503)
        found = items(assistant.seen_by(visitor.person.role).documents(), pending, assistant.families(), keeps)
        asked = curating.asked(visitor.texts, found, remove, replace) if keeps else ""
        kept = curating.section(visitor.texts, worker, latest, settings.upload_megabytes) if keeps else ""
        shown = Shown(words, sort, keeps)
        told = totals(visitor.texts, found, pending, assistant.generation, worker.work.running)
        body = f"{told}{asked}{kept}{listing(visitor.texts, found, shown)}"
        return shell.page(visitor, "library", visitor.texts("library.title"), body, name="library/page")

    @app.get("/library/work", include_in_schema=False)
    def work(visitor: Curating, since: Annotated[int, Query(ge=0)] = 0) -> dict[str, Any]:
        return curating.work_json(visitor.texts, worker, since)

    @app.post("/library/update", include_in_schema=False)
    def update(visitor: Curating) -> Response:
        worker.start(visitor.person.name)
        return _back("work")

    @app.post("/library/cancel", include_in_schema=False)
    def cancel(visitor: Curating) -> Response:
        worker.cancel()
        return _back("work")

    @app.post("/library/remove", include_in_schema=False)
    def removed(visitor: Curating, document: Annotated[str, Form(max_length=1000)]) -> Response:
        keeping.remove(settings, document)
        folder = removed_folder(settings).name
        latest.appendleft(Upload(document, document, Outcome.REMOVED, "", folder, visitor.person.name, time.time()))
        worker.start(visitor.person.name)
        return _back("latest")

    @app.post(UPLOAD, include_in_schema=False)
    async def upload(request: Request, visitor: Curating) -> Response:
        uploads, wanted = await _received(request, intake, visitor.person.name)
        latest.extendleft(uploads)
        if wanted and any(each.outcome in (Outcome.STORED, Outcome.REPLACED) for each in uploads):
            worker.start(visitor.person.name)
        if "application/json" not in request.headers.get("accept", ""):
            return _back("latest")
        return JSONResponse({"uploads": [curating.upload_json(visitor.texts, each) for each in uploads]})


async def _received(request: Request, intake: Intake, person: str) -> tuple[Sequence[Upload], bool]:
    """What became of the files of a form, and whether the library shall be updated afterwards."""
    arrived: list[Arriving] = []

    def opened(sent: str) -> Arriving:
        arrived.append(intake.arriving(sent))
        return arrived[-1]

    def taken(fields: dict[str, str]) -> list[Upload]:
        replacing, document = fields.get("taken") == "replace", fields.get("document", "")
        return [intake.take(each, person, replacing, document) for each in arrived]

    try:
        form = forms.Form(request.headers.get("content-type", ""), opened)
        async for piece in request.stream():
            await run_in_threadpool(form.write, piece)
        form.finish()
        return await run_in_threadpool(taken, form.fields), bool(form.fields.get("update"))
    finally:
        for each in arrived:
            each.discard()


def _back(place: str) -> Response:
    return RedirectResponse(f"../library#{place}", 303)
