"""axe-core in a page: what makes it hard to use for whoever cannot see it or has no mouse."""

import json
from pathlib import Path

from playwright.sync_api import Frame, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_IS_STILL = """() => document.getAnimations().every(
  ({ playState, effect }) =>
    playState !== 'running' || effect.getTiming().iterations === Infinity,
)"""
_RUN = """async () => {
  const { violations } = await axe.run(document, { iframes: false, resultTypes: ['violations'] });
  return violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(({ html, target, failureSummary: why }) => ({ target, html, why })),
  }));
}"""


def assert_accessible(shown: Page | Frame, state: str) -> None:
    """Assert that axe finds nothing wrong in a page or frame as it is now.

    Args:
        shown: What to look at; frames inside are looked at on their own.
        state: What is shown, for the message.

    Raises:
        AssertionError: Each violation with the elements that it is about.
    """
    # Whatever still fades in would be measured with a colour that it has for a moment only.
    shown.wait_for_function(_IS_STILL)
    if not shown.evaluate("() => 'axe' in window"):
        # Not as a <script>: the page's own policy allows none but its own.
        shown.evaluate(AXE.read_text(encoding="utf-8"))
    violations = shown.evaluate(_RUN)
    assert violations == [], f"{state}:\n{json.dumps(violations, indent=1)}"
