"""A real model server with tiny models of random weights: they speak nonsense, and none of it reaches the reader."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import factories
import pytest
from fakes import WordHashEmbedder

from assistant.pipeline import Assistant
from assistant.records import Mode, Question
from assistant.settings import Settings

pytestmark = pytest.mark.slow

ASKED = "Which programme reached 412 schools in nine districts?"
TEMPLATE = "{% for m in messages %}{{ m['role'] }} : {{ m['content'] }} {% endfor %}assistant : "
START_SECONDS = 120
UNKNOWN = "<unk>"
MARKS = {"unk_token": UNKNOWN, "bos_token": "<s>", "eos_token": "</s>"}
SEEDS = (1, 2, 3, 4, 5, 6)


@pytest.fixture(scope="module")
def nonsense(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the server and the folder of its models, one for each seed."""
    folder = tmp_path_factory.mktemp("models")
    for seed in SEEDS:
        make_model(folder / str(seed), seed)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = "from transformers.cli.transformers import main; main()"
    arguments = [sys.executable, "-c", serve, "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(arguments, stdout=log, stderr=log, env={**os.environ, "HF_HUB_OFFLINE": "1"})
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server, folder / "log.txt")
        yield f"http://127.0.0.1:{port}/v1", folder
    finally:
        server.terminate()
        server.wait(20)


def make_model(folder: Path, seed: int) -> None:
    """A Llama of two thin layers with random weights, and a tokenizer that knows the words of the reports."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = " ".join([factories.PARAGRAPH, factories.LESSON, *factories.RECOMMENDATIONS]).split()
    vocabulary = [*MARKS.values(), "[1].", "[2].", "[3].", "not", "421", *dict.fromkeys(words)]
    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(vocabulary)}, unk_token=UNKNOWN))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=made, **MARKS
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        initializer_range=1.0,
        bos_token_id=1,
        eos_token_id=2,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()[-2000:]
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 (this machine)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-2000:])


@pytest.mark.parametrize("seed", SEEDS)
def test_all_nonsense_is_removed(nonsense: tuple[str, Path], seed: int, tiny_settings: Settings) -> None:
    url, folder = nonsense
    settings = replace(tiny_settings, llm_url=url, llm_model=str(folder / str(seed)), llm_answer_tokens=150)
    answer = Assistant(settings, embedder=WordHashEmbedder()).ask(Question(ASKED))
    assert answer.mode is Mode.EXTRACTIVE
    assert answer.citations
    assert answer.writing is not None
    assert answer.writing.checked == answer.writing.removed
    assert "so the answer is quoted" in answer.answer
