"""The npm package of Salesforce's base connector: what of it we ship, and what we say of it.

Weaknesses B28 and B30 of connector-api.md: the package drags tools along as if it needed them at
run time, its type declarations are written by hand and inaccurate, and it has a twin of another
name that goes its own way.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = "scv-connector-base"
TWIN = f"@salesforce/{PACKAGE}"
BUNDLE = CHECKOUT / "node_modules" / PACKAGE / "dist" / f"{PACKAGE}.js"
# A page has no `require`: whatever the bundle needed from elsewhere would break here.
_LOAD = """
const fs = require('node:fs'), vm = require('node:vm');
const page = { addEventListener() {} };
page.window = page.self = page;
vm.runInNewContext(fs.readFileSync(process.argv[1], 'utf8'), page);
const kinds = Object.entries(page.SCVConnectorBase).map(([name, value]) => [name, typeof value]);
console.log(JSON.stringify(Object.fromEntries(kinds)));
"""


def text_of(*path: str) -> str:
    return CHECKOUT.joinpath(*path).read_text()


@pytest.fixture(scope="module")
def exported() -> dict[str, str]:
    """What the one file that we ship gives a page, and of which type."""
    command = ["node", "-e", _LOAD, str(BUNDLE)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 0, run.stderr
    found: dict[str, str] = json.loads(run.stdout)
    return found


def test_b28_the_base_is_shipped_as_one_file_that_needs_no_other(exported: dict[str, str]) -> None:
    assert exported["initializeConnector"] == "function"
    shipped = re.findall(r"\['([^']*)'\]", text_of("web", "build", "build.mjs"))
    assert {name for name in shipped if "LICENSE" in name or PACKAGE in name} == {
        "LICENSE.txt",
        BUNDLE.name,
    }


def test_b28_our_own_declaration_names_what_is_there(exported: dict[str, str]) -> None:
    declared = text_of("web", "types", "scv_connector_base.d.ts")
    classes = set(re.findall(r"^  \| '(\w+)'", declared, re.MULTILINE))
    members = set(re.findall(r"^  (?:readonly )?(\w+)[(:]", declared, re.MULTILINE))
    assert len(classes) > len(members) > 0
    assert {name for name in classes | members if exported.get(name) != "function"} == set()


def test_b30_one_of_the_two_packages_is_installed_in_one_version() -> None:
    wanted: dict[str, Any] = json.loads(text_of("package.json"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", wanted["dependencies"][PACKAGE])
    locked: dict[str, Any] = json.loads(text_of("package-lock.json"))["packages"]
    found = [one for name, one in locked.items() if name.endswith(PACKAGE)]
    assert [one["version"] for one in found] == [wanted["dependencies"][PACKAGE]]
    assert not any(name.endswith(TWIN) for name in locked)


def test_b30_nothing_of_ours_names_the_other_one() -> None:
    sources = [*CHECKOUT.glob("web/**/*.js"), *CHECKOUT.glob("web/**/*.mjs")]
    assert sources
    assert [path.name for path in sources if TWIN in path.read_text()] == []
