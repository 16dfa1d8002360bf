"""The product's version, as it was installed."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def product_version() -> str:
    """Return the version of the installed package, or of the checkout when it is not installed."""
    try:
        return version("scv-connector-py")
    except PackageNotFoundError:
        project = Path(__file__).parents[2] / "pyproject.toml"
        return str(tomllib.loads(project.read_text())["project"]["version"])
