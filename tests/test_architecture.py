"""Imports point one way, heavy libraries stay where they are used, and the README's map is complete."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "assistant"
FILES = sorted(PACKAGE.rglob("*.py"))
IN_FACES = [file for file in FILES if file.is_relative_to(PACKAGE / "faces")]

# From the bottom up: a layer may import itself and those before it.
NOUNS = ("records", "errors", "reports", "settings", "templates", "logs")
LAYERS = (
    NOUNS,
    ("staff",),
    ("reading",),
    ("understanding",),
    ("indexing",),
    ("retrieval",),
    ("answering",),
    ("building", "holdings", "writing"),
    ("pipeline",),
    ("keeping",),
    ("evaluation",),
    ("faces", "__main__"),
)
# Within faces likewise: what all of them share, the groups, and the doors by which people and programs come in.
FACES = (
    ("__init__", "seams", "rendering", "texts"),
    ("exporting",),
    ("web",),
    ("pages",),
    ("chat",),
    ("mcp", "rest"),
    ("service",),
    ("command_line",),
    ("cli",),
)
KNOWS_SETTINGS = {"settings", "building", "holdings", "writing", "pipeline", "keeping", "faces", "__main__"}
# Made of a heavy library's own classes; the others import it inside functions alone.
ADAPTERS = {"assistant.indexing.llama", "assistant.faces.chat.page"}
# What the command line needs to print its help, and what an installation may load for every program.
FOR_HELP = {"annotated_doc", "click", "colorama", "shellingham", "typer", "typing_extensions"}
PATH_HOOKS = {"__editable___assistant_0_1_0_finder", "_distutils_hack"}
HEAVY = ("torch", "sentence_transformers", "llama_index", "gradio", "faiss", "tantivy", "openvino")


def layer_of(module: str) -> int:
    """The place of assistant.<module> from the bottom."""
    return next(place for place, names in enumerate(LAYERS) if module in names)


def face_of(module: str) -> int:
    """The place of assistant.faces.<module> from the bottom of faces."""
    return next(place for place, names in enumerate(FACES) if module in names)


def own_imports(file: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import of our own package; those for the type checker alone count too."""
    for line, name in imports(file):
        if name.split(".")[0] == "assistant":
            yield line, name


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import, wherever it stands."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}:{node.lineno} imports relatively"
            # `from assistant import pipeline` imports a module of the package.
            whole = node.module in ("assistant", "assistant.faces")
            names = [f"{node.module}.{alias.name}" for alias in node.names] if whole else [node.module or ""]
            yield from ((node.lineno, name) for name in names)


def part(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def modules() -> list[str]:
    names = (".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in FILES)
    return [name for name in names if not name.endswith("__main__")]


def imported(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after some statements."""
    code = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(ran.stdout.split("\n")[-2].split())


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_import_points_up(file: Path) -> None:
    if file == PACKAGE / "__init__.py":
        assert not list(own_imports(file))
        return
    here = layer_of(part(file))
    for line, name in own_imports(file):
        if name == "assistant.__version__":
            assert part(file) == "faces", f"line {line}: only a face shows the version"
            continue
        assert name != "assistant", f"line {line} imports the package root from inside it"
        module = name.split(".")[1]
        assert layer_of(module) <= here, f"line {line}: {name} lies above {part(file)}"
        assert module != "settings" or part(file) in KNOWS_SETTINGS, f"line {line}: only the top knows the settings"


@pytest.mark.parametrize("file", IN_FACES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_import_between_faces_points_up(file: Path) -> None:
    here = face_of(file.relative_to(PACKAGE / "faces").parts[0].removesuffix(".py"))
    for line, name in own_imports(file):
        if name.startswith("assistant.faces."):
            assert face_of(name.split(".")[2]) <= here, f"line {line}: {name} lies above {file.name}"


@pytest.mark.parametrize("file", [PACKAGE / f"{noun}.py" for noun in NOUNS], ids=lambda file: file.stem)
def test_the_nouns_import_nothing_heavy(file: Path) -> None:
    roots = {name.split(".")[0] for _, name in imports(file)}
    assert roots <= {"assistant", *sys.stdlib_module_names}


def test_importing_every_module_loads_no_heavy_library() -> None:
    light = [name for name in modules() if name not in ADAPTERS]
    assert imported("\n".join(f"import {name}" for name in light)).isdisjoint(HEAVY)


def test_help_loads_so_little_that_it_is_there_at_once() -> None:
    statement = "import sys; sys.argv = ['assistant', '--help']\nfrom assistant.faces.cli import main\n"
    light = imported(f"{statement}try: main()\nexcept SystemExit: pass")
    assert light - sys.stdlib_module_names - PATH_HOOKS <= {"__main__", "assistant", *FOR_HELP}
    assert len(light) <= 150  # a tenth of a second; it was 112 when this was written


def test_the_readme_s_map_says_of_every_module_what_its_first_line_says() -> None:
    readme = (ROOT / "README.md").read_text("utf-8").splitlines()
    rows = [f"| `{file.relative_to(ROOT)}` | {first_line(file)} |" for file in FILES]
    missing = [row for row in rows if row not in readme]
    assert not missing, "put into the map of README.md:\n" + "\n".join(missing)
    gone = [line for line in readme if line.startswith("| `assistant/") and line not in rows and ".py`" in line]
    assert not gone, "take out of the map of README.md:\n" + "\n".join(gone)


def test_the_readme_s_map_names_every_file_of_the_top() -> None:
    named = set(re.findall(r"^\| `([^`]+)` \| \S", (ROOT / "README.md").read_text("utf-8"), flags=re.M))
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split(
        "\n"
    )
    top = {name.split("/")[0] + "/" * ("/" in name) for name in tracked if name}
    assert not top - {"assistant/"} - named, "files and folders that the map of README.md leaves out"


def first_line(file: Path) -> str:
    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split("\n")[0]


def test_no_file_names_a_path_of_one_machine() -> None:
    for file in [*FILES, ROOT / "README.md", ROOT / "Makefile", ROOT / "constraints.txt"]:
        found = re.search(r"(?<![\w.])/(?:home|root|work|Users)/", file.read_text("utf-8"))
        assert found is None, f"{file.name}: {found}"
