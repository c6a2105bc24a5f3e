"""A curator in a real browser adds two reports, watches the update over a reload, removes one, stops an update."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import factories
import pytest
from accessible import violations
from fakes import WordHashEmbedder
from playwright.sync_api import Browser, Locator, Page, expect
from visits import OUTPUT, WINDOWS
from visits import served as serving

from assistant.building import build
from assistant.faces.pages.library.work import Worker, index_command
from assistant.faces.service import create_app
from assistant.pipeline import Assistant
from assistant.settings import Settings

pytestmark = pytest.mark.slow

CHILD = Path(__file__).parents[1] / "word_hash_program.py"
# The real command, but not before the test says so.
HELD = """
import json, os, runpy, sys, time
go, script = sys.argv[1:3]
told = {"event": "progress", "stage": "embed", "document": "first.pdf", "done": 1, "total": 4, "seconds_left": 150}
print(json.dumps(told), file=sys.stderr, flush=True)
while not os.path.exists(go):
    time.sleep(0.02)
sys.argv = sys.argv[2:]
sys.path.insert(0, os.path.dirname(script))
runpy.run_path(script, run_name="__main__")
"""


@dataclass
class Served:
    """A library with its page; updates wait until the file go is there."""

    address: str
    folder: Path
    worker: Worker

    @property
    def go(self) -> Path:
        return self.folder / "go"

    def made(self, name: str) -> Path:
        """A PDF somewhere else, to be added."""
        return factories.brief(self.folder / "elsewhere" / f"{name}.pdf", title=f"Report on {name}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("library")
    factories.brief(folder / "corpus" / "coastal-schools.pdf")
    factories.not_a_pdf(folder / "corpus" / "moved.pdf")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    build(settings, embedder=WordHashEmbedder())
    worker = Worker([sys.executable, "-c", HELD, str(folder / "go"), str(CHILD), *index_command(settings)[3:]])
    app = create_app(Assistant(settings, embedder=WordHashEmbedder()), settings, worker=worker)
    with serving(app) as address:
        yield Served(address, folder, worker)
        worker.cancel()
        worker.wait(30)


@pytest.fixture(params=WINDOWS)
def page(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Page]:
    """The library page in a window; afterwards: nothing was complained about, nothing sticks out, axe is content."""
    width, height = WINDOWS[request.param]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if request.param == "phone" else "light")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.address}library")
    yield page
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"{request.node.originalname}-{request.param}.png", full_page=True)
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert violations(page) == []
    page.close()


def test_a_curator_keeps_the_library(page: Page, served: Served) -> None:
    size = page.viewport_size
    assert size is not None
    names = [f"north-{size['width']}", f"south-{size['width']}"]
    served.go.unlink(missing_ok=True)

    page.locator("#files").and_(page.locator("input")).set_input_files([served.made(name) for name in names])
    page.locator("#upload .primary").click()
    for name in names:
        expect(page.locator("#sent")).to_contain_text(f"{name}.pdf was added.")
    progress = page.get_by_role("progressbar", name="Progress")
    expect(progress).to_have_js_property("position", 0.25)
    expect(page.locator("#work .count")).to_contain_text("first.pdf · 1 of 4 files · about 2 min left")
    expect(row(page, names[0])).to_contain_text("waits for the next update")

    page.reload()
    expect(progress).to_have_js_property("position", 0.25)
    expect(page.locator("#work .said")).to_contain_text("Being updated")
    assert violations(page) == []
    served.go.touch()
    expect(page.locator("#work .said")).to_contain_text("Added: 2.", timeout=60_000)
    expect(row(page, names[1])).to_contain_text(f"Report on {names[1]}")
    expect(row(page, names[1])).to_contain_text("in the library")
    expect(progress).to_be_hidden()

    served.go.unlink()
    row(page, names[0]).get_by_role("link", name="Remove").click()
    expect(page.locator("#asked h2")).to_have_text(f"Remove “Report on {names[0]}”?")
    assert violations(page) == []
    page.locator("#asked .danger").click()
    expect(page.locator("#latest")).to_contain_text(f"{names[0]}.pdf was removed.")
    expect(row(page, names[0])).to_contain_text("file is gone")

    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#work .said")).to_contain_text("Stopped on", timeout=30_000)
    served.go.touch()
    page.get_by_role("button", name="Update now").click()
    expect(page.locator("#work .said")).to_contain_text("Removed: 1.", timeout=60_000)
    expect(row(page, names[0])).to_have_count(0)


def test_a_file_of_the_same_name_is_asked_about_and_replaced(page: Page, served: Served) -> None:
    other = factories.two_columns(served.folder / "other" / "coastal-schools.pdf", left=[f"{page.viewport_size}."])
    page.locator("#files").and_(page.locator("input")).set_input_files(other)
    page.get_by_label("Update the library afterwards").uncheck()
    page.locator("#upload .primary").click()
    expect(page.locator("#sent")).to_contain_text("another file is called coastal-schools.pdf")
    page.locator("#sent button").click()
    expect(page.locator("#sent")).to_contain_text("coastal-schools.pdf was replaced.")
    expect(row(page, "coastal-schools")).to_contain_text("file changed since")


def test_the_list_is_narrowed_while_one_types(page: Page) -> None:
    page.get_by_label("Words in title").fill("moved")
    expect(page.locator("#shelf tbody tr:visible")).to_have_count(1)
    expect(page.locator(".counted")).to_contain_text("1 of ")
    expect(page.locator("#shelf tbody tr:visible .why")).to_contain_text("What to do:")


def row(page: Page, name: str) -> Locator:
    return page.locator("#shelf tbody tr", has=page.locator(".name", has_text=f"{name}.pdf"))
