"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

DataDir = Annotated[
    Path | None,
    Parameter(help="Folder of the database. Otherwise SCV_DATA_DIR, or 'data'."),
]
ConfigFile = Annotated[
    Path | None,
    Parameter(help="TOML file with settings and [[tenants]]. Otherwise SCV_CONFIG_FILE."),
]
Host = Annotated[
    str | None, Parameter(help="Address to listen on. Otherwise SCV_HOST, or 127.0.0.1.")
]
Port = Annotated[int | None, Parameter(help="Port to listen on. Otherwise SCV_PORT, or 8080.")]
Tenant = Annotated[str, Parameter(help="The org's id, 15 or 18 characters.")]
User = Annotated[str, Parameter(help="The agent's Salesforce user name.")]
