"""What the commands that keep a library show to people: plans, proofs, changes, removals, backups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.faces.rendering import clean

if TYPE_CHECKING:
    from assistant.keeping.copying import Backup
    from assistant.keeping.planning import Plan
    from assistant.keeping.verifying import Proof
    from assistant.reports import BuildReport, Progress


def pace_text(progress: Progress) -> str:
    """How fast a run reads and how long it may still take; '' before anything was read."""
    if not progress.pages or progress.seconds_left is None:
        return ""
    rate = progress.pages_per_second
    return f"{rate:.{0 if rate >= 10 else 1}f} pages a second, {duration(progress.seconds_left)} left"


def duration(seconds: float) -> str:
    """Seconds as people say them: '40 s', '12 min', '3 h 20 min'."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def change_text(report: BuildReport) -> str:
    """What a run changed, in one line."""
    refused = [row["document"] for row in report.failed]
    parts = [
        _few("added", report.added),
        _few("changed", report.changed),
        _few("removed", report.removed),
        _few("refused", refused),
    ]
    said = "; ".join(filter(None, parts)) or "nothing changed"
    return clean(f"Generation {report.generation}, {report.documents} documents: {said}").replace("\n", " ")


def plan_text(plan: Plan) -> str:
    """What a run would do, name by name, and what it would cost."""
    lines = [f"Would be added: {name}" for name in plan.added]
    lines += [f"Would be read again, it changed: {name}" for name in plan.changed]
    lines += [f"Would be renamed: {each['from']} to {each['to']}" for each in plan.renamed]
    lines += [f"Would be taken out: {name}" for name in plan.removed]
    lines += [f"Would be read again, unchanged: {name}" for name in plan.read_again]
    lines += [f"Stays refused: {row['document']} ({row['reason']}): {row['detail']}" for row in plan.refused]
    return clean("\n".join([*plan.reasons, *lines, f"{plan.unchanged} unchanged. {_cost(plan)}"]))


def _cost(plan: Plan) -> str:
    if not plan.files:
        return "Nothing would be read."
    pages = f", {plan.pages:,} pages in {plan.files - plan.pages_unknown} of them" if plan.pages else ""
    took = "no earlier run tells how long it takes" if plan.seconds is None else f"about {duration(plan.seconds)}"
    return f"To be read: {plan.files} files{pages}; {took}."


def proof_text(proof: Proof) -> str:
    """That index and corpus agree, or in what they differ."""
    if not proof.differences:
        return (
            f"Index and corpus agree: generation {proof.generation}, {proof.documents} documents, {proof.files} files; "
            "every checksum and count is right."
        )
    count = len(proof.differences)
    head = f"{count} difference{'s' * (count != 1)} in generation {proof.generation}:"
    return clean("\n".join([head, *proof.differences, "Bring the index up to date with: assistant index"]))


def removed_text(moved: Mapping[str, Path], corpus: Path) -> str:
    """Where the PDFs went, and how they come back."""
    lines = [f"Moved {name} to {path}" for name, path in moved.items()]
    back = f"To bring one back, move it into {corpus} again and type: assistant index"
    kept = "What the index held of it goes with the next runs; at once with: assistant index --purge"
    return clean("\n".join([*lines, back, kept]))


def backup_text(done: Backup) -> str:
    """What was copied, and how to use it."""
    staff = "with" if done.staff else "without"
    pdfs = f"{done.pdfs} PDFs" if done.pdfs else "no PDFs"
    corpus = f" --corpus {done.folder}/corpus" if done.pdfs else ""
    held = f"generation {done.generation}, {done.documents} documents, {pdfs}, {staff} staff data"
    return clean(
        f"The copy in {done.folder} was opened and checked: {held}.\n"
        f"Use it with: assistant serve --index {done.folder}/index{corpus}"
    )


def _few(what: str, names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{len(names)} {what} ({', '.join(names[:most])}{more})" if names else ""
