"""The model itself: word piece ids in, hidden states out, by the fastest library that is installed.

Texts of 230 word pieces per second on two cores with bf16 instructions: OpenVINO bf16 51, torch bf16 39,
OpenVINO fp32 33, torch fp32 26. OpenVINO's model is converted from torch's once and kept beside the index: starting
from there takes 0.4 s, because neither torch nor transformers is imported; through torch it takes 8 s.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from assistant.indexing import model_files
from assistant.indexing.adapter import Adapter
from assistant.indexing.arrays import Floats
from assistant.indexing.projection import Projection, fitting_texts

Ids = npt.NDArray[np.int64]

PROJECTION = "projection.npz"

OPENVINO_PRECISION = {
    "auto": {},
    "fp32": {"INFERENCE_PRECISION_HINT": "f32"},
    "bf16": {"INFERENCE_PRECISION_HINT": "bf16"},
}


class Forward(Protocol):
    """One pass of the model; not for several threads at once."""

    @property
    def name(self) -> str:
        """Library and precision, for example 'OpenVINO bf16'."""

    def __call__(self, ids: Ids, mask: Ids) -> Floats:
        """The hidden states of the last layer and of the one before: (texts, pieces, LAYERS, dimensions).

        ids and mask are (texts, pieces); the mask has ones for the word pieces that count.
        """


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model ready to run, with the projection that belongs to it."""

    forward: Forward
    projection: Projection


def load_model(folder: Path, precision: str, cache: Path | None, adapter: Adapter | None) -> Loaded:
    """The model of a folder. cache is where its converted form is, or goes if that can be written.

    adapter is what came with the program for this model; without one the model stays as it is, and its projection is
    fitted here, in some seconds, at each start unless cache keeps it.
    Where the folder holds no model, the libraries raise what they like.
    """
    openvino = _openvino()
    if openvino is None:
        model, projection = _adapted(folder, adapter)
        return Loaded(TorchForward(model, precision), projection)
    if cache is not None:
        try:
            forward = OpenVinoForward(openvino, cache / "model.xml", precision)
            return Loaded(forward, adapter.projection if adapter else Projection.read(cache / PROJECTION))
        except (OSError, RuntimeError, ValueError, KeyError):
            pass  # not there yet, incomplete, or written by a newer OpenVINO: it is made again
    model, projection = _adapted(folder, adapter)
    try:
        converted = _convert(openvino, model)
    except RuntimeError:  # an architecture that OpenVINO does not know
        return Loaded(TorchForward(model, precision), projection)
    if cache is not None:
        _keep(openvino, converted, projection, cache)
    return Loaded(OpenVinoForward(openvino, converted, precision), projection)


def load_tokenizer(folder: Path) -> Any:
    """The model's fast tokenizer, neither cutting nor padding."""
    if (folder / "tokenizer.json").is_file():
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    else:
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True).backend_tokenizer
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


class OpenVinoForward:
    """The model in OpenVINO, which takes bf16 by itself where the processor computes in it."""

    def __init__(self, openvino: Any, model: Any, precision: str) -> None:
        settings = {"PERFORMANCE_HINT": "LATENCY", **OPENVINO_PRECISION[precision]}
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        self._request = compiled.create_infer_request()
        computes_in = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        self.name = f"OpenVINO {computes_in.replace('f32', 'fp32')}"

    def __call__(self, ids: Ids, mask: Ids) -> Floats:
        return np.array(self._request.infer([ids, mask])[0], dtype=np.float32)


class TorchForward:
    """The model in torch."""

    def __init__(self, model: Any, precision: str) -> None:
        import torch

        bf16 = precision == "bf16" or (precision == "auto" and torch.cpu._is_avx512_bf16_supported())
        self._model = model.to(torch.bfloat16) if bf16 else model
        self.name = f"torch {'bf16' if bf16 else 'fp32'}"

    def __call__(self, ids: Ids, mask: Ids) -> Floats:
        import torch

        with torch.inference_mode():
            found = two_layers(self._model, torch.from_numpy(ids), torch.from_numpy(mask))
        states: Floats = found.float().numpy()
        return states


def _openvino() -> Any:
    # OpenVINO reports its use to its makers through this module, and does without where it cannot be imported.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        return importlib.import_module("openvino")
    except ImportError:
        return None


def torch_model(folder: Path) -> Any:
    """The model of a folder, in fp32 and ready to run."""
    import transformers
    from sentence_transformers import SentenceTransformer

    log: Any = transformers.logging
    log.set_verbosity_error()
    log.disable_progress_bar()
    first: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)[0]
    return first.auto_model.eval().float()


def fitted(model: Any, folder: Path) -> Projection:
    """The projection of a torch model in fp32, fitted on the texts that came with the program."""
    tokenizer = load_tokenizer(folder)
    tokenizer.enable_truncation(model_files.sizes(folder)[1])
    forward, found = TorchForward(model, "fp32"), []
    for text in fitting_texts():
        pieces = tokenizer.encode(text)
        own = np.array(pieces.special_tokens_mask) == 0
        ids = np.array([pieces.ids])
        found.append(forward(ids, np.ones_like(ids))[0, own])
    return Projection.fitted(np.concatenate(found))


def _adapted(folder: Path, adapter: Adapter | None) -> tuple[Any, Projection]:
    """The torch model in fp32 with what it was taught, and its projection."""
    model = torch_model(folder)
    if adapter is None:
        return model, fitted(model, folder)
    adapter.apply(model)
    return model, adapter.projection


def two_layers(model: Any, ids: Any, mask: Any) -> Any:
    """(texts, pieces, LAYERS, dimensions): the last hidden states first."""
    import torch

    output = model(input_ids=ids, attention_mask=mask, output_hidden_states=True)
    return torch.stack((output.last_hidden_state, output.hidden_states[-2]), dim=2)


def _convert(openvino: Any, model: Any) -> Any:
    import torch

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return two_layers(self.model, input_ids, attention_mask)

    example = torch.ones(2, 9, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing tells at length what it takes for constant
        return openvino.convert_model(States(), example_input={"input_ids": example, "attention_mask": example})


def _keep(openvino: Any, converted: Any, projection: Projection, cache: Path) -> None:
    """Put the converted model into its folder in one step; if that cannot be written, the next start is slow again.

    Folders beside it hold models no longer used, 90 MB each; files there are those of the model that it goes with.
    """
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="new-", dir=cache.parent))
        openvino.save_model(converted, made / "model.xml", compress_to_fp16=False)
        projection.save(made / PROJECTION)
        for old in cache.parent.iterdir():
            if old != made and old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
        os.replace(made, cache)
    except (OSError, RuntimeError):
        return
