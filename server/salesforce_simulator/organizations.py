"""The orgs that the simulator plays, each with the certificate its contact center holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import Certificate, load_pem_x509_certificate

IDENTITY_LENGTH = 15
"""An org id may come with 15 or 18 characters; the first 15 say which org it is."""

_SMALLEST_KEY_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedOrganization:
    """One org with one contact center.

    Args:
        organization_id: 15 or 18 characters, starting with "00D".
        call_center_api_name: The contact center's internal name.
        certificate: What the contact center holds: PEM text, or the file that has it.
        users: The agents by user name, each with the id that the telephony system gave them when
            users were synced (CallCenterRoutingMap, guide chapter 12).
    """

    organization_id: str
    call_center_api_name: str
    certificate: str | Path
    users: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def identity(self) -> str:
        """The 15 characters that identify the org."""
        return self.organization_id[:IDENTITY_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A simulated org with its certificate read."""

    identity: str
    call_center_api_name: str
    certificate: Certificate
    public_key: RSAPublicKey
    users: Mapping[str, str] = field(default_factory=dict[str, str])


def load_organizations(
    organizations: Sequence[SimulatedOrganization],
) -> Mapping[str, Organization]:
    """Read every certificate; the key of the result is the org's identity.

    Raises:
        ValueError: There is no org, one comes twice, or a certificate is not of an RSA key that
            is long enough.
        OSError: A certificate file cannot be read.
    """
    loaded: dict[str, Organization] = {}
    for organization in organizations:
        if organization.identity in loaded:
            raise ValueError(f"two simulated orgs have the id {organization.identity}")
        loaded[organization.identity] = _load(organization)
    if not loaded:
        raise ValueError("the simulator needs at least one org")
    return loaded


def _load(organization: SimulatedOrganization) -> Organization:
    source = organization.certificate
    pem = source.read_bytes() if isinstance(source, Path) else source.encode()
    certificate = load_pem_x509_certificate(pem)
    public_key = certificate.public_key()
    if not isinstance(public_key, RSAPublicKey) or public_key.key_size < _SMALLEST_KEY_BITS:
        raise ValueError(
            f"the certificate of {organization.identity} needs an RSA key "
            f"of at least {_SMALLEST_KEY_BITS} bits"
        )
    return Organization(
        identity=organization.identity,
        call_center_api_name=organization.call_center_api_name,
        certificate=certificate,
        public_key=public_key,
        users=dict(organization.users),
    )
