"""The command `assistant`: all its commands, which stand in command_line/, in the order of its help."""

from __future__ import annotations

import sys
from io import TextIOWrapper

from assistant.faces.command_line import keeping as keeping  # these put their commands into the program

# isort: split
from assistant.faces.command_line import asking as asking
from assistant.faces.command_line import users as users
from assistant.faces.command_line.program import app as app


def main() -> None:
    """Run the command that was typed."""
    for stream in (sys.stdout, sys.stderr):
        # Reports hold characters that the encoding of an old terminal lacks.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="assistant")
