"""`scv serve`: the server for real orgs."""

from server.cli.demo import NOT_BUILT
from server.cli.failures import RefusedError
from server.cli.options import ConfigFile, DataDir, Host, Port


def serve(
    *,
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    config_file: ConfigFile = None,
) -> None:
    """Start the server for the orgs that the config file names as [[tenants]].

    Every setting is also an environment variable, such as SCV_ALLOWED_HOST_ORIGINS.
    """
    from server.api.pages import find_web_dir
    from server.cli.listen import bound_socket, run_server
    from server.logs import configure_logs
    from server.settings import load_settings

    settings = load_settings(
        demo=False, port=port, host=host, data_dir=data_dir, config_file=config_file
    )
    if not settings.tenants:
        raise RefusedError(
            "no tenant: expected at least one [[tenants]] table in the file of SCV_CONFIG_FILE"
        )
    if find_web_dir(settings.web_dir) is None:
        raise RefusedError(NOT_BUILT)
    if settings.pbx is not None:
        from server.app.switches import pbx_factory

        pbx_factory(settings.pbx)
    sockets = [bound_socket(settings.host, settings.port)]
    configure_logs(settings.log_level)
    from server.app import create_app

    run_server(create_app(settings), settings, sockets)
