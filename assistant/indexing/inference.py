"""The model itself: word piece ids in, last hidden states out, by the fastest library that is installed.

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

from assistant.indexing.arrays import Floats, load, principal_directions

Ids = npt.NDArray[np.int64]

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
        """Word piece ids and a mask of ones for those that count, both (texts, pieces): (texts, pieces, dimensions)."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model ready to run, with the projection of its token vectors that its own word vectors give."""

    forward: Forward
    projection: Floats


def load_model(folder: Path, precision: str, cache: Path | None) -> Loaded:
    """The model of a folder. cache is where its converted form is, or goes if that can be written.

    Where the folder holds no model, the libraries raise what they like.
    """
    openvino = _openvino()
    if openvino is None:
        model = _torch_model(folder)
        projection = _word_projection(model)  # before the model goes to bf16, which numpy does not know
        return Loaded(TorchForward(model, precision), projection)
    if cache is not None:
        try:
            return Loaded(OpenVinoForward(openvino, cache / "model.xml", precision), load(cache / "projection.npy"))
        except (OSError, RuntimeError, ValueError):
            pass  # not there yet, incomplete, or written by a newer OpenVINO: it is made again
    model = _torch_model(folder)
    projection = _word_projection(model)
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
            output = self._model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
        states: Floats = output.last_hidden_state.float().numpy()
        return states


def _openvino() -> Any:
    # OpenVINO reports its use to its makers through this module, and does without where it cannot be imported.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        return importlib.import_module("openvino")
    except ImportError:
        return None


def _torch_model(folder: Path) -> Any:
    import transformers
    from sentence_transformers import SentenceTransformer

    log: Any = transformers.logging
    log.set_verbosity_error()
    log.disable_progress_bar()
    first: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)[0]
    return first.auto_model.eval().float()


def _word_projection(model: Any) -> Floats:
    """For a model without a fitted projection: the main directions of its word vectors, which any model has.

    On 62 questions over five reports it ranked as well as the fitted one (MRR 0.68 and 0.69 with the sentence
    vectors), where random directions lost (0.62).
    """
    return principal_directions(model.get_input_embeddings().weight.detach().numpy())


def _convert(openvino: Any, model: Any) -> Any:
    import torch

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    example = torch.ones(2, 9, dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing tells at length what it takes for constant
        return openvino.convert_model(States(), example_input={"input_ids": example, "attention_mask": example})


def _keep(openvino: Any, converted: Any, projection: Floats, cache: Path) -> None:
    """Put the converted model into its folder in one step; if that cannot be written, the next start is slow again."""
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="new-", dir=cache.parent))
        openvino.save_model(converted, made / "model.xml", compress_to_fp16=False)
        np.save(made / "projection.npy", projection)
        for old in cache.parent.iterdir():
            if old != made:
                shutil.rmtree(old, ignore_errors=True)  # 90 MB each, and one model is in use at a time
        os.replace(made, cache)
    except (OSError, RuntimeError):
        return
