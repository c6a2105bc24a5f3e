"""What all commands of the command line share: the program they belong to, their options, and how errors end them."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from assistant import logs
from assistant.errors import AssistantError
from assistant.settings import Settings, load, quieten

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

Function = TypeVar("Function", bound=Callable[..., None])

Corpus = Annotated[Path | None, typer.Option("--corpus", metavar="DIR", help="The folder of PDFs (corpus/).")]
Index = Annotated[Path | None, typer.Option("--index", metavar="DIR", help="The folder of the index (index/).")]
Model = Annotated[
    str | None, typer.Option("--model", metavar="FOLDER", help="A sentence-transformers model (the packaged MiniLM).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output.")]

_log = logging.getLogger(__name__)


class ExampleFirst(TyperCommand):
    """A command whose help starts with something to type."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _example_first(self, ctx, formatter)


class Commands(TyperGroup):
    """All commands; our errors end them as one sentence on standard error."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _example_first(self, ctx, formatter)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except AssistantError as error:
            end("failed", str(error), error.exit_code)
        except KeyboardInterrupt:
            end("stopped", "Stopped. What was finished is kept.", 130)
        except (typer.Exit, typer.Abort, TyperException):
            raise  # a command, or a group within this one, has said what there is to say
        except Exception:
            if not logs.started():
                raise
            said = "Something went wrong that nobody foresaw; with ASSISTANT_LOG_LEVEL=debug its place is shown"
            _log.exception("%s", said)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=Commands,
    help='\b\nassistant index --corpus reports/\nassistant ask "What was recommended to the ministry?"\n\n'
    "Answers questions about evaluation reports with quotes proven on their page. Settings come from assistant.toml, "
    "ASSISTANT_* variables and the options of each command, the last one winning.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def command(example: str, group: typer.Typer = app) -> Callable[[Function], Function]:
    """Make a function a command of the program, or of a group in it; its docstring is the help, below the example."""

    def register(function: Function) -> Function:
        said = function.__doc__ or ""
        return group.command(cls=ExampleFirst, help=f"\b\n{example}\n\n{said}", short_help=said)(function)

    return register


def end(event: str, said: str, code: int) -> NoReturn:
    """Leave the program with a sentence on standard error, as an object where objects are read."""
    if logs.as_json():
        logs.event(_log, event, said, logging.ERROR)
    else:
        print(said, file=sys.stderr)
    raise typer.Exit(code) from None


def settings_of(**typed: Any) -> Settings:
    """The settings in force, with the options that were typed; None stands for not typed."""
    quieten()
    return load(typed)


def opened(settings: Settings) -> Assistant:
    """The library, open."""
    from assistant.pipeline import Assistant

    return Assistant(settings)


def show(as_json: bool, value: object, text: str) -> None:
    """Print a result for programs or for people."""
    print(json.dumps(value, ensure_ascii=False) if as_json else text)


def _example_first(command: Any, ctx: Any, formatter: Any) -> None:
    command.format_help_text(ctx, formatter)
    formatter.write_paragraph()
    command.format_usage(ctx, formatter)
    command.format_options(ctx, formatter)
