"""`scv settings`: what an org's administrators choose for all its agents."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from server.cli.administer import administer
from server.cli.options import ConfigFile, DataDir, Tenant


def show(*, tenant: Tenant, data_dir: DataDir = None, config_file: ConfigFile = None) -> None:
    """Show an org's settings as JSON: capabilities, transfer destinations, call controls."""
    found = administer(
        "settings show", {"tenant": tenant}, data_dir=data_dir, config_file=config_file
    )
    print(json.dumps(found, indent=2, ensure_ascii=False))


def set_settings(
    file: Annotated[Path, Parameter(help="A JSON file with some of what 'show' prints.")],
    *,
    tenant: Tenant,
    data_dir: DataDir = None,
    config_file: ConfigFile = None,
) -> None:
    """Change some of an org's settings; what the file leaves out stays.

    Agents get other capabilities when they load their Salesforce page again.
    """
    from server.app.contact_files import parse_json, read_text

    text = read_text(file)
    parse_json(file, text)
    arguments = {"tenant": tenant, "settings": text}
    administer("settings set", arguments, data_dir=data_dir, config_file=config_file)
    print("changed")
