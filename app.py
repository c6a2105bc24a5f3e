"""Serve the web page: `python app.py` does what `assistant serve` does, with the same options."""

import sys

from assistant.faces.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "serve")
    main()
