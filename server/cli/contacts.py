"""`scv contacts`: the phone book of an org."""

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from server.cli.administer import administer
from server.cli.options import ConfigFile, DataDir, Tenant

_AT_ONCE = 1000


def import_contacts(
    file: Annotated[Path, Parameter(help="A .csv or .json file; see docs/operating.md.")],
    *,
    tenant: Tenant,
    data_dir: DataDir = None,
    config_file: ConfigFile = None,
) -> None:
    """Add contacts of a file to the phone book; those with a known id are replaced.

    The whole file is checked first: when a line is wrong, nothing is imported.
    """
    from connector_py.entities import to_wire
    from server.app.contact_files import read_contacts

    contacts = read_contacts(file)
    for start in range(0, len(contacts), _AT_ONCE):
        part = contacts[start : start + _AT_ONCE]
        arguments = {"tenant": tenant, "contacts": json.dumps(to_wire(part))}
        administer("contacts import", arguments, data_dir=data_dir, config_file=config_file)
        if len(contacts) > _AT_ONCE:
            print(f"{start + len(part)} of {len(contacts)}", file=sys.stderr)
    print(f"{len(contacts)} contacts imported.")
