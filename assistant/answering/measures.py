"""How complete and how right the register is, measured against findings that a person has labelled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.answering.aliases import plain
from assistant.records import Finding, Kind
from assistant.understanding.proof import letters

Label = Mapping[str, Any]
"""document, page, kind, number, addressee and the first words of a finding; criterion and value of a rating."""


def findings_figures(labels: Iterable[Label], found: Iterable[Finding]) -> dict[str, Any]:
    """Recall and precision by kind, the share of addressees and numbers that are right, and what is missed or extra.

    A finding is found when one of its document, page and kind begins with the label's words; for a rating criterion
    and value must be the label's, too. Precision counts the findings of a document only for the kinds that are labelled
    there.
    """
    wanted = list(labels)
    covered = {(label["document"], label["kind"]) for label in wanted}
    made = [each for each in found if (each.document, str(each.kind)) in covered]
    pairs, missed = _paired(wanted, made)
    used = {id(each) for _, each in pairs}
    extra = [each for each in made if id(each) not in used]
    named = [(label, each) for label, each in pairs if each.kind is Kind.RECOMMENDATION]
    return {
        "labelled": len(wanted),
        "recall": _share(len(pairs), len(wanted)),
        "precision": _share(len(pairs), len(made)),
        "recall_by_kind": _by_kind((label["kind"] for label, _ in pairs), (label["kind"] for label in wanted)),
        "precision_by_kind": _by_kind((str(each.kind) for _, each in pairs), (str(each.kind) for each in made)),
        "addressees": _share(
            sum(plain(label["addressee"]) == plain(each.addressee) for label, each in named), len(named)
        ),
        "numbers": _share(sum(label["number"] == each.number for label, each in pairs), len(pairs)),
        "missed": [f"{label['document']} p. {label['page']}: {label['words']}" for label in missed],
        "extra": [f"{each.document} p. {each.page}: {' '.join(each.text.split()[:8])}" for each in extra],
    }


def _paired(labels: Sequence[Label], found: Sequence[Finding]) -> tuple[list[tuple[Label, Finding]], list[Label]]:
    """Each label with a finding of its own, and the labels for which there is none."""
    places: dict[tuple[str, int, str], list[Finding]] = defaultdict(list)
    for each in found:
        places[each.document, each.page, str(each.kind)].append(each)
    pairs, missed = [], []
    for label in labels:
        there = places[label["document"], label["page"], label["kind"]]
        match = next((each for each in there if _fits(label, each)), None)
        if match is None:
            missed.append(label)
        else:
            there.remove(match)
            pairs.append((label, match))
    return pairs, missed


def _fits(label: Label, each: Finding) -> bool:
    if not letters(each.text).startswith(letters(label["words"])):
        return False
    return all(plain(label[name]) == plain(getattr(each, name)) for name in ("criterion", "value") if name in label)


def _by_kind(right: Iterable[str], every: Iterable[str]) -> dict[str, float | None]:
    counts = Counter(right)
    return {kind: _share(counts[kind], total) for kind, total in sorted(Counter(every).items())}


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
