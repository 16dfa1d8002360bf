"""Budgets and rules that no linter holds (`docs/architecture.md`)."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 600
PACKAGES = ("connector_py", "server")


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def web_files() -> list[Path]:
    endings = {".js", ".mjs", ".css", ".html"}
    return sorted(path for path in (ROOT / "web").rglob("*") if path.suffix in endings)


def imported_modules(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_there_is_code_to_look_at() -> None:
    assert len(python_files(*PACKAGES)) > 40
    assert len(web_files()) > 10


@pytest.mark.parametrize(
    "path", [*python_files(*PACKAGES, "tests"), *web_files()], ids=lambda path: path.name
)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", python_files("connector_py"), ids=lambda path: path.name)
def test_the_connector_needs_only_the_standard_library(path: Path) -> None:
    allowed = set(sys.stdlib_module_names) | {"connector_py"}
    if "browser" in path.parts:
        allowed |= {"js", "pyodide"}
    assert imported_modules(path) <= allowed


@pytest.mark.parametrize(
    "path", [path for path in web_files() if path.suffix == ".js"], ids=lambda path: path.name
)
def test_a_page_imports_only_its_own_folder_and_shared(path: Path) -> None:
    for name in re.findall(r"from '([^']+)'", path.read_text()):
        target = (path.parent / name).resolve()
        assert name.startswith("."), f"{name}: only relative imports, there is no bundler"
        assert target.parent in (path.parent, ROOT / "web" / "shared"), name


@pytest.mark.parametrize("path", python_files(*PACKAGES), ids=lambda path: path.name)
def test_no_module_keeps_changing_state(path: Path) -> None:
    """No `global`: what changes belongs to an object that `create_app` or the bridge makes."""
    tree = ast.parse(path.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]
