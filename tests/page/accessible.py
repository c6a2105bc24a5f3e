"""What axe-core finds wrong with an open page: the serious and critical breaches of WCAG 2.2 A and AA."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = ("serious", "critical")
GRADIO: dict[str, tuple[str, ...]] = {}
"""By rule, the selectors of what Gradio draws itself and our page cannot mend."""


def violations(page: Page) -> list[str]:
    """'rule: selector' of each element that breaks a rule gravely; empty for an accessible page."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{rule['id']}: {target}"
        for rule in found
        if rule["impact"] in GRAVE
        for element in rule["nodes"]
        for target in map(str, element["target"])
        if not target.startswith(GRADIO.get(rule["id"], ()))
    ]
