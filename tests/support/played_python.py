"""A connector whose Python is played by the test: what the bridge does with odd answers.

The loader is one way to start Python (`PythonStart` in web/types/bridge.d.ts); this is another.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Page, Route

from connector_py.entities import (
    ActiveCallsResult,
    AgentConfigResult,
    InitResult,
    SharedCapabilitiesResult,
    VoiceCapabilitiesResult,
    to_tagged,
)

_LOADER = """
export function assetUrl(asset, file) {
  return new URL(`/${asset.path}${file}`, location.href).href;
}
export function startPython() {
  return {
    started: Promise.resolve(),
    async connect(host) {
      window.pythonHost = host;
      for (const message of window.early) host.post(JSON.stringify(message));
      return {
        call: (method) => {
          const answer = window.answers[method] ?? { ok: null };
          return answer.late ? late(method, answer.late) : JSON.stringify(answer);
        },
        handle: () => {},
      };
    },
  };
}
function late(method, answer) {
  const task = new Promise((resolve) => {
    window.giveAnswer = { ...window.giveAnswer, [method]: () => resolve(JSON.stringify(answer)) };
  });
  return Object.assign(task, { destroy() {} });
}
"""
_READY = {
    "init": InitResult(),
    "getAgentConfig": AgentConfigResult(),
    "getSharedCapabilities": SharedCapabilitiesResult(),
    "getVoiceCapabilities": VoiceCapabilitiesResult(),
    "getActiveCalls": ActiveCallsResult(),
}


def play_python(
    page: Page, answers: Mapping[str, Any], *, early: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Answer the bridge's calls in Python's place, before the page is opened.

    Args:
        page: The page with the connector.
        answers: By method: `{"ok": …}` or `{"error": …}` as on the border, or `{"late": …}` with
            one of them, given by `giveAnswer[method]()` in the page; without one a method that is
            called when the connector gets ready works, another returns nothing.
        early: Host messages that Python posts while it starts.
    """
    ready = {method: {"ok": to_tagged(result)} for method, result in _READY.items()}
    page.add_init_script(
        f"window.answers = {json.dumps({**ready, **answers})};"
        f"window.early = {json.dumps(list(early))};"
    )

    def fulfil(route: Route) -> None:
        route.fulfill(status=200, content_type="text/javascript", body=_LOADER)

    page.route("**/bridge/pyodide_loader.js", fulfil)
