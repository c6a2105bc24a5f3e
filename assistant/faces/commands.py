"""How every command of the program looks: its help begins with an example, an error is one sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from assistant.errors import AssistantError

Function = TypeVar("Function", bound=Callable[..., None])

Corpus = Annotated[Path | None, typer.Option("--corpus", metavar="DIR", help="The folder of PDFs (corpus/).")]
Index = Annotated[Path | None, typer.Option("--index", metavar="DIR", help="The folder of the index (index/).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output.")]


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
            print(error, file=sys.stderr)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            print("Stopped. What was finished is kept.", file=sys.stderr)
            raise typer.Exit(130) from None


def command(app: typer.Typer, example: str) -> Callable[[Function], Function]:
    """Make a function a command of a program; its docstring is the help, below the example."""

    def register(function: Function) -> Function:
        said = function.__doc__ or ""
        return app.command(cls=ExampleFirst, help=f"\b\n{example}\n\n{said}", short_help=said)(function)

    return register


def show(as_json: bool, value: object, text: str) -> None:
    """Print a result to programs or to people."""
    print(json.dumps(value, ensure_ascii=False) if as_json else text)


def _example_first(command: Any, ctx: Any, formatter: Any) -> None:
    command.format_help_text(ctx, formatter)
    formatter.write_paragraph()
    command.format_usage(ctx, formatter)
    command.format_options(ctx, formatter)
