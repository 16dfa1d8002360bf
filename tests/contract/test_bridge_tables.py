"""The bridge's tables in JavaScript against Python's: one fact, written on both sides."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from connector_py import entities
from connector_py.api.failures import EVENT_ERRORS, METHOD_ERRORS, QUIET_METHODS

CHECKOUT = Path(__file__).resolve().parents[2]
IN_BOTH_CONNECTORS = "getAudioDevices"
NOT_IN_PYTHON = "getTelephonyConnector"
_PRINT = """
import(process.argv[1]).then((module) => console.log(JSON.stringify(module)));
"""


def exported(module: str) -> dict[str, Any]:
    """What a module of the bridge exports, as JSON."""
    path = (CHECKOUT / "web" / "bridge" / module).as_uri()
    command = ["node", "--input-type=module", "-e", _PRINT, path]
    run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def methods() -> list[dict[str, Any]]:
    tables = exported("base_methods.js")
    return [*tables["VENDOR_METHODS"], *tables["TELEPHONY_METHODS"]]


def test_every_method_is_in_the_bridge(methods: list[dict[str, Any]]) -> None:
    names = [method["name"] for method in methods]
    assert {*names, NOT_IN_PYTHON} == set(METHOD_ERRORS)
    assert [name for name in names if names.count(name) > 1] == [IN_BOTH_CONNECTORS] * 2


def test_failures_have_the_same_constants(methods: list[dict[str, Any]]) -> None:
    ours = {method["name"]: method["error"] for method in methods}
    assert ours == {name: str(METHOD_ERRORS[name]) for name in ours}


def test_the_same_methods_are_quiet(methods: list[dict[str, Any]]) -> None:
    assert {method["name"] for method in methods if method["quiet"]} == QUIET_METHODS


def test_results_are_classes_that_python_has(methods: list[dict[str, Any]]) -> None:
    classes = {method["result"] for method in methods} - {None}
    assert {name for name in classes if not hasattr(entities, name)} == set()


def test_event_payloads_are_classes_that_python_has() -> None:
    events = exported("event_classes.js")["EVENT_CLASSES"]
    classes = set(events.values()) - {None}
    assert {name for name in classes if not hasattr(entities, name)} == set()


def test_failures_of_events_are_of_events_that_the_base_tells() -> None:
    only_errors = {"AGENT_ERROR", "SOFTPHONE_ERROR"}
    events = exported("event_classes.js")["EVENT_CLASSES"]
    assert {str(name) for name in EVENT_ERRORS} - only_errors <= set(events)
