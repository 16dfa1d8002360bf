"""`scv demo`: everything on this machine, in one process."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from server.cli.failures import RefusedError
from server.cli.options import Host, Port

NOT_BUILT = (
    "the web assets are missing; build them with: make web   (or install the wheel, which has them)"
)
_EVERYWHERE = ("0.0.0.0", "::")


def demo(
    *,
    port: Port = None,
    host: Host = None,
    data_dir: Annotated[Path, Parameter(help="Folder for everything that the demo keeps.")] = Path(
        ".demo"
    ),
) -> None:
    """Start the connector, a simulated switch and a simulated Salesforce.

    Nobody needs a password and everybody who reaches the port is believed: for trying out only.
    """
    from server.api.pages import find_web_dir
    from server.cli.listen import bound_socket, run_server
    from server.logs import configure_logs
    from server.settings import load_settings

    settings = load_settings(demo=True, port=port, host=host, data_dir=data_dir)
    if settings.tls_certificate_file is not None:
        raise RefusedError("the demo speaks plain HTTP; take SCV_TLS_CERTIFICATE_FILE away")
    web_dir = find_web_dir(settings.web_dir)
    if web_dir is None:
        raise RefusedError(NOT_BUILT)
    hosts = [settings.host]
    if not settings.listens_on_loopback and settings.host not in _EVERYWHERE:
        hosts.append("127.0.0.1")  # the simulated Salesforce is called there
    sockets = [bound_socket(name, settings.port) for name in hosts]
    quiet = "log_level" not in settings.model_fields_set
    configure_logs("warning" if quiet else settings.log_level)

    _say(f"==> making what is missing of the demo org in {settings.data_dir}")
    from server.app import create_app

    app = create_app(settings)
    _say("==> starting the connector's server, a simulated switch and a simulated Salesforce")
    address = settings.public_url or f"http://{_shown(settings.host)}:{settings.port}"
    run_server(app, settings, sockets, on_ready=lambda: _say_addresses(address))


def _say_addresses(address: str) -> None:
    _say("==> ready; open these pages (Ctrl+C stops the demo):")
    for user, name in (("ada@demo.example", "Ada Agent"), ("ben@demo.example", "Ben Agent")):
        _say(f"    softphone of {name}:  {address}/softphone.html?user={user}")
    _say(f"    callers and switch:      {address}/remote.html")


def _shown(host: str) -> str:
    if host in _EVERYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _say(line: str) -> None:
    print(line, flush=True)
