"""What axe-core finds wrong with an open page: the serious and critical breaches of WCAG 2.2 A and AA."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
GRAVE = ("serious", "critical")
EXCUSED = {
    # A card that the box for the question, which stays in view, happens to cover in part at this place of scrolling.
    "target-size": ("article[",),
}
"""By rule, how the selectors begin of what is no fault. Of what Gradio draws itself nothing has to be excused."""


def violations(page: Page) -> list[str]:
    """'rule: selector' of each element that breaks a rule gravely; empty for an accessible page."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{rule['id']}: {target}"
        for rule in found
        if rule["impact"] in GRAVE
        for element in rule["nodes"]
        for target in map(str, element["target"])
        if not target.startswith(EXCUSED.get(rule["id"], ()))
    ]
