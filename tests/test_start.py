"""The service starts with what its first page needs; what else is installed is loaded when it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # starts the program

PROGRAM = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
sys.path.append(sys.argv[1])
from fakes_assistant import FakeAssistant
from assistant.faces.service import create_app
from assistant.settings import Settings
folder = Path(sys.argv[2])
def held(): print(*sorted({"gradio", "pandas.core", "mcp.types"} & set(sys.modules)))
with TestClient(create_app(FakeAssistant(folder), Settings(index=folder)), base_url="http://localhost") as client:
    assert client.get("/").status_code == 200
    held()
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepted = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}
    for _ in range(2):
        tools = client.post("/mcp", json=body, headers=accepted).json()["result"]["tools"]
        assert [tool["name"] for tool in tools] == ["ask", "search", "documents"]
    held()
import pandas
assert len(pandas.DataFrame({"a": [1, 2]})) == 2
held()
"""


def test_the_first_page_needs_neither_pandas_nor_mcp_and_both_are_there_when_used(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["gradio", "gradio mcp.types", "gradio mcp.types pandas.core"]
