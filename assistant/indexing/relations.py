"""What binds the documents of a generation: families, findings printed more than once, near copies, corrections.

index/generations/N.relations.json. It names documents by their keys, so a file that is renamed changes nothing in it.
When documents come and go only their own families are looked at again; all others stay as they were.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.indexing.segment_reader import SegmentReader
from assistant.records import Correction, Document, Finding, Kind, PageWarning, Place
from assistant.understanding.corrections import corrected
from assistant.understanding.families import CROWD, SHARED_FINDINGS, families, fullest, groups, tied
from assistant.understanding.likeness import alike


@dataclass(frozen=True, slots=True)
class Relation:
    """What becomes of one finding of a record: its group and other places, and what staff said of it instead."""

    group: str = ""
    """The least id of the findings that say the same; '' where none other does."""
    also_in: tuple[tuple[str, int], ...] = ()
    """(key, page)"""
    kind: str = ""
    addressee: str = ""
    title: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Relations:
    """All relations of one generation, documents by key and findings by id."""

    covered: tuple[str, ...] = ()
    """The documents that were looked at."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Documents that report on one evaluation."""
    fullest: dict[str, str] = field(default_factory=dict)
    """Of each document of a family of several the one that the family is named after."""
    findings: dict[str, Relation] = field(default_factory=dict)
    near: tuple[tuple[str, str, float], ...] = ()
    """Two documents that are nearly the same, and what share of their runs of words both have."""
    corrections: dict[str, str] = field(default_factory=dict)
    """Of each corrected document a hash of its corrections."""
    unused: tuple[tuple[str, str], ...] = ()
    """(key, first words) of corrections that fit no finding."""

    @classmethod
    def load(cls, file: Path) -> Relations:
        """Raises OSError, ValueError, KeyError or TypeError for what is no such file."""
        saved: dict[str, Any] = json.loads(file.read_text("utf-8"))
        found = {
            id_: Relation(**{**each, "also_in": _pairs(each["also_in"])}) for id_, each in saved["findings"].items()
        }
        lists = {name: _pairs(saved[name]) for name in ("pairs", "near", "unused")}
        return cls(**{**saved, **lists, "covered": tuple(saved["covered"]), "findings": found})

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")

    def applied(self, finding: Finding, key: str, documents: Mapping[str, Document]) -> Finding | None:
        """A finding of the document of that key as the library has it; None where staff say that it is none.

        documents are those that may be seen, by key; places in others are left out.
        """
        own = documents[key]
        id_ = finding_id(key, finding)
        relation = self.findings.get(id_, Relation())
        if relation.dropped:
            return None
        namesake = documents.get(self.fullest.get(key, key), own)
        places = (Place(documents[other].name, page) for other, page in relation.also_in if other in documents)
        return replace(
            finding,
            id=id_,
            document=own.name,
            kind=Kind(relation.kind) if relation.kind else finding.kind,
            addressee=relation.addressee or finding.addressee,
            title=relation.title or finding.title,
            family=namesake.title,
            group=relation.group or id_,
            also_in=tuple(sorted(places, key=lambda place: (place.document, place.page))),
        )


def finding_id(key: str, finding: Finding) -> str:
    """The id in the library of a finding that the record has under a number."""
    return f"{key[:12]}-f{finding.id}"


def near_copies(relations: Relations, names: Mapping[str, str]) -> Iterator[PageWarning]:
    """A warning for each two documents that are nearly the same; names are of those that may be seen, by key."""
    for one, other, share in relations.near:
        if one in names and other in names:
            first, second = sorted((names[one], names[other]))
            reason = f"nearly the same text as {first} ({share:.0%} alike): another scan or version of it?"
            yield PageWarning(second, 0, reason)


def related(
    readers: Sequence[SegmentReader],
    documents: Sequence[Document],
    corrections: Sequence[Correction],
    before: Relations,
) -> Relations:
    """The relations of these documents, in their order; readers hold all of them, before is what the last run found."""
    live = {document.key: document for document in documents}
    fresh = live.keys() - set(before.covered)
    kin = {key: each for reader in readers for key, each in reader.kin().items() if key in live}
    pairs = {pair for pair in before.pairs if set(pair) <= live.keys()}
    settled = [kin[key] for key in live if key not in fresh]
    pairs.update(tied([kin[key] for key in live if key in fresh], settled, _shared(readers, fresh, live.keys())))
    found = Relations(
        covered=tuple(sorted(live)),
        pairs=tuple(sorted(pairs)),
        near=_near(readers, fresh, live.keys(), before.near),
        corrections=_hashes(corrections, documents),
    )
    unused: list[tuple[str, str]] = []
    earlier = _Earlier(before)
    for family in families([kin[key] for key in live], found.pairs):
        keys = tuple(each.key for each in family)
        if len(keys) > 1:
            found.fullest.update(dict.fromkeys(keys, fullest(family).key))
        if fresh.isdisjoint(keys) and earlier.knew(keys, found.corrections):
            found.findings.update(earlier.findings(keys))
            unused += [each for each in before.unused if each[0] in keys]
        else:
            unused += _relate([live[key] for key in keys], readers, corrections, found.findings)
    return replace(found, unused=tuple(sorted(unused)))


class _Earlier:
    """What the run before found, by family."""

    def __init__(self, before: Relations) -> None:
        self._before = before
        self._families: dict[str, set[str]] = defaultdict(set)
        for key, head in before.fullest.items():
            self._families[head].add(key)
        self._findings: dict[str, dict[str, Relation]] = defaultdict(dict)
        for id_, each in before.findings.items():
            self._findings[id_.partition("-")[0]][id_] = each

    def knew(self, keys: Sequence[str], corrections: Mapping[str, str]) -> bool:
        """These very documents were a family, with these corrections."""
        family = self._families.get(self._before.fullest.get(keys[0], ""), {keys[0]})
        same = (corrections.get(key) == self._before.corrections.get(key) for key in keys)
        return family == set(keys) and all(same)

    def findings(self, keys: Iterable[str]) -> dict[str, Relation]:
        """The relations of these documents' findings, by id."""
        return {id_: each for key in keys for id_, each in self._findings.get(key[:12], {}).items()}


def _relate(
    family: Sequence[Document],
    readers: Sequence[SegmentReader],
    corrections: Sequence[Correction],
    found: dict[str, Relation],
) -> list[tuple[str, str]]:
    """Add what binds the findings of a family to found; returns the corrections that fit none of them."""
    printed = [each for document in family for each in _findings(document, readers)]
    keys = {document.name: document.key for document in family}
    called = {name: document.name for document in family for name in (document.name, *document.copies)}
    said = [replace(each, document=called[each.document]) for each in corrections if each.document in called]
    kept, unused = corrected(printed, said) if said else (printed, [])
    found.update((each.id, Relation(dropped=True)) for each in printed if said)
    changed = {id(each) for each in kept} - {id(each) for each in printed}
    for group in groups(kept):
        name = min(each.id for each in group)  # the same whatever the files are called
        for each in group:
            others = dict.fromkeys((keys[o.document], o.page) for o in group if o is not each)
            others.pop((keys[each.document], each.page), None)
            relation = Relation(name if len(group) > 1 else "", tuple(others))
            if id(each) in changed:
                relation = replace(relation, kind=str(each.kind), addressee=each.addressee, title=each.title)
            found[each.id] = relation
            if relation == Relation():
                del found[each.id]
    return [(keys[each.document], each.first_words) for each in unused]


def _findings(document: Document, readers: Sequence[SegmentReader]) -> Iterator[Finding]:
    for reader in readers:
        if document.key in reader.numbers:
            for _, each in reader.findings([reader.numbers[document.key]]):
                yield replace(each, id=finding_id(document.key, each), document=document.name)
            return


def _shared(readers: Sequence[SegmentReader], fresh: Collection[str], live: Collection[str]) -> list[tuple[str, str]]:
    """Documents, one of them fresh, of which several findings have a run of words in common."""
    mine: dict[tuple[str, str], set[int]] = defaultdict(set)
    theirs: dict[tuple[str, str], set[int]] = defaultdict(set)
    for reader in readers:
        runs = reader.runs([number for key, number in reader.numbers.items() if key in fresh])
        holders: dict[int, set[tuple[str, int]]] = defaultdict(set)
        for other in readers:
            for value, document, finding in other.holders(list(runs)):
                if other.keys[document] in live:
                    holders[value].add((other.keys[document], finding))
        for value, own in runs.items():
            if len({key for key, _ in holders[value]}) > CROWD:
                continue
            for (document, finding), (key, other_finding) in itertools.product(own, holders[value]):
                if key != reader.keys[document]:
                    mine[reader.keys[document], key].add(finding)
                    theirs[reader.keys[document], key].add(other_finding)
    return [pair for pair in mine if min(len(mine[pair]), len(theirs[pair])) >= SHARED_FINDINGS]


def _near(
    readers: Sequence[SegmentReader],
    fresh: Collection[str],
    live: Collection[str],
    before: Sequence[tuple[str, str, float]],
) -> tuple[tuple[str, str, float], ...]:
    kept = {(one, other, share) for one, other, share in before if one in live and other in live}
    if fresh:
        sketches = {key: each for reader in readers for key, each in reader.sketches().items() if key in live}
        kept.update((a, b, round(share, 2)) for a, b, share in alike(sketches, frozenset(fresh)))
    return tuple(sorted(kept))


def _hashes(corrections: Sequence[Correction], documents: Sequence[Document]) -> dict[str, str]:
    """Of each document that is corrected a hash of its corrections."""
    said: dict[str, list[Correction]] = defaultdict(list)
    for each in corrections:
        said[each.document].append(replace(each, document=""))
    return {
        document.key: hashlib.sha256(repr([said[name] for name in names]).encode()).hexdigest()
        for document in documents
        if (names := [name for name in (document.name, *document.copies) if name in said])
    }


def _pairs(rows: Iterable[Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in rows)
