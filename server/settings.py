"""Settings: environment variables `SCV_…`, a TOML file, and what the command line says.

The command line wins over the environment, the environment over the file. This is the only module
that reads the environment.
"""

import json
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, cast
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PREFIX = "SCV_"

_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SettingsError(Exception):
    """A setting is wrong; the text names the setting, its value and what was expected."""


def origin_of(url: str) -> str:
    """Return the origin of an address: scheme, host and, unless it is the usual one, port.

    Args:
        url: An absolute `http` or `https` address.

    Raises:
        ValueError: When it is not one.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("expected an address such as https://voice.example.com")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def _exact_origin(value: str) -> str:
    expected = "expected an exact origin such as https://acme.lightning.force.com, with no path"
    try:
        origin = origin_of(value)
    except ValueError:
        raise ValueError(expected) from None
    if value.lower().removesuffix("/") != origin or "*" in value:
        raise ValueError(expected)
    return origin


def _comma_separated(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def _public_address(value: str) -> str:
    origin = origin_of(value)
    if value.lower().rstrip("/") != origin:
        raise ValueError("expected an address with no path, such as https://voice.example.com")
    return origin


def _recording_host(value: str) -> str:
    name = value.lower()
    least = 2 if name.startswith("*.") else 1
    labels = name.removeprefix("*.").split(".")
    if len(labels) < least or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise ValueError(
            "expected a host name such as recordings.example.com, or *.example.com for subdomains"
        )
    return name


def _existing_file(value: Path) -> Path:
    if not value.is_file():
        raise ValueError("expected the path of an existing file")
    return value


def _scrt_address(value: str) -> str:
    parts = urlsplit(value)
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not (parts.scheme == "https" or here) or not parts.hostname or not plain:
        raise ValueError("expected an address such as https://acme.my.salesforce-scrt.com")
    return value.rstrip("/")


Origin = Annotated[str, AfterValidator(_exact_origin)]
Origins = Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_comma_separated)]
RecordingHost = Annotated[str, AfterValidator(_recording_host)]
RecordingHosts = Annotated[tuple[RecordingHost, ...], NoDecode, BeforeValidator(_comma_separated)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_separated)]
ExistingFile = Annotated[Path, AfterValidator(_existing_file)]


class TenantSettings(BaseModel):
    """One Salesforce org, a `[[tenants]]` table of the TOML file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organization_id: str = Field(pattern=r"^00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?$")
    """The org's id, 15 or 18 characters."""
    name: str = Field(min_length=1)
    """What people call the org, for lists and logs of settings."""
    call_center_api_name: str = Field(pattern=r"^[A-Za-z0-9_]+$")
    """`reqInternalName` of the contact center; the subject of the JWT."""
    scrt_base_url: Annotated[str, AfterValidator(_scrt_address)]
    """Where the org's Telephony Integration REST API is (`scrtUrl` of the contact center)."""
    private_key_file: ExistingFile
    """PEM file made by `scv keys generate`, unique for this org."""
    telephony_provider_name: str = Field(min_length=1)
    """Developer name of the ConversationVendorInfo record."""
    allowed_host_origins: tuple[Origin, ...] = ()
    """Origins of the org's pages that may hold the connector."""


class Settings(BaseSettings):
    """Everything that an operator can choose."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )
    _file: ClassVar[str] = "config_file"

    demo: bool = False
    """Demo mode. Only the command `scv demo` sets it; see `load`."""
    host: str = Field(default="127.0.0.1", min_length=1)
    """Address to listen on."""
    port: int = Field(default=8080, ge=1, le=65535)
    """Port to listen on."""
    data_dir: Path = Path("data")
    """Folder for the SQLite file and, in demo mode, the demo tenant's key."""
    database_url: str | None = Field(default=None, pattern=r"^sqlite:///.+")
    """SQLAlchemy address of the database; by default a SQLite file in `data_dir`."""
    event_bus_url: Literal["memory://"] = "memory://"
    """Where wake-ups between the parts of the server travel."""
    allowed_host_origins: Origins = ()
    """Origins of the pages that may hold the connector, exact values, comma-separated."""
    public_url: Annotated[str, AfterValidator(_public_address)] | None = None
    """Address of this server as browsers see it; needed behind a proxy."""
    trusted_proxies: Words = ()
    """Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    recording_hosts: RecordingHosts = ()
    """Hosts of recordings kept elsewhere whose addresses agents get; `*.` means subdomains."""
    tls_certificate_file: ExistingFile | None = None
    """PEM certificate chain, when this server itself speaks TLS."""
    tls_key_file: ExistingFile | None = None
    """PEM key of that certificate."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least important log lines that are written."""
    no_answer_seconds: float = Field(default=20, gt=0, le=600)
    """How long a call rings at an agent before it counts as missed."""
    pbx: str | None = Field(default=None, pattern=r"^\w+(\.\w+)*:\w+$")
    """Adapter of the switch, as `module:factory`; without one the simulated switch."""
    config_file: ExistingFile | None = None
    """TOML file with any of these settings and the `[[tenants]]`."""
    web_dir: Path | None = None
    """Folder of the built web assets; by default the wheel's or the checkout's own."""
    tenants: tuple[TenantSettings, ...] = ()
    """The orgs that this server works for."""

    @model_validator(mode="after")
    def _check_pairs(self) -> "Settings":
        if (self.tls_certificate_file is None) != (self.tls_key_file is None):
            raise ValueError(
                "tls_certificate_file and tls_key_file: expected both of them or neither"
            )
        if self.demo and self.pbx is not None:
            raise ValueError("pbx: expected none, as the demo has the simulated switch")
        organizations = [tenant.organization_id[:15] for tenant in self.tenants]
        if len(set(organizations)) != len(organizations):
            raise ValueError("tenants: expected every organization_id only once")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the command line, then the environment, then the TOML file that they name."""
        del dotenv_settings, file_secret_settings
        named = init_settings().get(cls._file) or env_settings().get(cls._file)
        if named is None:
            return init_settings, env_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(named))

    @property
    def store_url(self) -> str:
        """Address of the database, the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'scv.sqlite3').absolute()}"

    @property
    def host_origins(self) -> tuple[str, ...]:
        """Every origin that may hold the connector, those of the tenants too, sorted."""
        ours = set(self.allowed_host_origins)
        ours.update(origin for tenant in self.tenants for origin in tenant.allowed_host_origins)
        return tuple(sorted(ours))

    @property
    def speaks_tls(self) -> bool:
        """Whether browsers reach this server by TLS."""
        by_proxy = self.public_url is not None and self.public_url.startswith("https:")
        return by_proxy or self.tls_certificate_file is not None

    @property
    def listens_on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def load_settings(*, demo: bool, **chosen: object) -> Settings:
    """Read the settings.

    Args:
        demo: Demo mode. Neither the environment nor the file can switch it on.
        chosen: What the command line says; `None` means that it says nothing.

    Raises:
        SettingsError: Names every wrong setting, its value and what was expected.
    """
    given = {name: value for name, value in chosen.items() if value is not None}
    try:
        return Settings(demo=demo, **cast("dict[str, Any]", given))
    except ValidationError as error:
        lines = [_line(given, detail) for detail in error.errors(include_url=False)]
        raise SettingsError("\n".join(lines)) from None
    except (ValueError, OSError) as error:
        raise SettingsError(f"{PREFIX}CONFIG_FILE: {error}") from None


def _line(given: dict[str, object], detail: ErrorDetails) -> str:
    path = [str(part) for part in detail["loc"]]
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not path:
        return message
    head = path[0]
    if head in given:
        name = "--" + head.replace("_", "-")
    elif len(path) > 1 and head == "tenants":
        name = ".".join(path)
    else:
        name = PREFIX + head.upper()
    if detail["type"] == "missing":
        return f"{name} is missing"
    if detail["type"] == "extra_forbidden":
        return f"{'.'.join(path)}: there is no such setting"
    value = re.sub(r"://[^@/]*@", "://***@", str(detail["input"]))
    return f"{name}={value}: {message[:1].lower()}{message[1:]}"
