"""`scv contacts`: the phone book of an org."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from server.cli.administer import administer
from server.cli.options import ConfigFile, DataDir, Tenant


def import_contacts(
    file: Annotated[Path, Parameter(help="A .csv or .json file; see docs/operating.md.")],
    *,
    tenant: Tenant,
    data_dir: DataDir = None,
    config_file: ConfigFile = None,
) -> None:
    """Add contacts of a file to the phone book; those with a known id are replaced.

    All of the file is imported, or nothing when a line of it is wrong.
    """
    from connector_py.entities import to_wire
    from server.app.contact_files import read_contacts

    contacts = read_contacts(file)
    text = json.dumps(to_wire(contacts), ensure_ascii=False, separators=(",", ":"))
    arguments = {"tenant": tenant, "contacts": text}
    administer("contacts import", arguments, data_dir=data_dir, config_file=config_file)
    print(f"{len(contacts)} contacts imported.")
