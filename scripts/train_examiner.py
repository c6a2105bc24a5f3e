"""Teach the packaged model to tell what a passage answers from what it only comes near to.

    python scripts/train_examiner.py

Trains on the synthetic passages and questions of training/ and writes assistant/indexing/examiner.npz; some ten minutes
on two cores. Only how questions are read is trained, going on from assistant/indexing/adapter.npz, which passages are
embedded with. Questions that a passage answers are to have high odds with it, those that nothing of its document
answers low ones with all its passages; of two questions that differ in what they take for granted the true one is to
have the higher odds. To be run again whenever the adapter is trained anew; no index is built anew for it. Another
machine's run differs a little.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from train_adapter import HELD, TEXTS, Example, Read, Student, read, weighing

from assistant.indexing import adapter, encoder, examiner
from assistant.indexing.adapter import Adapter
from assistant.indexing.examiner import HEAVIEST, LONGEST, SHARPNESS, STATES, WIDEST, Head, Taught
from assistant.understanding import sentences

EPOCHS = 3
LAYER_RATE, PROJECTION_RATE, HEAD_RATE = 1e-3, 5e-4, 1e-2
WARM_UP, LAST = 10, 0.05  # steps, and what is left of the rates at the end
AT_ONCE = 4  # documents in a step, of eight passages each
ENCODED_AT_ONCE = 64  # texts
BY_PAIRS = 0.5
"""Weight in the loss of the order of questions of one passage, beside each question's own odds."""
BY_PREMISE = 0.25
"""Weight in the loss of the order of the two questions of a pair; half of it has the odds of each."""
ELSEWHERE = 0.3
"""Share of the answered questions that are shown with other documents in a step, as unanswered."""
TERMS = (4.0, 6.0, 6.0, 2.0)


class Weighing(torch.nn.Module):
    """assistant.indexing.examiner.Head, to be trained."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.weights = torch.nn.Parameter(torch.zeros(dimensions + 1))
        self.bias = torch.nn.Parameter(torch.zeros(()))
        self.terms = torch.nn.Parameter(torch.tensor(TERMS))

    def forward(self, asked: Asked, whole: Tensor, best: Tensor) -> Tensor:
        """(questions, passages) logarithms of odds from twice (pieces, passages) of cosines."""
        known = torch.cat([STATES * functional.normalize(asked.states, dim=-1), asked.rarity[:, None]], dim=1)
        weights = torch.exp((known @ self.weights + self.bias).clamp(-WIDEST, WIDEST)) * asked.rarity
        weights = weights / asked.added(weights)[asked.places]
        size = asked.added(torch.ones_like(weights))
        relative = (weights * size[asked.places]).clamp(max=HEAVIEST)
        lacking = 1 - whole
        worst = torch.log(asked.added(torch.exp(SHARPNESS * lacking * relative[:, None])) / size[:, None]) / SHARPNESS
        start, overall, in_one, for_worst = self.terms
        overall = overall * asked.added(weights[:, None] * lacking)
        odds: Tensor = start - overall - in_one * asked.added(weights[:, None] * (1 - best)) - for_worst * worst
        return odds

    def head(self) -> Head:
        weights, bias, terms = (each.detach().numpy() for each in (self.weights, self.bias, self.terms))
        return Head(weights.astype(np.float32), float(bias), terms.astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The word pieces of several questions, one after the other."""

    states: Tensor
    small: Tensor
    rarity: Tensor
    places: Tensor
    """(pieces,) which question each is of."""
    count: int

    def added(self, values: Tensor) -> Tensor:
        """(questions, …) sums over the pieces of each."""
        return torch.zeros(self.count, *values.shape[1:]).index_add(0, self.places, values)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A passage's vectors."""

    small: Tensor
    sentences: Tensor
    """(pieces,) of which sentence each is, from 0 without gaps."""
    title: Tensor
    """The vectors of the title that it stands under."""


class Teaching:
    """The model being taught, and the texts it is taught with."""

    def __init__(
        self, start: Adapter, documents: Sequence[Sequence[Example]], held: Sequence[Sequence[Example]]
    ) -> None:
        self.documents, self.held = documents, held
        self.student, self.goes_with = Student(start), start.fingerprint()
        self.student.tokenizer.enable_truncation(LONGEST)
        weight = weighing(self.student, documents)
        self.rarity = torch.tensor([weight(piece) for piece in range(self.student.tokenizer.get_vocab_size())])
        self.weighing = Weighing(self.student.model.config.hidden_size)
        self.kept = {document[0].document: self._embedded(document) for document in (*documents, *held)}

    @torch.no_grad()
    def _embedded(self, document: Sequence[Example]) -> list[Kept]:
        """The passages of a document below its title, much as an index holds them."""
        title, *passages = self._encoded([document[0].document, *(example.passage for example in document)])
        found = []
        for read_as, example in zip(passages, document, strict=True):
            starts = [start for start, _ in read_as.pieces.offsets]
            places = encoder.sentence_places(starts, sentences.split(example.passage))[read_as.own.numpy()]
            found.append(Kept(read_as.small, torch.from_numpy(np.unique(places, return_inverse=True)[1]), title.small))
        return found

    def train(self, epochs: int) -> None:
        order, drawn = random.Random(0), torch.Generator().manual_seed(0)
        layers = [half for layer in self.student.changes.values() for half in (layer.up, layer.down)]
        groups = [
            {"params": layers, "lr": LAYER_RATE},
            {"params": [self.student.matrix], "lr": PROJECTION_RATE},
            {"params": list(self.weighing.parameters()), "lr": HEAD_RATE},
        ]
        optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
        documents = list(self.documents)
        steps, step, begun = epochs * math.ceil(len(documents) / AT_ONCE), 0, time.monotonic()
        rates = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda n: min((n + 1) / WARM_UP, 1) * (1 - (1 - LAST) * n / steps)
        )
        for _ in range(epochs):
            order.shuffle(documents)
            for first in range(0, len(documents), AT_ONCE):
                self.student.train()  # with the model's own dropout
                loss = self._loss(documents[first : first + AT_ONCE], drawn)
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                torch.nn.utils.clip_grad_norm_([*layers, self.student.matrix], 1.0)
                optimiser.step()
                rates.step()
                step += 1
                print(f"{step} of {steps}: loss {loss.item():.3f}, {time.monotonic() - begun:.0f} s", flush=True)
            self.student.eval()
            print(self.measured(), flush=True)

    def _loss(self, documents: Sequence[Sequence[Example]], drawn: torch.Generator) -> Tensor:
        examples = [(n, example) for n, document in enumerate(documents) for example in document]
        questions = [(k, text, True) for k, (_, each) in enumerate(examples) for text in each.questions]
        questions += [(k, text, False) for k, (_, each) in enumerate(examples) for text in each.unanswered]
        plain = len(questions)
        for n, holds in enumerate((True, False)):
            questions += [(k, pair[n], holds) for k, (_, each) in enumerate(examples) for pair in each.premised]
        odds = self.log_odds(documents, [text for _, text, _ in questions])
        own = torch.tensor([k for k, *_ in questions])
        answered = torch.tensor([each for *_, each in questions])
        document = torch.tensor([n for n, _ in examples])
        same = document[own][:, None] == document[None]
        nearest = odds.masked_fill(~same, -torch.inf).amax(1)
        odds_of = torch.where(answered, odds.gather(1, own[:, None])[:, 0], nearest)
        elsewhere = odds[:0, 0]
        if len(documents) > 1:
            shown = answered & (torch.rand(len(questions), generator=drawn) < ELSEWHERE)
            elsewhere = odds.masked_fill(same, -torch.inf).amax(1)[shown]
        told = torch.cat([answered.float(), torch.zeros(len(elsewhere))])
        weights = torch.ones(len(told))
        weights[plain : len(questions)] = BY_PREMISE / 2
        loss = functional.binary_cross_entropy_with_logits(torch.cat([odds_of, elsewhere]), told, weights)
        first, (true, false) = odds_of[:plain], odds_of[plain:].chunk(2)
        ordered = (own[:plain, None] == own[None, :plain]) & answered[:plain, None] & ~answered[None, :plain]
        loss = loss + BY_PAIRS * functional.softplus(first[None] - first[:, None])[ordered].mean()
        return loss + BY_PREMISE * functional.softplus(false - true).mean()

    def log_odds(self, documents: Sequence[Sequence[Example]], questions: Sequence[str]) -> Tensor:
        """(questions, passages of all the documents) logarithms of the odds that each answers."""
        asked = self._asked(self._encoded(questions))
        met = [self._met(asked, passage) for document in documents for passage in self.kept[document[0].document]]
        whole, best = (torch.stack(each, dim=1) for each in zip(*met, strict=True))
        found: Tensor = self.weighing(asked, whole, best)
        return found

    def _encoded(self, texts: Sequence[str]) -> list[Read]:
        found: dict[int, Read] = {}
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        for start in range(0, len(order), ENCODED_AT_ONCE):
            numbers = order[start : start + ENCODED_AT_ONCE]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                read = self.student([texts[n] for n in numbers])
            for n, each in zip(numbers, read, strict=True):
                found[n] = Read(each.pieces, each.own, each.states.float(), each.small.float())
        return [found[n] for n in range(len(texts))]

    def _asked(self, questions: Sequence[Read]) -> Asked:
        ids = torch.cat([torch.tensor(each.pieces.ids)[each.own] for each in questions])
        return Asked(
            states=torch.cat([each.states[each.own] for each in questions]),
            small=torch.cat([each.small for each in questions]),
            rarity=self.rarity[ids],
            places=torch.tensor([n for n, each in enumerate(questions) for _ in each.small]),
            count=len(questions),
        )

    def _met(self, asked: Asked, passage: Kept) -> tuple[Tensor, Tensor]:
        """Twice (pieces,): how well each piece is met by the passage, and by its best sentence, or the title."""
        similar = asked.small @ passage.small.T
        each = torch.full((len(similar), int(passage.sentences.max()) + 1), -1.0)
        each = each.scatter_reduce(1, passage.sentences.expand(len(similar), -1), similar, "amax")
        each = torch.maximum(each, (asked.small @ passage.title.T).amax(1, keepdim=True))
        best = asked.added(asked.rarity[:, None] * each).argmax(1)
        return each.amax(1), each.gather(1, best[asked.places][:, None])[:, 0]

    @torch.inference_mode()
    def measured(self) -> str:
        """How often an answered question has higher odds than another, and a true premise than its false one."""
        answered, unanswered, true, false = [], [], [], []
        for document in self.held:
            texts = [q for each in document for q in each.questions]
            near = [q for each in document for q in each.unanswered]
            pairs = [pair for each in document for pair in each.premised]
            asked = [*texts, *near, *(good for good, _ in pairs), *(bad for _, bad in pairs)]
            odds = self.log_odds([document], asked).amax(1).tolist()
            answered += odds[: len(texts)]
            unanswered += odds[len(texts) : len(texts) + len(near)]
            true += odds[len(texts) + len(near) : len(odds) - len(pairs)]
            false += odds[len(odds) - len(pairs) :]
        above = np.mean(np.array(answered)[:, None] > np.array(unanswered))
        least = np.quantile(answered, 0.02)
        told = f"answered above unanswered {above:.3f}, below 2 % of the answered {np.mean(unanswered < least):.3f}"
        right = np.mean(np.array(true) > np.array(false))
        return f"{told}; true above false premise {right:.3f}, false ones below the 2 % {np.mean(false < least):.3f}"

    def taught(self) -> Taught:
        rarity = self.rarity.numpy()
        return Taught(self.student.adapter(), rarity, self.weighing.head(), self.goes_with)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=examiner.TAUGHT)
    options = parser.parse_args()
    torch.manual_seed(0)
    documents = [
        each for name in sorted(file.stem for file in TEXTS.glob("*.jsonl")) if name != HELD for each in read(name)
    ]
    teaching = Teaching(Adapter.read(adapter.ADAPTER), documents, read(HELD))
    print(f"{len(documents)} documents, before: {teaching.measured()}", flush=True)
    teaching.train(EPOCHS)
    teaching.taught().save(options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
