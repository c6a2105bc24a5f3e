"""Teach the packaged model to find passages of evaluations by questions about them.

    python scripts/train_adapter.py

Trains on the synthetic passages and questions of training/ and writes assistant/indexing/adapter.npz, the mean of three
RUNS (Wortsman and others 2022, Model soups); some forty minutes on two cores. Every question is to score its own
passage above the other passages of the step, those of the same document among them, by late interaction (as a whole
passage and by its best sentence) and by its best sentence's vector, which is how retrieval/hybrid.py scores; in the
last run, questions that nothing answers are to score less than those that something does. To be run again only when
the packaged model or training/ changes: a new adapter is a new fingerprint, and every index is then built anew.
Another machine's run differs a little.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from assistant.indexing import adapter, encoder, inference, model_files
from assistant.indexing.adapter import Adapter
from assistant.indexing.arrays import Floats
from assistant.indexing.projection import Projection
from assistant.understanding import sentences

TEXTS = Path(__file__).parents[1] / "training"
WEIGHTS = "model.safetensors"
RANK = 8
STRENGTH = 2.0
"""What the product of the two thin matrices is multiplied with while training (alpha / rank in the LoRA paper)."""
LAYER_RATE, PROJECTION_RATE, EVIDENCE_RATE = 1e-3, 5e-4, 1e-2
WARM_UP = 8  # steps
TEMPERATURE = 0.05
BY_VECTOR = 0.5
"""Weight of the sentences' vectors in the loss, beside late interaction."""
STEEPNESS, LEAST = 15.0, 1.3
"""At the start, of the line between them: sigmoid(STEEPNESS x (late interaction - LEAST))."""
LONGEST = 256  # word pieces
LINEAR = {"query", "key", "value", "dense"}
AT_ONCE = 4  # documents in a step, of eight passages each
HELD = "works"  # the file that nothing is trained on


@dataclass(frozen=True, slots=True)
class Run:
    """One training from the packaged model on."""

    epochs: int
    by_evidence: float = 0.0
    """Weight in the loss of telling questions that are answered from those that are not, by late interaction."""
    dropout: bool = False
    """Whether the model's own dropout is at work."""
    files: tuple[str, ...] = ()
    """Of training/, without their ending; all but HELD if there are none."""


RUNS = (
    Run(epochs=3, dropout=True, files=("health", "labour", "rural", "school", "state")),
    Run(epochs=2),
    Run(epochs=3, by_evidence=0.3),
)

Weight = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Example:
    """A synthetic passage, the questions that it answers, and questions near it that its document does not answer."""

    document: str
    passage: str
    questions: tuple[str, ...]
    unanswered: tuple[str, ...]
    premised: tuple[tuple[str, str], ...] = ()
    """Pairs of a question that it answers and the same with something taken for granted that is not so."""


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A text as the model sees it."""

    pieces: Any
    """The tokenizer's encoding."""
    own: Tensor
    """(pieces,) whether each is of the text and not one of the model's marks."""
    states: Tensor
    """(pieces, dimensions) of the last layer."""
    small: Tensor
    """(own pieces, TOKEN_DIMENSIONS) unit length."""


class LowRank(torch.nn.Module):
    """A linear layer that stays as it is, and the product of two thin matrices that is trained beside it."""

    def __init__(self, linear: torch.nn.Linear, start: tuple[Floats, Floats] | None) -> None:
        super().__init__()
        self.linear = linear
        if start is None:
            down = torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features)
            up = torch.zeros(linear.out_features, RANK)
        else:
            up, down = torch.from_numpy(start[0]) / STRENGTH, torch.from_numpy(start[1])
        self.down, self.up = torch.nn.Parameter(down), torch.nn.Parameter(up)

    def forward(self, states: Tensor) -> Tensor:
        added: Tensor = self.linear(states) + STRENGTH * (states @ self.down.T) @ self.up.T
        return added


class Student(torch.nn.Module):
    """The packaged model with low-rank changes, or start's, and the projection of its word pieces."""

    def __init__(self, start: Adapter | None = None) -> None:
        super().__init__()
        folder = model_files.model_folder("")
        self.tokenizer = inference.load_tokenizer(folder)
        self.tokenizer.enable_truncation(LONGEST)
        self.model = inference.torch_model(folder).requires_grad_(False)
        projection = start.projection if start else inference.fitted(self.model, folder)
        self.means = torch.from_numpy(projection.means)
        self.matrix = torch.nn.Parameter(torch.from_numpy(projection.matrix))
        self.changes = self._changes(start.changes if start else {})
        self.evidence = torch.nn.Parameter(torch.tensor([STEEPNESS, LEAST]))

    def _changes(self, start: Mapping[str, tuple[Floats, Floats]]) -> dict[str, LowRank]:
        linear = [
            (name, layer)
            for name, layer in self.model.encoder.named_modules()
            if isinstance(layer, torch.nn.Linear) and name.split(".")[-1] in LINEAR
        ]
        changes = {}
        for name, layer in linear:
            above, _, own = name.rpartition(".")
            changes[f"encoder.{name}"] = LowRank(layer, start.get(f"encoder.{name}"))
            setattr(self.model.encoder.get_submodule(above), own, changes[f"encoder.{name}"])
        return changes

    def forward(self, texts: Sequence[str]) -> list[Read]:
        pieces = self.tokenizer.encode_batch(list(texts))
        longest = max(len(each.ids) for each in pieces)
        ids = torch.tensor([each.ids + [0] * (longest - len(each.ids)) for each in pieces])
        mask = torch.tensor([[1] * len(each.ids) + [0] * (longest - len(each.ids)) for each in pieces])
        states = inference.two_layers(self.model, ids, mask)
        beside = functional.normalize(states - self.means, dim=-1).flatten(2)
        small = functional.normalize(beside @ self.matrix, dim=-1)
        own = [torch.tensor(each.special_tokens_mask) == 0 for each in pieces]
        return [
            Read(each, keep, states[n, : len(keep), 0], small[n, : len(keep)][keep])
            for n, (each, keep) in enumerate(zip(pieces, own, strict=True))
        ]

    def adapter(self) -> Adapter:
        changes = {
            name: ((STRENGTH * layer.up).detach().numpy(), layer.down.detach().numpy())
            for name, layer in self.changes.items()
        }
        return Adapter(Projection(self.means.numpy(), self.matrix.detach().numpy()), changes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=adapter.ADAPTER)
    options = parser.parse_args()
    mean([taught(run) for run in RUNS]).save(options.out, model_files.hashes(model_files.model_folder(""))[WEIGHTS])
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


def taught(run: Run) -> Adapter:
    torch.manual_seed(0)
    names = run.files or sorted(file.stem for file in TEXTS.glob("*.jsonl") if file.stem != HELD)
    documents, held = [each for name in names for each in read(name)], read(HELD)
    if not run.by_evidence:
        documents = [[replace(each, unanswered=()) for each in document] for document in documents]
    student = Student()
    weight = weighing(student, documents)
    print(f"{len(documents)} documents, before: {measured(student, held, weight)}", flush=True)
    train(student, documents, weight, run)
    print(f"after: {measured(student, held, weight)}", flush=True)
    return student.adapter()


def mean(adapters: Sequence[Adapter]) -> Adapter:
    """The mean of what they change: their thin matrices side by side."""
    share = np.float32(1 / len(adapters))
    changes = {
        name: (
            np.concatenate([share * each.changes[name][0] for each in adapters], axis=1),
            np.concatenate([each.changes[name][1] for each in adapters]),
        )
        for name in adapters[0].changes
    }
    matrix: Floats = np.mean([each.projection.matrix for each in adapters], axis=0, dtype=np.float32)
    return Adapter(Projection(adapters[0].projection.means, matrix), changes)


def read(name: str) -> list[list[Example]]:
    """The examples of a file of training/, those of one document together."""
    documents: dict[str, list[Example]] = {}
    for line in (TEXTS / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        pairs = tuple((true, false) for true, false in row["premised"])
        example = Example(row["document"], row["passage"], tuple(row["questions"]), tuple(row["unanswered"]), pairs)
        documents.setdefault(example.document, []).append(example)
    return list(documents.values())


def weighing(student: Student, documents: Sequence[Sequence[Example]]) -> Weight:
    """The weight of a word piece: the square root of its inverse document frequency, as retrieval weighs it."""
    texts = [example.passage for document in documents for example in document]
    having = Counter(piece for text in texts for piece in set(student.tokenizer.encode(text).ids))
    return lambda piece: math.sqrt(math.log(1 + (len(texts) - having[piece] + 0.5) / (having[piece] + 0.5)))


def train(student: Student, documents: list[list[Example]], weight: Weight, run: Run) -> None:
    order = random.Random(0)
    layers = [half for layer in student.changes.values() for half in (layer.up, layer.down)]
    groups = [
        {"params": layers, "lr": LAYER_RATE},
        {"params": [student.matrix], "lr": PROJECTION_RATE},
        {"params": [student.evidence], "lr": EVIDENCE_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps, step, begun = run.epochs * math.ceil(len(documents) / AT_ONCE), 0, time.monotonic()
    rates = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: min((n + 1) / WARM_UP, 1) * (1 - 0.9 * n / steps))
    student.train(run.dropout)
    for _ in range(run.epochs):
        order.shuffle(documents)
        for start in range(0, len(documents), AT_ONCE):
            late, by_vector, own = scores(student, documents[start : start + AT_ONCE], weight)
            answered = own >= 0
            loss = functional.cross_entropy(late[answered] / TEMPERATURE, own[answered])
            loss = loss + BY_VECTOR * functional.cross_entropy(by_vector[answered] / TEMPERATURE, own[answered])
            loss = loss + run.by_evidence * functional.binary_cross_entropy_with_logits(
                student.evidence[0] * (support(late, own) - student.evidence[1]), answered.float()
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_([*layers, student.matrix], 1.0)
            optimiser.step()
            rates.step()
            step += 1
            print(f"{step} of {steps}: loss {loss.item():.3f}, {time.monotonic() - begun:.0f} s", flush=True)
    student.eval()


def scores(student: Student, documents: Sequence[Sequence[Example]], weight: Weight) -> tuple[Tensor, Tensor, Tensor]:
    """Every question of the documents with every passage of them, and which passage is its own.

    (questions, passages) late interaction, with the whole passage and with its best sentence added up; (questions,
    passages) the best sentence's cosine; (questions,), -1 for questions that none answers.
    """
    examples = [example for document in documents for example in document]
    titles = student([document[0].document for document in documents])
    above = [titles[n].small for n, document in enumerate(documents) for _ in document]
    asked = student([question for each in examples for question in (*each.questions, *each.unanswered)])
    cosines = functional.normalize(torch.stack([each.states.mean(0) for each in asked]), dim=-1)
    pieces = torch.cat([each.small for each in asked])
    question = torch.tensor([n for n, each in enumerate(asked) for _ in each.small])
    weights = torch.cat([_shares(each, weight) for each in asked])[:, None]
    late, by_vector = [], []
    for example, read_as, title in zip(examples, student([each.passage for each in examples]), above, strict=True):
        means, groups = _by_sentence(read_as, example.passage)
        similar, nearest = pieces @ read_as.small.T, (pieces @ title.T).amax(1)
        best = torch.stack([torch.maximum(similar[:, group].amax(1), nearest) for group in groups], 1)
        added = torch.zeros(len(asked), len(groups)).index_add(0, question, weights * best)
        whole = torch.zeros(len(asked), 1).index_add(0, question, weights * best.amax(1, keepdim=True))
        late.append(added.amax(1) + whole[:, 0])
        by_vector.append((cosines @ functional.normalize(means, dim=-1).T).amax(1))
    own = torch.tensor(
        [place for n, each in enumerate(examples) for place in [n] * len(each.questions) + [-1] * len(each.unanswered)]
    )
    return torch.stack(late, 1), torch.stack(by_vector, 1), own


def support(late: Tensor, own: Tensor) -> Tensor:
    """(questions,) the late interaction of a question's own passage, or of the best where none is its own."""
    return torch.where(own >= 0, late.gather(1, own.clamp(min=0)[:, None])[:, 0], late.amax(1))


def measured(student: Student, documents: list[list[Example]], weight: Weight) -> str:
    """How early each question has its passage among those of all these documents."""
    with torch.inference_mode():
        late, by_vector, own = scores(student, documents, weight)
    total = (3 * late + by_vector)[own >= 0]  # the weights of retrieval/hybrid.py
    ranks = (total >= total.gather(1, own[own >= 0][:, None])).sum(1)
    first, early = (ranks == 1).float().mean(), (ranks <= 5).float().mean()
    best = late.amax(1)
    above = (best[own >= 0][:, None] > best[own < 0]).float().mean()
    told = f"MRR {(1 / ranks).mean():.3f}, first {first:.3f}, hit@5 {early:.3f}"
    return f"{told}; an answered question above an unanswered one {above:.3f}"


def _by_sentence(read_as: Read, passage: str) -> tuple[Tensor, list[Tensor]]:
    """(sentences, dimensions) means of the last states, and which of the small vectors are each sentence's."""
    starts = [start for start, _ in read_as.pieces.offsets]
    places = torch.from_numpy(encoder.sentence_places(starts, sentences.split(passage)))[read_as.own]
    groups = [places == number for number in sorted(set(places.tolist()))]
    states = read_as.states[read_as.own]
    return torch.stack([states[group].mean(0) for group in groups]), groups


def _shares(read_as: Read, weight: Weight) -> Tensor:
    ids = torch.tensor(read_as.pieces.ids)[read_as.own]
    weights = torch.tensor([weight(piece) for piece in ids.tolist()])
    return weights / weights.sum()


if __name__ == "__main__":
    main()
