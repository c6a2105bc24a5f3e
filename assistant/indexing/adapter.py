"""What the packaged model was taught about evaluations: small changes of its weights, and a projection to go with them.

Low-rank adaptation (Hu and others 2021, LoRA): of a weight matrix, only the product of two thin matrices is trained and
shipped, 2 MB where the model has 90. Trained by scripts/train_adapter.py on synthetic passages and questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.indexing.arrays import Floats, load
from assistant.indexing.projection import Projection

ADAPTER = Path(__file__).with_name("adapter.npz")
UP, DOWN = ".up", ".down"


@dataclass(frozen=True, slots=True, eq=False)
class Adapter:
    """Trained for one model and of use to no other."""

    projection: Projection
    changes: Mapping[str, tuple[Floats, Floats]]
    """By the name of a linear layer, (outputs, rank) and (rank, inputs): their product is added to its weights."""

    def apply(self, model: Any) -> None:
        """Change the weights of a torch model in fp32. Raises AttributeError and RuntimeError for another model."""
        import torch

        with torch.no_grad():
            for name, (up, down) in self.changes.items():
                model.get_submodule(name).weight += torch.from_numpy(up @ down)

    @classmethod
    def read(cls, path: Path) -> Adapter:
        """What save() wrote. Raises OSError, ValueError, and KeyError for another .npz file."""
        return cls.of(load(path))

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> Adapter:
        """From the arrays of a file. Raises KeyError for those of another."""
        names = sorted(name.removesuffix(UP) for name in saved if name.endswith(UP))
        changes = {name: (saved[name + UP].astype(np.float32), saved[name + DOWN].astype(np.float32)) for name in names}
        return cls(Projection(saved["means"], saved["matrix"]), changes)

    def save(self, path: Path, weights: str, **more: npt.NDArray[Any]) -> None:
        """As a .npz file, with what tells the weights that it was trained for, and more arrays beside its own."""
        halves = {name + UP: up for name, (up, _) in self.changes.items()}
        halves |= {name + DOWN: down for name, (_, down) in self.changes.items()}
        small = {name: half.astype(np.float16) for name, half in halves.items()}
        self.projection.save(path, weights=np.array(weights), **small, **more)

    def fingerprint(self) -> str:
        return hashlib.sha256(self.tobytes()).hexdigest()[:16]

    def tobytes(self) -> bytes:
        """What makes it this adapter and no other."""
        changes = b"".join(name.encode() + up.tobytes() + down.tobytes() for name, (up, down) in self.changes.items())
        return self.projection.tobytes() + changes


def shipped(files: Mapping[str, str]) -> Adapter | None:
    """The adapter that came with the program, if it was trained for a model of these files' sha256 (by name)."""
    if not ADAPTER.is_file() or str(load(ADAPTER)["weights"]) not in files.values():
        return None
    return Adapter.read(ADAPTER)
