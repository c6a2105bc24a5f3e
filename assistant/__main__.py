"""`python -m assistant` is the command `assistant`."""

from assistant.faces.cli import main

main()
