"""Settings: defaults < assistant.toml < environment ASSISTANT_* < command line. Only the top knows them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError

FILE = Path("assistant.toml")
PREFIX = "ASSISTANT_"
EXPECTED = {Path: "the name of a file or folder", str: "a text", int: "a whole number"}

# No library of ours may call home: set before any of them is imported, and never over what the user set.
QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    # Gradio keeps figures of the latest 10,000 events for a page we do not serve, and counts them anew after each one.
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "TOKENIZERS_PARALLELISM": "false",
    # Products of small matrices gain nothing by more threads, whose waiting makes two who ask at once twice as slow.
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default. Sizes are in the unit that the name says."""

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    prompts: Path = Path(__file__).resolve().parent.parent / "prompts"
    model: str = ""
    """A folder or package-cached name of a sentence-transformers model; empty means the packaged MiniLM."""
    precision: str = "auto"
    """How the model computes: auto (bf16 where the processor has it), fp32 or bf16."""
    host: str = "127.0.0.1"
    port: int = 7860
    hosts: str = ""
    """Names under which other machines reach the service, ',' between them."""
    https: str = "auto"
    """How browsers reach it: auto, or always where a proxy on another machine speaks https for it."""
    question_characters: int = 4000
    answer_words: int = 120
    read_seconds: int = 120
    read_megabytes: int = 1500
    read_pages: int = 5000
    read_characters: int = 20_000_000
    read_processes: int = 2
    upload_megabytes: int = 200
    """The largest file that curators can add on the page."""
    ocr_seconds_per_page: int = 20
    """What a scanned page may take, on top of read_seconds for the file."""
    llm_url: str = ""
    """Where a language model speaks the OpenAI protocol, for example http://127.0.0.1:11434/v1; empty means none."""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    llm_seconds: int = 120
    """What a written answer may take; then quotes are shown."""
    llm_window: int = 4096
    """Tokens that the model can read and write together."""
    llm_answer_tokens: int = 800
    llm_requests: int = 2
    """How many answers the model may write at a time."""
    unsupported: str = "remove"
    """What becomes of a written sentence that its sources do not bear out: remove, or strike it through."""
    settle_seconds: int = 2
    """How long a file must stay the same before `assistant index --watch` takes it for finished."""
    log_level: str = "info"
    """What is told on standard error while indexing and serving: debug, info, warning or error, and all above it."""
    log_format: str = "text"
    """How it is told: text, or json, an object a line."""
    passwords: dict[str, str] = field(default_factory=dict, repr=False)
    """Of protected PDFs, by path below the corpus or file name: the table [passwords] of assistant.toml."""


def load(
    overrides: Mapping[str, Any] | None = None,
    *,
    file: Path = FILE,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """The settings in force. overrides are the options typed; None among them means not typed.

    Raises SettingsError for an unknown name or a value of the wrong type, naming where it stands.
    """
    settings = Settings()
    for source, values in (
        (str(file), _from_file(file)),
        ("environment", _from_environment(environment)),
        ("command line", {k: v for k, v in (overrides or {}).items() if v is not None}),
    ):
        for name, value in values.items():
            settings = _set(settings, name, value, source)
    return settings


def quieten(environment: Any = os.environ) -> None:
    """Switch off telemetry, hub look-ups and needless threads of the libraries that are imported after this."""
    for name, value in QUIET.items():
        environment.setdefault(name, value)


def _from_file(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {k[len(PREFIX) :].lower(): v for k, v in environment.items() if k.startswith(PREFIX)}


def _set(settings: Settings, name: str, value: Any, source: str) -> Settings:
    known = {f.name: type(getattr(settings, f.name)) for f in fields(settings)}
    kind = next((t for k, t in known.items() if k == name), None)
    if kind is None:
        raise SettingsError(f"Unknown setting {name!r} ({source}). Known: {', '.join(sorted(known))}.")
    if kind is dict:
        table: dict[str, Any] = {name: _table(name, value, source)}
        return replace(settings, **table)
    try:
        changed: dict[str, Any] = {name: Path(value) if issubclass(kind, Path) else kind(value)}
        return replace(settings, **changed)
    except (TypeError, ValueError):
        raise SettingsError(
            f"The setting {name!r} ({source}) is {value!r}; {EXPECTED.get(kind, kind.__name__)} was expected."
        ) from None


def _table(name: str, value: Any, source: str) -> dict[str, str]:
    """A table of texts. What stands in it is not repeated in a message: it may be a password."""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise SettingsError(
            f"The setting {name!r} ({source}) must be a table in {FILE}: "
            f'a line [{name}], then lines like "file name" = "text".'
        )
    return dict(value)
